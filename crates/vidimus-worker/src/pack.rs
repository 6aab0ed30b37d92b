//! Numbers packed into bytes: seven bits a byte, the lowest first. Most of what steps hand on are small numbers.

use vidimus::similarity::chain::Hit;
use vidimus::similarity::exemplar::Size;
use vidimus::similarity::step::{Meeting, Spot};

use crate::error::{Error, Result};

/// Appends a number.
#[inline]
pub fn push(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Packed numbers that are read one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Packed<'a>(pub &'a [u8]);

impl Packed<'_> {
    /// Whether there are no more.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next number.
    ///
    /// # Errors
    /// Where it is cut, or too large.
    #[inline]
    pub fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for (at, &byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                self.0 = &self.0[at + 1..];
                return Ok(number);
            }
        }
        Err(cut())
    }

    /// The next number, which is a small one.
    ///
    /// # Errors
    /// As [`Packed::number`].
    #[inline]
    pub fn small<T: TryFrom<u64>>(&mut self) -> Result<T> {
        let number = self.number()?;
        T::try_from(number).map_err(|_| Error::Step(format!("a packed number is out of bounds: {number}")))
    }

    /// The next byte, as it is.
    #[inline]
    fn byte(&mut self) -> Result<u8> {
        let (byte, rest) = self.0.split_first().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*byte)
    }

    /// The next place of a seed, whose text is counted from another one.
    ///
    /// # Errors
    /// As [`Packed::number`].
    #[inline]
    pub fn spot(&mut self, from: u64) -> Result<Spot> {
        Ok(Spot {
            text: from.wrapping_add(self.number()?),
            piece: self.small()?,
            word: self.small()?,
            paragraph: self.small()?,
            size: Size::from_number(self.byte()?),
        })
    }

    /// The seeds that two pieces share.
    ///
    /// # Errors
    /// As [`Packed::number`].
    pub fn hits(mut self) -> Result<Vec<Hit>> {
        let (mut hits, mut earlier) = (Vec::new(), 0_u32);
        while !self.is_empty() {
            earlier = earlier.wrapping_add(self.small()?);
            let later = self.small()?;
            hits.push(Hit { earlier, later });
        }
        Ok(hits)
    }
}

fn cut() -> Error {
    Error::Step("packed numbers are cut off".to_owned())
}

/// Appends a place of a seed, whose text is counted from another one that is no later.
#[inline]
pub fn push_spot(into: &mut Vec<u8>, from: u64, spot: Spot) {
    push(into, spot.text - from);
    push(into, u64::from(spot.piece));
    push(into, u64::from(spot.word));
    into.extend([spot.paragraph & 0x7f, spot.size.number()]);
}

/// The seeds that two pieces share, sorted; without what is known of both sides, which nobody needs from there on.
pub fn hits(meetings: &[Meeting]) -> Vec<u8> {
    let (mut packed, mut last) = (Vec::with_capacity(meetings.len() * 3), 0);
    for Meeting { hit, .. } in meetings {
        push(&mut packed, u64::from(hit.earlier - last));
        push(&mut packed, u64::from(hit.later));
        last = hit.earlier;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|number| push(&mut bytes, *number));
        let mut packed = Packed(&bytes);
        for number in numbers {
            assert_eq!(packed.number().expect("a number"), number);
        }
        assert!(packed.is_empty() && packed.number().is_err());
        assert!(Packed(&[0xff; 12]).number().is_err());
        assert!(Packed(&[0x80, 0x02]).small::<u8>().is_err());
    }

    #[test]
    fn places_and_hits_come_back() {
        let spot = Spot {
            text: 900,
            piece: 3,
            word: 70_000,
            paragraph: 65,
            size: Size::of(50_000),
        };
        let mut bytes = Vec::new();
        push_spot(&mut bytes, 800, spot);
        assert_eq!(Packed(&bytes).spot(800).expect("a place"), spot);
        let hit = |earlier, later| Meeting {
            hit: Hit { earlier, later },
            paragraphs: [1, 2],
            sizes: [Size::of(3), Size::of(4)],
        };
        let meetings = [hit(3, 9), hit(3, 12), hit(400, 1)];
        let found = Packed(&hits(&meetings)).hits().expect("hits");
        assert_eq!(found, meetings.map(|meeting| meeting.hit));
    }
}
