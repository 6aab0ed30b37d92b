//! Indexes of captures: they hold no texts, so they fill in what a manifest does not say of its own.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

use super::{Exchange, Import, Imported, Package, Tally};
use crate::address::{Address, Tier, page};
use crate::corpus::{Corpus, slashed};
use crate::custody::{Event, Kind};
use crate::date::When;
use crate::engine::Report;
use crate::error::{Error, Result};
use crate::inventory::change::{Act, Change};
use crate::inventory::record::before;
use crate::inventory::{entry_at, folder_of};
use crate::manifest::edit::{Draft, Step};
use crate::manifest::facts::{ArchiveFacts, EntryFacts, Facts, WarcFacts};
use crate::manifest::write::{Item, Value};
use crate::manifest::{Entry, TextPath};
use crate::stop::Stop;
use crate::warc::cdx::{self, Capture};

/// An index in CDX or CDXJ.
#[derive(Debug)]
pub(super) struct Cdx;

impl Exchange for Cdx {
    fn name(&self) -> &'static str {
        "cdx"
    }

    fn about(&self) -> &'static str {
        "an index of captures (CDX, CDXJ); it fills in dates, status and records in a manifest that is there"
    }

    fn recognises(&self, _: &Path) -> bool {
        false // It holds nothing that could be verified.
    }

    fn read(&self, path: &Path, _: Stop<'_>) -> Result<Package> {
        Err(Error::Usage(format!(
            "{} holds no texts that could be verified; `vidimus import cdx` fills in a manifest from it",
            path.display()
        )))
    }

    fn fills(&self) -> bool {
        true
    }
}

/// Fills in what entries do not say and an index does.
pub(super) fn fill(import: &Import<'_>) -> Result<Imported> {
    let beside = import.path.parent().unwrap_or(Path::new("")).join("manifest.yaml");
    let manifest = import.output.map_or(beside, Path::to_owned);
    let corpus = Corpus::open(&manifest)?;
    let mut filling = Filling::new(&corpus, import.path, &manifest);
    filling.read(import.stop)?;
    let mut draft = Draft::new(&corpus.manifest.files[0])?;
    let mut facts = corpus.manifest.facts();
    let filled = filling.write(&mut draft, &mut facts)?;
    if filled > 0 && !import.dry {
        let name = import.path.file_name().map(|name| name.to_string_lossy().into_owned());
        make(import, &corpus, &manifest, draft, (filled, &name.unwrap_or_default()))?;
    }
    Ok(Imported {
        manifest,
        facts,
        report: Report::default(),
        lost: filling.told.list(),
        others: Vec::new(),
        refused: Vec::new(),
        filled: Some(filled),
    })
}

fn make(
    import: &Import<'_>,
    corpus: &Corpus,
    manifest: &Path,
    draft: Draft<'_>,
    (filled, name): (usize, &str),
) -> Result<()> {
    let act = Act {
        at: import.at,
        keep: false,
        stop: import.stop,
    };
    let change = Change {
        manifest,
        corpus,
        act,
        texts: Vec::new(),
    };
    change.make(draft, |state| {
        let mut event = Event::new(Kind::Acceptance, import.at, state);
        event.texts = Some(filled);
        event.reason = Some(format!("dates, status and records filled in from {name}"));
        vec![event]
    })
}

/// The search for captures of the texts of a manifest.
struct Filling<'a> {
    corpus: &'a Corpus,
    index: &'a Path,
    folder: PathBuf,
    /// The entries with an address that is the same but for what often differs.
    known: HashMap<String, Vec<usize>>,
    found: BTreeMap<usize, Vec<Capture>>,
    told: Tally,
}

