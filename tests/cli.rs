//! The whole program, as a user runs it: what it prints, and how it ends.

mod cli {
    mod exit_codes;
    mod manners;
    mod output;
}

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The program in a folder, with nothing of the environment that could change what it prints.
fn vidimus_in(folder: &Path) -> Command {
    let mut command = Command::new(insta_cmd::get_cargo_bin("vidimus"));
    command.current_dir(folder).env_clear().env("COLUMNS", "100");
    command
}

/// Exit code, standard output and standard error.
fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().expect("started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A corpus of these texts with a manifest that records them truthfully.
fn corpus(texts: &[(&str, &[u8])]) -> tempfile::TempDir {
    use std::fmt::Write as _;
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = "vidimus: 1\ncorpus:\n  include: [\"**/*.txt\"]\n  license: CC0-1.0\nentries:\n".to_owned();
    for (path, bytes) in texts {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().expect("a parent")).expect("made");
        std::fs::write(place, bytes).expect("written");
        let digest = vidimus::digest::Algorithm::Sha256.digest(bytes);
        write!(
            manifest,
            "  - path: {path}\n    sha256: \"{digest}\"\n    bytes: {}\n",
            bytes.len()
        )
        .expect("written");
        manifest.push_str("    published_at: 2011-10-18\n    origin: {kind: local, reason: a test}\n");
    }
    std::fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

/// Settings for snapshots of the whole program: in one folder, named by the test.
fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}
