//! The run: each file is read once, every check looks at it while its bytes are at hand, then the checks across texts.

mod again;
pub mod alone;
mod archives;
mod clashes;
mod clusters;
mod configured;
mod look;
mod records;
mod shards;
mod texts;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::ceiling;
use crate::checks::{self, Archives, Check, Document, Holders, OfRecords, Passages, SeenShard, Survey};
use crate::config::Selection;
use crate::corpus::{
    BUFFER, Budget, Corpus, Fixity, Found, LARGEST_TEXT, Library, Listing, Observed, Order, Reading, Refusal, Room,
    State, Unread,
};
use crate::date;
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::finding::{Finding, Record, Severity};
use crate::journal;
use crate::manifest::{Entry, LinkPolicy, Manifest, fold};
use crate::place::{Fixes, Sources};
use crate::setting::Settings;
use crate::signature::{Seal, Verdict};
use crate::source::Source;
use crate::stop::Stop;
use crate::suppress;
use crate::text::phrases::Phrases;
use crate::text::{Features, MOST_LINES, Text};
use again::Again;
use records::{All, KeptTexts};
use shards::Shards;

pub use clusters::Cluster;
pub use texts::{Acceptance, Change, TextRecord};

/// A text that must be read whole to say why its digest differs is read up to this size, in bytes.
const DIAGNOSIS_LIMIT: u64 = 256 << 20;

/// What to do, and how.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Which findings are wanted.
    pub selection: Selection,
    /// What the user has set of the rules.
    pub settings: Settings,
    /// The labels of pages that lines are compared with; those that come with the program where it is `None`.
    pub phrases: Option<Phrases>,
    /// Fixity and manifest alone, without a look into the texts.
    pub fixity_only: bool,
    /// What the manifest must be; where it is not, no text is read, and the report says that alone.
    pub seal: Seal,
    /// The day that the report calls today.
    pub today: Date,
    /// How many threads; one for each processor where it is `None`.
    pub threads: Option<usize>,
    /// Only entries with these paths, or below them; all where there is none.
    pub only: Vec<String>,
    /// Whether the report tells of each text and each group of passages, for a report to read: it takes memory.
    pub describe: bool,
    /// Whether the edits of fixes get lines and columns, for a format that gives them.
    pub locate: bool,
    /// Whether shards of records are passed over: for an editor, which asks again with each change.
    pub without_shards: bool,
    /// Where to tell how far the work is.
    pub progress: Option<&'a dyn Progress>,
    /// Set to a signal's number to stop.
    pub stop: Option<&'a AtomicUsize>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            settings: Settings::default(),
            phrases: None,
            fixity_only: false,
            seal: Seal::default(),
            today: date::today(),
            threads: None,
            only: Vec::new(),
            describe: false,
            locate: false,
            without_shards: false,
            progress: None,
            stop: None,
        }
    }
}

impl Options<'_> {
    /// What is filled in of fixes.
    fn fixes(&self) -> Fixes {
        Fixes {
            places: self.locate,
            around: self.describe,
        }
    }
}

/// Told how far the work is, from any thread.
pub trait Progress: Sync + std::fmt::Debug {
    /// The work begins: how many texts, and how many bytes as far as the manifest knows.
    fn begin(&self, texts: usize, bytes: u64);
    /// So many bytes were read.
    fn read(&self, bytes: usize);
    /// One text is done.
    fn done(&self);
    /// All texts are done.
    fn end(&self);
}

/// How many entries there are, what became of them, and what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Entries in the manifest.
    pub listed: usize,
    /// Entries whose bytes have the recorded digests.
    pub verified: usize,
    /// Entries whose bytes could not be compared: nothing usable on record, or they may not or cannot be read.
    pub unverifiable: usize,
    /// Entries that the run was not asked to look at.
    pub skipped: usize,
    /// Files that the globs match and no entry names.
    pub unlisted: usize,
    /// Entries with nothing at their path.
    pub missing: usize,
    /// Findings of that severity that are not suppressed.
    pub errors: usize,
    /// Findings of that severity that are not suppressed.
    pub warnings: usize,
    /// Findings of that severity that are not suppressed.
    pub infos: usize,
    /// Findings that a person has accepted, or that the baseline knows.
    pub suppressed: usize,
}

impl Summary {
    /// Entries whose bytes have another digest than the one on record.
    pub fn changed(&self) -> usize {
        self.listed - self.verified - self.unverifiable - self.skipped - self.missing
    }
}

