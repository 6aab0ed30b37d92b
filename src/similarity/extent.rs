//! How far two passages go that share seeds: the words around are matched, and the ends lie where matches become rare.
//!
//! Words are matched one to one with the nearest same word, not in strict order: whoever edits a text moves words about.
//! Each word is worth something where it is matched and costs something where it is not, and the runs that are worth most
//! are the passages.

use std::ops::Range;

use super::chain::Chain;
use super::normal::Normal;

/// Two runs of words that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Extent {
    /// Words of the earlier piece.
    pub earlier: Range<usize>,
    /// Words of the later piece.
    pub later: Range<usize>,
    /// The share of their weight that is matched, from 0 to 1.
    pub matched: f32,
}

/// So many words beyond the chain are looked at.
const MARGIN: usize = 120;
/// A word is matched with one that stands at most so far from where it is expected, in words,
const DRIFT: u32 = 40;
/// and a character of a script without spaces, which returns more often, so far.
const DENSE_DRIFT: u32 = 10;
/// In so many bits is noted which words stand in a window.
const KNOWN: usize = 1 << 12;
/// What a word costs that is not matched, of its weight.
const COST: f32 = 0.35;
/// What a word is worth that is matched while its neighbours are not, of its weight.
const LONE: f32 = 0.7;
/// What a run is worth, at least.
const WORTH: f32 = 4.0;
/// What a word of fewer than four letters weighs, beside one of more.
const SHORT: f32 = 0.3;
/// What a character weighs in a script without spaces.
const DENSE: f32 = 0.6;
/// A word without a partner.
const NONE: u32 = u32::MAX;
/// A short word that has no partner yet.
const SKIPPED: u32 = NONE - 1;

/// Calls back with the extents of a chain, by their place in the earlier piece. The desk may be a used one.
pub fn extents(earlier: &Normal, later: &Normal, chain: &Chain, desk: &mut Desk, mut take: impl FnMut(Extent)) {
    let Desk {
        rows,
        columns,
        down,
        across,
    } = desk;
    rows.lay(earlier, chain.hits.iter().map(|hit| (hit.earlier, hit.later)));
    columns.lay(later, chain.hits.iter().map(|hit| (hit.later, hit.earlier)));
    rows.match_with(columns, later);
    columns.match_with(rows, earlier);
    rows.keep_mutual(columns);
    columns.keep_mutual(rows);
    rows.value(earlier, later, |_| true);
    worthy(&rows.worth, down);
    for run in down {
        let own = rows.window.start + run.words.start..rows.window.start + run.words.end;
        columns.value(later, earlier, |partner| own.contains(&(partner as usize)));
        worthy(&columns.worth, across);
        let sum = |run: &Run| columns.worth[run.words.clone()].iter().sum::<f32>();
        let Some(best) = across.iter().max_by(|x, y| sum(x).total_cmp(&sum(y))) else {
            continue;
        };
        let there = columns.window.start + best.words.start..columns.window.start + best.words.end;
        let gained = gain(&rows.worth[run.words.clone()]) + gain(&columns.worth[best.words.clone()]);
        let whole = rows.weight(&own) + columns.weight(&there);
        take(Extent {
            earlier: own,
            later: there,
            matched: gained / whole.max(SHORT),
        });
    }
}

fn gain(worth: &[f32]) -> f32 {
    worth.iter().filter(|worth| **worth > 0.0).sum()
}

/// Memory to find extents in, which is used again for the next chain.
#[derive(Debug, Default)]
pub struct Desk {
    rows: Side,
    columns: Side,
    down: Vec<Run>,
    across: Vec<Run>,
}

/// One of the two pieces: the window that is looked at, and where in the other its seeds are found again. What it holds of
/// each word is in the order of the window.
#[derive(Debug, Default)]
struct Side {
    window: Range<usize>,
    /// A word here and its place there, ascending.
    anchors: Vec<(u32, u32)>,
    weights: Vec<f32>,
    hashes: Vec<u32>,
    /// Which hashes may stand in the window: a bit for each that a lower part of one is the number of.
    known: Vec<u64>,
    partners: Vec<u32>,
    /// Long words that do not stand where they are expected, by their number in the window, and where they are.
    moved: Vec<(u32, u32)>,
    /// The number of each short word in the window.
    short: Vec<u32>,
    worth: Vec<f32>,
}

