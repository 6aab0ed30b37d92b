//! Pairs of pieces are compared word by word: the passages that they have in common.
//!
//! Pairs come in cells, and with each cell the pieces that its pairs are of, each once: a piece that is one of a hundred pairs is
//! not sent a hundred times.

use std::collections::HashMap;

use vidimus::similarity::Place;
use vidimus::similarity::compare::Thresholds;
use vidimus::similarity::extent::Desk;
use vidimus::similarity::kind::{AROUND, SHORT};
use vidimus::similarity::normal::Normal;
use vidimus::similarity::step::{Portion, compare};

use super::join::LOOKED;
use super::seeds::utf8;
use super::{Step, Work, look};
use crate::error::{Error, Result};
use crate::pack::Packed;
use crate::raw;
use crate::table::{Kind, Row, Rows, Sink, Value};

pub(super) static STEP: Step = Step {
    name: "compare",
    about: "pairs of pieces, sorted by cell, each cell behind its pieces, give the passages that they have in common",
    takes: &[
        ("cell", Kind::Integer),
        ("what", Kind::Text),
        ("a_text", Kind::Integer),
        ("a_piece", Kind::Integer),
        ("b_text", Kind::Integer),
        ("b_piece", Kind::Integer),
        ("hits", Kind::Bytes),
        ("start", Kind::Integer),
        ("last", Kind::Flag),
        ("before", Kind::Bytes),
        ("part", Kind::Bytes),
        ("behind", Kind::Bytes),
    ],
    gives: &LOOKED,
    start: |settings| {
        Ok(Box::new(Compare {
            thresholds: Thresholds::of(&settings.options()?),
            desk: Desk::default(),
            cell: 0,
            pieces: HashMap::new(),
        }))
    },
};

/// A piece in its comparable form.
struct Piece {
    start: u64,
    last: bool,
    normal: Normal,
    /// Its bytes with some of those before and behind it, of which the first have this number.
    bytes: Vec<u8>,
    before: usize,
}

impl Piece {
    fn read(row: Row<'_>) -> Result<Self> {
        let [before, part, behind] = [9, 10, 11].map(|column| row.bytes(column).unwrap_or_default());
        Ok(Self {
            start: row.count(7)?,
            last: row.flag(8),
            normal: Normal::of(utf8(part)?).compact(),
            bytes: [before, part, behind].concat(),
            before: before.len(),
        })
    }

    fn portion(&self, text: usize) -> Portion<'_> {
        Portion {
            text,
            start: self.start,
            last: self.last,
            normal: &self.normal,
        }
    }

    /// How a passage of the piece looks, as a number.
    fn look(&self, place: Place) -> Value<'_> {
        let around = usize::try_from(AROUND).unwrap_or_default();
        let at = |byte: u64| usize::try_from(byte - self.start).map_or(usize::MAX, |at| at + self.before);
        let (start, end) = (at(place.start), at(place.end));
        let parts = [
            start.saturating_sub(around)..start,
            start..end,
            end..self.bytes.len().min(end + around),
        ];
        Value::Integer(look::number(parts.map(|part| &self.bytes[part])))
    }
}

struct Compare {
    thresholds: Thresholds,
    desk: Desk,
    cell: i64,
    /// The pieces of the cell, by text and number.
    pieces: HashMap<(usize, i64), Piece>,
}

impl Work for Compare {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let cell = row.count(0)?;
            if cell != self.cell {
                self.pieces.clear();
                self.cell = cell;
            }
            match row.text(1) {
                Some("piece") => self.hold(row)?,
                Some("two") => self.compare(row, out)?,
                what => return Err(Error::Step(format!("a row of a cell is no {what:?}"))),
            }
        }
        Ok(())
    }
}

impl Compare {
    fn hold(&mut self, row: Row<'_>) -> Result<()> {
        self.pieces.insert((row.count(2)?, row.count(3)?), Piece::read(row)?);
        Ok(())
    }

    fn compare(&mut self, row: Row<'_>, out: &mut dyn Sink) -> Result<()> {
        let [a, b] = [piece(&self.pieces, row, 2)?, piece(&self.pieces, row, 4)?];
        let two = [a.portion(row.count(2)?), b.portion(row.count(4)?)];
        let hits = Packed(row.bytes(6).unwrap_or_default()).hits()?;
        let chains = self.thresholds.chains(&hits);
        let found = compare(&self.thresholds, two, &hits, &chains, &mut self.desk);
        found.iter().try_for_each(|found| {
            let looks = match found.words() <= SHORT {
                true => [a.look(found.a.place), b.look(found.b.place)],
                false => [Value::None; 2],
            };
            raw::write(found, &looks, out)
        })
    }
}

/// The piece with the text and the number in two columns.
fn piece<'a>(pieces: &'a HashMap<(usize, i64), Piece>, row: Row<'_>, at: usize) -> Result<&'a Piece> {
    let (text, number) = (row.count(at)?, row.count(at + 1)?);
    let piece = pieces.get(&(text, number));
    piece.ok_or_else(|| Error::Step(format!("a cell lacks piece {number} of text {text}")))
}
