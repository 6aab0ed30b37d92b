//! One small change tried in many places, with the bytes before each place hashed only once.

use std::ops::Range;

use super::Case;
use crate::digest::Hasher;

/// What hashing costs even where there is next to nothing to hash, in bytes.
const LEAST: u64 = 64;

/// A search through the present bytes from the front.
pub(super) struct Search<'a> {
    case: &'a Case<'a>,
    prefix: Hasher,
    done: usize,
    left: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(case: &'a Case<'a>) -> Self {
        let prefix = Hasher::new(case.recorded.algorithm());
        Self {
            case,
            prefix,
            done: 0,
            left: case.search,
        }
    }

    /// Whether the bytes have the recorded digest with `part` replaced. Parts come with rising starts. Once the
    /// bytes that [`Case::search`] allows are hashed the answer is no.
    pub(super) fn fits(&mut self, part: Range<usize>, instead: &[u8]) -> bool {
        let rest = &self.case.bytes[part.end..];
        let cost = LEAST + rest.len() as u64;
        let Some(left) = self.left.checked_sub(cost) else {
            return false;
        };
        self.left = left;
        self.prefix.update(&self.case.bytes[self.done..part.start]);
        self.done = part.start;
        let mut hasher = self.prefix.clone();
        hasher.update(instead);
        hasher.update(rest);
        hasher.finish() == self.case.recorded
    }
}

/// Whether a case allows a search of `each` tries at every byte of so many: on average half of them are hashed.
pub(super) fn affords(case: &Case<'_>, length: usize, each: u64) -> bool {
    let length = length as u64;
    length.saturating_mul(length / 2 + LEAST).saturating_mul(each) <= case.search
}
