//! `encoding/ligature`: letters that a printer joined, as one character.

use super::tally::{Tally, code};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::Text;
use crate::text::beyond_ascii::runs;

/// See [`RULE`].
#[derive(Debug)]
pub struct Ligature;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/ligature",
    severity: Severity::Info,
    summary: "joined letters of print, as one character",
    settings: &[],
    docs: "\
## What it does
Counts U+FB00 to U+FB06: `ﬀ`, `ﬁ`, `ﬂ`, `ﬃ`, `ﬄ`, `ﬅ` and `ﬆ`.

## Why it matters
They are glyphs of a font that a page of PDF was drawn with. A search for `find` does not find `\u{FB01}nd`.

## Example
`signi\u{FB01}cant`

## What to do
Apply the fix; look for words that are broken by a space beside the ligature, as the same pages often have them.

## Where it errs
A transcription that keeps the ligatures of an old print on purpose, and a text about type, have them rightly. Letters that
are no ligatures of print (`æ`, `œ`, `ĳ`, `ß`) are left alone. Confidence 1.

## Fix safety
Safe: the letters are the same, and fonts join them again.
",
};

impl Check for Ligature {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let tally = count(text);
        let Some((character, first)) = tally.first() else {
            return;
        };
        let message = format!("{} in the text", tally.noun("ligature"));
        let finding = RULE.finding(document.at(first), message).label(code(character));
        let finding = finding.evidence("counts", tally.evidence());
        findings.push(
            finding
                .help("write the letters one by one")
                .replace_all(Safety::Safe, tally.edits),
        );
    }
}

fn count(text: &Text<'_>) -> Tally {
    let mut tally = Tally::default();
    for run in runs(text.text) {
        // All of them begin with the bytes EF AC.
        for at in memchr::memmem::find_iter(&text.text.as_bytes()[run.clone()], b"\xEF\xAC") {
            let at = run.start + at;
            let character = text.text[at..].chars().next().unwrap_or_default();
            if let Some(letters) = letters(character).filter(|_| !text.mojibake().covers(at)) {
                tally.add(text.source, at, character, Some(letters));
            }
        }
    }
    tally
}

fn letters(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{FB00}' => "ff",
        '\u{FB01}' => "fi",
        '\u{FB02}' => "fl",
        '\u{FB03}' => "ffi",
        '\u{FB04}' => "ffl",
        '\u{FB05}' => "ſt",
        '\u{FB06}' => "st",
        _ => return None,
    })
}
