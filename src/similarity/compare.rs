//! Two pieces that share seeds, compared: which passages of one stand in the other, and how alike they are.
//!
//! Three ways lead to a passage. Two paragraphs that share a seed are compared whole. A chain of seeds gives the extent of
//! what was edited. And where recognition from a scan has spoilt most words, characters are aligned from a seed outwards.
//! What lies over another passage on one side and is less alike is dropped, and what follows closely is joined.

use std::ops::Range;

use super::chain::{Chain, Hit, chains};
use super::extent::{Desk, Extent, extents};
use super::normal::Normal;
use super::{Options, align, edit};

/// Two passages that are alike, as runs of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Words of the earlier piece.
    pub earlier: Range<usize>,
    /// Words of the later piece.
    pub later: Range<usize>,
    /// How alike they are, from 0 to 1.
    pub similarity: f32,
    /// What it weighs beside another one: words in common, by how alike they are.
    score: f32,
    /// Whether many words are changed: then characters tell what belongs to it.
    loose: bool,
}

impl Match {
    fn new(earlier: Range<usize>, later: Range<usize>, similarity: f32, ratio: f32) -> Self {
        let words = (earlier.len() + later.len()) as f32 / 2.0;
        Self {
            score: words * ratio * similarity,
            loose: ratio < CLEAN,
            earlier,
            later,
            similarity,
        }
    }

    /// Words of the shorter side.
    pub fn words(&self) -> usize {
        self.earlier.len().min(self.later.len())
    }
}

/// From when on two passages are the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    similarity: f32,
    words: usize,
    paragraph: usize,
    /// A chain that covers so many words is looked into.
    cover: u32,
    /// So is one with a run without a gap of so many.
    firm: u32,
}

/// Passages of more words than this may be less alike than the threshold,
const LONG: f32 = 30.0;
/// for each word more by so much,
const EASE: f32 = 0.01;
/// down to this share of it.
const LEAST: f32 = 4.0 / 7.0;
/// Passages whose words are less alike than the threshold are still the same where so many characters are.
const CHARACTERS: f32 = 0.8;
/// With fewer words in common than this, no such share of characters can be.
const HOPELESS: f32 = 0.4;
/// In a long spoilt passage so many characters are the same, at least,
const SPOILT: f32 = 0.55;
/// from a length of 60 characters on less by so much for each more,
const SPOILT_EASE: f32 = 0.0015;
/// and more of them than of its words, by so much: two texts that say the same in other words do not have that.
const SPOILT_LEAD: f32 = 0.2;
/// Straight chains are looked into from so many words on.
const STRAIGHT: u32 = 9;
/// Passages with so many words in the same order are not spoilt.
const CLEAN: f32 = 0.85;
/// Two passages with a gap of so many words at most between them are one.
const GAP: usize = 25;
/// So are two with a longer gap, of at most so many words,
const SPOILT_GAP: usize = 600;
/// of whose characters so many are the same.
const SPOILT_BETWEEN: f32 = 0.4;
/// A passage of so many words that was copied word for word needs no look for its extent.
const VERBATIM: usize = 16;
/// Copies are as alike as this.
const NEARLY: f32 = 0.9;
/// A passage is made wider by no fewer characters than this: a few are alike by chance.
const WIDER: usize = 12;
/// A beginning or end is compared up to so many characters.
const EDGE: usize = 4000;
/// Paragraphs longer than this, in words, are compared by their chains alone.
pub const LONGEST_PARAGRAPH: usize = 64;
/// So few seeds make no chain that is looked into,
const FEW: usize = 3;
/// and two paragraphs of more words than this that are alike share more.
const LONGEST_OF_FEW: usize = 20;

impl Thresholds {
    /// Of a run.
    pub fn of(options: &Options<'_>) -> Self {
        let thorough = options.profile == super::Profile::Thorough;
        Self {
            similarity: options.similarity,
            words: options.words.max(1),
            paragraph: (options.words / 3).max(1),
            cover: if thorough { 9 } else { 15 },
            firm: if thorough { 6 } else { 9 },
        }
    }

