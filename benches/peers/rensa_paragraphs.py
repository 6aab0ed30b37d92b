#!/usr/bin/env python3
"""Pairs of similar paragraphs by rensa (R-MinHash and its LSH index): rensa_paragraphs.py FOLDER"""
import sys

from rensa import RMinHash, RMinHashLSH

import paragraphs as p


def pairs(sketches):
    index = RMinHashLSH(threshold=p.JACCARD, num_perm=p.PERMUTATIONS, num_bands=p.BANDS)
    index.insert_many(sketches)
    for a, found in enumerate(index.query_all(sketches)):
        for b in found:
            if a < b and sketches[a].jaccard(sketches[b]) >= p.JACCARD:
                yield a, b


def main():
    rows = list(p.paragraphs(sys.argv[1]))
    sketches = RMinHash.from_token_sets((p.runs(r[3]) for r in rows), num_perm=p.PERMUTATIONS, seed=1)
    p.report([r[:3] for r in rows], pairs(sketches))


main()
