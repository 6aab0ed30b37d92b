//! The passages of a corpus that stand twice, as the rules ask for them: by group, by pair of texts, with their words.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::similarity::{Duplicates, Group, Pair, Place, Texts};

/// What stands twice in the texts of a corpus. A text has the number of its entry.
#[derive(Default)]
pub struct Passages<'a> {
    found: Duplicates,
    texts: Option<&'a dyn Texts>,
    relations: OnceLock<Vec<Relation>>,
    /// The first text with the same bytes, for those that have others.
    firsts: HashMap<usize, usize>,
}

impl fmt::Debug for Passages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passages")
            .field("found", &self.found)
            .finish_non_exhaustive()
    }
}

/// Two texts with other bytes that share passages.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The text that is listed first.
    pub a: usize,
    /// The other one.
    pub b: usize,
    /// What they share, by its place in the first.
    pub pairs: Vec<Pair>,
    /// The share of the words of the first that stand in the other.
    pub of_a: f64,
    /// The share of the words of the other that stand in the first.
    pub of_b: f64,
    /// How alike their passages are, by words.
    pub similarity: f64,
}

impl<'a> Passages<'a> {
    /// What was found in texts, which are read again for the words of a passage. Two places are compared once, as they are most
    /// alike.
    pub fn new(mut found: Duplicates, texts: &'a dyn Texts) -> Self {
        let better = |one: &Pair, other: &Pair| other.similarity.total_cmp(&one.similarity);
        found
            .pairs
            .sort_by(|one, other| (one.a, one.b).cmp(&(other.a, other.b)).then(better(one, other)));
        found.pairs.dedup_by_key(|pair| (pair.a, pair.b));
        let of_class = |class: &Vec<usize>| {
            let first = class.first().copied().unwrap_or_default();
            class.iter().map(move |&text| (text, first)).collect::<Vec<_>>()
        };
        Self {
            firsts: found.same.iter().flat_map(of_class).collect(),
            found,
            texts: Some(texts),
            relations: OnceLock::new(),
        }
    }

    /// Texts that changed before they could be compared, and what the system said.
    pub fn left_out(&self) -> &[(usize, String)] {
        &self.found.left_out
    }

    /// The groups, each with its pairs.
    pub fn groups(&self) -> impl Iterator<Item = (&Group, Vec<&Pair>)> {
        let mut pairs: Vec<Vec<&Pair>> = vec![Vec::new(); self.found.groups.len()];
        for pair in &self.found.pairs {
            if let Some(group) = pairs.get_mut(pair.group) {
                group.push(pair);
            }
        }
        self.found.groups.iter().zip(pairs)
    }

    /// What stands twice in one text, by text.
    pub fn within(&self) -> BTreeMap<usize, Vec<&Pair>> {
        let mut within: BTreeMap<usize, Vec<&Pair>> = BTreeMap::new();
        for pair in self.found.pairs.iter().filter(|pair| pair.a.text == pair.b.text) {
            within.entry(pair.a.text).or_default().push(pair);
        }
        within
    }

    /// The group of a pair.
    pub fn group_of(&self, pair: &Pair) -> Option<&Group> {
        self.found.groups.get(pair.group)
    }

    /// The places of a group, of texts with the same bytes those of the first.
    pub fn members(&self, group: &Group) -> Vec<Place> {
        let firsts = group
            .members
            .iter()
            .filter(|place| self.first_of(place.text) == place.text);
        firsts.copied().collect()
    }

    /// The first text with the same bytes as this one.
    pub fn first_of(&self, text: usize) -> usize {
        self.firsts.get(&text).copied().unwrap_or(text)
    }

    /// How many words a text has.
    pub fn words_of(&self, text: usize) -> usize {
        self.found.words.get(text).copied().unwrap_or_default()
    }

    /// How many bytes a text has.
    pub fn size_of(&self, text: usize) -> u64 {
        self.texts.map_or(0, |texts| texts.size(text))
    }

