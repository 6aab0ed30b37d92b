//! The names that a text mentions most, as hashes: enough to see that two texts tell of the same.

use std::collections::HashMap;

use super::repeats::Plain;
use super::word::{Word, words};

/// So many names of a text are kept.
const KEPT: usize = 48;
/// So much of a text is looked at, in bytes.
const SAMPLE: usize = 64 << 10;
/// A name has at least so many bytes.
const SHORTEST: usize = 4;

/// Hashes of the commonest words with a capital that do not begin a sentence, sorted.
pub(super) fn names(text: &str) -> Vec<u32> {
    let text = super::prefix(text, SAMPLE);
    let mut counts: HashMap<u32, (u32, Word), Plain> = HashMap::default();
    for word in words(text).filter(|word| is_name(text, word)) {
        counts.entry(word.hash).or_insert((0, word)).0 += 1;
    }
    let mut ranked: Vec<(u32, u32, Word)> = counts
        .into_iter()
        .map(|(name, (count, word))| (u32::MAX - count, name, word))
        .collect();
    ranked.sort_unstable_by_key(|&(rank, name, _)| (rank, name));
    let names = ranked
        .iter()
        .filter(|(.., word)| !super::is_calendar(&text[word.start..word.end]));
    let mut names: Vec<u32> = names.take(KEPT).map(|(_, name, _)| *name).collect();
    names.sort_unstable();
    names
}

/// A capital, and no end of a sentence before it.
fn is_name(text: &str, word: &Word) -> bool {
    if word.end - word.start < SHORTEST {
        return false;
    }
    let first = text.as_bytes()[word.start];
    let capital = match first.is_ascii() {
        true => first.is_ascii_uppercase(),
        false => text[word.start..].chars().next().is_some_and(char::is_uppercase),
    };
    capital && !begins_sentence(&text[..word.start])
}

/// Whether what stands before a word ends a sentence, or announces one.
fn begins_sentence(before: &str) -> bool {
    let opened =
        before.trim_end_matches(|sign: char| !sign.is_whitespace() && !sign.is_alphanumeric() && !is_mark(sign));
    opened.trim_end().chars().next_back().is_none_or(is_mark)
}

fn is_mark(sign: char) -> bool {
    super::unit::is_end_mark(sign) || sign == ':'
}
