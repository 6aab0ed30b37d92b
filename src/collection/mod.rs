//! Texts wherever they are, a file each or a record each of a shard, in one order and read in parts: what near-duplicates
//! are looked for in.

mod find;
pub(crate) mod spool;

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use find::{File, Finds};
use spool::Spool;

use crate::corpus::Library;
use crate::error::Result;
use crate::manifest::Mapping;
use crate::records::{self, Item, Wanted, Wrong};
use crate::similarity::{Progress, Texts};
use crate::stop::Stop;

/// What to gather, and by what means.
#[derive(Clone, Copy, Debug)]
pub struct Gather<'a> {
    /// Folders, files, shards, manifests.
    pub paths: &'a [PathBuf],
    /// The field of a record that holds its text.
    pub text_field: &'a str,
    /// The field of a record that holds its name.
    pub id_field: &'a str,
    /// So many bytes of the texts of records are held in memory.
    pub memory: u64,
    /// Where the others are written to.
    pub temporary: &'a Path,
    /// Where to tell how far the reading of shards is.
    pub progress: Option<&'a dyn Progress>,
    /// Whether to stop.
    pub stop: Stop<'a>,
}

/// Texts, by path, and by line within a shard.
#[derive(Debug)]
pub struct Collection {
    files: Vec<File>,
    libraries: Vec<Library>,
    texts: Vec<Text>,
    /// What records are called, one behind the other.
    ids: String,
    spool: Spool,
    left_out: Vec<LeftOut>,
}

/// Where a text is.
#[derive(Debug)]
struct Text {
    file: u32,
    /// The line of its record, from 1; 0 where it is the file.
    record: u64,
    /// Its first byte in the spool, or 0.
    start: u64,
    size: u64,
    /// Where what it is called ends in [`Collection::ids`]; it begins where that of the text before ends, and no name is empty.
    id_end: usize,
}

/// How a report names a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name<'a> {
    /// The path of its file.
    pub path: &'a str,
    /// The line of its record, from 1, where it is one.
    pub record: Option<u64>,
    /// What the record is called, where it says.
    pub id: Option<&'a str>,
}

/// As `path` or `path:line`.
impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)?;
        self.record.map_or(Ok(()), |record| write!(f, ":{record}"))
    }
}

/// Something that was not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The path of the file.
    pub path: String,
    /// The line of the record, from 1, where it is one.
    pub record: Option<u64>,
    /// Why, as a sentence about "it".
    pub why: String,
    /// How many it stands for: 1, but for the last of many lines of one shard.
    pub count: u64,
}

impl LeftOut {
    /// Sorts by path and line; what speaks of a whole shard comes behind its lines.
    pub fn sort(all: &mut [Self]) {
        let line = |one: &Self| one.record.unwrap_or(u64::MAX);
        all.sort_by(|a, b| (&a.path, line(a), &a.why).cmp(&(&b.path, line(b), &b.why)));
    }

    /// A file that is left out.
    pub fn file(path: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            record: None,
            why: why.into(),
            count: 1,
        }
    }
}

/// The text of a record of a shard, and what it is called, from its line; `None` where the line is blank.
///
/// # Errors
/// Why it is no record, as a sentence about "it".
pub fn record(line: &[u8], is_first: bool, wanted: &Wanted) -> Result<Option<records::Record>, String> {
    let line = records::plain_line(line, is_first);
    let read = line.map(|line| records::Record::of_line(line, wanted));
    read.transpose().map_err(|wrong| why(&wrong, true))
}

/// Why there is no record, as a sentence about "it". Where the user has named the field of the text, or may, it says so.
fn why(wrong: &Wrong, is_named: bool) -> String {
    match wrong {
        Wrong::NoField(_) if is_named => format!("{wrong}; name the one that holds the text with `--text-field`"),
        _ => wrong.to_string(),
    }
}

/// So many lines of one shard are named that are left out; the others are counted.
const NAMED: usize = 1000;

impl Collection {
    /// Finds texts, and reads the shards among them.
    ///
    /// # Errors
    /// Where something is named that is not there, a manifest cannot be read, or a temporary file cannot be written; and
    /// where somebody wants it to stop. A text that cannot be read is left out instead.
    pub fn gather(gather: &Gather<'_>) -> Result<Self> {
        let Finds {
            files,
            libraries,
            left_out,
        } = Finds::of(gather.paths)?;
        let mut collection = Self {
            texts: Vec::with_capacity(files.len()),
            ids: String::new(),
            spool: Spool::new(gather.memory, gather.temporary),
            files,
            libraries,
            left_out,
        };
        let shards = || collection.files.iter().filter(|file| records::is_shard(&file.shown));
        let bytes = shards().map(|file| collection.size_of(file)).sum();
        gather.progress.inspect(|progress| progress.begin(bytes));
        let taken = (0..collection.files.len()).try_for_each(|file| collection.take(file, gather));
        gather.progress.inspect(|progress| progress.end());
        taken?;
        collection.texts.shrink_to_fit();
        collection.ids.shrink_to_fit();
        LeftOut::sort(&mut collection.left_out);
        collection.spool.finish()?;
        Ok(collection)
    }

