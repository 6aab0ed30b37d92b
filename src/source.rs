//! The exact bytes of one file, and checked places in them, because every finding must point at what it speaks of.

use std::ops::Range;
use std::sync::OnceLock;

use serde::Serialize;

/// A range of bytes in one [`Source`]: inside it, and on character boundaries where it is UTF-8.
///
/// Only [`Source`] makes spans, so a span that is handed to a renderer cannot split a character or leave the text. A
/// remembered one is fitted to its source when that is read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// A place in a text that was seen and is not at hand. Whoever reads the text again fits it with [`Source::nearest_span`].
    pub(crate) fn remembered(start: u64, end: u64) -> Self {
        let narrow = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        Self {
            start: narrow(start),
            end: narrow(end.max(start)),
        }
    }

    /// The first byte, 0-based.
    pub fn start(self) -> usize {
        self.start
    }

    /// The byte after the last one.
    pub fn end(self) -> usize {
        self.end
    }

    /// The length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span is a place between two bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The span as a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Whether the two share a byte, or one lies empty inside the other.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A place as a reader counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Offset into the exact bytes, 0-based.
    pub byte: usize,
    /// Line, 1-based; a line ends with LF.
    pub line: usize,
    /// Column in Unicode scalar values, 1-based.
    pub column: usize,
    /// Column in bytes, 1-based: what some formats count in.
    #[serde(skip)]
    pub byte_column: usize,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Binary(Vec<u8>),
}

/// One file: its name as reports print it, and its exact bytes.
#[derive(Debug)]
pub struct Source {
    name: String,
    content: Content,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// A source of these bytes. `name` is relative to the root, with `/`.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let content = match String::from_utf8(bytes) {
            Ok(text) => Content::Text(text),
            Err(error) => Content::Binary(error.into_bytes()),
        };
        Self {
            name: name.into(),
            content,
            lines: OnceLock::new(),
        }
    }

    /// The name that reports print.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The exact bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Binary(bytes) => bytes,
        }
    }

    /// The text, where the bytes are UTF-8. A byte-order mark is part of it.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Binary(_) => None,
        }
    }

    /// The length in bytes.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// Whether there is not one byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The span `start..end`, or `None` where it leaves the source or splits a character.
    pub fn span(&self, start: usize, end: usize) -> Option<Span> {
        let whole = start <= end && end <= self.len();
        (whole && self.is_boundary(start) && self.is_boundary(end)).then_some(Span { start, end })
    }

    /// The span nearest to `start..end`: clipped to the source and widened to character boundaries.
    pub fn nearest_span(&self, start: usize, end: usize) -> Span {
        let mut start = start.min(self.len());
        let mut end = end.clamp(start, self.len());
        while !self.is_boundary(start) {
            start -= 1;
        }
        while !self.is_boundary(end) {
            end += 1;
        }
        Span { start, end }
    }

    /// The span of a part of [`Source::text`], found by its address.
    ///
    /// A slice that does not lie in this source gives an empty span at the start.
    pub fn span_of(&self, part: &str) -> Span {
        let base = self.bytes().as_ptr().addr();
        let start = part.as_ptr().addr().wrapping_sub(base);
        self.span(start, start.saturating_add(part.len())).unwrap_or_default()
    }

    /// The span of everything.
    pub fn whole(&self) -> Span {
        Span {
            start: 0,
            end: self.len(),
        }
    }

    /// The bytes of a span; empty where the span belongs to a longer source.
    pub fn slice(&self, span: Span) -> &[u8] {
        self.bytes().get(span.range()).unwrap_or_default()
    }

    /// The text of a span, with U+FFFD for what is not UTF-8.
    pub fn text_of(&self, span: Span) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.slice(span))
    }

    /// Line and column of a byte.
    pub fn position(&self, byte: usize) -> Position {
        self.lines().position(self.bytes(), byte)
    }

    /// The span of a line, 1-based, without its line end; empty at the end where there is no such line.
    pub fn line(&self, number: usize) -> Span {
        let bytes = self.bytes();
        let Range { start, end } = self.lines().line(bytes, number);
        let end = bytes[start..end]
            .strip_suffix(b"\n")
            .map_or(end, |line| start + line.strip_suffix(b"\r").unwrap_or(line).len());
        Span { start, end }
    }

    /// How many lines there are: one more than the line feeds, less one for a final line feed.
    pub fn line_count(&self) -> usize {
        self.lines().lines
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.bytes()))
    }

    fn is_boundary(&self, byte: usize) -> bool {
        match &self.content {
            Content::Text(text) => text.is_char_boundary(byte),
            Content::Binary(bytes) => byte <= bytes.len(),
        }
    }
}

/// From bytes to lines and columns, in constant time on lines of any length and any number.
///
/// Characters and line feeds are counted once, with a checkpoint every [`LineIndex::STEP`] bytes: a text of nothing but
/// line feeds costs no more than one long line. In bytes that are not UTF-8 a character is what does not look like a
/// continuation byte.
#[derive(Debug)]
struct LineIndex {
    checkpoints: Vec<Checkpoint>,
    lines: usize,
}

/// What lies before one byte.
#[derive(Clone, Copy, Debug, Default)]
struct Checkpoint {
    characters: usize,
    /// Line feeds.
    feeds: usize,
    /// Where the line begins that the byte stands in.
    start: usize,
}

