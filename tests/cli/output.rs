//! What the program prints, word for word.

use std::process::Command;

use insta_cmd::assert_cmd_snapshot;

use crate::support::{run, vidimus_in};
use crate::{root, snapshots};

fn check(args: &[&str]) -> Command {
    let mut command = vidimus_in(&root());
    command.args(args).args(["--today", "2026-01-01"]);
    command
}

#[test]
fn own_corpus() {
    snapshots().bind(|| {
        assert_cmd_snapshot!("check-full", check(&["check"]));
        assert_cmd_snapshot!("check-concise", check(&["check", "--format", "concise"]));
        assert_cmd_snapshot!(
            "check-json",
            check(&["check", "--format", "json", "corpus/003-the-night-of-the-weir.txt"])
        );
        assert_cmd_snapshot!("verify-full", check(&["verify"]));
    });
}

#[test]
fn help() {
    snapshots().bind(|| {
        assert_cmd_snapshot!("help", vidimus_in(&root()).arg("--help"));
        for name in [
            "check",
            "verify",
            "diff",
            "fix",
            "log",
            "review",
            "sign",
            "duplicates",
            "rules",
            "explain",
        ] {
            assert_cmd_snapshot!(format!("help-{name}"), vidimus_in(&root()).args([name, "--help"]));
        }
    });
}

#[test]
fn rules() {
    snapshots().bind(|| {
        assert_cmd_snapshot!("rules", vidimus_in(&root()).arg("rules"));
        assert_cmd_snapshot!("explain", vidimus_in(&root()).args(["explain", "layout/leading-blank"]));
    });
}

/// A text with something of each kind: open, accepted, mended, derived, and a passage that stands in another text too.
const QUAY: &str = "The lamps of the quay\n\nAdvertisement\n\nThe keeper lit the blue lamps along the quay at dusk, and the boats came in one after the other that evening.\n\n\nNobody slept <b>well</b>.\n";
const MOLE: &str = "The keeper lit the red lamps along the quay at dusk, and the boats came in one after the other that evening.\n\nThe mole was empty.\n";

/// A corpus with these two texts, and a manifest that says something of each kind.
fn small_corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let digest = |text: &str| vidimus::digest::Algorithm::Sha256.digest(text.as_bytes());
    put("mole.txt", MOLE);
    put("quay.txt", QUAY);
    let manifest = format!(
        r#"vidimus: 1
corpus: {{title: "The quay & the mole", include: ["*.txt"], language: en, license: CC0-1.0}}
entries:
  - path: quay.txt
    sha256: "{}"
    title: The lamps of the quay
    published_at: 2011-10-18
    source: {{url: "https://quay.example.org/lamps?a=1&b=2", retrieved_at: 2015-02-03}}
    accepted: [{{rule: layout/stray-label, passage: "{{passage}}", reason: "the word on the wall of the quay"}}]
  - path: mole.txt
    sha256: "{}"
    title: The mole
    published_at: 2011-10-20
    source: {{url: "https://mole.example.org/", retrieved_at: 2015-02-04}}
    derived_from: [{{path: raw/mole.txt, sha256: "{}"}}]
    edits: [{{from: "{}", to: "{}", at: 2016-01-05T10:00:00Z, reason: "the colophon removed", rules: [layout/page-furniture]}}]
"#,
        digest(QUAY),
        digest(MOLE),
        digest("raw"),
        digest("raw"),
        digest(MOLE),
    );
    put("manifest.yaml", &manifest.replace("{passage}", "0000000000000000"));
    let (_, found, _) = run(vidimus_in(folder.path()).args(["check", "--format", "jsonl"]));
    let label = found
        .lines()
        .find(|line| line.contains("\"layout/stray-label\""))
        .expect("found");
    let finding: serde_json::Value = serde_json::from_str(label).expect("JSON");
    let passage = finding["fingerprint"].as_str().expect("a fingerprint");
    put("manifest.yaml", &manifest.replace("{passage}", passage));
    folder
}

#[test]
fn cleanup_report() {
    let folder = small_corpus();
    let report = |format: &str| {
        let args = ["check", "--format", format, "--today", "2026-01-01"];
        let (_, out, err) = run(vidimus_in(folder.path()).args(args));
        assert_eq!(err, "");
        out.replace(env!("CARGO_PKG_VERSION"), "[version]")
    };
    // Style and script stand in `templates`, and change with every touch.
    let without = |page: &str, element: &str| {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let (before, rest) = page.split_once(&open).expect("opened");
        let (_, after) = rest.split_once(&close).expect("closed");
        format!("{before}{open}[{element}]{close}{after}")
    };
    let page = without(&without(&report("html"), "style"), "script");
    let policy = page
        .lines()
        .find(|line| line.contains("Content-Security-Policy"))
        .expect("a policy");
    let page = page.replace(policy, "<meta [policy]>");
    snapshots().bind(|| {
        insta::assert_snapshot!("check-html-small", page);
        insta::assert_snapshot!("check-markdown-small", report("markdown"));
        assert_cmd_snapshot!("check-markdown", check(&["check", "--format", "markdown"]));
    });
}
