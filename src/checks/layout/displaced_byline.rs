//! `layout/displaced-byline`: the name of the author, printed after the text has begun.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::statement::Statement;
use crate::text::unit::{Kind, Unit};

/// See [`RULE`].
#[derive(Debug)]
pub struct DisplacedByline;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/displaced-byline",
    severity: Severity::Info,
    summary: "the name of the author after the text has begun",
    settings: &[],
    docs: "\
## What it does
Finds the line that names the author (`By Name Name.`, `Von Name Name`) where it stands alone between two paragraphs of prose, after
the first one: a template prints the lead above it.

## Why it matters
The name interrupts the text, and whoever looks for the author at its head does not find one.

## Example
```text
The weir broke on the night of the fair, and the lower town was under water by the morning.

By Marta Holm

Nobody had looked at it since the spring.
```

## What to do
Record the author in the manifest. Do not delete the line: it is all that the text says of who wrote it.

## Where it errs
A line of a text that only looks like a name (`By Midsummer Eve`) is reported. A name without a word before it is not found.
Confidence 0.8.
",
};

/// A byline stands among the first so many units.
const NEAR: usize = 15;

impl Check for DisplacedByline {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let statement = text.statement();
        let Some((unit, name)) = displaced(statement) else {
            return;
        };
        let finding = RULE
            .finding(document.at(unit.span), "the byline stands after the text has begun")
            .help("record the author in the manifest; keep the line")
            .confidence(0.8)
            .evidence("author", name);
        findings.push(finding);
    }
}

/// The byline, where prose stands before it and right after it.
fn displaced<'a, 's>(statement: &'s Statement<'a>) -> Option<(&'s Unit<'a>, &'a str)> {
    let byline = statement.byline?;
    let at = statement
        .units
        .iter()
        .take(NEAR)
        .position(|unit| unit.span == byline.span)?;
    let is_prose = |unit: &Unit<'_>| unit.kind == Kind::Prose && unit.words >= 15;
    let unit = &statement.units[at];
    let before = statement.units[..at].iter().any(is_prose);
    let after = statement.units.get(at + 1).is_some_and(is_prose);
    let named = byline.text.split_whitespace().count() > 1 && !byline.text.ends_with(['!', '?']);
    let begins = unit
        .text
        .split_whitespace()
        .next()
        .is_some_and(|word| byline.text != unit.text && word.len() > 1);
    (before && after && named && begins).then_some((unit, byline.text))
}
