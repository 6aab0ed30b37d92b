//! `provenance/capture-before-publication`: a page that was archived before it was published.

use jiff::civil::Date;

use crate::checks::{Check, Rule, Survey};
use crate::date::clearly_after;
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct CaptureBeforePublication;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/capture-before-publication",
    severity: Severity::Warning,
    summary: "a page that was archived before it was published",
    settings: &[],
    docs: "\
## What it does
Compares the timestamp of an archived copy with `published_at`. Where that is a month or a year, it is read in favour of the
record, and one day is granted for time zones.

## Why it matters
A capture is a witness: what an archive holds of a day was there on that day. Either the day of publication is that of a
later version or of a republication, or the capture shows another page at the same address.

## Example
```yaml
published_at: 2016-08-11
archive: {url: https://web.archive.org/web/20160301120000id_/https://example.org/a}
```

## What to do
Open the capture. If it shows the text, correct `published_at`; if not, name a later capture.
",
};

impl Check for CaptureBeforePublication {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(published) = &entry.published_at else { continue };
            let first = published.value.first();
            let early = |day: &Date| clearly_after(first, *day);
            findings.extend(entry.captures().filter_map(|(url, capture)| {
                let day = capture.day.filter(early)?;
                let message = format!(
                    "this capture was made on {day}, before the text was published ({})",
                    published.value
                );
                let finding = RULE.finding(survey.at(entry, url.span), message);
                let finding = finding.related(survey.at(entry, published.span), "it was published then");
                Some(finding.help("open the capture: either the date is wrong, or it shows another page"))
            }));
        }
    }
}
