"""The texts of a folder, and the ways in which programs point into them: bytes, lines, words. Everything becomes characters."""
import os
import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate

from labels import Span

WORD = re.compile(r"\S+")


class Texts:
    """Reads each text once, as it is: line ends are not translated."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.names = sorted(n for n in os.listdir(folder) if os.path.isfile(os.path.join(folder, n)))
        self.size = sum(os.path.getsize(os.path.join(folder, n)) for n in self.names)

    @cache
    def text(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace", newline="") as file:
            return file.read()

    @cache
    def line_starts(self, name):
        """Where each line starts, and one after the last would."""
        return [0, *accumulate(len(line) + 1 for line in self.text(name).split("\n"))]

    @cache
    def byte_starts(self, name):
        """Where each character starts in the bytes, or None where that is the same number."""
        text = self.text(name)
        return None if text.isascii() else [0, *accumulate(len(c.encode("utf-8")) for c in text)]

    @cache
    def words(self, name):
        """(start, end) of each run of what is not white space."""
        return [m.span() for m in WORD.finditer(self.text(name))]

    def by_bytes(self, name, start, end):
        starts = self.byte_starts(name)
        if starts is None:
            return Span(name, start, end)
        return Span(name, bisect_right(starts, start) - 1, bisect_right(starts, end) - 1)

    def by_lines(self, name, first, last):
        """The whole of lines `first` to `last`, counted from 1."""
        starts = self.line_starts(name)
        return Span(name, starts[first - 1], starts[min(last, len(starts) - 1)] - 1)

    def by_words(self, name, first, last):
        """From the start of word `first` to the end of word `last`, counted from 1."""
        words = self.words(name)
        return Span(name, words[first - 1][0], words[min(last, len(words)) - 1][1])
