//! `fixity/total-mismatch`: a total on record that is not that of the files.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct TotalMismatch;

/// What it is. It speaks of packages of other tools, and is found where these are read.
pub static RULE: Rule = Rule {
    id: "fixity/total-mismatch",
    severity: Severity::Error,
    summary: "a package whose files are more or fewer, or larger or smaller, than it says in sum",
    settings: &[],
    docs: "\
## What it does
Adds up the sizes of the files of a package of another tool, counts them, and compares both with the total on record: of a bag, with
`Payload-Oxum`. Files that are still to be fetched count with the size that is given for them. The digests are verified whatever
the total is, so that it never stands in place of what is wrong with one file.

## Why it matters
A total shows what no list shows: that the list itself lost its end, or that a file was added both to the folder and to the list. Where
all files are right and the total is not, somebody changed the package and did not say so.

## Example
`Payload-Oxum: 6106.2`, and three files in `data/`.

## What to do
See to what is found of single files first. If they are all as they should be, correct the total, and the digest of the file that it
stands in.
",
};

impl Check for TotalMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}
