//! Why bytes do not have the digest on record, because a mismatch that explains itself is one that people act on.
//!
//! Most mismatches are neither damage nor an edit: a checkout converted the line ends, an editor added a byte-order
//! mark, a script recorded a Git blob id. Such a hypothesis is tested, not guessed: the change is undone on the present
//! bytes, and where the result has the recorded digest the cause is proven. Only where none fits do signs decide
//! whether the text looks cut, damaged or edited, and then the confidence says how far to trust them. The age of a file
//! is no sign: a fresh checkout makes every file new.
//!
//! Two things cannot be undone and are not tried: NFKC, which forgets what it replaced, and compression of the present
//! bytes, which comes out differently from every compressor.
//!
//! # Bounds
//! - Every candidate is hashed once, and only if it has the recorded size where that is known.
//! - Older encodings and combinations of changes end after 128 candidates or 256 MiB of them, so that a text of more
//!   than 16 MiB gets hardly any.
//! - Above 64 MiB only line ends, final line ends and the byte-order mark are undone, beside what needs a single pass.
//! - What must be tried in many places, such as a flipped bit, hashes at most 128 MiB.
//! - Decompression stops at the recorded size, or at 256 MiB.

mod charsets;
mod containers;
mod flips;
mod forms;
mod lines;
mod parts;
mod record;
mod search;
mod signs;
#[cfg(test)]
mod tests;
mod trial;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde_json::Value;

use crate::digest::Digest;
use trial::Trial;
pub use value::explain_value;

/// How many candidates are hashed before combinations of changes end. A text with accents and line ends has about 20
/// single changes, 60 pairs and 30 triples.
const CANDIDATES: usize = 128;

/// How many bytes of candidates are made before older encodings and combinations end: one or two seconds, and all of
/// them for texts up to 2 MiB.
const COMBINED: u64 = 256 << 20;

/// The size in bytes above which only cheap changes are undone: each one copies the whole text.
const LARGE: usize = 64 << 20;

/// How many bytes one search over places hashes where nobody says: 70 ms with SHA-256 in hardware, some 0.3 s else. That
/// is every bit of a text of 5.7 kB, and suspicious places in far longer ones.
pub const SEARCH: u64 = 128 << 20;

/// How many bytes all searches of a run may hash together: about half a minute on one processor.
const ALL_SEARCHES: u64 = 32 << 30;

/// The bounds of one search, so that a single text is searched well and one of a million at all.
const ONE_SEARCH: std::ops::RangeInclusive<u64> = 1 << 20..=2 << 30;

/// How many bytes one search over places may hash in a run over so many texts.
///
/// It depends on nothing else, so that the same corpus gives the same report: not on how many texts differ, nor on which
/// of them is looked at first.
pub fn search_among(texts: usize) -> u64 {
    (ALL_SEARCHES / texts.max(1) as u64).clamp(*ONE_SEARCH.start(), *ONE_SEARCH.end())
}

/// How many bytes are decompressed where no size is on record: deflate can blow one byte up to a thousand.
const EXPANDED: u64 = 256 << 20;

/// What to do with a text that lost something.
const RESTORE: &str = "restore it from a copy; do not accept it";

/// A text whose bytes do not have the digest on record.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The present bytes.
    pub bytes: &'a [u8],
    /// The digest on record, of any algorithm, which the bytes do not have.
    pub recorded: Digest,
    /// The size on record.
    pub recorded_bytes: Option<u64>,
    /// How many bytes one search over places may hash: [`SEARCH`], or what [`search_among`] allows.
    pub search: u64,
    /// The name of another entry, never of this one, that has this digest on record.
    pub holder: &'a dyn Fn(&Digest) -> Option<String>,
}

impl fmt::Debug for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("present_bytes", &self.bytes.len())
            .field("recorded", &self.recorded)
            .field("recorded_bytes", &self.recorded_bytes)
            .finish_non_exhaustive()
    }
}

/// What kind of change it is, and so what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// The same text in other bytes: a checkout, an editor or a transfer rewrote it.
    Transport,
    /// The bytes of another entry.
    Misfiled,
    /// A part is missing.
    Cut,
    /// Bytes were destroyed.
    Damage,
    /// Somebody changed the text.
    Edit,
    /// The text is right and the record is wrong.
    Record,
    /// None of these can be told.
    Unknown,
}

impl Class {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Misfiled => "misfiled",
            Self::Cut => "cut",
            Self::Damage => "damage",
            Self::Edit => "edit",
            Self::Record => "record",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why the bytes do not have the digest on record.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// What kind of change it is.
    pub class: Class,
    /// Whether a digest on record was reproduced exactly. What the change is called may still be in doubt, as with a
    /// letter that differs in one bit; [`Diagnosis::confidence`] says so.
    pub proven: bool,
    /// How sure the class is, from 0 to 1.
    pub confidence: f32,
    /// The id of the cause, one of [`CAUSES`]. Where it names two forms, the first is the recorded and the second the
    /// present one: `lf-to-crlf` is a text that was recorded with LF and has CRLF now.
    pub cause: &'static str,
    /// One clause without a full stop, about the present bytes as "they". It reads after "the bytes have changed: "; for
    /// [`Class::Record`] they have not, and it reads after "the record is wrong: ".
    pub message: String,
    /// What to do next.
    pub help: String,
    /// What it was concluded from, by name.
    pub evidence: BTreeMap<&'static str, Value>,
    /// The bytes to point at, inside the present bytes. It may split a character.
    pub at: Option<Range<usize>>,
}

