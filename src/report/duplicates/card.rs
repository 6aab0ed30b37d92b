//! What people see of a group of passages: where its members stand, how they begin, and what differs. The one part of these
//! reports that reads the texts again, so that the formats need not.

use crate::collection::{Collection, Name};
use crate::diff::{COMPARED, Change, changes};
use crate::similarity::{Group, Kind, Pair, Place, Texts};

use super::Comparison;

/// So many members of a group are shown.
pub const SHOWN: usize = 10;
/// An excerpt is cut out of so many bytes.
const EXCERPT: u64 = 800;
/// What one read asks for where lines are counted, in bytes.
const PART: u64 = 1 << 18;

/// A group, as people see it.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    /// The group.
    pub group: &'a Group,
    /// What its passages are.
    pub kind: Kind,
    /// How alike its pairs are, at least and at most.
    pub alike: Option<(f32, f32)>,
    /// The beginning of its first member.
    pub excerpt: String,
    /// Whether that is all of it.
    pub whole: bool,
    /// The first of its members.
    pub members: Vec<Member<'a>>,
}

/// A member of a group.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Its text.
    pub name: Name<'a>,
    /// Line and column of its first character, from 1, in characters.
    pub line: u64,
    /// See [`Member::line`].
    pub column: u64,
    /// How alike it is with the first, or with the one that is most like it.
    pub similarity: Option<f32>,
    /// What differs from the first.
    pub changes: Vec<Change>,
}

/// Makes cards of groups.
#[derive(Debug)]
pub struct Cards<'a> {
    comparison: &'a Comparison<'a>,
    /// The pairs by their group.
    pairs: Vec<&'a Pair>,
    spots: Vec<Spot>,
}

/// A byte of a text, and where a reader finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    text: usize,
    byte: u64,
    line: u64,
    column: u64,
}

impl<'a> Cards<'a> {
    /// Gets ready to make cards of these groups; each text that they stand in is read once for its lines.
    pub fn of(comparison: &'a Comparison<'a>, groups: &[usize]) -> Self {
        let mut pairs: Vec<&Pair> = comparison.found.pairs.iter().collect();
        pairs.sort_by_key(|pair| pair.group);
        let shown = |&group: &usize| comparison.found.groups[group].members.iter().take(SHOWN);
        let spot = |place: &Place| Spot {
            text: place.text,
            byte: place.start,
            line: 1,
            column: 1,
        };
        let mut spots: Vec<Spot> = groups.iter().flat_map(shown).map(spot).collect();
        spots.sort_unstable();
        spots.dedup();
        for spots in spots.chunk_by_mut(|a, b| a.text == b.text) {
            locate(comparison.collection, spots);
        }
        Self {
            comparison,
            pairs,
            spots,
        }
    }

    /// The card of a group.
    pub fn card(&self, index: usize) -> Card<'a> {
        let group = &self.comparison.found.groups[index];
        let pairs = self.pairs_of(index);
        let first = group.members.first();
        let text = first.map(|place| self.read(place, EXCERPT)).unwrap_or_default();
        let least = pairs.iter().map(|pair| pair.similarity).min_by(f32::total_cmp);
        let most = pairs.iter().map(|pair| pair.similarity).max_by(f32::total_cmp);
        let shown = group.members.iter().take(SHOWN);
        Card {
            group,
            kind: pairs.first().map_or(Kind::Passage, |pair| pair.kind),
            alike: least.zip(most),
            whole: first.is_none_or(|place| place.length() <= EXCERPT),
            excerpt: text,
            members: shown.map(|place| self.member(place, first, pairs)).collect(),
        }
    }

    fn pairs_of(&self, group: usize) -> &[&'a Pair] {
        let from = self.pairs.partition_point(|pair| pair.group < group);
        let to = self.pairs.partition_point(|pair| pair.group <= group);
        &self.pairs[from..to]
    }

    fn member(&self, place: &Place, first: Option<&Place>, pairs: &[&Pair]) -> Member<'a> {
        let other = first.filter(|first| *first != place);
        let (line, column) = self.position(place);
        let compared = |place| self.read(place, COMPARED as u64 + 4);
        Member {
            name: self.comparison.collection.name_of(place.text),
            line,
            column,
            similarity: other.and_then(|first| similarity(place, first, pairs)),
            changes: other.map_or(Vec::new(), |first| changes(&compared(first), &compared(place))),
        }
    }

    fn position(&self, place: &Place) -> (u64, u64) {
        let key = (place.text, place.start);
        let found = self.spots.binary_search_by_key(&key, |spot| (spot.text, spot.byte));
        found.map_or((1, 1), |index| (self.spots[index].line, self.spots[index].column))
    }

    /// The beginning of a passage, up to so many bytes, without a part of a character at its end. What cannot be read any
    /// more is empty: the report of where it stood is worth more than an error.
    fn read(&self, place: &Place, most: u64) -> String {
        let mut bytes = Vec::new();
        let part = place.start..place.end.min(place.start + most);
        let read = self.comparison.collection.read(place.text, part, &mut bytes);
        let valid = match std::str::from_utf8(&bytes) {
            Ok(_) => bytes.len(),
            Err(error) => error.valid_up_to(),
        };
        bytes.truncate(if read.is_ok() { valid } else { 0 });
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// How alike a member is with the first, where they are a pair; else with the one that is most like it. A member may be a
/// little longer than the passage of a pair.
fn similarity(place: &Place, first: &Place, pairs: &[&Pair]) -> Option<f32> {
    let meet = |a: &Place, b: &Place| a.text == b.text && a.start < b.end && b.start < a.end;
    let of = |pair: &&&Pair, place: &Place| meet(&pair.a, place) || meet(&pair.b, place);
    let own = || {
        pairs
            .iter()
            .filter(|pair| of(pair, place))
            .map(|pair| (of(&pair, first), pair.similarity))
    };
    let best = own().max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    best.map(|(_, similarity)| similarity)
}

/// Fills in the lines and columns of spots of one text, in their order.
fn locate(collection: &Collection, spots: &mut [Spot]) {
    let mut here = Spot {
        text: spots.first().map_or(0, |spot| spot.text),
        byte: 0,
        line: 1,
        column: 1,
    };
    let mut part = Vec::new();
    for spot in spots {
        while here.byte < spot.byte {
            let end = spot.byte.min(here.byte + PART);
            if collection.read(here.text, here.byte..end, &mut part).is_err() {
                return;
            }
            here.pass(&part);
        }
        *spot = here;
    }
}

impl Spot {
    /// Goes on by some bytes.
    fn pass(&mut self, bytes: &[u8]) {
        let tail = match memchr::memrchr(b'\n', bytes) {
            None => bytes,
            Some(last) => {
                self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
                self.column = 1;
                &bytes[last + 1..]
            }
        };
        self.column += tail.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
        self.byte += bytes.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let mut here = Spot {
            text: 0,
            byte: 0,
            line: 1,
            column: 1,
        };
        for (piece, at) in [
            ("\u{e9}a", (1, 3)),
            ("b\nx\n\u{e9}", (3, 2)),
            ("", (3, 2)),
            ("zz", (3, 4)),
        ] {
            here.pass(piece.as_bytes());
            assert_eq!((here.line, here.column), at);
        }
        assert_eq!(here.byte, 11);
    }
}
