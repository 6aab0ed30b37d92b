//! Patterns of words, as one automaton (Thompson 1968): it takes as much room as the patterns, however many lines they stand
//! for.

use super::table::Table;

/// The word of an edge that needs none.
pub(super) const NONE: u64 = 0;
/// Brackets in brackets go no deeper than this.
const DEEPEST: usize = 16;

/// From a state, by a word, to a state.
pub(super) type Edge = (u32, u64, u32);

/// An automaton over the hashes of words.
#[derive(Clone, Debug)]
pub(super) struct Automaton<T> {
    edges: Vec<Edge>,
    /// What a state accepts, in the order of the patterns.
    accepts: Vec<(u32, T)>,
    states: u32,
}

impl<T> Default for Automaton<T> {
    fn default() -> Self {
        Self {
            edges: Vec::new(),
            accepts: Vec::new(),
            states: 1,
        }
    }
}

/// What is wrong with a pattern.
pub(super) type Fault = &'static str;

impl<T: Copy> Automaton<T> {
    /// Adds a pattern; `hashes` gives the words of a piece of it. [`Automaton::table`] makes it count.
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

    /// The table of the patterns.
    pub(super) fn table(&mut self) -> Result<Table<T>, Fault> {
        self.edges.sort_unstable();
        self.accepts.sort_by_key(|(state, _)| *state);
        Table::of(self.states, &self.edges, &self.accepts)
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
        let table = automaton.table().expect("few choices");
        let words = hashes(line);
        let mut whole = false;
        table.follow(words.iter().copied(), |at, ()| whole |= at == words.len());
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
    fn too_many_choices_are_a_fault() {
        let mut automaton = Automaton::default();
        let pattern = format!("{}a {}", "(a|b)? ".repeat(24), "(a|b) ".repeat(24));
        automaton.add(&pattern, &hashes, ()).expect("sound");
        assert!(automaton.table().is_err());
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
