//! What speaks for and against a lost seam, each with a weight: the sum is the logarithm of the odds.
//!
//! The weights stand in `weights.txt`. They were fitted by logistic regression, with a penalty on their squares, on lines of
//! web pages of several hundred sites, and tested on sites left out; one of them, for a small word followed by an article or a
//! pronoun, was set by hand, since the lines had few of it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{begins_firmly, begins_sentence, is_name, is_particle};
use super::{Halves, Place};

/// The weights and the names of the signals, as `explain` shows them.
const TABLE: &str = include_str!("weights.txt");

/// Signals by their place in the table.
#[derive(Clone, Copy, Debug)]
enum Signal {
    LeftNumber,
    LeftOne,
    LeftTwo,
    LeftThree,
    LeftLong,
    LeftSmall,
    LeftCapitals,
    LeftPlural,
    LeftWithin,
    LeftSeam,
    LeftParticle,
    RightOne,
    RightTwo,
    RightThree,
    RightLong,
    RightCapitals,
    RightBegins,
    RightGoesOn,
    RightRepeats,
    SmallThenBegins,
    Name,
    Again,
    TokenTwo,
    OneOther,
    TwoOthers,
    FourOthers,
    OneToken,
    FewTokens,
    Prose,
    Sentence,
    BothCapital,
    CapitalAfterSmall,
    Code,
    MuchCode,
    BeforeNothing,
    BeforeCapital,
    AfterCapital,
    Always,
}

/// The table: name and weight.
static WEIGHTS: LazyLock<Vec<(&'static str, f32)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let (weight, name) = line.trim().split_once("  ")?;
        Some((name, weight.parse().ok()?))
    };
    TABLE.lines().filter_map(row).collect()
});

/// A set of signals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals(u64);

impl Signals {
    fn set(&mut self, signal: Signal, holds: bool) {
        self.0 |= u64::from(holds) << signal as u32;
    }

    fn has(self, signal: Signal) -> bool {
        self.0 >> signal as u32 & 1 == 1
    }

    fn score(self) -> f32 {
        let weights = WEIGHTS.iter().enumerate();
        weights
            .filter(|(at, _)| self.0 >> at & 1 == 1)
            .map(|(_, (_, weight))| weight)
            .sum()
    }

    /// Their names, in the order of the table.
    pub fn names(self) -> Vec<&'static str> {
        let weights = WEIGHTS.iter().enumerate().take(Signal::Always as usize);
        weights
            .filter(|(at, _)| self.0 >> at & 1 == 1)
            .map(|(_, (name, _))| *name)
            .collect()
    }

    /// Whether it is a run of labels: two other seams or more stand in the line.
    pub fn is_run(self) -> bool {
        self.has(Signal::TwoOthers)
    }

    /// Whether the left half is a word in small letters with which the token begins.
    pub fn is_small(self) -> bool {
        self.has(Signal::LeftSmall)
    }

    /// Whether the line is running text.
    pub fn is_prose(self) -> bool {
        self.has(Signal::Prose)
    }

    /// Whether more than the shape of the line speaks for a seam: a line of one token may be nothing but a name with a
    /// capital inside, and a word in small letters among the signs of programs an identifier.
    pub fn is_two_sided(self) -> bool {
        let any = |signals: &[Signal]| signals.iter().any(|signal| self.has(*signal));
        let halves = any(&[Signal::LeftPlural, Signal::RightBegins, Signal::RightRepeats]);
        let long = any(&[Signal::LeftLong, Signal::RightLong]) && !self.has(Signal::OneToken);
        let longest = self.has(Signal::LeftLong) && self.has(Signal::RightLong);
        let code = any(&[Signal::Code, Signal::MuchCode]) && self.is_small() && !self.has(Signal::SmallThenBegins);
        let several = self.is_run() || !self.has(Signal::FewTokens);
        !code && (several || halves || long || longest)
    }
}

/// What a line looks like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    tokens: usize,
    /// Signs of programs.
    code: usize,
    bytes: usize,
    /// Eight tokens or more, most of them in small letters.
    pub(super) prose: bool,
    sentence: bool,
}

impl Outline {
    pub(super) fn of(line: &str) -> Self {
        let (mut tokens, mut small, mut capital) = (0, 0, 0);
        for token in line.split_whitespace() {
            tokens += 1;
            let first = token.chars().next();
            small += usize::from(first.is_some_and(char::is_lowercase));
            capital += usize::from(first.is_some_and(char::is_uppercase));
        }
        let sign = |byte: &u8| {
            matches!(
                byte,
                b'{' | b'}' | b'(' | b')' | b';' | b'=' | b'<' | b'>' | b'\\' | b'$' | b'_' | b'`' | b'^' | b'|'
            )
        };
        Self {
            tokens,
            code: line.bytes().filter(|byte| sign(byte)).count(),
            bytes: line.len(),
            prose: tokens >= 8 && small * 5 >= (small + capital) * 3,
            sentence: tokens >= 8 && line.trim_end().ends_with(['.', '!', '?', '”', '"']),
        }
    }
}

/// What the seams of a line have in common.
pub(super) struct Context<'a> {
    outline: &'a Outline,
    /// Seams whose halves are words.
    words: usize,
    /// How often each pair stands in the line.
    pairs: HashMap<&'a str, usize>,
}

impl<'a> Context<'a> {
    pub(super) fn of(outline: &'a Outline, halves: &[Halves<'a>]) -> Self {
        let mut pairs: HashMap<&str, usize> = HashMap::with_capacity(halves.len());
        halves.iter().for_each(|half| *pairs.entry(half.both).or_default() += 1);
        Self {
            outline,
            words: halves.iter().filter(|half| are_words(half)).count(),
            pairs,
        }
    }
}

