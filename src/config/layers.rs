//! From files and arguments to what holds: each value with where it comes from.
//!
//! What is said later counts: the defaults, the file that a file extends, the file, `--config`, the other options.

use std::fmt;
use std::path::{Path, PathBuf};

use super::file::Reader;
use super::{FailOn, Level, Override, Selection, Selector};
use crate::error::{Error, Result};
use crate::object::Address;
use crate::setting::{Setting, Settings};
use crate::source::{Position, Source};
use crate::whole;

/// The names under which the file is looked for, in this order.
const NAMES: [&str; 2] = ["vidimus.toml", ".vidimus.toml"];
/// A file may extend one that extends one, so many times.
const DEEPEST: usize = 8;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody has said anything.
    Default,
    /// A place in a file.
    File(String, Position),
    /// An option of the command line.
    Argument(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, at) => write!(f, "{path}:{}:{}", at.line, at.column),
            Self::Argument(name) => f.write_str(name),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// What.
    pub value: T,
    /// From where.
    pub origin: Origin,
}

impl<T> Set<T> {
    /// What holds where nobody says anything.
    pub fn default_of(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }
}

/// What one file or argument sets.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// The file that it builds on.
    pub extend: Option<Set<PathBuf>>,
    /// Only these findings.
    pub select: Option<Set<Vec<Selector>>>,
    /// Not these.
    pub ignore: Option<Set<Vec<Selector>>>,
    /// Nor these.
    pub extend_ignore: Option<Set<Vec<Selector>>>,
    /// What fails the run.
    pub fail_on: Option<Set<FailOn>>,
    /// What rules weigh.
    pub levels: Vec<(Selector, Set<Level>)>,
    /// Numbers of rules.
    pub settings: Vec<(&'static Setting, Set<f64>)>,
    /// Lists of labels of pages.
    pub phrases: Option<Set<Vec<PathBuf>>>,
    /// The file of known findings.
    pub baseline: Option<Set<PathBuf>>,
    /// Where the documentation is published.
    pub docs: Option<Set<String>>,
    /// What holds for some texts alone.
    pub overrides: Vec<Set<Override>>,
}

/// What holds, each value with its origin.
#[derive(Clone, Debug)]
pub struct Config {
    /// The files that were read, the one that counts most last.
    pub files: Vec<PathBuf>,
    /// Only these findings; all where there is none.
    pub select: Set<Vec<Selector>>,
    /// Not these.
    pub ignore: Vec<Set<Vec<Selector>>>,
    /// What fails the run.
    pub fail_on: Set<FailOn>,
    /// What rules weigh; what is said later counts.
    pub levels: Vec<(Selector, Set<Level>)>,
    /// Numbers of rules; what is said later counts.
    pub settings: Vec<(&'static Setting, Set<f64>)>,
    /// Lists of labels of pages.
    pub phrases: Set<Vec<PathBuf>>,
    /// The file of known findings.
    pub baseline: Option<Set<PathBuf>>,
    /// Where the documentation is published.
    pub docs: Option<Set<String>>,
    /// What holds for some texts alone.
    pub overrides: Vec<Set<Override>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            select: Set::default_of(Vec::new()),
            ignore: Vec::new(),
            fail_on: Set::default_of(FailOn::default()),
            levels: Vec::new(),
            settings: Vec::new(),
            phrases: Set::default_of(Vec::new()),
            baseline: None,
            docs: None,
            overrides: Vec::new(),
        }
    }
}

impl Config {
    /// Lays what is said later over it.
    pub fn lay(&mut self, layer: Layer) {
        replace(&mut self.select, layer.select);
        replace(&mut self.fail_on, layer.fail_on);
        replace(&mut self.phrases, layer.phrases);
        self.baseline = layer.baseline.or(self.baseline.take());
        self.docs = layer.docs.or(self.docs.take());
        if let Some(ignore) = layer.ignore {
            self.ignore = vec![ignore];
        }
        self.ignore.extend(layer.extend_ignore);
        self.levels.extend(layer.levels);
        self.settings.extend(layer.settings);
        self.overrides.extend(layer.overrides);
    }

