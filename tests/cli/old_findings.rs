//! What is old: a baseline, a baseline from a revision, and a report of this change alone.

use std::path::Path;
use std::process::Command;

use crate::support::{corpus, run, vidimus_in};

const STORY: &str = "The keeper of the weir slept well, and the boats lay still until the evening came.\n";

fn old() -> String {
    format!(
        "Advertisement\n\n{STORY}\nAdvertisement\n\nNobody came by, and the lamps were lit on the other side of the water.\n"
    )
}

fn check(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let fixed = [
        "--color",
        "never",
        "check",
        "--format",
        "concise",
        "--select",
        "layout,fixity",
    ];
    run(vidimus_in(folder).args(fixed).args(args))
}

fn vidimus(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(args))
}

/// Writes a text, and its digest into the manifest.
fn change(folder: &Path, name: &str, text: &str) {
    let manifest = folder.join("manifest.yaml");
    let digest = |text: &str| vidimus::digest::Algorithm::Sha256.digest(text.as_bytes()).to_string();
    let before = std::fs::read_to_string(folder.join(name)).expect("read");
    let listed = std::fs::read_to_string(&manifest).expect("read");
    let bytes = |text: &str| format!("bytes: {}", text.len());
    let listed = listed
        .replace(&digest(&before), &digest(text))
        .replace(&bytes(&before), &bytes(text));
    std::fs::write(manifest, listed).expect("written");
    std::fs::write(folder.join(name), text).expect("written");
}

fn git(folder: &Path, args: &[&str]) -> bool {
    let command = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.org",
            "-c",
            "init.defaultBranch=main",
            "-c",
            "core.autocrlf=false",
        ])
        .args(args)
        .output();
    let Ok(output) = command else {
        crate::support::left_out("git is not here");
        return false;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

#[test]
fn old_findings_pass_and_a_new_one_fails() {
    let folder = corpus(&[("a.txt", old().as_bytes())]);
    let root = folder.path();
    assert_eq!(check(root, &[]).0, Some(1));
    let (code, out, err) = vidimus(root, &["baseline", "write"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("vidimus-baseline.json: "), "{out}");
    let known = ["--baseline", "vidimus-baseline.json"];
    let (code, out, _) = check(root, &known);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("known to the baseline"), "{out}");
    // A further one of the same words is new, and so is one that has moved nothing else.
    change(
        root,
        "a.txt",
        &format!(
            "{}\nAdvertisement\n\nThe miller closed the gates, as he had done on every other evening of the year.\n",
            old()
        ),
    );
    let (code, out, _) = check(root, &known);
    assert_eq!(code, Some(1), "{out}");
    assert_eq!(out.matches("layout/stray-label").count(), 1, "{out}");
}

#[test]
fn a_baseline_is_written_once_and_pruned_after() {
    let folder = corpus(&[("a.txt", old().as_bytes())]);
    let root = folder.path();
    assert_eq!(vidimus(root, &["baseline", "check"]).0, Some(2));
    assert_eq!(vidimus(root, &["baseline", "write"]).0, Some(0));
    let (code, _, err) = vidimus(root, &["baseline", "write"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("prune"), "{err}");
    let (code, _, err) = vidimus(root, &["baseline", "write", "--overwrite", "--baseline", "a.txt"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("is no baseline"), "{err}");
    assert_eq!(std::fs::read_to_string(root.join("a.txt")).expect("read"), old());
    assert_eq!(vidimus(root, &["baseline", "write", "--overwrite"]).0, Some(0));
    assert_eq!(vidimus(root, &["baseline", "check"]).0, Some(0));
    change(root, "a.txt", STORY);
    let (_, _, err) = check(root, &["--baseline", "vidimus-baseline.json"]);
    assert!(err.contains("not found any more"), "{err}");
    let (code, out, _) = vidimus(root, &["baseline", "check"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("a.txt: layout/stray-label ["), "{out}");
    assert_eq!(vidimus(root, &["baseline", "prune"]).0, Some(0));
    assert_eq!(vidimus(root, &["baseline", "check"]).0, Some(0));
}

#[test]
fn what_was_not_verified_is_not_known() {
    let folder = corpus(&[("a.txt", old().as_bytes())]);
    let root = folder.path();
    std::fs::write(root.join("a.txt"), STORY).expect("written");
    let (code, _, err) = vidimus(root, &["baseline", "write"]);
    assert_eq!(code, Some(0));
    assert!(err.contains("cannot be known"), "{err}");
    let (code, out, _) = check(root, &["--baseline", "vidimus-baseline.json"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("error[fixity/hash-mismatch]"), "{out}");
}

#[test]
fn the_configuration_names_the_baseline() {
    let folder = corpus(&[("a.txt", old().as_bytes())]);
    let root = folder.path();
    std::fs::write(root.join("vidimus.toml"), "baseline = \"known.json\"\n").expect("written");
    let (code, _, err) = check(root, &[]);
    assert_eq!(code, Some(2));
    assert!(err.contains("vidimus baseline write"), "{err}");
    assert_eq!(vidimus(root, &["baseline", "write"]).0, Some(0));
    assert!(root.join("known.json").exists());
    assert_eq!(check(root, &[]).0, Some(0));
    assert_eq!(check(root, &["--no-baseline"]).0, Some(1));
    std::fs::write(root.join("known.json"), "{}").expect("written");
    assert_eq!(check(root, &[]).0, Some(2));
}

#[test]
fn a_revision_is_a_baseline_and_a_change_is_seen_alone() {
    let folder = corpus(&[
        ("a.txt", old().as_bytes()),
        ("b.txt", old().replace("weir", "bridge").as_bytes()),
    ]);
    let root = folder.path();
    if !git(root, &["init", "-q"]) {
        return;
    }
    git(root, &["add", "."]);
    git(root, &["commit", "-qm", "first"]);
    change(
        root,
        "a.txt",
        &format!(
            "{}\nShare this article\n\nThe miller closed the gates, as he had done on every other evening.\n",
            old()
        ),
    );
    assert!(check(root, &[]).1.contains("b.txt"));
    for args in [["--baseline-from-ref", "HEAD"], ["--since", "HEAD"]] {
        let (code, out, err) = check(root, &args);
        assert_eq!(code, Some(1), "{args:?} {out}{err}");
        let open: Vec<&str> = out
            .lines()
            .filter(|line| line.contains(": warning[") || line.contains(": error["))
            .collect();
        assert_eq!(open.len(), 1, "{args:?} {out}");
        assert!(open[0].starts_with("a.txt:9:1"), "{out}");
    }
    assert!(check(root, &["--since", "HEAD"]).1.contains("outside the change"));
    let demanded = vidimus::digest::Algorithm::Sha256
        .digest(&std::fs::read(root.join("manifest.yaml")).expect("read"))
        .to_string();
    let today = ["--baseline-from-ref", "HEAD", "--manifest-sha256", &demanded, "a.txt"];
    assert_eq!(
        check(root, &today).1.matches(": warning[").count(),
        1,
        "what is demanded today is no matter of then"
    );
    for args in [["--baseline-from-ref", "nowhere"], ["--since", "nowhere"]] {
        let (code, _, err) = check(root, &args);
        assert_eq!(code, Some(2));
        assert!(err.contains("no revision nowhere"), "{err}");
    }
    git(root, &["add", "."]);
    git(root, &["commit", "-qm", "second"]);
    assert_eq!(check(root, &["--since", "HEAD"]).0, Some(0));
}
