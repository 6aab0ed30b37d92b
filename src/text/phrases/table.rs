//! The automaton of the patterns with one state at a time (the subset construction, Rabin and Scott 1959), as one table: a
//! word of a line costs one look.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::Ready;
use super::pattern::{Edge, Fault, NONE};

/// So many states of patterns stand in all states of the table together, at most: patterns that need more have too many
/// choices in a row.
const MOST: usize = 1 << 20;

/// From a state, by a word, to a state, and what is accepted there.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    /// What leads from a state by a word, with open addressing; 0 is free.
    slots: Vec<(u64, u32)>,
    /// What is accepted in a state, in the order of the patterns.
    accepted: Vec<T>,
    /// Where those of each state begin.
    starts: Vec<u32>,
    /// Words that patterns begin with.
    first: Filter,
    /// Words that patterns end with.
    last: Filter,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            slots: vec![(0, 0)],
            accepted: Vec::new(),
            starts: vec![0, 0],
            first: Filter::default(),
            last: Filter::default(),
        }
    }
}

/// A bit for each hash of 16 bits: most words are told not to be there by one look.
#[derive(Clone, Debug)]
struct Filter(Vec<u64>);

impl Default for Filter {
    fn default() -> Self {
        Self(vec![0; 1 << 10])
    }
}

impl Filter {
    fn place(word: u64) -> (usize, u64) {
        let bit = (word.wrapping_mul(SPREAD) >> 48) as usize;
        (bit / 64, 1 << (bit % 64))
    }

    fn add(&mut self, word: u64) {
        let (at, bit) = Self::place(word);
        self.0[at] |= bit;
    }

    fn has(&self, word: u64) -> bool {
        let (at, bit) = Self::place(word);
        self.0[at] & bit != 0
    }
}

/// The golden ratio, as a fraction of 2⁶⁴.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Never 0.
fn key(state: u32, word: u64) -> u64 {
    (word ^ u64::from(state).wrapping_mul(SPREAD))
        .wrapping_mul(0xd6e8_feb8_6659_fd93)
        .max(1)
}

impl<T: Copy> Table<T> {
    /// Of the edges and the acceptances of patterns, both sorted; state 0 is the first.
    pub(super) fn of(states: u32, edges: &[Edge], accepts: &[(u32, T)]) -> Result<Self, Fault> {
        Builder::new(states, edges, accepts).table()
    }

    /// Whether a pattern may begin with that word.
    pub(super) fn begins(&self, word: u64) -> bool {
        self.first.has(word)
    }

    /// Whether a pattern may end with that word.
    pub(super) fn ends(&self, word: u64) -> bool {
        self.last.has(word)
    }

    /// Follows words as far as a pattern goes; tells after each word what is accepted there.
    pub(super) fn follow(&self, words: impl Iterator<Item = u64>, mut tell: impl FnMut(usize, T)) {
        let mut state = 0;
        for (at, word) in words.enumerate() {
            let Some(next) = self.next(state, word) else { return };
            let held = self.starts[next as usize] as usize..self.starts[next as usize + 1] as usize;
            self.accepted[held].iter().for_each(|what| tell(at + 1, *what));
            state = next;
        }
    }

