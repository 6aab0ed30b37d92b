//! `encoding/private-use`: characters that mean only what a font says.

use super::tally::{Tally, code};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::beyond_ascii::runs;

/// See [`RULE`].
#[derive(Debug)]
pub struct PrivateUse;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/private-use",
    severity: Severity::Info,
    summary: "characters of private use, which mean only what a font says",
    settings: &[],
    docs: "\
## What it does
Counts the characters that Unicode leaves to private use: U+E000 to U+F8FF and planes 15 and 16.

## Why it matters
Without its font the character is an empty box. They come from icon fonts of web pages (an arrow, a magnifying glass) and
from symbol fonts in PDF (bullets, parts of formulas), where a character that carries meaning may be lost.

## Example
`\u{F105} Next page`, where a web page drew an arrow.

## What to do
Look at what the page shows there; take it out, or write the character that it stands for. There is no fix, as only the
font knows.

## Where it errs
Scripts that Unicode does not have yet (of constructed languages, of medieval manuscripts by the rules of MUFI) are written
with them rightly. Confidence 1.
",
};

impl Check for PrivateUse {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let mut tally = Tally::default();
        for run in runs(text.text) {
            let start = run.start;
            for (at, character) in private(&text.text[run]) {
                tally.add(text.source, start + at, character, None);
            }
        }
        let Some((character, first)) = tally.first() else {
            return;
        };
        let message = format!(
            "{} in the text",
            tally.noun("character of private use").replace("uses", "use")
        );
        let finding = RULE.finding(document.at(first), message).label(code(character));
        let finding = finding.evidence("counts", tally.evidence());
        findings.push(finding.help("look at what the page shows there, and write that or nothing"));
    }
}

/// The characters of private use: they begin with the bytes EE, EF (up to EF A3), F3 (from F3 B0) and F4.
fn private(run: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let from = run.bytes().position(|byte| byte >= 0xEE).unwrap_or(run.len());
    let rest = run[from..]
        .char_indices()
        .map(move |(at, character)| (from + at, character));
    rest.filter(|&(_, character)| matches!(u32::from(character), 0xE000..=0xF8FF | 0xF_0000..=0xF_FFFD | 0x10_0000..))
}
