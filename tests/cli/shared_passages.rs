//! What stands twice: a finding across texts stays the same finding when its texts move, and is accepted at any of them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{corpus, run, vidimus_in};

const SHARED: &str = "Masons from the hill villages have been promised double pay if the arch can bear a loaded wagon before the fair opens.";
const FIRST: &str =
    "The toll-house at the upper bridge was shut for the third week, and carters slept in the lee of its wall. ";
const SECOND: &str =
    "The guild of potters wants the fair on the meadow below the tannery, and the drapers will not hear of it. ";
const THIRD: &str =
    "Old people recall that the meadow was under water once, and that three looms were lost there with their cloth. ";

fn text(own: &str) -> String {
    format!("{}\n\n{SHARED}\n", own.repeat(3))
}

fn findings(folder: &Path, further: &[&str]) -> Vec<Value> {
    let args = ["check", "--format", "json", "--select", "duplicate/shared-passage"];
    let (code, said, error) = run(vidimus_in(folder).args(args).args(further));
    assert!(code.is_some_and(|code| code < 2), "{error}");
    let report: Value = serde_json::from_str(&said).expect("JSON");
    report["findings"].as_array().expect("findings").clone()
}

#[test]
fn a_finding_stays_when_lines_move_and_another_text_comes_first() {
    let (first, second, third) = (text(FIRST), text(SECOND), text(THIRD));
    let moved = format!("A line before.\n\n{first}");
    let plain = corpus(&[("b.txt", first.as_bytes()), ("c.txt", second.as_bytes())]);
    let other = corpus(&[
        ("a.txt", third.as_bytes()),
        ("b.txt", moved.as_bytes()),
        ("c.txt", second.as_bytes()),
    ]);
    let (one, two) = (findings(plain.path(), &[]), findings(other.path(), &[]));
    assert_eq!((one.len(), two.len()), (1, 1));
    assert_eq!((&one[0]["path"], &two[0]["path"]), (&"b.txt".into(), &"a.txt".into()));
    assert_eq!(one[0]["fingerprint"], two[0]["fingerprint"]);
    assert_eq!(two[0]["related"].as_array().map(Vec::len), Some(2));
}

#[test]
fn it_is_accepted_at_any_of_its_texts() {
    let folder = corpus(&[("a.txt", text(FIRST).as_bytes()), ("b.txt", text(SECOND).as_bytes())]);
    let fingerprint = findings(folder.path(), &[])[0]["fingerprint"]
        .as_str()
        .expect("a fingerprint")
        .to_owned();
    let manifest = folder.path().join("manifest.yaml");
    let before = fs::read_to_string(&manifest).expect("read");
    let accepted = format!(
        "    accepted:\n      - {{rule: duplicate/shared-passage, passage: \"{fingerprint}\", reason: both quote the clerk}}\n"
    );
    fs::write(&manifest, format!("{}\n{accepted}", before.trim_end())).expect("written");
    let found = findings(folder.path(), &[]);
    assert_eq!(found[0]["suppressed"]["reason"], "both quote the clerk");
}

#[test]
fn the_same_for_any_number_of_threads() {
    let folder = corpus(&[
        ("a.txt", text(THIRD).as_bytes()),
        ("b.txt", text(FIRST).as_bytes()),
        ("c.txt", text(SECOND).as_bytes()),
    ]);
    assert_eq!(
        findings(folder.path(), &["--threads", "1"]),
        findings(folder.path(), &["--threads", "3"])
    );
}
