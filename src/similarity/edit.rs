//! Edit distance between runs of codes: exactly, and as far as two runs go on alike from a place.

/// How many codes have to be put in, taken out or changed to make one run of the other.
pub fn distance(a: &[u8], b: &[u8]) -> usize {
    let longest = a.len().max(b.len());
    let mut distance = longest;
    distances(a, b, longest, |last, _| {
        distance = last;
        true
    });
    distance
}

/// One less the distance by the length of the longer run: 1 where both are the same.
pub fn similarity(a: &[u8], b: &[u8]) -> f32 {
    1.0 - distance(a, b) as f32 / a.len().max(b.len()).max(1) as f32
}

/// Whether two runs are so similar. Ends as soon as that is certain.
pub fn is_similar(a: &[u8], b: &[u8], needed: f32) -> bool {
    let longest = a.len().max(b.len());
    let enough = |distance: usize| 1.0 - distance as f32 / longest.max(1) as f32 >= needed;
    let near = ((1.0 - needed) * longest as f32) as usize + 1;
    let Some(most) = (0..=near).rev().find(|&distance| enough(distance)) else {
        return false;
    };
    let mut similar = longest <= most;
    distances(a, b, most, |distance, left| {
        // Each code that is left makes the distance longer or shorter by one at most.
        similar = distance + left <= most;
        !similar && distance <= most + left
    });
    similar
}

/// Calls back with the distance of the shorter run from longer and longer beginnings of the other one, and how many codes are
/// left of this, until it wants no more. A distance that would become more than `most` may be given as more than it is. Calls
/// back with nothing where a run is empty.
///
/// Bit-parallel after Myers, "A fast bit-vector algorithm for approximate string matching", 1999, in the block form of
/// Hyyrö, 2003: 64 codes of the first run at a step. Blocks too far from the diagonal for so short a distance are left out, after
/// Ukkonen, "Algorithms for approximate string matching", 1985.
fn distances(a: &[u8], b: &[u8], most: usize, mut take: impl FnMut(usize, usize) -> bool) {
    let (a, b) = if a.len() > b.len() { (b, a) } else { (a, b) };
    let blocks = a.len().div_ceil(BLOCK);
    let (rank, equal) = equal_masks(a, blocks);
    let mut rows = vec![Block::default(); blocks];
    // On a way with so few changes so many codes of one run lead over the other at most.
    let lead = b.len() - a.len();
    let (ahead, behind) = ((most + lead) / 2, most.saturating_sub(lead) / 2);
    let (mut reached, mut distance) = (0, 0);
    for (column, code) in b.iter().enumerate().take_while(|_| blocks > 0) {
        let from = (column.saturating_sub(ahead) / BLOCK).min(blocks - 1);
        let to = ((column + behind) / BLOCK + 1).min(blocks);
        // Those that are reached now: at worst each of their codes is changed.
        let last = a.len().min(to * BLOCK);
        (reached, distance) = (last, distance + last - reached);
        let masks = &equal[usize::from(rank[usize::from(*code)]) * blocks..][..blocks];
        let mut carry = (1, 0);
        for (row, &mask) in rows[from..to - 1].iter_mut().zip(&masks[from..]) {
            let (plus, minus) = row.step(mask, carry);
            carry = (plus >> (BLOCK - 1), minus >> (BLOCK - 1));
        }
        let (plus, minus) = rows[to - 1].step(masks[to - 1], carry);
        let end = (last - 1) % BLOCK;
        distance = distance + (plus >> end & 1) as usize - (minus >> end & 1) as usize;
        if to == blocks && !take(distance, b.len() - column - 1) {
            return;
        }
    }
}

