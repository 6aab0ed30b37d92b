//! How the two halves of a sentence, of a paragraph or of a word are put together.

use crate::checks::Document;
use crate::finding::{Finding, Safety};
use crate::source::Span;
use crate::text::hyphen::{HyphenBreak, Parts};
use crate::text::seam::{Seam, is_hyphen};
use crate::text::unit::is_dense;
use crate::text::{LineEnd, Text};

/// No fix takes out more than one byte in so many of a text.
const CEILING: usize = 10;

/// A replacement that puts halves together.
pub(super) struct Mend {
    /// What is replaced: from the end of the first half to the beginning of the second one.
    pub(super) span: Span,
    /// What comes instead.
    pub(super) replacement: String,
    /// The word that was cut, as it should stand, and whether the text has it elsewhere.
    pub(super) word: Option<(String, bool)>,
}

impl Mend {
    /// Of a seam.
    pub(super) fn of(text: &Text<'_>, seam: &Seam) -> Option<Self> {
        let (left, right) = (text.lines[seam.left].text.trim_end(), text.lines[seam.right].text);
        if left.ends_with(is_hyphen) {
            return Self::of_word(text, seam);
        }
        let end = text.source.span_of(left).end();
        if seam.wrapped {
            let start = text.source.span_of(right).start();
            return Some(Self {
                span: text.source.span(end, start)?,
                replacement: line_end(text, seam.left).to_owned(),
                word: None,
            });
        }
        let dense = left.ends_with(is_dense);
        Some(Self {
            span: text.source.span(end, text.source.span_of(right.trim_start()).start())?,
            replacement: if dense { "" } else { " " }.to_owned(),
            word: None,
        })
    }

    fn of_word(text: &Text<'_>, seam: &Seam) -> Option<Self> {
        let breaks = text.hyphen_breaks();
        let at = breaks.binary_search_by_key(&(seam.left, seam.right), |one| (one.left, one.right));
        let one = breaks.get(at.ok()?)?;
        Self::of_break(text, one, seam.wrapped)
    }

    /// Of a word at a line end. In a wrapped paragraph the rest of the word goes up, and the line stays broken after it.
    pub(super) fn of_break(text: &Text<'_>, one: &HyphenBreak, wrapped: bool) -> Option<Self> {
        let parts = Parts::of(text, one.left, one.right)?;
        let from = text.source.span_of(parts.left).start() + parts.mended_left(one.joins).len();
        let right = text.source.span_of(parts.right);
        let line = text.lines[one.right];
        let rest = &text.text[right.end()..line.span.end()];
        let word = Some((parts.word(one.joins), one.attested));
        if !wrapped || rest.trim().is_empty() {
            return Some(Self {
                span: text.source.span(from, right.start())?,
                replacement: String::new(),
                word,
            });
        }
        let indent = &text.text[line.span.start()..right.start()];
        let next = right.end() + rest.len() - rest.trim_start().len();
        Some(Self {
            span: text.source.span(from, next)?,
            replacement: format!("{}{}{indent}", parts.right, line_end(text, one.left)),
            word,
        })
    }

    /// Whether it takes out little enough of a text for a fix that nobody looks at.
    pub(super) fn is_small(&self, text: &Text<'_>) -> bool {
        self.span.len().saturating_sub(self.replacement.len()) * CEILING <= text.text.len()
    }

    /// Adds it to a finding, with the word that it mends.
    pub(super) fn on(self, finding: Finding, safety: Safety) -> Finding {
        let finding = match &self.word {
            Some((word, attested)) => finding.evidence("word", word.as_str()).evidence("attested", *attested),
            None => finding,
        };
        finding.replace(safety, self.span, self.replacement)
    }
}

/// How a line ends: as that one does, where it has an end.
pub(super) fn line_end(text: &Text<'_>, line: usize) -> &'static str {
    if text.lines[line].end == LineEnd::CrLf {
        "\r\n"
    } else {
        "\n"
    }
}

/// A finding at the first half, with the other half beside it.
pub(super) fn halves(document: &Document<'_>, text: &Text<'_>, seam: &Seam, finding: Finding) -> Finding {
    let tail = |line: usize| {
        let line = text.lines[line].text.trim_end();
        let from = line.char_indices().rev().take(40).last().map_or(0, |(at, _)| at);
        text.source.span_of(&line[from..])
    };
    let head = |line: usize| {
        let line = text.lines[line].text.trim_start();
        let to = line.char_indices().nth(40).map_or(line.len(), |(at, _)| at);
        text.source.span_of(&line[..to])
    };
    finding
        .related(document.at(tail(seam.left)), "the sentence breaks off here")
        .related(document.at(head(seam.right)), "and goes on here")
}
