//! What a user chooses: which rules run, how much they weigh, and which findings fail the run; and the file that says so.

mod file;
mod layers;
pub mod schema;

use std::fmt;
use std::str::FromStr;

use globset::GlobSet;

use crate::checks::{self, Rule};
use crate::finding::{Finding, Severity};
use crate::manifest::nearest;
use crate::setting::Setting;

pub use layers::{Config, Layer, Origin, Set, load};

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

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Rule(name) | Self::Family(name) => f.write_str(name),
            Self::Severity(severity) => severity.fmt(f),
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

/// What a rule weighs where a user says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It does not run.
    Off,
    /// All its findings have this severity.
    At(Severity),
}

impl Level {
    /// The words for it.
    pub const NAMES: [&'static str; 4] = ["off", "info", "warning", "error"];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::At(severity) => severity.fmt(f),
        }
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            _ => text
                .parse()
                .map(Self::At)
                .map_err(|()| format!("`{text}` is no severity; there are {}", Self::NAMES.join(", "))),
        }
    }
}

/// A level and the rules that have it; what is said later counts.
pub type Levels = Vec<(Selector, Level)>;

/// What holds for some texts alone, each value with where it comes from.
#[derive(Clone, Debug)]
pub struct Override {
    /// The patterns of their paths, as written.
    pub paths: Set<Vec<String>>,
    /// The same, ready for use.
    pub globs: GlobSet,
    /// Only these; as elsewhere where it is `None`.
    pub select: Option<Set<Vec<Selector>>>,
    /// Not these, beside what is ignored everywhere.
    pub ignore: Option<Set<Vec<Selector>>>,
    /// What rules weigh there; what is said later counts.
    pub levels: Vec<(Selector, Set<Level>)>,
    /// Numbers of rules there; what is said later counts.
    pub settings: Vec<(&'static Setting, Set<f64>)>,
}

impl Override {
    /// For some texts, and nothing yet.
    pub fn of(paths: Set<Vec<String>>) -> Self {
        Self {
            globs: crate::glob::set(paths.value.iter().map(String::as_str)),
            paths,
            select: None,
            ignore: None,
            levels: Vec::new(),
            settings: Vec::new(),
        }
    }
}

/// Which findings are wanted, and what they weigh.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these; all where there is none.
    pub select: Vec<Selector>,
    /// Not these.
    pub ignore: Vec<Selector>,
    /// What rules weigh.
    pub levels: Levels,
    /// What holds for some texts alone, by path.
    pub overrides: Vec<Override>,
}

impl Selection {
    /// Gives a finding the weight that a user wants, and tells whether it is wanted at all.
    pub fn admit(&self, finding: &mut Finding) -> bool {
        let own: Vec<&Override> = self
            .overrides
            .iter()
            .filter(|one| {
                let location = &finding.location;
                one.globs.is_match(&location.path) || one.globs.is_match(location.file_path())
            })
            .collect();
        let everywhere = self.levels.iter().map(|(selector, level)| (selector, *level));
        let here = own.iter().flat_map(|one| &one.levels);
        let mut levels = everywhere.chain(here.map(|(selector, level)| (selector, level.value)));
        let last = levels.rfind(|(selector, _)| selector.takes(finding));
        match last.map(|(_, level)| level) {
            Some(Level::Off) => return false,
            Some(Level::At(severity)) => finding.severity = severity,
            None => {}
        }
        let ignored = own
            .iter()
            .filter_map(|one| one.ignore.as_ref())
            .flat_map(|set| &set.value)
            .chain(&self.ignore);
        let select = own.iter().filter_map(|one| one.select.as_ref()).next_back();
        takes(select.map_or(&self.select, |set| &set.value), ignored, finding)
    }

    /// Whether a finding is wanted.
    pub fn takes(&self, finding: &Finding) -> bool {
        self.admit(&mut finding.clone())
    }

    /// Whether a rule must run for them.
    pub fn needs(&self, rule: &Rule) -> bool {
        let selects =
            |select: &Vec<Selector>| select.is_empty() || select.iter().any(|selector| selector.may_take(rule));
        let selected = selects(&self.select)
            || self
                .overrides
                .iter()
                .filter_map(|one| one.select.as_ref())
                .any(|set| selects(&set.value));
        let settled = |selector: &Selector| !matches!(selector, Selector::Severity(_)) && selector.may_take(rule);
        let level = self.levels.iter().rfind(|(selector, _)| settled(selector));
        let off = matches!(level, Some((_, Level::Off))) && !self.overrides.iter().any(|one| !one.levels.is_empty());
        selected && !off && !self.ignore.iter().any(settled)
    }
}

fn takes<'a>(select: &[Selector], ignore: impl IntoIterator<Item = &'a Selector>, finding: &Finding) -> bool {
    let selected = select.is_empty() || select.iter().any(|selector| selector.takes(finding));
    selected && !ignore.into_iter().any(|selector| selector.takes(finding))
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

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Severity(severity) => severity.fmt(f),
            Self::Only(selector) => selector.fmt(f),
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
        let mut finding = rule.finding(Location::file("a"), "m").severity(Severity::Info);
        assert!(info.needs(rule) && !info.admit(&mut finding));
        let family = Selection {
            ignore: vec![Selector::Family("layout")],
            ..Selection::default()
        };
        assert!(!family.needs(rule));
    }

    #[test]
    fn the_last_level_counts_and_a_path_has_its_own() {
        let rule = checks::find("layout/leading-blank").expect("a rule").rule();
        let poems = Override {
            levels: vec![(Selector::Rule(rule.id), Set::default_of(Level::Off))],
            ..Override::of(Set::default_of(vec!["poems/**".to_owned()]))
        };
        let selection = Selection {
            levels: vec![
                (Selector::Family("layout"), Level::Off),
                (Selector::Rule(rule.id), Level::At(Severity::Error)),
            ],
            overrides: vec![poems],
            ..Selection::default()
        };
        let mut prose = rule.finding(Location::file("prose/a.txt"), "m");
        assert!(selection.needs(rule) && selection.admit(&mut prose));
        assert_eq!(prose.severity, Severity::Error);
        assert!(!selection.admit(&mut rule.finding(Location::file("poems/a.txt"), "m")));
    }
}
