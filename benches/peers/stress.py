#!/usr/bin/env python3
"""Time `vidimus duplicates` on a corpus that is nearly all boilerplate, and on the same corpus doubled.

  stress.py --download [--bin target/release/vidimus] [--runs 3] [--times 2] [-- OPTION ...]
  stress.py --data DIR ...

The corpus is the licence texts and notices of the Python package licensedcode-data 32.1.0 (37,000 small files, 43 MB, CC-BY-4.0), which
`--download` fetches with pip; or any folder of texts (`--data`). In the doubled corpus each text stands a second time with every 40th
word replaced by an invented one, at least one a text: nothing of it is an exact copy of a file. With `--times N` it stands N times, each
time with other words replaced. Options after `--` go to vidimus.
Printed: CPU seconds, wall seconds, peak memory (medians), what was found, and the ratio of doubled to single. Linear growth would be 2:
every text has one more neighbour in the doubled corpus, while the passages that stand hundreds of times then stand twice as often.
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile
import zipfile

sys.dont_write_bytecode = True

import duplicates
from words import WORD, dressed, invented, number

PACKAGE = "licensedcode-data==32.1.0"
ENDINGS = (".LICENSE", ".RULE")
EVERY = 40


def arguments():
    temp = tempfile.gettempdir()
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", help="a folder of texts, instead of the licence texts")
    ap.add_argument("--download", action="store_true", help="fetch the licence texts with pip if they are not there")
    ap.add_argument("--bin", default="target/release/vidimus")
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--times", type=int, default=2, help="how often each text stands in the larger corpus")
    ap.add_argument("--work", default=os.path.join(temp, "vidimus-stress"))
    ap.add_argument("options", nargs="*", help="for vidimus, after --")
    return ap.parse_args()


def wheel(work, download):
    """The downloaded package."""
    pattern = os.path.join(work, "licensedcode_data-*.whl")
    if not glob.glob(pattern) and download:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", work, PACKAGE]
        subprocess.run(pip, check=True)
    found = glob.glob(pattern)
    return found[0] if found else sys.exit(f"{PACKAGE} is not in {work}: give --download, or --data DIR")


def unpacked(work, download):
    """(name, text) of each licence and each rule, by name; `.txt` is added to the names."""
    with zipfile.ZipFile(wheel(work, download)) as archive:
        for path in sorted(archive.namelist()):
            if path.startswith("licensedcode/data/") and path.endswith(ENDINGS):
                name = path.removeprefix("licensedcode/data/").replace("/", "-") + ".txt"
                yield name, archive.read(path).decode("utf-8", "replace")


def read(folder):
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace", newline="") as file:
                yield name, file.read()


def changed(name, text):
    """The text with every 40th word replaced, from a place on that depends on the name."""
    words = list(WORD.finditer(text))
    if not words:
        return text
    out, end = [], 0
    for index in range(number(name) % min(EVERY, len(words)), len(words), EVERY):
        word = words[index]
        new = invented(f"{name} {index}", len(word[0]))
        out += [text[end : word.start()], dressed(new, word[0])]
        end = word.end()
    return "".join(out) + text[end:]


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def corpora(given):
    """The two folders, each made once for its source."""
    source = os.path.basename(os.path.abspath(given.data)) if given.data else "licences"
    root = os.path.join(given.work, source)
    return corpus(given, root, 1), corpus(given, root, given.times)


def corpus(given, root, times):
    """A folder in which each text stands so many times."""
    folder = os.path.join(root, str(times))
    if not os.path.exists(folder + ".complete"):
        for copy in range(times):
            os.makedirs(os.path.join(folder, str(copy)), exist_ok=True)
        for name, text in read(given.data) if given.data else unpacked(given.work, given.download):
            for copy in range(times):
                write(os.path.join(folder, str(copy)), name, changed(f"{copy} {name}", text) if copy else text)
        write(root, f"{times}.complete", "")
    return folder


def size(folder):
    """(files, bytes)"""
    paths = [os.path.join(root, f) for root, _, files in os.walk(folder) for f in files]
    return len(paths), sum(map(os.path.getsize, paths))


def timed(given, folder):
    """Prints one line and gives the median cost."""
    spent = duplicates.run(given, folder)
    files, total = size(folder)
    print(
        f"each text {os.path.basename(folder)} times: {files:,} files, {total / 1e6:.1f} MB: {spent.cpu:.2f} CPU s, {spent.wall:.2f} s, "
        f"{spent.peak:.0f} MB; {duplicates.printed(given)}",
        flush=True,
    )
    return spent


def main():
    given = arguments()
    os.makedirs(given.work, exist_ok=True)
    single, double = (timed(given, folder) for folder in corpora(given))
    print(
        f"{given.times} times to once: CPU {double.cpu / single.cpu:.2f}, wall {double.wall / single.wall:.2f}, "
        f"peak {double.peak / single.peak:.2f} ({given.runs} runs)"
    )


if __name__ == "__main__":
    main()
