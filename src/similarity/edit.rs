//! Edit distance between runs of codes: exactly, and as far as two runs go on alike from a place.

/// How many codes have to be put in, taken out or changed to make one run of the other.
///
/// Bit-parallel after Myers, "A fast bit-vector algorithm for approximate string matching", 1999, in the block form of
/// Hyyrö, 2003: 64 codes of the first run at a step.
pub fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len());
    }
    let (a, b) = if a.len() > b.len() { (b, a) } else { (a, b) };
    let blocks = a.len().div_ceil(64);
    let (rank, equal) = equal_masks(a, blocks);
    let mut rows = vec![Block::default(); blocks];
    let last = 1 << ((a.len() - 1) % 64);
    let mut distance = a.len();
    for code in b {
        let masks = &equal[usize::from(rank[usize::from(*code)]) * blocks..][..blocks];
        let mut carry = 1;
        for (index, (row, &mask)) in rows.iter_mut().zip(masks).enumerate() {
            let top = if index + 1 == blocks { last } else { 1 << 63 };
            carry = row.step(mask, carry, top);
        }
        distance = distance.wrapping_add_signed(carry);
    }
    distance
}

/// One less the distance by the length of the longer run: 1 where both are the same.
pub fn similarity(a: &[u8], b: &[u8]) -> f32 {
    1.0 - distance(a, b) as f32 / a.len().max(b.len()).max(1) as f32
}

/// The rank of each code among those that a run has, from 1, and where each of these stands, in one mask a block.
fn equal_masks(a: &[u8], blocks: usize) -> ([u8; 256], Vec<u64>) {
    let mut rank = [0; 256];
    let mut ranks = 0;
    for code in a {
        let own = &mut rank[usize::from(*code)];
        if *own == 0 {
            ranks += 1;
            *own = ranks;
        }
    }
    let mut equal = vec![0; (usize::from(ranks) + 1) * blocks];
    for (at, code) in a.iter().enumerate() {
        equal[usize::from(rank[usize::from(*code)]) * blocks + at / 64] |= 1 << (at % 64);
    }
    (rank, equal)
}

/// Differences between neighbours in a column, up and down.
#[derive(Clone, Copy, Debug)]
struct Block {
    up: u64,
    down: u64,
}

impl Default for Block {
    fn default() -> Self {
        Self { up: u64::MAX, down: 0 }
    }
}

impl Block {
    /// One code of the second run; what comes from the block above, and what goes to the one below, is -1, 0 or 1.
    fn step(&mut self, equal: u64, from: isize, top: u64) -> isize {
        let negative = u64::from(from < 0);
        let vertical = equal | self.down;
        let equal = equal | negative;
        let diagonal = ((equal & self.up).wrapping_add(self.up) ^ self.up) | equal;
        let mut plus = self.down | !(diagonal | self.up);
        let mut minus = self.up & diagonal;
        let to = isize::from(plus & top != 0) - isize::from(minus & top != 0);
        plus = plus << 1 | u64::from(from > 0);
        minus = minus << 1 | negative;
        self.up = minus | !(vertical | plus);
        self.down = plus & vertical;
        to
    }
}

/// So far from the diagonal an extension may drift, in codes.
const BAND: usize = 24;
/// An extension ends where it has lost so much from its best.
const DROP: i32 = 40;
/// What an equal code is worth; one that is put in, taken out or changed costs as much.
const EQUAL: i32 = 2;
const CHANGED: i32 = -3;

/// An extension goes no further than this, in codes.
const FURTHEST: usize = 4000;
/// Cells in a row of the band.
const WIDTH: usize = 2 * BAND + 1;
/// Worse than anything.
const FAR: i32 = i32::MIN / 2;

/// How many codes of both runs go on alike from their beginnings, or back from their ends: by banded alignment, which ends
/// where it has lost too much. What is equal is passed over without it.
pub fn extension(a: &[u8], b: &[u8], back: bool) -> (usize, usize) {
    let mut end = (0, 0);
    while end.0 < FURTHEST {
        let (left, right) = if back {
            (&a[..a.len() - end.0], &b[..b.len() - end.1])
        } else {
            (&a[end.0..], &b[end.1..])
        };
        let equal = equal_run(left, right, back);
        let gone = over_changes(left, right, equal, back);
        end = (end.0 + equal + gone.0, end.1 + equal + gone.1);
        if gone == (0, 0) {
            break;
        }
    }
    end
}

/// How many codes are equal at the beginnings, or at the ends.
fn equal_run(a: &[u8], b: &[u8], back: bool) -> usize {
    let same = |(a, b): &(&u8, &u8)| a == b;
    match back {
        false => a.iter().zip(b).take_while(same).count(),
        true => a.iter().rev().zip(b.iter().rev()).take_while(same).count(),
    }
}

