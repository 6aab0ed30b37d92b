//! From a configuration to the options of a run: the same for the command line and for editors.

use std::path::PathBuf;

use super::Options;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::text::phrases::Phrases;
use crate::whole;

impl Options<'_> {
    /// What a configuration says of a run.
    ///
    /// # Errors
    /// [`Error::Usage`] where a setting is outside its range, [`Error::Io`] where a list of labels cannot be read.
    pub fn configured(config: &Config) -> Result<Self> {
        Ok(Self {
            selection: config.selection(),
            settings: config.settings()?,
            phrases: phrases(&config.phrases.value)?,
            ..Self::default()
        })
    }
}

/// The lists that come with the program and those of a user, where there are such.
fn phrases(files: &[PathBuf]) -> Result<Option<Phrases>> {
    if files.is_empty() {
        return Ok(None);
    }
    let read = |path: &PathBuf| {
        let bytes = whole::read(path).map_err(|error| Error::io("read", path, error))?;
        let text = String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8", path.display())))?;
        Ok((path.display().to_string(), text))
    };
    let lists = files.iter().map(read).collect::<Result<Vec<_>>>()?;
    Phrases::with(lists.iter().map(|(name, list)| (name.as_str(), list.as_str()))).map(Some)
}
