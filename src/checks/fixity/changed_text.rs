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
again, it is named here and not verified. Texts are read once more, in parts, where passages of them are compared: one that is
not any more what was hashed then is named here too, and left out of the comparison.

## Why it matters
Half of the bytes are from before the change and half from after: their digest is that of neither.

## Example
A corpus that is checked while a crawler still writes into it.

## What to do
Find out what writes to the file, wait until it is done, and check again.
",
};

const HELP: &str = "find out what writes to it, wait until that is done, and check again";

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
            findings.push(finding.help(HELP).related(survey.entry(entry), "listed here"));
        }
        for (text, why) in survey.passages.left_out() {
            let message = format!("no passages were looked for in this text: {why}");
            let finding = RULE.finding(Location::file(survey.name(*text)), message).help(HELP);
            let entry = survey.manifest.entries.get(*text);
            findings.extend(entry.map(|entry| finding.related(survey.entry(entry), "listed here")));
        }
    }
}