    fn looks_into(&self, chain: &Chain) -> bool {
        chain.cover >= self.cover || chain.firm >= self.firm || (chain.straight && chain.cover >= STRAIGHT)
    }

    /// The chains of seeds, sorted, that are looked into, the strongest first.
    pub fn chains(&self, hits: &[Hit]) -> Vec<Chain> {
        let mut strong = Vec::new();
        if hits.len() >= FEW {
            chains(hits.iter().copied(), |chain| {
                strong.extend(Some(chain).filter(|chain| self.looks_into(chain)))
            });
        }
        strong.sort_by_key(|chain| (std::cmp::Reverse(chain.cover), chain.hits[0]));
        strong
    }

    /// The share of its words that a passage has to have matched.
    fn needed(&self, words: usize) -> f32 {
        let eased = self.similarity - (words as f32 - LONG).max(0.0) * EASE;
        eased.max(self.similarity * LEAST)
    }

    /// Whether two passages of so many words, of which this share stands in both in the same order, are alike.
    pub(super) fn are_alike(&self, words: usize, ratio: f32) -> bool {
        ratio >= self.needed(words)
    }

    /// Whether two paragraphs of so many words may be alike, of which the longer one may have so many. Where two pieces share no
    /// seed of such paragraphs, and no chain of seeds, nothing in them is alike.
    pub fn may_be_alike(&self, one: usize, other: usize, longest: usize) -> bool {
        let (short, long) = (one.min(other), one.max(other));
        let most = 2.0 * short as f32 / (short + long) as f32;
        short >= self.paragraph && long <= longest && most >= self.similarity
    }

    fn needed_of_spoilt(&self, characters: usize) -> f32 {
        (CHARACTERS - (characters as f32 - 60.0).max(0.0) * SPOILT_EASE).max(SPOILT)
    }

    /// Whether two pieces with these seeds in common, sorted, have to be compared. The earlier one need not be had to tell.
    pub fn looks_at(&self, later: &Normal, hits: &[Hit]) -> bool {
        self.looks_at_paragraphs(later, hits) || self.has_chains(hits)
    }

    /// Whether these seeds, sorted, lie in a chain that is worth a comparison.
    pub(super) fn has_chains(&self, hits: &[Hit]) -> bool {
        let mut strong = false;
        if hits.len() >= FEW {
            chains(hits.iter().copied(), |chain| strong |= self.looks_into(&chain));
        }
        strong
    }

    /// Whether a seed stands in a paragraph of the later piece that is neither too short nor too long to be compared whole.
    fn looks_at_paragraphs(&self, later: &Normal, hits: &[Hit]) -> bool {
        let lengths = self.paragraph..=longest(hits.len());
        let mut last = 0..0;
        hits.iter().any(|hit| {
            if !last.contains(&(hit.later as usize)) {
                last = later.paragraph_of(hit.later as usize);
            }
            lengths.contains(&last.len())
        })
    }

    /// The passages of two pieces by the seeds that they share, sorted, and the chains of these, in order. A piece may be
    /// compared with itself.
    pub fn compare(
        &self,
        two: [&Normal; 2],
        same: bool,
        hits: &[Hit],
        chains: &[Chain],
        desk: &mut Desk,
    ) -> Vec<Match> {
        let [earlier, later] = two;
        let two = Two {
            thresholds: self,
            earlier,
            later,
        };
        let mut found = two.paragraphs(hits);
        for chain in chains {
            if !is_covered(chain, &found) {
                two.follow(chain, desk, &mut found);
            }
        }
        found.retain(|one| !same || one.earlier.end <= one.later.start);
        if found.is_empty() {
            found
        } else {
            two.join(compete(found, same), same)
        }
    }
}

/// Two pieces side by side.
struct Two<'a> {
    thresholds: &'a Thresholds,
    earlier: &'a Normal,
    later: &'a Normal,
}

