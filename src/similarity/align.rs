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
    let words = &b.words[columns];
    same + if rows.len() <= 64 {
        common_short(&a.words[rows], words)
    } else {
        common_long(a, &rows, words)
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
    let mut hashes = [0; 64];
    a.iter().zip(&mut hashes).for_each(|(word, hash)| *hash = word.hash);
    let within = u64::MAX >> (64 - a.len().max(1));
    let mut free = u64::MAX;
    for word in b {
        let equal = hashes
            .iter()
            .enumerate()
            .fold(0, |mask, (at, &hash)| mask | u64::from(hash == word.hash) << at);
        let both = free & equal & within;
        free = free.wrapping_add(both) | (free & !both);
    }
    (!free & within).count_ones() as usize * usize::from(!a.is_empty())
}

fn common_long(a: &Normal, rows: &Range<usize>, b: &[Word]) -> usize {
    let blocks = rows.len().div_ceil(64);
    let mut free = vec![u64::MAX; blocks];
    let mut equal = vec![0_u64; blocks];
    for word in b {
        let own = || a.places().within(word.hash, rows).map(|at| at - rows.start);
        let Some(first) = own().next() else { continue };
        own().for_each(|at| equal[at / 64] |= 1 << (at % 64));
        advance(&mut free[first / 64..], &equal[first / 64..]);
        own().for_each(|at| equal[at / 64] = 0);
    }
    let taken: usize = free.iter().map(|block| block.count_zeros() as usize).sum();
    taken.min(rows.len())
}

/// One word of the second run: the sum is carried from block to block. Blocks before the first equal word do not change.
fn advance(free: &mut [u64], equal: &[u64]) {
    let mut carry = false;
    for (free, equal) in free.iter_mut().zip(equal) {
        let both = *free & equal;
        let (sum, over) = free.overflowing_add(both);
        let (sum, more) = sum.overflowing_add(u64::from(carry));
        carry = over || more;
        *free = sum | (*free & !both);
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
        fn is_what_the_recurrence_gives(a in proptest::collection::vec(0..9_u8, 0..200), b in proptest::collection::vec(0..9_u8, 0..90)) {
            let (one, other) = (text(&a), text(&b));
            let all = |normal: &Normal| 0..normal.words.len();
            prop_assert_eq!(common(&one, all(&one), &other, all(&other)), plain(&one.words, &other.words));
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
