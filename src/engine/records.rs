//! The texts of records, for the comparison of passages: in memory as long as there is room, then in a temporary file.

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

/// The texts of records, one behind the other, each behind its id.
#[derive(Debug)]
pub(super) struct KeptTexts {
    /// Nothing is kept where there is none.
    spool: Option<Spool>,
    shards: Vec<String>,
    texts: Vec<Kept>,
}

/// Where a text is kept.
#[derive(Clone, Copy, Debug)]
struct Kept {
    start: u64,
    size: u64,
    number: u64,
    /// Where its record begins, or `u64::MAX`.
    offset: u64,
    shard: u32,
    /// How many bytes its id has, which stands before it; `u32::MAX` where it has none.
    id: u32,
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
        if self.shards.last() != Some(&record.shard) {
            self.shards.push(record.shard.clone());
        }
        let id = record.id.as_ref().map(|id| id.as_bytes());
        spool.push(id.unwrap_or_default())?;
        let start = spool.push(text)?;
        self.texts.push(Kept {
            start,
            size: text.len() as u64,
            number: record.number,
            offset: record.offset.unwrap_or(u64::MAX),
            shard: u32::try_from(self.shards.len() - 1).unwrap_or(u32::MAX),
            id: id.map_or(u32::MAX, |id| u32::try_from(id.len()).unwrap_or(u32::MAX)),
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

    /// The text of a record.
    pub(super) fn text_of(&self, record: &Record) -> Option<Vec<u8>> {
        let shard = self.shards.iter().position(|shard| *shard == record.shard)?;
        let place = |kept: &Kept| (kept.shard as usize, kept.number);
        let text = self.texts.binary_search_by_key(&(shard, record.number), place).ok()?;
        let mut bytes = Vec::new();
        self.read(text, 0..self.texts[text].size, &mut bytes).ok()?;
        Some(bytes)
    }
}

impl KnownRecords for KeptTexts {
    fn record(&self, number: usize) -> Option<Arc<Record>> {
        let kept = self.texts.get(number)?;
        let mut id = None;
        if kept.id != u32::MAX {
            let mut bytes = Vec::new();
            let spool = self.spool.as_ref()?;
            spool
                .read(kept.start - u64::from(kept.id)..kept.start, &mut bytes)
                .ok()?;
            id = Some(String::from_utf8_lossy(&bytes).into_owned());
        }
        Some(Arc::new(Record {
            shard: self.shards.get(kept.shard as usize)?.clone(),
            number: kept.number,
            id,
            offset: (kept.offset != u64::MAX).then_some(kept.offset),
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
    }
}
