//! Patterns of words, as one automaton (Thompson 1968): it takes as much room as the patterns, however many lines they stand
//! for.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use super::Ready;

/// The word of an edge that needs none.
const NONE: u64 = 0;
/// Brackets in brackets go no deeper than this.
const DEEPEST: usize = 16;

/// An automaton over the hashes of words.
#[derive(Clone, Debug)]
pub(super) struct Automaton<T> {
    /// From a state, by a word, to a state; sorted once all are there.
    edges: Vec<(u32, u64, u32)>,
    /// What a state accepts, in the order of the patterns.
    accepts: Vec<(u32, T)>,
    states: u32,
    /// Where the words that patterns begin with lead to.
    first: HashMap<u64, Vec<u32>, BuildHasherDefault<Ready>>,
    /// Where the edges of each state begin.
    starts: Vec<u32>,
    /// Where the acceptances of each state begin.
    accepting: Vec<u32>,
    /// What is accepted once a word has led to a state, by state.
    after: Vec<(u32, T)>,
    /// Where those of each state begin.
    after_starts: Vec<u32>,
    /// A Bloom filter of the pairs of words that follow one another in a pattern: few lines need more than a look at it.
    pairs: Vec<u64>,
    /// The words that patterns end with.
    last: HashSet<u64, BuildHasherDefault<Ready>>,
}

impl<T> Default for Automaton<T> {
    fn default() -> Self {
        Self {
            edges: Vec::new(),
            accepts: Vec::new(),
            states: 1,
            first: HashMap::default(),
            starts: Vec::new(),
            accepting: Vec::new(),
            after: Vec::new(),
            after_starts: Vec::new(),
            pairs: Vec::new(),
            last: HashSet::default(),
        }
    }
}

/// What is wrong with a pattern.
pub(super) type Fault = &'static str;

impl<T: Copy> Automaton<T> {
    /// Adds a pattern; `hashes` gives the words of a piece of it. [`Automaton::finish`] makes it count.
    pub(super) fn add(&mut self, pattern: &str, hashes: &impl Fn(&str) -> Vec<u64>, what: T) -> Result<(), Fault> {
        let start = self.state();
        let mut reader = Reader {
            rest: pattern,
            depth: 0,
        };
        let (end, empty) = self.alternatives(&mut reader, start, hashes)?;
        if !reader.rest.is_empty() {
            return Err("a bracket is closed that was not opened");
        }
        if empty {
            return Err("the phrase may have no word");
        }
        self.edges.push((0, NONE, start));
        self.accepts.push((end, what));
        Ok(())
    }

    /// Puts edges and acceptances in order.
    pub(super) fn finish(&mut self) {
        self.edges.sort_unstable();
        self.accepts.sort_by_key(|(state, _)| *state);
        self.starts = starts(self.states, self.edges.iter().map(|edge| edge.0));
        self.accepting = starts(self.states, self.accepts.iter().map(|accept| accept.0));
        self.look_ahead();
        let ends = |edge: &&(u32, u64, u32)| edge.1 != NONE && !self.accepted_after(edge.2).is_empty();
        self.last = self.edges.iter().filter(ends).map(|edge| edge.1).collect();
        self.first.clear();
        for state in self.closure(vec![0]) {
            let from = self.starts[state as usize] as usize..self.starts[state as usize + 1] as usize;
            for (_, word, to) in self.edges[from].iter().filter(|edge| edge.1 != NONE) {
                self.first.entry(*word).or_default().push(*to);
            }
        }
    }

