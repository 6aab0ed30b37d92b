//! `provenance/divergent-canonical-url`: a page that names another site as its own.

use crate::address;
use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct DivergentCanonicalUrl;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/divergent-canonical-url",
    severity: Severity::Info,
    summary: "a page that gives its own address on another host",
    settings: &[],
    docs: "\
## What it does
Finds entries whose `canonical_url` has another host than `source.url`, and no `via` with that host. A leading `www.`, `m.`,
`mobile.` or `amp.` makes no difference; of a capture in an archive the archived page counts.

## Why it matters
A page that names another site as its own address is a republication: the text on record is a copy, with its own cuts and
additions, and rights and date may be those of the other.

## Example
```yaml
source: {url: https://mirror.example/a, canonical_url: https://example.org/a, retrieved_at: 2025-03-13}
```

## What to do
Retrieve the text from the other site and name this one in `via`, or name the other in `via` if it was republished there.
",
};

impl Check for DivergentCanonicalUrl {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let Some(source) = &entry.source else { continue };
            let (Some(url), Some(canonical)) = (&source.url, &source.canonical_url) else {
                continue;
            };
            let (Some(page), Some(own)) = (address::page(&url.value), address::page(&canonical.value)) else {
                continue;
            };
            let mut via = source.via.iter().filter_map(|via| address::page(&via.value));
            if page.site() == own.site() || via.any(|via| via.site() == own.site()) {
                continue;
            }
            let message = format!(
                "the page was retrieved from {}, but names {} as its own address",
                page.host(),
                own.host()
            );
            let finding = RULE.finding(survey.at(entry, canonical.span), message);
            let finding = finding.related(survey.at(entry, url.span), "it was retrieved from here");
            findings.push(
                finding.help("take the text from there and name this copy in `via`, or name the other one in `via`"),
            );
        }
    }
}
