//! The places of each seed meet: every two of them, and where the seed is frequent, each with the first. What belongs to one piece
//! later on is put on one shelf.

use vidimus::similarity::step::{Spot, meet};

use super::{Step, Work, gather};
use crate::error::Result;
use crate::pack::{self, Packed};
use crate::raw::number;
use crate::table::{Kind, Rows, Sink, Value};

pub(super) static STEP: Step = Step {
    name: "meet",
    about: "seeds that stand several times give the places that meet, on shelves by the later piece",
    takes: &[("runs", Kind::Bytes)],
    gives: &[
        ("shelf", Kind::Integer),
        ("met", Kind::Bytes),
        ("meetings", Kind::Integer),
    ],
    start: |settings| {
        let shelf = || (Vec::new(), 0);
        Ok(Box::new(Meet {
            frequent: settings.frequent()?,
            shelves: (0..settings.shelves).map(|_| shelf()).collect(),
            held: 0,
        }))
    },
};

/// So many bytes are held before they are given.
const HELD: usize = 64 << 20;

struct Meet {
    frequent: usize,
    /// What is on each shelf, and how many meetings that is.
    shelves: Vec<(Vec<u8>, u64)>,
    held: usize,
}

impl Work for Meet {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let runs = Packed(row.bytes(0).unwrap_or_default());
            gather::each(runs, |places| {
                meet(places, self.frequent, |earlier, later| {
                    self.held += put(&mut self.shelves, earlier, later)
                });
                if self.held >= HELD { self.give(out) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.give(out)
    }
}

impl Meet {
    fn give(&mut self, out: &mut dyn Sink) -> Result<()> {
        for (shelf, (met, meetings)) in (0..).zip(&mut self.shelves) {
            if *meetings > 0 {
                out.row(&[number(shelf), Value::Bytes(met), number(*meetings)])?;
            }
            (*meetings, _) = (0, met.clear());
        }
        self.held = 0;
        Ok(())
    }
}

/// Puts a meeting on its shelf, and tells how many bytes it takes: the earlier place, then the later, its text counted from the other.
fn put(shelves: &mut [(Vec<u8>, u64)], earlier: Spot, later: Spot) -> usize {
    let shelf = shelf(&later, shelves.len() as u64);
    let (met, meetings) = &mut shelves[shelf];
    let before = met.len();
    pack::push_spot(met, 0, earlier);
    pack::push_spot(met, earlier.text, later);
    *meetings += 1;
    met.len() - before
}

/// Texts lie anywhere, and the pieces of one text on several shelves.
fn shelf(later: &Spot, shelves: u64) -> usize {
    let mixed = (later.text ^ u64::from(later.piece).rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 32) % shelves) as usize
}
