//! `truncation/empty-text`: a text that says nothing.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct EmptyText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/empty-text",
    severity: Severity::Warning,
    summary: "a text of no bytes, or of nothing but white space",
    settings: &[],
    docs: "\
## What it does
Finds texts of 0 bytes, and texts that hold nothing but white space and byte-order marks.

## Why it matters
It is what a download that failed, a full disk or an extraction that found no article leaves behind. Its digest is sound,
so it is verified for ever.

## Example
`corpus/a.txt` with 0 bytes.

## What to do
Retrieve the text again, or take its entry out of the manifest.

## Where it errs
A text that is meant to be empty, as a placeholder. What it says of the bytes is certain.
",
};

impl Check for EmptyText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let says_something = |c: char| !c.is_whitespace() && c != '\u{feff}';
        let message = match document.source.text() {
            Some("") => "the text is empty",
            Some(text) if !text.contains(says_something) => "the text holds nothing but white space",
            _ => return,
        };
        let finding = RULE.finding(document.whole(), message);
        let help = "retrieve the text again, or take its entry out of the manifest";
        findings.push(finding.help(help).evidence("bytes", document.source.len()));
    }
}
