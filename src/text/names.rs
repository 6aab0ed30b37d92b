//! The names that a text mentions most, as hashes: enough to see that two texts tell of the same.

use std::collections::BTreeMap;

/// So many names of a text are kept.
const KEPT: usize = 48;
/// So much of a text is looked at, in bytes.
const SAMPLE: usize = 64 << 10;

/// Hashes of the commonest words with a capital that do not begin a sentence, sorted.
pub(super) fn names(text: &str) -> Vec<u32> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    let mut before = '.';
    for word in super::prefix(text, SAMPLE).split_whitespace() {
        let name = word.trim_matches(|sign: char| !sign.is_alphanumeric());
        let name = name.strip_suffix("’s").or(name.strip_suffix("'s")).unwrap_or(name);
        let capital = name.chars().next().is_some_and(char::is_uppercase);
        if capital && !super::unit::is_end_mark(before) && before != ':' && name.chars().nth(3).is_some() {
            let count = counts.entry(super::repeats::hash(name)).or_insert_with(|| {
                // What names a day or a month is asked once for a name.
                if super::is_calendar(name) { u32::MAX } else { 0 }
            });
            *count = count.saturating_add(u32::from(*count < u32::MAX));
        }
        before = word.chars().next_back().unwrap_or(' ');
    }
    let mut ranked: Vec<(u32, u32)> = counts
        .into_iter()
        .filter(|&(_, count)| count < u32::MAX)
        .map(|(name, count)| (u32::MAX - count, name))
        .collect();
    ranked.sort_unstable();
    let mut names: Vec<u32> = ranked.into_iter().take(KEPT).map(|(_, name)| name).collect();
    names.sort_unstable();
    names
}
