//! `date/impossible-date`: a day that the calendar does not have.

use crate::checks::{Check, Document, Rule, limit};
use crate::finding::{Finding, Severity};
use crate::text::statement::TextDate;

/// See [`RULE`].
#[derive(Debug)]
pub struct ImpossibleDate;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/impossible-date",
    severity: Severity::Warning,
    summary: "a day that its month does not have",
    settings: &[],
    docs: "\
## What it does
Finds full dates whose month is too short for the day: `31 June 2016`, `30.02.2016`, `2015-02-29`. A number above 31 is no day
but something else, and is passed over.

## Why it matters
Somebody mistyped or misread the date, and no one knows by how much it is wrong. OCR reads `21` as `31`.

## Example
`The council met on 31 June 1931.`

## What to do
Look it up in the source. No fix is offered, since day, month or year may be the wrong one.

## Where it errs
A text may speak of a day that does not exist on purpose, in a riddle or a test of software. Sweden had a 30 February in 1712,
and the Soviet calendar of 1930 is misremembered as having one. Confidence 0.95.
",
};

impl Check for ImpossibleDate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let dates = text.statement().dates.iter();
        let wrong = dates.filter_map(|date| Some((date, date.mention.impossible?)));
        limit::limit(wrong.map(|(date, day)| finding(document, date, day)), findings);
    }
}

fn finding(document: &Document<'_>, date: &TextDate, day: i8) -> Finding {
    let month = date.mention.date;
    RULE.finding(document.at(date.span), format!("there is no day {day} in {month}"))
        .help("look it up in the source: day, month or year is wrong")
        .confidence(0.95)
        .evidence("month", month.to_string())
        .evidence("day", day)
}
