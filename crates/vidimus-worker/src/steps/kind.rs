//! What each pair of passages is, by the looks of both; what nobody asked for is dropped.

use vidimus::similarity::Kind as Sort;

use super::{Step, Work, look};
use crate::error::Result;
use crate::raw::{self, number};
use crate::table::{Column, Kind, Rows, Sink};

/// The columns of passages whose kind is known.
pub(super) const KINDS: [Column; 19] = raw::and([("number", Kind::Integer), ("kind", Kind::Text)]);
const LOOKED: [Column; 20] = raw::and([
    ("number", Kind::Integer),
    ("a_look", Kind::Integer),
    ("b_look", Kind::Integer),
]);
/// Where the further columns stand.
const NUMBER: usize = raw::COLUMNS.len();

pub(super) static STEP: Step = Step {
    name: "kind",
    about: "passages with their looks give passages with their kinds",
    takes: &LOOKED,
    gives: &KINDS,
    start: |settings| {
        Ok(Box::new(Kinds {
            words: settings.min_words,
            all: settings.all,
        }))
    },
};

struct Kinds {
    words: usize,
    all: bool,
}

impl Work for Kinds {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let raw = raw::read(row)?;
            let looks = [NUMBER + 1, NUMBER + 2].map(|column| look::of(row.integer(column).unwrap_or_default()));
            let kind = raw.kind(looks, self.words);
            if self.all || kind == Sort::Passage {
                raw::write(&raw, &[number(row.count(NUMBER)?), kind.name().into()], out)?;
            }
        }
        Ok(())
    }
}

/// The kind with a name.
pub(super) fn named(name: Option<&str>) -> Sort {
    let all = [
        Sort::Passage,
        Sort::Heading,
        Sort::Refrain,
        Sort::Quotation,
        Sort::Reference,
    ];
    let found = all.into_iter().find(|kind| Some(kind.name()) == name);
    found.unwrap_or_default()
}
