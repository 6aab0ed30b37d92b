//! Findings of our own for the tests of the review.

use super::session::{Item, Session};
use crate::finding::{Edit, Excerpt, Finding, Fix, Location, Place, Safety, Severity};
use crate::source::Source;

/// The text that all examples are about.
pub(super) const TEXT: &str = "The Quay\n\nThe lamps were lit at four.\n\nAdvertisement\n\nThe keeper went home.\n";

/// A finding in one line of the text, with a fix that takes it out.
pub(super) fn item(path: &str, line: usize) -> Item {
    let source = Source::new(path, TEXT.as_bytes().to_vec());
    let span = source.line(line);
    let place = Place {
        start: source.position(span.start()),
        end: source.position(span.end()),
        excerpt: Excerpt {
            text: source.text_of(span).into_owned(),
            line,
            start: 0,
            end: span.len(),
            whole: true,
        },
    };
    let location = Location {
        record: None,
        place: Some(place),
        ..Location::at(path, span)
    };
    let mut finding = Finding::new("layout/stray-label", Severity::Warning, location, "a label of the page")
        .confidence(0.9)
        .evidence("label", "advertisement");
    finding.fingerprint = format!("{line:016}");
    finding.fix = Some(Fix {
        safety: Safety::Unsafe,
        edits: vec![Edit {
            path: path.to_owned(),
            start: span.start(),
            end: span.end() + 1,
            replacement: String::new(),
        }],
        places: Vec::new(),
        around: Vec::new(),
    });
    Item {
        finding,
        no_fix: None,
        no_acceptance: None,
        digest: "ab".repeat(32),
    }
}

/// Two findings in each of two texts.
pub(super) fn session() -> Session {
    let items = vec![item("a.txt", 3), item("a.txt", 5), item("b.txt", 3), item("b.txt", 5)];
    Session::new(items, vec![None; 4], String::new())
}
