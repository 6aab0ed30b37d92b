//! `fixity/unlisted-text`: a file that belongs to the corpus and that no entry names.

use std::collections::HashSet;

use super::moved_text;
use crate::checks::{Check, Rule, Survey};
use crate::corpus::{FileKind, Found};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct UnlistedText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/unlisted-text",
    severity: Severity::Warning,
    summary: "a file that belongs to the corpus and is not listed",
    settings: &[],
    docs: "\
## What it does
Finds files that a pattern of `include` matches, that none of `exclude` does, and that no entry names.

## Why it matters
Nothing is known of such a text: neither where it comes from nor whether it is whole. It is read with the corpus all the
same by whoever reads the folder.

## Example
`include: [\"corpus/**/*.txt\"]`, and a new file `corpus/b.txt` without an entry.

## What to do
List it with `vidimus add`, keep it out with `exclude`, or remove it. A file whose name is not UTF-8 must be renamed before it can
be listed.
",
};

impl Check for UnlistedText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        if survey.unlisted.is_empty() {
            return;
        }
        let moved: HashSet<&str> = moved_text::moves(survey)
            .iter()
            .map(|one| one.found.path.as_str())
            .collect();
        let originals = originals(survey);
        let regular = survey.unlisted.iter().map(|(found, _)| found);
        for found in regular.filter(|found| found.kind == FileKind::Regular && !moved.contains(found.path.as_str())) {
            findings.push(finding(found, originals.contains(found.path.as_str())));
        }
    }
}

/// Files that texts were made from.
fn originals<'a>(survey: &Survey<'a>) -> HashSet<&'a str> {
    let files = survey.manifest.entries.iter().flat_map(|entry| &entry.derived_from);
    files
        .filter_map(|file| file.path.as_ref())
        .map(|path| path.value.as_str())
        .collect()
}

fn finding(found: &Found, is_original: bool) -> Finding {
    let (message, help) = if !found.utf8 {
        (
            "no entry lists this file, and none can: its name is not UTF-8",
            "rename it, then list it with `vidimus add`",
        )
    } else if is_original {
        (
            "no entry lists this file, although a text was made from it",
            "keep it out with `exclude`, or list it with `vidimus add`",
        )
    } else {
        (
            "no entry lists this file",
            "list it with `vidimus add`, keep it out with `exclude`, or remove it",
        )
    };
    RULE.finding(Location::file(found.path.as_str()), message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_manifest_can_hold_is_said_so() {
        let found = Found {
            path: "caf\u{fffd}.txt".to_owned(),
            kind: FileKind::Regular,
            utf8: false,
        };
        assert!(finding(&found, false).message.ends_with("its name is not UTF-8"));
    }
}
