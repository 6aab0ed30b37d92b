//! `manifest/unsupported-version`: a version of the manifest format that is not known.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnsupportedVersion;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/unsupported-version",
    severity: Severity::Error,
    summary: "a version of the manifest format that is not known",
    settings: &[],
    docs: "\
## What it does
Finds a manifest, or a shard, whose format version is not the one that this program reads.

## Why it matters
A newer format may say things that this program does not look at. It must not vouch for what it has not understood.

## Example
```yaml
vidimus: 2
```

## What to do
Use a newer program, or correct the number.
",
};

impl Check for UnsupportedVersion {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::Version));
    }
}
