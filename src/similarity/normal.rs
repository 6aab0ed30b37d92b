//! A text as the comparison sees it: letters and digits alone, case and form folded, each word with its place in the bytes.
//!
//! Spaces, punctuation, marks of hyphenation and the difference between forms of one letter tell nothing about whether two
//! passages are the same, and recognition from a scan changes just these. What is kept is one code a character; two words
//! are the same where their hashes are. Both are of a fixed version: they never depend on the machine or the run.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A word; in a script without spaces, a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// A hash of its folded letters.
    pub hash: u32,
    /// Its first byte in the text.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// Its first code in [`Normal::codes`].
    pub code: u32,
}

/// A text in its comparable form.
#[derive(Clone, Debug, Default)]
pub struct Normal {
    /// Its words, in order.
    pub words: Vec<Word>,
    /// The number of the first word of each paragraph, ascending.
    pub paragraphs: Vec<u32>,
    codes: Vec<u8>,
    length: usize,
}

/// Room behind the last code, so that sixteen can be read at once from any.
const MARGIN: usize = 16;
/// A line longer than this, in bytes, is no line of a wrapped paragraph: it is one.
const WRAPPED: usize = 100;

impl Normal {
    /// Of a text of less than 4 GiB.
    pub fn of(text: &str) -> Self {
        let mut normal = Self::default();
        normal.refill(text);
        normal
    }

    /// Of another text, in the same memory.
    pub fn refill(&mut self, text: &str) {
        self.words.clear();
        self.paragraphs.clear();
        self.length = 0;
        self.make_room(text.len());
        Scan { text, normal: self }.run();
    }

    /// One code for each letter or digit: itself in lower case where it is ASCII, a hash of seven bits where it is not.
    pub fn codes(&self) -> &[u8] {
        &self.codes[..self.length]
    }

    /// Sixteen codes from one on; what lies behind the last is zero or left over, so ask only for what [`Normal::codes`] has.
    #[inline]
    pub fn sixteen(&self, from: usize) -> Option<&[u8; 16]> {
        self.codes.get(from..from + 16)?.try_into().ok()
    }

    /// The codes of a run of words.
    pub fn codes_of(&self, words: Range<usize>) -> &[u8] {
        &self.codes[self.code_at(words.start)..self.code_at(words.end)]
    }

    /// Where the codes of a word begin; behind the last word, where all end.
    pub fn code_at(&self, word: usize) -> usize {
        self.words.get(word).map_or(self.length, |word| word.code as usize)
    }

    /// The bytes of a run of words, which is not empty.
    pub fn bytes_of(&self, words: Range<usize>) -> Range<usize> {
        let first = self.words.get(words.start).map_or(0, |word| word.start as usize);
        let last = words.end.checked_sub(1).and_then(|last| self.words.get(last));
        first..last.map_or(first, |word| word.end as usize)
    }

    /// The number of words that end at a code or before it.
    pub fn word_ending(&self, code: usize) -> usize {
        let begun = self.words.partition_point(|word| (word.code as usize) <= code);
        begun - usize::from(code < self.length && begun > 0)
    }

    /// The first word that begins at a code or behind it.
    pub fn word_from(&self, code: usize) -> usize {
        self.words.partition_point(|word| (word.code as usize) < code)
    }

    /// The paragraph that a word stands in, as a run of words.
    pub fn paragraph_of(&self, word: usize) -> Range<usize> {
        let after = self.paragraphs.partition_point(|&first| first as usize <= word);
        let first = after.checked_sub(1).map_or(0, |index| self.paragraphs[index] as usize);
        let end = self
            .paragraphs
            .get(after)
            .map_or(self.words.len(), |&first| first as usize);
        first..end
    }

    /// How many bytes it takes in memory.
    pub fn footprint(&self) -> usize {
        self.words.len() * size_of::<Word>() + self.paragraphs.len() * 4 + self.length + 200
    }

    /// The same in no more memory than it needs.
    pub fn compact(&self) -> Self {
        Self {
            words: self.words.clone(),
            paragraphs: self.paragraphs.clone(),
            codes: self.codes[..self.length + MARGIN].to_vec(),
            length: self.length,
        }
    }

