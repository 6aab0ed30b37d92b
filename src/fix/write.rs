//! Where mended texts go: in place of the originals, once their certified bytes are kept, or into a folder of their own.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;

use super::accept::Accepted;
use super::{Fixed, Mended};
use crate::atomic;
use crate::corpus::{BUFFER, Corpus, LARGEST_TEXT, Library, Order, slashed, would_find};
use crate::custody::{self, Event, Kind, ManifestState};
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::inventory::change::{keep_all, name_of};
use crate::inventory::record::{Note, Renewal, before};
use crate::inventory::{entry_at, why};
use crate::journal::{Staging, Step, Transaction};
use crate::manifest::edit::Draft;
use crate::manifest::write::{Item, Value};
use crate::source::Source;
use crate::stop::Stop;

/// Writes the new digest of a text into its entry.
pub(super) fn record(corpus: &Corpus, text: &Mended, at: Timestamp, reason: &str, draft: &mut Draft<'_>) -> Result<()> {
    let entry = &corpus.manifest.entries[text.entry];
    let renewal = Renewal {
        entry,
        sha256: text.staged.sha256,
        further: text.staged.further.clone(),
        size: text.staged.size,
    };
    let note = Note {
        at,
        reason,
        rules: &text.rules,
    };
    renewal.write(&entry_at(text.entry), &note, draft)
}

impl Fixed {
    /// Puts the mended texts in the place of the originals, with the manifest and the log, all or nothing; so are findings
    /// accepted. The certified bytes and the new ones are kept in the store first.
    ///
    /// The texts must have been laid down in the staging of this transaction.
    ///
    /// # Errors
    /// [`Error::Refused`] where a file has changed meanwhile, [`Error::Interrupted`], [`Error::Io`].
    pub fn commit(&self, mut transaction: Transaction, manifest: &Path, stop: Stop<'_>) -> Result<()> {
        if self.texts.is_empty() && self.accepted.is_empty() {
            return Ok(());
        }
        let store = transaction.store();
        let originals: Vec<(&str, Digest)> = self.texts.iter().map(|text| (text.path.as_str(), text.from)).collect();
        keep_all(&store, &self.corpus.library(), &originals, stop)?;
        let staged = Library::over(&self.corpus, transaction.staging(), &self.texts);
        let new: Vec<(&str, Digest)> = self
            .texts
            .iter()
            .map(|text| (text.path.as_str(), text.staged.sha256))
            .collect();
        keep_all(&store, &staged, &new, stop)?;
        let name = name_of(manifest)?;
        let mut steps: Vec<Step> = self.texts.iter().map(Mended::step).collect();
        let old = self.corpus.manifest.digests.first().copied();
        steps.push(transaction.stage(name, old, &self.manifest)?);
        let events = self.events(&custody::state_of(name, &self.manifest));
        custody::append(&mut transaction, &self.corpus.root, events)?;
        transaction.commit(steps, stop)
    }

    fn events(&self, state: &ManifestState) -> Vec<Event> {
        let event = |text: &Mended| {
            let event = Event::new(Kind::Normalization, self.at, state.clone());
            event
                .of(&text.path, Some(text.from), Some(text.staged.sha256))
                .by(&text.rules)
                .because(&self.reason)
        };
        let accepted = self.accepted.iter().map(|one| self.acceptance(one, state));
        self.texts.iter().map(event).chain(accepted).collect()
    }

    fn acceptance(&self, accepted: &Accepted, state: &ManifestState) -> Event {
        let event = Event::new(Kind::Acceptance, self.at, state.clone());
        let mut event = event
            .of(&accepted.path, None, None)
            .by(&[accepted.finding.rule.to_owned()])
            .because(&accepted.reason);
        event.passage = Some(accepted.passage.clone());
        event
    }

    /// Writes all texts into a new folder, mended where they are, with a manifest that tells what each was made from.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is something in the folder, or a text is not as certified; [`Error::Interrupted`],
    /// [`Error::Io`]. Then there is no such folder.
    pub fn write_to(
        &self,
        folder: &Path,
        manifest: &Path,
        staging: &Staging,
        keep: bool,
        stop: Stop<'_>,
    ) -> Result<()> {
        refuse_taken(folder)?;
        self.refuse_inside(folder)?;
        let parent = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let failed = |error| Error::io("write", folder, error);
        let made = tempfile::Builder::new()
            .prefix(".vidimus-")
            .suffix(".tmp")
            .tempdir_in(parent)
            .map_err(failed)?;
        let derived = Derived {
            fixed: self,
            staging,
            folder: made.path(),
            stop,
        };
        derived.write(manifest, keep)?;
        fs::rename(made.path(), folder).map_err(failed)?;
        drop(made); // Its folder is gone, under another name.
        Ok(())
    }

    /// Refuses a folder in which the corpus would look for texts of its own: there, all that is written would be unlisted, or listed twice.
    fn refuse_inside(&self, folder: &Path) -> Result<()> {
        let absolute = |path: &Path| std::path::absolute(path).map_err(|error| Error::io("find", path, error));
        let root = absolute(match self.corpus.root.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.corpus.root,
        })?;
        let root = root.canonicalize().unwrap_or(root);
        let folder = absolute(folder)?;
        let parent = folder.parent().unwrap_or(&folder);
        let parent = parent.canonicalize().unwrap_or_else(|_| parent.to_owned());
        let real = folder
            .file_name()
            .map_or_else(|| parent.clone(), |name| parent.join(name));
        let Ok(inside) = real.strip_prefix(&root) else {
            return Ok(());
        };
        let inside = slashed(inside);
        let paths = self
            .corpus
            .manifest
            .entries
            .iter()
            .filter_map(|entry| entry.path.as_ref());
        let taken = paths
            .map(|path| format!("{inside}/{}", path.value))
            .find(|path| would_find(&self.corpus.manifest.corpus, path));
        match taken {
            Some(path) => Err(Error::Refused(format!(
                "{path} would be a text of the corpus that it is made from, because `include` matches it; name a folder elsewhere, or write `exclude: [\"{inside}/**\"]` into the manifest"
            ))),
            None => Ok(()),
        }
    }
}

