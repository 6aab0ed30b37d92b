//! Certified copies: who keeps them, who removes them, and what tells of damage.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{corpus, run, vidimus_in};

fn vidimus(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(arguments))
}

/// The copies in a store, by path.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let shelves = fs::read_dir(folder.join(".vidimus/objects")).into_iter().flatten();
    let mut copies: Vec<PathBuf> = shelves
        .flat_map(|shelf| fs::read_dir(shelf.expect("a shelf").path()).expect("listed"))
        .map(|copy| copy.expect("a copy").path())
        .collect();
    copies.sort();
    copies
}

fn begun() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "The ferry left at dawn.\n").expect("written");
    fs::write(folder.path().join("b.txt"), "Nobody saw it return.\n").expect("written");
    assert_eq!(vidimus(folder.path(), &["init"]).0, Some(0));
    folder
}

#[test]
fn certified_bytes_are_kept_until_nothing_names_them() {
    let folder = begun();
    assert_eq!(copies(folder.path()).len(), 2);
    fs::write(folder.path().join("a.txt"), "The ferry left at noon.\n").expect("written");
    let accepted = vidimus(folder.path(), &["accept", "a.txt", "--reason", "the hour was wrong"]);
    assert_eq!(accepted.0, Some(0), "{accepted:?}");
    assert_eq!(copies(folder.path()).len(), 3, "the bytes before and the bytes after");
    let (code, said, _) = vidimus(folder.path(), &["gc"]);
    assert_eq!(code, Some(0));
    assert!(
        said.starts_with("removed 0 copies that no manifest and no event names, 0 bytes; 3 stay"),
        "{said}"
    );
    // Neither the manifest nor the log knows the text any more: a log that was begun anew.
    fs::remove_file(folder.path().join(".vidimus/log.jsonl")).expect("removed");
    assert_eq!(vidimus(folder.path(), &["init", "--force"]).0, Some(0));
    let (_, said, _) = vidimus(folder.path(), &["gc", "--dry-run"]);
    assert!(said.starts_with("would remove 1 copy "), "{said}");
    assert_eq!(copies(folder.path()).len(), 3);
    let (_, said, _) = vidimus(folder.path(), &["gc"]);
    assert!(
        said.starts_with("removed 1 copy ") && said.ends_with("; 2 stay\n"),
        "{said}"
    );
    assert_eq!(copies(folder.path()).len(), 2);
}

