//! Two texts line by line.

use std::borrow::Cow;

use super::alignment::Alignment;
use super::script::Work;

/// Aligns two texts line by line, in bounded work; the same texts always give the same answer. A line is what ends with LF, and
/// belongs to nothing but itself: lines that differ in one byte are not equal.
///
/// ```
/// let diff = vidimus::diff::lines(b"one\ntwo\n", b"one\n2\n");
/// assert_eq!((diff.replaced[0].old.clone(), diff.replaced[0].new.clone()), (1..2, 1..2));
/// ```
pub fn lines<'a>(old: &'a [u8], new: &'a [u8]) -> Alignment<'a> {
    let split = |text: &'a [u8]| text.split_inclusive(|&byte| byte == b'\n').collect();
    Alignment::of(split(old), split(new), Cow::Borrowed, &mut Work::default())
}

/// The lines of a text with their ends. Where it has no LF at all, they end with CR.
pub(super) fn split(text: &[u8]) -> Vec<&[u8]> {
    let end = if memchr::memchr(b'\n', text).is_some() {
        b'\n'
    } else {
        b'\r'
    };
    let mut begin = 0;
    let mut lines: Vec<&[u8]> = memchr::memchr_iter(end, text)
        .map(|at| &text[std::mem::replace(&mut begin, at + 1)..=at])
        .collect();
    lines.extend(Some(&text[begin..]).filter(|rest| !rest.is_empty()));
    lines
}

/// A line without its end.
pub fn body(line: &[u8]) -> &[u8] {
    [&b"\r\n"[..], b"\n", b"\r"]
        .iter()
        .find_map(|end| line.strip_suffix(*end))
        .unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_without_lf_has_lines_by_cr() {
        assert_eq!(split(b"a\rb\rc"), [&b"a\r"[..], b"b\r", b"c"]);
        assert_eq!(split(b"a\rb\n"), [b"a\rb\n"]);
        assert!(split(b"").is_empty());
        assert_eq!([body(b"a\r\n"), body(b"a\r"), body(b"a")], [b"a"; 3]);
    }

    #[test]
    fn hunks_have_context_and_join() {
        let old = (0..40).map(|n| format!("{n}\n")).collect::<String>();
        let new = old
            .replace("\n10\n", "\nten\n")
            .replace("\n14\n", "\n")
            .replace("\n30\n", "\n30\nmore\n");
        let diff = lines(old.as_bytes(), new.as_bytes());
        let hunks: Vec<_> = diff.hunks(3).into_iter().map(|hunk| (hunk.old, hunk.new)).collect();
        assert_eq!(hunks, [(7..18, 7..17), (28..34, 27..34)]);
        assert_eq!(diff.hunks(0).len(), 3);
    }

    proptest! {
        #[test]
        fn gives_the_new_text_from_the_old(old in "[ab\r\n]{0,40}", new in "[ab\r\n]{0,40}") {
            prop_assert_eq!(lines(old.as_bytes(), new.as_bytes()).applied(), new.into_bytes());
        }

        #[test]
        fn any_bytes_are_lines(old: Vec<u8>, new: Vec<u8>) {
            prop_assert_eq!(lines(&old, &new).applied(), new);
            prop_assert_eq!(split(&old).concat(), old);
        }
    }
}
