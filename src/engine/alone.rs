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
pub fn needless() -> impl Iterator<Item = Selector> {
    let others = families().filter(|family| !OF_TEXT.contains(family));
    others.map(Selector::Family)
}

/// A corpus of one text with these bytes, at that path of a folder.
///
/// # Errors
/// Where the path cannot stand in a manifest.
pub fn corpus(path: &str, bytes: &[u8], folder: &Path) -> Result<Corpus> {
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

/// Checks texts one after the other, each for itself, as `vidimus check -` does.
#[derive(Debug)]
pub struct Alone {
    folder: tempfile::TempDir,
}

impl Alone {
    /// With a temporary folder for the text at hand.
    ///
    /// # Errors
    /// Where no folder can be made.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|error| Error::io("make a folder in", std::env::temp_dir(), error))?;
        Ok(Self { folder })
    }

    /// Checks a text.
    ///
    /// # Errors
    /// As [`Corpus::check`], and where the text cannot be kept in the folder.
    pub fn check(&self, bytes: &[u8], options: &Options<'_>) -> Result<Report> {
        let file = self.folder.path().join("text");
        std::fs::write(&file, bytes).map_err(|error| Error::io("write", &file, error))?;
        let corpus = Corpus {
            instead: [(NAMELESS.to_owned(), file)].into(),
            ..corpus(NAMELESS, bytes, self.folder.path())?
        };
        let mut options = Options {
            only: vec![NAMELESS.to_owned()],
            ..options.clone()
        };
        options.selection.ignore.extend(needless());
        corpus.check(&options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_checked_for_what_it_says_of_itself() {
        let alone = Alone::new().expect("a folder");
        let options = Options {
            threads: Some(1),
            ..Options::default()
        };
        let rules = |text: &str| -> Vec<&str> {
            let report = alone.check(text.as_bytes(), &options).expect("a report");
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
