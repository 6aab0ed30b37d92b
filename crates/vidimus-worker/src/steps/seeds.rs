//! Pieces give their seeds, gathered in buckets by the upper bits of the hash: what is sent to and fro is a run of seeds and not
//! each for itself.

use vidimus::similarity::index::key_of;
use vidimus::similarity::normal::Normal;
use vidimus::similarity::seed::Density;
use vidimus::similarity::step::{Spot, spots};

use super::{Step, Work};
use crate::error::{Error, Result};
use crate::pack;
use crate::raw::number;
use crate::table::{Kind, Rows, Sink, Value};

pub(super) static STEP: Step = Step {
    name: "seeds",
    about: "pieces of texts give their seeds, in buckets",
    takes: &[("text", Kind::Integer), ("piece", Kind::Integer), ("part", Kind::Bytes)],
    gives: &[
        ("bucket", Kind::Integer),
        ("seeds", Kind::Bytes),
        ("places", Kind::Integer),
    ],
    start: |settings| {
        Ok(Box::new(Seeds {
            density: Density::of(settings.profile()?),
            wide: settings.is_wide(),
            buckets: settings.buckets,
            held: Vec::new(),
            normal: Normal::default(),
        }))
    },
};

/// So many seeds are held before they are given, at least.
const HELD: usize = 1 << 21;

struct Seeds {
    density: Density,
    wide: bool,
    buckets: u64,
    held: Vec<(u64, Spot)>,
    normal: Normal,
}

impl Work for Seeds {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let (text, piece) = (row.count(0)?, row.count(1)?);
            self.normal.refill(utf8(row.bytes(2).unwrap_or_default())?);
            self.held.extend(spots(text, piece, &self.normal, self.density));
            if self.held.len() >= HELD {
                self.give(out)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.give(out)
    }
}

impl Seeds {
    fn give(&mut self, out: &mut dyn Sink) -> Result<()> {
        let shift = 64 - self.buckets.trailing_zeros();
        let bucket = |hash: u64| hash.checked_shr(shift).unwrap_or(0);
        self.held.sort_unstable();
        for run in self.held.chunk_by(|one, other| bucket(one.0) == bucket(other.0)) {
            let seeds = self.packed(run);
            out.row(&[number(bucket(run[0].0)), Value::Bytes(&seeds), number(run.len() as u64)])?;
        }
        self.held.clear();
        Ok(())
    }

    /// The first text, then for each seed how much greater its key is than that before it, and where it stands.
    fn packed(&self, seeds: &[(u64, Spot)]) -> Vec<u8> {
        let first = seeds.iter().map(|(_, spot)| spot.text).min().unwrap_or(0);
        let (mut packed, mut last) = (Vec::with_capacity(seeds.len() * 10), 0);
        pack::push(&mut packed, first);
        for (hash, spot) in seeds {
            let key = if self.wide { *hash } else { key_of(*hash) };
            pack::push(&mut packed, key - last);
            pack::push_spot(&mut packed, first, *spot);
            last = key;
        }
        packed
    }
}

/// A piece as text.
pub(super) fn utf8(part: &[u8]) -> Result<&str> {
    std::str::from_utf8(part).map_err(|error| Error::Step(format!("a piece of a text is no UTF-8: {error}")))
}
