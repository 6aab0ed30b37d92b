//! The lines of a text in which a sign stands, but for code: one scan of the bytes, and a close look at few lines.

use super::shape::is_code;
use crate::text::{Line, Text};

/// Lines with a sign, in order.
pub(super) struct Marked<'a, F> {
    text: &'a Text<'a>,
    find: F,
    /// The byte where the search goes on.
    from: usize,
    /// The line that it stands in, or one before.
    next: usize,
    code: Code<'a>,
}

impl<'a, F: FnMut(&[u8]) -> Option<usize>> Marked<'a, F> {
    /// The lines where a search finds something; it is given the rest of the text.
    pub(super) fn new(text: &'a Text<'a>, find: F) -> Self {
        Self {
            text,
            find,
            from: 0,
            next: 0,
            code: Code::of(text),
        }
    }
}

impl<'a, F: FnMut(&[u8]) -> Option<usize>> Iterator for Marked<'a, F> {
    type Item = &'a Line<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.text.as_bytes();
        loop {
            let at = self.from + (self.find)(bytes.get(self.from..)?)?;
            let rest = self.text.lines.get(self.next..)?;
            self.next += rest.iter().take_while(|line| line.span.end() <= at).count();
            let index = self.next;
            let line = self.text.lines.get(index)?;
            self.from = line.span.end().max(at + 1);
            if at >= line.span.start() && !self.code.holds(index) {
                return Some(line);
            }
        }
    }
}

/// Which lines are code, found out where it is asked.
pub(super) struct Code<'a> {
    text: &'a Text<'a>,
    /// The lines that open or close a fence.
    fences: Option<Vec<usize>>,
    /// The block that was asked for last, and whether it is code.
    last: Option<(usize, bool)>,
}

impl<'a> Code<'a> {
    /// Of a text; nothing is looked at before a line is asked for.
    pub(super) fn of(text: &'a Text<'a>) -> Self {
        Self {
            text,
            fences: None,
            last: None,
        }
    }

    /// Whether a line, 0-based, is code.
    pub(super) fn holds(&mut self, line: usize) -> bool {
        let fences = self.fences.get_or_insert_with(|| fences(self.text));
        let before = fences.partition_point(|fence| *fence <= line);
        let fenced = before % 2 == 1 || before.checked_sub(1).is_some_and(|last| fences[last] == line);
        fenced || self.is_block(line)
    }

    fn is_block(&mut self, line: usize) -> bool {
        let blocks = &self.text.blocks;
        let at = blocks.partition_point(|block| block.end <= line);
        let Some(block) = blocks.get(at).filter(|block| block.first <= line) else {
            return false;
        };
        match self.last {
            Some((last, code)) if last == at => code,
            _ => {
                let code = is_code(self.text, block);
                self.last = Some((at, code));
                code
            }
        }
    }
}

fn fences(text: &Text<'_>) -> Vec<usize> {
    let mut fences: Vec<usize> = Vec::new();
    for at in memchr::memmem::find_iter(text.text.as_bytes(), b"```") {
        let index = text.lines.partition_point(|line| line.span.end() <= at);
        let opens = text
            .lines
            .get(index)
            .is_some_and(|line| line.text.trim_start().starts_with("```"));
        if opens && fences.last() != Some(&index) {
            fences.push(index);
        }
    }
    fences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn fences_and_blocks_of_code_are_left_out() {
        let source = Source::new("a", b"a <\n```\nb <\n```\nc <<\n\nd = {<}; e = {};\n\n< f\n".to_vec());
        let text = Text::new(&source).expect("text");
        let lines: Vec<_> = Marked::new(&text, |bytes| memchr::memchr(b'<', bytes))
            .map(|line| line.text)
            .collect();
        assert_eq!(lines, ["a <", "c <<", "< f"]);
        let mut code = Code::of(&text);
        let held: Vec<bool> = (0..text.lines.len()).map(|line| code.holds(line)).collect();
        assert_eq!(held, [false, true, true, true, false, false, true, false, false]);
    }
}
