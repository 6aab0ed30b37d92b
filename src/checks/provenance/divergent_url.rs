//! `provenance/divergent-url`: one text with several addresses.

use std::cmp::Reverse;

use crate::address::{self, Address, Tier};
use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::digest::Digest;
use crate::finding::{Finding, Severity};
use crate::manifest::{Entry, Manifest, Spanned};

/// See [`RULE`].
#[derive(Debug)]
pub struct DivergentUrl;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/divergent-url",
    severity: Severity::Warning,
    summary: "texts that are equal byte for byte, with different addresses on record",
    settings: &[],
    docs: "\
## What it does
Finds entries with the same digest and different `source.url`, and says how far the addresses are apart. It is info where they
differ in the scheme, a leading `www.`, a final slash, the fragment, tracking parameters or the mark of a mobile or AMP page; a
warning where the query, the path or the host differs. An address that the other entry names as `canonical_url` or in `via`
is explained, and captures of one page in an archive have the address of that page.

## Why it matters
One text was listed twice under two spellings of one address, or it was republished and the record does not say by whom, or
one of the addresses belongs to another text.

## Example
```yaml
entries:
  - {path: a.txt, sha256: 9f86d081…, source: {url: http://example.org/a, retrieved_at: 2025-03-13}}
  - {path: b.txt, sha256: 9f86d081…, source: {url: https://www.example.org/a/, retrieved_at: 2025-03-14}}
```

## What to do
Keep one entry, or one address. Where a text was republished, name the other address in `via`.
",
};

impl Check for DivergentUrl {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for group in groups(survey.manifest) {
            let first = &group[0];
            let ours = named(first.entry);
            let apart = |other: &Held<'_>| (first.page.compare(&other.page), other.index);
            let others = group[1..]
                .iter()
                .filter(|other| !explain(&ours, &other.page) && !explain(&named(other.entry), &first.page));
            // The farthest, and of those the first.
            let farthest = others
                .map(|other| (apart(other), other))
                .max_by_key(|((tier, index), _)| (*tier, Reverse(*index)));
            let Some(((tier, _), other)) = farthest.filter(|((tier, _), _)| *tier > Tier::Same) else {
                continue;
            };
            let message = format!("this text has two addresses on record: {} differs", tier.noun());
            let finding = RULE
                .finding(survey.at(other.entry, other.url.span), message)
                .severity(weigh(tier));
            let finding = finding.related(survey.at(first.entry, first.url.span), "the other address");
            let finding = finding.evidence("tier", tier.name()).evidence("entries", group.len());
            findings.push(finding.help("keep one entry or one address, or name where it was republished in `via`"));
        }
    }
}

/// So many addresses of one entry are compared, lest a long list make the work grow without bound.
const NAMED: usize = 32;

/// A text with its address.
struct Held<'a> {
    index: usize,
    entry: &'a Entry,
    url: &'a Spanned<String>,
    page: Address,
}

/// Texts that share a digest, in the order of the manifest; only groups of two and more.
fn groups(manifest: &Manifest) -> Vec<Vec<Held<'_>>> {
    let digest = |(index, entry): (usize, &Entry)| Some((entry.digest()?, index));
    let mut held: Vec<(Digest, usize)> = manifest.entries.iter().enumerate().filter_map(digest).collect();
    held.sort_unstable();
    held.chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .map(|group| {
            group
                .iter()
                .filter_map(|&(_, index)| Held::of(manifest, index))
                .collect()
        })
        .filter(|group: &Vec<_>| group.len() > 1)
        .collect()
}

impl<'a> Held<'a> {
    fn of(manifest: &'a Manifest, index: usize) -> Option<Self> {
        let entry = &manifest.entries[index];
        let url = entry.source.as_ref()?.url.as_ref()?;
        let page = address::page(&url.value)?;
        Some(Self {
            index,
            entry,
            url,
            page,
        })
    }
}

/// The pages that an entry names beside its own: what the page calls itself, and where it was republished.
fn named(entry: &Entry) -> Vec<Address> {
    let addresses = entry.source.iter().flat_map(|source| source.addresses());
    let beside = addresses.filter(|(key, _)| *key != "url").take(NAMED);
    beside.filter_map(|(_, url)| address::page(&url.value)).collect()
}

fn explain(named: &[Address], page: &Address) -> bool {
    named.iter().any(|one| one.compare(page) <= Tier::Tracking)
}

fn weigh(tier: Tier) -> Severity {
    if tier >= Tier::Query {
        Severity::Warning
    } else {
        Severity::Info
    }
}
