//! Mending texts: fixes are chosen, made on copies, and the copies checked again, until nothing is left to mend. Only then is
//! anything written, by [`Fixed::commit`] in place or by [`Fixed::write_to`] beside the originals.
//!
//! No new finding may appear: a fix that brings one is taken back.

pub mod accept;
mod appear;
pub mod plan;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::checks;
use crate::config::{Selection, Selector};
use crate::corpus::{Corpus, LARGEST_TEXT, Library, Order};
use crate::digest::{Algorithm, Digest};
use crate::engine::{Options, Report};
use crate::error::{Error, Result};
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::inventory::why;
use crate::journal::{self, Staging};
use crate::manifest::edit::Draft;
use crate::manifest::{Entry, Manifest};
use crate::source::Source;
use crate::stop::Stop;
use crate::text::unit::count_words;
use accept::{Acceptance, Accepted};
use appear::Appeared;
use plan::Plan;

/// Texts are mended and looked at again at most so many times: a fix may uncover another one, and a rule gives fifty at once.
const PASSES: usize = 40;
/// Safe fixes remove at most one word in so many of a text, all passes together.
const SHARE: usize = 10;

/// Texts that are mended are short; a large buffer for each would cost more than the reading.
const SMALL_BUFFER: usize = 16 << 10;

/// What to mend, and how.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Whose findings are mended.
    pub selection: Selection,
    /// Apply unsafe fixes as well.
    pub unsafe_too: bool,
    /// How texts are checked; its `selection` is what counts as a finding.
    pub check: Options<'a>,
    /// When, for the record.
    pub at: Timestamp,
    /// Why, for the record.
    pub reason: &'a str,
    /// The SHA-256 of texts when somebody chose their fixes, by path: where the record has another one, nothing is mended.
    pub as_of: HashMap<String, String>,
    /// Mend these findings and nothing else, whatever their safety; where edits are given, by these.
    pub chosen: Option<BTreeMap<Key, Option<Vec<Edit>>>>,
    /// Let these findings stand, in the same change.
    pub accepted: &'a [Acceptance],
}

/// What a finding is known by while texts change: its path, rule and fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    path: String,
    rule: String,
    fingerprint: String,
}

impl Key {
    /// Of a finding.
    pub fn of(finding: &Finding) -> Self {
        Self {
            path: finding.location.path.clone(),
            rule: finding.rule.to_owned(),
            fingerprint: finding.fingerprint.clone(),
        }
    }
}

/// A text that is mended.
#[derive(Clone, Debug)]
pub struct Mended {
    /// Its number in the manifest.
    pub entry: usize,
    /// Its path.
    pub path: String,
    /// The SHA-256 before.
    pub from: Digest,
    /// Its new bytes.
    pub staged: Staged,
    /// The findings that were mended, in the order of the passes and then of the text.
    pub mended: Vec<Arc<Finding>>,
    /// The rules whose fixes were applied.
    pub rules: Vec<String>,
}

/// New bytes of a text, in a staging folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// The file that holds them.
    pub name: String,
    /// Their SHA-256.
    pub sha256: Digest,
    /// Their further digests, in the order of the entry.
    further: Vec<Digest>,
    /// How many they are.
    pub size: u64,
}

impl Staged {
    fn of(entry: &Entry, bytes: &[u8], name: String) -> Self {
        let further = entry.digests.iter();
        Self {
            name,
            sha256: Algorithm::Sha256.digest(bytes),
            further: further.map(|recorded| recorded.algorithm.digest(bytes)).collect(),
            size: bytes.len() as u64,
        }
    }
}

/// A fix that was not made, or a text that was not touched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftAlone {
    /// The text.
    pub path: String,
    /// The rule whose fix it was; `None` where it is the whole text.
    pub rule: Option<String>,
    /// Why, as the end of a sentence that begins with the fix or the text.
    pub why: String,
}

/// What comes of the fixes, before anything of the corpus is written.
#[derive(Debug)]
pub struct Fixed {
    /// The corpus as it is.
    pub corpus: Corpus,
    /// The texts that change, by path.
    pub texts: Vec<Mended>,
    /// What was not mended, and why.
    pub left_alone: Vec<LeftAlone>,
    /// What is left to find afterwards, without the rules that compare texts.
    pub report: Report,
    /// Findings that appeared in texts that were not changed.
    pub appeared: Vec<Finding>,
    /// The findings that stand, as the new manifest says.
    pub accepted: Vec<Accepted>,
    /// Findings that were to stand, and that the fixes have taken away.
    pub lapsed: Vec<Finding>,
    /// The new manifest.
    manifest: Vec<u8>,
    at: Timestamp,
    reason: String,
}

