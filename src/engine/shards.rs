//! The shards of records: each read once, as a stream, while its records are looked at on all threads, each as the one text of a corpus of
//! its own. What is kept of a shard is bounded, whatever it holds.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::Run;
use super::clashes::Clashes;
use super::records::KeptTexts;
use crate::ceiling;
use crate::checks::{
    Archives, Check, Document, Holders, OfRecords, Passages, SeenShard, Survey, WrongRecord, manifest::id_clash,
};
use crate::corpus::{Listing, Observed, Refusal, Unread};
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, Record, Safety, Severity};
use crate::manifest::{Entry, Mapping, RecordEntry};
use crate::place::Sources;
use crate::records::{Holder, Ids, Item, Shard, Wanted};
use crate::signature::Verdict;
use crate::source::Source;
use crate::stop::Stop;
use crate::text::phrases::Phrases;
use crate::text::{Features, MOST_LINES, Text};

/// So many findings of a rule are told of one shard, in the order of its records.
pub(super) const TOLD: usize = 100;
/// So many bytes of records are looked at together, while the next ones are read.
const BATCH: usize = 4 << 20;
/// So many records are, where they are small.
const RECORDS: usize = 4096;
/// A value that is repeated in a message is cut behind so many characters.
const SHOWN: usize = 80;
/// A shard is read so often where it changes on the way.
const TRIES: usize = 2;

/// What came of the shards of a manifest.
pub(super) struct Shards {
    /// What rules ask for, by entry.
    pub(super) seen: Vec<SeenShard>,
    /// What became of their entries, in the order of the manifest.
    pub(super) observed: Vec<Observed>,
    pub(super) findings: Vec<Finding>,
    /// Their texts, where a check compares.
    pub(super) texts: KeptTexts,
    ids: Ids,
    /// The entry of each time that a shard was read; none where it changed on the way.
    turns: Vec<Option<usize>>,
}

