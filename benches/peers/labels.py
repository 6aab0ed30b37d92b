"""Labelled passages, and how well the passages that a program reports meet them.

The measure is that of Potthast, Stein, Barrón-Cedeño and Rosso (2010), "An evaluation framework for plagiarism detection":
precision and recall of characters on both sides, each a mean over passages (macro), granularity (how many reports a found case is
split into), and plagdet = F1 / log2(1 + granularity). A report counts for a case only where it meets it on both sides.
Offsets are characters. Only pairs of texts that are listed can be scored: elsewhere true reuse stands that nobody has labelled.
"""
import csv
import math
import os
from collections import Counter, defaultdict
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` to `end` of the text `name`."""

    name: str
    start: int
    end: int


class Match(NamedTuple):
    """One passage on both of its sides."""

    left: Span
    right: Span

    @property
    def texts(self):
        return self.left.name, self.right.name

    @property
    def size(self):
        return sum(side.end - side.start for side in self)


class Score(NamedTuple):
    """Figures of one kind of labelled pairs; `reports` is how many passages were reported on them."""

    precision: float
    recall: float
    granularity: float
    plagdet: float
    reports: int


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def side(row, name, start, length):
    return Span(row[name], int(row[start]), int(row[start]) + int(row[length]))


class Labels:
    """The listed pairs with their kinds, and the cases of each kind."""

    def __init__(self, folder):
        self.kind = {(r["susp"], r["src"]): r["kind"] for r in rows(os.path.join(folder, "pairs.tsv"))}
        self.partners = defaultdict(set)
        for susp, src in self.kind:
            self.partners[susp].add(src)
        self.cases = defaultdict(list)
        for r in rows(os.path.join(folder, "cases.tsv")):
            case = Match(side(r, "susp", "start", "length"), side(r, "src", "src_start", "src_length"))
            self.cases[r["kind"]].append(case)
        self.kinds = sorted(set(self.kind.values()))

    def listed(self, matches):
        """Of `matches` those on listed pairs, turned so that they read like the labels, by kind, each once."""
        found = defaultdict(set)
        for match in matches:
            for turned in (match, Match(match.right, match.left)):
                kind = self.kind.get(turned.texts)
                if kind:
                    found[kind].add(turned)
        return found

    def score(self, matches):
        """A Score for each kind."""
        found = self.listed(matches)
        return {kind: plagdet(self.cases[kind], found[kind]) for kind in self.kinds}

    def marked(self, marks):
        """For marks without a partner (name to spans): by kind, the mean share of a case that is marked, (read later, both sides)."""
        return {kind: shares(self.cases[kind], marks) for kind in self.kinds if self.cases[kind]}


def meet(one, other):
    """Whether two passages have characters in common on both sides."""
    return all(a.start < b.end and b.start < a.end for a, b in zip(one, other))


def covered(span, others):
    """How many characters of `span` the `others`, spans of the same text, cover together."""
    total, reach = 0, span.start
    for other in sorted(others, key=lambda o: o.start):
        start, end = max(other.start, reach), min(other.end, span.end)
        total += max(0, end - start)
        reach = max(reach, end)
    return total


def share(match, others):
    """Share of the characters of a passage, both sides together, that those of `others` cover which meet it."""
    near = [o for o in others if meet(match, o)]
    return sum(covered(a, [o[i] for o in near]) for i, a in enumerate(match)) / max(1, match.size)


def by_texts(matches):
    groups = defaultdict(list)
    for match in matches:
        groups[match.texts].append(match)
    return groups


def mean(values, empty):
    values = list(values)
    return sum(values) / len(values) if values else empty


def plagdet(cases, reports):
    labelled, reported = by_texts(cases), by_texts(reports)
    recall = mean((share(c, reported[c.texts]) for c in cases), 0.0)
    precision = mean((share(r, labelled[r.texts]) for r in reports), 0.0)
    parts = Counter({c: sum(meet(c, r) for r in reported[c.texts]) for c in cases})
    granularity = mean((n for n in parts.values() if n), 1.0)
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return Score(precision, recall, granularity, f1 / math.log2(1 + granularity), len(reports))


def shares(cases, marks):
    """Mean share of the characters of the side whose text is read later, and of both sides."""
    later = mean((marked_share([max(c)], marks) for c in cases), 0.0)
    return later, mean((marked_share(c, marks) for c in cases), 0.0)


def marked_share(spans, marks):
    size = sum(s.end - s.start for s in spans)
    return sum(covered(s, marks.get(s.name, ())) for s in spans) / max(1, size)