/// Codes in one block.
const BLOCK: usize = u64::BITS as usize;

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
        equal[usize::from(rank[usize::from(*code)]) * blocks + at / BLOCK] |= 1 << (at % BLOCK);
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
    /// One code of the second run. What comes from the block above, more or less, is 0 or 1; what goes to the one below is the
    /// uppermost bit of what it gives.
    #[inline]
    fn step(&mut self, equal: u64, (more, less): (u64, u64)) -> (u64, u64) {
        let vertical = equal | self.down;
        let equal = equal | less;
        let diagonal = ((equal & self.up).wrapping_add(self.up) ^ self.up) | equal;
        let plus = self.down | !(diagonal | self.up);
        let minus = self.up & diagonal;
        let (below, above) = (plus << 1 | more, minus << 1 | less);
        self.up = above | !(vertical | below);
        self.down = below & vertical;
        (plus, minus)
    }
}

/// So far from the diagonal an extension may drift, in codes.
const BAND: usize = 24;
/// An extension ends where it has lost so much from its best.
const DROP: i16 = 40;
/// What an equal code is worth; one that is put in, taken out or changed costs as much.
const EQUAL: i16 = 2;
const CHANGED: i16 = -3;

/// An extension goes no further than this, in codes.
const FURTHEST: usize = 4000;
/// Cells in a row of the band.
const WIDTH: usize = 2 * BAND + 1;
/// The same, rounded up to whole registers of a processor.
const ROOM: usize = WIDTH.next_multiple_of(8);
/// Worse than anything: the best is at most `FURTHEST * EQUAL`, and this becomes worse by `CHANGED` in at most as many rows.
const FAR: i16 = i16::MIN / 2;

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
    let [own, other] = [a, b].map(|run| move |index: usize| at(run, index));
    if !is_found_nearby(own, other) {
        return (0, 0);
    }
    let mut band = Band::new(other);
    (0..a.len().min(FURTHEST))
        .map_while(own)
        .all(|code| band.step(code, other));
    band.end
}

/// An extension is tried only where a run of codes that begins among so many is found again nearby.
const PROBE: usize = 20;
/// So far from its beginning the run is looked for in the other one.
const NEARBY: usize = PROBE + BAND / 2;
/// How many codes such a run has.
const RUN: usize = 4;

/// Whether a run of codes near the beginning stands near the beginning of the other one.
fn is_found_nearby(own: impl Fn(usize) -> Option<u8>, other: impl Fn(usize) -> Option<u8>) -> bool {
    let (mut wanted, mut runs) = ([0; PROBE], [0; NEARBY]);
    let (wanted, runs) = (runs_of(own, &mut wanted), runs_of(other, &mut runs));
    wanted.iter().any(|run| runs.contains(run))
}

/// The runs of codes from each of the first places on, as numbers.
fn runs_of(codes: impl Fn(usize) -> Option<u8>, runs: &mut [u32]) -> &[u32] {
    let (mut last, mut filled) = (0, 0);
    for code in (0..runs.len() + RUN - 1).map_while(codes) {
        last = last << 8 | u32::from(code);
        filled += 1;
        if filled >= RUN {
            runs[filled - RUN] = last;
        }
    }
    &runs[..(filled + 1).saturating_sub(RUN)]
}

/// One row of the alignment: cell `k` of row `i` stands for column `i + k - BAND`. What lies behind the band is never reached.
struct Band {
    cells: [i16; ROOM],
    /// The code of the other run before the column of each cell.
    codes: [i16; ROOM],
    row: usize,
    best: i16,
    end: (usize, usize),
    /// In how many rows without a gap the best was surpassed.
    streak: usize,
}

/// No code.
const ABSENT: i16 = -1;

/// After so many equal codes in a row an alignment has found back.
const FOUND: usize = 16;

impl Band {
    fn new(other: impl Fn(usize) -> Option<u8>) -> Self {
        let mut cells = [FAR; ROOM];
        for (cell, changed) in cells[BAND..WIDTH].iter_mut().zip(0..) {
            *cell = CHANGED * changed;
        }
        // Of the row before the first: each step moves them on by one.
        let mut codes = [ABSENT; ROOM];
        for (code, column) in codes[BAND + 1..WIDTH].iter_mut().zip(0..) {
            *code = other(column).map_or(ABSENT, i16::from);
        }
        Self {
            cells,
            codes,
            row: 0,
            best: 0,
            end: (0, 0),
            streak: 0,
        }
    }

