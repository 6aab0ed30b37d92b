//! What was seen of the shards of records, as the rules ask for it: plain data of a bounded size, whatever the shards hold.

use std::fmt;
use std::sync::Arc;

use crate::finding::Record;
use crate::records::Wrong;

/// A shard of records as it was read.
#[derive(Clone, Debug, Default)]
pub struct SeenShard {
    /// The number of its entry.
    pub entry: usize,
    /// How many records with a text it has, as far as it could be read.
    pub records: u64,
    /// Why it was not read to its end, as a sentence about "it".
    pub end: Option<String>,
    /// What stands where a record should; the first of it.
    pub wrong: Vec<WrongRecord>,
    /// How many more there are.
    pub more_wrong: u64,
    /// The keys of the manifest whose fields no record has.
    pub unmet: Vec<&'static str>,
}

/// Something that should be a record and is none.
#[derive(Clone, Debug)]
pub struct WrongRecord {
    /// Where it is.
    pub record: Arc<Record>,
    /// Why it is none.
    pub why: Wrong,
}

/// Records that can be named by number, from 0.
pub trait KnownRecords: fmt::Debug + Sync {
    /// The record of that number.
    fn record(&self, number: usize) -> Option<Arc<Record>>;
}
