//! The texts of records, for the comparison of passages: in memory as long as there is room, then in a temporary file.

use std::cmp::Ordering;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::again::Again;
use crate::checks::KnownRecords;
use crate::collection::spool::Spool;
use crate::error::Result;
use crate::finding::Record;
use crate::similarity::Texts;

/// So many bytes of the texts of records are held in memory.
const MEMORY: u64 = 64 << 20;

/// The texts of records, one behind the other, each behind its id and its [`Head`]. Of each, only its place is held in memory.
#[derive(Debug)]
pub(super) struct KeptTexts {
    /// Nothing is kept where there is none.
    spool: Option<Spool>,
    /// The shards, each with the number of its first text.
    shards: Vec<(String, usize)>,
    texts: Vec<Kept>,
}

/// Where a text is kept.
#[derive(Clone, Copy, Debug)]
struct Kept {
    start: u64,
    size: u64,
}

/// What stands before a text: where its record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    number: u64,
    /// Where its record begins, or `u64::MAX`.
    offset: u64,
    /// How many bytes its id has, which stands before this; `u64::MAX` where it has none.
    id: u64,
}

impl Head {
    const SIZE: u64 = 24;

    fn of(record: &Record) -> Self {
        Self {
            number: record.number,
            offset: record.offset.unwrap_or(u64::MAX),
            id: record.id.as_ref().map_or(u64::MAX, |id| id.len() as u64),
        }
    }

    fn written(self) -> [u8; Self::SIZE as usize] {
        let mut bytes = [0; Self::SIZE as usize];
        let (fields, _) = bytes.as_chunks_mut();
        for (field, value) in fields.iter_mut().zip([self.number, self.offset, self.id]) {
            *field = value.to_le_bytes();
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        match bytes.as_chunks().0 {
            [number, offset, id] => Some(Self {
                number: u64::from_le_bytes(*number),
                offset: u64::from_le_bytes(*offset),
                id: u64::from_le_bytes(*id),
            }),
            _ => None,
        }
    }
}

impl KeptTexts {
    /// Keeps texts, or nothing.
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            spool: wanted.then(|| Spool::new(MEMORY, &std::env::temp_dir())),
            shards: Vec::new(),
            texts: Vec::new(),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.texts.len()
    }

    /// Forgets texts from this one on.
    pub(super) fn forget_from(&mut self, text: usize) {
        self.texts.truncate(text);
    }

    /// Adds the text of a record. Those of one shard come behind each other.
    pub(super) fn push(&mut self, record: &Record, text: &[u8]) -> Result<()> {
        let Some(spool) = &mut self.spool else { return Ok(()) };
        if self.shards.last().is_none_or(|(shard, _)| *shard != record.shard) {
            self.shards.push((record.shard.clone(), self.texts.len()));
        }
        spool.push(record.id.as_deref().unwrap_or_default().as_bytes())?;
        spool.push(&Head::of(record).written())?;
        self.texts.push(Kept {
            start: spool.push(text)?,
            size: text.len() as u64,
        });
        Ok(())
    }

    /// Makes them readable.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.texts.shrink_to_fit();
        self.spool.as_mut().map_or(Ok(()), Spool::finish)
    }

    fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let kept = &self.texts[text];
        let spool = self.spool.as_ref().ok_or(io::ErrorKind::NotFound)?;
        spool.read(kept.start + part.start..kept.start + part.end, into)
    }

    /// What stands before a text, from so many bytes before it on.
    fn before(&self, text: usize, part: Range<u64>) -> Option<Vec<u8>> {
        let kept = self.texts.get(text)?;
        let mut bytes = Vec::new();
        let part = kept.start.checked_sub(part.end)?..kept.start.checked_sub(part.start)?;
        self.spool.as_ref()?.read(part, &mut bytes).ok()?;
        Some(bytes)
    }

    fn head(&self, text: usize) -> Option<Head> {
        Head::read(&self.before(text, 0..Head::SIZE)?)
    }

    /// The texts of a shard.
    fn texts_of(&self, shard: &str) -> Option<Range<usize>> {
        let at = self.shards.iter().position(|(name, _)| name == shard)?;
        let end = self.shards.get(at + 1).map_or(self.texts.len(), |(_, first)| *first);
        Some(self.shards[at].1..end)
    }

    /// The text of a record.
    pub(super) fn text_of(&self, record: &Record) -> Option<Vec<u8>> {
        let Range { mut start, mut end } = self.texts_of(&record.shard)?;
        while start < end {
            let middle = start + (end - start) / 2;
            match self.head(middle)?.number.cmp(&record.number) {
                Ordering::Less => start = middle + 1,
                Ordering::Greater => end = middle,
                Ordering::Equal => {
                    let mut bytes = Vec::new();
                    self.read(middle, 0..self.texts[middle].size, &mut bytes).ok()?;
                    return Some(bytes);
                }
            }
        }
        None
    }
}

impl KnownRecords for KeptTexts {
    fn record(&self, number: usize) -> Option<Arc<Record>> {
        let head = self.head(number)?;
        let id = || self.before(number, Head::SIZE..Head::SIZE.checked_add(head.id)?);
        let shard = self
            .shards
            .partition_point(|(_, first)| *first <= number)
            .checked_sub(1)?;
        Some(Arc::new(Record {
            shard: self.shards[shard].0.clone(),
            number: head.number,
            id: id().map(|id| String::from_utf8_lossy(&id).into_owned()),
            offset: (head.offset != u64::MAX).then_some(head.offset),
        }))
    }
}

/// The texts of entries, and behind them those of records.
pub(super) struct All<'a> {
    pub(super) again: &'a Again<'a>,
    pub(super) records: &'a KeptTexts,
}

impl All<'_> {
    fn record(&self, text: usize) -> Option<usize> {
        text.checked_sub(self.again.count())
    }
}

impl Texts for All<'_> {
    fn count(&self) -> usize {
        self.again.count() + self.records.count()
    }

    fn size(&self, text: usize) -> u64 {
        match self.record(text) {
            Some(record) => self.records.texts[record].size,
            None => self.again.size(text),
        }
    }

    fn is_near(&self, text: usize) -> bool {
        self.record(text).is_some()
    }

    fn name(&self, text: usize) -> String {
        match self.record(text) {
            Some(record) => self
                .records
                .record(record)
                .map_or_else(String::new, |record| record.path()),
            None => self.again.name(text),
        }
    }

    fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        match self.record(text) {
            Some(record) => self.records.read(record, part, into),
            None => self.again.read(text, part, into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(shard: &str, number: u64, id: Option<&str>) -> Record {
        Record {
            shard: shard.to_owned(),
            number,
            id: id.map(str::to_owned),
            offset: Some(number * 100),
        }
    }

    #[test]
    fn texts_and_names_are_read_back() {
        let mut kept = KeptTexts::new(true);
        let records = [
            record("a", 1, Some("x")),
            record("a", 7, None),
            record("b", 1, Some("")),
        ];
        for (record, text) in records.iter().zip(["one", "", "three"]) {
            kept.push(record, text.as_bytes()).expect("kept");
        }
        kept.finish().expect("kept");
        for (number, (record, text)) in records.iter().zip(["one", "", "three"]).enumerate() {
            assert_eq!(kept.record(number).as_deref(), Some(record));
            assert_eq!(kept.text_of(record).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(kept.text_of(&record("a", 2, None)), None);
        kept.forget_from(2);
        assert_eq!((kept.count(), kept.record(2)), (2, None));
        kept.push(&records[2], b"again").expect("kept");
        assert_eq!(kept.text_of(&records[2]).as_deref(), Some(&b"again"[..]));
    }
}
