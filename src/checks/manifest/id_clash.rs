//! `manifest/id-clash`: two entries with one id.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct IdClash;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/id-clash",
    severity: Severity::Error,
    summary: "two entries with one id",
    settings: &[],
    docs: "\
## What it does
Finds entries that have the same `id`, also across shards.

## Why it matters
An id is the name of a text that outlives its path: what cites it must find one text, not two.

## Example
```yaml
- {id: siege-1, path: corpus/a.txt, sha256: \"…\"}
- {id: siege-1, path: corpus/b.txt, sha256: \"…\"}
```

## What to do
Give each text an id of its own.
",
};

impl Check for IdClash {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::IdClash));
    }
}
