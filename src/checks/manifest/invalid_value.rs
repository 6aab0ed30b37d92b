//! `manifest/invalid-value`: a value of the wrong kind or form.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidValue;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/invalid-value",
    severity: Severity::Error,
    summary: "a value of the wrong kind or form",
    settings: &[],
    docs: "\
## What it does
Finds values that their key cannot have: a list where text is meant, a size that is no number, a language that is no tag, a
pattern that is no glob, nothing at all.

## Why it matters
Such a value is not read. What it was meant to say is neither known nor checked.

## Example
```yaml
- path: corpus/a.txt
  bytes: 7 kB
  language: en_GB
```

## What to do
Correct the value; the finding says what the key can have. `vidimus schema manifest` prints the format.
",
};

impl Check for InvalidValue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::InvalidValue));
    }
}
