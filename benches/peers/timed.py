#!/usr/bin/env python3
"""Run one command and write what it cost; `run`, `stress` and `scale` start it as a process of its own.

  python3 -I -S timed.py COST.json STDIN STDOUT STDERR COMMAND [ARGUMENT ...]

The peak of a process counts the memory of the one that started it (Linux carries it over `exec`). Hence this small starter: what is
reported is never below its own 10 MB, and never the hundreds of megabytes of a program that holds labels and results.
CPU seconds are user and system, of the command and of every process that it waited for; the peak is that of the largest of them.
"""
import json
import os
import sys
import time


def spawn(argv, stdin, stdout, stderr):
    """Starts the command with its three streams on files."""
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    streams = [
        (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, write, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, stderr, write, 0o644),
    ]
    return os.posix_spawnp(argv[0], argv, os.environ, file_actions=streams)


def main():
    cost, stdin, stdout, stderr, *argv = sys.argv[1:]
    start = time.perf_counter()
    try:
        _, status, usage = os.wait4(spawn(argv, stdin, stdout, stderr), 0)
    except OSError as error:
        sys.exit(f"{argv[0]} cannot be started: {error.strerror}")
    wall = time.perf_counter() - start
    peak = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    row = {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": wall,
        "peak": peak,
        "code": os.waitstatus_to_exitcode(status),
    }
    with open(cost, "w", encoding="utf-8") as out:
        json.dump(row, out)


if __name__ == "__main__":
    main()
