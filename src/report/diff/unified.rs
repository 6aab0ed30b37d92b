//! Lines that went and lines that came, as `git diff` prints them, with the words that changed in colour.

use std::io::{self, Write};
use std::ops::Range;

use super::Item;
use super::ink::Ink;
use super::painted::{Lines, Side, paint};
use crate::diff::{Difference, Hunk, body};
use crate::report::{Style, printable};

/// Writes what differs of a text. Nothing where no line reads otherwise.
pub(super) fn write(
    item: &Item<'_>,
    difference: &Difference<'_>,
    origin: &str,
    context: usize,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let hunks = difference.lines.hunks(context);
    if hunks.is_empty() {
        return Ok(());
    }
    let from = printable(item.from.unwrap_or(item.path));
    writeln!(out, "{}", Ink::Title.paint(&format!("--- a/{from}\t{origin}"), style))?;
    writeln!(
        out,
        "{}",
        Ink::Title.paint(&format!("+++ b/{}", printable(item.path)), style)
    )?;
    let (old, new) = (Lines::of(difference, Side::Old), Lines::of(difference, Side::New));
    let page = Page {
        difference,
        old: &old,
        new: &new,
        style,
    };
    hunks.iter().try_for_each(|hunk| page.hunk(hunk, out))
}

struct Page<'p> {
    difference: &'p Difference<'p>,
    old: &'p Lines<'p>,
    new: &'p Lines<'p>,
    style: Style,
}

impl Page<'_> {
    fn hunk(&self, hunk: &Hunk, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", Ink::Place.paint(&place(hunk), self.style))?;
        let mut at = hunk.old.start;
        for part in &self.difference.lines.replaced[hunk.replaced.clone()] {
            self.equal(at..part.old.start, out)?;
            part.old
                .clone()
                .try_for_each(|line| self.line('-', Ink::Old, self.old, line, out))?;
            part.new
                .clone()
                .try_for_each(|line| self.line('+', Ink::New, self.new, line, out))?;
            at = part.old.end;
        }
        self.equal(at..hunk.old.end, out)
    }

    fn equal(&self, mut lines: Range<usize>, out: &mut dyn Write) -> io::Result<()> {
        lines.try_for_each(|line| writeln!(out, " {}", paint(&self.old.plain(line), self.style)))
    }

    fn line(&self, sign: char, ink: Ink, lines: &Lines<'_>, line: usize, out: &mut dyn Write) -> io::Result<()> {
        let sign = ink.paint(&sign.to_string(), self.style);
        writeln!(out, "{sign}{}", paint(&lines.marked(line), self.style))?;
        let rest = &lines.text()[lines.begin(line)..lines.begin(line + 1)];
        if body(rest).len() == rest.len() {
            writeln!(out, "\\ No newline at end of file")?;
        }
        Ok(())
    }
}

/// As in `@@ -1,4 +1,3 @@`.
pub(super) fn place(hunk: &Hunk) -> String {
    let range = |lines: &Range<usize>| match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    };
    format!("@@ -{} +{} @@", range(&hunk.old), range(&hunk.new))
}
