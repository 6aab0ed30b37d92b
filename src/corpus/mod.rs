//! A corpus: its manifest, its root, and what stands there.

mod bucket;
mod budget;
mod discover;
mod folder;
mod read;
mod storage;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

pub use crate::error::io_message;
pub use budget::{Budget, Room};
pub use discover::{FileKind, Found, Listing, discover, discover_matching, slashed, would_find};
pub use read::{BUFFER, Library, Order, Reading};
pub use storage::{Opened, Refusal, State, kind_at};

use crate::digest::Digest;
use crate::error::Result;
use crate::journal;
use crate::manifest::{Entry, Manifest};
use crate::signature::EXTENSION;

/// A larger text is verified, but not looked into, in bytes: checks need a text whole, in memory.
pub const LARGEST_TEXT: u64 = 1 << 30;

/// What a folder without a manifest is searched for.
pub const TEXT_GLOBS: [&str; 3] = ["**/*.txt", "**/*.text", "**/*.md"];

/// A manifest, and the folder that its paths are relative to.
#[derive(Debug)]
pub struct Corpus {
    /// What is recorded.
    pub manifest: Manifest,
    /// The folder of the manifest.
    pub root: PathBuf,
    /// Files that are read in place of texts, by the path of the text: what a change would make of them.
    pub instead: HashMap<String, PathBuf>,
}

impl Corpus {
    /// Opens the corpus of a manifest.
    ///
    /// # Errors
    /// Where the manifest cannot be read as YAML, and where an interrupted change has left the corpus between two states.
    pub fn open(manifest: &Path) -> Result<Self> {
        journal::refuse_pending(Self::root_of(manifest))?;
        Ok(Self {
            manifest: Manifest::open(manifest)?,
            root: Self::root_of(manifest).to_owned(),
            instead: HashMap::new(),
        })
    }

    /// The folder that the paths of a manifest are relative to.
    pub fn root_of(manifest: &Path) -> &Path {
        manifest.parent().unwrap_or(Path::new(""))
    }

    /// What stands in the root that the globs of the manifest match, without the manifest and its signature.
    pub fn discover(&self) -> Listing {
        let mut listing = discover(&self.root, &self.manifest.corpus);
        let files = &self.manifest.files;
        let signature = files.first().map(|file| format!("{}.{EXTENSION}", file.name()));
        let own: Vec<&str> = files
            .iter()
            .map(|file| file.name())
            .chain(signature.as_deref())
            .collect();
        listing.files.retain(|found| !own.contains(&found.path.as_str()));
        listing
    }

    /// Reads by the rules of the manifest.
    pub fn library(&self) -> Library {
        let mut library = Library::new(&self.root, self.manifest.corpus.links);
        library.instead.clone_from(&self.instead);
        library
    }
}

/// What became of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fixity {
    /// The bytes have the recorded digest, and every further digest.
    Verified,
    /// The bytes have another digest than the one on record.
    Mismatch,
    /// The bytes were read, but nothing usable is on record to verify them against.
    Unverifiable,
    /// The bytes were not read.
    Refused(Refusal),
    /// The run was not asked to look at it.
    Skipped,
}

/// One entry as it was found.
#[derive(Clone, Debug)]
pub struct Observed {
    /// What became of it.
    pub fixity: Fixity,
    /// The digests of the present bytes, in the order of [`Entry::algorithms`]; empty where they were not read.
    pub digests: Vec<Digest>,
    /// The size of the present bytes.
    pub size: u64,
    /// The path that was read, where it differs from the recorded one by case or Unicode form.
    pub read_as: Option<String>,
    /// Whether its bytes were at hand for the checks of one text: not where a digest was all that was wanted, nor where
    /// the text is too large.
    pub examined: bool,
    /// Why nobody has looked into a text that was to be looked into.
    pub unread: Option<Unread>,
    /// How many texts it stands for: one, or the records of a shard, as far as they could be read.
    pub texts: u64,
}

/// Why a text is not looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It has more bytes than [`LARGEST_TEXT`].
    Bytes,
    /// It has so many lines, which are too many.
    Lines(usize),
}

impl Unread {
    /// What it has too many of.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Lines(_) => "lines",
        }
    }
}

impl Observed {
    /// An entry that was not read.
    pub fn refused(refusal: Refusal) -> Self {
        Self::unread(Fixity::Refused(refusal))
    }

    /// An entry that was passed over.
    pub fn skipped() -> Self {
        Self::unread(Fixity::Skipped)
    }

    fn unread(fixity: Fixity) -> Self {
        Self {
            fixity,
            digests: Vec::new(),
            size: 0,
            read_as: None,
            examined: false,
            unread: None,
            texts: 1,
        }
    }

    /// An entry whose bytes were read, compared with what is on record.
    pub fn compared(entry: &Entry, digests: Vec<Digest>, size: u64) -> Self {
        let further = entry.digests.iter().filter_map(|recorded| recorded.digest);
        let fixity = match entry.digest() {
            None => Fixity::Unverifiable,
            Some(digest) if !digests.contains(&digest) => Fixity::Mismatch,
            Some(_) if further.into_iter().any(|digest| !digests.contains(&digest)) => Fixity::Mismatch,
            Some(_) => Fixity::Verified,
        };
        Self {
            fixity,
            digests,
            size,
            read_as: None,
            examined: false,
            unread: None,
            texts: 1,
        }
    }

    /// A record of a shard that has such bytes. They are verified with their shard.
    pub fn record(size: u64) -> Self {
        Self {
            size,
            examined: true,
            ..Self::unread(Fixity::Skipped)
        }
    }

    /// The SHA-256 of the present bytes.
    pub fn sha256(&self) -> Option<Digest> {
        self.digests.first().copied()
    }
}
