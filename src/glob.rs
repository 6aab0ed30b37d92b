//! Globs over paths of a corpus: `*` stays inside one folder, `**` crosses folders.

use globset::{Error, Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Reads one pattern.
///
/// # Errors
/// What `globset` says against it.
pub fn compile(pattern: &str) -> Result<Glob, Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

/// A set of patterns; those that are none are left out (the manifest reader has named them).
pub fn set<'a>(patterns: impl IntoIterator<Item = &'a str>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in patterns.into_iter().filter_map(|pattern| compile(pattern).ok()) {
        builder.add(glob);
    }
    builder.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_folder() {
        let set = set(["corpus/*.txt", "raw/**/*.txt"]);
        assert!(set.is_match("corpus/a.txt") && set.is_match("raw/a.txt") && set.is_match("raw/x/y/a.txt"));
        assert!(!set.is_match("corpus/x/a.txt") && !set.is_match("a.txt"));
    }
}
