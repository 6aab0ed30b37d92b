//! `provenance/broken-edit-chain`: recorded edits that do not lead to the text on record.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::{Entry, Recorded};

/// See [`RULE`].
#[derive(Debug)]
pub struct BrokenEditChain;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/broken-edit-chain",
    severity: Severity::Error,
    summary: "recorded edits that do not follow from each other, or do not lead to the text on record",
    settings: &[],
    docs: "\
## What it does
Follows `edits`, oldest first: each must begin with the digest with which the one before ended, and the last must end with
the digest on record.

## Why it matters
The list is the custody of the text: what was done to it, step by step, with nothing between. A gap is a change that nobody
recorded.

## Example
```yaml
sha256: 60303ae2…
edits:
  - {from: 9f86d081…, to: 2c624232…, at: 2026-01-05, reason: page furniture removed}
```

## What to do
Record the edit that is missing, or put the list in order. If the text was changed by hand, `vidimus accept` records it.
",
};

impl Check for BrokenEditChain {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let breaks: Vec<Break<'_>> = breaks(entry).collect();
            let Some(first) = breaks.first() else { continue };
            let finding = RULE.finding(survey.at(entry, first.found.span), first.message);
            let finding = finding.related(survey.at(entry, first.wanted.span), first.label);
            let finding = finding
                .evidence("found", first.found.shown())
                .evidence("breaks", breaks.len());
            let finding = finding.evidence("expected", first.wanted.shown());
            findings.push(finding.help("record the edit that is missing, or put the list in order, oldest first"));
        }
    }
}

/// Two digests that should be one.
struct Break<'a> {
    found: &'a Recorded,
    wanted: &'a Recorded,
    message: &'static str,
    label: &'static str,
}

fn breaks(entry: &Entry) -> impl Iterator<Item = Break<'_>> {
    let between = entry.edits.windows(2).filter_map(|pair| {
        Some(Break {
            found: pair[1].from.as_ref()?,
            wanted: pair[0].to.as_ref()?,
            message: "this edit does not begin where the one before it ended",
            label: "the one before it ended with this",
        })
    });
    let end = entry.edits.last().and_then(|last| {
        Some(Break {
            found: last.to.as_ref()?,
            wanted: entry.sha256.as_ref()?,
            message: "the last edit does not lead to the text on record",
            label: "this is on record",
        })
    });
    between.chain(end).filter(Break::is_one)
}

impl Break<'_> {
    /// A digest that is none is `manifest/invalid-digest`, and breaks nothing.
    fn is_one(&self) -> bool {
        let digests = self.found.digest.zip(self.wanted.digest);
        digests.is_some_and(|(found, wanted)| found != wanted)
    }
}
