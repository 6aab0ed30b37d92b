//! `fixity/shared-member`: records of a web archive that share a compressed member.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::warc::Flaw;

/// See [`RULE`].
#[derive(Debug)]
pub struct SharedMember;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/shared-member",
    severity: Severity::Warning,
    summary: "records of a web archive that share a compressed member",
    settings: &[],
    docs: "\
## What it does
Says where the records of a compressed web archive do not each stand in a member of their own: in `vidimus verify FILE`, in an import,
and in `check` for the files that `archive.warc` names.

## Why it matters
An index of captures gives the place of each record in the file. Where all records are one member, as after `gunzip` and `gzip`, none
can be read by its place: the file is right, but replay finds nothing in it, and one flipped bit takes every record behind it.

## Example
`gzip crawl.warc`, which packs all records as one member.

## What to do
Compress it anew, a member a record: `warcio recompress crawl.warc.gz crawl-2.warc.gz`.
",
};

impl Check for SharedMember {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (archived, testimony) in survey.archives_read() {
            let file = archived.file.value.as_str();
            let shared = testimony.faults.iter().find_map(|fault| match fault.flaw {
                Flaw::OneMember(records) => Some(records),
                _ => None,
            });
            if let Some(records) = shared {
                let message = format!(
                    "{records} records of {file} share compressed members, so that none can be read by its place in the file"
                );
                let finding = RULE.finding(survey.at(archived.entry, archived.file.span), message);
                findings.push(finding.help("compress it anew, a member a record, as `warcio recompress` does"));
            }
        }
    }
}
