"""Runs `vidimus duplicates` for `stress.py` and `scale.py`: the median cost of some runs, and how much it printed."""
import os
import sys

from cost import Failed, measure, median


def run(given, folder, *limits):
    """The median cost over `given.runs` runs on a folder; ends the script where the program fails."""
    binary = os.path.abspath(given.bin) if os.sep in given.bin else given.bin
    argv = [binary, "duplicates", folder, "--format", "jsonl", *limits, *given.options]
    try:
        return median([measure(argv, given.work, good=(0, 1)) for _ in range(given.runs)])
    except Failed as failure:
        sys.exit(str(failure))


def printed(given):
    """Pairs, groups and megabytes of the JSON lines of the last run, counted without holding them."""
    path = os.path.join(given.work, "stdout")
    pairs = groups = 0
    with open(path, "rb") as file:
        for line in file:
            head = line.replace(b" ", b"")[:40]
            pairs += b'"kind":"pair"' in head
            groups += b'"kind":"group"' in head
    return f"{pairs:,} pairs, {groups:,} groups, {os.path.getsize(path) / 1e6:.1f} MB printed"
