//! Texts that stand in no file of their own, one behind the other: in memory as long as there is room, then in a temporary
//! file that has no name, so that nothing is left behind however the run ends.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::corpus::Opened;
use crate::error::{Error, Result};

/// Where the texts of records are kept.
#[derive(Debug)]
pub(crate) struct Spool {
    memory: Vec<u8>,
    room: usize,
    /// The file, as it is written and as it is read.
    file: Option<(BufWriter<File>, Opened)>,
    folder: PathBuf,
    length: u64,
}

impl Spool {
    /// A spool that holds so many bytes in memory, and more in a file in the folder.
    pub(crate) fn new(room: u64, folder: &Path) -> Self {
        Self {
            memory: Vec::new(),
            room: usize::try_from(room).unwrap_or(usize::MAX),
            file: None,
            folder: folder.to_owned(),
            length: 0,
        }
    }

    /// Adds a text, and says at which byte it begins.
    ///
    /// # Errors
    /// Where the temporary file cannot be made or written.
    pub(crate) fn push(&mut self, text: &[u8]) -> Result<u64> {
        let start = self.length;
        let fits = self.memory.len().saturating_add(text.len()) <= self.room;
        if self.file.is_none() && fits {
            self.memory.extend_from_slice(text);
        } else {
            self.write(text).map_err(|error| self.failed(error))?;
        }
        self.length += text.len() as u64;
        Ok(start)
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        if self.file.is_none() {
            let file = tempfile::tempfile_in(&self.folder)?;
            let opened = Opened::from(file.try_clone()?);
            let mut file = BufWriter::with_capacity(1 << 18, file);
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some((file, opened));
        }
        match &mut self.file {
            Some((file, _)) => file.write_all(text),
            None => Ok(()),
        }
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::Io {
            action: "write temporary files (name another folder with `--temp-dir`) to",
            path: self.folder.clone(),
            source: error,
        }
    }

    /// Makes everything that was added readable.
    ///
    /// # Errors
    /// Where the temporary file cannot be written.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let flushed = self.file.as_mut().map_or(Ok(()), |(file, _)| file.flush());
        flushed.map_err(|error| self.failed(error))
    }

    /// How many bytes it holds in memory.
    pub(crate) fn held(&self) -> u64 {
        self.memory.capacity() as u64
    }

    /// Reads some bytes, in place of what is in the buffer.
    ///
    /// # Errors
    /// Where the temporary file cannot be read, or has fewer bytes.
    pub(crate) fn read(&self, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        if let Some((_, opened)) = &self.file {
            return opened.read_part(part, into);
        }
        let place = |at: u64| usize::try_from(at).map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof));
        let bytes = self.memory.get(place(part.start)?..place(part.end)?);
        into.clear();
        into.extend_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_is_read_whether_there_is_room_or_not() {
        let folder = tempfile::tempdir().expect("a folder");
        for room in [0, 3, 7, 100] {
            let mut spool = Spool::new(room, folder.path());
            let starts = ["first", "", "second"].map(|text| spool.push(text.as_bytes()).expect("added"));
            spool.finish().expect("written");
            assert_eq!(starts, [0, 5, 5]);
            assert!(spool.held() <= 16);
            let mut read = b"old".to_vec();
            spool.read(5..11, &mut read).expect("read");
            assert_eq!(read, b"second");
            assert!(spool.read(5..12, &mut read).is_err());
        }
        assert_eq!(folder.path().read_dir().expect("listed").count(), 0);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_only_where_it_is_needed() {
        let mut spool = Spool::new(4, Path::new("no/such/folder"));
        assert!(spool.push(b"text").is_ok());
        let said = spool.push(b"more").expect_err("no folder").to_string();
        assert!(said.contains("no/such/folder") && said.contains("--temp-dir"), "{said}");
    }
}