    /// Which findings are wanted, and what they weigh.
    pub fn selection(&self) -> Selection {
        let levels = self.levels.iter();
        Selection {
            select: self.select.value.clone(),
            ignore: self.ignore.iter().flat_map(|set| set.value.clone()).collect(),
            levels: levels
                .map(|(selector, level)| (selector.clone(), level.value))
                .collect(),
            overrides: self.overrides.iter().map(|set| set.value.clone()).collect(),
        }
    }

    /// The numbers that the user has set.
    ///
    /// # Errors
    /// [`Error::Usage`] where one is outside its range.
    pub fn settings(&self) -> Result<Settings> {
        let mut settings = Settings::default();
        for (setting, set) in &self.settings {
            settings.set(setting, set.value)?;
        }
        for one in self.overrides.iter().map(|set| &set.value) {
            for (setting, set) in &one.settings {
                settings.set_for(&one.globs, setting, set.value)?;
            }
        }
        Ok(settings)
    }
}

fn replace<T>(old: &mut Set<T>, new: Option<Set<T>>) {
    if let Some(new) = new {
        *old = new;
    }
}

/// What holds for a corpus: the file that is found from its root upward, unless `isolated`, and over it each of `arguments`: the path
/// of a file, a setting of a rule (`layout/stray-line.score=2`), or a line of the file (`select=["layout"]`).
///
/// # Errors
/// [`Error::Syntax`] with the place of what is wrong, [`Error::Io`] where a file cannot be read, [`Error::Several`] where there is more
/// than one such.
pub fn load(root: &Path, isolated: bool, arguments: &[String]) -> Result<Config> {
    let mut reading = Reading::default();
    let named = arguments.iter().any(|argument| !argument.contains('='));
    // A file that is named takes the place of the one that would be found.
    if !isolated
        && !named
        && let Some(path) = find(root)?
    {
        reading.file(&path, 0);
    }
    arguments.iter().for_each(|argument| reading.argument(argument));
    reading.end()
}

/// The nearest file, from a folder upward; none for what stands in an object store.
fn find(root: &Path) -> Result<Option<PathBuf>> {
    if Address::of(root).is_some() {
        return Ok(None);
    }
    let start = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let here = std::path::absolute(start).map_err(|error| Error::io("find", start, error))?;
    let found = here
        .ancestors()
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|path| path.is_file());
    Ok(found.map(|path| shown(&path)))
}

/// A path as it is shortest to say: relative to where the program runs, where it stands below.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| Some(path.strip_prefix(here).ok()?.to_owned()));
    below.unwrap_or_else(|| path.to_owned())
}

/// What was read so far, and all that was wrong in it.
#[derive(Default)]
struct Reading {
    config: Config,
    mistakes: Vec<Error>,
}

impl Reading {
    fn end(mut self) -> Result<Config> {
        match self.mistakes.len() {
            0 => Ok(self.config),
            1 => Err(self.mistakes.remove(0)),
            _ => Err(Error::Several(self.mistakes)),
        }
    }

    fn file(&mut self, path: &Path, depth: usize) {
        if let Err(error) = self.lay_file(path, depth) {
            self.mistakes.push(error);
        }
    }

    fn lay_file(&mut self, path: &Path, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            let message = format!(
                "{} is extended in a circle, or more than {DEEPEST} times",
                path.display()
            );
            return Err(Error::Usage(message));
        }
        let bytes = whole::read(path).map_err(|error| Error::io("read", path, error))?;
        let source = Source::new(path.display().to_string(), bytes);
        if source.text().is_none() {
            return Err(Error::Usage(format!(
                "{} is not UTF-8; save it as UTF-8",
                path.display()
            )));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let (layer, mistakes) = Reader::file(&source).read(folder);
        if let Some(base) = &layer.extend {
            self.file(&base.value, depth + 1);
        }
        self.mistakes.extend(mistakes);
        self.config.files.push(path.to_owned());
        self.config.lay(layer);
        Ok(())
    }

