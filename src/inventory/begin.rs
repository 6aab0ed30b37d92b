//! The first manifest of a corpus: it is written together with the copies of its texts and the first event of their custody.

use std::io::ErrorKind;
use std::path::Path;

use jiff::Timestamp;

use super::change::{keep_all, name_of};
use super::folder_of;
use crate::corpus::Library;
use crate::custody::{self, Event, Kind};
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::journal::Transaction;
use crate::manifest::LinkPolicy;
use crate::stop::Stop;
use crate::whole;

/// A manifest that will be written, and what it certifies.
#[derive(Debug)]
pub(crate) struct Beginning<'a> {
    pub(crate) manifest: &'a Path,
    pub(crate) text: &'a str,
    /// Path, relative to the folder of the manifest, and SHA-256 of each text.
    pub(crate) texts: &'a [(&'a str, Digest)],
    /// Replace a manifest that is there.
    pub(crate) force: bool,
    /// Keep copies of the texts.
    pub(crate) keep: bool,
    pub(crate) at: Timestamp,
    pub(crate) stop: Stop<'a>,
}

/// Refuses a manifest that is there already.
///
/// # Errors
/// [`Error::Refused`].
pub(crate) fn refuse_taken(manifest: &Path, force: bool) -> Result<()> {
    if force || manifest.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(taken(manifest))
}

fn taken(manifest: &Path) -> Error {
    Error::Refused(format!(
        "{} is there already; add to it with `vidimus add`, or say `--force` to replace it",
        manifest.display()
    ))
}

/// Writes all of it, or nothing.
///
/// # Errors
/// [`Error::Refused`] where a manifest is there and may not be replaced, [`Error::Io`], [`Error::Interrupted`].
pub(crate) fn begin(beginning: &Beginning<'_>) -> Result<()> {
    let base = folder_of(beginning.manifest);
    let mut transaction = Transaction::begin(&base)?;
    let name = name_of(beginning.manifest)?;
    let before = match whole::read(beginning.manifest) {
        Ok(old) if beginning.force => Some(Algorithm::Sha256.digest(&old)),
        Ok(_) => return Err(taken(beginning.manifest)), // It was not there when this began.
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(Error::io("read", beginning.manifest, error)),
    };
    let text = beginning.text.as_bytes();
    let step = transaction.stage(name, before, text)?;
    let mut event = Event::new(Kind::Ingestion, beginning.at, custody::state_of(name, text));
    event.texts = Some(beginning.texts.len());
    custody::append(&mut transaction, &base, [event])?;
    if beginning.keep {
        let library = Library::new(&base, LinkPolicy::Forbid);
        keep_all(&transaction.store(), &library, beginning.texts, beginning.stop)?;
    }
    transaction.commit(vec![step], beginning.stop)
}
