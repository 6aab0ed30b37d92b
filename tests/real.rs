//! The main job on five real documents, which are not in this repository: their facts and the expected findings are.
//!
//! They are looked for in the folder that `VIDIMUS_REAL` names, then in `../shared/seeds`. With `VIDIMUS_REAL` set, a text
//! that is missing fails the test; without it, the test says aloud that it was left out.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use vidimus::config::Selection;
use vidimus::corpus::Corpus;
use vidimus::digest::Algorithm;
use vidimus::engine::{Options, Report};
use vidimus::finding::Safety;
use vidimus::fix::{Request, rehearse};
use vidimus::journal::Staging;
use vidimus::manifest::Manifest;

fn facts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/manifest.yaml")
}

/// The folder of the documents, or `None` where they are left out.
fn documents() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("VIDIMUS_REAL") {
        return Some(folder.into());
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if beside.is_dir() {
        return Some(beside);
    }
    // Past the capture of the test harness: whoever reads the log must see it.
    let said = "LEFT OUT: the five real documents are not here; set VIDIMUS_REAL to their folder\n";
    std::io::stderr().write_all(said.as_bytes()).expect("said");
    None
}

/// A folder with the facts and copies of the documents, whose digests were compared.
fn gathered() -> Option<tempfile::TempDir> {
    let from = documents()?;
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(facts(), folder.path().join("manifest.yaml")).expect("copied");
    let manifest = Manifest::open(&facts()).expect("the facts");
    for entry in &manifest.entries {
        let name = entry.path.as_ref().expect("a path").value.as_str();
        let bytes = fs::read(from.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let digest = Some(Algorithm::Sha256.digest(&bytes));
        assert_eq!(
            digest,
            entry.digest(),
            "{name} is not the document that the facts speak of"
        );
        fs::write(folder.path().join(name), bytes).expect("copied");
    }
    Some(folder)
}

fn check(folder: &Path) -> Report {
    let corpus = Corpus::open(&folder.join("manifest.yaml")).expect("a manifest");
    let options = Options {
        today: jiff::civil::date(2026, 1, 1),
        ..Options::default()
    };
    corpus.check(&options).expect("checked")
}

/// A line a finding: path, lines, severity, rule. None of the words of a text.
fn table(report: &Report) -> String {
    let mut table = String::new();
    for finding in &report.findings {
        let place = finding.location.place.as_ref();
        let lines = place.map_or("-".to_owned(), |place| {
            format!("{}-{}", place.start.line, place.end.line)
        });
        let name = finding.location.path.split('_').next().unwrap_or_default();
        writeln!(table, "{name} {lines} {} {}", finding.severity, finding.rule).expect("written");
    }
    table
}

#[test]
fn the_five_real_documents() {
    let Some(folder) = gathered() else { return };
    let report = check(folder.path());
    assert_eq!((report.summary.listed, report.summary.verified), (5, 5));
    insta::with_settings!({snapshot_path => "real", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("expected", table(&report));
    });
}

/// The one finding of fixity for a document that was changed like this.
fn diagnosed(change: impl Fn(&Path)) -> Option<Vec<String>> {
    let folder = gathered()?;
    change(folder.path());
    let report = check(folder.path());
    let fixity = report.findings.iter().filter(|finding| finding.family() == "fixity");
    Some(
        fixity
            .map(|finding| format!("{}: {}", finding.rule, finding.message))
            .collect(),
    )
}

const FIRST: &str = "000_71a22a31c2845527.txt";
const SECOND: &str = "001_b9460cc32a09f0b4.txt";

fn rewrite(path: &Path, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    let bytes = fs::read(path).expect("read");
    fs::write(path, change(bytes)).expect("written");
}

fn assert_named(said: Option<Vec<String>>, rule: &str, words: &str) {
    let Some(said) = said else { return };
    assert!(
        said.len() == 1 && said[0].starts_with(rule) && said[0].contains(words),
        "{said:?}"
    );
}

#[test]
fn a_changed_byte_is_named() {
    let flip = |mut bytes: Vec<u8>| {
        bytes[700] ^= 0x10;
        bytes
    };
    let said = diagnosed(|folder| rewrite(&folder.join(FIRST), flip));
    assert_named(said, "fixity/hash-mismatch", "bit");
}

#[test]
fn a_changed_letter_is_named() {
    let letter = |mut bytes: Vec<u8>| {
        let at = bytes.iter().rposition(|&byte| byte == b't').expect("a letter");
        bytes[at] = b'e';
        bytes
    };
    let said = diagnosed(|folder| rewrite(&folder.join(SECOND), letter));
    assert_named(said, "fixity/hash-mismatch", "with `t` instead of `e`");
}

#[test]
fn a_crlf_copy_is_named() {
    let crlf = |bytes: Vec<u8>| {
        String::from_utf8(bytes)
            .expect("text")
            .replace('\n', "\r\n")
            .into_bytes()
    };
    let said = diagnosed(|folder| rewrite(&folder.join(FIRST), crlf));
    assert_named(said, "fixity/hash-mismatch", "CRLF");
}

#[test]
fn a_cut_copy_is_named() {
    let said = diagnosed(|folder| rewrite(&folder.join(FIRST), |bytes| bytes[..4096].to_vec()));
    assert_named(said, "fixity/hash-mismatch", "so a part is missing");
}

#[test]
fn a_swapped_pair_is_named() {
    let swap = |folder: &Path| {
        let (a, b) = (folder.join(FIRST), folder.join(SECOND));
        let held = folder.join("held");
        fs::rename(&a, &held).expect("moved");
        fs::rename(&b, &a).expect("moved");
        fs::rename(&held, &b).expect("moved");
    };
    assert_named(diagnosed(swap), "fixity/swapped-texts", SECOND);
}

const THIRD: &str = "002_02015ce08a00e65e.txt";

/// The safe fixes of the first look, and the mended bytes of each text.
fn mended(folder: &Path) -> (Report, Vec<(String, String)>) {
    let options = Options {
        today: jiff::civil::date(2026, 1, 1),
        ..Options::default()
    };
    let request = Request {
        selection: Selection::default(),
        unsafe_too: false,
        check: options,
        at: "2026-01-01T00:00:00Z".parse().expect("a time"),
        reason: "mended",
        as_of: std::collections::HashMap::new(),
        chosen: None,
        accepted: &[],
    };
    let scratch = tempfile::tempdir().expect("a folder");
    let staging = Staging::new(scratch.path());
    let fixed = rehearse(&folder.join("manifest.yaml"), &request, &staging).expect("mended");
    assert!(
        fixed.appeared.is_empty() && fixed.left_alone.is_empty(),
        "{:?}",
        fixed.left_alone
    );
    let texts = fixed.texts.iter().map(|text| {
        let bytes = fs::read(staging.path(&text.staged.name)).expect("read");
        (text.path.clone(), String::from_utf8(bytes).expect("UTF-8"))
    });
    (check(folder), texts.collect())
}

/// The safe edits of one text, in order.
fn safe_edits<'a>(report: &'a Report, path: &str) -> Vec<&'a vidimus::finding::Edit> {
    let fixes = report.findings.iter().filter_map(|finding| finding.fix.as_ref());
    let safe = fixes.filter(|fix| fix.safety == Safety::Safe);
    let mut edits: Vec<_> = safe
        .flat_map(|fix| &fix.edits)
        .filter(|edit| edit.path == path)
        .collect();
    edits.sort_by_key(|edit| edit.start);
    edits
}