    fn argument(&mut self, argument: &str) {
        match argument.split_once('=') {
            None if !Path::new(argument).exists() => {
                let message =
                    format!("--config: there is no file {argument}; a setting is written as RULE.SETTING=NUMBER");
                self.mistakes.push(Error::Usage(message));
            }
            None => self.file(Path::new(argument), 0),
            Some((key, value)) => {
                let (layer, mistakes) = argument_layer(key.trim(), value.trim());
                self.mistakes.extend(mistakes.into_iter().map(plain));
                self.config.lay(layer);
            }
        }
    }
}

/// `--config KEY=VALUE`. A value that is no TOML is taken as text, so that nobody has to quote twice.
fn argument_layer(key: &str, value: &str) -> (Layer, Vec<Error>) {
    let rule_setting = key.contains('/');
    let line = match key.rsplit_once('.') {
        Some((rule, name)) if rule_setting => format!("rules.\"{rule}\".{name} = {value}"),
        _ if rule_setting => {
            let message = format!("`{key}={value}`: write it as RULE.SETTING=NUMBER");
            return (Layer::default(), vec![Error::Usage(message)]);
        }
        _ => format!("{key} = {value}"),
    };
    let quoted = || format!("{} = {value:?}", line.split(" = ").next().unwrap_or(key));
    let is_toml = toml::de::DeTable::parse(&line).is_ok();
    let source = Source::new(
        format!("{key}={value}"),
        if is_toml { line } else { quoted() }.into_bytes(),
    );
    Reader::argument(&source, "--config").read(Path::new(""))
}

