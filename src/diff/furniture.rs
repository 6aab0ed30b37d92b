//! Which words that went were of the page and not of the text. What is of the page others know; here are places.

use std::ops::Range;

use crate::text::unit::count_words;

/// How many words there are.
pub(super) fn words_of(bytes: &[u8]) -> usize {
    count_words(&String::from_utf8_lossy(bytes))
}

/// Places that are of the page, in order and apart.
pub(super) struct Named(Vec<Range<usize>>);

impl Named {
    pub(super) fn of(places: &[Range<usize>], begin: Option<usize>) -> Self {
        let Some(begin) = begin else { return Self(Vec::new()) };
        let moved = |place: &Range<usize>| place.start.saturating_sub(begin)..place.end.saturating_sub(begin);
        let mut places: Vec<Range<usize>> = places.iter().map(moved).collect();
        places.sort_unstable_by_key(|place| (place.start, place.end));
        let mut apart: Vec<Range<usize>> = Vec::new();
        for place in places {
            match apart.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => apart.push(place),
            }
        }
        Self(apart)
    }

    fn hold(&self, byte: usize) -> bool {
        let place = self.0.get(self.0.partition_point(|place| place.end <= byte));
        place.is_some_and(|place| place.start <= byte)
    }

    /// How many words of the old text stand in these places.
    pub(super) fn words(&self, old: &[u8], at: usize) -> usize {
        let inside = |place: &Range<usize>| {
            let (start, end) = (place.start.max(at), place.end.min(at + old.len()));
            (start < end).then(|| words_of(&old[start - at..end - at]))
        };
        let first = self.0.partition_point(|place| place.end <= at);
        let near = self.0[first..].iter().take_while(|place| place.start < at + old.len());
        near.filter_map(inside).sum()
    }

    /// Whether the new words are the old ones without what stands in these places: what is left of a word that a page
    /// break had cut in two is joined, and counts as nothing new.
    pub(super) fn explain(&self, old: &[u8], new: &[u8], at: usize) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
        let letters = || old.char_indices().filter(|(_, c)| c.is_alphanumeric());
        let left = letters().filter(|(place, _)| !self.hold(at + place)).map(|(_, c)| c);
        let kept = new.chars().filter(|c| c.is_alphanumeric());
        letters().any(|(place, _)| self.hold(at + place)) && left.eq(kept)
    }
}
