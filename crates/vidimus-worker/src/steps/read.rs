//! Records become texts, cut into pieces, with the digest of the whole text and the words of each piece.

use vidimus::similarity::exact::digest_of;
use vidimus::similarity::normal::Normal;
use vidimus::similarity::step::cuts;

use super::{Step, Work};
use crate::error::Result;
use crate::raw::number;
use crate::records::{self, Block, Lines, Record};
use crate::settings::Settings;
use crate::table::{Column, Kind, Rows, Sink, Value};

/// From lines of shards.
pub(super) static LINES: Step = Step {
    name: "read",
    about: "lines of shards become pieces of texts",
    takes: &records::LINES,
    gives: &PIECES,
    start: |settings| Ok(Box::new(OfLines(Lines::new(settings), Normal::default()))),
};

/// From rows that have their text in a column.
pub(super) static ROWS: Step = Step {
    name: "read-rows",
    about: "rows with a text become pieces of texts",
    takes: &records::ROWS,
    gives: &PIECES,
    start: |_: &Settings| Ok(Box::new(OfRows(Normal::default()))),
};

/// A piece; -1 for a text that is left out, and -2 for the end of a block, where `row` is the number of its lines.
const PIECES: [Column; 12] = [
    ("path", Kind::Text),
    ("block", Kind::Integer),
    ("row", Kind::Integer),
    ("piece", Kind::Integer),
    ("id", Kind::Text),
    ("why", Kind::Text),
    ("start", Kind::Integer),
    ("last", Kind::Flag),
    ("size", Kind::Integer),
    ("words", Kind::Integer),
    ("digest", Kind::Bytes),
    ("part", Kind::Bytes),
];

struct OfLines(Lines, Normal);

impl Work for OfLines {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let (ended, record) = self.0.take(row)?;
            ended.map_or(Ok(()), |block| end(&block, out))?;
            record.map_or(Ok(()), |record| write(&record, &mut self.1, out))?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        self.0.end().map_or(Ok(()), |block| end(&block, out))
    }
}

struct OfRows(Normal);

impl Work for OfRows {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        rows.iter()
            .try_for_each(|row| write(&records::of_row(row)?, &mut self.0, out))
    }
}

fn end((path, block, lines): &Block, out: &mut dyn Sink) -> Result<()> {
    let mut row = [Value::None; PIECES.len()];
    row[..4].copy_from_slice(&[path.as_str().into(), (*block).into(), (*lines).into(), (-2).into()]);
    out.row(&row)
}

fn write(record: &Record<'_>, normal: &mut Normal, out: &mut dyn Sink) -> Result<()> {
    let Record { path, block, row, .. } = *record;
    let named = |piece: i64| {
        [
            path.into(),
            block.into(),
            row.into(),
            piece.into(),
            record.id.as_deref().into(),
        ]
    };
    let text = match &record.text {
        Ok(text) => text,
        Err(why) => {
            let mut values = [Value::None; PIECES.len()];
            values[..5].copy_from_slice(&named(-1));
            values[5] = why.as_str().into();
            return out.row(&values);
        }
    };
    let cuts = cuts(text);
    let digests: Vec<[u8; 32]> = cuts
        .iter()
        .map(|cut| *blake3::hash(&text.as_bytes()[cut.clone()]).as_bytes())
        .collect();
    let digest = digest_of(&digests);
    for (piece, cut) in (0..).zip(&cuts) {
        let part = &text[cut.clone()];
        normal.refill(part);
        let mut values = [Value::None; PIECES.len()];
        values[..5].copy_from_slice(&named(piece));
        values[6..].copy_from_slice(&[
            number(cut.start as u64),
            (cut.end == text.len()).into(),
            number(text.len() as u64),
            number(normal.words.len() as u64),
            Value::Bytes(&digest),
            Value::Bytes(part.as_bytes()),
        ]);
        out.row(&values)?;
    }
    Ok(())
}
