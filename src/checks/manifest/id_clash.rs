//! `manifest/id-clash`: two entries with one id.

use std::sync::Arc;

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Record, Severity};
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
Finds entries that have the same `id`, also across shards, and records of shards that have the `id` of another record or entry. Of each
shard of records the first hundred are told, and how many more there are.

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

/// Two records with one id, or a record with that of an entry.
pub fn of_record(id: &str, record: &Arc<Record>, first: Location) -> Finding {
    let place = Location {
        path: record.path_by_number(),
        ..Location::record(record)
    };
    let finding = RULE.finding(place, format!("this record has the id `{id}`, as another text has"));
    finding
        .help("give each text an id of its own, where the shard is made")
        .related(first, "the first one that has it")
        .anchor(format!("{id}\0{}", record.number))
}

/// So many more of a shard are not told.
pub fn more_of_records(shard: &str, more: u64) -> Finding {
    let said = format!("{more} more records of the shard have the id of another text");
    let finding = RULE.finding(Location::file(shard), said).evidence("more", more);
    finding
        .help("see to those that are told first")
        .anchor(format!("{more} more"))
}

impl Check for IdClash {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::IdClash));
    }
}
