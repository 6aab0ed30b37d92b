//! The steps between which a comparison is cut when it runs on many machines: functions of values, without files and threads.
//!
//! [`find`](super::find) does the same on one machine and gives the same. What a step hands to the next is small and plain, so
//! that an engine can sort, group and join it: seeds with the places where they stand ([`spots`]), meetings of two places
//! that share a seed ([`meet`]), pieces that are worth a comparison ([`is_candidate`]), passages ([`compare`]), then what
//! [`settle`](super::settle) makes of them.

use std::ops::Range;

use super::chain::{Chain, Hit};
use super::compare::{LONGEST_PARAGRAPH, Match, Thresholds, longest};
use super::exemplar::Size;
use super::extent::Desk;
use super::index::linked;
use super::normal::Normal;
use super::piece::pieces;
use super::seed::{Density, Seed, seeds};
use super::settle::{Raw, Side};

/// Where a text is cut into pieces.
pub fn cuts(text: &str) -> Vec<Range<usize>> {
    let narrow = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    // Reading from memory fails nowhere.
    let found = pieces(&vec![("", text)], 0).unwrap_or_default();
    found
        .iter()
        .map(|piece| narrow(piece.start)..narrow(piece.end()))
        .collect()
}

/// Where a seed stands: by text, piece of the text, word of the piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The number of the text.
    pub text: u64,
    /// The number of the piece in it.
    pub piece: u32,
    /// The number of the word in the piece.
    pub word: u32,
    /// How many words the paragraph has that it stands in; one more than matters, where it has more.
    pub paragraph: u8,
    /// About how many seeds the piece has.
    pub size: Size,
}

/// A paragraph of more words than this is as good as one of any number.
const MOST: usize = LONGEST_PARAGRAPH + 1;

/// The seeds of a piece, each with its hash.
pub fn spots(text: u64, piece: u32, normal: &Normal, density: Density) -> Vec<(u64, Spot)> {
    let mut found: Vec<Seed> = Vec::new();
    seeds(normal, density, &mut found);
    let size = Size::of(found.len());
    let mut paragraph = 0..0;
    let spot = |seed: Seed| {
        if !paragraph.contains(&(seed.word as usize)) {
            paragraph = normal.paragraph_of(seed.word as usize);
        }
        let spot = Spot {
            text,
            piece,
            word: seed.word,
            paragraph: u8::try_from(paragraph.len().min(MOST)).unwrap_or(u8::MAX),
            size,
        };
        (seed.hash, spot)
    };
    found.into_iter().map(spot).collect()
}

/// Calls back with the pairs of places that a seed makes meet, the earlier place first. Where it stands more than `most` times it
/// is frequent: then its first place meets each of the others, and these do not meet.
pub fn meet(places: &[Spot], most: usize, mut take: impl FnMut(Spot, Spot)) {
    for (number, later) in places.iter().enumerate().skip(1) {
        let met = linked(number, places.len(), most);
        places[..met].iter().for_each(|earlier| take(*earlier, *later));
    }
}

/// A seed that two pieces share, with what is known of both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    /// Where.
    pub hit: Hit,
    /// How many words both paragraphs have, as in [`Spot::paragraph`].
    pub paragraphs: [u8; 2],
    /// About how many seeds both pieces have.
    pub sizes: [Size; 2],
}

/// Whether two pieces may have a passage in common by all seeds that they share, sorted: else nothing is found in them.
pub fn is_candidate(thresholds: &Thresholds, shared: &[Meeting]) -> bool {
    let longest = longest(shared.len());
    let alike = |meeting: &Meeting| {
        let [one, other] = meeting.paragraphs.map(usize::from);
        thresholds.may_be_alike(one, other, longest)
    };
    shared.iter().any(alike) || thresholds.has_chains(&hits(shared))
}

/// The places alone.
pub fn hits(shared: &[Meeting]) -> Vec<Hit> {
    shared.iter().map(|meeting| meeting.hit).collect()
}

/// A piece that is compared.
#[derive(Clone, Copy, Debug)]
pub struct Portion<'a> {
    /// The number of its text.
    pub text: usize,
    /// Its first byte in the text.
    pub start: u64,
    /// Whether it is the last of its text.
    pub last: bool,
    /// Its comparable form.
    pub normal: &'a Normal,
}

/// The passages that two pieces have in common, the earlier piece first, by all seeds that they share, sorted, and the chains of
/// these ([`Thresholds::chains`]). A piece may be compared with itself.
pub fn compare(
    thresholds: &Thresholds,
    two: [Portion<'_>; 2],
    hits: &[Hit],
    chains: &[Chain],
    desk: &mut Desk,
) -> Vec<Raw> {
    let [earlier, later] = two;
    let same = (earlier.text, earlier.start) == (later.text, later.start);
    let found = thresholds.compare([earlier.normal, later.normal], same, hits, chains, desk);
    let side = |part: Portion<'_>, words: &Range<usize>| Side::of(part.text, part.start, part.normal, words, part.last);
    let raw = |one: &Match| Raw::of(side(earlier, &one.earlier), side(later, &one.later), one);
    found.iter().map(raw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::Options;

    fn spot(text: u64, word: u32) -> Spot {
        Spot {
            text,
            piece: 0,
            word,
            paragraph: 9,
            size: Size::of(8),
        }
    }

    #[test]
    fn all_places_of_a_seed_meet_and_those_of_a_frequent_one_meet_the_first() {
        let places: Vec<Spot> = (0..5).map(|text| spot(text, 7)).collect();
        let met = |most: usize| {
            let mut met = Vec::new();
            meet(&places, most, |earlier, later| met.push((earlier.text, later.text)));
            met
        };
        assert_eq!(met(5).len(), 10);
        assert_eq!(met(4), [(0, 1), (0, 2), (0, 3), (0, 4)]);
    }

    #[test]
    fn a_text_is_cut_as_a_run_cuts_it() {
        let text = "The lamps of the lower town went out one by one.\n".repeat(5000);
        let cuts = cuts(&text);
        assert_eq!((cuts.len(), cuts[0].start, cuts[3].end), (4, 0, text.len()));
        assert!(cuts.windows(2).all(|two| two[0].end == two[1].start));
    }

    #[test]
    fn a_spot_knows_its_paragraph() {
        let normal = Normal::of(&format!(
            "lamps of the lower town\n\n{}",
            "rope and lamp oil ".repeat(40)
        ));
        let spots = spots(3, 1, &normal, Density::Words);
        assert_eq!((spots[0].1.paragraph, spots[0].1.text, spots[0].1.piece), (5, 3, 1));
        assert_eq!(spots.last().map(|(_, spot)| spot.paragraph), Some(65));
    }

    #[test]
    fn pieces_without_a_paragraph_or_a_chain_are_no_candidates() {
        let thresholds = Thresholds::of(&Options::default());
        let meeting = |at: u32, paragraphs: [u8; 2]| Meeting {
            hit: Hit {
                earlier: at,
                later: at + 3,
            },
            paragraphs,
            sizes: [Size::of(100); 2],
        };
        assert!(!is_candidate(&thresholds, &[meeting(0, [65, 65])]));
        assert!(!is_candidate(&thresholds, &[meeting(0, [4, 20])]));
        assert!(is_candidate(&thresholds, &[meeting(0, [18, 20])]));
        let chain: Vec<Meeting> = (0..8).map(|at| meeting(at, [65, 65])).collect();
        assert!(is_candidate(&thresholds, &chain));
    }
}
