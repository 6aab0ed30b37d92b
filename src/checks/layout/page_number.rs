//! `layout/page-number`: the number of a page at the top of a text that is one page.

use super::page_furniture::at_edges;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::pages::single::Mark;

/// See [`RULE`].
#[derive(Debug)]
pub struct PageNumber;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/page-number",
    severity: Severity::Warning,
    summary: "the number of a page at the top of a text that is one page",
    settings: &[],
    docs: "\
## What it does
Finds a number alone in the first or the second line of a text that is one page: lines set solid, without a blank one, and
with words cut at their ends. The running head beside it belongs to it. Numbers that recur are `layout/page-break`.

## Why it matters
It is read as the beginning of the text.

## Example
```text
44
The second part
was carried to the mill, and the grind-
ing began
```

## What to do
Remove it where the text is to be read, or keep the text as the page that it is and accept the finding.

## Where it errs
A stanza or a chapter that is set solid and begins with its number looks the same. A head below the number is taken only where
the page goes on in mid-sentence after it. Confidence 0.9.
",
};

impl Check for PageNumber {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        findings.extend(at_edges(text, Mark::Number).map(|span| {
            let finding = RULE.finding(document.at(span), "the number of a page stands at the top of the text");
            finding.help("remove it").confidence(0.9)
        }));
    }
}
