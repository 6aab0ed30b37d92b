//! How often a text has certain words: only those that somebody asked for are counted, in one pass.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A word, or words with hyphens between them, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u64);

impl Key {
    const EMPTY: Self = Self(0);

    /// Of a word without a hyphen, in any case.
    pub(super) fn word(word: &str) -> Self {
        word.chars().flat_map(char::to_lowercase).fold(Self::EMPTY, Self::with)
    }

    /// Of a word with a capital inside, in that case.
    pub(super) fn exact(word: &str) -> Self {
        word.bytes().fold(Self(1), |key, byte| key.with_code(u64::from(byte)))
    }

    /// Of two words with a hyphen between them.
    pub(super) fn hyphenated(self, next: Self) -> Self {
        Self((self.0.rotate_left(17) ^ next.0).wrapping_mul(FACTOR))
    }

    /// Of a word that a hyphen follows, whatever comes then.
    pub(super) fn as_first(self) -> Self {
        self.hyphenated(Self::EMPTY)
    }

    fn with(self, character: char) -> Self {
        self.with_code(u64::from(u32::from(character)))
    }

    fn with_code(self, code: u64) -> Self {
        Self((self.0.rotate_left(5) ^ code).wrapping_mul(FACTOR))
    }
}

/// The multiplier of FxHash (the Rust compiler's hash): an odd number with well-mixed bits.
const FACTOR: u64 = 0x517c_c1b7_2722_0a95;

/// Keys are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// Bits of a key that are looked at first.
const FILTER: u32 = 17;

/// The words that were asked for, and how often they stand in a text.
pub(super) struct Vocabulary {
    counts: HashMap<u64, u32, BuildHasherDefault<Same>>,
    filter: Vec<u64>,
}

impl Vocabulary {
    /// Counts these.
    pub(super) fn wanting(keys: impl Iterator<Item = Key>) -> Self {
        let mut vocabulary = Self {
            counts: HashMap::default(),
            filter: vec![0; 1 << (FILTER - 6)],
        };
        for key in keys {
            vocabulary.counts.insert(key.0, 0);
            let (at, bit) = place(key.0);
            vocabulary.filter[at] |= bit;
        }
        vocabulary
    }

    /// How often that stands in what was read.
    pub(super) fn count(&self, key: Key) -> u32 {
        self.counts.get(&key.0).copied().unwrap_or(0)
    }

    fn note(&mut self, key: Key) {
        let (at, bit) = place(key.0);
        if self.filter[at] & bit == 0 {
            return;
        }
        if let Some(count) = self.counts.get_mut(&key.0) {
            *count += 1;
        }
    }

    /// Reads a text. The two halves of a word at a line end count as nothing.
    pub(super) fn read(&mut self, text: &str) {
        let mut reader = Reader::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            let (mut key, mut camel) = (Key::EMPTY, false);
            while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
                key = key.with_code(u64::from(bytes[at].to_ascii_lowercase()));
                camel |= bytes[at].is_ascii_uppercase() && at > start && bytes[at - 1].is_ascii_lowercase();
                at += 1;
            }
            if at < bytes.len() && bytes[at] >= 0x80 {
                (key, at) = rest_of_word(text, at, key);
            }
            if camel {
                self.note(Key::exact(&text[start..at]));
            }
            if at > start {
                reader.word(self, key, is_first(bytes, at), is_cut(bytes, at));
            } else {
                at += 1;
            }
        }
    }
}

/// The rest of a word from a letter that is not ASCII on, and where it ends: past that letter, if it is none.
fn rest_of_word(text: &str, at: usize, mut key: Key) -> (Key, usize) {
    let rest = &text[at..];
    for (offset, character) in rest.char_indices() {
        if !character.is_alphanumeric() {
            return (key, at + if offset == 0 { character.len_utf8() } else { offset });
        }
        key = character.to_lowercase().fold(key, Key::with);
    }
    (key, text.len())
}

fn place(key: u64) -> (usize, u64) {
    let bits = usize::try_from(key >> (64 - FILTER)).unwrap_or(0);
    (bits >> 6, 1 << (bits & 63))
}

/// Whether a hyphen and another word follow.
fn is_first(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'-')
        && bytes
            .get(at + 1)
            .is_some_and(|next| next.is_ascii_alphanumeric() || *next >= 0x80)
}

/// Whether a hyphen and the end of the line follow.
fn is_cut(bytes: &[u8], at: usize) -> bool {
    let Some(b'-') = bytes.get(at) else { return false };
    let blank = bytes[at + 1..]
        .iter()
        .take(8)
        .find(|byte| !matches!(byte, b' ' | b'\r' | b'\t'));
    blank == Some(&b'\n')
}

/// What was read last.
#[derive(Default)]
struct Reader {
    /// The words with hyphens between them that were read so far, and how many.
    run: Option<(Key, u32)>,
    last: Option<Key>,
    skip: bool,
}

impl Reader {
    fn word(&mut self, vocabulary: &mut Vocabulary, key: Key, first: bool, cut: bool) {
        if self.skip || cut {
            self.skip = cut;
            self.run = None;
            self.last = None;
            return;
        }
        vocabulary.note(key);
        if let Some(last) = self.last {
            vocabulary.note(last.hyphenated(key));
        }
        let run = self
            .run
            .map_or((key, 1), |(run, words)| (run.hyphenated(key), words + 1));
        if first {
            vocabulary.note(key.as_first());
        } else if run.1 > 2 {
            vocabulary.note(run.0);
        }
        self.run = first.then_some(run);
        self.last = first.then_some(key);
    }
}