    /// A part of a text; `None` where it cannot be read any more. U+FFFD stands for a character that is cut.
    pub fn read(&self, text: usize, part: Range<u64>) -> Option<String> {
        let mut bytes = Vec::new();
        self.texts?.read(text, part, &mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The beginning of a passage, up to so many bytes.
    pub fn words(&self, place: Place, most: u64) -> Option<String> {
        self.read(place.text, place.start..place.end.min(place.start + most))
    }

    /// The pairs of texts that share passages and have other bytes, by their numbers; found once.
    pub fn relations(&self) -> &[Relation] {
        self.relations.get_or_init(|| {
            let of_two = |pair: &&Pair| self.first_of(pair.a.text) != self.first_of(pair.b.text);
            let mut pairs: Vec<&Pair> = self.found.pairs.iter().filter(of_two).collect();
            pairs.sort_unstable_by_key(|pair| (pair.a.text, pair.b.text, pair.a, pair.b));
            let of_texts = pairs.chunk_by(|one, other| (one.a.text, one.b.text) == (other.a.text, other.b.text));
            of_texts.map(|pairs| self.relation(pairs)).collect()
        })
    }

    /// Of the pairs of two texts, by their places: there are many such with one pair, so that no more room is taken than they need.
    fn relation(&self, pairs: &[&Pair]) -> Relation {
        let (a, b) = (pairs[0].a.text, pairs[0].b.text);
        let pairs: Vec<Pair> = pairs.iter().copied().copied().collect();
        let share = |text: usize, side: fn(&Pair) -> Place| {
            let words = self.words_of(text).max(1) as f64;
            (covered(&pairs, side) / words).min(1.0)
        };
        let words: f64 = pairs.iter().map(|pair| pair.words as f64).sum();
        let alike: f64 = pairs
            .iter()
            .map(|pair| pair.words as f64 * f64::from(pair.similarity))
            .sum();
        Relation {
            a,
            b,
            of_a: share(a, |pair| pair.a),
            of_b: share(b, |pair| pair.b),
            similarity: alike / words.max(1.0),
            pairs,
        }
    }
}

impl Relation {
    /// The same, seen from the other text.
    #[must_use]
    pub fn turned(&self) -> Self {
        let turn = |pair: &Pair| Pair {
            a: pair.b,
            b: pair.a,
            ..*pair
        };
        let mut pairs: Vec<Pair> = self.pairs.iter().map(turn).collect();
        pairs.sort_by_key(|pair| (pair.a, pair.b));
        Self {
            a: self.b,
            b: self.a,
            pairs,
            of_a: self.of_b,
            of_b: self.of_a,
            similarity: self.similarity,
        }
    }
}

/// How many words of a text lie in passages; those that lie in several count once.
fn covered(pairs: &[Pair], side: fn(&Pair) -> Place) -> f64 {
    let mut sides: Vec<(Place, usize)> = pairs.iter().map(|pair| (side(pair), pair.words)).collect();
    sides.sort_unstable();
    let (mut until, mut covered) = (0, 0.0);
    for (place, words) in sides {
        let fresh = place.end.saturating_sub(until.max(place.start));
        covered += words as f64 * fresh as f64 / place.length().max(1) as f64;
        until = until.max(place.end);
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Kind;

    fn pair(a: (usize, u64, u64), b: (usize, u64, u64), words: usize) -> Pair {
        let place = |(text, start, end)| Place { text, start, end };
        Pair {
            a: place(a),
            b: place(b),
            similarity: 1.0,
            words,
            whole: false,
            kind: Kind::Passage,
            group: 0,
        }
    }

    #[test]
    fn what_lies_in_two_passages_counts_once() {
        let texts = vec![("a", "x".repeat(100)), ("b", "x".repeat(400))];
        let found = Duplicates {
            pairs: vec![pair((0, 0, 60), (1, 0, 60), 30), pair((0, 30, 90), (1, 200, 260), 30)],
            words: vec![50, 200],
            ..Duplicates::default()
        };
        let passages = Passages::new(found, &texts);
        let [relation] = passages.relations() else {
            panic!("one relation")
        };
        assert_eq!((relation.of_a, relation.of_b), (0.9, 0.3));
        assert_eq!(relation.turned().turned(), *relation);
    }

    #[test]
    fn two_places_are_one_pair() {
        let texts = vec![("a", "x".repeat(100)), ("b", "x".repeat(100))];
        let best = pair((0, 0, 60), (1, 0, 60), 30);
        let other = Pair {
            similarity: 0.9,
            ..best
        };
        for pairs in [vec![best, other], vec![other, best]] {
            let found = Duplicates {
                pairs,
                ..Duplicates::default()
            };
            assert_eq!(Passages::new(found, &texts).relations()[0].pairs, [best]);
        }
    }

    #[test]
    fn texts_with_the_same_bytes_are_one() {
        let texts = vec![("a", "x".repeat(100)), ("b", "x".repeat(100)), ("c", "y".repeat(100))];
        let found = Duplicates {
            pairs: vec![pair((0, 0, 60), (1, 0, 60), 30), pair((0, 0, 60), (2, 0, 60), 30)],
            same: vec![vec![0, 1]],
            words: vec![50, 50, 50],
            ..Duplicates::default()
        };
        let passages = Passages::new(found, &texts);
        assert_eq!(passages.first_of(1), 0);
        let copied = Group {
            id: String::new(),
            boilerplate: true,
            members: [0, 1, 2]
                .map(|text| Place {
                    text,
                    start: 0,
                    end: 60,
                })
                .to_vec(),
            words: 30,
        };
        assert_eq!(passages.members(&copied).len(), 2);
        let related: Vec<_> = passages.relations().iter().map(|one| (one.a, one.b)).collect();
        assert_eq!(related, [(0, 2)]);
    }
}
