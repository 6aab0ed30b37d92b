//! What several checks ask of a text: its lines and its blocks, found once.

pub mod acronyms;
pub mod articles;
pub mod beyond_ascii;
pub mod calendar;
pub mod control;
mod date_evidence;
pub mod dates;
pub mod ending;
pub mod entity;
pub mod glue;
pub mod hyphen;
pub mod inspect;
pub mod language;
mod letter;
pub mod line_score;
pub mod marks;
mod mask;
pub mod mojibake;
mod names;
pub mod needles;
pub mod neighbours;
pub mod page_stamp;
pub mod pages;
pub mod phrases;
pub mod published;
pub mod quotation;
pub mod recency;
pub mod recurrence;
pub mod role;
pub mod seam;
pub mod sentence;
mod signs;
pub mod skeleton;
pub mod spellings;
pub mod statement;
pub mod unit;
pub mod vocabulary;
pub mod word;

use std::sync::OnceLock;

use jiff::civil::Weekday;

use crate::date::PartialDate;
use crate::source::{Source, Span};
use line_score::LineScores;
use page_stamp::{Doubt, PageStamp};
use phrases::Phrases;
use published::Standing;
use statement::Statement;

/// A text of more lines than this is no prose; it is not cut into lines, since they would need many times its memory.
pub const MOST_LINES: usize = 1 << 24;

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
    hyphen_breaks: OnceLock<Vec<hyphen::HyphenBreak>>,
    page_breaks: OnceLock<Vec<pages::PageBreak>>,
    seams: OnceLock<Vec<seam::Seam>>,
    glue: OnceLock<glue::Glue>,
    statement: OnceLock<Statement<'a>>,
    vocabulary: OnceLock<vocabulary::Vocabulary>,
    spellings: OnceLock<spellings::Names>,
    balance: OnceLock<quotation::Balance>,
    mojibake: OnceLock<mojibake::Mojibake>,
    /// The labels of pages that its lines are compared with.
    pub phrases: &'a Phrases,
    line_scores: OnceLock<LineScores>,
}

impl<'a> Text<'a> {
    /// Cuts a source, where it is UTF-8 and has at most [`MOST_LINES`] lines.
    pub fn new(source: &'a Source) -> Option<Self> {
        Self::with_phrases(source, Phrases::builtin())
    }

    /// As [`Text::new`], with other lists of labels.
    pub fn with_phrases(source: &'a Source, phrases: &'a Phrases) -> Option<Self> {
        let text = source.text().filter(|_| source.line_count() <= MOST_LINES)?;
        let lines = lines(source, text);
        let blocks = blocks(source, text, &lines);
        Some(Self {
            source,
            text,
            lines,
            blocks,
            hyphen_breaks: OnceLock::new(),
            page_breaks: OnceLock::new(),
            seams: OnceLock::new(),
            glue: OnceLock::new(),
            statement: OnceLock::new(),
            vocabulary: OnceLock::new(),
            spellings: OnceLock::new(),
            balance: OnceLock::new(),
            mojibake: OnceLock::new(),
            phrases,
            line_scores: OnceLock::new(),
        })
    }

    /// Words and sentences that stand together without a space, found once.
    pub fn glue(&self) -> &glue::Glue {
        self.glue.get_or_init(|| glue::Glue::of(self))
    }

    /// What it says of itself, found once.
    pub fn statement(&self) -> &Statement<'a> {
        self.statement.get_or_init(|| Statement::of(self))
    }

    /// The words that a hyphen cuts at the end of a line, found once.
    pub fn hyphen_breaks(&self) -> &[hyphen::HyphenBreak] {
        self.hyphen_breaks.get_or_init(|| hyphen::hyphen_breaks(self))
    }

    /// Where one page ends and the next begins, found once.
    pub fn page_breaks(&self) -> &[pages::PageBreak] {
        self.page_breaks.get_or_init(|| pages::page_breaks(self))
    }

    /// Where a sentence goes on after a gap, found once.
    pub fn seams(&self) -> &[seam::Seam] {
        self.seams.get_or_init(|| seam::seams(self))
    }

    /// Whether a line, 0-based, stands between the halves of a sentence: what is wrong there is one matter.
    pub fn is_inside_sentence(&self, line: usize) -> bool {
        let seams = self.seams();
        let before = seams.partition_point(|seam| seam.left < line);
        before.checked_sub(1).is_some_and(|last| line < seams[last].right)
    }

    /// Its words with a capital, and those that stand twice in a row, found once.
    pub fn vocabulary(&self) -> &vocabulary::Vocabulary {
        self.vocabulary.get_or_init(|| vocabulary::Vocabulary::of(self.text))
    }

    /// Its names by their spelling, found once.
    pub fn spellings(&self) -> &spellings::Names {
        self.spellings
            .get_or_init(|| spellings::Names::of(self.text, self.vocabulary()))
    }

    /// What the unit looks like that a byte stands in.
    pub fn kind_at(&self, byte: usize) -> Option<unit::Kind> {
        let units = &self.statement().units;
        let after = units.partition_point(|unit| unit.span.start() <= byte);
        after.checked_sub(1).map(|unit| units[unit].kind)
    }

    /// The quotation marks and brackets that are opened and not closed, found once.
    pub fn balance(&self) -> &quotation::Balance {
        self.balance.get_or_init(|| quotation::balance(&self.statement().units))
    }

    /// What was UTF-8 and was read as something else, found once.
    pub fn mojibake(&self) -> &mojibake::Mojibake {
        self.mojibake.get_or_init(|| mojibake::mojibake(self.source, self.text))
    }

    /// How much each of its units looks like a part of the page, found once.
    pub fn line_scores(&self) -> &LineScores {
        self.line_scores.get_or_init(|| LineScores::of(self))
    }

    /// The lines of a block.
    pub fn lines_of(&self, block: &Block<'_>) -> &[Line<'a>] {
        &self.lines[block.first..block.end]
    }
}