impl Checkpoint {
    fn after(self, at: usize, piece: &[u8]) -> Self {
        let last = memchr::memrchr(b'\n', piece);
        Self {
            characters: self.characters + count_characters(piece),
            feeds: self.feeds + memchr::memchr_iter(b'\n', piece).count(),
            start: last.map_or(self.start, |feed| at + feed + 1),
        }
    }
}

impl LineIndex {
    const STEP: usize = 1024;

    fn new(bytes: &[u8]) -> Self {
        let mut checkpoints = vec![Checkpoint::default()];
        let mut last = Checkpoint::default();
        for (index, piece) in bytes.chunks(Self::STEP).enumerate() {
            last = last.after(index * Self::STEP, piece);
            checkpoints.push(last);
        }
        let closed = last.feeds > 0 && last.start == bytes.len();
        Self {
            checkpoints,
            lines: last.feeds + usize::from(!closed),
        }
    }

    /// What lies before a byte.
    fn before(&self, bytes: &[u8], byte: usize) -> Checkpoint {
        let index = byte / Self::STEP;
        let at = index * Self::STEP;
        self.checkpoints[index].after(at, &bytes[at..byte])
    }

    fn position(&self, bytes: &[u8], byte: usize) -> Position {
        let byte = byte.min(bytes.len());
        let mut here = self.before(bytes, byte);
        if here.feeds == self.lines {
            here = self.before(bytes, byte - 1); // The end of a text whose last line has a line feed.
        }
        let characters = |byte| self.before(bytes, byte).characters;
        Position {
            byte,
            line: here.feeds + 1,
            column: characters(byte) - characters(here.start) + 1,
            byte_column: byte - here.start + 1,
        }
    }

    /// A line with its line feed.
    fn line(&self, bytes: &[u8], number: usize) -> Range<usize> {
        let number = number.max(1);
        self.start(bytes, number - 1)..self.start(bytes, number)
    }

    /// Where the line begins that follows so many line feeds; the end where there is none.
    fn start(&self, bytes: &[u8], feeds: usize) -> usize {
        let Some(left) = feeds.checked_sub(1) else { return 0 };
        let index = self.checkpoints.partition_point(|one| one.feeds <= left) - 1;
        let at = index * Self::STEP;
        let rest = bytes.get(at..).unwrap_or_default();
        let feed = memchr::memchr_iter(b'\n', rest).nth(left - self.checkpoints[index].feeds);
        feed.map_or(bytes.len(), |feed| at + feed + 1)
    }
}

/// Counts in pieces whose count fits in one byte, so that many bytes are looked at together.
fn count_characters(bytes: &[u8]) -> usize {
    let begins = |byte: &u8| u8::from(byte & 0xC0 != 0x80);
    let pieces = bytes.chunks(192);
    pieces
        .map(|piece| usize::from(piece.iter().map(begins).sum::<u8>()))
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_lines_and_columns() {
        let source = Source::new("a", "é\nbc\r\n\nd".into());
        let at = |byte| {
            let position = source.position(byte);
            (position.line, position.column)
        };
        assert_eq!([at(0), at(2), at(3), at(4)], [(1, 1), (1, 2), (2, 1), (2, 2)]);
        assert_eq!([at(7), at(8), at(9)], [(3, 1), (4, 1), (4, 2)]);
        assert_eq!(source.text_of(source.line(2)), "bc");
        assert_eq!(source.line_count(), 4);
    }

    #[test]
    fn a_final_line_feed_opens_no_line() {
        let source = Source::new("a", b"x\n".to_vec());
        assert_eq!(source.line_count(), 1);
        assert_eq!(source.position(2).line, 1);
    }

    #[test]
    fn empty_source_has_one_place() {
        let source = Source::new("a", Vec::new());
        assert_eq!(
            source.position(0),
            Position {
                byte: 0,
                line: 1,
                column: 1,
                byte_column: 1,
            }
        );
        assert_eq!(source.line(1), Span::default());
    }

    proptest! {
        #[test]
        fn spans_lie_on_boundaries(bytes: Vec<u8>, a: usize, b: usize) {
            let source = Source::new("a", bytes);
            let span = source.nearest_span(a % 300, b % 300);
            prop_assert_eq!(source.span(span.start(), span.end()), Some(span));
            if let Some(text) = source.text() {
                prop_assert!(text.get(span.range()).is_some());
            }
        }

        #[test]
        fn positions_agree_with_a_plain_count(text in "[a\u{e9}\u{1f600}\n]{0,3000}", at in 0usize..9000) {
            let source = Source::new("a", text.clone().into_bytes());
            let byte = source.nearest_span(at, at).start();
            let before = &text[..byte];
            let position = source.position(byte);
            let last = before.rsplit('\n').next().unwrap_or("");
            let open = byte == text.len() && text.ends_with('\n');
            prop_assert_eq!(position.line, before.matches('\n').count() + 1 - usize::from(open));
            if !open {
                prop_assert_eq!(position.column, last.chars().count() + 1);
            }
        }

        #[test]
        fn lines_agree_with_a_plain_split(text in "[a\r\n]{0,40}(xxxxxxxxxx|\n){0,300}", number in 0usize..330) {
            let source = Source::new("a", text.clone().into_bytes());
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            prop_assert_eq!(source.line_count(), lines.len().max(1));
            let bare = |line: &str| line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line)).to_owned();
            let expected = lines.get(number.max(1) - 1).map(|line| bare(line)).unwrap_or_default();
            prop_assert_eq!(source.text_of(source.line(number)), expected);
        }
    }
}
