//! What holds for any input: no bytes make the program panic, every place lies where it can be shown, and every fix where it
//! can be applied.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use vidimus::corpus::Corpus;
use vidimus::digest::Algorithm;
use vidimus::engine::{Options, Report};
use vidimus::finding::{Finding, Location};
use vidimus::manifest::Manifest;
use vidimus::report::{Format, Style};
use vidimus::source::Source;

/// Pieces that rules look for, so that what is made of them comes near to every rule.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{ad}",
    "\u{202e}",
    "\u{2066}",
    "\u{202c}",
    "\u{feff}",
    "\u{fffd}",
    "\0",
    "\u{c}",
    "\u{1b}[31m",
    "é",
    "e\u{301}",
    "\u{1f469}\u{200d}",
    "天地。",
    "שלום",
    "<p>",
    "</p>",
    "<!-- ",
    "&amp;",
    "&#160;",
    "# ",
    "**",
    "[a](",
    "](http://a.b/c)",
    "[[",
    "]]",
    "{{a|",
    "}}",
    "'''",
    "== a ==\n",
    "[b]",
    "[/b]",
    "<!--",
    "-->",
    "aB",
    "A",
    "a.The",
    "away-until ",
    "![",
    "```\n",
    "- ",
    "> ",
    "| a | b |\n",
    "Share this article\n",
    "Advertisement\n",
    "Read more",
    "[…]",
    "By Jane Roe\n",
    "Published on 11 August 2016\n",
    "Retrieved 2016-08-12",
    "Sunday, 2016-08-11",
    "yesterday",
    "12/04/2016",
    "“",
    "”",
    "(",
    ")",
    "…",
    ".",
    ", ",
    "-\n",
    "The mill at the ford stood for ninety years, and then it fell. ",
    "mill",
    "THE MILL",
    "Ã©",
    "â€™",
    "https://example.org/a?b=c",
    "§ 5 ",
    "1. ",
    "\u{2028}",
];

/// What blank lines and the lines between them are made of.
const BLANKS: &[&str] = &[
    "\n",
    "\n",
    "\n\n\n",
    " ",
    "  ",
    "\t",
    "\r\n",
    " \n",
    "\u{a0}",
    "\u{2028}",
    "# The weir\n",
    "The mill stood still. ",
    "wheel;\n",
    "```\n",
    "x = {};\n",
];

/// Any bytes, and texts of pieces with a few bytes of damage.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        20 => prop::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        1 => "\\PC{0,40}".prop_map(String::into_bytes),
    ];
    let pieces = prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat());
    prop_oneof![1 => prop::collection::vec(any::<u8>(), 0..300), 4 => pieces]
}

/// Pieces of a manifest, in any order.
const LINES: &[&str] = &[
    "vidimus: 1\n",
    "corpus: {include: ['*.txt']}\n",
    "entries:\n",
    "  - path: a.txt\n",
    "    sha256: TODO\n",
    "    bytes: 3\n",
    "    id: a\n",
    "    published_at: 2016-02-30\n",
    "    title: &x y\n",
    "    title: *x\n",
    "    source: {url: 'http://a', retrieved_at: 2016}\n",
    "    digests: {md5: x, sha512: y}\n",
    "    accepted: [{rule: a/b, passage: x, reason: y}]\n",
    "    edits: [{from: x, to: y}]\n",
    "    origin: {kind: local}\n",
    "    derived_from: [{path: ../b, sha256: x}]\n",
    "entries_from: [{path: s.yaml, sha256: x}]\n",
    "---\n",
    "    archive: {url: x, warc: {file: /y}}\n",
    "<<: *x\n",
    "? [a]\n: b\n",
    "!!str x: y\n",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    ": ",
    "- ",
    "|\n",
    "é",
    "\u{feff}",
    "\0",
    "\r\n",
    "# x\n",
    "%YAML 1.2\n",
    "    language: de\n",
    "    license: (MIT\n",
    "    author: [a, {b: c}]\n",
];

fn manifest() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(LINES).prop_map(|line| line.as_bytes().to_vec());
    let lines = prop::collection::vec(line, 0..30).prop_map(|lines| lines.concat());
    let signs = "(vidimus: 1\ncorpus:\n)?[ a-z0-9:{}\\[\\]&*!|>'\"\n\t#-]{0,200}".prop_map(String::into_bytes);
    prop_oneof![1 => prop::collection::vec(any::<u8>(), 0..200), 2 => signs, 6 => lines]
}

/// A corpus of these texts: `0.txt`, `1.txt` and so on.
fn corpus(texts: &[Vec<u8>]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut manifest = "vidimus: 1\ncorpus: {include: ['*.txt'], language: en}\nentries:\n".to_owned();
    for (turn, text) in texts.iter().enumerate() {
        fs::write(folder.path().join(format!("{turn}.txt")), text).expect("written");
        let digest = Algorithm::Sha256.digest(text);
        manifest += &format!("  - {{path: {turn}.txt, sha256: \"{digest}\", published_at: 2016-08-11}}\n");
    }
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    folder
}

