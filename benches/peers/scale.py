#!/usr/bin/env python3
"""Time `vidimus duplicates` in bounded memory on corpora of given sizes, with one thread and with two.

  scale.py --data DIR [--megabytes 30,1000] [--memory 1G] [--every 1] [--bin target/release/vidimus] [--runs 1] [-- OPTION ...]
  scale.py --data DIR --megabytes 500,5000 --memory 2G --shard [--frame 8] ...

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
that of the smallest, and how many times faster two threads are. Corpora are kept in --work for the next run. Options after `--` go
to vidimus.

With --shard a corpus is one shard of JSONL, a record a text, packed by the program `zstd` into one frame; with --frame N into one for
each N megabytes of text. Sizes are those of the texts, before they are packed.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from array import array

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
    ap.add_argument("--shard", action="store_true", help="one shard of records in place of files")
    ap.add_argument("--frame", type=int, default=0, help="megabytes of text for each frame of the shard; 0 for one frame")
    ap.add_argument("--every", type=int, default=1, help="replace one kind of word in so many")
    ap.add_argument("--bin", default="target/release/vidimus")
    ap.add_argument("--runs", type=int, default=1)
    ap.add_argument("--work", default=os.path.join(temp, "vidimus-scale"))
    ap.add_argument("options", nargs="*", help="for vidimus, after --")
    return ap.parse_args()


# Words, and what stands between them, in turn.
TOKENS = re.compile(f"({WORD.pattern})")


class Originals:
    """The texts of a folder as numbers of words and of what stands between them."""

    def __init__(self, folder):
        known = {}
        self.texts = []
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace", newline="") as file:
                tokens = TOKENS.split(file.read())
            self.texts.append((name, array("I", [known.setdefault(token, len(known)) for token in tokens])))
        self.tokens = list(known)

    def copy(self, index, every):
        """(name, text) of each text; in copies behind the first, words are replaced."""
        said = self.tokens
        if index:
            said = [replacement(token, index, every) if WORD.fullmatch(token) else token for token in said]
        for name, numbers in self.texts:
            yield name, "".join(map(said.__getitem__, numbers))


def replacement(word, index, every):
    """What stands for a word in a copy."""
    kind = word.lower()
    if every > 1 and number(index, kind) % every:
        return word
    return dressed(invented(f"{index} {kind}", len(word)), word)


def copies(source, size, every):
    """(number of the copy, name, bytes) of texts, until there are `size` bytes."""
    total, index, originals = 0, 0, Originals(source)
    while total < size:
        for name, text in originals.copy(index, every):
            data = text.encode("utf-8")
            total += len(data)
            yield index, name, data
            if total >= size:
                break
        index += 1


def fill(folder, source, size, every):
    """Writes copies as files, and gives how many bytes they have."""
    total = 0
    for index, name, data in copies(source, size, every):
        place = os.path.join(folder, f"{index:03d}")
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, name), "wb") as file:
            file.write(data)
        total += len(data)
    return total


class Frames:
    """A file that `zstd` writes, frame by frame."""

    def __init__(self, path, size):
        self.file, self.size, self.left, self.packer = open(path, "wb"), size, size, None

    def write(self, line, length):
        if self.packer is None:
            self.packer, self.left = subprocess.Popen(["zstd", "-q", "-c"], stdin=subprocess.PIPE, stdout=self.file), self.size
        self.packer.stdin.write(line)
        self.left -= length
        if self.size and self.left <= 0:
            self.end()

    def end(self):
        if self.packer:
            self.packer.stdin.close()
            assert self.packer.wait() == 0, "zstd failed"
        self.packer = None


def pack(path, source, size, every, frame):
    """Writes copies as records of one shard, and gives how many bytes of text they have."""
    total, frames = 0, Frames(path, frame * MB)
    for index, name, data in copies(source, size, every):
        record = {"id": f"{index:03d}/{name}", "text": data.decode("utf-8")}
        frames.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n", len(data))
        total += len(data)
    frames.end()
    return total


def corpus(given, megabytes):
    """(folder or shard, bytes) of a corpus that is made once."""
    name = f"{megabytes}-{given.every}" + (f"-{given.frame}.jsonl.zst" if given.shard else "")
    folder = os.path.join(given.work, name)
    mark = f"{folder}.size"
    if not os.path.exists(mark):
        print(f"making {megabytes} MB", file=sys.stderr, flush=True)
        if given.shard:
            total = pack(folder, given.data, megabytes * MB, given.every, given.frame)
        else:
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
