//! A line a text: its path, how many words went and came, and what kind of change it is.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::ink::Ink;
use super::{Item, State};
use crate::report::{Style, printable};

/// What is known of one text.
#[derive(Debug)]
pub(super) struct Row {
    path: String,
    words: Option<(usize, usize)>,
    kinds: String,
}

impl Row {
    pub(super) fn of(item: &Item<'_>) -> Self {
        let kinds = match &item.state {
            State::Differs { difference, .. } => {
                let names: Vec<&str> = difference.kinds.iter().map(crate::diff::Kind::name).collect();
                names.join(", ")
            }
            State::Unknown { .. } => printable(&item.state.said()).into_owned(),
            state => state.name().to_owned(),
        };
        Self {
            path: printable(item.path).into_owned(),
            words: item.state.words(),
            kinds,
        }
    }
}

/// Writes the rows, in columns.
pub(super) fn write(rows: &[Row], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = |text: fn(&Row) -> usize| rows.iter().map(text).max().unwrap_or(0);
    let path = width(|row| row.path.width());
    let (minus, plus) = (
        width(|row| signed(row.words, '-').len()),
        width(|row| signed(row.words, '+').len()),
    );
    for row in rows {
        let gap = " ".repeat(path - row.path.width());
        let gone = Ink::Old.paint(&format!("{:>minus$}", signed(row.words, '-')), style);
        let come = Ink::New.paint(&format!("{:>plus$}", signed(row.words, '+')), style);
        writeln!(out, "{}{gap}  {come} {gone}  {}", row.path, row.kinds)?;
    }
    Ok(())
}

fn signed(words: Option<(usize, usize)>, sign: char) -> String {
    match words {
        None => "?".to_owned(),
        Some((removed, _)) if sign == '-' => format!("-{removed}"),
        Some((_, added)) => format!("+{added}"),
    }
}
