//! Shards: files of records, each of which is a text with what is known of it. They are read as a stream, once, and hashed on the way,
//! so that neither the size of a shard nor the number of its records takes memory.

mod ids;
mod jsonl;
#[cfg(feature = "parquet")]
mod rows;

use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use crate::corpus::{Opened, io_message};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::manifest::{Mapping, Value};

pub use ids::{Holder, Ids};
pub use jsonl::plain_line;

/// Names of Parquet files end so.
const PARQUET: &str = ".parquet";

/// What a folder is searched for to find shards.
pub fn globs() -> impl Iterator<Item = String> {
    endings().map(|ending| format!("**/*{ending}"))
}

/// Whether a name is that of a shard.
pub fn is_shard(name: &str) -> bool {
    endings().any(|ending| name.strip_suffix(&ending).is_some_and(|stem| !stem.is_empty()))
}

/// How the names of shards end.
fn endings() -> impl Iterator<Item = String> {
    let lines = jsonl::ENDINGS
        .iter()
        .flat_map(|ending| jsonl::PACKED.map(|packed| format!("{ending}{packed}")));
    lines.chain([PARQUET.to_owned()])
}

/// Which fields of a record are wanted: names, or paths in objects, as in `meta.title`.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// All of them.
    pub fields: Vec<String>,
    /// Which of them holds the text.
    pub text: usize,
    /// Which of them holds the name.
    pub id: Option<usize>,
}

impl Wanted {
    /// A text and its name.
    pub fn of(text: &str, id: &str) -> Self {
        Self {
            fields: vec![text.to_owned(), id.to_owned()],
            text: 0,
            id: Some(1),
        }
    }

    /// What a manifest maps, in the same order; `None` where it maps no text.
    pub fn mapped(mapping: &Mapping) -> Option<Self> {
        let place = |key: &str| mapping.fields.iter().position(|(name, _)| *name == key);
        Some(Self {
            fields: mapping.fields.iter().map(|(_, field)| field.value.clone()).collect(),
            text: place("text")?,
            id: place("id"),
        })
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its text.
    pub text: String,
    /// Its name, where it has one: a string, or a number as it is written.
    pub id: Option<String>,
    /// What its fields hold, in the order of [`Wanted::fields`]; nothing for its text.
    pub values: Vec<Option<Value>>,
}

impl Record {
    /// A field with an empty string says nothing.
    fn new(text: String, mut values: Vec<Option<Value>>, wanted: &Wanted) -> Self {
        let says = |value: &Value| !matches!(value, Value::Scalar(text) if text.is_empty());
        values.iter_mut().for_each(|value| *value = value.take().filter(says));
        let id = wanted.id.and_then(|id| match &values[id] {
            Some(Value::Scalar(id)) => Some(id.clone()),
            _ => None,
        });
        Self { text, id, values }
    }
}

/// Why something is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The line is too long to be read.
    TooLong,
    /// It is no JSON object, for this reason.
    NoJson(String),
    /// It lacks the field of its text.
    NoField(String),
    /// That field holds no string.
    NoString(String),
}

/// As a sentence about "it".
impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(
                f,
                "it is longer than {} bytes, the most that is read of a line",
                jsonl::LONGEST
            ),
            Self::NoJson(why) => write!(f, "it is no JSON object: {why}"),
            Self::NoField(name) => write!(f, "it has no field `{name}`"),
            Self::NoString(name) => write!(f, "its field `{name}` is no string"),
        }
    }
}

/// What stands where a record should.
#[derive(Clone, Debug)]
pub struct Item {
    /// The number of its line or row, from 1.
    pub number: u64,
    /// The byte that its line begins with, in the shard as it was before it was compressed.
    pub offset: Option<u64>,
    content: Result<Content, Wrong>,
}

#[derive(Clone, Debug)]
enum Content {
    /// A line that is still to be read.
    Line(Vec<u8>),
    /// A record of a file that is no text.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "JSONL has lines alone"))]
    Row(Record),
}

impl Item {
    /// How much memory it takes, about.
    pub fn size(&self) -> usize {
        match &self.content {
            Ok(Content::Line(line)) => line.len(),
            Ok(Content::Row(record)) => record.text.len(),
            Err(_) => 0,
        }
    }

    /// Reads the record.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(self, wanted: &Wanted) -> Result<Record, Wrong> {
        match self.content? {
            Content::Line(line) => Record::of_line(&line, wanted),
            Content::Row(record) => Ok(record),
        }
    }
}

/// A shard that is being read.
pub struct Shard<'a> {
    feed: Arc<Mutex<Feed<'a>>>,
    records: Records<'a>,
    ended: bool,
}

impl fmt::Debug for Shard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shard")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

enum Records<'a> {
    Lines(jsonl::Records<'a>),
    #[cfg(feature = "parquet")]
    Rows(rows::Rows),
    /// It cannot be read, for this reason.
    None(String),
}

/// Sees how many bytes were read; an error from it stops the read.
pub type Watch<'a> = &'a (dyn Fn(usize) -> io::Result<()> + Sync);