/// Finds out what fixes make of the texts of a corpus; lays new bytes down in `staging`.
///
/// # Errors
/// As [`Corpus::open`] and [`Corpus::check`].
pub fn rehearse(manifest: &Path, request: &Request<'_>, staging: &Staging) -> Result<Fixed> {
    let corpus = Corpus::open(manifest)?;
    let mut run = Run::new(&corpus, request, staging);
    let report = run.repeat()?;
    run.leave_untried();
    let (report, lapsed) = run.accept(report)?;
    let accepted = std::mem::take(&mut run.accepted);
    let looked_at = std::mem::take(&mut run.renewed);
    let (texts, left_alone, appeared) = run.into_texts();
    let manifest = match accepted.is_empty() {
        true => looked_at,
        false => renewed(&corpus, &texts, &accepted, request)?,
    };
    Ok(Fixed {
        texts,
        left_alone,
        report,
        appeared,
        accepted,
        lapsed,
        manifest,
        at: request.at,
        reason: request.reason.to_owned(),
        corpus,
    })
}

/// The rules that may run after a fix: those that compare passages of texts read the whole corpus again, and a fix brings
/// them nothing new.
fn rules_of_one_text(selection: &Selection) -> Selection {
    let mut selection = selection.clone();
    let compare = checks::ALL.iter().filter(|check| check.compares());
    selection
        .ignore
        .extend(compare.map(|check| Selector::Rule(check.rule().id)));
    selection
}

/// A text on its way.
#[derive(Clone, Debug, Default)]
struct State {
    /// Its new bytes; `None` where it is as it was.
    staged: Option<Staged>,
    /// What the last pass has done to it.
    edits: Vec<Edit>,
    mended: Vec<Arc<Finding>>,
    /// Words that safe fixes have removed.
    removed: usize,
}

/// What the last pass did to a text.
struct Step {
    before: State,
    edits: Vec<Edit>,
    taken: Vec<Finding>,
}

/// What comes of the fixes of one text in a pass.
#[derive(Default)]
struct Made {
    /// Fixes that would remove too much.
    too_much: Vec<Finding>,
    /// How many words the text has, where they were counted.
    words: Option<usize>,
    /// Fixes that overlap others.
    put_off: Vec<Key>,
    /// What it is now, and what was done.
    step: Option<(State, Step)>,
}

/// What was found when the texts were looked at.
pub(super) struct Look {
    manifest: Manifest,
    report: Report,
}

struct Run<'a> {
    corpus: &'a Corpus,
    request: &'a Request<'a>,
    staging: &'a Staging,
    library: Library,
    entries: HashMap<&'a str, usize>,
    states: BTreeMap<String, State>,
    /// How many words a text has, counted once.
    words: HashMap<String, usize>,
    /// Fixes that are not tried again, by path, rule and fingerprint.
    blocked: HashSet<Key>,
    /// Chosen fixes that overlap others of their text.
    put_off: HashSet<Key>,
    left_alone: BTreeSet<LeftAlone>,
    appeared: Vec<Finding>,
    accepted: Vec<Accepted>,
    /// What became of each entry when it was first looked at.
    states_at_first: Vec<&'static str>,
    /// The manifest of the last look.
    renewed: Vec<u8>,
}

