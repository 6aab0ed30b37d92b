#!/usr/bin/env python3
"""Compare `vidimus duplicates` with other finders of duplicates on the same labelled texts in one run, and print a table in Markdown.

  run.py --install                                       once: installs the peers below a temporary folder (--tools)
  run.py --data DIR [--bin target/release/vidimus] [--runs 5] [--peers sim_text,jscpd,...] [-- OPTION ...]

DIR holds pan13/texts, pan13/pairs.tsv and pan13/cases.tsv: the PAN 2013 text alignment corpus, with the places of its passages.
Options after `--` go to vidimus. The programs take turns, run after run; seconds and memory are medians. A program that is not
installed is left out, and that is said. Standard library only.
"""
import argparse
import os
import sys
import tempfile

sys.dont_write_bytecode = True

from cost import Failed, measure, median
from install import DEBIAN, install
from labels import Labels
from programs import PROGRAMS, Bench
from texts import Texts

SHOWN = {"02": "02 verbatim P/R/plagdet", "03": "03 random P/R/plagdet", "04": "04 translation P/R/plagdet"}
HEAD = ["peer", "version", "CPU s", "wall s", "peak MB", *SHOWN.values(), "gives"]


def say(text):
    print(text, file=sys.stderr, flush=True)


def arguments():
    temp = tempfile.gettempdir()
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", help="the folder that holds pan13")
    ap.add_argument("--bin", default="target/release/vidimus")
    ap.add_argument("--runs", type=int, default=1)
    ap.add_argument("--peers", default=",".join(PROGRAMS), help="of " + ", ".join(PROGRAMS))
    ap.add_argument("--tools", default=os.path.join(temp, "vidimus-peers"), help="where the peers are installed")
    ap.add_argument("--work", default=os.path.join(temp, "vidimus-peers-work"), help="where programs write")
    ap.add_argument("--install", action="store_true")
    ap.add_argument("options", nargs="*", help="for vidimus, after --")
    given = ap.parse_args()
    unknown = set(given.peers.split(",")) - set(PROGRAMS)
    if unknown:
        ap.error(f"unknown peer {', '.join(sorted(unknown))}")
    if not given.data and not given.install:
        ap.error("--data is needed, or --install")
    return given


def installed(wanted, bench):
    """(program, version) of those that are there; of the others it says that they are left out."""
    for name in wanted:
        program = PROGRAMS[name](bench)
        version = program.version()
        if version:
            yield program, version
        else:
            hint = f"Debian package {DEBIAN}" if name.startswith("sim_text") else "try --install"
            say(f"{name}: not installed, left out" + ("" if name == "vidimus" else f" ({hint})"))


def take_turns(programs, runs):
    """The costs of each program, by name. One that fails is dropped, and that is said."""
    costs = {p.name: [] for p in programs}
    for turn in range(runs):
        for program in [p for p in programs if p.name in costs]:
            try:
                program.prepare()
                spent = measure(program.start(), program.work, program.stdin, program.good, program.folder)
            except Failed as failure:
                say(f"{program.name}: left out, {failure}")
                del costs[program.name]
                continue
            costs[program.name].append(spent)
            say(f"{turn + 1}/{runs} {program.name}: {spent.cpu:.2f} CPU s, {spent.wall:.2f} s, {spent.peak:.0f} MB")
    return costs


def figure(value):
    return f"{value:.3f}".lstrip("0") if value < 1 else f"{value:.2f}"


def scored(program, labels):
    """By kind, the cell of the table; details go to standard error."""
    if not program.partner:
        shares = labels.marked(program.marks())
        for kind, (later, both) in shares.items():
            say(f"{program.name} {kind}: marked of the side read later {later:.3f}, of both sides {both:.3f}")
        return {kind: f"– / {figure(later)} / –" for kind, (later, _) in shares.items()}
    scores = labels.score(program.matches())
    for kind, s in scores.items():
        say(
            f"{program.name} {kind}: passages {s.reports}, P {s.precision:.3f}, R {s.recall:.3f}, "
            f"granularity {s.granularity:.2f}, plagdet {s.plagdet:.3f}"
        )
    return {kind: f"{figure(s.precision)} / {figure(s.recall)} / {figure(s.plagdet)}" for kind, s in scores.items()}


def row(program, version, spent, cells):
    by_number = {kind.split("-")[0]: cell for kind, cell in cells.items()}
    figures = [f"{spent.cpu:.1f}", f"{spent.wall:.1f}", f"{spent.peak:.0f}"]
    return [program.name, version, *figures, *(by_number.get(n, "") for n in SHOWN), program.gives]


def print_table(rows):
    for cells in [HEAD, ["---"] * len(HEAD), *rows]:
        print("| " + " | ".join(cells) + " |")


def compare(given):
    folder = os.path.join(given.data, "pan13")
    texts, labels = Texts(os.path.join(folder, "texts")), Labels(folder)
    binary = os.path.abspath(given.bin) if os.sep in given.bin else given.bin
    bench = Bench(texts, labels, os.path.abspath(given.work), os.path.abspath(given.tools), binary, given.options)
    programs = list(installed(given.peers.split(","), bench))
    costs = take_turns([p for p, _ in programs], given.runs)
    rows = [row(p, v, median(costs[p.name]), scored(p, labels)) for p, v in programs if costs.get(p.name)]
    print_table(rows)
    cases = ", ".join(f"{k[:2]} {len(labels.cases[k])} cases" for k in labels.kinds if k[:2] in SHOWN)
    print(
        f"\n{len(texts.names):,} texts, {texts.size / 1e6:.1f} MB, {given.runs} run{'s' * (given.runs > 1)} of each in turn, "
        f"medians; {os.cpu_count()} cores; {cases}. R of a peer without partners: share of the side read later that it marks."
    )


def main():
    given = arguments()
    if given.install:
        install(given.tools)
    if given.data:
        compare(given)


if __name__ == "__main__":
    main()
