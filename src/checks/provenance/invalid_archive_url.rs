//! `provenance/invalid-archive-url`: an archive address that leads to no capture.

use crate::address::{Capture, CaptureError};
use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidArchiveUrl;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/invalid-archive-url",
    severity: Severity::Error,
    summary: "an archive address that leads to no one capture",
    settings: &[],
    docs: "\
## What it does
Reads `archive.url`. It must be the address of one capture: of the Wayback Machine or another archive with a timestamp of 14
digits and the address of the page, of archive.today and its mirrors, or of an archive with short names, such as perma.cc. The
timestamp must be a time of the calendar.

## Why it matters
An address with a shorter timestamp or with `*` leads to whatever is nearest or newest on the day on which it is opened. A
capture is a witness only when it is one capture.

## Example
```yaml
archive: {url: https://web.archive.org/web/2016/https://example.org/a}
```

## What to do
Open it, choose the capture, and copy its address with all 14 digits.
",
};

impl Check for InvalidArchiveUrl {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(url) = entry.archive.as_ref().and_then(|archive| archive.url.as_ref()) else {
                continue;
            };
            let Err(error) = Capture::parse(&url.value) else {
                continue;
            };
            let finding = RULE.finding(survey.at(entry, url.span), format!("`archive.url` {error}"));
            findings.push(finding.help(next_step(&error)));
        }
    }
}

fn next_step(error: &CaptureError) -> &'static str {
    match error {
        CaptureError::Address(_) => "copy the address of the capture from the archive",
        CaptureError::NoArchive => {
            "name a capture, or move the address to `source.via` if the page was republished there"
        }
        CaptureError::NotOne | CaptureError::Digits(_) => {
            "open it, choose one capture, and copy its address with all 14 digits"
        }
        CaptureError::Impossible(_) => "look the capture up in the archive; the digits are year, month, day and time",
        CaptureError::NoOriginal => "add the address of the page after the timestamp",
    }
}
