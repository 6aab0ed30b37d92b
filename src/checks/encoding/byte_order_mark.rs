//! `encoding/byte-order-mark`: U+FEFF before the first character.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct ByteOrderMark;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/byte-order-mark",
    severity: Severity::Warning,
    summary: "a byte-order mark before the first character of a text",
    settings: &[],
    docs: "\
## What it does
Finds the three bytes EF BB BF, the byte-order mark U+FEFF, at the start of a text. Further inside a text the same
character is an `encoding/invisible-character`.

## Why it matters
UTF-8 has no byte order, and programs that do not expect the mark take it for a part of the first word: a title is not
found, two copies of a text differ by nothing that can be seen.

## Example
A file that Windows Notepad saved as \"UTF-8 with BOM\".

## What to do
Apply the fix.

## Where it errs
A program of Windows may ask for the mark. Nothing else is wrong about it. Confidence 1.

## Fix safety
Safe: the mark is no character of the text.
",
};

impl Check for ByteOrderMark {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if !text.text.starts_with('\u{FEFF}') {
            return;
        }
        let Some(mark) = text.source.span(0, '\u{FEFF}'.len_utf8()) else {
            return;
        };
        let finding = RULE.finding(document.at(mark), "the text begins with a byte-order mark");
        findings.push(finding.help("remove it").replace(Safety::Safe, mark, ""));
    }
}
