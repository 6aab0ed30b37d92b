//! The lines of a difference as data, for pages that draw them in their own way.

use super::ink::Ink;
use super::painted::{Lines, Side};
use super::unified::place;
use crate::diff::{Difference, Hunk};

/// A line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// What it is: `at` for the place of what follows, `same`, `old` or `new`.
    pub(crate) kind: &'static str,
    /// Its pieces, safe to print; with whether each is what changed.
    pub(crate) pieces: Vec<(bool, String)>,
}

/// What differs, with so many equal lines around it.
pub(crate) fn rows(difference: &Difference<'_>, context: usize) -> Vec<Row> {
    let (old, new) = (Lines::of(difference, Side::Old), Lines::of(difference, Side::New));
    let mut rows = Vec::new();
    for hunk in difference.lines.hunks(context) {
        rows.push(Row {
            kind: "at",
            pieces: vec![(false, place(&hunk))],
        });
        add(difference, &hunk, (&old, &new), &mut rows);
    }
    rows
}

fn add(difference: &Difference<'_>, hunk: &Hunk, (old, new): (&Lines<'_>, &Lines<'_>), rows: &mut Vec<Row>) {
    let row = |kind, pieces: Vec<(Ink, String)>| {
        let marked = |(ink, text)| (matches!(ink, Ink::Gone | Ink::Come), text);
        Row {
            kind,
            pieces: pieces.into_iter().map(marked).collect(),
        }
    };
    let mut at = hunk.old.start;
    for part in &difference.lines.replaced[hunk.replaced.clone()] {
        rows.extend((at..part.old.start).map(|line| row("same", old.plain(line))));
        rows.extend(part.old.clone().map(|line| row("old", old.marked(line))));
        rows.extend(part.new.clone().map(|line| row("new", new.marked(line))));
        at = part.old.end;
    }
    rows.extend((at..hunk.old.end).map(|line| row("same", old.plain(line))));
}
