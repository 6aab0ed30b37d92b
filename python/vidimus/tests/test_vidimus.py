"""What people rely on: shapes, places, errors, and that other threads go on."""

from __future__ import annotations

import datetime
import hashlib
import json
import pathlib
import signal
import threading
import time

import pytest

import vidimus

A = "The keeper of the weir counted forty lamps along the quay before the barges came in from the upper town."
B = "It is said that the keeper of the weir counted fifty lamps along the quay before the barges came in from town."


@pytest.fixture
def corpus(tmp_path: pathlib.Path) -> pathlib.Path:
    text = "The keeper slept well, and the boats lay still.\n\nAdvertisement\n\nIn the morning the quay was empty.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    manifest = tmp_path / "manifest.yaml"
    entry = f"  - path: a.txt\n    sha256: '{digest}'\n    origin: {{kind: local, reason: a test}}\n    license: CC0-1.0\n"
    manifest.write_text(f"vidimus: 1\ncorpus:\n  include: ['*.txt']\nentries:\n{entry}", encoding="utf-8")
    return manifest


def test_a_check_gives_findings_with_their_places(corpus: pathlib.Path) -> None:
    report = vidimus.check(corpus, today=datetime.date(2026, 1, 1))
    assert (report.summary.listed, report.summary.verified) == (1, 1)
    label = next(finding for finding in report.findings if finding.rule == "layout/stray-label")
    assert label.path == "a.txt"
    assert label.start == vidimus.Position(byte=49, line=3, column=1)
    assert not report.passes
    assert vidimus.check(corpus, select=["fixity"]).passes
    assert vidimus.check(corpus, fail_on="error").passes


def test_a_report_is_written_in_every_format(corpus: pathlib.Path, tmp_path: pathlib.Path) -> None:
    report = vidimus.check(corpus)
    assert json.loads(report.format("sarif"))["version"] == "2.1.0"
    report.write("html", tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes().startswith(b"<!")
    with pytest.raises(vidimus.VidimusError, match="there is no format `paper`"):
        report.format("paper")  # type: ignore[arg-type]


def test_what_cannot_be_done_is_an_error(tmp_path: pathlib.Path, corpus: pathlib.Path) -> None:
    with pytest.raises(vidimus.VidimusError, match="there is no manifest"):
        vidimus.check(tmp_path / "none.yaml")
    with pytest.raises(vidimus.VidimusError, match="no/such"):
        vidimus.check(corpus, select=["no/such"])
    with pytest.raises(vidimus.VidimusError, match="give the whole day"):
        vidimus.check(corpus, today="2026-01")


def test_places_count_characters() -> None:
    texts = {"a": "Über die Schleuse: " + A, "b": "— " + B}
    (pair,) = vidimus.duplicates(texts).pairs
    for passage in (pair.a, pair.b):
        text = texts[passage.id]
        said = text[passage.start : passage.end]
        assert said == text.encode()[passage.start_byte : passage.end_byte].decode()
        assert said.startswith(("The keeper", "the keeper"))
    assert pair.similarity > 0.7


def test_texts_come_in_several_shapes() -> None:
    pairs = vidimus.duplicates([A, B]).pairs
    assert [(pair.a.id, pair.b.id) for pair in pairs] == [(0, 1)]
    found = vidimus.duplicates(iter([("x", A), ("y", B)]))
    assert [member.id for member in found.clusters[0].members] == ["x", "y"]
    assert found.pairs[0].group == found.clusters[0].name
    assert vidimus.duplicates([]).pairs == ()
    with pytest.raises(TypeError, match="one text"):
        vidimus.duplicates(A)
    with pytest.raises(TypeError, match="'y' is no str but NoneType"):
        vidimus.duplicates([("x", A), ("y", None)])  # type: ignore[arg-type]
    with pytest.raises(vidimus.VidimusError, match="no profile `slow`"):
        vidimus.duplicates([A, B], profile="slow")  # type: ignore[arg-type]


def test_it_is_the_same_for_any_number_of_threads() -> None:
    texts = [f"{A} {n}. {B}" for n in range(40)]
    assert vidimus.duplicates(texts, threads=1) == vidimus.duplicates(texts, threads=3)


def words(count: int) -> str:
    """Text in which nothing stands twice, the same on each run."""
    return " ".join(hashlib.md5(str(n).encode()).hexdigest()[:7] for n in range(count))


def test_other_threads_go_on_and_an_interrupt_is_heeded() -> None:
    beats: list[float] = []
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(0.001):
            beats.append(time.monotonic())
            if len(beats) == 5:
                signal.raise_signal(signal.SIGINT)

    texts = [words(200_000)] * 2 + [words(300_000) + " end"]
    thread = threading.Thread(target=beat)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            for _ in range(100):
                vidimus.duplicates(texts, threads=1)
    finally:
        stop.set()
        thread.join()
    assert len(beats) >= 5


def test_a_data_frame() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": [A, "Nothing like it stands here.", B]}, index=["p", "q", "r"])
    found = vidimus.duplicates(frame["text"].items())
    assert [(pair.a.id, pair.b.id) for pair in found.pairs] == [("p", "r")]


def test_a_data_set(tmp_path: pathlib.Path) -> None:
    datasets = pytest.importorskip("datasets")
    path = tmp_path / "shard.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in (A, "Another one.", B)), encoding="utf-8")
    data = datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path / "cache"))
    found = vidimus.duplicates(data["text"])
    assert [(pair.a.id, pair.b.id) for pair in found.pairs] == [(0, 2)]
