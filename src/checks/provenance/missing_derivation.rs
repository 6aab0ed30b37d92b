//! `provenance/missing-derivation`: a file that a text was made from and that is gone.

use crate::checks::{Check, Rule, Survey};
use crate::corpus::Refusal;
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingDerivation;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/missing-derivation",
    severity: Severity::Error,
    summary: "a file that a text was made from and that cannot be read",
    settings: &[],
    docs: "\
## What it does
Looks for each file that `derived_from` names.

## Why it matters
The original is the only proof of what was done to a text. Once it is lost, the derived text is the source, and nobody can
tell an edit from damage.

## Example
`derived_from: [{path: raw/002.html, sha256: 9f86d081…}]` where `raw/002.html` does not exist.

## What to do
Bring the file back, or correct its path. If it is lost, remove the derivation and say so in `notes`.
",
};

impl Check for MissingDerivation {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            for path in entry.derived_from.iter().filter_map(|one| one.path.as_ref()) {
                let Some(Err(refusal)) = survey.derivations.get(path.value.as_str()) else {
                    continue;
                };
                let message = format!("{}, from which {} was made, {}", path.value, entry.name(), why(refusal));
                let finding = RULE.finding(survey.at(entry, path.span), message);
                findings.push(finding.help("bring it back, or correct the path"));
            }
        }
    }
}

fn why(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Missing => "is not there".to_owned(),
        Refusal::Special(_) => "is no regular file, so it is not read".to_owned(),
        Refusal::Link(link) => format!("is reached through the link {link}, which is not followed"),
        Refusal::Outside => "leads out of the root, so it is not read".to_owned(),
        Refusal::Unreadable(why) => format!("cannot be read: {why}"),
        Refusal::Changed => "changed while it was read".to_owned(),
    }
}
