//! The bench on which candidates are compared with the record, so that none is hashed twice or in vain.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::{CANDIDATES, COMBINED, Case};
use crate::digest::{Algorithm, Digest};

/// A case, and the candidates that were tried on it.
pub(super) struct Trial<'a> {
    case: &'a Case<'a>,
    seen: HashSet<(usize, u64)>,
    offered: u64,
    tried: usize,
}

impl<'a> Trial<'a> {
    pub(super) fn new(case: &'a Case<'a>) -> Self {
        Self {
            case,
            seen: HashSet::new(),
            offered: 0,
            tried: 0,
        }
    }

    pub(super) fn case(&self) -> &'a Case<'a> {
        self.case
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.case.bytes
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.case.recorded.algorithm()
    }

    /// How many candidates were hashed.
    pub(super) fn tried(&self) -> usize {
        self.tried
    }

    /// Whether what is unlikely has cost enough: [`CANDIDATES`] hashed, or [`COMBINED`] bytes made.
    pub(super) fn is_exhausted(&self) -> bool {
        let made = self.offered.saturating_mul(self.bytes().len() as u64);
        self.tried >= CANDIDATES || made > COMBINED
    }

    /// Whether a text of this length can be the recorded one.
    pub(super) fn size_allows(&self, length: usize) -> bool {
        self.case.recorded_bytes.is_none_or(|size| size == length as u64)
    }

    /// The size on record, where it is less than the present one and not nothing.
    pub(super) fn smaller_size(&self) -> Option<usize> {
        let size = usize::try_from(self.case.recorded_bytes?).ok()?;
        (size > 0 && size < self.bytes().len()).then_some(size)
    }

    pub(super) fn is_recorded(&self, digest: &Digest) -> bool {
        *digest == self.case.recorded
    }

    /// Whether these bytes have the recorded digest. Each candidate is hashed once.
    pub(super) fn fits(&mut self, candidate: &[u8]) -> bool {
        self.offered += 1;
        let worth = self.size_allows(candidate.len());
        if !worth || !self.seen.insert((candidate.len(), fingerprint(candidate))) {
            return false;
        }
        self.tried += 1;
        self.is_recorded(&self.algorithm().digest(candidate))
    }
}

/// Tells candidates apart for less than a digest costs. Two that share it would cost a diagnosis, not a wrong one.
fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
