//! `fixity/changed-text`: a text that changes while it is read.

use crate::checks::{Check, Rule, Survey};
use crate::corpus::{Fixity, Refusal};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct ChangedText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/changed-text",
    severity: Severity::Error,
    summary: "a text that changes while it is read",
    settings: &[],
    docs: "\
## What it does
Compares the state of each file before and after it is read. A text that changed on the way is read once more; if it changed
again, it is named here and not verified.

## Why it matters
Half of the bytes are from before the change and half from after: their digest is that of neither.

## Example
A corpus that is checked while a crawler still writes into it.

## What to do
Find out what writes to the file, wait until it is done, and check again.
",
};

impl Check for ChangedText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let changed = Fixity::Refused(Refusal::Changed);
        for (entry, _) in survey.entries().filter(|(_, observed)| observed.fixity == changed) {
            let finding = RULE.finding(
                Location::file(entry.name()),
                "the text changed while it was read, twice",
            );
            let help = "find out what writes to it, wait until that is done, and check again";
            findings.push(finding.help(help).related(survey.entry(entry), "listed here"));
        }
    }
}
