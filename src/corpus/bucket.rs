//! Texts in a bucket of an object store, below a key as below a folder. There are no links, and no other kinds of files.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use globset::GlobSet;

use super::discover::{FileKind, Found, Listing, is_kept_out, starts};
use super::storage::{Bytes, Opened, Refusal, State, Storage};
use crate::error::io_message;
use crate::glob;
use crate::object::{self, Address, FIRST};

/// What stands below a key.
#[derive(Debug)]
pub(super) struct Bucket {
    bucket: Arc<object::Bucket>,
    /// What keys begin with: empty, or with `/` at its end.
    folder: String,
}

impl Bucket {
    /// What stands below an address.
    pub(super) fn at(address: Address<'_>) -> io::Result<Self> {
        let key = address.key.trim_end_matches('/');
        Ok(Self {
            bucket: object::Bucket::named(address.bucket)?,
            folder: if key.is_empty() {
                String::new()
            } else {
                format!("{key}/")
            },
        })
    }

    fn key(&self, path: &str) -> String {
        [&self.folder, path].concat()
    }
}

impl Storage for Bucket {
    fn state(&self, path: &str) -> Result<State, Refusal> {
        let seen = self.bucket.look(&self.key(path));
        seen.map(State::from).map_err(|error| Refusal::of(&error))
    }

    fn open(&self, path: &str, part: Range<u64>) -> Result<(Opened, State), Refusal> {
        let part = part.start..part.end.min(part.start.saturating_add(FIRST));
        let object = self.bucket.open(&self.key(path), part);
        let object = object.map_err(|error| Refusal::of(&error))?;
        let state = object.seen().into();
        Ok((Opened::new(object), state))
    }

    fn list(&self, include: &[&str], exclude: &GlobSet) -> Listing {
        let globs = glob::set(include.iter().copied());
        let mut listing = Listing {
            matched: vec![false; include.len()],
            ..Listing::default()
        };
        for (start, _) in starts(include) {
            let start = super::slashed(&start);
            let take = |key: &str| {
                let Some(path) = key.strip_prefix(&self.folder) else {
                    return;
                };
                if is_kept_out(path, exclude) {
                    return;
                }
                listing.take(
                    Found {
                        path: path.to_owned(),
                        kind: FileKind::Regular,
                        utf8: true,
                    },
                    &globs.matches(path),
                );
            };
            if let Err(error) = self.bucket.list(&self.key(&start), take) {
                listing.unreadable.push((start, io_message(&error)));
            }
        }
        listing.in_order()
    }
}

/// All that is read of an object is of one version: the store is asked for that alone.
impl Bytes for object::Object {
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.read_at(at, into)
    }

    fn state(&self) -> io::Result<State> {
        Ok(self.seen().into())
    }

    fn file(&self) -> io::Result<File> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "it is in an object store, and is read where it is a file alone",
        ))
    }
}

/// A bucket that cannot be asked for anything, and why.
#[derive(Debug)]
pub(super) struct Unreached(pub(super) io::Error);

impl Unreached {
    fn why(&self) -> String {
        io_message(&self.0)
    }
}

impl Storage for Unreached {
    fn state(&self, _: &str) -> Result<State, Refusal> {
        Err(Refusal::Unreadable(self.why()))
    }

    fn open(&self, _: &str, _: Range<u64>) -> Result<(Opened, State), Refusal> {
        Err(Refusal::Unreadable(self.why()))
    }

    fn list(&self, include: &[&str], _: &GlobSet) -> Listing {
        Listing {
            matched: vec![false; include.len()],
            unreadable: vec![(String::new(), self.why())],
            ..Listing::default()
        }
    }
}
