//! Texts with the same bytes are groups, whole.

use vidimus::similarity::Duplicates;
use vidimus::similarity::settle::copies;

use super::{Step, Work, group};
use crate::error::Result;
use crate::table::{Kind, Rows, Sink};

pub(super) static STEP: Step = Step {
    name: "copies",
    about: "texts that are equal to others give groups and their pairs",
    takes: &[
        ("size", Kind::Integer),
        ("head", Kind::Bytes),
        ("equal", Kind::Integers),
    ],
    gives: &group::GROUPS,
    start: |settings| Ok(Box::new(Copies(settings.frequent()?))),
};

struct Copies(usize);

impl Work for Copies {
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()> {
        for row in rows.iter() {
            let equal = row.integers(2);
            let texts: Vec<usize> = equal.iter().filter_map(|text| usize::try_from(*text).ok()).collect();
            let Some((group, pairs)) = copies(row.bytes(1).unwrap_or_default(), row.count(0)?, &texts, self.0) else {
                continue;
            };
            let found = Duplicates {
                pairs,
                groups: vec![group],
                ..Duplicates::default()
            };
            // Components have the number of a node; these are below all of them.
            let component = -1 - equal.first().copied().unwrap_or_default();
            group::write(component, &found, |text| text, out)?;
        }
        Ok(())
    }
}
