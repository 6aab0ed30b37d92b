//! The upkeep of a store: what nobody needs goes, what is damaged is found, and made anew where its bytes are at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::change::{begin, keep_all};
use crate::atomic::Batch;
use crate::corpus::{BUFFER, Corpus, Library, Order};
use crate::custody;
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::git::Repository;
use crate::manifest::{Entry, Manifest};
use crate::stop::Stop;
use crate::store::{FOLDER, Health, Store};

/// What was removed, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Copies that no manifest and no event names.
    pub copies: Vec<Digest>,
    /// Files that an interrupted run has left, by path from the folder of the store.
    pub scraps: Vec<String>,
    /// How many bytes they take on the disk.
    pub bytes: u64,
    /// How many copies stay.
    pub kept: usize,
}

/// Removes the copies of a store that nothing names any more: no manifest in the root, no event of the log.
///
/// # Errors
/// [`Error::Refused`] where the log or a manifest in the root cannot be read: then nobody knows what is needed, and nothing is
/// removed. [`Error::Interrupted`], [`Error::Io`].
pub fn sweep(manifest: &Path, rehearse: bool, stop: Stop<'_>) -> Result<Swept> {
    let root = Corpus::root_of(manifest);
    let transaction = begin(manifest)?;
    let named = named(manifest)?;
    let store = transaction.store();
    let contents = store.contents()?;
    let mut swept = Swept::default();
    for copy in contents.copies {
        stop.heed()?;
        match named.contains(&copy) {
            true => swept.kept += 1,
            false => {
                swept.bytes += if rehearse {
                    store.size(copy)
                } else {
                    store.remove(copy)?
                };
                swept.copies.push(copy);
            }
        }
    }
    swept.scraps = contents.strangers.into_iter().filter(|name| is_scrap(name)).collect();
    for scrap in &swept.scraps {
        let path = root.join(FOLDER).join("objects").join(scrap);
        swept.bytes += path.symlink_metadata().map_or(0, |data| data.len());
        if !rehearse {
            fs::remove_file(&path).map_err(|error| Error::io("remove", &path, error))?;
        }
    }
    Ok(swept)
}

/// Whether a file is one that a write leaves that was ended by force.
fn is_scrap(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with(".vidimus-") && file.ends_with(".tmp")
}

/// Every digest that a manifest in the root or an event names.
fn named(manifest: &Path) -> Result<BTreeSet<Digest>> {
    let root = Corpus::root_of(manifest);
    let mut named = BTreeSet::new();
    let mut manifests = manifests(manifest)?;
    for line in custody::read(root)? {
        let event = line.event.map_err(|why| {
            Error::Refused(format!(
                "line {} of {} is no event: {why}; nothing is removed while nobody knows what is needed",
                line.number,
                custody::path(root).display()
            ))
        })?;
        let sha256 = |hex: &String| Digest::from_hex(Algorithm::Sha256, hex);
        named.extend([event.from, event.to].iter().flatten().filter_map(sha256));
        let logged = root.join(&event.manifest.path);
        if !manifests.contains(&logged) && logged.is_file() {
            manifests.push(logged);
        }
    }
    for manifest in manifests {
        let manifest = Manifest::open(&manifest)?;
        named.extend(manifest.entries.iter().flat_map(digests_of));
    }
    Ok(named)
}

/// Every digest that an entry names: of the text, of what it was before, and of what it was made from.
fn digests_of(entry: &Entry) -> Vec<Digest> {
    let edits = entry.edits.iter().flat_map(|edit| [&edit.from, &edit.to]).flatten();
    let origins = entry.derived_from.iter().filter_map(|one| one.sha256.as_ref());
    let recorded = edits.chain(origins).filter_map(|recorded| recorded.digest);
    entry.digest().into_iter().chain(recorded).collect()
}

/// The manifests in the root: the one that was named, and each other file that looks like one.
fn manifests(manifest: &Path) -> Result<Vec<PathBuf>> {
    let root = Corpus::root_of(manifest);
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let failed = |error| Error::io("list", root, error);
    let mut found = vec![manifest.to_owned()];
    for entry in fs::read_dir(root).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let yaml = path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml");
        if yaml && path.file_name() != manifest.file_name() && looks_like_one(&path).map_err(failed)? {
            found.push(path);
        }
    }
    Ok(found)
}

fn looks_like_one(path: &Path) -> io::Result<bool> {
    if !path.is_file() {
        return Ok(false);
    }
    let bytes = crate::whole::read(path)?;
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let plain = |line: &[u8]| {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let from = line.iter().position(|byte| !b" {\"'".contains(byte));
        from.is_some_and(|from| line[from..].starts_with(b"vidimus"))
    };
    Ok(lines.any(plain))
}

/// What a look through a store gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// How many copies hold what they should.
    pub sound: usize,
    /// How many bytes all copies take on the disk.
    pub bytes: u64,
    /// Copies that hold anything else, with the reason.
    pub damaged: Vec<(Digest, String)>,
    /// Copies that were made anew, of bytes that a file or Git has.
    pub repaired: Vec<Digest>,
    /// Files that are no copies, by path from the folder of the store.
    pub strangers: Vec<String>,
    /// Texts of the manifest of whose certified bytes there is no copy, by path.
    pub without: Vec<String>,
}

