//! Which seeds may stand more than once: most of a text stands once, and what stands once needs no room.
//!
//! Two bits for each place of a table say "once" and "more than once". Two seeds that fall on one place count as one that
//! stands twice: that costs room later and changes nothing. Any number of threads may add, in any order.

use std::sync::atomic::{AtomicU64, Ordering};

use super::seed::Seed;

/// A table of seeds that were seen, in two bits each.
#[derive(Debug)]
pub struct Filter {
    bits: Vec<AtomicU64>,
    shift: u32,
}

/// Places in one word of the table.
const PLACES: u64 = 32;
/// For so many seeds at once the table is looked into.
const AT_ONCE: usize = 64;

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

    /// Notes that some seeds were seen. The table is larger than what is near the processor, so that the first looks are taken
    /// for many at once.
    pub fn add(&self, seeds: &[Seed]) {
        let mut seen = [false; AT_ONCE];
        for seeds in seeds.chunks(AT_ONCE) {
            for (seed, seen) in seeds.iter().zip(&mut seen) {
                let (word, bit) = self.place(seed.hash);
                *seen = word.load(Ordering::Relaxed) >> bit & 3 == 3;
            }
            let fresh = seeds.iter().zip(seen).filter(|(_, seen)| !seen);
            fresh.for_each(|(seed, _)| self.set(seed.hash));
        }
    }

    fn set(&self, hash: u64) {
        let (word, bit) = self.place(hash);
        if word.fetch_or(1 << bit, Ordering::Relaxed) >> bit & 1 == 1 {
            word.fetch_or(2 << bit, Ordering::Relaxed);
        }
    }

    /// Keeps the seeds that may have been seen more than once. Ask when all are added.
    pub fn retain_repeated(&self, seeds: &mut Vec<Seed>) {
        let mut kept = 0;
        // Without a branch, so that no look waits for the one before.
        for at in 0..seeds.len() {
            seeds[kept] = seeds[at];
            let (word, bit) = self.place(seeds[at].hash);
            kept += usize::from(word.load(Ordering::Relaxed) >> bit & 2 != 0);
        }
        seeds.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_twice_is_repeated_and_most_of_the_rest_is_not() {
        let filter = Filter::with_places(1 << 16, usize::MAX);
        let seed = |word: u32| Seed {
            word,
            hash: u64::from(word).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        };
        let mut seeds: Vec<Seed> = (0..10_000).map(seed).collect();
        filter.add(&seeds);
        filter.add(&seeds[..1_000]);
        filter.retain_repeated(&mut seeds);
        assert!(seeds.iter().map(|seed| seed.word).take(1_000).eq(0..1_000));
        assert!(seeds.len() < 3_000, "{}", seeds.len());
    }

    #[test]
    fn it_takes_no_more_than_it_may() {
        let filter = Filter::with_places(1 << 30, 1 << 16);
        assert!(filter.bits.len() * size_of::<u64>() <= 1 << 16);
    }
}
