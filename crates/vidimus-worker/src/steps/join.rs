//! Passages that two texts have in common are joined where a text was cut, and told once.

use std::collections::HashMap;

use vidimus::similarity::Place;
use vidimus::similarity::settle::{Raw, join};

use super::{Step, Work};
use crate::error::Result;
use crate::raw::{self, number};
use crate::table::{Column, Kind, Rows, Sink, Value};

/// The columns of passages with their looks, where these are known.
pub(super) const LOOKED: [Column; 19] = raw::and([("a_look", Kind::Integer), ("b_look", Kind::Integer)]);
/// The columns of joined passages: a passage, its number among those of its two texts, the looks of both sides as far as known.
pub(super) const JOINED: [Column; 20] = raw::and([
    ("number", Kind::Integer),
    ("a_look", Kind::Integer),
    ("b_look", Kind::Integer),
]);
/// Where the looks stand.
const LOOKS: usize = raw::COLUMNS.len();

pub(super) static STEP: Step = Step {
    name: "join",
    about: "passages, sorted by both texts, are joined where a text was cut",
    takes: &LOOKED,
    gives: &JOINED,
    start: |_| Ok(Box::<Join>::default()),
};

#[derive(Default)]
struct Join {
    held: Vec<Raw>,
    /// A look is that of a place, whatever passage has it; what is joined lies at another one.
    looks: HashMap<Place, i64>,
}

impl Work for Join {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let raw = raw::read(row)?;
            let texts = |raw: &Raw| (raw.a.place.text, raw.b.place.text);
            if self.held.first().is_some_and(|first| texts(first) != texts(&raw)) {
                self.finish(out)?;
            }
            for (place, column) in [(raw.a.place, LOOKS), (raw.b.place, LOOKS + 1)] {
                self.looks.extend(row.integer(column).map(|look| (place, look)));
            }
            self.held.push(raw);
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        let joined = join(std::mem::take(&mut self.held));
        let mut joined = (0..).zip(&joined);
        let looks = std::mem::take(&mut self.looks);
        let look = |place: &Place| looks.get(place).copied().map_or(Value::None, Value::Integer);
        joined.try_for_each(|(at, raw)| raw::write(raw, &[number(at), look(&raw.a.place), look(&raw.b.place)], out))
    }
}
