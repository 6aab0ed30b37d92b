//! `manifest/stale-acceptance`: an accepted finding that is not found any more.

use crate::checks::{Check, Rule};
use crate::finding::{Finding, Severity};
use crate::manifest::{Accepted, Entry, Manifest};

/// See [`RULE`].
#[derive(Debug)]
pub struct StaleAcceptance;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/stale-acceptance",
    severity: Severity::Warning,
    summary: "an accepted finding that is not found any more",
    settings: &[],
    docs: "\
## What it does
Compares the list `accepted` of each entry with what was found in its text, and names what answers to nothing.

## Why it matters
An acceptance is anchored to a passage by its fingerprint. When the passage changes, the reason that was given for it no
longer holds, and a list of dead acceptances hides the living ones.

## Example
```yaml
accepted:
  - {rule: layout/stray-label, passage: b3f0aa11, reason: part of the poem}
```
after the label was removed from the text.

## What to do
Remove it from the list, or accept what stands there now.
",
};

impl Check for StaleAcceptance {
    // Found by `suppress`, once every other finding has its fingerprint.
    fn rule(&self) -> &'static Rule {
        &RULE
    }
}

/// The finding for one acceptance.
pub fn finding(manifest: &Manifest, entry: &Entry, accepted: &Accepted) -> Finding {
    let place = manifest.location(entry.file, accepted.span);
    let message = format!("nothing that was found in {} is this {}", entry.name(), accepted.rule);
    RULE.finding(place, message)
        .help("remove it, or accept what stands there now")
}
