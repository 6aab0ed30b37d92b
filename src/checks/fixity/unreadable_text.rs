//! `fixity/unreadable-text`: a text that the system does not let us read.

use crate::checks::{Check, Rule, Survey};
use crate::corpus::{Fixity, Refusal};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct UnreadableText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/unreadable-text",
    severity: Severity::Error,
    summary: "a text that cannot be read",
    settings: &[],
    docs: "\
## What it does
Finds texts that the system refuses to read, and repeats what it said.

## Why it matters
What cannot be read is not verified. It may be a matter of permissions, or the first sign of a failing disk.

## Example
`corpus/a.txt` with mode 000, checked by somebody who does not own it.

## What to do
Mend the permissions. Where the system speaks of an input/output error, copy the corpus off that disk before anything else.
",
};

impl Check for UnreadableText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (entry, observed) in survey.entries() {
            // A path that cannot be followed is named where the manifest was read.
            let (Some(path), Fixity::Refused(Refusal::Unreadable(why))) = (&entry.path, &observed.fixity) else {
                continue;
            };
            let finding = RULE.finding(
                Location::file(path.value.as_str()),
                format!("the text cannot be read: {why}"),
            );
            let help = "mend its permissions; where the disk fails, restore it from a copy";
            findings.push(finding.help(help).related(survey.entry(entry), "listed here"));
        }
    }
}
