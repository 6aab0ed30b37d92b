//! `fixity/swapped-texts`: texts that carry each other's bytes.

use std::collections::{HashMap, VecDeque};

use crate::checks::{Check, Rule, Survey};
use crate::corpus::Observed;
use crate::digest::Digest;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::Entry;

/// See [`RULE`].
#[derive(Debug)]
pub struct SwappedTexts;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/swapped-texts",
    severity: Severity::Error,
    summary: "texts that carry each other's recorded bytes",
    settings: &[],
    docs: "\
## What it does
Finds two texts each of which has the bytes on record for the other, and rings of three and more. Such texts are one finding
here, and none of `fixity/hash-mismatch`.

## Why it matters
Nothing is lost or damaged: two files changed places, or two lines of the manifest did. As two unrelated mismatches they
look like damage, and restoring them from a copy hides how it came about.

## Example
`corpus/a.txt` and `corpus/b.txt` after a renaming that went wrong.

## What to do
Find out which of the two changed places, by what the texts say. Then rename the files back, or exchange the digests.
",
};

/// How many of a ring are named.
const NAMED: usize = 10;

impl Check for SwappedTexts {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        findings.extend(rings(survey).iter().map(|ring| finding(survey, ring)));
    }
}

fn finding(survey: &Survey<'_>, ring: &[usize]) -> Finding {
    let names: Vec<&str> = ring
        .iter()
        .map(|&index| survey.manifest.entries[index].name())
        .collect();
    let message = match names.as_slice() {
        [_, other] => format!("this text and {other} carry each other's recorded bytes"),
        _ => format!(
            "this text and {} others carry each other's recorded bytes, in a ring",
            names.len() - 1
        ),
    };
    let mut finding = RULE
        .finding(Location::file(names[0]), message)
        .help("rename the files back, or exchange their digests where the manifest is wrong")
        .evidence("texts", names.clone());
    for (turn, name) in names.iter().enumerate().take(NAMED).skip(1) {
        let owner = names[(turn + 1) % names.len()];
        finding = finding.related(Location::file(*name), format!("carries the bytes of {owner}"));
    }
    for (turn, &index) in ring.iter().enumerate().take(NAMED) {
        let carrier = names[(turn + names.len() - 1) % names.len()];
        let entry = &survey.manifest.entries[index];
        let place = entry.sha256.as_ref().map_or(entry.span, |recorded| recorded.span);
        finding = finding.related(survey.at(entry, place), format!("these bytes stand in {carrier}"));
    }
    finding
}

/// What a mismatch leads from, the digest on record, and to, that of the present bytes; `None` where there is none.
type Step = Option<(Digest, Digest)>;

/// Entries, by index, each of which carries the bytes on record for the next one, and the last those for the first.
pub fn rings(survey: &Survey<'_>) -> Vec<Vec<usize>> {
    let step = |(entry, observed): (&Entry, &Observed)| {
        let (recorded, actual) = (entry.digest()?, observed.sha256()?);
        (recorded != actual && observed.size > 0).then_some((recorded, actual))
    };
    rings_of(&survey.entries().map(step).collect::<Vec<Step>>())
}

/// Follows each step once, depth first, until it closes a ring or ends.
fn rings_of(steps: &[Step]) -> Vec<Vec<usize>> {
    let mut open: HashMap<Digest, VecDeque<usize>> = HashMap::new();
    for (index, step) in steps.iter().enumerate() {
        if let Some((recorded, _)) = step {
            open.entry(*recorded).or_default().push_back(index);
        }
    }
    let mut rings = Vec::new();
    for (recorded, _) in steps.iter().flatten() {
        follow(*recorded, steps, &mut open, &mut rings);
    }
    rings.iter_mut().for_each(|ring| begin_with_first(ring));
    rings
}

fn begin_with_first(ring: &mut [usize]) {
    let first = ring.iter().enumerate().min_by_key(|(_, index)| **index);
    let place = first.map_or(0, |(place, _)| place);
    ring.rotate_left(place);
}

/// Follows the steps that are still open from one digest on.
fn follow(start: Digest, steps: &[Step], open: &mut HashMap<Digest, VecDeque<usize>>, rings: &mut Vec<Vec<usize>>) {
    let mut path: Vec<usize> = Vec::new();
    let mut places: HashMap<Digest, usize> = HashMap::new();
    let mut at = start;
    loop {
        if let Some(&place) = places.get(&at) {
            let ring = path.split_off(place);
            for (recorded, _) in ring.iter().filter_map(|&index| steps[index]) {
                places.remove(&recorded);
            }
            rings.push(ring);
        }
        match open.get_mut(&at).and_then(VecDeque::pop_front) {
            Some(index) => {
                places.insert(at, path.len());
                path.push(index);
                at = steps[index].map_or(at, |(_, actual)| actual);
            }
            None => {
                // This way ends here: one step back, and on from there.
                let Some((recorded, _)) = path.pop().and_then(|index| steps[index]) else {
                    return;
                };
                places.remove(&recorded);
                at = recorded;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::digest::Algorithm;

    fn steps(pairs: &[(u8, u8)]) -> Vec<Step> {
        let digest = |byte: u8| Digest::from_bytes(Algorithm::Sha256, &[byte; 32]);
        let step = |&(from, to): &(u8, u8)| Some((digest(from)?, digest(to)?)).filter(|_| from != to);
        pairs.iter().map(step).collect()
    }

    #[test]
    fn a_way_into_a_ring_is_not_part_of_it() {
        assert_eq!(rings_of(&steps(&[(1, 2), (2, 3), (3, 4), (4, 2)])), [[1, 2, 3]]);
        assert_eq!(rings_of(&steps(&[(1, 2), (2, 3), (3, 3)])), Vec::<Vec<usize>>::new());
    }

    proptest! {
        #[test]
        fn every_ring_closes_and_no_entry_is_in_two(pairs in proptest::collection::vec((0u8..8, 0u8..8), 0..40)) {
            let steps = steps(&pairs);
            let mut seen = vec![false; steps.len()];
            for ring in rings_of(&steps) {
                prop_assert!(ring.len() > 1);
                for (turn, &index) in ring.iter().enumerate() {
                    prop_assert_eq!(pairs[index].1, pairs[ring[(turn + 1) % ring.len()]].0);
                    prop_assert!(!std::mem::replace(&mut seen[index], true));
                }
            }
        }

        #[test]
        fn whoever_was_shuffled_is_in_a_ring(order in Just((0u8..40).collect::<Vec<_>>()).prop_shuffle()) {
            let pairs: Vec<(u8, u8)> = (0..).zip(order).collect();
            let in_rings = rings_of(&steps(&pairs)).iter().map(Vec::len).sum::<usize>();
            prop_assert_eq!(in_rings, pairs.iter().filter(|(from, to)| from != to).count());
        }
    }
}
