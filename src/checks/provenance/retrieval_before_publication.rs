//! `provenance/retrieval-before-publication`: a text that was retrieved before it was there.

use crate::checks::{Check, Rule, Survey};
use crate::date::{When, clearly_after};
use crate::finding::{Finding, Severity};
use crate::manifest::{Entry, Spanned};

/// See [`RULE`].
#[derive(Debug)]
pub struct RetrievalBeforePublication;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/retrieval-before-publication",
    severity: Severity::Error,
    summary: "a text that was retrieved before it was published or last changed",
    settings: &[],
    docs: "\
## What it does
Compares `retrieved_at` with `published_at` and `modified_at`. Where a date is a month or a year, it is read in favour of
the record, and one day is granted for time zones.

## Why it matters
One of the two is wrong. Often the day of publication was taken from a later version of the page, or the year of retrieval
was mistyped.

## Example
```yaml
published_at: 2016-08-11
source: {url: https://example.org/a, retrieved_at: 2016-08-01}
```

## What to do
Look both up: the page or its archived copy has the day of publication, the log of the retrieval has the other.
",
};

impl Check for RetrievalBeforePublication {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(retrieved) = entry.source.as_ref().and_then(|source| source.retrieved_at.as_ref()) else {
                continue;
            };
            let later = |(_, when): &(&str, &Spanned<When>)| clearly_after(when.value.first(), retrieved.value.last());
            let Some((what, when)) = deeds(entry).find(later) else {
                continue;
            };
            let message = format!(
                "it was retrieved on {}, before it was {what} on {}",
                retrieved.value, when.value
            );
            let finding = RULE.finding(survey.at(entry, retrieved.span), message);
            let finding = finding.related(survey.at(entry, when.span), format!("it was {what} then"));
            findings.push(finding.help("look both dates up; one of them is wrong"));
        }
    }
}

/// What was done to the text before anybody could retrieve it, and when.
fn deeds(entry: &Entry) -> impl Iterator<Item = (&'static str, &Spanned<When>)> {
    let deeds = [("published", &entry.published_at), ("last changed", &entry.modified_at)];
    deeds
        .into_iter()
        .filter_map(|(what, when)| Some((what, when.as_ref()?)))
}
