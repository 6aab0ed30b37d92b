//! Pairs of pieces are compared word by word: the passages that they have in common.

use std::collections::HashMap;
use std::rc::Rc;

use vidimus::similarity::compare::Thresholds;
use vidimus::similarity::extent::Desk;
use vidimus::similarity::normal::Normal;
use vidimus::similarity::step::{Portion, compare};

use super::seeds::utf8;
use super::{Step, Work};
use crate::error::Result;
use crate::pack::Packed;
use crate::raw;
use crate::table::{Kind, Row, Rows, Sink};

pub(super) static STEP: Step = Step {
    name: "compare",
    about: "pairs of pieces, with their texts, give the passages that they have in common",
    takes: &[
        ("a_text", Kind::Integer),
        ("a_piece", Kind::Integer),
        ("a_start", Kind::Integer),
        ("a_last", Kind::Flag),
        ("a_part", Kind::Bytes),
        ("b_text", Kind::Integer),
        ("b_piece", Kind::Integer),
        ("b_start", Kind::Integer),
        ("b_last", Kind::Flag),
        ("b_part", Kind::Bytes),
        ("hits", Kind::Bytes),
    ],
    gives: &raw::COLUMNS,
    start: |settings| {
        Ok(Box::new(Compare {
            thresholds: Thresholds::of(&settings.options()?),
            desk: Desk::default(),
            recent: HashMap::new(),
            size: 0,
        }))
    },
};

/// How many columns one side has.
const SIDE: usize = 5;
/// So many bytes of pieces are kept in their comparable form.
const KEPT: usize = 128 << 20;

struct Compare {
    thresholds: Thresholds,
    desk: Desk,
    recent: HashMap<(i64, i64), Rc<Normal>>,
    size: usize,
}

impl Work for Compare {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let two = [self.normal(row, 0)?, self.normal(row, SIDE)?];
            let portion = |side: usize| -> Result<Portion<'_>> {
                let at = side * SIDE;
                Ok(Portion {
                    text: row.count(at)?,
                    start: row.count(at + 2)?,
                    last: row.flag(at + 3),
                    normal: &two[side],
                })
            };
            let hits = Packed(row.bytes(2 * SIDE).unwrap_or_default()).hits()?;
            let chains = self.thresholds.chains(&hits);
            let found = compare(&self.thresholds, [portion(0)?, portion(1)?], &hits, &chains, &mut self.desk);
            found.iter().try_for_each(|found| raw::write(found, &[], out))?;
        }
        Ok(())
    }
}

impl Compare {
    fn normal(&mut self, row: Row<'_>, at: usize) -> Result<Rc<Normal>> {
        let key = (row.count(at)?, row.count(at + 1)?);
        if let Some(recent) = self.recent.get(&key) {
            return Ok(Rc::clone(recent));
        }
        if self.size > KEPT {
            self.recent.clear();
            self.size = 0;
        }
        let made = Normal::of(utf8(row.bytes(at + 4).unwrap_or_default())?);
        let normal = Rc::new(made.compact());
        self.size += normal.footprint();
        self.recent.insert(key, Rc::clone(&normal));
        Ok(normal)
    }
}
