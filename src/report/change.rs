//! What edits do to a text, word by word, with a little of what stands around them.

use anstyle::{AnsiColor, Effects, Style as Ansi};
use similar::{ChangeTag, TextDiff};

use super::{Style, printable};
use crate::diff::COMPARED;
use crate::finding::Edit;
use crate::text::unit::is_dense;

/// So many bytes are shown of what stands before and after an edit.
const AROUND: usize = 160;
/// So many characters are kept of a run that stays, on the side of a change.
const KEPT: usize = 36;
/// Of more lines than this that go or come in a run, the middle is left out.
const RUN: usize = 9;

/// Whether text stays, goes or comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Stays,
    Goes,
    Comes,
}

/// A line of both texts laid over one another.
pub(super) type Row = Vec<(Fate, String)>;

/// Draws edits of a text, which must be in order and not overlap: each line with `-`, `+` or `~` before it where it goes,
/// comes or is changed. Without colours, what goes stands in `[-…-]` and what comes in `{+…+}`. Nothing in it is obeyed by a
/// terminal.
pub fn lines(text: &[u8], edits: &[Edit], style: Style) -> Vec<String> {
    let drawn = |line: &Line| match line {
        Line::Of(row) => draw(row, style),
        Line::More(mark, count) => format!("  {mark} ({count} more lines)"),
    };
    folded(rows(pieces(text, edits))).iter().map(drawn).collect()
}

/// The same as data, for pages that draw them in their own way: the mark of each line, and its pieces, safe to print.
pub(super) fn marked(text: &[u8], edits: &[Edit]) -> Vec<(char, Row)> {
    let safe = |row: &Row| (mark(row), printed(row));
    let more = |count: usize| vec![(Fate::Stays, format!("({count} more lines)"))];
    let told = |line: &Line| match line {
        Line::Of(row) => safe(row),
        Line::More(mark, count) => (*mark, more(*count)),
    };
    folded(rows(pieces(text, edits))).iter().map(told).collect()
}

/// A line to draw, or how many are left out.
enum Line {
    Of(Row),
    More(char, usize),
}

/// Leaves out the middle of long runs of lines that go or come.
fn folded(rows: Vec<Row>) -> Vec<Line> {
    let mut lines = Vec::with_capacity(rows.len());
    let mut rest = rows.into_iter().peekable();
    while let Some(row) = rest.next() {
        let mark = mark(&row);
        let mut run = vec![row];
        while mark != '~' && rest.peek().is_some_and(|row| self::mark(row) == mark) {
            run.extend(rest.next());
        }
        let left = if run.len() > RUN { run.len() - RUN / 2 * 2 } else { 0 };
        let last = run.split_off(if left > 0 { RUN / 2 + left } else { run.len() });
        run.truncate(run.len() - left);
        lines.extend(run.into_iter().map(Line::Of));
        lines.extend((left > 0).then_some(Line::More(mark, left)));
        lines.extend(last.into_iter().map(Line::Of));
    }
    lines
}

/// The pieces of a line, safe to print, without what is far from the changes.
fn printed(row: &Row) -> Row {
    let last = row.len().saturating_sub(1);
    let safe = |(number, (fate, text)): (usize, &(Fate, String))| match fate {
        Fate::Stays => (
            *fate,
            printable(&shortened(text, number == 0, number == last)).into_owned(),
        ),
        fate => (*fate, visible(text, true)),
    };
    row.iter().enumerate().map(safe).collect()
}

