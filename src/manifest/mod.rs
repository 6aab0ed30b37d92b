//! The manifest: read with an exact place for every value, and changed without losing a byte of what a person wrote.

pub mod edit;
pub mod facts;
pub mod flat;
mod model;
mod path;
mod read;
mod record;
pub mod schema;
pub mod write;
mod yaml;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub use model::{
    Accepted, Archive, CorpusRecord, Derivation, EditRecord, Entry, LinkPolicy, Manifest, Mapping, Origin, OriginKind,
    Problem, ProblemKind, Recorded, SourceRecord, Spanned, WarcRecord,
};
pub use path::{TextPath, fold};
pub(crate) use read::read_digest;
pub use read::{decode_base64, nearest};
pub(crate) use read::{is_made_up, placeholder};
pub use record::{RecordEntry, Value};

use read::{Fields, Reader};
use schema::{ENTRY, MANIFEST, RECORDS, SHARD_MANIFEST, Shape};
use serde_yaml::granit_parser::ScanError;
use yaml::{Node, Oddity, Tree};

use crate::digest::Algorithm;
use crate::error::{Error, Result, io_message};
use crate::object::{self, Address};
use crate::source::{Position, Source, Span};

impl Manifest {
    /// Reads a manifest, with the shards that it names.
    ///
    /// # Errors
    /// [`Error::NoManifest`] and [`Error::Io`] where there is nothing to read, [`Error::Syntax`] where it is no YAML.
    /// Whatever else is wrong is in [`Manifest::problems`].
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_watched(path, &|_| ())
    }

    /// [`Manifest::open`], with a look at entries while the rest is still being scanned, from any thread and in any order.
    ///
    /// Work on the texts can so begin while a long manifest is read. How many entries are seen so depends on chance, and
    /// nothing is known of the others.
    ///
    /// # Errors
    /// As [`Manifest::open`].
    pub fn open_watched(path: &Path, watch: &(dyn Fn(&Entry) + Sync)) -> Result<Self> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let source = Source::new(name, read_file(path)?);
        let root = path.parent().unwrap_or(Path::new(""));
        let shard = |shard: &str| read_beside(&object::below(root, shard));
        Self::parse_watched(source, &path.display().to_string(), shard, watch)
    }

    /// Reads a manifest from its bytes. `shown` is how errors name it; `shard` reads a file beside it.
    ///
    /// # Errors
    /// [`Error::Syntax`] where it is no YAML.
    pub fn parse(source: Source, shown: &str, shard: impl Fn(&str) -> std::io::Result<Vec<u8>>) -> Result<Self> {
        Self::parse_watched(source, shown, shard, &|_| ())
    }

    fn parse_watched(
        source: Source,
        shown: &str,
        shard: impl Fn(&str) -> std::io::Result<Vec<u8>>,
        watch: &(dyn Fn(&Entry) + Sync),
    ) -> Result<Self> {
        let mut manifest = Self {
            digests: vec![Algorithm::Sha256.digest(source.bytes())],
            files: vec![source],
            corpus: CorpusRecord::default(),
            entries: Vec::new(),
            problems: Vec::new(),
        };
        let shards = manifest.read_file(0, shown, watch)?;
        let (records, manifests): (Vec<Shard>, Vec<Shard>) = shards.into_iter().partition(|one| one.records.is_some());
        for one in manifests {
            manifest.read_shard(&one, &shard, watch)?;
        }
        manifest.entries.extend(records.into_iter().map(Shard::into_entry));
        manifest.find_clashes();
        manifest.find_emptiness();
        manifest.problems.sort_by_key(|problem| (problem.file, problem.span));
        Ok(manifest)
    }

    fn read_file(&mut self, file: usize, shown: &str, watch: &(dyn Fn(&Entry) + Sync)) -> Result<Vec<Shard>> {
        let source = &self.files[file];
        let text = decode(source, shown)?;
        let mut entries = EntryReader::new(file, watch);
        let tree = entries
            .read(source, text)
            .map_err(|error| syntax_error(source, shown, &error))?;
        let mut reader = Reader {
            file,
            problems: Vec::new(),
        };
        reader.note_oddities(&tree.oddities);
        let Some(root) = &tree.root else {
            return Err(empty(source, shown));
        };
        let mut shards = Vec::new();
        let record = if file == 0 { &MANIFEST } else { &SHARD_MANIFEST };
        if let Some(fields) = reader.fields(root, record) {
            reader.version(&fields);
            if file == 0 {
                self.corpus = reader.corpus(&fields);
                shards = reader.shards(&fields);
            }
            reader.items(&fields, "entries");
            entries.finish(&mut self.entries, &mut reader.problems);
        }
        self.problems.append(&mut reader.problems);
        Ok(shards)
    }

    fn read_shard(
        &mut self,
        shard: &Shard,
        read: &impl Fn(&str) -> std::io::Result<Vec<u8>>,
        watch: &(dyn Fn(&Entry) + Sync),
    ) -> Result<()> {
        let Some(path) = &shard.path else { return Ok(()) };
        let name = path.value.as_str();
        let bytes = match read(name) {
            Ok(bytes) => bytes,
            Err(error) => {
                let why = io_message(&error);
                let message = format!("the shard {name} cannot be read: {why}");
                self.shard_problem(path.span, message, "restore it, or take it out of `entries_from`");
                return Ok(());
            }
        };
        let digest = Algorithm::Sha256.digest(&bytes);
        if let Some(recorded) = &shard.sha256
            && recorded.digest.is_some_and(|recorded| recorded != digest)
        {
            let message = format!("the shard {name} has another digest: {digest}");
            let help = "find out who changed the shard, and why; then write its digest here, or restore it";
            self.shard_problem(recorded.span, message, help);
        }
        self.files.push(Source::new(name, bytes));
        self.digests.push(digest);
        self.read_file(self.files.len() - 1, name, watch).map(|_| ())
    }

    fn shard_problem(&mut self, span: Span, message: String, help: &str) {
        let mut reader = Reader {
            file: 0,
            problems: Vec::new(),
        };
        reader.problem(ProblemKind::Shard, span, message).help = Some(help.to_owned());
        self.problems.append(&mut reader.problems);
    }

    fn find_emptiness(&mut self) {
        let shards_failed = self.problems.iter().any(|problem| problem.kind == ProblemKind::Shard);
        if self.entries.is_empty() && !shards_failed {
            let mut reader = Reader {
                file: 0,
                problems: Vec::new(),
            };
            let span = self.files[0].line(1);
            let problem = reader.problem(
                ProblemKind::Empty,
                span,
                "the manifest lists no text, so nothing can be verified",
            );
            problem.help =
                Some("list texts with `vidimus add`, or write a new manifest with `vidimus init`".to_owned());
            self.problems.append(&mut reader.problems);
        }
    }

    fn find_clashes(&mut self) {
        let mut found = Vec::new();
        let mut ids: HashMap<&str, &Entry> = HashMap::with_capacity(self.entries.len());
        let mut paths: HashMap<Cow<'_, str>, &Entry> = HashMap::with_capacity(self.entries.len());
        for (index, entry) in self.entries.iter().enumerate() {
            let mut reader = Reader {
                file: entry.file,
                problems: Vec::new(),
            };
            if let Some(id) = &entry.id
                && let Some(first) = ids.insert(&id.value, entry)
            {
                reader.id_clash(id, first);
            }
            if let Some(path) = &entry.path {
                match paths.entry(path.value.folded()) {
                    Slot::Occupied(first) => reader.path_clash(path, first.get()),
                    Slot::Vacant(slot) => drop(slot.insert(entry)),
                }
            }
            let problems = reader.problems.into_iter();
            found.extend(problems.map(|problem| Problem {
                entry: Some(index),
                ..problem
            }));
        }
        self.problems.append(&mut found);
    }
}

