//! `provenance/retrieval-before-capture`: a text that was retrieved from a capture before that was made.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::checks::{Check, Rule, Survey};
use crate::date::clearly_after;
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct RetrievalBeforeCapture;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/retrieval-before-capture",
    severity: Severity::Error,
    summary: "a text that was retrieved from a capture before that was made",
    settings: &[],
    docs: "\
## What it does
Compares `retrieved_at` with the timestamp of an archived copy. An error is a `source.url` that is itself the address of a
capture made later than that, by more than one day.

An `archive.url` beside another `source.url` may well be later: whoever keeps a page has it archived afterwards. It is noted as
info where it is later by more than a year, for then it is no witness of what was retrieved.

## Why it matters
Nobody can retrieve what is not there yet. Either the day is wrong, or the address is that of another capture.

## Example
```yaml
source:
  url: https://web.archive.org/web/20250501120000id_/https://example.org/a
  retrieved_at: 2025-03-13
```

## What to do
Correct the day, or name the capture that the text was retrieved from. For an archived copy that came much later, look for
one that is nearer to the day of retrieval.
",
};

impl Check for RetrievalBeforeCapture {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(source) = &entry.source else { continue };
            let Some(retrieved) = &source.retrieved_at else {
                continue;
            };
            let address = source.url.as_ref().map(|url| url.span);
            findings.extend(entry.captures().filter_map(|(url, capture)| {
                let place = survey.at(entry, url.span);
                let finding = judge(place, capture.day?, retrieved.value.last(), address == Some(url.span))?;
                Some(finding.related(survey.at(entry, retrieved.span), "it was retrieved then"))
            }));
        }
    }
}

/// `source`: whether the text was retrieved from that very capture.
fn judge(place: Location, captured: Date, retrieved: Date, source: bool) -> Option<Finding> {
    let year_later = retrieved.saturating_add(1.year());
    let finding = if source && clearly_after(captured, retrieved) {
        let message =
            format!("this capture was made on {captured}, after the text was retrieved from it on {retrieved}");
        RULE.finding(place, message)
            .help("correct the day, or name the capture that it was retrieved from")
    } else if !source && clearly_after(captured, year_later) {
        let message =
            format!("the archived copy is of {captured}, more than a year after the retrieval on {retrieved}");
        RULE.finding(place, message)
            .severity(Severity::Info)
            .help("look for a capture nearer to the day of retrieval")
    } else {
        return None;
    };
    let finding = finding.evidence("captured", captured.to_string());
    Some(finding.evidence("retrieved", retrieved.to_string()))
}
