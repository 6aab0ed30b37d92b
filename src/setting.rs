//! What a user may set of a rule: numbers with a name, bounds and a meaning, declared beside the rule that reads them.

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

/// The numbers that a user has set.
#[derive(Clone, Debug, Default)]
pub struct Settings(Vec<(&'static str, f64)>);

impl Settings {
    /// Sets one. The last word on a setting counts.
    ///
    /// # Errors
    /// [`Error::Usage`] where the value is outside the range.
    pub fn set(&mut self, setting: &'static Setting, value: f64) -> Result<()> {
        let (least, most) = setting.range;
        if !(least..=most).contains(&value) {
            return Err(Error::Usage(format!(
                "`{}` is a number from {least} to {most}, not {value}",
                setting.key
            )));
        }
        self.0.retain(|(key, _)| *key != setting.key);
        self.0.push((setting.key, value));
        Ok(())
    }

    /// What a setting is.
    pub fn value(&self, setting: &Setting) -> f64 {
        let set = self.0.iter().find(|(key, _)| *key == setting.key);
        set.map_or(setting.default, |(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