    /// How reports name a text.
    pub fn name_of(&self, text: usize) -> Name<'_> {
        let id_start = text.checked_sub(1).map_or(0, |before| self.texts[before].id_end);
        let text = &self.texts[text];
        Name {
            path: &self.files[text.file as usize].shown,
            record: (text.record > 0).then_some(text.record),
            id: Some(&self.ids[id_start..text.id_end]).filter(|id| !id.is_empty()),
        }
    }

    /// Adds a text. `at` is the line of its record and where that is kept, or 0 and 0.
    fn push(&mut self, file: usize, at: (u64, u64), size: u64) {
        let (record, start) = at;
        self.texts.push(Text {
            file: u32::try_from(file).unwrap_or(u32::MAX),
            record,
            start,
            size,
            id_end: self.ids.len(),
        });
    }

    /// What could not be read so far, by path.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// How many bytes of texts it holds in memory.
    pub fn held(&self) -> u64 {
        self.spool.held()
    }

    fn library_of(&self, file: &File) -> &Library {
        &self.libraries[file.library as usize]
    }

    fn size_of(&self, file: &File) -> u64 {
        self.library_of(file).size(file.below())
    }

    fn take(&mut self, index: usize, gather: &Gather<'_>) -> Result<()> {
        gather.stop.heed()?;
        let file = &self.files[index];
        if records::is_shard(&file.shown) {
            return self.take_shard(index, gather);
        }
        match self.library_of(file).open(file.below()) {
            Ok((_, state)) => self.push(index, (0, 0), state.size()),
            Err(refusal) => {
                let left_out = LeftOut::file(&*file.shown, refusal.reason());
                self.left_out.push(left_out);
            }
        }
        Ok(())
    }

    fn take_shard(&mut self, index: usize, gather: &Gather<'_>) -> Result<()> {
        let file = &self.files[index];
        let shown = file.shown.clone();
        let opened = match self.library_of(file).open(file.below()) {
            Ok((opened, _)) => opened,
            Err(refusal) => {
                self.left_out.push(LeftOut::file(shown, refusal.reason()));
                return Ok(());
            }
        };
        let wanted = gather.wanted_of(self.files[index].mapping.as_deref());
        let advance = |read: usize| {
            gather.progress.inspect(|progress| progress.advance(read as u64));
            Ok(())
        };
        let mut records = records::Shard::open(&shown, opened, &wanted, &advance);
        let mut shard = Shard {
            collection: self,
            index,
            bad: 0,
        };
        let end = shard.read(&mut records, &wanted, gather)?;
        shard.close(records.line(), end);
        Ok(())
    }
}

impl Gather<'_> {
    /// Which fields are read of the records of a shard: those that a manifest names, or those that the user does.
    fn wanted_of(&self, mapping: Option<&Mapping>) -> Wanted {
        let own = || Wanted::of(self.text_field, self.id_field);
        mapping.and_then(Wanted::mapped).unwrap_or_else(own)
    }
}

/// A shard that is being read.
struct Shard<'a> {
    collection: &'a mut Collection,
    index: usize,
    /// How many lines were left out.
    bad: u64,
}

impl Shard<'_> {
    /// Reads all records. Gives why it ended early, where it did.
    fn read(&mut self, shard: &mut records::Shard<'_>, wanted: &Wanted, gather: &Gather<'_>) -> Result<Option<String>> {
        loop {
            gather.stop.heed()?;
            match shard.next_item() {
                Err(why) => return Ok(Some(why)),
                Ok(None) => return Ok(None),
                Ok(Some(item)) => self.take(item, wanted)?,
            }
        }
    }

    fn take(&mut self, item: Item, wanted: &Wanted) -> Result<()> {
        let number = item.number;
        match item.read(wanted) {
            Ok(record) => self.add(number, record),
            Err(wrong) => {
                let is_named = self.collection.files[self.index].mapping.is_none();
                self.leave_out(number, why(&wrong, is_named));
                Ok(())
            }
        }
    }

    fn add(&mut self, number: u64, record: records::Record) -> Result<()> {
        let start = self.collection.spool.push(record.text.as_bytes())?;
        self.collection.ids.push_str(record.id.as_deref().unwrap_or_default());
        self.collection
            .push(self.index, (number, start), record.text.len() as u64);
        Ok(())
    }

    fn leave_out(&mut self, number: u64, why: String) {
        self.bad += 1;
        if self.bad <= NAMED as u64 {
            self.note(Some(number), why, 1);
        }
    }

    fn note(&mut self, record: Option<u64>, why: String, count: u64) {
        let path = String::from(&*self.collection.files[self.index].shown);
        self.collection.left_out.push(LeftOut {
            path,
            record,
            why,
            count,
        });
    }

    /// Says of the shard as a whole what is to be said.
    fn close(&mut self, line: Option<u64>, end: Option<String>) {
        if let Some(why) = end {
            self.note(line, why, 1);
        }
        if let Some(more) = self.bad.checked_sub(NAMED as u64).filter(|more| *more > 0) {
            self.note(
                None,
                format!("it has {more} more lines that are no records with a text"),
                more,
            );
        }
    }
}

impl Texts for Collection {
    fn count(&self) -> usize {
        self.texts.len()
    }

    fn size(&self, text: usize) -> u64 {
        self.texts[text].size
    }

    fn is_near(&self, text: usize) -> bool {
        self.texts[text].record > 0
    }

    fn name(&self, text: usize) -> String {
        self.name_of(text).to_string()
    }

    fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let text = &self.texts[text];
        if text.record > 0 {
            return self.spool.read(text.start + part.start..text.start + part.end, into);
        }
        let file = &self.files[text.file as usize];
        let opened = self.library_of(file).open_at(file.below(), part.clone());
        let (opened, state) = opened.map_err(|refusal| io::Error::other(refusal.reason()))?;
        if state.size() != text.size {
            return Err(io::Error::other("it changes while it is read"));
        }
        opened.read_part(part, into)
    }
}