impl<'a> Shard<'a> {
    /// Opens a shard by what its name says that it is. What is wrong with it is told by [`Shard::next_item`].
    pub fn open(name: &str, file: Opened, wanted: &Wanted, watch: Watch<'a>) -> Self {
        let feed = Arc::new(Mutex::new(Feed {
            file,
            hasher: Hasher::new(Algorithm::Sha256),
            size: 0,
            watch,
        }));
        let records = match name {
            name if name.ends_with(PARQUET) => rows_of(&feed, wanted),
            name if is_shard(name) => match jsonl::unpacked(name, Tap(Arc::clone(&feed))) {
                Ok(lines) => Records::Lines(jsonl::Records::new(lines)),
                Err(error) => Records::None(io_message(&error)),
            },
            _ => Records::None(format!(
                "its name does not say what it is; let it end in {}",
                endings().collect::<Vec<_>>().join(", ")
            )),
        };
        let ended = false;
        Self { feed, records, ended }
    }

    /// What stands where the next record should.
    ///
    /// # Errors
    /// Why the shard cannot be read on; nothing comes after that.
    pub fn next_item(&mut self) -> Result<Option<Item>, String> {
        if self.ended {
            return Ok(None);
        }
        let next = match &mut self.records {
            Records::Lines(lines) => lines.next().map_err(|error| {
                let why = io_message(&error);
                format!(
                    "it breaks off in line {}, and what follows is lost: {why}",
                    lines.number()
                )
            }),
            #[cfg(feature = "parquet")]
            Records::Rows(rows) => rows.next(),
            Records::None(why) => Err(std::mem::take(why)),
        };
        self.ended = !matches!(next, Ok(Some(_)));
        next
    }

    /// The number of the line that was read last, where it has lines.
    pub fn line(&self) -> Option<u64> {
        match &self.records {
            Records::Lines(lines) => Some(lines.number()),
            _ => None,
        }
    }

    /// Reads what is left of the file; gives the SHA-256 of all its bytes, and how many there are.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> io::Result<(Digest, u64)> {
        drop(self.records);
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        if feed.size == 0 {
            // Whoever reads parts of the file has left it somewhere.
            feed.file.rewind();
        }
        let mut buffer = vec![0; crate::corpus::BUFFER];
        while feed.read(&mut buffer)? > 0 {}
        let hasher = std::mem::replace(&mut feed.hasher, Hasher::new(Algorithm::Sha256));
        Ok((hasher.finish(), feed.size))
    }
}

#[cfg(feature = "parquet")]
fn rows_of<'a>(feed: &Mutex<Feed<'_>>, wanted: &Wanted) -> Records<'a> {
    let file = feed.lock().unwrap_or_else(PoisonError::into_inner).file.clone();
    rows::Rows::open(file, wanted).map_or_else(Records::None, Records::Rows)
}

#[cfg(not(feature = "parquet"))]
fn rows_of<'a>(_: &Mutex<Feed<'_>>, _: &Wanted) -> Records<'a> {
    Records::None(
        "it is a Parquet file, and this program was built without them; build it with `cargo install vidimus --features parquet`".to_owned(),
    )
}

/// The bytes of a file on their way, hashed once each, in their order.
struct Feed<'a> {
    file: Opened,
    hasher: Hasher,
    size: u64,
    watch: Watch<'a>,
}

impl Read for Feed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        (self.watch)(read)?;
        self.hasher.update(&into[..read]);
        self.size += read as u64;
        Ok(read)
    }
}

/// Takes from a feed that somebody else finishes.
struct Tap<'a>(Arc<Mutex<Feed<'a>>>);

impl Read for Tap<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(into)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn shard(name: &str, bytes: &[u8]) -> (Vec<String>, Option<String>, (Digest, u64)) {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        let wanted = Wanted::of("text", "id");
        let mut shard = Shard::open(name, file.into(), &wanted, &|_| Ok(()));
        let mut texts = Vec::new();
        let end = loop {
            match shard.next_item() {
                Ok(Some(item)) => texts.extend(item.read(&wanted).map(|record| record.text)),
                Ok(None) => break None,
                Err(why) => break Some(why),
            }
        };
        assert!(matches!(shard.next_item(), Ok(None)));
        (texts, end, shard.finish().expect("read"))
    }

    #[test]
    fn the_digest_is_of_the_exact_bytes_however_the_reading_ends() {
        let lines = b"{\"text\": \"a\"}\nno\n{\"text\": \"b\"}\n";
        let packed = zstd::encode_all(&lines[..], 1).expect("packed");
        let cut = &packed[..packed.len() - 4];
        for (name, bytes, whole) in [
            ("a.jsonl", &lines[..], true),
            ("a.ndjson.zst", &packed, true),
            ("a.jsonl.zst", cut, false),
            ("a.jsonl.gz", &packed, false),
            ("a.csv", lines, false),
        ] {
            let (texts, end, (digest, size)) = shard(name, bytes);
            assert_eq!(end.is_none(), whole, "{name}: {end:?}");
            assert_eq!(texts.len() == 2, whole, "{name}");
            assert_eq!(digest, Algorithm::Sha256.digest(bytes), "{name}");
            assert_eq!(size, bytes.len() as u64, "{name}");
        }
    }

    #[test]
    fn shards_are_known_by_their_names() {
        let known = ["a.jsonl", "b.ndjson.gz", "c.jsonl.zst", "d.parquet"];
        assert!(known.into_iter().all(is_shard));
        assert!(
            !["a.json", "jsonl", ".jsonl", "a.jsonl.txt", "a.txt.gz"]
                .into_iter()
                .any(is_shard)
        );
        assert_eq!(globs().count(), 7);
    }

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn without_the_feature_a_parquet_file_says_so() {
        let (_, end, _) = shard("a.parquet", b"PAR1");
        assert!(end.is_some_and(|why| why.contains("--features parquet")));
    }
}
