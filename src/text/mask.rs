//! Which bytes are of a kind, sixty-four at a time as the bits of one number: what looks at every byte of a text looks here.
//!
//! There is no branch for a single byte. The end of a word is what no processor foresees, and to be wrong about it costs
//! more than to read the word.

use std::marker::PhantomData;
use std::ops::Range;

/// So many bytes are looked at together.
pub(super) const WIDTH: usize = 64;

/// Some bytes that follow one another, and zeros where the text ends before they do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    bytes: [u8; WIDTH],
    /// How many of them are of the text.
    pub(super) length: usize,
}

/// The blocks of a text, in order.
#[inline]
pub(super) fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block> + '_ {
    bytes.chunks(WIDTH).map(Block::of)
}

impl Block {
    #[inline]
    fn of(bytes: &[u8]) -> Self {
        let length = bytes.len().min(WIDTH);
        let whole = bytes.first_chunk().copied();
        Self {
            bytes: whole.unwrap_or_else(|| padded(bytes)),
            length,
        }
    }

    /// The bytes of a kind, the first as the lowest bit.
    #[inline]
    pub(super) fn mask(&self, of: impl Fn(u8) -> bool) -> u64 {
        let flags = self.bytes.map(|byte| u8::from(of(byte)));
        let (eights, _) = flags.as_chunks::<8>();
        let bits = eights.iter().map(|eight| gather(u64::from_le_bytes(*eight)));
        bits.rev().fold(0, |mask, bits| mask << 8 | bits)
    }
}

/// The places of the bytes of a kind, in order.
#[inline]
pub(super) fn places<'a>(bytes: &'a [u8], of: impl Fn(u8) -> bool + 'a) -> impl Iterator<Item = usize> + 'a {
    let masks = blocks(bytes)
        .zip((0..).step_by(WIDTH))
        .map(move |(block, at)| (at, block.mask(&of)));
    masks.flat_map(|(at, mask)| Bits(mask).map(move |bit| at + bit))
}

/// The places of the bits of a number, the lowest first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits(pub(super) u64);

impl Iterator for Bits {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let bit = self.0.trailing_zeros() as usize;
        (self.0 != 0).then(|| {
            self.0 &= self.0 - 1;
            bit
        })
    }
}

/// The last bytes, and then zeros.
fn padded(rest: &[u8]) -> [u8; WIDTH] {
    let mut block = [0; WIDTH];
    block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    block
}

/// The lowest bits of eight bytes as one byte. Every product of a bit with a bit of the factor is a bit of its own, so that
/// nothing is carried into the last byte.
#[inline]
fn gather(eight: u64) -> u64 {
    eight.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// A kind of bytes; 0 is of none.
pub(super) trait Kind {
    /// Whether a byte is of the kind.
    fn holds(byte: u8) -> bool;
}

/// What may be a part of a word: letters and digits of ASCII, and all that is not ASCII.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wide;

impl Kind for Wide {
    #[inline]
    fn holds(byte: u8) -> bool {
        is_part(byte) | (byte >= 0x80)
    }
}

/// The runs of bytes of a kind, in order.
#[derive(Clone, Debug)]
pub(super) struct Runs<'a, K> {
    bytes: &'a [u8],
    kind: PhantomData<K>,
    /// Where the block begins that comes next.
    next: usize,
    /// Where runs begin and end in the block before it.
    edges: u64,
    /// Whether the last byte of that block is of the kind.
    inside: u64,
}

/// The runs of bytes of a kind, in order.
#[inline]
pub(super) fn runs<K: Kind>(bytes: &[u8]) -> Runs<'_, K> {
    Runs {
        bytes,
        kind: PhantomData,
        next: 0,
        edges: 0,
        inside: 0,
    }
}

impl<K: Kind> Runs<'_, K> {
    /// Where the next run begins or ends.
    #[inline(always)]
    fn edge(&mut self) -> Option<usize> {
        if self.edges == 0 && !self.fill() {
            return None;
        }
        let at = self.next - WIDTH + self.edges.trailing_zeros() as usize;
        self.edges &= self.edges - 1;
        Some(at)
    }

    /// Goes on to the next block in which a run begins or ends. It is no part of [`Runs::edge`], which has to be short: it is
    /// asked twice for each word.
    #[inline(never)]
    fn fill(&mut self) -> bool {
        while self.edges == 0 {
            let rest = self.bytes.get(self.next..).unwrap_or_default();
            if rest.is_empty() {
                return false;
            }
            let mask = Block::of(rest).mask(K::holds);
            self.edges = mask ^ (mask << 1 | self.inside);
            self.inside = mask >> (WIDTH - 1);
            self.next += WIDTH;
        }
        true
    }
}

