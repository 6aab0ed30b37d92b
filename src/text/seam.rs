//! Seams: where a sentence goes on after a gap, and what stands in the gap.
//!
//! Two paragraphs belong together where the first one is open, a sentence began in it and no mark ends it, and the second
//! one begins with a small letter. One side alone proves nothing: headings, captions and lists are open, and names
//! begin with a small letter.

use super::pages::PageBreak;
use super::role::Role;
use super::statement::Statement;
use super::unit::{self, Kind, Unit};
use super::{Text, language, prefix};

/// What stands between the halves of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Nothing but line ends.
    Nothing,
    /// The edge of a page.
    Page,
    /// Lines that are no part of the text.
    Furniture {
        /// Whether each of them is known for what it is.
        known: bool,
    },
}

/// Where a sentence goes on after a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seam {
    /// The line that the first half ends in, 0-based.
    pub left: usize,
    /// The line that the second half begins in.
    pub right: usize,
    /// What stands between.
    pub between: Between,
    /// Whether both sides are prose beyond doubt.
    pub firm: bool,
    /// Whether the halves are lines of one wrapped paragraph, not two paragraphs of one line each.
    pub wrapped: bool,
}

/// A half of a paragraph has at least so many words.
const HALF: usize = 12;
/// The second half may be shorter: the end of a sentence.
const REST: usize = 4;
/// A half has at least so many bytes; a line of verse has less.
const LONG: usize = 90;
/// Lines that follow one another without a blank one are two paragraphs from this length on, in bytes.
const PARAGRAPH: usize = 200;
/// Furniture in a sentence has at most so many units.
const UNITS: usize = 9;
/// Where more than one paragraph in so many begins with a small letter, that is how the text is written.
const HABIT: usize = 4;

/// The seams of a text, in order.
pub fn seams(text: &Text<'_>) -> Vec<Seam> {
    let statement = text.statement();
    let breaks = text.page_breaks();
    let mut seams: Vec<Seam> = breaks.iter().filter_map(|one| across(text, one)).collect();
    if !is_habit(statement) {
        seams.extend(between(text, statement, breaks));
    }
    seams.sort_unstable_by_key(|seam| seam.left);
    seams
}

/// The seam at the edge of a page.
fn across(text: &Text<'_>, one: &PageBreak) -> Option<Seam> {
    let blank = |line: &usize| text.lines[*line].is_blank();
    let left = (0..one.first).rev().find(|line| !blank(line))?;
    let right = (one.last + 1..text.lines.len()).find(|line| !blank(line))?;
    super::pages::goes_on(text, one.first, one.last).then_some(Seam {
        left,
        right,
        between: Between::Page,
        firm: true,
        wrapped: text.lines[left].text.len() < PARAGRAPH,
    })
}

/// Whether paragraphs of this text often begin with a small letter.
fn is_habit(statement: &Statement<'_>) -> bool {
    let prose = || statement.units.iter().filter(|unit| unit.kind == Kind::Prose);
    let low = prose().filter(|unit| unit.text.starts_with(char::is_lowercase)).count();
    low > 2 && low * HABIT > prose().count()
}

/// The seams between paragraphs.
fn between<'a>(text: &'a Text<'_>, statement: &'a Statement<'_>, breaks: &'a [PageBreak]) -> Vec<Seam> {
    let units = &statement.units;
    let mut seams: Vec<(usize, Seam)> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        if !unit.text.starts_with(char::is_lowercase) {
            continue;
        }
        let left = (at.saturating_sub(UNITS + 1)..at).rfind(|&left| is_half(text, &units[left]));
        let seam = left.and_then(|left| seam(text, statement, left, at));
        seams.extend(seam.filter(|seam| !on_page_edge(breaks, seam)).map(|seam| (at, seam)));
    }
    let listed = listed(&seams);
    let alone = seams.iter().filter(|(at, _)| !listed.contains(at));
    alone.map(|(_, seam)| *seam).collect()
}

/// The seams that follow one another from paragraph to paragraph: items of a list without marks.
fn listed(seams: &[(usize, Seam)]) -> Vec<usize> {
    let near = |pair: &&[(usize, Seam)]| pair[1].0 == pair[0].0 + 1;
    seams
        .windows(2)
        .filter(near)
        .flat_map(|pair| [pair[0].0, pair[1].0])
        .collect()
}

