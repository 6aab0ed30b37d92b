//! Pairs of pieces are compared word by word: the passages that they have in common.
//!
//! Pairs come in cells, and with each cell the pieces that its pairs are of, each once: a piece that is one of a hundred pairs is
//! not sent a hundred times.

use std::collections::HashMap;

use vidimus::similarity::compare::Thresholds;
use vidimus::similarity::extent::Desk;
use vidimus::similarity::normal::Normal;
use vidimus::similarity::step::{Portion, compare};

use super::seeds::utf8;
use super::{Step, Work};
use crate::error::{Error, Result};
use crate::pack::Packed;
use crate::raw;
use crate::table::{Kind, Row, Rows, Sink};

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
        ("part", Kind::Bytes),
    ],
    gives: &raw::COLUMNS,
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
        let piece = Piece {
            start: row.count(7)?,
            last: row.flag(8),
            normal: Normal::of(utf8(row.bytes(9).unwrap_or_default())?).compact(),
        };
        self.pieces.insert((row.count(2)?, row.count(3)?), piece);
        Ok(())
    }

    fn compare(&mut self, row: Row<'_>, out: &mut dyn Sink) -> Result<()> {
        let two = [portion(&self.pieces, row, 2)?, portion(&self.pieces, row, 4)?];
        let hits = Packed(row.bytes(6).unwrap_or_default()).hits()?;
        let chains = self.thresholds.chains(&hits);
        let found = compare(&self.thresholds, two, &hits, &chains, &mut self.desk);
        found.iter().try_for_each(|found| raw::write(found, &[], out))
    }
}

/// The piece with the text and the number in two columns.
fn portion<'a>(pieces: &'a HashMap<(usize, i64), Piece>, row: Row<'_>, at: usize) -> Result<Portion<'a>> {
    let (text, number) = (row.count(at)?, row.count(at + 1)?);
    let piece = pieces.get(&(text, number));
    let piece = piece.ok_or_else(|| Error::Step(format!("a cell lacks piece {number} of text {text}")))?;
    Ok(Portion {
        text,
        start: piece.start,
        last: piece.last,
        normal: &piece.normal,
    })
}
