//! `layout/page-catchword`: the first word of the next page at the foot of a text that is one page.

use super::page_furniture::at_edges;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::pages::single::Mark;

/// See [`RULE`].
#[derive(Debug)]
pub struct PageCatchword;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/page-catchword",
    severity: Severity::Warning,
    summary: "the first word of the next page at the foot of a text that is one page",
    settings: &[],
    docs: "\
## What it does
Finds one short word alone in the last line of a text that is one page: lines set solid, without a blank one, and with words
cut at their ends. Between pages it belongs to `layout/page-break`.

## Why it matters
The word stands twice when the pages are put together.

## Example
```text
what the miller had brought from the val-
ley in the spring
and
```

## What to do
Remove it where the text is to be read, or keep the text as the page that it is and accept the finding.

## Where it errs
The last word of a paragraph that was cut off there looks the same. Confidence 0.75.
",
};

impl Check for PageCatchword {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        findings.extend(at_edges(text, Mark::Catchword).map(|span| {
            let finding = RULE.finding(
                document.at(span),
                "the first word of the next page stands at the foot of the text",
            );
            finding
                .help("remove it when the pages are put together")
                .confidence(0.75)
        }));
    }
}
