//! What a manifest says, as typed values that know their place.

use jiff::civil::Date;

use super::path::TextPath;
use crate::address::{Capture, may_be_stamped};
use crate::date::When;
use crate::digest::{Algorithm, Digest};
use crate::finding::Location;
use crate::source::{Source, Span};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands in its manifest file; a quoted scalar with its quotes.
    pub span: Span,
}

/// A manifest with all that is wrong in it.
#[derive(Debug)]
pub struct Manifest {
    /// The files that it was read from: first the one that was named, then its shards.
    pub files: Vec<Source>,
    /// The SHA-256 of each file, in the same order.
    pub digests: Vec<Digest>,
    /// What holds for the corpus as a whole.
    pub corpus: CorpusRecord,
    /// The texts, in the order of the manifest; behind them the shards of records, each as one entry.
    pub entries: Vec<Entry>,
    /// What is wrong in the manifest itself, by file and place.
    pub problems: Vec<Problem>,
}

impl Manifest {
    /// The place of a span of one of the files.
    pub fn location(&self, file: usize, span: Span) -> Location {
        Location::at(self.files[file].name(), span)
    }

    /// The language of an entry: its own, or that of the corpus.
    pub fn language_of<'a>(&'a self, entry: &'a Entry) -> Option<&'a str> {
        let language = entry.language.as_ref().or(self.corpus.language.as_ref());
        language.map(|language| language.value.as_str())
    }

    /// What is wrong with the value that stands exactly there.
    pub fn problems_at(&self, file: usize, span: Span) -> impl Iterator<Item = &Problem> {
        let start = self
            .problems
            .partition_point(|problem| (problem.file, problem.span) < (file, span));
        let there = move |problem: &&Problem| (problem.file, problem.span) == (file, span);
        self.problems[start..].iter().take_while(there)
    }

    /// The entries that are shards of records, with their numbers.
    pub fn shards(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let first = self.entries.iter().rposition(|entry| entry.records.is_none());
        let shards = first.map_or(0, |last| last + 1);
        self.entries.iter().enumerate().skip(shards)
    }

    /// The entry of an own text that a place in a file of the manifest lies in.
    pub fn entry_at(&self, file: usize, span: Span) -> Option<usize> {
        let place = |entry: &Entry| (entry.file, entry.span.start());
        let holds = |index: &usize| {
            let entry = &self.entries[*index];
            entry.file == file && entry.span.start() <= span.start() && span.end() <= entry.span.end()
        };
        let shards = self.shards().next().map_or(self.entries.len(), |(index, _)| index);
        let after = self.entries[..shards].partition_point(|entry| place(entry) <= (file, span.start()));
        let text = after.checked_sub(1).filter(holds);
        text.or_else(|| (shards..self.entries.len()).find(holds))
    }

    /// The file of that name, among those that the manifest was read from.
    pub fn file(&self, name: &str) -> Option<&Source> {
        self.files.iter().find(|file| file.name() == name)
    }
}

/// Whether a text may be reached through a symbolic link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkPolicy {
    /// Never.
    #[default]
    Forbid,
    /// Where it leads to a regular file inside the root.
    WithinRoot,
}

/// What holds for the corpus as a whole.
#[derive(Clone, Debug, Default)]
pub struct CorpusRecord {
    /// The mapping.
    pub span: Span,
    /// A lasting identifier.
    pub id: Option<Spanned<String>>,
    /// What it is called.
    pub title: Option<Spanned<String>>,
    /// Globs for what belongs to it.
    pub include: Vec<Spanned<String>>,
    /// Globs for what does not.
    pub exclude: Vec<Spanned<String>>,
    /// The language of entries that name none.
    pub language: Option<Spanned<String>>,
    /// The licence of entries that name none.
    pub license: Option<Spanned<String>>,
    /// What to do about symbolic links.
    pub links: LinkPolicy,
}

