//! One test a code, because a wrong one turns a gate green by accident.

use crate::support::{corpus, run, vidimus_in};

const SOUND: &[u8] = b"The mill at the ford stood for ninety years. It was pulled down in one week.\n";

fn code(folder: &std::path::Path, args: &[&str]) -> Option<i32> {
    run(vidimus_in(folder).args(["--color", "never"]).args(args)).0
}

#[test]
fn clean_is_0() {
    let folder = corpus(&[("a.txt", SOUND)]);
    let (code, out, err) = run(vidimus_in(folder.path()).args(["check", "--today", "2026-01-01"]));
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("1 text listed: 1 verified"), "{out}");
}

#[test]
fn findings_are_1_in_every_format() {
    let folder = corpus(&[("a.txt", SOUND)]);
    std::fs::write(folder.path().join("a.txt"), b"another text\n").expect("written");
    for format in ["full", "concise", "json", "jsonl"] {
        assert_eq!(code(folder.path(), &["check", "--format", format]), Some(1), "{format}");
        assert_eq!(
            code(folder.path(), &["verify", "--format", format]),
            Some(1),
            "{format}"
        );
    }
}

#[test]
fn the_gate_is_what_the_user_says() {
    let folder = corpus(&[(
        "a.txt",
        b"\n\nThe mill at the ford stood for ninety years. It was pulled down.\n",
    )]);
    assert_eq!(code(folder.path(), &["check"]), Some(0));
    assert_eq!(code(folder.path(), &["check", "--fail-on", "info"]), Some(1));
    assert_eq!(
        code(folder.path(), &["check", "--fail-on", "layout/leading-blank"]),
        Some(1)
    );
    assert_eq!(code(folder.path(), &["check", "--fail-on", "layout"]), Some(1));
    assert_eq!(code(folder.path(), &["check", "--fail-on", "never"]), Some(0));
    assert_eq!(
        code(folder.path(), &["check", "--fail-on", "info", "--ignore", "layout"]),
        Some(0)
    );
}

#[test]
fn what_cannot_be_done_is_2() {
    let folder = corpus(&[("a.txt", SOUND)]);
    let empty = tempfile::tempdir().expect("a folder");
    assert_eq!(code(empty.path(), &["check"]), Some(2));
    assert_eq!(code(folder.path(), &["check", "--manifest", "nope.yaml"]), Some(2));
    assert_eq!(code(folder.path(), &["check", "nope.txt"]), Some(2));
    assert_eq!(code(folder.path(), &["check", "--select", "layout/nope"]), Some(2));
    assert_eq!(code(folder.path(), &["check", "--format", "nope"]), Some(2));
    assert_eq!(code(folder.path(), &["check", "--output", "json=nope/x.json"]), Some(2));
    assert_eq!(code(folder.path(), &["explain", "layout/nope"]), Some(2));
    assert_eq!(code(folder.path(), &[]), Some(2));
}

#[test]
fn nothing_to_check_is_2_and_never_green() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |text: &str| std::fs::write(folder.path().join("manifest.yaml"), text).expect("written");
    write("vidimus: 1\ncorpus: {include: []}\nentries: []\n");
    assert_eq!(code(folder.path(), &["check"]), Some(2));
    assert_eq!(code(folder.path(), &["check", "--fail-on", "never"]), Some(2));
    write("vidimus: 1\ncorpus: {include: []}\nentries: [{path: a.txt, sha256: TODO}]\n");
    assert_eq!(code(folder.path(), &["check"]), Some(1));
    assert_eq!(code(folder.path(), &["check", "--fail-on", "never"]), Some(2));
}

#[test]
fn help_and_version_are_0() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(code(folder.path(), &["--help"]), Some(0));
    assert_eq!(code(folder.path(), &["--version"]), Some(0));
    assert_eq!(code(folder.path(), &["rules"]), Some(0));
    assert_eq!(code(folder.path(), &["explain", "layout/leading-blank"]), Some(0));
}

#[test]
fn today_is_a_day_in_ten_characters() {
    let folder = corpus(&[("a.txt", SOUND)]);
    for day in [
        "2026-03-01T10:00",
        "20260301",
        "2026-3-1",
        "+002026-03-01",
        "2026-03",
        "2026-02-30",
    ] {
        let (code, _, err) = run(vidimus_in(folder.path()).args(["check", "--today", day]));
        assert_eq!(code, Some(2), "{day}: {err}");
        assert!(err.contains(day), "{err}");
    }
}