fn on_page_edge(breaks: &[PageBreak], seam: &Seam) -> bool {
    let next = breaks.partition_point(|one| one.last < seam.left);
    breaks.get(next).is_some_and(|one| one.first <= seam.right)
}

/// Whether a unit can be the first half of a paragraph.
fn is_half(text: &Text<'_>, unit: &Unit<'_>) -> bool {
    let long = unit.words >= HALF && unit.text.len() >= LONG;
    long && matches!(unit.kind, Kind::Prose | Kind::Fragment) && is_open(unit.text) && is_full(text, unit)
}

/// Whether a text ends as no sentence does: with a letter, a figure, a comma or a hyphen.
fn is_open(text: &str) -> bool {
    let end = text.trim_end().chars().next_back();
    end.is_some_and(|last| last.is_alphanumeric() || last == ',' || is_hyphen(last)) && !unit::is_title_case(text)
}

/// Whether a character may cut a word at the end of a line.
pub fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '‐' | '\u{ad}' | '¬' | '⸗')
}

/// Whether the last line of a wrapped paragraph is as long as the others: it was not the last one.
fn is_full(text: &Text<'_>, unit: &Unit<'_>) -> bool {
    let lines = &text.lines[unit.first..unit.end];
    let longest = lines.iter().map(|line| line.text.len()).max().unwrap_or(0);
    lines.last().is_some_and(|last| last.text.len() * 4 >= longest * 3)
}

fn seam(text: &Text<'_>, statement: &Statement<'_>, left: usize, right: usize) -> Option<Seam> {
    let (first, second) = (&statement.units[left], &statement.units[right]);
    let rest = second.words >= REST && matches!(second.kind, Kind::Prose | Kind::Fragment | Kind::Short);
    let same = indent(text, first.end - 1) == indent(text, second.first);
    let between = what(text, statement, left, right)?;
    let firm = first.kind == Kind::Prose && (second.kind == Kind::Prose || unit::ends_sentence(second.text));
    let proven = firm && is_likely(first.text, between) && is_parted(text, first, second);
    (rest && same && proven).then_some(Seam {
        left: first.end - 1,
        right: second.first,
        between,
        firm: firm && (second.first > first.end || breaks_off(first.text)),
        wrapped: second.end - second.first > 1 || first.end - first.first > 1,
    })
}

/// Whether a first half is open enough for what stands after it: a comma ends the items of a list, and where not all that stands
/// between is known, the last word has to say that more was to come.
fn is_likely(first: &str, between: Between) -> bool {
    match between {
        Between::Nothing => !first.ends_with(','),
        Between::Furniture { known: false } => breaks_off(first) || first.ends_with(','),
        Between::Page | Between::Furniture { known: true } => true,
    }
}

/// Whether a text ends inside a word, or with a word that ends no sentence.
fn breaks_off(text: &str) -> bool {
    let word = text.split_whitespace().next_back().unwrap_or_default();
    word.ends_with(is_hyphen) || language::cannot_end(word)
}

/// Whether two units are two paragraphs: a blank line between them, or lines that are too long to be wrapped.
fn is_parted(text: &Text<'_>, first: &Unit<'_>, second: &Unit<'_>) -> bool {
    let gap = second.first > first.end;
    gap || text.lines[first.end - 1].text.len() >= PARAGRAPH
}

fn indent(text: &Text<'_>, line: usize) -> usize {
    let line = text.lines[line].text;
    line.len() - line.trim_start().len()
}

/// What stands between two units, where it is no part of the text.
fn what(text: &Text<'_>, statement: &Statement<'_>, left: usize, right: usize) -> Option<Between> {
    let units = &statement.units[left + 1..right];
    if units.is_empty() {
        return Some(Between::Nothing);
    }
    if units.len() > UNITS {
        return None;
    }
    let known = units.iter().filter(|unit| is_known(text, statement, unit)).count();
    let own = units
        .iter()
        .any(|unit| is_text(unit) && !is_known(text, statement, unit));
    if own {
        return None;
    }
    (known > 0).then_some(Between::Furniture {
        known: known == units.len(),
    })
}