impl Run<'_> {
    /// Reads the shards, one after the other.
    pub(super) fn read_shards(&self) -> Result<Shards> {
        let mut shards = Shards {
            seen: Vec::new(),
            observed: Vec::new(),
            findings: Vec::new(),
            texts: KeptTexts::new(self.checks.iter().any(|check| check.compares())),
            ids: Ids::default(),
            turns: vec![None],
        };
        if self.manifest().shards().next().is_none() {
            return Ok(shards);
        }
        for (index, entry) in self.manifest().entries.iter().enumerate() {
            if let Some(id) = &entry.id {
                shards.push_id(&id.value, (0, index as u64, None))?;
            }
        }
        for (index, entry) in self.manifest().shards() {
            self.refuse_interrupt()?;
            let observed = self.read_shard(index, entry, &mut shards)?;
            shards.observed.push(observed);
            self.options.progress.inspect(|progress| progress.done());
        }
        shards.texts.finish()?;
        Ok(shards)
    }

    fn read_shard(&self, index: usize, entry: &Entry, shards: &mut Shards) -> Result<Observed> {
        if !self.in_scope(entry) || self.options.without_shards {
            return Ok(Observed::skipped());
        }
        let (Some(path), Some(mapping)) = (&entry.path, &entry.records) else {
            let why = "its path cannot be followed".to_owned();
            return Ok(Observed::refused(Refusal::Unreadable(why)));
        };
        for _ in 0..TRIES {
            let turn = shards.turns.len();
            let texts = shards.texts.count();
            let mut reading = Reading::new(index, entry, path.value.as_str(), mapping, turn);
            shards.turns.push(Some(index));
            match self.read_through(&mut reading, shards)? {
                Ok(Some(observed)) => {
                    shards.take(reading);
                    return Ok(observed);
                }
                Err(refusal) => return Ok(Observed::refused(refusal)),
                Ok(None) => {
                    shards.turns[turn] = None;
                    shards.texts.forget_from(texts);
                }
            }
        }
        Ok(Observed::refused(Refusal::Changed))
    }

    /// Reads a shard to its end; nothing where it changed on the way.
    fn read_through(
        &self,
        reading: &mut Reading<'_>,
        shards: &mut Shards,
    ) -> Result<Result<Option<Observed>, Refusal>> {
        let (file, state) = match self.library.open(reading.path) {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let watch = |read: usize| {
            self.options.progress.inspect(|progress| progress.read(read));
            Stop::new(self.options.stop).heed_piece(&[])
        };
        let Some(wanted) = Wanted::mapped(reading.mapping) else {
            // That the mapping names no text is a finding of its own.
            let shard = Shard::open(reading.path, file, &Wanted::of("", ""), &watch);
            return Ok(finished(reading.entry, shard).map(Some));
        };
        let mut shard = Shard::open(reading.path, file, &wanted, &watch);
        let looked = self.look_through(&mut shard, &wanted, reading, shards);
        self.refuse_interrupt()?;
        looked?;
        let finished = finished(reading.entry, shard);
        self.refuse_interrupt()?;
        if matches!(finished, Err(Refusal::Changed)) {
            return Ok(Ok(None));
        }
        let steady = |one: &Observed| one.size == state.size() && self.library.is_as_it_was(reading.path, state);
        Ok(finished.map(|mut observed| {
            let whole = reading.seen.end.is_none();
            observed.texts = reading.seen.records.max(u64::from(!whole));
            steady(&observed).then_some(observed)
        }))
    }

    /// Looks at one batch while the next one is read.
    fn look_through(
        &self,
        shard: &mut Shard<'_>,
        wanted: &Wanted,
        reading: &mut Reading<'_>,
        shards: &mut Shards,
    ) -> Result<()> {
        let mut batch = Batch::read(shard);
        loop {
            self.refuse_interrupt()?;
            let items = std::mem::take(&mut batch.items);
            let context = &*reading;
            let look = || -> Vec<Looked> {
                let items = items.into_par_iter();
                items.map(|item| self.look_at_item(item, wanted, context)).collect()
            };
            let read_on = || batch.end.is_none().then(|| Batch::read(shard));
            let (looked, next) = rayon::join(look, read_on);
            looked.into_iter().try_for_each(|one| self.keep(one, reading, shards))?;
            match next {
                Some(next) => batch = next,
                None => break,
            }
        }
        reading.seen.end = batch.end.flatten();
        Ok(())
    }

    fn keep(&self, looked: Looked, reading: &mut Reading<'_>, shards: &mut Shards) -> Result<()> {
        let record = looked.record;
        let (text, findings, met) = match looked.outcome {
            Ok(outcome) => outcome,
            Err(why) => {
                reading.wrong(WrongRecord { record, why });
                return Ok(());
            }
        };
        reading.seen.records += 1;
        reading.met.iter_mut().zip(met).for_each(|(any, met)| *any |= met);
        if let Some(id) = &record.id {
            shards.push_id(id, (reading.turn, record.number, record.offset))?;
        }
        if let Some(text) = text {
            shards.texts.push(&record, text.as_bytes())?;
        }
        for finding in findings {
            let admitted = self.options.selection.admit(&mut finding.clone());
            if admitted {
                reading.told.take(finding);
            }
        }
        Ok(())
    }

    fn look_at_item(&self, item: Item, wanted: &Wanted, reading: &Reading<'_>) -> Looked {
        let (number, offset) = (item.number, item.offset);
        let place = |id: Option<String>| {
            let shard = reading.path.to_owned();
            Arc::new(Record {
                shard,
                number,
                id,
                offset,
            })
        };
        match item.read(wanted) {
            Err(why) => Looked {
                record: place(None),
                outcome: Err(why),
            },
            Ok(record) => {
                let place = place(record.id);
                let met = record.values.iter().map(Option::is_some).collect();
                let entry = RecordEntry::new(&place.path(), reading.mapping, record.values, &self.manifest().corpus);
                let source = Source::new(place.path(), record.text.into_bytes());
                let findings = self.look_at_record(&place, &entry, &source, reading.mapping);
                let compares = self.checks.iter().any(|check| check.compares());
                let text = compares.then(|| source.text().unwrap_or_default().to_owned());
                Looked {
                    record: place,
                    outcome: Ok((text, findings, met)),
                }
            }
        }
    }

    /// What the rules say of a record, as the one text of a corpus.
    fn look_at_record(
        &self,
        record: &Arc<Record>,
        entry: &RecordEntry,
        source: &Source,
        mapping: &Mapping,
    ) -> Vec<Finding> {
        let phrases = self.options.phrases.as_ref().unwrap_or_else(|| Phrases::builtin());
        let text = self
            .looks_into_texts
            .then(|| Text::with_phrases(source, phrases))
            .flatten();
        let mut observed = Observed::record(source.len() as u64);
        let lines = if self.looks_into_texts { source.line_count() } else { 0 };
        observed.unread = (lines > MOST_LINES).then_some(Unread::Lines(lines));
        let holders = Holders::default();
        let settings = self.options.settings.of(&record.shard);
        let document = Document {
            manifest: &entry.manifest,
            entry: &entry.manifest.entries[0],
            observed: &observed,
            source,
            text: text.as_ref(),
            holders: &holders,
            settings: &settings,
            today: self.options.today,
        };
        let mut findings = Vec::new();
        let asked = || self.checks.iter().filter(|check| is_asked(**check, mapping));
        asked().for_each(|check| check.document(&document, &mut findings));
        if let Some(text) = &text {
            ceiling::hold(text, &mut findings);
        }
        let features = [text.as_ref().map(Features::of)];
        let survey = Survey {
            manifest: &entry.manifest,
            seal: &Verdict::default(),
            observed: std::slice::from_ref(&observed),
            features: &features,
            passages: &Passages::default(),
            listing: &Listing::default(),
            unlisted: &[],
            derivations: &HashMap::new(),
            archives: &Archives::default(),
            holders: &holders,
            settings: &settings,
            today: self.options.today,
            shards: &[],
            records: None,
        };
        asked().for_each(|check| check.corpus(&survey, &mut findings));
        let mut sources = Sources::new(&entry.manifest, &self.library).with_fixes(self.options.fixes());
        for finding in &mut findings {
            move_into(record, entry, finding);
            sources.fill(finding, Some(source));
        }
        findings
    }
}

