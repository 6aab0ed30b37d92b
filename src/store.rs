//! Certified copies: the bytes of each text as it was certified, named by their digest, compressed, and verified whenever
//! they are read. What a fix replaces is never the last copy.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::atomic::{self, Batch};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::error::{Error, Result};
use crate::whole;

/// The folder beside a manifest that holds what the program keeps of a corpus.
pub const FOLDER: &str = ".vidimus";
/// The ending of a copy.
const ENDING: &str = ".zst";
/// The level at which texts shrink to about a third, at some 200 MB a second.
const LEVEL: i32 = 3;
/// A larger text is not held in memory, in bytes; it can be kept all the same.
const LARGEST: u64 = whole::LARGEST;

/// The copies of one corpus.
#[derive(Clone, Debug)]
pub struct Store {
    home: PathBuf,
}

/// What became of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It holds the bytes that it is named after.
    Sound,
    /// It holds anything else, with the reason.
    Damaged(String),
    /// There is none.
    Missing,
}

/// What a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The digests of the copies, sorted.
    pub copies: Vec<Digest>,
    /// Files that are no copies, by path from the folder of the store, sorted.
    pub strangers: Vec<String>,
}

impl Store {
    /// The store of the corpus with this root, whether it is there or not.
    pub fn at(root: &Path) -> Self {
        Self {
            home: root.join(FOLDER),
        }
    }

    /// Whether anything was ever kept.
    pub fn exists(&self) -> bool {
        self.objects().is_dir()
    }

    /// Keeps bytes. They last once `batch` is flushed.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses, [`Error::Refused`] where the store is not a folder of its own.
    pub fn keep(&self, bytes: &[u8], batch: &Batch) -> Result<Digest> {
        let digest = Algorithm::Sha256.digest(bytes);
        if self.health(digest)? != Health::Sound {
            self.write(digest, &mut &bytes[..], batch)?;
        }
        Ok(digest)
    }

    /// Keeps what a reader gives, where it has this digest.
    ///
    /// # Errors
    /// As [`Store::keep`], and [`Error::Refused`] where the bytes have another digest: they have changed meanwhile.
    pub fn keep_as(&self, digest: Digest, reader: &mut dyn Read, batch: &Batch) -> Result<()> {
        if self.health(digest)? == Health::Sound {
            return Ok(());
        }
        self.write(digest, reader, batch)
    }

    fn write(&self, digest: Digest, reader: &mut dyn Read, batch: &Batch) -> Result<()> {
        let path = self.path(digest);
        let failed = |error| Error::io("write", &path, error);
        let folder = path.parent().unwrap_or(&self.home);
        self.make(folder)?;
        let (file, found) = compress(folder, reader).map_err(failed)?;
        if found != digest {
            return Err(Error::Refused(format!(
                "a text changed while it was copied: it had {digest}, and has {found}; run it again"
            )));
        }
        let file = file.persist(&path).map_err(|error| failed(error.error))?;
        batch.note(&path, &file).map_err(failed)
    }

    /// Makes a folder of the store, never through a link.
    fn make(&self, folder: &Path) -> Result<()> {
        for folder in [&self.home, &self.objects(), folder] {
            refuse_link(folder)?;
        }
        if folder.is_dir() {
            return Ok(());
        }
        home(&self.home)?;
        atomic::make_folder(&self.objects())?;
        atomic::make_folder(folder)
    }

    /// The bytes with this digest, verified; `None` where there is no copy.
    ///
    /// # Errors
    /// [`Error::Refused`] where the copy is damaged, or larger than what is held in memory; [`Error::Io`] where it cannot be read.
    pub fn get(&self, digest: Digest) -> Result<Option<Vec<u8>>> {
        let Some(mut reader) = self.reader(digest)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let read = (&mut reader).take(LARGEST + 1).read_to_end(&mut bytes);
        let why = match read {
            Err(error) => error.to_string(),
            Ok(_) if bytes.len() as u64 > LARGEST => "it is larger than what is held in memory".to_owned(),
            Ok(_) if Algorithm::Sha256.digest(&bytes) != digest => "its bytes have another digest".to_owned(),
            Ok(_) => return Ok(Some(bytes)),
        };
        Err(Error::Refused(format!(
            "the certified copy {} cannot be used: {why}; `vidimus fsck` looks through all of them",
            self.path(digest).display()
        )))
    }

