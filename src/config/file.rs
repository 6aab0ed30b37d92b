//! `vidimus.toml`: read with the place of every key and value, so that what is wrong in it is shown where it stands.

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::layers::{Layer, Origin, Set};
use super::{FailOn, Level, Override, Selector, families};
use crate::checks;
use crate::error::Error;
use crate::glob;
use crate::manifest::nearest;
use crate::setting::{Setting, Settings};
use crate::source::Source;

/// The keys of the file, in the order in which they are explained.
pub(super) const KEYS: [&str; 10] = [
    "extend",
    "select",
    "ignore",
    "extend-ignore",
    "fail-on",
    "rules",
    "overrides",
    "phrases",
    "baseline",
    "docs",
];
/// The keys of one of its `overrides`.
const OVERRIDE_KEYS: [&str; 4] = ["paths", "select", "ignore", "rules"];

/// What one text in TOML sets, and what is wrong in it.
pub(super) struct Reader<'s> {
    source: &'s Source,
    /// As the user would name it.
    name: String,
    /// Where it comes from, where it is no file.
    argument: Option<&'static str>,
    /// In the order in which they were met.
    mistakes: Vec<Mistake>,
}

type Levels = Vec<(Selector, Set<Level>)>;
type Numbers = Vec<(&'static Setting, Set<f64>)>;
/// The byte at which it stands, and what is wrong there.
type Mistake = Box<(usize, Error)>;
/// What could be read, or the mistake.
type Read<T> = std::result::Result<T, Mistake>;
type Key<'t> = Spanned<Cow<'t, str>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl<'s> Reader<'s> {
    /// A file.
    pub(super) fn file(source: &'s Source) -> Self {
        Self {
            source,
            name: source.name().to_owned(),
            argument: None,
            mistakes: Vec::new(),
        }
    }

    /// What an argument of the command line says.
    pub(super) fn argument(source: &'s Source, name: &'static str) -> Self {
        Self {
            name: format!("{name} {}", source.name()),
            argument: Some(name),
            ..Self::file(source)
        }
    }

    /// Reads it. Paths in it are relative to `folder`. What is wrong is left out, and told: each an [`Error::Syntax`] with its place,
    /// in the order of the text, where it is no TOML, a key is unknown, or a value is of the wrong kind.
    pub(super) fn read(mut self, folder: &Path) -> (Layer, Vec<Error>) {
        let (text, faults) = readable(self.source.text().unwrap_or_default());
        let (table, _) = DeTable::parse_recoverable(&text);
        let mut layer = Layer::default();
        for (key, value) in in_order(table.get_ref()) {
            self.key(&mut layer, key, value, folder);
        }
        let faults = faults.iter().map(|(byte, message)| {
            self.mistake(*byte, message, "see `vidimus schema config` for the form of the file")
        });
        let faults: Vec<Mistake> = faults.collect();
        self.mistakes.extend(faults);
        self.mistakes.sort_by_key(|mistake| mistake.0);
        (layer, self.mistakes.into_iter().map(|mistake| mistake.1).collect())
    }

    fn key(&mut self, layer: &mut Layer, key: &Key<'_>, value: &Value<'_>, folder: &Path) {
        match key.get_ref().as_ref() {
            "extend" => layer.extend = self.text(value, |text| folder.join(text)),
            "select" => layer.select = self.selectors(value),
            "ignore" => layer.ignore = self.selectors(value),
            "extend-ignore" => layer.extend_ignore = self.selectors(value),
            "fail-on" => layer.fail_on = self.parsed::<FailOn>(value),
            "phrases" => layer.phrases = self.list(value, |reader, file| Ok(folder.join(reader.string(file)?))),
            "baseline" => layer.baseline = self.text(value, |text| folder.join(text)),
            "docs" => layer.docs = self.text(value, str::to_owned),
            "rules" => self.rules(value, &mut layer.levels, &mut layer.settings),
            "overrides" => {
                let all = self.list(value, |reader, one| Ok(reader.one_override(one)));
                let all = all.map(|set| set.value).unwrap_or_default();
                layer.overrides = all.into_iter().flatten().collect();
            }
            _ => self.unknown(key, "key", &KEYS),
        }
    }

    /// `[rules."family/name"]`: its severity and its settings; `[rules.family]`: the severity of all its rules.
    fn rules(&mut self, value: &Value<'_>, levels: &mut Levels, settings: &mut Numbers) {
        let table = self.table(value);
        for (name, value) in self.noted(table).map(in_order).unwrap_or_default() {
            let (selector, table) = (self.rule_name(name), self.table(value));
            let (selector, table) = (self.noted(selector), self.noted(table));
            let (Some(selector), Some(table)) = (selector, table) else {
                continue;
            };
            for (key, value) in in_order(table) {
                if key.get_ref() == "severity" {
                    levels.extend(self.parsed(value).map(|level| (selector.clone(), level)));
                } else {
                    settings.extend(self.setting(&selector, key, value));
                }
            }
        }
    }

    fn setting(
        &mut self,
        selector: &Selector,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Option<(&'static Setting, Set<f64>)> {
        let full = format!("{selector}.{}", key.get_ref());
        let settings = settings_of(selector);
        let Some(setting) = settings.iter().find(|setting| setting.key == full) else {
            let own = settings
                .iter()
                .map(|setting| &setting.key[full.len() - key.get_ref().len()..]);
            let names: Vec<&str> = own.chain(["severity"]).collect();
            self.unknown(key, &format!("setting of {selector}"), &names);
            return None;
        };
        let number = self.number(value).and_then(|number| {
            let held = Settings::default().set(setting, number);
            held.map_err(|error| self.at(value, &error.to_string(), "give a number in that range"))?;
            Ok(number)
        });
        let number = self.noted(number)?;
        Some((*setting, self.set(value, number)))
    }

    fn rule_name(&self, name: &Key<'_>) -> Read<Selector> {
        let parsed = name.get_ref().parse::<Selector>();
        match parsed {
            Ok(selector @ (Selector::Rule(_) | Selector::Family(_) | Selector::All)) => Ok(selector),
            Ok(_) => Err(self.mistake(
                name.span().start,
                "a severity has no settings",
                "name a rule or a family here",
            )),
            Err(message) => {
                let (what, help) = message
                    .split_once("; ")
                    .unwrap_or((&message, "`vidimus rules` lists them"));
                Err(self.mistake(name.span().start, what, help))
            }
        }
    }

    fn one_override(&mut self, value: &Value<'_>) -> Option<Set<Override>> {
        let table = self.table(value);
        let table = self.noted(table)?;
        let mut one = Override::of(Set::default_of(Vec::new()));
        let mut named = false;
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "paths" => {
                    let paths = self.list(value, |reader, pattern| reader.pattern(pattern));
                    named = !matches!(value.get_ref(), DeValue::Array(items) if items.is_empty());
                    one = Override {
                        globs: glob::set(paths.iter().flat_map(|set| set.value.iter().map(String::as_str))),
                        paths: paths.unwrap_or(one.paths),
                        ..one
                    };
                }
                "select" => one.select = self.selectors(value),
                "ignore" => one.ignore = self.selectors(value),
                "rules" => self.rules(value, &mut one.levels, &mut one.settings),
                _ => self.unknown(key, "key of an override", &OVERRIDE_KEYS),
            }
        }
        if !named {
            let what = "an override without `paths` holds for no text";
            self.mistakes
                .push(self.at(value, what, "add `paths = [\"folder/**\"]`"));
        }
        Some(self.set(value, one))
    }

    fn pattern(&self, value: &Value<'_>) -> Read<String> {
        let pattern = self.string(value)?;
        glob::compile(pattern)
            .map_err(|error| self.at(value, &error.kind().to_string(), "write a glob, as in `poems/**`"))?;
        Ok(pattern.to_owned())
    }

    /// What could be read; a mistake is kept for the end.
    fn noted<T>(&mut self, read: Read<T>) -> Option<T> {
        read.map_err(|mistake| self.mistakes.push(mistake)).ok()
    }

    fn set<T>(&self, value: &Value<'_>, what: T) -> Set<T> {
        let origin = match self.argument {
            Some(name) => Origin::Argument(name),
            None => {
                let at = self.source.position(value.span().start);
                Origin::File(self.name.clone(), at)
            }
        };
        Set { value: what, origin }
    }

    fn string<'t>(&self, value: &'t Value<'_>) -> Read<&'t str> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.at(value, "this is no text", "put it in quotation marks")),
        }
    }

    fn number(&self, value: &Value<'_>) -> Read<f64> {
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        text.parse()
            .map_err(|_| self.at(value, "this is no number", "write it as 1 or 1.5"))
    }

    fn array<'t, 'i>(&self, value: &'t Value<'i>) -> Read<&'t [Value<'i>]> {
        match value.get_ref() {
            DeValue::Array(items) => Ok(items),
            _ => Err(self.at(value, "this is no list", "put it in brackets, as in `[\"layout\"]`")),
        }
    }

    fn table<'t, 'i>(&self, value: &'t Value<'i>) -> Read<&'t DeTable<'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.at(value, "this is no table", "write `{ key = value }`, or a `[heading]`")),
        }
    }

    fn text<T>(&mut self, value: &Value<'_>, what: impl FnOnce(&str) -> T) -> Option<Set<T>> {
        let text = self.string(value).map(what);
        let text = self.noted(text)?;
        Some(self.set(value, text))
    }

    /// All items that can be read; each other one is a mistake of its own.
    fn list<T>(
        &mut self,
        value: &Value<'_>,
        mut read: impl FnMut(&mut Self, &Value<'_>) -> Read<T>,
    ) -> Option<Set<Vec<T>>> {
        let items = self.array(value);
        let items = self.noted(items)?.iter();
        let items: Vec<T> = items
            .filter_map(|item| {
                let item = read(self, item);
                self.noted(item)
            })
            .collect();
        Some(self.set(value, items))
    }

    fn selectors(&mut self, value: &Value<'_>) -> Option<Set<Vec<Selector>>> {
        self.list(value, |reader, item| reader.word(item))
    }

    fn parsed<T: FromStr<Err = String>>(&mut self, value: &Value<'_>) -> Option<Set<T>> {
        let word = self.word(value);
        let word = self.noted(word)?;
        Some(self.set(value, word))
    }

    fn word<T: FromStr<Err = String>>(&self, value: &Value<'_>) -> Read<T> {
        self.string(value)?.parse().map_err(|message: String| {
            let (what, help) = message
                .split_once("; ")
                .unwrap_or((&message, "`vidimus explain` says what may stand here"));
            self.at(value, what, help)
        })
    }

    fn unknown(&mut self, key: &Key<'_>, what: &str, names: &[&str]) {
        let help = match nearest(key.get_ref(), names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        };
        let what = format!("there is no {what} `{}`", key.get_ref());
        self.mistakes.push(self.mistake(key.span().start, &what, &help));
    }

    fn at(&self, value: &Value<'_>, message: &str, help: &str) -> Mistake {
        self.mistake(value.span().start, message, help)
    }

    fn mistake(&self, byte: usize, message: &str, help: &str) -> Mistake {
        let at = self.source.position(byte);
        let error = Error::Syntax {
            path: self.name.clone(),
            at,
            message: message.to_owned(),
            line: self.source.text_of(self.source.line(at.line)).into_owned(),
            help: help.into(),
        };
        Box::new((byte, error))
    }
}

