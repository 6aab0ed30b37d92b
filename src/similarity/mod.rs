//! Passages that stand twice, nearly alike, within a text and across texts: where both stand, how alike they are, and which
//! belong together.
//!
//! Knows texts and spans, and nothing of findings. To use it alone:
//!
//! ```
//! use vidimus::similarity::{Options, find};
//!
//! let texts = vec![
//!     ("a", "The keeper of the weir counted forty lamps along the quay before the barges came in from the upper town."),
//!     ("b", "It is said that the keeper of the weir counted fifty lamps along the quay before the barges came in from town."),
//! ];
//! let found = find(&texts, &Options::default())?;
//! for pair in &found.pairs {
//!     let [a, b] = [&pair.a, &pair.b].map(|place| &texts[place.text].1[place.bytes()]);
//!     println!("{:.2}\n  {a}\n  {b}", pair.similarity);
//! }
//! # assert_eq!(found.pairs.len(), 1);
//! # Ok::<(), vidimus::error::Error>(())
//! ```
//!
//! The steps, one module each: texts are cut into pieces (`piece`) and brought into a comparable form (`normal`); equal
//! texts are one (`exact`); seeds (`seed`) that may stand twice (`filter`) are gathered by hash (`bucket`), and the places of
//! one seed are linked (`index`, `hits`); of many versions of a text the first speaks for the others (`exemplar`); seeds that two
//! pieces share lie in chains (`chain`), whose extent is found (`extent`) and judged by exact comparison (`compare`, `align`,
//! `edit`); what is a heading, a refrain or a quotation is told apart (`kind`); and pairs are gathered into groups (`cluster`). On many machines the run is cut in `step`. No estimate decides what
//! is reported, and nothing depends on the number of threads, the memory, or the order in which work is done.

pub mod align;
pub mod bucket;
pub mod chain;
pub mod cluster;
pub mod compare;
pub mod edit;
pub mod exact;
pub mod exemplar;
pub mod extent;
pub mod filter;
pub mod hits;
pub mod index;
pub mod kind;
pub mod normal;
pub mod piece;
mod run;
pub mod seed;
pub mod settle;
pub mod shelf;
pub mod step;
#[cfg(test)]
mod tests;
pub mod texts;

use std::ops::Range;
use std::path::PathBuf;

use crate::error::Result;
use crate::stop::Stop;

pub use cluster::Group;
pub use kind::Kind;
pub use seed::Density;
pub use texts::Texts;

/// What to look for, and with what means.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// How alike two passages of up to 30 words have to be, from 0 to 1: the share of words, or of characters, in the same order. Longer
    /// ones may be less alike, since so much in common is no chance.
    pub similarity: f32,
    /// Passages within paragraphs have at least so many words; whole paragraphs that are alike have at least a third of it.
    pub words: usize,
    /// How closely to look.
    pub profile: Profile,
    /// Whether headings, refrains, quotations and references are wanted too.
    pub all: bool,
    /// So many bytes of memory may be used, about.
    pub memory: u64,
    /// How many threads; one for each processor where it is `None`.
    pub threads: Option<usize>,
    /// Where temporary files are made, where memory does not suffice; where the system makes them, where it is `None`.
    pub temporary: Option<PathBuf>,
    /// Where to tell how far the work is.
    pub progress: Option<&'a dyn Progress>,
    /// Whether to stop.
    pub stop: Stop<'a>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            similarity: 0.7,
            words: 12,
            profile: Profile::Default,
            all: false,
            memory: 2 << 30,
            threads: None,
            temporary: None,
            progress: None,
            stop: Stop::default(),
        }
    }
}

/// How closely to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Two fifths of the seeds: finds what was copied word for word or nearly so.
    Fast,
    /// Finds what was edited, too.
    #[default]
    Default,
    /// Follows weaker traces.
    Thorough,
}

/// Told how far the work is, from any thread.
pub trait Progress: Sync + std::fmt::Debug {
    /// All texts have so many bytes, each of which is worked on in several steps; `total` is the sum over all steps.
    fn begin(&self, total: u64);
    /// So many bytes of a step are done.
    fn advance(&self, bytes: u64);
    /// All is done.
    fn end(&self);
}

/// A run of bytes of one text, on word boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The number of the text.
    pub text: usize,
    /// The first byte.
    pub start: u64,
    /// The byte after the last.
    pub end: u64,
}

impl Place {
    /// Its bytes, as a range of a text in memory.
    pub fn bytes(&self) -> Range<usize> {
        let narrow = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        narrow(self.start)..narrow(self.end)
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.end - self.start
    }
}

/// Two passages that are alike; `a` stands before `b`, by text and place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The one.
    pub a: Place,
    /// The other.
    pub b: Place,
    /// How alike they are, from 0 to 1: twice the words that stand in both in the same order, by all words; or the share of
    /// characters that need no change, where that is more.
    pub similarity: f32,
    /// Words of the shorter one.
    pub words: usize,
    /// Whether each of them is a paragraph, whole.
    pub whole: bool,
    /// What they are.
    pub kind: Kind,
    /// Its group, in [`Duplicates::groups`].
    pub group: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Duplicates {
    /// The pairs, by place. Of a group with many members, only the pairs with the first of them.
    pub pairs: Vec<Pair>,
    /// Passages that are alike, in groups, by their first member.
    pub groups: Vec<Group>,
    /// Texts with the same bytes, in classes of two and more.
    pub same: Vec<Vec<usize>>,
    /// So many pairs of pieces of texts were not compared, since one of the two is among many versions of an earlier text, and all that
    /// both share stands in that one too.
    pub represented: usize,
    /// Texts that were left out, and why.
    pub left_out: Vec<(usize, String)>,
    /// How many words each text has.
    pub words: Vec<usize>,
}

/// Finds the passages of texts that stand twice.
///
/// # Errors
/// [`Error::Interrupted`](crate::error::Error::Interrupted) where somebody wants it to stop, [`Error::Io`](crate::error::Error::Io)
/// where a temporary file cannot be written or a text changes while the work goes on.
pub fn find(texts: &dyn Texts, options: &Options<'_>) -> Result<Duplicates> {
    run::find(texts, options)
}
