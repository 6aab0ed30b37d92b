//! Pairs gathered into groups: passages that resemble one of them.

use super::Place;

/// Passages that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// A fingerprint of the words of its members; it stays when they move. 16 hexadecimal digits.
    pub id: String,
    /// Whether there are too many to list every pair.
    pub boilerplate: bool,
    /// Where they stand, in order.
    pub members: Vec<Place>,
    /// Words of the longest.
    pub words: usize,
}
