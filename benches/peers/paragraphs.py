"""What the MinHash peers are given, and how they print what they find: the same for all of them.

A paragraph is a line of at least eight words. It is compared as the set of its runs of five words in lower case, by signatures of
128 values in 16 bands of 8, and a candidate is reported where its estimated Jaccard similarity is at least 0.7.
"""
import os
import sys

WORDS, RUN = 8, 5
PERMUTATIONS, BANDS, ROWS = 128, 16, 8
JACCARD = 0.7


def paragraphs(folder):
    """(name, start, end, text) of each paragraph, in characters, in order of name."""
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace", newline="") as file:
            text = file.read()
        start = 0
        for line in text.split("\n"):
            if len(line.split()) >= WORDS:
                yield name, start, start + len(line), line
            start += len(line) + 1


def runs(line):
    """The set of runs of five words."""
    words = line.lower().split()
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def report(places, pairs):
    """Prints one pair of paragraphs a line: name, start, end, name, start, end."""
    out = []
    for a, b in pairs:
        out.append("\t".join(map(str, (*places[a], *places[b]))))
    sys.stdout.write("\n".join(out) + "\n" if out else "")
