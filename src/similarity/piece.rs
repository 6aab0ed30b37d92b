//! Texts in pieces: a long one is cut where a paragraph, a line or a word ends, so that it is worked on by all threads at
//! once, and never stands in memory whole.

use std::io;
use std::ops::Range;

use super::texts::Texts;

/// A run of bytes of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The number of its text.
    pub text: u32,
    /// How many bytes it has.
    pub length: u32,
    /// Its first byte.
    pub start: u64,
}

impl Piece {
    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        u64::from(self.length)
    }

    /// The byte after its last.
    pub fn end(&self) -> u64 {
        self.start + self.length()
    }

    /// Its bytes.
    pub fn range(&self) -> Range<u64> {
        self.start..self.end()
    }
}

/// A piece has about so many bytes.
pub(super) const LENGTH: u64 = 64 << 10;
/// The end of a piece is looked for in so many bytes.
const WINDOW: u64 = 4 << 10;

/// The pieces of a text.
///
/// # Errors
/// Where it cannot be read.
pub fn pieces(texts: &dyn Texts, text: usize) -> io::Result<Vec<Piece>> {
    let size = texts.size(text);
    let mut starts = vec![0];
    let mut window = Vec::new();
    for near in (1..)
        .map(|number| number * LENGTH)
        .take_while(|near| near + LENGTH / 2 < size)
    {
        texts.read(text, near..(near + WINDOW).min(size), &mut window)?;
        starts.push(near + boundary(&window) as u64);
    }
    let ends = starts.iter().skip(1).copied().chain([size]);
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let piece = |(&start, end)| Piece {
        text: narrow(text as u64),
        length: narrow(end - start),
        start,
    };
    Ok(starts.iter().zip(ends).map(piece).collect())
}

/// Where to cut in a run of bytes: after a blank line, a line, a space, or between two characters.
fn boundary(window: &[u8]) -> usize {
    let after = |mark: &[u8]| memchr::memmem::find(window, mark).map(|at| at + mark.len());
    let character = || window.iter().position(|byte| byte & 0xc0 != 0x80);
    after(b"\n\n")
        .or_else(|| after(b"\n"))
        .or_else(|| after(b" "))
        .or_else(character)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_after_a_line_and_nothing_is_lost() {
        let text = "The lamps of the lower town went out one by one.\n".repeat(5000);
        let texts = vec![("a", text.clone()), ("b", String::new())];
        let found = pieces(&texts, 0).expect("read");
        assert_eq!(found.len(), 4);
        assert_eq!((found[0].start, found[3].end()), (0, text.len() as u64));
        assert!(found.windows(2).all(|two| two[0].end() == two[1].start));
        assert!(
            found[..3]
                .iter()
                .all(|piece| text[..piece.end() as usize].ends_with('\n'))
        );
        assert_eq!(pieces(&texts, 1).expect("read").len(), 1);
    }

    #[test]
    fn no_character_is_cut() {
        let text = "水".repeat(60_000);
        let texts = vec![("a", text.clone())];
        let found = pieces(&texts, 0).expect("read");
        assert!(found.len() > 2 && found.iter().all(|piece| text.is_char_boundary(piece.end() as usize)));
    }
}
