//! Which bytes are of a kind, sixty-four at a time as the bits of one number: what looks at every byte of a text looks here.
//!
//! There is no branch for a single byte. The end of a word is what no processor foresees, and to be wrong about it costs
//! more than to read the word.

use std::ops::Range;

use wide::u8x16;

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
    ///
    /// The loops are plain: what array and iterator adapters are made of is not always inlined, and then each byte is a call.
    #[inline]
    pub(super) fn mask(&self, of: impl Fn(u8) -> bool) -> u64 {
        let (mut flags, mut at) = ([0; WIDTH], 0);
        while at < WIDTH {
            flags[at] = u8::from(of(self.bytes[at])).wrapping_neg();
            at += 1;
        }
        let (lanes, _) = flags.as_chunks::<16>();
        let mut mask = 0;
        for lane in lanes.iter().rev() {
            mask = mask << 16 | u64::from(u8x16::new(*lane).to_bitmask());
        }
        mask
    }
}

/// The places of the bytes of a kind, in order.
#[inline]
pub(super) fn places<'a>(bytes: &'a [u8], of: impl Fn(u8) -> bool + Copy + 'a) -> impl Iterator<Item = usize> + 'a {
    let masks = blocks(bytes)
        .zip((0..).step_by(WIDTH))
        .map(move |(block, at)| (at, block.mask(of) & u64::MAX >> (WIDTH - block.length)));
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

/// Whether a byte may be a part of a word: a letter or a digit of ASCII, or anything that is not ASCII.
#[inline]
fn is_wide_part(byte: u8) -> bool {
    is_part(byte) | is_wide(byte)
}

/// A run of bytes that may be one word, or several with signs beyond ASCII between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// Whether all of it is ASCII: then it is one word.
    pub(super) ascii: bool,
}

/// The runs of bytes that may be parts of a word, in order.
#[derive(Clone, Debug)]
pub(super) struct Runs<'a> {
    bytes: &'a [u8],
    /// Where the block begins that comes next.
    next: usize,
    /// Where runs begin and end in the block before it.
    edges: u64,
    /// What is not ASCII in that block.
    wide: u64,
    /// Whether the last byte of that block is of a run.
    inside: u64,
}

/// The runs of letters and digits of ASCII and of all that is not ASCII, in order.
#[inline]
pub(super) fn runs(bytes: &[u8]) -> Runs<'_> {
    Runs {
        bytes,
        next: 0,
        edges: 0,
        wide: 0,
        inside: 0,
    }
}

impl Runs<'_> {
    /// Goes on to the next block in which a run begins or ends; it is no part of [`Runs::next`], which has to be short.
    #[inline(never)]
    fn fill(&mut self) -> bool {
        while self.edges == 0 {
            let rest = self.bytes.get(self.next..).unwrap_or_default();
            if rest.is_empty() {
                return false;
            }
            let block = Block::of(rest);
            let mask = block.mask(is_wide_part);
            // Most blocks are ASCII, which even a build without optimisation sees at once.
            self.wide = if block.bytes.is_ascii() { 0 } else { block.mask(is_wide) };
            self.edges = mask ^ (mask << 1 | self.inside);
            self.inside = mask >> (WIDTH - 1);
            self.next += WIDTH;
        }
        true
    }

    /// The run that begins there and goes on into further blocks.
    #[inline(never)]
    fn long(&mut self, start: usize) -> Run {
        let end = if self.fill() {
            self.next - WIDTH + self.edges.trailing_zeros() as usize
        } else {
            self.bytes.len()
        };
        self.edges &= self.edges.wrapping_sub(1);
        let ascii = self.bytes[start..end].is_ascii();
        Run {
            range: start..end,
            ascii,
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = Run;

    #[inline]
    fn next(&mut self) -> Option<Run> {
        if self.edges == 0 && !self.fill() {
            return None;
        }
        let from = self.edges.trailing_zeros();
        let (base, rest) = (self.next - WIDTH, self.edges & (self.edges - 1));
        self.edges = rest;
        if rest == 0 {
            return Some(self.long(base + from as usize));
        }
        let to = rest.trailing_zeros();
        self.edges = rest & (rest - 1);
        let beyond = (self.wide >> from) << (64 - (to - from));
        Some(Run {
            range: base + from as usize..base + to as usize,
            ascii: beyond == 0,
        })
    }
}

/// So many bytes are counted in one byte, and many of them at one time.
const PIECE: usize = 192;

/// How many bytes are of a kind.
#[inline]
pub(super) fn count(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    let mut all = 0;
    for piece in bytes.chunks(PIECE) {
        let mut count = 0;
        for &byte in piece {
            count += u8::from(of(byte));
        }
        all += usize::from(count);
    }
    all
}

/// How many bytes are of a kind, by what they are and what stands before them.
#[inline]
pub(super) fn count_pairs(bytes: &[u8], of: impl Fn(u8, u8) -> bool) -> usize {
    let (before, after) = (bytes, bytes.get(1..).unwrap_or_default());
    let mut all = 0;
    for (before, after) in before.chunks(PIECE).zip(after.chunks(PIECE)) {
        let mut count = 0;
        for (&before, &after) in before.iter().zip(after) {
            count += u8::from(of(before, after));
        }
        all += usize::from(count);
    }
    all
}

/// Whether a byte is not of ASCII.
#[inline]
pub(super) fn is_wide(byte: u8) -> bool {
    byte >= 0x80
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
    fn every_byte_has_its_bit() {
        for at in 0..WIDTH {
            let mut bytes = [b' '; WIDTH];
            bytes[at] = b'a';
            assert_eq!(Block::of(&bytes).mask(is_letter), 1 << at);
        }
        assert_eq!(Block::of(b"ab c").mask(is_letter), 0b1011);
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
        fn runs_are_those_of_a_plain_split(text in "([ab1 .]{0,70}|[a1é]{0,90}){0,5}") {
            let bytes = text.as_bytes();
            let plain: Vec<&[u8]> = bytes.split(|byte| !is_wide_part(*byte)).filter(|run| !run.is_empty()).collect();
            let found: Vec<&[u8]> = runs(bytes).map(|run| &bytes[run.range]).collect();
            prop_assert_eq!(found, plain);
            prop_assert!(runs(bytes).all(|run| run.ascii == bytes[run.range].is_ascii()));
        }

        #[test]
        fn counts_are_those_of_a_plain_filter(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            prop_assert_eq!(count(&bytes, is_part), bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).count());
            let pairs = bytes.windows(2).filter(|pair| pair[0] < pair[1]).count();
            prop_assert_eq!(count_pairs(&bytes, |before, after| before < after), pairs);
        }
    }
}