impl Side {
    /// Lays out the window around some anchors.
    fn lay(&mut self, normal: &Normal, anchors: impl Iterator<Item = (u32, u32)>) {
        self.anchors.clear();
        self.anchors.extend(anchors);
        if !self.anchors.is_sorted() {
            self.anchors.sort_unstable();
        }
        let first = self.anchors.first().map_or(0, |anchor| anchor.0 as usize);
        let last = self.anchors.last().map_or(0, |anchor| anchor.0 as usize);
        self.window = first.saturating_sub(MARGIN)..(last + 1 + MARGIN).min(normal.words.len());
        self.weigh(normal);
        self.hashes.clear();
        self.hashes
            .extend(normal.words[self.window.clone()].iter().map(|word| word.hash));
        self.know();
    }

    /// Notes which hashes may stand in the window.
    fn know(&mut self) {
        self.known.clear();
        self.known.resize(KNOWN / 64, 0);
        for hash in &self.hashes {
            self.known[*hash as usize % KNOWN / 64] |= 1 << (hash % 64);
        }
    }

    /// Whether a hash may stand in the window: most that do not are told by one look.
    #[inline]
    fn may_know(&self, hash: u32) -> bool {
        self.known[hash as usize % KNOWN / 64] >> (hash % 64) & 1 == 1
    }

    /// Notes what each word of the window weighs, and which are short.
    fn weigh(&mut self, normal: &Normal) {
        let words = &normal.words[self.window.clone()];
        let (codes, mut start) = (normal.codes(), normal.code_at(self.window.start));
        let ends = words.iter().skip(1).map(|word| word.code as usize);
        self.weights.clear();
        self.short.clear();
        self.short.resize(words.len() + 1, 0);
        let mut short = 0;
        for (word, end) in ends.chain([normal.code_at(self.window.end)]).enumerate() {
            let weight = weight_of(&codes[start..end]);
            self.weights.push(weight);
            // Which words are short follows no pattern, so that there is no branch on it.
            self.short[short] = word as u32;
            short += usize::from(weight <= SHORT);
            start = end;
        }
        self.short.truncate(short);
    }

    /// Finds the partner of each word: the same word on the other side, nearest to where the nearest seed leads one to expect
    /// it. A short word has the one that stands beside the partner of its neighbour.
    fn match_with(&mut self, other: &Side, others: &Normal) {
        self.match_expected(other, others);
        self.match_moved(other, others);
        for number in 0..self.short.len() {
            let word = self.short[number] as usize;
            if word > 0 {
                self.match_short(word, self.partners[word - 1].wrapping_add(1), other);
            }
        }
        for number in (0..self.short.len()).rev() {
            let word = self.short[number] as usize;
            if let Some(behind) = self.partners.get(word + 1) {
                self.match_short(word, behind.wrapping_sub(1), other);
            }
        }
        for &word in &self.short {
            let partner = &mut self.partners[word as usize];
            *partner = if *partner == SKIPPED { NONE } else { *partner };
        }
    }

    /// Matches each long word with the one that is expected, where it is the same, and notes the others.
    fn match_expected(&mut self, other: &Side, others: &Normal) {
        self.partners.clear();
        self.moved.clear();
        for anchor in 0..self.anchors.len() {
            let words = self.partners.len()..self.end_of(anchor);
            self.match_run(words, self.anchors[anchor], other, others);
        }
    }

    /// Where the words end to which no later anchor is nearer, or as near.
    fn end_of(&self, anchor: usize) -> usize {
        let Some(&(next, _)) = self.anchors.get(anchor + 1) else {
            return self.hashes.len();
        };
        let begun = self.partners.len();
        match self.anchors[anchor].0 {
            here if here == next => begun,
            here => ((here + next).div_ceil(2) as usize - self.window.start).clamp(begun, self.hashes.len()),
        }
    }