impl<'a> Filling<'a> {
    fn new(corpus: &'a Corpus, index: &'a Path, manifest: &Path) -> Self {
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, entry) in corpus.manifest.entries.iter().enumerate() {
            for address in addresses(entry) {
                let entries = known.entry(address.near_key()).or_default();
                if entries.last() != Some(&number) {
                    entries.push(number);
                }
            }
        }
        Self {
            corpus,
            index,
            folder: folder_of(manifest),
            known,
            found: BTreeMap::new(),
            told: Tally::default(),
        }
    }

    fn read(&mut self, stop: Stop<'_>) -> Result<()> {
        let failed = |error| Error::io("read", self.index, error);
        if !self.index.metadata().map_err(failed)?.is_file() {
            return Err(Error::Refused(format!(
                "{} is no regular file, and is not opened",
                self.index.display()
            )));
        }
        let file = File::open(self.index).map_err(failed)?;
        let (known, found) = (&self.known, &mut self.found);
        let mut captures = 0usize;
        let read = cdx::read(Box::new(file), stop, |capture| {
            captures += 1;
            let Ok(address) = Address::parse(&capture.url) else {
                return;
            };
            for &number in known.get(&address.near_key()).into_iter().flatten() {
                found.entry(number).or_default().push(capture.clone());
            }
        });
        stop.heed()?;
        let (odd, odds) = read.map_err(failed)?;
        if captures == 0 {
            return Err(Error::Refused(format!(
                "{} holds no line of an index of captures",
                self.index.display()
            )));
        }
        if odds > 0 {
            let lines: Vec<_> = odd.iter().map(usize::to_string).collect();
            let more = if odds > odd.len() { ", …" } else { "" };
            self.told
                .note_because(format!("line {}{more} of the index", lines.join(", ")), "is no capture");
        }
        Ok(())
    }

    /// Changes the entries for which one capture is right. How many they are.
    fn write(&mut self, draft: &mut Draft<'_>, facts: &mut Facts) -> Result<usize> {
        let mut filled = 0;
        for (number, entry) in self.corpus.manifest.entries.iter().enumerate() {
            let Some(said) = facts.entries.get_mut(number).filter(|said| said.source.is_some()) else {
                continue;
            };
            let captures = self.found.remove(&number).unwrap_or_default();
            let Some(capture) = self.choose(entry, captures) else {
                continue;
            };
            if entry.file != 0 {
                let why = "stands in a shard, which is not changed; fill that in by itself";
                self.told
                    .note_because(format!("what is known of {}", entry.name()), why);
                continue;
            }
            self.compare(entry, &capture);
            let mut news = News::new(number, draft);
            news.source(said, &capture)?;
            if let Some(file) = self.file(&capture, entry) {
                news.record(said, file, &capture)?;
            }
            filled += usize::from(news.any);
        }
        Ok(filled)
    }

    /// The capture that an entry is from.
    fn choose(&mut self, entry: &Entry, mut captures: Vec<Capture>) -> Option<Capture> {
        let near = |capture: &Capture| tier(entry, &capture.url);
        let nearest = captures.iter().map(near).min()?;
        captures.retain(|capture| near(capture) == nearest);
        captures.sort_by(|a, b| (&a.timestamp, &a.file).cmp(&(&b.timestamp, &b.file)));
        captures.dedup_by(|a, b| a.timestamp == b.timestamp && a.digest == b.digest);
        let at = entry.source.as_ref()?.retrieved_at.as_ref().map(|at| at.value);
        let count = captures.len();
        if let Some(at) = at {
            captures.retain(|capture| is_of(at, capture));
        }
        let (what, name) = (
            |count: usize| if count == 1 { "one capture" } else { "captures" },
            entry.name(),
        );
        match captures.len() {
            1 => return captures.pop(),
            0 => self.told.note_because(
                format!("{} of {name} ({count})", what(count)),
                "made at another time than the entry was retrieved: nothing is filled in",
            ),
            several => self.told.note_because(
                format!("{} of {name} ({several})", what(several)),
                "may each be the one that the entry is from; record `retrieved_at` to the second",
            ),
        }
        None
    }

    /// Says where the index and the entry differ: nothing that is recorded is written over.
    fn compare(&mut self, entry: &Entry, capture: &Capture) {
        let status = entry.source.as_ref().and_then(|source| source.http_status.as_ref());
        if let (Some(recorded), Some(status)) = (status, capture.status)
            && recorded.value != status
        {
            let why = format!("differs from {}, which is recorded", recorded.value);
            self.told
                .note_because(format!("the status {status} of {}", entry.name()), why);
        }
    }

    /// The web archive that a capture is in, where it is in the corpus.
    fn file(&mut self, capture: &Capture, entry: &Entry) -> Option<String> {
        let Some(file) = &capture.file else {
            if capture.digest.is_some() {
                let why = "is of the payload in a web archive that the index does not name, and is never compared with a download";
                self.told.note_because("the digest of a capture", why);
            }
            return None;
        };
        if entry.archive.as_ref().is_some_and(|archive| archive.warc.is_some()) {
            return None;
        }
        let folder = self.index.parent().unwrap_or(Path::new(""));
        let name = file.rsplit('/').next().unwrap_or(file);
        let places = [
            self.folder.join(file),
            folder.join(file),
            folder.join(name),
            folder.join("../archive").join(name),
        ];
        let base = self.folder.canonicalize().ok()?;
        let below = |place: &PathBuf| Some(slashed(place.canonicalize().ok()?.strip_prefix(&base).ok()?));
        let found = places.iter().filter(|place| place.is_file()).find_map(below);
        let found = found.filter(|path| TextPath::new(path).is_ok());
        if found.is_none() {
            let why = "is not in the folder of the manifest or below it, so that no record is named";
            self.told.note_because(format!("the web archive {file}"), why);
        }
        found
    }
}

