//! The words of a text that checks of consistency ask for, noted in one pass over its bytes: those with a capital, and
//! those that stand twice in a row.

use std::ops::Range;

use super::mask;
use super::unit;

/// A word with a capital at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capital {
    /// Its first byte.
    pub start: u32,
    /// Its length in bytes.
    pub len: u16,
    marks: u16,
}

/// A word that stands twice in a row, with nothing but white space between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubled {
    /// The first byte of the first one.
    pub first: u32,
    /// The first byte of the second one.
    pub second: u32,
    /// The length of the word in bytes.
    pub len: u16,
}

/// What the pass notes.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Words with a capital, in order.
    pub capitals: Vec<Capital>,
    /// Words that stand twice in a row, in order.
    pub doubled: Vec<Doubled>,
}

/// A longer run of letters is no word; and only words with room for their length in [`Capital::len`] are noted.
const LONGEST: usize = 40;
/// Only so much of a text is looked at, in bytes: places are kept as 32 bits, and what is found beyond it is worth less.
const LIMIT: usize = 64 << 20;
/// Two words are at most so many bytes apart to stand in a row: a line end and an indent.
const GAP: usize = 16;

/// Two words with a capital are so many bytes apart where there are many: a list that grows is in memory twice while it is
/// moved.
const BETWEEN: usize = 24;
/// So many pairs are noted: a text with more is no prose.
const DOUBLED: usize = 1 << 16;

const LOWER: u16 = 1;
const UPPER: u16 = 2;
const DIGIT: u16 = 4;
const HIGH: u16 = 8;
const OPENS: u16 = 32;
const SPACED: u16 = 64;
const HYPHEN: u16 = 128;

/// What each byte is: a letter, a digit, a part of something outside ASCII, or nothing of a word.
static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER as u8,
            b'A'..=b'Z' => UPPER as u8,
            b'0'..=b'9' => DIGIT as u8,
            0x80.. => HIGH as u8,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

impl Capital {
    /// The word.
    pub fn word<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start as usize..self.end()).unwrap_or_default()
    }

    /// The byte after it.
    pub fn end(&self) -> usize {
        self.start as usize + usize::from(self.len)
    }

    /// Whether all its letters are capitals.
    pub fn is_shouted(&self) -> bool {
        self.marks & LOWER == 0
    }

    /// Whether there is a digit in it.
    pub fn has_digit(&self) -> bool {
        self.marks & DIGIT != 0
    }

    /// Whether its capital may be owed to the place: it begins a sentence, a line or a quotation.
    pub fn opens(&self) -> bool {
        self.marks & OPENS != 0
    }

    /// Whether nothing but a space stands between it and the capital word before it.
    pub fn follows(&self) -> bool {
        self.marks & SPACED != 0
    }

    /// Whether a hyphen ties it to the capital word before it.
    pub fn is_tied(&self) -> bool {
        self.marks & HYPHEN != 0
    }
}

impl Vocabulary {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let text = super::prefix(text, LIMIT);
        let mut vocabulary = Self {
            capitals: Vec::with_capacity(text.len() / BETWEEN),
            doubled: Vec::new(),
        };
        let (bytes, mut before, mut letter) = (text.as_bytes(), 0..0, 0);
        for mask::Run { range, ascii } in mask::runs(bytes) {
            if ascii {
                let first = bytes[range.start];
                // Most words neither begin like the one before nor with a capital.
                if (first | 0x20 == letter) | first.is_ascii_uppercase() {
                    vocabulary.note(text, &before, &range);
                }
                (before, letter) = (range, first | 0x20);
            } else {
                vocabulary.note_wide(text, &mut before, range);
                letter = bytes[before.start] | 0x20;
            }
        }
        vocabulary
    }

    /// Notes the words of a run with other than ASCII letters.
    fn note_wide(&mut self, text: &str, before: &mut Range<usize>, run: Range<usize>) {
        let mut at = run.start;
        while let Some((start, end)) = word(&text[..run.end], at) {
            self.note(text, before, &(start..end));
            *before = start..end;
            at = end;
        }
    }

    fn note(&mut self, text: &str, before: &Range<usize>, word: &Range<usize>) {
        let bytes = text.as_bytes();
        let first = bytes[word.start];
        let twin = (before.len() == word.len()) & (bytes[before.start] | 0x20 == first | 0x20);
        if twin && self.doubled.len() < DOUBLED {
            self.doubled.extend(doubled(text, before, word));
        }
        let upper = first.is_ascii_uppercase() || (!first.is_ascii() && begins_upper(text, word.start));
        if upper && word.len() <= LONGEST {
            self.capital(text, before, word);
        }
    }

    #[inline(never)]
    fn capital(&mut self, text: &str, before: &Range<usize>, word: &Range<usize>) {
        let bytes = text.as_bytes();
        let last = self.capitals.last().filter(|last| last.end() == before.end);
        let tie = last.map_or(0, |last| match &bytes[last.end()..word.start] {
            b" " => SPACED,
            b"-" => HYPHEN,
            _ => 0,
        });
        let opens = if tie == 0 && opens(text, word.start) { OPENS } else { 0 };
        self.capitals.push(Capital {
            start: u32::try_from(word.start).unwrap_or(u32::MAX),
            len: u16::try_from(word.len()).unwrap_or(u16::MAX),
            marks: marks(text, word) | tie | opens,
        });
    }
}

/// What a word is made of.
fn marks(text: &str, word: &Range<usize>) -> u16 {
    let bytes = text.as_bytes();
    if mask::is_ascii(bytes, word) {
        let classes = bytes[word.clone()].iter().map(|&byte| CLASS[usize::from(byte)]);
        return u16::from(classes.fold(0, |marks, class| marks | class));
    }
    let letters = text[word.clone()].char_indices();
    letters.fold(0, |marks, (at, _)| marks | letter(text, word.start + at).1)
}

