//! Where each seed stands: the places of a run of pieces, by hash.

use super::seed::Seed;

/// The places of seeds, in parts by the upper bits of their hash, each sorted by hash and place.
#[derive(Debug)]
pub struct Index {
    parts: Vec<Part>,
}

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

/// What is kept of a hash within its part, with the place of the seed.
#[inline]
pub fn entry(hash: u64, place: u32) -> u64 {
    (u64::from(key(hash)) << 32) | u64::from(place)
}

/// What is compared of a hash: two seeds are the same where this is. It has 42 bits.
#[inline]
pub fn key_of(hash: u64) -> u64 {
    hash >> (32 - BITS)
}

#[inline]
fn key(hash: u64) -> u32 {
    (hash >> (32 - BITS)) as u32
}

/// The places of one part.
#[derive(Debug, Default)]
pub struct Part {
    entries: Vec<u64>,
    /// Where the entries begin whose key has these upper bits.
    directory: Vec<u32>,
    shift: u32,
}

impl Part {
    /// Of entries that are sorted.
    pub fn new(entries: Vec<u64>) -> Self {
        let bits = (entries.len() / 4).max(1).ilog2() + 1;
        let shift = 64 - bits;
        let mut directory = Vec::with_capacity((1 << bits) + 1);
        let mut at = 0;
        for prefix in 0..1u64 << bits {
            while entries.get(at).is_some_and(|entry| entry >> shift < prefix) {
                at += 1;
            }
            directory.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        directory.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        Self {
            entries,
            directory,
            shift,
        }
    }

    /// Where the entries lie that may have the key of a hash.
    #[inline]
    fn near(&self, hash: u64) -> (u32, u32) {
        let at = ((u64::from(key(hash)) << 32) >> self.shift) as usize;
        (self.directory[at], self.directory[at + 1])
    }

    /// None of those where the first has a greater key already.
    #[inline]
    fn narrow(&self, hash: u64, (from, to): (u32, u32)) -> (u32, u32) {
        let first = self
            .entries
            .get(from as usize)
            .map_or(u32::MAX, |entry| (entry >> 32) as u32);
        (from, if first > key(hash) { from } else { to })
    }

    /// The entries with the key of a hash among those.
    #[inline]
    fn run(&self, hash: u64, (from, to): (u32, u32)) -> &[u64] {
        let key = u64::from(key(hash));
        let near = &self.entries[from as usize..to as usize];
        let first = near.iter().take_while(|&&entry| entry >> 32 < key).count();
        let length = near[first..].iter().take_while(|&&entry| entry >> 32 == key).count();
        &near[first..first + length]
    }
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

    /// How many places have the seeds that stand in several, but not in more than so many.
    pub fn places(&self, frequent: usize) -> usize {
        (2..=frequent).map(|places| self.0[places] * places).sum()
    }
}

/// The entries of seeds that stand in several places, and the first entry of each that stands in more than `frequent`.
///
/// `entries` are those of one part, sorted; what stands once is dropped.
pub fn divide(entries: &[u64], frequent: usize) -> (Vec<u64>, Vec<u64>) {
    let (mut several, mut many) = (Vec::new(), Vec::new());
    for run in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        if run.len() > frequent {
            many.extend(run.first());
        } else if run.len() > 1 {
            several.extend_from_slice(run);
        }
    }
    several.shrink_to_fit();
    (several, many)
}

/// The lower half of an entry.
#[inline]
pub fn place(entry: u64) -> u32 {
    entry as u32
}

impl Index {
    /// Of parts, in order.
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    /// Calls back with the places of each seed, ascending, each in the lower half of an entry; none where it is not in the index.
    ///
    /// Memory is slower than anything here, so each of the three looks is taken for all seeds before the next one. `near` is room
    /// for what they find.
    pub fn look_up(&self, seeds: &[Seed], near: &mut Vec<(u32, u32)>, mut take: impl FnMut(Seed, &[u64])) {
        let part = |seed: &Seed| &self.parts[part_of(seed.hash)];
        near.clear();
        near.extend(seeds.iter().map(|seed| part(seed).near(seed.hash)));
        for (seed, near) in seeds.iter().zip(&mut *near) {
            *near = part(seed).narrow(seed.hash, *near);
        }
        for (seed, near) in seeds.iter().zip(near) {
            take(*seed, part(seed).run(seed.hash, *near));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u64) -> u64 {
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn index(seeds: &[(u64, u32)]) -> (Index, Index) {
        let mut parts = vec![Vec::new(); PARTS];
        seeds
            .iter()
            .for_each(|&(hash, place)| parts[part_of(hash)].push(entry(hash, place)));
        let divided = parts.into_iter().map(|mut entries| {
            entries.sort_unstable();
            let (several, frequent) = divide(&entries, FREQUENT);
            (Part::new(several), Part::new(frequent))
        });
        let (several, frequent) = divided.unzip();
        (Index::new(several), Index::new(frequent))
    }

    fn places(index: &Index, hash: u64) -> Vec<u32> {
        let mut places = Vec::new();
        index.look_up(&[Seed { word: 0, hash }], &mut Vec::new(), |_, run| {
            places.extend(run.iter().map(|&entry| place(entry)))
        });
        places
    }

    #[test]
    fn each_seed_is_found_where_it_stands() {
        let mut seeds = Vec::new();
        for number in 0..3000 {
            (0..=number % 4).for_each(|copy| seeds.push((hash(number), (number * 10 + copy) as u32)));
        }
        seeds.extend((0..100).map(|copy| (hash(9999), 50_000 + copy)));
        let (several, frequent) = index(&seeds);
        assert_eq!(places(&several, hash(4)), [0; 0], "what stands once is dropped");
        assert_eq!(places(&several, hash(7)), [70, 71, 72, 73]);
        assert!(places(&several, hash(123_456)).is_empty());
        assert!(places(&several, hash(9999)).is_empty());
        assert_eq!(
            places(&frequent, hash(9999)),
            [50_000],
            "a frequent seed has its first place"
        );
    }
}
