//! What holds, and where each value comes from: as TOML that could be written into the file, and as JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::printable;
use crate::config::{Config, Level, Origin, Override, Selector, Set};
use crate::setting::Setting;

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
    let mut lines: Vec<(String, String)> = rows(config).into_iter().map(shown).collect();
    for one in &config.overrides {
        lines.push(("[[overrides]]".to_owned(), one.origin.to_string()));
        lines.extend(of_override(&one.value).into_iter().map(shown));
    }
    let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
    let width = width.min(60);
    for (line, origin) in lines {
        writeln!(out, "{line:width$}  # {}", printable(&origin))?;
    }
    Ok(())
}

/// Writes one object: the files that were read, and a row a value; what an override says has its place among them before its key, as
/// in `overrides[0].ignore`.
///
/// # Errors
/// What the writer gives.
pub fn write_json(config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let files: Vec<String> = config.files.iter().map(|path| path.display().to_string()).collect();
    let mut values = rows(config);
    for (at, one) in config.overrides.iter().enumerate() {
        let own = of_override(&one.value).into_iter();
        values.extend(own.map(|row| Row {
            key: format!("overrides[{at}].{}", row.key),
            ..row
        }));
    }
    let whole = json!({ "schema": "vidimus-config/1", "files": files, "values": values });
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

fn shown(row: Row) -> (String, String) {
    (format!("{} = {}", row.key, toml_value(&row.value)), row.origin)
}

/// A value of JSON as one of TOML, on one line.
fn toml_value(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(toml_value).collect::<Vec<_>>().join(", ")),
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
    rows.extend(levels(&config.levels));
    rows.extend(settings(config));
    rows
}

/// All settings of all rules, those that nobody has set too.
fn settings(config: &Config) -> Vec<Row> {
    let all = crate::checks::ALL.iter().flat_map(|check| check.rule().settings.iter());
    let one = |setting: &&'static Setting| {
        let set = config.settings.iter().rfind(|(other, _)| other.key == setting.key);
        let default = || Set::default_of(setting.default);
        of_setting(setting, &set.map_or_else(default, |(_, set)| set.clone()))
    };
    all.map(one).collect()
}

fn under_rules(rule: &str, name: &str) -> String {
    format!("rules.{}.{name}", toml_key(rule))
}

/// What one override says, each value by its key.
fn of_override(one: &Override) -> Vec<Row> {
    let mut rows = vec![row("paths", json!(one.paths.value), &one.paths.origin)];
    let lists = [("select", &one.select), ("ignore", &one.ignore)];
    let lists = lists.into_iter().filter_map(|(key, list)| Some((key, list.as_ref()?)));
    rows.extend(lists.map(|(key, set)| row(key, names(&set.value), &set.origin)));
    rows.extend(levels(&one.levels));
    let is_last = |at: usize| {
        let mut later = one.settings[at + 1..].iter();
        later.all(|(other, _)| other.key != one.settings[at].0.key)
    };
    let last = one.settings.iter().enumerate().filter(|(at, _)| is_last(*at));
    rows.extend(last.map(|(_, (setting, set))| of_setting(setting, set)));
    rows
}

/// What rules weigh, each once: what is said later counts.
fn levels(levels: &[(Selector, Set<Level>)]) -> impl Iterator<Item = Row> {
    let is_last = |at: usize| levels[at + 1..].iter().all(|(other, _)| *other != levels[at].0);
    let last = levels.iter().enumerate().filter(move |(at, _)| is_last(*at));
    last.map(|(_, (selector, level))| {
        let key = under_rules(&selector.to_string(), "severity");
        row(&key, json!(level.value.to_string()), &level.origin)
    })
}

fn of_setting(setting: &Setting, set: &Set<f64>) -> Row {
    let (rule, name) = setting.key.rsplit_once('.').unwrap_or((setting.key, ""));
    row(&under_rules(rule, name), json!(set.value), &set.origin)
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
            [[overrides]]\npaths = [\"poems/**\"]\nignore = [\"layout\"]\nrules.date.severity = \"off\"\nrules.\"layout/stray-line\".score = 4\n";
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
        assert!(
            first.ends_with("[[overrides]]\npaths = [\"poems/**\"]\nignore = [\"layout\"]\nrules.date.severity = \"off\"\nrules.\"layout/stray-line\".score = 4.0\n"),
            "{first}"
        );
        assert_eq!(bare(shown(&first)), first);
    }
}
