//! What a user chooses: which rules run, and which findings fail the run.

use std::str::FromStr;

use crate::checks::{self, Rule};
use crate::finding::{Finding, Severity};
use crate::manifest::nearest;
use crate::setting::Setting;

/// A rule, a family of rules, a severity, or everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Every finding.
    All,
    /// The findings of one rule.
    Rule(&'static str),
    /// The findings of one family.
    Family(&'static str),
    /// The findings of one severity.
    Severity(Severity),
}

impl Selector {
    fn takes(&self, finding: &Finding) -> bool {
        match self {
            Self::All => true,
            Self::Rule(id) => finding.rule == *id,
            Self::Family(family) => finding.family() == *family,
            Self::Severity(severity) => finding.severity == *severity,
        }
    }

    /// Whether a rule may have a finding that it takes.
    fn may_take(&self, rule: &Rule) -> bool {
        match self {
            Self::All | Self::Severity(_) => true,
            Self::Rule(id) => rule.id == *id,
            Self::Family(family) => rule.family() == *family,
        }
    }
}

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        if let Ok(severity) = text.parse() {
            return Ok(Self::Severity(severity));
        }
        if let Some(check) = checks::find(text) {
            return Ok(Self::Rule(check.rule().id));
        }
        if let Some(family) = families().find(|family| *family == text) {
            return Ok(Self::Family(family));
        }
        let names = checks::ALL.iter().map(|check| check.rule().id).chain(families());
        let help = match nearest(text, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`vidimus rules` lists them".to_owned(),
        };
        Err(format!("there is no rule, family or severity `{text}`; {help}"))
    }
}

/// The families of all rules, in the order of the list, each once.
pub fn families() -> impl Iterator<Item = &'static str> {
    let all = checks::ALL.iter().map(|check| check.rule().family());
    let mut last = "";
    all.filter(move |family| std::mem::replace(&mut last, family) != *family)
}

/// A setting and its value, as `family/name.setting=2`.
///
/// # Errors
/// What is wrong with it: no such rule or setting, or no number.
pub fn setting(text: &str) -> Result<(&'static Setting, f64), String> {
    let (key, value) = text.split_once('=').ok_or("write it as RULE.SETTING=NUMBER")?;
    let all = || {
        checks::ALL
            .iter()
            .flat_map(|check| check.rule().settings.iter().copied())
    };
    let Some(setting) = all().find(|setting| setting.key == key.trim()) else {
        let help = match nearest(key, all().map(|setting| setting.key)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`vidimus explain RULE` names those of a rule".to_owned(),
        };
        return Err(format!("there is no setting `{key}`; {help}"));
    };
    let number = value.trim().parse().map_err(|_| format!("`{value}` is no number"))?;
    Ok((setting, number))
}

/// Which findings are wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; all where there is none.
    pub select: Vec<Selector>,
    /// Not these.
    pub ignore: Vec<Selector>,
}

impl Selection {
    /// Whether a finding is wanted.
    pub fn takes(&self, finding: &Finding) -> bool {
        let selected = self.select.is_empty() || self.select.iter().any(|selector| selector.takes(finding));
        selected && !self.ignore.iter().any(|selector| selector.takes(finding))
    }

    /// Whether a rule must run for them.
    pub fn needs(&self, rule: &Rule) -> bool {
        let selected = self.select.is_empty() || self.select.iter().any(|selector| selector.may_take(rule));
        let settled = |selector: &Selector| !matches!(selector, Selector::Severity(_)) && selector.may_take(rule);
        selected && !self.ignore.iter().any(settled)
    }
}

/// Which findings fail the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// None.
    Never,
    /// Those of this severity and above.
    Severity(Severity),
    /// Those of a rule or family.
    Only(Selector),
}

impl Default for FailOn {
    fn default() -> Self {
        Self::Severity(Severity::Warning)
    }
}

impl FailOn {
    /// Whether a finding fails the run.
    pub fn takes(&self, finding: &Finding) -> bool {
        finding.suppressed.is_none()
            && match self {
                Self::Never => false,
                Self::Severity(severity) => finding.severity >= *severity,
                Self::Only(selector) => selector.takes(finding),
            }
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "never" => Ok(Self::Never),
            _ => match text.parse()? {
                Selector::Severity(severity) => Ok(Self::Severity(severity)),
                selector => Ok(Self::Only(selector)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Location;

    #[test]
    fn names_what_is_near() {
        let said = "layout/leading-blanks".parse::<Selector>().expect_err("unknown");
        assert!(said.contains("did you mean `layout/leading-blank`?"), "{said}");
    }

    #[test]
    fn a_rule_that_only_severities_ignore_still_runs() {
        let rule = checks::find("layout/leading-blank").expect("a rule").rule();
        let info = Selection {
            ignore: vec![Selector::Severity(Severity::Info)],
            ..Selection::default()
        };
        assert!(info.needs(rule) && !info.takes(&rule.finding(Location::file("a"), "m")));
        let family = Selection {
            ignore: vec![Selector::Family("layout")],
            ..Selection::default()
        };
        assert!(!family.needs(rule));
    }
}
