//! A wish to stop, as a signal makes it: heeded between two steps, so that nothing is left half done.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, Result};

/// Where to look whether somebody wants the work to stop; nowhere by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stop<'a>(Option<&'a AtomicUsize>);

impl<'a> Stop<'a> {
    /// Stops where the flag is set to the number of a signal.
    pub fn new(flag: Option<&'a AtomicUsize>) -> Self {
        Self(flag)
    }

    /// Goes on, or not.
    ///
    /// # Errors
    /// [`Error::Interrupted`] where somebody wants the work to stop.
    pub fn heed(self) -> Result<()> {
        match self.0.map_or(0, |flag| flag.load(Ordering::Relaxed)) {
            0 => Ok(()),
            signal => Err(Error::Interrupted(u8::try_from(signal).unwrap_or(0))),
        }
    }

    /// [`Stop::heed`] between two pieces of a file. Whoever reads then heeds it too, and so learns why the read ended.
    ///
    /// # Errors
    /// Where somebody wants the work to stop.
    pub fn heed_piece(self, _: &[u8]) -> io::Result<()> {
        self.heed().map_err(|_| io::Error::other("interrupted"))
    }
}
