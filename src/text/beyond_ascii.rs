//! The characters beyond ASCII, found without looking at the others: most texts have few.

use std::ops::Range;

/// So many bytes are looked at together.
const STRIDE: usize = 32;

/// The first byte from there on that is not ASCII.
pub fn beyond_ascii(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while bytes.get(at..at + STRIDE).is_some_and(<[u8]>::is_ascii) {
        at += STRIDE;
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(|byte| !byte.is_ascii()).map(|found| at + found)
}

/// Every run of characters beyond ASCII, in order.
pub fn runs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = beyond_ascii(bytes, at)?;
        let length = bytes[start..].iter().position(u8::is_ascii);
        at = length.map_or(bytes.len(), |length| start + length);
        Some(start..at)
    })
}

/// Every character beyond ASCII, with its place, in order.
pub fn characters(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let of_run = |run: Range<usize>| {
        let start = run.start;
        text[run]
            .char_indices()
            .map(move |(at, character)| (start + at, character))
    };
    runs(text).flat_map(of_run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_maximal() {
        let text = format!("{}ää b{}ö", "a".repeat(70), "c".repeat(31));
        let found: Vec<&str> = runs(&text).map(|run| &text[run]).collect();
        assert_eq!(found, ["ää", "ö"]);
        assert_eq!(runs("plain").count(), 0);
        assert_eq!(beyond_ascii(b"", 3), None);
    }
}
