//! `manifest/alias`: an alias, an anchor, a merge key or a tag in a manifest.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct Alias;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/alias",
    severity: Severity::Error,
    summary: "an alias, an anchor, a merge key or a tag",
    settings: &[],
    docs: "\
## What it does
Finds aliases, anchors, merge keys and tags. None of them is followed or applied.

## Why it matters
With an alias, what an entry says stands elsewhere: whoever reads, moves or reviews the entry alone reads half of it. Nested
aliases also make a short file stand for a huge one, and a tag makes two programs read one value as two things.

## Example
```yaml
entries:
  - path: a.txt
    license: &ours CC0-1.0
  - path: b.txt
    license: *ours
```

## What to do
Write the value out where it is meant. For a licence or a language that all texts share, set it once under `corpus`.
",
};

impl Check for Alias {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::Alias));
    }
}
