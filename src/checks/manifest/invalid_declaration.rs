//! `manifest/invalid-declaration`: a package that does not say rightly what it is.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidDeclaration;

/// What it is. It speaks of packages of other tools, and is found where these are read.
pub static RULE: Rule = Rule {
    id: "manifest/invalid-declaration",
    severity: Severity::Error,
    summary: "a package that does not say, or not rightly, which format it is in",
    settings: &[],
    docs: "\
## What it does
Reads what a package of another tool says of its own format: of a bag, the two lines of `bagit.txt`, with the version and the
encoding of the other files. It is an error where they are missing, doubled, in another order or form, or begin with a byte-order
mark. What can be told all the same is verified all the same.

## Why it matters
The version decides what the package must have, and the encoding what the names in its lists are. Who reads it otherwise than it
was written finds files missing that are there, or does not miss those that are not.

## Example
A `bagit.txt` that says
```text
BagIt-Version: .97
Tag-File-Character-Encoding: UTF-8
```

## What to do
Write the declaration as the format has it, and renew the digest that another list of the package gives of it.
",
};

impl Check for InvalidDeclaration {
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}