    /// Matches words to which one anchor is the nearest: they are expected one behind the other, there as here.
    fn match_run(&mut self, words: Range<usize>, anchor: (u32, u32), other: &Side, others: &Normal) {
        let here = anchor.0 as usize + other.window.start;
        let there = anchor.1 as usize + self.window.start + words.start;
        let (before, place) = (here.saturating_sub(there), there.saturating_sub(here));
        let first = words.start + before.min(words.len());
        let count = (words.end - first).min(other.hashes.len().saturating_sub(place));
        self.match_beyond(words.start..first, anchor, other, others);
        self.match_within(
            first..first + count,
            anchor,
            &other.hashes[place.min(other.hashes.len())..],
        );
        self.match_beyond(first + count..words.end, anchor, other, others);
    }

    /// Matches words with those that are expected within the other window. Which words are long follows no pattern, so that there
    /// is no branch on it.
    fn match_within(&mut self, words: Range<usize>, (from, to): (u32, u32), there: &[u32]) {
        let mut moved = self.moved.len();
        self.moved.resize(moved + words.len(), (0, 0));
        self.partners.resize(words.end, NONE);
        let expected = (to + (self.window.start + words.start) as u32).saturating_sub(from);
        let here = self.hashes[words.clone()].iter().zip(&self.weights[words.clone()]);
        let partners = self.partners[words.clone()].iter_mut();
        for (number, (partner, ((hash, &weight), there))) in partners.zip(here.zip(there)).enumerate() {
            let (long, is_there, expected) = (weight > SHORT, hash == there, expected + number as u32);
            self.moved[moved] = ((words.start + number) as u32, expected);
            moved += usize::from(long & !is_there);
            let known = if is_there { expected } else { NONE };
            *partner = if long { known } else { SKIPPED };
        }
        self.moved.truncate(moved);
    }

    /// Does the same for words that are expected beyond the other window, where none has a partner.
    fn match_beyond(&mut self, words: Range<usize>, (from, to): (u32, u32), other: &Side, others: &Normal) {
        for word in words {
            let expected = (to + (self.window.start + word) as u32).saturating_sub(from);
            let there = others.words.get(expected as usize);
            let is_there = there.is_some_and(|there| there.hash == self.hashes[word]);
            let long = self.weights[word] > SHORT;
            if long && !is_there {
                self.moved.push((word as u32, expected));
            }
            let inside = is_there && other.window.contains(&(expected as usize));
            let partner = if inside { expected } else { NONE };
            self.partners.push(if long { partner } else { SKIPPED });
        }
    }

    /// Matches the long words that do not stand where they are expected.
    fn match_moved(&mut self, other: &Side, others: &Normal) {
        for &(word, expected) in &self.moved {
            let (hash, weight) = (self.hashes[word as usize], self.weights[word as usize]);
            let drift = if weight <= DENSE { DENSE_DRIFT } else { DRIFT };
            if other.may_know(hash) && other.stands_near(hash, expected, drift) {
                self.partners[word as usize] = other.nearest(others, hash, expected, drift);
            }
        }
    }

    /// Matches a short word that has no partner with a word of the other side, where it is the same.
    #[inline]
    fn match_short(&mut self, word: usize, at: u32, other: &Side) {
        let there = other.hashes.get((at as usize).wrapping_sub(other.window.start));
        if self.partners[word] == SKIPPED && there == Some(&self.hashes[word]) {
            self.partners[word] = at;
        }
    }

    /// Whether a word of the window that is near an expected number has a hash.
    #[inline]
    fn stands_near(&self, hash: u32, expected: u32, drift: u32) -> bool {
        let within = |at: usize| at.saturating_sub(self.window.start).min(self.hashes.len());
        let from = within(expected.saturating_sub(drift) as usize);
        self.hashes[from..within((expected + drift + 1) as usize)].contains(&hash)
    }