/// What of all that is listed is no text with a file of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    /// Records, of shards or of a web archive.
    pub records: usize,
    /// Shards whose records are not counted, since they were not read.
    pub shards: usize,
    /// Files that stand inside of another one.
    pub files: usize,
}

impl Apart {
    fn of(manifest: &Manifest, observed: &[Observed]) -> Self {
        let mut apart = Self::default();
        let entries = manifest.entries.iter().zip(observed);
        for (_, observed) in entries.filter(|(entry, _)| entry.records.is_some()) {
            match observed.fixity {
                Fixity::Skipped | Fixity::Refused(_) => apart.shards += 1,
                _ => apart.records += usize::try_from(observed.texts).unwrap_or(usize::MAX),
            }
        }
        apart
    }
}

/// What is said of shards of records.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Records {
    /// How many shards the manifest names.
    pub shards: usize,
    /// How many records with a text were read.
    pub records: u64,
    /// The rules that were not asked of records, because they compare texts: what they need of all would stand in memory.
    pub not_asked: Vec<&'static str>,
}

/// The rule that bounds what it tells of records itself.
const INVALID_RECORD: &str = checks::manifest::invalid_record::RULE.id;

/// What a run gives.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The counts.
    pub summary: Summary,
    /// What of all that is counted is no text with a file of its own.
    pub apart: Apart,
    /// The findings, by path, place and rule.
    pub findings: Vec<Finding>,
    /// What became of each entry, in one word, in the order of the manifest.
    pub states: Vec<&'static str>,
    /// What became of what was demanded of the manifest.
    pub seal: Verdict,
    /// What there is to say of shards of records, where the manifest names some.
    pub records: Option<Records>,
    /// What the corpus is called.
    pub title: Option<String>,
    /// The day that the run called today.
    pub today: Option<Date>,
    /// The texts, in the order of the manifest, where [`Options::describe`] asks for them.
    pub texts: Vec<TextRecord>,
    /// The passages that stand more than once, longest first, where [`Options::describe`] asks for them and a check compares.
    pub clusters: Vec<Cluster>,
    /// How many there are beside those.
    pub more_clusters: usize,
    /// The path from where the program runs to the root of the corpus, which ends with `/` or is empty: what stands before the paths of
    /// findings in formats for programs that know nothing of the root.
    pub base: String,
    /// Where the documentation is published, for links to the pages of rules; without it there are none.
    pub docs: Option<String>,
    /// Whether a baseline was given: then what it does not know is new.
    pub baseline: bool,
    /// How many findings that count are not told because they speak of nothing that changed.
    pub outside: usize,
}

impl Report {
    /// The findings that count: neither accepted nor known to the baseline.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.suppressed.is_none())
    }

    /// Counts the findings anew, once some were marked or left out.
    pub fn recount(&mut self) {
        count(&mut self.summary, &self.findings);
    }
}

/// What one entry gives.
struct Outcome {
    observed: Observed,
    findings: Vec<Finding>,
    features: Option<Features>,
    /// What its file was like when it was read.
    state: Option<State>,
}

impl Outcome {
    /// Of an entry whose bytes no check has seen.
    fn unseen(observed: Observed) -> Self {
        Self {
            observed,
            findings: Vec::new(),
            features: None,
            state: None,
        }
    }
}

/// What all entries give, each part in the order of the manifest.
#[derive(Default)]
struct Outcomes {
    observed: Vec<Observed>,
    features: Vec<Option<Features>>,
    /// What the files of those were like that were read as text.
    states: Vec<Option<State>>,
    findings: Vec<Finding>,
}

impl Outcomes {
    fn of(outcomes: Vec<Outcome>) -> Self {
        let mut all = Self::default();
        for outcome in outcomes {
            all.states.push(outcome.state.filter(|_| outcome.features.is_some()));
            all.observed.push(outcome.observed);
            all.features.push(outcome.features);
            all.findings.extend(outcome.findings);
        }
        all
    }
}

impl Corpus {
    /// Checks the corpus.
    ///
    /// # Errors
    /// [`Error::Interrupted`] where `options.stop` was set, [`Error::Usage`] where `options.only` names no entry.
    pub fn check(&self, options: &Options<'_>) -> Result<Report> {
        pool(options)?.install(|| self.check_here(options))
    }

