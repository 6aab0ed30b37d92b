//! How much of two runs of words stands in both in the same order: the longest common subsequence, exactly.

use std::ops::Range;

use super::normal::{Normal, Word};

/// The number of words in the longest common subsequence of two runs of words.
///
/// Bit-parallel after Hyyrö, "Bit-parallel LCS-length computation revisited", 2004: 64 words of the first run at a step.
pub fn common(a: &Normal, rows: Range<usize>, b: &Normal, columns: Range<usize>) -> usize {
    if rows.len() > columns.len() {
        return common(b, columns, a, rows);
    }
    let (rows, columns, same) = trim(a, rows, b, columns);
    let (rows, columns) = (&a.words[rows], &b.words[columns]);
    same + match rows.len() {
        ..=64 => common_short(rows, columns),
        _ => common_long(rows, columns),
    }
}

/// Twice the common words by all words: 1 where both are the same, 0 where they share none.
pub fn ratio(a: &Normal, rows: Range<usize>, b: &Normal, columns: Range<usize>) -> f32 {
    let all = rows.len() + columns.len();
    let same = |(a, b): (&Word, &Word)| a.hash == b.hash;
    if rows.len() == columns.len() && a.words[rows.clone()].iter().zip(&b.words[columns.clone()]).all(same) {
        return 1.0;
    }
    2.0 * common(a, rows, b, columns) as f32 / all.max(1) as f32
}

/// Both runs without what they have in common at their beginnings and ends, which belongs to every longest one; and how much
/// that is.
fn trim(
    a: &Normal,
    mut rows: Range<usize>,
    b: &Normal,
    mut columns: Range<usize>,
) -> (Range<usize>, Range<usize>, usize) {
    let same = |(a, b): &(&Word, &Word)| a.hash == b.hash;
    let pairs = a.words[rows.clone()].iter().zip(&b.words[columns.clone()]);
    let before = pairs.take_while(same).count();
    (rows.start, columns.start) = (rows.start + before, columns.start + before);
    let pairs = a.words[rows.clone()]
        .iter()
        .rev()
        .zip(b.words[columns.clone()].iter().rev());
    let behind = pairs.take_while(same).count();
    (rows.end, columns.end) = (rows.end - behind, columns.end - behind);
    (rows, columns, before + behind)
}

fn common_short(a: &[Word], b: &[Word]) -> usize {
    let masks = Masks::of(a);
    let mut free = u64::MAX;
    for equal in b.iter().filter_map(|word| masks.get(word.hash)) {
        let both = free & equal;
        free = free.wrapping_add(both) | (free & !both);
    }
    let within = u64::MAX.checked_shr(64 - a.len() as u32).unwrap_or(0);
    (!free & within).count_ones() as usize
}

/// Where each hash stands among at most 64 words, a bit for each of these.
struct Masks([(u32, u64); SLOTS]);

/// Twice as many as there are words, so that few share one.
const SLOTS: usize = 128;

impl Masks {
    fn of(words: &[Word]) -> Self {
        let mut masks = Self([(0, 0); SLOTS]);
        for (at, word) in words.iter().enumerate() {
            let slot = masks.slot(word.hash);
            masks.0[slot] = (word.hash, masks.0[slot].1 | 1 << at);
        }
        masks
    }

