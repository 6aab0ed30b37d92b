//! `import`, `export` and `verify PATH`: packages of other tools, what of them is taken over, and what is not.

use std::fs;
use std::path::Path;

use crate::support::{corpus, run, vidimus_in};

fn ends(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(["--color", "never"]).args(args))
}

/// Two texts, a manifest of them, and a list that was exported from it.
fn with_list(format: &str) -> tempfile::TempDir {
    let folder = corpus(&[
        ("a.txt", b"The mill stood at the ford.\n"),
        ("b.txt", b"The ford was dry.\n"),
    ]);
    let (code, out, err) = ends(folder.path(), &["export", format, "--output", "LIST"]);
    assert_eq!((code, out.as_str()), (Some(0), "wrote 2 texts to LIST\n"), "{err}");
    assert!(
        err.contains("warning: not carried over: corpus.include has no place in"),
        "{err}"
    );
    folder
}

fn without_manifest(folder: &Path) {
    fs::remove_file(folder.join("manifest.yaml")).expect("removed");
    let _ = fs::remove_dir_all(folder.join(".vidimus"));
}

#[test]
fn a_list_that_is_written_is_verified_and_read_again() {
    for format in ["checksums", "checksums-bsd", "hashdeep"] {
        let folder = with_list(format);
        let at = folder.path();
        let before = fs::read_to_string(at.join("manifest.yaml")).expect("read");
        without_manifest(at);
        let (code, out, err) = ends(at, &["verify", "LIST"]);
        assert_eq!(
            (code, out.contains("2 verified")),
            (Some(0), true),
            "{format}: {out}{err}"
        );
        let (code, out, err) = ends(at, &["import", format, "LIST"]);
        assert_eq!(
            (code, out.as_str(), err.as_str()),
            (Some(0), "listed 2 texts in manifest.yaml\n", ""),
            "{format}"
        );
        let after = fs::read_to_string(at.join("manifest.yaml")).expect("read");
        for line in before.lines().filter(|line| line.contains("sha256")) {
            assert!(after.contains(line.trim()), "{format}: {after}");
        }
        let (code, out, err) = ends(at, &["verify"]);
        assert_eq!(code, Some(0), "{format}: {out}{err}");
    }
}

#[test]
fn what_is_not_as_listed_is_not_taken_over() {
    let folder = with_list("checksums");
    let at = folder.path();
    without_manifest(at);
    fs::write(at.join("b.txt"), "The ford was deep.\n").expect("written");
    let (code, out, err) = ends(at, &["import", "checksums", "LIST"]);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(
        out.contains("error[fixity/hash-mismatch]") && out.contains("::: LIST:2:1"),
        "{out}"
    );
    assert!(
        err.contains("not listed: 1 file that is not there or not what it should be: b.txt"),
        "{err}"
    );
    let manifest = fs::read_to_string(at.join("manifest.yaml")).expect("read");
    assert!(
        manifest.contains("path: a.txt") && !manifest.contains("b.txt"),
        "{manifest}"
    );
}

#[test]
fn nothing_is_written_where_nothing_can_be_listed() {
    let folder = with_list("checksums");
    let at = folder.path();
    let refused = |args: &[&str], says: &str| {
        let (code, out, err) = ends(at, args);
        assert_eq!(code, Some(2), "{args:?}: {out}{err}");
        assert!(err.contains(says), "{args:?}: {err}");
    };
    refused(&["import", "checksums", "LIST"], "manifest.yaml is there already");
    refused(&["export", "checksums", "--output", "LIST"], "LIST is there already");
    refused(
        &["import", "paper", "LIST"],
        "there is no format `paper`; there are bagit, checksums",
    );
    refused(&["import", "checksums", "none"], "cannot read none");
    fs::write(at.join("b.txt"), "The ford was deep.\n").expect("written");
    refused(&["export", "checksums", "--output", "NEW"], "1 of 2 texts are verified");
    without_manifest(at);
    fs::remove_file(at.join("a.txt")).expect("removed");
    refused(
        &["import", "checksums", "LIST"],
        "holds no text that can be listed: a.txt",
    );
    assert!(!at.join("manifest.yaml").exists() && !at.join("NEW").exists());
}

#[test]
fn a_dry_run_prints_the_manifest_and_writes_nothing() {
    let folder = with_list("hashdeep");
    let at = folder.path();
    without_manifest(at);
    let (code, out, err) = ends(at, &["import", "hashdeep", "LIST", "--dry-run"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.starts_with("vidimus: 1\ncorpus:\n") && out.contains("origin:"),
        "{out}"
    );
    assert!(!at.join("manifest.yaml").exists());
}

#[test]
fn a_manifest_may_stand_above_what_is_imported_and_not_beside_it() {
    let folder = with_list("checksums");
    let at = folder.path();
    without_manifest(at);
    let below = at.join("below");
    fs::create_dir_all(below.join("other")).expect("made");
    for name in ["a.txt", "b.txt", "LIST"] {
        fs::rename(at.join(name), below.join(name)).expect("moved");
    }
    let (code, out, err) = ends(at, &["import", "checksums", "below/LIST", "--output", "manifest.yaml"]);
    assert_eq!(code, Some(0), "{out}{err}");
    let manifest = fs::read_to_string(at.join("manifest.yaml")).expect("read");
    assert!(manifest.contains("path: below/a.txt"), "{manifest}");
    let (code, _, err) = ends(
        at,
        &["import", "checksums", "below/LIST", "--output", "below/other/m.yaml"],
    );
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("so its paths could not lead there"), "{err}");
}

#[test]
fn a_shard_of_records_is_listed_as_a_file_and_what_is_lost_of_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::write(at.join("a.jsonl"), "{\"text\": \"The ford was dry.\"}\n").expect("written");
    let (code, out, err) = ends(at, &["init", "--records", "text=text"]);
    assert_eq!(code, Some(0), "{out}{err}");
    let (code, out, err) = ends(at, &["export", "checksums", "--output", "LIST"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(err.contains("records has no place in checksums"), "{err}");
    let list = fs::read_to_string(at.join("LIST")).expect("read");
    assert!(list.ends_with("  a.jsonl\n") && list.lines().count() == 1, "{list}");
}
