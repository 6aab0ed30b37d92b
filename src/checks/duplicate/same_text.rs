//! `duplicate/same-text`: texts that have the same bytes.

use std::collections::{BTreeMap, HashSet};

use crate::checks::{Check, Rule, Survey};
use crate::corpus::Fixity;
use crate::digest::{Algorithm, Digest};
use crate::finding::{Finding, Location, Severity};
use crate::manifest::fold;

/// See [`RULE`].
#[derive(Debug)]
pub struct SameText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "duplicate/same-text",
    severity: Severity::Warning,
    summary: "texts that have the same bytes",
    settings: &[],
    docs: "\
## What it does
Finds entries whose texts have the same SHA-256: as they are, or as they are recorded where they were not read. All texts with the
same bytes are one finding. Empty texts are named by `truncation/empty-text` instead.

## Why it matters
A text that stands twice counts twice, in statistics as in training. Often one of the two was to be another text.

## Example
An article that was saved from two addresses.

## What to do
Keep one, and take the other out of the manifest. Where both belong, accept the finding and say why.

## Where it errs
Not at all over what it says: the bytes are the same, or their digests are on record as the same. Texts that are short by nature, such
as a licence beside each of several works, may be the same on purpose. Two copies that differ in one byte are two texts to it.
",
};

/// How many of the others are named.
const NAMED: usize = 10;

impl Check for SameText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let mut groups: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
        for (index, (entry, observed)) in survey.entries().enumerate() {
            if let (Some(_), Some(digest)) = (&entry.path, observed.sha256().or(entry.digest())) {
                groups.entry(digest).or_default().push(index);
            }
        }
        groups.remove(&Algorithm::Sha256.digest(b""));
        for (digest, group) in &groups {
            let files = files(survey, group);
            let asked_for = |&index: &usize| survey.observed[index].fixity != Fixity::Skipped;
            if files.len() > 1 && files.iter().any(asked_for) {
                findings.push(finding(survey, digest, &files));
            }
        }
    }
}

/// Each file once: two entries for one path, or for paths that some systems hold to be one, are another finding.
fn files(survey: &Survey<'_>, group: &[usize]) -> Vec<usize> {
    let mut seen = HashSet::new();
    let mut files = group.to_vec();
    if files.len() > 1 {
        files.retain(|&index| seen.insert(fold(survey.manifest.entries[index].name())));
    }
    files
}

fn finding(survey: &Survey<'_>, digest: &Digest, files: &[usize]) -> Finding {
    let name = |index: usize| survey.manifest.entries[index].name();
    let read = files.iter().all(|&index| survey.observed[index].sha256().is_some());
    let verb = if read { "has" } else { "is recorded with" };
    let message = match files {
        [_, other] => format!("this text {verb} the same bytes as {}", name(*other)),
        _ => format!("this text {verb} the same bytes as {} others", files.len() - 1),
    };
    let mut finding = RULE
        .finding(Location::file(name(files[0])), message)
        .help("keep one of them, or accept the finding and say why all stand")
        .evidence("sha256", digest.to_string())
        .evidence("texts", files.len());
    for &other in files.iter().skip(1).take(NAMED) {
        finding = finding.related(Location::file(name(other)), "the same bytes");
    }
    finding
}
