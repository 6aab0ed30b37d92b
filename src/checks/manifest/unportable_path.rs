//! `manifest/unportable-path`: a path that some system cannot hold.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnportablePath;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/unportable-path",
    severity: Severity::Warning,
    summary: "a path that some system cannot hold",
    settings: &[],
    docs: "\
## What it does
Finds paths that Windows refuses or changes: names of devices, reserved characters, a dot or a space at the end of a part,
parts longer than 255 bytes.

## Why it matters
On such a system the corpus cannot be checked out or unpacked whole, and a text is missing there.

## Example
```yaml
- path: corpus/aux.txt
- path: \"corpus/what then?.txt\"
```

## What to do
Rename the file and correct its path, or ignore the rule where the corpus stays on the systems that it is on.
",
};

impl Check for UnportablePath {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::UnportablePath));
    }
}
