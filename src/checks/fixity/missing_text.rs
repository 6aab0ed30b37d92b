//! `fixity/missing-text`: a text that is listed and not there.

use std::collections::{HashMap, HashSet};

use super::moved_text;
use crate::checks::{Check, Rule, Survey};
use crate::corpus::{FileKind, Fixity, Refusal};
use crate::digest::{Algorithm, Digest};
use crate::finding::{Finding, Location, Severity};
use crate::manifest::Entry;

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/missing-text",
    severity: Severity::Error,
    summary: "a text that is listed and not there",
    settings: &[],
    docs: "\
## What it does
Finds entries with nothing at their path. Where another file has the recorded bytes, it says so: the entry is still
missing, but nothing is lost. A text whose bytes stand in a file that is not listed is named by `fixity/moved-text` instead.

## Why it matters
The corpus is not whole.

## Example
```yaml
- path: corpus/a.txt
```
and no file `corpus/a.txt`.

## What to do
Restore the text from a copy, correct the path, or take the entry out of the manifest.
",
};

impl Check for MissingText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let gone = survey.observed.iter().enumerate();
        let gone: Vec<usize> = gone
            .filter(|(_, observed)| observed.fixity == Fixity::Refused(Refusal::Missing))
            .map(|(index, _)| index)
            .collect();
        if gone.is_empty() {
            return;
        }
        let moved: HashSet<usize> = moved_text::moves(survey).iter().map(|one| one.entry).collect();
        let carriers = carriers(survey);
        for index in gone.into_iter().filter(|index| !moved.contains(index)) {
            findings.push(finding(survey, &survey.manifest.entries[index], &carriers));
        }
    }
}

/// Which file has these bytes: a listed one before others.
fn carriers<'a>(survey: &Survey<'a>) -> HashMap<Digest, &'a str> {
    let listed = survey
        .entries()
        .filter_map(|(entry, observed)| Some((observed.sha256()?, entry.name())));
    let unlisted = survey.unlisted.iter();
    let unlisted = unlisted.filter_map(|(found, digest)| Some(((*digest)?, found.path.as_str())));
    let mut carriers = HashMap::new();
    for (digest, name) in listed.chain(unlisted) {
        carriers.entry(digest).or_insert(name);
    }
    carriers.remove(&Algorithm::Sha256.digest(b"")); // Every empty file is every other.
    carriers
}

fn finding(survey: &Survey<'_>, entry: &Entry, carriers: &HashMap<Digest, &str>) -> Finding {
    let carrier = entry.digest().and_then(|digest| carriers.get(&digest));
    let what = if is_dead_link(survey, entry.name()) {
        "the symbolic link at this path leads nowhere"
    } else {
        "nothing stands at this path"
    };
    let message = match carrier {
        Some(carrier) => format!("{what}, and {carrier} has the bytes on record"),
        None => what.to_owned(),
    };
    let help = match carrier {
        Some(_) => "copy the text back, or take the entry out of the manifest",
        None => "restore the text from a copy, correct the path, or take the entry out of the manifest",
    };
    let mut finding = RULE
        .finding(Location::file(entry.name()), message)
        .help(help)
        .related(survey.entry(entry), "listed here");
    if let Some(digest) = entry.digest() {
        finding = finding.evidence("expected", digest.to_string());
    }
    if let Some(carrier) = carrier {
        finding = finding.evidence("same_bytes_in", *carrier);
    }
    finding
}

fn is_dead_link(survey: &Survey<'_>, path: &str) -> bool {
    let files = &survey.listing.files;
    let found = files.binary_search_by(|found| found.path.as_str().cmp(path));
    found.is_ok_and(|index| files[index].kind == FileKind::Link)
}
