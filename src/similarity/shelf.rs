//! Pieces in their comparable form: kept where there is room, made again from the text where there is none.

use std::io;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::normal::{Normal, Word};
use super::piece::Piece;
use super::texts::Texts;

/// Where pieces are had in their comparable form.
pub struct Shelf<'a> {
    texts: &'a dyn Texts,
    pieces: &'a [Piece],
    kept: Vec<OnceLock<Box<Normal>>>,
    /// How many bytes it keeps.
    size: usize,
    room: AtomicUsize,
    full: AtomicBool,
}

/// A piece of so many bytes is made sooner than found in memory, if its text is near: many short texts would take ten times their size.
const SHORT: u64 = 512;

impl std::fmt::Debug for Shelf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf")
            .field("pieces", &self.pieces.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Shelf<'a> {
    /// A shelf that keeps so many bytes.
    pub fn new(texts: &'a dyn Texts, pieces: &'a [Piece], size: usize) -> Self {
        Self {
            texts,
            pieces,
            kept: (0..pieces.len()).map(|_| OnceLock::new()).collect(),
            size,
            room: AtomicUsize::new(size),
            full: AtomicBool::new(false),
        }
    }

    /// Makes the comparable form of a piece from its text, in the memory of another one.
    ///
    /// # Errors
    /// Where the text cannot be read or is not UTF-8.
    pub fn make(&self, piece: usize, bytes: &mut Vec<u8>, normal: &mut Normal) -> io::Result<()> {
        let place = self.pieces[piece];
        self.texts.read(place.text as usize, place.range(), bytes)?;
        let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(place.start + error.valid_up_to() as u64))?;
        normal.refill(text);
        Ok(())
    }

    /// Keeps a piece, where there is room; but not a short one of a text that is near.
    pub fn keep(&self, piece: usize, normal: &Normal) {
        let place = self.pieces[piece];
        if place.length() <= SHORT && self.texts.is_near(place.text as usize) {
            return;
        }
        let size = normal.footprint();
        let taken = self
            .room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| room.checked_sub(size));
        match taken {
            Ok(_) => drop(self.kept[piece].set(Box::new(normal.compact()))),
            Err(_) => self.full.store(true, Ordering::Relaxed),
        }
    }

    /// A piece that is kept.
    pub fn kept(&self, piece: usize) -> Option<&Normal> {
        self.kept[piece].get().map(|kept| &**kept)
    }

    /// Whether there was no room for a piece.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Whether there would be room for some pieces with so many words, if there were no others.
    pub fn has_room_for(&self, pieces: Range<usize>, words: usize) -> bool {
        let bytes: u64 = self.pieces[pieces].iter().map(Piece::length).sum();
        words * size_of::<Word>() + usize::try_from(bytes).unwrap_or(usize::MAX) <= self.size / 4 * 3
    }

    /// Keeps no piece any more.
    pub fn clear(&mut self) {
        self.kept.iter_mut().for_each(|kept| drop(kept.take()));
        self.room = AtomicUsize::new(self.size);
        self.full = AtomicBool::new(false);
    }
}

fn not_utf8(at: u64) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("it is not UTF-8: the first byte that is wrong is {at}"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::piece::pieces;
    use super::*;

    /// Texts of which those with an even number are near.
    struct Half(Vec<(&'static str, String)>);

    impl Texts for Half {
        fn count(&self) -> usize {
            self.0.count()
        }

        fn size(&self, text: usize) -> u64 {
            self.0.size(text)
        }

        fn is_near(&self, text: usize) -> bool {
            text.is_multiple_of(2)
        }

        fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
            self.0.read(text, part, into)
        }
    }

    #[test]
    fn a_short_piece_of_a_text_that_is_near_is_not_kept() {
        let words = |count: usize| ("", "a lamp was lit ".repeat(count));
        let texts = Half(vec![words(3), words(3), words(300), words(300)]);
        let cut: Vec<Piece> = (0..4).flat_map(|text| pieces(&texts, text).expect("cut")).collect();
        let shelf = Shelf::new(&texts, &cut, 1 << 20);
        let (mut bytes, mut normal) = (Vec::new(), Normal::default());
        for piece in 0..4 {
            shelf.make(piece, &mut bytes, &mut normal).expect("made");
            shelf.keep(piece, &normal);
        }
        assert!([0, 1, 2, 3].map(|piece| shelf.kept(piece).is_some()) == [false, true, true, true]);
        assert!(!shelf.is_full());
    }
}
