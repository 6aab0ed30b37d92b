//! `date/publication-in-text`: a text says when it was published, and the manifest does not.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::Text;
use crate::text::published::Standing;
use crate::text::statement::Published;

/// See [`RULE`].
#[derive(Debug)]
pub struct PublicationInText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/publication-in-text",
    severity: Severity::Info,
    summary: "a date of publication that the text states and the manifest lacks",
    settings: &[],
    docs: "\
## What it does
Finds the date of publication that a text states, in so many words or by a date at its head, where the manifest gives none; and a line at the end that names a first publication elsewhere.

## Why it matters
The record is poorer than the text: whoever asks the corpus for what was written in a year does not find it.

## Example
```text
Originally published on 14 December 2011, The Open Sluice No. 212
```

## What to do
Look whether the date is that of the text and not of the page, and record it as `published_at`.

## Where it errs
The date of a revision that stands where that of publication stands elsewhere, without a word for it. On pages from the web
80 of 100 are right and 8 wrong, the rest without a date. Confidence is the likelihood of the date.
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
        let Some(published) =
            stated.filter(|published| document.entry.published_at.is_none() || is_republication(text, published))
        else {
            return;
        };
        let message = match &document.entry.published_at {
            None => format!(
                "the text gives {} as its date of publication, the manifest gives none",
                published.date
            ),
            Some(_) => format!(
                "the text says that it was first published on {}, by somebody else",
                published.date
            ),
        };
        let help = match &document.entry.published_at {
            None => format!(
                "record it as `published_at: {}`, if it is the date of the text and not of the page",
                published.date
            ),
            Some(_) => "record the first publisher, and where the text was republished in `source.via`".to_owned(),
        };
        let finding = RULE.finding(document.at(published.span), message);
        findings.push(
            finding
                .help(help)
                .confidence(((published.likelihood * 100.0).round() / 100.0) as f32)
                .evidence("published", published.date.to_string())
                .evidence("role", published.role.name()),
        );
    }
}

/// Whether a text ends with a line that names its first publication.
fn is_republication(text: &Text<'_>, published: &Published) -> bool {
    let line = text.lines[published.line].text.trim().to_lowercase();
    let back = text.statement().zones.back.contains(&published.line);
    back && published.standing == Standing::Said && FIRST.iter().any(|first| line.contains(first))
}

/// Words of a first publication, in lower case.
const FIRST: &[&str] = &[
    "originally",
    "first published",
    "ursprünglich",
    "zuerst",
    "erstmals",
    "à l’origine",
    "originalmente",
    "originariamente",
    "oorspronkelijk",
    "pierwotnie",
    "впервые",
];
