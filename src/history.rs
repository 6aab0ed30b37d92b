//! The custody of one text: from the first bytes that were certified to those that stand there now, step by step, each with
//! what is recorded of it and what it changed.

use std::ops::Range;
use std::path::Path;

use jiff::Timestamp;

use crate::compare::{page_parts, present};
use crate::copies::{Copies, Origin};
use crate::corpus::{Corpus, Library};
use crate::custody::{self, Break, Event, Kind, Line};
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::manifest::{EditRecord, Entry};

/// What is known of a text and its past.
#[derive(Debug)]
pub struct History {
    /// Its path.
    pub path: String,
    /// Its id.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Where it was retrieved from, or why nobody knows.
    pub source: Option<String>,
    /// When it was retrieved, as recorded.
    pub retrieved: Option<String>,
    /// When it came under care, by the log.
    pub ingested: Option<Timestamp>,
    /// The first bytes that were certified.
    pub first: Version,
    /// What was done since, oldest first.
    pub steps: Vec<Step>,
    /// What stands there now.
    pub present: Present,
    /// Fixity checks of the log that were about the text or all texts: how many, when the last was and whether it went well.
    pub checks: Checks,
    /// Where the chain of the log is broken.
    pub broken: Option<Break>,
    /// How many events the log has.
    pub events: usize,
    /// Whether the last step ends with the digest on record.
    pub leads_to_record: bool,
}

/// Bytes of a text, by their digest, with the bytes themselves where somebody has them.
#[derive(Clone, Debug)]
pub struct Version {
    /// The SHA-256; `None` where the record has no sound one.
    pub sha256: Option<Digest>,
    /// The bytes and who has them.
    pub bytes: Option<(Vec<u8>, &'static str)>,
    /// Why a copy that is kept cannot be used, where no other has the bytes.
    pub damaged: Option<String>,
    /// Where the rules for layout see parts of the page in these bytes.
    pub page: Vec<Range<usize>>,
}

/// A change on record.
#[derive(Clone, Debug)]
pub struct Step {
    /// When, as the manifest has it.
    pub at: String,
    /// Why.
    pub reason: String,
    /// By which rules.
    pub rules: Vec<String>,
    /// What came of it.
    pub to: Version,
    /// The line of the log that tells of it, from 1.
    pub event: Option<usize>,
    /// The program that made it, by the log.
    pub program: Option<String>,
    /// Whether it begins with the digest that the step before ended with.
    pub follows: bool,
}

/// What stands at the path of a text.
#[derive(Clone, Debug)]
pub enum Present {
    /// The bytes that are certified.
    AsCertified,
    /// Other bytes.
    Changed(Version),
    /// Nothing that can be read, with the reason.
    Unreadable(String),
}

/// The fixity checks of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// How many there were.
    pub count: usize,
    /// When the last was.
    pub last: Option<Timestamp>,
    /// Whether the last found the text as certified.
    pub last_well: bool,
}

impl History {
    /// Gathers what is known of the text of an entry.
    ///
    /// # Errors
    /// Where the log or a copy cannot be read.
    pub fn of(corpus: &Corpus, entry: &Entry) -> Result<Self> {
        let lines = custody::read(&corpus.root)?;
        let path = entry.name().to_owned();
        let versions = Versions {
            corpus,
            entry,
            path: &path,
            copies: Copies::of(&corpus.root),
        };
        let events = Events::of(&path, &lines);
        let first = entry
            .edits
            .first()
            .and_then(|edit| digest_of(edit.from.as_ref()))
            .or(entry.digest());
        let mut steps: Vec<Step> = Vec::with_capacity(entry.edits.len());
        let mut last = first;
        for edit in &entry.edits {
            let step = versions.step(edit, last, &events)?;
            last = step.to.sha256;
            steps.push(step);
        }
        let origin = entry.origin.as_ref().map(|origin| origin.value.reason.clone());
        let source = entry.source.as_ref();
        Ok(Self {
            id: entry.id.as_ref().map(|id| id.value.clone()),
            title: entry.title.as_ref().map(|title| title.value.clone()),
            source: source
                .and_then(|source| source.url.as_ref())
                .map(|url| url.value.clone())
                .or(origin),
            retrieved: source
                .and_then(|source| source.retrieved_at.as_ref())
                .map(|when| when.value.to_string()),
            ingested: events.ingested(),
            first: versions.version(first)?,
            steps,
            present: versions.present(&corpus.library(), entry)?,
            checks: events.checks(),
            broken: custody::first_break(&lines),
            events: lines.len(),
            leads_to_record: last.is_some() && last == entry.digest(),
            path,
        })
    }

    /// Whether nothing is open: each step follows from the one before, the log holds, no copy is damaged, and the text is as certified.
    pub fn is_sound(&self) -> bool {
        let whole = self.leads_to_record && self.steps.iter().all(|step| step.follows) && self.broken.is_none();
        whole && self.damaged().next().is_none() && matches!(self.present, Present::AsCertified)
    }

