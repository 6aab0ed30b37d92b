//! `fixity/unverified-signature`: a signature in a package, which nobody has verified.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnverifiedSignature;

/// What it is. It speaks of packages of other tools, and is found where these are read.
pub static RULE: Rule = Rule {
    id: "fixity/unverified-signature",
    severity: Severity::Info,
    summary: "a signature in a package of another tool, which was not verified",
    settings: &[],
    docs: "\
## What it does
Says that `datapackage-digest.json` of a WACZ is signed (`signedData`). What is signed is the digest of `datapackage.json`: it is
compared with that file, and another one is `fixity/hash-mismatch`. Whether the signature is one of that digest, whose it is, and what
the certificates and the time stamp beside it are worth is not looked into.

## Why it matters
A digest in a package says that nothing was damaged. Whoever can change the package can change the digest too; against that stands the
signature alone, and only where somebody verifies it.

## Example
```json
{ \"path\": \"datapackage.json\", \"hash\": \"sha256:9f86d081…\", \"signedData\": { \"hash\": \"sha256:9f86d081…\", \"signature\": \"MEUC…\" } }
```

## What to do
Verify it with the tool of whoever signed it. A manifest of your own can be signed by `vidimus sign`.
",
};

impl Check for UnverifiedSignature {
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}