    fn next(&self, state: u32, word: u64) -> Option<u32> {
        let key = key(state, word);
        let mut at = self.home(key);
        loop {
            let (held, to) = self.slots[at];
            if held == key {
                return Some(to);
            }
            if held == 0 {
                return None;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn home(&self, key: u64) -> usize {
        (key >> 32) as usize & (self.slots.len() - 1)
    }

    fn fill(&mut self, moves: &[(u64, u32)]) {
        self.slots = vec![(0, 0); (moves.len() * 2 + 1).next_power_of_two()];
        for &(key, to) in moves {
            let mut at = self.home(key);
            while self.slots[at].0 != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = (key, to);
        }
    }
}

/// A table that is being built.
struct Builder<'p, T> {
    edges: &'p [Edge],
    accepts: &'p [(u32, T)],
    /// Where the edges of each state of the patterns begin.
    edge_starts: Vec<u32>,
    /// Where the acceptances of each begin.
    accept_starts: Vec<u32>,
    /// The states of the patterns that each state of the table stands for, one after another.
    members: Vec<u32>,
    /// Where those of each state of the table begin.
    member_starts: Vec<u32>,
    /// The states of the table, by what they stand for and what they accept.
    known: HashMap<Vec<u32>, u32, BuildHasherDefault<Ready>>,
    /// When each state of the patterns was last seen.
    seen: Vec<u32>,
    round: u32,
    /// Room for the states that are reached from some.
    reached: Vec<u32>,
    table: Table<T>,
    moves: Vec<(u64, u32)>,
}

impl<'p, T: Copy> Builder<'p, T> {
    fn new(states: u32, edges: &'p [Edge], accepts: &'p [(u32, T)]) -> Self {
        Self {
            edges,
            accepts,
            edge_starts: starts(states, edges.iter().map(|edge| edge.0)),
            accept_starts: starts(states, accepts.iter().map(|accept| accept.0)),
            members: Vec::new(),
            member_starts: vec![0],
            known: HashMap::default(),
            seen: vec![0; states as usize],
            round: 0,
            reached: Vec::new(),
            table: Table {
                starts: vec![0],
                ..Table::default()
            },
            moves: Vec::new(),
        }
    }

    fn table(mut self) -> Result<Table<T>, Fault> {
        let (mut out, mut targets, mut content) = (Vec::new(), Vec::new(), Vec::new());
        self.content(&mut [0], &mut content);
        self.state(&content);
        let mut at = 0;
        while at + 1 < self.member_starts.len() {
            self.out(at, &mut out);
            for group in out.chunk_by(|one, next| one.0 == next.0) {
                targets.clear();
                targets.extend(group.iter().map(|edge| edge.1));
                let accepts = self.content(&mut targets, &mut content);
                let to = self.state(&content);
                self.note(at as u32, group[0].0, to, accepts);
            }
            if self.members.len() > MOST {
                return Err("the phrases have too many choices in a row");
            }
            at += 1;
        }
        self.table.fill(&self.moves);
        Ok(self.table)
    }

    fn note(&mut self, at: u32, word: u64, to: u32, accepts: bool) {
        self.moves.push((key(at, word), to));
        if at == 0 {
            self.table.first.add(word);
        }
        if accepts {
            self.table.last.add(word);
        }
    }

    fn edges_of(&self, state: u32) -> &'p [Edge] {
        &self.edges[self.edge_starts[state as usize] as usize..self.edge_starts[state as usize + 1] as usize]
    }

    fn accepted(&self, state: u32) -> std::ops::Range<u32> {
        self.accept_starts[state as usize]..self.accept_starts[state as usize + 1]
    }

    /// By which words a state of the table is left and where to; those of one word in the order of the members.
    fn out(&self, at: usize, out: &mut Vec<(u64, u32)>) {
        out.clear();
        for member in self.member_starts[at] as usize..self.member_starts[at + 1] as usize {
            let words = self.edges_of(self.members[member]).iter().filter(|edge| edge.1 != NONE);
            out.extend(words.map(|edge| (edge.1, edge.2)));
        }
        out.sort_by_key(|edge| edge.0);
    }

    /// What a state of the table holds that some states of the patterns make up: what they accept, a bar, and what leads on
    /// from them by a word. Tells whether they accept anything.
    fn content(&mut self, targets: &mut [u32], content: &mut Vec<u32>) -> bool {
        content.clear();
        let mut reached = std::mem::take(&mut self.reached);
        for &target in &*targets {
            self.reach(&[target], &mut reached);
            content.extend(reached.iter().flat_map(|&state| self.accepted(state)));
        }
        let accepts = !content.is_empty();
        content.push(BAR);
        targets.sort_unstable();
        if targets.len() > 1 {
            self.reach(targets, &mut reached);
        }
        let words = |state: &&u32| self.edges_of(**state).last().is_some_and(|edge| edge.1 != NONE);
        content.extend(reached.iter().filter(words));
        self.reached = reached;
        accepts
    }

    /// The states that are reached without a word, the nearest first.
    fn reach(&mut self, from: &[u32], reached: &mut Vec<u32>) {
        self.round += 1;
        reached.clear();
        from.iter().for_each(|&state| self.visit(state, reached));
        let mut at = 0;
        while at < reached.len() {
            let free = self.edges_of(reached[at]).iter().take_while(|edge| edge.1 == NONE);
            free.for_each(|edge| self.visit(edge.2, reached));
            at += 1;
        }
    }

    fn visit(&mut self, state: u32, reached: &mut Vec<u32>) {
        if std::mem::replace(&mut self.seen[state as usize], self.round) != self.round {
            reached.push(state);
        }
    }

    /// The state of the table that holds something.
    fn state(&mut self, content: &[u32]) -> u32 {
        if let Some(&state) = self.known.get(content) {
            return state;
        }
        let state = (self.member_starts.len() - 1) as u32;
        self.known.insert(content.to_vec(), state);
        let bar = content.iter().position(|&one| one == BAR).unwrap_or(content.len());
        let accepts = self.accepts;
        let accepted = content[..bar].iter().map(|&at| accepts[at as usize].1);
        self.table.accepted.extend(accepted);
        self.table.starts.push(self.table.accepted.len() as u32);
        self.members.extend(content.iter().skip(bar + 1));
        self.member_starts.push(self.members.len() as u32);
        state
    }
}

/// What stands between what a state accepts and what leads on.
const BAR: u32 = u32::MAX;

/// Where what belongs to each state begins, in a list that is sorted by state.
fn starts(states: u32, of: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; states as usize + 1];
    of.for_each(|state| starts[state as usize + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}
