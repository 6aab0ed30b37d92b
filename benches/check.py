#!/usr/bin/env python3
"""Time the text checks of `vidimus check` on English prose, against `typos` and jusText on the same bytes, and print medians.

  cargo build --release && pip install typos justext lxml_html_clean && python3 benches/check.py [--runs 5] [--python python3]

Makes its texts once: a thousand of 50 kB and one of 50 MB, by a chain of words over the texts of `corpus/`, so that they read
like English and hardly a passage stands twice. One thread each. A peer that is not installed is left out, and that is said.
The rows "no comparison" are those of all rules but the rules that compare passages, whose speed is told in a section of its own.
"""
import argparse, glob, json, os, random, resource, shutil, statistics, subprocess, sys, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--runs", type=int, default=5)
ap.add_argument("--folder", default="/tmp/vidimus-bench-check")
ap.add_argument("--bin", default="target/release/vidimus")
ap.add_argument("--typos", default="typos")
ap.add_argument("--python", default=sys.executable, help="a Python that can import justext")
ap.add_argument("--megabytes", type=int, default=50)
A = ap.parse_args()
A.bin = os.path.abspath(A.bin)
HERE = os.path.dirname(os.path.abspath(__file__))
SYLLABLES = "ba cor del fen gar hol im jas kel lor mon nor pel quin ros sal tam ul ver wen".split()


def chain():
    """Which words follow a pair of words in the texts of the repository."""
    follows, starts = {}, []
    for path in sorted(glob.glob(os.path.join(HERE, "..", "corpus", "**", "*.txt"), recursive=True)):
        for paragraph in open(path, encoding="utf-8", errors="replace").read().split("\n\n"):
            words = paragraph.split()
            if len(words) < 20 or not words[0][0].isupper():
                continue
            starts.append((words[0], words[1]))
            for a, b, c in zip(words, words[1:], words[2:]):
                follows.setdefault((a, b), []).append(c)
    return follows, starts


def name(chance):
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize()


def paragraph(follows, starts, names, chance):
    state = chance.choice(starts)
    words = list(state)
    while len(words) < 200:
        after = follows.get(state)
        if not after or (len(words) > 60 and words[-1].endswith(".")):
            break
        word = chance.choice(after)
        state = (state[1], word)
        # Names and other words in place of the longer ones break what would be the same run of words again.
        if word[0].isupper() and word.isalpha() and not words[-1].endswith("."):
            word = chance.choice(names)
        elif word.isalpha() and word[0].islower() and len(word) > 3:
            word = chance.choice(longer)
        if word != words[-1]:
            words.append(word)
    if not words[-1].endswith("."):
        words[-1] = words[-1].rstrip(",;:") + "."
    return " ".join(words)


def text(size, follows, starts, chance):
    names = [name(chance) for _ in range(60)]
    out, length = [f"The {name(chance)} of {name(chance)}", f"By {name(chance)} {name(chance)}", f"{chance.randint(1, 28)} May {chance.randint(1950, 2020)}"], 0
    while length < size:
        out.append(paragraph(follows, starts, names, chance))
        length += len(out[-1]) + 2
        if chance.random() < 0.05:
            out.append(f"The {name(chance)}")
    return "\n\n".join(out) + "\n"


def make():
    global longer
    follows, starts = chain()
    longer = sorted({word for pair in follows for word in pair if word.isalpha() and word.islower() and len(word) > 3})
    count = A.megabytes * 20
    many, one = os.path.join(A.folder, "many"), os.path.join(A.folder, "one")
    if not os.path.exists(os.path.join(one, "manifest.yaml")):
        shutil.rmtree(A.folder, ignore_errors=True)
        os.makedirs(many), os.makedirs(one)
        with open(os.path.join(one, "all.txt"), "w") as whole:
            for index in range(count):
                body = text(50_000, follows, starts, random.Random(index))
                open(os.path.join(many, f"{index:05d}.txt"), "w").write(body)
                whole.write(body + "\n")
        for root in (many, one):
            subprocess.run([A.bin, "init", "--quiet", "--root", root], check=True)
    return many, one


def timed(command, **more):
    """User and system seconds, and the peak in bytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    _, status, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


JUSTEXT = """
import glob, html, sys, justext
stop = justext.get_stoplist("English")
for path in sorted(glob.glob(sys.argv[1] + "/*.txt"))[: int(sys.argv[2])]:
    text = open(path).read()
    page = "<html><body>" + "".join("<p>" + html.escape(p) + "</p>" for p in text.split("\\n\\n")) + "</body></html>"
    justext.justext(page, stop)
"""


def size(folder, most=None):
    return sum(os.path.getsize(path) for path in sorted(glob.glob(folder + "/*.txt"))[:most])


def main():
    many, one = make()
    check = lambda root, *more: [A.bin, "check", "-m", os.path.join(root, "manifest.yaml"), "--threads", "1", "--format", "json", *more]
    # The rules that compare passages ask for the search of duplicates, which is measured by itself (benches/peers).
    others = ["--ignore", "duplicate", "--ignore", "truncation/longer-copy", "--ignore", "truncation/mid-sentence"]
    rows = {
        "no comparison, 50 kB each": (check(many, *others), size(many)),
        "no comparison, one text": (check(one, *others), size(one)),
        "all rules, 50 kB each": (check(many), size(many)),
        "all rules, one text": (check(one), size(one)),
        "verify, 50 kB each": ([A.bin, "verify", "-m", os.path.join(many, "manifest.yaml"), "--threads", "1"], size(many)),
    }
    if shutil.which(A.typos):
        rows["typos"] = ([A.typos, "--threads", "1", "--format", "silent", "--isolated", many], size(many))
    else:
        print("typos is not installed: left out")
    if subprocess.run([A.python, "-c", "import justext"], capture_output=True).returncode == 0:
        rows["jusText, 20 texts"] = ([A.python, "-c", JUSTEXT, many, "20"], size(many, 20))
    else:
        print("jusText is not installed: left out")
    seconds, peaks = {row: [] for row in rows}, {}
    for _ in range(A.runs):
        for row, (command, _) in rows.items():
            took, peaks[row] = timed(command)
            seconds[row].append(took)
    # Reading and hashing is no text check: it is told apart.
    base = statistics.median(seconds["verify, 50 kB each"])
    print(f"{'':27}{'MB/s and core':>14}{'ns a byte':>11}{'peak, bytes a byte of text':>28}")
    for row, (_, bytes) in rows.items():
        took = statistics.median(seconds[row])
        peak = f"{peaks[row] / bytes:.1f}" if "one text" in row else f"{peaks[row] / 1e6:.0f} MB"
        print(f"{row:27}{bytes / took / 1e6:14.1f}{took / bytes * 1e9:11.1f}{peak:>28}")
    for rules in "no comparison", "all rules":
        one_, many_ = (statistics.median(seconds[row]) / rows[row][1] for row in (f"{rules}, one text", f"{rules}, 50 kB each"))
        print(f"time per byte, one text to many, {rules}: {one_ / many_:.2f}")
    print(f"reading and hashing alone: {base / size(many) * 1e9:.1f} ns a byte")


main()
