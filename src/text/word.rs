//! The words of a text with a hash of each, in one pass over the bytes: what counts, compares or looks up words asks here.

use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::mask::{self, Runs};
use super::unit::is_dense;

/// A word; in a script without spaces, a pair of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// A hash of the word in lower case; it is nobody's but ours, and not for keeping.
    pub hash: u32,
}

/// The words of a text, in order.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    runs: Runs<'a>,
    /// What is left of a run with other than ASCII letters.
    rest: Range<usize>,
}

/// The words of a text, in order.
pub fn words(text: &str) -> Words<'_> {
    Words {
        text,
        runs: mask::runs(text.as_bytes()),
        rest: 0..0,
    }
}

impl Iterator for Words<'_> {
    type Item = Word;

    #[inline]
    fn next(&mut self) -> Option<Word> {
        if self.rest.is_empty() {
            let run = self.runs.next()?;
            if run.ascii {
                return Some(Word {
                    start: run.range.start,
                    end: run.range.end,
                    hash: hash_plain(self.text.as_bytes(), &run.range),
                });
            }
            self.rest = run.range;
        }
        self.wide()
    }
}

impl Words<'_> {
    /// The next word of a run with other than ASCII letters, or of what follows it.
    #[inline(never)]
    fn wide(&mut self) -> Option<Word> {
        loop {
            if let Some(word) = wide_word(self.text, self.rest.clone()) {
                self.rest.start = word.end;
                return Some(word);
            }
            self.rest = self.runs.next()?.range;
        }
    }
}

/// The first word of a run with other than ASCII letters.
fn wide_word(text: &str, run: Range<usize>) -> Option<Word> {
    let bytes = text.as_bytes();
    let mut start = run.start;
    while is_punctuation(&bytes[start..run.end]) {
        start += 3;
    }
    start += text[start..run.end].find(char::is_alphanumeric)?;
    let rest = &bytes[start..run.end];
    let plain = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
    if plain > 0 && (plain == rest.len() || is_punctuation(&rest[plain..])) {
        let end = start + plain;
        return hash_within(bytes, &(start..end)).map(|hash| Word { start, end, hash });
    }
    let end = wide_end(text, start);
    Some(Word {
        start,
        end,
        hash: hash(&text[start..end]),
    })
}

/// Whether a text begins with a sign of the first 64 of the block of general punctuation: quotation marks, dashes, dots.
fn is_punctuation(text: &[u8]) -> bool {
    text.starts_with(b"\xE2\x80")
}

/// Where a word ends that has other than ASCII letters, or is followed by such.
fn wide_end(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let mut characters = rest.chars();
    if characters.next().is_some_and(is_dense) {
        let pair = rest.chars().take(2).take_while(|&character| is_dense(character));
        return start + pair.map(char::len_utf8).sum::<usize>();
    }
    let end = rest.find(|character: char| !character.is_alphanumeric() || is_dense(character));
    end.map_or(text.len(), |end| start + end)
}

/// The hash of a word in lower case: the same whatever its case.
pub fn hash(word: &str) -> u32 {
    if word.is_ascii() {
        return hash_ascii(word.as_bytes());
    }
    let lower: String = word.chars().flat_map(char::to_lowercase).collect();
    fold(lower.as_bytes(), |chunk| chunk)
}

/// The hash of a word that stands in a text.
pub(super) fn hash_in(text: &str, word: &Range<usize>) -> u32 {
    hash_within(text.as_bytes(), word).unwrap_or_else(|| hash(&text[word.clone()]))
}

/// The hash of an ASCII word in a text, and nothing for another.
#[inline]
fn hash_within(bytes: &[u8], word: &Range<usize>) -> Option<u32> {
    mask::is_ascii(bytes, word).then(|| hash_plain(bytes, word))
}

/// The hash of an ASCII word in a text: most are short, and the eight bytes from its start are there to be loaded at once.
#[inline]
fn hash_plain(bytes: &[u8], word: &Range<usize>) -> u32 {
    match mask::eight(bytes, word) {
        Some(eight) => finish(step(word.len() as u64, lower(eight))),
        None => hash_ascii(&bytes[word.clone()]),
    }
}

fn hash_ascii(word: &[u8]) -> u32 {
    fold(word, lower)
}

fn fold(word: &[u8], case: impl Fn(u64) -> u64) -> u32 {
    let mut hash = word.len() as u64;
    for chunk in word.chunks(8) {
        let mut eight = [0; 8];
        eight[..chunk.len()].copy_from_slice(chunk);
        hash = step(hash, case(u64::from_le_bytes(eight)));
    }
    finish(hash)
}

/// Eight bytes more, by a multiplication whose upper half is mixed back.
fn step(hash: u64, eight: u64) -> u64 {
    let product = (hash ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}

fn finish(hash: u64) -> u32 {
    (hash ^ (hash >> 29)) as u32
}

/// Eight ASCII bytes in lower case: the bit 0x20 is set where a byte lies between `A` and `Z`.
fn lower(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let seven = eight & (0x7f * EACH);
    let above = seven + (0x80 - u64::from(b'A')) * EACH;
    let beyond = seven + (0x7f - u64::from(b'Z')) * EACH;
    let capital = above & !beyond & (0x80 * EACH);
    eight | (capital >> 2)
}

/// Takes what is a hash already as its hash.
pub(super) type Plain = BuildHasherDefault<AsIs>;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }

    fn write_u32(&mut self, hash: u32) {
        self.0 = u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Vec<&str> {
        words(text).map(|word| &text[word.start..word.end]).collect()
    }

    #[test]
    fn words_of_several_scripts() {
        assert_eq!(
            all("The mill's 12 gates—Größe, Ça."),
            ["The", "mill", "s", "12", "gates", "Größe", "Ça"]
        );
        assert_eq!(all("水车转动 mill水"), ["水车", "转动", "mill", "水"]);
        assert_eq!(all(" … "), [""; 0]);
    }

    proptest! {
        #[test]
        fn case_does_not_change_a_hash(word in "[a-zA-Z0-9äÖéЖя]{0,30}") {
            prop_assert_eq!(hash(&word), hash(&word.to_lowercase()));
        }

        #[test]
        fn words_are_what_a_plain_split_gives(text in "[a-zA-Z .,'’“äéЖ—]{0,150}") {
            let plain: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(all(&text), plain);
            prop_assert!(words(&text).all(|word| word.hash == hash(&text[word.start..word.end])));
        }
    }
}
