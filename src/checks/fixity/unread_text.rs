//! `fixity/unread-text`: a text that was verified, and is too large to be looked into.

use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::corpus::{LARGEST_TEXT, Unread};
use crate::finding::{Finding, Location, Severity};
use crate::text::MOST_LINES;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnreadText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/unread-text",
    severity: Severity::Info,
    summary: "a text that was verified and is too large to be looked into",
    settings: &[],
    docs: "\
## What it does
Names the texts whose digest was compared while no rule has looked at what they say, because they have more than 1 GiB
(1 073 741 824 bytes) or more than 16 777 216 lines. What has so many lines is at least looked at as bytes.

## Why it matters
A text is looked into as a whole, in memory. No book comes near these bounds: the Bible has 4 million letters. A file beyond
them is several texts in one, a table, or no text at all, and a report that did not name it would speak of more than was seen.

## Example
`corpus/all.txt`, 3 GiB: the whole corpus once more, in one file.

## What to do
Split it into its texts and list each. If it is no text, take its entry out of the manifest or accept this finding.
",
};

impl Check for UnreadText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Asked
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (entry, observed) in survey.entries() {
            let Some(unread) = observed.unread else { continue };
            let (has, most) = match unread {
                Unread::Bytes => (observed.size, LARGEST_TEXT),
                Unread::Lines(lines) => (lines as u64, MOST_LINES as u64),
            };
            let noun = unread.noun();
            let finding = RULE.finding(
                Location::file(entry.name()),
                format!("the text has {has} {noun}, and is not looked into beyond {most}"),
            );
            let help = "split it into its texts and list each; if it is no text, take its entry out of the manifest";
            let finding = finding.help(help).related(survey.entry(entry), "listed here");
            findings.push(finding.evidence(noun, has).evidence("most", most));
        }
    }
}
