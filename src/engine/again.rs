//! The texts once more, in parts: what stands twice is found by reading them again, because what would have to be kept of
//! each for that takes more memory than the texts.

use std::collections::HashSet;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::corpus::{Library, Observed, State};
use crate::error::{Error, Result};
use crate::manifest::{Manifest, fold};
use crate::similarity::{self, Duplicates, Texts};
use crate::stop::Stop;

/// So much memory is used to find what stands twice, in bytes.
const MEMORY: u64 = 1 << 30;
/// The work is begun anew so often where a text changes on the way.
const TRIES: usize = 3;

/// The texts of a manifest, by the number of their entry. Those that were not read as text have no bytes here.
pub(super) struct Again<'a> {
    library: &'a Library,
    texts: Vec<Option<Seen<'a>>>,
}

/// A text as it was when it was read.
struct Seen<'a> {
    path: &'a str,
    state: State,
    /// Whether it is another one now.
    changed: AtomicBool,
}

impl<'a> Again<'a> {
    /// Of the entries whose files were read; `states` says what these were like. A file that two entries list is one text.
    pub(super) fn new(
        manifest: &'a Manifest,
        library: &'a Library,
        observed: &'a [Observed],
        states: &[Option<State>],
    ) -> Self {
        let mut known = HashSet::new();
        let entries = manifest.entries.iter().zip(observed).zip(states);
        let seen = entries.map(|((entry, observed), state)| {
            let state = state.filter(|_| known.insert(fold(entry.name())))?;
            Some(Seen {
                path: observed.read_as.as_deref().unwrap_or(entry.name()),
                state,
                changed: AtomicBool::new(false),
            })
        });
        Self {
            library,
            texts: seen.collect(),
        }
    }

    /// Finds what stands twice in these texts, and in further ones that `texts` has behind them. A text that changes meanwhile is left
    /// out, and said to be.
    pub(super) fn compare(&self, texts: &dyn Texts, threads: Option<usize>, stop: Stop<'_>) -> Result<Duplicates> {
        let options = similarity::Options {
            memory: MEMORY,
            threads,
            stop,
            ..similarity::Options::default()
        };
        for _ in 1..TRIES {
            match similarity::find(texts, &options) {
                Err(Error::Io { .. }) if self.look_for_changes() => {}
                found => return found.map(|found| self.with_changed(found)),
            }
        }
        similarity::find(texts, &options).map(|found| self.with_changed(found))
    }

    /// Notes which texts have changed, and tells whether there are any that were not known.
    fn look_for_changes(&self) -> bool {
        let mut any = false;
        for seen in self.texts.iter().flatten() {
            let changed = !self.library.is_as_it_was(seen.path, seen.state);
            any |= changed && !seen.changed.swap(true, Ordering::Relaxed);
        }
        any
    }

    fn with_changed(&self, mut found: Duplicates) -> Duplicates {
        let why = "it has changed since it was read";
        let changed = |seen: &Seen<'_>| seen.changed.load(Ordering::Relaxed);
        for (text, _) in self
            .texts
            .iter()
            .enumerate()
            .filter(|(_, seen)| seen.as_ref().is_some_and(changed))
        {
            found.left_out.push((text, why.to_owned()));
        }
        found.left_out.sort();
        found.left_out.dedup_by_key(|(text, _)| *text);
        found
    }
}

impl Texts for Again<'_> {
    fn count(&self) -> usize {
        self.texts.len()
    }

    fn size(&self, text: usize) -> u64 {
        let seen = self.texts[text]
            .as_ref()
            .filter(|seen| !seen.changed.load(Ordering::Relaxed));
        seen.map_or(0, |seen| seen.state.size())
    }

    fn name(&self, text: usize) -> String {
        self.texts[text]
            .as_ref()
            .map_or_else(String::new, |seen| seen.path.to_owned())
    }

    fn read(&self, text: usize, part: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        match &self.texts[text] {
            Some(seen) => self.library.read_part(seen.path, seen.state, part, into),
            // It has no bytes, so this is the part of it that there is.
            None => {
                into.clear();
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::corpus::{Corpus, Order};

    const PASSAGE: &str =
        "The keeper of the weir counted forty lamps along the quay before the barges came in from the town.";

    fn observed(library: &Library, names: &[&str]) -> (Vec<Observed>, Vec<Option<State>>) {
        let order = Order {
            algorithms: &[],
            keep: 0,
        };
        let read = |name: &&str| library.read(name, order, &mut [0; 64], |_| Ok(())).expect("read").state;
        let states = names.iter().map(|name| Some(read(name))).collect();
        (names.iter().map(|_| Observed::skipped()).collect(), states)
    }

    fn corpus(folder: &Path, names: &[&str]) -> Corpus {
        let entries: String = names.iter().map(|name| format!("  - path: {name}\n")).collect();
        fs::write(folder.join("manifest.yaml"), format!("vidimus: 1\nentries:\n{entries}")).expect("written");
        Corpus::open(&folder.join("manifest.yaml")).expect("a manifest")
    }

    #[test]
    fn a_text_that_changed_is_left_out_and_the_others_are_compared() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = ["a.txt", "b.txt", "c.txt"];
        for name in names {
            fs::write(folder.path().join(name), format!("{name}\n\n{PASSAGE}\n")).expect("written");
        }
        let corpus = corpus(folder.path(), &names);
        let library = corpus.library();
        let (observed, states) = observed(&library, &names);
        let again = Again::new(&corpus.manifest, &library, &observed, &states);
        fs::write(folder.path().join("b.txt"), format!("It is {PASSAGE}\n")).expect("written");
        let found = again.compare(&again, Some(1), Stop::default()).expect("compared");
        let left_out: Vec<usize> = found.left_out.iter().map(|(text, _)| *text).collect();
        assert_eq!(left_out, [1]);
        let pairs: Vec<_> = found.pairs.iter().map(|pair| (pair.a.text, pair.b.text)).collect();
        assert_eq!(pairs, [(0, 2)]);
    }

    #[test]
    fn one_file_that_two_entries_list_is_one_text() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), PASSAGE).expect("written");
        let names = ["a.txt", "a.txt"];
        let corpus = corpus(folder.path(), &names);
        let library = corpus.library();
        let (observed, states) = observed(&library, &names);
        let again = Again::new(&corpus.manifest, &library, &observed, &states);
        let found = again.compare(&again, Some(1), Stop::default()).expect("compared");
        assert!(found.pairs.is_empty() && found.same.is_empty());
    }
}
