//! `provenance/http-status`: a retrieval that did not give the page.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct HttpStatus;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/http-status",
    severity: Severity::Error,
    summary: "a retrieval whose HTTP status says that it did not give the page",
    settings: &[],
    docs: "\
## What it does
Reads `http_status`. 200 is what it should be. An error is what is no status, a status of failure (4xx, 5xx), and one that
comes without a page (1xx, 204, 205). A warning is a redirection (3xx), a part of a page (206) and any other success. 203 and 304
are noted as info: a proxy changed the page, or an earlier copy was taken.

## Why it matters
Pages that say `not found` or `access denied` get collected as if they were articles; they have a title and sentences, and
only the status tells.

## Example
```yaml
source: {url: https://example.org/a, retrieved_at: 2025-03-13, http_status: 404}
```

## What to do
Look at the text. Retrieve it again, or take it from an archive; a redirection is recorded with the address and the status
where it ended.
",
};

impl Check for HttpStatus {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(status) = entry.source.as_ref().and_then(|source| source.http_status.as_ref()) else {
                continue;
            };
            let Some((severity, what, help)) = judge(status.value) else {
                continue;
            };
            let message = format!("the HTTP status {} {what}", status.value);
            let finding = RULE.finding(survey.at(entry, status.span), message).severity(severity);
            findings.push(finding.help(help).evidence("status", status.value));
        }
    }
}

/// What a status says against a text (RFC 9110, 15).
fn judge(status: u64) -> Option<(Severity, &'static str, &'static str)> {
    const AGAIN: &str = "look at the text, and retrieve it again or from an archive";
    const END: &str = "record the address where the redirection ended, with its status";
    let judgement = match status {
        200 => return None,
        203 => (Severity::Info, "means that a proxy has changed the page", AGAIN),
        304 => (
            Severity::Info,
            "means that an earlier copy was taken",
            "record when that copy was retrieved",
        ),
        206 => (Severity::Warning, "means that only a part of the page came", AGAIN),
        204 | 205 => (Severity::Error, "means that nothing came", AGAIN),
        100..=199 => (Severity::Error, "comes before the page and never with it", AGAIN),
        201..=299 => (Severity::Warning, "is unusual for a page", AGAIN),
        300..=399 => (Severity::Warning, "means that the page is elsewhere", END),
        404 | 410 => (Severity::Error, "means that the page is not there", AGAIN),
        401 | 402 | 403 | 407 | 429 | 451 => (Severity::Error, "means that the page was refused", AGAIN),
        400..=499 => (Severity::Error, "means that the request failed", AGAIN),
        500..=599 => (Severity::Error, "means that the server failed", AGAIN),
        _ => (
            Severity::Error,
            "does not exist",
            "record the status as the server gave it, or none",
        ),
    };
    Some(judgement)
}
