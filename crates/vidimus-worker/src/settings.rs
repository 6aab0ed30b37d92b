//! What a run of a cluster wants of the steps: the same words as the options of `vidimus duplicates`, as one JSON object.

use serde::Deserialize;
use vidimus::similarity::index::{Crowd, FREQUENT};
use vidimus::similarity::{Options, Profile};

use crate::error::{Error, Result};

/// What is wanted. Each step reads of it what it needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The field of a record that holds its text.
    pub text_field: String,
    /// The field of a record that holds what it is called.
    pub id_field: String,
    /// How alike passages have to be.
    pub similarity: f32,
    /// Passages within paragraphs have at least so many words.
    pub min_words: usize,
    /// How closely to look: `fast`, `default` or `thorough`.
    pub profile: String,
    /// Whether headings, refrains, quotations and references are wanted too.
    pub all: bool,
    /// How many buckets seeds are gathered in: a power of two.
    pub buckets: u64,
    /// How many shelves the meetings of seeds are gathered on.
    pub shelves: u64,
    /// How many seeds of the corpus stand how often, by that number.
    pub crowd: Vec<usize>,
    /// How many words the corpus has.
    pub corpus_words: usize,
    /// The day that is called today, as `2026-03-01`.
    pub today: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let options = Options::default();
        Self {
            text_field: "text".to_owned(),
            id_field: "id".to_owned(),
            similarity: options.similarity,
            min_words: options.words,
            profile: "default".to_owned(),
            all: options.all,
            buckets: 1,
            shelves: 1,
            crowd: Vec::new(),
            corpus_words: 0,
            today: None,
        }
    }
}

impl Settings {
    /// Reads them.
    ///
    /// # Errors
    /// Where they are no object of these keys, or a value means nothing.
    pub fn read(json: &str) -> Result<Self> {
        let settings: Self = serde_json::from_str(json)
            .map_err(|error| Error::Usage(format!("the settings cannot be read: {error}")))?;
        settings.profile()?;
        if !(0.0..=1.0).contains(&settings.similarity) {
            return Err(Error::Usage("`similarity` has to be a number from 0 to 1".to_owned()));
        }
        if !settings.buckets.is_power_of_two() || settings.shelves == 0 {
            let said = "`buckets` has to be a power of two, and `shelves` 1 or more";
            return Err(Error::Usage(said.to_owned()));
        }
        Ok(settings)
    }

    /// How closely to look.
    ///
    /// # Errors
    /// Where there is no such profile.
    pub fn profile(&self) -> Result<Profile> {
        match self.profile.as_str() {
            "fast" => Ok(Profile::Fast),
            "default" => Ok(Profile::Default),
            "thorough" => Ok(Profile::Thorough),
            other => Err(Error::Usage(format!(
                "there is no profile {other}; there are fast, default and thorough"
            ))),
        }
    }

    /// The options of a comparison.
    ///
    /// # Errors
    /// As [`Settings::profile`].
    pub fn options(&self) -> Result<Options<'static>> {
        Ok(Options {
            similarity: self.similarity,
            words: self.min_words,
            profile: self.profile()?,
            all: self.all,
            ..Options::default()
        })
    }

    /// From how many places on a seed is frequent.
    ///
    /// # Errors
    /// Where the crowd is not told.
    pub fn frequent(&self) -> Result<usize> {
        let counts: [usize; FREQUENT + 1] = self.crowd.clone().try_into().map_err(|crowd: Vec<usize>| {
            Error::Usage(format!("`crowd` has {} numbers and not {}", crowd.len(), FREQUENT + 1))
        })?;
        Ok(Crowd::with(counts).frequent(self.corpus_words))
    }

    /// Whether seeds are told apart by all bits of their hash. One machine, which can have no more words than this, compares 42;
    /// among more words than that too many would be alike by chance.
    pub fn is_wide(&self) -> bool {
        u32::try_from(self.corpus_words).is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told() {
        for (json, said) in [
            ("{", "cannot be read"),
            (r#"{"colour": 1}"#, "unknown field `colour`"),
            (r#"{"profile": "slow"}"#, "no profile slow"),
            (r#"{"similarity": 2}"#, "from 0 to 1"),
            (r#"{"buckets": 3}"#, "a power of two"),
        ] {
            let error = Settings::read(json).expect_err(json);
            assert!(error.to_string().contains(said), "{error}");
            assert_eq!(error.code(), 2);
        }
        assert!(Settings::default().frequent().is_err());
        assert_eq!(Settings::read("{}").expect("settings").similarity, 0.7);
    }
}
