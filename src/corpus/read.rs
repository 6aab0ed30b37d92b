//! Reading one text: never a pipe or a device, never out of the root, and never half of a change.

use std::collections::HashMap;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::time::SystemTime;

use super::discover::FileKind;
use crate::digest::{Algorithm, Digest, digest_reader};
use crate::error::io_message;
use crate::manifest::LinkPolicy;

/// How many bytes one read asks for: enough that the calls cost nothing, small enough to stay in the cache.
pub const BUFFER: usize = 256 * 1024;

/// What was read of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The digests that were asked for, in their order.
    pub digests: Vec<Digest>,
    /// The size in bytes.
    pub size: u64,
    /// The bytes, where they were asked for.
    pub bytes: Option<Vec<u8>>,
    /// What the file was like.
    pub state: State,
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
}

/// Where texts are, and by what rules they may be reached.
#[derive(Debug)]
pub struct Library {
    root: PathBuf,
    real_root: Option<PathBuf>,
    links: LinkPolicy,
    /// Files that are read in place of texts.
    pub(crate) instead: HashMap<String, PathBuf>,
    /// For each folder that was asked about, the link at or above it.
    folders: RwLock<HashMap<String, Option<String>>>,
}

/// What to read.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The digests wanted.
    pub algorithms: &'a [Algorithm],
    /// Keep the bytes of files up to this size.
    pub keep: u64,
}

/// What must not change between two looks at a file: its size, its time of modification, and which file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    size: u64,
    modified: Option<SystemTime>,
    identity: (u64, u64),
}

