//! Objects of a store that speaks S3: named by an address, read in parts, never written. A program that is built without the feature
//! `cloud` knows an address when it sees one, and says that it cannot follow it.

#[cfg(not(feature = "cloud"))]
mod absent;
#[cfg(feature = "cloud")]
mod s3;

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[cfg(not(feature = "cloud"))]
pub use absent::{Bucket, Object};
#[cfg(feature = "cloud")]
pub use s3::{Bucket, Object};

/// What an address begins with.
const SCHEME: &str = "s3://";

/// Where an object is: `s3://bucket/key`; or all objects whose keys begin with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key, or the beginning of keys.
    pub key: &'a str,
}

impl<'a> Address<'a> {
    /// The address that a path is, where it is one.
    pub fn of(path: &'a Path) -> Option<Self> {
        path.to_str().and_then(Self::parse)
    }

    /// The address that a text is, where it is one.
    pub fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(SCHEME)?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Self { bucket, key })
    }

    /// Whether it names what stands below it, and no object.
    pub fn is_folder(&self) -> bool {
        self.key.is_empty() || self.key.ends_with('/')
    }
}

/// What an object is like. Two that have one version have the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How many bytes it has.
    pub size: u64,
    /// When it was written.
    pub modified: SystemTime,
    /// What the store tells its versions apart by, hashed.
    pub version: (u64, u64),
}

/// What stands below a root at a relative path; an address stands where it says.
pub fn below(root: &Path, path: &str) -> PathBuf {
    match root.to_str() {
        _ if Address::parse(path).is_some() => PathBuf::from(path),
        Some(address) if Address::parse(address).is_some() => {
            PathBuf::from(format!("{}/{path}", address.trim_end_matches('/')))
        }
        _ => root.join(path),
    }
}

/// Reads an object of a bounded size.
///
/// # Errors
/// What the store says, and where it has more bytes than `most`, which `too_large` says.
pub fn read_whole(address: Address<'_>, most: u64, too_large: impl Fn(u64) -> io::Error) -> io::Result<Vec<u8>> {
    let object = Bucket::named(address.bucket)?.open(address.key, 0..FIRST)?;
    let size = object.seen().size;
    if size > most {
        return Err(too_large(size));
    }
    let mut bytes = vec![0; usize::try_from(size).map_err(io::Error::other)?];
    let mut read = 0;
    while read < bytes.len() {
        read += object.read_at(read as u64, &mut bytes[read..])?;
    }
    Ok(bytes)
}

/// Of an object that is read from its beginning, so many bytes are asked for first: most texts have fewer.
pub const FIRST: u64 = 1 << 20;

/// An object is not what it was when it was first seen.
pub fn changed() -> io::Error {
    io::Error::new(
        io::ErrorKind::StaleNetworkFileHandle,
        "it has changed since it was read",
    )
}

/// Whether an error says that.
pub fn says_changed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::StaleNetworkFileHandle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_bucket_and_a_key() {
        let parse = |text| Address::parse(text).map(|address| (address.bucket, address.key, address.is_folder()));
        assert_eq!(parse("s3://b/a/m.yaml"), Some(("b", "a/m.yaml", false)));
        assert_eq!(parse("s3://b/a/"), Some(("b", "a/", true)));
        assert_eq!(parse("s3://b"), Some(("b", "", true)));
        assert_eq!([parse("a/b.txt"), parse("S3/b"), parse("/s3://b")], [None; 3]);
    }

    #[test]
    fn paths_stand_below_an_address_as_below_a_folder() {
        let joined = |root: &str, path| below(root.as_ref(), path).to_string_lossy().into_owned();
        assert_eq!(joined("s3://b", "a.txt"), "s3://b/a.txt");
        assert_eq!(joined("s3://b/x/", "a.txt"), "s3://b/x/a.txt");
        assert_eq!(joined("x", "s3://b/a.jsonl"), "s3://b/a.jsonl");
        assert_eq!(joined("", "a.txt"), "a.txt");
    }

    #[cfg(not(feature = "cloud"))]
    #[test]
    fn without_the_feature_an_address_says_so() {
        let address = Address::parse("s3://b/a.txt").expect("an address");
        let said = read_whole(address, 1, |_| io::Error::other("too large")).expect_err("no store");
        assert!(said.to_string().contains("--features cloud"), "{said}");
    }
}
