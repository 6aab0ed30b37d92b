//! Where texts are kept: a folder, or a bucket of an object store. Whoever reads texts asks for no more than this, so that the rest knows
//! nothing of either.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use globset::GlobSet;

use super::bucket::{Bucket, Unreached};
use super::discover::{FileKind, Listing};
use super::folder::Folder;
use crate::error::io_message;
use crate::manifest::LinkPolicy;
use crate::object::{self, Address};

/// Something that holds texts by their paths.
pub(super) trait Storage: fmt::Debug + Send + Sync {
    /// What a text is like.
    fn state(&self, path: &str) -> Result<State, Refusal>;
    /// Opens a text. The part is what will be read first, for a storage that sends it along.
    fn open(&self, path: &str, part: Range<u64>) -> Result<(Opened, State), Refusal>;
    /// What `include` matches and `exclude` does not.
    fn list(&self, include: &[&str], exclude: &GlobSet) -> Listing;
}

/// The bytes of an open text.
pub(super) trait Bytes: fmt::Debug + Send + Sync {
    /// Reads some bytes from a place on, none at the end.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;
    /// What the text is like by now.
    fn state(&self) -> io::Result<State>;
    /// The file that it is, for who needs one.
    fn file(&self) -> io::Result<File>;
}

/// The storage of a root.
pub(super) fn at(root: &Path, links: LinkPolicy) -> Arc<dyn Storage> {
    match Address::of(root).map(Bucket::at) {
        None => Arc::new(Folder::at(root, links)),
        Some(Ok(bucket)) => Arc::new(bucket),
        Some(Err(error)) => Arc::new(Unreached(error)),
    }
}

/// What stands at a path that a user names: its kind, without following a link.
///
/// # Errors
/// What the system or the store says.
pub fn kind_at(path: &Path) -> io::Result<FileKind> {
    match Address::of(path) {
        None => path.symlink_metadata().map(|data| FileKind::of(data.file_type())),
        Some(address) if address.is_folder() => Ok(FileKind::Folder),
        Some(address) => {
            object::Bucket::named(address.bucket)?.look(address.key)?;
            Ok(FileKind::Regular)
        }
    }
}

/// A text that was opened, to be read from its first byte on, or in parts.
#[derive(Clone, Debug)]
pub struct Opened {
    bytes: Arc<dyn Bytes>,
    /// The byte that is read next.
    at: u64,
}

impl Opened {
    pub(super) fn new(bytes: impl Bytes + 'static) -> Self {
        Self {
            bytes: Arc::new(bytes),
            at: 0,
        }
    }

    /// What it is like by now.
    ///
    /// # Errors
    /// What the system says.
    pub fn state(&self) -> io::Result<State> {
        self.bytes.state()
    }

    /// Goes back to the first byte.
    pub fn rewind(&mut self) {
        self.at = 0;
    }

    /// Goes to a byte.
    #[must_use]
    pub fn starting_at(mut self, at: u64) -> Self {
        self.at = at;
        self
    }

    /// Reads a part in place of what is in the buffer.
    ///
    /// # Errors
    /// What the system says, also where the text ends too early.
    pub fn read_part(&self, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let length = usize::try_from(part.end.saturating_sub(part.start)).map_err(io::Error::other)?;
        into.clear();
        into.resize(length, 0);
        self.clone().starting_at(part.start).read_exact(into)
    }

    /// The file that it is, for who needs one.
    ///
    /// # Errors
    /// Where it is no file, and what the system says.
    pub fn file(&self) -> io::Result<File> {
        self.bytes.file()
    }
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read_at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// A file is a text at once, for tests and for who has opened one himself.
impl From<File> for Opened {
    fn from(file: File) -> Self {
        Self::new(file)
    }
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing at that path.
    Missing,
    /// It is no regular file.
    Special(FileKind),
    /// It is a symbolic link, or a folder above it is one, and the policy forbids that. Names the link.
    Link(String),
    /// It leads out of the root.
    Outside,
    /// The system refuses, with what it said.
    Unreadable(String),
    /// It changed while it was read, twice.
    Changed,
}

impl Refusal {
    /// The reason as a sentence about "it", the file.
    pub fn reason(&self) -> String {
        match self {
            Self::Missing => "it is not there".to_owned(),
            Self::Special(kind) => format!("it is {}, and is not opened", kind.noun()),
            Self::Link(link) => format!("it is reached through the symbolic link {link}, which is not followed"),
            Self::Outside => "it is a link out of its folder".to_owned(),
            Self::Unreadable(why) => format!("it cannot be read: {why}"),
            Self::Changed => "it changes while it is read".to_owned(),
        }
    }

    /// The same as an error of the system.
    pub(super) fn error(&self) -> io::Error {
        io::Error::other(match self {
            Self::Missing => "it is gone",
            Self::Special(_) => "it is no regular file any more",
            Self::Link(_) | Self::Outside => "it is reached by a link that may not be followed",
            Self::Unreadable(why) => why,
            Self::Changed => "it has changed since it was read",
        })
    }

    /// What an error of the system or of a store means.
    pub fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            _ if object::says_changed(error) => Self::Changed,
            _ => Self::Unreadable(io_message(error)),
        }
    }
}

/// What must not change between two looks at a file: its size, its time of modification, and which file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    size: u64,
    modified: Option<SystemTime>,
    identity: (u64, u64),
}

impl State {
    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn of(data: &Metadata) -> Self {
        Self {
            size: data.len(),
            modified: data.modified().ok(),
            identity: identity(data),
        }
    }
}

impl From<object::Seen> for State {
    fn from(seen: object::Seen) -> Self {
        Self {
            size: seen.size,
            modified: Some(seen.modified),
            identity: seen.version,
        }
    }
}

#[cfg(unix)]
fn identity(data: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (data.dev(), data.ino())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
