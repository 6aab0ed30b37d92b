//! `fixity/unfetched-file`: a file that a package leaves to be fetched and that is not there.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnfetchedFile;

/// What it is. It speaks of packages of other tools, and is found where these are read.
pub static RULE: Rule = Rule {
    id: "fixity/unfetched-file",
    severity: Severity::Error,
    summary: "a file that is still to be fetched from an address",
    settings: &[],
    docs: "\
## What it does
Finds files that a package of another tool lists with an address in place of the file, in `fetch.txt` of a bag, and that are not there
yet. Nothing is fetched.

## Why it matters
Such a package is not whole, and what the address gives may have changed since. It is told apart from files that are merely gone,
since there is a place to have it from.

## Example
```text
https://example.org/hall/minutes.txt 6106 data/minutes.txt
```
in `fetch.txt`, and no `data/minutes.txt`.

## What to do
Fetch the file, put it there, and verify again: its digest is on record, so that it does not matter from where it came. A file that a
package lists by an address alone, and that would have no place beside it either once it was fetched, is `fixity/unreached-text`.
",
};

impl Check for UnfetchedFile {
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}
