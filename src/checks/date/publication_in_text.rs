//! `date/publication-in-text`: a text says when it was published, and the manifest does not.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::published::Standing;

/// See [`RULE`].
#[derive(Debug)]
pub struct PublicationInText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/publication-in-text",
    severity: Severity::Info,
    summary: "a date of publication that the text states and the manifest lacks",
    docs: "\
## What it does
Finds the date of publication that a text states, in so many words or by a date at its head, where the manifest gives none.

## Why it matters
The record is poorer than the text: whoever asks the corpus for what was written in a year does not find it.

## Example
```text
Originally published on 14 December 2011, The Open Sluice No. 212
```

## What to do
Look whether the date is that of the text and not of the page, and record it as `published_at`.
",
};

impl Check for PublicationInText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let stated = text
            .statement()
            .published
            .filter(|published| published.standing != Standing::Far);
        let Some(published) = stated.filter(|_| document.entry.published_at.is_none()) else {
            return;
        };
        let message = format!(
            "the text gives {} as its date of publication, the manifest gives none",
            published.date
        );
        let finding = RULE.finding(document.at(published.span), message);
        findings.push(
            finding
                .help(format!(
                    "record it as `published_at: {}`, if it is the date of the text and not of the page",
                    published.date
                ))
                .evidence("published", published.date.to_string())
                .evidence("role", published.role.name()),
        );
    }
}
