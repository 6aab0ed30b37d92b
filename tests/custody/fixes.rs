//! `fix`: what is mended, what is left alone, and what is written.

use std::fs;
use std::path::Path;

use crate::support::{corpus, run, vidimus_in};

fn vidimus(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder).args(arguments))
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("read")
}

/// A text with blank lines before its title, lines that end in space, a label of the page and blank lines in a run.
const RAW: &str = "\n  \nThe Lamps of the Quay\n\nOn the eastern quay the lamps were lit at four, an hour before the barges came in from the salt pans.  \n\n\n\nAdvertisement\n\nThe keeper wrote the hour of each in a ledger that nobody has read since, and went home by the lower road.\n\nIn winter the ledger stayed shut for weeks, and the lamps were lit by whoever came past with a taper in hand.\n";
const CLEAN: &str = "The Lamps of the Quay\n\nOn the eastern quay the lamps were lit at four, an hour before the barges came in from the salt pans.\n\nThe keeper wrote the hour of each in a ledger that nobody has read since, and went home by the lower road.\n\nIn winter the ledger stayed shut for weeks, and the lamps were lit by whoever came past with a taper in hand.\n";

#[test]
fn a_text_is_mended_in_place_once_its_certified_bytes_are_kept() {
    let folder = corpus(&[
        ("a.txt", RAW.as_bytes()),
        ("b.txt", CLEAN.replace("four", "five").as_bytes()),
    ]);
    let (code, said, error) = vidimus(folder.path(), &["fix", "--fail-on", "never", "--reason", "for print"]);
    assert_eq!(code, Some(0), "{said}{error}");
    assert_eq!(read(folder.path(), "a.txt"), CLEAN);
    assert!(said.contains("mended 1 text by "), "{said}");
    let manifest = read(folder.path(), "manifest.yaml");
    assert!(
        manifest.contains("reason: \"for print\"\n") && manifest.contains("- layout/stray-label\n"),
        "{manifest}"
    );
    assert!(manifest.contains(&format!("bytes: {}\n", CLEAN.len())), "{manifest}");
    assert_eq!(vidimus(folder.path(), &["verify"]).0, Some(0));
    assert!(vidimus(folder.path(), &["fsck"]).1.starts_with("2 copies sound"));
    let (code, said, _) = vidimus(folder.path(), &["fix", "--fail-on", "never"]);
    assert_eq!(code, Some(0));
    assert!(said.starts_with("nothing to mend\n"), "{said}");
    assert_eq!(read(folder.path(), "manifest.yaml"), manifest);
}

#[test]
fn the_plan_is_the_same_and_writes_nothing() {
    let folder = corpus(&[("a.txt", RAW.as_bytes())]);
    let before = read(folder.path(), "manifest.yaml");
    let planned = vidimus(folder.path(), &["fix", "--diff", "--format", "json"]);
    assert_eq!(read(folder.path(), "a.txt"), RAW);
    assert_eq!(read(folder.path(), "manifest.yaml"), before);
    assert!(!folder.path().join(".vidimus").exists());
    let done = vidimus(folder.path(), &["fix", "--format", "json"]);
    assert_eq!(planned.0, done.0);
    let plain = |said: &str| -> serde_json::Value {
        let mut json: serde_json::Value = serde_json::from_str(said).expect("JSON");
        json["written"].take();
        json
    };
    assert_eq!(plain(&planned.1), plain(&done.1));
    assert_eq!(plain(&done.1)["texts"][0]["path"], "a.txt");
}

#[test]
fn only_what_is_selected_is_mended() {
    let folder = corpus(&[("a.txt", RAW.as_bytes())]);
    vidimus(folder.path(), &["fix", "--select", "layout/trailing-space"]);
    let text = read(folder.path(), "a.txt");
    assert!(text.contains("Advertisement") && !text.contains("pans.  "), "{text}");
    vidimus(folder.path(), &["fix", "--ignore", "layout/stray-label"]);
    let text = read(folder.path(), "a.txt");
    assert!(
        text.contains("Advertisement") && text.starts_with("The Lamps"),
        "{text}"
    );
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let raw = RAW.replace('\n', "\r\n");
    let folder = corpus(&[("a.txt", raw.as_bytes())]);
    vidimus(folder.path(), &["fix"]);
    assert_eq!(read(folder.path(), "a.txt"), CLEAN.replace('\n', "\r\n"));
}

