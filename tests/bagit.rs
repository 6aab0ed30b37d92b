//! Bags: the conformance suite of others, where it is at hand, and bags of our own for what it does not ask.

#[expect(dead_code, reason = "what other tests use of it")]
mod support;

#[path = "bagit/conformance.rs"]
mod conformance;
#[path = "bagit/exchange.rs"]
mod exchange;
#[path = "bagit/hostile.rs"]
mod hostile;
#[path = "bagit/own.rs"]
mod own;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use vidimus::digest::Algorithm;
use vidimus::exchange::{Package, Verified, find, verify};
use vidimus::finding::Severity;
use vidimus::stop::Stop;

/// A bag and how it was found.
fn verified(bag: &Path) -> (Package, Verified) {
    let package = find("bagit")
        .expect("the format")
        .read(bag, Stop::default())
        .expect("a bag");
    let verified = verify(&package, Stop::default()).expect("verified");
    (package, verified)
}

/// The rules that speak of a bag, each with its severity: `error manifest/invalid-path`.
fn said(bag: &Path, least: Severity) -> BTreeSet<String> {
    let (_, verified) = verified(bag);
    let findings = verified.report.findings.iter().filter(|one| one.severity >= least);
    findings.map(|one| format!("{} {}", one.severity, one.rule)).collect()
}

fn set(rules: &[&str]) -> BTreeSet<String> {
    rules.iter().map(|rule| (*rule).to_owned()).collect()
}

/// What is done to a bag, and the rules that must speak where it is a draft, and where it is of version 1.0.
type Strictness<'a> = (&'a dyn Fn(&Bag), &'a [&'a str], &'a [&'a str]);

/// A bag of our own, in a folder that goes with it.
struct Bag {
    folder: tempfile::TempDir,
}

const HALL: (&str, &str) = (
    "data/hall.txt",
    "The ferry leaves the old pier at six, and the harbour master counts the lamps.\n",
);
const PIER: (&str, &str) = (
    "data/pier.txt",
    "Minutes of the meeting on the pier: four were there, and one was late.\n",
);

impl Bag {
    /// Two texts in version 1.0, with everything in order.
    fn sound() -> Self {
        let bag = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        bag.write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        for (path, text) in [HALL, PIER] {
            bag.write(path, text);
        }
        bag.list("manifest-sha256.txt", Algorithm::Sha256, &[HALL.0, PIER.0]);
        let total = HALL.1.len() + PIER.1.len();
        bag.write(
            "bag-info.txt",
            &format!("Contact-Name: Ada Quill\nPayload-Oxum: {total}.2\n"),
        );
        bag.seal();
        bag
    }

    /// The same in a draft, which forgives more.
    fn draft() -> Self {
        let bag = Self::sound();
        bag.write("bagit.txt", "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n");
        bag.seal();
        bag
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let place = self.root().join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        fs::write(place, bytes).expect("written");
    }

    fn add(&self, path: &str, text: &str) {
        let old = fs::read_to_string(self.root().join(path)).unwrap_or_default();
        self.write(path, &(old + text));
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("removed");
    }

    fn list(&self, list: &str, algorithm: Algorithm, paths: &[&str]) {
        let line = |path: &&str| {
            let bytes = fs::read(self.root().join(path)).expect("read");
            format!("{}  {path}\n", algorithm.digest(&bytes))
        };
        self.write(list, &paths.iter().map(line).collect::<String>());
    }

    /// Lists the tag files anew.
    fn seal(&self) {
        let names = fs::read_dir(self.root()).expect("listed");
        let names = names.map(|name| name.expect("an entry"));
        let files = names.filter(|one| one.file_type().expect("a kind").is_file());
        let mut names: Vec<String> = files
            .map(|one| one.file_name().to_string_lossy().into_owned())
            .collect();
        names.retain(|name| !name.starts_with("tagmanifest-"));
        names.sort();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.list("tagmanifest-sha256.txt", Algorithm::Sha256, &names);
    }

    fn said(&self) -> BTreeSet<String> {
        said(self.root(), Severity::Info)
    }
}
