//! Pieces compared, a batch at a time: as many as there is memory for.
//!
//! The later pieces of a batch are at hand. What they are compared with is had in the order of the earlier pieces, so that each of
//! these is made once a batch at most, however many share something with it.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use super::super::bucket::Buckets;
use super::super::chain::Hit;
use super::super::exemplar::Share;
use super::super::hits::{self, Cuts};
use super::super::normal::Normal;
use super::super::settle::Raw;
use super::super::step::{self, Portion};
use super::{Read, Run, Worker, share};
use crate::error::Result;

/// A piece, and an earlier one that it may share passages with; or itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    earlier: u32,
    later: u32,
    /// The part that its hits lie in, the first of them there, and how many.
    part: u32,
    first: u32,
    count: u32,
}

/// An earlier piece that one shares seeds with; or itself.
struct Party {
    piece: usize,
    /// Whether both are of one text.
    own: bool,
    /// Where its hits lie among those of the later piece.
    hits: Range<usize>,
}

impl Party {
    fn share<'a>(&'a self, read: &Read, shared: &'a [Hit]) -> Share<'a, &'a Self> {
        Share {
            piece: self,
            size: read.sizes[self.piece],
            own: self.own,
            hits: &shared[self.hits.clone()],
        }
    }
}

/// So many candidates at most are compared by one thread without a look at what the others do.
const TOGETHER: usize = 64;

/// The hits of the parts of a batch.
struct Batch {
    parts: Range<usize>,
    hits: Vec<OnceLock<Vec<u64>>>,
}

impl Batch {
    fn of(parts: Range<usize>) -> Self {
        let hits = parts.clone().map(|_| OnceLock::new()).collect();
        Self { parts, hits }
    }

    /// The hits of a candidate.
    fn hits(&self, candidate: &Candidate) -> &[u64] {
        let hits = self.hits[candidate.part as usize - self.parts.start].get();
        let (first, count) = (candidate.first as usize, candidate.count as usize);
        &hits.map_or(&[][..], Vec::as_slice)[first..first + count]
    }
}

