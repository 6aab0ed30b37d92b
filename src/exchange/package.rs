//! What a package of another tool says, in the terms of a manifest.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::Outcome;
use crate::digest::{Algorithm, Digest};
use crate::error::Result;
use crate::finding::{Finding, Location};
use crate::manifest::facts::{CorpusFacts, EntryFacts};
use crate::source::Source;
use crate::stop::Stop;

/// A package as it was read: nothing of it is verified yet.
#[derive(Debug)]
pub struct Package {
    /// How messages name it, with its article: "the bag".
    pub noun: &'static str,
    /// The folder that its paths are relative to.
    pub root: PathBuf,
    /// The files that describe it; findings point into them by name, which is a path relative to the root.
    pub sources: Vec<Source>,
    /// What holds for all its texts.
    pub corpus: CorpusFacts,
    /// What it lists, in its order.
    pub items: Vec<Item>,
    /// What is wrong in it by itself.
    pub findings: Vec<Finding>,
    /// How many things it lists that could not be read as an item, each with a finding.
    pub unusable: usize,
    /// What a manifest has no place for.
    pub lost: Tally,
    /// What stands inside of a file, and is verified where it stands.
    pub inside: Option<Box<dyn Inside>>,
    /// Whether its files were taken out of an archive, which gives texts alone.
    pub unpacked: bool,
}

/// What stands inside of a file of a package: records, or members.
pub trait Inside: Send + Sync + fmt::Debug {
    /// Reads all of it, and compares it with what is said of it there.
    ///
    /// # Errors
    /// Where it cannot be read at all, or somebody wants it to stop.
    fn verify(&self, stop: Stop<'_>) -> Result<Inspected>;
}

/// What was found inside of a file.
#[derive(Debug, Default)]
pub struct Inspected {
    /// What became of each thing that stands there.
    pub outcomes: Vec<Outcome>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// How many things could not be told apart, each with a finding.
    pub unusable: usize,
    /// How many of the outcomes are of files that stand there, and not of records.
    pub files: usize,
}

impl Package {
    /// A package that lists nothing yet.
    pub fn new(noun: &'static str, root: impl Into<PathBuf>) -> Self {
        Self {
            noun,
            root: root.into(),
            sources: Vec::new(),
            corpus: CorpusFacts::default(),
            items: Vec::new(),
            findings: Vec::new(),
            unusable: 0,
            lost: Tally::default(),
            inside: None,
            unpacked: false,
        }
    }
}

/// One file that a package lists.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is recorded of it, with its path relative to the root; the path may lead anywhere, and is looked at before it is followed.
    pub facts: EntryFacts,
    /// Where it is on disk, relative to the root, where that is not `facts.path`.
    pub stands_at: Option<String>,
    /// Its digests, one for each algorithm; where there is none, nothing can be verified.
    pub digests: Vec<Digest>,
    /// Its size in bytes, where it is recorded.
    pub size: Option<u64>,
    /// Where it is listed.
    pub listed: Location,
    /// Where each algorithm lists it, where several lists do.
    pub places: Vec<(Algorithm, Location)>,
    /// What is said where it is not there, in place of `fixity/missing-text`.
    pub absent: Option<Box<Finding>>,
    /// Whether the package was written from a manifest, and its facts are the whole entry: it is a text, and nothing is to be added.
    pub is_entry: bool,
    /// Whether it is a text of the corpus, and not a file that describes the package.
    pub payload: bool,
    /// Why there is no digest that could be verified, where that was said already by a finding of the package.
    pub explained: bool,
    /// What stands in place of digests and is none.
    pub misrecorded: Vec<Misrecorded>,
}

/// A value that stands for a digest and is none. What it is may be seen from the bytes of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Misrecorded {
    /// The value.
    pub text: String,
    /// The algorithm that it is given for.
    pub algorithm: Algorithm,
    /// What is to be said of it, where the file does not tell more.
    pub finding: Finding,
}

impl Item {
    /// A file of the payload.
    pub fn new(path: impl Into<String>, digests: Vec<Digest>, listed: Location) -> Self {
        Self {
            facts: EntryFacts {
                path: path.into(),
                ..EntryFacts::default()
            },
            stands_at: None,
            digests,
            size: None,
            listed,
            places: Vec::new(),
            absent: None,
            is_entry: false,
            payload: true,
            explained: false,
            misrecorded: Vec::new(),
        }
    }

    /// The path to read.
    pub fn place(&self) -> &str {
        self.stands_at.as_deref().unwrap_or(&self.facts.path)
    }

    /// Where its digest of an algorithm is listed.
    pub fn listed_by(&self, algorithm: Algorithm) -> &Location {
        let mut places = self.places.iter();
        let place = places.find(|(of, _)| *of == algorithm).map(|(_, place)| place);
        place.unwrap_or(&self.listed)
    }
}

/// Something that was not carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The key or field, as its own format names it.
    pub what: String,
    /// How often.
    pub times: usize,
    /// Why, where it is not that the other format has no place for it; as the end of a sentence that begins with `what`.
    pub why: Option<String>,
}

/// Counts what is not carried over.
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<(String, Option<String>), usize>);

impl Tally {
    /// Notes a key or field that has no place in the other format.
    pub fn note(&mut self, what: impl Into<String>) {
        *self.0.entry((what.into(), None)).or_default() += 1;
    }

    /// Notes a key or field that is not carried over for another reason.
    pub fn note_because(&mut self, what: impl Into<String>, why: impl Into<String>) {
        *self.0.entry((what.into(), Some(why.into()))).or_default() += 1;
    }

    /// What was noted, by name.
    pub fn list(&self) -> Vec<Lost> {
        let lost = |((what, why), times): (&(String, Option<String>), &usize)| Lost {
            what: what.clone(),
            times: *times,
            why: why.clone(),
        };
        self.0.iter().map(lost).collect()
    }
}
