//! `provenance/missing-retrieval-date`: a source without the day on which it was retrieved.

use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingRetrievalDate;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/missing-retrieval-date",
    severity: Severity::Error,
    summary: "a source without the day on which it was retrieved",
    settings: &[],
    docs: "\
## What it does
Finds entries with a `source` that has no `retrieved_at`.

## Why it matters
Pages change. An address says where a text was; only with the day does it say which version, and only then can the text be
compared with a capture in an archive.

## Example
```yaml
source:
  url: https://example.org/a
```

## What to do
Add the day, or an RFC 3339 instant. Where only the month or the year is known, give that: `retrieved_at: 2025-03`.
",
};

impl Check for MissingRetrievalDate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::WhereMapped("source.retrieved_at")
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(source) = entry.source.as_ref().filter(|source| !source.has_retrieved_at) else {
                continue;
            };
            let span = source.url.as_ref().map_or(source.span, |url| url.span);
            let finding = RULE.finding(survey.at(entry, span), "it is not recorded when this was retrieved");
            findings.push(finding.help("add `retrieved_at`: a day, or the month or year where no more is known"));
        }
    }
}
