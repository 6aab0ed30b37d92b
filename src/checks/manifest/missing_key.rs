//! `manifest/missing-key`: a key that must be there and is not.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingKey;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/missing-key",
    severity: Severity::Error,
    summary: "a key that must be there and is not",
    settings: &[],
    docs: "\
## What it does
Finds entries and other records without a key that they must have. Without `include` the corpus has no bounds: that is a
warning.

## Why it matters
An entry without `path` names no text, and one without `sha256` verifies nothing. Where `include` is missing, no file can
be found to be unlisted.

## Example
```yaml
entries:
  - path: corpus/a.txt
    title: Breaking the siege
```

## What to do
Add the key. `vidimus accept` writes the digest of a text that somebody has looked at.
",
};

impl Check for MissingKey {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::MissingKey));
    }
}
