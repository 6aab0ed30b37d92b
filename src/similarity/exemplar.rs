//! Of pieces that are nearly the same, the one that tells what the others share with all the rest.
//!
//! Where a text stands in many versions, each of them shares the same passages with the same other texts, and the pairs grow with the
//! square of the versions. So a piece with an earlier one that is nearly like it, its exemplar, is compared with that one, and not with
//! a third one whose seeds the exemplar has too, in order: what stands there is found between the exemplar and the third, and between
//! the piece and its exemplar. A third one that shares something else with the piece is compared as ever, and so are others of its own
//! text. And so is every third one where there are few: each of these pairs says something.

use super::chain::Hit;
use super::compare::Thresholds;

/// About how many seeds a piece has, in one byte, so that each place of a seed can carry it: its binary logarithm in steps of an eighth
/// to a sixteenth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u8);

/// Steps for each power of two.
const STEPS: usize = 8;
/// Pieces whose sizes are so many steps apart at most are alike: surely where the one has an eighth more seeds than the other, never
/// where it has two fifths more.
const ALIKE: u8 = 2;

impl Size {
    /// Of a piece with so many seeds.
    pub fn of(seeds: usize) -> Self {
        let log = seeds.checked_ilog2().unwrap_or_default();
        let step = (seeds << 3 >> log) % STEPS;
        Self(u8::try_from(log as usize * STEPS + step).unwrap_or(u8::MAX))
    }

    /// As a number that [`Size::from_number`] takes.
    pub fn number(self) -> u8 {
        self.0
    }

    /// From its number.
    pub fn from_number(number: u8) -> Self {
        Self(number)
    }

    /// So many seeds it stands for, at least.
    fn least(self) -> usize {
        let (log, step) = (usize::from(self.0) / STEPS, usize::from(self.0) % STEPS);
        (STEPS + step) << log >> 3
    }

    fn is_like(self, other: Self) -> bool {
        self.0.abs_diff(other.0) <= ALIKE
    }
}

/// What a piece shares with one that is no later.
#[derive(Clone, Copy, Debug)]
pub struct Share<'a, P> {
    /// The one that is no later.
    pub piece: P,
    /// How large it is.
    pub size: Size,
    /// Whether it is of the same text.
    pub own: bool,
    /// The seeds, sorted.
    pub hits: &'a [Hit],
}

/// A word that is linked to several places is so to so many, on the average, where there are many versions.
const MANY: usize = 4;
/// Of the seeds of the piece so many are shared with some earlier one, in quarters,
const KNOWN: usize = 3;
/// and of those that are shared with several so many with the exemplar, in tenths.
const TOLD: usize = 9;
/// Between two seeds that the exemplar has, as far from each other there as here, so few words may have seeds that it has not, and half
/// as many at the end of a chain: they are no passage.
const BETWEEN: u32 = 8;

/// Tells which pieces are compared; what it needs for one, it has for the next.
#[derive(Debug, Default)]
pub struct Exemplars {
    words: Vec<Word>,
}

/// What is known of a word of the piece.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    /// How many places it is linked to.
    hits: u32,
    /// The piece that it was last found to be linked to: one more than its number.
    last: usize,
    /// Whether the exemplar has its seed too, in order.
    told: bool,
}

impl Word {
    /// Whether it is linked to several places. One that is linked to a single one may be so because its seed is frequent, so that it
    /// says nothing of what others share.
    fn is_several(self) -> bool {
        self.hits > 1
    }
}

fn is_most(told: usize, words: usize) -> bool {
    told * 10 >= words * TOLD
}

