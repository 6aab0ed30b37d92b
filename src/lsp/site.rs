//! One corpus that the editor has something of: when it was checked, and what the editor was told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_types::Diagnostic;

use super::check::Checked;
use crate::corpus::{Corpus, slashed};

/// What was published for a file: for which version, and what.
type Published = (Option<i32>, Vec<Diagnostic>);

/// A corpus.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// Its manifest, by an absolute path.
    pub(super) manifest: PathBuf,
    /// Whether it must be checked.
    pub(super) due: bool,
    /// The last check, where it could be made.
    pub(super) checked: Option<Checked>,
    /// Why it could not, as it was said: it is said once.
    pub(super) complaint: Option<String>,
    published: BTreeMap<PathBuf, Published>,
}

impl Site {
    /// A corpus that is still to be checked.
    pub(super) fn new(manifest: PathBuf) -> Self {
        Self {
            manifest,
            due: true,
            ..Self::default()
        }
    }

    /// Its folder.
    pub(super) fn root(&self) -> &Path {
        Corpus::root_of(&self.manifest)
    }

    /// The path of a file, relative to the root; `None` for one that is not below it.
    pub(super) fn below(&self, path: &Path) -> Option<String> {
        path.strip_prefix(self.root()).ok().map(slashed)
    }

    /// Whether a change of a file may change what is found.
    pub(super) fn hangs_on(&self, path: &Path) -> bool {
        let Some(below) = self.below(path) else { return false };
        path == self.manifest || self.checked.as_ref().is_none_or(|checked| checked.hangs_on(&below))
    }

    /// What the last check found, by file.
    pub(super) fn found(&self) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
        let files = self.checked.iter().flat_map(|checked| &checked.shown);
        let of_file = |(path, shown): (&String, &Vec<super::diagnostics::Shown>)| {
            let diagnostics = shown.iter().map(|shown| shown.diagnostic.clone()).collect();
            (self.root().join(path), diagnostics)
        };
        files.map(of_file).collect()
    }

    /// What the editor was told, by file.
    pub(super) fn known(&self) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
        let files = self.published.iter();
        files.map(|(path, (_, all))| (path.clone(), all.clone())).collect()
    }

    /// Takes down what is now found; gives what the editor does not know of that. Files that had something and have nothing now are
    /// told too.
    pub(super) fn publish(
        &mut self,
        mut found: BTreeMap<PathBuf, Vec<Diagnostic>>,
        version: impl Fn(&Path) -> Option<i32>,
    ) -> Vec<(PathBuf, Published)> {
        for path in self.published.keys() {
            found.entry(path.clone()).or_default();
        }
        let mut news = Vec::new();
        for (path, diagnostics) in found {
            let now = (version(&path), diagnostics);
            if self.published.get(&path) == Some(&now) {
                continue;
            }
            let is_open = now.0.is_some();
            match now.1.is_empty() && !is_open {
                true => drop(self.published.remove(&path)),
                false => drop(self.published.insert(path.clone(), now.clone())),
            }
            news.push((path, now));
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_published() {
        let mut site = Site::new(PathBuf::from("/c/manifest.yaml"));
        let path = PathBuf::from("/c/a.txt");
        let found = || BTreeMap::from([(path.clone(), vec![Diagnostic::default()])]);
        let told =
            |news: Vec<(PathBuf, Published)>| news.into_iter().map(|(_, (_, all))| all.len()).collect::<Vec<_>>();
        assert_eq!(told(site.publish(found(), |_| None)), [1]);
        assert!(site.publish(found(), |_| None).is_empty());
        assert_eq!(told(site.publish(found(), |_| Some(2))), [1]);
        assert_eq!(told(site.publish(BTreeMap::new(), |_| None)), [0]);
        assert!(site.publish(BTreeMap::new(), |_| None).is_empty());
    }
}
