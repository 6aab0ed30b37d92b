//! Texts in a folder: never a pipe or a device, never out of the root.

use std::collections::HashMap;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use globset::GlobSet;

use super::discover::{FileKind, Listing, walk_all};
use super::storage::{Bytes, Opened, Refusal, State, Storage};
use crate::manifest::LinkPolicy;

/// A folder, and by what rules what is below it may be reached.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    real_root: Option<PathBuf>,
    links: LinkPolicy,
    /// For each folder that was asked about, the link at or above it.
    folders: RwLock<HashMap<String, Option<String>>>,
}

impl Folder {
    /// What stands below a root.
    pub(super) fn at(root: &Path, links: LinkPolicy) -> Self {
        Self {
            root: root.to_owned(),
            real_root: root.canonicalize().ok(),
            links,
            folders: RwLock::default(),
        }
    }

    /// The real place of a text and what stands there, after the policy on links.
    fn locate(&self, path: &str) -> Result<(PathBuf, Metadata), Refusal> {
        let place = self.root.join(path);
        let data = fs::symlink_metadata(&place).map_err(|error| Refusal::of(&error))?;
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
        let real = place.canonicalize().map_err(|error| Refusal::of(&error))?;
        if !self.real_root.as_ref().is_some_and(|root| real.starts_with(root)) {
            return Err(Refusal::Outside);
        }
        let data = fs::symlink_metadata(&real).map_err(|error| Refusal::of(&error))?;
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

impl Storage for Folder {
    fn state(&self, path: &str) -> Result<State, Refusal> {
        self.locate(path).map(|(_, data)| State::of(&data))
    }

    fn open(&self, path: &str, _: Range<u64>) -> Result<(Opened, State), Refusal> {
        let (place, _) = self.locate(path)?;
        open(place)
    }

    fn list(&self, include: &[&str], exclude: &GlobSet) -> Listing {
        walk_all(&self.root, include, exclude)
    }
}

impl Bytes for File {
    #[cfg(unix)]
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, into, at)
    }

    #[cfg(windows)]
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, into, at)
    }

    fn state(&self) -> io::Result<State> {
        self.metadata().map(|data| State::of(&data))
    }

    fn file(&self) -> io::Result<File> {
        self.try_clone()
    }
}

/// Opens a regular file, whatever leads to it.
pub(super) fn open_instead(place: &Path) -> Result<(Opened, State), Refusal> {
    let data = fs::symlink_metadata(place).map_err(|error| Refusal::of(&error))?;
    let (place, _) = regular(place.to_owned(), data)?;
    open(place)
}

fn regular(place: PathBuf, data: Metadata) -> Result<(PathBuf, Metadata), Refusal> {
    match FileKind::of(data.file_type()) {
        FileKind::Regular => Ok((place, data)),
        kind => Err(Refusal::Special(kind)),
    }
}

/// Opens a file that was just seen to be regular. Should a pipe or a link have taken its place since, it is neither
/// waited for nor followed.
fn open(place: PathBuf) -> Result<(Opened, State), Refusal> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let refused = |error| Refusal::of(&error);
    let file = options.open(&place).map_err(refused)?;
    let (_, data) = regular(place, file.metadata().map_err(refused)?)?;
    Ok((Opened::new(file), State::of(&data)))
}