/// An item of `entries_from`.
struct Shard {
    span: Span,
    path: Option<Spanned<TextPath>>,
    sha256: Option<Recorded>,
    bytes: Option<Spanned<u64>>,
    /// Where it is a shard of records, and no manifest.
    records: Option<Mapping>,
}

impl Shard {
    /// A shard of records stands for its texts: what its records say each for themselves, it does not lack.
    fn into_entry(self) -> Entry {
        let mapping = self.records.unwrap_or_default();
        let sourced = mapping.maps("source").then(|| SourceRecord {
            span: mapping.span,
            has_retrieved_at: mapping.maps("source.retrieved_at"),
            ..SourceRecord::default()
        });
        Entry {
            span: self.span,
            path: self.path,
            sha256: self.sha256,
            bytes: self.bytes,
            states_origin: sourced.is_some() || mapping.maps("origin"),
            source: sourced.map(Box::new),
            records: Some(Box::new(mapping)),
            ..Entry::default()
        }
    }
}

/// So many entries are read by one task.
const BATCH: usize = 64;

/// Reads the entries of one file on other threads, while the rest of the file is still being scanned.
struct EntryReader<'w> {
    file: usize,
    watch: &'w (dyn Fn(&Entry) + Sync),
    read: Mutex<Vec<Batch>>,
    scanned: AtomicBool,
}