    /// The versions of which a copy is kept that cannot be used, each with its number from 1, and why.
    pub fn damaged(&self) -> impl Iterator<Item = (usize, &str)> {
        let versions = std::iter::once(&self.first).chain(self.steps.iter().map(|step| &step.to));
        let damaged = versions.enumerate();
        damaged.filter_map(|(at, version)| Some((at + 1, version.damaged.as_deref()?)))
    }
}

fn digest_of(recorded: Option<&crate::manifest::Recorded>) -> Option<Digest> {
    recorded?.digest
}

/// Where the bytes of a text are looked for.
struct Versions<'a> {
    corpus: &'a Corpus,
    entry: &'a Entry,
    path: &'a str,
    copies: Copies,
}

impl Versions<'_> {
    fn version(&self, sha256: Option<Digest>) -> Result<Version> {
        let (found, damaged) = match sha256.map(|digest| self.copies.certified(self.path, &digest)) {
            None => (None, None),
            Some(Ok(found)) => (found, None),
            Some(Err(error @ Error::Interrupted(_))) => return Err(error),
            // One copy that cannot be read is no reason to show nothing of the others.
            Some(Err(error)) => (None, Some(error.to_string())),
        };
        let bytes = found.map(|(bytes, origin): (Vec<u8>, Origin)| (bytes, origin.name()));
        let page = bytes
            .as_ref()
            .map(|(bytes, _)| page_parts(self.corpus, self.entry, bytes));
        Ok(Version {
            sha256,
            bytes,
            damaged,
            page: page.unwrap_or_default(),
        })
    }

    fn step(&self, edit: &EditRecord, before: Option<Digest>, events: &Events<'_>) -> Result<Step> {
        let (from, to) = (digest_of(edit.from.as_ref()), digest_of(edit.to.as_ref()));
        let event = events.change(from, to);
        Ok(Step {
            at: edit.at.clone(),
            reason: edit.reason.clone(),
            rules: edit.rules.clone(),
            to: self.version(to)?,
            event: event.map(|(number, _)| number),
            program: event.map(|(_, event)| event.program.clone()),
            follows: from.is_some() && from == before,
        })
    }

    fn present(&self, library: &Library, entry: &Entry) -> Result<Present> {
        let bytes = match present(library, self.path) {
            Ok(bytes) => bytes,
            Err(refusal) => return Ok(Present::Unreadable(refusal.reason())),
        };
        let sha256 = Algorithm::Sha256.digest(&bytes);
        if Some(sha256) == entry.digest() {
            return Ok(Present::AsCertified);
        }
        Ok(Present::Changed(Version {
            sha256: Some(sha256),
            bytes: Some((bytes, "file")),
            damaged: None,
            page: Vec::new(),
        }))
    }
}

/// The events of a log that concern a text.
struct Events<'a> {
    path: String,
    events: Vec<(usize, &'a Event)>,
}

impl<'a> Events<'a> {
    fn of(path: &str, lines: &'a [Line]) -> Self {
        let events = lines
            .iter()
            .filter_map(|line| Some((line.number, line.event.as_ref().ok()?)));
        Self {
            path: path.to_owned(),
            events: events.filter(|(_, event)| event.concerns(path)).collect(),
        }
    }

    /// Whether a check found the text as certified, whatever it found of others.
    fn found_well(&self, event: &Event) -> bool {
        let own = format!("{} (", self.path);
        let more = event.failed.last().is_some_and(|last| last.starts_with("and "));
        event.outcome == custody::Outcome::Success
            || !(more || event.failed.iter().any(|failed| failed.starts_with(&own)))
    }

    fn ingested(&self) -> Option<Timestamp> {
        let ingestion = self.events.iter().find(|(_, event)| event.event == Kind::Ingestion);
        ingestion.map(|(_, event)| event.at)
    }

    /// The event of a change, by its digests.
    fn change(&self, from: Option<Digest>, to: Option<Digest>) -> Option<(usize, &'a Event)> {
        let (from, to) = (from?.to_string(), to?.to_string());
        let is = |event: &Event| event.from.as_ref() == Some(&from) && event.to.as_ref() == Some(&to);
        self.events.iter().find(|(_, event)| is(event)).copied()
    }

    fn checks(&self) -> Checks {
        let checks = || self.events.iter().filter(|(_, event)| event.event == Kind::FixityCheck);
        let last = checks().next_back().map(|(_, event)| event);
        Checks {
            count: checks().count(),
            last: last.map(|event| event.at),
            last_well: last.is_some_and(|event| self.found_well(event)),
        }
    }
}

/// The corpus of a manifest, and the number of the entry that a name means.
///
/// # Errors
/// As [`Corpus::open`], and where a name means no entry.
pub fn open(manifest: &Path, name: &str) -> Result<(Corpus, usize)> {
    let corpus = Corpus::open(manifest)?;
    let entry = crate::inventory::entries_named(&corpus, &[name.to_owned()])?;
    Ok((corpus, entry[0]))
}