fn check(folder: &Path, threads: usize) -> Report {
    let corpus = Corpus::open(&folder.join("manifest.yaml")).expect("a manifest");
    let options = Options {
        threads: Some(threads),
        today: jiff::civil::date(2026, 1, 1),
        ..Options::default()
    };
    corpus.check(&options).expect("checked")
}

fn source(folder: &Path, path: &str) -> Source {
    Source::new(
        path,
        fs::read(folder.join(path)).expect("a place in a file that is there"),
    )
}

fn lies_well(folder: &Path, location: &Location) {
    let Some(span) = location.span else { return };
    let source = source(folder, &location.path);
    assert_eq!(source.span(span.start(), span.end()), Some(span), "{location:?}");
    let place = location.place.as_ref().expect("a place for each span");
    assert_eq!((place.start.byte, place.end.byte), (span.start(), span.end()));
    assert!(
        place.excerpt.text.get(place.excerpt.start..place.excerpt.end).is_some(),
        "{location:?}"
    );
}

fn can_be_mended(folder: &Path, finding: &Finding) {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let mut end = 0;
    for edit in edits {
        let span = source(folder, &edit.path).span(edit.start, edit.end);
        assert!(span.is_some(), "{}: {edit:?} is no place", finding.rule);
        assert!(edit.start >= end, "{}: {edit:?} overlaps the one before", finding.rule);
        assert!(
            edit.end > edit.start || !edit.replacement.is_empty(),
            "{}: {edit:?} does nothing",
            finding.rule
        );
        end = edit.end;
    }
}

/// A report in every format, as text.
fn written(report: &Report) -> Vec<String> {
    let write = |(_, format): (&str, Format)| {
        let mut out = Vec::new();
        format.write(report, Style::default(), &mut out).expect("written");
        String::from_utf8(out).expect("UTF-8")
    };
    Format::ALL.map(write).into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_texts_can_be_checked(texts in prop::collection::vec(bytes(), 1..4)) {
        let folder = corpus(&texts);
        let report = check(folder.path(), 1);
        prop_assert_eq!(report.summary.listed, texts.len());
        for finding in &report.findings {
            lies_well(folder.path(), &finding.location);
            finding.related.iter().for_each(|related| lies_well(folder.path(), &related.location));
            can_be_mended(folder.path(), finding);
            prop_assert!((0.0..=1.0).contains(&finding.confidence));
            prop_assert_eq!(finding.fingerprint.len(), 16);
        }
        let (one, eight) = (written(&report), written(&check(folder.path(), 8)));
        prop_assert_eq!(one, eight);
    }

    #[test]
    fn the_fixes_of_white_space_never_meet(pieces in prop::collection::vec(prop::sample::select(BLANKS), 0..60)) {
        let folder = corpus(&[pieces.concat().into_bytes()]);
        let of_blanks = ["layout/blank-run", "layout/leading-blank", "layout/trailing-space"];
        let report = check(folder.path(), 1);
        let findings = report.findings.iter().filter(|finding| of_blanks.contains(&finding.rule));
        let edits = findings.flat_map(|finding| &finding.fix).flat_map(|fix| &fix.edits);
        let mut edits: Vec<_> = edits.map(|edit| (edit.start, edit.end)).collect();
        edits.sort_unstable();
        for pair in edits.windows(2) {
            prop_assert!(pair[0].1 <= pair[1].0, "{:?}", pair);
        }
    }

    #[test]
    fn any_change_of_a_text_can_be_explained(text in bytes(), other in bytes()) {
        let folder = corpus(std::slice::from_ref(&text));
        fs::write(folder.path().join("0.txt"), &other).expect("written");
        let report = check(folder.path(), 2);
        prop_assert_eq!(report.summary.verified, usize::from(text == other));
        report.findings.iter().for_each(|finding| lies_well(folder.path(), &finding.location));
    }

    #[test]
    fn any_manifest_can_be_read(bytes in manifest()) {
        let shard = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        let read = Manifest::parse(Source::new("manifest.yaml", bytes.clone()), "manifest.yaml", shard);
        if let Err(error) = &read {
            prop_assert!(!vidimus::report::full::draw_error(error, Style::default()).is_empty());
        }
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), "A mill.\n").expect("written");
        fs::write(folder.path().join("manifest.yaml"), bytes).expect("written");
        if let Ok(corpus) = Corpus::open(&folder.path().join("manifest.yaml")) {
            let report = corpus.check(&Options::default()).expect("checked");
            report.findings.iter().for_each(|finding| lies_well(folder.path(), &finding.location));
            written(&report);
        }
    }
}
