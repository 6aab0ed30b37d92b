//! Two passages word by word: runs of characters between spaces, and single characters of scripts that put none.

use std::borrow::Cow;
use std::ops::Range;

use super::alignment::Alignment;
use super::script::{Replaced, Work};
use crate::text::unit::is_dense;

/// Aligns two passages word by word, in bounded work. White space between words is a piece of its own, and so is what is no
/// UTF-8.
pub fn words<'a>(old: &'a [u8], new: &'a [u8]) -> Alignment<'a> {
    Alignment::of(split(old), split(new), Cow::Borrowed, &mut Work::default())
}

/// Passages of more bytes together are aligned stretch by stretch first, so that only what differs is cut into words.
const LARGE: usize = 1 << 20;
/// What cutting such a passage into words takes.
const STEPS_A_BYTE: u64 = 16;

/// Where two passages differ, word by word, as ranges of bytes.
pub(super) fn runs<'a>(
    old: &'a [u8],
    new: &'a [u8],
    key: &impl Fn(&'a [u8]) -> Cow<'a, [u8]>,
    work: &mut Work,
) -> Vec<Replaced> {
    if old.is_empty() || new.is_empty() {
        let all = Replaced {
            old: 0..old.len(),
            new: 0..new.len(),
        };
        return vec![all];
    }
    if old.len() + new.len() <= LARGE {
        return in_bytes(&Alignment::of(split(old), split(new), key, work));
    }
    let stretches = Alignment::of(stretches(old), stretches(new), key, work);
    let finer = in_bytes(&stretches).into_iter().flat_map(|part| {
        let (ours, theirs) = (&old[part.old.clone()], &new[part.new.clone()]);
        let bytes = ours.len() + theirs.len();
        if bytes > LARGE && !work.afford(bytes as u64 * STEPS_A_BYTE) {
            return vec![part];
        }
        let runs = in_bytes(&Alignment::of(split(ours), split(theirs), key, work)).into_iter();
        runs.map(|run| run.shifted(part.old.start, part.new.start)).collect()
    });
    finer.collect()
}

/// The words of a text, with the white space between them.
pub(super) fn split(text: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        split_valid(chunk.valid(), &mut pieces, &text[at..]);
        at += chunk.valid().len();
        let end = at + chunk.invalid().len();
        pieces.extend(Some(&text[at..end]).filter(|piece| !piece.is_empty()));
        at = end;
    }
    pieces
}

/// What a character makes a piece of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Space,
    Word,
    /// A piece by itself.
    Alone,
}

impl Sort {
    fn of(c: char) -> Self {
        match c {
            c if c.is_whitespace() => Self::Space,
            '\0' | '\u{fffd}' => Self::Alone,
            c if is_dense(c) => Self::Alone,
            _ => Self::Word,
        }
    }
}

/// `bytes` begins with the valid part.
fn split_valid<'a>(valid: &str, pieces: &mut Vec<&'a [u8]>, bytes: &'a [u8]) {
    let (mut begin, mut last) = (0, None);
    for (at, c) in valid.char_indices() {
        let sort = Sort::of(c);
        if at > begin && (last != Some(sort) || sort == Sort::Alone) {
            pieces.push(&bytes[begin..at]);
            begin = at;
        }
        last = Some(sort);
    }
    pieces.extend(Some(&bytes[begin..valid.len()]).filter(|piece| !piece.is_empty()));
}

/// Stretches of some 16 words, or of as many characters of a script without spaces. Where one ends depends on the bytes before
/// alone, so that an edit moves no other end.
fn stretches(text: &[u8]) -> Vec<&[u8]> {
    let mut begin = 0;
    let ends = (4..text.len()).filter(|&at| may_end(text[at - 1], text[at]) && is_chosen(&text[at - 4..at]));
    let mut pieces: Vec<&[u8]> = ends.map(|at| &text[std::mem::replace(&mut begin, at)..at]).collect();
    pieces.extend(Some(&text[begin..]).filter(|rest| !rest.is_empty()));
    pieces
}

