//! A line that a person writes.

use super::session::{Move, Press};

/// A line, and where the cursor is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    text: String,
    /// A byte at the boundary of a character.
    cursor: usize,
}

impl Line {
    /// Text on one line: line ends, tabulators and backslashes as escapes.
    pub(super) fn escaped(text: &str) -> Self {
        let escaped = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        let text = escaped.replace('\t', "\\t");
        Self {
            cursor: text.len(),
            text,
        }
    }

    /// The text that the escapes mean. A backslash before anything else is one.
    pub(super) fn unescaped(&self) -> String {
        let mut plain = String::with_capacity(self.text.len());
        let mut rest = self.text.chars().peekable();
        while let Some(c) = rest.next() {
            let meant = match (c, rest.peek()) {
                ('\\', Some('n')) => Some('\n'),
                ('\\', Some('r')) => Some('\r'),
                ('\\', Some('t')) => Some('\t'),
                ('\\', Some('\\')) => Some('\\'),
                _ => None,
            };
            if meant.is_some() {
                rest.next();
            }
            plain.push(meant.unwrap_or(c));
        }
        plain
    }

    /// What stands in it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    pub(super) fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Writes, erases or moves. What could not be seen on one line comes in as a space.
    pub(super) fn press(&mut self, press: Press) {
        match press {
            Press::Char(c) => self.insert(&[c]),
            Press::Text(text) => self.insert(&text.trim_end_matches(['\n', '\r']).chars().collect::<Vec<_>>()),
            Press::Backspace => self.erase(self.left()..self.cursor),
            Press::Delete => self.erase(self.cursor..self.right()),
            Press::Clear => *self = Self::default(),
            Press::Move(Move::Left) => self.cursor = self.left(),
            Press::Move(Move::Right) => self.cursor = self.right(),
            Press::Move(Move::Home | Move::Up) => self.cursor = 0,
            Press::Move(Move::End | Move::Down) => self.cursor = self.text.len(),
            _ => {}
        }
    }

    fn insert(&mut self, characters: &[char]) {
        for &c in characters {
            let c = if c.is_control() { ' ' } else { c };
            self.text.insert(self.cursor, c);
            self.cursor += c.len_utf8();
        }
    }

    fn erase(&mut self, range: std::ops::Range<usize>) {
        self.cursor = range.start;
        self.text.replace_range(range, "");
    }

    fn left(&self) -> usize {
        let last = self.text[..self.cursor].chars().next_back();
        self.cursor - last.map_or(0, char::len_utf8)
    }

    fn right(&self) -> usize {
        let next = self.text[self.cursor..].chars().next();
        self.cursor + next.map_or(0, char::len_utf8)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_is_written_and_erased_anywhere() {
        let mut line = Line::default();
        line.press(Press::Text("é sign\r\n".to_owned()));
        line.press(Press::Move(Move::Home));
        line.press(Press::Move(Move::Right));
        line.press(Press::Backspace);
        line.press(Press::Backspace);
        line.press(Press::Text("a\nnew".to_owned()));
        assert_eq!((line.text(), line.before()), ("a new sign", "a new"));
        line.press(Press::Delete);
        line.press(Press::Move(Move::End));
        line.press(Press::Delete);
        line.press(Press::Char('s'));
        assert_eq!(line.text(), "a newsigns");
        line.press(Press::Clear);
        assert_eq!(line, Line::default());
    }

    #[test]
    fn a_backslash_may_stand_for_itself() {
        let mut line = Line::default();
        line.press(Press::Text("C:\\dir \\n".to_owned()));
        assert_eq!(line.unescaped(), "C:\\dir \n");
    }

    proptest! {
        #[test]
        fn escapes_are_read_as_they_are_written(text in "[a\\\\nrt\n\r\té]{0,20}") {
            prop_assert_eq!(Line::escaped(&text).unescaped(), text);
        }
    }
}
