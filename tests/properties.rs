//! What holds for any input at all.

use std::fs;

use proptest::prelude::*;
use vidimus::corpus::Corpus;
use vidimus::digest::Algorithm;
use vidimus::engine::{Options, Report};
use vidimus::finding::{Fix, Location};
use vidimus::manifest::Manifest;
use vidimus::source::Source;

/// Pieces that checks look for, so that random texts are not only noise.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<Vec<u8>>(),
        "\\PC{0,40}".prop_map(String::into_bytes),
        "[ \t\r\n\u{a0}\u{200b}\u{feff}\u{202e}\u{85}]{1,6}".prop_map(String::into_bytes),
        prop::sample::select(vec![
            "Share",
            "Advertisement\n\n",
            "By Imogen Placeholder\n",
            "5 May 2011",
            "Sat Oct 01, 2011\n",
            "<sup>",
            "&nbsp;",
            "[1]",
            "“",
            "(",
            "# ",
            "**",
            "Read more",
            "The mill at the ford stood for ninety years and then it fell.\n",
            "the mill at the ford stood for ninety years and then it was pulled down in one week by them",
            "中文。",
            "a\u{301}",
            "-\n",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..30).prop_map(|pieces| pieces.concat())
}

/// A corpus of two texts, the second of which may have changed since it was recorded.
fn corpus(first: &[u8], recorded: &[u8], present: &[u8]) -> (tempfile::TempDir, Corpus) {
    let folder = tempfile::tempdir().expect("a folder");
    let digest = |bytes: &[u8]| Algorithm::Sha256.digest(bytes);
    let manifest = format!(
        "vidimus: 1\ncorpus: {{include: ['*.txt']}}\nentries:\n  - {{path: a.txt, sha256: {}, published_at: 2011-10}}\n  - {{path: b.txt, sha256: {}, bytes: {}}}\n",
        digest(first),
        digest(recorded),
        recorded.len()
    );
    fs::write(folder.path().join("a.txt"), first).expect("written");
    fs::write(folder.path().join("b.txt"), present).expect("written");
    fs::write(folder.path().join("manifest.yaml"), manifest).expect("written");
    let corpus = Corpus::open(&folder.path().join("manifest.yaml")).expect("a manifest");
    (folder, corpus)
}

fn check(corpus: &Corpus, threads: usize) -> Report {
    let options = Options {
        today: jiff::civil::date(2026, 1, 1),
        threads: Some(threads),
        ..Options::default()
    };
    corpus.check(&options).expect("checked")
}

fn lies_in(location: &Location, folder: &std::path::Path) -> bool {
    let bytes = fs::read(folder.join(&location.path)).expect("a path of the corpus");
    let source = Source::new("x", bytes);
    location
        .span
        .is_none_or(|span| source.span(span.start(), span.end()) == Some(span) && location.place.is_some())
}

/// Edits lie on boundaries of their file, in order, and none overlaps the next.
fn is_sound(fix: &Fix, folder: &std::path::Path) -> bool {
    let within = fix.edits.iter().all(|edit| {
        let source = Source::new("x", fs::read(folder.join(&edit.path)).expect("a path of the corpus"));
        source.span(edit.start, edit.end).is_some()
    });
    within && fix.edits.windows(2).all(|pair| pair[0].end <= pair[1].start)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_findings_inside_it(first in text(), recorded in text(), present in text()) {
        let (folder, corpus) = corpus(&first, &recorded, &present);
        let report = check(&corpus, 1);
        prop_assert_eq!(report.summary.listed, 2);
        for finding in &report.findings {
            prop_assert!(lies_in(&finding.location, folder.path()), "{:?}", finding);
            prop_assert!(finding.related.iter().all(|related| lies_in(&related.location, folder.path())), "{:?}", finding);
            prop_assert!(finding.fix.as_ref().is_none_or(|fix| is_sound(fix, folder.path())), "{:?}", finding);
            prop_assert_eq!(finding.fingerprint.len(), 16);
            prop_assert!((0.0..=1.0).contains(&finding.confidence));
        }
        prop_assert_eq!(report.findings, check(&corpus, 8).findings);
    }

    #[test]
    fn any_manifest_is_read_or_refused(bytes: Vec<u8>, tail in "[ a-z0-9:{}\\[\\]&*!|>'\"\n\t#-]{0,200}") {
        let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        for bytes in [bytes, format!("vidimus: 1\ncorpus:\n{tail}").into_bytes(), tail.into_bytes()] {
            let source = Source::new("manifest.yaml", bytes);
            if let Ok(manifest) = Manifest::parse(source, "manifest.yaml", none) {
                let file = &manifest.files[0];
                for problem in &manifest.problems {
                    let span = problem.span;
                    prop_assert_eq!(file.span(span.start(), span.end()), Some(span));
                }
            }
        }
    }
}
