//! Where each seed stands: the places of a run of pieces, by hash.

/// The places of seeds, in parts by the upper bits of their hash, each sorted by hash and place.
#[derive(Debug)]
pub struct Index {
    parts: Vec<Part>,
}

/// A seed that stands more often than this is linked to its first place alone.
///
/// So a caption that stands five hundred times gives five hundred pairs, not a hundred thousand, and is found all the same.
pub const FREQUENT: usize = 64;

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

/// The entries of seeds that stand in several places, and the first entry of each frequent one, both sorted.
///
/// `entries` are those of one part, sorted; what stands once is dropped.
pub fn divide(entries: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let (mut several, mut frequent) = (Vec::new(), Vec::new());
    for run in entries.chunk_by(|a, b| a >> 32 == b >> 32) {
        match run.len() {
            1 => {}
            2..=FREQUENT => several.extend_from_slice(run),
            _ => frequent.extend(run.first()),
        }
    }
    several.shrink_to_fit();
    (several, frequent)
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

    /// Where to look for the places of a seed: a first step, so that many can be taken before the second ones.
    #[inline]
    pub fn near(&self, hash: u64) -> (u32, u32) {
        self.parts[part_of(hash)].near(hash)
    }

    /// The places of a seed, ascending, each in the lower half of an entry.
    #[inline]
    pub fn places(&self, hash: u64, near: (u32, u32)) -> &[u64] {
        self.parts[part_of(hash)].run(hash, near)
    }
}