#[test]
fn a_text_that_is_not_as_certified_is_left_alone() {
    let folder = corpus(&[
        ("a.txt", RAW.as_bytes()),
        ("b.txt", RAW.replace("four", "five").as_bytes()),
    ]);
    let changed = RAW.replace("four", "six");
    fs::write(folder.path().join("a.txt"), &changed).expect("written");
    let (code, said, _) = vidimus(folder.path(), &["fix"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("left alone: a.txt is not as certified"), "{said}");
    assert_eq!(read(folder.path(), "a.txt"), changed);
    assert_eq!(read(folder.path(), "b.txt"), CLEAN.replace("four", "five"));
}

#[test]
fn what_was_accepted_is_not_mended() {
    let folder = corpus(&[("a.txt", RAW.as_bytes())]);
    let (_, said, _) = vidimus(
        folder.path(),
        &["check", "--format", "json", "--select", "layout/stray-label"],
    );
    let report: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let passage = report["findings"][0]["fingerprint"].as_str().expect("a fingerprint");
    let manifest = read(folder.path(), "manifest.yaml");
    let accepted = format!("    accepted: [{{rule: layout/stray-label, passage: \"{passage}\", reason: a sign}}]\n");
    fs::write(folder.path().join("manifest.yaml"), manifest + &accepted).expect("written");
    vidimus(folder.path(), &["fix"]);
    assert!(read(folder.path(), "a.txt").contains("Advertisement"));
}

#[test]
fn all_texts_go_into_a_new_folder_and_the_originals_stay() {
    let folder = corpus(&[
        ("raw/a.txt", RAW.as_bytes()),
        ("b.txt", CLEAN.replace("four", "five").as_bytes()),
    ]);
    let before = read(folder.path(), "manifest.yaml");
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().join("clean");
    let to = target.to_str().expect("UTF-8");
    let (code, said, error) = vidimus(folder.path(), &["fix", "--output", to, "--fail-on", "never"]);
    assert_eq!(code, Some(0), "{said}{error}");
    assert_eq!(read(folder.path(), "raw/a.txt"), RAW);
    assert_eq!(read(folder.path(), "manifest.yaml"), before);
    assert!(!folder.path().join(".vidimus").exists());
    assert_eq!(read(&target, "raw/a.txt"), CLEAN);
    assert_eq!(read(&target, "b.txt"), CLEAN.replace("four", "five"));
    let manifest = read(&target, "manifest.yaml");
    let raw = vidimus::digest::Algorithm::Sha256.digest(RAW.as_bytes());
    assert!(
        manifest.contains(&format!("derived_from:\n      - sha256: \"{raw}\"\n")),
        "{manifest}"
    );
    let (code, said, _) = vidimus(&target, &["verify"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(vidimus(&target, &["log", "verify"]).0, Some(0));
    assert!(
        vidimus(
            &target,
            &["check", "--fail-on", "never", "--select", "manifest,provenance"]
        )
        .1
        .contains("nothing found")
    );
    let (code, _, error) = vidimus(folder.path(), &["fix", "--output", to]);
    assert_eq!(code, Some(2));
    assert!(error.contains("there is something in"), "{error}");
}

#[test]
fn no_new_folder_lies_where_the_corpus_looks_for_its_texts() {
    let folder = corpus(&[("raw/a.txt", RAW.as_bytes())]);
    let manifest = read(folder.path(), "manifest.yaml");
    let wide = "vidimus: 1\ncorpus: {include: ['**/*.txt'], exclude: ['aside/**']}\n";
    let entries = &manifest[manifest.find("entries:").expect("entries")..];
    fs::write(folder.path().join("manifest.yaml"), format!("{wide}{entries}")).expect("written");
    let (code, _, error) = vidimus(folder.path(), &["fix", "--output", "clean"]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("clean/raw/a.txt would be a text of the corpus") && error.contains("exclude: [\"clean/**\"]"),
        "{error}"
    );
    assert!(!folder.path().join("clean").exists());
    let (code, _, error) = vidimus(
        &folder.path().join("raw"),
        &["fix", "-m", "../manifest.yaml", "-o", "../raw/x"],
    );
    assert_eq!(code, Some(2), "{error}");
    let (code, _, error) = vidimus(folder.path(), &["fix", "--output", "aside", "--fail-on", "never"]);
    assert_eq!(code, Some(0), "{error}");
    assert_eq!(read(folder.path(), "aside/raw/a.txt"), CLEAN);
}

#[test]
fn no_tenth_of_a_text_goes_in_several_passes() {
    // Fifty findings a rule and pass: the ceiling must hold over all of them.
    let label = "Advertisement\n\n";
    let prose = "The ferry left at dawn, and nobody on the quay saw it return before the first snow fell.\n\n";
    let text = format!("{}{}", prose.repeat(3), (label.to_owned() + prose).repeat(9));
    let folder = corpus(&[("a.txt", text.as_bytes())]);
    vidimus(folder.path(), &["fix"]);
    let words = |text: &str| text.split_whitespace().count();
    assert!(words(&read(folder.path(), "a.txt")) * 10 >= words(&text) * 9);
}