impl Library {
    /// The texts below a root.
    pub fn new(root: &Path, links: LinkPolicy) -> Self {
        let root = if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        };
        Self {
            root: root.to_owned(),
            real_root: root.canonicalize().ok(),
            links,
            instead: HashMap::new(),
            folders: RwLock::default(),
        }
    }

    /// The root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The size of a text in bytes, as far as the system tells; 0 where it does not.
    pub fn size(&self, path: &str) -> u64 {
        let own = || self.root.join(path);
        let data = fs::metadata(self.instead.get(path).cloned().unwrap_or_else(own));
        data.map_or(0, |data| if data.is_file() { data.len() } else { 0 })
    }

    /// Opens a text, for whoever reads it himself; says too what it is like.
    ///
    /// # Errors
    /// Why it was not opened.
    pub fn open(&self, path: &str) -> Result<(File, State), Refusal> {
        let (place, _) = self.locate(path)?;
        let file = open(&place)?;
        let data = file.metadata().map_err(|error| unreadable(&error))?;
        regular(place, data).map(|(_, data)| (file, State::of(&data)))
    }

    /// Reads a text, once more where it changed on the way.
    ///
    /// `watch` sees each piece that was read; an error from it stops the read.
    ///
    /// # Errors
    /// Why it was not read.
    pub fn read(
        &self,
        path: &str,
        order: Order<'_>,
        buffer: &mut [u8],
        mut watch: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<Reading, Refusal> {
        for _ in 0..2 {
            if let Some(reading) = self.read_once(path, order, buffer, &mut watch)? {
                return Ok(reading);
            }
        }
        Err(Refusal::Changed)
    }

    fn read_once(
        &self,
        path: &str,
        order: Order<'_>,
        buffer: &mut [u8],
        watch: &mut impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<Option<Reading>, Refusal> {
        let (place, data) = self.locate(path)?;
        let before = State::of(&data);
        let mut file = open(&place)?;
        let mut kept =
            (before.size <= order.keep).then(|| Vec::with_capacity(usize::try_from(before.size).unwrap_or(0)));
        // A file that grows meanwhile is read to its end for the digest, and not kept beyond the bound.
        let keep = |piece: &[u8]| {
            if let Some(kept) = kept.as_mut().filter(|kept| kept.len() as u64 <= before.size) {
                kept.extend_from_slice(piece);
            }
            watch(piece)
        };
        let (digests, size) = digest_reader(&mut file, order.algorithms, Some(before.size), buffer, keep)
            .map_err(|error| unreadable(&error))?;
        let after = file.metadata().map_err(|error| unreadable(&error))?;
        let steady = State::of(&after) == before && size == before.size;
        Ok(steady.then_some(Reading {
            digests,
            size,
            bytes: kept,
            state: before,
        }))
    }

    /// Reads a part of a text again that was read before, in place of what is in the buffer.
    ///
    /// # Errors
    /// Where it may not be read any more, or is not as it was.
    pub fn read_part(&self, path: &str, seen: State, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let (place, _) = self.locate(path).map_err(|refusal| refusal.error())?;
        let mut file = open(&place).map_err(|refusal| refusal.error())?;
        if State::of(&file.metadata()?) != seen {
            return Err(Refusal::Changed.error());
        }
        let short = |_| io::Error::from(io::ErrorKind::UnexpectedEof);
        into.clear();
        into.resize(usize::try_from(part.end - part.start).map_err(short)?, 0);
        file.seek(SeekFrom::Start(part.start))?;
        file.read_exact(into)
    }

    /// Whether a text is as it was, as far as its size, time and identity tell.
    pub fn is_as_it_was(&self, path: &str, seen: State) -> bool {
        self.locate(path).is_ok_and(|(_, data)| State::of(&data) == seen)
    }

    /// The real place of a text and what stands there, after the policy on links.
    fn locate(&self, path: &str) -> Result<(PathBuf, Metadata), Refusal> {
        if let Some(place) = self.instead.get(path) {
            let data = fs::symlink_metadata(place).map_err(|error| absent(&error))?;
            return regular(place.clone(), data);
        }
        let place = self.root.join(path);
        let data = fs::symlink_metadata(&place).map_err(|error| absent(&error))?;
        if data.is_symlink() {
            return self.follow(path, &place);
        }
        if let Some(link) = self.link_above(path) {
            return match self.links {
                LinkPolicy::Forbid => Err(Refusal::Link(link)),
                LinkPolicy::WithinRoot => self.follow(path, &place),
            };
        }
        regular(place, data)
    }

    fn follow(&self, path: &str, place: &Path) -> Result<(PathBuf, Metadata), Refusal> {
        if self.links == LinkPolicy::Forbid {
            return Err(Refusal::Link(path.to_owned()));
        }
        let real = place.canonicalize().map_err(|error| absent(&error))?;
        if !self.real_root.as_ref().is_some_and(|root| real.starts_with(root)) {
            return Err(Refusal::Outside);
        }
        let data = fs::symlink_metadata(&real).map_err(|error| absent(&error))?;
        regular(real, data)
    }

    /// The first folder on the way to a text that is a link.
    fn link_above(&self, path: &str) -> Option<String> {
        let (folder, _) = path.rsplit_once('/')?;
        if let Some(known) = self
            .folders
            .read()
            .ok()
            .and_then(|folders| folders.get(folder).cloned())
        {
            return known;
        }
        let ends = path.match_indices('/').map(|(end, _)| end);
        let link = ends
            .map(|end| &path[..end])
            .find(|folder| self.root.join(folder).is_symlink());
        let link = link.map(str::to_owned);
        if let Ok(mut folders) = self.folders.write() {
            folders.insert(folder.to_owned(), link.clone());
        }
        link
    }
}

impl Refusal {
    /// The same as an error of the system.
    fn error(&self) -> io::Error {
        io::Error::other(match self {
            Self::Missing => "it is gone",
            Self::Special(_) => "it is no regular file any more",
            Self::Link(_) | Self::Outside => "it is reached by a link that may not be followed",
            Self::Unreadable(why) => why,
            Self::Changed => "it has changed since it was read",
        })
    }
}

impl State {
    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn of(data: &Metadata) -> Self {
        Self {
            size: data.len(),
            modified: data.modified().ok(),
            identity: identity(data),
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

fn regular(place: PathBuf, data: Metadata) -> Result<(PathBuf, Metadata), Refusal> {
    match FileKind::of(data.file_type()) {
        FileKind::Regular => Ok((place, data)),
        kind => Err(Refusal::Special(kind)),
    }
}

/// Opens a file that was just seen to be regular. Should a pipe or a link have taken its place since, it is neither
/// waited for nor followed.
fn open(place: &Path) -> Result<File, Refusal> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    options.open(place).map_err(|error| absent(&error))
}

fn absent(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Refusal::Missing,
        _ => unreadable(error),
    }
}

fn unreadable(error: &io::Error) -> Refusal {
    Refusal::Unreadable(io_message(error))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const ORDER: Order<'_> = Order {
        algorithms: &[Algorithm::Sha256],
        keep: u64::MAX,
    };

    fn library(links: LinkPolicy) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), "text").expect("written");
        let library = Library::new(folder.path(), links);
        (folder, library)
    }

    fn read(library: &Library, path: &str) -> Result<Reading, Refusal> {
        library.read(path, ORDER, &mut [0; 3], |_| Ok(()))
    }

    #[test]
    fn reads_bytes_and_digest() {
        let (_folder, library) = library(LinkPolicy::Forbid);
        let reading = read(&library, "a.txt").expect("read");
        assert_eq!((reading.size, reading.bytes.as_deref()), (4, Some(&b"text"[..])));
        assert_eq!(reading.digests, [Algorithm::Sha256.digest(b"text")]);
        assert_eq!(read(&library, "b.txt"), Err(Refusal::Missing));
        assert_eq!(read(&library, "a.txt/b"), Err(Refusal::Missing));
    }

    #[test]
    fn a_text_that_changes_once_is_read_again() {
        let (folder, library) = library(LinkPolicy::Forbid);
        let mut turns = 0;
        let grow = |_: &[u8]| {
            turns += 1;
            let more = || {
                fs::OpenOptions::new()
                    .append(true)
                    .open(folder.path().join("a.txt"))?
                    .write_all(b"!")
            };
            if turns == 1 { more() } else { Ok(()) }
        };
        let reading = library.read("a.txt", ORDER, &mut [0; 8], grow).expect("read");
        assert_eq!(reading.bytes.as_deref(), Some(&b"text!"[..]));
    }

    #[test]
    fn a_text_that_keeps_changing_is_refused() {
        let (folder, library) = library(LinkPolicy::Forbid);
        let grow = |_: &[u8]| {
            fs::OpenOptions::new()
                .append(true)
                .open(folder.path().join("a.txt"))?
                .write_all(b"!")
        };
        let once_a_pass = |piece: &[u8]| if piece.len() > 1 { grow(piece) } else { Ok(()) };
        assert_eq!(
            library.read("a.txt", ORDER, &mut [0; 8], once_a_pass),
            Err(Refusal::Changed)
        );
    }

    #[test]
    fn a_part_is_read_of_what_is_as_it_was() {
        let (folder, library) = library(LinkPolicy::Forbid);
        let seen = read(&library, "a.txt").expect("read").state;
        let mut part = Vec::new();
        library.read_part("a.txt", seen, 1..3, &mut part).expect("read");
        assert_eq!(part, b"ex");
        assert!(library.read_part("a.txt", seen, 3..5, &mut part).is_err());
        assert!(library.is_as_it_was("a.txt", seen));
        fs::write(folder.path().join("a.txt"), "texts").expect("written");
        assert!(library.read_part("a.txt", seen, 1..3, &mut part).is_err());
        assert!(!library.is_as_it_was("a.txt", seen));
    }

    #[cfg(unix)]
    #[test]
    fn links_go_by_the_policy() {
        use std::os::unix::fs::symlink;
        let (folder, forbidding) = library(LinkPolicy::Forbid);
        let outside = tempfile::tempdir().expect("a folder");
        fs::write(outside.path().join("o.txt"), "out").expect("written");
        symlink("a.txt", folder.path().join("in")).expect("linked");
        symlink(outside.path().join("o.txt"), folder.path().join("out")).expect("linked");
        symlink(outside.path(), folder.path().join("dir")).expect("linked");
        symlink("loop", folder.path().join("loop")).expect("linked");
        assert_eq!(read(&forbidding, "in"), Err(Refusal::Link("in".into())));
        assert_eq!(read(&forbidding, "dir/o.txt"), Err(Refusal::Link("dir".into())));
        let within = Library::new(folder.path(), LinkPolicy::WithinRoot);
        assert!(read(&within, "in").is_ok());
        assert_eq!(read(&within, "out"), Err(Refusal::Outside));
        assert_eq!(read(&within, "dir/o.txt"), Err(Refusal::Outside));
        assert!(matches!(read(&within, "loop"), Err(Refusal::Unreadable(_))));
    }
}
