//! `provenance/missing-record`: a record of a web archive that an entry names and that is not there.

use crate::checks::{Archived, Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingRecord;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/missing-record",
    severity: Severity::Error,
    summary: "a record of a web archive that an entry names and that is not there",
    settings: &[],
    docs: "\
## What it does
Looks into the file that `archive.warc.file` names, a WARC or a WACZ, for the record with that `record_id`; where an entry gives
none, for a record of one of its addresses, the one of its `retrieved_at` first. Each file is read once for all its entries.

## Why it matters
The record is the proof of where the text came from. A manifest that names one that is not there proves nothing.

## Example
`warc: {file: crawl.warc.gz, record_id: \"<urn:uuid:…>\"}` where `crawl.warc.gz` was made anew, with other ids.

## What to do
Bring the file back, or correct its path or the id. `vidimus import cdx` looks records up by address.
",
};

impl Check for MissingRecord {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for archived in survey.archived() {
            findings.extend(finding(survey, &archived));
        }
    }
}

fn finding(survey: &Survey<'_>, archived: &Archived<'_>) -> Option<Finding> {
    let file = archived.file.value.as_str();
    let (name, entry) = (archived.entry.name(), archived.entry);
    let at_file = survey.at(entry, archived.file.span);
    if let Err(refusal) = archived.testimony {
        let message = format!(
            "the web archive {file}, which {name} is from, cannot be read: {}",
            refusal.reason()
        );
        return Some(
            RULE.finding(at_file, message)
                .help("bring it back, or correct the path"),
        );
    }
    if archived.witness().is_some() {
        return None;
    }
    let Some(id) = &archived.record.record_id else {
        let message = format!("{file} has no record of an address of {name}");
        return Some(
            RULE.finding(at_file, message)
                .help("correct the file, or give the `record_id`"),
        );
    };
    let message = format!("{file} has no record {}, which {name} is said to be from", id.value);
    let finding = RULE.finding(survey.at(entry, id.span), message);
    Some(finding.help("correct the file or the id; without an id the record is looked for by address and date"))
}
