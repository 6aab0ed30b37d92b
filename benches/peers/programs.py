"""The programs that are compared: how each is found, started, and read.

Each is one small class: `version` is None where it is not installed, `start` gives the command, `matches` reads passages from what it
printed, or `marks` where it names no partner. What is done before the command starts (`prepare`) is not measured.
"""
import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from itertools import product, starmap

from labels import Match, Span

HERE = os.path.dirname(os.path.abspath(__file__))


class Bench:
    """Where things are: the texts with their labels, a folder to work in, installed peers, the program itself and options for it."""

    def __init__(self, texts, labels, work, tools, binary, options):
        self.texts, self.labels, self.work, self.tools = texts, labels, work, tools
        self.binary, self.options = binary, options
        self.python = os.path.join(tools, "venv", "bin", "python")


def printed(argv):
    """What a command prints, or None where it cannot be run."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return (done.stdout or done.stderr).strip()


def lines(folder, name="stdout"):
    with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
        yield from file


class Program:
    """What most of them share: nothing to prepare, no standard input, success is 0, passages with both sides."""

    name = gives = ""
    good, stdin, partner = (0,), os.devnull, True

    def __init__(self, bench):
        self.bench, self.texts = bench, bench.texts
        self.work = os.path.join(bench.work, self.name)
        self.folder = self.texts.folder

    def prepare(self):
        os.makedirs(self.work, exist_ok=True)

    def names(self):
        """A file with the names of all texts, one a line."""
        path = os.path.join(self.work, "names")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in self.texts.names)
        return path


class Vidimus(Program):
    """Reads the JSON lines of `vidimus duplicates`: pairs, and groups of boilerplate of which any two members are a pair."""

    name, gives, good = "vidimus", "passages on both sides, groups", (0, 1)

    def version(self):
        said = printed([self.bench.binary, "--version"])
        return said and said.split()[-1]

    def start(self):
        return [self.bench.binary, "duplicates", self.folder, "--format", "jsonl", *self.bench.options]

    def span(self, member):
        return self.texts.by_bytes(os.path.basename(member["path"]), member["start"], member["end"])

    def matches(self):
        for row in map(json.loads, filter(str.strip, lines(self.work))):
            if row["kind"] == "pair":
                yield Match(self.span(row["a"]), self.span(row["b"]))
            elif row["kind"] == "group" and row.get("boilerplate"):
                yield from self.listed_pairs([self.span(m) for m in row["members"]])

    def listed_pairs(self, members):
        """Pairs of members on listed pairs of texts: a group may have thousands, and no other pair is scored."""
        by_name = defaultdict(list)
        for span in members:
            by_name[span.name].append(span)
        for name in by_name:
            for other in self.bench.labels.partners[name] & by_name.keys():
                yield from starmap(Match, product(by_name[name], by_name[other]))


class SimText(Program):
    """`sim_text -n`: the longest equal runs of words, each region reported once, as ranges of lines."""

    name, gives = "sim_text", "equal runs, ranges of lines"
    RANGES = re.compile(r"^(.+?): line (\d+)-(\d+) *\|(.+?): line (\d+)-(\d+) *\[\d+\]")

    def version(self):
        if not shutil.which("sim_text"):
            return None
        package = printed(["dpkg-query", "-W", "-f", "${Version}", "similarity-tester"])
        return (package or "?").split("-")[0]

    def prepare(self):
        super().prepare()
        self.stdin = self.names()

    def start(self):
        return ["sim_text", "-n", "-T", "-r", "12", "-i"]

    def span(self, name, first, last):
        return self.texts.by_lines(name, int(first), int(last))

    def matches(self):
        for found in filter(None, map(self.RANGES.match, lines(self.work))):
            yield Match(self.span(*found.group(1, 2, 3)), self.span(*found.group(4, 5, 6)))


class SimTextWords(SimText):
    """The same on texts that were rewritten with one word a line, so that its ranges are exact to the word."""

    name, gives = "sim_text-words", "equal runs, exact to the word (input rewritten, one word a line)"

    def prepare(self):
        super().prepare()
        self.folder = os.path.join(self.work, "texts")
        os.makedirs(self.folder, exist_ok=True)
        for name in self.texts.names:
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                text = self.texts.text(name)
                file.writelines(text[start:end] + "\n" for start, end in self.texts.words(name))

    def span(self, name, first, last):
        return self.texts.by_words(name, int(first), int(last))


class Jscpd(Program):
    """The copy/paste detector for code, on prose: equal runs of tokens, joined over gaps of up to three lines; its JSON has byte offsets."""

    name, gives = "jscpd", "equal runs on both sides, baseline, SARIF"

    def binary(self):
        modules = os.path.join(self.bench.tools, "npm", "node_modules")
        native = os.path.join(modules, "jscpd-linux-x64-gnu", "bin", "jscpd")
        return native if os.path.exists(native) else os.path.join(modules, ".bin", "jscpd")

    def version(self):
        said = printed([self.binary(), "--version"])
        return said and said.split()[-1]

    def start(self):
        size = ["--min-tokens", "20", "--max-gap-lines", "3", "--min-lines", "1", "--max-lines", "1000000", "--max-size", "100mb"]
        out = ["--reporters", "json", "--output", self.work, "--no-colors", "--no-gitignore"]
        return [self.binary(), ".", "--format", "txt", *size, *out]

    def span(self, part):
        name, start, end = part["name"], part["startLoc"]["position"], part["endLoc"]["position"]
        return self.texts.by_bytes(os.path.basename(name), start, end)

    def matches(self):
        with open(os.path.join(self.work, "jscpd-report.json"), encoding="utf-8") as file:
            found = json.load(file)["duplicates"]
        for row in found:
            yield Match(self.span(row["firstFile"]), self.span(row["secondFile"]))


class Adapter(Program):
    """A Python library, driven by a script beside this one that prints pairs of paragraphs."""

    gives = "pairs of paragraphs"

    def version(self):
        code = f"import importlib.metadata as m; print(m.version({self.name!r}))"
        return printed([self.bench.python, "-c", code])

    def start(self):
        return [self.bench.python, "-B", os.path.join(HERE, f"{self.name}_paragraphs.py"), self.folder]

    def matches(self):
        for line in lines(self.work):
            a, a0, a1, b, b0, b1 = line.rstrip("\n").split("\t")
            yield Match(Span(a, int(a0), int(a1)), Span(b, int(b0), int(b1)))


class Rensa(Adapter):
    name = "rensa"


class Datasketch(Adapter):
    name = "datasketch"


class Gaoya(Adapter):
    name = "gaoya"


class Dolma(Adapter):
    """Bloom filter over runs of five words: marks paragraphs that it has seen most of, and cannot say where."""

    name, gives, partner = "dolma", "paragraphs seen before, no partner", False

    def prepare(self):
        shutil.rmtree(self.work, ignore_errors=True)
        for folder in ("documents", "in", "out"):
            os.makedirs(os.path.join(self.work, folder))
        with open(os.path.join(self.work, "documents", "all.jsonl"), "w", encoding="utf-8") as file:
            for name in self.texts.names:
                file.write(json.dumps({"id": name, "source": "", "text": self.texts.text(name)}) + "\n")

    def start(self):
        return [self.bench.python, "-B", os.path.join(HERE, "dolma_ngrams.py"), self.work]

    def marks(self):
        marks = defaultdict(list)
        for row in map(json.loads, lines(os.path.join(self.work, "attributes", "seen"), "all.jsonl")):
            marks[row["id"]] += [Span(row["id"], start, end) for start, end, _ in row["attributes"]["seen"]]
        return marks


PROGRAMS = {p.name: p for p in (Vidimus, SimText, SimTextWords, Jscpd, Rensa, Gaoya, Datasketch, Dolma)}