impl Run<'_> {
    /// Compares each piece with those before it that it shares seeds with.
    pub(super) fn compare(&mut self, read: &Read, cuts: &Cuts, pairs: &Buckets) -> Result<Vec<Raw>> {
        let pressed = self.shelf.is_full();
        let mut found = Vec::new();
        let mut next = 0;
        while next < cuts.count() {
            if pressed {
                self.shelf.clear();
            }
            let batch = Batch::of(next..self.reach(read, cuts, pairs, next, pressed));
            next = batch.parts.end;
            found.extend(self.compare_batch(read, cuts, pairs, &batch)?);
        }
        Ok(found)
    }

    /// The end of the parts from one on that there is memory for; one there is always.
    fn reach(&self, read: &Read, cuts: &Cuts, pairs: &Buckets, first: usize, pressed: bool) -> usize {
        let mut room = share(self.options, 4) / (size_of::<u64>() + size_of::<Candidate>());
        let fits = |part: &usize| {
            let pieces = cuts.pieces(first).start..cuts.pieces(*part).end;
            let words = read.first_words[pieces.end] - read.first_words[pieces.start];
            let left = room.checked_sub(pairs.count(*part));
            room = left.unwrap_or(0);
            left.is_some() && (!pressed || self.shelf.has_room_for(pieces, words as usize))
        };
        let fitting = (first..cuts.count()).take_while(fits).count();
        first + fitting.max(1)
    }

    fn compare_batch(&self, read: &Read, cuts: &Cuts, pairs: &Buckets, batch: &Batch) -> Result<Vec<Raw>> {
        let workers = self.each(batch.parts.clone(), |worker, part| {
            let hits = self.candidates(read, cuts.pieces(part), self.sorted(pairs, part)?, part, worker)?;
            drop(batch.hits[part - batch.parts.start].set(hits));
            Ok(())
        })?;
        self.told
            .fetch_add(workers.iter().map(|worker| worker.told).sum(), Ordering::Relaxed);
        let mut candidates: Vec<Candidate> = workers.into_iter().flat_map(|worker| worker.candidates).collect();
        candidates.sort_unstable();
        let of_earlier = candidates.chunk_by(|one, other| one.earlier == other.earlier);
        let together: Vec<&[Candidate]> = of_earlier.flat_map(|some| some.chunks(TOGETHER)).collect();
        let workers = self.each(0..together.len(), |worker, number| {
            self.compare_with(read, batch, together[number], worker)
        })?;
        Ok(workers.into_iter().flat_map(|worker| worker.found).collect())
    }

    /// Notes the candidates among the pieces of a part, whose sorted pairs become hits.
    fn candidates(
        &self,
        read: &Read,
        pieces: Range<usize>,
        mut pairs: Vec<u64>,
        part: usize,
        worker: &mut Worker,
    ) -> Result<Vec<u64>> {
        let mut first = 0;
        for piece in pieces {
            self.advance(piece);
            let end = u64::from(read.first_words[piece + 1]);
            let count = pairs[first..].partition_point(|pair| pair >> 32 < end);
            let own = &mut pairs[first..first + count];
            if !own.is_empty() {
                hits::of_piece(own, read.first_words[piece]);
                self.candidates_of(read, piece, own, (part, first), worker)?;
            }
            first += count;
        }
        Ok(pairs)
    }

    /// Notes the candidates of one piece, which is kept at hand if it has any.
    fn candidates_of(
        &self,
        read: &Read,
        piece: usize,
        hits: &[u64],
        (part, first): (usize, usize),
        worker: &mut Worker,
    ) -> Result<()> {
        let later = self.had(read, piece, &mut worker.bytes, &mut worker.normal)?;
        let before = worker.candidates.len();
        let parties = self.parties(read, piece, hits, &mut worker.hits);
        let mut shares: Vec<Share<'_, &Party>> = parties.iter().map(|party| party.share(read, &worker.hits)).collect();
        let told = worker.exemplars.told(&self.thresholds, read.sizes[piece], &mut shares);
        let would = |share: &&Share<'_, &Party>| self.thresholds.looks_at(later, share.hits);
        worker.told += told.iter().filter(would).count();
        for Share { piece: party, hits, .. } in shares {
            if self.thresholds.looks_at(later, hits) {
                worker.candidates.push(Candidate {
                    earlier: party.piece as u32,
                    later: piece as u32,
                    part: part as u32,
                    first: (first + party.hits.start) as u32,
                    count: party.hits.len() as u32,
                });
            }
        }
        if worker.candidates.len() > before && self.shelf.kept(piece).is_none() {
            self.shelf.keep(piece, later);
        }
        Ok(())
    }

    /// Who shares seeds with a piece, in order. `shared` becomes what each of them shares, as its hits tell.
    fn parties(&self, read: &Read, piece: usize, hits: &[u64], shared: &mut Vec<Hit>) -> Vec<Party> {
        let mut parties: Vec<Party> = Vec::new();
        shared.clear();
        while let Some(&hit) = hits.get(shared.len()) {
            let (first, other) = (shared.len(), read.piece_of((hit >> 32) as u32));
            let end = u64::from(read.first_words[other + 1]);
            let count = hits[first..].iter().take_while(|hit| **hit >> 32 < end).count();
            hits::shared(&hits[first..first + count], read.first_words[other], shared);
            parties.push(Party {
                piece: other,
                own: self.plan.text_of(other) == self.plan.text_of(piece),
                hits: first..first + count,
            });
        }
        parties
    }

    /// Compares candidates with the same earlier piece.
    fn compare_with(&self, read: &Read, batch: &Batch, candidates: &[Candidate], worker: &mut Worker) -> Result<()> {
        let Some(first) = candidates.first() else {
            return Ok(());
        };
        let earlier = self.had(read, first.earlier as usize, &mut worker.bytes, &mut worker.normal)?;
        for candidate in candidates {
            let piece = candidate.later as usize;
            let later = self.had(read, piece, &mut worker.bytes, &mut worker.other)?;
            let own = batch.hits(candidate);
            worker.hits.clear();
            hits::shared(own, read.first_words[first.earlier as usize], &mut worker.hits);
            let chains = self.thresholds.chains(&worker.hits);
            let two = [
                self.portion(first.earlier as usize, earlier),
                self.portion(piece, later),
            ];
            let found = step::compare(&self.thresholds, two, &worker.hits, &chains, &mut worker.desk);
            worker.found.extend(found);
        }
        Ok(())
    }

    fn portion<'n>(&self, piece: usize, normal: &'n Normal) -> Portion<'n> {
        let text = self.plan.text_of(piece);
        Portion {
            text,
            start: self.plan.pieces[piece].start,
            last: piece + 1 == self.plan.firsts[text + 1],
            normal,
        }
    }
}
