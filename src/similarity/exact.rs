//! Texts with the same bytes: one of them is compared with the others, and stands for all.

/// Which texts have the same bytes. Of texts that are like no other nothing is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// The texts of all classes, ascending, each with the number of its class.
    members: Vec<(usize, usize)>,
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
        let mut order: Vec<usize> = (0..digests.len()).filter(|&text| digests[text].is_some()).collect();
        order.sort_unstable_by_key(|&text| (digests[text], text));
        let equal = order.chunk_by(|&one, &other| digests[one] == digests[other]);
        let mut classes: Vec<Vec<usize>> = equal.filter(|class| class.len() > 1).map(<[usize]>::to_vec).collect();
        classes.sort_unstable();
        Self::with(classes)
    }

    /// From the classes of two and more, each ascending, by their first.
    pub fn with(classes: Vec<Vec<usize>>) -> Self {
        let numbered = classes.iter().enumerate();
        let mut members: Vec<(usize, usize)> = numbered
            .flat_map(|(class, texts)| texts.iter().map(move |&text| (text, class)))
            .collect();
        members.sort_unstable();
        Self { members, classes }
    }

    /// Whether a text is compared for itself and all that are equal to it.
    pub fn is_first(&self, text: usize) -> bool {
        self.of_text(text).is_none_or(|class| class[0] == text)
    }

    /// The texts equal to one, itself among them, where there are others.
    pub fn of_text(&self, text: usize) -> Option<&[usize]> {
        let at = self.members.binary_search_by_key(&text, |(member, _)| *member).ok()?;
        let (_, class) = self.members[at];
        Some(&self.classes[class])
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
