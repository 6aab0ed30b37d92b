//! `date/ambiguous-date`: numbers that are day and month or month and day.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct AmbiguousDate;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/ambiguous-date",
    severity: Severity::Info,
    summary: "a date whose day and month cannot be told apart",
    settings: &[],
    docs: "\
## What it does
Finds dates such as `03/04/2016`, which is 3 April in London and 4 March in Boston, where no other date of the text shows which
way its writer writes. It is one finding for a text, at the first such date, with the number of all.

## Why it matters
Every other check takes such a date for both, so that it contradicts less than it could. Whoever reads the text later knows
even less.

## Example
`Posted 03/04/2016` in a text without another date.

## What to do
Nothing in the text. Record the day in `published_at`, where it is that of publication.

## Where it errs
A reader of a local paper knows which way it writes; the rule does not ask the address. Confidence 0.9.
",
};

impl Check for AmbiguousDate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let mut open = text.statement().dates.iter();
        let mut open = open.by_ref().filter(|date| date.mention.other.is_some());
        let Some(first) = open.next() else { return };
        let Some(other) = first.mention.other else { return };
        let message = format!(
            "this is {} or {other}, and no other date says which",
            first.mention.date
        );
        let finding = RULE.finding(document.at(first.span), message).confidence(0.9);
        findings.push(
            finding
                .help("record the day in `published_at`, if it is that of publication")
                .evidence("dates", open.count() + 1)
                .evidence("day_first", first.mention.date.to_string())
                .evidence("month_first", other.to_string()),
        );
    }
}
