//! Where the certified bytes of a text may still be found, when the file has others: the one place that knows where to ask.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::digest::Digest;
use crate::error::Result;
use crate::git::Repository;
use crate::store::Store;

/// Where a copy was found. The order is that in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the store beside the manifest.
    Store,
    /// In the history of a Git repository around the corpus.
    Git,
}

impl Origin {
    /// The id, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Git => "git",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The copies of the texts of one corpus.
#[derive(Debug)]
pub struct Copies {
    root: PathBuf,
    store: Store,
    repository: OnceLock<Option<Repository>>,
}

impl Copies {
    /// Of the corpus in a folder. Nothing is asked yet.
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            store: Store::at(root),
            repository: OnceLock::new(),
        }
    }

    /// The bytes that have a digest, of the text at a path; `None` where nobody has them. A damaged copy in the store is no
    /// obstacle where Git has a sound one.
    ///
    /// # Errors
    /// What the store or `git` gives, where no other has the bytes.
    pub fn certified(&self, path: &str, digest: &Digest) -> Result<Option<(Vec<u8>, Origin)>> {
        let stored = self.store.get(*digest);
        if let Ok(Some(bytes)) = stored {
            return Ok(Some((bytes, Origin::Store)));
        }
        match self.in_history(path, digest)? {
            Some(bytes) => Ok(Some((bytes, Origin::Git))),
            None => stored.map(|_| None),
        }
    }

    fn in_history(&self, path: &str, digest: &Digest) -> Result<Option<Vec<u8>>> {
        let repository = self.repository.get_or_init(|| Repository::around(&self.root));
        match repository {
            Some(repository) => repository.version_with_digest(path, digest),
            None => Ok(None),
        }
    }
}
