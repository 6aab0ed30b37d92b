#!/usr/bin/env python3
"""Time `vidimus duplicates --memory 1G` on corpora of given sizes, with one thread and with two.

  scale.py --data DIR [--megabytes 30,1000] [--every 1] [--bin target/release/vidimus] [--runs 1] [-- OPTION ...]

DIR is a folder of texts (pan13/texts). A corpus is made of copies of them until the size is reached. Copy 0 is the texts as they are; in
every other copy words are replaced by invented ones of like length. A word is replaced wherever it stands in its copy, always by the
same word, and in each copy by another. Hence what is repeated inside a copy stays repeated, at any rate. The rate (`--every N`: one kind
of word in N) sets what copies of a text have in common. Measured on 60 texts of pan13, the original with a copy / a copy with a copy:

  N    words equal in place   Jaccard of runs of five words   runs of 12 letters in both
  1         .03 / .03                .00 / .00                       .00 / .00
  2         .44 / .23                .01 / .00                       .09 / .02
  7         .81 / .69                .22 / .09                       .52 / .32

At 1, the default, copies are not duplicates of each other: the density of duplicates is that of the original at every size, and time per
byte should stay the same. At 7 any two copies of a text remain near-duplicates, so that pairs grow with the square of the number of
copies: a test of crowds, not of size.
Printed for each size and number of threads: CPU seconds, also per 30 MB, wall seconds, peak memory; then time per byte of the largest to
that of the smallest, and how many times faster two threads are. Corpora are kept in --work for the
next run (1000 MB take five minutes to make). Options after `--` go to vidimus.
"""
import argparse
import os
import sys
import tempfile

sys.dont_write_bytecode = True

import duplicates
from words import WORD, dressed, invented, number

MB = 1_000_000


def arguments():
    temp = tempfile.gettempdir()
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", required=True, help="a folder of texts")
    ap.add_argument("--megabytes", default="30,1000", help="sizes, with commas")
    ap.add_argument("--threads", default="1,2", help="numbers of threads, with commas")
    ap.add_argument("--memory", default="1G")
    ap.add_argument("--every", type=int, default=1, help="replace one kind of word in so many")
    ap.add_argument("--bin", default="target/release/vidimus")
    ap.add_argument("--runs", type=int, default=1)
    ap.add_argument("--work", default=os.path.join(temp, "vidimus-scale"))
    ap.add_argument("options", nargs="*", help="for vidimus, after --")
    return ap.parse_args()


class Copy:
    """One copy of the corpus: which words it replaces, and by which."""

    def __init__(self, index, every):
        self.index, self.every, self.known = index, every, {}

    def word(self, match):
        word = match[0]
        if word not in self.known:
            self.known[word] = self.replacement(word)
        return self.known[word]

    def replacement(self, word):
        kind = word.lower()
        if number(self.index, kind) % self.every:
            return word
        return dressed(invented(f"{self.index} {kind}", len(word)), word)

    def text(self, text):
        return WORD.sub(self.word, text) if self.index else text


def texts(folder):
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace", newline="") as file:
            yield name, file.read()


def fill(folder, source, size, every):
    """Writes copies until there are `size` bytes."""
    total, index, originals = 0, 0, list(texts(source))
    while total < size:
        copy, place = Copy(index, every), os.path.join(folder, f"{index:03d}")
        os.makedirs(place, exist_ok=True)
        for name, text in originals:
            data = copy.text(text).encode("utf-8")
            with open(os.path.join(place, name), "wb") as file:
                file.write(data)
            total += len(data)
            if total >= size:
                break
        index += 1
    return total


def corpus(given, megabytes):
    """(folder, bytes) of a corpus that is made once."""
    folder = os.path.join(given.work, f"{megabytes}-{given.every}")
    mark = f"{folder}.size"
    if not os.path.exists(mark):
        print(f"making {megabytes} MB", file=sys.stderr, flush=True)
        total = fill(folder, given.data, megabytes * MB, given.every)
        with open(mark, "w", encoding="utf-8") as file:
            file.write(str(total))
    with open(mark, encoding="utf-8") as file:
        return folder, int(file.read())


def timed(given, folder, total, threads):
    """Prints one line and gives the median cost."""
    spent = duplicates.run(given, folder, "--memory", given.memory, "--threads", str(threads))
    per_30 = spent.cpu * 30 * MB / total
    print(
        f"{total / MB:.0f} MB, {threads} thread{'s' * (threads > 1)}: {spent.cpu:.2f} CPU s ({per_30:.2f} per 30 MB), {spent.wall:.2f} s, "
        f"peak {spent.peak:.0f} MB; {duplicates.printed(given)}",
        flush=True,
    )
    return spent


def compare(sizes, totals, costs, threads):
    """Prints how time grows with size, and how it shrinks with threads."""
    small, large = min(sizes), max(sizes)
    for n in threads if small != large else ():
        grown = [costs[size, n].wall / totals[size] for size in (small, large)]
        worked = [costs[size, n].cpu / totals[size] for size in (small, large)]
        print(
            f"time per byte, {large} MB to {small} MB, {n} thread{'s' * (n > 1)}: "
            f"{grown[1] / grown[0]:.2f} by the clock, {worked[1] / worked[0]:.2f} of CPU"
        )
    for size in sizes if len(threads) > 1 else ():
        few, many = (costs[size, n].wall for n in (min(threads), max(threads)))
        print(f"{max(threads)} threads to {min(threads)}, {size} MB: {few / many:.2f} times as fast")


def numbers(text):
    return [int(n) for n in text.split(",")]


def main():
    given = arguments()
    os.makedirs(given.work, exist_ok=True)
    sizes, threads = numbers(given.megabytes), numbers(given.threads)
    totals, costs = {}, {}
    for size in sizes:
        folder, totals[size] = corpus(given, size)
        costs |= {(size, n): timed(given, folder, totals[size], n) for n in threads}
    compare(sizes, totals, costs, threads)


if __name__ == "__main__":
    main()
