//! What a Unix file system can hold: pipes, links that lead nowhere, names that are no text, files that nobody may read.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use crate::support::{corpus, run, vidimus_in};
use crate::{assert_said, check, vidimus};

const TEXT: &[u8] = b"The mill at the ford stood for ninety years. It was pulled down in one week.\n";

fn fifo(path: &Path) {
    let status = std::process::Command::new("mkfifo").arg(path).status();
    assert!(status.is_ok_and(|status| status.success()), "mkfifo");
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

/// The program as somebody who may not read everything: as nobody, where the tests run as root.
fn unprivileged(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = vidimus_in(folder);
    if fs::metadata(folder).expect("there").uid() == 0 {
        // Where the program stands, nobody may perhaps not go.
        let own = tempfile::tempdir().expect("a folder");
        let program = own.path().join("vidimus");
        fs::copy(insta_cmd::get_cargo_bin("vidimus"), &program).expect("copied");
        set_mode(own.path(), 0o755);
        let mut command = std::process::Command::new(program);
        command.current_dir(folder).env_clear().env("COLUMNS", "100");
        command.uid(65_534).gid(65_534);
        return run(command.args(["--color", "never"]).args(args));
    }
    run(command.args(["--color", "never"]).args(args))
}

#[test]
fn pipes_are_not_opened() {
    let folder = corpus(&[("a.txt", TEXT), ("listed.txt", TEXT)]);
    fs::remove_file(folder.path().join("listed.txt")).expect("removed");
    fifo(&folder.path().join("listed.txt"));
    fifo(&folder.path().join("unlisted.txt"));
    for command in [
        ["check", "--select=fixity"],
        ["check", "--ignore=layout"],
        ["verify", "-q"],
    ] {
        let (code, out, _) = vidimus(folder.path(), &[&command[..], &["--format", "concise"]].concat());
        assert_eq!(code, Some(1), "{out}");
        for name in ["listed.txt", "unlisted.txt"] {
            assert!(
                out.contains(&format!("{name}: error[fixity/special-file] this is a named pipe")),
                "{out}"
            );
        }
    }
    let (code, _, err) = vidimus(folder.path(), &["add", "unlisted.txt"]);
    assert!(code == Some(2) && err.contains("unlisted.txt is a named pipe"), "{err}");
    let (code, _, err) = vidimus(folder.path(), &["accept", "listed.txt", "--reason", "x"]);
    assert!(code == Some(2) && err.contains("listed.txt is a named pipe"), "{err}");
    let (code, _, err) = vidimus(folder.path(), &["init", "--force"]);
    assert!(code == Some(2) && err.contains("unlisted.txt is a named pipe"), "{err}");
    let (code, _, err) = vidimus(folder.path(), &["inspect", "unlisted.txt"]);
    assert!(
        code == Some(2) && err.contains("unlisted.txt: it is a named pipe"),
        "{err}"
    );
}

#[test]
fn a_pipe_for_a_manifest_a_shard_or_a_list() {
    let folder = corpus(&[("a.txt", TEXT)]);
    fifo(&folder.path().join("pipe"));
    let digest = "ab".repeat(32);
    let manifest = folder.path().join("manifest.yaml");
    let text = fs::read_to_string(&manifest).expect("read");
    fs::write(
        &manifest,
        format!("{text}entries_from: [{{path: pipe, sha256: {digest}}}]\n"),
    )
    .expect("written");
    let (code, lines) = check(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert_said(
        &lines,
        &["error[manifest/invalid-shard] the shard pipe cannot be read: it is not a regular file"],
    );
    for args in [
        &["check", "--manifest", "pipe"][..],
        &["accept", "a", "--reason", "x", "--manifest", "pipe"],
        &["verify", "--sums", "pipe"],
        &["init", "--from", "pipe", "--force"],
    ] {
        let (code, _, err) = vidimus(folder.path(), args);
        assert_eq!(code, Some(2), "{args:?}");
        assert!(
            err.contains("pipe") && err.contains("not a regular file"),
            "{args:?}: {err}"
        );
    }
}

#[test]
fn links_in_a_loop() {
    let folder = corpus(&[("a.txt", TEXT), ("b.txt", TEXT), ("x/c.txt", TEXT)]);
    for name in ["b.txt", "x/c.txt"] {
        fs::remove_file(folder.path().join(name)).expect("removed");
    }
    symlink("b.txt", folder.path().join("b.txt")).expect("linked");
    symlink("..", folder.path().join("x/up")).expect("linked");
    symlink("d.txt", folder.path().join("x/c.txt")).expect("linked");
    symlink("c.txt", folder.path().join("x/d.txt")).expect("linked");
    for links in ["forbid", "within-root"] {
        let manifest = folder.path().join("manifest.yaml");
        let text = fs::read_to_string(&manifest)
            .expect("read")
            .replace("  symlinks: forbid\n", "");
        fs::write(
            &manifest,
            text.replace("entries:", &format!("  symlinks: {links}\nentries:")),
        )
        .expect("written");
        let (code, lines) = check(folder.path(), &["--select", "fixity"]);
        assert_eq!(code, Some(1));
        for name in ["b.txt", "x/c.txt"] {
            assert_said(&lines, &[&format!("{name}: error[fixity/")]);
        }
    }
    let (code, _, err) = vidimus(folder.path(), &["init", "--force"]);
    assert!(
        code == Some(2) && err.contains("b.txt is reached through the symbolic link"),
        "{err}"
    );
}

#[test]
fn names_that_are_no_text() {
    let folder = corpus(&[("a.txt", TEXT)]);
    let long = "l".repeat(251) + ".txt";
    let odd = [
        b"line\nfeed.txt".as_slice(),
        b"caf\xe9.txt",
        b"esc\x1b[31m.txt",
        long.as_bytes(),
    ];
    for name in odd {
        fs::write(folder.path().join(OsStr::from_bytes(name)), TEXT).expect("written");
    }
    let (code, out, _) = vidimus(folder.path(), &["check", "--format", "concise"]);
    assert_eq!(code, Some(1));
    for name in ["line\\nfeed.txt", "caf\u{fffd}.txt", "esc\\u{1b}[31m.txt", &long] {
        assert!(out.contains(&format!("{name}: ")), "{name} is not named in {out}");
    }
    assert!(!out.contains('\u{1b}'));
    let (code, out, _) = vidimus(folder.path(), &["check", "--format", "json"]);
    assert_eq!(code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["summary"]["unlisted"], 4);
    for path in [b"line\nfeed.txt".as_slice(), b"caf\xe9.txt"] {
        let mut command = vidimus_in(folder.path());
        let (code, _, err) = run(command.arg("add").arg(OsStr::from_bytes(path)));
        assert!(code == Some(2) && err.lines().count() == 2, "{err}");
    }
    let (code, _, err) = vidimus(folder.path(), &["add", &long]);
    assert_eq!(code, Some(0), "{err}");
    let (code, lines) = check(folder.path(), &["--select", "fixity"]);
    assert_eq!(code, Some(1));
    assert!(!lines.iter().any(|line| line.contains(&long)), "{lines:?}");
}

#[test]
fn init_names_what_no_manifest_can_list() {
    let folder = corpus(&[("a.txt", TEXT)]);
    fs::remove_file(folder.path().join("manifest.yaml")).expect("removed");
    fs::write(folder.path().join(OsStr::from_bytes(b"caf\xe9.txt")), TEXT).expect("written");
    fs::write(folder.path().join("two\nlines.txt"), TEXT).expect("written");
    let (code, out, err) = vidimus(folder.path(), &["init"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        err.contains("no manifest can list these") && err.contains("--skip-unlistable"),
        "{err}"
    );
    assert!(
        err.contains("\n         caf\u{fffd}.txt has a name that is not UTF-8\n         two\\nlines.txt "),
        "{err}"
    );
    assert!(!folder.path().join("manifest.yaml").exists());
    let (code, out, err) = vidimus(folder.path(), &["init", "--skip-unlistable"]);
    assert_eq!((code, err.lines().count()), (Some(0), 2), "{err}");
    assert!(out.starts_with("listed 1 text"), "{out}");
}

#[test]
fn a_name_that_is_too_long_for_the_system() {
    let long = "l".repeat(256) + ".txt";
    let folder = corpus(&[("a.txt", TEXT)]);
    let manifest = folder.path().join("manifest.yaml");
    let text = fs::read_to_string(&manifest)
        .expect("read")
        .replace("path: a.txt", &format!("path: {long}"));
    fs::write(&manifest, text).expect("written");
    let (code, lines) = check(folder.path(), &["--select", "fixity"]);
    assert_eq!(code, Some(1));
    assert_said(&lines, &["lll.txt: error[fixity/"]);
}

#[test]
fn what_may_not_be_read() {
    let folder = corpus(&[("a.txt", TEXT), ("b.txt", TEXT), ("shut/c.txt", TEXT)]);
    set_mode(folder.path(), 0o755);
    set_mode(&folder.path().join("b.txt"), 0);
    set_mode(&folder.path().join("shut"), 0);
    let check = ["check", "--format", "concise", "--select", "fixity"];
    let (code, out, err) = unprivileged(folder.path(), &check);
    assert_eq!((code, err.as_str()), (Some(1), ""), "{out}");
    for said in [
        "b.txt: error[fixity/unreadable-text] the text cannot be read: permission denied",
        "shut/c.txt: error[fixity/unreadable-text] the text cannot be read: permission denied",
        "shut: error[fixity/unreadable-folder] the folder cannot be listed: permission denied",
        "3 texts listed: 1 verified",
    ] {
        assert!(out.contains(said), "nothing says {said:?} in {out}");
    }
    let (code, _, err) = unprivileged(folder.path(), &["init", "--output", "other.yaml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("b.txt cannot be read: permission denied"), "{err}");
    assert!(err.contains("shut/ cannot be listed: permission denied"), "{err}");
    let (code, _, err) = unprivileged(folder.path(), &["accept", "b.txt", "--reason", "x"]);
    assert!(
        code == Some(2) && err.contains("b.txt cannot be read: permission denied"),
        "{err}"
    );
    set_mode(&folder.path().join("manifest.yaml"), 0);
    let (code, _, err) = unprivileged(folder.path(), &["check"]);
    assert_eq!(code, Some(2));
    assert!(
        err.starts_with("error: cannot read manifest.yaml: Permission denied"),
        "{err}"
    );
    set_mode(&folder.path().join("shut"), 0o755);
}

/// A folder in which nothing can be made: the manifest stays as it is.
#[test]
fn a_folder_that_may_not_be_written_to() {
    let folder = corpus(&[("a.txt", TEXT)]);
    fs::write(folder.path().join("b.txt"), TEXT).expect("written");
    let before = fs::read(folder.path().join("manifest.yaml")).expect("read");
    set_mode(folder.path(), 0o555);
    for args in [
        &["add", "b.txt"][..],
        &["remove", "a.txt"],
        &["init", "--output", "other.yaml"],
    ] {
        let (code, out, err) = unprivileged(folder.path(), args);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}");
        assert!(
            err.contains("cannot make the folder ./.vidimus: Permission denied"),
            "{args:?}: {err}"
        );
    }
    set_mode(folder.path(), 0o755);
    assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), before);
    assert_eq!(crate::names(folder.path()), ["a.txt", "b.txt", "manifest.yaml"]);
}