    /// For each word of a pattern, what is accepted after it and which words may follow.
    fn look_ahead(&mut self) {
        self.pairs = vec![0; PAIRS / 64];
        self.after.clear();
        let words: Vec<(u64, u32)> = self
            .edges
            .iter()
            .filter(|edge| edge.1 != NONE)
            .map(|edge| (edge.1, edge.2))
            .collect();
        for (word, to) in words {
            for state in self.closure(vec![to]) {
                let accepted: Vec<T> = self.accepted(state).iter().map(|accept| accept.1).collect();
                self.after.extend(accepted.into_iter().map(|what| (to, what)));
                let next: Vec<u64> = self
                    .out(state)
                    .iter()
                    .map(|edge| edge.1)
                    .filter(|&next| next != NONE)
                    .collect();
                next.into_iter().for_each(|next| set(&mut self.pairs, word, next));
            }
        }
        self.after.sort_by_key(|(state, _)| *state);
        self.after_starts = starts(self.states, self.after.iter().map(|after| after.0));
    }

    fn accepted_after(&self, state: u32) -> &[(u32, T)] {
        &self.after[self.after_starts[state as usize] as usize..self.after_starts[state as usize + 1] as usize]
    }

    fn accepted(&self, state: u32) -> &[(u32, T)] {
        &self.accepts[self.accepting[state as usize] as usize..self.accepting[state as usize + 1] as usize]
    }

    /// Whether a pattern begins with that word.
    pub(super) fn begins(&self, word: u64) -> bool {
        self.first.contains_key(&word)
    }

    /// Whether a pattern ends with that word.
    pub(super) fn ends(&self, word: u64) -> bool {
        self.last.contains(&word)
    }

    /// Follows words as far as a pattern goes; tells after each word what is accepted there.
    pub(super) fn follow(&self, words: impl Iterator<Item = u64>, mut tell: impl FnMut(usize, T)) {
        let mut words = words;
        let Some(mut word) = words.next() else { return };
        let mut states = self.first.get(&word).cloned().unwrap_or_default();
        let mut count = 1;
        while !states.is_empty() {
            let accepted = states.iter().flat_map(|&state| self.accepted_after(state));
            accepted.for_each(|(_, what)| tell(count, *what));
            let Some(next) = words.next().filter(|&next| is_set(&self.pairs, word, next)) else {
                return;
            };
            states = self.step(&self.closure(states), next);
            (word, count) = (next, count + 1);
        }
    }

    fn out(&self, state: u32) -> &[(u32, u64, u32)] {
        &self.edges[self.starts[state as usize] as usize..self.starts[state as usize + 1] as usize]
    }

    fn step(&self, states: &[u32], word: u64) -> Vec<u32> {
        let out = states.iter().flat_map(|&state| self.out(state));
        out.filter(|edge| edge.1 == word).map(|edge| edge.2).collect()
    }

    /// The states, and all that are reached from them without a word.
    fn closure(&self, mut states: Vec<u32>) -> Vec<u32> {
        let mut at = 0;
        states.sort_unstable();
        states.dedup();
        while at < states.len() {
            let free = self.out(states[at]).iter().take_while(|edge| edge.1 == NONE);
            let new: Vec<u32> = free.map(|edge| edge.2).filter(|to| !states.contains(to)).collect();
            states.extend(new);
            at += 1;
        }
        states
    }

    fn state(&mut self) -> u32 {
        self.states += 1;
        self.states - 1
    }

    /// Reads alternatives up to a closing bracket or the end: where they end, and whether one of them has no word.
    fn alternatives(
        &mut self,
        reader: &mut Reader<'_>,
        start: u32,
        hashes: &impl Fn(&str) -> Vec<u64>,
    ) -> Result<(u32, bool), Fault> {
        let end = self.state();
        let mut empty = false;
        loop {
            let (last, none) = self.sequence(reader, start, hashes)?;
            self.edges.push((last, NONE, end));
            empty |= none;
            if !reader.take('|') {
                return Ok((end, empty));
            }
        }
    }

