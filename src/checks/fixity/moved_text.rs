//! `fixity/moved-text`: recorded bytes that stand in a file that no entry names.

use std::collections::{HashMap, VecDeque};

use crate::checks::{Check, Rule, Survey};
use crate::corpus::{FileKind, Fixity, Found, Observed, Refusal};
use crate::digest::{Algorithm, Digest};
use crate::finding::{Finding, Location, Severity};
use crate::manifest::Entry;

/// See [`RULE`].
#[derive(Debug)]
pub struct MovedText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/moved-text",
    severity: Severity::Error,
    summary: "a text that stands under another name than the one on record",
    settings: &[],
    docs: "\
## What it does
Where nothing stands at the path of an entry, or other bytes than those on record, it looks for a file that no entry names and
that has exactly the recorded SHA-256.

## Why it matters
The text is not lost; its name is. What cites the recorded path does not find it.

## Example
`corpus/a.txt` was renamed to `corpus/2016/a.txt`, and the manifest was not told.

## What to do
Move the file back, or correct the path in the manifest.
",
};

impl Check for MovedText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(moves(survey).iter().map(|one| finding(survey, one)));
    }
}

fn finding(survey: &Survey<'_>, one: &Move<'_>) -> Finding {
    let entry = &survey.manifest.entries[one.entry];
    let to = one.found.path.as_str();
    let (message, help) = if survey.observed[one.entry].digests.is_empty() {
        (
            format!("nothing stands at this path, but {to} has the bytes on record"),
            format!("move it back, or write the path {to} into the manifest"),
        )
    } else {
        (
            format!("other bytes stand at this path, and {to} has those on record"),
            "find out which of the two belongs here; list the other under its own path, or remove it".to_owned(),
        )
    };
    RULE.finding(Location::file(entry.name()), message)
        .help(help)
        .related(survey.entry(entry), "listed here")
        .related(Location::file(to), "the recorded bytes stand here")
        .evidence("expected", entry.digest().map(|digest| digest.to_string()))
        .evidence("found", to)
}

/// A text and the file that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The entry, by index.
    pub entry: usize,
    /// The file.
    pub found: &'a Found,
}

/// Which texts stand in which unlisted files: each file answers for one text, and texts with nothing at their path are
/// served first.
pub fn moves<'a>(survey: &Survey<'a>) -> Vec<Move<'a>> {
    let mut files: HashMap<Digest, VecDeque<&Found>> = HashMap::new();
    for (found, digest) in survey.unlisted {
        if let (FileKind::Regular, Some(digest)) = (found.kind, digest) {
            files.entry(*digest).or_default().push_back(found);
        }
    }
    files.remove(&Algorithm::Sha256.digest(b"")); // Every empty file is every other.
    let mut moves = Vec::new();
    for is_lost in [is_missing, is_replaced] {
        for (index, (entry, observed)) in survey.entries().enumerate() {
            let recorded = entry.digest().filter(|_| !files.is_empty() && is_lost(entry, observed));
            let found = recorded.and_then(|digest| files.get_mut(&digest)?.pop_front());
            moves.extend(found.map(|found| Move { entry: index, found }));
        }
    }
    moves
}

fn is_missing(_: &Entry, observed: &Observed) -> bool {
    observed.fixity == Fixity::Refused(Refusal::Missing)
}

fn is_replaced(entry: &Entry, observed: &Observed) -> bool {
    observed.sha256().is_some_and(|actual| entry.digest() != Some(actual))
}
