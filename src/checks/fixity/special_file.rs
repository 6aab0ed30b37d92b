//! `fixity/special-file`: a pipe, a socket, a device or a folder where a text should be.

use crate::checks::{Check, Rule, Survey};
use crate::corpus::{FileKind, Fixity, Refusal};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct SpecialFile;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/special-file",
    severity: Severity::Error,
    summary: "a pipe, a socket, a device or a folder in place of a text",
    settings: &[],
    docs: "\
## What it does
Finds entries whose path is a named pipe, a socket, a device or a folder, and such things among what `include` matches. None of
them is ever opened.

## Why it matters
They hold no text that could be recorded. Reading a pipe may never end, and reading a device may do more than read.

## Example
`corpus/a.txt`, made with `mkfifo`.

## What to do
Put the text there, or take the entry out of the manifest; keep what is meant to stand there out with `exclude`.
",
};

impl Check for SpecialFile {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (entry, observed) in survey.entries() {
            if let Fixity::Refused(Refusal::Special(kind)) = observed.fixity {
                let finding =
                    finding(entry.name(), kind).help("put the text there, or take the entry out of the manifest");
                findings.push(finding.related(survey.entry(entry), "listed here"));
            }
        }
        for (found, _) in survey.unlisted.iter().filter(|(found, _)| is_special(found.kind)) {
            let help = "remove it, or keep it out with `exclude`";
            findings.push(finding(&found.path, found.kind).help(help));
        }
    }
}

fn finding(path: &str, kind: FileKind) -> Finding {
    let message = format!("this is {}, and is not opened", kind.noun());
    RULE.finding(Location::file(path), message)
}

fn is_special(kind: FileKind) -> bool {
    !matches!(kind, FileKind::Regular | FileKind::Link)
}
