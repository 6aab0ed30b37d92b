//! What was found: plain data, with its place, its evidence and the next step.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::source::{Position, Span};

/// How much a finding weighs. The order is `Info < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; gates nothing by default.
    Info,
    /// Very likely wrong.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Info, Self::Warning, Self::Error]
            .into_iter()
            .find(|severity| severity.name() == text)
            .ok_or(())
    }
}

/// The id of a rule: `family/name`.
pub type RuleId = &'static str;

/// A message has at most so many characters.
const SAID: usize = 1_000;

/// A message that repeats a value need not repeat all of it: the value itself is underlined, and may have megabytes.
fn shortened(message: String) -> String {
    match message.char_indices().nth(SAID) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

/// A longer id does not name a record in a path, in bytes: it may have megabytes.
const ID: usize = 200;

/// A record of a shard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Record {
    /// The path of the shard.
    pub shard: String,
    /// The number of its line or row, from 1.
    pub number: u64,
    /// What it is called, where it says.
    pub id: Option<String>,
    /// The byte that its line begins with, in the shard as it was before it was compressed, where it has lines.
    pub offset: Option<u64>,
}

impl Record {
    /// How reports name it: the shard, and its id or, where it has none that is short, its number.
    pub fn path(&self) -> String {
        match self.id.as_ref().filter(|id| id.len() <= ID) {
            Some(id) => format!("{}#{id}", self.shard),
            None => self.path_by_number(),
        }
    }

    /// The same by its number, for what shares its id with another one.
    pub fn path_by_number(&self) -> String {
        format!("{}#{}", self.shard, self.number)
    }
}

/// A place in a file, or a whole file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Relative to the root, with `/`. In a shard it names the record, behind `#`.
    pub path: String,
    /// The record that the place is in, where it is in one: then places are those in its text.
    pub record: Option<Arc<Record>>,
    /// Where in it; `None` for the file as a whole.
    pub span: Option<Span>,
    /// The same as a reader counts it; filled in while the bytes are at hand.
    pub place: Option<Place>,
}

/// A span as lines and columns, with the text around it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The first byte.
    pub start: Position,
    /// The byte after the last.
    pub end: Position,
    /// What to show of it.
    pub excerpt: Excerpt,
}

/// A few lines around a span, short enough to keep for every finding of a large corpus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excerpt {
    /// The text, cut at both ends where its line is long; U+FFFD for what is not UTF-8.
    pub text: String,
    /// The number of its first line.
    pub line: usize,
    /// The first byte of the span in `text`.
    pub start: usize,
    /// The byte after the span in `text`.
    pub end: usize,
    /// Whether `text` begins where its first line does, so that its columns are those of the file.
    pub whole: bool,
}

impl Location {
    /// A whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            record: None,
            span: None,
            place: None,
        }
    }

    /// The text of a record as a whole.
    pub fn record(record: &Arc<Record>) -> Self {
        Self {
            record: Some(Arc::clone(record)),
            ..Self::file(record.path())
        }
    }

    /// The path of the file that it is in: that of the shard, where it is in a record.
    pub fn file_path(&self) -> &str {
        self.record.as_ref().map_or(&self.path, |record| &record.shard)
    }

    /// A span of a file.
    pub fn at(path: impl Into<String>, span: Span) -> Self {
        Self {
            path: path.into(),
            record: None,
            span: Some(span),
            place: None,
        }
    }
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What is there.
    pub message: String,
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Shown, never applied.
    Display,
    /// Applied on request: it may change what the text says.
    Unsafe,
    /// Applied by default: it cannot change what the text says.
    Safe,
}

/// One replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Relative to the root, with `/`.
    pub path: String,
    /// The first byte that goes.
    pub start: usize,
    /// The byte after the last that goes.
    pub end: usize,
    /// What comes instead.
    pub replacement: String,
}

