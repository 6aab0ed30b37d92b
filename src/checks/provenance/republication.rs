//! `provenance/republication`: a text that says it was published elsewhere first.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::address;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::unit::Kind;

/// See [`RULE`].
#[derive(Debug)]
pub struct Republication;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/republication",
    severity: Severity::Info,
    summary: "a text says that it was published elsewhere first, and the manifest does not name that place",
    settings: &[],
    docs: "\
## What it does
Finds lines such as `Originally published in …`, `Reprinted from …` or `Zuerst erschienen in …` at the edges of a text, and
compares the publisher that they name with the hosts of the addresses on record.

## Why it matters
The text has an earlier version somewhere, with another date, another editor and perhaps another licence; and the site that it
was taken from may not have been allowed to pass it on.

## Example
```text
Originally published on 3 May 2014 in The Weir Gazette No. 12
```

## What to do
Name the first publication in `source.url` or `source.canonical_url`, and where the text was taken from in `source.via`.

## Where it errs
A publisher whose name has nothing in common with its host (`The Times`, thetimes.example) is compared by its words only; an
essay on the history of print may speak of what `was first published in` some place, which is passed over in prose.
",
};

/// How such lines begin, in lower case.
const PHRASES: [&str; 30] = [
    "originally published",
    "first published",
    "originally appeared",
    "first appeared",
    "previously published",
    "reprinted from",
    "reprinted with",
    "republished from",
    "republished with",
    "cross-posted",
    "crossposted",
    "reposted from",
    "originally posted",
    "zuerst erschienen",
    "zuerst veröffentlicht",
    "erstmals erschienen",
    "ursprünglich erschienen",
    "nachdruck aus",
    "publié initialement",
    "initialement publié",
    "paru initialement",
    "publicado originalmente",
    "originalmente publicado",
    "publicado por primera vez",
    "pubblicato originariamente",
    "oorspronkelijk verschenen",
    "eerder verschenen",
    "pierwotnie opublikowano",
    "впервые опубликовано",
    "originariamente pubblicato",
];

static LINES: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(PHRASES).ok());

/// The phrase stands within so many bytes of the beginning of its line.
const HEAD: usize = 60;
/// The longest phrase has at most so many bytes.
const LONGEST: usize = 40;
/// So many units at either edge are looked at.
const EDGE: usize = 12;
/// Only so much of a unit is looked at, in bytes.
const LOOKED_AT: usize = 400;

impl Check for Republication {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        findings.extend(finding(document, text));
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>) -> Option<Finding> {
    let units = &text.statement().units;
    let edge = |at: usize| at < EDGE || at + EDGE >= units.len();
    let near = units
        .iter()
        .enumerate()
        .filter(|(at, unit)| edge(*at) && unit.kind != Kind::Code);
    let (unit, after) = near
        .filter_map(|(_, unit)| {
            let line = crate::text::prefix(unit.text, LOOKED_AT);
            let found = LINES.as_ref()?.find(crate::text::prefix(line, HEAD + LONGEST))?;
            let long = unit.kind == Kind::Prose && unit.words > 60;
            (found.start() <= HEAD && !long && is_about_itself(&line[..found.start()]))
                .then_some((unit, &line[found.end()..]))
        })
        .next()?;
    let publisher = publisher(after)?;
    let hosts = hosts(document);
    if hosts.iter().any(|host| is_named_by(publisher, host)) {
        return None;
    }
    let message = match hosts.is_empty() {
        true => format!("the text was first published by {publisher}, and no address is on record"),
        false => format!("the text was first published by {publisher}, which no address on record names"),
    };
    let span = end_of(unit.span, text.source.span_of(publisher));
    let finding = RULE
        .finding(document.at(span), message)
        .confidence(0.7)
        .help("name the first publication in `source.canonical_url` or `source.via`")
        .evidence("publisher", publisher);
    Some(finding)
}

/// What a text calls itself, in lower case.
const SELF: &[&str] = &[
    "article",
    "story",
    "post",
    "piece",
    "text",
    "essay",
    "interview",
    "report",
    "column",
    "version",
    "review",
    "translation",
    "beitrag",
    "artikel",
    "artículo",
    "artigo",
    "articolo",
    "artykuł",
    "статья",
];

/// Whether what stands before the phrase speaks of the text: nothing but signs, or a word for it.
fn is_about_itself(before: &str) -> bool {
    let lower = before.to_lowercase();
    !lower.contains(char::is_alphanumeric) || SELF.iter().any(|word| lower.contains(word))
}

fn end_of(unit: Span, publisher: Span) -> Span {
    if unit.overlaps(publisher) { publisher } else { unit }
}

/// The hosts on record.
fn hosts(document: &Document<'_>) -> Vec<String> {
    let addresses = document.entry.source.iter().flat_map(|source| source.addresses());
    let pages = addresses.filter_map(|(_, url)| address::page(&url.value));
    pages.map(|page| page.site().to_owned()).collect()
}

/// The publisher that follows: an address, or words with capitals after a date and a small word.
fn publisher(rest: &str) -> Option<&str> {
    let line = rest.lines().next()?;
    if let Some(at) = line.find("http") {
        return line[at..]
            .split(|sign: char| sign.is_whitespace() || ")]>\"”".contains(sign))
            .next();
    }
    let mut from = None;
    let mut to = 0;
    for word in line.split_inclusive([' ', '\u{a0}']) {
        let at = word.as_ptr().addr() - line.as_ptr().addr();
        let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric());
        let name = bare.chars().next().is_some_and(char::is_uppercase)
            && !is_calendar(bare)
            && !TIME.contains(&bare)
            && bare.len() > 1;
        match (name, from) {
            (true, _) => {
                from.get_or_insert(at);
                to = at + word.trim_end().len();
            }
            (false, Some(_)) if bare.len() > 3 || bare.is_empty() => break,
            _ => {}
        }
        if from.is_some()
            && word.trim_end().ends_with([',', '.', ';', ':', ')', '|'])
            && !word.trim_end().ends_with("No.")
        {
            break;
        }
    }
    let name = &line[from?..to];
    let name = name.trim_matches(|sign: char| !sign.is_alphanumeric() && sign != ')');
    (name.len() > 2).then_some(name)
}

/// Words beside a time of day, and labels of other dates.
const TIME: &[&str] = &[
    "AM",
    "PM",
    "IST",
    "ET",
    "EST",
    "EDT",
    "PT",
    "PST",
    "PDT",
    "GMT",
    "BST",
    "CET",
    "CEST",
    "UTC",
    "Updated",
    "Last",
    "Modified",
    "Uhr",
    "Published",
    "Posted",
    "By",
    "Copyright",
];

fn is_calendar(word: &str) -> bool {
    crate::text::calendar::month(word).is_some() || crate::text::calendar::weekday(word).is_some()
}

/// Whether a word of a name of four letters or more stands in a host, or the initials of the name are its first label.
fn is_named_by(publisher: &str, host: &str) -> bool {
    let words = publisher.split(|sign: char| !sign.is_alphanumeric());
    let long = words
        .clone()
        .filter(|word| word.chars().count() > 3 && !word.starts_with("http"));
    let initials: String = words
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_lowercase)
        .collect();
    let label = host.split('.').next().unwrap_or_default();
    long.map(str::to_lowercase).any(|word| host.contains(&word)) || label == initials || publisher.contains(host)
}