impl Diagnosis {
    /// A cause that reproduces the digest.
    fn proven(class: Class, cause: &'static str, message: impl Into<String>, help: &str) -> Self {
        debug_assert!(CAUSES.contains(&cause), "{cause} is not listed");
        Self {
            class,
            proven: true,
            confidence: 1.0,
            cause,
            message: message.into(),
            help: help.to_owned(),
            evidence: BTreeMap::new(),
            at: None,
        }
    }

    /// A cause that only signs speak for.
    fn likely(class: Class, confidence: f32, cause: &'static str, message: String, help: &str) -> Self {
        let proven = Self::proven(class, cause, message, help);
        Self {
            proven: false,
            ..proven
        }
        .with_confidence(confidence)
    }

    fn with_confidence(self, confidence: f32) -> Self {
        Self { confidence, ..self }
    }

    fn evidence(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.evidence.insert(name, value.into());
        self
    }

    fn at(mut self, at: Range<usize>) -> Self {
        self.at = Some(at);
        self
    }
}

/// The ids of all causes, in the order in which they are tried.
pub const CAUSES: &[&str] = &[
    "recorded-empty",
    "other-algorithm",
    "git-blob",
    "lfs-pointer",
    "gzip",
    "zlib",
    "utf-8-to-utf-16",
    "utf-8-to-windows-1252",
    "utf-8-to-latin-1",
    "nfc-to-nfd",
    "nfd-to-nfc",
    "crlf-to-cr-crlf",
    "lf-to-crlf",
    "crlf-to-lf",
    "lf-to-cr",
    "cr-to-lf",
    "crlf-to-cr",
    "cr-to-crlf",
    "trailing-space-added",
    "final-newline-added",
    "final-newline-removed",
    "bom-added",
    "bom-removed",
    "windows-1252-to-utf-8",
    "latin-1-to-utf-8",
    "utf-16-to-utf-8",
    "mojibake-repaired",
    "mojibake",
    "legacy-to-utf-8",
    "utf-8-to-legacy",
    "combined",
    "doubled",
    "nul-padding",
    "appended",
    "prepended",
    "misfiled",
    "inserted",
    "bit-flip",
    "one-character",
    "byte-change",
    "empty",
    "other-format",
    "not-text",
    "nul-run",
    "truncated",
    "control-characters",
    "invalid-utf-8",
    "replacement-characters",
    "edited",
    "unexplained",
];

/// A cause that can be tested: it gives a diagnosis only where it reproduces a digest on record.
type Hypothesis = fn(&mut Trial<'_>) -> Option<Diagnosis>;

/// What is tested, in this order: the likely and cheap first, and the searches last.
const HYPOTHESES: &[Hypothesis] = &[
    record::recorded_empty,
    record::other_algorithm,
    record::git_blob,
    containers::lfs_pointer,
    containers::compressed,
    forms::alone,
    charsets::legacy,
    forms::together,
    parts::doubled,
    parts::appended,
    parts::prepended,
    record::misfiled,
    parts::inserted,
    flips::flipped,
];

/// Finds out why the bytes do not have the digest on record.
///
/// ```
/// use vidimus::diagnosis::{Case, Class, SEARCH, diagnose};
/// use vidimus::digest::Algorithm;
///
/// let recorded = Algorithm::Sha256.digest(b"One line.\nAnother.\n");
/// let bytes = b"One line.\r\nAnother.\r\n";
/// let case = Case { bytes, recorded, recorded_bytes: None, search: SEARCH, holder: &|_| None };
/// let diagnosis = diagnose(&case);
/// assert!(diagnosis.proven);
/// assert_eq!((diagnosis.class, diagnosis.cause), (Class::Transport, "lf-to-crlf"));
/// ```
pub fn diagnose(case: &Case<'_>) -> Diagnosis {
    let mut trial = Trial::new(case);
    let proven = HYPOTHESES.iter().find_map(|hypothesis| hypothesis(&mut trial));
    let diagnosis = proven.unwrap_or_else(|| signs::judge(case));
    diagnosis
        .evidence("present_bytes", case.bytes.len())
        .evidence("recorded_bytes", case.recorded_bytes)
        .evidence("candidates", trial.tried())
}

/// `1 byte`, `2 bytes`.
fn bytes_of(count: usize) -> String {
    format!("{count} byte{}", if count == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
fn listed<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => items.concat(),
    }
}
