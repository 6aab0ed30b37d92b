//! What holds, and where each value comes from: as TOML that could be written into the file, and as JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::printable;
use crate::config::{Config, Level, Origin, Override, Selector, Set};

/// A line of what is shown: a key, its value in TOML, and where it comes from.
#[derive(Debug, Serialize)]
struct Row {
    key: String,
    value: Value,
    origin: String,
}

/// Writes TOML with a comment behind each value.
///
/// # Errors
/// What the writer gives.
pub fn write_toml(config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(config);
    let lines: Vec<(String, &str)> = rows.iter().map(|row| (line(row), row.origin.as_str())).collect();
    let width = lines
        .iter()
        .map(|(line, _)| line.chars().count())
        .max()
        .unwrap_or(0)
        .min(60);
    for (line, origin) in lines {
        writeln!(out, "{line:width$}  # {}", printable(origin))?;
    }
    Ok(())
}

/// Writes one object: the files that were read, and a row a value.
///
/// # Errors
/// What the writer gives.
pub fn write_json(config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let files: Vec<String> = config.files.iter().map(|path| path.display().to_string()).collect();
    let whole = json!({ "schema": "vidimus-config/1", "files": files, "values": rows(config) });
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

fn line(row: &Row) -> String {
    format!("{} = {}", row.key, toml_value(&row.value))
}

/// A value of JSON as one of TOML, on one line.
fn toml_value(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(toml_value).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let pairs = object
                .iter()
                .map(|(key, value)| format!("{} = {}", toml_key(key), toml_value(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// A text as TOML and JSON both write it.
fn quoted(text: &str) -> String {
    Value::from(printable(text)).to_string()
}

fn toml_key(key: &str) -> String {
    let bare = key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if bare { key.to_owned() } else { quoted(key) }
}

fn rows(config: &Config) -> Vec<Row> {
    let mut rows = vec![row("select", names(&config.select.value), &config.select.origin)];
    if config.ignore.is_empty() {
        rows.push(row("ignore", json!([]), &Origin::Default));
    }
    if let [first, others @ ..] = &config.ignore[..] {
        rows.push(row("ignore", names(&first.value), &first.origin));
        let all: Vec<Selector> = others.iter().flat_map(|set| set.value.clone()).collect();
        let origins: Vec<String> = others.iter().map(|set| set.origin.to_string()).collect();
        rows.extend((!others.is_empty()).then(|| Row {
            origin: origins.join(", "),
            ..row("extend-ignore", names(&all), &Origin::Default)
        }));
    }
    rows.push(row(
        "fail-on",
        json!(config.fail_on.value.to_string()),
        &config.fail_on.origin,
    ));
    let phrases: Vec<String> = config
        .phrases
        .value
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    rows.push(row("phrases", json!(phrases), &config.phrases.origin));
    rows.extend(
        config
            .baseline
            .as_ref()
            .map(|set| row("baseline", json!(set.value.display().to_string()), &set.origin)),
    );
    rows.extend(
        config
            .docs
            .as_ref()
            .map(|set| row("docs", json!(set.value), &set.origin)),
    );
    for (at, (selector, level)) in config.levels.iter().enumerate() {
        let again = config.levels[at + 1..].iter().any(|(other, _)| other == selector);
        if !again {
            let key = under_rules(&selector.to_string(), "severity");
            rows.push(row(&key, json!(level.value.to_string()), &level.origin));
        }
    }
    rows.extend(settings(config));
    if !config.overrides.is_empty() {
        let all: Vec<Value> = config.overrides.iter().map(|set| of_override(&set.value)).collect();
        let origins: Vec<String> = config.overrides.iter().map(|set| set.origin.to_string()).collect();
        rows.push(Row {
            key: "overrides".to_owned(),
            value: json!(all),
            origin: origins.join(", "),
        });
    }
    rows
}

/// All settings of all rules, those that nobody has set too.
fn settings(config: &Config) -> Vec<Row> {
    let all = crate::checks::ALL.iter().flat_map(|check| check.rule().settings.iter());
    let one = |setting: &&'static crate::setting::Setting| {
        let set = config.settings.iter().rfind(|(other, _)| other.key == setting.key);
        let (value, origin) = set.map_or((setting.default, Origin::Default), |(_, Set { value, origin })| {
            (*value, origin.clone())
        });
        let (rule, name) = setting.key.rsplit_once('.').unwrap_or((setting.key, ""));
        row(&under_rules(rule, name), json!(value), &origin)
    };
    all.map(one).collect()
}

fn under_rules(rule: &str, name: &str) -> String {
    format!("rules.{}.{name}", toml_key(rule))
}

fn of_override(one: &Override) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("paths".to_owned(), json!(one.paths));
    if let Some(select) = &one.select {
        object.insert("select".to_owned(), names(select));
    }
    if !one.ignore.is_empty() {
        object.insert("ignore".to_owned(), names(&one.ignore));
    }
    if !one.levels.is_empty() {
        let level =
            |(selector, level): &(Selector, Level)| (selector.to_string(), json!({ "severity": level.to_string() }));
        object.insert(
            "rules".to_owned(),
            Value::Object(one.levels.iter().map(level).collect()),
        );
    }
    Value::Object(object)
}

fn names(selectors: &[Selector]) -> Value {
    selectors.iter().map(ToString::to_string).collect::<Vec<_>>().into()
}

fn row(key: &str, value: Value, origin: &Origin) -> Row {
    Row {
        key: key.to_owned(),
        value,
        origin: origin.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    #[test]
    fn what_is_shown_is_a_file_that_says_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "ignore = [\"date\"]\nextend-ignore = [\"encoding\"]\nselect = [\"layout\", \"error\"]\nfail-on = \"layout/stray-line\"\n[rules.\"layout/stray-line\"]\nscore = 2.5\nseverity = \"error\"\n\
            [[overrides]]\npaths = [\"poems/**\"]\nignore = [\"layout\"]\nrules.date.severity = \"off\"\n";
        let shown = |text: &str| {
            std::fs::write(folder.path().join("vidimus.toml"), text).expect("written");
            let mut out = Vec::new();
            write_toml(&load(folder.path(), false, &[]).expect("read"), &mut out).expect("written");
            String::from_utf8(out).expect("UTF-8")
        };
        let bare = |shown: String| {
            let lines = shown
                .lines()
                .map(|line| line.split("  # ").next().unwrap_or(line).trim_end().to_owned() + "\n");
            lines.collect::<String>()
        };
        let first = bare(shown(text));
        assert!(first.contains("rules.\"layout/stray-line\".score = 2.5"), "{first}");
        assert_eq!(bare(shown(&first)), first);
    }
}
