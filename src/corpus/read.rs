//! Reading one text: by the rules of where it is kept, and never half of a change.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder;
use super::storage::{self, Opened, Refusal, State, Storage};
use crate::digest::{Algorithm, Digest, digest_reader};
use crate::manifest::LinkPolicy;
use crate::object::Address;

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

/// Where texts are, and by what rules they may be reached.
#[derive(Debug)]
pub struct Library {
    root: PathBuf,
    storage: Arc<dyn Storage>,
    /// Files that are read in place of texts.
    pub(crate) instead: HashMap<String, PathBuf>,
}

/// What to read.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The digests wanted.
    pub algorithms: &'a [Algorithm],
    /// Keep the bytes of files up to this size.
    pub keep: u64,
}

/// A text is read from its beginning to its end.
const ALL: Range<u64> = 0..u64::MAX;

impl Library {
    /// The texts below a root: a folder, or the address of one in an object store.
    pub fn new(root: &Path, links: LinkPolicy) -> Self {
        let root = if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        };
        Self {
            root: root.to_owned(),
            storage: storage::at(root, links),
            instead: HashMap::new(),
        }
    }

    /// The root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The size of a text in bytes, as far as the system tells; 0 where it does not.
    pub fn size(&self, path: &str) -> u64 {
        self.state(path).map_or(0, |state| state.size())
    }

    /// Opens a text, for whoever reads it himself; says too what it is like.
    ///
    /// # Errors
    /// Why it was not opened.
    pub fn open(&self, path: &str) -> Result<(Opened, State), Refusal> {
        self.open_at(path, ALL)
    }

    /// Opens a text of which a part is wanted.
    ///
    /// # Errors
    /// Why it was not opened.
    pub fn open_at(&self, path: &str, part: Range<u64>) -> Result<(Opened, State), Refusal> {
        match self.instead.get(path) {
            Some(place) => folder::open_instead(place),
            None => self.keeper(path, |storage, path| storage.open(path, part)),
        }
    }

    /// Opens a text for who needs a file.
    ///
    /// # Errors
    /// Why it was not opened, and where it is no file.
    pub fn open_file(&self, path: &str) -> Result<File, Refusal> {
        let (opened, _) = self.open(path)?;
        opened.file().map_err(|error| Refusal::of(&error))
    }

    fn state(&self, path: &str) -> Result<State, Refusal> {
        match self.instead.get(path) {
            Some(place) => folder::open_instead(place).map(|(_, state)| state),
            None => self.keeper(path, |storage, path| storage.state(path)),
        }
    }

    /// Asks who keeps a text: a shard may have an address of its own.
    fn keeper<T>(&self, path: &str, ask: impl FnOnce(&dyn Storage, &str) -> Result<T, Refusal>) -> Result<T, Refusal> {
        match Address::parse(path) {
            None => ask(&*self.storage, path),
            Some(Address { key, .. }) => {
                let root = path[..path.len() - key.len()].trim_end_matches('/');
                ask(&*storage::at(Path::new(root), LinkPolicy::Forbid), key)
            }
        }
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
            match self.read_once(path, order, buffer, &mut watch) {
                Err(Refusal::Changed) => {}
                read => return read,
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
    ) -> Result<Reading, Refusal> {
        let (mut opened, before) = self.open(path)?;
        let (expected, refused) = (before.size(), |error: io::Error| Refusal::of(&error));
        let mut kept = (expected <= order.keep).then(|| Vec::with_capacity(usize::try_from(expected).unwrap_or(0)));
        // A file that grows meanwhile is read to its end for the digest, and not kept beyond the bound.
        let keep = |piece: &[u8]| {
            if let Some(kept) = kept.as_mut().filter(|kept| kept.len() as u64 <= expected) {
                kept.extend_from_slice(piece);
            }
            watch(piece)
        };
        let read = digest_reader(&mut opened, order.algorithms, Some(expected), buffer, keep);
        let (digests, size) = read.map_err(refused)?;
        if opened.state().map_err(refused)? != before || size != expected {
            return Err(Refusal::Changed);
        }
        Ok(Reading {
            digests,
            size,
            bytes: kept,
            state: before,
        })
    }

    /// Reads a part of a text again that was read before, in place of what is in the buffer.
    ///
    /// # Errors
    /// Where it may not be read any more, or is not as it was.
    pub fn read_part(&self, path: &str, seen: State, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let opened = self.open_at(path, part.clone());
        let (opened, state) = opened.map_err(|refusal| refusal.error())?;
        if state != seen {
            return Err(Refusal::Changed.error());
        }
        opened.read_part(part, into)
    }

    /// Whether a text is as it was, as far as its size, time and identity tell.
    pub fn is_as_it_was(&self, path: &str, seen: State) -> bool {
        self.state(path) == Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
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
