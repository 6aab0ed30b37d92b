//! What is gathered in parts: places by their seed, pairs of places by the later one. In memory as long as there is room,
//! then in a temporary file that has no name, so that nothing is left behind however the run ends.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::index::PARTS;

/// Entries by part; any number of threads may add to them.
#[derive(Debug)]
pub struct Buckets {
    parts: Vec<Mutex<Vec<u64>>>,
    held: AtomicUsize,
    most: usize,
    spill: Mutex<Option<Spill>>,
}

/// What was written, and where.
#[derive(Debug)]
struct Spill {
    file: File,
    length: u64,
    /// For each part the runs of entries in the file: the first byte, and how many.
    runs: Vec<Vec<(u64, usize)>>,
}

/// So many bytes has an entry.
const ENTRY: usize = 8;
/// What a thread adds at a time, per part, in entries.
const BATCH: usize = 64;

impl Buckets {
    /// Buckets that hold so many entries in memory.
    pub fn with_room(most: usize) -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            held: AtomicUsize::new(0),
            most: most.max(PARTS),
            spill: Mutex::new(None),
        }
    }

    /// Whether entries were written to a file.
    pub fn is_spilled(&self) -> bool {
        lock(&self.spill).is_some()
    }

    /// Adds what one thread has gathered for one part; writes all to a file where there is no room left.
    fn add(&self, part: usize, entries: &mut Vec<u64>, folder: &Path) -> io::Result<()> {
        let held = self.held.fetch_add(entries.len(), Ordering::Relaxed) + entries.len();
        lock(&self.parts[part]).append(entries);
        if held > self.most {
            self.write(folder)?;
        }
        Ok(())
    }

    fn write(&self, folder: &Path) -> io::Result<()> {
        let mut spill = lock(&self.spill);
        if self.held.load(Ordering::Relaxed) <= self.most {
            return Ok(());
        }
        let open = match spill.take() {
            Some(open) => open,
            None => Spill {
                file: tempfile::tempfile_in(folder)?,
                length: 0,
                runs: vec![Vec::new(); PARTS],
            },
        };
        self.write_to(spill.insert(open))
    }

    /// How many entries a part has.
    pub fn count(&self, part: usize) -> usize {
        let written = lock(&self.spill).as_ref().map_or(0, |spill| spill.count(part));
        written + lock(&self.parts[part]).len()
    }

    /// Writes the rest too, where some entries are in a file: what will be read again need not stand in memory.
    fn write_rest(&self) -> io::Result<()> {
        match lock(&self.spill).as_mut() {
            None => Ok(()),
            Some(spill) => self.write_to(spill),
        }
    }

    fn write_to(&self, spill: &mut Spill) -> io::Result<()> {
        for (part, entries) in self.parts.iter().enumerate() {
            let entries = std::mem::take(&mut *lock(entries));
            self.held.fetch_sub(entries.len(), Ordering::Relaxed);
            spill.push(part, &entries)?;
        }
        Ok(())
    }

    /// Puts back what was taken, where it is not in a file still.
    pub fn put(&self, part: usize, entries: Vec<u64>) {
        if !self.is_spilled() {
            *lock(&self.parts[part]) = entries;
        }
    }

    /// Takes the entries of a part out of memory, or reads them again; unsorted.
    ///
    /// # Errors
    /// Where the temporary file cannot be read.
    pub fn take(&self, part: usize) -> io::Result<Vec<u64>> {
        match lock(&self.spill).as_mut() {
            None => Ok(std::mem::take(&mut *lock(&self.parts[part]))),
            Some(spill) => {
                let held = lock(&self.parts[part]);
                spill.read(part, &held)
            }
        }
    }
}

