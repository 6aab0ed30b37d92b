//! Text in columns of a screen. Sequences that set colours take no room, whatever else there is has been made printable.

use unicode_width::UnicodeWidthChar as _;

/// A character with the colours that are set right before it.
struct Cell {
    colours: String,
    character: char,
}

impl Cell {
    fn width(&self) -> usize {
        self.character.width().unwrap_or(0)
    }
}

/// The characters of a line, and the colours that are set behind the last.
fn cells(line: &str) -> Vec<Cell> {
    let (mut cells, mut colours) = (Vec::new(), String::new());
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        if character != '\u{1b}' {
            let colours = std::mem::take(&mut colours);
            cells.push(Cell { colours, character });
            continue;
        }
        colours.push(character);
        for c in rest.by_ref() {
            colours.push(c);
            if c.is_ascii_alphabetic() {
                break;
            }
        }
    }
    cells
}

/// How many columns a line takes.
pub(super) fn width(line: &str) -> usize {
    cells(line).iter().map(Cell::width).sum()
}

/// As much of a line as so many columns hold.
pub(super) fn clip(line: &str, columns: usize) -> String {
    wrap(line, columns, 0).into_iter().next().unwrap_or_default()
}

/// A line as several, cut between words where that can be; all but the first are indented.
pub(super) fn wrap(line: &str, columns: usize, indent: usize) -> Vec<String> {
    let cells = cells(line);
    let indent = indent.min(columns / 2);
    let (mut lines, mut active, mut start) = (Vec::new(), String::new(), 0);
    loop {
        let margin = if lines.is_empty() { 0 } else { indent };
        let end = cut(&cells, start, columns - margin);
        lines.push(joined(&cells[start..end], margin, &mut active));
        start = end;
        for cell in cells[end..].iter().take_while(|cell| cell.character == ' ') {
            set(&mut active, &cell.colours);
            start += 1;
        }
        if start >= cells.len() {
            return lines;
        }
    }
}

/// Where a line ends that begins at a cell: behind the last word that has room.
fn cut(cells: &[Cell], start: usize, columns: usize) -> usize {
    let (mut room, mut space) = (columns, None);
    for (at, cell) in cells.iter().enumerate().skip(start) {
        let Some(left) = room.checked_sub(cell.width()) else {
            return space.unwrap_or(at.max(start + 1));
        };
        let inside = cells[start..at].iter().any(|cell| cell.character != ' ');
        if cell.character == ' ' && inside {
            space = Some(at);
        }
        room = left;
    }
    cells.len()
}

/// Cells as a line that begins with the colours of the one before, and leaves none behind.
fn joined(cells: &[Cell], margin: usize, active: &mut String) -> String {
    let mut line = " ".repeat(margin) + active;
    for cell in cells {
        line.push_str(&cell.colours);
        set(active, &cell.colours);
        line.push(cell.character);
    }
    if line.contains('\u{1b}') {
        line.push_str("\u{1b}[0m");
    }
    line
}

/// Sets colours beside those that are set, unless all are taken away first.
fn set(active: &mut String, colours: &str) {
    match colours.rsplit_once("\u{1b}[0m") {
        Some((_, colours)) => colours.clone_into(active),
        None => active.push_str(colours),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(
            wrap("the lamps of the quay", 10, 2),
            ["the lamps", "  of the", "  quay"]
        );
        assert_eq!(wrap("abcdefghij", 4, 0), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4, 0), [""]);
        assert_eq!(wrap("  indented text", 8, 0), ["  indent", "ed text"]);
        assert_eq!(wrap("灯塔灯塔", 5, 0), ["灯塔", "灯塔"]);
        assert_eq!(clip("灯塔", 3), "灯");
    }

    #[test]
    fn colours_go_on_in_the_next_line() {
        let red = "\u{1b}[31mred words\u{1b}[0m end";
        assert_eq!(width(red), 13);
        assert_eq!(
            wrap(red, 5, 0),
            ["\u{1b}[31mred\u{1b}[0m", "\u{1b}[31mwords\u{1b}[0m", "end"]
        );
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide(text in "[a 灯é]{0,60}", columns in 4..20_usize, indent in 0..10_usize) {
            for line in wrap(&text, columns, indent) {
                prop_assert!(width(&line) <= columns, "{line:?}");
            }
        }
    }
}