/// Entries that were read together: what number they have, and what is wrong in each.
type Batch = (usize, Vec<(Entry, Vec<Problem>)>);

impl<'w> EntryReader<'w> {
    fn new(file: usize, watch: &'w (dyn Fn(&Entry) + Sync)) -> Self {
        Self {
            file,
            watch,
            read: Mutex::default(),
            scanned: AtomicBool::new(false),
        }
    }

    /// Scans a file, and reads its entries on the way.
    fn read<'a>(&mut self, source: &'a Source, text: &'a str) -> Result<Tree<'a>, ScanError> {
        let reader = &*self;
        rayon::in_place_scope(|scope| {
            let (mut batch, mut number) = (Vec::with_capacity(BATCH), 0);
            let mut take = |node| {
                batch.push(node);
                if batch.len() == BATCH {
                    let nodes = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                    let turn = number;
                    number += 1;
                    scope.spawn(move |_| reader.read_batch(turn, &nodes));
                }
            };
            let tree = yaml::parse_items(source, text, "entries", &mut take);
            reader.scanned.store(true, Ordering::Relaxed);
            reader.read_batch(number, &batch);
            tree
        })
    }

    fn read_batch(&self, number: usize, nodes: &[Node<'_>]) {
        let entry = |node| {
            let mut reader = Reader {
                file: self.file,
                problems: Vec::new(),
            };
            let entry = reader.entry(node);
            if !self.scanned.load(Ordering::Relaxed) {
                (self.watch)(&entry);
            }
            (entry, reader.problems)
        };
        let batch = nodes.iter().map(entry).collect();
        self.read
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((number, batch));
    }

    /// The entries in their order, after those that are there.
    fn finish(self, entries: &mut Vec<Entry>, problems: &mut Vec<Problem>) {
        let mut batches = self.read.into_inner().unwrap_or_else(PoisonError::into_inner);
        batches.sort_by_key(|(number, _)| *number);
        entries.reserve(batches.iter().map(|(_, batch)| batch.len()).sum());
        for (entry, mut found) in batches.into_iter().flat_map(|(_, batch)| batch) {
            found.iter_mut().for_each(|problem| problem.entry = Some(entries.len()));
            problems.append(&mut found);
            entries.push(entry);
        }
    }
}

impl Reader {
    fn note_oddities(&mut self, oddities: &[(Oddity, Span)]) {
        for &(oddity, span) in oddities {
            let (kind, message, help) = match oddity {
                Oddity::Anchor => (
                    ProblemKind::Alias,
                    "an anchor has no meaning in a manifest",
                    "remove it",
                ),
                Oddity::Alias => (
                    ProblemKind::Alias,
                    "an alias is not followed in a manifest",
                    "write the value out where it is meant, so that each entry can be read alone",
                ),
                Oddity::Tag => (
                    ProblemKind::Alias,
                    "a tag has no meaning in a manifest",
                    "remove it: every value is read as text",
                ),
                Oddity::SecondDocument => (
                    ProblemKind::InvalidValue,
                    "a second YAML document begins here, and is not read",
                    "keep one document in a manifest",
                ),
            };
            self.problem(kind, span, message).help = Some(help.to_owned());
        }
    }

