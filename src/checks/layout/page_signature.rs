//! `layout/page-signature`: the mark of a printed sheet at the foot of a text that is one page.

use super::page_furniture::at_edges;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::pages::single::Mark;

/// See [`RULE`].
#[derive(Debug)]
pub struct PageSignature;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/page-signature",
    severity: Severity::Warning,
    summary: "the mark of a printed sheet at the foot of a text that is one page",
    settings: &[],
    docs: "\
## What it does
Finds the mark by which a binder ordered the sheets (`A ij`, `B 3`, `)( 2`) in one of the last two lines of a text that is one
page: lines set solid, without a blank one, and with words cut at their ends.

## Why it matters
It is read as the end of the text.

## Example
```text
what the miller had brought from the val-
ley in the spring
B 3
and
```

## What to do
Remove it where the text is to be read, or keep the text as the page that it is and accept the finding.

## Where it errs
The last row of a list whose lines are short, such as `A 2`, looks the same where words are cut at the ends of other lines.
Longer marks, with the title of the book, are not found. Confidence 0.85.
",
};

impl Check for PageSignature {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        findings.extend(at_edges(text, Mark::Signature).map(|span| {
            let finding = RULE.finding(
                document.at(span),
                "the mark of a printed sheet stands at the foot of the text",
            );
            finding.help("remove it").confidence(0.85)
        }));
    }
}
