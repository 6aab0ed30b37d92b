//! `provenance/rewritten-capture`: a capture whose page was rewritten for replay.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct RewrittenCapture;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/rewritten-capture",
    severity: Severity::Warning,
    summary: "the address of a capture whose page is rewritten for replay",
    settings: &[],
    docs: "\
## What it does
Finds addresses of a Wayback machine, in `archive.url` and `source.url`, that lack `id_` after the timestamp.

## Why it matters
Without it the archive changes the page so that it can be browsed: links lead into the archive, scripts and a banner are put
in. A text taken from there holds traces of that, and its bytes are not those that were captured. With `id_` the archive gives
the bytes as they came.

## Example
`https://web.archive.org/web/20160812093000/https://example.org/a`

## What to do
Put `id_` after the 14 digits. If the text was retrieved without it, retrieve it again and compare.
",
};

impl Check for RewrittenCapture {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            findings.extend(entry.captures().filter_map(|(url, capture)| {
                let raw = capture.unrewritten()?;
                let finding = RULE.finding(
                    survey.at(entry, url.span),
                    "the archive rewrites this capture for replay",
                );
                let finding = finding.help(format!("the bytes as captured are at {raw}"));
                Some(finding.evidence("unrewritten", raw))
            }));
        }
    }
}