impl Two<'_> {
    fn ratio(&self, earlier: &Range<usize>, later: &Range<usize>) -> f32 {
        align::ratio(self.earlier, earlier.clone(), self.later, later.clone())
    }

    fn codes(&self, earlier: Range<usize>, later: Range<usize>) -> (&[u8], &[u8]) {
        (self.earlier.codes_of(earlier), self.later.codes_of(later))
    }

    /// Whole paragraphs that share a seed and are alike.
    fn paragraphs(&self, hits: &[Hit]) -> Vec<Match> {
        let mut found = Vec::new();
        // Hits are sorted: what an earlier paragraph was compared with can be forgotten at the next one.
        let mut seen: Vec<usize> = Vec::new();
        let mut last = (0..0, 0..0);
        let longest = longest(hits.len());
        for hit in hits {
            let (earlier, later) = (hit.earlier as usize, hit.later as usize);
            if last.0.contains(&earlier) && last.1.contains(&later) {
                continue;
            }
            if !last.0.contains(&earlier) {
                last.0 = self.earlier.paragraph_of(earlier);
                seen.clear();
            }
            last.1 = self.later.paragraph_of(later);
            if self.may_be_alike(&last.0, &last.1, longest) && !seen.contains(&last.1.start) {
                seen.push(last.1.start);
                let ratio = self.ratio(&last.0, &last.1);
                if ratio >= self.thresholds.similarity {
                    found.push(Match::new(last.0.clone(), last.1.clone(), ratio, ratio));
                }
            }
        }
        found
    }

    fn may_be_alike(&self, earlier: &Range<usize>, later: &Range<usize>, longest: usize) -> bool {
        self.thresholds.may_be_alike(earlier.len(), later.len(), longest)
    }

    /// The passages of a chain.
    fn follow(&self, chain: &Chain, desk: &mut Desk, found: &mut Vec<Match>) {
        if let Some(copy) = self.verbatim(chain) {
            found.push(copy);
            return;
        }
        let before = found.len();
        extents(self.earlier, self.later, chain, desk, |extent| {
            found.extend(self.judge(extent))
        });
        if found.len() == before {
            found.extend(self.spoilt(chain));
        }
    }

    /// A long passage that was copied word for word, from its first seed to its last and as far beyond as words are equal.
    fn verbatim(&self, chain: &Chain) -> Option<Match> {
        let (first, last) = (chain.hits[0], chain.hits[chain.hits.len() - 1]);
        let (rows, columns) = (&self.earlier.words[..], &self.later.words[..]);
        let (row, column) = (first.earlier as usize, first.later as usize);
        let equal = |step: usize| {
            rows.get(row + step)
                .zip(columns.get(column + step))
                .is_some_and(|(a, b)| a.hash == b.hash)
        };
        let onward = (0..).take_while(|&step| equal(step)).count();
        if onward <= (last.earlier - first.earlier) as usize
            || last.later.checked_sub(first.later) != Some(last.earlier - first.earlier)
        {
            return None;
        }
        let before = rows[..row].iter().rev().zip(columns[..column].iter().rev());
        let back = before.take_while(|(a, b)| a.hash == b.hash).count();
        let copy = Match::new(row - back..row + onward, column - back..column + onward, 1.0, 1.0);
        (copy.words() >= VERBATIM).then_some(copy)
    }

    fn judge(&self, extent: Extent) -> Option<Match> {
        let Extent {
            earlier,
            later,
            matched,
        } = extent;
        let words = earlier.len().min(later.len());
        if words < self.thresholds.words || matched < HOPELESS / 2.0 {
            return None;
        }
        let ratio = self.ratio(&earlier, &later);
        let long = words as f32 >= LONG && matched >= self.thresholds.needed(words);
        if long || ratio >= self.thresholds.similarity {
            return Some(Match::new(earlier, later, ratio, ratio));
        }
        let (a, b) = self.codes(earlier.clone(), later.clone());
        let hopeless = ratio < HOPELESS || (a.len().min(b.len()) as f32) < CHARACTERS * a.len().max(b.len()) as f32;
        let similarity = if hopeless { 0.0 } else { edit::similarity(a, b) };
        (similarity >= CHARACTERS).then(|| Match::new(earlier, later, similarity, ratio))
    }

    /// A passage whose words are spoilt, from a seed outwards.
    fn spoilt(&self, chain: &Chain) -> Option<Match> {
        let hit = chain.hits[chain.hits.len() / 2];
        let (row, column) = (hit.earlier as usize, hit.later as usize);
        let mut one = Match::new(row..row + 1, column..column + 1, 0.0, 0.0);
        self.widen(&mut one);
        if one.words() < self.thresholds.words {
            return None;
        }
        let (a, b) = self.codes(one.earlier.clone(), one.later.clone());
        let (similarity, ratio) = (edit::similarity(a, b), self.ratio(&one.earlier, &one.later));
        let needed = self.thresholds.needed_of_spoilt(a.len().min(b.len()));
        let spoilt = similarity >= needed && similarity >= ratio + SPOILT_LEAD;
        (similarity >= CHARACTERS || spoilt).then(|| Match::new(one.earlier, one.later, similarity, ratio))
    }

    /// Extends both ends of a passage as far as characters go on alike, to whole words.
    fn widen(&self, one: &mut Match) {
        let ((a, b), (rows, columns)) = ((self.earlier.codes(), self.later.codes()), (&one.earlier, &one.later));
        let (from, to) = (self.earlier.code_at(rows.end), self.later.code_at(columns.end));
        let gone_on = edit::extension(&a[from..], &b[to..], false);
        let ends = (
            self.earlier.word_ending(from + gone_on.0),
            self.later.word_ending(to + gone_on.1),
        );
        let (from, to) = (self.earlier.code_at(rows.start), self.later.code_at(columns.start));
        let gone = edit::extension(&a[..from], &b[..to], true);
        let starts = (self.earlier.word_from(from - gone.0), self.later.word_from(to - gone.1));
        if gone_on.0.min(gone_on.1) >= WIDER && ends.0 > rows.end && ends.1 > columns.end {
            (one.earlier.end, one.later.end) = ends;
        }
        if gone.0.min(gone.1) >= WIDER && starts.0 < one.earlier.start && starts.1 < one.later.start {
            (one.earlier.start, one.later.start) = starts;
        }
    }

    /// Extends passages, and joins those that follow each other.
    fn join(&self, mut found: Vec<Match>, same: bool) -> Vec<Match> {
        found.iter_mut().filter(|one| one.loose).for_each(|one| self.widen(one));
        found.sort_by_key(|one| (one.earlier.start, one.later.start));
        let mut joined: Vec<Match> = Vec::with_capacity(found.len());
        for one in found {
            match joined.last_mut().filter(|last| self.follows(last, &one, same)) {
                Some(last) => self.absorb(last, &one),
                None => joined.push(one),
            }
        }
        if !same {
            self.reach_edges(&mut joined);
        }
        joined.retain(|one| !same || one.earlier.end <= one.later.start);
        joined
    }

    fn absorb(&self, last: &mut Match, next: &Match) {
        let earlier = last.earlier.start..last.earlier.end.max(next.earlier.end);
        let later = last.later.start..last.later.end.max(next.later.end);
        *last = self.again(earlier, later);
    }

    /// The passage with other ends.
    fn again(&self, earlier: Range<usize>, later: Range<usize>) -> Match {
        let ratio = self.ratio(&earlier, &later);
        let (a, b) = self.codes(earlier.clone(), later.clone());
        let small = a.len().max(b.len()) <= EDGE;
        let similarity = if ratio < self.thresholds.similarity && small {
            edit::similarity(a, b).max(ratio)
        } else {
            ratio
        };
        Match::new(earlier, later, similarity, ratio)
    }

    fn follows(&self, last: &Match, next: &Match, same: bool) -> bool {
        if same && next.earlier.end > last.later.start {
            return false;
        }
        let onward = |last: &Range<usize>, next: &Range<usize>| {
            next.end > last.end && next.start > last.start && next.start + GAP >= last.end
        };
        if !onward(&last.earlier, &next.earlier) || !onward(&last.later, &next.later) {
            return false;
        }
        let down = next.earlier.start.saturating_sub(last.earlier.end);
        let across = next.later.start.saturating_sub(last.later.end);
        if down.max(across) <= GAP {
            return true;
        }
        let (down, across) = (
            last.earlier.end..last.earlier.end + down,
            last.later.end..last.later.end + across,
        );
        let spoilt = last.loose && next.loose && down.len().max(across.len()) <= SPOILT_GAP;
        spoilt && self.is_between_alike(down, across)
    }

    /// Whether what lies between or beside passages is alike enough to belong to them.
    fn is_between_alike(&self, down: Range<usize>, across: Range<usize>) -> bool {
        let (a, b) = self.codes(down, across);
        let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
        long <= EDGE && short * 2 >= long && edit::is_similar(a, b, SPOILT_BETWEEN)
    }

    /// Extends the first and the last passage to the edges of both pieces, where what lies there is alike.
    fn reach_edges(&self, found: &mut [Match]) {
        if let Some(first) = found.first_mut().filter(|first| first.loose) {
            let (down, across) = (0..first.earlier.start, 0..first.later.start);
            if is_edge(first, &down, &across) && self.is_between_alike(down, across) {
                *first = self.again(0..first.earlier.end, 0..first.later.end);
            }
        }
        if let Some(last) = found.last_mut().filter(|last| last.loose) {
            let ends = (self.earlier.words.len(), self.later.words.len());
            let (down, across) = (last.earlier.end..ends.0, last.later.end..ends.1);
            if is_edge(last, &down, &across) && self.is_between_alike(down, across) {
                *last = self.again(last.earlier.start..ends.0, last.later.start..ends.1);
            }
        }
    }
}

