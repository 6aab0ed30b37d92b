//! `provenance/truncated-record`: a record of a web archive that the crawler did not take whole.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct TruncatedRecord;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/truncated-record",
    severity: Severity::Warning,
    summary: "a record of a web archive that the crawler did not take whole",
    settings: &[],
    docs: "\
## What it does
Reads `WARC-Truncated` of each record of a web archive, in `vidimus verify FILE` and in an import; and in `check`, of the records that
`archive.warc` names.

## Why it matters
The crawler says with it that it stopped: at a limit of length or time, or since the connection broke. Its digests are of what it has
taken, so they agree, and the text that was made of it is not whole.

## Example
`WARC-Truncated: length` in the record of a long report.

## What to do
Look for a capture that is whole. Where there is none, say in `notes` that the text ends where the crawler stopped.
",
};

impl Check for TruncatedRecord {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for archived in survey.archived() {
            let Some(reason) = archived.witness().and_then(|witness| witness.truncated.as_deref()) else {
                continue;
            };
            let message = format!(
                "the record that {} is from was truncated by the crawler ({reason}): the text is not whole",
                archived.entry.name()
            );
            let finding = RULE.finding(survey.at(archived.entry, archived.record.span), message);
            let finding = finding.help("take the text from another capture, or say in `notes` that it is not whole");
            findings.push(finding.evidence("reason", reason));
        }
    }
}
