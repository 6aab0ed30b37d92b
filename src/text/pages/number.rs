//! The number of a page, where a line has one at its edge: alone, with a running head, or in brackets.

use super::line_mask::{self, Mask};

/// A line of a page's edge has at most so many bytes.
pub(super) const LONGEST: usize = 160;

/// A line with a number at its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    /// The number.
    pub(super) number: u32,
    /// The line without it.
    pub(super) mask: Mask,
    /// Whether nothing else stands in the line.
    pub(super) alone: bool,
    /// Whether the line is set as only a page's edge is: the number at the far side, in dashes, or named as a page.
    pub(super) set: bool,
}

/// What the word for a page is, before a number.
const PAGE_WORDS: [&str; 12] = [
    "page", "pg.", "pg", "p.", "seite", "s.", "pagina", "página", "pág.", "strona", "стр.", "blz.",
];

/// So many spaces part the sides of a running head.
const APART: usize = 3;
/// A number that stands alone is at the far side of a line from this column on.
const FAR: usize = 55;

/// The number of a line, at its end or at its beginning.
pub(super) fn numbered(line: &str) -> Option<Numbered> {
    let inner = trimmed(line);
    let edges = inner.as_bytes();
    let near = |edge: &[u8]| edge.iter().any(u8::is_ascii_digit);
    if inner.len() > LONGEST || !(near(&edges[edges.len().saturating_sub(4)..]) || near(&edges[..edges.len().min(12)]))
    {
        return None;
    }
    at_end(line, inner).or_else(|| at_start(inner))
}

fn trimmed(line: &str) -> &str {
    line.trim_matches(|character: char| character.is_whitespace() || character == '\u{c}')
}

fn is_frame(character: char) -> bool {
    matches!(
        character,
        '-' | '–' | '—' | '[' | ']' | '(' | ')' | '~' | '*' | '|' | '·' | '•' | '.' | '<' | '>'
    ) || character.is_whitespace()
}

fn at_end(line: &str, inner: &str) -> Option<Numbered> {
    let bare = inner.trim_end_matches(is_frame);
    let rest = bare.trim_end_matches(|character: char| character.is_ascii_digit());
    let number = value(&bare[rest.len()..])?;
    let framed = bare.len() < inner.len();
    let head = rest.trim_end_matches(is_frame);
    if head.is_empty() {
        return Some(alone(line, inner, number));
    }
    let (named, head) = without_page_word(head);
    let before = &rest[head.len().min(rest.len())..];
    let parted = named || before.ends_with(|character: char| character.is_whitespace() || "[—–|".contains(character));
    if !parted || (framed && !named && !inner.ends_with(['|', ']', '—', '–', '-'])) {
        return None;
    }
    Some(Numbered {
        number,
        mask: line_mask::mask(head),
        alone: named && head.is_empty(),
        set: named || before.chars().filter(|character| character.is_whitespace()).count() >= APART,
    })
}

fn at_start(inner: &str) -> Option<Numbered> {
    let bare = inner.trim_start_matches(is_frame);
    let (named, bare) = strip_page_word(bare);
    let rest = bare.trim_start_matches(|character: char| character.is_ascii_digit());
    let number = value(&bare[..bare.len() - rest.len()])?;
    let tail = rest.trim_start_matches(is_frame);
    let before = &rest[..rest.len() - tail.len()];
    let listed = !named && before.starts_with(['.', ')']);
    let parted = before.contains(|character: char| character.is_whitespace() || character == '|');
    if tail.is_empty() || listed || !parted {
        return None;
    }
    Some(Numbered {
        number,
        mask: line_mask::mask(tail),
        alone: false,
        set: named || before.chars().filter(|character| character.is_whitespace()).count() >= APART,
    })
}

/// A number alone, perhaps between dashes.
fn alone(line: &str, inner: &str, number: u32) -> Numbered {
    let dash = |character: char| matches!(character, '-' | '–' | '—' | '~' | '·' | '•');
    let dashed = inner.starts_with(dash) && inner.ends_with(dash);
    let column = line.len() - line.trim_start().len();
    Numbered {
        number,
        mask: Mask::NONE,
        alone: true,
        set: dashed || column >= FAR,
    }
}

/// A number of at most five digits, without a zero before it.
fn value(digits: &str) -> Option<u32> {
    let plain = (1..=5).contains(&digits.len()) && !digits.starts_with('0');
    plain.then(|| digits.parse().ok()).flatten()
}

/// The words before a number, without one for a page at their end.
fn without_page_word(head: &str) -> (bool, &str) {
    let from = head.rfind(|character: char| character.is_whitespace() || matches!(character, '[' | '('));
    let start = from.map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    let word = &head[start..];
    let named = is_page_word(word);
    let rest = head[..start].trim_end_matches(is_frame);
    if named { (true, rest) } else { (false, head) }
}

/// What follows a word for a page.
fn strip_page_word(bare: &str) -> (bool, &str) {
    let end = bare.find(char::is_whitespace).unwrap_or(bare.len());
    if is_page_word(&bare[..end]) {
        (true, bare[end..].trim_start())
    } else {
        (false, bare)
    }
}

fn is_page_word(word: &str) -> bool {
    let same = |page: &str| word.len() == page.len() && word.chars().flat_map(char::to_lowercase).eq(page.chars());
    PAGE_WORDS
        .iter()
        .any(|page| same(page) || page.strip_suffix('.').is_some_and(|page| page.len() > 2 && same(page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<(u32, bool, bool)> {
        numbered(line).map(|one| (one.number, one.alone, one.set))
    }

    #[test]
    fn numbers_of_pages() {
        assert_eq!(of("12"), Some((12, true, false)));
        assert_eq!(of("— 140 —"), Some((140, true, true)));
        assert_eq!(of("Miller                     [Page 3]"), Some((3, false, true)));
        assert_eq!(of("[Page 4]                     Miller"), Some((4, false, true)));
        assert_eq!(of("THE MILL. 45"), Some((45, false, false)));
        assert_eq!(of("46 THE WEIR."), Some((46, false, false)));
        assert_eq!(of("Seite 9"), Some((9, true, true)));
    }

    #[test]
    fn other_numbers() {
        for line in [
            "3. The weir",
            "(2) The weir",
            "10:30",
            "5.00",
            "GRIND(1)",
            "version 1.2",
            "§12a",
            "2020-01-02",
            "",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