/// What is new in one entry.
struct News<'d, 'a> {
    at: [Step<'static>; 2],
    draft: &'d mut Draft<'a>,
    any: bool,
}

impl<'d, 'a> News<'d, 'a> {
    fn new(number: usize, draft: &'d mut Draft<'a>) -> Self {
        Self {
            at: entry_at(number),
            draft,
            any: false,
        }
    }

    fn place(&self, key: &'static str) -> Vec<Step<'static>> {
        [&self.at[..], &[Step::Key(key)]].concat()
    }

    fn source(&mut self, said: &mut EntryFacts, capture: &Capture) -> Result<()> {
        let Some(source) = &mut said.source else { return Ok(()) };
        let place = self.place("source");
        let behind = ["url", "canonical_url", "via"];
        if source.retrieved_at.is_none() {
            let at = capture.retrieved_at();
            self.draft.insert(&place, &behind, "retrieved_at", &Value::plain(&at))?;
            source.retrieved_at = Some(at);
            self.any = true;
        }
        if let (None, Some(status)) = (source.http_status, capture.status) {
            let behind = [&behind[..], &["retrieved_at"]].concat();
            self.draft
                .insert(&place, &behind, "http_status", &Value::plain(status))?;
            source.http_status = Some(status);
            self.any = true;
        }
        Ok(())
    }

    fn record(&mut self, said: &mut EntryFacts, file: String, capture: &Capture) -> Result<()> {
        let mut items = vec![Item::Field("file", Value::text(&file))];
        let digest = capture.labelled();
        items.extend(
            digest
                .as_ref()
                .map(|digest| Item::Field("payload_digest", Value::text(digest))),
        );
        let record = Value::Record(items);
        let place = self.place("archive");
        if self.draft.has(&place) {
            self.draft.insert(&place, &["url"], "warc", &record)?;
        } else {
            let archive = Value::Record(vec![Item::Field("warc", record)]);
            self.draft.insert(&self.at, &before("archive"), "archive", &archive)?;
        }
        let warc = WarcFacts {
            file,
            record_id: None,
            payload_digest: digest,
        };
        said.archive.get_or_insert_with(ArchiveFacts::default).warc = Some(warc);
        self.any = true;
        Ok(())
    }
}

fn addresses(entry: &Entry) -> impl Iterator<Item = Address> {
    let source = entry.source.as_deref().into_iter();
    let own = source.flat_map(|source| [source.url.as_ref(), source.canonical_url.as_ref()]);
    own.flatten().filter_map(|url| page(&url.value))
}

fn tier(entry: &Entry, url: &str) -> Tier {
    let Ok(address) = Address::parse(url) else {
        return Tier::Host;
    };
    addresses(entry)
        .map(|own| own.compare(&address))
        .min()
        .unwrap_or(Tier::Host)
}

/// Whether a capture was made when a text was retrieved, as exactly as that is recorded.
fn is_of(at: When, capture: &Capture) -> bool {
    let Ok(made) = capture.retrieved_at().parse::<When>() else {
        return false;
    };
    match (at, made) {
        (When::Instant { at, .. }, When::Instant { at: made, .. }) => at.as_second() == made.as_second(),
        _ => at.first() <= made.last() && made.first() <= at.last(),
    }
}