/// So many places that are no TOML are told.
const FAULTS: usize = 20;

/// What of a text can be read as TOML, and what cannot, by the byte: a line with a fault is left blank and the rest read again. Where
/// that does not help, as with a bracket that is never closed, what follows would be a string of errors that nobody has made, so the
/// text counts up to there alone.
fn readable(text: &str) -> (String, Vec<(usize, String)>) {
    let mut blanked = text.to_owned();
    let mut faults: Vec<(usize, String)> = Vec::new();
    for round in 0..=FAULTS {
        let Err(error) = DeTable::parse(&blanked) else {
            return (blanked, faults);
        };
        let byte = error.span().map_or(0, |span| span.start).min(text.len());
        let byte = (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let start = text[..byte].rfind('\n').map_or(0, |line| line + 1);
        let end = text[start..].find('\n').map_or(text.len(), |line| start + line);
        let is_blank = blanked[start..end].trim().is_empty();
        // A string that is never closed fails at the end of the text, where nothing stands.
        if !is_blank || faults.is_empty() {
            // What was said of later lines came of this one.
            faults.retain(|(other, _)| *other < byte);
            faults.push((byte, error.message().to_owned()));
        }
        // Without its heading, a line would count for another table.
        if is_blank || round == FAULTS || text[start..end].trim_start().starts_with('[') {
            break;
        }
        blanked = format!("{}{}{}", &blanked[..start], " ".repeat(end - start), &text[end..]);
    }
    faults.truncate(1);
    blanked.truncate(faults.first().map_or(0, |(byte, _)| *byte));
    (blanked, faults)
}

/// The settings that a rule has; none of a family.
fn settings_of(selector: &Selector) -> &'static [&'static Setting] {
    match selector {
        Selector::Rule(id) => checks::find(id).map_or(&[], |check| check.rule().settings),
        _ => &[],
    }
}

/// The entries of a table as they stand in the text, so that what is said later counts.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// The names under which `rules` takes a table: rules and families.
pub(super) fn rule_names() -> impl Iterator<Item = &'static str> {
    checks::ALL.iter().map(|check| check.rule().id).chain(families())
}
