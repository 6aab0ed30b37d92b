//! `custody`: the way of one text, as text, as JSON and as a page.

use std::fs;
use std::path::Path;

use crate::support::{corpus, run, vidimus_in};

fn vidimus(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder)
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1767607200"))
}

const RAW: &[u8] =
    b"\n\nThe Lamps\n\nThe lamps on the eastern quay were lit at four, an hour before the barges came.  \n";

/// A text that was certified, mended, and changed by a person who said why.
fn lived() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), RAW).expect("written");
    assert_eq!(vidimus(folder.path(), &["init"]).0, Some(0));
    assert_eq!(vidimus(folder.path(), &["fix", "--fail-on", "never"]).0, Some(0));
    change(folder.path(), "four", "five");
    assert_eq!(
        vidimus(
            folder.path(),
            &["accept", "a", "--reason", "<b>the ledger</b> says five"]
        )
        .0,
        Some(0)
    );
    assert_eq!(vidimus(folder.path(), &["verify", "--record"]).0, Some(0));
    folder
}

fn change(folder: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(folder.join("a.txt")).expect("read");
    fs::write(folder.join("a.txt"), text.replace(from, to)).expect("written");
}

fn json(folder: &Path) -> (Option<i32>, serde_json::Value) {
    let (code, said, error) = vidimus(folder, &["custody", "a", "--format", "json"]);
    let json = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}{error}"));
    (code, json)
}

#[test]
fn every_step_is_shown_with_what_it_changed() {
    let folder = lived();
    let (code, json) = json(folder.path());
    assert_eq!((code, &json["sound"]), (Some(0), &true.into()));
    let steps = json["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 2);
    assert_eq!(
        json["first"]["sha256"],
        vidimus::digest::Algorithm::Sha256.digest(RAW).to_string()
    );
    assert_eq!(json["first"]["bytes"], RAW.len());
    assert_eq!((&steps[0]["event"], &steps[1]["event"]), (&2.into(), &3.into()));
    assert!(
        steps[0]["difference"]["message"]
            .as_str()
            .is_some_and(|said| said.contains("white space"))
    );
    assert_eq!(steps[1]["difference"]["removed_words"], 1);
    assert_eq!(
        (&json["checks"]["count"], &json["checks"]["last_well"]),
        (&1.into(), &true.into())
    );
    assert_eq!(json["log"]["events"], 4);
    let (_, said, _) = vidimus(folder.path(), &["custody", "a"]);
    assert!(
        said.contains("-The lamps on the eastern quay were lit at four") && said.ends_with("a.txt is as certified\n"),
        "{said}"
    );
}

#[test]
fn a_page_needs_nothing_else_and_runs_nothing() {
    let folder = lived();
    let (code, page, _) = vidimus(folder.path(), &["custody", "a", "--format", "html"]);
    assert_eq!(code, Some(0));
    assert!(
        page.starts_with("<!doctype html>") && page.ends_with("</html>\n"),
        "{page}"
    );
    assert!(
        !page.contains("<b>the ledger"),
        "what a person wrote is text, not markup"
    );
    assert!(page.contains("the ledger&#60;/b&#62; says five"), "{page}");
    for outside in ["<script", "<img", "<link", "src=", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(
        page.contains("<mark>four,</mark>") && page.contains("<mark>five,</mark>"),
        "{page}"
    );
    assert_eq!(page.matches("<div").count(), page.matches("</div>").count());
}

#[test]
fn what_is_open_to_doubt_is_said() {
    let folder = lived();
    change(folder.path(), "five", "six");
    let (code, said) = json(folder.path());
    assert_eq!((code, &said["present"]["state"]), (Some(1), &"changed".into()));
    assert_eq!(said["present"]["difference"]["added_words"], 1);
    change(folder.path(), "six", "five");
    let log = folder.path().join(".vidimus/log.jsonl");
    let lines = fs::read_to_string(&log).expect("read");
    fs::write(&log, lines.replace("the ledger", "no ledger")).expect("written");
    let (code, said) = json(folder.path());
    assert_eq!((code, &said["log"]["broken_at"]), (Some(1), &4.into()));
    fs::remove_file(&log).expect("removed");
    let (_, said, _) = vidimus(folder.path(), &["custody", "a"]);
    assert_eq!(
        said.matches("in doubt: the log has no event of it").count(),
        2,
        "{said}"
    );
    fs::remove_dir_all(folder.path().join(".vidimus/objects")).expect("removed");
    let (_, said, _) = vidimus(folder.path(), &["custody", "a"]);
    assert!(
        said.contains("not shown: neither the bytes before nor those after are kept"),
        "{said}"
    );
    fs::remove_file(folder.path().join("a.txt")).expect("removed");
    let (code, said, _) = vidimus(folder.path(), &["custody", "a"]);
    assert_eq!(code, Some(1));
    assert!(
        said.ends_with("a.txt is not to be compared: it is not there\n"),
        "{said}"
    );
}

#[test]
fn a_damaged_copy_is_named_and_the_rest_is_shown() {
    let folder = lived();
    let store = vidimus::store::Store::at(folder.path());
    let digest = vidimus::digest::Algorithm::Sha256.digest(RAW);
    fs::write(store.path(digest), b"rust").expect("damaged");
    let (code, said) = json(folder.path());
    assert_eq!((code, &said["sound"]), (Some(1), &false.into()));
    let why = said["first"]["damaged"].as_str().expect("the damage");
    assert!(why.contains(".vidimus/objects/") && why.contains("fsck"), "{why}");
    assert!(said["steps"][0]["difference"].is_null());
    assert_eq!(said["steps"][1]["difference"]["removed_words"], 1);
    let (code, said, _) = vidimus(folder.path(), &["custody", "a"]);
    assert_eq!(code, Some(1), "{said}");
    for told in [
        "  copies      damaged of version 1: ",
        "  not shown: the copy of the bytes before is damaged\n",
        "-The lamps on the eastern quay were lit at four",
        "a.txt is as certified\n",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let (_, page, _) = vidimus(folder.path(), &["custody", "a", "--format", "html"]);
    assert!(page.contains("the copy of the bytes before is damaged"), "{page}");
}

#[test]
fn a_text_without_a_past_is_as_certified() {
    let folder = corpus(&[("a.txt", b"The ferry left at dawn.\n")]);
    let (code, said, _) = vidimus(folder.path(), &["custody", "a.txt"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("there is no log") && said.ends_with("a.txt is as certified\n"),
        "{said}"
    );
    assert_eq!(vidimus(folder.path(), &["custody", "nope"]).0, Some(2));
}
