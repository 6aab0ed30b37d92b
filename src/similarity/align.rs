//! How much of two runs of words stands in both in the same order: the longest common subsequence, exactly.

use std::ops::Range;

use super::normal::{Normal, Word};

/// The number of words in the longest common subsequence of two runs of words.
///
/// Where few words differ, by the edits; else bit-parallel after Hyyrö, "Bit-parallel LCS-length computation revisited", 2004: 64
/// words of the first run at a step.
pub fn common(a: &Normal, rows: Range<usize>, b: &Normal, columns: Range<usize>) -> usize {
    if rows.len() > columns.len() {
        return common(b, columns, a, rows);
    }
    let (rows, columns, same) = trim(a, rows, b, columns);
    let (rows, columns) = (&a.words[rows], &b.words[columns]);
    same + match edits(rows, columns, rows.len() / FEW) {
        Some(edits) => (rows.len() + columns.len() - edits) / 2,
        None if rows.len() <= 64 => common_short(rows, columns),
        None => common_long(rows, columns),
    }
}

/// One edit for so many words of the shorter run is few: with more, 64 words at a step are faster.
const FEW: usize = 10;
/// So many edits are tried before it is asked whether they will be few.
const TRIED: usize = 8;

/// How few words have to be left out of both runs, taken together, for what is left to be the same; nothing where these are more
/// than `most`, or look as if they would be. The first run has no more words than the second one or `most` more.
///
/// The greedy search of Myers, "An O(ND) difference algorithm and its variations", 1986: what it takes grows with the edits.
fn edits(a: &[Word], b: &[Word], most: usize) -> Option<usize> {
    let (rows, columns) = (a.len(), b.len());
    if columns.abs_diff(rows) > most {
        return None;
    }
    // For each diagonal how many words of the first run are done with. The middle one begins at both beginnings, the last one
    // ends at both ends.
    let mut reached = vec![0; 2 * most + 3];
    let middle = most + 1;
    let last = middle + rows - columns;
    for edits in 0..=most {
        let mut furthest = 0;
        for diagonal in (middle - edits..=middle + edits).step_by(2) {
            let down = reached[diagonal - 1] + 1;
            let across = reached[diagonal + 1];
            let row = match edits {
                0 => 0,
                _ if diagonal == middle - edits => across,
                _ if diagonal == middle + edits => down,
                _ => down.max(across),
            };
            let row = row + equal(a, row, b, row + middle - diagonal);
            reached[diagonal] = row;
            if diagonal == last && row >= rows {
                return Some(edits);
            }
            furthest = furthest.max(2 * row + middle - diagonal);
        }
        // At this pace the end costs more than twice as many as may be tried.
        if edits >= TRIED && 2 * most * furthest < edits * (rows + columns) {
            return None;
        }
    }
    None
}

/// How many words are equal from one of each run on; none behind its end.
#[inline]
fn equal(a: &[Word], row: usize, b: &[Word], column: usize) -> usize {
    let (a, b) = (a.get(row..).unwrap_or_default(), b.get(column..).unwrap_or_default());
    let count = a.len().min(b.len());
    (0..count).find(|&at| a[at].hash != b[at].hash).unwrap_or(count)
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
    /// One word of the second run, by the blocks of the first that have it. The sum is carried from block to block: only these,
    /// and those that a carry changes, are touched.
    #[inline]
    fn advance<'r>(&mut self, blocks: impl Iterator<Item = &'r Block>) {
        let (mut done, mut carry) = (0, false);
        for block in blocks {
            let number = block.number as usize;
            let carried = self.carry(done..number, carry);
            carry = self.step(number, block.equal, carried);
            done = number + 1;
            self.taken = self.taken.max(done);
        }
        self.carry(done..self.taken, carry);
    }

    /// Carries through blocks without the word. What is all free stays so, and hands a carry on.
    #[inline]
    fn carry(&mut self, blocks: Range<usize>, carry: bool) -> bool {
        let mut taken = blocks.start..blocks.end.min(self.taken);
        carry && taken.all(|block| self.step(block, 0, true))
    }

    #[inline]
    fn step(&mut self, block: usize, equal: u64, carry: bool) -> bool {
        let free = &mut self.free[block];
        let both = *free & equal;
        let (sum, over) = free.overflowing_add(both);
        let (sum, more) = sum.overflowing_add(u64::from(carry));
        *free = sum | (*free & !both);
        over || more
    }
}

/// Where each hash stands among any number of words.
struct Rows {
    /// Half of them at least are free: then they have no block.
    slots: Vec<Slot>,
    blocks: Vec<Block>,
}

/// A hash, and the first and the last of its blocks.
#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    first: u32,
    last: u32,
}

/// 64 words among which a hash stands.
struct Block {
    /// Which 64 words.
    number: u32,
    /// The next block of the same hash.
    next: u32,
    /// A bit for each of the words that has it.
    equal: u64,
}

/// No block.
const NONE: u32 = u32::MAX;

impl Rows {
    fn of(words: &[Word]) -> Self {
        let free = Slot {
            hash: 0,
            first: NONE,
            last: NONE,
        };
        let mut rows = Self {
            slots: vec![free; (words.len() * 2).next_power_of_two()],
            blocks: Vec::with_capacity(words.len()),
        };
        for (number, words) in (0..).zip(words.chunks(64)) {
            for (at, word) in words.iter().enumerate() {
                rows.note(word.hash, number, 1 << at);
            }
        }
        rows
    }

    fn note(&mut self, hash: u32, number: u32, equal: u64) {
        let slot = self.slot(hash);
        let slot = &mut self.slots[slot];
        let new = self.blocks.len() as u32;
        match self.blocks.get_mut(slot.last as usize) {
            Some(last) if last.number == number => return last.equal |= equal,
            Some(last) => last.next = new,
            None => (slot.hash, slot.first) = (hash, new),
        }
        slot.last = new;
        self.blocks.push(Block {
            number,
            next: NONE,
            equal,
        });
    }

    /// The blocks of a hash, ascending.
    #[inline]
    fn with(&self, hash: u32) -> impl Iterator<Item = &Block> {
        let block = |at: u32| self.blocks.get(at as usize);
        let first = block(self.slots[self.slot(hash)].first);
        std::iter::successors(first, move |last| block(last.next))
    }

    /// The slot of a hash, or the free one that it would have: the first from its own on.
    #[inline]
    fn slot(&self, hash: u32) -> usize {
        let last = self.slots.len() - 1;
        let mut slot = hash as usize & last;
        while self.slots[slot].first != NONE && self.slots[slot].hash != hash {
            slot = (slot + 1) & last;
        }
        slot
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
        fn few_edits_are_found_and_none_invented(
            a in proptest::collection::vec(0..40_u8, 1..300),
            changes in proptest::collection::vec((any::<proptest::sample::Index>(), 0..3_u8), 0..20),
        ) {
            let mut b = a.clone();
            for (at, change) in changes {
                let at = at.index(a.len()).min(b.len().saturating_sub(1));
                match change {
                    0 => b[at] = 41,
                    1 => b.insert(at, 42),
                    _ => drop((b.len() > 1).then(|| b.remove(at))),
                }
            }
            let (one, other) = (text(&a), text(&b));
            let all = a.len() + b.len();
            let needed = all - 2 * plain(&one.words, &other.words);
            prop_assert_eq!(edits(&one.words, &other.words, all), Some(needed));
            prop_assert!(needed == 0 || edits(&one.words, &other.words, needed - 1).is_none());
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
