"""Certify a corpus of texts, and find the passages that stand twice.

>>> import vidimus
>>> report = vidimus.check("manifest.yaml")
>>> for finding in report.findings:
...     print(finding.path, finding.rule, finding.message)
>>> found = vidimus.duplicates(["one text", "another text"])

Both let other threads of Python go on while they work, and heed Ctrl-C.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Optional, TypeVar, Union, cast

from ._vidimus import RawReport as _RawReport
from ._vidimus import VidimusError, __version__
from ._vidimus import check as _check
from ._vidimus import duplicates as _duplicates

__all__ = [
    "Cluster",
    "Duplicates",
    "Finding",
    "Pair",
    "Passage",
    "Position",
    "Related",
    "Report",
    "Summary",
    "VidimusError",
    "__version__",
    "check",
    "duplicates",
]

_Path = Union[str, "os.PathLike[str]"]
_Id = TypeVar("_Id", bound=Hashable)

Format = Literal[
    "full",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "junit",
    "github",
    "gitlab",
    "rdjson",
    "markdown",
    "html",
]


@dataclass(frozen=True)
class Position:
    """A place in a text: lines and columns from 1, columns in characters; bytes from 0 in the exact file."""

    byte: int
    line: int
    column: int


@dataclass(frozen=True)
class Related:
    """Another place that belongs to a finding."""

    path: str
    start: Optional[Position]
    end: Optional[Position]
    message: str


@dataclass(frozen=True)
class Finding:
    """One thing that was found. `vidimus explain RULE` on the command line says what a rule means."""

    rule: str
    severity: Literal["error", "warning", "info"]
    confidence: float
    message: str
    help: Optional[str]
    path: str
    start: Optional[Position]
    end: Optional[Position]
    related: tuple[Related, ...]
    evidence: Mapping[str, Any]
    fix: Optional[Mapping[str, Any]]
    fingerprint: str
    suppressed: Optional[Mapping[str, Any]]
    """Why it does not count: accepted in the manifest."""


@dataclass(frozen=True)
class Summary:
    """How many texts there are, what became of them, and how many findings of each severity count."""

    listed: int
    verified: int
    unverifiable: int
    skipped: int
    unlisted: int
    missing: int
    errors: int
    warnings: int
    infos: int
    suppressed: int


@dataclass(frozen=True)
class Report:
    """What a check gives."""

    summary: Summary
    findings: tuple[Finding, ...]
    passes: bool
    """Whether a gate lets it pass: something was verified, and nothing was found at or above `fail_on`."""
    _raw: _RawReport = field(repr=False, compare=False)

    def format(self, name: Format) -> bytes:
        """The report in one of the formats of the command line."""
        return self._raw.format(name)

    def write(self, name: Format, path: _Path) -> None:
        """Writes the report to a file, in one of the formats of the command line."""
        with open(path, "wb") as file:
            file.write(self.format(name))


@dataclass(frozen=True)
class Passage(Generic[_Id]):
    """A run of characters of one text: `text[start:end]`."""

    id: _Id
    start: int
    end: int
    start_byte: int
    end_byte: int


@dataclass(frozen=True)
class Pair(Generic[_Id]):
    """Two passages that are alike."""

    a: Passage[_Id]
    b: Passage[_Id]
    similarity: float
    """From 0 to 1: the share of words, or of characters, that both have in the same order."""
    group: str
    """The name of the cluster that both belong to."""


@dataclass(frozen=True)
class Cluster(Generic[_Id]):
    """Passages that are alike, by their place."""

    name: str
    boilerplate: bool
    """Whether it has so many members that not all pairs of them are given."""
    members: tuple[Passage[_Id], ...]


@dataclass(frozen=True)
class Duplicates(Generic[_Id]):
    """The passages that stand twice."""

    pairs: tuple[Pair[_Id], ...]
    clusters: tuple[Cluster[_Id], ...]


def check(
    manifest: _Path = "manifest.yaml",
    *,
    paths: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fail_on: Optional[str] = None,
    config: Sequence[str] = (),
    isolated: bool = False,
    today: Union[datetime.date, str, None] = None,
    threads: Optional[int] = None,
    fixity_only: bool = False,
) -> Report:
    """Checks the corpus of a manifest; nothing is written.

    `paths`: only these texts, or those below these folders, relative to the folder of the manifest.
    `select`, `ignore`: rules, families or severities. `fail_on`: what `Report.passes` fails on, `warning` by default.
    `config`: as `--config` on the command line; `isolated`: read no `vidimus.toml`. `today`: the day that rules call today.
    `fixity_only`: digests and the manifest alone, as `vidimus verify` does.

    Raises `VidimusError` where the work could not be done. What is wrong in the corpus is in the report.
    """
    day = today.isoformat() if isinstance(today, datetime.date) else today
    raw = _check(
        os.fspath(manifest),
        list(paths),
        list(select),
        list(ignore),
        fail_on,
        list(config),
        isolated,
        day,
        threads,
        fixity_only,
    )
    said = json.loads(raw.format("json"))
    return Report(
        summary=Summary(**said["summary"]),
        findings=tuple(_finding(one) for one in said["findings"]),
        passes=raw.passes(),
        _raw=raw,
    )


def _position(said: Optional[Mapping[str, int]]) -> Optional[Position]:
    return None if said is None else Position(said["byte"], said["line"], said["column"])


def _related(said: Mapping[str, Any]) -> Related:
    return Related(said["path"], _position(said["start"]), _position(said["end"]), said["message"])


def _finding(said: Mapping[str, Any]) -> Finding:
    return Finding(
        rule=said["rule"],
        severity=said["severity"],
        confidence=said["confidence"],
        message=said["message"],
        help=said["help"],
        path=said["path"],
        start=_position(said["start"]),
        end=_position(said["end"]),
        related=tuple(_related(one) for one in said["related"]),
        evidence=said["evidence"],
        fix=said["fix"],
        fingerprint=said["fingerprint"],
        suppressed=said["suppressed"],
    )


def duplicates(
    texts: Union[Mapping[_Id, str], Iterable[tuple[_Id, str]], Iterable[str]],
    *,
    similarity: float = 0.7,
    min_words: int = 12,
    profile: Literal["fast", "default", "thorough"] = "default",
    all: bool = False,
    memory: int = 2 << 30,
    threads: Optional[int] = None,
) -> Duplicates[Any]:
    """Finds the passages of texts that stand twice, nearly alike, within a text and across texts.

    `texts`: a mapping from id to text, pairs of id and text, or texts alone, whose ids are then their numbers. A column of pandas is
    `frame["text"].items()`, or `frame["text"]`; a data set of Hugging Face is `dataset["text"]`.
    `similarity`: how alike two passages of up to 30 words have to be. `min_words`: how long they have to be at least.
    `all`: headings, refrains, quotations and references too. `memory`: so many bytes may be used beside the texts, about.

    All texts are held in memory, once by Python and once here; for more of them, run `vidimus duplicates` over shards.
    Raises `VidimusError` where an option means nothing, and `TypeError` where something is no text.
    """
    ids, bodies = _split(texts)
    pairs, clusters = _duplicates(bodies, similarity, min_words, profile, all, memory, threads)

    def passage(spot: tuple[int, int, int, int, int]) -> Passage[Any]:
        return Passage(ids[spot[0]], *spot[1:])

    return Duplicates(
        pairs=tuple(Pair(passage(a), passage(b), alike, clusters[group][0]) for a, b, alike, group in pairs),
        clusters=tuple(
            Cluster(name, boilerplate, tuple(passage(spot) for spot in members))
            for name, boilerplate, members in clusters
        ),
    )


def _split(texts: Any) -> tuple[list[Any], list[str]]:
    """Ids and texts; each text is looked at, so that a missing value of a data frame is told with its id."""
    if isinstance(texts, str):
        raise TypeError("this is one text; give a list of texts, or pairs of id and text")
    items = texts.items() if isinstance(texts, Mapping) else texts
    ids: list[Any] = []
    bodies: list[str] = []
    for number, item in enumerate(items):
        key, body = (number, item) if isinstance(item, str) else _pair(number, item)
        if not isinstance(body, str):
            raise TypeError(f"the text {key!r} is no str but {type(body).__name__}")
        ids.append(key)
        bodies.append(body)
    return ids, bodies


def _pair(number: int, item: Any) -> tuple[Any, Any]:
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return cast("tuple[Any, Any]", tuple(item))
    raise TypeError(f"item {number} is neither a text nor a pair of id and text, but {type(item).__name__}")
