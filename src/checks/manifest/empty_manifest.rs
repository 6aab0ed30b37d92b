//! `manifest/empty-manifest`: a manifest that lists no text.

use crate::checks::{Check, Rule, SeenShard, Survey};
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
Finds a manifest that lists no text, in itself or in its shards, and shards that were read and have no record.

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
        let empty = |shard: &&SeenShard| shard.records == 0 && shard.end.is_none() && shard.wrong.is_empty();
        findings.extend(survey.shards.iter().filter(empty).map(|shard| {
            let entry = &survey.manifest.entries[shard.entry];
            let said = format!(
                "the shard {} has no record, so no text of it can be verified",
                entry.name()
            );
            RULE.finding(survey.entry(entry), said)
                .help("make it anew, or take it out of `entries_from`")
        }));
    }
}
