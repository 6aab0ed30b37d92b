//! A text that is open in the editor, and in what it differs from its file.

use std::path::PathBuf;

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::positions::{Encoding, Lines};

/// What editors take off the beginning of a text and put back when they save it.
const MARK: &str = "\u{feff}";

/// An open text.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    /// Its address, as the editor writes it.
    pub(super) uri: Uri,
    /// Its file.
    pub(super) path: PathBuf,
    /// The number of its last change, as the editor counts.
    pub(super) version: i32,
    /// What the editor shows.
    pub(super) text: String,
    /// Whether it was changed since it was opened or saved.
    pub(super) changed: bool,
}

/// The bytes of an open text: those that saving it would write.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    /// All of them.
    pub(super) bytes: Vec<u8>,
    /// So many at the beginning are not shown.
    pub(super) hidden: usize,
    /// Whether no file has them.
    pub(super) unsaved: bool,
}

impl Buffer {
    /// Makes a change of the editor.
    pub(super) fn apply(&mut self, change: &TextDocumentContentChangeEvent, encoding: Encoding) {
        self.changed = true;
        let Some(range) = change.range else {
            self.text.clone_from(&change.text);
            return;
        };
        let lines = Lines::new(self.text.as_bytes(), 0, encoding);
        let start = lines.byte(&self.text, range.start);
        let end = lines.byte(&self.text, range.end).max(start);
        self.text.replace_range(start..end, &change.text);
    }

    /// What saving it would write, beside what its file has.
    pub(super) fn content(&self) -> Content {
        let file = crate::whole::read(&self.path).ok();
        content(file, &self.text, self.changed)
    }
}

/// An editor shows a text in its own way: without a byte-order mark, with line ends of one kind, decoded. So a text that nobody has
/// changed is taken from its file.
fn content(file: Option<Vec<u8>>, text: &str, changed: bool) -> Content {
    let shown = text.strip_prefix(MARK).unwrap_or(text);
    let file_text = file.as_deref().map(std::str::from_utf8);
    let marked = matches!(file_text, Some(Ok(file)) if file.starts_with(MARK));
    let hidden = if marked && shown.len() == text.len() {
        MARK.len()
    } else {
        0
    };
    let same = match file_text {
        None => false,
        Some(Err(_)) => !changed,
        Some(Ok(file)) => {
            let file = file.strip_prefix(MARK).unwrap_or(file);
            file == shown || (!changed && plain(file) == plain(shown))
        }
    };
    match file.filter(|_| same) {
        Some(bytes) => Content {
            bytes,
            hidden,
            unsaved: false,
        },
        None => Content {
            bytes: [&MARK.as_bytes()[..hidden], text.as_bytes()].concat(),
            hidden,
            unsaved: true,
        },
    }
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use lsp_types::{Position, Range};

    use super::*;

    fn buffer(text: &str) -> Buffer {
        Buffer {
            uri: "file:///a".parse().expect("an address"),
            path: PathBuf::from("/nowhere/a"),
            version: 1,
            text: text.to_owned(),
            changed: false,
        }
    }

    fn change(range: Option<[(u32, u32); 2]>, text: &str) -> TextDocumentContentChangeEvent {
        let place = |(line, column)| Position::new(line, column);
        TextDocumentContentChangeEvent {
            range: range.map(|[start, end]| Range::new(place(start), place(end))),
            range_length: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn changes_are_made_where_they_are_meant() {
        let mut buffer = buffer("a\u{1f600}b\nc\n");
        buffer.apply(&change(Some([(0, 3), (1, 0)]), "x"), Encoding::Utf16);
        assert_eq!(buffer.text, "a\u{1f600}xc\n");
        buffer.apply(&change(Some([(0, 5), (0, 6)]), "é"), Encoding::Utf8);
        assert_eq!(buffer.text, "a\u{1f600}éc\n");
        buffer.apply(&change(Some([(9, 9), (0, 0)]), "!"), Encoding::Utf16);
        assert_eq!(buffer.text, "a\u{1f600}éc\n!");
        buffer.apply(&change(None, "new"), Encoding::Utf16);
        assert_eq!((buffer.text.as_str(), buffer.changed), ("new", true));
    }

    #[test]
    fn a_text_that_nobody_has_changed_is_that_of_its_file() {
        let of = |file: &[u8], text, changed| {
            let content = content(Some(file.to_vec()), text, changed);
            (content.bytes, content.hidden, content.unsaved)
        };
        assert_eq!(of(b"a\r\nb\n", "a\nb\n", false), (b"a\r\nb\n".to_vec(), 0, false));
        assert_eq!(of(b"a\r\nb\n", "a\nb\n", true), (b"a\nb\n".to_vec(), 0, true));
        assert_eq!(of(b"\xEF\xBB\xBFa", "a", true), (b"\xEF\xBB\xBFa".to_vec(), 3, false));
        assert_eq!(of(b"\xEF\xBB\xBFa", "ab", true), (b"\xEF\xBB\xBFab".to_vec(), 3, true));
        assert_eq!(of(b"\xEF\xBB\xBFa", "\u{feff}a", false).1, 0);
        assert_eq!(of(b"caf\xE9", "caf\u{e9}", false), (b"caf\xE9".to_vec(), 0, false));
        assert!(of(b"caf\xE9", "caf\u{e9}", true).2);
        assert!(content(None, "a", false).unsaved);
    }
}
