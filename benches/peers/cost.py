"""What a command costs: CPU seconds, wall seconds and peak memory, measured by `timed.py`."""
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass

STARTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "timed.py")


@dataclass
class Cost:
    """Seconds of processor (user and system), seconds by the clock, peak resident memory in MiB."""

    cpu: float
    wall: float
    peak: float


class Failed(Exception):
    """The command ended with a code that does not mean success."""


def measure(argv, work, stdin=os.devnull, good=(0,), folder=None):
    """Runs `argv` with its output in `work`/stdout and gives its cost. Codes in `good` count as success."""
    place = lambda name: os.path.join(work, name)
    starter = [sys.executable, "-I", "-S", STARTER, place("cost.json"), stdin, place("stdout"), place("stderr")]
    if subprocess.run([*starter, *argv], cwd=folder, check=False).returncode:
        raise Failed(f"{argv[0]}: nothing measured")
    with open(place("cost.json"), encoding="utf-8") as file:
        row = json.load(file)
    if row["code"] not in good:
        with open(place("stderr"), encoding="utf-8", errors="replace") as file:
            raise Failed(f"{argv[0]}: exit code {row['code']}\n{file.read()[-2000:]}")
    return Cost(row["cpu"], row["wall"], row["peak"])


def median(costs):
    """The median of each of the three figures."""
    return Cost(*(statistics.median(getattr(c, name) for c in costs) for name in ("cpu", "wall", "peak")))