impl<K: Kind> Iterator for Runs<'_, K> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.edge()?;
        Some(start..self.edge().unwrap_or(self.bytes.len()))
    }
}

/// So many bytes are counted in one byte, and many of them at one time.
const PIECE: usize = 192;

/// How many bytes are of a kind.
#[inline]
pub(super) fn count(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    let pieces = bytes.chunks(PIECE);
    let counts = pieces.map(|piece| usize::from(piece.iter().map(|&byte| u8::from(of(byte))).sum::<u8>()));
    counts.sum()
}

/// How many bytes are of a kind, by what they are and what stands before them.
#[inline]
pub(super) fn count_pairs(bytes: &[u8], of: impl Fn(u8, u8) -> bool) -> usize {
    let (before, after) = (bytes, bytes.get(1..).unwrap_or_default());
    let pieces = std::iter::zip(before.chunks(PIECE), after.chunks(PIECE));
    let of_piece = |(before, after): (&[u8], &[u8])| {
        let pairs = std::iter::zip(before, after);
        usize::from(pairs.map(|(&before, &after)| u8::from(of(before, after))).sum::<u8>())
    };
    pieces.map(of_piece).sum()
}

/// Whether a byte is a letter or a digit of ASCII.
#[inline]
pub(super) fn is_part(byte: u8) -> bool {
    is_letter(byte) | is_digit(byte)
}

/// Whether a byte is a letter of ASCII.
#[inline]
pub(super) fn is_letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26
}

/// Whether a byte is a digit of ASCII.
#[inline]
pub(super) fn is_digit(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10
}

/// The bytes of a word of one to eight bytes as one number, the first as the lowest: they are loaded at once where as many
/// stand in the text.
#[inline]
pub(super) fn eight(bytes: &[u8], word: &Range<usize>) -> Option<u64> {
    let (length, rest) = (word.len(), bytes.get(word.start..)?);
    let eight = u64::from_le_bytes(*rest.first_chunk()?);
    (1..=8)
        .contains(&length)
        .then(|| eight & (u64::MAX >> (64 - 8 * length)))
}

/// Whether a word is one of ASCII.
#[inline]
pub(super) fn is_ascii(bytes: &[u8], word: &Range<usize>) -> bool {
    match eight(bytes, word) {
        Some(eight) => eight & 0x8080_8080_8080_8080 == 0,
        None => bytes[word.clone()].is_ascii(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_bit_is_gathered() {
        for bit in 0..8 {
            assert_eq!(gather(1 << (8 * bit)), 1 << bit);
        }
        assert_eq!(gather(0x0101_0101_0101_0101), 0xFF);
    }

    #[test]
    fn a_short_word_is_one_number() {
        assert_eq!(
            eight(b"the mill on the", &(0..3)),
            Some(u64::from_le_bytes(*b"the\0\0\0\0\0"))
        );
        assert_eq!(eight(b"waterways", &(0..9)), None);
        assert_eq!(eight(b"the mill", &(4..8)), None);
    }

    proptest! {
        #[test]
        fn runs_are_those_of_a_plain_split(text in "[ab1 .é]{0,300}") {
            let plain: Vec<&[u8]> = text.as_bytes().split(|byte| !Wide::holds(*byte)).filter(|run| !run.is_empty()).collect();
            let found: Vec<&[u8]> = runs::<Wide>(text.as_bytes()).map(|run| &text.as_bytes()[run]).collect();
            prop_assert_eq!(found, plain);
        }

        #[test]
        fn counts_are_those_of_a_plain_filter(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            prop_assert_eq!(count(&bytes, is_part), bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).count());
            let pairs = bytes.windows(2).filter(|pair| pair[0] < pair[1]).count();
            prop_assert_eq!(count_pairs(&bytes, |before, after| before < after), pairs);
        }
    }
}
