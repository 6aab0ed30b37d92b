//! `diff`: what differs from the certified bytes, between revisions and between manifests, and that nothing of a text or a
//! repository gets out.

use std::path::Path;
use std::process::Command;

use crate::support::{corpus, run, vidimus_in};

const MILL: &str =
    "The mill at the ford stood for ninety years.\nIt ground the corn of the valley.\n\nThen the river rose.\n";

/// `git` with nothing of the environment, as somebody who does not exist.
fn git(folder: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.env_clear().current_dir(folder);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    let identity = [
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_AUTHOR_NAME", "Nobody"),
        ("GIT_AUTHOR_EMAIL", "nobody@example.org"),
        ("GIT_COMMITTER_NAME", "Nobody"),
        ("GIT_COMMITTER_EMAIL", "nobody@example.org"),
        ("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z"),
        ("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z"),
    ];
    let done = command.envs(identity).args(args).output().expect("git");
    assert!(
        done.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    git(
        folder,
        &[
            "-c",
            "core.autocrlf=false",
            "commit",
            "-q",
            "--no-verify",
            "-m",
            message,
        ],
    );
}

/// A corpus in a repository, committed as it was certified.
fn certified(texts: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = corpus(texts);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(folder.path(), "certified");
    folder
}

fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).expect("written");
}

/// `vidimus diff`, which needs to find `git`.
fn diff(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = vidimus_in(folder);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    run(command.arg("diff").args(args))
}

/// What is said of one text that was certified as `old` and is `new`.
fn said(old: &[u8], new: &[u8]) -> String {
    let folder = certified(&[("a.txt", old)]);
    put(folder.path(), "a.txt", new);
    let (code, out, err) = diff(folder.path(), &[]);
    assert_eq!((code, err.as_str()), (Some(1), ""), "{out}");
    out
}

fn heading(old: &[u8], new: &[u8]) -> String {
    let out = said(old, new);
    let line = out.lines().next().unwrap_or_default();
    line.strip_prefix("a.txt: ").expect("a heading").to_owned()
}

