//! `encoding/lost-letter`: question marks where letters were.

use std::collections::BTreeSet;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::Text;

/// See [`RULE`].
#[derive(Debug)]
pub struct LostLetter;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/lost-letter",
    severity: Severity::Warning,
    summary: "question marks inside words, where letters were lost",
    settings: &[],
    docs: "\
## What it does
Finds words with a question mark between small letters: `don?t`, `M?nchen`, `gr??er`. One is enough where it stands in an
English contraction or where the text also has the word whole (`München`); else three different ones are needed. Addresses,
code, patterns and words with anything but letters, apostrophes and hyphens are left alone, and so is a question mark before
a capital, after which a sentence begins without a space.

## Why it matters
A program wrote `?` for each character that its encoding did not have. What stood there is gone from this copy, and the
text still looks like plain ASCII to every program.

## Example
`the miller?s daughter didn?t know`

## What to do
Fetch the original again and decode it with its own encoding. There is no fix: which letter it was is a guess.

## Where it errs
Letters lost at the end of a word (`caf?`) look like questions and are not counted. Three chat lines that put no space after
their questions (`what?no`) look like lost letters. A puzzle with gaps is one to it. Confidence .9 for contractions and
words that occur whole, .8 for three others.
",
};

/// So many different words are needed without better evidence.
const WORDS: usize = 3;
/// A word is at most so long.
const LONGEST: usize = 40;
/// So many are kept and shown.
const KEPT: usize = 100;
const SHOWN: usize = 5;

/// A word with question marks in it.
struct Gap<'a> {
    word: &'a str,
    span: Span,
}

impl Check for LostLetter {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let mut gaps = Vec::new();
        let mut count = 0;
        for gap in gaps_of(text) {
            count += 1;
            if gaps.len() < KEPT {
                gaps.push(gap);
            }
        }
        let Some(first) = gaps.first() else { return };
        let words: BTreeSet<String> = gaps.iter().map(|gap| gap.word.to_lowercase()).collect();
        let sure = gaps
            .iter()
            .any(|gap| is_contraction(gap.word) || occurs_whole(text.text, gap.word));
        if !sure && words.len() < WORDS {
            return;
        }
        let message = match count {
            1 => "a letter is lost inside a word".to_owned(),
            count => format!("letters are lost inside {count} words"),
        };
        let shown: Vec<&str> = gaps.iter().take(SHOWN).map(|gap| gap.word).collect();
        let finding = RULE
            .finding(document.at(first.span), message)
            .confidence(if sure { 0.9 } else { 0.8 });
        let finding = finding.evidence("count", count).evidence("words", shown);
        findings.push(
            finding
                .label("a question mark stands for a letter")
                .help("fetch the original again and decode it with its own encoding"),
        );
    }
}

/// Words with a question mark where a letter should be, in lines of prose.
fn gaps_of<'a>(text: &'a Text<'_>) -> impl Iterator<Item = Gap<'a>> + 'a {
    let bytes = text.text.as_bytes();
    let mut done = 0;
    memchr::memchr_iter(b'?', bytes).filter_map(move |at| {
        let between = at > 0
            && bytes
                .get(at + 1)
                .is_some_and(|next| next.is_ascii_lowercase() || *next == b'?');
        if at < done || !between || !is_letter(bytes[at - 1]) {
            return None;
        }
        let (start, end) = token(bytes, at)?;
        done = end;
        let word = text.text.get(start..end)?.trim_matches(is_edge);
        (is_word(word) && is_prose(text.text, start, end)).then(|| Gap {
            word,
            span: text.source.span_of(word),
        })
    })
}

/// ASCII letters, and all that is beyond ASCII.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// What is between spaces around a place.
fn token(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let start = bytes[..at]
        .iter()
        .rev()
        .take(LONGEST)
        .take_while(|byte| !byte.is_ascii_whitespace())
        .count();
    let end = bytes[at..]
        .iter()
        .take(LONGEST)
        .take_while(|byte| !byte.is_ascii_whitespace())
        .count();
    (start < LONGEST && end < LONGEST).then_some((at - start, at + end))
}

fn is_edge(character: char) -> bool {
    matches!(
        character,
        '.' | ',' | ';' | ':' | '!' | '?' | '"' | '\'' | '(' | ')' | '“' | '”' | '„' | '«' | '»' | '‘' | '’'
    )
}