    fn make_room(&mut self, codes: usize) {
        let wanted = self.length + codes + MARGIN;
        if self.codes.len() < wanted {
            self.codes.resize(wanted, 0);
        }
    }

    fn push(&mut self, start: usize, end: usize, code: usize, hash: u32) {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.words.push(Word {
            hash,
            start: narrow(start),
            end: narrow(end),
            code: narrow(code),
        });
    }
}

/// What a byte is: between words, a letter or digit of ASCII, beyond ASCII, a line feed.
const BETWEEN: u8 = 0;
const PART: u8 = 1;
const WIDE: u8 = 2;
const LINE_FEED: u8 = 3;
static CLASS: [u8; 256] = {
    let mut class = [WIDE; 256];
    let mut byte = 0;
    while byte < 128 {
        class[byte] = (byte as u8).is_ascii_alphanumeric() as u8;
        byte += 1;
    }
    class[b'\n' as usize] = LINE_FEED;
    class
};

/// What is done to a text from its first byte to its last.
struct Scan<'a> {
    text: &'a str,
    normal: &'a mut Normal,
}

impl Scan<'_> {
    fn run(&mut self) {
        let (mut at, mut line) = (0, 0);
        let mut before = 0;
        while let Some(start) = self.begin(at) {
            let gap = before..start;
            if self.text.as_bytes()[gap.clone()].contains(&b'\n') || self.normal.words.is_empty() {
                let joined = self.joins(&gap);
                self.paragraph(&gap, &mut line);
                at = self.word(start);
                if joined {
                    self.join();
                }
            } else {
                at = self.word(start);
            }
            before = at;
        }
    }

    /// Where the next word begins.
    #[inline]
    fn begin(&self, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        loop {
            while at < bytes.len() && matches!(CLASS[bytes[at] as usize], BETWEEN | LINE_FEED) {
                at += 1;
            }
            if bytes.get(at)?.is_ascii() {
                return Some(at);
            }
            let character = self.text[at..].chars().next()?;
            if character.is_alphanumeric() {
                return Some(at);
            }
            at += character.len_utf8();
        }
    }

    /// Takes the word that begins there, and tells where it ends.
    #[inline]
    fn word(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = start;
        while end < bytes.len() && CLASS[bytes[end] as usize] == PART {
            end += 1;
        }
        if bytes.get(end).is_some_and(|byte| !byte.is_ascii()) {
            return self.wide_word(start);
        }
        let code = self.normal.length;
        let hash = self.plain(&bytes[start..end], start);
        self.normal.length = code + end - start;
        self.normal.push(start, end, code, hash);
        end
    }

    /// Writes the codes of a word of ASCII, and hashes it.
    #[inline]
    fn plain(&mut self, word: &[u8], start: usize) -> u32 {
        let code = self.normal.length;
        let eight = self.text.as_bytes().get(start..start + 8);
        let eight = eight.and_then(|eight| eight.try_into().ok()).map(u64::from_le_bytes);
        match (eight, self.normal.codes.get_mut(code..code + 8)) {
            (Some(eight), Some(room)) if word.len() <= 8 => {
                let folded = lower(eight & (u64::MAX >> (64 - 8 * word.len())));
                room.copy_from_slice(&folded.to_le_bytes());
                finish(step(word.len() as u64, folded))
            }
            _ => {
                let room = &mut self.normal.codes[code..code + word.len()];
                room.copy_from_slice(word);
                room.make_ascii_lowercase();
                hash_ascii(room)
            }
        }
    }

    /// Takes a word that has letters beyond ASCII, or may have.
    fn wide_word(&mut self, start: usize) -> usize {
        let rest = &self.text[start..];
        let end = start + wide_length(rest);
        let code = self.normal.length;
        let mut folded = String::new();
        fold(&self.text[start..end], &mut folded);
        self.normal.make_room(folded.len() + self.text.len() - end);
        for character in folded.chars() {
            self.normal.codes[self.normal.length] = code_of(character);
            self.normal.length += 1;
        }
        if !folded.is_empty() {
            self.normal.push(start, end, code, hash(&folded));
        }
        end
    }

    /// Whether a hyphen at the end of a line cuts a word in two.
    fn joins(&self, gap: &Range<usize>) -> bool {
        let (Some(last), bytes) = (self.normal.words.last(), self.text.as_bytes()) else {
            return false;
        };
        let between = &self.text[gap.clone()];
        let cut = between
            .strip_prefix(['-', '\u{ad}', '\u{2010}'])
            .is_some_and(|rest| rest.trim().is_empty() && rest.bytes().filter(|&byte| byte == b'\n').count() == 1);
        let letter = |byte: u8| byte.is_ascii_alphabetic() || byte >= 0x80;
        let goes_on = self.text[gap.end..].chars().next().is_some_and(char::is_lowercase);
        cut && goes_on && letter(bytes[last.end as usize - 1])
    }

    /// Makes one word of the last two.
    fn join(&mut self) {
        let words = &mut self.normal.words;
        if let (Some(second), Some(first)) = (words.pop(), words.pop()) {
            let codes = &self.normal.codes[first.code as usize..self.normal.length];
            // A half beyond ASCII has codes that are no letters; the hash is of the codes then, as good as another.
            let hash = hash_ascii(codes);
            self.normal
                .push(first.start as usize, second.end as usize, first.code as usize, hash);
        }
    }

    /// Notes that a paragraph begins after a gap, where one does: after a blank line, or between lines too long to be wrapped.
    fn paragraph(&mut self, gap: &Range<usize>, line: &mut usize) {
        let bytes = self.text.as_bytes();
        let number = u32::try_from(self.normal.words.len()).unwrap_or(u32::MAX);
        let feeds = || memchr::memchr_iter(b'\n', &bytes[gap.clone()]).map(|at| gap.start + at);
        let Some(first) = feeds().next().filter(|_| number > 0) else {
            self.normal.paragraphs.push(number);
            *line = feeds().next_back().map_or(*line, |last| last + 1);
            return;
        };
        let next = feeds().next_back().unwrap_or(first) + 1;
        let ends = memchr::memchr(b'\n', &bytes[next..]).unwrap_or(bytes.len() - next);
        if feeds().nth(1).is_some() || first - (*line).min(first) > WRAPPED || ends > WRAPPED {
            self.normal.paragraphs.push(number);
        }
        *line = next;
    }
}

