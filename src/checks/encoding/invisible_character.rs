//! `encoding/invisible-character`: characters without width, where they have no work to do.

use super::script::{breaks_at_zero_width, has_variants, is_emoji_like, takes_joiners};
use super::tally::{Tally, code};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::Text;
use crate::text::beyond_ascii::characters;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvisibleCharacter;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/invisible-character",
    severity: Severity::Warning,
    summary: "characters without width, where they have no work to do",
    settings: &[],
    docs: "\
## What it does
Counts characters that nothing shows: zero-width space, word joiner, soft hyphen, U+FEFF inside the text, joiners,
variation selectors and tags. Where they have work to do they are left alone: joiners in Arabic, Persian, the scripts of
India and in emoji, zero-width spaces in scripts without spaces such as Thai and Khmer, variation selectors after emoji,
ideographs and mathematical signs. A soft hyphen that is a byte of mojibake (`Ã` and U+00AD: `í`) is that rule's.

## Why it matters
A word with such a character in it is not found, not counted and not compared, and no one sees why. They come from web
pages, from layout programs, and from watermarks.

## Example
`Mill\\u00ADstone`: a soft hyphen that a web page put where the word might be broken.

## What to do
Apply the fix.

## Where it errs
Between Latin letters a joiner or a variation selector may be meant in a few notations, and a soft hyphen where somebody
hyphenates by hand: those of one text are counted all the same. Confidence 1: the characters are there.

## Fix safety
Safe: what is removed was not to be seen. A soft hyphen at the end of a line stays, since a word is broken there.
",
};

impl Check for InvisibleCharacter {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let tally = count(text);
        let Some((character, first)) = tally.first() else {
            return;
        };
        let message = format!("{} in the text", tally.noun("invisible character"));
        let mut finding = RULE.finding(document.at(first), message).label(name(character));
        finding = finding
            .evidence("counts", tally.evidence())
            .help("remove what has no work to do");
        if !tally.edits.is_empty() {
            finding = finding.replace_all(Safety::Safe, tally.edits);
        }
        findings.push(finding);
    }
}

fn count(text: &Text<'_>) -> Tally {
    let mut tally = Tally::default();
    for (at, character) in characters(text.text).filter(|&(at, character)| at > 0 && is_invisible(character)) {
        let before = text.text[..at].chars().next_back();
        let after = text.text[at..].chars().nth(1);
        if !works(before, character, after) && !text.mojibake().covers(at) {
            let broken_word = character == '\u{AD}' && after.is_none_or(|after| matches!(after, '\n' | '\r'));
            tally.add(text.source, at, character, (!broken_word).then_some(""));
        }
    }
    tally
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether the character does something between its neighbours.
fn works(before: Option<char>, character: char, after: Option<char>) -> bool {
    let beside = |test: fn(char) -> bool| before.is_some_and(test) || after.is_some_and(test);
    match character {
        '\u{200B}' => beside(breaks_at_zero_width),
        '\u{200C}' => beside(takes_joiners),
        '\u{200D}' => beside(takes_joiners) || (before.is_some_and(is_emoji_like) && after.is_some_and(is_emoji_like)),
        '\u{FE0E}' | '\u{FE0F}' => before.is_some_and(|before| is_emoji_like(before) || has_variants(before)),
        '\u{FE00}'..='\u{FE0D}' | '\u{E0100}'..='\u{E01EF}' => before.is_some_and(has_variants),
        '\u{E0020}'..='\u{E007F}' => before.is_some_and(is_emoji_like),
        _ => false,
    }
}

fn name(character: char) -> String {
    let name = match character {
        '\u{AD}' => "soft hyphen",
        '\u{200B}' => "zero-width space",
        '\u{200C}' => "zero-width non-joiner",
        '\u{200D}' => "zero-width joiner",
        '\u{2060}' => "word joiner",
        '\u{FEFF}' => "zero-width no-break space",
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => "variation selector",
        '\u{E0020}'..='\u{E007F}' => "tag character",
        _ => "invisible operator",
    };
    format!("{}, {name}", code(character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn total(text: &str) -> usize {
        let source = Source::new("a", text.into());
        Text::new(&source).map_or(0, |text| count(&text).total())
    }

    #[test]
    fn what_works_is_left_alone() {
        for legal in [
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "👩\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}\u{200D}🔥",
            "1\u{FE0F}\u{20E3}",
            "ภาษา\u{200B}ไทย",
            "葛\u{E0100}",
        ] {
            assert_eq!(total(legal), 0, "{legal:?}");
        }
        for stray in [
            "mill\u{200B}stone",
            "mill\u{AD}stone",
            "a\u{FEFF}b",
            "a\u{FE0F}b",
            "a\u{200D}b",
        ] {
            assert_eq!(total(stray), 1, "{stray:?}");
        }
        assert_eq!(total("\u{FEFF}a"), 0, "a byte-order mark is another rule's");
    }
}
