//! An excerpt as lines of pieces: what is marked, what is not, and signs for what nobody would see.

use crate::finding::Place;
use crate::report::printable::is_unsafe;

/// What is marked is shown whole up to so many characters.
const MARKED: usize = 700;
/// Of more than that, so many of its beginning, and of its end.
const ENDS: (usize, usize) = (450, 150);

/// A line of an excerpt.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Line {
    /// Its number in the file.
    pub(in crate::report) number: usize,
    pub(in crate::report) bits: Vec<Bit>,
}

/// A run of a line that is of one kind.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::report) struct Bit {
    pub(in crate::report) marked: bool,
    /// Whether it is a sign of ours, and no text.
    pub(in crate::report) sign: bool,
    /// Safe to show.
    pub(in crate::report) text: String,
}

/// The lines of a place, with so many characters before what is marked, and as many behind it.
pub(in crate::report) fn excerpt(place: &Place, side: usize) -> Vec<Line> {
    let excerpt = &place.excerpt;
    let text = excerpt.text.as_str();
    let (before, rest) = text.split_at(excerpt.start.min(text.len()));
    let (within, after) = rest.split_at((excerpt.end - excerpt.start).min(rest.len()));
    let mut lines = Lines::new(excerpt.line, side);
    lines.before(before, excerpt.whole);
    lines.within(within);
    lines.after(after);
    lines.done
}

struct Lines {
    done: Vec<Line>,
    side: usize,
}

impl Lines {
    fn new(number: usize, side: usize) -> Self {
        let first = Line {
            number,
            bits: Vec::new(),
        };
        Self {
            done: vec![first],
            side,
        }
    }

    fn before(&mut self, text: &str, whole: bool) {
        let start = text.char_indices().rev().nth(self.side - 1);
        let start = start.map_or(0, |(start, _)| start);
        let (cut, kept) = text.split_at(start);
        self.skip(cut);
        if !whole || !cut.is_empty() {
            self.sign(false, "…");
        }
        self.text(false, kept);
    }

    fn within(&mut self, text: &str) {
        let count = text.chars().count();
        if text.is_empty() {
            self.sign(true, "‸");
        } else if count <= MARKED {
            self.text(true, text);
        } else {
            let at = |nth: usize| text.char_indices().nth(nth).map_or(text.len(), |(at, _)| at);
            let (head, tail) = (at(ENDS.0), at(count - ENDS.1));
            self.text(true, &text[..head]);
            let left = count - ENDS.0 - ENDS.1;
            self.sign(true, &format!(" … {left} characters … "));
            self.skip(&text[head..tail]);
            self.text(true, &text[tail..]);
        }
    }

    fn after(&mut self, text: &str) {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let cut = text.char_indices().nth(self.side);
        self.text(false, cut.map_or(text, |(end, _)| &text[..end]));
        if cut.is_some() {
            self.sign(false, "…");
        }
    }

    /// Counts the lines of what is not shown; what comes next stands on the last of them.
    fn skip(&mut self, text: &str) {
        let lines = text.matches('\n').count();
        if lines == 0 {
            return;
        }
        if let Some(last) = self.done.last_mut() {
            let number = last.number + lines;
            if last.bits.is_empty() {
                last.number = number;
            } else {
                self.done.push(Line {
                    number,
                    bits: Vec::new(),
                });
            }
        }
    }

    fn text(&mut self, marked: bool, text: &str) {
        for part in text.split_inclusive('\n') {
            let line = part.strip_suffix('\n');
            let shown = line.unwrap_or(part);
            self.run(
                marked,
                shown.strip_suffix('\r').filter(|_| line.is_some()).unwrap_or(shown),
            );
            if line.is_some() {
                self.feed(marked, shown);
            }
        }
    }

    /// Ends a line. Where the end of a line is all that is marked of it, it is shown.
    fn feed(&mut self, marked: bool, shown: &str) {
        if marked && shown.trim().is_empty() {
            self.sign(true, "⏎");
        }
        let number = self.done.last().map_or(1, |line| line.number + 1);
        self.done.push(Line {
            number,
            bits: Vec::new(),
        });
    }

    fn run(&mut self, marked: bool, text: &str) {
        let is_sign = |c: char| is_unsafe(c) || (marked && c != ' ' && c.is_whitespace());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if is_sign(first) {
                self.sign(marked, &name(first));
                rest = &rest[first.len_utf8()..];
            } else {
                let end = rest.find(is_sign).unwrap_or(rest.len());
                self.push(marked, false, &rest[..end]);
                rest = &rest[end..];
            }
        }
    }

    fn sign(&mut self, marked: bool, text: &str) {
        self.push(marked, true, text);
    }

    fn push(&mut self, marked: bool, sign: bool, text: &str) {
        if let Some(line) = self.done.last_mut() {
            line.bits.push(Bit {
                marked,
                sign,
                text: text.to_owned(),
            });
        }
    }
}

/// What stands for a character that nobody sees.
fn name(c: char) -> String {
    match c {
        '\t' => "⇥".to_owned(),
        '\r' => "␍".to_owned(),
        c => format!("U+{:04X}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::place;
    use crate::report::printable;
    use crate::source::Source;

    fn drawn(text: &str, start: usize, end: usize) -> Vec<String> {
        let source = Source::new("a.txt", text.as_bytes().to_vec());
        let lines = excerpt(&place::place(&source, source.nearest_span(start, end)), 220);
        let bit = |bit: &Bit| match bit.marked {
            true => format!("[{}]", bit.text),
            false => bit.text.clone(),
        };
        let line = |line: &Line| format!("{}: {}", line.number, line.bits.iter().map(bit).collect::<String>());
        lines.iter().map(line).collect()
    }

    #[test]
    fn what_is_found_is_marked() {
        assert_eq!(drawn("The quay.\nThe red lamps.\n", 14, 17), ["2: The [red] lamps."]);
        assert_eq!(drawn("a\u{a0}b", 1, 3), ["1: a[U+00A0]b"]);
        assert_eq!(drawn("a\u{202e}b", 0, 1), ["1: [a]U+202Eb"]);
        assert_eq!(drawn("a\n\n\nb\n", 2, 4)[0], "2: [⏎]");
        assert_eq!(drawn("ab", 1, 1), ["1: a[‸]b"]);
    }

    #[test]
    fn long_lines_are_cut_and_that_is_said() {
        let line = "lamp ".repeat(1_000);
        let said = drawn(&line, 2_000, 2_004).concat();
        assert!(
            said.starts_with("1: …") && said.ends_with('…') && said.len() < 600,
            "{said}"
        );
        let said = drawn(&line, 0, 5_000).concat();
        assert!(said.contains(" characters … ") && said.len() < 1_200, "{said}");
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_obeyed(bytes: Vec<u8>, start in 0..300_usize, end in 0..300_usize) {
            let source = Source::new("a.txt", bytes);
            for line in excerpt(&place::place(&source, source.nearest_span(start, end)), 220) {
                for bit in line.bits {
                    prop_assert_eq!(printable(&bit.text), bit.text.as_str());
                }
            }
        }
    }
}
