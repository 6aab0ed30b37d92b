//! `provenance/other-page-archived`: an archived copy of another page.

use crate::address::{self, Address, Capture, Tier};
use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::{Entry, Spanned};

/// See [`RULE`].
#[derive(Debug)]
pub struct OtherPageArchived;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/other-page-archived",
    severity: Severity::Error,
    summary: "an archived copy of another page than the one on record",
    settings: &[],
    docs: "\
## What it does
Compares the address inside `archive.url` with `source.url`, `canonical_url` and each `via`, and takes the nearest. Scheme,
port, a leading `www.`, a final slash, the case of the host and of percent-encodings, the fragment and tracking parameters make
no difference. Another query, or the mobile or AMP version of the page, is a warning; another path or host is an error.

Archives with short names do not tell the page, so nothing is compared there.

## Why it matters
The copy is the witness for the text. A copy of the home page or of the neighbouring article is a witness for something else.

## Example
```yaml
source: {url: https://example.org/a/3, retrieved_at: 2025-03-13}
archive: {url: https://web.archive.org/web/20250313120000id_/https://example.org/a/4}
```

## What to do
Name the copy of the right page. If the page moved, record its other address as `canonical_url` or in `via`.
",
};

impl Check for OtherPageArchived {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(url) = entry.archive.as_ref().and_then(|archive| archive.url.as_ref()) else {
                continue;
            };
            // Where there is no capture, `invalid-archive-url` speaks.
            let Ok(capture) = Capture::parse(&url.value) else {
                continue;
            };
            let Some(archived) = capture.page() else { continue };
            let Some((tier, recorded)) = nearest(entry, &archived) else {
                continue;
            };
            let Some(severity) = weigh(tier) else { continue };
            let message = format!("the archived copy is of another page: {} differs", tier.noun());
            let finding = RULE.finding(survey.at(entry, url.span), message).severity(severity);
            let finding = finding.related(survey.at(entry, recorded.span), "this is the page on record");
            let help = "name a copy of this page, or record the other address as `canonical_url` or in `via`";
            findings.push(finding.help(help).evidence("tier", tier.name()));
        }
    }
}

/// The recorded address that is nearest to the archived one, and how near.
fn nearest<'a>(entry: &'a Entry, archived: &Address) -> Option<(Tier, &'a Spanned<String>)> {
    let recorded = entry.source.iter().flat_map(|source| source.addresses());
    let compared = recorded.filter_map(|(_, url)| Some((archived.compare(&address::page(&url.value)?), url)));
    compared.min_by_key(|(tier, _)| *tier)
}

fn weigh(tier: Tier) -> Option<Severity> {
    match tier {
        Tier::Host | Tier::Path => Some(Severity::Error),
        Tier::Query | Tier::Amp => Some(Severity::Warning),
        _ => None,
    }
}
