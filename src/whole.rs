//! Small files that are read whole, a manifest, a shard, a checksum list: regular ones, and of a bounded size.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::object::{self, Address};

/// A larger one is not read, in bytes: it is no list of texts, or one that had better be several.
pub const LARGEST: u64 = 1 << 30;

/// Reads a regular file, or an object by its address.
///
/// # Errors
/// Where the system or the store refuses, where it is no regular file, and where it has more than [`LARGEST`] bytes.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    if let Some(address) = Address::of(path) {
        return object::read_whole(address, LARGEST, too_large);
    }
    refuse(&fs::metadata(path)?)?;
    let file = open(path)?;
    let data = file.metadata()?;
    refuse(&data)?;
    let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or(0));
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// The first bytes of a regular file, at most so many; `None` where it cannot be read, and where it is a link.
pub fn head(path: &Path, most: u64) -> Option<Vec<u8>> {
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut head = Vec::new();
    open(path).ok()?.take(most).read_to_end(&mut head).ok()?;
    Some(head)
}

fn refuse(data: &Metadata) -> io::Result<()> {
    if !data.is_file() {
        return Err(io::Error::other("it is not a regular file, so it is not opened"));
    }
    if data.len() > LARGEST {
        return Err(too_large(data.len()));
    }
    Ok(())
}

fn too_large(bytes: u64) -> io::Error {
    io::Error::other(format!(
        "it has {bytes} bytes, and {LARGEST} are the most that is read; split it"
    ))
}

/// Opens a file that was just seen to be regular, without waiting for a pipe that may have taken its place.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NONBLOCK);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_a_file_of_some_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "text").expect("written");
        assert_eq!(read(&path).expect("read"), b"text");
        assert!(read(folder.path()).is_err());
        let sparse = File::create(&path).expect("made");
        sparse.set_len(LARGEST + 1).expect("grown");
        let said = read(&path).expect_err("too large").to_string();
        assert!(said.starts_with("it has 1073741825 bytes"), "{said}");
    }
}