    /// The word of the window with a hash, which stands near, if no such word beyond the window is nearer to an expected number;
    /// the earlier of two that are as near.
    fn nearest(&self, normal: &Normal, hash: u32, expected: u32, drift: u32) -> u32 {
        let (from, to) = (expected.checked_sub(drift), (expected + drift) as usize);
        match from.and_then(|from| (from as usize).checked_sub(self.window.start)) {
            Some(from) if to < self.window.end => {
                let around = &self.hashes[from..=from + 2 * drift as usize];
                let (before, behind) = around.split_at(drift as usize);
                let away = |at: Option<usize>| at.map_or(NONE, |at| at as u32);
                let before = away(before.iter().rev().position(|&there| there == hash)).saturating_add(1);
                let behind = away(behind.iter().position(|&there| there == hash));
                if before <= behind {
                    expected - before
                } else {
                    expected + behind
                }
            }
            _ => Some(nearest(normal, hash, expected, drift))
                .filter(|&at| self.window.contains(&(at as usize)))
                .unwrap_or(NONE),
        }
    }

    fn weight(&self, words: &Range<usize>) -> f32 {
        let within = words.start - self.window.start..words.end - self.window.start;
        self.weights[within].iter().sum()
    }

    /// Finds what each word of the window is worth, with those of the partners alone that count.
    fn value(&mut self, own: &Normal, others: &Normal, counts: impl Fn(u32) -> bool) {
        let here = |word: Option<usize>| word.and_then(|word| own.words.get(word));
        let there = |word: Option<usize>| word.and_then(|word| others.words.get(word));
        let same = |a, b| here(a).zip(there(b)).is_some_and(|(a, b)| a.hash == b.hash);
        let worth = |(word, (&partner, &weight)): (usize, (&u32, &f32))| {
            let at = partner as usize;
            if partner == NONE || !counts(partner) {
                -COST * weight
            } else if same(Some(word + 1), Some(at + 1)) || same(word.checked_sub(1), at.checked_sub(1)) {
                weight
            } else {
                LONE * weight
            }
        };
        self.worth.clear();
        let words = self.window.clone().zip(self.partners.iter().zip(&self.weights));
        self.worth.extend(words.map(worth));
    }

    /// Keeps the partners that choose each other: a passage that stands once is not matched twice.
    fn keep_mutual(&mut self, other: &Side) {
        for (word, partner) in self.window.clone().zip(&mut self.partners) {
            if *partner != NONE && other.partners[*partner as usize - other.window.start] as usize != word {
                *partner = NONE;
            }
        }
    }
}

/// The number of the word with a hash that is nearest to an expected number, the earlier of two, if none is further away than it
/// may drift.
fn nearest(normal: &Normal, hash: u32, expected: u32, drift: u32) -> u32 {
    let is = |at: &u32| normal.words.get(*at as usize).is_some_and(|word| word.hash == hash);
    let on_both_sides = |away: u32| {
        let before = expected.checked_sub(away).filter(is);
        before.or_else(|| Some(expected + away).filter(is))
    };
    (1..=drift).find_map(on_both_sides).unwrap_or(NONE)
}

fn weight_of(word: &[u8]) -> f32 {
    match word {
        [code] if *code >= 0x80 => DENSE,
        [_, _, _, _, ..] => 1.0,
        _ => SHORT,
    }
}

/// A run of words, with the sums before it and behind it.
#[derive(Debug)]
struct Run {
    words: Range<usize>,
    before: f32,
    after: f32,
}

/// Finds the maximal runs that are worth something, after Ruzzo and Tompa, "A linear time algorithm for finding all maximal
/// scoring subsequences", 1999.
fn worthy(worth: &[f32], runs: &mut Vec<Run>) {
    runs.clear();
    let mut sum = 0.0;
    for (at, &worth) in worth.iter().enumerate() {
        let before = sum;
        sum += worth;
        if worth > 0.0 {
            let run = Run {
                words: at..at + 1,
                before,
                after: sum,
            };
            join(runs, run);
        }
    }
    runs.retain(|run| run.after - run.before >= WORTH);
}

