//! What each pair of passages is, by the looks of both; what nobody asked for is dropped.

use vidimus::similarity::Kind as Sort;
use vidimus::similarity::kind::{Look, SHORT};
use vidimus::similarity::settle::Raw;

use super::join::JOINED;
use super::{Step, Work, look};
use crate::error::{Error, Result};
use crate::raw::{self, number};
use crate::table::{Column, Kind, Row, Rows, Sink};

/// The columns of passages whose kind is known.
pub(super) const KINDS: [Column; 19] = raw::and([("number", Kind::Integer), ("kind", Kind::Text)]);
/// Where the further columns stand.
const NUMBER: usize = raw::COLUMNS.len();

pub(super) static STEP: Step = Step {
    name: "kind",
    about: "passages with their looks give passages with their kinds",
    takes: &JOINED,
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
            let kind = raw.kind(looks(row, &raw)?, self.words);
            if self.all || kind == Sort::Passage {
                raw::write(&raw, &[number(row.count(NUMBER)?), kind.name().into()], out)?;
            }
        }
        Ok(())
    }
}

/// How both sides look: of a short passage that has to be known, and of another one nobody asks.
fn looks(row: Row<'_>, raw: &Raw) -> Result<[Look; 2]> {
    if raw.words() > SHORT {
        return Ok([Look::default(); 2]);
    }
    let look = |column: usize| {
        let number = row.integer(column);
        number
            .map(look::of)
            .ok_or_else(|| Error::Step("a short passage comes without its look".to_owned()))
    };
    Ok([look(NUMBER + 1)?, look(NUMBER + 2)?])
}

/// The kind with a name.
pub(super) fn named(name: Option<&str>) -> Result<Sort> {
    let all = [
        Sort::Passage,
        Sort::Heading,
        Sort::Refrain,
        Sort::Quotation,
        Sort::Reference,
    ];
    let found = all.into_iter().find(|kind| Some(kind.name()) == name);
    found.ok_or_else(|| Error::Step(format!("a passage is of no known kind: {name:?}")))
}