/// What a text says of itself, kept after its bytes are gone: what checks across texts work on.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Whether the last line ends with a line end.
    pub final_newline: bool,
    /// What it is called, of at most 200 bytes, and where it says so.
    pub title: Option<(String, Span)>,
    /// When it was published, as it says, and where it says so.
    pub published: Option<(PartialDate, Span)>,
    /// A date line at its edge that may be that of the page.
    pub stamp: Option<Stamp>,
    /// Hashes of the names that it mentions most, sorted.
    pub names: Vec<u32>,
    /// How it spells its names.
    pub marks: marks::Marks,
    /// How long it is.
    pub length: Length,
    /// Where it may break off.
    pub cuts: Vec<ending::Cut>,
    /// Its bytes.
    pub bytes: usize,
    /// Lines that may be of the template of a source, where a check asks for them.
    pub candidates: Vec<recurrence::Candidate>,
    /// The smallest hashes of its paragraphs, sorted: copies of one page share most of them.
    pub sketch: Vec<u64>,
}

/// How long a text is, and whether it ends as a sentence does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Length {
    /// Characters, without the space around the text.
    pub characters: u32,
    /// Words, separated by spaces.
    pub words: u32,
    /// Whether there is an end mark at its end.
    pub ended: bool,
}

impl Length {
    fn of(text: &str) -> Self {
        let text = text.trim();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            characters: count(text.chars().count()),
            words: count(spaces(text.as_bytes()) + usize::from(!text.is_empty())),
            ended: text.is_empty() || unit::ends_sentence(text),
        }
    }
}

/// How many runs of ASCII space there are.
fn spaces(bytes: &[u8]) -> usize {
    mask::count_pairs(bytes, |one, next| (one <= b' ') & (next > b' '))
}

/// A date line at the edge of a text, and what in the text contradicts it.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The date.
    pub date: PartialDate,
    /// Where it stands, with its repetitions.
    pub span: Span,
    /// How sure it is that it is not the date of the text.
    pub doubt: Doubt,
    /// The first phrases of somebody who writes near the event, each with the weekday that it names.
    pub near: Vec<(Span, Option<Weekday>)>,
    /// The latest year that the body names, and where.
    pub latest: Option<(i16, Span)>,
}

impl Features {
    /// Of one text.
    pub fn of(text: &Text<'_>) -> Self {
        let statement = text.statement();
        let firm = statement
            .published
            .filter(|published| published.standing != Standing::Far);
        Self {
            final_newline: text.lines.last().is_none_or(|line| line.end != LineEnd::None),
            title: statement
                .title
                .map(|title| (prefix(title.text, 200).to_owned(), title.span)),
            published: firm.map(|published| (published.date, published.span)),
            stamp: statement.page_stamp.as_ref().map(Stamp::of),
            names: names::names(text),
            marks: marks::Marks::of(text),
            length: Length::of(text.text),
            cuts: ending::Cut::all(text),
            bytes: text.text.len(),
            candidates: recurrence::candidates(text),
            sketch: recurrence::sketch(text),
        }
    }
}

/// So many phrases of somebody who writes near the event are shown.
const NEAR: usize = 4;

impl Stamp {
    fn of(stamp: &PageStamp) -> Self {
        let recency = &stamp.recency;
        Self {
            date: stamp.date.mention.date,
            span: stamp.date.span.to(stamp.last.span),
            doubt: stamp.doubt(),
            near: recency.near.iter().take(NEAR).copied().collect(),
            latest: recency.anchored.or(recency.latest),
        }
    }
}

/// Whether a word is the name of a month or a weekday.
fn is_calendar(word: &str) -> bool {
    calendar::month(word).is_some() || calendar::weekday(word).is_some()
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
    // Room for all at once: a list that grows is in memory twice while it is moved.
    let mut lines = Vec::with_capacity(source.line_count());
    lines.extend(text.split_inclusive('\n').enumerate().map(line));
    lines
}

fn blocks<'a>(source: &Source, text: &'a str, lines: &[Line<'a>]) -> Vec<Block<'a>> {
    let mut blocks = Vec::with_capacity(lines.len() / 2 + 1);
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