    /// Checks the corpus with the threads that there are.
    fn check_here(&self, options: &Options<'_>) -> Result<Report> {
        let ahead = ReadAhead::none(&self.root);
        Run::new(self, options, &ahead)?.report()
    }
}

/// Opens the corpus of a manifest and checks it: texts are read while the rest of a long manifest is still being scanned.
///
/// # Errors
/// As [`Corpus::open`] and [`Corpus::check`].
pub fn check(manifest: &Path, options: &Options<'_>) -> Result<(Corpus, Report)> {
    journal::refuse_pending(Corpus::root_of(manifest))?;
    pool(options)?.install(|| {
        let ahead = ReadAhead::new(Corpus::root_of(manifest), options);
        let corpus = Corpus {
            manifest: Manifest::open_watched(manifest, &|entry| ahead.read(entry))?,
            root: Corpus::root_of(manifest).to_owned(),
            instead: HashMap::new(),
        };
        let report = Run::new(&corpus, options, &ahead)?.report()?;
        Ok((corpus, report))
    })
}

fn pool(options: &Options<'_>) -> Result<rayon::ThreadPool> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = options.threads {
        pool = pool.num_threads(threads);
    }
    pool.build()
        .map_err(|error| Error::Usage(format!("cannot start threads: {error}")))
}

/// Texts that were read while their manifest was still being scanned.
///
/// Only where digests are all that is wanted, and only as long as they are short: the rest shows its progress. None where
/// something is demanded of the manifest, which is judged before a text is read. Links are
/// refused, whatever the manifest says of them further on; those texts are read again.
#[derive(Debug)]
struct ReadAhead {
    library: Library,
    wanted: bool,
    /// By the place of the entry in its manifest: file, first byte.
    readings: Mutex<HashMap<(usize, usize), Reading>>,
}

impl ReadAhead {
    /// The size in bytes up to which a text is short.
    const SHORT: u64 = 1 << 20;

    fn none(root: &Path) -> Self {
        Self {
            library: Library::new(root, LinkPolicy::Forbid),
            wanted: false,
            readings: Mutex::default(),
        }
    }

    fn new(root: &Path, options: &Options<'_>) -> Self {
        Self {
            wanted: options.fixity_only && options.only.is_empty() && !options.seal.is_demanded(),
            ..Self::none(root)
        }
    }

    fn read(&self, entry: &Entry) {
        let short = entry.bytes.as_ref().is_some_and(|bytes| bytes.value <= Self::SHORT);
        let Some(path) = entry.path.as_ref().filter(|_| self.wanted && short) else {
            return;
        };
        let algorithms = entry.algorithms();
        let order = Order {
            algorithms: &algorithms,
            keep: 0,
        };
        let path = path.value.as_str();
        let read = with_buffer(|buffer| self.library.read(path, order, buffer, |_| Ok(())));
        if let (Ok(reading), Ok(mut readings)) = (read, self.readings.lock()) {
            readings.insert((entry.file, entry.span.start()), reading);
        }
    }

    /// What was read for an entry, once.
    fn take(&self, entry: &Entry) -> Option<Reading> {
        let wanted = self.wanted.then_some((entry.file, entry.span.start()))?;
        self.readings.lock().ok()?.remove(&wanted)
    }
}

/// Lends a buffer that belongs to the thread: one for all the texts that it reads.
fn with_buffer<T>(work: impl FnOnce(&mut [u8]) -> T) -> T {
    thread_local! {
        static BUFFERS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    BUFFERS.with(|held| match held.try_borrow_mut() {
        Ok(mut buffer) => {
            buffer.resize(BUFFER, 0);
            work(&mut buffer)
        }
        // A task that waits may run another one on its thread.
        Err(_) => work(&mut vec![0; BUFFER]),
    })
}

/// What the steps of one run share.
struct Run<'a> {
    corpus: &'a Corpus,
    options: &'a Options<'a>,
    checks: Vec<&'static dyn Check>,
    /// Whether a check asks for more of the texts than their digests.
    looks_into_texts: bool,
    library: Library,
    holders: Holders<'a>,
    ahead: &'a ReadAhead,
    budget: Budget,
}

/// Files that no entry names, by what their path shares with others that some file systems cannot tell apart.
type Strangers = HashMap<String, Vec<Found>>;