/// One text, as recorded.
#[derive(Debug, Default)]
pub struct Entry {
    /// Which of [`Manifest::files`] it stands in.
    pub file: usize,
    /// The whole entry.
    pub span: Span,
    /// A name that outlives the path.
    pub id: Option<Spanned<String>>,
    /// Where the text is; `None` where the manifest says nothing that can be followed.
    pub path: Option<Spanned<TextPath>>,
    /// The digest of record.
    pub sha256: Option<Recorded>,
    /// Further digests of the same bytes.
    pub digests: Vec<Recorded>,
    /// Size in bytes.
    pub bytes: Option<Spanned<u64>>,
    /// Title.
    pub title: Option<Spanned<String>>,
    /// Authors.
    pub authors: Vec<Spanned<String>>,
    /// BCP 47 tag.
    pub language: Option<Spanned<String>>,
    /// When it was published.
    pub published_at: Option<Spanned<When>>,
    /// When its publisher last changed it.
    pub modified_at: Option<Spanned<When>>,
    /// SPDX expression, as written.
    pub license: Option<Spanned<String>>,
    /// Where it was retrieved from.
    pub source: Option<Box<SourceRecord>>,
    /// Why there is no source.
    pub origin: Option<Spanned<Origin>>,
    /// Whether the manifest has a key `source` or `origin` for it at all, sound or not.
    pub states_origin: bool,
    /// A capture in a web archive.
    pub archive: Option<Box<Archive>>,
    /// What it was made from.
    pub derived_from: Vec<Derivation>,
    /// What was done to it since, oldest first.
    pub edits: Vec<EditRecord>,
    /// Findings that a person has accepted.
    pub accepted: Vec<Accepted>,
    /// Where its file is no text but a shard of records: which field of a record says what.
    pub records: Option<Box<Mapping>>,
}

/// Which field of the records of a shard says what an entry would say.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// The mapping.
    pub span: Span,
    /// The fields, each with the key that it stands for, as in `source.url`; in the order of [`super::schema::RECORDS`].
    pub fields: Vec<(&'static str, Spanned<String>)>,
}

impl Mapping {
    /// The field that stands for a key.
    pub fn field(&self, key: &str) -> Option<&Spanned<String>> {
        self.fields
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, field)| field)
    }

    /// Whether a field stands for a key, or for one in the mapping of that name.
    pub fn maps(&self, key: &str) -> bool {
        let below = |name: &str| {
            name.strip_prefix(key)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.fields.iter().any(|(name, _)| below(name))
    }
}

impl Entry {
    /// Whether it is a shard whose records say this themselves, each its own.
    pub fn says_by_record(&self, key: &str) -> bool {
        self.records.as_ref().is_some_and(|mapping| mapping.maps(key))
    }

    /// How to name it in a message: its path, or its id where the path cannot be followed.
    pub fn name(&self) -> &str {
        let path = self.path.as_ref().map(|path| path.value.as_str());
        path.or(self.id.as_ref().map(|id| id.value.as_str()))
            .unwrap_or("an entry without a path")
    }

    /// The captures in web archives that it names and whose address tells their time: the one that the text was
    /// retrieved from, and the one that is kept beside it.
    pub fn captures(&self) -> impl Iterator<Item = (&Spanned<String>, Capture<'_>)> {
        let retrieved = self.source.as_ref().and_then(|source| source.url.as_ref());
        let beside = self.archive.as_ref().and_then(|archive| archive.url.as_ref());
        let beside = beside.filter(|url| retrieved.is_none_or(|retrieved| retrieved.value != url.value));
        [retrieved, beside]
            .into_iter()
            .flatten()
            .filter(|url| may_be_stamped(&url.value))
            .filter_map(|url| Some((url, Capture::parse(&url.value).ok()?)))
    }

    /// The digest of record, where it is one.
    pub fn digest(&self) -> Option<Digest> {
        self.sha256.as_ref().and_then(|recorded| recorded.digest)
    }

    /// The algorithms that verifying it takes: SHA-256 first, then the further ones, each once.
    pub fn algorithms(&self) -> Vec<Algorithm> {
        let mut algorithms = vec![Algorithm::Sha256];
        for recorded in self.digests.iter().filter(|recorded| recorded.digest.is_some()) {
            if !algorithms.contains(&recorded.algorithm) {
                algorithms.push(recorded.algorithm);
            }
        }
        algorithms
    }

    /// The first day on which it was published, as recorded.
    pub fn published_first(&self) -> Option<Date> {
        self.published_at.as_ref().map(|when| when.value.first())
    }
}

/// A digest as a manifest gives it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The function that it is said to be of.
    pub algorithm: Algorithm,
    /// As written, where it is no digest of that function; empty where it is one.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// What it means; `None` where it is no digest of that function.
    pub digest: Option<Digest>,
}

impl Recorded {
    /// The digest in lower case, or whatever stands there.
    pub fn shown(&self) -> String {
        self.digest
            .map_or_else(|| self.text.clone(), |digest| digest.to_string())
    }
}

