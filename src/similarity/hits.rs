//! Which seeds pieces share: the places of each seed, two and two, gathered by the later one.
//!
//! The places of a seed lie side by side once all are sorted, so nothing has to be looked up: all pairs of them are written
//! down at once, in parts by the later place. A piece is then compared when its part is taken, and no sooner.

use super::chain::Hit;

/// Where the pieces are divided into parts with about as many words each.
#[derive(Debug)]
pub struct Cuts {
    /// The first piece of each part, and the number of all.
    pieces: Vec<usize>,
    /// The first word of each part.
    words: Vec<u32>,
}

impl Cuts {
    /// At most so many parts, from the number of the first word of each piece, and of all words.
    pub fn of(first_words: &[u32], most: usize) -> Self {
        let count = first_words.len() - 1;
        let words = first_words[count] as usize;
        let parts = most.min(count);
        let cut = |part: usize| first_words.partition_point(|&first| (first as usize) < words * part / parts);
        let mut pieces: Vec<usize> = (0..parts).map(|part| cut(part).min(count)).collect();
        pieces.push(count);
        pieces.dedup();
        let words = pieces.iter().map(|&piece| first_words[piece]).collect();
        Self { pieces, words }
    }

    /// How many parts there are.
    pub fn count(&self) -> usize {
        self.pieces.len() - 1
    }

    /// The pieces of a part.
    pub fn pieces(&self, part: usize) -> std::ops::Range<usize> {
        self.pieces[part]..self.pieces[part + 1]
    }

    /// The part that a word stands in.
    #[inline]
    pub fn part_of(&self, word: u32) -> usize {
        self.words.partition_point(|&first| first <= word) - 1
    }
}

/// The place of a seed in the upper half, an earlier place of the same in the lower.
#[inline]
pub fn pair(later: u32, earlier: u32) -> u64 {
    u64::from(later) << 32 | u64::from(earlier)
}

/// The hits of each piece among sorted pairs of places, by the earlier place: this place in the upper half, the word in the piece
/// in the lower. `first` is the number of the first word of the piece.
pub fn of_piece(pairs: &mut [u64], first: u32) {
    for pair in &mut *pairs {
        *pair = (*pair << 32) | ((*pair >> 32) - u64::from(first));
    }
    pairs.sort_unstable();
}

/// Appends the same as seeds that two pieces share, by the first word of the earlier one.
pub fn shared(hits: &[u64], first: u32, into: &mut Vec<Hit>) {
    into.extend(hits.iter().map(|hit| Hit {
        earlier: (hit >> 32) as u32 - first,
        later: *hit as u32,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_lies_in_the_part_of_its_piece() {
        let first_words = [0, 0, 10, 10, 30, 31, 90, 90];
        for most in 1..10 {
            let cuts = Cuts::of(&first_words, most);
            assert!(cuts.count() <= most);
            let pieces: Vec<usize> = (0..cuts.count()).flat_map(|part| cuts.pieces(part)).collect();
            assert!(pieces.iter().copied().eq(0..7), "{pieces:?}");
            for word in 0..90 {
                let pieces = cuts.pieces(cuts.part_of(word));
                assert!((first_words[pieces.start]..first_words[pieces.end]).contains(&word));
            }
        }
        assert_eq!(Cuts::of(&[0], 5).count(), 0);
    }

    #[test]
    fn hits_are_sorted_by_the_earlier_place() {
        let mut pairs = [pair(100, 7), pair(101, 3), pair(105, 8)];
        of_piece(&mut pairs, 100);
        let mut hits = Vec::new();
        shared(&pairs, 2, &mut hits);
        let hit = |earlier, later| Hit { earlier, later };
        assert_eq!(hits, [hit(1, 1), hit(5, 0), hit(6, 5)]);
    }
}