impl<'a> Run<'a> {
    fn new(corpus: &'a Corpus, options: &'a Options<'a>, ahead: &'a ReadAhead) -> Result<Self> {
        let wanted = |check: &&dyn Check| {
            let fixity = matches!(check.rule().family(), "fixity" | "manifest");
            (fixity || !options.fixity_only) && options.selection.needs(check.rule())
        };
        let checks: Vec<&dyn Check> = checks::ALL.iter().copied().filter(wanted).collect();
        let of_bytes = |check: &&dyn Check| matches!(check.rule().family(), "fixity" | "manifest");
        let run = Self {
            corpus,
            options,
            looks_into_texts: !checks.iter().all(of_bytes),
            checks,
            library: corpus.library(),
            holders: Holders::new(&corpus.manifest),
            ahead,
            budget: Budget::default(),
        };
        run.refuse_empty_scope()?;
        Ok(run)
    }

    fn refuse_empty_scope(&self) -> Result<()> {
        for only in &self.options.only {
            if !self.manifest().entries.iter().any(|entry| is_below(entry, only)) {
                return Err(Error::Usage(format!("no entry of the manifest is {only}, or below it")));
            }
        }
        Ok(())
    }

    fn manifest(&self) -> &'a Manifest {
        &self.corpus.manifest
    }

    fn report(self) -> Result<Report> {
        let seal = self.options.seal.judge(self.manifest());
        if seal.refuses() {
            return Ok(self.refuse(seal));
        }
        let (listing, mut outcomes, mut shards) = self.read_all()?;
        let strangers = strangers(self.manifest(), &listing);
        self.observe_other_forms(&strangers, &mut outcomes);
        let Outcomes {
            observed,
            features,
            states,
            mut findings,
        } = Outcomes::of(outcomes);
        let unlisted = self.unlisted(&observed, &strangers);
        let derivations = self.derivations();
        let archives = self.archives();
        self.refuse_interrupt()?;
        let again = Again::new(self.manifest(), &self.library, &observed, &states);
        let all = All {
            again: &again,
            records: &shards.texts,
        };
        let passages = self.passages(&again, &all)?;
        let survey = Survey {
            manifest: self.manifest(),
            seal: &seal,
            observed: &observed,
            features: &features,
            passages: &passages,
            listing: &listing,
            unlisted: &unlisted,
            derivations: &derivations,
            archives: &archives,
            holders: &self.holders,
            settings: &self.options.settings,
            today: self.options.today,
            shards: &shards.seen,
            records: Some(&shards.texts),
        };
        findings.extend(shards::bound(self.survey(&survey, &shards.texts)));
        let described = self.options.describe;
        let clusters = described.then(|| clusters::of(&survey, &self.library, &shards.texts));
        let (clusters, more_clusters) = clusters.unwrap_or_default();
        findings.append(&mut shards.findings);
        shards.tell_clashes(&self, &mut findings)?;
        let report = self.finish(&observed, unlisted.len(), findings);
        let texts = described.then(|| texts::of(self.manifest(), &observed));
        Ok(Report {
            seal,
            texts: texts.unwrap_or_default(),
            records: self.records(&shards.seen),
            clusters,
            more_clusters,
            ..report
        })
    }

    /// What stands in the root, what became of each entry, and what came of those that are shards of records.
    fn read_all(&self) -> Result<(Listing, Vec<Outcome>, Shards)> {
        let (listing, mut outcomes) = rayon::join(|| self.corpus.discover(), || self.observe());
        self.refuse_interrupt()?;
        let mut shards = self.read_shards()?;
        self.options.progress.inspect(|progress| progress.end());
        outcomes.extend(shards.observed.drain(..).map(Outcome::unseen));
        Ok((listing, outcomes, shards))
    }

    /// The report on a manifest that is not the one that was demanded: nothing that it says is believed, not what it lists
    /// and not what it accepts, and no selection leaves that out.
    fn refuse(&self, seal: Verdict) -> Report {
        let findings = glance(self.corpus, &seal, self.options, &|check| check.refuses());
        let observed = vec![Observed::skipped(); self.manifest().entries.len()];
        Report {
            summary: summarize(&observed, 0, &findings),
            apart: Apart::of(self.manifest(), &observed),
            findings,
            states: observed.iter().map(state_of).collect(),
            seal,
            ..self.blank()
        }
    }

    /// What stands twice, where a check asks for that.
    fn passages<'b>(&self, again: &Again<'_>, all: &'b All<'_>) -> Result<Passages<'b>> {
        if !self.checks.iter().any(|check| check.compares()) {
            return Ok(Passages::default());
        }
        let found = again.compare(all, self.options.threads, Stop::new(self.options.stop))?;
        Ok(Passages::new(found, all))
    }

    /// What the report says of shards of records, where there are some.
    fn records(&self, seen: &[SeenShard]) -> Option<Records> {
        let compare = |check: &&dyn Check| {
            let own = matches!(check.rule().family(), "fixity" | "manifest");
            !own && !check.compares() && check.of_records() == OfRecords::Never
        };
        self.manifest().shards().next().map(|_| Records {
            shards: self.manifest().shards().count(),
            records: seen.iter().map(|shard| shard.records).sum(),
            not_asked: self
                .checks
                .iter()
                .copied()
                .filter(compare)
                .map(|check| check.rule().id)
                .collect(),
        })
    }

    fn refuse_interrupt(&self) -> Result<()> {
        Stop::new(self.options.stop).heed()
    }

    /// Reads every entry once and lets the checks of one text look at it.
    fn observe(&self) -> Vec<Outcome> {
        let entries = &self.manifest().entries;
        if let Some(progress) = self.options.progress {
            let sizes = entries.iter().filter_map(|entry| entry.bytes.as_ref());
            let bytes = sizes.fold(0, |sum: u64, bytes| sum.saturating_add(bytes.value));
            progress.begin(entries.len(), bytes);
        }
        entries
            .par_iter()
            .filter(|entry| entry.records.is_none())
            .map(|entry| with_buffer(|buffer| self.observe_one(entry, buffer)))
            .collect()
    }

    fn observe_one(&self, entry: &Entry, buffer: &mut [u8]) -> Outcome {
        let outcome = self.look_at(entry, buffer);
        if let Some(progress) = self.options.progress {
            progress.done();
        }
        outcome
    }

    fn look_at(&self, entry: &Entry, buffer: &mut [u8]) -> Outcome {
        if !self.in_scope(entry) {
            return Outcome::unseen(Observed::skipped());
        }
        let Some(path) = &entry.path else {
            return Outcome::unseen(Observed::refused(Refusal::Unreadable(
                "its path cannot be followed".to_owned(),
            )));
        };
        self.look_into(entry, path.value.as_str(), buffer)
    }

    /// Reads the text of an entry at a path, and lets the checks look at it.
    fn look_into(&self, entry: &Entry, path: &str, buffer: &mut [u8]) -> Outcome {
        let algorithms = entry.algorithms();
        let keep = if self.looks_into_texts { LARGEST_TEXT } else { 0 };
        let order = Order {
            algorithms: &algorithms,
            keep,
        };
        let _room = self.room(path);
        let ahead = self.ahead.take(entry).map(Ok);
        match ahead.unwrap_or_else(|| self.read(path, order, buffer)) {
            Ok(reading) => self.consider(entry, path, reading, buffer),
            Err(refusal) => Outcome::unseen(Observed::refused(refusal)),
        }
    }

    /// Room in memory for a text that will be looked into.
    fn room(&self, path: &str) -> Option<Room<'_>> {
        let bytes = self.looks_into_texts.then(|| self.library.size(path))?;
        self.budget.room(if bytes > LARGEST_TEXT { 0 } else { bytes })
    }

    /// Looks again for texts that are missing, where one file differs from the path only by case or Unicode form.
    fn observe_other_forms(&self, strangers: &Strangers, outcomes: &mut [Outcome]) {
        let missing = Fixity::Refused(Refusal::Missing);
        for (entry, outcome) in self.manifest().entries.iter().zip(outcomes) {
            let lost = outcome.observed.fixity == missing && entry.records.is_none();
            let Some(path) = entry.path.as_ref().filter(|_| lost) else {
                continue;
            };
            if let Some([other]) = strangers.get(&*path.value.folded()).map(Vec::as_slice)
                && other.utf8
            {
                *outcome = with_buffer(|buffer| self.look_into(entry, &other.path, buffer));
                outcome.observed.read_as = Some(other.path.clone());
            }
        }
    }

    fn in_scope(&self, entry: &Entry) -> bool {
        let only = &self.options.only;
        only.is_empty() || only.iter().any(|only| is_below(entry, only))
    }

    /// Whether a finding speaks of something that the run was asked to look at: not of the entry of another text.
    fn concerns_scope(&self, finding: &Finding) -> bool {
        let Some(span) = finding.location.span.filter(|_| !self.options.only.is_empty()) else {
            return true;
        };
        let manifest = self.manifest();
        let Some(file) = manifest
            .files
            .iter()
            .position(|file| file.name() == finding.location.path)
        else {
            return true;
        };
        let around = manifest.entry_at(file, span);
        around.is_none_or(|index| self.in_scope(&manifest.entries[index]))
    }

    fn read(&self, path: &str, order: Order<'_>, buffer: &mut [u8]) -> Result<Reading, Refusal> {
        self.library.read(path, order, buffer, |piece| {
            if let Some(progress) = self.options.progress {
                progress.read(piece.len());
            }
            Stop::new(self.options.stop).heed_piece(piece)
        })
    }

    /// Lets the checks look at a text that was read.
    fn consider(&self, entry: &Entry, path: &str, reading: Reading, buffer: &mut [u8]) -> Outcome {
        let mut observed = Observed::compared(entry, reading.digests, reading.size);
        let too_large = self.looks_into_texts && reading.bytes.is_none();
        observed.unread = too_large.then_some(Unread::Bytes);
        let bytes = match reading.bytes {
            None if observed.fixity == Fixity::Verified => None,
            None => self.read_for_diagnosis(path, buffer),
            bytes => bytes,
        };
        let (Some(bytes), Some(recorded)) = (bytes, &entry.path) else {
            return Outcome::unseen(observed);
        };
        observed.examined = true;
        let source = Source::new(recorded.value.as_str(), bytes);
        observed.unread = observed.unread.or_else(|| self.unread(&source));
        let (findings, features) = self.examine(entry, &observed, &source);
        Outcome {
            observed,
            findings,
            features,
            state: Some(reading.state),
        }
    }

    /// Whether a text that was read is still not looked into line by line.
    fn unread(&self, source: &Source) -> Option<Unread> {
        let lines = source.line_count();
        (self.looks_into_texts && lines > MOST_LINES).then_some(Unread::Lines(lines))
    }

    fn read_for_diagnosis(&self, path: &str, buffer: &mut [u8]) -> Option<Vec<u8>> {
        let order = Order {
            algorithms: &[],
            keep: DIAGNOSIS_LIMIT,
        };
        self.library.read(path, order, buffer, |_| Ok(())).ok()?.bytes
    }

    fn examine(&self, entry: &Entry, observed: &Observed, source: &Source) -> (Vec<Finding>, Option<Features>) {
        let phrases = self.options.phrases.as_ref().unwrap_or_else(|| Phrases::builtin());
        let text = self
            .looks_into_texts
            .then(|| Text::with_phrases(source, phrases))
            .flatten();
        let settings = self.options.settings.of(source.name());
        let document = Document {
            manifest: self.manifest(),
            entry,
            observed,
            source,
            text: text.as_ref(),
            holders: &self.holders,
            settings: &settings,
            today: self.options.today,
        };
        let mut findings = Vec::new();
        self.checks
            .iter()
            .for_each(|check| check.document(&document, &mut findings));
        if let Some(text) = &text {
            ceiling::hold(text, &mut findings);
        }
        let mut sources = Sources::new(self.manifest(), &self.library).with_fixes(self.options.fixes());
        findings
            .iter_mut()
            .for_each(|finding| sources.fill(finding, Some(source)));
        (findings, text.as_ref().map(Features::of))
    }

    /// Files that no entry names; where a text is lost, those that may be it are looked into.
    fn unlisted(&self, observed: &[Observed], strangers: &Strangers) -> Vec<(Found, Option<Digest>)> {
        if !self.options.only.is_empty() {
            return Vec::new();
        }
        let taken: HashSet<&str> = observed.iter().filter_map(|one| one.read_as.as_deref()).collect();
        let mut unlisted: Vec<Found> = strangers.values().flatten().cloned().collect();
        unlisted.retain(|found| !taken.contains(found.path.as_str()));
        unlisted.sort();
        let lost = Lost::new(self.manifest(), observed);
        let digest = |found: Found| {
            let digest = self.digest_of(&found, &lost);
            (found, digest)
        };
        unlisted.into_par_iter().map(digest).collect()
    }

    fn digest_of(&self, found: &Found, lost: &Lost) -> Option<Digest> {
        if !lost.may_be(|| self.library.size(&found.path)) {
            return None;
        }
        self.read_digest(&found.path).ok()
    }

    fn read_digest(&self, path: &str) -> Result<Digest, Refusal> {
        let order = Order {
            algorithms: &[Algorithm::Sha256],
            keep: 0,
        };
        let reading = with_buffer(|buffer| self.read(path, order, buffer))?;
        reading.digests.first().copied().ok_or(Refusal::Missing)
    }

    /// The digests of the files that texts were derived from.
    fn derivations(&self) -> HashMap<String, Result<Digest, Refusal>> {
        if self.options.fixity_only {
            return HashMap::new();
        }
        let derived = self.manifest().entries.iter().flat_map(|entry| &entry.derived_from);
        let mut paths: Vec<&str> = derived
            .filter_map(|one| one.path.as_ref())
            .map(|path| path.value.as_str())
            .collect();
        paths.sort_unstable();
        paths.dedup();
        paths
            .into_par_iter()
            .map(|path| (path.to_owned(), self.read_digest(path)))
            .collect()
    }

    fn survey(&self, survey: &Survey<'_>, records: &KeptTexts) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .checks
            .par_iter()
            .flat_map_iter(|check| {
                let mut findings = Vec::new();
                check.corpus(survey, &mut findings);
                findings
            })
            .collect();
        if findings.iter().any(|finding| finding.fix.is_some()) {
            let sizes: HashMap<&str, u64> = survey.entries().map(|(entry, one)| (entry.name(), one.size)).collect();
            ceiling::hold_across(&mut findings, &|path| sizes.get(path).copied());
        }
        let forms = survey
            .entries()
            .filter_map(|(entry, one)| Some((entry.name().to_owned(), one.read_as.clone()?)));
        let text_of = |record: &Record| records.text_of(record);
        let sources = Sources::new(self.manifest(), &self.library)
            .with_forms(forms)
            .with_records(&text_of)
            .with_fixes(self.options.fixes());
        sources.fill_all(&mut findings);
        findings
    }

    fn finish(&self, observed: &[Observed], unlisted: usize, mut findings: Vec<Finding>) -> Report {
        let mut sources = Sources::new(self.manifest(), &self.library);
        sort(&mut findings);
        crate::place::number_fingerprints(&mut findings);
        let read: HashSet<&str> = self
            .manifest()
            .entries
            .iter()
            .zip(observed)
            .filter(|(_, observed)| !observed.digests.is_empty())
            .map(|(entry, _)| entry.name())
            .collect();
        let ran = |entry: &Entry, rule: &str| {
            read.contains(entry.name()) && self.checks.iter().any(|check| check.rule().id == rule)
        };
        let mut stale = suppress::apply(self.manifest(), &mut findings, ran);
        stale.iter_mut().for_each(|finding| sources.fill(finding, None));
        crate::place::number_fingerprints(&mut stale);
        findings.append(&mut stale);
        findings.retain_mut(|finding| self.options.selection.admit(finding) && self.concerns_scope(finding));
        sort(&mut findings);
        let summary = summarize(observed, unlisted, &findings);
        let states = observed.iter().map(state_of).collect();
        Report {
            summary,
            apart: Apart::of(self.manifest(), observed),
            findings,
            states,
            ..self.blank()
        }
    }

    /// What a report says of the corpus before anything is found.
    fn blank(&self) -> Report {
        let title = self.manifest().corpus.title.as_ref();
        Report {
            title: title.map(|title| title.value.clone()),
            today: Some(self.options.today),
            ..Report::default()
        }
    }
}