    /// Looks whether a copy holds what it should.
    ///
    /// # Errors
    /// Where the system refuses to read it.
    pub fn health(&self, digest: Digest) -> Result<Health> {
        if self.path(digest).symlink_metadata().is_ok_and(|data| !data.is_file()) {
            return Ok(Health::Damaged("it is no regular file".to_owned()));
        }
        let Some(mut reader) = self.reader(digest)? else {
            return Ok(Health::Missing);
        };
        let mut hasher = Hasher::new(Algorithm::Sha256);
        let mut buffer = vec![0; 64 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => hasher.update(&buffer[..count]),
                Err(error) => return Ok(Health::Damaged(error.to_string())),
            }
        }
        match hasher.finish() {
            found if found == digest => Ok(Health::Sound),
            found => Ok(Health::Damaged(format!("it holds bytes with the digest {found}"))),
        }
    }

    fn reader(&self, digest: Digest) -> Result<Option<zstd::Decoder<'static, io::BufReader<File>>>> {
        let path = self.path(digest);
        let failed = |error| Error::io("read", &path, error);
        match path.symlink_metadata() {
            Ok(data) if data.is_file() => {}
            Ok(_) => return Err(failed(io::Error::other("it is no regular file"))),
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let file = File::open(&path).map_err(failed)?;
        zstd::Decoder::new(file).map(Some).map_err(failed)
    }

    /// Everything that lies in the store.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn contents(&self) -> Result<Contents> {
        let mut contents = Contents::default();
        refuse_link(&self.home)?;
        refuse_link(&self.objects())?;
        for shelf in names(&self.objects())? {
            let folder = self.objects().join(&shelf);
            if !folder.is_dir() || folder.is_symlink() {
                contents.strangers.push(shelf);
                continue;
            }
            for name in names(&folder)? {
                let hex = name.strip_suffix(ENDING).map(|rest| format!("{shelf}{rest}"));
                match hex.and_then(|hex| Digest::from_hex(Algorithm::Sha256, &hex)) {
                    Some(digest) if self.path(digest) == folder.join(&name) && is_file(&self.path(digest)) => {
                        contents.copies.push(digest);
                    }
                    _ => contents.strangers.push(format!("{shelf}/{name}")),
                }
            }
        }
        contents.copies.sort_unstable();
        contents.strangers.sort_unstable();
        Ok(contents)
    }

    /// Removes a copy; gives the bytes that it took on the disk.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn remove(&self, digest: Digest) -> Result<u64> {
        let path = self.path(digest);
        let failed = |error| Error::io("remove", &path, error);
        let size = path.symlink_metadata().map_err(failed)?.len();
        fs::remove_file(&path).map_err(failed)?;
        Ok(size)
    }

    /// How many bytes a copy takes on the disk; 0 where there is none.
    pub fn size(&self, digest: Digest) -> u64 {
        self.path(digest).symlink_metadata().map_or(0, |data| data.len())
    }

    fn objects(&self) -> PathBuf {
        self.home.join("objects")
    }

    /// The place of a copy: two digits name its folder, so that none has too many.
    pub fn path(&self, digest: Digest) -> PathBuf {
        let hex = digest.to_string();
        let (shelf, rest) = hex.split_at(2);
        self.objects().join(shelf).join(format!("{rest}{ENDING}"))
    }
}

/// Makes the folder for what is kept of a corpus, and says there what belongs under version control: the log, not the
/// copies, which Git has of its own.
///
/// Tells whether it was made.
///
/// # Errors
/// [`Error::Refused`] where it is a link, [`Error::Io`] where the system refuses.
pub(crate) fn home(folder: &Path) -> Result<bool> {
    refuse_link(folder)?;
    let there = folder.is_dir();
    if there && folder.join(".gitignore").symlink_metadata().is_ok() {
        return Ok(false);
    }
    atomic::make_folder(folder)?;
    atomic::replace(
        &folder.join(".gitignore"),
        b"/objects/\n/journal/\n/lock\n/review.json\n*.tmp\n",
    )?;
    Ok(!there)
}

fn refuse_link(folder: &Path) -> Result<()> {
    if folder.is_symlink() {
        return Err(Error::Refused(format!(
            "{} is a symbolic link, which is not written through; put a folder there",
            folder.display()
        )));
    }
    Ok(())
}

/// Up to this size, in bytes, a text is compressed at once: making a compressor ready costs more than a short text does.
const SHORT: u64 = 1 << 20;

/// Compresses what a reader gives into a file without a name of its own, and tells its digest.
fn compress(folder: &Path, reader: &mut dyn Read) -> io::Result<(NamedTempFile, Digest)> {
    let mut begin = Vec::new();
    reader.take(SHORT).read_to_end(&mut begin)?;
    let mut file = atomic::nameless(folder)?;
    if begin.len() as u64 == SHORT {
        let digest = compress_long(file.as_file_mut(), &mut begin.chain(reader))?;
        return Ok((file, digest));
    }
    file.write_all(&at_once(&begin)?)?;
    Ok((file, Algorithm::Sha256.digest(&begin)))
}

