//! Records become texts, cut into pieces, with the digest of the whole text and the words of each piece.

use std::ops::Range;

use vidimus::similarity::exact::digest_of;
use vidimus::similarity::kind::AROUND;
use vidimus::similarity::normal::Normal;
use vidimus::similarity::step::cuts;

use super::Step;
use crate::error::Result;
use crate::raw::number;
use crate::records::{self, Block, Desk, Lines, OfLines, OfRows, Record};
use crate::settings::Settings;
use crate::table::{Column, Kind, Sink, Value};

/// From lines of shards.
pub(super) static LINES: Step = Step {
    name: "read",
    about: "lines of shards become pieces of texts",
    takes: &records::LINES,
    gives: &PIECES,
    start: |settings| Ok(Box::new(OfLines(Lines::new(settings), Cutter::default()))),
};

/// From rows that have their text in a column.
pub(super) static ROWS: Step = Step {
    name: "read-rows",
    about: "rows with a text become pieces of texts",
    takes: &records::ROWS,
    gives: &PIECES,
    start: |_: &Settings| Ok(Box::new(OfRows(Cutter::default()))),
};

/// A piece; -1 for a text that is left out, and -2 for the end of a block, where `row` is the number of its lines.
const PIECES: [Column; 14] = [
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
    ("before", Kind::Bytes),
    ("part", Kind::Bytes),
    ("behind", Kind::Bytes),
];
/// So many bytes stand in `before` and `behind` at most: what a passage at the end of a piece is looked at with.
const MARGIN: usize = AROUND as usize;

/// Counts the words of pieces.
#[derive(Default)]
struct Cutter(Normal);

impl Desk for Cutter {
    fn record(&mut self, record: &Record<'_>, out: &mut dyn Sink) -> Result<()> {
        match &record.text {
            Ok(text) => write(record, text, &mut self.0, out),
            Err(why) => {
                let mut row = named(record, -1);
                row[5] = why.as_str().into();
                out.row(&row)
            }
        }
    }

    fn end(&mut self, (path, block, lines): &Block, out: &mut dyn Sink) -> Result<()> {
        let mut row = [Value::None; PIECES.len()];
        row[..4].copy_from_slice(&[path.as_str().into(), (*block).into(), (*lines).into(), (-2).into()]);
        out.row(&row)
    }
}

/// The first columns of a row of a text.
fn named<'a>(record: &'a Record<'_>, piece: i64) -> [Value<'a>; PIECES.len()] {
    let mut row = [Value::None; PIECES.len()];
    let id = record.id.as_deref().into();
    row[..5].copy_from_slice(&[
        record.path.into(),
        record.block.into(),
        record.row.into(),
        piece.into(),
        id,
    ]);
    row
}

fn write(record: &Record<'_>, text: &str, normal: &mut Normal, out: &mut dyn Sink) -> Result<()> {
    let (bytes, cuts) = (text.as_bytes(), cuts(text));
    let digest_of_cut = |cut: &Range<usize>| *blake3::hash(&bytes[cut.clone()]).as_bytes();
    let digests: Vec<[u8; 32]> = cuts.iter().map(digest_of_cut).collect();
    let digest = digest_of(&digests);
    for (piece, cut) in (0..).zip(&cuts) {
        normal.refill(&text[cut.clone()]);
        let mut row = named(record, piece);
        row[6..].copy_from_slice(&[
            number(cut.start as u64),
            (cut.end == bytes.len()).into(),
            number(bytes.len() as u64),
            number(normal.words.len() as u64),
            Value::Bytes(&digest),
            Value::Bytes(&bytes[cut.start.saturating_sub(MARGIN)..cut.start]),
            Value::Bytes(&bytes[cut.clone()]),
            Value::Bytes(&bytes[cut.end..bytes.len().min(cut.end + MARGIN)]),
        ]);
        out.row(&row)?;
    }
    Ok(())
}