/// What is wrong in a manifest itself. No text is read, and the root is not listed.
pub fn check_manifest(corpus: &Corpus) -> Vec<Finding> {
    let of_manifest = |check: &dyn Check| check.rule().family() == "manifest";
    glance(corpus, &Verdict::default(), &Options::default(), &of_manifest)
}

/// What some checks say of a manifest of which no text was looked at.
fn glance(corpus: &Corpus, seal: &Verdict, options: &Options<'_>, wanted: &dyn Fn(&dyn Check) -> bool) -> Vec<Finding> {
    let manifest = &corpus.manifest;
    let texts = manifest.entries.len();
    let survey = Survey {
        manifest,
        seal,
        observed: &vec![Observed::skipped(); texts],
        features: &(0..texts).map(|_| None).collect::<Vec<_>>(),
        passages: &Passages::default(),
        listing: &Listing::default(),
        unlisted: &[],
        derivations: &HashMap::new(),
        archives: &Archives::default(),
        holders: &Holders::default(),
        settings: &options.settings,
        today: options.today,
        shards: &[],
        records: None,
    };
    let mut findings = Vec::new();
    for check in checks::ALL.iter().filter(|check| wanted(**check)) {
        check.corpus(&survey, &mut findings);
    }
    Sources::new(manifest, &corpus.library()).fill_all(&mut findings);
    sort(&mut findings);
    crate::place::number_fingerprints(&mut findings);
    findings
}

