//! `truncation/length-spike`: many texts of one source end without an end mark at one length.

use std::collections::BTreeMap;

use crate::address::Address;
use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::Entry;
use crate::setting::Setting;
use crate::text::Length;

/// See [`RULE`].
#[derive(Debug)]
pub struct LengthSpike;

/// Fewer texts show nothing.
static LEAST: Setting = Setting {
    key: "truncation/length-spike.least",
    default: 20.0,
    range: (5.0, 1_000_000.0),
    meaning: "the least number of texts of one source that end without an end mark",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/length-spike",
    severity: Severity::Warning,
    summary: "many texts of one source that end without an end mark at one length",
    settings: &[&LEAST],
    docs: "\
## What it does
Takes the texts of each site, and those without an address together, that end without an end mark. Where at least twenty do,
and half of them are of one length within two percent, in characters or in words, while few whole texts are, it says so once.

## Why it matters
Lengths of texts are spread wide. A limit of a field, a feed or an interface is what makes many of them equal; one text does
not show it, the corpus does.

## Example
Four hundred descriptions, of which 380 have between 198 and 200 characters and stop in the middle of a sentence.

## What to do
Find the limit, and take the texts again from where they are whole.

## Where it errs
Forms of a set length whose lines have no end mark: titles, messages that a service limits. Confidence 0.85.
",
};

impl Check for LengthSpike {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (site, texts) in sources(survey) {
            let open = texts.iter().filter(|(_, length)| !length.ended).count();
            findings.extend(finding(survey, &site, &texts, open));
        }
    }
}

type Texts<'a> = Vec<(&'a Entry, Length)>;

/// The texts of each site; those without an address have none.
fn sources<'a>(survey: &Survey<'a>) -> BTreeMap<String, Texts<'a>> {
    let mut sources: BTreeMap<String, Texts<'a>> = BTreeMap::new();
    for (entry, features) in survey.manifest.entries.iter().zip(survey.features) {
        let Some(features) = features else { continue };
        sources.entry(site(entry)).or_default().push((entry, features.length));
    }
    sources
}

fn site(entry: &Entry) -> String {
    let url = entry.source.as_ref().and_then(|source| source.url.as_ref());
    let address = url.and_then(|url| Address::parse(&url.value).ok());
    address.map_or_else(String::new, |address| address.site().to_owned())
}

/// A shorter text is a label, in characters.
const SHORT: u32 = 40;

fn finding(survey: &Survey<'_>, site: &str, texts: &Texts<'_>, open: usize) -> Option<Finding> {
    let by_characters = spike(texts, |length| length.characters).map(|spike| (spike, "characters"));
    let by_words = spike(texts, |length| length.words).map(|spike| (spike, "words"));
    let (spike, unit) = by_characters
        .into_iter()
        .chain(by_words)
        .max_by_key(|(spike, unit)| (spike.open, *unit == "characters"))?;
    let least = survey.settings.value_at(spike.first.name(), &LEAST);
    if (open as f64) < least || spike.open * 2 < open || spike.whole * 2 > spike.open {
        return None;
    }
    let of = if site.is_empty() {
        String::new()
    } else {
        format!(" of {site}")
    };
    let message = format!(
        "{} of {open} texts{of} that end without an end mark have {} to {} {unit}",
        spike.open, spike.from, spike.to
    );
    let finding = RULE
        .finding(survey.entry(spike.first), message)
        .help("find the limit that cut them, and take them again, whole")
        .label("the first of them")
        .confidence(0.85);
    Some(
        finding
            .evidence("texts", spike.open)
            .evidence("from", spike.from)
            .evidence("to", spike.to),
    )
}

/// Many texts of one length.
#[derive(Clone, Copy, Debug)]
struct Spike<'a> {
    /// How many of them have no end mark.
    open: usize,
    /// How many of that length have one.
    whole: usize,
    /// The least of the lengths.
    from: u32,
    /// The greatest of the lengths.
    to: u32,
    /// The first of the texts, in the order of the manifest.
    first: &'a Entry,
}

/// The window of four percent that has most texts without an end mark.
fn spike<'a>(texts: &Texts<'a>, size: impl Fn(&Length) -> u32) -> Option<Spike<'a>> {
    let mut open: Vec<u32> = texts
        .iter()
        .filter(|(_, length)| !length.ended && length.characters >= SHORT)
        .map(|(_, length)| size(length))
        .collect();
    open.sort_unstable();
    let end = |at: usize| open.partition_point(|one| u64::from(*one) * 100 <= u64::from(open[at]) * 104);
    let best = (0..open.len()).max_by_key(|&at| (end(at) - at, usize::MAX - at))?;
    let (from, to) = (open[best], open[end(best) - 1]);
    let inside = |length: &Length| (from..=to).contains(&size(length));
    let (first, _) = texts.iter().find(|(_, length)| !length.ended && inside(length))?;
    Some(Spike {
        open: end(best) - best,
        whole: texts
            .iter()
            .filter(|(_, length)| length.ended && inside(length))
            .count(),
        from,
        to,
        first,
    })
}