/// After a space, and before a character of three bytes or more.
fn may_end(last: u8, next: u8) -> bool {
    matches!(last, b' ' | b'\n') || next >= 0xE0
}

/// One in 16, by the last four bytes.
fn is_chosen(last: &[u8]) -> bool {
    let sum = last
        .iter()
        .fold(0u32, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    sum >> 28 == 0
}

/// What is replaced, in bytes. Two replaced words with nothing but an equal space between them are one change.
fn in_bytes(alignment: &Alignment<'_>) -> Vec<Replaced> {
    let (old, new) = (Ends::of(&alignment.old), Ends::of(&alignment.new));
    let mut joined: Vec<Replaced> = Vec::new();
    for part in &alignment.replaced {
        match joined.last_mut() {
            Some(last) if is_one(last, part, alignment) => (last.old.end, last.new.end) = (part.old.end, part.new.end),
            _ => joined.push(part.clone()),
        }
    }
    let bytes = |part: Replaced| Replaced {
        old: old.range(&part.old),
        new: new.range(&part.new),
    };
    joined.into_iter().map(bytes).collect()
}

fn is_one(last: &Replaced, part: &Replaced, alignment: &Alignment<'_>) -> bool {
    let whole = |part: &Replaced| !part.old.is_empty() && !part.new.is_empty();
    let between = &alignment.old[last.old.end..part.old.start];
    let spaces = |piece: &&[u8]| piece.iter().all(|byte| *byte == b' ');
    whole(last) && whole(part) && between.len() == 1 && between.iter().all(spaces)
}

/// Where pieces end.
struct Ends(Vec<usize>);

impl Ends {
    fn of(pieces: &[&[u8]]) -> Self {
        let mut end = 0;
        let add = |piece: &&[u8]| {
            end += piece.len();
            end
        };
        Self(pieces.iter().map(add).collect())
    }

    fn range(&self, pieces: &Range<usize>) -> Range<usize> {
        let at = |piece: usize| piece.checked_sub(1).map_or(0, |before| self.0[before]);
        at(pieces.start)..at(pieces.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(old: &str, new: &str) -> Vec<(String, String)> {
        let key = |piece| Cow::Borrowed(piece);
        let runs = runs(old.as_bytes(), new.as_bytes(), &key, &mut Work::default());
        runs.into_iter()
            .map(|run| (old[run.old].to_owned(), new[run.new].to_owned()))
            .collect()
    }

    #[test]
    fn words_that_follow_each_other_are_one_change() {
        let (old, new) = ("they hold up the blue lamps", "they put out the red lamps");
        let said = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(shown(old, new), [said("hold up", "put out"), said("blue", "red")]);
        assert_eq!(shown("他说去年冬天", "他说前年冬天"), [said("去", "前")]);
    }

    #[test]
    fn a_long_line_is_cut_into_words_where_it_differs() {
        let old: String = (0..200_000).map(|n| format!("lamp {n} burned. ")).collect();
        let new = old.replace("lamp 777 burned", "lamp 777 went out");
        assert_eq!(shown(&old, &new), [("burned.".to_owned(), "went out.".to_owned())]);
    }

    proptest! {
        #[test]
        fn gives_the_new_text_from_the_old(old in "[ab 去年\n]{0,30}", new in "[ab 去年\n]{0,30}") {
            prop_assert_eq!(words(old.as_bytes(), new.as_bytes()).applied(), new.into_bytes());
        }

        #[test]
        fn any_bytes_are_words(old: Vec<u8>, new: Vec<u8>) {
            prop_assert_eq!(split(&old).concat(), old.clone());
            prop_assert_eq!(stretches(&old).concat(), old.clone());
            prop_assert_eq!(words(&old, &new).applied(), new);
        }
    }
}