fn is_below(entry: &Entry, only: &str) -> bool {
    let Some(path) = &entry.path else { return false };
    let rest = path.value.as_str().strip_prefix(only);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || only.is_empty())
}

/// The sizes that a lost text may have.
struct Lost {
    sizes: HashSet<u64>,
    any: bool,
}

impl Lost {
    fn new(manifest: &Manifest, observed: &[Observed]) -> Self {
        let gone =
            |observed: &Observed| matches!(observed.fixity, Fixity::Mismatch | Fixity::Refused(Refusal::Missing));
        let lost = manifest
            .entries
            .iter()
            .zip(observed)
            .filter(|(_, observed)| gone(observed));
        let sizes: Vec<Option<u64>> = lost
            .map(|(entry, _)| entry.bytes.as_ref().map(|bytes| bytes.value))
            .collect();
        Self {
            any: sizes.contains(&None),
            sizes: sizes.into_iter().flatten().collect(),
        }
    }

    fn may_be(&self, size: impl FnOnce() -> u64) -> bool {
        self.any || !self.sizes.is_empty() && self.sizes.contains(&size())
    }
}

fn strangers(manifest: &Manifest, listing: &Listing) -> Strangers {
    let paths = manifest.entries.iter().filter_map(|entry| entry.path.as_ref());
    let listed: HashSet<&str> = paths.map(|path| path.value.as_str()).collect();
    let mut strangers = Strangers::new();
    for found in listing
        .files
        .iter()
        .filter(|found| !listed.contains(found.path.as_str()))
    {
        strangers
            .entry(fold(&found.path).into_owned())
            .or_default()
            .push(found.clone());
    }
    strangers
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let file = |finding: &Finding| finding.location.record.as_ref().map(|record| record.number);
        let key = |finding: &Finding| finding.location.span;
        let place = |one: &Finding, other: &Finding| {
            let (of_one, of_other) = (&one.location, &other.location);
            (of_one.file_path(), file(one), &of_one.path).cmp(&(of_other.file_path(), file(other), &of_other.path))
        };
        place(a, b).then_with(|| (key(a), a.rule, &a.message).cmp(&(key(b), b.rule, &b.message)))
    });
}

