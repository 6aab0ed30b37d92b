//! Passages that stand twice in one text, nearly alike, found by shared runs of words and then compared word by word.

use std::collections::HashMap;

use super::statement::Statement;
use super::unit::{self, Kind};
use super::word::{Plain, words};
use crate::source::{Source, Span};

/// A passage that stands twice.
#[derive(Clone, Copy, Debug)]
pub struct Repeat {
    /// The earlier place.
    pub earlier: Span,
    /// The later place.
    pub later: Span,
    /// The unit of the earlier place, in [`Statement::units`].
    pub earlier_unit: usize,
    /// The unit of the later place.
    pub later_unit: usize,
    /// The share of words that stand in both, of the longer one.
    pub similarity: f32,
    /// Words in the shorter one.
    pub words: usize,
    /// Words that follow the earlier place in its unit.
    pub earlier_rest: usize,
    /// Words that follow the later place in its unit.
    pub later_rest: usize,
}

/// A passage has at least so many words.
pub const WORDS: usize = 12;
/// Passages are as alike as this, at least.
pub const SIMILARITY: f32 = 0.8;
/// Short passages are as alike as this: with two words of twelve changed, it is another sentence of one pattern.
const SHORT_SIMILARITY: f32 = 0.85;
/// A passage inside longer paragraphs on both sides has at least so many words: a shorter one is a turn of phrase.
const INSIDE: usize = 20;
/// So many words in a row have to be the same somewhere.
const SEED: usize = 4;
/// A run of words that stands more often than this is a formula.
const FORMULA: u32 = 3;
/// Only so much of a text is looked at, in bytes: what is found beyond it is worth less than the memory.
const LIMIT: usize = 32 << 20;
/// So many passages of a text are reported.
pub const MOST: usize = 20;

#[derive(Clone, Copy)]
struct Token {
    hash: u32,
    unit: u32,
    start: u32,
}

impl Token {
    /// Its word: found again where it is asked for, since a text has many and few are.
    fn word<'a>(&self, text: &'a str) -> &'a str {
        let rest = text.get(self.start as usize..).unwrap_or_default();
        let end = words(rest).next().map_or(0, |word| word.end);
        &rest[..end]
    }
}

/// The passages of a text that stand twice, by their later place.
pub fn repeats(source: &Source, statement: &Statement<'_>) -> Vec<Repeat> {
    let tokens = tokens(statement);
    if tokens.len() < 2 * WORDS {
        return Vec::new();
    }
    let again = again(&tokens);
    let firsts = firsts(&again);
    let mut found: Vec<Repeat> = Vec::new();
    let mut tried = 0;
    for &(at, hash) in &again {
        let (count, first) = firsts.get(&hash).copied().unwrap_or_default();
        let (at, first) = (at as usize, first as usize);
        if !(2..=FORMULA).contains(&count) || first >= at || at < tried {
            continue;
        }
        let pair = extend(&tokens, first, at, tried);
        tried = pair.later.1.max(at + 1);
        found.extend(pair.repeat(source, statement, &tokens));
        if found.len() >= MOST {
            break;
        }
    }
    found
}

fn tokens(statement: &Statement<'_>) -> Vec<Token> {
    let long = |unit: &unit::Unit<'_>| {
        unit.words >= WORDS && matches!(unit.kind, Kind::Prose | Kind::Fragment) && unit.span.end() <= LIMIT
    };
    let count: usize = statement
        .units
        .iter()
        .filter(|unit| long(unit))
        .map(|unit| unit.words)
        .sum();
    // A little more than was counted: the parts of a compound are words here.
    let mut tokens = Vec::with_capacity(count + count / 16);
    for (number, unit) in (0..).zip(&statement.units).filter(|(_, unit)| long(unit)) {
        let from = unit.span.start();
        tokens.extend(words(unit.text).map(|word| Token {
            hash: word.hash,
            unit: number,
            start: u32::try_from(from + word.start).unwrap_or(u32::MAX),
        }));
    }
    tokens
}

/// Odd numbers without a pattern, one for each place in a run: the fractions of the golden ratio and of the roots of 2, 3, 5.
const FACTORS: [u64; SEED] = [
    0x9e37_79b9_7f4a_7c15,
    0x6a09_e667_f3bc_c909,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
];

