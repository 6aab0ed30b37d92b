#!/usr/bin/env python3
"""Pairs of similar paragraphs by datasketch (MinHash and MinHashLSH): datasketch_paragraphs.py FOLDER"""
import sys

from datasketch import MinHash, MinHashLSH

import paragraphs as p


def sketches(rows):
    tokens = ([run.encode() for run in p.runs(r[3])] for r in rows)
    return MinHash.generator(tokens, num_perm=p.PERMUTATIONS, seed=1)


def pairs(rows):
    """Each paragraph is looked up before it is added, so that a pair is met once."""
    index, seen = MinHashLSH(num_perm=p.PERMUTATIONS, params=(p.BANDS, p.ROWS)), []
    for b, sketch in enumerate(sketches(rows)):
        for a in index.query(sketch):
            if seen[a].jaccard(sketch) >= p.JACCARD:
                yield a, b
        index.insert(b, sketch, check_duplication=False)
        seen.append(sketch)


def main():
    rows = list(p.paragraphs(sys.argv[1]))
    p.report([r[:3] for r in rows], pairs(rows))


main()
