//! `fixity/nothing-verified`: a run that compared no bytes with any digest.

use crate::checks::{Check, Rule, Survey};
use crate::corpus::{Fixity, Observed};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct NothingVerified;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/nothing-verified",
    severity: Severity::Error,
    summary: "a run in which no text was compared with its digest",
    settings: &[],
    docs: "\
## What it does
Fires where texts are listed, and not one of them could be compared with its digest: because all are missing, because they
cannot be read, or because nothing usable is on record.

## Why it matters
A run that verified nothing must never look like one in which all is well. That the folder is the wrong one, or was not
mounted, is the usual reason.

## Example
A manifest that was copied without its texts.

## What to do
See that the manifest stands in the root of its corpus; then see to the other findings.
",
};

impl Check for NothingVerified {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let compared = |one: &Observed| matches!(one.fixity, Fixity::Verified | Fixity::Mismatch);
        if survey.observed.is_empty() || survey.observed.iter().any(compared) {
            return;
        }
        let looked_at = survey
            .observed
            .iter()
            .filter(|one| one.fixity != Fixity::Skipped)
            .count();
        if looked_at == 0 {
            return;
        }
        let message = match looked_at {
            1 => "no text was verified: the one that was looked for has no usable digest, or is not there".to_owned(),
            _ => format!("no text was verified: not one of {looked_at} could be compared with its digest"),
        };
        let place = survey.manifest.location(0, survey.manifest.files[0].line(1));
        let finding = RULE
            .finding(place, message)
            .help("see that the manifest stands in the root of its corpus");
        findings.push(
            finding
                .evidence("listed", survey.observed.len())
                .evidence("looked_at", looked_at),
        );
    }
}