    /// One code more of the first run; tells whether to go on.
    fn step(&mut self, code: u8, other: impl Fn(usize) -> Option<u8>) -> bool {
        self.row += 1;
        self.codes.copy_within(1..WIDTH, 0);
        self.codes[WIDTH - 1] = other(self.row + BAND - 1).map_or(ABSENT, i16::from);
        self.go_down(i16::from(code));
        self.go_across();
        let top = self.cells.iter().copied().fold(FAR, i16::max);
        self.streak = if top > self.best { self.streak + 1 } else { 0 };
        if top > self.best {
            let first = self.cells.iter().take_while(|&&cell| cell < top).count();
            (self.best, self.end) = (top, (self.row, self.row + first - BAND));
        }
        top >= self.best - DROP && self.streak < FOUND
    }

    /// Fills the cells from those of the row before: a code is equal or changed, or one is left out.
    fn go_down(&mut self, code: i16) {
        let mut below = [FAR; ROOM];
        let before = self.cells.iter().zip(&self.cells[1..]).zip(&self.codes);
        for (below, ((&diagonal, &above), &other)) in below[..WIDTH].iter_mut().zip(before) {
            let changed = diagonal + if other == code { EQUAL } else { CHANGED };
            let changed = if other == ABSENT { FAR } else { changed };
            *below = changed.max(above + CHANGED);
        }
        self.cells = below;
    }

    /// Fills the cells from those to their left: codes of the other run are left out, one, two, four and more at a time.
    fn go_across(&mut self) {
        for shift in [1, 2, 4, 8, 16, 32] {
            let before = self.cells;
            for k in shift..WIDTH {
                self.cells[k] = before[k].max(before[k - shift] + CHANGED * shift as i16);
            }
        }
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
            for needed in [0.0, 0.2, 0.4, 0.5, 0.9, 1.0] {
                let similar = similarity(a.as_bytes(), b.as_bytes()) >= needed;
                prop_assert_eq!(is_similar(a.as_bytes(), b.as_bytes(), needed), similar);
            }
        }

        #[test]
        fn a_run_is_found_where_it_stands(a in "[a-c]{0,40}", b in "[a-c]{0,60}") {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            let found = is_found_nearby(|index| a.get(index).copied(), |index| b.get(index).copied());
            let plain = a.windows(RUN).take(PROBE).any(|run| b.windows(RUN).take(NEARBY).any(|other| other == run));
            prop_assert_eq!(found, plain);
        }

        #[test]
        fn a_band_is_what_the_recurrence_gives(a in "[a-c]{0,60}", b in "[a-c]{0,60}") {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            let other = |index: usize| b.get(index).copied();
            let mut band = Band::new(other);
            let mut before: Vec<i32> = (0..=b.len() as i32).map(|column| i32::from(CHANGED) * column).collect();
            for (row, &code) in (1..).zip(a) {
                let within = |column: usize| column <= row + BAND && row <= column + BAND;
                let mut cells = vec![i32::from(FAR); b.len() + 1];
                for column in (0..cells.len()).filter(|&column| within(column)) {
                    let equal = column > 0 && b[column - 1] == code;
                    let worth = i32::from(if equal { EQUAL } else { CHANGED });
                    let above = if column < row + BAND { before[column] } else { i32::from(FAR) };
                    let beside = column.checked_sub(1).map_or(i32::from(FAR), |left| cells[left]);
                    let changed = column.checked_sub(1).map_or(i32::from(FAR), |left| before[left] + worth);
                    cells[column] = changed.max(above.max(beside) + i32::from(CHANGED));
                }
                band.step(code, other);
                for column in (0..cells.len()).filter(|&column| within(column)) {
                    prop_assert_eq!(i32::from(band.cells[column + BAND - row]), cells[column]);
                }
                before = cells;
            }
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
