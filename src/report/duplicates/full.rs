//! Group by group, for people: how much stands how often, where, how it begins, and what differs.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::Comparison;
use super::card::{Card, Cards, Member, SHOWN};
use super::summary::{self, places};
use crate::diff::Change;
use crate::report::{Style, count_of, printable};
use crate::similarity::Kind;

/// An excerpt has so many lines of the screen.
const EXCERPT_LINES: usize = 3;
/// So many lines of the screen tell of what differs.
const CHANGE_LINES: usize = 4;
/// A side of a change is cut to so many columns.
const SIDE: usize = 36;
/// How far an excerpt is indented.
const INDENT: usize = 4;

/// What a piece of text is, and so its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// A line above others.
    Title,
    /// A path.
    Path,
    /// What matters less.
    Faint,
    /// Words that the first passage has.
    Old,
    /// Words that the other has.
    New,
}

impl Ink {
    pub(super) fn paint(self, text: &str, style: Style) -> String {
        let ink = match self {
            Self::Title => anstyle::Style::new().effects(Effects::BOLD),
            Self::Path => AnsiColor::BrightBlue.on_default(),
            Self::Faint => anstyle::Style::new().effects(Effects::DIMMED),
            Self::Old => AnsiColor::Red.on_default(),
            Self::New => AnsiColor::Green.on_default(),
        };
        if style.colour {
            format!("{ink}{text}{ink:#}")
        } else {
            text.to_owned()
        }
    }
}

/// Writes the texts that are equal, then every group, then the summary.
///
/// # Errors
/// What the writer gives.
pub fn write(comparison: &Comparison<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for texts in &comparison.found.same {
        write_same(comparison, texts, style, out)?;
    }
    let all: Vec<usize> = (0..comparison.found.groups.len()).collect();
    let cards = Cards::of(comparison, &all);
    for index in all {
        write_card(&cards.card(index), style, out)?;
    }
    if style.summary {
        summary::write(comparison, true, style, out)?;
    }
    Ok(())
}

fn write_same(comparison: &Comparison<'_>, texts: &[usize], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{} texts are equal, byte for byte", texts.len());
    writeln!(out, "{}", Ink::Title.paint(&title, style))?;
    for &text in texts.iter().take(SHOWN) {
        let name = comparison.collection.name_of(text).to_string();
        writeln!(out, "  {}", Ink::Path.paint(&printable(&name), style))?;
    }
    write_more(texts.len(), style, out)?;
    writeln!(out)
}

fn write_more(count: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match count.checked_sub(SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(out, "  {} and {more} more", dots(style)),
    }
}

fn write_card(card: &Card<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let id = Ink::Faint.paint(&format!("[{}]", card.group.id), style);
    writeln!(out, "{} {id}", Ink::Title.paint(&title(card), style))?;
    for (index, member) in card.members.iter().enumerate() {
        write_place(member, card, style, out)?;
        if index == 0 {
            write_excerpt(card, style, out)?;
        }
        write_changes(&member.changes, style, out)?;
    }
    write_more(card.group.members.len(), style, out)?;
    writeln!(out)
}

/// As in `23 words in 512 places, 91 to 100 % alike`.
fn title(card: &Card<'_>) -> String {
    let kind = match card.kind {
        _ if card.group.boilerplate => "boilerplate, ".to_owned(),
        Kind::Passage => String::new(),
        kind => format!("{}, ", kind.name()),
    };
    let alike = match card.alike.map(|(least, most)| (percent(least), percent(most))) {
        Some((least, most)) if least == most => format!(", {least} % alike"),
        Some((least, most)) => format!(", {least} to {most} % alike"),
        None => String::new(),
    };
    let words = count_of(card.group.words, "word", "words");
    format!("{kind}{words} in {}{alike}", places(card.group.members.len()))
}

/// Rounded down: what is not quite the same is not called so.
fn percent(similarity: f32) -> u32 {
    (f64::from(similarity) * 100.0 + 1e-4).floor() as u32
}

fn write_place(member: &Member<'_>, card: &Card<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let one_pair = card.group.members.len() == 2;
    let alike = match member.similarity {
        Some(similarity) if !one_pair => format!("  {} %", percent(similarity)),
        _ => String::new(),
    };
    writeln!(out, "  {}{alike}", Ink::Path.paint(&position(member), style))
}

/// As `path:line:column`; of a record as `path:record, line:column of its text`, with its name.
pub(super) fn position(member: &Member<'_>) -> String {
    let (name, line, column) = (member.name, member.line, member.column);
    let said = match (name.record, name.id) {
        (None, _) => format!("{name}:{line}:{column}"),
        (Some(_), None) => format!("{name}, {line}:{column} of its text"),
        (Some(_), Some(id)) => format!("{name} ({id}), {line}:{column} of its text"),
    };
    printable(&said).into_owned()
}