/// The run of words that begins here, where it lies in one unit.
#[inline]
fn seed(tokens: &[Token], at: usize) -> Option<u64> {
    let run = tokens.get(at..at + SEED)?;
    let one = run[0].unit == run[SEED - 1].unit;
    one.then(|| {
        // Four products side by side: one after the other would wait for each.
        let mixed = std::iter::zip(run, FACTORS).fold(0, |hash, (token, factor)| {
            hash ^ u64::from(token.hash)
                .wrapping_add(1)
                .wrapping_mul(factor)
                .rotate_right(29)
        });
        mixed.wrapping_mul(FACTORS[0])
    })
}

/// The runs that may stand more than once: where, and their hash.
fn again(tokens: &[Token]) -> Vec<(u32, u64)> {
    let runs = || (0..tokens.len()).filter_map(|at| Some((at, seed(tokens, at)?)));
    let mut twice = Twice::with_room(tokens.len());
    runs().for_each(|(_, hash)| twice.add(hash));
    let again = runs().filter(|&(_, hash)| twice.has(hash));
    again
        .map(|(at, hash)| (u32::try_from(at).unwrap_or(u32::MAX), hash))
        .collect()
}

/// How often each of them stands, and where first.
fn firsts(again: &[(u32, u64)]) -> HashMap<u64, (u32, u32), Plain> {
    let mut firsts: HashMap<u64, (u32, u32), Plain> = HashMap::default();
    for &(at, hash) in again {
        firsts.entry(hash).or_insert((0, at)).0 += 1;
    }
    firsts
}

/// Which hashes came twice, in two bits each: sometimes one that came once shares its bits with another, never the other
/// way round. Most runs of words stand once, and need no more room than that.
struct Twice {
    bits: Vec<u64>,
    shift: u32,
}

impl Twice {
    /// For so many hashes, with eight places for each.
    fn with_room(hashes: usize) -> Self {
        let places = (hashes.max(8) * 8).next_power_of_two();
        Self {
            bits: vec![0; places / 32],
            shift: 64 - places.trailing_zeros(),
        }
    }

    fn place(&self, hash: u64) -> (usize, u32) {
        let place = hash >> self.shift;
        ((place / 32) as usize, (place % 32) as u32 * 2)
    }

    fn add(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        let once = self.bits[word] >> bit & 1;
        self.bits[word] |= (1 | once << 1) << bit;
    }

    fn has(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.bits[word] >> bit & 2 != 0
    }
}

/// Two runs of tokens, each as a half-open range, and how many tokens stand in both.
#[derive(Clone, Copy, Debug)]
struct Pair {
    earlier: (usize, usize),
    later: (usize, usize),
    same: usize,
}

/// Steps over words that differ, with so many on each side, tried in this order.
const STEPS: [(usize, usize); 7] = [(1, 1), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2), (3, 3)];

/// Extends a shared run on both sides; never back into what was tried before, so that no word is compared twice.
fn extend(tokens: &[Token], earlier: usize, later: usize, floor: usize) -> Pair {
    let forward = walk(tokens, earlier, later, None);
    let backward = walk(tokens, earlier, later, Some(floor));
    Pair {
        earlier: (earlier - backward.0, earlier + forward.0),
        later: (later - backward.1, later + forward.1),
        same: backward.2 + forward.2,
    }
}

/// How far both runs go on alike, forward or back to a floor, and how many words are the same: (earlier, later, same).
fn walk(tokens: &[Token], earlier: usize, later: usize, floor: Option<usize>) -> (usize, usize, usize) {
    let token = |from: usize, away: usize, least: usize| {
        let at = match floor {
            None => Some(from + away),
            Some(_) => from.checked_sub(away + 1).filter(|&at| at >= least),
        };
        let token = at
            .and_then(|at| tokens.get(at))
            .filter(|token| token.unit == tokens[from].unit);
        token.map(|token| token.hash)
    };
    let (earlier, later) = (|i| token(earlier, i, 0), |j| token(later, j, floor.unwrap_or(0)));
    let equal = |i: usize, j: usize| earlier(i).is_some_and(|hash| later(j) == Some(hash));
    let resumes =
        |i: usize, j: usize| equal(i, j) && (equal(i + 1, j + 1) || earlier(i + 1).is_none() || later(j + 1).is_none());
    let (mut i, mut j, mut same) = (0, 0, 0);
    loop {
        if equal(i, j) {
            (i, j, same) = (i + 1, j + 1, same + 1);
            continue;
        }
        let Some((over, under)) = STEPS.into_iter().find(|(over, under)| resumes(i + over, j + under)) else {
            return (i, j, same);
        };
        (i, j) = (i + over, j + under);
    }
}

