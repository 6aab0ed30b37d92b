//! What nobody wants to be given: each kind of bad input ends in a finding or an error that says what, where and what to do
//! next; nothing hangs, nothing panics, and nothing is lost.

#[expect(dead_code, reason = "what other tests use of it")]
mod support;

mod bad_input {
    mod duplicates;
    mod manifests;
    mod packages;
    mod reports;
    mod shards;
    mod sums;
    mod texts;
    #[cfg(unix)]
    mod unix;
    mod writing;
}

use std::path::Path;

use support::{run, vidimus_in};

/// Exit code, standard output and standard error of the program in a folder, with these arguments.
fn vidimus(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(["--color", "never"]).args(args))
}

/// Findings of a check, one a line: `PLACE: severity[rule] message`.
fn check(folder: &Path, args: &[&str]) -> (Option<i32>, Vec<String>) {
    let fixed = ["check", "--format", "concise", "--quiet", "--today", "2026-01-01"];
    let (code, out, err) = vidimus(folder, &[&fixed, args].concat());
    assert_eq!(err, "");
    (code, out.lines().map(str::to_owned).collect())
}

/// Asserts that one of the lines holds all of these words.
#[track_caller]
fn assert_said(lines: &[String], words: &[&str]) {
    let said = lines.iter().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(said, "nothing says {words:?} in {lines:#?}");
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("listed");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
