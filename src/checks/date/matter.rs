//! Which texts tell of the same matter: those that share many names which few other texts mention.

use crate::text::Features;

/// A name that more texts than this mention says nothing about any of them.
const COMMON: usize = 200;
/// Texts that share so many names tell of the same.
const SHARED: usize = 8;

/// Which texts mention a name: pairs of a name and the place of a text, sorted.
#[derive(Debug, Default)]
pub(super) struct Matter(Vec<(u32, u32)>);

impl Matter {
    /// Of texts, by their place.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a Features>) -> Self {
        let placed = (0u32..).zip(texts);
        let mut pairs: Vec<_> = placed
            .flat_map(|(at, text)| text.names.iter().map(move |&name| (name, at)))
            .collect();
        pairs.sort_unstable();
        Self(pairs)
    }

    /// The texts that mention a name, where they are few.
    fn holders(&self, name: u32) -> &[(u32, u32)] {
        let from = self.0.partition_point(|&(other, _)| other < name);
        let rest = &self.0[from..self.0.len().min(from + COMMON + 1)];
        let holders = &rest[..rest.partition_point(|&(other, _)| other == name)];
        if holders.len() > COMMON { &[] } else { holders }
    }

    /// The other texts that share many names with this one, in the order of the manifest.
    pub(super) fn neighbours(&self, at: usize, text: &Features) -> Vec<usize> {
        let holders = text.names.iter().flat_map(|&name| self.holders(name));
        let mut others: Vec<u32> = holders.map(|&(_, other)| other).collect();
        others.sort_unstable();
        let shared = others
            .chunk_by(|one, two| one == two)
            .filter(|same| same.len() >= SHARED);
        shared
            .filter_map(|same| usize::try_from(same[0]).ok())
            .filter(|&other| other != at)
            .collect()
    }
}