impl<'a> Run<'a> {
    fn new(corpus: &'a Corpus, request: &'a Request<'a>, staging: &'a Staging) -> Self {
        let entries = corpus.manifest.entries.iter().enumerate();
        let named = |(index, entry): (usize, &'a Entry)| Some((entry.path.as_ref()?.value.as_str(), index));
        Self {
            corpus,
            request,
            staging,
            library: corpus.library(),
            entries: entries.filter_map(named).collect(),
            states: BTreeMap::new(),
            words: HashMap::new(),
            blocked: HashSet::new(),
            put_off: HashSet::new(),
            left_alone: BTreeSet::new(),
            appeared: Vec::new(),
            accepted: Vec::new(),
            states_at_first: Vec::new(),
            renewed: Vec::new(),
        }
    }

    /// Mends and checks until nothing is left to mend; gives the last report.
    fn repeat(&mut self) -> Result<Report> {
        let mut look = self.look()?;
        self.states_at_first.clone_from(&look.report.states);
        for _ in 0..PASSES {
            let steps = self.mend(&look.report)?;
            if steps.is_empty() {
                return Ok(look.report);
            }
            look = self.settle(&look, steps)?;
        }
        Ok(look.report)
    }

    /// Checks what a pass has made, and takes back what brings new findings, until none is left of these.
    fn settle(&mut self, before: &Look, mut steps: BTreeMap<String, Step>) -> Result<Look> {
        loop {
            let after = self.look()?;
            let mut appeared = Appeared::between(before, &after, &steps);
            if appeared.is_empty() {
                self.appeared.append(&mut appeared.elsewhere);
                let before = steps.values().filter_map(|step| step.before.staged.as_ref());
                before
                    .into_iter()
                    .try_for_each(|staged| self.staging.take_away(&staged.name))?;
                return Ok(after);
            }
            self.take_back(&appeared, &mut steps);
        }
    }

    /// Checks the texts as they now are, with a manifest that says so.
    fn look(&mut self) -> Result<Look> {
        let corpus = Corpus {
            manifest: self.renewed_manifest()?,
            root: self.corpus.root.clone(),
            instead: self
                .staged()
                .map(|(path, staged)| (path.clone(), self.staging.path(&staged.name)))
                .collect(),
        };
        let report = corpus.check(&Options {
            selection: rules_of_one_text(&self.request.check.selection),
            ..self.request.check.clone()
        })?;
        self.renewed = corpus.manifest.files[0].bytes().to_vec();
        Ok(Look {
            manifest: corpus.manifest,
            report,
        })
    }

    fn staged(&self) -> impl Iterator<Item = (&String, &Staged)> {
        self.states
            .iter()
            .filter_map(|(path, state)| Some((path, state.staged.as_ref()?)))
    }

    fn renewed_manifest(&self) -> Result<Manifest> {
        let bytes = renewed(self.corpus, &self.texts(), &self.accepted, self.request)?;
        let old = &self.corpus.manifest;
        let name = old.files[0].name();
        let shard = |name: &str| {
            let file = old.file(name).map(|file| file.bytes().to_vec());
            file.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
        };
        Manifest::parse(Source::new(name, bytes), name, shard)
    }

    /// Makes the fixes of a report; tells what was done to which text.
    fn mend(&mut self, report: &Report) -> Result<BTreeMap<String, Step>> {
        let mut wanted: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|finding| self.wants(finding)) {
            wanted.entry(&finding.location.path).or_default().push(finding);
        }
        wanted.retain(|path, _| !self.is_settled(path) && self.may_touch(path));
        self.leave_records(report);
        let wanted: Vec<(&str, Vec<&Finding>)> = wanted.into_iter().collect();
        let run = &*self;
        let mend = |(path, findings): &(&str, Vec<&Finding>)| run.mend_text(path, findings);
        let made: Vec<Made> = wanted.par_iter().map(mend).collect::<Result<_>>()?;
        let mut steps = BTreeMap::new();
        for ((path, _), made) in wanted.into_iter().zip(made) {
            self.take(path, made, &mut steps);
        }
        Ok(steps)
    }

    /// Says of each shard with something to mend that it is not mended here.
    fn leave_records(&mut self, report: &Report) {
        let with_fix = report.findings.iter().filter(|finding| finding.fix.is_some());
        let records = with_fix.filter_map(|finding| finding.location.record.as_ref());
        let shards: BTreeSet<&str> = records.map(|record| record.shard.as_str()).collect();
        for shard in shards {
            self.leave(
                shard,
                None,
                "is a shard of records, which is not rewritten; mend it where it is made",
            );
        }
    }

    fn take(&mut self, path: &str, made: Made, steps: &mut BTreeMap<String, Step>) {
        for finding in made.too_much {
            self.leave(
                path,
                Some(finding.rule),
                "would remove more than a tenth of the text with the others",
            );
            self.blocked.insert(Key::of(&finding));
        }
        self.words.extend(made.words.map(|words| (path.to_owned(), words)));
        if let Some((state, step)) = made.step {
            self.put_off.retain(|key| key.path != path);
            self.put_off.extend(made.put_off);
            self.states.insert(path.to_owned(), state);
            steps.insert(path.to_owned(), step);
        }
    }

    /// Whether a text has what was chosen for it: then its findings have other places, and perhaps other fingerprints.
    fn is_settled(&self, path: &str) -> bool {
        let state = self.states.get(path);
        self.request.chosen.is_some() && state.is_some_and(|state| state.staged.is_some())
    }

    fn wants(&self, finding: &Finding) -> bool {
        let Some(fix) = &finding.fix else { return false };
        let path = &finding.location.path;
        self.asks_for(finding, fix)
            && finding.suppressed.is_none()
            && fix.edits.iter().all(|edit| edit.path == *path)
            && self.entries.contains_key(path.as_str())
            && !self.blocked.contains(&Key::of(finding))
    }

