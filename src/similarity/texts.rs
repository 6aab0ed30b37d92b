//! Where the texts are that are compared: in memory, in files, in shards. Only parts of them are read at a time.

use std::io;
use std::ops::Range;

/// Texts that can be read in parts, by number, from any thread.
pub trait Texts: Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// How many bytes a text has.
    fn size(&self, text: usize) -> u64;

    /// Whether a part of it is read nearly as fast as memory is: what is made of a short one need not be kept then.
    fn is_near(&self, text: usize) -> bool {
        let _ = text;
        false
    }

    /// What to call a text in a message.
    fn name(&self, text: usize) -> String {
        format!("text {text}")
    }

    /// Reads a part of a text, in bytes, in place of what is in the buffer.
    ///
    /// # Errors
    /// Where it cannot be read, or has fewer bytes than it had.
    fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()>;
}

/// Texts in memory, each with its name.
impl<N: std::fmt::Display + Sync, T: AsRef<str> + Sync> Texts for Vec<(N, T)> {
    fn count(&self) -> usize {
        self.len()
    }

    fn size(&self, text: usize) -> u64 {
        self[text].1.as_ref().len() as u64
    }

    fn name(&self, text: usize) -> String {
        self[text].0.to_string()
    }

    fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let place = |at: u64| usize::try_from(at).map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof));
        let bytes = self[text].1.as_ref().as_bytes();
        let part = bytes.get(place(part.start)?..place(part.end)?);
        into.clear();
        into.extend_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}