/// What stays, goes and comes, in the order of the text.
fn pieces(text: &[u8], edits: &[Edit]) -> Vec<(Fate, String)> {
    let (Some(first), Some(last)) = (edits.first(), edits.last()) else {
        return Vec::new();
    };
    let mut pieces = vec![(Fate::Stays, before(text, first.start))];
    let mut done = first.start;
    for edit in edits {
        let gap = between(text, done, edit.start);
        pieces.push((Fate::Stays, gap));
        pieces.extend(replaced(&slice(text, edit.start, edit.end), &edit.replacement));
        done = edit.end;
    }
    pieces.push((Fate::Stays, after(text, last.end)));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

fn slice(text: &[u8], start: usize, end: usize) -> String {
    let bytes = text.get(start.min(text.len())..end.min(text.len()));
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

/// What stands before a place, from the last line on that is not blank.
fn before(text: &[u8], at: usize) -> String {
    let near = slice(text, boundary(text, at.saturating_sub(AROUND)), at);
    let line = near.rfind('\n').unwrap_or(0);
    let above = near[..line].trim_end();
    let start = above.rfind('\n').map_or(0, |feed| feed + 1);
    near[start..].to_owned()
}

/// What stands behind a place, up to the first line that is not blank.
fn after(text: &[u8], at: usize) -> String {
    let near = slice(text, at, boundary(text, at.saturating_add(AROUND)));
    let line = near.find('\n').unwrap_or(near.len());
    let blank = near[line..].len() - near[line..].trim_start().len();
    let end = near[line + blank..].find('\n');
    end.map_or(near.as_str(), |end| &near[..line + blank + end]).to_owned()
}

fn between(text: &[u8], start: usize, end: usize) -> String {
    if end.saturating_sub(start) <= 2 * AROUND {
        return slice(text, start, end);
    }
    let head = slice(text, start, boundary(text, start + AROUND));
    let tail = slice(text, boundary(text, end - AROUND), end);
    format!("{head}…\n…{tail}")
}

/// The first byte from there on that begins a character.
fn boundary(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let inside = rest.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    (at + inside).min(text.len())
}

/// What goes and what comes in its place, word by word where both are short.
fn replaced(old: &str, new: &str) -> Vec<(Fate, String)> {
    if old.is_empty() || new.is_empty() || old.len().max(new.len()) > COMPARED {
        return vec![(Fate::Goes, old.to_owned()), (Fate::Comes, new.to_owned())];
    }
    let dense = old.contains(is_dense) && new.contains(is_dense);
    let diff = match dense {
        true => TextDiff::from_chars(old, new),
        false => TextDiff::from_words(old, new),
    };
    let mut pieces: Vec<(Fate, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        let fate = match change.tag() {
            ChangeTag::Equal => Fate::Stays,
            ChangeTag::Delete => Fate::Goes,
            ChangeTag::Insert => Fate::Comes,
        };
        match pieces.last_mut() {
            Some((last, text)) if *last == fate => text.push_str(change.value()),
            _ => pieces.push((fate, change.value().to_owned())),
        }
    }
    pieces
}

/// Cuts pieces into lines. A line end that goes or comes is seen as one.
fn rows(pieces: Vec<(Fate, String)>) -> Vec<Row> {
    let mut rows = vec![Row::new()];
    for (fate, piece) in pieces {
        for part in piece.split_inclusive('\n') {
            let plain = part.strip_suffix('\n');
            let shown = match fate {
                Fate::Stays => plain.map_or(part, |line| line.strip_suffix('\r').unwrap_or(line)),
                _ => part,
            };
            if let Some(row) = rows.last_mut()
                && !shown.is_empty()
            {
                row.push((fate, shown.to_owned()));
            }
            if plain.is_some() {
                rows.push(Row::new());
            }
        }
    }
    if rows.last().is_some_and(Vec::is_empty) {
        rows.pop();
    }
    rows
}

fn mark(row: &Row) -> char {
    let all = |fate: Fate| !row.is_empty() && row.iter().all(|(own, _)| *own == fate);
    match () {
        () if all(Fate::Goes) => '-',
        () if all(Fate::Comes) => '+',
        () if row.iter().all(|(fate, _)| *fate == Fate::Stays) => ' ',
        () => '~',
    }
}

fn draw(row: &Row, style: Style) -> String {
    let mark = mark(row);
    let last = row.len().saturating_sub(1);
    let parts = row.iter().enumerate().map(|(number, (fate, text))| match fate {
        Fate::Stays => printable(&shortened(text, number == 0, number == last)).into_owned(),
        fate => changed(*fate, text, mark, style),
    });
    format!("  {mark} {}", parts.collect::<String>()).trim_end().to_owned()
}

/// A run that stays, without what is far from the changes beside it.
fn shortened(text: &str, first: bool, last: bool) -> String {
    let characters: Vec<char> = text.chars().collect();
    let (head, tail) = match (first, last) {
        (true, true) => (2 * KEPT, 0),
        (true, false) => (0, KEPT),
        (false, true) => (KEPT, 0),
        (false, false) => (KEPT, KEPT),
    };
    if characters.len() <= head + tail + 1 {
        return text.to_owned();
    }
    let (head, tail) = (&characters[..head], &characters[characters.len() - tail..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

fn changed(fate: Fate, text: &str, mark: char, style: Style) -> String {
    let text = visible(text, style.unicode);
    let (colour, open, close) = match fate {
        Fate::Goes => (AnsiColor::Red, "[-", "-]"),
        _ => (AnsiColor::Green, "{+", "+}"),
    };
    if style.colour {
        let struck = if fate == Fate::Goes {
            Effects::STRIKETHROUGH
        } else {
            Effects::BOLD
        };
        let ansi: Ansi = colour.on_default().effects(struck);
        return format!("{ansi}{text}{ansi:#}");
    }
    match mark {
        '~' => format!("{open}{text}{close}"),
        _ => text,
    }
}

/// Text with a sign for each line end, for each space where there is nothing else to be seen, and for each other white space.
fn visible(text: &str, unicode: bool) -> String {
    let (feed, space) = if unicode { ("⏎", "·") } else { ("\\n", "_") };
    let end = text.trim_end().len();
    let marked = |at: usize| end == 0 || (at >= end && text.ends_with('\n'));
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\n' => shown.push_str(feed),
            ' ' if marked(at) => shown.push_str(space),
            c if c != ' ' && c.is_whitespace() => shown.extend(c.escape_default()),
            c => shown.push_str(&printable(c.encode_utf8(&mut [0; 4]))),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(start: usize, end: usize, replacement: &str) -> Edit {
        Edit {
            path: "a.txt".to_owned(),
            start,
            end,
            replacement: replacement.to_owned(),
        }
    }

    fn shown(text: &str, edits: &[Edit]) -> String {
        lines(text.as_bytes(), edits, Style::default()).join("\n")
    }

    #[test]
    fn lines_that_go_are_marked_as_such() {
        let text = "The quay.\n\nAdvertisement\n\nThe lamps.\nThe end.\n";
        assert_eq!(
            shown(text, &[edit(11, 26, "")]),
            "    The quay.\n   \n  - Advertisement\\n\n  - \\n\n    The lamps.\n    The end.".replace("   \n", "\n")
        );
    }

    #[test]
    fn words_are_compared_within_a_line() {
        let text = "One.\nThe blue lamps of the quay.\nThree.\n";
        assert_eq!(
            shown(text, &[edit(5, 32, "The red lamps of the old quay.")]),
            "    One.\n  ~ The [-blue-]{+red+} lamps of the {+old +}quay.\n    Three."
        );
        assert_eq!(shown("a\u{a0}b", &[edit(1, 3, " ")]), "  ~ a[-\\u{a0}-]{+_+}b");
        assert_eq!(shown("a  \nb\n", &[edit(1, 4, " ")]), "  ~ a[-__\\n-]\n  ~ {+_+}b");
    }

    #[test]
    fn long_runs_are_cut() {
        let text = format!("{}X{}", "far ".repeat(100), " off".repeat(100));
        let said = shown(&text, &[edit(400, 401, "Y")]);
        assert!(
            said.starts_with("  ~ …") && said.ends_with('…') && said.len() < 120,
            "{said}"
        );
        let text = "gone\n".repeat(100);
        let said = shown(&text, &[edit(0, 500, "")]);
        assert!(
            said.contains("  - (92 more lines)\n") && said.lines().count() == 9,
            "{said}"
        );
        let text = format!("a{}b", "x".repeat(1000));
        assert_eq!(shown(&text, &[edit(0, 1, ""), edit(1001, 1002, "")]).lines().count(), 2);
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_obeyed(text: Vec<u8>, start in 0..40_usize, length in 0..40_usize, new: String) {
            let start = start.min(text.len());
            let end = (start + length).min(text.len());
            for line in lines(&text, &[edit(start, end, &new)], Style::default()) {
                prop_assert_eq!(printable(&line), line.as_str());
            }
        }
    }
}