#[test]
fn another_manifest_in_the_root_is_heeded() {
    let folder = begun();
    fs::copy(folder.path().join("manifest.yaml"), folder.path().join("old.yaml")).expect("copied");
    fs::write(folder.path().join("other.yaml"), "a: [b\n").expect("written");
    assert_eq!(vidimus(folder.path(), &["remove", "a.txt"]).0, Some(0));
    fs::remove_file(folder.path().join(".vidimus/log.jsonl")).expect("removed");
    assert!(vidimus(folder.path(), &["gc"]).1.ends_with("2 stay\n"));
    fs::write(folder.path().join("old.yaml"), "vidimus: 1\nentries: [").expect("written");
    let (code, _, said) = vidimus(folder.path(), &["gc"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("old.yaml"), "{said}");
    assert_eq!(copies(folder.path()).len(), 2);
}

#[test]
fn nothing_is_removed_while_the_log_cannot_be_read() {
    let folder = begun();
    fs::write(folder.path().join(".vidimus/log.jsonl"), "no event\n").expect("written");
    let (code, _, said) = vidimus(folder.path(), &["gc"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("line 1 of ") && said.contains("nothing is removed"),
        "{said}"
    );
    assert_eq!(copies(folder.path()).len(), 2);
}

#[test]
fn damage_is_named_and_mended_where_the_bytes_are_at_hand() {
    let folder = begun();
    assert!(
        vidimus(folder.path(), &["fsck"])
            .1
            .starts_with("2 copies sound, 0 damaged, ")
    );
    let [one, other] = &copies(folder.path())[..] else {
        panic!("two copies")
    };
    fs::write(one, b"rust").expect("written");
    fs::remove_file(other).expect("removed");
    let (code, said, _) = vidimus(folder.path(), &["fsck"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("damaged: .vidimus/objects/") && said.contains("1 text as certified without a copy"),
        "{said}"
    );
    let (code, said, _) = vidimus(folder.path(), &["fsck", "--repair"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("made 2 copies anew\n2 copies sound, 0 damaged"), "{said}");
    fs::write(one, b"rust").expect("written");
    fs::remove_file(folder.path().join("a.txt")).expect("removed");
    fs::remove_file(folder.path().join("b.txt")).expect("removed");
    let (code, said, _) = vidimus(folder.path(), &["fsck", "--repair"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("no file and no revision has its bytes any more"),
        "{said}"
    );
}

/// The copy of these bytes.
fn copy_of(folder: &Path, bytes: &str) -> std::path::PathBuf {
    let digest = vidimus::digest::Algorithm::Sha256.digest(bytes.as_bytes());
    vidimus::store::Store::at(folder).path(digest)
}

#[test]
fn a_copy_is_known_by_its_name_and_made_anew_of_any_bytes_that_have_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = ("The ferry left at dawn.\n", "The ferry left at noon.\n");
    fs::write(folder.path().join("a.txt"), first).expect("written");
    assert_eq!(vidimus(folder.path(), &["init"]).0, Some(0));
    fs::write(folder.path().join("a.txt"), second).expect("written");
    let accept = ["accept", "a.txt", "--reason", "the hour was wrong"];
    assert_eq!(vidimus(folder.path(), &accept).0, Some(0));
    let old = copy_of(folder.path(), first);
    fs::write(&old, b"rust").expect("damaged");
    let (code, said, _) = vidimus(folder.path(), &["fsck", "--repair"]);
    assert_eq!(code, Some(1), "nobody has the old bytes: {said}");
    assert!(said.contains("no file and no revision has its bytes"), "{said}");
    // The text lies there as it was once: not what is on record, but what the copy is named after.
    fs::write(folder.path().join("a.txt"), first).expect("written");
    let (code, said, _) = vidimus(folder.path(), &["fsck", "--repair"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("made 1 copy anew\n2 copies sound, 0 damaged"), "{said}");
}

#[test]
fn a_copy_of_an_earlier_version_is_made_anew_from_git() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = ("The ferry left at dawn.\n", "The ferry left at noon.\n");
    let git = |args: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.current_dir(folder.path())
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"]);
        git.args(["-c", "core.autocrlf=false"])
            .args(args)
            .output()
            .is_ok_and(|out| out.status.success())
    };
    fs::write(folder.path().join("a.txt"), first).expect("written");
    if !git(&["init", "-q"]) {
        return crate::support::left_out("git is not here");
    }
    assert_eq!(vidimus(folder.path(), &["init"]).0, Some(0));
    assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", "first"]));
    fs::write(folder.path().join("a.txt"), second).expect("written");
    let accept = ["accept", "a.txt", "--reason", "the hour was wrong"];
    assert_eq!(vidimus(folder.path(), &accept).0, Some(0));
    let old = copy_of(folder.path(), first);
    fs::write(&old, b"rust").expect("damaged");
    let (code, said, _) = vidimus(folder.path(), &["fsck", "--repair"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("made 1 copy anew\n2 copies sound, 0 damaged"), "{said}");
}

#[test]
fn nobody_is_made_to_keep_copies() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "The ferry left at dawn.\n").expect("written");
    assert_eq!(vidimus(folder.path(), &["init", "--no-store"]).0, Some(0));
    fs::write(folder.path().join("b.txt"), "Nobody saw it return.\n").expect("written");
    assert_eq!(vidimus(folder.path(), &["add", "b.txt", "--no-store"]).0, Some(0));
    fs::write(folder.path().join("a.txt"), "The ferry left at noon.\n").expect("written");
    let accept = ["accept", "a.txt", "--reason", "the hour was wrong", "--no-store"];
    assert_eq!(vidimus(folder.path(), &accept).0, Some(0));
    assert!(copies(folder.path()).is_empty());
    assert!(folder.path().join(".vidimus/log.jsonl").exists());
}

#[test]
fn what_is_refused_leaves_nothing_behind() {
    let folder = corpus(&[("a.txt", b"The ferry left at dawn.\n")]);
    let before = fs::read(folder.path().join("manifest.yaml")).expect("read");
    assert_eq!(vidimus(folder.path(), &["accept", "nope", "--reason", "x"]).0, Some(2));
    assert_eq!(vidimus(folder.path(), &["add", "nope"]).0, Some(2));
    assert_eq!(vidimus(folder.path(), &["accept", "a.txt", "--reason", "x"]).0, Some(0));
    assert!(!folder.path().join(".vidimus").exists());
    assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), before);
    let elsewhere = tempfile::tempdir().expect("a folder");
    assert_eq!(vidimus(elsewhere.path(), &["gc"]).0, Some(2));
    assert!(!elsewhere.path().join(".vidimus").exists());
}
