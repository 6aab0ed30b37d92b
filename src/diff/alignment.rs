//! Two texts in pieces, lines or words, and which pieces of the one stand in place of which of the other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::script::{Replaced, Work, script};

/// Two texts in pieces, and what is replaced. Between two replaced parts stand equal pieces, as many on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment<'a> {
    /// The pieces of the first; together they are all of it.
    pub old: Vec<&'a [u8]>,
    /// The pieces of the second.
    pub new: Vec<&'a [u8]>,
    /// What is replaced, in order, as ranges of pieces; no two touch each other.
    pub replaced: Vec<Replaced>,
    /// Whether more was replaced than had to be, because finding less would have taken too long.
    pub coarse: bool,
}

/// A part to show: what is replaced in it, with equal pieces around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Its pieces in the first text.
    pub old: Range<usize>,
    /// Its pieces in the second.
    pub new: Range<usize>,
    /// Which parts of [`Alignment::replaced`] it shows.
    pub replaced: Range<usize>,
}

impl<'a> Alignment<'a> {
    /// Aligns pieces that are equal where their keys are.
    pub(super) fn of(
        old: Vec<&'a [u8]>,
        new: Vec<&'a [u8]>,
        key: impl Fn(&'a [u8]) -> Cow<'a, [u8]>,
        work: &mut Work,
    ) -> Self {
        let same = |(a, b): &(&&'a [u8], &&'a [u8])| a == b || key(a) == key(b);
        let begin = old.iter().zip(&new).take_while(same).count();
        let rest = (&old[begin..], &new[begin..]);
        let end = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(same).count();
        let rest = (&rest.0[..rest.0.len() - end], &rest.1[..rest.1.len() - end]);
        let mut ids = HashMap::with_capacity(rest.0.len());
        let mut number = |piece: &&'a [u8]| {
            let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            *ids.entry(key(piece)).or_insert(next)
        };
        let one: Vec<u32> = rest.0.iter().map(&mut number).collect();
        let other: Vec<u32> = rest.1.iter().map(&mut number).collect();
        let found = script(&one, &other, work);
        Self {
            replaced: found.into_iter().map(|part| part.shifted(begin, begin)).collect(),
            old,
            new,
            coarse: work.coarse,
        }
    }

    /// The pieces that stand for each other, by their numbers.
    pub fn matched(&self) -> impl Iterator<Item = (usize, usize)> {
        let ends = self.replaced.iter().map(|part| (part.old.start, part.new.start));
        let begins = self.replaced.iter().map(|part| (part.old.end, part.new.end));
        let begins = std::iter::once((0, 0)).chain(begins);
        let ends = ends.chain([(self.old.len(), self.new.len())]);
        begins
            .zip(ends)
            .flat_map(|(begin, end)| (begin.0..end.0).zip(begin.1..end.1))
    }

    /// What to show: each replaced part with so many equal pieces on both sides; parts that come so near to each other are one.
    pub fn hunks(&self, context: usize) -> Vec<Hunk> {
        let mut hunks: Vec<Hunk> = Vec::new();
        for (index, part) in self.replaced.iter().enumerate() {
            let before = context.min(part.old.start);
            let hunk = Hunk {
                old: part.old.start - before..part.old.end.saturating_add(context).min(self.old.len()),
                new: part.new.start - before..part.new.end.saturating_add(context).min(self.new.len()),
                replaced: index..index + 1,
            };
            match hunks.last_mut() {
                Some(last) if hunk.old.start <= last.old.end => {
                    (last.old.end, last.new.end) = (hunk.old.end, hunk.new.end);
                    last.replaced.end = hunk.replaced.end;
                }
                _ => hunks.push(hunk),
            }
        }
        hunks
    }

    /// The second text, made of the first and of what is replaced.
    #[cfg(test)]
    pub(super) fn applied(&self) -> Vec<u8> {
        let (mut made, mut at) = (Vec::new(), 0);
        for part in &self.replaced {
            made.extend(self.old[at..part.old.start].concat());
            made.extend(self.new[part.new.clone()].concat());
            at = part.old.end;
        }
        made.extend(self.old[at..].concat());
        made
    }
}
