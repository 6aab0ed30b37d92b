//! Words that tell lines apart: a look-up of their classes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::text::signs::Signs;

/// Classes of words, as bits.
pub(super) const CLASSES: [&str; 8] = [
    "stop",
    "interface",
    "caption",
    "legal",
    "time",
    "reader",
    "trade",
    "press",
];

/// The words by their hashes, with open addressing: a hash, and its classes as the last eight bits; 0 is free.
static WORDS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut words: BTreeMap<u64, u8> = BTreeMap::new();
    let mut class = 0;
    for line in include_str!("words.txt").lines() {
        match line.strip_prefix("# class: ") {
            Some(name) => class = CLASSES.iter().position(|one| *one == name).map_or(0, |at| 1 << at),
            None if line.starts_with('#') => {}
            None => line.split_whitespace().for_each(|word| {
                let mut folder = Folder::default();
                word.chars().for_each(|character| folder.push(character));
                *words.entry(folder.0.finish()).or_default() |= class;
            }),
        }
    }
    table(words)
});

fn table(words: BTreeMap<u64, u8>) -> Vec<u64> {
    let mut table = vec![0; (words.len() * 3 + 1).next_power_of_two()];
    for (word, class) in words {
        let mut at = (word >> 32) as usize & (table.len() - 1);
        while table[at] != 0 {
            at = (at + 1) & (table.len() - 1);
        }
        table[at] = (word & !0xff) | u64::from(class);
    }
    table
}

/// The classes of all words, held for as long as many are asked.
#[derive(Clone, Copy)]
pub(super) struct Classes(&'static [u64]);

impl Classes {
    pub(super) fn get() -> Self {
        Self(&WORDS)
    }

    /// The classes that a word is of.
    #[inline]
    pub(super) fn of(self, word: Folder) -> u8 {
        self.of_hash(word.0.finish())
    }

    /// The classes that a word of ASCII letters and digits in a text is of.
    #[inline]
    pub(super) fn of_word(self, bytes: &[u8], word: &Range<usize>) -> u8 {
        self.of_hash(Signs::of_word(bytes, word))
    }

    #[inline]
    fn of_hash(self, hash: u64) -> u8 {
        let mut at = (hash >> 32) as usize & (self.0.len() - 1);
        loop {
            let held = self.0[at];
            if held == 0 || held >> 8 == hash >> 8 {
                return held as u8;
            }
            at = (at + 1) & (self.0.len() - 1);
        }
    }
}

/// The hash of a word in lower case and without accents, letter by letter.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Folder(Signs);

impl Folder {
    #[inline]
    pub(super) fn push(&mut self, character: char) {
        let plain = match character {
            '\0'..='\x7f' => character.to_ascii_lowercase(),
            'à'..='å' | 'À'..='Å' | 'ą' => 'a',
            'è'..='ë' | 'È'..='Ë' | 'ę' => 'e',
            'ì'..='ï' | 'Ì'..='Ï' => 'i',
            'ò'..='ö' | 'Ò'..='Ö' => 'o',
            'ù'..='ü' | 'Ù'..='Ü' => 'u',
            'ç' | 'Ç' | 'ć' => 'c',
            'ñ' | 'ń' => 'n',
            'ś' => 's',
            'ł' => 'l',
            'ż' | 'ź' => 'z',
            'А'..='Я' => char::from_u32(u32::from(character) + 32).unwrap_or(character),
            other => other,
        };
        self.0.push(u32::from(plain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_without_case_and_accents() {
        let classes = |word: &str| {
            let mut folder = Folder::default();
            word.chars().for_each(|character| folder.push(character));
            Classes::get().of(folder)
        };
        assert_eq!(classes("Für") & 1, 1);
        assert_eq!(classes("PUBLICITÉ"), classes("publicite"));
        assert_eq!(classes("Комментарии") & 2, 2);
        assert_eq!(classes("weir"), 0);
    }
}
