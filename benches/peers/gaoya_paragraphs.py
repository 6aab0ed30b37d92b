#!/usr/bin/env python3
"""Pairs of similar paragraphs by gaoya (MinHashStringIndex, its own word splitter, all cores): gaoya_paragraphs.py FOLDER"""
import sys

from gaoya.minhash import MinHashStringIndex

import paragraphs as p


def pairs(lines):
    index = MinHashStringIndex(32, p.JACCARD, p.BANDS, p.ROWS, None, "word", True, (p.RUN, p.RUN), "vec")
    index.par_bulk_insert_docs(list(range(len(lines))), lines)
    for a, found in enumerate(index.par_bulk_query(lines)):
        yield from ((a, b) for b in found if a < b)


def main():
    rows = list(p.paragraphs(sys.argv[1]))
    p.report([r[:3] for r in rows], pairs([r[3] for r in rows]))


main()
