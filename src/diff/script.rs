//! What has to be replaced to turn one sequence into another, found in bounded work.
//!
//! A shortest script takes quadratic time in the worst case, and a clock that ends it would make the answer depend on the
//! machine. So the search counts its steps. It holds on to what stands once in both sequences (patience diff, B. Cohen
//! 2010), then to runs that stand once; what lies between two such anchors and is small goes to the algorithm of Myers (1986).
//! What is neither is replaced as a block, and the answer says that it is coarse.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A part of the one sequence, and what stands in its place in the other. One of them may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// In the first.
    pub old: Range<usize>,
    /// In the second.
    pub new: Range<usize>,
}

impl Replaced {
    /// The same, further on in both.
    pub(super) fn shifted(self, old: usize, new: usize) -> Self {
        Self {
            old: self.old.start + old..self.old.end + old,
            new: self.new.start + new..self.new.end + new,
        }
    }

    fn is_nothing(&self) -> bool {
        self.old.is_empty() && self.new.is_empty()
    }
}

/// What is left of the steps that may be taken for one text.
#[derive(Clone, Debug)]
pub struct Work {
    left: u64,
    /// Whether something was replaced as a block because it would have taken too many.
    pub coarse: bool,
}

/// Steps: about a second on a slow processor.
const STEPS: u64 = 1 << 28;
/// A block that may take more is never searched for a shortest script, whatever is left: 4096 items on both sides together.
const BLOCK: u64 = 1 << 24;
/// Anchors within anchors, as deep as this; each level takes one pass.
const DEEPEST: usize = 48;
/// Runs of so many items that stand once are tried where no single item does.
const WIDTHS: [usize; 3] = [1, 4, 16];
/// In longer blocks runs are not tried, in items: sorting them takes longer than the answer is worth.
const WIDE: u64 = 1 << 21;

impl Default for Work {
    fn default() -> Self {
        Self {
            left: STEPS,
            coarse: false,
        }
    }
}

impl Work {
    /// Takes so many steps for something, or notes that it is left coarse where fewer are left.
    pub(super) fn afford(&mut self, steps: u64) -> bool {
        let affordable = self.take(steps);
        self.coarse |= !affordable;
        affordable
    }

    /// Takes so many steps, or none where fewer are left.
    fn take(&mut self, steps: u64) -> bool {
        let left = self.left.checked_sub(steps);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

/// What to replace, in order; no two touch each other.
pub(super) fn script(old: &[u32], new: &[u32], work: &mut Work) -> Vec<Replaced> {
    let mut search = Search {
        old,
        new,
        work,
        script: Vec::new(),
    };
    let all = Replaced {
        old: 0..old.len(),
        new: 0..new.len(),
    };
    search.between(all, 0);
    search.script
}

struct Search<'a> {
    old: &'a [u32],
    new: &'a [u32],
    work: &'a mut Work,
    script: Vec<Replaced>,
}

/// What two blocks have in common.
enum Common {
    Nothing,
    /// Items that stand once in both, in an order that both have.
    Anchors(Vec<(usize, usize)>),
    /// Only items that stand several times.
    Repeated,
}

impl Search<'_> {
    fn between(&mut self, block: Replaced, depth: usize) {
        let block = self.trimmed(block);
        if block.old.is_empty() || block.new.is_empty() {
            return self.replace(block);
        }
        match self.common(&block, depth) {
            Common::Nothing => self.replace(block),
            Common::Repeated => self.shortest(block),
            Common::Anchors(anchors) => self.around(&anchors, &block, depth),
        }
    }

