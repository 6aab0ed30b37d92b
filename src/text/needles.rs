//! Several words found in one pass over a text, where a search for each would be as many passes.

use aho_corasick::packed::Searcher;
use aho_corasick::{AhoCorasick, Match, MatchKind};

/// Words that are looked for together.
#[derive(Debug)]
pub struct Needles {
    /// Compares many bytes at one time: the quicker one, which not every machine has.
    packed: Option<Searcher>,
    automaton: Option<AhoCorasick>,
}

impl Needles {
    /// For these words; no end of one is the beginning of another, since places that overlap are not found.
    pub fn new(words: &[&str]) -> Self {
        let packed = Searcher::new(words);
        let automaton = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words);
        Self {
            automaton: packed.is_none().then(automaton).and_then(Result::ok),
            packed,
        }
    }

    /// Where which of them stands, in order.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Match> + 'a {
        let packed = self.packed.iter().flat_map(move |packed| packed.find_iter(text));
        let automaton = self
            .automaton
            .iter()
            .flat_map(move |automaton| automaton.find_iter(text));
        packed.chain(automaton)
    }

    /// The same, but all places of the first word before those of the second, as far as somebody takes them for what is
    /// looked for.
    pub fn sorted<T>(&self, text: &str, mut read: impl FnMut(Match) -> Option<T>) -> Vec<T> {
        let places = self.find(text);
        let mut found: Vec<(usize, T)> = places
            .filter_map(|place| Some((place.pattern().as_usize(), read(place)?)))
            .collect();
        found.sort_by_key(|(word, _)| *word);
        found.into_iter().map(|(_, found)| found).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_order_or_by_word() {
        let needles = Needles::new(&["mill", "weir", "lock"]);
        let text = "a weir and a mill, a lock, a weir and millers; nothing else stands on the river";
        let places: Vec<usize> = needles.find(text).map(|place| place.start()).collect();
        assert_eq!(places, [2, 13, 21, 29, 38]);
        let sorted = needles.sorted(text, |place| Some(place.start()));
        assert_eq!(sorted, [13, 38, 2, 29, 21]);
    }

    #[test]
    fn both_ways_find_the_same() {
        let text = "the mill at the weir, and the other mill ".repeat(20);
        let quick = Needles::new(&["mill ", "the weir"]);
        let plain = Needles {
            packed: None,
            automaton: AhoCorasick::new(["mill ", "the weir"]).ok(),
        };
        assert!(quick.find(&text).eq(plain.find(&text)));
        assert_eq!(plain.find(&text).count(), 60);
    }
}
