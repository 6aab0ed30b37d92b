//! Which texts to compare, and with what: the certified bytes with the present ones, or the texts of two revisions.

mod certified;
mod revisions;

use std::ops::Range;

use crate::corpus::{BUFFER, Corpus, LARGEST_TEXT, Library, Order, Refusal};
use crate::manifest::Entry;

pub use certified::certified;
pub use revisions::revisions;

/// A text in two versions.
#[derive(Debug)]
pub struct Pair<'a> {
    /// Its path, the new one where it moved.
    pub path: &'a str,
    /// Its old path, where that is another one.
    pub from: Option<&'a str>,
    /// What there is to compare.
    pub versions: Versions,
    /// Where the rules for layout see parts of the page in the old version, asked only where that matters.
    pub corpus: &'a Corpus,
    /// Its old entry.
    pub entry: Option<&'a Entry>,
}

/// What there is to compare.
#[derive(Debug)]
pub enum Versions {
    /// Both are at hand.
    Both {
        /// The old bytes.
        old: Vec<u8>,
        /// The new ones.
        new: Vec<u8>,
        /// Where the old ones come from.
        origin: &'static str,
    },
    /// It moved, and has the same bytes.
    Moved,
    /// It is new.
    Added(Vec<u8>),
    /// It is gone.
    Removed {
        /// The bytes that it had, where they are at hand.
        old: Option<Vec<u8>>,
        /// What to do next, where it should be there.
        help: Option<String>,
    },
    /// There is nothing to compare.
    Unknown {
        /// Why.
        why: String,
        /// What to do next.
        help: String,
    },
}

/// A longer text is not searched for parts of the page, in bytes: the rules would take longer than the comparison.
const SEARCHED: usize = 8 << 20;

impl Pair<'_> {
    /// Where the rules for layout see parts of the page in the old version, in bytes.
    pub fn furniture(&self) -> Vec<Range<usize>> {
        let (Some(entry), Versions::Both { old, .. }) = (self.entry, &self.versions) else {
            return Vec::new();
        };
        page_parts(self.corpus, entry, old)
    }
}

/// Where the rules for layout see parts of the page in a text, in bytes; they do not look where it is very long.
pub fn page_parts(corpus: &Corpus, entry: &Entry, bytes: &[u8]) -> Vec<Range<usize>> {
    if bytes.len() > SEARCHED {
        return Vec::new();
    }
    let findings = corpus.look_into(entry, bytes, "layout");
    let spans = findings
        .iter()
        .filter_map(|finding| finding.location.span)
        .map(|span| span.range());
    let edits = findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .flat_map(|fix| &fix.edits);
    let removed = edits
        .filter(|edit| edit.replacement.is_empty())
        .map(|edit| edit.start..edit.end);
    spans.chain(removed).collect()
}

/// The bytes of a text as it stands.
pub(crate) fn present(library: &Library, path: &str) -> Result<Vec<u8>, Refusal> {
    let order = Order {
        algorithms: &[],
        keep: LARGEST_TEXT,
    };
    let reading = library.read(path, order, &mut vec![0; BUFFER], |_| Ok(()))?;
    reading
        .bytes
        .ok_or_else(|| Refusal::Unreadable("it is too large to be compared".to_owned()))
}

fn refused(refusal: &Refusal) -> Versions {
    Versions::Unknown {
        why: refusal.reason(),
        help: "make it readable, then compare again".to_owned(),
    }
}
