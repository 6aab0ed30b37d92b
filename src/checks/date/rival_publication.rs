//! `date/rival-publication`: a text that gives two dates of its publication.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::dates;
use crate::text::role::Role;
use crate::text::statement::{Statement, TextDate};

/// See [`RULE`].
#[derive(Debug)]
pub struct RivalPublication;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/rival-publication",
    severity: Severity::Info,
    summary: "two dates of publication in one text",
    settings: &[],
    docs: "\
## What it does
Finds two lines that give, in so many words, different days of publication, and shows both places. Where there are more than
two such days, they are a list of other texts, and the rule is silent. So it is about days that are one day apart, for time
zones.

## Why it matters
One of them may be that of another text on the page, of a translation or of a second edition. Whoever takes the first one for
granted takes the wrong one half of the time.

## Example
`Published 11 August 2016` above a text and `First published on 2 August 2016 in The Open Sluice` below it.

## What to do
Record the first publication as `published_at`, and where the text was republished in `source.via`.

## Where it errs
A post that is embedded in the text has its own day of publication. Confidence 0.6.
",
};

/// Time zones put one instant on two days.
const TOLERANCE: i32 = 1;

impl Check for RivalPublication {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let Some((first, second)) = rivals(text.statement()) else {
            return;
        };
        let (one, other) = (first.mention.date, second.mention.date);
        let finding = RULE.finding(
            document.at(second.span),
            format!("the text gives {other} as a date of its publication, and {one} before"),
        );
        let finding = finding.related(document.at(first.span), "the other date of publication");
        findings.push(
            finding
                .help("record the first publication, and the other one in `source.via`")
                .confidence(0.6)
                .evidence("dates", vec![one.to_string(), other.to_string()]),
        );
    }
}

/// The two different days of publication, where there are just two.
fn rivals<'a>(statement: &'a Statement<'_>) -> Option<(&'a TextDate, &'a TextDate)> {
    let days = || {
        statement
            .dates_as(Role::Published)
            .filter(|date| date.mention.day().is_some())
    };
    let first = days().next()?;
    let range = |date: &TextDate| (date.mention.date.first(), date.mention.date.last());
    let mut further = days().filter(|date| dates::gap(date.mention.date, range(first)) > TOLERANCE);
    let second = further.next()?;
    further
        .all(|date| date.mention.date == second.mention.date)
        .then_some((first, second))
}
