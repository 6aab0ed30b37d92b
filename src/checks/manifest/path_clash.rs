//! `manifest/path-clash`: two entries for one path.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct PathClash;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/path-clash",
    severity: Severity::Error,
    summary: "two entries for one path",
    settings: &[],
    docs: "\
## What it does
Finds two entries for one path, and (as a warning) paths that differ only by case or by Unicode form.

## Why it matters
Two entries for one path can record two digests, and only one of them can be right. Paths that differ only by case or by
Unicode form are one file on many systems: unpacked there, one text overwrites the other.

## Example
```yaml
- path: corpus/Aleppo.txt
- path: corpus/aleppo.txt
```

## What to do
Remove one of the two entries, or rename one of the two files.
",
};

impl Check for PathClash {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::PathClash));
    }
}