/// An argument is short enough to be shown whole.
fn plain(error: Error) -> Error {
    match error {
        Error::Syntax {
            path, message, help, ..
        } => Error::Usage(format!("{path}: {message}; {help}")),
        error => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Severity;

    fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        folder
    }

    fn loaded(text: &str) -> Result<Config> {
        load(written(&[("vidimus.toml", text)]).path(), false, &[])
    }

    fn complaint(text: &str) -> (usize, usize, String) {
        match loaded(text).expect_err("refused") {
            Error::Syntax { at, message, help, .. } => (at.line, at.column, format!("{message}; {help}")),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_nearest_file_upward_counts() {
        let files = [
            ("vidimus.toml", "fail-on = \"error\"\n"),
            ("a/.vidimus.toml", "fail-on = \"info\"\n"),
            ("a/b/c/x", ""),
        ];
        let folder = written(&files);
        let fail_on = |root: &str, isolated| load(&folder.path().join(root), isolated, &[]).expect("read").fail_on;
        assert_eq!(fail_on("a/b/c", false).value, FailOn::Severity(Severity::Info));
        assert_eq!(fail_on("", false).value, FailOn::Severity(Severity::Error));
        assert_eq!(fail_on("", true), Set::default_of(FailOn::default()));
    }

    #[test]
    fn what_is_said_later_counts() {
        let base = "ignore = [\"layout\"]\nextend-ignore = [\"date\"]\nselect = [\"all\"]\nphrases = [\"own.txt\"]\n";
        let top = "extend = \"lib/base.toml\"\nextend-ignore = [\"encoding\"]\n[rules.layout]\nseverity = \"info\"\n";
        let folder = written(&[("lib/base.toml", base), ("vidimus.toml", top)]);
        let arguments = ["rules.layout.severity=error", "select=[\"layout\"]", "fail-on=never"].map(str::to_owned);
        let config = load(folder.path(), false, &arguments).expect("read");
        assert_eq!(config.files.len(), 2);
        assert_eq!(config.selection().ignore.len(), 3);
        assert_eq!(config.phrases.value, [folder.path().join("lib/own.txt")]);
        assert_eq!(config.select.origin, Origin::Argument("--config"));
        assert_eq!(config.fail_on.value, FailOn::Never);
        let last = config.levels.last().expect("a level");
        assert_eq!(last.1.value, Level::At(Severity::Error));
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        assert_eq!(
            complaint("\nfailon = 1\n"),
            (2, 1, "there is no key `failon`; did you mean `fail-on`?".to_owned())
        );
        assert_eq!(complaint("select = [\"all\", \"layuot\"]").1, 18);
        assert!(complaint("select = [\"layuot\"]").2.ends_with("did you mean `layout`?"));
        let (line, column, said) = complaint("[rules.\"layout/stray-line\"]\nscor = 2\n");
        assert_eq!((line, column), (2, 1));
        assert!(said.ends_with("did you mean `score`?"), "{said}");
        assert!(
            complaint("[rules.\"layout/stray-line\"]\nscore = 99\n")
                .2
                .contains("from -5 to 20")
        );
        assert!(
            complaint("[rules.\"layout/stray-lin\"]\n")
                .2
                .contains("did you mean `layout/stray-line`")
        );
        assert!(
            complaint("[rules.layout]\nseverity = \"fatal\"")
                .2
                .contains("off, info, warning, error")
        );
        assert!(complaint("[[overrides]]\nignore = [\"layout\"]").2.contains("`paths`"));
        assert!(complaint("[[overrides]]\npaths = [\"a{\"]").2.contains("glob"));
        assert_eq!(complaint("select = \n").0, 1);
    }

    #[test]
    fn all_that_is_wrong_is_told_in_the_order_of_the_text() {
        let text = "failon = 1\nselect = [\"layuot\", 3, \"date\", \"dat\"]\n[rules.\"layout/stray-line\"]\nscore = 99\nseverity = 4\n\
            [[overrides]]\nignor = []\npaths = [\"a{\"]\nrules.\"layout/stray-line\".scor = 1\n";
        let places = places(text);
        let told = [
            (1, 1),
            (2, 11),
            (2, 21),
            (2, 32),
            (4, 9),
            (5, 12),
            (7, 1),
            (8, 10),
            (9, 27),
        ];
        assert_eq!(places, told);
    }

    #[test]
    fn a_string_that_is_never_closed_is_told() {
        for quotes in ["\"\"\"", "'''"] {
            let text = format!("failon = 1\ndocs = {quotes}abc\n\n");
            assert_eq!(places(&text), [(1, 1), (3, 2)], "{quotes}");
        }
    }

    #[test]
    fn a_fault_hides_no_other_mistake_and_makes_none() {
        // Two lines that are no TOML, with a mistake before and after.
        let text = "failon = 1\nselect = [\"date\"\ndocs = \"a\"\n";
        assert_eq!(places(text), [(1, 1), (2, 17)], "a bracket that is never closed");
        let text = "failon = 1\nselect = \nignore = \ndocs = \"a\"\nbaseline = x y\nphrase = []\n";
        assert_eq!(places(text), [(1, 1), (2, 10), (3, 10), (5, 12), (6, 1)]);
        let text = "[rules.layout\nseverity = \"info\"\n";
        assert_eq!(places(text).len(), 1, "nothing is said of what stood under the heading");
    }

    fn places(text: &str) -> Vec<(usize, usize)> {
        let place = |error: &Error| match error {
            Error::Syntax { at, .. } => (at.line, at.column),
            other => panic!("{other}"),
        };
        match loaded(text).expect_err("refused") {
            Error::Several(mistakes) => mistakes.iter().map(place).collect(),
            one => vec![place(&one)],
        }
    }

    #[test]
    fn what_is_wrong_in_each_layer_is_told() {
        let folder = written(&[
            ("base.toml", "dcos = \"\"\n"),
            ("vidimus.toml", "extend = \"base.toml\"\nfailon = 1\n"),
        ]);
        let arguments = ["x=1".to_owned(), "fail-on=never".to_owned(), "y=1".to_owned()];
        let said = load(folder.path(), false, &arguments).expect_err("refused").to_string();
        let near: Vec<_> = ["`dcos`", "`failon`", "`x`", "`y`"].map(|what| said.find(what)).into();
        assert!(near.is_sorted() && near.iter().all(Option::is_some), "{said}");
    }

    #[test]
    fn a_circle_is_refused() {
        let folder = written(&[("vidimus.toml", "extend = \"vidimus.toml\"\n")]);
        let said = load(folder.path(), false, &[]).expect_err("refused").to_string();
        assert!(said.contains("circle"), "{said}");
    }
}
