//! The two texts beside each other, each in half of the width, wrapped between words.

use std::io::{self, Write};
use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use super::ink::Ink;
use super::painted::{Lines, Piece, Side, paint};
use super::unified::place;
use crate::diff::{Difference, Hunk, Replaced};
use crate::report::Style;

/// Writes what differs of a text.
pub(super) fn write(difference: &Difference<'_>, context: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (old, new) = (Lines::of(difference, Side::Old), Lines::of(difference, Side::New));
    let page = Page {
        difference,
        old: &old,
        new: &new,
        style,
        column: style.width.saturating_sub(GUTTER) / 2,
    };
    let hunks = difference.lines.hunks(context);
    hunks.iter().try_for_each(|hunk| page.hunk(hunk, out))
}

/// The columns between the two sides.
const GUTTER: usize = 3;

struct Page<'p> {
    difference: &'p Difference<'p>,
    old: &'p Lines<'p>,
    new: &'p Lines<'p>,
    style: Style,
    /// The width of one side.
    column: usize,
}

impl Page<'_> {
    fn hunk(&self, hunk: &Hunk, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", Ink::Place.paint(&place(hunk), self.style))?;
        let (mut old, mut new) = (hunk.old.start, hunk.new.start);
        for part in &self.difference.lines.replaced[hunk.replaced.clone()] {
            self.equal(old..part.old.start, new..part.new.start, out)?;
            self.part(part, out)?;
            (old, new) = (part.old.end, part.new.end);
        }
        self.equal(old..hunk.old.end, new..hunk.new.end, out)
    }

    fn equal(&self, old: Range<usize>, new: Range<usize>, out: &mut dyn Write) -> io::Result<()> {
        let mut lines = old.zip(new);
        lines.try_for_each(|(one, other)| self.rows(' ', &self.old.plain(one), &self.new.plain(other), out))
    }

    fn part(&self, part: &Replaced, out: &mut dyn Write) -> io::Result<()> {
        self.pairs(part).into_iter().try_for_each(|pair| match pair {
            (Some(one), Some(other)) => self.rows('|', &self.old.marked(one), &self.new.marked(other), out),
            (Some(one), None) => self.rows('<', &self.old.marked(one), &[], out),
            (None, Some(other)) => self.rows('>', &[], &self.new.marked(other), out),
            (None, None) => Ok(()),
        })
    }

    /// Which lines stand beside each other: those that share words; what lies between them, in order.
    fn pairs(&self, part: &Replaced) -> Vec<(Option<usize>, Option<usize>)> {
        let mut pairs = Vec::new();
        let (mut one, mut other) = (part.old.start, part.new.start);
        for line in part.old.clone() {
            if let Some(beside) = self
                .beside(line)
                .filter(|beside| part.new.contains(beside) && *beside >= other)
            {
                between(one..line, other..beside, &mut pairs);
                pairs.push((Some(line), Some(beside)));
                (one, other) = (line + 1, beside + 1);
            }
        }
        between(one..part.old.end, other..part.new.end, &mut pairs);
        pairs
    }

    /// The line of the new text that has the first word of an old line that did not change.
    fn beside(&self, line: usize) -> Option<usize> {
        let range = self.old.range(line);
        let runs = &self.difference.runs;
        let mut next = runs.partition_point(|run| run.old.end <= range.start);
        let mut at = range.start;
        while at < range.end {
            let run = runs.get(next).filter(|run| run.old.start < range.end);
            let end = run.map_or(range.end, |run| run.old.start.max(at));
            let kept = &self.old.text()[at..end];
            if let Some(word) = kept.iter().position(|byte| !byte.is_ascii_whitespace()) {
                let before = next
                    .checked_sub(1)
                    .map_or((0, 0), |last| (runs[last].old.end, runs[last].new.end));
                return Some(self.new.line_of(before.1 + at + word - before.0));
            }
            at = run?.old.end;
            next += 1;
        }
        None
    }

    /// A line of each side, in as many rows as it takes.
    fn rows(&self, sign: char, old: &[Piece], new: &[Piece], out: &mut dyn Write) -> io::Result<()> {
        let (left, right) = (wrapped(old, self.column), wrapped(new, self.column));
        let plain = sign == ' ';
        let sign = match sign {
            '<' => Ink::Old.paint("<", self.style),
            '>' => Ink::New.paint(">", self.style),
            other => Ink::Faint.paint(&other.to_string(), self.style),
        };
        for row in 0..left.len().max(right.len()).max(1) {
            let (width, text) = left
                .get(row)
                .map_or((0, String::new()), |(width, row)| (*width, paint(row, self.style)));
            let gap = " ".repeat(self.column.saturating_sub(width));
            let other = right.get(row).map_or(String::new(), |(_, row)| paint(row, self.style));
            match (other.is_empty(), plain) {
                (true, true) => writeln!(out, "{text}")?,
                (true, false) => writeln!(out, "{text}{gap} {sign}")?,
                (false, _) => writeln!(out, "{text}{gap} {sign} {other}")?,
            }
        }
        Ok(())
    }
}

fn between(old: Range<usize>, new: Range<usize>, pairs: &mut Vec<(Option<usize>, Option<usize>)>) {
    let rows = old.len().max(new.len());
    let nth = |range: &Range<usize>, row: usize| (row < range.len()).then(|| range.start + row);
    pairs.extend((0..rows).map(|row| (nth(&old, row), nth(&new, row))));
}

/// A row of one side: how many columns it takes, and its pieces.
type Row = (usize, Vec<Piece>);

/// Pieces in rows, broken after a space where there is one in the second half of the row.
fn wrapped(pieces: &[Piece], width: usize) -> Vec<Row> {
    let letters: Vec<(Ink, char)> = pieces
        .iter()
        .flat_map(|(ink, text)| text.chars().map(|c| (*ink, c)))
        .collect();
    let mut rows = Vec::new();
    let mut rest = letters.as_slice();
    while !rest.is_empty() {
        let (row, more) = rest.split_at(row_end(rest, width));
        rows.push(joined(row));
        rest = more;
    }
    rows
}

/// How many letters fit into a row: at least one.
fn row_end(letters: &[(Ink, char)], width: usize) -> usize {
    let mut used = 0;
    let fits = |(_, c): &&(Ink, char)| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    let most = letters.iter().take_while(fits).count().max(1);
    if most == letters.len() {
        return most;
    }
    let space = letters[..most].iter().rposition(|(_, c)| *c == ' ');
    space.filter(|space| *space > most / 2).map_or(most, |space| space + 1)
}

fn joined(letters: &[(Ink, char)]) -> Row {
    let width = letters.iter().map(|(_, c)| c.width().unwrap_or(0)).sum();
    let pieces = letters.chunk_by(|a, b| a.0 == b.0);
    (
        width,
        pieces
            .map(|piece| (piece[0].0, piece.iter().map(|(_, c)| c).collect()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words_by_columns() {
        let rows = |text: &str, width| -> Vec<String> {
            let rows = wrapped(&[(Ink::Plain, text.to_owned())], width);
            assert!(rows.iter().all(|(used, _)| *used <= width));
            rows.into_iter()
                .flat_map(|(_, row)| row)
                .map(|(_, text)| text)
                .collect()
        };
        assert_eq!(rows("the mill at the ford", 9), ["the mill ", "at the ", "ford"]);
        assert_eq!(rows("去年冬天的水", 4), ["去年", "冬天", "的水"]);
        assert_eq!(rows("abcdefgh", 3), ["abc", "def", "gh"]);
    }
}
