//! `manifest/line-form`: a line of a list that is not written as its format has it.

use crate::checks::{Check, Rule};
use crate::finding::Severity;

/// See [`RULE`].
#[derive(Debug)]
pub struct LineForm;

/// What it is. It speaks of packages of other tools, and is found where these are read.
pub static RULE: Rule = Rule {
    id: "manifest/line-form",
    severity: Severity::Warning,
    summary: "a line of a list that is not written as its format has it",
    settings: &[],
    docs: "\
## What it does
Finds lines in the lists of a package of another tool that can be read, and that its format does not have: a `*` before the path, as
`md5sum` writes it for binary files; `./` before a path; comments; a byte-order mark; a `%` in a name that was not encoded. A `./` is info
where other lines of the list do without, and a warning where every line has it.

## Why it matters
Tools that take the format at its word find no file of such a name.

## Example
```text
b1946ac92492d2347c6235b4d2611184 *data/hello.txt
```
in a manifest of a bag, where `*data/hello.txt` would be the path.

## What to do
Write the line as the format has it, and renew the digest that another list of the package gives of this one.
",
};

impl Check for LineForm {
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}
