//! The seeds of a text: hashes of short runs of characters, by which passages that are alike find each other.
//!
//! A seed begins at a word and takes the next twelve letters and digits, across words, so that a space more or less changes
//! nothing. In scripts without spaces each character is a place, eight are taken, and the smallest hash of every four places
//! is kept: winnowing after Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting", 2003.
//! The hash is of a fixed version: seeds of two machines can be compared.

use super::Profile;
use super::normal::Normal;

/// How many letters and digits a seed takes.
const TAKEN: usize = 12;
/// How many characters a seed takes in a script without spaces, where one says as much as several letters.
const TAKEN_DENSE: usize = 8;
/// Of so many places in a row one is kept, where seeds are winnowed.
const WINDOW: usize = 4;

/// How seeds are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// At every word, in scripts with spaces.
    #[default]
    Words,
    /// Winnowed everywhere: two fifths as many.
    Winnowed,
}

impl Density {
    /// Of a profile.
    pub fn of(profile: Profile) -> Self {
        match profile {
            Profile::Fast => Self::Winnowed,
            Profile::Default | Profile::Thorough => Self::Words,
        }
    }
}

/// A seed of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The word that it begins at.
    pub word: u32,
    /// The hash of what it takes.
    pub hash: u64,
}

/// Puts the seeds of a piece in place of what is in the list, in order.
pub fn seeds(normal: &Normal, density: Density, into: &mut Vec<Seed>) {
    into.clear();
    let mut winnow = Winnow::default();
    for word in 0..normal.words.len() {
        let Some((hash, dense)) = seed(normal, word) else {
            winnow.clear();
            continue;
        };
        let number = u32::try_from(word).unwrap_or(u32::MAX);
        if !dense && density == Density::Words {
            into.push(Seed { word: number, hash });
        } else if let Some((word, hash)) = winnow.push(number, hash, dense) {
            into.push(Seed { word, hash });
        }
    }
}

/// The seed at a word, where the text is long enough, and whether its script puts no space between words.
#[inline]
fn seed(normal: &Normal, word: usize) -> Option<(u64, bool)> {
    let at = normal.words.get(word)?.code as usize;
    let left = normal.codes().len() - at;
    let sixteen = normal.sixteen(at)?;
    let [a, b]: [u64; 2] = [0, 8].map(|from| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&sixteen[from..from + 8]);
        u64::from_le_bytes(eight)
    });
    // A character that is a word by itself is one of a script without spaces, or a lone letter.
    let dense = a & 0x80 != 0 && normal.code_at(word + 1) == at + 1;
    if dense {
        return (left >= TAKEN_DENSE).then(|| (mix(a, 0), true));
    }
    (left >= TAKEN).then(|| (mix(a, b & 0xffff_ffff), false))
}

/// Two odd numbers without a pattern: the fractions of the roots of two and three.
const FACTORS: [u64; 2] = [0x6a09_e667_f3bc_c909, 0xbb67_ae85_84ca_a73b];

/// A hash of sixteen bytes, version 1.
#[inline]
fn mix(a: u64, b: u64) -> u64 {
    let first = (a ^ FACTORS[1]).wrapping_mul(FACTORS[0]);
    let second = (b ^ FACTORS[0]).wrapping_mul(FACTORS[1]).rotate_left(32);
    let mixed = (first ^ (first >> 32) ^ second).wrapping_mul(FACTORS[0]);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(FACTORS[1]);
    mixed ^ (mixed >> 32)
}

/// The last places, and which of them was kept.
#[derive(Debug, Default)]
struct Winnow {
    recent: [(u32, u64); WINDOW],
    filled: usize,
    dense: bool,
    kept: Option<u32>,
}

impl Winnow {
    fn clear(&mut self) {
        self.filled = 0;
        self.kept = None;
    }

    /// One place more; the smallest of the last four, the later of two equal ones, unless it is kept already.
    fn push(&mut self, word: u32, hash: u64, dense: bool) -> Option<(u32, u64)> {
        if dense != self.dense {
            self.clear();
            self.dense = dense;
        }
        self.recent.rotate_left(1);
        self.recent[WINDOW - 1] = (word, hash);
        self.filled = (self.filled + 1).min(WINDOW);
        if self.filled < WINDOW {
            return None;
        }
        let least = self.recent.iter().rev().min_by_key(|(_, hash)| *hash).copied();
        let fresh = least.filter(|(word, _)| self.kept != Some(*word));
        self.kept = least.map(|(word, _)| word);
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, density: Density) -> Vec<(u32, u64)> {
        let mut found = Vec::new();
        seeds(&Normal::of(text), density, &mut found);
        found.iter().map(|seed| (seed.word, seed.hash)).collect()
    }

    #[test]
    fn a_seed_begins_at_each_word_and_crosses_spaces() {
        let found = all("the lamps of the quay", Density::Words);
        assert_eq!(found.iter().map(|seed| seed.0).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(all("thelamps ofthequay", Density::Words)[0].1, found[0].1);
        assert_ne!(found[0].1, found[1].1);
    }

    #[test]
    fn the_hash_is_of_version_one() {
        // A change here makes seeds that were kept elsewhere useless: it is another version.
        assert_eq!(all("abcdefghijkl", Density::Words), [(0, VERSION_ONE)]);
    }

    const VERSION_ONE: u64 = 14_150_496_920_619_220_612;

    #[test]
    fn a_short_text_has_none() {
        assert!(all("the lamps", Density::Words).is_empty() && all("", Density::Words).is_empty());
        assert!(all("水车转动", Density::Words).is_empty());
    }

    #[test]
    fn winnowed_seeds_are_found_wherever_the_passage_stands() {
        let passage = "洪水过后老城区的居民们在屋顶上点起蓝色的灯笼等待第一批运粮船";
        let hashes = |text: &str| {
            all(text, Density::Words)
                .into_iter()
                .map(|seed| seed.1)
                .collect::<Vec<_>>()
        };
        let (one, other) = (
            hashes(&format!("夜里{passage}到来")),
            hashes(&format!("有人说{passage}。")),
        );
        let shared = one.iter().filter(|hash| other.contains(hash)).count();
        assert!(shared >= 6 && one.len() < 20, "{shared} of {}", one.len());
    }

    #[test]
    fn winnowing_keeps_about_two_fifths() {
        let text: String = (0..2000)
            .map(|number| format!("word{} ", number * 7919 % 1000))
            .collect();
        let (words, winnowed) = (all(&text, Density::Words).len(), all(&text, Density::Winnowed).len());
        assert!((words * 3 / 10..words / 2).contains(&winnowed), "{winnowed} of {words}");
    }
}