fn are_words(half: &Halves<'_>) -> bool {
    longer(half.left, 2) && longer(half.right, 2) && !is_name(half.both) && !is_particle(half.left)
}

/// Whether a word has more than so many letters.
fn longer(word: &str, letters: usize) -> bool {
    word.chars().nth(letters).is_some()
}

/// The signals of one seam, and the sum of their weights.
pub(super) fn score(context: &Context<'_>, halves: &[Halves<'_>], at: usize) -> (Signals, f32) {
    let half = &halves[at];
    let mut signals = Signals::default();
    left(&mut signals, half);
    right(&mut signals, half);
    both(&mut signals, half, context);
    line(&mut signals, context, half);
    around(&mut signals, half);
    signals.set(Signal::Always, true);
    (signals, signals.score())
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
}

fn is_small(word: &str) -> bool {
    word.chars().any(char::is_lowercase) && !word.chars().any(char::is_uppercase)
}

fn are_capitals(word: &str) -> bool {
    longer(word, 1) && word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}

fn left(signals: &mut Signals, half: &Halves<'_>) {
    let number = is_number(half.left);
    let letters = if number { 0 } else { half.left.chars().take(8).count() };
    let plural = half.left.ends_with('s') && !half.left.ends_with("ss");
    signals.set(Signal::LeftNumber, number);
    signals.set(Signal::LeftOne, letters == 1);
    signals.set(Signal::LeftTwo, letters == 2);
    signals.set(Signal::LeftThree, letters == 3);
    signals.set(Signal::LeftLong, letters >= 7);
    signals.set(
        Signal::LeftSmall,
        letters >= 3 && half.place == Place::Start && is_small(half.left),
    );
    signals.set(Signal::LeftCapitals, are_capitals(half.left));
    signals.set(Signal::LeftPlural, letters > 3 && plural);
    signals.set(Signal::LeftWithin, half.place == Place::Within);
    signals.set(Signal::LeftSeam, half.place == Place::Seam);
    signals.set(Signal::LeftParticle, is_particle(half.left));
}

fn right(signals: &mut Signals, half: &Halves<'_>) {
    let letters = half.right.chars().take(8).count();
    signals.set(Signal::RightOne, letters == 1 && !matches!(half.right, "A" | "I"));
    signals.set(Signal::RightTwo, letters == 2);
    signals.set(Signal::RightThree, letters == 3);
    signals.set(Signal::RightLong, letters >= 7);
    signals.set(Signal::RightCapitals, are_capitals(half.right));
    signals.set(Signal::RightBegins, begins_sentence(half.right));
    signals.set(Signal::RightGoesOn, !half.ends);
}

fn both(signals: &mut Signals, half: &Halves<'_>, context: &Context<'_>) {
    let small = signals.has(Signal::LeftSmall);
    signals.set(
        Signal::RightRepeats,
        longer(half.left, 2) && repeats(half.left, half.right),
    );
    signals.set(Signal::SmallThenBegins, small && begins_firmly(half.right));
    signals.set(Signal::Name, is_name(half.both));
    signals.set(
        Signal::Again,
        context.pairs.get(half.both).is_some_and(|count| *count > 1),
    );
    signals.set(Signal::TokenTwo, half.cuts >= 2);
}

fn repeats(left: &str, right: &str) -> bool {
    let mut right = right.chars().flat_map(char::to_lowercase);
    left.chars()
        .flat_map(char::to_lowercase)
        .all(|letter| right.next() == Some(letter))
}

fn line(signals: &mut Signals, context: &Context<'_>, half: &Halves<'_>) {
    let outline = context.outline;
    let others = context.words - usize::from(are_words(half));
    let running = (outline.prose || outline.sentence) && !is_small(half.left) && !is_number(half.left);
    let after_small = half.before.is_some_and(is_small);
    signals.set(Signal::OneOther, others >= 1);
    signals.set(Signal::TwoOthers, others >= 2);
    signals.set(Signal::FourOthers, others >= 4);
    signals.set(Signal::OneToken, outline.tokens == 1);
    signals.set(Signal::FewTokens, outline.tokens <= 6);
    signals.set(Signal::Prose, outline.prose);
    signals.set(Signal::Sentence, outline.sentence);
    signals.set(Signal::BothCapital, running);
    signals.set(Signal::CapitalAfterSmall, running && after_small);
    signals.set(Signal::Code, outline.code >= 3);
    signals.set(Signal::MuchCode, outline.code * 30 > outline.bytes);
}

fn around(signals: &mut Signals, half: &Halves<'_>) {
    let capital = |token: Option<&str>| {
        token.is_some_and(|token| {
            token
                .trim_start_matches(['“', '”', '"', '\'', '('])
                .starts_with(char::is_uppercase)
        })
    };
    signals.set(Signal::BeforeNothing, half.before.is_none());
    signals.set(Signal::BeforeCapital, capital(half.before));
    signals.set(Signal::AfterCapital, capital(half.after));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_its_weight() {
        assert_eq!(WEIGHTS.len(), Signal::Always as usize + 1);
        assert_eq!(WEIGHTS[Signal::LeftSmall as usize].0, "left: a lower-case word");
        assert_eq!(WEIGHTS[Signal::Name as usize].0, "both: a known name");
        assert_eq!(WEIGHTS[Signal::MuchCode as usize].0, "line: much code");
        assert_eq!(WEIGHTS[Signal::Always as usize].0, "always");
    }

    #[test]
    fn what_the_right_half_repeats() {
        assert!(repeats("Search", "Search") && repeats("skip", "SkipTo") && !repeats("mill", "Mi"));
    }
}
