//! The words of a text with a hash of each, in one pass over the bytes: what counts, compares or looks up words asks here.

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
    at: usize,
}

/// The words of a text, in order.
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

impl Iterator for Words<'_> {
    type Item = Word;

    #[inline]
    fn next(&mut self) -> Option<Word> {
        let start = self.begin()?;
        let bytes = self.text.as_bytes();
        let mut end = start;
        while end < bytes.len() && CLASS[bytes[end] as usize] == PART {
            end += 1;
        }
        let plain = bytes.get(end).is_none_or(u8::is_ascii);
        let hash = if plain {
            hash_within(bytes, start, end)
        } else {
            end = wide_end(self.text, start);
            hash(&self.text[start..end])
        };
        self.at = end;
        Some(Word { start, end, hash })
    }
}

impl Words<'_> {
    /// Where the next word begins.
    #[inline]
    fn begin(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            while at < bytes.len() && CLASS[bytes[at] as usize] == BETWEEN {
                at += 1;
            }
            let first = *bytes.get(at)?;
            if first.is_ascii() {
                return Some(at);
            }
            let character = self.text[at..].chars().next()?;
            if character.is_alphanumeric() {
                return Some(at);
            }
            at += character.len_utf8();
        }
    }
}

/// A byte of a word.
const PART: u8 = 1;
/// An ASCII byte between words.
const BETWEEN: u8 = 0;
/// What each byte is; 2 for what is not ASCII.
static CLASS: [u8; 256] = {
    let mut class = [2; 256];
    let mut byte = 0;
    while byte < 128 {
        class[byte] = (byte as u8).is_ascii_alphanumeric() as u8;
        byte += 1;
    }
    class
};

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

/// The hash of an ASCII word in a text: most are short, and the eight bytes from its start are there to be loaded at once.
#[inline]
fn hash_within(bytes: &[u8], start: usize, end: usize) -> u32 {
    let length = end - start;
    let eight = bytes.get(start..start + 8).and_then(|eight| eight.try_into().ok());
    match eight.map(u64::from_le_bytes).filter(|_| (1..=8).contains(&length)) {
        Some(eight) => finish(step(length as u64, lower(eight & (u64::MAX >> (64 - 8 * length))))),
        None => hash_ascii(&bytes[start..end]),
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
        fn words_are_what_a_plain_split_gives(text in "[a-zA-Z .,'äéЖ—]{0,60}") {
            let plain: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(all(&text), plain);
            prop_assert!(words(&text).all(|word| word.hash == hash(&text[word.start..word.end])));
        }
    }
}
