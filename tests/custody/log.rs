//! The log: an event for each act, a chain that breaks where somebody touches it.

use std::fs;
use std::path::Path;

use crate::support::{corpus, run, vidimus_in};

fn vidimus(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(arguments))
}

/// A corpus with one event of each kind.
fn lived() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("a.txt", "The ferry left at dawn, and nobody saw it return.\n");
    let done = |arguments: &[&str]| {
        let (code, _, said) = vidimus(folder.path(), arguments);
        assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {said}");
    };
    done(&["init", "--language", "en"]);
    write("b.txt", "   \n\nIn the morning the quay was empty.  \n");
    done(&["add", "b.txt"]);
    write("a.txt", "The ferry left at noon, and nobody saw it return.\n");
    done(&["accept", "a.txt", "--reason", "the hour was wrong"]);
    done(&["fix", "b.txt"]);
    done(&["check", "--record", "--fail-on", "never"]);
    done(&["remove", "a.txt"]);
    folder
}

#[test]
fn each_act_is_an_event() {
    let folder = lived();
    let (code, said, _) = vidimus(folder.path(), &["log"]);
    assert_eq!(code, Some(0));
    let words: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_once("Z ").map(|(_, rest)| rest))
        .collect();
    assert_eq!(
        words,
        [
            "ingestion 1 text",
            "ingestion b.txt",
            "acceptance a.txt",
            "normalization b.txt",
            "fixity check 2 texts",
            "deletion a.txt"
        ]
    );
    assert!(
        said.contains("    the hour was wrong\n") && said.contains("layout/"),
        "{said}"
    );
    let (code, said, _) = vidimus(folder.path(), &["log", "verify"]);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "6 events, each follows from the one before\n")
    );
}

#[test]
fn one_text_has_its_own_history() {
    let folder = lived();
    let (_, said, _) = vidimus(folder.path(), &["log", "b", "--format", "jsonl"]);
    let events: Vec<serde_json::Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let kinds: Vec<_> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(kinds, ["ingestion", "ingestion", "normalization", "fixity check"]);
    assert_eq!(events[1]["to"], events[2]["from"]);
}

#[test]
fn the_first_broken_link_is_named() {
    let folder = lived();
    let path = folder.path().join(".vidimus/log.jsonl");
    let log = fs::read_to_string(&path).expect("read");
    fs::write(&path, log.replace("the hour was wrong", "the hour was right")).expect("written");
    let (code, said, _) = vidimus(folder.path(), &["log", "verify"]);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with(".vidimus/log.jsonl:4: the chain is broken: "),
        "{said}"
    );
    fs::write(&path, &log[..log.len() - 20]).expect("written");
    let (code, said, _) = vidimus(folder.path(), &["log", "verify"]);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with(".vidimus/log.jsonl:6: the chain is broken: it is"),
        "{said}"
    );
    // Nothing is added to a log that is cut.
    let (code, _, said) = vidimus(folder.path(), &["check", "--record", "--fail-on", "never"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("is cut"), "{said}");
}

#[test]
fn a_digest_that_was_changed_by_hand_is_told() {
    let folder = lived();
    let path = folder.path().join("manifest.yaml");
    let manifest = fs::read_to_string(&path).expect("read");
    fs::write(&path, manifest.replace("language: en", "language: en-GB")).expect("written");
    let (code, said, _) = vidimus(folder.path(), &["log", "verify"]);
    assert_eq!(code, Some(0));
    assert!(
        said.ends_with("the manifest has been edited since the last event\n"),
        "{said}"
    );
    let text = "In the evening the quay was empty.\n";
    fs::write(folder.path().join("b.txt"), text).expect("written");
    let digest = |text: &[u8]| vidimus::digest::Algorithm::Sha256.digest(text).to_string();
    let old = digest(b"In the morning the quay was empty.\n");
    fs::write(
        &path,
        manifest.replace(
            &format!("sha256: \"{old}"),
            &format!("sha256: \"{}", digest(text.as_bytes())),
        ),
    )
    .expect("written");
    let (code, said, _) = vidimus(folder.path(), &["log", "verify"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.starts_with("b.txt: its digest was changed without an event"),
        "{said}"
    );
}

#[test]
fn a_check_is_recorded_with_its_outcome_and_nothing_else_is_written() {
    let folder = corpus(&[
        ("a.txt", b"The ferry left at dawn.\n"),
        ("b.txt", b"Nobody saw it return.\n"),
    ]);
    fs::write(folder.path().join("a.txt"), "The ferry left at noon.\n").expect("written");
    let manifest = fs::read(folder.path().join("manifest.yaml")).expect("read");
    assert_eq!(vidimus(folder.path(), &["verify"]).0, Some(1));
    assert!(!folder.path().join(".vidimus").exists());
    assert_eq!(vidimus(folder.path(), &["verify", "--record"]).0, Some(1));
    let (_, said, _) = vidimus(folder.path(), &["log"]);
    assert!(
        said.contains(" fixity check 2 texts failed\n    not as certified: a.txt (changed)\n"),
        "{said}"
    );
    assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), manifest);
}

#[test]
fn no_log_is_no_chain() {
    let folder = corpus(&[("a.txt", b"The ferry left at dawn.\n")]);
    let (code, _, said) = vidimus(folder.path(), &["log", "verify"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("there is no event in .vidimus/log.jsonl"), "{said}");
    assert_eq!(vidimus(folder.path(), &["log"]).1, "no event is recorded\n");
}
