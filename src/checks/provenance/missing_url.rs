//! `provenance/missing-url`: an entry that says nothing of where its text comes from.

use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingUrl;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/missing-url",
    severity: Severity::Error,
    summary: "an entry that says nothing of where its text comes from",
    settings: &[],
    docs: "\
## What it does
Finds entries with neither a `source` nor an `origin`. A `source` without its `url` is `manifest/missing-key`.

## Why it matters
A text without an address cannot be looked up again: nobody can compare it with its source, ask for rights, or see what
was lost. An entry that says nothing also hides whether the address is unknown or was forgotten.

## Example
```yaml
entries:
  - path: corpus/a.txt
    sha256: 9f86d081…
```

## What to do
Record where it was retrieved, and when:
```yaml
    source: {url: https://example.org/a, retrieved_at: 2025-03-13}
```
Where nobody knows, say so, with the reason: `origin: {kind: unknown, reason: came without a record}`.
",
};

impl Check for MissingUrl {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::WhereMapped("source")
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let silent = survey.manifest.entries.iter().filter(|entry| !entry.states_origin);
        findings.extend(silent.map(|entry| {
            RULE.finding(survey.entry(entry), "nothing is recorded of where this text comes from")
                .help("add `source` with `url` and `retrieved_at`, or `origin` with a reason where there is no address")
        }));
    }
}
