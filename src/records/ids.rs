//! Names that stand twice among any number of records, in bounded memory: sorted in parts, which are written to one temporary file and
//! merged. A file for each part would be more than the system lets a program open.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, Take, Write as _};

use crate::corpus::Opened;

/// So much of them is held in memory, in bytes.
const MEMORY: usize = 32 << 20;
/// What one costs beside its name, about.
const EACH: usize = 48;
/// What one read of a part asks for, in bytes.
const BUFFER: usize = 16 << 10;

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The number of the shard, as its reader counts them; 0 may be for what is in none.
    pub shard: u32,
    /// The number of the record in it.
    pub number: u64,
    /// Where that begins, in bytes, where it is known; `u64::MAX` where it is not.
    pub offset: u64,
}

/// Names and where they stand.
#[derive(Debug)]
pub struct Ids {
    held: Vec<(Box<[u8]>, Holder)>,
    bytes: usize,
    most: usize,
    file: Option<File>,
    /// Where each part ends in the file.
    ends: Vec<u64>,
}

impl Default for Ids {
    fn default() -> Self {
        Self::within(MEMORY)
    }
}

impl Ids {
    fn within(most: usize) -> Self {
        Self {
            held: Vec::new(),
            bytes: 0,
            most,
            file: None,
            ends: Vec::new(),
        }
    }

    /// Adds a name.
    ///
    /// # Errors
    /// Where a temporary file cannot be written.
    pub fn push(&mut self, id: &str, holder: Holder) -> io::Result<()> {
        self.bytes += id.len() + EACH;
        self.held.push((id.as_bytes().into(), holder));
        if self.bytes > self.most {
            self.put_away()?;
        }
        Ok(())
    }

    fn put_away(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        let mut out = BufWriter::with_capacity(1 << 18, file);
        for (id, holder) in self.held.drain(..) {
            out.write_all(&(id.len() as u64).to_le_bytes())?;
            out.write_all(&id)?;
            out.write_all(&holder.shard.to_le_bytes())?;
            out.write_all(&holder.number.to_le_bytes())?;
            out.write_all(&holder.offset.to_le_bytes())?;
        }
        self.bytes = 0;
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.ends.push(file.stream_position()?);
        self.file = Some(file);
        Ok(())
    }

    /// Hands over each holder of a name behind its first one, with the first one, by name and then by place. `counts` tells which
    /// shards do.
    ///
    /// # Errors
    /// Where a temporary file cannot be read.
    pub fn clashes(
        mut self,
        counts: impl Fn(u32) -> bool,
        mut take: impl FnMut(&str, Holder, Holder),
    ) -> io::Result<()> {
        self.held.sort_unstable();
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(&self.ends);
        let file = self.file.take().map(Opened::from);
        let of_file = |(start, &end)| {
            let part = file.clone()?.starting_at(start).take(end - start);
            Some(Part::File(BufReader::with_capacity(BUFFER, part)))
        };
        let mut parts: Vec<Part> = ranges.filter_map(of_file).collect();
        parts.push(Part::Memory(std::mem::take(&mut self.held).into_iter()));
        let mut heap = BinaryHeap::with_capacity(parts.len());
        for (part, source) in parts.iter_mut().enumerate() {
            heap.extend(source.next()?.map(|(id, holder)| Next { id, holder, part }));
        }
        let mut first: Option<(Box<[u8]>, Holder)> = None;
        while let Some(next) = heap.pop() {
            match &first {
                _ if !counts(next.holder.shard) => {}
                Some((id, holder)) if *id == next.id => take(&String::from_utf8_lossy(id), *holder, next.holder),
                _ => first = Some((next.id, next.holder)),
            }
            let part = next.part;
            heap.extend(parts[part].next()?.map(|(id, holder)| Next { id, holder, part }));
        }
        Ok(())
    }
}

/// A sorted part.
enum Part {
    Memory(std::vec::IntoIter<(Box<[u8]>, Holder)>),
    File(BufReader<Take<Opened>>),
}

impl Part {
    fn next(&mut self) -> io::Result<Option<(Box<[u8]>, Holder)>> {
        match self {
            Self::Memory(held) => Ok(held.next()),
            Self::File(file) => read(file),
        }
    }
}

fn read(file: &mut BufReader<Take<Opened>>) -> io::Result<Option<(Box<[u8]>, Holder)>> {
    let mut length = [0; 8];
    match file.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = usize::try_from(u64::from_le_bytes(length)).map_err(io::Error::other)?;
    let mut id = vec![0; length].into_boxed_slice();
    let (mut shard, mut number, mut offset) = ([0; 4], [0; 8], [0; 8]);
    for field in [&mut id[..], &mut shard, &mut number, &mut offset] {
        file.read_exact(field)?;
    }
    let holder = Holder {
        shard: u32::from_le_bytes(shard),
        number: u64::from_le_bytes(number),
        offset: u64::from_le_bytes(offset),
    };
    Ok(Some((id, holder)))
}

/// What a part has next. The heap gives the greatest, so the order is turned round.
#[derive(PartialEq, Eq)]
struct Next {
    id: Box<[u8]>,
    holder: Holder,
    part: usize,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        (&other.id, other.holder, other.part).cmp(&(&self.id, self.holder, self.part))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clashes_are_the_same_whatever_is_held_in_memory() {
        let holder = |number: u64| Holder {
            shard: u32::try_from(number % 3).expect("small"),
            number,
            offset: number * 10,
        };
        let clashes = |most: usize| {
            let mut ids = Ids::within(most);
            for number in 0..500 {
                ids.push(&format!("id {}", number * 9 % 490), holder(number))
                    .expect("kept");
            }
            let parts = ids.ends.len();
            let mut found = Vec::new();
            ids.clashes(
                |_| true,
                |id, first, other| found.push((id.to_owned(), first.number, other.number)),
            )
            .expect("read");
            (found, parts)
        };
        let (all, none) = clashes(usize::MAX);
        assert_eq!((all.len(), none), (10, 0));
        assert_eq!(all[0], ("id 0".to_owned(), 0, 490));
        for most in [1, 1000] {
            let (found, parts) = clashes(most);
            assert_eq!(found, all);
            assert!(parts > 1);
        }
    }
}
