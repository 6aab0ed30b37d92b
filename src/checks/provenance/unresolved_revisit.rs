//! `provenance/unresolved-revisit`: a record of a web archive whose content stands in another one that is not at hand.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::warc::Kind;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnresolvedRevisit;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/unresolved-revisit",
    severity: Severity::Info,
    summary: "a record of a web archive whose content stands in another one that is not at hand",
    settings: &[],
    docs: "\
## What it does
A crawler that finds the same again writes a `revisit` record, which has no content and refers to the record that has it. In `vidimus
verify FILE` and in an import, that record is looked for in the same file, by its id or by address and date, and its payload is compared
with the digest that the revisit gives. What refers to another file is told: as info where the revisit has a digest of its own block,
as a warning where nothing of it could be verified. In `check`, entries whose `archive.warc` names a revisit are told.

## Why it matters
Such a record proves nothing by itself: without the file with the first visit, the page is lost.

## Example
`WARC-Refers-To: <urn:uuid:…>` of a record of last month's crawl.

## What to do
Keep the file with the first visit beside it. In an entry, name the record that has the content.
",
};

impl Check for UnresolvedRevisit {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for archived in survey.archived() {
            if archived.witness().is_none_or(|witness| witness.kind != Kind::Revisit) {
                continue;
            }
            let message = format!(
                "the record that {} is said to be from is a revisit, and has no content of its own",
                archived.entry.name()
            );
            let finding = RULE.finding(survey.at(archived.entry, archived.record.span), message);
            findings.push(finding.help("name the record that it refers to, which has the content"));
        }
    }
}
