//! `fixity/broken-record`: a place in a web archive that cannot be read as the records that it should be.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::warc::Flaw;

/// See [`RULE`].
#[derive(Debug)]
pub struct BrokenRecord;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/broken-record",
    severity: Severity::Error,
    summary: "a place in a web archive that cannot be read as the records that it should be",
    settings: &[],
    docs: "\
## What it does
Reads each record of a web archive from its head to its end: in `vidimus verify FILE`, in an import, and in `check` for the files that
`archive.warc` names. It says where a record ends too early or goes on too long for its `Content-Length`, where bytes stand between
records that belong to none, where a head cannot be read, where the compressed data is damaged, and where it unpacks to more than 200
times its size. Each time it says at which byte, and goes on with the next record that it can find.

## Why it matters
A digest says that the bytes of a record are right; where its end is not where it says, there is nothing to compare. Tools that
stop at the first such place leave the rest of the file unread, and some say that all is well up to there.

## Example
A file that was cut while it was copied: `the file ends in the record at byte 73021: 812 of 4096 bytes are there`.

## What to do
Restore the file from a copy. Where there is none, what could be read was verified, and the records that follow were found.
",
};

impl Check for BrokenRecord {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (archived, testimony) in survey.archives_read() {
            let file = archived.file.value.as_str();
            let mut faults = testimony.faults.iter().filter(|fault| is_broken(&fault.flaw));
            if let Some(first) = faults.next() {
                let more = faults.count();
                let message = match more {
                    0 => format!("{file} cannot be read as records at byte {}", first.place.offset),
                    _ => format!(
                        "{file} cannot be read as records at {} places, first at byte {}",
                        more + 1,
                        first.place.offset
                    ),
                };
                let finding = RULE.finding(survey.at(archived.entry, archived.file.span), message);
                let help = "see `vidimus verify` of the file for each of them, and restore it from a copy";
                findings.push(finding.help(help).evidence("offset", first.place.offset));
            }
        }
    }
}

fn is_broken(flaw: &Flaw) -> bool {
    !matches!(flaw, Flaw::Ending | Flaw::OneMember(_))
}
