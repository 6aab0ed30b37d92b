//! How short passages look in their places: quoted, ended, like an entry of a list.

use vidimus::similarity::kind::Look;

use super::{Step, Work};
use crate::error::Result;
use crate::table::{Kind, Rows, Sink, Value};

pub(super) static STEP: Step = Step {
    name: "look",
    about: "passages with what stands around them give how they look",
    takes: &[
        ("text", Kind::Integer),
        ("start", Kind::Integer),
        ("end", Kind::Integer),
        ("before", Kind::Bytes),
        ("passage", Kind::Bytes),
        ("behind", Kind::Bytes),
    ],
    gives: &[
        ("text", Kind::Integer),
        ("start", Kind::Integer),
        ("end", Kind::Integer),
        ("look", Kind::Integer),
    ],
    start: |_| Ok(Box::new(Looks)),
};

struct Looks;

impl Work for Looks {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let look = number([3, 4, 5].map(|column| row.bytes(column).unwrap_or_default()));
            let place = [0, 1, 2].map(|column| row.integer(column).unwrap_or_default());
            let [text, start, end] = place.map(Value::Integer);
            out.row(&[text, start, end, Value::Integer(look)])?;
        }
        Ok(())
    }
}

/// How a passage looks, as a number: by what stands before it, itself, and what stands behind it.
pub(super) fn number(parts: [&[u8]; 3]) -> i64 {
    let [before, passage, behind] = parts.map(String::from_utf8_lossy);
    let look = Look::of(&before, &passage, &behind);
    i64::from(look.quoted) | i64::from(look.reference) << 1 | i64::from(look.ended) << 2
}

/// The look with a number.
pub(super) fn of(number: i64) -> Look {
    Look {
        quoted: number & 1 > 0,
        reference: number & 2 > 0,
        ended: number & 4 > 0,
    }
}
