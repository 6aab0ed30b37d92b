//! `provenance/source-chain`: the stations that a text says it came through, against those on record.

use crate::address::{self, Address};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::role::Role;
use crate::text::statement::{Piece, Statement};
use crate::text::unit::{Kind, Unit};

/// See [`RULE`].
#[derive(Debug)]
pub struct SourceChain;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/source-chain",
    severity: Severity::Warning,
    summary: "a text says through which sites it came, and the manifest does not say the same",
    settings: &[],
    docs: "\
## What it does
Looks at the addresses beside a line such as `Retrieved on 13 March 2025 from …`, and compares their sites with `source.url`,
`source.canonical_url` and `source.via`. A site that is not on record is a warning. Where the text names two sites or more and
all are on record, that is info: the recorded retrieval may be that of an earlier station.

## Why it matters
Where a text passed through a library, a mirror or an archive, each of them may have changed it, and each has a date of its
own. A record that names one of them only cannot be followed back.

## Example
```text
Retrieved on 4th May 2019 from https://author.example
https://library.example
```

## What to do
Record the page that the text came from as `source.url`, and where it was republished in `source.via`. See that `retrieved_at`
is the day on which the corpus retrieved it, not the day that the text gives for an earlier station.

## Where it errs
Retrieval dates in notes and references are about other texts and are passed over; a reference that stands on a line of its
own is taken for the origin of the text.
",
};

/// So many units before and after the line are looked at.
const NEAR: usize = 2;
/// With more lines of retrieval than this, a text has references.
const MOST: usize = 5;

impl Check for SourceChain {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let statement = text.statement();
        let retrieved: Vec<usize> = statement
            .dates_as(Role::Retrieved)
            .filter_map(|date| statement.unit_of(date.line))
            .filter(|&unit| is_own(&statement.units[unit]))
            .collect();
        if retrieved.len() <= MOST {
            findings.extend(retrieved.first().and_then(|&unit| finding(document, statement, unit)));
        }
    }
}

/// How a line begins that says where the text was taken from, in lower case; others are references.
const BEGINNINGS: &[&str] = &[
    "retrieved",
    "downloaded",
    "archived",
    "accessed",
    "saved",
    "citation",
    "abgerufen",
    "consulté",
    "recuperado",
    "consultado",
    "consultato",
    "geraadpleegd",
    "pobrano",
    "dostęp",
    "дата обращения",
    "this text was",
];

fn is_own(unit: &Unit<'_>) -> bool {
    let start = crate::text::prefix(unit.text, 32).to_lowercase();
    let plain = start.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let reference = matches!(unit.kind, Kind::Note | Kind::Item | Kind::Prose);
    !reference && BEGINNINGS.iter().any(|beginning| plain.starts_with(beginning))
}

fn finding(document: &Document<'_>, statement: &Statement<'_>, unit: usize) -> Option<Finding> {
    let named = named(statement, unit);
    let recorded: Vec<Address> = document
        .entry
        .source
        .iter()
        .flat_map(|source| source.addresses())
        .filter_map(|(_, url)| address::page(&url.value))
        .collect();
    let is_recorded = |site: &str| recorded.iter().any(|address| address.site() == site);
    let (known, unknown): (Vec<&(String, Span)>, Vec<_>) = named.iter().partition(|(site, _)| is_recorded(site));
    let sites: Vec<&str> = named.iter().map(|(site, _)| site.as_str()).collect();
    let line = document.at(statement.units[unit].span);
    let finding = match unknown.first() {
        Some((site, span)) => RULE
            .finding(document.at(*span), format!("the text says that it comes from {site}, which is not on record"))
            .help("record it as `source.url`, or in `source.via` where it was only republished there")
            .confidence(0.8)
            .related(line, "the line that says so"),
        None if known.len() > 1 => RULE
            .finding(line, format!("the text came through {} sites: {}", sites.len(), sites.join(", ")))
            .severity(Severity::Info)
            .help("see that `retrieved_at` is the day of the last station, not the day that this line gives for an earlier one"),
        None => return None,
    };
    Some(finding.evidence("sites", sites))
}

/// The sites of the addresses beside a unit, each once, with its place.
fn named(statement: &Statement<'_>, unit: usize) -> Vec<(String, Span)> {
    let near = unit.saturating_sub(NEAR)..(unit + NEAR + 1).min(statement.units.len());
    let mut named: Vec<(String, Span)> = Vec::new();
    for at in near {
        let part = &statement.units[at];
        if at != unit && part.kind == Kind::Prose {
            continue;
        }
        let inside =
            |piece: &&Piece<'_>| part.span.start() <= piece.span.start() && piece.span.end() <= part.span.end();
        for piece in statement.addresses.iter().filter(inside) {
            let Some(address) = address::page(piece.text) else {
                continue;
            };
            if named.iter().all(|(site, _)| site != address.site()) {
                named.push((address.site().to_owned(), piece.span));
            }
        }
    }
    named
}
