//! A file that holds records: a WARC file, or a WACZ with several of them.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use super::input::Bytes;
use super::zip::{self, Member};

/// A WARC file, or one in a WACZ.
#[derive(Debug)]
pub struct Container {
    file: File,
    member: Option<Member>,
}

impl Container {
    /// Its name in the WACZ that it stands in.
    pub fn member(&self) -> Option<&str> {
        self.member.as_ref().map(|member| member.name.as_str())
    }

    /// Its bytes.
    ///
    /// # Errors
    /// What the system says; where it is not what the list of members says.
    pub fn bytes(&self) -> io::Result<Box<dyn Bytes>> {
        match &self.member {
            None => Ok(Box::new(self.file.try_clone()?)),
            Some(member) => zip::open(&self.file, member),
        }
    }
}

/// The WARC files at a path: itself, or those in a WACZ.
///
/// # Errors
/// Where there is no regular file, or it cannot be read, or is a damaged WACZ.
pub fn open(path: &Path) -> io::Result<Vec<Container>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    of_file(File::open(path)?)
}

/// [`open`], for a file that is open already.
///
/// # Errors
/// As [`open`].
pub fn of_file(mut file: File) -> io::Result<Vec<Container>> {
    let mut head = Vec::new();
    file.by_ref().take(4).read_to_end(&mut head)?;
    if head != b"PK\x03\x04" {
        return Ok(vec![Container { file, member: None }]);
    }
    let members = zip::members(&file)?.into_iter().filter(is_warc);
    let container = |member| {
        Ok(Container {
            file: file.try_clone()?,
            member: Some(member),
        })
    };
    members.map(container).collect()
}

/// Whether a member of a WACZ is a WARC file.
pub fn is_warc(member: &Member) -> bool {
    let name = member.name.to_ascii_lowercase();
    [".warc", ".warc.gz", ".warc.zst"]
        .iter()
        .any(|ending| name.ends_with(ending))
}
