"""A small corpus that comes with the package, and what one machine finds in it: to try a cluster before it is trusted."""

import hashlib
import importlib.resources
import re

from .duplicates import duplicates
from .job import SelfCheckError

# Whatever the file is called on the storage of the cluster.
PATH = re.compile(rb'"path":"[^"]*"')


def data(name):
    return importlib.resources.files(__package__).joinpath("data", name).read_bytes()


def digest(lines):
    """A digest of lines in any order, in which files have no names."""
    named = sorted(PATH.sub(b'"path":"golden"', line) for line in lines)
    return hashlib.sha256(b"\n".join(named)).hexdigest()


def dry_run(spark, output, **means):
    """Runs `duplicates` over the corpus on this cluster, and compares what it gives with what one machine gives."""
    folder = f"{output.rstrip('/')}/golden"
    texts = [line.decode() for line in data("texts.jsonl").splitlines()]
    # One partition is one file, whose lines have the order that they were given in.
    frame = spark.createDataFrame([(line,) for line in texts], "value string").coalesce(1)
    frame.write.mode("overwrite").text(f"{folder}/texts.jsonl")
    counts = duplicates(spark, f"{folder}/texts.jsonl", f"{folder}/found", form="jsonl", **means)
    found = []
    for kind in ("pairs", "groups"):
        read = spark.read.option("lineSep", "\n").text(f"{folder}/found/{kind}.jsonl")
        # The corpus is small, and so is this.
        found += [row.value.encode() for row in read.collect()]
    expected = digest(data("expected.jsonl").splitlines())
    if digest(found) != expected:
        raise SelfCheckError(
            f"this cluster gives {digest(found)}, and one machine {expected}; the results of this cluster are not to be trusted"
        )
    return {**counts, "digest": expected, "golden": "as on one machine"}