fn refuse_taken(folder: &Path) -> Result<()> {
    let taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.symlink_metadata().is_ok(),
    };
    match taken {
        true => Err(Error::Refused(format!(
            "there is something in {} already; name a new folder",
            folder.display()
        ))),
        false => Ok(()),
    }
}

/// A corpus that is made from another.
struct Derived<'a> {
    fixed: &'a Fixed,
    staging: &'a Staging,
    folder: &'a Path,
    stop: Stop<'a>,
}

impl Derived<'_> {
    fn write(&self, manifest: &Path, keep: bool) -> Result<()> {
        let corpus = &self.fixed.corpus;
        let library = Library::over(corpus, self.staging, &self.fixed.texts);
        let mut wrong = Vec::new();
        let mended: HashMap<usize, Digest> = self
            .fixed
            .texts
            .iter()
            .map(|text| (text.entry, text.staged.sha256))
            .collect();
        for (number, entry) in corpus.manifest.entries.iter().enumerate() {
            self.stop.heed()?;
            let Some(path) = &entry.path else { continue };
            let digest = mended.get(&number).copied().or_else(|| entry.digest());
            if let Err(why) = self.copy(&library, path.value.as_str(), digest)? {
                wrong.push(format!("{} {why}", path.value.as_str()));
            }
        }
        if !wrong.is_empty() {
            return Err(Error::Refused(format!("nothing was written\n  {}", wrong.join("\n  "))));
        }
        for shard in &corpus.manifest.files[1..] {
            self.put(shard.name(), shard.bytes())?;
        }
        let bytes = self.manifest()?;
        let name = name_of(manifest)?;
        self.put(name, &bytes)?;
        self.remember(name, &bytes, keep)
    }

    /// Copies a text, where it has the digest that it should have.
    fn copy(&self, library: &Library, path: &str, digest: Option<Digest>) -> Result<Result<(), String>> {
        let order = Order {
            algorithms: &[Algorithm::Sha256],
            keep: LARGEST_TEXT,
        };
        let reading = match library.read(path, order, &mut vec![0; BUFFER], |piece| self.stop.heed_piece(piece)) {
            Ok(reading) => reading,
            Err(refusal) => return Ok(Err(why(&refusal))),
        };
        self.stop.heed()?;
        match reading.bytes {
            Some(bytes) if reading.digests.first().copied() == digest => self.put(path, &bytes).map(Ok),
            Some(_) => Ok(Err(
                "is not as certified; accept the change or restore it first".to_owned()
            )),
            None => Ok(Err("is too large to be copied".to_owned())),
        }
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let place = self.folder.join(path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::io("write", folder, error))?;
        }
        atomic::create(&place, bytes)
    }

    /// The new manifest, in which each mended text names what it was made from.
    fn manifest(&self) -> Result<Vec<u8>> {
        let source = Source::new("manifest", self.fixed.manifest.clone());
        let mut draft = Draft::new(&source)?;
        for text in &self.fixed.texts {
            let from = Value::Record(vec![Item::Field("sha256", Value::quoted(text.from))]);
            draft.extend(&entry_at(text.entry), &before("derived_from"), "derived_from", &[from])?;
        }
        draft.finish()
    }

    /// Begins the log of the new corpus, and keeps the bytes that its texts were made from.
    fn remember(&self, name: &str, manifest: &[u8], keep: bool) -> Result<()> {
        let mut transaction = Transaction::begin(self.folder)?;
        if keep {
            let texts = &self.fixed.texts;
            let originals: Vec<(&str, Digest)> = texts.iter().map(|text| (text.path.as_str(), text.from)).collect();
            keep_all(
                &transaction.store(),
                &self.fixed.corpus.library(),
                &originals,
                self.stop,
            )?;
            let new: Vec<(&str, Digest)> = texts
                .iter()
                .map(|text| (text.path.as_str(), text.staged.sha256))
                .collect();
            let staged = Library::over(&self.fixed.corpus, self.staging, texts);
            keep_all(&transaction.store(), &staged, &new, self.stop)?;
        }
        let state = custody::state_of(name, manifest);
        let source = self.fixed.corpus.manifest.digests.first().map(ToString::to_string);
        let mut begun = Event::new(Kind::Ingestion, self.fixed.at, state.clone());
        begun.texts = Some(self.fixed.corpus.manifest.entries.len());
        let begun = begun.because(format!(
            "derived from a corpus whose manifest has the SHA-256 {}",
            source.unwrap_or_default()
        ));
        let events = [begun].into_iter().chain(self.fixed.events(&state));
        custody::append(&mut transaction, self.folder, events)?;
        transaction.commit(Vec::new(), self.stop)
    }
}

impl Mended {
    fn step(&self) -> Step {
        Step {
            path: self.path.clone(),
            before: Some(self.from.to_string()),
            after: self.staged.sha256.to_string(),
            staged: self.staged.name.clone(),
        }
    }
}

impl Library {
    /// The texts of a corpus, mended where they are.
    fn over(corpus: &Corpus, staging: &Staging, texts: &[Mended]) -> Self {
        let mut library = corpus.library();
        let staged = texts
            .iter()
            .map(|text| (text.path.clone(), staging.path(&text.staged.name)));
        library.instead = staged.collect();
        library
    }
}
