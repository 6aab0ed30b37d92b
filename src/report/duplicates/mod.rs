//! The formats of what a comparison of texts gave: passages that stand more than once. Each is a function of the comparison
//! and a writer.

pub mod card;
pub mod full;
pub mod json;
pub mod summary;

use crate::collection::{Collection, LeftOut};
use crate::similarity::{Duplicates, Group, Pair, Place, Texts as _};

/// What a comparison of the texts of a collection gave.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The texts.
    pub collection: &'a Collection,
    /// What was found in them; pairs by place.
    pub found: Duplicates,
    /// What was not compared, by path.
    pub left_out: Vec<LeftOut>,
    /// Counts.
    pub totals: Totals,
}

/// Counts of a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Texts that were compared.
    pub texts: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Their words.
    pub words: u64,
    /// Bytes of passages that stand more than once, each copy counted, and each byte once.
    pub duplicated_bytes: u64,
    /// Pairs of passages.
    pub pairs: usize,
    /// Groups of passages.
    pub groups: usize,
    /// Groups that have too many members to list every pair.
    pub boilerplate: usize,
    /// Pairs of texts, or of pieces of long ones, that an earlier version of one of them tells of.
    pub represented: usize,
    /// Texts that have the bytes of another.
    pub same: usize,
    /// Texts, lines and folders that were left out.
    pub left_out: u64,
}

impl Totals {
    /// Which part of the bytes stands more than once, from 0 to 1.
    pub fn share(&self) -> f64 {
        match self.bytes {
            0 => 0.0,
            bytes => self.duplicated_bytes as f64 / bytes as f64,
        }
    }
}

impl<'a> Comparison<'a> {
    /// A comparison of a collection.
    pub fn new(collection: &'a Collection, mut found: Duplicates) -> Self {
        found.pairs.sort_by_key(|pair| (pair.a, pair.b));
        let mut left_out = collection.left_out().to_vec();
        left_out.extend(
            found
                .left_out
                .iter()
                .map(|(text, why)| left_out_text(collection, *text, why)),
        );
        LeftOut::sort(&mut left_out);
        let totals = totals(collection, &found, &left_out);
        Self {
            collection,
            found,
            left_out,
            totals,
        }
    }

    /// The fingerprint of the group of a pair.
    pub fn group_of(&self, pair: &Pair) -> &str {
        self.found.groups.get(pair.group).map_or("", |group| &group.id)
    }
}

fn left_out_text(collection: &Collection, text: usize, why: &str) -> LeftOut {
    let name = collection.name_of(text);
    LeftOut {
        record: name.record,
        ..LeftOut::file(name.path, why)
    }
}

fn totals(collection: &Collection, found: &Duplicates, left_out: &[LeftOut]) -> Totals {
    let bytes = |texts: &mut dyn Iterator<Item = usize>| texts.map(|text| collection.size(text)).sum::<u64>();
    let unread = bytes(&mut found.left_out.iter().map(|(text, _)| *text));
    Totals {
        texts: collection.count() - found.left_out.len(),
        bytes: bytes(&mut (0..collection.count())) - unread,
        words: found.words.iter().map(|&words| words as u64).sum(),
        duplicated_bytes: covered(collection, found),
        pairs: found.pairs.len(),
        groups: found.groups.len(),
        boilerplate: found.groups.iter().filter(|group| group.boilerplate).count(),
        represented: found.represented,
        same: found.same.iter().map(Vec::len).sum(),
        left_out: left_out.iter().map(|one| one.count).sum(),
    }
}

/// How many bytes the passages have, each byte counted once. Of a text that is equal to another that is all of it, whatever
/// passages it has: there may be millions.
fn covered(collection: &Collection, found: &Duplicates) -> u64 {
    let mut whole = vec![false; collection.count()];
    found.same.iter().flatten().for_each(|&text| whole[text] = true);
    let members = found.groups.iter().flat_map(|group| group.members.iter().copied());
    let pairs = found.pairs.iter().flat_map(|pair| [pair.a, pair.b]);
    let mut places: Vec<Place> = members.chain(pairs).filter(|place| !whole[place.text]).collect();
    places.sort_unstable();
    let same: u64 = found.same.iter().flatten().map(|&text| collection.size(text)).sum();
    same + joined(&places)
}

/// How many bytes some places have, which are in order; each byte counted once.
fn joined(places: &[Place]) -> u64 {
    let (mut sum, mut text, mut end) = (0, usize::MAX, 0);
    for place in places {
        if place.text != text {
            (text, end) = (place.text, 0);
        }
        sum += place.end.saturating_sub(place.start.max(end));
        end = end.max(place.end);
    }
    sum
}

/// Groups that are or are not boilerplate, those with the most members first, and of those with as many the longest.
fn largest(groups: &[Group], boilerplate: bool) -> Vec<usize> {
    let of_that_kind = |index: &usize| groups[*index].boilerplate == boilerplate;
    let mut order: Vec<usize> = (0..groups.len()).filter(of_that_kind).collect();
    order.sort_by_key(|&index| {
        let group = &groups[index];
        std::cmp::Reverse((group.members.len(), group.words))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_counted_once() {
        let place = |(text, start, end)| Place { text, start, end };
        let places = [(0, 5, 10), (0, 5, 20), (0, 6, 8), (0, 15, 25), (1, 0, 3), (1, 7, 9)].map(place);
        assert_eq!(joined(&places), 20 + 3 + 2);
        assert_eq!(joined(&[]), 0);
    }
}
