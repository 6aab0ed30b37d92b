//! The seeds of a bucket are brought together: what stands once is dropped, and of the rest each seed is told with all its places.

use vidimus::similarity::index::Crowd;
use vidimus::similarity::step::Spot;

use super::{Step, Work};
use crate::error::Result;
use crate::pack::{self, Packed};
use crate::raw::number;
use crate::table::{Kind, Rows, Sink, Value};

pub(super) static STEP: Step = Step {
    name: "gather",
    about: "seeds, sorted by bucket, become seeds that stand several times, each with its places",
    takes: &[("bucket", Kind::Integer), ("seeds", Kind::Bytes)],
    gives: &[
        ("bucket", Kind::Integer),
        ("runs", Kind::Bytes),
        ("places", Kind::Integer),
        ("crowd", Kind::Integers),
    ],
    start: |_| Ok(Box::<Gather>::default()),
};

/// So many bytes of places are given at once, about.
const GIVEN: usize = 2 << 20;

#[derive(Default)]
struct Gather {
    bucket: Option<i64>,
    held: Vec<(u64, Spot)>,
}

impl Work for Gather {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let bucket = Some(row.count(0)?);
            if bucket != self.bucket {
                self.give(out)?;
                self.bucket = bucket;
            }
            self.hold(Packed(row.bytes(1).unwrap_or_default()))?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.give(out)
    }
}

impl Gather {
    fn hold(&mut self, mut seeds: Packed<'_>) -> Result<()> {
        let (first, mut key) = (seeds.number()?, 0_u64);
        while !seeds.is_empty() {
            key = key.wrapping_add(seeds.number()?);
            self.held.push((key, seeds.spot(first)?));
        }
        Ok(())
    }

    fn give(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.held.sort_unstable();
        let (mut runs, mut places, mut crowd) = (Vec::new(), 0, Crowd::default());
        let bucket = self.bucket.unwrap_or_default();
        for run in self.held.chunk_by(|one, other| one.0 == other.0) {
            crowd.count(run.len());
            if run.len() < 2 {
                continue;
            }
            push(&mut runs, run);
            places += run.len() as u64;
            if runs.len() >= GIVEN {
                write(bucket, &runs, places, &crowd, out)?;
                (runs, places, crowd) = (Vec::new(), 0, Crowd::default());
            }
        }
        self.held.clear();
        if runs.is_empty() {
            return Ok(());
        }
        write(bucket, &runs, places, &crowd, out)
    }
}

fn write(bucket: i64, runs: &[u8], places: u64, crowd: &Crowd, out: &mut dyn Sink) -> Result<()> {
    let counts: Vec<i64> = crowd.counts().iter().map(|&count| count as i64).collect();
    let values = [
        bucket.into(),
        Value::Bytes(runs),
        number(places),
        Value::Integers(&counts),
    ];
    out.row(&values)
}

/// How many places, then each, its text counted from that before it.
fn push(runs: &mut Vec<u8>, run: &[(u64, Spot)]) {
    pack::push(runs, run.len() as u64);
    let mut last = 0;
    for (_, spot) in run {
        pack::push_spot(runs, last, *spot);
        last = spot.text;
    }
}

/// Calls back with the places of each seed, in order.
pub(super) fn each(mut runs: Packed<'_>, mut take: impl FnMut(&[Spot]) -> Result<()>) -> Result<()> {
    let mut places = Vec::new();
    while !runs.is_empty() {
        places.clear();
        let mut last = 0;
        for _ in 0..runs.number()? {
            let spot = runs.spot(last)?;
            last = spot.text;
            places.push(spot);
        }
        take(&places)?;
    }
    Ok(())
}
