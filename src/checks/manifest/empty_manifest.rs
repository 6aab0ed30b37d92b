//! `manifest/empty-manifest`: a manifest that lists no text.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct EmptyManifest;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/empty-manifest",
    severity: Severity::Error,
    summary: "a manifest that lists no text",
    settings: &[],
    docs: "\
## What it does
Finds a manifest that lists no text, in itself or in its shards.

## Why it matters
Nothing can be verified against it, and a run in which nothing was verified must not look like one in which all is well.

## Example
```yaml
vidimus: 1
corpus: {include: [\"corpus/**/*.txt\"]}
entries: []
```

## What to do
List the texts with `vidimus add`, or write a new manifest with `vidimus init`.
",
};

impl Check for EmptyManifest {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::Empty));
    }
}
