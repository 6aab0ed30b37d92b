//! What differs between two copies of a passage, as findings say it.

use crate::checks::Passages;
use crate::diff;
use crate::similarity::Place;

/// Passages are compared word by word up to so many bytes.
pub(super) const COMPARED: u64 = diff::COMPARED as u64;
/// So many differences are shown.
const SHOWN: usize = 12;

/// What differs between two places; nothing where one cannot be read any more.
pub fn between(passages: &Passages<'_>, old: Place, new: Place) -> Vec<String> {
    // One byte more than is compared shows that there is more.
    let words = |place| passages.words(place, COMPARED + 1).unwrap_or_default();
    let changes = diff::changes(&words(old), &words(new));
    changes.iter().take(SHOWN).map(ToString::to_string).collect()
}

/// How a copy is like the other, in words.
pub(super) fn manner(changes: &[String]) -> &'static str {
    if changes.is_empty() {
        "word for word"
    } else {
        "with changes"
    }
}
