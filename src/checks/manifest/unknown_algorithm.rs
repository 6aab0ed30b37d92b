//! `manifest/unknown-algorithm`: a digest by an algorithm that cannot be verified.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnknownAlgorithm;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/unknown-algorithm",
    severity: Severity::Error,
    summary: "a digest by an algorithm that cannot be verified",
    settings: &[],
    docs: "\
## What it does
Finds digests by algorithms that are not known here. They are not verified.

## Why it matters
A digest that nobody compares looks like proof and is none.

## Example
```yaml
digests: {crc32: \"352441c2\"}
```

## What to do
Use one that is known: `sha512`, `sha384`, `sha224`, `sha1`, `md5`, `blake3`. Remove the other, or keep it in `notes`.
",
};

impl Check for UnknownAlgorithm {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::UnknownAlgorithm));
    }
}
