//! `manifest/duplicate-key`: a key that stands twice in one mapping.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct DuplicateKey;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/duplicate-key",
    severity: Severity::Error,
    summary: "a key that stands twice in one mapping",
    settings: &[],
    docs: "\
## What it does
Finds keys that stand twice in one mapping. The first is read.

## Why it matters
Programs differ on which of the two counts. Two digests under one key let one program verify a text against the one and
another against the other.

## Example
```yaml
- path: corpus/a.txt
  published_at: 2016-08-11
  published_at: 2016-08-12
```

## What to do
Remove one of the two.
",
};

impl Check for DuplicateKey {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::DuplicateKey));
    }
}
