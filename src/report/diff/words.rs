//! Words that went and came, within the lines that they stand in: in colour, or as `[-gone-]{+come+}`.

use std::io::{self, Write};
use std::ops::Range;

use super::ink::Ink;
use super::painted::{Lines, Side, paint, shown};
use super::unified::place;
use crate::diff::{Difference, Hunk, Replaced, Run};
use crate::report::Style;

/// Writes what differs of a text.
pub(super) fn write(difference: &Difference<'_>, context: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (old, new) = (Lines::of(difference, Side::Old), Lines::of(difference, Side::New));
    let page = Page {
        difference,
        old: &old,
        new: &new,
        style,
    };
    let hunks = difference.lines.hunks(context);
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
        let mut at = hunk.new.start;
        for part in &self.difference.lines.replaced[hunk.replaced.clone()] {
            self.equal(at..part.new.start, out)?;
            let flow = self.part(part);
            out.write_all(flow.as_bytes())?;
            if !flow.is_empty() && !flow.ends_with('\n') {
                writeln!(out)?;
            }
            at = part.new.end;
        }
        self.equal(at..hunk.new.end, out)
    }

    fn equal(&self, mut lines: Range<usize>, out: &mut dyn Write) -> io::Result<()> {
        lines.try_for_each(|line| writeln!(out, "{}", paint(&self.new.plain(line), self.style)))
    }

    /// A replaced part as one text: what is equal, what went, what came.
    fn part(&self, part: &Replaced) -> String {
        let bytes = |lines: &Lines<'_>, range: &Range<usize>| lines.begin(range.start)..lines.begin(range.end);
        let (old, new) = (bytes(self.old, &part.old), bytes(self.new, &part.new));
        let first = self
            .difference
            .runs
            .partition_point(|run| (run.old.start, run.new.start) < (old.start, new.start));
        let runs = self.difference.runs[first..].iter();
        let mut flow = String::new();
        let mut at = new.start;
        for run in runs.take_while(|run| run.old.end <= old.end && run.new.end <= new.end) {
            flow.push_str(&lines_of(
                &self.new.text()[at..run.new.start],
                Ink::Plain,
                ("", ""),
                self.style,
            ));
            self.run(run, &mut flow);
            at = run.new.end;
        }
        flow.push_str(&lines_of(
            &self.new.text()[at..new.end],
            Ink::Plain,
            ("", ""),
            self.style,
        ));
        flow
    }

    fn run(&self, run: &Run, flow: &mut String) {
        let (gone, come) = (&self.old.text()[run.old.clone()], &self.new.text()[run.new.clone()]);
        let (minus, plus) = if self.style.colour {
            (("", ""), ("", ""))
        } else {
            (("[-", "-]"), ("{+", "+}"))
        };
        if run.is_space() {
            flow.push_str(&Ink::Gone.paint(&framed(&shown(gone), minus), self.style));
            flow.push_str(&Ink::Come.paint(&framed(&shown(come), plus), self.style));
            flow.push_str(if come.contains(&b'\n') { "\n" } else { "" });
            return;
        }
        flow.push_str(&lines_of(gone, Ink::Old, minus, self.style));
        flow.push_str(&lines_of(come, Ink::New, plus, self.style));
    }
}

fn framed(text: &str, (open, close): (&str, &str)) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("{open}{text}{close}"),
    }
}

/// Text that may go over several lines, each in its colour and frame.
fn lines_of(bytes: &[u8], ink: Ink, frame: (&str, &str), style: Style) -> String {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    lines
        .map(|line| {
            let text = crate::diff::body(line);
            let end = if line.ends_with(b"\n") { "\n" } else { "" };
            format!("{}{end}", ink.paint(&framed(&shown(text), frame), style))
        })
        .collect()
}
