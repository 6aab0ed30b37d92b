//! What differs between two copies of a passage, word by word.

use similar::{ChangeTag, TextDiff};

use crate::checks::Passages;
use crate::similarity::Place;
use crate::text::unit::is_dense;

/// Passages are compared word by word up to so many bytes.
pub(super) const COMPARED: u64 = 4000;
/// So many differences are shown.
const SHOWN: usize = 12;

/// What differs between two places; nothing where one cannot be read any more.
pub(super) fn between(passages: &Passages<'_>, old: Place, new: Place) -> Vec<String> {
    let words = |place| passages.words(place, COMPARED).unwrap_or_default();
    changes(&words(old), &words(new))
}

/// How a copy is like the other, in words.
pub(super) fn manner(changes: &[String]) -> &'static str {
    if changes.is_empty() {
        "word for word"
    } else {
        "with changes"
    }
}

/// What differs, as `old → new`, with `∅` for nothing: by words, or by characters where no space stands between words.
pub(super) fn changes(old: &str, new: &str) -> Vec<String> {
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
    close(&mut gone, &mut come, &mut changes);
    changes.truncate(SHOWN);
    changes
}

fn close(gone: &mut String, come: &mut String, changes: &mut Vec<String>) {
    let (old, new) = (std::mem::take(gone), std::mem::take(come));
    let or_nothing = |text: &str| {
        if text.trim().is_empty() {
            "∅".to_owned()
        } else {
            text.trim().to_owned()
        }
    };
    if old.trim() != new.trim() {
        changes.push(format!("{} → {}", or_nothing(&old), or_nothing(&new)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_differs() {
        assert_eq!(
            changes("the blue lamps of the town", "the red lamps of town"),
            ["blue → red", "the → ∅"]
        );
        assert!(changes("the same", "the same").is_empty());
        assert_eq!(changes("他说去年冬天", "他说前年冬天"), ["去 → 前"]);
    }
}