fn write_excerpt(card: &Card<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = style.width.saturating_sub(INDENT);
    let mut lines = wrapped(&plain(&card.excerpt), width.saturating_sub(2));
    if lines.len() > EXCERPT_LINES || !card.whole {
        lines.truncate(EXCERPT_LINES);
        if let Some(last) = lines.last_mut() {
            last.extend([" ", dots(style)]);
        }
    }
    lines.iter().try_for_each(|line| writeln!(out, "    {line}"))
}

/// What differs, as many to a line as it holds.
fn write_changes(changes: &[Change], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let lines = flow(changes, style);
    let mut left = changes.len();
    for (count, _, line) in lines.into_iter().take(CHANGE_LINES) {
        writeln!(out, "    {line}")?;
        left -= count;
    }
    match left {
        0 => Ok(()),
        more => writeln!(
            out,
            "    {} and {} more",
            dots(style),
            count_of(more, "change", "changes")
        ),
    }
}

/// What stands between two changes.
const GAP: &str = "   ";

/// Changes in lines: how many each holds, its columns, and what it says.
fn flow(changes: &[Change], style: Style) -> Vec<(usize, usize, String)> {
    let room = style.width.saturating_sub(INDENT);
    let mut lines: Vec<(usize, usize, String)> = Vec::new();
    for (width, drawn) in changes.iter().map(|change| draw(change, style)) {
        match lines.last_mut() {
            Some((count, used, line)) if *used + GAP.len() + width <= room => {
                *count += 1;
                *used += GAP.len() + width;
                line.extend([GAP, &drawn]);
            }
            _ => lines.push((1, width, drawn)),
        }
    }
    lines
}

/// A change, and how many columns it takes.
fn draw(change: &Change, style: Style) -> (usize, String) {
    let side = |text: &str| match text {
        "" => if style.unicode { "∅" } else { "()" }.to_owned(),
        text => cut(&plain(text), SIDE, style),
    };
    let (old, new) = (side(&change.old), side(&change.new));
    let arrow = if style.unicode { "→" } else { "->" };
    let width = old.width() + new.width() + arrow.width() + 2;
    let (old, new) = (Ink::Old.paint(&old, style), Ink::New.paint(&new, style));
    (width, format!("{old} {arrow} {new}"))
}

fn dots(style: Style) -> &'static str {
    if style.unicode { "…" } else { "..." }
}

/// Text on one line, safe to print.
pub(super) fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    printable(&words.join(" ")).into_owned()
}

/// Text cut to so many columns.
pub(super) fn cut(text: &str, columns: usize, style: Style) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(dots(style).width());
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}{}", kept.trim_end(), dots(style))
}

/// Text in lines of so many columns, broken between words where that can be.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in text.split(' ').flat_map(|word| pieces(word, columns)) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + piece.width() <= columns => line.extend([" ", piece]),
            _ => lines.push(piece.to_owned()),
        }
    }
    lines
}

/// A word in pieces that a line holds: words without spaces between them are long.
fn pieces(mut word: &str, columns: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    while word.width() > columns {
        let mut used = 0;
        let past = |(_, c): &(usize, char)| {
            used += c.width().unwrap_or(0);
            used > columns.max(2)
        };
        let end = word.char_indices().find(past).map_or(word.len(), |(at, _)| at);
        let (piece, rest) = word.split_at(end);
        pieces.push(piece);
        word = rest;
    }
    pieces.push(word);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_so_many_columns() {
        assert_eq!(wrapped("the lamps of the quay", 9), ["the lamps", "of the", "quay"]);
        assert_eq!(wrapped("a lanternlight b", 5), ["a", "lante", "rnlig", "ht b"]);
        assert_eq!(wrapped("\u{6c34}\u{6c34}\u{6c34}", 4), ["\u{6c34}\u{6c34}", "\u{6c34}"]);
    }

    #[test]
    fn nearly_the_same_is_not_the_same() {
        assert_eq!([0.7, 0.87, 0.9999, 1.0].map(percent), [70, 87, 99, 100]);
    }

    #[test]
    fn changes_flow_into_few_lines() {
        let change = Change {
            old: "red".into(),
            new: "the bright blue".into(),
        };
        let mut out = Vec::new();
        let style = Style {
            width: 60,
            ..Style::default()
        };
        write_changes(&vec![change; 12], style, &mut out).expect("written");
        let said = String::from_utf8(out).expect("UTF-8");
        let line = "    red -> the bright blue   red -> the bright blue\n";
        assert_eq!(said, format!("{}    ... and 4 changes more\n", line.repeat(4)));
    }
}
