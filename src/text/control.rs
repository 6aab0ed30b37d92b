//! Control characters, found without looking at the others.

use super::mask;

/// Every control character that is no part of plain text, with its place, in order: all but tabs and line ends.
pub fn controls(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let character = |at: usize| text.get(at..)?.chars().next().map(|character| (at, character));
    let places = mask::places(text.as_bytes(), may_be);
    places.filter_map(character).filter(|(_, found)| found.is_control())
}

/// Whether a byte is one of a control character: below the space and no white space, DEL, or the first byte of a C1.
#[inline]
fn may_be(byte: u8) -> bool {
    let space = (byte == b'\t') | (byte == b'\n') | (byte == b'\r');
    ((byte < b' ') & !space) | (byte == 0x7F) | (byte == 0xC2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn controls_are_those_of_a_plain_filter(text in "[a-c \\t\\n\u{0}\u{c}\u{7f}\u{80}\u{9f}\u{a0}é水]{0,200}") {
            let odd = |(_, one): &(usize, char)| one.is_control() && !matches!(one, '\t' | '\n' | '\r');
            prop_assert!(controls(&text).eq(text.char_indices().filter(odd)));
        }
    }
}