    /// Reads words and groups in a row.
    fn sequence(
        &mut self,
        reader: &mut Reader<'_>,
        start: u32,
        hashes: &impl Fn(&str) -> Vec<u64>,
    ) -> Result<(u32, bool), Fault> {
        let (mut last, mut empty) = (self.state(), true);
        self.edges.push((start, NONE, last));
        loop {
            for hash in hashes(reader.piece()) {
                let next = self.state();
                self.edges.push((last, hash, next));
                (last, empty) = (next, false);
            }
            if !reader.take('(') {
                return Ok((last, empty));
            }
            let before = last;
            let none;
            (last, none) = self.group(reader, before, hashes)?;
            let optional = reader.take('?');
            if optional {
                self.edges.push((before, NONE, last));
            }
            empty &= none || optional;
        }
    }

    fn group(
        &mut self,
        reader: &mut Reader<'_>,
        start: u32,
        hashes: &impl Fn(&str) -> Vec<u64>,
    ) -> Result<(u32, bool), Fault> {
        reader.depth += 1;
        if reader.depth > DEEPEST {
            return Err("there are brackets in too many brackets");
        }
        let group = self.alternatives(reader, start, hashes)?;
        reader.depth -= 1;
        if reader.take(')') {
            Ok(group)
        } else {
            Err("a bracket is not closed")
        }
    }
}

/// The bits of the filter of pairs.
const PAIRS: usize = 1 << 21;

fn place(word: u64, next: u64) -> (usize, u64) {
    let bit = (word.rotate_left(17) ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15) as usize >> 8 & (PAIRS - 1);
    (bit / 64, 1 << (bit % 64))
}

fn set(pairs: &mut [u64], word: u64, next: u64) {
    let (at, bit) = place(word, next);
    pairs[at] |= bit;
}

fn is_set(pairs: &[u64], word: u64, next: u64) -> bool {
    let (at, bit) = place(word, next);
    pairs.get(at).is_some_and(|bits| bits & bit != 0)
}

/// Where what belongs to each state begins, in a list that is sorted by state.
fn starts(states: u32, of: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; states as usize + 1];
    of.for_each(|state| starts[state as usize + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}

/// What is left of a pattern.
struct Reader<'p> {
    rest: &'p str,
    depth: usize,
}

impl<'p> Reader<'p> {
    /// What stands before the next sign.
    fn piece(&mut self) -> &'p str {
        let end = self.rest.find(['(', ')', '|']).unwrap_or(self.rest.len());
        let (piece, rest) = self.rest.split_at(end);
        self.rest = rest;
        piece
    }

    fn take(&mut self, sign: char) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(piece: &str) -> Vec<u64> {
        piece
            .split_whitespace()
            .map(|word| word.bytes().fold(1, |sum, byte| sum * 31 + u64::from(byte)))
            .collect()
    }

    fn accepts(pattern: &str, line: &str) -> bool {
        let mut automaton = Automaton::default();
        automaton.add(pattern, &hashes, ()).expect("sound");
        automaton.finish();
        let words = hashes(line);
        let mut whole = false;
        automaton.follow(words.iter().copied(), |at, ()| whole |= at == words.len());
        whole
    }

    #[test]
    fn patterns_stand_for_lines() {
        let pattern = "see (our|all (our)?) (old)? mills";
        for line in [
            "see our mills",
            "see all our old mills",
            "see all mills",
            "see our old mills",
        ] {
            assert!(accepts(pattern, line), "{line}");
        }
        for line in ["see mills", "see our", "see our our mills", "our mills", ""] {
            assert!(!accepts(pattern, line), "{line}");
        }
        assert!(accepts("(a|b) (c|)", "b") && accepts("a|b c", "b c"));
    }

    #[test]
    fn faults_are_named() {
        let fault = |pattern: &str| Automaton::default().add(pattern, &hashes, ()).expect_err("a fault");
        assert_eq!(fault("(a"), "a bracket is not closed");
        assert_eq!(fault("a)"), "a bracket is closed that was not opened");
        assert_eq!(fault("(a)? (b|)"), "the phrase may have no word");
        assert_eq!(fault(&"(".repeat(99)), "there are brackets in too many brackets");
    }
}
