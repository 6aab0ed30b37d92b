#!/usr/bin/env python3
"""Time `vidimus init`, `fix` and `diff`: 10,000 texts of 5 kB with three safe fixes each, and one text of 50 MB with scattered edits.

  cargo build --release && python3 benches/custody.py [--runs 3] [--bin target/release/vidimus]

The texts are made of invented words. Peers in the same run: `cp -r` of the same 10,000 texts, and `git diff --no-index` of the same two
versions of the large text. Medians of wall and processor seconds (user and system, of all threads), and peak memory.
"""
import argparse, os, random, resource, shutil, statistics, subprocess, tempfile, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--runs", type=int, default=3)
ap.add_argument("--bin", default="target/release/vidimus")
ap.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "vidimus-bench-custody"))
ap.add_argument("--texts", type=int, default=10_000)
ap.add_argument("--megabytes", type=int, default=50)
A = ap.parse_args()
A.bin = os.path.abspath(A.bin)
SYLLABLES = "ba cor del fen gar hol im jas kel lor mon nor pel quin ros sal tam ul ver wen".split()
SHORT = "the of and a to in was that on with it as for by from at".split()
chance = random.Random(7)
WORDS = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(8000)]


def sentence():
    words = [chance.choice(WORDS if chance.random() < 0.6 else SHORT) for _ in range(chance.randint(10, 20))]
    return " ".join(words).capitalize() + "."


def paragraphs(size):
    made, length = [], 0
    while length < size:
        made.append(" ".join(sentence() for _ in range(chance.randint(3, 6))))
        length += len(made[-1]) + 2
    return made


def dirty():
    """A text with blank lines before it, a line that ends in space, and a label of its page."""
    body = paragraphs(4900)
    body[1] += "  "
    body.insert(len(body) // 2, "Advertisement")
    return f"\n\nThe {chance.choice(WORDS).capitalize()}\n\n" + "\n\n".join(body) + "\n"


def make():
    small, large = os.path.join(A.folder, "small"), os.path.join(A.folder, "large")
    if os.path.exists(os.path.join(A.folder, "complete")):
        return small, large
    shutil.rmtree(A.folder, ignore_errors=True)
    os.makedirs(small), os.makedirs(large)
    for number in range(A.texts):
        with open(os.path.join(small, f"{number:05}.txt"), "w") as file:
            file.write(dirty())
    body = paragraphs(A.megabytes << 20)
    with open(os.path.join(large, "a.txt"), "w") as file:
        file.write("\n\n".join(body) + "\n")
    for at in range(100, len(body), 200):
        words = body[at].split(" ")
        words[len(words) // 2] = chance.choice(WORDS)
        body[at] = " ".join(words)
    for at in range(len(body) - 50, 0, -2000):
        del body[at]
    with open(os.path.join(A.folder, "edited.txt"), "w") as file:
        file.write("\n\n".join(body) + "\n")
    open(os.path.join(A.folder, "complete"), "w").close()
    return small, large


def timed(command, cwd, ok=(0, 1)):
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    code = subprocess.run(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if code.returncode not in ok:
        raise SystemExit(f"{command}: {code.returncode}\n{code.stderr.decode()}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def report(what, runs):
    wall, cpu = (statistics.median(values) for values in zip(*runs))
    print(f"{what:<46}{wall:8.2f} s{cpu:9.2f} s CPU", flush=True)


small, large = make()
work = os.path.join(A.folder, "work")
copies, inits, fixes, again = [], [], [], []
for _ in range(A.runs):
    shutil.rmtree(work, ignore_errors=True)
    copies.append(timed(["cp", "-r", small, work], A.folder))
    inits.append(timed([A.bin, "init"], work))
    fixes.append(timed([A.bin, "fix", "--fail-on", "never"], work))
    again.append(timed([A.bin, "fix", "--fail-on", "never"], work))
print(f"{A.texts} texts of 5 kB")
report("  cp -r", copies)
report("  init, copies included", inits)
report("  fix, three fixes a text, copies included", fixes)
report("  fix once more, nothing to mend", again)
shutil.rmtree(work, ignore_errors=True)
for name in (".vidimus", "manifest.yaml"):
    path = os.path.join(large, name)
    shutil.rmtree(path) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)
subprocess.run([A.bin, "init", "-q"], cwd=large, check=True)
original, edited = os.path.join(large, "a.txt"), os.path.join(A.folder, "edited.txt")
kept = os.path.join(A.folder, "original.txt")
shutil.copy(original, kept)
shutil.copy(edited, original)
diffs, words, git = [], [], []
for _ in range(A.runs):
    diffs.append(timed([A.bin, "diff"], large))
    words.append(timed([A.bin, "diff", "--format", "words"], large))
    git.append(timed(["git", "diff", "--no-index", kept, edited], A.folder))
shutil.copy(kept, original)
print(f"one text of {A.megabytes} MB, a word changed in every 200th paragraph")
report("  diff", diffs)
report("  diff --format words", words)
report("  git diff --no-index", git)
