//! `manifest/invalid-record`: what stands in a shard and is no record with a text.

use crate::checks::{Check, OfRecords, Rule, SeenShard, Survey};
use crate::finding::{Finding, Location, Severity};
use crate::records::Wrong;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidRecord;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/invalid-record",
    severity: Severity::Error,
    summary: "a line of a shard that is no record with a text",
    settings: &[],
    docs: "\
## What it does
Finds, in a shard of records (`entries_from` with `records`), lines that are no JSON object, that are longer than 1 GiB, and
records whose field for the text is missing, empty of a value, or no string. Blank lines are none. Of each shard the first hundred are told,
and how many more there are.

## Why it matters
What is no record is in no count of texts, and nothing was looked at in it. The other records of the shard are checked all the same.

## Example
```yaml
entries_from:
  - {path: shards/2019.jsonl, sha256: \"…\", records: {text: body}}
```
where one line of the shard is `{\"text\": \"…\"}`, without a field `body`.

## What to do
Mend the line where the shard is made, or correct the mapping; then write the new digest of the shard into the manifest.
",
};

impl Check for InvalidRecord {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for shard in survey.shards {
            findings.extend(shard.wrong.iter().map(|wrong| {
                let message = format!("this is no record with a text: {}", wrong.why);
                RULE.finding(Location::record(&wrong.record), message)
                    .help(help(&wrong.why))
                    .anchor(wrong.record.number.to_string())
            }));
            findings.extend(more(survey, shard));
        }
    }
}

fn help(wrong: &Wrong) -> &'static str {
    match wrong {
        Wrong::NoField(_) | Wrong::NoString(_) => {
            "name the field that holds the text under `records` in the manifest, or mend the record where the shard is made"
        }
        Wrong::NoJson(_) | Wrong::TooLong => "mend it where the shard is made; it was passed over",
    }
}

fn more(survey: &Survey<'_>, shard: &SeenShard) -> Option<Finding> {
    let entry = &survey.manifest.entries[shard.entry];
    let (more, told) = (shard.more_wrong, shard.wrong.len());
    let message = format!("{more} more lines of the shard are no records with a text, beside the {told} that are told");
    let finding = RULE
        .finding(Location::file(entry.name()), message)
        .evidence("more", more);
    (more > 0).then(|| {
        finding
            .help("see to those that are told first")
            .anchor(format!("{more} more"))
    })
}