    fn corpus(&mut self, fields: &Fields<'_, '_>) -> CorpusRecord {
        let record = record_of("corpus");
        let Some(fields) = fields.get("corpus").and_then(|node| self.fields(node, record)) else {
            return CorpusRecord::default();
        };
        let links = record.key("symlinks").and_then(|key| self.word(&fields, key));
        CorpusRecord {
            span: fields.span,
            id: self.text(&fields, "id"),
            title: self.text(&fields, "title"),
            include: self.patterns(&fields, "include"),
            exclude: self.patterns(&fields, "exclude"),
            language: self.language(&fields, "language"),
            license: self.text(&fields, "license"),
            links: match links.map(|word| word.value) {
                Some("within-root") => LinkPolicy::WithinRoot,
                _ => LinkPolicy::Forbid,
            },
        }
    }

    fn patterns(&mut self, fields: &Fields<'_, '_>, name: &'static str) -> Vec<Spanned<String>> {
        let mut patterns = self.texts(fields, name);
        patterns.retain(|pattern| {
            if pattern.value.starts_with('/') || pattern.value.split('/').any(|part| part == "..") {
                self.problem(ProblemKind::InvalidPath, pattern.span, "the pattern leaves the root")
                    .help = Some("write it relative to the folder of the manifest, without `..`".to_owned());
                return false;
            }
            let error = crate::glob::compile(&pattern.value).err();
            if let Some(error) = &error {
                self.problem(
                    ProblemKind::InvalidValue,
                    pattern.span,
                    format!("this is no glob: {}", error.kind()),
                )
                .help = Some("correct it; it matches nothing as it stands".to_owned());
            }
            error.is_none()
        });
        patterns
    }

    fn shards(&mut self, fields: &Fields<'_, '_>) -> Vec<Shard> {
        let nodes = self.items(fields, "entries_from");
        nodes.iter().filter_map(|node| self.shard(node)).collect()
    }

    fn shard(&mut self, node: &Node<'_>) -> Option<Shard> {
        let fields = self.fields(node, record_of("entries_from"))?;
        Some(Shard {
            span: fields.span,
            path: self.path_or_address(&fields, "path"),
            sha256: self.digest(&fields, "sha256"),
            bytes: self.integer(&fields, "bytes"),
            records: fields.get("records").map(|node| self.mapping(node)),
        })
    }

    /// Which field says what. A mapping that cannot be read maps nothing, and has been said to be wrong.
    fn mapping(&mut self, node: &Node<'_>) -> Mapping {
        let Some(fields) = self.fields(node, &RECORDS) else {
            return Mapping::default();
        };
        let mapped = |key: &'static schema::Key| Some((key.name, self.text(&fields, key.name)?));
        Mapping {
            span: fields.span,
            fields: RECORDS.keys.iter().filter_map(mapped).collect(),
        }
    }

    fn derivation(&mut self, node: &Node<'_>, record: &'static schema::Record) -> Option<Derivation> {
        let fields = self.fields(node, record)?;
        Some(Derivation {
            span: fields.span,
            path: self.path(&fields, "path"),
            sha256: self.digest(&fields, "sha256"),
        })
    }

