#!/usr/bin/env python3
"""Time `vidimus check` and `verify` on shards of records against the same texts as files, in turn, and print medians and peaks of memory.

  cargo build --release && python3 benches/records.py [--runs 3] [--megabytes 20] [--records 1000000]

Makes its texts once: so many MB of 5 kB each, by a chain of words over the texts of `corpus/` (as benches/check.py does), once as
files, once as plain JSONL, once as Zstandard (by the program `zstd`). `--threads 2`; the rules that compare are left out, once on both
sides and once, as a row of its own, not. Then memory: one shard of short records and one of ten times as many.
"""
import argparse, glob, hashlib, json, os, random, resource, shutil, statistics, subprocess, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--runs", type=int, default=3)
ap.add_argument("--folder", default="/tmp/vidimus-bench-records")
ap.add_argument("--bin", default="target/release/vidimus")
ap.add_argument("--megabytes", type=int, default=20)
ap.add_argument("--records", type=int, default=1_000_000)
A = ap.parse_args()
A.bin = os.path.abspath(A.bin)
HERE = os.path.dirname(os.path.abspath(__file__))
ACROSS = "duplicate,truncation/longer-copy,truncation/mid-sentence"
# Asked of files alone, so that both sides do the same.
FILES_ONLY = ",consistency/name-variant-across,date/cluster-outlier,date/stamp-conflict,encoding/missing-final-newline,layout/stray-template,provenance/circular-derivation,provenance/divergent-url,provenance/shared-url,truncation/length-spike"


def texts(megabytes, size=5_000):
    """Texts that read like English, and in which hardly a passage stands twice."""
    chance, follows = random.Random(7), {}
    for path in sorted(glob.glob(os.path.join(HERE, "..", "corpus", "**", "*.txt"), recursive=True)):
        words = open(path, encoding="utf-8", errors="replace").read().split()
        for a, b in zip(words, words[1:]):
            follows.setdefault(a, []).append(b)
    starts = sorted(word for word in follows if word[0].isupper() and word.isalpha())
    for number in range(megabytes * 1_000_000 // size):
        lines, length, word = [f"The weir of {number}"], 0, chance.choice(starts)
        while length < size:
            words = [word]
            while len(words) < 120 and not (len(words) > 50 and words[-1].endswith(".")):
                word = chance.choice(follows.get(words[-1], starts))
                words.append(word if chance.random() < 0.7 or not word.isalpha() else "".join(chance.choices("abdeilmnorstu", k=6)))
            lines.append(" ".join(words).rstrip(",;:.") + ".")
            length += len(lines[-1])
            word = chance.choice(starts)
        yield "\n\n".join(lines) + "\n"


def put(path, data):
    with open(path, "wb") as out:
        out.write(data)
    return hashlib.sha256(data).hexdigest()


def manifest(folder, body):
    with open(os.path.join(folder, "manifest.yaml"), "w") as out:
        out.write("vidimus: 1\ncorpus: {include: [], license: CC0-1.0, language: en}\n" + body)


def shard(name, lines):
    folder = os.path.join(A.folder, name)
    os.makedirs(folder)
    path = os.path.join(folder, "a.jsonl")
    digest = hashlib.sha256()
    with open(path, "wb") as out:
        for line in lines:
            digest.update(line)
            out.write(line)
    return folder, path, digest.hexdigest()


def item(path, digest):
    return f"entries_from: [{{path: {path}, sha256: {digest}, records: {{text: text, id: id}}}}]\n"


def make():
    files, lines, entries, size = os.path.join(A.folder, "files"), [], [], 0
    os.makedirs(files)
    for number, text in enumerate(texts(A.megabytes)):
        digest = put(os.path.join(files, f"{number}.txt"), text.encode())
        entries.append(f"  - {{path: {number}.txt, id: t{number}, sha256: {digest}, origin: {{kind: local, reason: made}}}}\n")
        lines.append((json.dumps({"id": f"t{number}", "text": text}) + "\n").encode())
        size += len(text.encode())
    manifest(files, "entries:\n" + "".join(entries))
    plain, path, digest = shard("plain", lines)
    manifest(plain, item("a.jsonl", digest))
    packed = os.path.join(A.folder, "packed")
    os.makedirs(packed)
    subprocess.run(["zstd", "-q", path, "-o", os.path.join(packed, "a.jsonl.zst")], check=True)
    digest = hashlib.sha256(open(os.path.join(packed, "a.jsonl.zst"), "rb").read()).hexdigest()
    manifest(packed, item("a.jsonl.zst", digest))
    return files, plain, packed, size


def run(folder, *args):
    """Seconds, and the most memory in MB."""
    begun = time.perf_counter()
    process = subprocess.Popen([A.bin, *args, "--quiet", "--format", "json", "--threads", "2"], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1), (folder, args)
    return time.perf_counter() - begun, used.ru_maxrss / 1024


shutil.rmtree(A.folder, ignore_errors=True)
files, plain, packed, size = make()
print(f"{size / 1e6:.1f} MB of text, {A.runs} runs, medians")
for title, args in [
    ("verify", ["verify"]),
    ("check, nothing compared", ["check", "--today", "2026-01-01", "--ignore", ACROSS + FILES_ONLY]),
    ("check", ["check", "--today", "2026-01-01"]),
]:
    of = {name: [] for name in ("files", "JSONL", "JSONL.zst")}
    for _ in range(A.runs):
        for (name, runs), folder in zip(of.items(), (files, plain, packed)):
            runs.append(run(folder, *args))
    base = statistics.median(seconds for seconds, _ in of["files"])
    for name, runs in of.items():
        seconds, peak = statistics.median(one[0] for one in runs), max(one[1] for one in runs)
        print(f"{title:26} {name:10} {seconds:8.2f} s {size / 1e6 / seconds:8.1f} MB/s  {seconds / base:5.2f} of files  {peak:6.0f} MB")
for count in (A.records // 10, A.records):
    short = (f'{{"id": "r{n}", "text": "The lamp of {n} was lit.\\n"}}\n'.encode() for n in range(count))
    folder, _, digest = shard(f"short{count}", short)
    manifest(folder, item("a.jsonl", digest))
    for title, args in [("verify", ["verify"]), ("check, nothing compared", ["check", "--ignore", ACROSS]), ("check", ["check"])]:
        seconds, peak = run(folder, *args)
        print(f"{count:9} records {title:26} {seconds:8.1f} s  {peak:6.0f} MB")
