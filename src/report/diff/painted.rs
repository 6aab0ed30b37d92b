//! Lines of a difference in pieces: what of them changed and what did not, made safe to print.

use std::ops::Range;

use super::ink::Ink;
use crate::diff::{Difference, body};
use crate::report::{Style, printable};
use crate::text::prefix;

/// A piece of a line.
pub(super) type Piece = (Ink, String);

/// Which of the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

/// The lines of one of the texts, with what changed in them.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    difference: &'a Difference<'a>,
    side: Side,
    /// Where each line begins, and the end.
    begins: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(difference: &'a Difference<'a>, side: Side) -> Self {
        let lines = match side {
            Side::Old => &difference.lines.old,
            Side::New => &difference.lines.new,
        };
        let mut begins = Vec::with_capacity(lines.len() + 1);
        begins.push(0);
        let mut end = 0;
        begins.extend(lines.iter().map(|line| {
            end += line.len();
            end
        }));
        Self {
            difference,
            side,
            begins,
        }
    }

    /// The bytes of a line without its end.
    pub(super) fn range(&self, line: usize) -> Range<usize> {
        let (start, end) = (self.begins[line], self.begins[line + 1]);
        start..start + body(&self.text()[start..end]).len()
    }

    /// Where a line begins; the end of the text after the last.
    pub(super) fn begin(&self, line: usize) -> usize {
        self.begins[line]
    }

    /// The line that a byte stands in.
    pub(super) fn line_of(&self, byte: usize) -> usize {
        self.begins.partition_point(|begin| *begin <= byte) - 1
    }

    pub(super) fn text(&self) -> &'a [u8] {
        match self.side {
            Side::Old => self.difference.old,
            Side::New => self.difference.new,
        }
    }

    /// A line that is equal in both texts.
    pub(super) fn plain(&self, line: usize) -> Vec<Piece> {
        vec![(Ink::Plain, shown(&self.text()[self.range(line)]))]
    }

    /// A line that went or came, with the words that did.
    pub(super) fn marked(&self, line: usize) -> Vec<Piece> {
        let (still, moved) = match self.side {
            Side::Old => (Ink::Old, Ink::Gone),
            Side::New => (Ink::New, Ink::Come),
        };
        let range = self.range(line);
        let mut pieces = Vec::new();
        let mut at = range.start;
        for changed in self.changed(&range) {
            pieces.push((still, shown(&self.text()[at..changed.start])));
            pieces.push((moved, shown(&self.text()[changed.clone()])));
            at = changed.end;
        }
        pieces.push((still, shown(&self.text()[at..range.end])));
        pieces.retain(|(_, text)| !text.is_empty());
        if let [(ink, _)] = pieces.as_mut_slice() {
            *ink = still; // Nothing stands out where all of a line is new.
        }
        show_trailing(&mut pieces);
        shorten(&mut pieces, still);
        pieces
    }

    /// What changed in a range.
    fn changed(&self, range: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let runs = &self.difference.runs;
        let of = |index: usize| match self.side {
            Side::Old => runs[index].old.clone(),
            Side::New => runs[index].new.clone(),
        };
        let first = runs.partition_point(|run| match self.side {
            Side::Old => run.old.end <= range.start,
            Side::New => run.new.end <= range.start,
        });
        let (start, end) = (range.start, range.end);
        let inside = (first..runs.len()).map(of).take_while(move |run| run.start < end);
        inside
            .map(move |run| run.start.max(start)..run.end.min(end))
            .filter(|run| run.start < run.end)
    }
}

/// Text from a corpus, safe to print; bytes that are no UTF-8 as in `\xff`, and many NUL as in `\u{0}×40`.
pub(super) fn shown(bytes: &[u8]) -> String {
    let mut safe = String::with_capacity(bytes.len());
    for part in bytes.chunk_by(|a, b| (*a == 0) == (*b == 0)) {
        match part {
            [0, 0, 0, 0, ..] => safe.push_str(&format!("\\u{{0}}×{}", part.len())),
            _ => show(part, &mut safe),
        }
    }
    safe
}

fn show(bytes: &[u8], safe: &mut String) {
    for chunk in bytes.utf8_chunks() {
        safe.push_str(&printable(chunk.valid()));
        safe.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
}

/// Spaces at the end of a line that changed, which nobody could see otherwise.
fn show_trailing(pieces: &mut [Piece]) {
    for (_, text) in pieces.iter_mut().rev() {
        let kept = text.trim_end_matches(' ').len();
        let spaces = text.len() - kept;
        text.truncate(kept);
        text.extend(std::iter::repeat_n('\u{b7}', spaces));
        if kept > 0 {
            return;
        }
    }
}

/// A longer line, in bytes, is shown without most of what did not change in it.
const LONG: usize = 8_000;
/// So much of that is left at each end, in bytes.
const LEFT: usize = 200;

fn shorten(pieces: &mut [Piece], still: Ink) {
    if pieces.iter().map(|(_, text)| text.len()).sum::<usize>() <= LONG || pieces.len() < 2 {
        return;
    }
    for (_, text) in pieces
        .iter_mut()
        .filter(|(ink, text)| *ink == still && text.len() > 4 * LEFT)
    {
        let begin = prefix(text, LEFT).len();
        let end = prefix(text, text.len() - LEFT).len();
        let left_out = text[begin..end].chars().count();
        *text = format!("{} [… {left_out} characters …] {}", &text[..begin], &text[end..]);
    }
}

/// Pieces in their colours.
pub(super) fn paint(pieces: &[Piece], style: Style) -> String {
    pieces.iter().map(|(ink, text)| ink.paint(text, style)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unsafe_is_shown() {
        assert_eq!(shown(b"a\x1b[1m\xff\0\xe2\x80\xae"), "a\\u{1b}[1m\\xff\\u{0}\\u{202e}");
        assert_eq!(shown(&[0; 40]), "\\u{0}×40");
    }

    #[test]
    fn spaces_at_the_end_are_seen() {
        let mut pieces = vec![(Ink::Old, "a ".to_owned()), (Ink::Gone, "  ".to_owned())];
        show_trailing(&mut pieces);
        assert_eq!(paint(&pieces, Style::default()), "a···");
    }

    #[test]
    fn a_long_line_is_shown_where_it_changed() {
        let still = "lamp ".repeat(4_000);
        let mut pieces = vec![
            (Ink::Old, still.clone()),
            (Ink::Gone, "grain".to_owned()),
            (Ink::Old, still),
        ];
        shorten(&mut pieces, Ink::Old);
        let text = paint(&pieces, Style::default());
        assert!(
            text.len() < 1_000 && text.contains("[… 19600 characters …]") && text.contains("lamp grainlamp"),
            "{text}"
        );
    }
}
