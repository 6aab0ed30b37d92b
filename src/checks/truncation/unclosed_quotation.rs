//! `truncation/unclosed-quotation`: a quotation or a bracket that is opened and never closed.

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::Text;
use crate::text::quotation::{Balance, Unclosed};
use crate::text::unit::{self, Kind, Unit};

/// See [`RULE`].
#[derive(Debug)]
pub struct UnclosedQuotation;

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/unclosed-quotation",
    severity: Severity::Info,
    summary: "a quotation or a bracket that is opened and never closed",
    settings: &[],
    docs: "\
## What it does
Follows curly quotation marks, guillemets, corner brackets and brackets over the paragraphs of a text. Each paragraph of a
long quotation may open it again, and the last closes it; a mark that no later paragraph closes is reported. It is a warning
in the last paragraph of the text, where what follows is missing, and info elsewhere, where it may be a slip.

Apostrophes and single marks are not read, nor are straight marks, which have no side. A text with many open marks has a
habit of its own, and is passed over.

## Why it matters
A quotation without an end is the trace of a cut that came at the end of a sentence, where nothing else shows it; or of a
paragraph that is missing.

## Example
```text
The miller wrote: “The water fell in June. We shut the gate.
```

## What to do
Compare the place with the source. Where the author forgot the mark, accept the finding.

## Where it errs
Writers and editors forget the closing mark, above all where a quotation ends with a paragraph: at the end of a text about
half of the findings are such slips, in the middle most are. Confidence 0.6 and 0.4.
",
};

impl Check for UnclosedQuotation {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let balance = text.balance();
        if is_habit(balance) {
            return;
        }
        let units = &text.statement().units;
        let last = last_paragraph(units);
        let open = balance.unclosed.iter().filter(|mark| is_paragraph(&units[mark.unit]));
        limit(open.filter_map(|mark| finding(document, text, *mark, last)), findings);
    }
}

/// More open marks than these, and than one for so many pairs, are a habit.
const FEW: usize = 3;
const PAIRS: usize = 8;

fn is_habit(balance: &Balance) -> bool {
    let open = balance.unclosed.len();
    open > FEW && open * PAIRS > balance.pairs
}

fn is_paragraph(unit: &Unit<'_>) -> bool {
    unit.kind == Kind::Prose && unit::ends_sentence(unit.text)
}

/// The last paragraph, where nothing but labels follows it.
fn last_paragraph(units: &[Unit<'_>]) -> Option<usize> {
    let label = |unit: &Unit<'_>| matches!(unit.kind, Kind::Short | Kind::Credit | Kind::Note);
    units.iter().rposition(|unit| !label(unit))
}

fn finding(document: &Document<'_>, text: &Text<'_>, mark: Unclosed, last: Option<usize>) -> Option<Finding> {
    let start = text.statement().units[mark.unit].span.start() + mark.at;
    let span = text.source.span(start, start + mark.mark.len_utf8())?;
    let what = if mark.is_bracket() { "bracket" } else { "quotation" };
    let finding = RULE
        .finding(
            document.at(span),
            format!("the {what} that is opened here is never closed"),
        )
        .help("compare the place with the source: what follows may be missing")
        .confidence(0.4)
        .evidence("mark", mark.mark.to_string());
    let at_end = Some(mark.unit) == last && !mark.is_bracket();
    Some(if at_end {
        finding.severity(Severity::Warning).confidence(0.6)
    } else {
        finding
    })
}