impl Spill {
    fn push(&mut self, part: usize, entries: &[u64]) -> io::Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.to_le_bytes()).collect();
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(&bytes)?;
        self.runs[part].push((self.length, entries.len()));
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn count(&self, part: usize) -> usize {
        self.runs[part].iter().map(|(_, entries)| entries).sum()
    }

    fn read(&mut self, part: usize, held: &[u64]) -> io::Result<Vec<u64>> {
        let mut entries = Vec::with_capacity(self.count(part) + held.len());
        entries.extend_from_slice(held);
        let mut bytes = Vec::new();
        for &(start, count) in &self.runs[part] {
            bytes.resize(count * ENTRY, 0);
            self.file.seek(SeekFrom::Start(start))?;
            self.file.read_exact(&mut bytes)?;
            let (chunks, _) = bytes.as_chunks();
            entries.extend(chunks.iter().map(|entry| u64::from_le_bytes(*entry)));
        }
        Ok(entries)
    }
}

/// What all threads gather, each with a list of its own that it takes and gives back.
#[derive(Debug)]
pub struct Gatherings<'a> {
    buckets: &'a Buckets,
    folder: &'a Path,
    free: Mutex<Vec<Gathering<'a>>>,
}

impl<'a> Gatherings<'a> {
    /// For some buckets; where there is no room, a temporary file is made in the folder.
    pub fn new(buckets: &'a Buckets, folder: &'a Path) -> Self {
        Self {
            buckets,
            folder,
            free: Mutex::default(),
        }
    }

    /// Adds something, with a list that no other thread has.
    pub fn with<T>(&self, add: impl FnOnce(&mut Gathering<'a>) -> T) -> T {
        let free = lock(&self.free).pop();
        let mut gathering = free.unwrap_or_else(|| Gathering::new(self.buckets, self.folder));
        let added = add(&mut gathering);
        lock(&self.free).push(gathering);
        added
    }

    /// Adds what is left in the lists; ask the buckets for nothing before.
    ///
    /// # Errors
    /// Where the temporary file cannot be written.
    pub fn finish(self) -> io::Result<()> {
        let free = self
            .free
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        free.into_iter().try_for_each(Gathering::finish)?;
        self.buckets.write_rest()
    }
}

/// What one thread gathers before it adds it.
#[derive(Debug)]
pub struct Gathering<'a> {
    buckets: &'a Buckets,
    folder: &'a Path,
    parts: Vec<Vec<u64>>,
}

impl<'a> Gathering<'a> {
    fn new(buckets: &'a Buckets, folder: &'a Path) -> Self {
        Self {
            buckets,
            folder,
            parts: vec![Vec::new(); PARTS],
        }
    }

    /// Adds an entry to a part.
    ///
    /// # Errors
    /// Where the temporary file cannot be written.
    #[inline]
    pub fn push(&mut self, part: usize, entry: u64) -> io::Result<()> {
        let entries = &mut self.parts[part];
        entries.push(entry);
        if entries.len() < BATCH {
            return Ok(());
        }
        self.buckets.add(part, entries, self.folder)
    }

    fn finish(mut self) -> io::Result<()> {
        for (part, entries) in self.parts.iter_mut().enumerate() {
            self.buckets.add(part, entries, self.folder)?;
        }
        Ok(())
    }
}

/// The value behind a lock, whatever became of a thread that held it.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(most: usize) -> Vec<u64> {
        let (buckets, folder) = (Buckets::with_room(most), std::env::temp_dir());
        let gatherings = Gatherings::new(&buckets, &folder);
        for entry in 0..200_000_u64 {
            gatherings
                .with(|gathering| gathering.push((entry % 7) as usize, entry))
                .expect("room");
        }
        gatherings.finish().expect("room");
        assert_eq!(buckets.is_spilled(), most < 200_000);
        assert_eq!(buckets.count(3), 200_000 / 7);
        let mut entries = buckets.take(3).expect("read");
        entries.sort_unstable();
        entries
    }

    #[test]
    fn a_file_gives_back_what_memory_does() {
        let held = all(1 << 20);
        assert_eq!(held.len(), 200_000 / 7);
        assert_eq!(held, all(2000));
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let buckets = Buckets::with_room(0);
        let gatherings = Gatherings::new(&buckets, Path::new("/nowhere/at/all"));
        let pushed = (0..100_000).try_for_each(|entry| gatherings.with(|gathering| gathering.push(0, entry)));
        assert!(pushed.is_err());
    }
}