/// The next word from a place on.
fn word(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = begin(text, from)?;
    let mut at = start;
    while at < text.len() {
        match letter(text, at).0 {
            0 => break,
            width => at += width,
        }
    }
    Some((start, at))
}

/// Where the next word begins.
fn begin(text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    loop {
        at += bytes
            .get(at..)?
            .iter()
            .position(|&byte| CLASS[usize::from(byte)] != 0)?;
        if bytes[at] < 0x80 || letter(text, at).0 > 0 {
            return Some(at);
        }
        at += width_of(bytes[at]);
    }
}

/// How many bytes the letter has that stands here, and what it is; no bytes where it is none, or of a script without
/// spaces, or one of the blocks of punctuation.
fn letter(text: &str, at: usize) -> (usize, u16) {
    let byte = text.as_bytes()[at];
    let class = u16::from(CLASS[byte as usize]);
    if class != HIGH {
        return (usize::from(class != 0), class);
    }
    let Some(character) = text[at..].chars().next().filter(|_| !(0xE2..=0xED).contains(&byte)) else {
        return (0, 0);
    };
    match character {
        _ if character.is_lowercase() => (character.len_utf8(), LOWER),
        _ if character.is_uppercase() => (character.len_utf8(), UPPER),
        // Marks that are put over the letter before: a word goes on.
        '\u{300}'..='\u{36f}' => (character.len_utf8(), LOWER),
        _ if character.is_alphabetic() => (character.len_utf8(), LOWER),
        _ => (0, 0),
    }
}

fn width_of(lead: u8) -> usize {
    match lead {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

fn begins_upper(text: &str, at: usize) -> bool {
    letter(text, at).1 == UPPER
}

/// Two words of one length that are the same but for the case of the first letter, where only white space divides them.
fn doubled(text: &str, before: &Range<usize>, word: &Range<usize>) -> Option<Doubled> {
    let (one, two) = (&text[before.clone()], &text[word.clone()]);
    let same = one == two || one.chars().flat_map(char::to_lowercase).eq(two.chars());
    let gap = &text[before.end..word.start];
    let apart = gap.len() <= GAP && gap.bytes().all(|byte| byte.is_ascii_whitespace());
    (same && apart).then(|| Doubled {
        first: u32::try_from(before.start).unwrap_or(u32::MAX),
        second: u32::try_from(word.start).unwrap_or(u32::MAX),
        len: u16::try_from(word.len()).unwrap_or(u16::MAX),
    })
}

/// Whether a sign may stand before the first word of a sentence.
fn is_opener(sign: char) -> bool {
    matches!(
        sign,
        '"' | '“'
            | '„'
            | '«'
            | '‹'
            | '»'
            | '‘'
            | '‚'
            | '\''
            | '('
            | '['
            | '*'
            | '_'
            | '#'
            | '>'
            | '¿'
            | '¡'
            | '•'
            | '–'
            | '—'
            | '-'
            | '|'
    )
}

/// Whether a sentence, a line or a quotation begins here.
fn opens(text: &str, at: usize) -> bool {
    let before = &text[..at];
    if before.as_bytes().ends_with(b" ") && before.len() > 1 && before.as_bytes()[at - 2].is_ascii_lowercase() {
        return false;
    }
    let bare = before.trim_end_matches([' ', '\t', '\u{a0}']);
    let Some(last) = bare.chars().next_back() else {
        return true;
    };
    if last == '.' {
        return !is_abbreviated(bare);
    }
    last == '\n' || last == '\r' || last == ':' || is_opener(last) || unit::is_end_mark(last)
}

/// Whether the full stop at the end belongs to a title or an initial (`Mr.`, `J.`).
fn is_abbreviated(text: &str) -> bool {
    let stem = &text[..text.len() - 1];
    let word = stem
        .char_indices()
        .rev()
        .take(5)
        .take_while(|(_, character)| character.is_alphanumeric());
    let (length, first) = word.fold((0, None), |(length, _), (_, character)| (length + 1, Some(character)));
    matches!(length, 1..=3) && first.is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(&str, bool)> {
        let vocabulary = Vocabulary::of(text);
        let words = vocabulary.capitals.iter();
        words.map(|capital| (capital.word(text), capital.opens())).collect()
    }

    #[test]
    fn notes_words_with_a_capital() {
        let text = "The ferry of Mr. Tarn left Élan-Vital for “Верхний Мост”.\nNo.";
        assert_eq!(
            words(text),
            [
                ("The", true),
                ("Mr", false),
                ("Tarn", false),
                ("Élan", false),
                ("Vital", false),
                ("Верхний", true),
                ("Мост", false),
                ("No", true)
            ]
        );
        assert!(words("猫在屋顶上。 مدينة 123 abc").is_empty());
    }

    #[test]
    fn ties_words() {
        let text = "IWB-FI and Old Tarn, Weir";
        let vocabulary = Vocabulary::of(text);
        let ties: Vec<_> = vocabulary
            .capitals
            .iter()
            .map(|one| (one.is_tied(), one.follows(), one.is_shouted()))
            .collect();
        assert_eq!(
            ties,
            [
                (false, false, true),
                (true, false, true),
                (false, false, false),
                (false, true, false),
                (false, false, false)
            ]
        );
    }

    #[test]
    fn notes_words_in_a_row() {
        let text = "The the boat of\nof no, no one. Ää ää";
        let doubled = Vocabulary::of(text).doubled;
        let words: Vec<_> = doubled
            .iter()
            .map(|one| &text[one.second as usize..][..usize::from(one.len)])
            .collect();
        assert_eq!(words, ["the", "of", "ää"]);
    }
}
