//! `provenance/shared-url`: one address on record for several texts.

use std::collections::HashSet;

use crate::address::Address;
use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::date::clearly_after;
use crate::finding::{Finding, Related, Severity};
use crate::manifest::{Entry, Manifest, Spanned};

/// So many of the texts that share an address are named.
const MOST: usize = 8;

/// See [`RULE`].
#[derive(Debug)]
pub struct SharedUrl;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/shared-url",
    severity: Severity::Warning,
    summary: "one address on record for texts that differ",
    settings: &[],
    docs: "\
## What it does
Finds texts with different digests and one `source.url`. Only what is the same for certain counts as one address: the scheme,
the case of the host, the default port and forms of percent-encoding make no difference; all else does. It is info where the
texts were retrieved on different days, for then they may be versions of one page. Texts of which one was derived from the
other, or both from one file, are not found.

## Why it matters
Either one of the texts is not from there, or the address is that of a site or of a list, not of the text.

## Example
Two articles with `url: https://example.org/`.

## What to do
Record the address of each text. Where a page holds several texts, say so with a fragment (`#part-2`) or derive them from one
file.
",
};

impl Check for SharedUrl {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for group in groups(survey.manifest) {
            let first = group[0];
            let kin: HashSet<&str> = lineage(first.entry).collect();
            let others: Vec<_> = group.iter().filter(|other| differ(first, other, &kin)).collect();
            let Some(second) = others.first() else { continue };
            let message = format!("{} texts that differ have this address on record", others.len() + 1);
            let mut finding = RULE.finding(survey.at(second.entry, second.url.span), message);
            finding.related = std::iter::once(&first)
                .chain(others.iter().copied().skip(1))
                .take(MOST)
                .map(|other| Related {
                    location: survey.at(other.entry, other.url.span),
                    message: format!("also of {}", other.entry.name()),
                })
                .collect();
            if others.iter().all(|other| are_versions(first.entry, other.entry)) {
                finding.severity = Severity::Info;
            }
            let finding = finding.evidence("texts", others.len() + 1);
            findings.push(finding.help("record the address of each text, not that of the site or of a list"));
        }
    }
}

/// A text with its address.
#[derive(Clone, Copy)]
struct Held<'a> {
    entry: &'a Entry,
    url: &'a Spanned<String>,
}

/// Texts that share an address, in the order of the manifest; only groups of two and more.
fn groups(manifest: &Manifest) -> Vec<Vec<Held<'_>>> {
    let mut held: Vec<(String, usize, Held<'_>)> = Vec::new();
    for (index, entry) in manifest.entries.iter().enumerate() {
        let Some(url) = entry.source.as_ref().and_then(|source| source.url.as_ref()) else {
            continue;
        };
        // Of a text without a digest nobody can say that it differs.
        let (Ok(address), Some(_)) = (Address::parse(&url.value), entry.digest()) else {
            continue;
        };
        held.push((address.key(), index, Held { entry, url }));
    }
    held.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    held.chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .map(|group| group.iter().map(|(_, _, held)| *held).collect())
        .collect()
}

/// Whether two texts are different ones that were not made from each other. `kin` is the lineage of the first.
fn differ(first: Held<'_>, other: &Held<'_>, kin: &HashSet<&str>) -> bool {
    first.entry.digest() != other.entry.digest() && !lineage(other.entry).any(|path| kin.contains(path))
}

/// Its own path, and those that it was made from.
fn lineage(entry: &Entry) -> impl Iterator<Item = &str> {
    let origins = entry.derived_from.iter().filter_map(|one| one.path.as_ref());
    let paths = entry.path.iter().chain(origins);
    paths.map(|path| path.value.as_str())
}

/// Whether two texts were retrieved on different days.
fn are_versions(a: &Entry, b: &Entry) -> bool {
    let retrieved = |entry: &Entry| Some(entry.source.as_ref()?.retrieved_at.as_ref()?.value);
    let (Some(a), Some(b)) = (retrieved(a), retrieved(b)) else {
        return false;
    };
    clearly_after(a.first(), b.last()) || clearly_after(b.first(), a.last())
}
