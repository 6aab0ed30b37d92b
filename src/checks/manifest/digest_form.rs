//! `manifest/digest-form`: a digest that is sound, but not in the usual form.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct DigestForm;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/digest-form",
    severity: Severity::Info,
    summary: "a digest in upper case",
    settings: &[],
    docs: "\
## What it does
Finds digests that are sound but written in upper case. They are verified all the same.

## Why it matters
Other tools compare digests as texts, and call a right digest wrong because of its case.

## Example
```yaml
sha256: BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD
```

## What to do
Write it in lower case.
",
};

impl Check for DigestForm {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::DigestForm));
    }
}
