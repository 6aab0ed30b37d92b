//! Which seeds may stand more than once: most of a text stands once, and what stands once needs no room.
//!
//! Two bits for each place of a table say "once" and "more than once". Two seeds that fall on one place count as one that
//! stands twice: that costs room later and changes nothing. Any number of threads may add, in any order.

use std::sync::atomic::{AtomicU64, Ordering};

/// A table of seeds that were seen, in two bits each.
#[derive(Debug)]
pub struct Filter {
    bits: Vec<AtomicU64>,
    shift: u32,
}

/// Places in one word of the table.
const PLACES: u64 = 32;

impl Filter {
    /// A table of so many places, rounded up to a power of two, of at most so many bytes.
    pub fn with_places(places: usize, most: usize) -> Self {
        let most = 1 << most.saturating_mul(4).max(1 << 10).ilog2();
        let places = places.max(1 << 10).next_power_of_two().min(most);
        Self {
            bits: (0..places / PLACES as usize).map(|_| AtomicU64::new(0)).collect(),
            shift: 64 - places.trailing_zeros(),
        }
    }

    fn place(&self, hash: u64) -> (&AtomicU64, u64) {
        let place = hash >> self.shift;
        (&self.bits[(place / PLACES) as usize], place % PLACES * 2)
    }

    /// Notes that a seed was seen.
    pub fn add(&self, hash: u64) {
        let (word, bit) = self.place(hash);
        if word.load(Ordering::Relaxed) >> bit & 3 == 3 {
            return;
        }
        if word.fetch_or(1 << bit, Ordering::Relaxed) >> bit & 1 == 1 {
            word.fetch_or(2 << bit, Ordering::Relaxed);
        }
    }

    /// Whether a seed may have been seen more than once. Ask when all are added.
    pub fn is_repeated(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        word.load(Ordering::Relaxed) >> bit & 2 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_twice_is_repeated_and_most_of_the_rest_is_not() {
        let filter = Filter::with_places(1 << 16, usize::MAX);
        let hash = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (0..10_000).for_each(|number| filter.add(hash(number)));
        (0..1_000).for_each(|number| filter.add(hash(number)));
        assert!((0..1_000).all(|number| filter.is_repeated(hash(number))));
        let wrong = (1_000..10_000)
            .filter(|&number| filter.is_repeated(hash(number)))
            .count();
        assert!(wrong < 2_000, "{wrong}");
    }

    #[test]
    fn it_takes_no_more_than_it_may() {
        let filter = Filter::with_places(1 << 30, 1 << 16);
        assert!(filter.bits.len() * size_of::<u64>() <= 1 << 16);
    }
}