/// Compresses bytes with the compressor of the thread.
fn at_once(bytes: &[u8]) -> io::Result<Vec<u8>> {
    thread_local! {
        static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    }
    COMPRESSOR.with_borrow_mut(|held| {
        let compressor = match held {
            Some(compressor) => compressor,
            None => {
                let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
                compressor.set_parameter(zstd::zstd_safe::CParameter::ChecksumFlag(true))?;
                held.insert(compressor)
            }
        };
        compressor.compress(bytes)
    })
}

fn compress_long(file: &mut File, reader: &mut dyn Read) -> io::Result<Digest> {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut encoder = zstd::Encoder::new(file, LEVEL)?;
    encoder.include_checksum(true)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        encoder.write_all(&buffer[..count])?;
    }
    encoder.finish()?;
    Ok(hasher.finish())
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_file())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The names in a folder, sorted; none where there is no folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    let failed = |error| Error::io("list", folder, error);
    let entries = match fs::read_dir(folder) {
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let name = |entry: io::Result<fs::DirEntry>| entry.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names = entries.map(name).collect::<io::Result<Vec<_>>>().map_err(failed)?;
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store, Batch) {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, batch) = (Store::at(folder.path()), Batch::default());
        (folder, store, batch)
    }

    #[test]
    fn what_was_kept_comes_back() {
        let (_folder, store, batch) = store();
        let bytes = b"the weir ".repeat(50_000);
        let digest = store.keep(&bytes, &batch).expect("kept");
        batch.flush().expect("flushed");
        assert_eq!(store.get(digest).expect("read"), Some(bytes.clone()));
        assert!(store.size(digest) < 1_000);
        assert_eq!(store.keep(&bytes, &batch).expect("kept again"), digest);
        let empty = store.keep(b"", &batch).expect("kept");
        assert_eq!(store.get(empty).expect("read"), Some(Vec::new()));
        let long: Vec<u8> = (0..3 << 20)
            .map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        for length in [SHORT as usize - 1, SHORT as usize, SHORT as usize + 1, long.len()] {
            let digest = store.keep(&long[..length], &batch).expect("kept");
            assert_eq!(store.get(digest).expect("read").as_deref(), Some(&long[..length]));
            store.remove(digest).expect("removed");
        }
        assert_eq!(store.contents().expect("listed").copies.len(), 2);
        store.remove(digest).expect("removed");
        assert_eq!(store.get(digest).expect("looked for"), None);
    }

    #[test]
    fn a_damaged_copy_is_refused_and_written_anew() {
        let (_folder, store, batch) = store();
        let digest = store.keep(b"the weir", &batch).expect("kept");
        let path = store.path(digest);
        let mut sound = fs::read(&path).expect("read");
        for damage in [Vec::new(), sound[..sound.len() - 1].to_vec(), {
            let middle = sound.len() / 2;
            sound[middle] ^= 1;
            sound.clone()
        }] {
            fs::write(&path, damage).expect("damaged");
            assert!(matches!(store.get(digest), Err(Error::Refused(_))));
            assert!(matches!(store.health(digest), Ok(Health::Damaged(_))));
            store.keep(b"the weir", &batch).expect("kept again");
            assert_eq!(store.health(digest).expect("looked at"), Health::Sound);
        }
    }

    #[test]
    fn bytes_under_a_false_name_are_refused() {
        let (_folder, store, batch) = store();
        let (one, other) = (
            Algorithm::Sha256.digest(b"one"),
            store.keep(b"other", &batch).expect("kept"),
        );
        fs::create_dir_all(store.path(one).parent().expect("a parent")).expect("made");
        fs::copy(store.path(other), store.path(one)).expect("copied");
        assert!(store.get(one).is_err());
        assert!(
            store
                .keep_as(Algorithm::Sha256.digest(b"two"), &mut &b"three"[..], &batch)
                .is_err()
        );
        let contents = store.contents().expect("listed");
        assert_eq!((contents.copies.len(), contents.strangers.len()), (2, 0));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_written_through() {
        let (folder, store, batch) = store();
        let elsewhere = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join(FOLDER)).expect("linked");
        assert!(matches!(store.keep(b"x", &batch), Err(Error::Refused(_))));
        assert_eq!(fs::read_dir(elsewhere.path()).expect("listed").count(), 0);
    }
}
