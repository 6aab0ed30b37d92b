//! `fixity/unreached-text`: a text that a package lists, and that is no file beside it.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnreachedText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/unreached-text",
    severity: Severity::Error,
    summary: "a text that a package of another tool lists, and that is no file beside it",
    settings: &[],
    docs: "\
## What it does
Finds what the package of another tool lists and what could not be verified, since it is no file that stands beside its
description: a file at an address, which is never fetched; and several files that are one resource together, with one digest for
all. As a warning it finds members of an archive, files that are named by a pattern or by their folder alone, and data that stand
in the description itself.

## Why it matters
Most validators pass such a package: they have looked at its description, and at none of its bytes. A report that says how many
texts are verified must say of the others why they are not.

## Example
```json
{ \"@type\": \"cr:FileObject\", \"contentUrl\": \"https://example.org/letters.txt\" }
```

## What to do
Fetch the file, put it beside the description, and list it by its path and its SHA-256. For members of an archive, list and verify
the archive: its digest vouches for what is in it. A file that has its place in the package and is only still to be fetched to it is
`fixity/unfetched-file`.
",
};

impl Check for UnreachedText {
    fn rule(&self) -> &'static Rule {
        &RULE // A manifest lists files alone: what finds it is `exchange`.
    }
}