/// Whether a rule is asked of the records of a shard.
pub(super) fn is_asked(check: &dyn Check, mapping: &Mapping) -> bool {
    match check.of_records() {
        OfRecords::Asked => true,
        OfRecords::Never => false,
        OfRecords::WhereMapped(key) => mapping.maps(key),
    }
}

/// Makes a finding one of the record: what it says of the entry, it says of the fields that the entry was read from.
fn move_into(record: &Arc<Record>, entry: &RecordEntry, finding: &mut Finding) {
    if let Some(said) = place_in(record, entry, &mut finding.location) {
        finding.message.push_str(&said);
        if finding.fingerprint.is_empty() {
            finding.fingerprint = said;
        }
    }
    for related in &mut finding.related {
        if let Some(said) = place_in(record, entry, &mut related.location) {
            related.message.push_str(&said);
        }
    }
    show_fix(finding);
    if finding.location.span.is_none() {
        finding.fix = None;
    }
}

/// Nothing writes into a shard: what would mend a record is shown.
fn show_fix(finding: &mut Finding) {
    if let Some(fix) = &mut finding.fix {
        fix.safety = Safety::Display;
    }
}

/// Gives the field and the value that were pointed at, where it was one.
fn place_in(record: &Arc<Record>, entry: &RecordEntry, location: &mut Location) -> Option<String> {
    if location.path != entry.file() {
        location.record = Some(Arc::clone(record));
        return None;
    }
    let said = location
        .span
        .and_then(|span| entry.field_at(span))
        .map(|(field, value)| {
            let short: String = value.chars().take(SHOWN).collect();
            let more = if short.len() < value.len() { "…" } else { "" };
            format!(" (`{field}`: {short}{more})")
        });
    *location = Location::record(record);
    said
}

/// What is left when a shard was read: its digest against the one on record.
fn finished(entry: &Entry, shard: Shard<'_>) -> Result<Observed, Refusal> {
    let (digest, size) = shard.finish().map_err(|error| Refusal::of(&error))?;
    Ok(Observed::compared(entry, vec![digest], size))
}

/// Items that are looked at together, and whether they are the last ones.
struct Batch {
    items: Vec<Item>,
    /// Set where nothing follows: to why, where the shard breaks off.
    end: Option<Option<String>>,
}

impl Batch {
    fn read(shard: &mut Shard<'_>) -> Self {
        let (mut items, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH && items.len() < RECORDS {
            match shard.next_item() {
                Ok(Some(item)) => {
                    bytes += item.size();
                    items.push(item);
                }
                Ok(None) => return Self { items, end: Some(None) },
                Err(why) => {
                    return Self {
                        items,
                        end: Some(Some(why)),
                    };
                }
            }
        }
        Self { items, end: None }
    }
}

/// What came of one item.
struct Looked {
    record: Arc<Record>,
    outcome: Result<Outcome, crate::records::Wrong>,
}

/// Its text, where it is to be kept; what was found; which mapped fields it has.
type Outcome = (Option<String>, Vec<Finding>, Vec<bool>);

/// A shard on its way.
struct Reading<'a> {
    entry: &'a Entry,
    path: &'a str,
    mapping: &'a Mapping,
    turn: usize,
    seen: SeenShard,
    /// Which mapped fields any record has.
    met: Vec<bool>,
    told: Told,
}

impl<'a> Reading<'a> {
    fn new(index: usize, entry: &'a Entry, path: &'a str, mapping: &'a Mapping, turn: usize) -> Self {
        Self {
            entry,
            path,
            mapping,
            turn,
            seen: SeenShard {
                entry: index,
                ..SeenShard::default()
            },
            met: vec![false; mapping.fields.len()],
            told: Told::default(),
        }
    }

