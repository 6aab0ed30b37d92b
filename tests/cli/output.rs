//! What the program prints, word for word.

use std::process::Command;

use insta_cmd::assert_cmd_snapshot;

use crate::support::vidimus_in;
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