    fn asks_for(&self, finding: &Finding, fix: &Fix) -> bool {
        if let Some(chosen) = &self.request.chosen {
            return chosen.contains_key(&Key::of(finding));
        }
        let least = if self.request.unsafe_too {
            Safety::Unsafe
        } else {
            Safety::Safe
        };
        fix.safety >= least && self.request.selection.takes(finding)
    }

    /// A finding with the edits that somebody has given for it.
    fn as_chosen(&self, finding: &Finding) -> Finding {
        let mut finding = finding.clone();
        let chosen = self
            .request
            .chosen
            .as_ref()
            .and_then(|chosen| chosen.get(&Key::of(&finding)));
        if let (Some(fix), Some(Some(edits))) = (&mut finding.fix, chosen) {
            fix.edits.clone_from(edits);
        }
        finding
    }

    /// Whether a text may be changed at all: it is as certified, and stands where its path says.
    fn may_touch(&mut self, path: &str) -> bool {
        let Some(&index) = self.entries.get(path) else {
            return false;
        };
        let entry = &self.corpus.manifest.entries[index];
        let recorded = entry.digest().map(|digest| digest.to_string());
        let as_of = self.request.as_of.get(path);
        let why = if as_of.is_some() && as_of != recorded.as_ref() {
            "has changed since its fixes were chosen; look at them again".to_owned()
        } else if entry.file != 0 {
            let shard = self.corpus.manifest.files[entry.file].name();
            format!("is listed in the shard {shard}; fix it with that as the manifest")
        } else if self.states_at_first.get(index) != Some(&"verified") {
            "is not as certified; accept the change or restore it first".to_owned()
        } else if !journal::stands_plainly(&self.corpus.root, path) {
            "is reached through a symbolic link, which is not written through".to_owned()
        } else {
            return true;
        };
        self.leave(path, None, why);
        self.entries.remove(path);
        false
    }

    /// Says of every chosen fix that was not made why it was not, where nothing else has said so.
    fn leave_untried(&mut self) {
        let mended = |key: &Key| {
            let state = self.states.get(&key.path);
            state.is_some_and(|state| state.mended.iter().any(|finding| Key::of(finding) == *key))
        };
        let chosen = self.request.chosen.iter().flat_map(BTreeMap::keys);
        let untried = chosen
            .filter(|key| self.entries.contains_key(key.path.as_str()) && !self.blocked.contains(key) && !mended(key));
        for key in untried.cloned().collect::<Vec<_>>() {
            let why = match self.put_off.contains(&key) {
                true => "overlaps another one that was chosen; look at it again",
                false => "changes nothing in the text as it now is",
            };
            self.leave(&key.path, Some(&key.rule), why);
        }
    }

    /// Takes up the findings that are to stand; gives the report with them, and those that are gone.
    fn accept(&mut self, report: Report) -> Result<(Report, Vec<Finding>)> {
        let edits = |path: &str| self.states.get(path).map_or(&[][..], |state| &state.edits);
        let (accepted, lapsed) = accept::carry(self.corpus, self.request.accepted, edits, &report);
        self.accepted = accepted;
        match self.accepted.is_empty() {
            true => Ok((report, lapsed)),
            false => Ok((self.look()?.report, lapsed)),
        }
    }

    fn leave(&mut self, path: &str, rule: Option<&str>, why: impl Into<String>) {
        self.left_alone.insert(LeftAlone {
            path: path.to_owned(),
            rule: rule.map(str::to_owned),
            why: why.into(),
        });
    }

    fn mend_text(&self, path: &str, findings: &[&Finding]) -> Result<Made> {
        Stop::new(self.request.check.stop).heed()?;
        let bytes = self.bytes(path)?;
        let mut chosen: Vec<Finding> = findings.iter().map(|finding| self.as_chosen(finding)).collect();
        chosen.retain_mut(|finding| plan::fit(finding, &bytes));
        let mut made = Made::default();
        let findings = self.below_ceiling(path, &bytes, &chosen, &mut made);
        let plan = Plan::of(&findings);
        let new = plan::apply(&bytes, &plan.edits);
        if plan.taken.is_empty() || new == bytes {
            return Ok(made);
        }
        let entry = &self.corpus.manifest.entries[self.entries[path]];
        let taken: Vec<Finding> = plan.taken.iter().map(|&one| findings[one].clone()).collect();
        made.put_off = plan.put_off.iter().map(|&one| Key::of(findings[one])).collect();
        let before = self.states.get(path).cloned().unwrap_or_default();
        let mut state = before.clone();
        state.staged = Some(Staged::of(entry, &new, self.staging.put(&new)?));
        state.edits.clone_from(&plan.edits);
        state.removed += taken
            .iter()
            .map(|finding| words_removed(&bytes, finding))
            .sum::<usize>();
        state.mended.extend(taken.iter().cloned().map(Arc::new));
        let edits = plan.edits;
        made.step = Some((state, Step { before, edits, taken }));
        Ok(made)
    }