/// Where a text was retrieved from.
#[derive(Debug, Default)]
pub struct SourceRecord {
    /// The mapping.
    pub span: Span,
    /// The address that it was retrieved from.
    pub url: Option<Spanned<String>>,
    /// The address that the page gives for itself.
    pub canonical_url: Option<Spanned<String>>,
    /// Where it was republished, outermost first.
    pub via: Vec<Spanned<String>>,
    /// When it was retrieved.
    pub retrieved_at: Option<Spanned<When>>,
    /// Whether the manifest has that key at all, sound or not.
    pub has_retrieved_at: bool,
    /// HTTP status.
    pub http_status: Option<Spanned<u64>>,
}

impl SourceRecord {
    /// Every address in it, with its key: where it was retrieved, what it calls itself, where it was republished.
    pub fn addresses(&self) -> impl Iterator<Item = (&'static str, &Spanned<String>)> {
        let via = self.via.iter().map(|url| ("via", url));
        let own = [("url", &self.url), ("canonical_url", &self.canonical_url)];
        own.into_iter()
            .filter_map(|(key, url)| url.as_ref().map(|url| (key, url)))
            .chain(via)
    }
}

/// Why there is no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What kind of not knowing it is.
    pub kind: OriginKind,
    /// In the words of whoever wrote the manifest.
    pub reason: String,
}

/// What stands in for a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// Nobody knows.
    Unknown,
    /// Somebody vouches for it.
    Attested,
    /// It was made here.
    Local,
}

/// A capture in a web archive.
#[derive(Debug, Default)]
pub struct Archive {
    /// The mapping.
    pub span: Span,
    /// The address of the capture.
    pub url: Option<Spanned<String>>,
    /// The record of a WARC file that holds it.
    pub warc: Option<WarcRecord>,
}

/// A record of a web archive.
#[derive(Debug, Default)]
pub struct WarcRecord {
    /// The mapping.
    pub span: Span,
    /// The file that holds it.
    pub file: Option<Spanned<TextPath>>,
    /// Its `WARC-Record-ID`.
    pub record_id: Option<Spanned<String>>,
    /// Its `WARC-Payload-Digest`, as written.
    pub payload_digest: Option<Spanned<String>>,
}

/// A file that a text was made from.
#[derive(Debug)]
pub struct Derivation {
    /// The mapping.
    pub span: Span,
    /// Where it is.
    pub path: Option<Spanned<TextPath>>,
    /// Its digest.
    pub sha256: Option<Recorded>,
}

/// A change of the bytes that was recorded.
#[derive(Debug)]
pub struct EditRecord {
    /// The mapping.
    pub span: Span,
    /// The digest before.
    pub from: Option<Recorded>,
    /// The digest after.
    pub to: Option<Recorded>,
    /// When, as written.
    pub at: String,
    /// Why.
    pub reason: String,
    /// The rules whose fixes it applied.
    pub rules: Vec<String>,
}

/// A finding that a person has accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The mapping.
    pub span: Span,
    /// The rule.
    pub rule: String,
    /// The fingerprint of the finding, or its beginning.
    pub passage: String,
    /// Why it stands.
    pub reason: String,
}

/// What is wrong in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// A key that the format does not have.
    UnknownKey,
    /// A key that stands twice in one mapping.
    DuplicateKey,
    /// A key that is not there but must be.
    MissingKey,
    /// An alias, an anchor, a merge key or a tag.
    Alias,
    /// A value of the wrong kind or form.
    InvalidValue,
    /// A digest that is none.
    InvalidDigest,
    /// A digest that is sound but not written in the usual form.
    DigestForm,
    /// An algorithm that is not known.
    UnknownAlgorithm,
    /// A date that is none, or a time without its offset.
    InvalidDate,
    /// A path that leaves the root on some system.
    InvalidPath,
    /// A path that some system cannot hold.
    UnportablePath,
    /// Two entries for one path, or for paths that differ only by case or Unicode form.
    PathClash,
    /// Two entries with one id.
    IdClash,
    /// Nothing is listed.
    Empty,
    /// A shard that cannot be read, or whose digest differs.
    Shard,
    /// A format version that is not known.
    Version,
}

/// One thing that is wrong in a manifest, with its place.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What kind of wrong.
    pub kind: ProblemKind,
    /// Which of [`Manifest::files`].
    pub file: usize,
    /// Where in it.
    pub span: Span,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What the underlined place is.
    pub label: Option<String>,
    /// What to do next.
    pub help: Option<String>,
    /// Where the other one stands, for what clashes.
    pub other: Option<(usize, Span, &'static str)>,
    /// Whether it is less than an error.
    pub mild: bool,
    /// The entry that it belongs to.
    pub entry: Option<usize>,
}
