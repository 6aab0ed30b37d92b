//! A hash of signs that come one by one, such as the letters of a word: eight are held before they are mixed in.

use std::ops::Range;

use super::mask;

/// The hash so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    held: u64,
    count: u32,
    hash: u64,
}

impl Signs {
    /// Adds a sign.
    #[inline]
    pub(super) fn push(&mut self, sign: u32) {
        self.held = self.held.rotate_left(8) ^ u64::from(sign);
        self.count += 1;
        if self.count.is_multiple_of(8) {
            self.hash = mix(self.hash ^ self.held);
            self.held = 0;
        }
    }

    /// The hash of the signs; 0 where there are none.
    #[inline]
    pub(super) fn finish(self) -> u64 {
        match self.count {
            0 => 0,
            _ => mix(self.hash ^ self.held).max(1),
        }
    }

    /// The hash of a word of ASCII letters and digits in lower case, that of its letters one by one.
    #[inline]
    pub(super) fn of_word(bytes: &[u8], word: &Range<usize>) -> u64 {
        let Some(eight) = mask::eight(bytes, word) else {
            return Self::of_letters(&bytes[word.clone()]);
        };
        let held = (eight | 0x2020_2020_2020_2020).swap_bytes() >> (64 - 8 * word.len());
        let full = if word.len() == 8 { mix(held) } else { held };
        mix(full).max(1)
    }

    fn of_letters(word: &[u8]) -> u64 {
        let mut signs = Self::default();
        word.iter().for_each(|byte| signs.push(u32::from(byte | 0x20)));
        signs.finish()
    }
}

/// A multiplication whose halves are folded, as in wyhash: <https://github.com/wangyi-fudan/wyhash>.
#[inline]
pub(super) fn mix(value: u64) -> u64 {
    let product = u128::from(value ^ 0xa076_1d64_78bd_642f) * 0xe703_7ed1_a0b4_28db;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_and_its_place_count() {
        let hash = |word: &str| {
            let mut signs = Signs::default();
            word.chars().for_each(|sign| signs.push(u32::from(sign)));
            signs.finish()
        };
        let words = [
            "",
            "weir",
            "wier",
            "weirs",
            "weirmill",
            "weirmillweirmill",
            "плотина",
            "площина",
        ];
        let mut hashes: Vec<u64> = words.iter().map(|word| hash(word)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!((hashes.len(), hashes[0]), (words.len(), 0));
    }

    #[test]
    fn a_word_in_a_text_has_the_hash_of_its_letters() {
        let text = b"A 19th Weir of the Mill at Gatehouse, in millweirs";
        for mask::Run { range: word, .. } in mask::runs(text) {
            assert_eq!(Signs::of_word(text, &word), Signs::of_letters(&text[word]));
        }
    }
}