    /// What lies before, between and after anchors.
    fn around(&mut self, anchors: &[(usize, usize)], block: &Replaced, depth: usize) {
        let (mut old, mut new) = (block.old.start, block.new.start);
        for &(at_old, at_new) in anchors {
            if at_old < old || at_new < new {
                continue; // The match of the anchor before goes over it.
            }
            let before = Replaced {
                old: old..at_old,
                new: new..at_new,
            };
            self.between(before, depth + 1);
            let same = |(a, b): &(&u32, &u32)| a == b;
            let rest = (&self.old[at_old..block.old.end], &self.new[at_new..block.new.end]);
            let length = rest.0.iter().zip(rest.1).take_while(same).count();
            (old, new) = (at_old + length, at_new + length);
        }
        let after = Replaced {
            old: old..block.old.end,
            new: new..block.new.end,
        };
        self.between(after, depth + 1);
    }

    /// A block without what both sides begin and end with.
    fn trimmed(&self, block: Replaced) -> Replaced {
        let Replaced { mut old, mut new } = block;
        let same = |(a, b): &(&u32, &u32)| a == b;
        let both = (&self.old[old.clone()], &self.new[new.clone()]);
        let begin = both.0.iter().zip(both.1).take_while(same).count();
        (old.start, new.start) = (old.start + begin, new.start + begin);
        let both = (&self.old[old.clone()], &self.new[new.clone()]);
        let end = both.0.iter().rev().zip(both.1.iter().rev()).take_while(same).count();
        (old.end, new.end) = (old.end - end, new.end - end);
        Replaced { old, new }
    }

    fn common(&mut self, block: &Replaced, depth: usize) -> Common {
        let length = (block.old.len() + block.new.len()) as u64;
        for width in WIDTHS {
            if depth > DEEPEST || !self.work.take(length) {
                return Common::Repeated;
            }
            match anchors(self.old, self.new, block, width) {
                Common::Nothing if width > 1 => {}
                Common::Repeated => {}
                found => return found,
            }
            if length * length <= BLOCK || length > WIDE {
                return Common::Repeated;
            }
        }
        Common::Repeated
    }

    /// The shortest script for a block, where that is not too much work.
    fn shortest(&mut self, block: Replaced) {
        let length = (block.old.len() + block.new.len()) as u64;
        if length.saturating_mul(length) > BLOCK || !self.work.take(length * length) {
            self.work.coarse = true;
            return self.replace(block);
        }
        let (old, new) = (&self.old[block.old.clone()], &self.new[block.new.clone()]);
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            if !matches!(op, DiffOp::Equal { .. }) {
                let (old, new) = (op.old_range(), op.new_range());
                self.replace(Replaced { old, new }.shifted(block.old.start, block.new.start));
            }
        }
    }

    /// Notes a block; one that touches the last is joined to it.
    fn replace(&mut self, block: Replaced) {
        if block.is_nothing() {
            return;
        }
        match self.script.last_mut() {
            Some(last) if last.old.end == block.old.start && last.new.end == block.new.start => {
                (last.old.end, last.new.end) = (block.old.end, block.new.end);
            }
            _ => self.script.push(block),
        }
    }
}

/// What stands once in both blocks, of runs of so many items, where it is in the same order.
fn anchors(old: &[u32], new: &[u32], block: &Replaced, width: usize) -> Common {
    let (ours, theirs) = (index(old, &block.old, width), index(new, &block.new, width));
    let (mut a, mut b) = (ours.chunk_by(same_key).peekable(), theirs.chunk_by(same_key).peekable());
    let (mut pairs, mut shared) = (Vec::new(), false);
    while let (Some(one), Some(other)) = (a.peek(), b.peek()) {
        match one[0].0.cmp(&other[0].0) {
            std::cmp::Ordering::Less => drop(a.next()),
            std::cmp::Ordering::Greater => drop(b.next()),
            std::cmp::Ordering::Equal => {
                shared = true;
                if let ([(_, one)], [(_, other)]) = (one, other) {
                    pairs.push((*one as usize, *other as usize));
                }
                a.next();
                b.next();
            }
        }
    }
    pairs.retain(|&(one, other)| old[one..one + width] == new[other..other + width]);
    pairs.sort_unstable();
    match (shared, pairs.is_empty()) {
        (false, _) => Common::Nothing,
        (true, true) => Common::Repeated,
        (true, false) => Common::Anchors(rising(&pairs)),
    }
}