#[test]
fn a_changed_text_is_compared_with_what_git_has_of_it() {
    let folder = certified(&[("a.txt", MILL.as_bytes()), ("b.txt", b"The ford.\n")]);
    put(folder.path(), "a.txt", MILL.replace("ninety years", "ten winters"));
    let (code, out, err) = diff(folder.path(), &[]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let expected = "a.txt: prose changed: 2 words removed, 2 added\n--- a/a.txt\tgit\n+++ b/a.txt\n@@ -1,4 +1,4 @@\n\
                    -The mill at the ford stood for ninety years.\n+The mill at the ford stood for ten winters.\n \
                    It ground the corn of the valley.\n \n Then the river rose.\n\n\
                    1 text differs, 1 is equal: 2 words removed, 2 added\n";
    assert_eq!(out, expected);
    let (_, out, _) = diff(folder.path(), &["--format", "words", "--context", "0", "-q"]);
    assert!(out.contains("stood for [-ninety years.-]{+ten winters.+}\n"), "{out}");
    let (_, out, _) = diff(folder.path(), &["--stat", "-q"]);
    assert_eq!(out, "a.txt  +2 -2  prose\n");
}

#[test]
fn equal_texts_are_0_and_a_text_without_a_copy_is_2() {
    let folder = corpus(&[("a.txt", MILL.as_bytes())]);
    assert_eq!(diff(folder.path(), &[]).0, Some(0));
    put(folder.path(), "a.txt", "Something else.\n");
    let (code, out, _) = diff(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert!(out.contains("no copy of the certified bytes is at hand"), "{out}");
    assert!(out.contains("help: restore the text"), "{out}");
    assert_eq!(diff(folder.path(), &["other.txt"]).0, Some(2));
}

#[test]
fn the_store_is_asked_first() {
    let folder = corpus(&[("a.txt", MILL.as_bytes())]);
    let batch = vidimus::atomic::Batch::default();
    let store = vidimus::store::Store::at(folder.path());
    store.keep(MILL.as_bytes(), &batch).expect("kept");
    batch.flush().expect("flushed");
    put(folder.path(), "a.txt", MILL.replace("ninety", "ten"));
    let (code, out, _) = diff(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(out.contains("--- a/a.txt\tstore\n"), "{out}");
}

#[test]
fn the_heading_says_what_kind_of_change_it_is() {
    let text = MILL.as_bytes();
    assert_eq!(
        heading(text, MILL.replace('\n', "\r\n").as_bytes()),
        "line ends: LF → CRLF on 4 lines"
    );
    assert_eq!(heading(text, MILL.trim_end().as_bytes()), "final newline removed");
    assert_eq!(heading(text, b""), "cut: all 101 bytes gone");
    assert_eq!(heading(text, &text[..80]), "cut after byte 80: 21 bytes gone");
    assert_eq!(heading(b"", text), "prose changed: 20 words added");
    assert_eq!(
        heading(text, MILL.replace("corn", "\0\0\0\0").as_bytes()),
        "damaged: 4 NUL bytes, the first at byte 59"
    );
    assert_eq!(
        heading("Das Café.\n".as_bytes(), b"Das Caf\xE9.\n"),
        "encoding: UTF-8 → windows-1252"
    );
}

#[test]
fn furniture_is_told_from_prose_by_the_rules_for_layout() {
    let paragraph =
        "The keeper of the weir counted forty lamps along the quay before the barges came in from the town.";
    let old = format!("{paragraph}\n\nShare on Facebook\n\n{paragraph}\n");
    let new = old.replace("Share on Facebook\n\n", "");
    assert_eq!(
        heading(old.as_bytes(), new.as_bytes()),
        "layout only: 3 words of page furniture removed"
    );
}

#[test]
fn nothing_of_a_text_reaches_the_terminal_raw() {
    let hostile = "The \u{1b}[31mmill\u{202e} at\u{7} the\u{9b}2J ford\0.\r\nIt\u{200b} stood.\n";
    let folder = certified(&[("a.txt", hostile.as_bytes())]);
    let mut bytes = hostile.replace("stood", "fell").into_bytes();
    bytes.extend_from_slice(b"\xFF\xFE broken");
    put(folder.path(), "a.txt", bytes);
    for format in ["unified", "words", "side-by-side", "stat", "json"] {
        let (code, out, err) = diff(folder.path(), &["--format", format]);
        assert_eq!((code, err.as_str()), (Some(1), ""), "{format}");
        let obeyed = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202e}' | '\u{200b}');
        let found = out
            .chars()
            .find(|c| obeyed(*c) && !(format == "json" && *c >= '\u{7f}'));
        assert_eq!(found, None, "{format}: {out}");
    }
}

#[test]
fn the_columns_of_both_sides_fit_the_width() {
    let wide = format!(
        "{}\n{}\n",
        "水车在渡口立了九十年。".repeat(6),
        "The mill stood at the ford. ".repeat(8)
    );
    let folder = certified(&[("a.txt", wide.as_bytes())]);
    put(
        folder.path(),
        "a.txt",
        wide.replace("九十", "八十").replace("ford", "weir"),
    );
    let (_, out, _) = diff(folder.path(), &["--format", "side-by-side"]);
    let rows: Vec<&str> = out.lines().filter(|line| line.contains(" | ")).collect();
    assert!(rows.len() > 6, "{out}");
    let width = |line: &&str| unicode_width(line);
    assert!(rows.iter().map(width).max() <= Some(100), "{out}");
}

fn unicode_width(line: &str) -> usize {
    line.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum()
}

#[test]
fn a_hostile_repository_runs_nothing() {
    let folder = certified(&[("a.txt", MILL.as_bytes())]);
    let mark = folder.path().join("ran");
    let program = folder.path().join("leave-a-mark");
    put(
        folder.path(),
        "leave-a-mark",
        format!("#!/bin/sh\ntouch '{}'\n", mark.display()),
    );
    git(folder.path(), &["update-index", "--add", "--chmod=+x", "leave-a-mark"]);
    let chmod = Command::new("chmod").arg("+x").arg(&program).status().expect("chmod");
    assert!(chmod.success());
    let program = program.to_str().expect("UTF-8");
    for key in [
        "core.fsmonitor",
        "diff.external",
        "diff.mark.textconv",
        "diff.mark.command",
        "core.pager",
        "gpg.program",
    ] {
        git(folder.path(), &["config", key, program]);
    }
    for key in [
        "filter.mark.smudge",
        "filter.mark.clean",
        "core.sshCommand",
        "core.alternateRefsCommand",
    ] {
        git(folder.path(), &["config", key, program]);
    }
    git(folder.path(), &["config", "log.showSignature", "true"]);
    put(folder.path(), ".gitattributes", "*.txt diff=mark filter=mark\n");
    put(folder.path(), "a.txt", MILL.replace("ninety", "ten"));
    std::fs::remove_file(&mark).ok();
    let (code, out, _) = diff(folder.path(), &[]);
    assert_eq!(code, Some(1), "{out}");
    let (code, out, _) = diff(folder.path(), &["--from", "HEAD"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(!mark.exists(), "a program of the repository ran");
    git(folder.path(), &["diff"]);
    assert!(mark.exists(), "the trap is none");
}

#[test]
fn a_revision_is_a_name_and_nothing_else() {
    let folder = certified(&[("a.txt", MILL.as_bytes())]);
    for revision in ["--output=x", "no-such-branch", "HEAD:a.txt"] {
        let (code, _, err) = diff(folder.path(), &["--from", revision]);
        assert_eq!(code, Some(2), "{revision}");
        assert!(!err.is_empty());
    }
    assert!(!folder.path().join("x").exists());
    let bare = corpus(&[("a.txt", MILL.as_bytes())]);
    let (code, _, err) = diff(bare.path(), &["--from", "HEAD"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("no Git repository"), "{err}");
    let (code, _, err) = run(vidimus_in(bare.path())
        .env("PATH", "/nowhere")
        .args(["diff", "--from", "HEAD"]));
    assert_eq!(code, Some(2));
    assert!(err.contains("cannot be started"), "{err}");
}

/// Writes a manifest of texts, with ids.
fn record(folder: &Path, texts: &[(&str, &str, &[u8])]) {
    let mut manifest = "vidimus: 1\ncorpus: {include: ['*.txt']}\nentries:\n".to_owned();
    for (id, path, bytes) in texts {
        let digest = vidimus::digest::Algorithm::Sha256.digest(bytes);
        manifest.push_str(&format!("  - {{id: {id}, path: {path}, sha256: {digest}}}\n"));
        put(folder, path, bytes);
    }
    put(folder, "manifest.yaml", manifest);
}

#[test]
fn two_revisions_are_compared_as_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    let edited = MILL.replace("corn", "grain");
    record(
        folder.path(),
        &[
            ("mill", "a.txt", MILL.as_bytes()),
            ("ford", "b.txt", b"The ford.\n"),
            ("weir", "c.txt", b"The weir.\n"),
        ],
    );
    commit(folder.path(), "one");
    std::fs::remove_file(folder.path().join("b.txt")).expect("removed");
    std::fs::remove_file(folder.path().join("c.txt")).expect("removed");
    record(
        folder.path(),
        &[
            ("mill", "a.txt", edited.as_bytes()),
            ("weir", "d.txt", b"The weir.\n"),
            ("new", "e.txt", b"A new one.\n"),
        ],
    );
    commit(folder.path(), "two");
    let lines = |args: &[&str]| {
        let (code, out, err) = diff(folder.path(), args);
        assert_eq!((code, err.as_str()), (Some(1), ""), "{out}");
        out
    };
    let stat = "a.txt  +1 -1  prose\nb.txt  +0 -2  removed\nd.txt  +0 -0  moved\ne.txt  +3 -0  added\n";
    assert_eq!(lines(&["--from", "HEAD~1", "--to", "HEAD", "--stat", "-q"]), stat);
    assert_eq!(lines(&["--from", "HEAD~1", "--stat", "-q"]), stat);
    assert_eq!(
        lines(&["--from", "HEAD~1", "mill", "--stat", "-q"]),
        "a.txt  +1 -1  prose\n"
    );
    assert!(lines(&["--from", "HEAD~1"]).contains("d.txt (was c.txt): moved, and nothing else\n"));
    assert_eq!(diff(folder.path(), &["--from", "HEAD"]).0, Some(0));
}

#[test]
fn two_manifests_are_compared_by_entry_and_key() {
    let folder = corpus(&[("a.txt", MILL.as_bytes()), ("b.txt", b"The ford.\n")]);
    let old = std::fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    put(folder.path(), "old.yaml", &old);
    assert_eq!(diff(folder.path(), &["old.yaml", "manifest.yaml"]).0, Some(0));
    let new = old
        .replacen("2011-10-18", "2011-10-19", 1)
        .replace("path: b.txt", "path: c/b.txt");
    put(folder.path(), "new.yaml", new);
    let (code, out, _) = diff(folder.path(), &["old.yaml", "new.yaml"]);
    assert_eq!(code, Some(1));
    let expected = "a.txt: changed\n  published_at: 2011-10-18 → 2011-10-19\n\nc/b.txt: moved from b.txt\n\n\
                    entries: 1 changed, 1 moved; 0 are the same\n";
    assert_eq!(out, expected);
}
