#!/usr/bin/env python3
"""Time `vidimus verify` on bags against `bagit.py --validate --processes 2` on the same bags, in turn, warm, and print medians and ratios.
Then show small bags on which the two differ.

  cargo build --release && pip install bagit && python3 benches/bags.py [--runs 5] [--folder /tmp/vidimus-bags] [--bagit bagit.py]

Makes its bags once, with bagit-python: ten files of 100 MB, 20,000 of 5 kB, with SHA-256. Needs bagit-python 1.9 and Linux or macOS.
"""
import argparse, hashlib, os, random, resource, shutil, statistics, subprocess, sys, tempfile, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--runs", type=int, default=5)
ap.add_argument("--folder", default="/tmp/vidimus-bags")
ap.add_argument("--bin", default="target/release/vidimus")
ap.add_argument("--bagit", default="bagit.py")
A = ap.parse_args()
A.bin = os.path.abspath(A.bin)
WORDS = "the mill at ford stood for ninety years and then in one week it was pulled down by those who had built".split()


def prose(size, chance):
    out, length = [], 0
    while length < size:
        out.append(" ".join(chance.choices(WORDS, k=60)).capitalize() + ".\n\n")
        length += len(out[-1])
    return "".join(out)[: size - 1] + "\n"


def make(name, count, size):
    root = os.path.join(A.folder, name)
    if os.path.exists(os.path.join(root, "tagmanifest-sha256.txt")):
        return root
    shutil.rmtree(root, ignore_errors=True)
    chance = random.Random(count)
    block = prose(min(size, 1_000_000), chance)
    for index in range(count):
        folder = os.path.join(root, f"{index // 1000:03d}")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"{index:06d}.txt"), "w") as f:
            head = f"Text {index}\n\n"
            body = block if size > 1_000_000 else prose(size, chance)
            f.write((head + body * (size // len(body) + 1))[:size])
    subprocess.run([A.bagit, "--quiet", "--sha256", root], check=True)
    return root


def timed(command):
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return usage.ru_maxrss / 1024


def compare(name, count, size):
    root = make(name, count, size)
    ours = [A.bin, "verify", "--quiet", "--as", "bagit", root]
    theirs = [A.bagit, "--validate", "--quiet", "--processes", "2", root]
    timed(ours), timed(theirs)
    rounds = [(timed(ours), timed(theirs)) for _ in range(A.runs)]
    median = lambda of: statistics.median(map(of, rounds))
    print(f"{name:6s} {count:6d} x {size:9d} B  vidimus {median(lambda r: r[0][0]):.3f} s  bagit.py {median(lambda r: r[1][0]):.3f} s"
          f"  ratio {median(lambda r: r[0][0] / r[1][0]):.2f} (CPU {median(lambda r: r[0][1] / r[1][1]):.2f})  peak {peak(ours):.0f} MB")
    sys.stdout.flush()


A_TEXT, B_TEXT = "The ferry leaves the old pier at six.\n", "Four were at the meeting, and one was late.\n"


def sums(root, name, files):
    lines = [f"{hashlib.sha256(open(os.path.join(root, path), 'rb').read()).hexdigest()}  {listed}\n" for path, listed in files]
    write(root, name, "".join(lines))


def write(root, path, text):
    os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
    with open(os.path.join(root, path), "w", newline="") as f:
        f.write(text)


def bag(root, declaration="BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"):
    write(root, "bagit.txt", declaration)
    write(root, "data/a.txt", A_TEXT)
    write(root, "data/b.txt", B_TEXT)
    sums(root, "manifest-sha256.txt", [("data/a.txt", "data/a.txt"), ("data/b.txt", "data/b.txt")])
    write(root, "bag-info.txt", f"Payload-Oxum: {len(A_TEXT) + len(B_TEXT)}.2\n")
    seal(root)


def seal(root):
    names = sorted(n for n in os.listdir(root) if os.path.isfile(os.path.join(root, n)) and not n.startswith("tagmanifest"))
    sums(root, "tagmanifest-sha256.txt", [(n, n) for n in names])


def percent(root):
    bag(root)
    write(root, "data/50% lit.txt", A_TEXT)
    os.remove(os.path.join(root, "bag-info.txt"))
    sums(root, "manifest-sha256.txt", [(f"data/{n}.txt", f"data/{m}.txt") for n, m in [("a", "a"), ("b", "b"), ("50% lit", "50%25 lit")]])
    seal(root)


def space(root):
    bag(root, "BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n")


def cause(root):
    bag(root)
    write(root, "data/b.txt", B_TEXT.replace("\n", "\r\n"))


def windows(root):
    bag(root)
    write(root, "fetch.txt", "https://example.org/a - C:\\Windows\\a.txt\n")
    seal(root)


def pipe(root):
    bag(root)
    os.remove(os.path.join(root, "data/b.txt"))
    os.mkfifo(os.path.join(root, "data/b.txt"))
    os.remove(os.path.join(root, "bag-info.txt"))
    seal(root)


def folder_link(root):
    bag(root)
    os.symlink("/usr/share", os.path.join(root, "data/more"))


def untagged(root):
    bag(root)
    write(root, "notes.txt", "left here by somebody\n")


def exported(root):
    """A bag that vidimus made, in place of the folder of the corpus."""
    with tempfile.TemporaryDirectory() as corpus:
        write(corpus, "texts/a.txt", A_TEXT)
        write(corpus, "texts/b.txt", B_TEXT)
        subprocess.run([A.bin, "init", "--quiet", "--root", corpus], check=True)
        os.rmdir(root)
        subprocess.run([A.bin, "export", "bagit", "--quiet", "-m", os.path.join(corpus, "manifest.yaml"), "-o", root], check=True)


CASES = [
    ("a bag by `vidimus export bagit`, on which both agree", exported),
    ("a `%` in a name, encoded as RFC 8493 says", percent),
    ("white space in bagit.txt, version 1.0", space),
    ("line ends converted in one file", cause),
    ("a path of Windows in fetch.txt", windows),
    ("a named pipe in place of a file", pipe),
    ("a link to a folder in data/", folder_link),
    ("a file beside data/ that no list names", untagged),
]


def outcome(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        return str(done.returncode), lines
    except subprocess.TimeoutExpired:
        return "hangs", []


def differ():
    for what, make_bag in CASES:
        with tempfile.TemporaryDirectory() as root:
            make_bag(root)
            theirs, said = outcome([A.bagit, "--validate", root])
            ours, found = outcome([A.bin, "verify", "--as", "bagit", root, "--format", "concise"])
            rest = lambda lines: (lines[-1].split(" - ")[-1] if lines else "").replace(root, "BAG")
            print(f"{what}\n  bagit.py {theirs}: {rest(said)}\n  vidimus  {ours}: " + "\n              ".join(found[:-1][:2] or found[-1:]))


differ()
compare("large", 10, 100_000_000)
compare("many", 20_000, 5_000)
