//! `manifest/invalid-path`: a path that leaves the root on some system.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidPath;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/invalid-path",
    severity: Severity::Error,
    summary: "a path that leaves the root on some system",
    settings: &[],
    docs: "\
## What it does
Finds paths that are absolute, climb with `..`, name a drive, a home folder or a variable, hold a backslash or a control
character, or are not in their plain form, and patterns that leave the root. Such a path is never followed, so its text is
not verified.

## Why it matters
A manifest is input from others. A path that is harmless on one system leads out of the corpus on another.

## Example
```yaml
- path: ../../etc/hostname
- path: corpus\\a.txt
```

## What to do
Write the path relative to the folder of the manifest, with `/`.
",
};

impl Check for InvalidPath {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::InvalidPath));
    }
}