    /// The slot of a hash, or the free one that it would have: the first from its own on.
    #[inline]
    fn slot(&self, hash: u32) -> usize {
        let mut slot = hash as usize % SLOTS;
        while self.0[slot].1 != 0 && self.0[slot].0 != hash {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    /// The mask of a hash that stands among the words.
    #[inline]
    fn get(&self, hash: u32) -> Option<u64> {
        Some(self.0[self.slot(hash)].1).filter(|mask| *mask != 0)
    }
}

fn common_long(a: &[Word], b: &[Word]) -> usize {
    let rows = Rows::of(a);
    let mut column = Column {
        free: vec![u64::MAX; a.len().div_ceil(64)],
        taken: 0,
    };
    for word in b {
        column.advance(rows.with(word.hash));
    }
    column.free.iter().map(|block| block.count_zeros() as usize).sum()
}

/// How far the first run is taken: a bit for each of its words, which is zero where it counts.
struct Column {
    free: Vec<u64>,
    /// Blocks from here on are all free.
    taken: usize,
}

impl Column {
    /// One word of the second run, by the words of the first that are equal to it. The sum is carried from block to block: only
    /// those with an equal word, and those that a carry changes, are touched.
    fn advance(&mut self, rows: impl Iterator<Item = usize>) {
        let mut rows = rows.peekable();
        let (mut block, mut carry) = (0, false);
        loop {
            if !carry || block >= self.taken {
                // What is all free stays so, and hands a carry on.
                let Some(next) = rows.peek() else { return };
                block = next / 64;
            }
            let mut equal = 0;
            while let Some(row) = rows.next_if(|row| row / 64 == block) {
                equal |= 1 << (row % 64);
            }
            carry = self.step(block, equal, carry);
            block += 1;
        }
    }

    #[inline]
    fn step(&mut self, block: usize, equal: u64, carry: bool) -> bool {
        let free = &mut self.free[block];
        let both = *free & equal;
        let (sum, over) = free.overflowing_add(both);
        let (sum, more) = sum.overflowing_add(u64::from(carry));
        *free = sum | (*free & !both);
        self.taken = self.taken.max(block + 1);
        over || more
    }
}

/// Where each hash stands among any number of words.
struct Rows<'a> {
    words: &'a [Word],
    /// The first word of each slot; the slot is the lower bits of the hash.
    firsts: Vec<u32>,
    /// The next word in the same slot.
    next: Vec<u32>,
}

/// No word.
const NONE: u32 = u32::MAX;

impl<'a> Rows<'a> {
    fn of(words: &'a [Word]) -> Self {
        let mut firsts = vec![NONE; (words.len() * 2).next_power_of_two()];
        let mut next = vec![NONE; words.len()];
        let slots = firsts.len();
        // From the last to the first: so each comes before those behind it.
        for (at, word) in words.iter().enumerate().rev() {
            let first = &mut firsts[word.hash as usize % slots];
            next[at] = std::mem::replace(first, u32::try_from(at).unwrap_or(NONE));
        }
        Self { words, firsts, next }
    }

    /// The words with a hash, ascending.
    #[inline]
    fn with(&self, hash: u32) -> impl Iterator<Item = usize> + '_ {
        let some = |at: u32| Some(at as usize).filter(|_| at != NONE);
        let first = some(self.firsts[hash as usize & (self.firsts.len() - 1)]);
        let slot = std::iter::successors(first, move |&at| some(self.next[at]));
        slot.filter(move |&at| self.words[at].hash == hash)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The textbook recurrence.
    fn plain(a: &[Word], b: &[Word]) -> usize {
        let mut row = vec![0; b.len() + 1];
        for one in a {
            let mut diagonal = 0;
            for (column, other) in b.iter().enumerate() {
                let above = row[column + 1];
                row[column + 1] = if one.hash == other.hash {
                    diagonal + 1
                } else {
                    above.max(row[column])
                };
                diagonal = above;
            }
        }
        row[b.len()]
    }

    fn text(words: &[u8]) -> Normal {
        let words: Vec<String> = words.iter().map(|word| format!("w{word}")).collect();
        Normal::of(&words.join(" "))
    }

    proptest! {
        #[test]
        fn is_what_the_recurrence_gives(
            kinds in prop_oneof![Just(3_u8), Just(9), Just(200)],
            a in proptest::collection::vec(any::<u8>(), 0..400),
            b in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let [a, b] = [a, b].map(|words| words.iter().map(|word| word % kinds).collect::<Vec<u8>>());
            let (one, other) = (text(&a), text(&b));
            let all = |normal: &Normal| 0..normal.words.len();
            prop_assert_eq!(common(&one, all(&one), &other, all(&other)), plain(&one.words, &other.words));
            // An edited copy of the same words.
            let edited: Vec<u8> = a.iter().enumerate().filter(|(at, _)| at % 7 != 3).map(|(_, word)| *word).chain(b).collect();
            let other = text(&edited);
            prop_assert_eq!(common(&one, all(&one), &other, all(&other)), plain(&one.words, &other.words));
        }

        #[test]
        fn is_so_within_longer_runs(a in proptest::collection::vec(0..9_u8, 0..200), b in proptest::collection::vec(0..9_u8, 0..90)) {
            let (one, other) = (text(&a), text(&b));
            if a.len() > 80 && b.len() > 70 {
                prop_assert_eq!(common(&one, 5..80, &other, 2..70), plain(&one.words[5..80], &other.words[2..70]));
            }
        }
    }

    #[test]
    fn one_where_both_are_the_same() {
        let one = text(&[1, 2, 3, 4]);
        assert!((ratio(&one, 0..4, &one, 0..4) - 1.0).abs() < f32::EPSILON);
        assert!((ratio(&one, 0..4, &text(&[1, 9, 3, 4]), 0..4) - 0.75).abs() < f32::EPSILON);
    }
}
