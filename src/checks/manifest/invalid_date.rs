//! `manifest/invalid-date`: a date that is none, or a time without its offset.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidDate;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/invalid-date",
    severity: Severity::Error,
    summary: "a date that is none, or a time without its offset",
    settings: &[],
    docs: "\
## What it does
Finds dates that are not in the calendar or not in the form of one, and times that do not say how far they are from UTC.

## Why it matters
Such a date is not read, so nothing that depends on it is checked. A time without its offset names 26 different moments.

## Example
```yaml
published_at: 2023-02-29
modified_at: 11.08.2016
source: {url: \"https://example.org/a\", retrieved_at: \"2025-03-13T09:30:00\"}
```

## What to do
Write a year, a month, a day, or an RFC 3339 instant: `2016`, `2016-08`, `2016-08-11`, `2016-08-11T10:00:00Z`. Look an
impossible date up where it comes from.
",
};

impl Check for InvalidDate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::InvalidDate));
    }
}
