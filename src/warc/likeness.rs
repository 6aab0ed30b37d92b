//! How much of a text stands in the record that it is said to be from: its words, in their order, whatever stands between them there.

use crate::text::word::{Word, words};

/// So many words in a row are looked for together: single ones stand anywhere.
const ROW: usize = 3;
/// A row that stands more often than this in the page is a refrain or a label: it is found, and is no sign of a place.
const OFTEN: usize = 32;

/// What of a text stands in another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// How many words the text has.
    pub words: usize,
    /// How many of them stand in the other, in order.
    pub found: usize,
    /// The bytes of the longest stretch of the text that does not; empty where there is none.
    pub strange: std::ops::Range<usize>,
}

impl Likeness {
    /// The share of the words that stand there, from 0 to 1.
    pub fn share(&self) -> f64 {
        if self.words == 0 {
            return 1.0;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a share needs no more digits than a float has"
        )]
        let share = self.found as f64 / self.words as f64;
        share
    }
}

/// Compares a text with what it should stand in.
///
/// Rows of three words that stand in both are chained in the longest order that both share (J. W. Hunt and T. G. Szymanski, "A fast
/// algorithm for computing longest common subsequences", 1977), so that one changed word costs one word, and what stands in the page
/// beside the text costs nothing.
pub fn compare(text: &str, page: &str) -> Likeness {
    let (own, others): (Vec<Word>, Vec<Word>) = (words(text).collect(), words(page).collect());
    let row = ROW.min(own.len());
    let mut covered = vec![false; own.len()];
    if row > 0 {
        for at in chain(&own, &others, row) {
            covered[at..at + row].fill(true);
        }
    }
    Likeness {
        words: own.len(),
        found: covered.iter().filter(|covered| **covered).count(),
        strange: strange(&own, &covered),
    }
}

/// The rows of the one that stand in the other, in the longest order that both share.
fn chain(own: &[Word], others: &[Word], row: usize) -> Vec<usize> {
    let key = |words: &[Word]| words.iter().fold(0u128, |key, word| key << 32 | u128::from(word.hash));
    let mut places: Vec<(u128, usize)> = others.windows(row).map(key).zip(0..).collect();
    places.sort_unstable();
    // For each length of a chain, the least place that one ends at, and the link that ends there.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut links: Vec<(usize, Option<usize>)> = Vec::new();
    let mut chain = Vec::new();
    for (at, words) in own.windows(row).enumerate() {
        let wanted = key(words);
        let first = places.partition_point(|(key, _)| *key < wanted);
        let same = places[first..].iter().take_while(|(key, _)| *key == wanted);
        let same: Vec<usize> = same.take(OFTEN + 1).map(|(_, place)| *place).collect();
        if same.len() > OFTEN {
            chain.push(at);
            continue;
        }
        // From the last place to the first, so that no row is taken twice.
        for place in same.into_iter().rev() {
            let length = ends.partition_point(|(end, _)| *end < place);
            links.push((at, length.checked_sub(1).map(|before| ends[before].1)));
            let link = (place, links.len() - 1);
            match ends.get_mut(length) {
                Some(end) => *end = link,
                None => ends.push(link),
            }
        }
    }
    let mut next = ends.last().map(|(_, link)| *link);
    while let Some(link) = next {
        let (at, before) = links[link];
        chain.push(at);
        next = before;
    }
    chain
}

/// The longest stretch of words that are not covered.
fn strange(words: &[Word], covered: &[bool]) -> std::ops::Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for group in covered.chunk_by(|a, b| a == b) {
        let end = start + group.len();
        if !group[0] && group.len() > longest.len() {
            longest = start..end;
        }
        start = end;
    }
    match (
        words.get(longest.start),
        longest.end.checked_sub(1).and_then(|last| words.get(last)),
    ) {
        (Some(first), Some(last)) if !longest.is_empty() => first.start..last.end,
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "Home News Contact\nThe mill stood by the river, and nobody had turned its wheel since spring.\nShare\n\
        In May the miller came back with two sons and a mule.\nHome News Contact";

    #[test]
    fn a_text_between_the_furniture_of_its_page() {
        let text = "The mill stood by the river, and nobody had turned its wheel since spring. In May the miller came back with \
            two sons and a mule.";
        let likeness = compare(text, PAGE);
        assert_eq!((likeness.words, likeness.found, likeness.strange), (26, 26, 0..0));
    }

    #[test]
    fn a_changed_word_costs_one() {
        let text = "the mill stood by the river and nobody had moved its wheel since spring";
        let likeness = compare(text, PAGE);
        assert_eq!((likeness.words, likeness.found), (14, 13));
        assert_eq!(&text[likeness.strange], "moved");
    }

    #[test]
    fn order_counts() {
        let text = "in May the miller came back with two sons and a mule the mill stood by";
        assert_eq!(compare(text, PAGE).found, 12);
    }

    #[test]
    fn short_and_empty_texts() {
        assert_eq!(compare("", PAGE).share(), 1.0);
        assert_eq!(compare("a mule", PAGE).found, 2);
        assert_eq!(compare("a mule", "").found, 0);
        assert_eq!(compare("stranger", PAGE).found, 0);
    }

    #[test]
    fn a_refrain_takes_no_square_of_time() {
        let page = "la la la ".repeat(100_000);
        assert_eq!(compare(&page, &page).share(), 1.0);
        assert_eq!(compare("la li lo la", &page).found, 0);
    }
}
