//! `date/after-retrieval`: a text that carries a date later than its retrieval.

use crate::checks::{Check, Document, Rule};
use crate::date::clearly_after;
use crate::finding::{Finding, Severity};
use crate::text::dates;
use crate::text::role::Role;
use crate::text::statement::{Published, Statement, TextDate};

/// See [`RULE`].
#[derive(Debug)]
pub struct AfterRetrieval;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/after-retrieval",
    severity: Severity::Warning,
    summary: "a date of publication or change in the text that is later than its retrieval",
    settings: &[],
    docs: "\
## What it does
Compares `source.retrieved_at` with what the text says of itself: the days on which it says, in so many words, that it was
published or changed (an error), and the day that is most likely that of its publication. A day of difference is allowed, for
time zones.

Dates in prose are passed over, since a text may speak of what is to come; so are dates of events.

## Why it matters
Nobody retrieves a text before it was written. The retrieval is recorded wrongly, or the file was replaced by a later copy
without a record of that.

## Example
`Last updated: 5 May 2019` in a text with `retrieved_at: 2018-11-02`.

## What to do
Correct `retrieved_at`, or retrieve the text again and record the change in `edits`.

## Where it errs
A weekly paper may be dated some days ahead, and a page may announce a book as `published` on a day to come. Confidence 0.9
with a word for it, 0.7 without.
",
};

impl Check for AfterRetrieval {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let (Some(text), Some(source)) = (document.text, &document.entry.source) else {
            return;
        };
        let Some(retrieved) = &source.retrieved_at else { return };
        let limit = retrieved.value.last();
        let Some((date, said)) =
            latest(text.statement()).filter(|(date, _)| clearly_after(date.mention.date.first(), limit))
        else {
            return;
        };
        let day = date.mention.date;
        let message = format!(
            "the text carries the date {day}, after its recorded retrieval on {}",
            retrieved.value
        );
        let finding = RULE
            .finding(document.at(date.span), message)
            .help("correct `retrieved_at`, or record which later copy this is")
            .related(document.recorded(retrieved.span), "the manifest says so here")
            .confidence(if said { 0.9 } else { 0.7 })
            .evidence("role", date.role.name())
            .evidence("retrieved", retrieved.value.to_string());
        findings.push(if said {
            finding.severity(Severity::Error)
        } else {
            finding
        });
    }
}

/// The latest day on which the text says it was published or changed, and whether it says so in so many words.
fn latest<'a>(statement: &'a Statement<'_>) -> Option<(&'a TextDate, bool)> {
    let day = |date: &&TextDate| dates::is_day(date.mention.date) && date.mention.other.is_none();
    let said = statement
        .dates
        .iter()
        .filter(day)
        .filter(|date| matches!(date.role, Role::Published | Role::Modified));
    let said = said.max_by_key(|date| date.mention.date).map(|date| (date, true));
    let best = statement.best.filter(Published::is_likely);
    let shown = || {
        statement
            .dates
            .iter()
            .filter(day)
            .find(|date| best.is_some_and(|best| best.span == date.span))
    };
    said.or_else(|| shown().map(|date| (date, false)))
}
