//! `manifest/unmatched-pattern`: a pattern of `include` that matches nothing.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct UnmatchedPattern;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/unmatched-pattern",
    severity: Severity::Error,
    summary: "a pattern of `include` that matches nothing",
    settings: &[],
    docs: "\
## What it does
Finds patterns of `include` that match no file, or none that `exclude` leaves. Patterns of `exclude` may match nothing: many
are there against what only some systems leave behind.

## Why it matters
A pattern says what must be listed. One that matches nothing, for a slip of the pen or a folder that was renamed, guards
nothing, and no text that is added there will be found to be unlisted.

## Example
```yaml
corpus:
  include: [\"corpus/*.text\"]
```
where the texts are named `*.txt`.

## What to do
Correct the pattern or remove it. `*` stays inside one folder, `**` crosses folders.
",
};

impl Check for UnmatchedPattern {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let patterns = survey.manifest.corpus.include.iter().zip(&survey.listing.matched);
        for (pattern, _) in patterns.filter(|(_, matched)| !**matched) {
            let place = survey.manifest.location(0, pattern.span);
            let finding = RULE.finding(place, "this pattern matches no file");
            findings.push(finding.help("correct it or remove it; `*` stays inside one folder, `**` crosses folders"));
        }
    }
}
