#!/usr/bin/env python3
"""Time `vidimus verify` against `sha256sum -c` on the same files, in turn, warm, and print medians and ratios.

  cargo build --release && python3 benches/verify.py [--runs 11] [--folder /tmp/vidimus-bench] [--bin target/release/vidimus]

Makes its files once: ten of 100 MB, 20,000 and 1,000 of 5 kB. Standard library only. Needs /usr/bin/env, sha256sum, Linux or macOS.
"""
import argparse, hashlib, os, random, resource, statistics, subprocess, sys, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--runs", type=int, default=11)
ap.add_argument("--folder", default="/tmp/vidimus-bench")
ap.add_argument("--bin", default="target/release/vidimus")
A = ap.parse_args()
A.bin = os.path.abspath(A.bin)
WORDS = "the mill at ford stood for ninety years and then in one week it was pulled down by those who had built".split()


def prose(size, chance):
    out = []
    while sum(map(len, out)) < size:
        out.append(" ".join(chance.choices(WORDS, k=60)).capitalize() + ".\n\n")
    return "".join(out)[: size - 1] + "\n"


def make(name, count, size):
    """A folder of texts with a manifest by `init` and a checksum list."""
    root = os.path.join(A.folder, name)
    if os.path.exists(os.path.join(root, "SHA256SUMS")):
        return root
    chance = random.Random(count)
    block = prose(min(size, 1_000_000), chance)
    for index in range(count):
        folder = os.path.join(root, "texts", f"{index // 1000:03d}")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"{index:06d}.txt"), "w") as f:
            head = f"Text {index}\n\n"
            body = block if size > 1_000_000 else prose(size, chance)
            f.write((head + body * (size // len(body) + 1))[:size])
    subprocess.run([A.bin, "init", "--quiet", "--root", root], check=True)
    lines = subprocess.run("find texts -type f | sort | xargs sha256sum", shell=True, cwd=root, capture_output=True, check=True)
    with open(os.path.join(root, "SHA256SUMS"), "wb") as f:
        f.write(lines.stdout)
    return root


def make_manifest(count):
    """A manifest of so many entries of eleven lines, of which only the first has its text."""
    root = os.path.join(A.folder, f"manifest-{count}")
    os.makedirs(os.path.join(root, "texts"), exist_ok=True)
    with open(os.path.join(root, "texts", "0.txt"), "w") as f:
        f.write("0")
    with open(os.path.join(root, "manifest.yaml"), "w") as f:
        f.write("vidimus: 1\ncorpus:\n  include: [\"texts/*.txt\"]\nentries:\n")
        for index in range(count):
            digest = hashlib.sha256(str(index).encode()).hexdigest()
            f.write(f"  - id: text-{index}\n    path: texts/{index}.txt\n    sha256: \"{digest}\"\n    bytes: 1\n")
            f.write(f"    title: Text {index}\n    language: en\n    published_at: 2016-08-11\n    license: CC0-1.0\n")
            f.write(f"    source:\n      url: https://example.org/a/{index}\n      retrieved_at: 2025-03-13\n")
    return root


def timed(command, cwd):
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak(command, cwd):
    child = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return usage.ru_maxrss / 1024


def compare(name, count, size):
    root = make(name, count, size)
    ours, theirs = [A.bin, "verify", "--quiet"], ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    timed(ours, root), timed(theirs, root)
    rounds = [(timed(ours, root), timed(theirs, root)) for _ in range(A.runs)]
    wall = statistics.median(a[0] for a, _ in rounds)
    other = statistics.median(b[0] for _, b in rounds)
    ratio = statistics.median(a[0] / b[0] for a, b in rounds)
    cpu = statistics.median(a[1] / b[1] for a, b in rounds)
    print(f"{name:12s} {count:6d} x {size:9d} B  vidimus {wall:.3f} s  sha256sum {other:.3f} s  ratio {ratio:.2f} (CPU {cpu:.2f})  peak {peak(ours, root):.0f} MB")
    sys.stdout.flush()
    return wall / (count * size)


compare("large", 10, 100_000_000)
many = compare("many", 20_000, 5_000)
few = compare("few", 1_000, 5_000)
print(f"time per byte, 20,000 files to 1,000: {many / few:.2f}")
root = make_manifest(10_000)
command = [A.bin, "verify", "--quiet", "texts/0.txt"]
timed(command, root)
print(f"10,000 entries read, one text verified: {statistics.median(timed(command, root)[0] for _ in range(A.runs)):.3f} s")
