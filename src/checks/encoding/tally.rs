//! Characters of one kind in one text: how many of each, where the first stands, and what removes them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::source::{Source, Span};

/// A fix mends at most this many places at once; a second run mends the next.
const EDITS: usize = 10_000;

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<char, usize>,
    first: Option<(char, Span)>,
    /// How many of them nothing can be said to replace.
    pub(super) lost: usize,
    /// Replacements, in the order of the text.
    pub(super) edits: Vec<(Span, String)>,
}

impl Tally {
    /// Counts a character at a byte; `replacement` is what should stand there, if anything can be said.
    pub(super) fn add(&mut self, source: &Source, at: usize, character: char, replacement: Option<&str>) {
        let Some(span) = source.span(at, at + character.len_utf8()) else {
            return;
        };
        *self.counts.entry(character).or_default() += 1;
        self.first.get_or_insert((character, span));
        self.lost += usize::from(replacement.is_none());
        if let Some(replacement) = replacement.filter(|_| self.edits.len() < EDITS) {
            self.edits.push((span, replacement.to_owned()));
        }
    }

    /// The first character and its place; `None` where nothing was counted.
    pub(super) fn first(&self) -> Option<(char, Span)> {
        self.first
    }

    /// How many there are.
    pub(super) fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// How many of one character.
    pub(super) fn of(&self, character: char) -> usize {
        self.counts.get(&character).copied().unwrap_or_default()
    }

    /// The characters, in the order of Unicode.
    pub(super) fn characters(&self) -> impl Iterator<Item = char> {
        self.counts.keys().copied()
    }

    /// The counts as evidence: `{"U+200B": 3}`.
    pub(super) fn evidence(&self) -> Value {
        let one = |(&character, &count): (&char, &usize)| (code(character), Value::from(count));
        Value::Object(self.counts.iter().map(one).collect::<Map<_, _>>())
    }

    /// "1 invisible character", "3 invisible characters".
    pub(super) fn noun(&self, noun: &str) -> String {
        match self.total() {
            1 => format!("1 {noun}"),
            total => format!("{total} {noun}s"),
        }
    }
}

/// `U+200B`.
pub(super) fn code(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}