    fn entry(&mut self, node: &Node<'_>) -> Entry {
        let (file, span) = (self.file, node.span);
        let Some(fields) = self.fields(node, &ENTRY) else {
            return Entry {
                file,
                span,
                ..Entry::default()
            };
        };
        Entry {
            file,
            span,
            id: self.text(&fields, "id"),
            path: self.path(&fields, "path"),
            sha256: self.digest(&fields, "sha256"),
            digests: self.digests(&fields),
            bytes: self.integer(&fields, "bytes"),
            title: self.text(&fields, "title"),
            authors: self.texts(&fields, "author"),
            language: self.language(&fields, "language"),
            published_at: self.date(&fields, "published_at"),
            modified_at: self.date(&fields, "modified_at"),
            license: self.text(&fields, "license"),
            source: self.source(&fields).map(Box::new),
            origin: self.origin(&fields),
            states_origin: fields.get("source").is_some() || fields.get("origin").is_some(),
            archive: self.archive(&fields).map(Box::new),
            derived_from: self.derivations(&fields),
            edits: self.edits(&fields),
            accepted: self.accepted(&fields),
            records: None,
        }
    }

    fn record<'n, 'a>(&mut self, fields: &Fields<'n, 'a>, name: &'static str) -> Option<Fields<'n, 'a>> {
        fields.get(name).and_then(|node| self.fields(node, record_of(name)))
    }

    fn source(&mut self, fields: &Fields<'_, '_>) -> Option<SourceRecord> {
        let fields = self.record(fields, "source")?;
        Some(SourceRecord {
            span: fields.span,
            url: self.text(&fields, "url"),
            canonical_url: self.text(&fields, "canonical_url"),
            via: self.texts(&fields, "via"),
            retrieved_at: self.date(&fields, "retrieved_at"),
            has_retrieved_at: fields.get("retrieved_at").is_some(),
            http_status: self.integer(&fields, "http_status"),
        })
    }

    fn origin(&mut self, fields: &Fields<'_, '_>) -> Option<Spanned<Origin>> {
        let key = record_of("origin").key("kind")?;
        let fields = self.record(fields, "origin")?;
        let kind = match self.word(&fields, key)?.value {
            "attested" => OriginKind::Attested,
            "local" => OriginKind::Local,
            _ => OriginKind::Unknown,
        };
        let reason = self.text(&fields, "reason").map(|text| text.value).unwrap_or_default();
        let span = fields.span;
        Some(Spanned {
            value: Origin { kind, reason },
            span,
        })
    }

    fn archive(&mut self, fields: &Fields<'_, '_>) -> Option<Archive> {
        let fields = self.record(fields, "archive")?;
        let warc = record_of("archive").key("warc").and_then(|key| match key.shape {
            Shape::Record(record) => fields.get("warc").and_then(|node| self.fields(node, record)),
            _ => None,
        });
        Some(Archive {
            span: fields.span,
            url: self.text(&fields, "url"),
            warc: warc.map(|fields| WarcRecord {
                span: fields.span,
                file: self.path(&fields, "file"),
                record_id: self.text(&fields, "record_id"),
                payload_digest: self.text(&fields, "payload_digest"),
            }),
        })
    }

    fn derivations(&mut self, fields: &Fields<'_, '_>) -> Vec<Derivation> {
        let nodes = self.items(fields, "derived_from");
        nodes
            .iter()
            .filter_map(|node| self.derivation(node, record_of("derived_from")))
            .collect()
    }

    fn edits(&mut self, fields: &Fields<'_, '_>) -> Vec<EditRecord> {
        let nodes = self.items(fields, "edits");
        let edit = |node: &Node<'_>| {
            let fields = self.fields(node, record_of("edits"))?;
            let at = self.date(&fields, "at");
            let reason = self.text(&fields, "reason");
            let rules = self.texts(&fields, "rules");
            Some(EditRecord {
                span: fields.span,
                at: at.map_or_else(String::new, |at| at.value.to_string()),
                reason: reason.map_or_else(String::new, |reason| reason.value),
                rules: rules.into_iter().map(|rule| rule.value).collect(),
                from: self.digest(&fields, "from"),
                to: self.digest(&fields, "to"),
            })
        };
        nodes.iter().filter_map(edit).collect()
    }

