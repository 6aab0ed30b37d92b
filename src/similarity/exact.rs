//! Texts with the same bytes: one of them is compared with the others, and stands for all.

use std::collections::BTreeMap;

/// Which texts have the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// The first text of the class of each.
    first: Vec<usize>,
    /// Classes of two and more, each ascending, by their first.
    pub classes: Vec<Vec<usize>>,
}

/// The digest of a text, from those of its pieces in order.
pub fn digest_of<'a>(pieces: impl IntoIterator<Item = &'a [u8; 32]>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    pieces.into_iter().for_each(|digest| {
        hasher.update(digest);
    });
    *hasher.finalize().as_bytes()
}

impl Classes {
    /// From a digest of each text; one without a digest is like no other.
    pub fn of(digests: &[Option<[u8; 32]>]) -> Self {
        let mut by_digest: BTreeMap<[u8; 32], Vec<usize>> = BTreeMap::new();
        for (text, digest) in digests.iter().enumerate() {
            if let Some(digest) = digest {
                by_digest.entry(*digest).or_default().push(text);
            }
        }
        let mut classes: Vec<Vec<usize>> = by_digest.into_values().filter(|class| class.len() > 1).collect();
        classes.sort_unstable();
        Self::with(digests.len(), classes)
    }

    /// Of so many texts, from the classes of two and more, each ascending, by their first.
    pub fn with(texts: usize, classes: Vec<Vec<usize>>) -> Self {
        let mut first: Vec<usize> = (0..texts).collect();
        for class in &classes {
            class.iter().for_each(|&text| first[text] = class[0]);
        }
        Self { first, classes }
    }

    /// Whether a text is compared for itself and all that are equal to it.
    pub fn is_first(&self, text: usize) -> bool {
        self.first[text] == text
    }

    /// The texts equal to one, itself among them, where there are others.
    pub fn of_text(&self, text: usize) -> Option<&[usize]> {
        let at = self.classes.binary_search_by_key(&self.first[text], |class| class[0]);
        at.ok().map(|at| self.classes[at].as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_stands_for_all() {
        let digests = [Some([1; 32]), Some([2; 32]), None, Some([1; 32]), None];
        let classes = Classes::of(&digests);
        assert_eq!(classes.classes, [[0, 3]]);
        assert!(classes.is_first(0) && !classes.is_first(3) && classes.is_first(2) && classes.is_first(4));
        assert_eq!(classes.of_text(3), Some(&[0, 3][..]));
        assert_eq!(classes.of_text(2), None);
    }
}
