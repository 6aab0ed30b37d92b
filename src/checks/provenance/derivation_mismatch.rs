//! `provenance/derivation-mismatch`: a file that a text was made from and that has changed.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct DerivationMismatch;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/derivation-mismatch",
    severity: Severity::Error,
    summary: "a file that a text was made from, with another digest than on record",
    settings: &[],
    docs: "\
## What it does
Compares the SHA-256 of each file in `derived_from` with the one recorded there.

## Why it matters
The text was made from those bytes and no others. If the file has changed since, it proves nothing any more about the text.

## Example
`derived_from: [{path: raw/002.html, sha256: 9f86d081…}]` where `raw/002.html` was retrieved again.

## What to do
Restore the file with the recorded digest. If the text was made anew from the new file, record its digest here and accept the
text.
",
};

impl Check for DerivationMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            for derivation in &entry.derived_from {
                let (Some(path), Some(recorded)) = (&derivation.path, &derivation.sha256) else {
                    continue;
                };
                let Some(Ok(actual)) = survey.derivations.get(path.value.as_str()) else {
                    continue;
                };
                // A digest that is none is `manifest/invalid-digest`.
                if recorded.digest.is_none_or(|digest| digest == *actual) {
                    continue;
                }
                let message = format!(
                    "{}, from which {} was made, has another digest",
                    path.value,
                    entry.name()
                );
                let finding = RULE.finding(survey.at(entry, recorded.span), message);
                let finding = finding.evidence("recorded", recorded.shown());
                let finding = finding.evidence("actual", actual.to_string());
                findings
                    .push(finding.help("restore the file, or make the text anew from it and record the new digest"));
            }
        }
    }
}
