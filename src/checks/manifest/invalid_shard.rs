//! `manifest/invalid-shard`: a shard that cannot be read, or whose digest differs.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::ProblemKind;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidShard;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/invalid-shard",
    severity: Severity::Error,
    summary: "a shard that cannot be read, or whose digest differs",
    settings: &[],
    docs: "\
## What it does
Finds shards of the manifest (`entries_from`) that cannot be read, that are no regular files (a link or a pipe is not opened),
and those whose bytes have another SHA-256 than the one on record.

## Why it matters
The digests of its shards make the top file stand for the whole. A shard that was changed by itself records whatever
somebody wrote into it, and one that is not there takes its texts out of every check.

## Example
```yaml
entries_from:
  - {path: manifest/2019.yaml, sha256: \"…\"}
```
after an entry was added to `manifest/2019.yaml` alone.

## What to do
Find out who changed the shard, and why; then write its new digest, or restore it.
",
};

impl Check for InvalidShard {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(survey.problems(&RULE, ProblemKind::Shard));
    }
}
