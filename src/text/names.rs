//! The names that a text mentions most, as hashes: enough to see that two texts tell of the same.

use std::collections::HashMap;

use super::Text;
use super::vocabulary::Capital;
use super::word::{self, Plain};

/// So many names of a text are kept.
const KEPT: usize = 48;
/// So much of a text is looked at, in bytes.
const SAMPLE: usize = 64 << 10;
/// A name has at least so many bytes.
const SHORTEST: u16 = 4;

/// Hashes of the commonest words with a capital that do not begin a sentence, sorted.
pub(super) fn names(text: &Text<'_>) -> Vec<u32> {
    let capitals = &text.vocabulary().capitals;
    let sample = capitals.iter().take_while(|capital| capital.end() <= SAMPLE);
    let mut counts: HashMap<u32, (u32, &Capital), Plain> = HashMap::default();
    for capital in sample.filter(|capital| capital.len >= SHORTEST && !capital.opens()) {
        let hash = word::hash_in(text.text, &(capital.start as usize..capital.end()));
        counts.entry(hash).or_insert((0, capital)).0 += 1;
    }
    let mut ranked: Vec<(u32, u32, &Capital)> = counts
        .into_iter()
        .map(|(name, (count, capital))| (u32::MAX - count, name, capital))
        .collect();
    ranked.sort_unstable_by_key(|&(rank, name, _)| (rank, name));
    let names = ranked
        .iter()
        .filter(|(.., capital)| !super::is_calendar(capital.word(text.text)));
    let mut names: Vec<u32> = names.take(KEPT).map(|(_, name, _)| *name).collect();
    names.sort_unstable();
    names
}
