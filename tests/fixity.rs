//! What fixity and the manifest say as a whole: one finding for one fault, whichever rules run, and in good time.

use std::fs;
use std::path::Path;

use vidimus::corpus::Corpus;
use vidimus::digest::Algorithm;
use vidimus::engine::{Options, Report};

const HEAD: &str = "vidimus: 1\ncorpus: {include: ['*.txt']}\nentries:\n";

/// A corpus of these texts, with a manifest that lists them as they are.
fn corpus(texts: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = HEAD.to_owned();
    for (path, text) in texts {
        fs::write(folder.path().join(path), text).expect("written");
        manifest += &format!("  - {{path: {path}, sha256: \"{}\"}}\n", sha256(text));
    }
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

fn sha256(text: &str) -> String {
    Algorithm::Sha256.digest(text.as_bytes()).to_string()
}

fn verify(folder: &Path) -> Report {
    let corpus = Corpus::open(&folder.join("manifest.yaml")).expect("a manifest");
    let options = Options {
        fixity_only: true,
        ..Options::default()
    };
    corpus.check(&options).expect("checked")
}

/// Place and rule of each finding, after a look at the texts and after none.
fn said(folder: &Path) -> Vec<String> {
    let say = |report: Report| -> Vec<String> {
        let of_fixity = report
            .findings
            .iter()
            .filter(|finding| matches!(finding.family(), "fixity" | "manifest"));
        of_fixity
            .map(|finding| format!("{}: {}: {}", finding.location.path, finding.rule, finding.message))
            .collect()
    };
    let corpus = Corpus::open(&folder.join("manifest.yaml")).expect("a manifest");
    let checked = say(corpus.check(&Options::default()).expect("checked"));
    assert_eq!(say(verify(folder)), checked);
    checked
}

fn rules(folder: &Path) -> Vec<String> {
    let said = said(folder);
    let rule = |line: &String| line.split(": ").take(2).collect::<Vec<_>>().join(": ");
    said.iter().map(rule).collect()
}

#[test]
fn a_sound_corpus_says_nothing() {
    assert!(said(corpus(&[("a.txt", "A mill."), ("b.txt", "A ford.")]).path()).is_empty());
}

#[test]
fn a_swap_is_one_finding() {
    let folder = corpus(&[("a.txt", "A mill."), ("b.txt", "A ford."), ("c.txt", "A dam.")]);
    let at = |name: &str| folder.path().join(name);
    fs::write(at("a.txt"), "A ford.").expect("written");
    fs::write(at("b.txt"), "A mill.").expect("written");
    assert_eq!(
        said(folder.path()),
        ["a.txt: fixity/swapped-texts: this text and b.txt carry each other's recorded bytes"]
    );
    fs::write(at("b.txt"), "A dam.").expect("written");
    fs::write(at("c.txt"), "A mill.").expect("written");
    assert_eq!(
        said(folder.path()),
        ["a.txt: fixity/swapped-texts: this text and 2 others carry each other's recorded bytes, in a ring"]
    );
}

#[test]
fn a_text_in_the_place_of_another_is_no_swap() {
    let folder = corpus(&[("a.txt", "A mill."), ("b.txt", "A ford.")]);
    fs::write(folder.path().join("a.txt"), "A ford.").expect("written");
    assert_eq!(
        said(folder.path()),
        ["a.txt: fixity/hash-mismatch: the bytes are not those on record: they are those of b.txt"]
    );
}

#[test]
fn two_rings_over_equal_records_are_told_apart() {
    let texts = [("a.txt", "1"), ("b.txt", "2"), ("c.txt", "1"), ("d.txt", "3")];
    let folder = corpus(&texts);
    for (path, text) in [("a.txt", "2"), ("b.txt", "1"), ("c.txt", "3"), ("d.txt", "1")] {
        fs::write(folder.path().join(path), text).expect("written");
    }
    let lines = rules(folder.path());
    assert!(
        lines.iter().all(|line| line.ends_with("fixity/swapped-texts")),
        "{lines:?}"
    );
}

#[test]
fn a_moved_text_is_neither_missing_nor_unlisted() {
    let folder = corpus(&[("a.txt", "A mill."), ("b.txt", "A ford.")]);
    fs::rename(folder.path().join("a.txt"), folder.path().join("c.txt")).expect("renamed");
    assert_eq!(rules(folder.path()), ["a.txt: fixity/moved-text"]);
}

#[test]
fn an_invalid_digest_is_said_once_whether_its_text_is_read_or_not() {
    let folder = corpus(&[("a.txt", "A mill."), ("b.txt", "A ford.")]);
    let path = folder.path().join("manifest.yaml");
    let manifest = fs::read_to_string(&path).expect("read");
    let md5 = Algorithm::Md5.digest(b"A mill.").to_string();
    let manifest = manifest
        .replace(&sha256("A mill."), &md5)
        .replace("b.txt, ", "b.txt, digests: {sha1: none}, ");
    fs::write(&path, manifest + "  - {path: gone.txt, sha256: TODO}\n").expect("written");
    let lines = rules(folder.path());
    let invalid = lines.iter().filter(|line| line.ends_with("manifest/invalid-digest"));
    assert_eq!((invalid.count(), lines.len()), (3, 4), "{lines:?}");
}

#[test]
fn an_accepted_mismatch_does_not_cover_the_next_one() {
    let folder = corpus(&[("a.txt", "A mill.")]);
    let write = |text: &str| fs::write(folder.path().join("a.txt"), text).expect("written");
    write("A mill");
    let first = verify(folder.path()).findings.remove(0).fingerprint;
    write("A hill.");
    let second = verify(folder.path()).findings.remove(0).fingerprint;
    assert_ne!(first, second);
}

#[test]
fn ten_thousand_entries_are_read_in_good_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = HEAD.to_owned();
    for turn in 0..10_000 {
        let name = turn / 2;
        manifest += &format!("  - {{path: x/{name}.txt, id: i{name}, sha256: TODO, bytes: many}}\n");
    }
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    let begun = std::time::Instant::now();
    let report = verify(folder.path());
    assert_eq!(report.summary.missing, 10_000);
    assert_eq!(report.summary.errors, 10_000 * 3 + 5_000 * 2 + 2);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