/// Whether a unit can be a part of the text: a paragraph, verse, a formula, an item.
fn is_text(unit: &Unit<'_>) -> bool {
    matches!(unit.kind, Kind::Prose | Kind::Verse | Kind::Item | Kind::Code)
}

/// Whether a unit is known to be none: it repeats the front matter, is a date, an address, a number, or a known label.
fn is_known(text: &Text<'_>, statement: &Statement<'_>, unit: &Unit<'_>) -> bool {
    repeats_front(statement, unit)
        || is_date(statement, unit)
        || is_address(unit)
        || unit
            .text
            .trim_matches(|sign: char| !sign.is_alphanumeric())
            .bytes()
            .all(|byte| byte.is_ascii_digit())
        || text.phrases.is_label(text.lines[unit.first].text, statement.language)
}

/// Front matter has at most so many units.
const FRONT: usize = 12;

fn repeats_front(statement: &Statement<'_>, unit: &Unit<'_>) -> bool {
    let front = statement.units.iter().take(FRONT);
    let mut labels = front.take_while(|one| one.span.start() < unit.span.start() && one.kind != Kind::Prose);
    unit.words < 40 && labels.any(|one| bare(one.text).eq(bare(unit.text)))
}

/// The letters and figures of a text, in lower case.
fn bare(text: &str) -> impl Iterator<Item = char> {
    let plain = prefix(text, 400)
        .chars()
        .filter(|character| character.is_alphanumeric());
    plain.flat_map(char::to_lowercase)
}

/// Whether a unit is little more than a date: of its publication, or of its retrieval.
fn is_date(statement: &Statement<'_>, unit: &Unit<'_>) -> bool {
    let from = statement.dates.partition_point(|date| date.line < unit.first);
    let dates = statement.dates[from..].iter().take_while(|date| date.line < unit.end);
    let mut dates = dates.map(|date| (date.role, date.span.len()));
    dates.any(|(role, length)| {
        matches!(role, Role::Stamp | Role::Retrieved) && (length * 2 > unit.text.len() || unit.words <= 16)
    })
}

fn is_address(unit: &Unit<'_>) -> bool {
    unit.words <= 14 && (unit.text.contains("://") || unit.text.contains("www."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    const OPEN: &str =
        "The miller kept his book by the window. In winter he wrote in it what the river had taken from the";
    const REST_OF: &str = "bank and what it had brought to the weir. In spring he read it to the children.";

    fn of(text: &str) -> Vec<Between> {
        let source = Source::new("a", text.replace('¶', OPEN).replace('§', REST_OF).into());
        let text = Text::new(&source).expect("text");
        seams(&text).iter().map(|seam| seam.between).collect()
    }

    #[test]
    fn a_paragraph_in_two() {
        assert_eq!(of("¶\n\n§\n"), [Between::Nothing]);
        assert_eq!(of("¶\r\n\r\n\r\n§\r\n"), [Between::Nothing]);
        assert_eq!(of("¶ same, and the\n§\n"), []);
    }

    #[test]
    fn furniture_in_a_sentence() {
        let text = "The mill\n\nJane Roe\n\n1 May 2001\n\n§ There.\n\n¶\n\nJane Roe\nThe mill\n1 May 2001\n\nhttps://example.org/\n\n§\n";
        assert_eq!(of(text), [Between::Furniture { known: true }]);
        assert_eq!(of("¶\n\n12\n\n§\n"), [Between::Furniture { known: true }]);
        assert_eq!(of("¶\n\nE = mc2\n\n§\n"), []);
    }

    #[test]
    fn one_side_is_no_proof() {
        assert_eq!(of("¶\n\nThe bank\n\n§\n"), []);
        assert_eq!(of("¶ end.\n\n§\n"), []);
        assert_eq!(of("A heading of the chapter on mills\n\n§\n"), []);
    }

    #[test]
    fn lists_are_no_seams() {
        assert_eq!(
            of(
                "¶\n\nwhat the river had taken and what it had brought to the weir. In spring it all went back to the\n\n§\n"
            ),
            []
        );
    }
}