fn same_key(a: &(u64, u32), b: &(u64, u32)) -> bool {
    a.0 == b.0
}

/// The runs of a block with their places, sorted: sequential memory, where a table would wait for each item.
fn index(items: &[u32], block: &Range<usize>, width: usize) -> Vec<(u64, u32)> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let runs = items[block.clone()].windows(width).enumerate();
    let mut index: Vec<(u64, u32)> = runs.map(|(at, run)| (key(run), place(block.start + at))).collect();
    index.sort_unstable();
    index
}

/// A single item stands for itself, a run for its hash (FNV-1a, whole items at a time); equal hashes are compared later.
fn key(run: &[u32]) -> u64 {
    if let [one] = run {
        return u64::from(*one);
    }
    let mix = |hash: u64, item: &u32| (hash ^ u64::from(*item)).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    run.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

/// The longest choice of pairs that rises on both sides (patience sorting).
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let pile = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(pile.checked_sub(1).map(|pile| ends[pile]));
        match ends.get_mut(pile) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let last = ends.last().copied();
    let mut chosen: Vec<_> = std::iter::successors(last, |&index| before[index])
        .map(|index| pairs[index])
        .collect();
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(old: &[u32], new: &[u32], script: &[Replaced]) -> Vec<u32> {
        let (mut made, mut at) = (Vec::new(), 0);
        for one in script {
            made.extend_from_slice(&old[at..one.old.start]);
            made.extend_from_slice(&new[one.new.clone()]);
            at = one.old.end;
        }
        made.extend_from_slice(&old[at..]);
        made
    }

    fn checked(old: &[u32], new: &[u32]) -> (Vec<Replaced>, bool) {
        let mut work = Work::default();
        let script = script(old, new, &mut work);
        assert_eq!(applied(old, new, &script), new);
        (script, work.coarse)
    }

    #[test]
    fn replaces_as_little_as_it_can() {
        let (script, coarse) = checked(&[1, 2, 3, 4, 5], &[1, 9, 3, 5]);
        assert_eq!(script.len(), 2);
        assert!(!coarse);
        assert_eq!(checked(&[1, 2], &[1, 2]).0, []);
    }

    #[test]
    fn hard_blocks_are_coarse_and_right() {
        let noise = |seed: u64| {
            let next = |state: &mut u64| {
                *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                Some((*state >> 62) as u32)
            };
            let mut state = seed;
            std::iter::from_fn(move || next(&mut state))
                .take(20_000)
                .collect::<Vec<_>>()
        };
        assert!(checked(&noise(1), &noise(2)).1, "four items in no order");
        let (old, mut new) = (noise(1), noise(1));
        new.remove(10_000);
        new[3] = 7;
        let (script, coarse) = checked(&old, &new);
        assert!(!coarse && script.len() < 4, "runs are anchors: {script:?}");
    }

    #[test]
    fn nothing_in_common_is_one_block() {
        let (old, new): (Vec<u32>, Vec<u32>) = ((0..50_000).collect(), (50_000..90_000).collect());
        let (script, coarse) = checked(&old, &new);
        assert_eq!((script.len(), coarse), (1, false));
    }

    proptest! {
        #[test]
        fn gives_the_new_from_the_old(old in prop::collection::vec(0u32..6, 0..60), new in prop::collection::vec(0u32..6, 0..60)) {
            let (script, coarse) = checked(&old, &new);
            prop_assert!(!coarse);
            let apart = |pair: &[Replaced]| pair[0].old.end < pair[1].old.start || pair[0].new.end < pair[1].new.start;
            prop_assert!(script.windows(2).all(apart));
        }
    }
}
