//! `fixity/system-file`: a file that the system made, listed as if it were of the package.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct SystemFile;

/// What it is. It speaks of packages of other tools, and is found where these are read.
pub static RULE: Rule = Rule {
    id: "fixity/system-file",
    severity: Severity::Warning,
    summary: "a file that a file manager made, listed in a package",
    settings: &[],
    docs: "\
## What it does
Finds files in the lists of a package of another tool that nobody wrote: `.DS_Store`, `Thumbs.db`, `desktop.ini`, names that begin with
`._`, and the like. One that is listed and not there is told by this rule too, and not as a missing file.

## Why it matters
File managers make, change and remove such files when somebody merely looks into a folder. Then the package is no longer what its
lists say, and nothing is lost.

## Example
A manifest that was made on a Mac, with a line for `data/.DS_Store`.

## What to do
Remove the file and its line from every list.
",
};

impl Check for SystemFile {
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}