impl Exemplars {
    /// Of all pieces that a later one of a size shares seeds with, in order, keeps those that it has to be compared with, and gives
    /// back the others, of whom its exemplar tells.
    pub fn told<'a, P: Copy>(
        &mut self,
        thresholds: &Thresholds,
        size: Size,
        shares: &mut Vec<Share<'a, P>>,
    ) -> Vec<Share<'a, P>> {
        let mut told = Vec::new();
        if let Some(exemplar) = self.find(thresholds, size, shares) {
            let mut number = 0..;
            shares.retain(|share| {
                let kept = number.next() == Some(exemplar) || share.own || !self.tells(share.hits);
                if !kept {
                    told.push(*share);
                }
                kept
            });
        }
        told
    }

    /// The exemplar among the pieces, by its number: the first that will do, so that all versions have the same one.
    fn find<P>(&mut self, thresholds: &Thresholds, size: Size, shares: &[Share<'_, P>]) -> Option<usize> {
        if shares.len() <= MANY {
            return None;
        }
        self.count(shares);
        let known = self.words.iter().filter(|word| word.hits > 0).count();
        let several = || self.words.iter().filter(|word| word.is_several());
        let (words, hits) = (
            several().count(),
            several().map(|word| word.hits as usize).sum::<usize>(),
        );
        if words == 0 || hits < words * MANY || known * 4 < size.least() * KNOWN {
            return None;
        }
        let fits = |share: &Share<'_, P>| !share.own && share.size.is_like(size);
        for (number, share) in shares.iter().enumerate().filter(|(_, share)| fits(share)) {
            if is_most(self.in_common(number, share.hits), words) {
                self.tell(thresholds, share.hits);
                let told = self.words.iter().filter(|word| word.is_several() && word.told).count();
                if is_most(told, words) {
                    return Some(number);
                }
            }
        }
        None
    }

    /// Counts the hits of each word with other texts.
    fn count<P>(&mut self, shares: &[Share<'_, P>]) {
        let others = || shares.iter().filter(|share| !share.own).flat_map(|share| share.hits);
        let end = others().map(|hit| hit.later as usize + 1).max().unwrap_or_default();
        self.words.clear();
        self.words.resize(end, Word::default());
        others().for_each(|hit| self.words[hit.later as usize].hits += 1);
    }

    /// How many of the words that are linked to several places have the seed of the piece with a number.
    fn in_common(&mut self, number: usize, hits: &[Hit]) -> usize {
        let mut common = 0;
        for hit in hits {
            let word = &mut self.words[hit.later as usize];
            common += usize::from(word.is_several() && word.last != number + 1);
            word.last = number + 1;
        }
        common
    }

    /// Notes the words that the exemplar has, in chains and no other order.
    fn tell(&mut self, thresholds: &Thresholds, hits: &[Hit]) {
        self.words.iter_mut().for_each(|word| word.told = false);
        for chain in thresholds.chains(hits) {
            let (mut last, mut from) = (chain.hits[0], chain.hits[0].later.saturating_sub(BETWEEN / 2));
            for &hit in &chain.hits {
                let ahead = hit.later.checked_sub(last.later);
                if ahead.is_none_or(|words| words > BETWEEN || words != hit.earlier - last.earlier) {
                    from = hit.later;
                }
                self.tell_words(from, hit.later);
                (last, from) = (hit, hit.later);
            }
            self.tell_words(last.later, last.later + BETWEEN / 2);
        }
    }

    /// Notes words from one to another one.
    fn tell_words(&mut self, from: u32, to: u32) {
        let behind = self.words.len().min(to as usize + 1);
        let words = self.words.get_mut(from as usize..behind).unwrap_or_default();
        words.iter_mut().for_each(|word| word.told = true);
    }

    fn tells(&self, hits: &[Hit]) -> bool {
        hits.iter()
            .all(|hit| self.words.get(hit.later as usize).is_some_and(|word| word.told))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Options;

    fn hits(words: impl IntoIterator<Item = u32>) -> Vec<Hit> {
        let hit = |word| Hit {
            earlier: word,
            later: word,
        };
        words.into_iter().map(hit).collect()
    }

    /// Which of the pieces that a piece of so many seeds shares these words with it has to be compared with; the number 9 is of its text.
    fn kept(seeds: usize, shared: &[(usize, Vec<Hit>)]) -> Vec<usize> {
        let mut shares: Vec<Share<'_, usize>> = Vec::new();
        for (piece, (seeds, hits)) in shared.iter().enumerate() {
            shares.push(Share {
                piece,
                size: Size::of(*seeds),
                own: piece == 9,
                hits,
            });
        }
        Exemplars::default().told(&Thresholds::of(&Options::default()), Size::of(seeds), &mut shares);
        shares.into_iter().map(|share| share.piece).collect()
    }

    /// An excerpt of a piece of 100 words, then a version of the whole, then eight excerpts more.
    fn versions() -> Vec<(usize, Vec<Hit>)> {
        let excerpt = |piece: u32| (40, hits(piece..70 + piece));
        let mut shared: Vec<_> = (0..10).map(excerpt).collect();
        shared[1] = (100, hits(0..90));
        shared
    }

    #[test]
    fn a_version_is_compared_with_its_exemplar_and_its_own_text() {
        assert_eq!(kept(100, &versions()), [1, 9]);
    }

    #[test]
    fn who_shares_more_than_the_exemplar_has_is_compared() {
        let mut shared = versions();
        shared[5].1.extend(hits([97]));
        assert_eq!(kept(100, &shared), [1, 5, 9]);
    }

    #[test]
    fn a_word_between_two_that_the_exemplar_has_is_no_passage() {
        let mut shared = versions();
        shared[1].1.retain(|hit| ![40, 41, 42].contains(&hit.later));
        assert_eq!(kept(100, &shared), [1, 9]);
        shared[1].1.retain(|hit| !(40..49).contains(&hit.later));
        assert_eq!(kept(100, &shared).len(), 10);
    }

    #[test]
    fn few_are_all_compared() {
        assert_eq!(kept(100, &versions()[..4]), [0, 1, 2, 3]);
    }

    #[test]
    fn no_exemplar_is_much_larger_or_smaller_and_none_is_of_a_piece_that_is_mostly_its_own() {
        assert_eq!(kept(200, &versions()).len(), 10, "most of its words stand nowhere else");
        let mut shared = versions();
        shared[1].0 = 150;
        assert_eq!(kept(100, &shared).len(), 10, "none is of its size");
    }

    #[test]
    fn what_the_exemplar_has_in_no_order_is_not_told_by_it() {
        let mut shared = versions();
        shared[1].1 = (0..90)
            .map(|word| Hit {
                earlier: word * 61,
                later: word,
            })
            .collect();
        assert_eq!(kept(100, &shared).len(), 10);
    }

    #[test]
    fn a_size_is_right_to_within_an_eighth() {
        for seeds in [0, 1, 2, 7, 8, 9, 15, 16, 17, 100, 1000, 4095, 4096, 1 << 20] {
            let least = Size::of(seeds).least();
            assert!(least <= seeds.max(1) && seeds * 8 < (least + 1) * 9, "{seeds}: {least}");
        }
        assert!(Size::of(100).is_like(Size::of(115)) && !Size::of(100).is_like(Size::of(140)));
        assert!(Size::of(1 << 40) == Size(u8::MAX));
    }
}
