//! Words that tell lines apart: a look-up of their classes.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use crate::text::phrases::Ready;

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

static WORDS: LazyLock<HashMap<u64, u8, BuildHasherDefault<Ready>>> = LazyLock::new(|| {
    let mut words = HashMap::default();
    let mut class = 0;
    for line in include_str!("words.txt").lines() {
        match line.strip_prefix("# class: ") {
            Some(name) => class = CLASSES.iter().position(|one| *one == name).map_or(0, |at| 1 << at),
            None if line.starts_with('#') => {}
            None => line.split_whitespace().for_each(|word| {
                let mut hash = Folder::default();
                word.chars().for_each(|character| hash.push(character));
                *words.entry(hash.0).or_default() |= class;
            }),
        }
    }
    words
});

/// The hash of a word in lower case and without accents, letter by letter (FNV-1a).
#[derive(Clone, Copy, Debug)]
pub(super) struct Folder(u64);

impl Default for Folder {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Folder {
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
        self.0 = (self.0 ^ u64::from(u32::from(plain))).wrapping_mul(0x0100_0000_01b3);
    }

    /// The classes that the word is of.
    pub(super) fn classes(self) -> u8 {
        WORDS.get(&self.0).copied().unwrap_or(0)
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
            folder.classes()
        };
        assert_eq!(classes("Für") & 1, 1);
        assert_eq!(classes("PUBLICITÉ"), classes("publicite"));
        assert_eq!(classes("Комментарии") & 2, 2);
        assert_eq!(classes("weir"), 0);
    }
}