    fn accepted(&mut self, fields: &Fields<'_, '_>) -> Vec<Accepted> {
        let nodes = self.items(fields, "accepted");
        let accepted = |node: &Node<'_>| {
            let fields = self.fields(node, record_of("accepted"))?;
            Some(Accepted {
                span: fields.span,
                rule: self.text(&fields, "rule")?.value,
                passage: self.text(&fields, "passage")?.value,
                reason: self.text(&fields, "reason")?.value,
            })
        };
        nodes.iter().filter_map(accepted).collect()
    }

    fn id_clash(&mut self, id: &Spanned<String>, first: &Entry) {
        let problem = self.problem(
            ProblemKind::IdClash,
            id.span,
            format!("two entries have the id `{}`", id.value),
        );
        let span = first.id.as_ref().map_or(first.span, |id| id.span);
        problem.other = Some((first.file, span, "the other one"));
        problem.help = Some("give each text an id of its own".to_owned());
    }

    fn path_clash(&mut self, path: &Spanned<TextPath>, first: &Entry) {
        let Some(other) = &first.path else { return };
        let same = path.value == other.value;
        let (message, help) = if same {
            (
                format!("two entries have the path {}", path.value),
                "remove one of the two entries",
            )
        } else {
            let (a, b) = (&other.value, &path.value);
            let message = format!("two paths differ only by case or Unicode form: {a} and {b}");
            (message, "rename one: some file systems hold only one of the two")
        };
        let problem = self.problem(ProblemKind::PathClash, path.span, message);
        problem.other = Some((first.file, other.span, "the other one"));
        problem.help = Some(help.to_owned());
        problem.mild = !same;
    }
}

/// The record that a key of the manifest or of an entry holds.
fn record_of(name: &str) -> &'static schema::Record {
    let key = MANIFEST.key(name).or_else(|| ENTRY.key(name));
    match key.map(|key| key.shape) {
        Some(Shape::Record(record) | Shape::List(&Shape::Record(record))) => record,
        _ => &MANIFEST,
    }
}

/// Reads a manifest: a regular file that is there.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::NoManifest(path.to_owned()),
        _ => Error::io("read", path, error),
    };
    if Address::of(path).is_some() {
        return crate::whole::read(path).map_err(refused);
    }
    let data = fs::metadata(path).map_err(refused)?;
    if data.is_dir() {
        return Err(Error::Usage(format!(
            "{} is a folder; name the manifest in it",
            path.display()
        )));
    }
    if !data.is_file() {
        return Err(Error::Usage(format!(
            "{} is not a regular file, so it is not opened",
            path.display()
        )));
    }
    crate::whole::read(path).map_err(|error| Error::io("read", path, error))
}

/// Reads a shard: a regular file, since a manifest must neither hang on a pipe nor lead out of its folder by a link.
pub(crate) fn read_beside(path: &Path) -> std::io::Result<Vec<u8>> {
    if Address::of(path).is_some() || fs::symlink_metadata(path)?.is_file() {
        crate::whole::read(path)
    } else {
        Err(std::io::Error::other("it is not a regular file, so it is not opened"))
    }
}

fn decode<'a>(source: &'a Source, shown: &str) -> Result<&'a str> {
    if source.bytes().iter().all(u8::is_ascii_whitespace) {
        return Err(empty(source, shown));
    }
    if let Some(text) = source.text() {
        return Ok(text);
    }
    let bytes = source.bytes();
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    let message = if utf16 {
        "the manifest is in UTF-16"
    } else {
        "the manifest is not UTF-8"
    };
    Err(Error::Syntax {
        path: shown.to_owned(),
        at: source.position(at),
        message: message.to_owned(),
        line: String::new(),
        help: "save it as UTF-8".into(),
    })
}

fn empty(source: &Source, shown: &str) -> Error {
    Error::Syntax {
        path: shown.to_owned(),
        at: Position {
            byte: 0,
            line: 1,
            column: 1,
            byte_column: 1,
        },
        message: "the manifest is empty".to_owned(),
        line: source.text_of(source.line(1)).into_owned(),
        help: "write a new one with `vidimus init`".into(),
    }
}

