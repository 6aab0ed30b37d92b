//! What a user may set of a rule: numbers with a name, bounds and a meaning, declared beside the rule that reads them.

use std::borrow::Cow;

use globset::GlobSet;

use crate::error::{Error, Result};

/// A number that a rule reads, and what it means.
#[derive(Debug)]
pub struct Setting {
    /// `family/name.setting`: the rule and the name of the number.
    pub key: &'static str,
    /// What it is where nobody sets it.
    pub default: f64,
    /// The least and the greatest value that it may have.
    pub range: (f64, f64),
    /// What it means, with its unit.
    pub meaning: &'static str,
}

impl Setting {
    /// Whether a value may be.
    fn hold(&self, value: f64) -> Result<()> {
        let (least, most) = self.range;
        if (least..=most).contains(&value) {
            return Ok(());
        }
        Err(Error::Usage(format!(
            "`{}` is a number from {least} to {most}, not {value}",
            self.key
        )))
    }
}

/// The numbers that a user has set: for all texts, and for those of some paths.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    all: Vec<(&'static str, f64)>,
    /// What is said later counts.
    some: Vec<(GlobSet, &'static str, f64)>,
}

impl Settings {
    /// Sets one. The last word on a setting counts.
    ///
    /// # Errors
    /// [`Error::Usage`] where the value is outside the range.
    pub fn set(&mut self, setting: &'static Setting, value: f64) -> Result<()> {
        setting.hold(value)?;
        self.all.retain(|(key, _)| *key != setting.key);
        self.all.push((setting.key, value));
        Ok(())
    }

    /// Sets one for texts whose path matches. It counts more than what is set for all, and than what was set for paths before.
    ///
    /// # Errors
    /// As [`Settings::set`].
    pub fn set_for(&mut self, paths: &GlobSet, setting: &'static Setting, value: f64) -> Result<()> {
        setting.hold(value)?;
        self.some.push((paths.clone(), setting.key, value));
        Ok(())
    }

    /// What a setting is for a text that no path speaks of.
    pub fn value(&self, setting: &Setting) -> f64 {
        let set = self.all.iter().find(|(key, _)| *key == setting.key);
        set.map_or(setting.default, |(_, value)| *value)
    }

    /// What a setting is for a text.
    pub fn value_at(&self, path: &str, setting: &Setting) -> f64 {
        let takes = |(paths, key, _): &&(GlobSet, &str, f64)| *key == setting.key && paths.is_match(path);
        let own = self.some.iter().rfind(takes);
        own.map_or_else(|| self.value(setting), |(.., value)| *value)
    }

    /// What holds for one text alone, so that a rule that sees no other need not ask for its path.
    pub fn of(&self, path: &str) -> Cow<'_, Self> {
        if self.some.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut all = self.all.clone();
        for (_, key, value) in self.some.iter().filter(|(paths, ..)| paths.is_match(path)) {
            all.retain(|(other, _)| other != key);
            all.push((key, *value));
        }
        Cow::Owned(Self { all, some: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glob;

    static WIDTH: Setting = Setting {
        key: "layout/plank.width",
        default: 3.0,
        range: (1.0, 9.0),
        meaning: "in ells",
    };

    #[test]
    fn the_last_word_counts_and_bounds_hold() {
        let mut settings = Settings::default();
        assert_eq!(settings.value(&WIDTH), 3.0);
        settings.set(&WIDTH, 4.0).expect("in range");
        settings.set(&WIDTH, 5.0).expect("in range");
        assert_eq!(settings.value(&WIDTH), 5.0);
        let error = settings.set(&WIDTH, 0.5).expect_err("out of range");
        assert_eq!(
            error.to_string(),
            "`layout/plank.width` is a number from 1 to 9, not 0.5"
        );
        assert!(settings.set(&WIDTH, f64::NAN).is_err());
    }

    #[test]
    fn a_path_has_its_own_and_the_last_one_counts() {
        let mut settings = Settings::default();
        settings.set(&WIDTH, 4.0).expect("in range");
        let (poems, long) = (glob::set(["poems/**"]), glob::set(["poems/long/*"]));
        settings.set_for(&poems, &WIDTH, 5.0).expect("in range");
        settings.set_for(&long, &WIDTH, 6.0).expect("in range");
        assert!(settings.set_for(&long, &WIDTH, 10.0).is_err());
        for (path, width) in [("prose/a", 4.0), ("poems/a", 5.0), ("poems/long/a", 6.0)] {
            assert_eq!(settings.value_at(path, &WIDTH), width, "{path}");
            assert_eq!(settings.of(path).value(&WIDTH), width, "{path}");
        }
        assert_eq!(settings.value(&WIDTH), 4.0);
    }
}
