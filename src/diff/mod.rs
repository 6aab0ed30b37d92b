//! What differs between two texts: by lines, by words, and what kind of change that is.
//!
//! [`lines`] and [`words`] align bytes exactly, in bounded work. [`Difference`] is what people are shown: it sets aside what
//! leaves a text as it reads (encoding, byte-order mark, line ends, Unicode form), names it, and aligns the rest. [`changes`]
//! is the short form for passages that are nearly alike.

mod alignment;
mod difference;
mod furniture;
mod kind;
mod lines;
mod manifests;
mod peel;
mod script;
mod words;

use std::fmt;

pub use alignment::{Alignment, Hunk};
pub use difference::{Difference, Run};
pub use kind::{Extent, Kind, Mark, grouped};
pub use lines::{body, lines};
pub use manifests::{Edit, EntryChange, KeyChange, ManifestDiff};
pub use peel::Peeled;
pub use script::{Replaced, Work};
pub use words::words;

use similar::{ChangeTag, TextDiff};

use crate::text::prefix;
use crate::text::unit::is_dense;

/// Words of one passage, and what stands in their place in the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the first has; empty where it has nothing there.
    pub old: String,
    /// What the second has; empty where it has nothing there.
    pub new: String,
}

/// As `old → new`, with `∅` for nothing.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_nothing = |text: &str| if text.is_empty() { "∅" } else { text }.to_owned();
        write!(f, "{} → {}", or_nothing(&self.old), or_nothing(&self.new))
    }
}

/// Passages are compared word by word up to so many bytes.
pub const COMPARED: usize = 4000;

/// What differs, in order, by characters where no space stands between words; changes of white space alone are none. Of passages that are longer than [`COMPARED`] the
/// beginnings are compared, and what then differs at the end is not counted.
pub fn changes(old: &str, new: &str) -> Vec<Change> {
    let cut = old.len().max(new.len()) > COMPARED;
    let (old, new) = (prefix(old, COMPARED), prefix(new, COMPARED));
    let dense = old.contains(is_dense) && new.contains(is_dense);
    let diff = if dense {
        TextDiff::from_chars(old, new)
    } else {
        TextDiff::from_words(old, new)
    };
    let mut changes = Vec::new();
    let (mut gone, mut come) = (String::new(), String::new());
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => gone.push_str(change.value()),
            ChangeTag::Insert => come.push_str(change.value()),
            ChangeTag::Equal => close(&mut gone, &mut come, &mut changes),
        }
    }
    if !cut {
        close(&mut gone, &mut come, &mut changes);
    }
    changes
}

fn close(gone: &mut String, come: &mut String, changes: &mut Vec<Change>) {
    let (old, new) = (std::mem::take(gone), std::mem::take(come));
    let plain = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (old, new) = (plain(old), plain(new));
    if old != new {
        changes.push(Change { old, new });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> Vec<String> {
        changes(old, new).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn shows_what_differs() {
        assert_eq!(
            shown("the blue lamps of the town", "the red lamps of town"),
            ["blue → red", "the → ∅"]
        );
        assert!(changes("the same", "the\n  same").is_empty());
        assert_eq!(shown("他说去年冬天", "他说前年冬天"), ["去 → 前"]);
    }

    #[test]
    fn the_end_of_what_was_cut_is_no_change() {
        let long = "lamp ".repeat(1000);
        assert!(changes(&long, &long[..4800]).is_empty());
        assert_eq!(shown("lamps", ""), ["lamps → ∅"]);
    }
}
