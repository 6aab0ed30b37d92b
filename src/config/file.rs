//! `vidimus.toml`: read with the place of every key and value, so that what is wrong in it is shown where it stands.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::layers::{Layer, Origin, Set};
use super::{FailOn, Override, Selector, families};
use crate::checks;
use crate::error::{Error, Result};
use crate::glob;
use crate::manifest::nearest;
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

/// What one text in TOML sets.
pub(super) struct Reader<'s> {
    source: &'s Source,
    /// As the user would name it.
    name: String,
    /// Where it comes from, where it is no file.
    argument: Option<&'static str>,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl<'s> Reader<'s> {
    /// A file.
    pub(super) fn file(source: &'s Source) -> Self {
        Self {
            source,
            name: source.name().to_owned(),
            argument: None,
        }
    }

    /// What an argument of the command line says.
    pub(super) fn argument(source: &'s Source, name: &'static str) -> Self {
        Self {
            source,
            name: format!("{name} {}", source.name()),
            argument: Some(name),
        }
    }

    /// Reads it. Paths in it are relative to `folder`.
    ///
    /// # Errors
    /// [`Error::Syntax`], with the place, where it is no TOML, a key is unknown, or a value is of the wrong kind.
    pub(super) fn read(&self, folder: &Path) -> Result<Layer> {
        let text = self.source.text().unwrap_or_default();
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.error(
                at,
                error.message(),
                "see `vidimus schema config` for the form of the file",
            )
        })?;
        let mut layer = Layer::default();
        for (key, value) in in_order(table.get_ref()) {
            self.key(&mut layer, key, value, folder)?;
        }
        Ok(layer)
    }

    fn key(
        &self,
        layer: &mut Layer,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Value<'_>,
        folder: &Path,
    ) -> Result<()> {
        match key.get_ref().as_ref() {
            "extend" => layer.extend = Some(self.set(value, folder.join(self.string(value)?))),
            "select" => layer.select = Some(self.set(value, self.parsed_list(value)?)),
            "ignore" => layer.ignore = Some(self.set(value, self.parsed_list(value)?)),
            "extend-ignore" => layer.extend_ignore = Some(self.set(value, self.parsed_list(value)?)),
            "fail-on" => layer.fail_on = Some(self.set(value, self.parsed::<FailOn>(value)?)),
            "phrases" => {
                let files = self.list(value)?.into_iter().map(|file| folder.join(file)).collect();
                layer.phrases = Some(self.set(value, files));
            }
            "baseline" => layer.baseline = Some(self.set(value, folder.join(self.string(value)?))),
            "docs" => layer.docs = Some(self.set(value, self.string(value)?.to_owned())),
            "rules" => self.rules(layer, value)?,
            "overrides" => {
                let each = self.array(value)?.iter().map(|one| self.one_override(one));
                layer.overrides = each.collect::<Result<_>>()?;
            }
            _ => return Err(self.unknown(key, "key", &KEYS)),
        }
        Ok(())
    }

    /// `[rules."family/name"]`: its severity and its settings; `[rules.family]`: the severity of all its rules.
    fn rules(&self, layer: &mut Layer, value: &Value<'_>) -> Result<()> {
        for (name, value) in in_order(self.table(value)?) {
            let selector = self.rule_name(name)?;
            for (key, value) in in_order(self.table(value)?) {
                if key.get_ref() == "severity" {
                    layer
                        .levels
                        .push((selector.clone(), self.set(value, self.parsed(value)?)));
                    continue;
                }
                let full = format!("{selector}.{}", key.get_ref());
                let settings = settings_of(&selector);
                let Some(setting) = settings.iter().find(|setting| setting.key == full) else {
                    let own = settings
                        .iter()
                        .map(|setting| &setting.key[full.len() - key.get_ref().len()..]);
                    let names: Vec<&str> = own.chain(["severity"]).collect();
                    return Err(self.unknown(key, &format!("setting of {selector}"), &names));
                };
                let number = self.number(value)?;
                let mut settings = crate::setting::Settings::default();
                settings
                    .set(setting, number)
                    .map_err(|error| self.at(value, &error.to_string(), "give a number in that range"))?;
                layer.settings.push((setting, self.set(value, number)));
            }
        }
        Ok(())
    }

    fn rule_name(&self, name: &Spanned<std::borrow::Cow<'_, str>>) -> Result<Selector> {
        let parsed = name.get_ref().parse::<Selector>();
        match parsed {
            Ok(selector @ (Selector::Rule(_) | Selector::Family(_) | Selector::All)) => Ok(selector),
            Ok(_) => Err(self.error(
                name.span().start,
                "a severity has no settings",
                "name a rule or a family here",
            )),
            Err(message) => {
                let (what, help) = message
                    .split_once("; ")
                    .unwrap_or((&message, "`vidimus rules` lists them"));
                Err(self.error(name.span().start, what, help))
            }
        }
    }

    fn one_override(&self, value: &Value<'_>) -> Result<Set<Override>> {
        let mut one = Override::default();
        let mut layer = Layer::default();
        for (key, value) in in_order(self.table(value)?) {
            match key.get_ref().as_ref() {
                "paths" => one.paths = self.globs(value)?,
                "select" => one.select = Some(self.parsed_list(value)?),
                "ignore" => one.ignore = self.parsed_list(value)?,
                "rules" => {
                    self.rules(&mut layer, value)?;
                    if let Some((setting, set)) = layer.settings.first() {
                        let message = format!(
                            "`{}` holds for all texts; of a path, only `severity` may differ",
                            setting.key
                        );
                        return Err(self.error(self.byte_of(&set.origin), &message, "set it under `[rules]`"));
                    }
                }
                _ => return Err(self.unknown(key, "key of an override", &OVERRIDE_KEYS)),
            }
        }
        if one.paths.is_empty() {
            return Err(self.at(
                value,
                "an override without `paths` holds for no text",
                "add `paths = [\"folder/**\"]`",
            ));
        }
        one.globs = glob::set(one.paths.iter().map(String::as_str));
        one.levels = layer
            .levels
            .into_iter()
            .map(|(selector, level)| (selector, level.value))
            .collect();
        Ok(self.set(value, one))
    }

    fn globs(&self, value: &Value<'_>) -> Result<Vec<String>> {
        for pattern in self.array(value)? {
            glob::compile(self.string(pattern)?)
                .map_err(|error| self.at(pattern, &error.kind().to_string(), "write a glob, as in `poems/**`"))?;
        }
        self.list(value)
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

    fn byte_of(&self, origin: &Origin) -> usize {
        match origin {
            Origin::File(_, at) => at.byte,
            _ => 0,
        }
    }

    fn string<'t>(&self, value: &'t Value<'_>) -> Result<&'t str> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.at(value, "this is no text", "put it in quotation marks")),
        }
    }

    fn number(&self, value: &Value<'_>) -> Result<f64> {
        let text = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        text.parse()
            .map_err(|_| self.at(value, "this is no number", "write it as 1 or 1.5"))
    }

    fn array<'t, 'i>(&self, value: &'t Value<'i>) -> Result<&'t [Value<'i>]> {
        match value.get_ref() {
            DeValue::Array(items) => Ok(items),
            _ => Err(self.at(value, "this is no list", "put it in brackets, as in `[\"layout\"]`")),
        }
    }

    fn table<'t, 'i>(&self, value: &'t Value<'i>) -> Result<&'t DeTable<'i>> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.at(value, "this is no table", "write `{ key = value }`, or a `[heading]`")),
        }
    }

    fn list(&self, value: &Value<'_>) -> Result<Vec<String>> {
        let items = self.array(value)?.iter();
        items.map(|item| self.string(item).map(str::to_owned)).collect()
    }

    fn parsed<T: std::str::FromStr<Err = String>>(&self, value: &Value<'_>) -> Result<T> {
        self.string(value)?.parse().map_err(|message: String| {
            let (what, help) = message
                .split_once("; ")
                .unwrap_or((&message, "`vidimus explain` says what may stand here"));
            self.at(value, what, help)
        })
    }

    fn parsed_list(&self, value: &Value<'_>) -> Result<Vec<Selector>> {
        self.array(value)?.iter().map(|item| self.parsed(item)).collect()
    }

    fn unknown(&self, key: &Spanned<std::borrow::Cow<'_, str>>, what: &str, names: &[&str]) -> Error {
        let help = match nearest(key.get_ref(), names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        };
        self.error(
            key.span().start,
            &format!("there is no {what} `{}`", key.get_ref()),
            &help,
        )
    }

    fn at(&self, value: &Value<'_>, message: &str, help: &str) -> Error {
        self.error(value.span().start, message, help)
    }

    fn error(&self, byte: usize, message: &str, help: &str) -> Error {
        let at = self.source.position(byte);
        Error::Syntax {
            path: self.name.clone(),
            at,
            message: message.to_owned(),
            line: self.source.text_of(self.source.line(at.line)).into_owned(),
            help: help.into(),
        }
    }
}

/// The settings that a rule has; none of a family.
fn settings_of(selector: &Selector) -> &'static [&'static crate::setting::Setting] {
    match selector {
        Selector::Rule(id) => checks::find(id).map_or(&[], |check| check.rule().settings),
        _ => &[],
    }
}

/// The entries of a table as they stand in the text, so that the first mistake is the one that is told.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Spanned<std::borrow::Cow<'i, str>>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// The names under which `rules` takes a table: rules and families.
pub(super) fn rule_names() -> impl Iterator<Item = &'static str> {
    checks::ALL.iter().map(|check| check.rule().id).chain(families())
}
