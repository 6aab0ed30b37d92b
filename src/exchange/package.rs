//! What a package of another tool says, in the terms of a manifest.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::digest::{Algorithm, Digest};
use crate::finding::{Finding, Location};
use crate::manifest::facts::{CorpusFacts, EntryFacts};
use crate::source::Source;

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
    /// Whether its facts are an entry of a manifest, whole, to which nothing is to be added.
    pub is_entry: bool,
    /// Whether it is a text of the corpus, and not a file that describes the package.
    pub payload: bool,
    /// Why there is no digest that could be verified, where that was said already by a finding of the package.
    pub explained: bool,
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