    /// The findings whose fixes leave nine words in ten of the text as it was certified, all passes together.
    fn below_ceiling<'f>(
        &self,
        path: &str,
        bytes: &[u8],
        findings: &'f [Finding],
        made: &mut Made,
    ) -> Vec<&'f Finding> {
        if self.request.unsafe_too || self.request.chosen.is_some() {
            return findings.iter().collect();
        }
        let count = || count_words(&String::from_utf8_lossy(bytes));
        let words = self.words.get(path).copied().unwrap_or_else(count);
        made.words = Some(words);
        let mut removed = self.states.get(path).map_or(0, |state| state.removed);
        let fits = |finding: &&Finding| {
            let more = words_removed(bytes, finding);
            let fits = more == 0 || (removed + more) * SHARE <= words;
            removed += if fits { more } else { 0 };
            fits
        };
        let (kept, too_much): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(fits);
        made.too_much = too_much.into_iter().cloned().collect();
        kept
    }

    /// The bytes of a text as they now are, verified.
    fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        if let Some(staged) = self.states.get(path).and_then(|state| state.staged.as_ref()) {
            let path = self.staging.path(&staged.name);
            return std::fs::read(&path).map_err(|error| Error::io("read", path, error));
        }
        let refused = |why: String| Error::Refused(format!("{path} {why}"));
        let order = Order {
            algorithms: &[Algorithm::Sha256],
            keep: LARGEST_TEXT,
        };
        let reading = self.library.read(path, order, &mut vec![0; SMALL_BUFFER], |_| Ok(()));
        let reading = reading.map_err(|refusal| refused(why(&refusal)))?;
        let recorded = self.corpus.manifest.entries[self.entries[path]].digest();
        if reading.digests.first().copied() != recorded {
            return Err(refused("changed while this ran; run it again".to_owned()));
        }
        reading
            .bytes
            .ok_or_else(|| refused("is too large to be mended".to_owned()))
    }

    /// Takes fixes back that have brought new findings: the nearest to each, or all of a text where it is about no place.
    /// What else was done to the text in the same pass is done again in the next.
    fn take_back(&mut self, appeared: &Appeared, steps: &mut BTreeMap<String, Step>) {
        for (path, culprits) in appeared.culprits(steps) {
            for (finding, rule) in culprits {
                let why = format!("would bring a new finding of {rule}");
                self.leave(&path, Some(finding.rule), why);
                self.blocked.insert(Key::of(&finding));
            }
            if let Some(step) = steps.remove(&path) {
                self.states.insert(path, step.before);
            }
        }
    }

    fn texts(&self) -> Vec<Mended> {
        let mended = |(path, state): (&String, &State)| {
            let staged = state.staged.clone()?;
            let entry = *self.entries.get(path.as_str())?;
            Some(Mended {
                entry,
                path: path.clone(),
                from: self.corpus.manifest.entries[entry].digest()?,
                staged,
                mended: state.mended.clone(),
                rules: plan::rules(state.mended.iter().map(|finding| &**finding))
                    .into_iter()
                    .collect(),
            })
        };
        let changed = |text: &Mended| text.from != text.staged.sha256;
        self.states.iter().filter_map(mended).filter(changed).collect()
    }

    fn into_texts(self) -> (Vec<Mended>, Vec<LeftAlone>, Vec<Finding>) {
        (self.texts(), self.left_alone.into_iter().collect(), self.appeared)
    }
}

/// How many words the fix of a finding takes out of the bytes of a text.
fn words_removed(bytes: &[u8], finding: &Finding) -> usize {
    let count = |bytes: &[u8]| count_words(&String::from_utf8_lossy(bytes));
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let removed = |edit: &Edit| {
        let before = bytes.get(edit.start..edit.end).map_or(0, count);
        before.saturating_sub(count(edit.replacement.as_bytes()))
    };
    edits.map(removed).sum()
}

/// The manifest of a corpus whose texts are mended.
fn renewed(corpus: &Corpus, texts: &[Mended], accepted: &[Accepted], request: &Request<'_>) -> Result<Vec<u8>> {
    let mut draft = Draft::new(&corpus.manifest.files[0])?;
    for text in texts {
        write::record(corpus, text, request.at, request.reason, &mut draft)?;
    }
    accept::record(accepted, &mut draft)?;
    draft.finish()
}