impl Pair {
    fn repeat(&self, source: &Source, statement: &Statement<'_>, tokens: &[Token]) -> Option<Repeat> {
        let (one, two) = (self.earlier.1 - self.earlier.0, self.later.1 - self.later.0);
        let similarity = self.same as f32 / one.max(two) as f32;
        let apart = self.earlier.1 <= self.later.0;
        let alike = if one.min(two) < INSIDE {
            SHORT_SIMILARITY
        } else {
            SIMILARITY
        };
        if one.min(two) < WORDS || similarity < alike || !apart || self.is_template(source, tokens) {
            return None;
        }
        let units = (tokens[self.earlier.0].unit as usize, tokens[self.later.0].unit as usize);
        let whole = |unit: usize, length: usize| length * 10 >= statement.units[unit].words * 6;
        if one.min(two) < INSIDE && !whole(units.0, one) && !whole(units.1, two) {
            return None;
        }
        let rest = |last: usize| {
            tokens[last..]
                .iter()
                .skip(1)
                .take_while(|token| token.unit == tokens[last].unit)
                .count()
        };
        let span = |(start, end): (usize, usize)| {
            let last = &tokens[end - 1];
            let text = source.text().unwrap_or_default();
            source.span(
                tokens[start].start as usize,
                last.start as usize + last.word(text).len(),
            )
        };
        Some(Repeat {
            earlier: span(self.earlier)?,
            later: span(self.later)?,
            earlier_unit: units.0,
            later_unit: units.1,
            similarity,
            words: one.min(two),
            earlier_rest: rest(self.earlier.1 - 1),
            later_rest: rest(self.later.1 - 1),
        })
    }
}

impl Pair {
    /// Whether the two differ in their numbers: lines of one form, filled in twice.
    fn is_template(&self, source: &Source, tokens: &[Token]) -> bool {
        let numbers = |(start, end): (usize, usize)| {
            let text = source.text().unwrap_or_default();
            let number = |token: &&Token| token.word(text).bytes().any(|byte| byte.is_ascii_digit());
            tokens[start..end]
                .iter()
                .filter(number)
                .map(|token| token.hash)
                .collect::<Vec<_>>()
        };
        numbers(self.earlier) != numbers(self.later)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let source = Source::new("a", text.into());
        let text = Text::new(&source).expect("text");
        let repeats = repeats(&source, text.statement());
        repeats
            .iter()
            .map(|one| {
                (
                    source.text_of(one.earlier).into_owned(),
                    source.text_of(one.later).into_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn finds_what_was_changed_a_little() {
        let a = "The ferrymen of the upper town carry blue lamps and old-rope ladders while they wait for the barge.";
        let b = "The ferrymen of the upper town carry red lamps and old rope ladders while they wait for a barge";
        let found = found(&format!(
            "{a}\n\nNothing else happened in the town on that day.\n\n{b}\n"
        ));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, b);
    }

    #[test]
    fn passes_over_formulas() {
        let line = "The board shall within thirty days of receipt of the notice inform the holder of the licence in writing.\n\n";
        assert!(found(&line.repeat(5)).is_empty());
    }

    #[test]
    fn finds_it_without_spaces() {
        let a = "洪水过后老城区的居民们在屋顶上点起蓝色的灯笼等待第一批运粮船从上游的码头缓缓驶来";
        assert_eq!(
            found(&format!("{a}。\n\n这一天城里没有发生别的事情。\n\n{a}\n")).len(),
            1
        );
    }
}