fn syntax_error(source: &Source, shown: &str, error: &ScanError) -> Error {
    let marker = error.marker();
    let byte = marker
        .byte_offset()
        .unwrap_or_else(|| source.line(marker.line()).start());
    let at = source.position(source.nearest_span(byte, byte).start());
    let line = source.text_of(source.line(at.line)).into_owned();
    let tab = line.trim_start_matches(' ').starts_with('\t');
    let help = if tab {
        "indent with spaces; YAML does not allow tabs there"
    } else {
        "mend it there; nothing after that place was read"
    };
    Error::Syntax {
        path: shown.to_owned(),
        at,
        message: format!("this is no YAML: {}", error.info()),
        line,
        help: help.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Manifest {
        let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        Manifest::parse(Source::new("manifest.yaml", text.into()), "manifest.yaml", none).expect("yaml")
    }

    fn said(manifest: &Manifest) -> Vec<(ProblemKind, String)> {
        let mut said: Vec<_> = manifest
            .problems
            .iter()
            .map(|problem| (problem.kind, manifest.files[0].text_of(problem.span).into_owned()))
            .collect();
        said.sort();
        said
    }

    #[test]
    fn every_problem_is_underlined_in_one_run() {
        let manifest = parse(
            "vidimus: 1\ncorpus: {include: ['*.txt'], tilte: x}\nentries:\n  - path: ../a\n    sha256: TODO\n    published_at: 2023-02-29\n    bytes: many\n  - path: A.txt\n    sha256: &x abc\n    id: i\n    id: j\n  - path: a.txt\n    sha256: *x\n    language: klingon!\n",
        );
        let kinds = [
            (ProblemKind::UnknownKey, "tilte"),
            (ProblemKind::DuplicateKey, "id"),
            (ProblemKind::Alias, "&x"),
            (ProblemKind::Alias, "*x"),
            (ProblemKind::InvalidValue, "klingon!"),
            (ProblemKind::InvalidValue, "many"),
            (ProblemKind::InvalidDigest, "TODO"),
            (ProblemKind::InvalidDigest, "abc"),
            (ProblemKind::InvalidDate, "2023-02-29"),
            (ProblemKind::InvalidPath, "../a"),
            (ProblemKind::PathClash, "a.txt"),
        ];
        assert_eq!(said(&manifest), kinds.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn scalars_are_text_under_the_schema() {
        let manifest =
            parse("vidimus: 1\ncorpus: {include: [], language: no}\nentries: [{path: a, sha256: x, title: 0123}]\n");
        assert_eq!(
            manifest.corpus.language.map(|language| language.value).as_deref(),
            Some("no")
        );
        assert_eq!(
            manifest.entries[0].title.as_ref().map(|title| title.value.as_str()),
            Some("0123")
        );
    }

    #[test]
    fn an_empty_list_is_a_problem() {
        let manifest = parse("vidimus: 1\ncorpus: {include: []}\nentries: []\n");
        assert_eq!(said(&manifest)[0].0, ProblemKind::Empty);
    }

    #[test]
    fn shards_carry_entries_with_places_of_their_own() {
        let shard = "vidimus: 1\nentries: [{path: b, sha256: no}]\n";
        let top = format!(
            "vidimus: 1\ncorpus: {{include: []}}\nentries_from:\n  - {{path: m/1.yaml, sha256: {}}}\n",
            Algorithm::Sha256.digest(shard.as_bytes())
        );
        let read = |_: &str| Ok(shard.as_bytes().to_vec());
        let manifest = Manifest::parse(Source::new("manifest.yaml", top.into()), "x", read).expect("yaml");
        let kinds: Vec<_> = manifest.problems.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [ProblemKind::InvalidDigest]);
        assert_eq!((manifest.entries.len(), manifest.entries[0].file), (1, 1));
        assert_eq!(manifest.location(1, manifest.entries[0].span).path, "m/1.yaml");
    }
}
