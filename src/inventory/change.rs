//! One change of a manifest: the manifest, what is remembered of it and the copies of its texts are written together.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use rayon::prelude::*;

use super::why;
use crate::atomic::Batch;
use crate::corpus::{Corpus, Library};
use crate::custody::{self, Event, Kind, ManifestState, Outcome};
use crate::digest::Digest;
use crate::engine::Report;
use crate::error::{Error, Result};
use crate::journal::{self, Transaction};
use crate::manifest::edit::Draft;
use crate::stop::Stop;
use crate::store::Store;
use crate::whole;

/// When something is done to a corpus, and how.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// When, for the record.
    pub at: Timestamp,
    /// Keep copies of the texts as they are now certified.
    pub keep: bool,
    /// When to stop, with nothing changed.
    pub stop: Stop<'a>,
}

/// Begins to change the corpus of a manifest that is there, unless an interrupted change must be completed first.
pub(crate) fn begin(manifest: &Path) -> Result<Transaction> {
    journal::refuse_pending(Corpus::root_of(manifest))?;
    begin_again(manifest)
}

/// The same, after an interrupted change was completed; the caller tells of that.
pub(crate) fn begin_again(manifest: &Path) -> Result<Transaction> {
    if manifest.symlink_metadata().is_err() {
        return Err(Error::NoManifest(manifest.to_owned()));
    }
    Transaction::begin(Corpus::root_of(manifest))
}

/// The name of a manifest in its folder, as the journal and the log write it.
pub(crate) fn name_of(manifest: &Path) -> Result<&str> {
    let name = manifest.file_name().and_then(|name| name.to_str());
    name.ok_or_else(|| {
        Error::Usage(format!(
            "{} has a name that is not UTF-8; give it another",
            manifest.display()
        ))
    })
}

/// A change of the first file of a manifest that was read, and of nothing else.
pub(crate) struct Change<'a> {
    pub(crate) manifest: &'a Path,
    pub(crate) corpus: &'a Corpus,
    pub(crate) act: Act<'a>,
    /// The texts whose copies are kept, by path, with the digest that each was found to have.
    pub(crate) texts: Vec<(&'a str, Digest)>,
}

impl Change<'_> {
    /// Makes the change, unless somebody else has changed the manifest since it was read.
    pub(crate) fn make(self, draft: Draft<'_>, events: impl FnOnce(ManifestState) -> Vec<Event>) -> Result<()> {
        let bytes = draft.finish()?;
        let mut transaction = begin(self.manifest)?;
        let name = name_of(self.manifest)?;
        let before = self.corpus.manifest.digests.first().copied();
        let step = transaction.stage(name, before, &bytes)?;
        let events = events(custody::state_of(name, &bytes));
        custody::append(&mut transaction, &self.corpus.root, events)?;
        if self.act.keep {
            let (store, library) = (transaction.store(), self.corpus.library());
            keep_all(&store, &library, &self.texts, self.act.stop)?;
        }
        transaction.commit(vec![step], self.act.stop)
    }
}

/// An event names at most so many texts.
const LISTED: usize = 1_000;

/// Writes into the log what became of the texts of a corpus when they were checked.
///
/// # Errors
/// [`Error::Refused`] where the corpus was changed meanwhile, [`Error::Io`] where the log cannot be written.
pub fn record_check(manifest: &Path, corpus: &Corpus, report: &Report, at: Timestamp, stop: Stop<'_>) -> Result<()> {
    let mut transaction = begin(manifest)?;
    let name = name_of(manifest)?;
    let now = whole::read(manifest).map_err(|error| Error::io("read", manifest, error))?;
    if corpus.manifest.files[0].bytes() != now {
        return Err(Error::Refused(format!(
            "{name} changed while this ran, so nothing was recorded; run it again"
        )));
    }
    let state = custody::state_of(name, corpus.manifest.files[0].bytes());
    let mut event = Event::new(Kind::FixityCheck, at, state);
    let states = || corpus.manifest.entries.iter().zip(&report.states);
    let checked = || {
        states()
            .filter(|(_, state)| **state != "skipped")
            .map(|(entry, _)| entry.name().to_owned())
    };
    event.texts = Some(checked().count());
    if event.texts != Some(report.states.len()) {
        event.checked = checked().take(LISTED).collect();
    }
    let failed = states().filter(|(_, state)| !matches!(**state, "verified" | "skipped"));
    let mut failed = failed.map(|(entry, state)| format!("{} ({state})", entry.name()));
    event.failed = failed.by_ref().take(LISTED).collect();
    let more = failed.count();
    event.failed.extend((more > 0).then(|| format!("and {more} more")));
    if !event.failed.is_empty() || event.texts == Some(0) {
        event.outcome = Outcome::Failure;
    }
    custody::append(&mut transaction, &corpus.root, [event])?;
    transaction.commit(Vec::new(), stop)
}

/// Keeps copies of texts that were just read, on all threads; they last when this returns.
///
/// # Errors
/// [`Error::Refused`] where a text is not as it was when it was read, [`Error::Interrupted`], [`Error::Io`].
pub(crate) fn keep_all(store: &Store, library: &Library, texts: &[(&str, Digest)], stop: Stop<'_>) -> Result<()> {
    let batch = Batch::default();
    let keep = |&(path, digest): &(&str, Digest)| {
        stop.heed()?;
        let opened = library.open(path);
        let (mut file, _) = opened.map_err(|refusal| Error::Refused(format!("{path} {}", why(&refusal))))?;
        store.keep_as(digest, &mut Heeding(&mut file, stop), &batch)
    };
    match rayon::current_num_threads() {
        1 => texts.iter().try_for_each(keep)?,
        _ => texts.par_iter().try_for_each(keep)?,
    }
    batch.flush()
}

/// A reader that ends with an error where somebody wants the work to stop.
struct Heeding<'a, R>(&'a mut R, Stop<'a>);

impl<R: io::Read> io::Read for Heeding<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1.heed_piece(buffer)?;
        self.0.read(buffer)
    }
}