    fn wrong(&mut self, wrong: WrongRecord) {
        match self.seen.wrong.len() < TOLD {
            true => self.seen.wrong.push(wrong),
            false => self.seen.more_wrong += 1,
        }
    }
}

impl Shards {
    fn push_id(&mut self, id: &str, (turn, number, offset): (usize, u64, Option<u64>)) -> Result<()> {
        let holder = Holder {
            shard: u32::try_from(turn).unwrap_or(u32::MAX),
            number,
            offset: offset.unwrap_or(u64::MAX),
        };
        let failed = |error| Error::io("write temporary files to", std::env::temp_dir(), error);
        self.ids.push(id, holder).map_err(failed)
    }

    fn take(&mut self, mut reading: Reading<'_>) {
        let fields = reading.mapping.fields.iter().zip(&reading.met);
        let unmet = fields
            .filter(|((key, _), met)| !**met && *key != "text")
            .map(|((key, _), _)| *key);
        // Of a shard without records nothing can be missed.
        if reading.seen.records > 0 {
            reading.seen.unmet = unmet.collect();
        }
        self.findings.extend(reading.told.findings(reading.path));
        self.seen.push(reading.seen);
    }

    /// Tells of ids that several records have, and names the records among the findings that have one by number.
    pub(super) fn tell_clashes(&mut self, run: &Run<'_>, findings: &mut Vec<Finding>) -> Result<()> {
        let ids = std::mem::take(&mut self.ids);
        let clashes = Clashes::find(run.manifest(), &self.turns, ids, findings)?;
        clashes.rename(findings);
        if run.checks.iter().any(|check| check.rule().id == id_clash::RULE.id) {
            let mut told = clashes.findings();
            Sources::new(run.manifest(), &run.library).fill_all(&mut told);
            findings.append(&mut told);
        }
        Ok(())
    }
}

/// Findings of one shard, of each rule the first.
#[derive(Default)]
pub(super) struct Told {
    of_rules: BTreeMap<&'static str, OfRule>,
}

/// What a rule has found in a shard.
#[derive(Default)]
struct OfRule {
    told: Vec<Finding>,
    more: u64,
    severity: Option<Severity>,
}

impl Told {
    pub(super) fn take(&mut self, finding: Finding) {
        let of_rule = self.of_rules.entry(finding.rule).or_default();
        if of_rule.told.len() < TOLD {
            of_rule.told.push(finding);
        } else {
            of_rule.more += 1;
            of_rule.severity = of_rule.severity.max(Some(finding.severity));
        }
    }

    /// Those that are told, and one for each rule that has found more, as grave as the gravest of these.
    pub(super) fn findings(self, shard: &str) -> Vec<Finding> {
        let of_rule = |(rule, of_rule): (&'static str, OfRule)| {
            let more = of_rule
                .severity
                .map(|severity| more(rule, severity, of_rule.more, shard));
            of_rule.told.into_iter().chain(more)
        };
        self.of_rules.into_iter().flat_map(of_rule).collect()
    }
}

fn more(rule: &'static str, severity: Severity, more: u64, shard: &str) -> Finding {
    let noun = if more == 1 { "finding" } else { "findings" };
    let said = format!("{more} more {noun} of this rule in records of this shard, beside the {TOLD} that are told");
    let mut finding = Finding::new(rule, severity, Location::file(shard), said)
        .help("see to those that are told first, where the shard is made")
        .evidence("more", more);
    // It has no passage, and its place is known: it is not filled in any more.
    let anchor = [rule, shard, &finding.message].join("\0");
    finding.fingerprint = crate::digest::Algorithm::Sha256.digest(anchor.as_bytes()).to_string();
    finding
}

/// Bounds what checks across texts have found in records.
pub(super) fn bound(findings: Vec<Finding>) -> Vec<Finding> {
    let mut of_shards: BTreeMap<String, Told> = BTreeMap::new();
    let (mut kept, mut records) = (Vec::new(), Vec::new());
    for mut finding in findings {
        if finding.location.record.is_some() {
            show_fix(&mut finding);
        }
        match &finding.location.record {
            Some(record) if finding.rule != super::INVALID_RECORD => records.push((Arc::clone(record), finding)),
            _ => kept.push(finding),
        }
    }
    records.sort_by(|a, b| (&a.0, a.1.location.span).cmp(&(&b.0, b.1.location.span)));
    for (record, finding) in records {
        of_shards.entry(record.shard.clone()).or_default().take(finding);
    }
    kept.extend(of_shards.into_iter().flat_map(|(shard, told)| told.findings(&shard)));
    kept
}
