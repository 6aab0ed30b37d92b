//! Where each seed stands: the places of all texts in parts by hash, and how often seeds stand.

/// A seed that stands more often than this is frequent: it is linked to its first place alone.
///
/// So a caption that stands five hundred times gives five hundred pairs, not a hundred thousand, and is found all the same.
pub const FREQUENT: usize = 24;

/// How many parts there are.
pub const PARTS: usize = 1 << BITS;
const BITS: u32 = 10;

/// The part that a hash belongs to.
#[inline]
pub fn part_of(hash: u64) -> usize {
    (hash >> (64 - BITS)) as usize
}

/// What is kept of a hash within its part, with the place of the seed: the upper ten bits of 42 are the number of the part.
#[inline]
pub fn entry(hash: u64, place: u32) -> u64 {
    (key_of(hash) << 32) | u64::from(place)
}

/// What is compared of a hash: two seeds are the same where this is. It has 42 bits.
#[inline]
pub fn key_of(hash: u64) -> u64 {
    hash >> (32 - BITS)
}

/// How many seeds stand how often, up to [`FREQUENT`] times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowd([usize; FREQUENT + 1]);

/// For each word so many pairs of places are compared at most, on the whole.
const PAIRS: usize = 3;

impl Crowd {
    /// Of the entries of one part, sorted.
    pub fn of(entries: &[u64]) -> Self {
        let mut crowd = Self::default();
        let runs = entries.chunk_by(|a, b| a >> 32 == b >> 32);
        runs.for_each(|run| crowd.count(run.len()));
        crowd
    }

    /// From how many seeds stand how often, by that number.
    pub fn with(counts: [usize; FREQUENT + 1]) -> Self {
        Self(counts)
    }

    /// Counts a seed that stands so often.
    pub fn count(&mut self, places: usize) {
        if let Some(seeds) = self.0.get_mut(places) {
            *seeds += 1;
        }
    }

    /// How many seeds stand how often, by that number.
    pub fn counts(&self) -> &[usize; FREQUENT + 1] {
        &self.0
    }

    /// Of both.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
        self
    }

    /// From how many places on a seed is frequent: texts that repeat each other without end are linked sooner, so that the
    /// work grows with their words.
    pub fn frequent(&self, words: usize) -> usize {
        let pairs = |most: usize| {
            (2..=most)
                .map(|places| self.0[places] * places * (places - 1) / 2)
                .sum::<usize>()
        };
        let bounded = (4..=FREQUENT).rev().find(|&most| pairs(most) <= words * PAIRS);
        bounded.unwrap_or(3)
    }
}

/// How many places of a seed, from its first one on, the place with a number is linked to: all before it, or the first alone where
/// there are more than `frequent`.
#[inline]
pub fn linked(number: usize, places: usize, frequent: usize) -> usize {
    if places > frequent { 1 } else { number }
}

/// Calls back with each later place of a seed that stands in several, and the earlier ones that it is linked to: all of them,
/// or the first alone where it stands in more than `frequent`.
///
/// `entries` are those of one part, sorted.
pub fn links<E>(entries: &[u64], frequent: usize, mut take: impl FnMut(u32, &[u64]) -> Result<(), E>) -> Result<(), E> {
    for run in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        for (number, later) in run.iter().enumerate().skip(1) {
            let linked = linked(number, run.len(), frequent);
            take(place(*later), &run[..linked])?;
        }
    }
    Ok(())
}

/// The lower half of an entry.
#[inline]
pub fn place(entry: u64) -> u32 {
    entry as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u64) -> u64 {
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[test]
    fn each_place_is_linked_to_those_before_it() {
        let mut entries: Vec<u64> = (0..3000)
            .flat_map(|number| (0..=number % 4).map(move |copy| entry(hash(number), (number * 10 + copy) as u32)))
            .collect();
        entries.retain(|&entry| place(entry) < 80);
        entries.extend((0..100).map(|copy| entry(hash(9999), 50_000 + copy)));
        entries.sort_unstable();
        let mut found = Vec::new();
        let mut take = |later: u32, earlier: &[u64]| {
            found.extend(earlier.iter().map(|&earlier| (place(earlier), later)));
            Ok::<(), ()>(())
        };
        links(&entries, FREQUENT, &mut take).expect("all are taken");
        found.sort_unstable();
        let of_seed = |number: u32| found.iter().filter(move |(_, later)| later / 10 == number);
        assert_eq!(of_seed(4).count(), 0, "what stands once is linked to nothing");
        assert!(of_seed(6).eq(&[(60, 61), (60, 62), (61, 62)]));
        let of_frequent: Vec<_> = found.iter().filter(|(_, later)| *later >= 50_000).collect();
        assert_eq!(of_frequent.len(), 99);
        assert!(
            of_frequent.iter().all(|(earlier, _)| *earlier == 50_000),
            "a frequent seed is linked to its first place"
        );
    }
}
