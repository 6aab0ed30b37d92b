//! `provenance/missing-license`: texts without a licence.

use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingLicense;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/missing-license",
    severity: Severity::Info,
    summary: "texts of which nothing says under what licence they may be used",
    settings: &[],
    docs: "\
## What it does
Counts the entries that have no `license`, in a corpus that has none either. It is said once for the corpus.

## Why it matters
Who finds the corpus cannot tell whether they may copy it, and nobody remembers later.

## Example
A manifest in which the word `license` does not occur.

## What to do
Write `license` for the corpus, and for the entries that differ. Where the rights are not free, say that too, with a name of
your own: `license: LicenseRef-all-rights-reserved`.
",
};

impl Check for MissingLicense {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::WhereMapped("license")
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let manifest = survey.manifest;
        if manifest.corpus.license.is_some() {
            return;
        }
        let without: Vec<_> = manifest
            .entries
            .iter()
            .filter(|entry| entry.license.is_none() && !entry.says_by_record("license"))
            .collect();
        let Some(first) = without.first() else { return };
        let message = match without.len() {
            1 => "1 text has no licence on record".to_owned(),
            count => format!("{count} texts have no licence on record"),
        };
        let title = manifest
            .corpus
            .title
            .as_ref()
            .map(|title| manifest.location(0, title.span));
        let place = title.unwrap_or_else(|| Location::file(manifest.files[0].name()));
        let finding = RULE
            .finding(place, message)
            .label("nor has the corpus as a whole")
            .related(survey.entry(first), "the first of them");
        let finding = finding.help("write `license` for the corpus, and for entries that differ");
        findings.push(finding.evidence("entries", without.len()));
    }
}
