//! Passages that two texts have in common are joined where a text was cut, and told once.

use vidimus::similarity::settle::{Raw, join};

use super::{Step, Work};
use crate::error::Result;
use crate::raw::{self, number};
use crate::table::{Column, Kind, Rows, Sink};

/// The columns of joined passages: a passage, and its number among those of its two texts.
pub(super) const JOINED: [Column; 18] = raw::and([("number", Kind::Integer)]);

pub(super) static STEP: Step = Step {
    name: "join",
    about: "passages, sorted by both texts, are joined where a text was cut",
    takes: &raw::COLUMNS,
    gives: &JOINED,
    start: |_| Ok(Box::<Join>::default()),
};

#[derive(Default)]
struct Join {
    held: Vec<Raw>,
}

impl Work for Join {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let raw = raw::read(row)?;
            let texts = |raw: &Raw| (raw.a.place.text, raw.b.place.text);
            if self.held.first().is_some_and(|first| texts(first) != texts(&raw)) {
                self.finish(out)?;
            }
            self.held.push(raw);
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        let joined = join(std::mem::take(&mut self.held));
        let mut joined = (0..).zip(&joined);
        joined.try_for_each(|(at, raw)| raw::write(raw, &[number(at)], out))
    }
}