/// How far an alignment reaches over what was changed, from behind some equal codes to where they are equal again.
fn over_changes(a: &[u8], b: &[u8], from: usize, back: bool) -> (usize, usize) {
    let at = |run: &[u8], index: usize| match back {
        false => run.get(from + index).copied(),
        true => run.len().checked_sub(from + index + 1).map(|index| run[index]),
    };
    let other = |index: usize| at(b, index);
    if !(0..PROBE).any(|start| starts_alike(|index| at(a, start + index), other)) {
        return (0, 0);
    }
    let mut band = Band::new();
    (0..a.len().min(FURTHEST))
        .map_while(|index| at(a, index))
        .all(|code| band.step(code, other));
    band.end
}

/// An extension is tried only where a run of codes that begins among so many is found again nearby.
const PROBE: usize = 20;
/// How many codes such a run has.
const RUN: usize = 4;

/// Whether the first codes of a run stand near the beginning of the other one.
fn starts_alike(run: impl Fn(usize) -> Option<u8>, other: impl Fn(usize) -> Option<u8>) -> bool {
    let four = |codes: &dyn Fn(usize) -> Option<u8>, from: usize| -> Option<[u8; RUN]> {
        Some([codes(from)?, codes(from + 1)?, codes(from + 2)?, codes(from + 3)?])
    };
    let wanted = four(&run, 0);
    wanted.is_some() && (0..PROBE + BAND / 2).any(|from| four(&other, from) == wanted)
}

/// One row of the alignment: cell `k` of row `i` stands for column `i + k - BAND`.
struct Band {
    cells: [i32; WIDTH + 1],
    row: usize,
    best: i32,
    end: (usize, usize),
    /// In how many rows without a gap the best was surpassed.
    streak: usize,
}

/// After so many equal codes in a row an alignment has found back.
const FOUND: usize = 16;

impl Band {
    fn new() -> Self {
        let mut cells = [FAR; WIDTH + 1];
        for (cell, changed) in cells[BAND..WIDTH].iter_mut().zip(0..) {
            *cell = CHANGED * changed;
        }
        Self {
            cells,
            row: 0,
            best: 0,
            end: (0, 0),
            streak: 0,
        }
    }

    /// One code more of the first run; tells whether to go on.
    fn step(&mut self, code: u8, other: impl Fn(usize) -> Option<u8>) -> bool {
        self.row += 1;
        let before = self.best;
        let (mut left, mut top) = (FAR, FAR);
        for k in 0..WIDTH {
            let Some(column) = (self.row + k).checked_sub(BAND) else {
                continue;
            };
            let changed = match column.checked_sub(1).and_then(&other) {
                Some(other) => self.cells[k] + if other == code { EQUAL } else { CHANGED },
                None => FAR,
            };
            left = changed.max(self.cells[k + 1] + CHANGED).max(left + CHANGED);
            self.cells[k] = left;
            if left > top {
                top = left;
                if top > self.best {
                    (self.best, self.end) = (top, (self.row, column));
                }
            }
        }
        self.streak = if self.best > before { self.streak + 1 } else { 0 };
        top >= self.best - DROP && self.streak < FOUND
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The textbook recurrence.
    fn plain(a: &[u8], b: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (line, one) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = line + 1;
            for (column, other) in b.iter().enumerate() {
                let change = diagonal + usize::from(one != other);
                diagonal = row[column + 1];
                row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn is_what_the_recurrence_gives(a in "[a-e]{0,200}", b in "[a-e]{0,150}") {
            prop_assert_eq!(distance(a.as_bytes(), b.as_bytes()), plain(a.as_bytes(), b.as_bytes()));
        }

        #[test]
        fn an_extension_lies_within(a in "[a-d]{0,90}", b in "[a-d]{0,90}", back in any::<bool>()) {
            let (one, other) = extension(a.as_bytes(), b.as_bytes(), back);
            prop_assert!(one <= a.len() && other <= b.len());
        }
    }

    const SPOILT: &[u8] = b"tholampsofthelowcrtownwentoulonebyonewhilethebargcscameinfromthewest";
    const WHOLE: &[u8] = b"thelampsofthelowertownwentoutonebyonewhilethebargescameinfromthewest";

    #[test]
    fn goes_on_over_spoilt_letters_and_ends_where_nothing_is_alike() {
        assert_eq!(extension(SPOILT, WHOLE, false), (SPOILT.len(), WHOLE.len()));
        assert_eq!(extension(SPOILT, WHOLE, true), (SPOILT.len(), WHOLE.len()));
        let (one, other) = (
            [SPOILT, b"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"].concat(),
            [WHOLE, b"zzzzzzzzzzzzzzzzzzzzzzzzz"].concat(),
        );
        assert_eq!(extension(&one, &other, false), (SPOILT.len(), WHOLE.len()));
    }

    #[test]
    fn nothing_is_like_nothing() {
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(extension(b"", b"abc", false), (0, 0));
    }
}
