//! Passages as rows: two sides, and how alike they are.

use vidimus::similarity::Place;
use vidimus::similarity::settle::{Raw, Side};

use crate::error::Result;
use crate::table::{Column, Kind, Row, Sink, Value};

/// The columns of a passage, which stand first in a row.
pub const COLUMNS: [Column; 17] = [
    ("a_text", Kind::Integer),
    ("a_start", Kind::Integer),
    ("a_end", Kind::Integer),
    ("a_words", Kind::Integer),
    ("a_whole", Kind::Flag),
    ("a_cut_before", Kind::Flag),
    ("a_cut_behind", Kind::Flag),
    ("a_print", Kind::Integer),
    ("b_text", Kind::Integer),
    ("b_start", Kind::Integer),
    ("b_end", Kind::Integer),
    ("b_words", Kind::Integer),
    ("b_whole", Kind::Flag),
    ("b_cut_before", Kind::Flag),
    ("b_cut_behind", Kind::Flag),
    ("b_print", Kind::Integer),
    ("similarity", Kind::Real),
];
/// How many columns one side has.
const SIDE: usize = 8;

/// The columns of a passage, and further ones.
pub const fn and<const MORE: usize, const ALL: usize>(more: [Column; MORE]) -> [Column; ALL] {
    let mut all = [("", Kind::Flag); ALL];
    let mut at = 0;
    while at < COLUMNS.len() {
        all[at] = COLUMNS[at];
        at += 1;
    }
    while at < ALL {
        all[at] = more[at - COLUMNS.len()];
        at += 1;
    }
    all
}

/// Reads a passage.
///
/// # Errors
/// Where a number is missing.
pub fn read(row: Row<'_>) -> Result<Raw> {
    Ok(Raw {
        a: side(row, 0)?,
        b: side(row, SIDE)?,
        similarity: row.real(2 * SIDE),
    })
}

/// Reads a place, whose columns begin at one.
///
/// # Errors
/// Where a number is missing.
pub fn place_of(row: Row<'_>, at: usize) -> Result<Place> {
    Ok(Place {
        text: row.count(at)?,
        start: row.count(at + 1)?,
        end: row.count(at + 2)?,
    })
}

fn side(row: Row<'_>, at: usize) -> Result<Side> {
    Ok(Side {
        place: place_of(row, at)?,
        words: row.count(at + 3)?,
        whole: row.flag(at + 4),
        cut: (row.flag(at + 5), row.flag(at + 6)),
        print: row.integer(at + 7).unwrap_or_default().cast_unsigned(),
    })
}

/// Writes a passage, with further values.
///
/// # Errors
/// Where the row cannot be written.
pub fn write(raw: &Raw, more: &[Value<'_>], out: &mut dyn Sink) -> Result<()> {
    let mut row = Vec::with_capacity(COLUMNS.len() + more.len());
    for side in [&raw.a, &raw.b] {
        row.extend(place(side.place));
        row.extend([
            number(side.words as u64),
            side.whole.into(),
            side.cut.0.into(),
            side.cut.1.into(),
            Value::Integer(side.print.cast_signed()),
        ]);
    }
    row.push(Value::Real(raw.similarity));
    row.extend_from_slice(more);
    out.row(&row)
}

/// The columns of a place.
pub fn place<'a>(place: Place) -> [Value<'a>; 3] {
    [number(place.text as u64), number(place.start), number(place.end)]
}

/// A number as a value. None here is as large as 63 bits.
pub fn number<'a>(number: u64) -> Value<'a> {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
