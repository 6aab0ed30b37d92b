//! `date/impossible-weekday`: a weekday that its date does not fall on.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::dates;
use crate::text::statement::TextDate;

/// See [`RULE`].
#[derive(Debug)]
pub struct ImpossibleWeekday;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/impossible-weekday",
    severity: Severity::Warning,
    summary: "a weekday that its date does not fall on",
    settings: &[],
    docs: "\
## What it does
Compares a weekday that stands right before a full date, or in brackets after it, with the calendar. Dates before 1900 are
passed over, since they may be of the Julian calendar, and so are dates that leave day and month open.

## Why it matters
One of the two is wrong, and a date that is wrong by a day, a month or a year is taken for evidence.

## Example
`Friday, 11 August 2016`, which was a Thursday.

## What to do
Look it up; either side may be the wrong one, so no fix is offered. A quotation may keep its slip: accept the finding.

## Where it errs
A text may quote a wrong weekday, and Orthodox texts of the 20th century may give dates of the Julian calendar. A weekday of a
list beside the date of another row would be read together with it. Confidence 0.9.
",
};

/// The calendar in common use is surely the Gregorian one from here on.
const GREGORIAN: i16 = 1900;
/// So many are reported one by one.
const MOST: usize = 20;

impl Check for ImpossibleWeekday {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let wrong = text.statement().dates.iter().filter(|date| is_wrong(date));
        findings.extend(wrong.take(MOST).map(|date| finding(document, date)));
    }
}

fn is_wrong(date: &TextDate) -> bool {
    let mention = &date.mention;
    let full = mention.other.is_none() && dates::is_day(mention.date) && mention.date.year() >= GREGORIAN;
    full && mention
        .weekday
        .is_some_and(|weekday| weekday != mention.date.first().weekday())
}

fn finding(document: &Document<'_>, date: &TextDate) -> Finding {
    let day = date.mention.date.first();
    let name = |day: jiff::civil::Weekday| format!("{day:?}");
    let said = date.mention.weekday.map(name).unwrap_or_default();
    let is = name(day.weekday());
    RULE.finding(document.at(date.span), format!("{day} was a {is}, not a {said}"))
        .help("look up which of the two is meant")
        .confidence(0.9)
        .evidence("date", day.to_string())
        .evidence("stated", said)
        .evidence("calendar", is)
}
