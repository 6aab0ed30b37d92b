//! `manifest/uneven-listing`: a file that one list of a package names and another does not.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnevenListing;

/// What it is. It speaks of packages of other tools, and is found where these are read.
pub static RULE: Rule = Rule {
    id: "manifest/uneven-listing",
    severity: Severity::Error,
    summary: "a file that one list of a package names and another does not",
    settings: &[],
    docs: "\
## What it does
Compares the lists of a package of another tool that should name the same files: the manifests of a bag, one for each algorithm, and
`fetch.txt`, whose files must be in all of them; and the manifests themselves, which each list of tag files must name. Up to version
0.97 of BagIt a file need be in one manifest only.

## Why it matters
Who verifies by one list alone, since it has the stronger or the only known algorithm, takes the package for whole without having
looked at that file.

## Example
`manifest-md5.txt` lists `data/a.txt` and `data/b.txt`, and `manifest-sha512.txt` was begun later and lists `data/a.txt`.

## What to do
Add the file to the other list, once its digest in the first one was verified.
",
};

impl Check for UnevenListing {
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}
