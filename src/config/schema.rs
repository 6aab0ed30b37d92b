//! The JSON Schema of `vidimus.toml`, for editors: made from the list of rules, so that it cannot fall behind.

use serde_json::{Map, Value, json};

use super::file::{KEYS, rule_names};
use super::{Level, families};
use crate::checks;
use crate::setting::Setting;

/// The schema (draft 2020-12).
pub fn json_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vidimus.toml",
        "description": "What vidimus checks, how much each finding weighs, and what fails a run.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties(),
        "$defs": {
            "selector": { "description": "A rule, a family, a severity, or all.", "enum": selectors() },
            "selectors": { "type": "array", "items": { "$ref": "#/$defs/selector" } },
            "severity": { "description": "`off`: it does not run.", "enum": Level::NAMES },
            "rules": {
                "description": "Severity and settings, by rule; severity, by family.",
                "type": "object",
                "additionalProperties": false,
                "properties": rules(),
            },
        },
    })
}

fn properties() -> Value {
    let mut properties = Map::new();
    for key in KEYS {
        properties.insert(key.to_owned(), property(key));
    }
    Value::Object(properties)
}

fn property(key: &str) -> Value {
    let described = |mut value: Value, text: &str| {
        value["description"] = json!(text);
        value
    };
    let selectors = || json!({ "$ref": "#/$defs/selectors" });
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    match key {
        "extend" => described(text(), "A file that this one builds on, relative to this one."),
        "select" => described(selectors(), "Only these findings."),
        "ignore" => described(
            selectors(),
            "Not these; takes the place of what the extended file says.",
        ),
        "extend-ignore" => described(selectors(), "Nor these, beside what the extended file ignores."),
        "fail-on" => described(
            json!({ "anyOf": [{ "$ref": "#/$defs/selector" }, { "const": "never" }], "default": "warning" }),
            "What fails the run: findings of this severity and above, of this rule or family, or none.",
        ),
        "phrases" => described(texts(), "Lists of labels of pages, relative to this file."),
        "baseline" => described(text(), "The file of findings that are known, relative to this file."),
        "docs" => described(
            text(),
            "Where the documentation is published: formats link to its pages of rules.",
        ),
        "rules" => json!({ "$ref": "#/$defs/rules" }),
        _ => json!({
            "description": "What holds for some texts alone; what is said later counts.",
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["paths"],
                "properties": {
                    "paths": described(json!({ "type": "array", "minItems": 1, "items": { "type": "string" } }), "Globs over the paths of texts."),
                    "select": selectors(),
                    "ignore": selectors(),
                    "rules": { "$ref": "#/$defs/rules" },
                },
            },
        }),
    }
}

fn rules() -> Value {
    let mut rules = Map::new();
    for name in rule_names().chain(["all"]) {
        let rule = checks::find(name).map(|check| check.rule());
        let mut own = Map::new();
        own.insert("severity".to_owned(), json!({ "$ref": "#/$defs/severity" }));
        let settings = rule.map_or(&[][..], |rule| rule.settings);
        own.extend(
            settings
                .iter()
                .map(|setting| (name_of(setting).to_owned(), of_setting(setting))),
        );
        let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": own });
        if let Some(rule) = rule {
            schema["description"] = json!(rule.summary);
        }
        rules.insert(name.to_owned(), schema);
    }
    Value::Object(rules)
}

fn name_of(setting: &Setting) -> &'static str {
    setting.key.rsplit('.').next().unwrap_or(setting.key)
}

fn of_setting(setting: &Setting) -> Value {
    let (least, most) = setting.range;
    json!({ "type": "number", "description": setting.meaning, "default": setting.default, "minimum": least, "maximum": most })
}

fn selectors() -> Vec<&'static str> {
    let rules = checks::ALL.iter().map(|check| check.rule().id);
    ["all", "error", "warning", "info"]
        .into_iter()
        .chain(families())
        .chain(rules)
        .collect()
}
