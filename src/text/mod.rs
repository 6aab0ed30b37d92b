//! What several checks ask of a text: its lines and its blocks, found once.

pub mod calendar;
pub mod dates;
pub mod language;
pub mod published;
pub mod role;
pub mod statement;
pub mod unit;

use std::sync::OnceLock;

use crate::source::{Source, Span};
use statement::Statement;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineEnd {
    /// `\n`.
    Lf,
    /// `\r\n`.
    CrLf,
    /// The text ends here.
    None,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its text, without the line end.
    pub text: &'a str,
    /// Where that text stands.
    pub span: Span,
    /// How it ends.
    pub end: LineEnd,
    /// 1-based.
    pub number: usize,
}

impl Line<'_> {
    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A run of lines without a blank one between them: a paragraph, a heading, a list, a label.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Its text, from the first letter to the last.
    pub text: &'a str,
    /// Where that text stands.
    pub span: Span,
    /// The first line, 0-based in [`Text::lines`].
    pub first: usize,
    /// The line after the last, 0-based in [`Text::lines`].
    pub end: usize,
}

/// A text, cut into lines and blocks.
#[derive(Debug)]
pub struct Text<'a> {
    /// The bytes that it stands in.
    pub source: &'a Source,
    /// All of it.
    pub text: &'a str,
    /// Its lines; a final line feed opens no further one.
    pub lines: Vec<Line<'a>>,
    /// Its blocks.
    pub blocks: Vec<Block<'a>>,
    statement: OnceLock<Statement<'a>>,
}

impl<'a> Text<'a> {
    /// Cuts a source, where it is UTF-8.
    pub fn new(source: &'a Source) -> Option<Self> {
        let text = source.text()?;
        let lines = lines(source, text);
        let blocks = blocks(source, text, &lines);
        Some(Self {
            source,
            text,
            lines,
            blocks,
            statement: OnceLock::new(),
        })
    }

    /// What it says of itself, found once.
    pub fn statement(&self) -> &Statement<'a> {
        self.statement.get_or_init(|| Statement::of(self))
    }

    /// The lines of a block.
    pub fn lines_of(&self, block: &Block<'a>) -> &[Line<'a>] {
        &self.lines[block.first..block.end]
    }
}

/// What a text says of itself, kept after its bytes are gone: what checks across texts work on.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Whether the last line ends with a line end.
    pub final_newline: bool,
}

impl Features {
    /// Of one text.
    pub fn of(text: &Text<'_>) -> Self {
        Self {
            final_newline: text.lines.last().is_none_or(|line| line.end != LineEnd::None),
        }
    }
}

/// The beginning of a text, of at most so many bytes.
pub fn prefix(text: &str, bytes: usize) -> &str {
    let end = bytes.min(text.len());
    let end = (0..=end).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

fn lines<'a>(source: &Source, text: &'a str) -> Vec<Line<'a>> {
    let line = |(index, whole): (usize, &'a str)| {
        let bare = whole.strip_suffix('\n').unwrap_or(whole);
        let text = bare
            .strip_suffix('\r')
            .filter(|_| bare.len() < whole.len())
            .unwrap_or(bare);
        let end = match whole.len() - text.len() {
            0 => LineEnd::None,
            1 => LineEnd::Lf,
            _ => LineEnd::CrLf,
        };
        Line {
            text,
            span: source.span_of(text),
            end,
            number: index + 1,
        }
    };
    text.split_inclusive('\n').enumerate().map(line).collect()
}

fn blocks<'a>(source: &Source, text: &'a str, lines: &[Line<'a>]) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut first = 0;
    while first < lines.len() {
        let length = lines[first..].iter().take_while(|line| !line.is_blank()).count();
        let end = first + length;
        if length > 0 {
            let (from, to) = (lines[first].span.start(), lines[end - 1].span.end());
            let text = text[from..to].trim();
            blocks.push(Block {
                text,
                span: source.span_of(text),
                first,
                end,
            });
        }
        first = end + 1;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_blocks() {
        let source = Source::new("a", b"\n A\r\nb \n\n\nc".to_vec());
        let text = Text::new(&source).expect("text");
        let ends: Vec<_> = text.lines.iter().map(|line| (line.text, line.end)).collect();
        assert_eq!(
            ends,
            [
                ("", LineEnd::Lf),
                (" A", LineEnd::CrLf),
                ("b ", LineEnd::Lf),
                ("", LineEnd::Lf),
                ("", LineEnd::Lf),
                ("c", LineEnd::None)
            ]
        );
        let blocks: Vec<_> = text
            .blocks
            .iter()
            .map(|block| (block.text, block.first, block.end))
            .collect();
        assert_eq!(blocks, [("A\r\nb", 1, 3), ("c", 5, 6)]);
    }

    #[test]
    fn an_empty_text_has_no_line() {
        let source = Source::new("a", Vec::new());
        assert!(Text::new(&source).is_some_and(|text| text.lines.is_empty() && text.blocks.is_empty()));
    }
}
