//! One text that no manifest lists, such as that of standard input or of a record: checked for what it says of itself.

use std::collections::HashMap;
use std::path::Path;

use super::{Options, Report};
use crate::config::{Selector, families};
use crate::corpus::Corpus;
use crate::digest::Algorithm;
use crate::error::{Error, Result};
use crate::manifest::Manifest;
use crate::source::Source;

/// How a text is named that has no path.
pub const NAMELESS: &str = "-";

/// What a text says of itself; the other families need a record, or other texts.
const OF_TEXT: [&str; 6] = ["consistency", "date", "duplicate", "encoding", "layout", "truncation"];

/// The families of rules that have nothing to say of a text alone.
fn needless() -> impl Iterator<Item = Selector> {
    let others = families().filter(|family| !OF_TEXT.contains(family));
    others.map(Selector::Family)
}

/// A corpus of one text with these bytes, at that path of a folder.
fn corpus(path: &str, bytes: &[u8], folder: &Path) -> Result<Corpus> {
    let digest = Algorithm::Sha256.digest(bytes);
    let quoted = serde_json::Value::from(path);
    let text = format!("vidimus: 1\nentries:\n  - path: {quoted}\n    sha256: \"{digest}\"\n");
    let none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    Ok(Corpus {
        manifest: Manifest::parse(Source::new("manifest.yaml", text.into_bytes()), "manifest.yaml", none)?,
        root: folder.to_owned(),
        instead: HashMap::new(),
    })
}

/// Checks texts one after the other, each for itself. What that takes, a folder and threads, it has once for all of them.
#[derive(Debug)]
pub struct Alone {
    folder: tempfile::TempDir,
    pool: rayon::ThreadPool,
}

impl Alone {
    /// With a temporary folder for the text at hand, and the threads of these options.
    ///
    /// # Errors
    /// Where no folder can be made, and no thread started.
    pub fn new(options: &Options<'_>) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|error| Error::io("make a folder in", std::env::temp_dir(), error))?;
        let pool = super::pool(options)?;
        Ok(Self { folder, pool })
    }

    /// Checks a text for what it says of itself: as the text of that path of a corpus, or as the only one of its own.
    ///
    /// # Errors
    /// As [`Corpus::check`], and where the text cannot be kept in the folder, or its path cannot stand in a manifest.
    pub fn check(&self, path: &str, bytes: &[u8], around: Option<Corpus>, options: Options<'_>) -> Result<Report> {
        let file = self.folder.path().join("text");
        std::fs::write(&file, bytes).map_err(|error| Error::io("write", &file, error))?;
        let own = || corpus(path, bytes, self.folder.path());
        let corpus = Corpus {
            instead: [(path.to_owned(), file)].into(),
            ..around.map_or_else(own, Ok)?
        };
        let mut options = Options {
            only: vec![path.to_owned()],
            ..options
        };
        options.selection.ignore.extend(needless());
        self.pool.install(|| corpus.check_here(&options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_checked_for_what_it_says_of_itself() {
        let options = Options {
            threads: Some(1),
            ..Options::default()
        };
        let alone = Alone::new(&options).expect("a folder");
        let rules = |text: &str| -> Vec<&str> {
            let report = alone.check(NAMELESS, text.as_bytes(), None, options.clone());
            let report = report.expect("a report");
            report.findings.iter().map(|finding| finding.rule).collect()
        };
        let doubled = "They lit the the lamps along the lower quay before the barges came in from the town.\n";
        assert_eq!(rules(doubled), ["consistency/doubled-word"]);
        assert!(
            rules(&doubled.replace("the the", "the")).is_empty(),
            "nothing of the last is left"
        );
    }
}