/// Adds a run, joined with those before it that are worth more together with it than without.
fn join(runs: &mut Vec<Run>, mut run: Run) {
    while let Some(index) = runs.iter().rposition(|other| other.before < run.before) {
        if runs[index].after >= run.after {
            break;
        }
        run.words.start = runs[index].words.start;
        run.before = runs[index].before;
        runs.truncate(index);
    }
    runs.push(run);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::chain::{Hit, chains};
    use super::*;

    fn found(a: &str, b: &str, hits: &[(u32, u32)]) -> Vec<(String, String)> {
        let (one, two) = (Normal::of(a), Normal::of(b));
        let hits = hits.iter().map(|&(earlier, later)| Hit { earlier, later });
        let (mut found, mut desk) = (Vec::new(), Desk::default());
        chains(hits, |chain| {
            extents(&one, &two, &chain, &mut desk, |extent| {
                let text = |text: &str, normal: &Normal, words| text[normal.bytes_of(words)].to_owned();
                found.push((text(a, &one, extent.earlier), text(b, &two, extent.later)));
            });
        });
        found
    }

    #[test]
    fn ends_lie_where_matches_end() {
        let a = "Nothing of this was written down. The barges brought lamp oil and rope to the lower quay before winter came. Few remember.";
        let b = "In other years, the barges brought lamp oil, rope and salt to the lower quay before the winter came, it seems to us today.";
        let found = found(a, b, &[(7, 4), (8, 5), (14, 11)]);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].0,
            "The barges brought lamp oil and rope to the lower quay before winter came"
        );
        assert_eq!(
            found[0].1,
            "the barges brought lamp oil, rope and salt to the lower quay before the winter came"
        );
    }

    #[test]
    fn what_stands_once_is_matched_once() {
        let a = "lamps burned along the western quay tonight";
        let found = found(a, &format!("{a} {a} {a}"), &[(0, 7), (1, 8)]);
        assert_eq!(found, [(a.to_owned(), a.to_owned())]);
    }

    fn text(words: &[u8]) -> Normal {
        // Words of two letters and of five; one in eight is short.
        let word = |word: &u8| match word % 8 {
            0 => format!("w{}", word / 8),
            _ => format!("word{word}"),
        };
        Normal::of(&words.iter().map(word).collect::<Vec<_>>().join(" "))
    }

    /// The partner of a long word by its definition: the nearest of all that are the same.
    fn plain(word: usize, own: &Normal, others: &Normal, side: &Side, other: &Side) -> u32 {
        let away = |anchor: &&(u32, u32)| anchor.0.abs_diff(word as u32);
        let (from, to) = side.anchors.iter().rev().min_by_key(away).expect("an anchor");
        let expected = (to + word as u32).saturating_sub(*from) as usize;
        let same = (0..others.words.len()).filter(|&at| others.words[at].hash == own.words[word].hash);
        let nearest = same.min_by_key(|at| at.abs_diff(expected));
        let near = |at: &usize| at.abs_diff(expected) <= DRIFT as usize && other.window.contains(at);
        nearest.filter(near).map_or(NONE, |at| at as u32)
    }

    proptest! {
        #[test]
        fn a_long_word_has_the_nearest_partner(
            a in proptest::collection::vec(0..60_u8, 200..400),
            b in proptest::collection::vec(0..60_u8, 200..400),
            anchors in proptest::collection::vec((0..200_u32, 0..200_u32), 1..6),
        ) {
            let (earlier, later) = (text(&a), text(&b));
            let (mut rows, mut columns) = (Side::default(), Side::default());
            rows.lay(&earlier, anchors.iter().copied());
            columns.lay(&later, anchors.iter().map(|&(row, column)| (column, row)));
            rows.match_with(&columns, &later);
            for (word, (&partner, &weight)) in rows.window.clone().zip(rows.partners.iter().zip(&rows.weights)) {
                if weight > SHORT {
                    prop_assert_eq!(partner, plain(word, &earlier, &later, &rows, &columns));
                } else if partner != NONE {
                    prop_assert_eq!(later.words[partner as usize].hash, earlier.words[word].hash);
                }
            }
        }
    }
}
