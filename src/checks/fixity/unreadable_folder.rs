//! `fixity/unreadable-folder`: a folder that cannot be listed.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct UnreadableFolder;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/unreadable-folder",
    severity: Severity::Error,
    summary: "a folder that cannot be listed",
    settings: &[],
    docs: "\
## What it does
Finds folders below the patterns of `include` that the system refuses to list, and repeats what it said.

## Why it matters
What stands in such a folder is not known, so no one can say that nothing is unlisted.

## Example
`corpus/2016`, a folder with mode 700 that belongs to somebody else.

## What to do
Mend the permissions, or keep the folder out with `exclude`.
",
};

impl Check for UnreadableFolder {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (path, why) in &survey.listing.unreadable {
            let place = Location::file(if path.is_empty() { "." } else { path });
            let finding = RULE.finding(place, format!("the folder cannot be listed: {why}"));
            findings.push(finding.help("mend its permissions, or keep it out with `exclude`"));
        }
    }
}
