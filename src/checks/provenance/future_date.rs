//! `provenance/future-date`: a day that has not come yet.

use jiff::civil::Date;

use crate::checks::{Check, Rule, Survey};
use crate::date::clearly_after;
use crate::finding::{Finding, Severity};
use crate::manifest::Entry;
use crate::source::Span;

/// See [`RULE`].
#[derive(Debug)]
pub struct FutureDate;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/future-date",
    severity: Severity::Error,
    summary: "a date of retrieval, publication, change or capture that has not come yet",
    settings: &[],
    docs: "\
## What it does
Finds `retrieved_at`, `published_at` and `modified_at`, and the timestamp of an archived copy, that are later than today by
more than one day. The one day is for time zones. Today is the day of the run, or the one that `--today` gives.

## Why it matters
What has not happened cannot be on record. Mostly two digits were exchanged, or day and month; then the date is also wrong
where it happens to lie in the past.

## Example
`retrieved_at: 2052-03-13` for the 13th of March 2025.

## What to do
Correct the date. Where it is right, see to the clock of the machine.
",
};

impl Check for FutureDate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let dates = dates(entry).filter(|(_, _, day)| clearly_after(*day, survey.today));
            findings.extend(dates.map(|(key, span, day)| {
                RULE.finding(survey.at(entry, span), format!("{key} lies in the future: {day}"))
                    .help(format!("correct it; today is {}", survey.today))
                    .evidence("day", day.to_string())
                    .evidence("today", survey.today.to_string())
            }));
        }
    }
}

/// The dates of an entry, with their keys, and the first day that each may mean.
fn dates(entry: &Entry) -> impl Iterator<Item = (&'static str, Span, Date)> {
    let retrieved = entry.source.as_ref().and_then(|source| source.retrieved_at.as_ref());
    let written = [
        ("`published_at`", entry.published_at.as_ref()),
        ("`modified_at`", entry.modified_at.as_ref()),
        ("`retrieved_at`", retrieved),
    ];
    let captured = entry
        .captures()
        .filter_map(|(url, capture)| Some(("the capture", url.span, capture.day?)));
    let written = written
        .into_iter()
        .filter_map(|(key, when)| when.map(|when| (key, when.span, when.value.first())));
    written.chain(captured)
}
