//! `encoding/replacement-character`: U+FFFD, where a character was lost.

use super::tally::Tally;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct ReplacementCharacter;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/replacement-character",
    severity: Severity::Warning,
    summary: "U+FFFD, which stands where a character was lost",
    settings: &[],
    docs: "\
## What it does
Finds U+FFFD, the replacement character. A line that names it as `U+FFFD` speaks of it and is left alone.

## Why it matters
A program put it where it could not decode a byte. What stood there is gone from this copy; only the original has it.

## Example
`caf\u{FFFD}`, from a Latin-1 file that was read as UTF-8.

## What to do
Fetch the original again and decode it with its own encoding. There is no fix: what was lost cannot be computed.

## Where it errs
A text that shows the character, and names it otherwise than `U+FFFD`, is reported. Confidence 1 elsewhere: something was
lost.
",
};

impl Check for ReplacementCharacter {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if memchr::memmem::find(text.text.as_bytes(), "\u{FFFD}".as_bytes()).is_none() {
            return;
        }
        let mut tally = Tally::default();
        for line in text.lines.iter().filter(|line| !line.text.contains("U+FFFD")) {
            for (at, _) in line.text.match_indices('\u{FFFD}') {
                tally.add(text.source, line.span.start() + at, '\u{FFFD}', None);
            }
        }
        let Some((_, first)) = tally.first() else { return };
        let noun = tally.noun("character");
        let verb = if tally.total() == 1 { "was" } else { "were" };
        let finding = RULE.finding(document.at(first), format!("{noun} {verb} lost in decoding"));
        let help = "fetch the original again and decode it with its own encoding";
        findings.push(
            finding
                .help(help)
                .label("U+FFFD stands here")
                .evidence("count", tally.total()),
        );
    }
}
