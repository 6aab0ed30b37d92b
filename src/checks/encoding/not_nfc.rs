//! `encoding/not-nfc`: characters in another form than the usual one.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::beyond_ascii::runs;

/// See [`RULE`].
#[derive(Debug)]
pub struct NotNfc;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/not-nfc",
    severity: Severity::Info,
    summary: "characters that are not in Unicode's normal form C",
    settings: &[],
    docs: "\
## What it does
Finds what normalisation form C (Unicode annex 15) would write otherwise: a letter with its accent as a second character
(`e` + U+0301), accents in another order, signs that Unicode has twice (the ångström and ohm signs).

## Why it matters
Two texts that look the same differ in their bytes, and a search for `é` does not find `e\u{301}`. The web, and most
programs that compare, expect form C.

## Example
`cafe\u{301}`, five characters and not four.

## What to do
Apply the fix, unless the corpus has another form on purpose.

## Where it errs
It does not know that a corpus may be in form D on purpose. In Hebrew with points and in a few scripts of India form C has
another order of marks than typists have, and both are right. Confidence 1: it is the form or it is not.

## Fix safety
Safe: both forms are the same text by the definition of Unicode.
",
};

/// A fix mends at most so many places; a second run mends the next.
const EDITS: usize = 10_000;
/// A run is looked at in pieces of so many bytes.
const PIECE: usize = 4096;

impl Check for NotNfc {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let mut count = 0;
        let mut edits: Vec<(Span, String)> = Vec::new();
        for edit in runs(text.text).flat_map(|run| in_run(text, run.start, run.end)) {
            count += 1;
            if edits.len() < EDITS {
                edits.push(edit);
            }
        }
        let Some(&(first, _)) = edits.first() else { return };
        let message = match count {
            1 => "1 place is not in normal form C".to_owned(),
            count => format!("{count} places are not in normal form C"),
        };
        let finding = RULE.finding(document.at(first), message).evidence("count", count);
        findings.push(
            finding
                .help("write them in normal form C")
                .replace_all(Safety::Safe, edits),
        );
    }
}

/// The places of one run beyond ASCII. The ASCII letter before it belongs to it: an accent may follow.
fn in_run(text: &Text<'_>, start: usize, end: usize) -> Vec<(Span, String)> {
    let mut places = Vec::new();
    if !text.text[start..end].chars().any(may_change) {
        return places;
    }
    let mut from = start - usize::from(start > 0);
    if !text.text.is_char_boundary(from) {
        from = start;
    }
    while from < end {
        let to = cut(text.text, from, end);
        let piece = &text.text[from..to];
        if is_nfc_quick(piece.chars()) != IsNormalized::Yes {
            places.extend(place(text, from, piece));
        }
        from = to;
    }
    places
}

/// Where a piece that begins at `from` ends: before the next character that no mark belongs to.
fn cut(text: &str, from: usize, end: usize) -> usize {
    let mut characters = text[from..end].char_indices().skip(1);
    let next = characters.find(|&(at, character)| at > PIECE || !may_change(character));
    next.map_or(end, |(at, _)| from + at)
}

fn place(text: &Text<'_>, from: usize, piece: &str) -> Option<(Span, String)> {
    let normal: String = piece.nfc().collect();
    let span = text.source.span(from, from + piece.len())?;
    (normal != piece).then_some((span, normal))
}

/// Whether a character may be written otherwise in form C, alone or after another: all but those that most texts are
/// made of.
fn may_change(character: char) -> bool {
    !matches!(character,
        '\0'..='\u{2FF}' | '\u{400}'..='\u{482}' | '\u{48A}'..='\u{590}' | '\u{5D0}'..='\u{60F}' | '\u{620}'..='\u{64A}'
        | '\u{2010}'..='\u{20CF}' | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{FF00}'..='\u{FFEF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn mended(text: &str) -> String {
        let source = Source::new("a", text.into());
        let text = Text::new(&source).expect("text");
        let edits = runs(text.text).flat_map(|run| in_run(&text, run.start, run.end));
        let mut mended = text.text.to_owned();
        for (span, normal) in edits.collect::<Vec<_>>().into_iter().rev() {
            mended.replace_range(span.range(), &normal);
        }
        mended
    }

    proptest::proptest! {
        #[test]
        fn mended_is_nfc(text in "[a-e\u{e4}\u{300}-\u{305}\u{3b1}\u{323}\u{212b}\u{1100}\u{1161}\u{11a8}\u{ac00}\u{958}\u{4e00}\u{5b0}-\u{5bc} ]{0,40}") {
            let expected: String = text.nfc().collect();
            proptest::prop_assert_eq!(mended(&text), expected);
        }
    }
}