/// How long a word is that has letters beyond ASCII: marks and invisible joints belong to it.
fn wide_length(rest: &str) -> usize {
    let first = rest.chars().next();
    if let Some(dense) = first.filter(|&first| is_dense(first)) {
        let marks = rest[dense.len_utf8()..]
            .chars()
            .take_while(|&mark| is_combining_mark(mark));
        return dense.len_utf8() + marks.map(char::len_utf8).sum::<usize>();
    }
    let part = |character: char| {
        (character.is_alphanumeric() && !is_dense(character)) || is_combining_mark(character) || is_joint(character)
    };
    rest.find(|character: char| !part(character)).unwrap_or(rest.len())
}

/// Whether a character stands invisibly inside a word: a soft hyphen, a joiner.
fn is_joint(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Folds a word: compatibility forms, lower case, letters and digits alone.
fn fold(word: &str, into: &mut String) {
    for character in word
        .chars()
        .filter(|&character| !is_joint(character))
        .nfkc()
        .flat_map(char::to_lowercase)
    {
        match character {
            'ß' => into.push_str("ss"),
            'ς' => into.push('σ'),
            _ if character.is_alphanumeric() => into.push(character),
            _ => {}
        }
    }
}

fn code_of(character: char) -> u8 {
    match u8::try_from(character) {
        Ok(byte) if byte.is_ascii() => byte,
        _ => 0x80 | (u32::from(character).wrapping_mul(0x9e37_79b1) >> 25) as u8,
    }
}

/// Whether a character is of a script that puts no space between words.
pub use crate::text::unit::is_dense;

/// The hash of a folded word.
fn hash(folded: &str) -> u32 {
    if folded.is_ascii() {
        return hash_ascii(folded.as_bytes());
    }
    finish(
        folded
            .chars()
            .fold(0, |hash, character| step(hash, u64::from(character))),
    )
}

fn hash_ascii(word: &[u8]) -> u32 {
    let mut hash = word.len() as u64;
    for chunk in word.chunks(8) {
        let mut eight = [0; 8];
        eight[..chunk.len()].copy_from_slice(chunk);
        hash = step(hash, u64::from_le_bytes(eight));
    }
    finish(hash)
}

/// Eight bytes more, by a multiplication whose upper half is mixed back; the factor is the fraction of the golden ratio.
#[inline]
fn step(hash: u64, eight: u64) -> u64 {
    let product = (hash ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}

#[inline]
fn finish(hash: u64) -> u32 {
    (hash ^ (hash >> 29)) as u32
}

/// Eight ASCII bytes in lower case: the bit 0x20 is set where a byte lies between `A` and `Z`.
#[inline]
fn lower(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let seven = eight & (0x7f * EACH);
    let above = seven + (0x80 - b'A' as u64) * EACH;
    let beyond = seven + (0x7f - b'Z' as u64) * EACH;
    let capital = above & !beyond & (0x80 * EACH);
    eight | (capital >> 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let normal = Normal::of(text);
        (0..normal.words.len())
            .map(|word| text[normal.bytes_of(word..word + 1)].to_owned())
            .collect()
    }

    fn hashes(text: &str) -> Vec<u32> {
        Normal::of(text).words.iter().map(|word| word.hash).collect()
    }

    #[test]
    fn case_form_and_punctuation_tell_nothing() {
        assert_eq!(hashes("The LAMPS, of 1911!"), hashes("the lamps of 1911"));
        assert_eq!(hashes("Größe ﬁnden"), hashes("GRÖSSE finden"));
        assert_eq!(hashes("cafe\u{301} au lait"), hashes("café au lait"));
        assert_eq!(hashes("Ｗｅｉｒ"), hashes("weir"));
        assert_ne!(hashes("weir"), hashes("wier"));
    }

    #[test]
    fn a_word_that_a_line_end_cuts_is_one() {
        assert_eq!(words("the lam-\nps burn"), ["the", "lam-\nps", "burn"]);
        assert_eq!(hashes("the lam-\r\n  ps burn"), hashes("the lamps burn"));
        assert_eq!(hashes("the lam\u{ad}ps burn"), hashes("the lamps burn"));
        assert_eq!(words("well-lit quay").len(), 3);
        assert_eq!(words("lamps -\n\nburn").len(), 2);
        assert_eq!(words("lamps-\nBurn").len(), 2);
    }

    #[test]
    fn a_character_is_a_word_where_no_space_divides() {
        assert_eq!(words("水车转动 mill水"), ["水", "车", "转", "动", "mill", "水"]);
        assert_eq!(words("лампы горят").len(), 2);
    }

    #[test]
    fn paragraphs_end_at_blank_lines_and_between_long_lines() {
        let firsts = |text: &str| Normal::of(text).paragraphs.clone();
        assert_eq!(firsts("one two\nthree\n\nfour\n  \nfive"), [0, 3, 4]);
        let long = "lamp ".repeat(30);
        assert_eq!(firsts(&format!("\n\n{long}\n{long}\nend\nend")), [0, 30, 60]);
        assert_eq!(Normal::of("one two\n\nthree").paragraph_of(1), 0..2);
        assert_eq!(Normal::of("one two\n\nthree").paragraph_of(2), 2..3);
    }

    #[test]
    fn the_same_memory_gives_the_same() {
        let mut normal = Normal::of("something longer that stood here before, with ﬁgures ¼ and Ångström");
        normal.refill("the lamps burn");
        let fresh = Normal::of("the lamps burn");
        assert_eq!((&normal.words, normal.codes()), (&fresh.words, fresh.codes()));
        assert_eq!(normal.compact().codes(), fresh.codes());
    }

    proptest! {
        #[test]
        fn words_lie_in_the_text_in_order(text in "\\PC{0,80}|[a-zA-Zé水\u{301}\u{ad}\\- \n]{0,120}") {
            let normal = Normal::of(&text);
            let mut before = 0;
            for (number, word) in normal.words.iter().enumerate() {
                prop_assert!(word.start as usize >= before && word.start < word.end);
                prop_assert!(text.is_char_boundary(word.start as usize) && text.is_char_boundary(word.end as usize));
                prop_assert!(normal.code_at(number) < normal.code_at(number + 1));
                before = word.end as usize;
            }
            prop_assert_eq!(normal.code_at(normal.words.len()), normal.codes().len());
        }
    }
}
