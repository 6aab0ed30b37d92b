//! From bytes to the lines and columns of editors, and back. Editors end a line at CR alone too, and count columns in code
//! units of UTF-16 unless UTF-8 was agreed on.

use lsp_types::{Position, PositionEncodingKind, Range};

/// What columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16: what every editor speaks.
    #[default]
    Utf16,
}

impl Encoding {
    /// UTF-8 where an editor offers it.
    pub(super) fn negotiate(offered: &[PositionEncodingKind]) -> Self {
        match offered.contains(&PositionEncodingKind::UTF8) {
            true => Self::Utf8,
            false => Self::Utf16,
        }
    }

    /// What it is called.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    /// How many code units some bytes have. In UTF-8 every character has one byte that begins it, and those of four bytes are the
    /// ones that UTF-16 writes with two units.
    pub(super) fn units(self, bytes: &[u8]) -> usize {
        let unit = |byte: &u8| usize::from(byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0);
        match self {
            Self::Utf8 => bytes.len(),
            Self::Utf16 => bytes.iter().map(unit).sum(),
        }
    }
}

/// Where the lines of a text begin, and how many code units stand before every [`Lines::STEP`]th byte, so that a place on a line of
/// any length is found at once.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    encoding: Encoding,
    starts: Vec<usize>,
    units: Vec<usize>,
}

impl Lines {
    const STEP: usize = 1024;

    /// Of a text that the editor shows without its first `hidden` bytes: a byte-order mark is none of its characters.
    pub(super) fn new(bytes: &[u8], hidden: usize, encoding: Encoding) -> Self {
        let ends = (0..bytes.len()).filter(|&at| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let mut units = vec![0];
        for piece in bytes.chunks(Self::STEP) {
            units.push(units[units.len() - 1] + encoding.units(piece));
        }
        Self {
            encoding,
            starts: std::iter::once(hidden).chain(ends.map(|at| at + 1)).collect(),
            units,
        }
    }

    /// The place of a byte.
    pub(super) fn position(&self, bytes: &[u8], byte: usize) -> Position {
        let byte = byte.min(bytes.len());
        let line = self.starts.partition_point(|&start| start <= byte).saturating_sub(1);
        let start = self.starts[line].min(byte);
        let column = self.before(bytes, byte) - self.before(bytes, start);
        Position::new(narrow(line), narrow(column))
    }

    /// From the place of one byte to that of another.
    pub(super) fn range(&self, bytes: &[u8], start: usize, end: usize) -> Range {
        Range::new(self.position(bytes, start), self.position(bytes, end))
    }

    /// The byte at a place; the end of the line, or of the text, where the place is beyond it.
    pub(super) fn byte(&self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else {
            return text.len();
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let mut left = position.character as usize;
        for (at, letter) in content.char_indices() {
            let units = self.encoding.units(letter.encode_utf8(&mut [0; 4]).as_bytes());
            if left < units {
                return start + at;
            }
            left -= units;
        }
        start + content.len()
    }

    fn before(&self, bytes: &[u8], byte: usize) -> usize {
        let step = byte / Self::STEP;
        self.units[step] + self.encoding.units(&bytes[step * Self::STEP..byte])
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(text: &str, encoding: Encoding, bytes: &[usize]) -> Vec<(u32, u32)> {
        let lines = Lines::new(text.as_bytes(), 0, encoding);
        let place = |&byte: &usize| lines.position(text.as_bytes(), byte);
        bytes
            .iter()
            .map(place)
            .map(|place| (place.line, place.character))
            .collect()
    }

    #[test]
    fn columns_count_what_was_agreed_on() {
        let text = "a\u{1f600}é\r\n\u{1f600}b\rc\n";
        assert_eq!(
            places(text, Encoding::Utf16, &[1, 5, 7, 9, 13, 14, 15, 17]),
            [(0, 1), (0, 3), (0, 4), (1, 0), (1, 2), (1, 3), (2, 0), (3, 0)]
        );
        assert_eq!(places(text, Encoding::Utf8, &[5, 7, 13]), [(0, 5), (0, 7), (1, 4)]);
    }

    #[test]
    fn utf_8_is_taken_where_it_is_offered() {
        let offered = [PositionEncodingKind::UTF16, PositionEncodingKind::UTF8];
        assert_eq!(Encoding::negotiate(&offered), Encoding::Utf8);
        assert_eq!(Encoding::negotiate(&offered[..1]), Encoding::Utf16);
        assert_eq!(Encoding::negotiate(&[]), Encoding::Utf16);
    }

    #[test]
    fn a_hidden_mark_has_no_column() {
        let text = "\u{feff}ab\nc";
        let lines = Lines::new(text.as_bytes(), 3, Encoding::Utf16);
        let place = |byte| lines.position(text.as_bytes(), byte);
        assert_eq!([place(0), place(3), place(4)].map(|place| place.character), [0, 0, 1]);
        assert_eq!(place(6), Position::new(1, 0));
        assert_eq!(lines.byte(text, Position::new(0, 1)), 4);
    }

    #[test]
    fn a_place_beyond_the_text_is_its_end() {
        let text = "ab\r\n\u{1f600}";
        let lines = Lines::new(text.as_bytes(), 0, Encoding::Utf16);
        let byte = |line, column| lines.byte(text, Position::new(line, column));
        assert_eq!([byte(0, 99), byte(1, 1), byte(1, 2), byte(9, 0)], [2, 4, 8, 8]);
    }

    proptest! {
        #[test]
        fn places_lead_back(text in "[a\u{e9}\u{1f600}\n\r]{0,400}x{0,2000}[\u{e9}\u{1f600}\n]{0,40}", at in 0usize..4000) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let lines = Lines::new(text.as_bytes(), 0, encoding);
                let byte = text.floor_char_boundary(at.min(text.len()));
                let back = lines.byte(&text, lines.position(text.as_bytes(), byte));
                let splits_end = text[..byte].ends_with('\r') && text[byte..].starts_with('\n');
                prop_assert!(back == byte || splits_end, "{} {}", back, byte);
            }
        }

        #[test]
        fn no_place_makes_it_panic(bytes: Vec<u8>, text: String, at: usize, line in 0u32..9, column: u32) {
            let lines = Lines::new(&bytes, 0, Encoding::Utf16);
            lines.position(&bytes, at);
            let at = Lines::new(text.as_bytes(), 0, Encoding::Utf16).byte(&text, Position::new(line, column));
            prop_assert!(text.is_char_boundary(at));
        }
    }
}
