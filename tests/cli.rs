//! The whole program, as a user runs it: what it prints, and how it ends.

mod support;

mod cli {
    mod config;
    mod diff;
    mod duplicates;
    mod exchange;
    mod exit_codes;
    mod manners;
    mod old_findings;
    mod output;
    mod packages;
    #[cfg(unix)]
    mod pty;
    mod review;
    mod settings;
    mod shards;
    mod shared_passages;
    mod shell;
    mod sign;
}

use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Settings for snapshots of the whole program: in one folder, named by the test.
fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}
