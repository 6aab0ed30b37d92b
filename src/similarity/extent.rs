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

/// Calls back with the extents of a chain, by their place in the earlier piece.
pub fn extents(earlier: &Normal, later: &Normal, chain: &Chain, mut take: impl FnMut(Extent)) {
    let (rows, columns) = (Side::rows(earlier, chain), Side::columns(later, chain));
    let (down, across) = mutual(rows.partners(&columns), &rows, columns.partners(&rows), &columns);
    let worth = rows.worth(&down, later);
    for run in runs(&worth) {
        let own = rows.window.start + run.start..rows.window.start + run.end;
        let within = |&partner: &u32| {
            if own.contains(&(partner as usize)) {
                partner
            } else {
                NONE
            }
        };
        let across: Vec<u32> = across.iter().map(within).collect();
        let other = columns.worth(&across, earlier);
        let sum = |run: &Range<usize>| other[run.clone()].iter().sum::<f32>();
        let Some(best) = runs(&other).into_iter().max_by(|x, y| sum(x).total_cmp(&sum(y))) else {
            continue;
        };
        let there = columns.window.start + best.start..columns.window.start + best.end;
        let gained = gain(&worth[run]) + gain(&other[best]);
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

/// One of the two pieces: the window that is looked at, and where in the other its seeds are found again.
struct Side<'a> {
    normal: &'a Normal,
    window: Range<usize>,
    /// A word here and its place there, ascending.
    anchors: Vec<(u32, u32)>,
}

impl<'a> Side<'a> {
    fn rows(normal: &'a Normal, chain: &Chain) -> Self {
        let anchors = chain.hits.iter().map(|hit| (hit.earlier, hit.later));
        Self::new(normal, anchors.collect())
    }

    fn columns(normal: &'a Normal, chain: &Chain) -> Self {
        let anchors = chain.hits.iter().map(|hit| (hit.later, hit.earlier));
        let mut anchors: Vec<(u32, u32)> = anchors.collect();
        anchors.sort_unstable();
        Self::new(normal, anchors)
    }

    fn new(normal: &'a Normal, anchors: Vec<(u32, u32)>) -> Self {
        let first = anchors.first().map_or(0, |anchor| anchor.0 as usize);
        let last = anchors.last().map_or(0, |anchor| anchor.0 as usize);
        Self {
            normal,
            window: first.saturating_sub(MARGIN)..(last + 1 + MARGIN).min(normal.words.len()),
            anchors,
        }
    }

    /// The partner of each word: the same word on the other side, nearest to where the nearest seed leads one to expect it.
    /// A short word has the one that stands beside the partner of its neighbour.
    fn partners(&self, other: &Side<'_>) -> Vec<u32> {
        let mut partners = self.partners_of_long(other);
        let words = &self.normal.words[self.window.clone()];
        let same = |word: usize, at: u32| {
            other.window.contains(&(at as usize)) && other.normal.words[at as usize].hash == words[word].hash
        };
        for word in 1..words.len() {
            let at = partners[word - 1].wrapping_add(1);
            if partners[word] == SKIPPED && same(word, at) {
                partners[word] = at;
            }
        }
        for word in (0..words.len()).rev() {
            if partners[word] >= SKIPPED {
                let at = partners
                    .get(word + 1)
                    .filter(|at| (1..SKIPPED).contains(*at))
                    .map(|at| at - 1);
                let at = at.filter(|&at| partners[word] == SKIPPED && same(word, at));
                partners[word] = at.unwrap_or(NONE);
            }
        }
        partners
    }

    fn partners_of_long(&self, other: &Side<'_>) -> Vec<u32> {
        let places = other.normal.places();
        let mut nearest = 0;
        let partner = |at: usize| {
            let weight = self.weight_of(at);
            if weight <= SHORT {
                return SKIPPED;
            }
            let drift = if weight <= DENSE { DENSE_DRIFT } else { DRIFT };
            let (word, at) = (&self.normal.words[at], at as u32);
            let away = |anchor: usize| self.anchors.get(anchor).map_or(NONE, |(from, _)| from.abs_diff(at));
            while away(nearest + 1) <= away(nearest) && nearest + 1 < self.anchors.len() {
                nearest += 1;
            }
            let (from, to) = self.anchors.get(nearest).copied().unwrap_or_default();
            let expected = (to + at).saturating_sub(from);
            let found = places.nearest(word.hash, expected);
            let near = |&found: &u32| found.abs_diff(expected) <= drift && other.window.contains(&(found as usize));
            found.filter(near).unwrap_or(NONE)
        };
        self.window.clone().map(partner).collect()
    }

    fn weight_of(&self, word: usize) -> f32 {
        match self.normal.codes_of(word..word + 1) {
            [code] if *code >= 0x80 => DENSE,
            [_, _, _, _, ..] => 1.0,
            _ => SHORT,
        }
    }

    fn weight(&self, words: &Range<usize>) -> f32 {
        words.clone().map(|word| self.weight_of(word)).sum()
    }

    /// What each word of the window is worth.
    fn worth(&self, partners: &[u32], other: &Normal) -> Vec<f32> {
        let here = |word: Option<usize>| word.and_then(|word| self.normal.words.get(word));
        let there = |word: Option<usize>| word.and_then(|word| other.words.get(word));
        let same = |a, b| here(a).zip(there(b)).is_some_and(|(a, b)| a.hash == b.hash);
        let worth = |(word, &partner): (usize, &u32)| {
            let (weight, at) = (self.weight_of(word), partner as usize);
            if partner == NONE {
                -COST * weight
            } else if same(Some(word + 1), Some(at + 1)) || same(word.checked_sub(1), at.checked_sub(1)) {
                weight
            } else {
                LONE * weight
            }
        };
        self.window.clone().zip(partners).map(worth).collect()
    }
}

/// Keeps the partners that choose each other: a passage that stands once is not matched twice.
fn mutual(mut down: Vec<u32>, rows: &Side<'_>, mut across: Vec<u32>, columns: &Side<'_>) -> (Vec<u32>, Vec<u32>) {
    faithful(&mut down, rows.window.start, &across, columns.window.start);
    faithful(&mut across, columns.window.start, &down, rows.window.start);
    (down, across)
}

fn faithful(own: &mut [u32], start: usize, other: &[u32], other_start: usize) {
    for (word, partner) in (start..).zip(own) {
        if *partner != NONE && other[*partner as usize - other_start] as usize != word {
            *partner = NONE;
        }
    }
}

/// A run of words, with the sums before it and behind it.
struct Run {
    words: Range<usize>,
    before: f32,
    after: f32,
}

/// The maximal runs that are worth something, after Ruzzo and Tompa, "A linear time algorithm for finding all maximal
/// scoring subsequences", 1999.
fn runs(worth: &[f32]) -> Vec<Range<usize>> {
    let mut runs: Vec<Run> = Vec::new();
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
            join(&mut runs, run);
        }
    }
    runs.retain(|run| run.after - run.before >= WORTH);
    runs.into_iter().map(|run| run.words).collect()
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
    use super::super::chain::{Hit, chains};
    use super::*;

    fn found(a: &str, b: &str, hits: &[(u32, u32)]) -> Vec<(String, String)> {
        let (one, two) = (Normal::of(a), Normal::of(b));
        let hits = hits.iter().map(|&(earlier, later)| Hit { earlier, later });
        let mut found = Vec::new();
        chains(hits, |chain| {
            extents(&one, &two, &chain, |extent| {
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
}