#[test]
fn no_word_of_prose_is_lost_outside_the_named_spans() {
    let Some(folder) = gathered() else { return };
    let (report, texts) = mended(folder.path());
    assert_eq!(texts.len(), 5);
    for (path, new) in texts {
        let old = fs::read_to_string(folder.path().join(&path)).expect("read");
        let edits = safe_edits(&report, &path);
        let touched = |word: &str| {
            let start = word.as_ptr() as usize - old.as_ptr() as usize;
            edits
                .iter()
                .any(|edit| edit.start <= start + word.len() && start <= edit.end)
        };
        let kept: Vec<&str> = old.split_whitespace().filter(|word| !touched(word)).collect();
        let mut rest = new.split_whitespace();
        for word in &kept {
            assert!(
                rest.any(|new| new == *word),
                "{path}: a word outside the named spans is gone: {word}"
            );
        }
        let mended: usize = edits
            .iter()
            .map(|edit| edit.replacement.split_whitespace().count())
            .sum();
        let beside = 2 * edits.len(); // Words that an edit begins or ends in.
        assert!(
            new.split_whitespace().count() <= kept.len() + mended + beside,
            "{path}: words came in"
        );
    }
}

#[test]
fn the_sentence_reads_on_across_the_seam() {
    let Some(folder) = gathered() else { return };
    let (report, texts) = mended(folder.path());
    let old = fs::read_to_string(folder.path().join(THIRD)).expect("read");
    let (_, new) = texts.iter().find(|(path, _)| path == THIRD).expect("the third text");
    let seam = report
        .findings
        .iter()
        .find(|finding| finding.rule == "layout/page-furniture" && finding.location.path == THIRD);
    let edits = &seam
        .and_then(|finding| finding.fix.as_ref())
        .expect("a seam that can be mended")
        .edits;
    let (first, last) = (&edits[0], &edits[edits.len() - 1]);
    let left = &old[old[..first.start].rfind(". ").expect("a sentence before")..first.start];
    let right = &old[last.end..last.end + old[last.end..].find('.').expect("the end of the sentence")];
    let joined: String = edits.iter().map(|edit| edit.replacement.as_str()).collect();
    let whole = format!("{left}{joined}{right}");
    assert!(
        new.contains(&whole) && !whole.contains('\n'),
        "the halves do not stand on one line"
    );
}