/// How to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Who may apply it.
    pub safety: Safety,
    /// Replacements that do not overlap, in order.
    pub edits: Vec<Edit>,
    /// Where each edit begins and ends, as a reader counts it; filled in while the bytes are at hand, empty until then.
    #[serde(skip)]
    pub places: Vec<(Position, Position)>,
    /// The text around the edits, where a report is to show them; filled in with `places`.
    #[serde(skip)]
    pub around: Vec<Stretch>,
}

/// The bytes around edits that stand near to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The line that its first edit begins in.
    pub line: usize,
    /// Its first byte.
    pub start: usize,
    /// The bytes themselves.
    pub bytes: Vec<u8>,
}

impl Stretch {
    /// Whether it holds all that an edit replaces.
    pub fn holds(&self, edit: &Edit) -> bool {
        self.start <= edit.start && edit.end <= self.start + self.bytes.len()
    }
}

/// Why a finding is not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// What suppresses it: `accepted` in the manifest, or known to the `baseline`.
    pub kind: &'static str,
    /// The reason that a person gave.
    pub reason: String,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which rule found it.
    pub rule: RuleId,
    /// How much it weighs.
    pub severity: Severity,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// Where.
    pub location: Location,
    /// What the place is, beside the excerpt.
    pub label: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What it was concluded from, by name.
    pub evidence: BTreeMap<&'static str, Value>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Stable while the passage stays, wherever it moves; 16 hexadecimal digits. Until its place is filled in: what it
    /// hangs on in place of the passage, where that is something else.
    pub fingerprint: String,
    /// Whether it speaks of several texts alike, of which it stands at the first: it is the same finding where another
    /// one comes first.
    pub shared: bool,
    /// Why it is not counted, where it is not.
    pub suppressed: Option<Suppression>,
}

impl Finding {
    /// A finding of full confidence, with nothing but its message.
    pub fn new(rule: RuleId, severity: Severity, location: Location, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            confidence: 1.0,
            message: shortened(message.into()),
            help: None,
            location,
            label: None,
            related: Vec::new(),
            evidence: BTreeMap::new(),
            fix: None,
            fingerprint: String::new(),
            shared: false,
            suppressed: None,
        }
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shortened(help.into()));
        self
    }

    /// Says what the underlined place is.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets how sure it is, from 0 to 1.
    #[must_use]
    pub fn confidence(mut self, confidence: f32) -> Self {
        self.confidence = confidence;
        self
    }

    /// Gives it another weight than its rule's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Names another place.
    #[must_use]
    pub fn related(mut self, location: Location, message: impl Into<String>) -> Self {
        let message = shortened(message.into());
        self.related.push(Related { location, message });
        self
    }

    /// Adds a piece of evidence.
    #[must_use]
    pub fn evidence(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.evidence.insert(name, value.into());
        self
    }

    /// Says what its fingerprint hangs on, in place of the passage: for a finding that is another one when that changes.
    #[must_use]
    pub fn anchor(mut self, anchor: impl Into<String>) -> Self {
        self.fingerprint = anchor.into();
        self
    }

    /// Says that it speaks of all its texts alike: its fingerprint does not hang on the path of the first of them.
    #[must_use]
    pub fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// Offers a fix that replaces one span of the file that the finding is in.
    #[must_use]
    pub fn replace(self, safety: Safety, span: Span, replacement: impl Into<String>) -> Self {
        self.replace_all(safety, [(span, replacement.into())])
    }

    /// Offers a fix of several replacements, in the file that the finding is in.
    #[must_use]
    pub fn replace_all(mut self, safety: Safety, edits: impl IntoIterator<Item = (Span, String)>) -> Self {
        let path = &self.location.path;
        let edit = |(span, replacement): (Span, String)| Edit {
            path: path.clone(),
            start: span.start(),
            end: span.end(),
            replacement,
        };
        let edits = edits.into_iter().map(edit).collect();
        self.fix = Some(Fix {
            safety,
            edits,
            places: Vec::new(),
            around: Vec::new(),
        });
        self
    }

    /// The family of its rule.
    pub fn family(&self) -> &'static str {
        self.rule.split('/').next().unwrap_or(self.rule)
    }
}
