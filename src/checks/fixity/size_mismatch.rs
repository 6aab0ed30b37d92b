//! `fixity/size-mismatch`: a recorded size that is not that of the text.

use crate::checks::{Check, Rule, Survey};
use crate::corpus::Observed;
use crate::finding::{Finding, Severity};
use crate::manifest::{Entry, Spanned};

/// See [`RULE`].
#[derive(Debug)]
pub struct SizeMismatch;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/size-mismatch",
    severity: Severity::Error,
    summary: "a recorded size that is not that of the text",
    settings: &[],
    docs: "\
## What it does
Compares `bytes` with the size of the text. Where the digest differs as well, `fixity/hash-mismatch` names both sizes instead.

## Why it matters
If the digest is right, the size on record is wrong, and whoever plans or verifies by it is misled. If there is no usable
digest, the size is all there is, and the text is not the one on record.

## Example
```yaml
- path: corpus/a.txt
  sha256: \"…\"
  bytes: 7050
```
for a text of 7054 bytes.

## What to do
Where the digest is right, correct the size. Where there is none, compare the text with a copy first.
",
};

impl Check for SizeMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (entry, observed) in survey.entries() {
            if let Some(recorded) = wrong_size(entry, observed) {
                findings.push(finding(survey, entry, observed, recorded));
            }
        }
    }
}

fn wrong_size<'a>(entry: &'a Entry, observed: &Observed) -> Option<&'a Spanned<u64>> {
    let actual = observed.sha256()?;
    let same_bytes = entry.digest().is_none_or(|recorded| recorded == actual);
    entry
        .bytes
        .as_ref()
        .filter(|bytes| same_bytes && bytes.value != observed.size)
}

fn finding(survey: &Survey<'_>, entry: &Entry, observed: &Observed, recorded: &Spanned<u64>) -> Finding {
    let (name, size) = (entry.name(), observed.size);
    let (message, help) = if entry.digest().is_some() {
        (
            format!("{name} has {size} bytes, although its SHA-256 is the one on record"),
            format!("write {size}"),
        )
    } else {
        (
            format!("{name} has {size} bytes, and there is no usable SHA-256 on record"),
            "compare the text with a copy before its digest is recorded".to_owned(),
        )
    };
    RULE.finding(survey.at(entry, recorded.span), message)
        .help(help)
        .evidence("bytes", size)
        .evidence("recorded_bytes", recorded.value)
}
