//! What a shell expects: standard input, lists of files, completions, manual pages.

use std::path::Path;

use crate::support::{self, corpus, run, vidimus_in};

const TEXT: &[u8] = b"Advertisement\n\nThe keeper of the weir slept well, and the boats lay still until the evening.\n";

fn fed(folder: &Path, args: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let mut command = vidimus_in(folder);
    command
        .args(["--color", "never", "check", "--format", "concise"])
        .args(args);
    support::fed(&mut command, input)
}

#[test]
fn one_text_comes_from_standard_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, out, err) = fed(folder.path(), &["-"], TEXT);
    assert_eq!(code, Some(1), "{err}");
    assert!(out.contains("-:1:1: warning[layout/stray-label]"), "{out}");
    let (_, out, _) = fed(folder.path(), &["-", "--stdin-path", "new/a.txt"], TEXT);
    assert!(out.contains("new/a.txt:1:1: "), "{out}");
    assert_eq!(fed(folder.path(), &["-"], b"The keeper slept well.\n").0, Some(0));
    let (code, _, err) = fed(folder.path(), &["-"], b"");
    assert_eq!(code, Some(2));
    assert!(err.contains("standard input is empty"), "{err}");
}

#[test]
fn a_listed_text_from_standard_input_has_its_record() {
    let folder = corpus(&[("a.txt", b"The keeper slept well.\n"), ("b.txt", b"Nobody came by.\n")]);
    let title = "title: Advertisement";
    let manifest = folder.path().join("manifest.yaml");
    let listed = std::fs::read_to_string(&manifest).expect("read").replacen(
        "- path: a.txt",
        &format!("- path: a.txt\n    {title}"),
        1,
    );
    std::fs::write(&manifest, listed).expect("written");
    // The title on record is no label, and nothing is said of other texts, nor of bytes that are not on the disk.
    let (code, out, err) = fed(folder.path(), &["-", "--stdin-path", "a.txt"], TEXT);
    assert_eq!(code, Some(0), "{out}{err}");
    assert_eq!(
        std::fs::read(folder.path().join("a.txt")).expect("read"),
        b"The keeper slept well.\n"
    );
}

#[test]
fn a_text_from_standard_input_stands_alone_and_overwrites_nothing() {
    let folder = corpus(&[("a.txt", TEXT), ("b.txt", b"Nobody came by.\n")]);
    for args in [
        &["-", "b.txt"][..],
        &["-", "--since", "HEAD"],
        &["-", "--record"],
        &["-", "--files-from", "list"],
    ] {
        let (code, _, err) = fed(folder.path(), args, TEXT);
        assert_eq!(code, Some(2), "{args:?}");
        assert!(err.contains("stands alone"), "{err}");
    }
    assert_eq!(fed(folder.path(), &["--stdin-path", "a.txt"], TEXT).0, Some(2));
    let (code, _, err) = fed(
        folder.path(),
        &["-", "--output", "json=a.txt"],
        b"The keeper slept well.\n",
    );
    assert_eq!(code, Some(2));
    assert!(err.contains("belongs to the corpus"), "{err}");
    assert_eq!(std::fs::read(folder.path().join("a.txt")).expect("read"), TEXT);
    assert_eq!(fed(folder.path(), &["-", "--output", "sarif=r.sarif"], TEXT).0, Some(1));
    let sarif = std::fs::read_to_string(folder.path().join("r.sarif")).expect("read");
    assert!(sarif.contains("deletedRegion"), "{sarif}");
}

#[test]
fn paths_come_from_a_file() {
    let folder = corpus(&[
        ("a.txt", TEXT),
        ("b.txt", b"Advertisement\n\nNobody came by.\n"),
        ("c.txt", b"The keeper slept well.\n"),
    ]);
    std::fs::write(folder.path().join("list"), "c.txt\na.txt\n").expect("written");
    let (code, out, _) = fed(folder.path(), &["--files-from", "list"], b"");
    assert_eq!(code, Some(1));
    assert!(out.contains("a.txt:1:1") && !out.contains("b.txt"), "{out}");
    assert_eq!(fed(folder.path(), &["--files-from", "-"], b"c.txt\n").0, Some(0));
    assert_eq!(fed(folder.path(), &["--files-from", "-"], b"").0, Some(2));
    assert_eq!(fed(folder.path(), &["--files-from", "-"], b"gone.txt\n").0, Some(2));
}

#[test]
fn every_shell_completes_every_command() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let help = run(vidimus_in(here).arg("--help")).1;
    let listed = help
        .split("Commands:")
        .nth(1)
        .and_then(|rest| rest.split("Options:").next())
        .expect("commands");
    let commands: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "nushell"] {
        let (code, script, _) = run(vidimus_in(here).args(["completions", shell]));
        assert_eq!(code, Some(0));
        for command in &commands {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
        assert!(script.contains("baseline-from-ref"), "{shell}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, page, _) = run(vidimus_in(folder.path()).arg("man"));
    assert_eq!(code, Some(0));
    assert!(page.contains(".TH vidimus 1") && page.contains("Exit codes"), "{page}");
    assert_eq!(run(vidimus_in(folder.path()).args(["man", "pages"])).0, Some(0));
    for name in [
        "vidimus.1",
        "vidimus-check.1",
        "vidimus-baseline.1",
        "vidimus-baseline-prune.1",
    ] {
        assert!(folder.path().join("pages").join(name).exists(), "{name}");
    }
}

#[test]
fn verbose_names_first_what_was_not_verified() {
    let folder = corpus(&[("a.txt", TEXT), ("b.txt", TEXT)]);
    std::fs::write(folder.path().join("b.txt"), "x\n").expect("written");
    let said = |flag: &str| run(vidimus_in(folder.path()).args(["verify", flag])).2;
    assert_eq!(said("-v"), "b.txt: changed\n");
    assert_eq!(said("-vv"), "a.txt: verified\nb.txt: changed\n");
}
