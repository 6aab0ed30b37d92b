//! `manifest/invalid-shard`: a shard that cannot be read, or whose digest differs.

use crate::checks::{Check, Rule, SeenShard, Survey};
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
and those whose bytes have another SHA-256 than the one on record. Of shards of records also those that break off, that unpack to more
than 1 GiB and more than 1000 times their size, that are no sound Parquet or lack the column of the text, or whose name does not
say what they are; and, as a warning, fields that the manifest maps and no record has. (That a shard of records has another digest is
`fixity/hash-mismatch`, and that it is not there `fixity/missing-text`, as with texts.)

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
        for shard in survey.shards {
            findings.extend(broken(survey, shard));
            findings.extend(unmet(survey, shard));
        }
    }
}

fn broken(survey: &Survey<'_>, shard: &SeenShard) -> Option<Finding> {
    let entry = &survey.manifest.entries[shard.entry];
    let why = shard.end.as_ref()?;
    let said = format!("the shard {} cannot be read as records: {why}", entry.name());
    let finding = RULE.finding(survey.entry(entry), said);
    let help =
        "restore it from a copy, make it anew, or correct its item in `entries_from`; what could be read was checked";
    Some(finding.help(help).evidence("records", shard.records))
}

/// A field that no record has is most likely misspelt.
fn unmet<'a>(survey: &'a Survey<'_>, shard: &'a SeenShard) -> impl Iterator<Item = Finding> + 'a {
    let entry = &survey.manifest.entries[shard.entry];
    let field = |key: &&'static str| Some((*key, entry.records.as_ref()?.field(key)?));
    shard.unmet.iter().filter_map(field).map(|(key, field)| {
        let said = format!("no record of {} has a field `{}`", entry.name(), field.value);
        let finding = RULE
            .finding(survey.at(entry, field.span), said)
            .severity(Severity::Warning);
        let help = format!("correct the name, or take `{key}` out of the mapping");
        finding.help(help).evidence("records", shard.records)
    })
}