/// Letters and question marks, each run of marks short and between letters with a small letter after it.
fn is_word(word: &str) -> bool {
    let parts: Vec<&str> = word.split('?').collect();
    let letters = |part: &str| {
        part.chars()
            .all(|character| character.is_alphabetic() || matches!(character, '\'' | '’' | '-'))
    };
    let sound = parts.iter().all(|part| letters(part)) && !word.contains("???");
    let small = parts[1..]
        .iter()
        .all(|part| part.is_empty() || part.starts_with(char::is_lowercase));
    let whole = parts.len() > 1 && !parts[0].is_empty() && parts.last().is_some_and(|last| !last.is_empty());
    sound && small && whole && !is_glued_question(&parts)
}

/// Whether it looks like a question and what follows it without a space: two long parts.
fn is_glued_question(parts: &[&str]) -> bool {
    parts.len() == 2 && parts.iter().all(|part| part.chars().count() >= 5)
}

/// Whether a line holds none of the signs that programs, patterns and addresses have.
fn is_prose(text: &str, start: usize, end: usize) -> bool {
    let around = 60;
    let from = (start.saturating_sub(around)..=start)
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(start);
    let to = (end..=text.len().min(end + around))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(end);
    let before = text[from..start].rsplit('\n').next().unwrap_or_default();
    let after = text[end..to].split('\n').next().unwrap_or_default();
    let sign = |part: &str| part.contains(['=', '{', '}', '<', '>', '|', '\\', '*', '[', ']', '$', '^', '`', '_']);
    !sign(before) && !sign(after)
}

/// `don?t`, `we?ll`, `it?s`, `l?homme`: an apostrophe was lost.
fn is_contraction(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let Some((stem, ending)) = lower.rsplit_once('?') else {
        return false;
    };
    match ending {
        "t" => stem.ends_with('n'),
        "ll" | "ve" | "re" => matches!(
            stem,
            "i" | "we" | "you" | "they" | "he" | "she" | "it" | "that" | "who" | "would" | "could" | "should"
        ),
        "s" => matches!(
            stem,
            "it" | "he" | "she" | "that" | "what" | "there" | "here" | "let" | "who" | "today" | "world"
        ),
        "m" => stem == "i",
        "d" => matches!(stem, "i" | "we" | "you" | "they" | "he" | "she"),
        _ => false,
    }
}

/// Whether the text has the word with letters in place of the question marks, and one of them beyond ASCII.
fn occurs_whole(text: &str, word: &str) -> bool {
    let Some((head, tail)) = word.split_once('?').filter(|(head, tail)| head.len() + tail.len() > 3) else {
        return false;
    };
    if tail.contains('?') || head.is_empty() {
        return false;
    }
    memchr::memmem::find_iter(text.as_bytes(), head).take(KEPT).any(|at| {
        let rest = &text[at + head.len()..];
        let Some(letter) = rest
            .chars()
            .next()
            .filter(|letter| !letter.is_ascii() && letter.is_alphabetic())
        else {
            return false;
        };
        let after = rest[letter.len_utf8()..].strip_prefix(tail);
        after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
            && !text[..at].ends_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn words(text: &str) -> Vec<String> {
        let source = Source::new("a", text.into());
        let text = Text::new(&source).expect("text");
        gaps_of(&text).map(|gap| gap.word.to_owned()).collect()
    }

    #[test]
    fn gaps_are_inside_words() {
        assert_eq!(
            words("He didn?t go to M?nchen; gr??er, (Stra?e)."),
            ["didn?t", "M?nchen", "gr??er", "Stra?e"]
        );
        for plain in [
            "Why? Because. What?! Really?? Who?Me? Warum?Weil es so ist. (sic?) a?",
            "https://example.org/find?word=mill example.org/a?b foo?.bar name?: string",
            "x = a?b:c; colou?r | gr[ae]y?s if (a?b) a*?b",
            "Verstanden?natürlich und einverstanden?gewiss",
            "???? what???no caf? ?uber",
        ] {
            assert!(words(plain).is_empty(), "{plain}: {:?}", words(plain));
        }
    }

    #[test]
    fn contractions_and_whole_words_are_evidence() {
        for word in ["don?t", "It?s", "we?ll", "I?m"] {
            assert!(is_contraction(word), "{word}");
        }
        assert!(!is_contraction("M?nchen"));
        assert!(occurs_whole("In München, not in M?nchen.", "M?nchen"));
        assert!(!occurs_whole("In Minchen, not in M?nchen.", "M?nchen"));
    }
}
