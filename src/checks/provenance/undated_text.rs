//! `provenance/undated-text`: nothing says when a text was published.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct UndatedText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/undated-text",
    severity: Severity::Warning,
    summary: "a text for which neither the manifest nor the text itself gives a date of publication",
    settings: &[],
    docs: "\
## What it does
Reports a text whose entry has no `published_at` and that states no date of publication itself.

## Why it matters
`Yesterday`, `this Saturday` and `later this month` mean nothing without it, and no later check can tell whether the text is
of its time. Nobody will know it better than whoever takes the text into the corpus.

## Example
A news report that names weekdays only, in an entry without `published_at`.

## What to do
Record `published_at`, if only the year. The latest date in the text, which the finding names, is a bound.

## Where it errs
A text that states its date in a form that the grammar does not know, as `the second Sunday after Easter`, or in a language whose
months it does not know. Fiction and law are rarely dated by the day; record the year. Confidence 0.9.
",
};

impl Check for UndatedText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text.filter(|text| !text.blocks.is_empty()) else {
            return;
        };
        let statement = text.statement();
        if document.entry.published_at.is_some() || statement.published.is_some() {
            return;
        }
        let finding = RULE.finding(
            document.whole(),
            "neither the manifest nor the text says when it was published",
        );
        let finding = finding.help("record `published_at`, if only the year").confidence(0.9);
        let latest = statement
            .dates
            .iter()
            .filter(|date| date.mention.other.is_none())
            .max_by_key(|date| date.mention.date.last());
        findings.push(match latest {
            Some(date) => finding
                .evidence("latest", date.mention.date.to_string())
                .related(document.at(date.span), "the latest date in it"),
            None => finding,
        });
    }
}