fn state_of(observed: &Observed) -> &'static str {
    match observed.fixity {
        Fixity::Verified => "verified",
        Fixity::Mismatch => "changed",
        Fixity::Skipped => "skipped",
        Fixity::Refused(Refusal::Missing) => "missing",
        Fixity::Unverifiable | Fixity::Refused(_) => "unverifiable",
    }
}

fn summarize(observed: &[Observed], unlisted: usize, findings: &[Finding]) -> Summary {
    let mut summary = Summary {
        unlisted,
        ..Summary::default()
    };
    for one in observed {
        let texts = usize::try_from(one.texts).unwrap_or(usize::MAX);
        summary.listed += texts;
        match one.fixity {
            Fixity::Verified => summary.verified += texts,
            Fixity::Mismatch => {}
            Fixity::Skipped => summary.skipped += texts,
            Fixity::Refused(Refusal::Missing) => summary.missing += texts,
            Fixity::Unverifiable | Fixity::Refused(_) => summary.unverifiable += texts,
        }
    }
    count(&mut summary, findings);
    summary
}

fn count(summary: &mut Summary, findings: &[Finding]) {
    (summary.errors, summary.warnings, summary.infos, summary.suppressed) = (0, 0, 0, 0);
    for finding in findings {
        match (&finding.suppressed, finding.severity) {
            (Some(_), _) => summary.suppressed += 1,
            (None, Severity::Error) => summary.errors += 1,
            (None, Severity::Warning) => summary.warnings += 1,
            (None, Severity::Info) => summary.infos += 1,
        }
    }
}
