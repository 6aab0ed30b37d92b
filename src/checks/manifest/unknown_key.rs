//! `manifest/unknown-key`: a key that the format does not have.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnknownKey;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/unknown-key",
    severity: Severity::Error,
    summary: "a key that the manifest format does not have",
    settings: &[],
    docs: "\
## What it does
Finds keys that the manifest format does not have, at any depth.

## Why it matters
A misspelt key is a statement that nobody reads: `licence` in place of `license` leaves a text without a licence, and no
one is told.

## Example
```yaml
entries:
  - path: corpus/a.txt
    licence: CC0-1.0
```

## What to do
Correct the key; the finding names the nearest one. Free remarks go into `notes` or a comment.
",
};

impl Check for UnknownKey {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::UnknownKey));
    }
}
