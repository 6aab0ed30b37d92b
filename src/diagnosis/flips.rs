//! One byte that is not what it was: the smallest damage there is, and one that the digest can locate.

use std::fmt;
use std::ops::Range;

use super::search::{Search, affords};
use super::signs;
use super::trial::Trial;
use super::{Case, Class, Diagnosis, RESTORE};

/// How many bytes beyond ASCII make a text one in which such a byte is no sign of anything.
const RARE: usize = 16;

/// How many suspicious places are searched.
const PLACES: usize = 256;

/// One byte, put back.
struct Change {
    place: usize,
    was: u8,
}

/// One flipped bit, one destroyed byte where one looks suspicious, or one character put in place of another.
///
/// Every bit of the text is tried only where its size is the recorded one and [`affords`] allows it, and every other byte
/// that the text uses where it allows that too.
pub(super) fn flipped(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let bytes = trial.bytes();
    if !trial.size_allows(bytes.len()) {
        return None;
    }
    let case = trial.case();
    let everywhere = |tries: usize| {
        let searched = case.recorded_bytes.is_some() && affords(case, bytes.len(), tries as u64);
        0..if searched { bytes.len() } else { 0 }
    };
    let suspicious = suspicious_places(bytes);
    let used = used(bytes);
    let others_used = |byte: u8| used.iter().copied().filter(move |&other| other != byte);
    put_back(case, suspicious.iter().copied(), flips)
        .or_else(|| put_back(case, everywhere(8), flips))
        .or_else(|| put_back(case, suspicious.iter().copied(), others))
        .or_else(|| put_back(case, everywhere(used.len()), others_used))
        .map(|change| explain(bytes, &change))
}

/// The bytes that a text uses, in order.
fn used(bytes: &[u8]) -> Vec<u8> {
    let mut seen = [false; 256];
    bytes.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    (0..=u8::MAX).filter(|&byte| seen[usize::from(byte)]).collect()
}

/// The first of these places, in rising order, where another byte gives the recorded digest.
fn put_back<I: Iterator<Item = u8>>(
    case: &Case<'_>,
    mut places: impl Iterator<Item = usize>,
    others: impl Fn(u8) -> I,
) -> Option<Change> {
    let mut search = Search::new(case);
    places.find_map(|place| {
        let mut others = others(case.bytes[place]);
        let was = others.find(|&was| search.fits(place..place + 1, &[was]))?;
        Some(Change { place, was })
    })
}

fn flips(byte: u8) -> impl Iterator<Item = u8> {
    (0..8).map(move |bit| byte ^ 1 << bit)
}

fn others(byte: u8) -> impl Iterator<Item = u8> {
    (0..=u8::MAX).filter(move |&other| other != byte)
}

/// Bytes that seldom stand in a text: control characters, what is not UTF-8, the odd byte beyond ASCII.
fn suspicious_places(bytes: &[u8]) -> Vec<usize> {
    let beyond = bytes.iter().filter(|byte| !byte.is_ascii()).take(RARE + 1).count();
    let odd = |byte: u8| signs::is_control(byte) || (beyond <= RARE && !byte.is_ascii());
    let odd = (0..bytes.len()).filter(|&at| odd(bytes[at])).take(PLACES);
    let mut places: Vec<usize> = odd.chain(around_invalid(bytes)).collect();
    places.sort_unstable();
    places.dedup();
    places.truncate(PLACES);
    places
}

/// Bytes that are not UTF-8, with those of the character they may have belonged to.
fn around_invalid(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let length = bytes.len();
    let widened = move |at: Range<usize>| at.start.saturating_sub(1)..length.min(at.end + 3);
    signs::invalid_parts(bytes).take(PLACES).flat_map(widened)
}

fn explain(bytes: &[u8], change: &Change) -> Diagnosis {
    let &Change { place, was } = change;
    let mut restored = bytes.to_vec();
    restored[place] = was;
    let (before, after) = (Shown::at(&restored, place), Shown::at(bytes, place));
    let fits = format!("with {before} instead of {after} at byte {place} they have the recorded digest");
    judge(&before, &after, was ^ bytes[place], &fits)
        .evidence("byte", place)
        .evidence("was", before.to_string())
        .evidence("is", after.to_string())
        .at(after.at)
}

/// A digit or the case of a letter that differs in one bit is as likely a person's work as a disk's; one readable character
/// in place of another that is no neighbour of it is hardly a disk's.
fn judge(was: &Shown, is: &Shown, bits: u8, fits: &str) -> Diagnosis {
    let readable = was.is_readable() && is.is_readable();
    if bits.count_ones() > 1 && readable {
        let message = format!("{fits}, so one character was changed");
        return Diagnosis::proven(Class::Edit, "one-character", message, LOOK).with_confidence(0.9);
    }
    if bits.count_ones() > 1 {
        let message = format!("{fits}, so one byte was destroyed");
        return Diagnosis::proven(Class::Damage, "byte-change", message, RESTORE);
    }
    if was.may_be_meant_as(is) {
        let message = format!("{fits}, so one character was changed");
        return Diagnosis::proven(Class::Edit, "one-character", message, LOOK).with_confidence(0.6);
    }
    let message = format!("{fits}, so one bit was flipped");
    let confidence = if readable { 0.8 } else { 1.0 };
    Diagnosis::proven(Class::Damage, "bit-flip", message, RESTORE).with_confidence(confidence)
}

const LOOK: &str = "look at it: if a person changed it, say why with `vidimus accept --reason`; a flipped bit looks the \
                    same, and then restore it from a copy";

/// A character as a reader knows it, or a byte that is part of none.
struct Shown {
    at: Range<usize>,
    byte: u8,
    character: Option<char>,
}

impl Shown {
    /// The character that the byte at this place is part of.
    fn at(bytes: &[u8], place: usize) -> Self {
        let byte = bytes[place];
        let leads = |at: &usize| bytes[*at] & 0xC0 != 0x80;
        let start = (place.saturating_sub(3)..=place).rev().find(leads).unwrap_or(place);
        let few = &bytes[start..bytes.len().min(start + 4)];
        let first = few.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
        let at = start..start + first.map_or(0, char::len_utf8);
        match first.filter(|_| at.contains(&place)) {
            None => Self {
                at: place..place + 1,
                byte,
                character: None,
            },
            character => Self { at, byte, character },
        }
    }

    fn is_readable(&self) -> bool {
        self.character
            .is_some_and(|c| c.is_alphanumeric() || c.is_ascii_graphic())
    }

    /// Whether both are digits, or the same letter in either case.
    fn may_be_meant_as(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.character, other.character) else {
            return false;
        };
        (a.is_numeric() && b.is_numeric()) || (a.is_alphabetic() && a.to_lowercase().eq(b.to_lowercase()))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.character {
            Some(c) if self.is_readable() => write!(f, "`{c}`"),
            Some(c) => write!(f, "U+{:04X}", u32::from(c)),
            None => write!(f, "the byte 0x{:02X}", self.byte),
        }
    }
}