/// Verifies each copy of a store. With `repair`, what is damaged or not there is made anew where a file or Git has the bytes.
///
/// # Errors
/// Where the system refuses to read a copy, or to write one.
pub fn examine(manifest: &Path, repair: bool, stop: Stop<'_>) -> Result<Examined> {
    let corpus = Corpus::open(manifest)?;
    let store = Store::at(&corpus.root);
    let contents = store.contents()?;
    let look = |&copy: &Digest| {
        stop.heed()?;
        Ok((copy, store.health(copy)?, store.size(copy)))
    };
    let looked: Vec<(Digest, Health, u64)> = contents.copies.par_iter().map(look).collect::<Result<_>>()?;
    let mut examined = Examined {
        strangers: contents.strangers,
        bytes: looked.iter().map(|(.., size)| size).sum(),
        ..Examined::default()
    };
    for (copy, health, _) in looked {
        match health {
            Health::Sound => examined.sound += 1,
            Health::Damaged(why) => examined.damaged.push((copy, why)),
            Health::Missing => {}
        }
    }
    examined.without = without_copy(&corpus, &store);
    if repair {
        mend(manifest, &corpus, &mut examined, stop)?;
    }
    Ok(examined)
}

fn without_copy(corpus: &Corpus, store: &Store) -> Vec<String> {
    // Nobody keeps a copy of a shard of records.
    let entries = corpus.manifest.entries.iter().filter(|entry| entry.records.is_none());
    let bare = entries.filter(|entry| entry.digest().is_some_and(|digest| store.size(digest) == 0));
    bare.map(|entry| entry.name().to_owned()).collect()
}

/// Makes copies anew. What a copy must hold is known by its name, so that it does not matter whose bytes they are: those of a text as
/// it stands there, of a file that one was made from, or of an earlier version that Git has.
fn mend(manifest: &Path, corpus: &Corpus, examined: &mut Examined, stop: Stop<'_>) -> Result<()> {
    let transaction = begin(manifest)?;
    let (store, library) = (transaction.store(), corpus.library());
    let bare = corpus.manifest.entries.iter().filter_map(Entry::digest);
    let bare = bare.filter(|digest| store.size(*digest) == 0);
    let damaged = examined.damaged.iter().map(|(digest, _)| *digest);
    let mut wanted: BTreeSet<Digest> = damaged.chain(bare).collect();
    let at_hand = at_hand(corpus, &library, &wanted, stop)?;
    keep_all(&store, &library, &at_hand, stop)?;
    examined.repaired = at_hand.iter().map(|(_, digest)| *digest).collect();
    wanted.retain(|digest| !examined.repaired.contains(digest));
    examined.repaired.extend(from_history(corpus, &store, &wanted, stop)?);
    examined.repaired.sort_unstable();
    examined
        .damaged
        .retain(|(digest, _)| !examined.repaired.contains(digest));
    examined.sound += examined.repaired.len();
    examined.without = without_copy(corpus, &store);
    Ok(())
}

/// The files of a corpus that have these bytes now, one for each digest: each is read once.
fn at_hand<'a>(
    corpus: &'a Corpus,
    library: &Library,
    wanted: &BTreeSet<Digest>,
    stop: Stop<'_>,
) -> Result<Vec<(&'a str, Digest)>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let paths = corpus.manifest.entries.iter().flat_map(|entry| {
        let origins = entry.derived_from.iter().filter_map(|one| one.path.as_ref());
        entry.path.iter().chain(origins)
    });
    let paths: BTreeSet<&str> = paths.map(|path| path.value.as_str()).collect();
    let read = |path: &&'a str| {
        stop.heed()?;
        Ok(digest_of(library, path).map(|digest| (digest, *path)))
    };
    let paths: Vec<&str> = paths.into_iter().collect();
    let read: Vec<Option<(Digest, &str)>> = paths.par_iter().map(read).collect::<Result<_>>()?;
    let found: BTreeMap<Digest, &str> = read.into_iter().flatten().rev().collect();
    let found = found.into_iter().filter(|(digest, _)| wanted.contains(digest));
    Ok(found.map(|(digest, path)| (path, digest)).collect())
}

/// Keeps versions that Git has of the texts whose entries name their digests; gives those.
fn from_history(corpus: &Corpus, store: &Store, wanted: &BTreeSet<Digest>, stop: Stop<'_>) -> Result<Vec<Digest>> {
    let mut kept = Vec::new();
    let batch = Batch::default();
    let Some(repository) = (!wanted.is_empty()).then(|| Repository::around(&corpus.root)).flatten() else {
        return Ok(kept);
    };
    for entry in &corpus.manifest.entries {
        let Some(path) = &entry.path else { continue };
        for digest in digests_of(entry).into_iter().filter(|digest| wanted.contains(digest)) {
            stop.heed()?;
            if kept.contains(&digest) {
                continue;
            }
            if let Some(bytes) = repository.version_with_digest(path.value.as_str(), &digest)? {
                store.keep(&bytes, &batch)?;
                kept.push(digest);
            }
        }
    }
    batch.flush()?;
    Ok(kept)
}

/// The SHA-256 of a file, where it can be read.
fn digest_of(library: &Library, path: &str) -> Option<Digest> {
    let order = Order {
        algorithms: &[Algorithm::Sha256],
        keep: 0,
    };
    let reading = library.read(path, order, &mut vec![0; BUFFER], |_| Ok(())).ok()?;
    reading.digests.first().copied()
}