/// The most words of a paragraph that is compared whole, by how many seeds are shared.
pub fn longest(hits: usize) -> usize {
    match hits {
        ..FEW => LONGEST_OF_FEW,
        _ => LONGEST_PARAGRAPH,
    }
}

/// Whether what lies beside a passage is little enough to belong to it.
fn is_edge(one: &Match, down: &Range<usize>, across: &Range<usize>) -> bool {
    let most = down.len().max(across.len());
    !down.is_empty() && !across.is_empty() && most <= one.words() * 8
}

/// Whether a chain lies over stronger passages on one side: what would come of it would not stand beside them.
fn is_covered(chain: &Chain, found: &[Match]) -> bool {
    let later = || chain.hits.iter().map(|hit| hit.later as usize);
    let rows = chain.hits[0].earlier as usize..chain.hits[chain.hits.len() - 1].earlier as usize + 1;
    let columns = later().min().unwrap_or(0)..later().max().unwrap_or(0) + 1;
    let stronger = || found.iter().filter(|one| one.score > chain.cover as f32);
    let rows_taken: usize = stronger().map(|one| overlap(&one.earlier, &rows)).sum();
    let columns_taken: usize = stronger().map(|one| overlap(&one.later, &columns)).sum();
    rows_taken * 4 >= rows.len() * 3 || columns_taken * 4 >= columns.len() * 3
}

/// Of passages that lie over each other on one side, the best. Many copies may have one original: within one piece, and where
/// they are copies nearly.
fn compete(mut found: Vec<Match>, same: bool) -> Vec<Match> {
    if found.len() < 2 {
        return found;
    }
    let place = |one: &Match| (one.earlier.start, one.later.start, one.earlier.end, one.later.end);
    found.sort_by(|x, y| y.score.total_cmp(&x.score).then_with(|| place(x).cmp(&place(y))));
    let mut kept: Vec<Match> = Vec::new();
    for one in found {
        let taken = |side: fn(&Match) -> &Range<usize>| {
            let over = kept.iter().map(|other| overlap(side(other), side(&one)));
            over.sum::<usize>() * 2 >= side(&one).len()
        };
        let copy = same || one.similarity >= NEARLY;
        if (copy || !taken(|one| &one.earlier)) && !taken(|one| &one.later) {
            kept.push(one);
        }
    }
    kept
}

fn overlap(x: &Range<usize>, y: &Range<usize>) -> usize {
    x.end.min(y.end).saturating_sub(x.start.max(y.start))
}
