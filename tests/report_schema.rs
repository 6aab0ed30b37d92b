//! What `--format json` prints is what `docs/report.schema.json` describes.

use std::path::Path;

use serde_json::Value;
use vidimus::corpus::Corpus;
use vidimus::engine::Options;
use vidimus::report::{Format, Style};

/// The part of JSON Schema that the published one uses.
fn mismatches(value: &Value, schema: &Value, at: &str, wrong: &mut Vec<String>) {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is_a(value, kind)) {
        wrong.push(format!("{at} is {value}, not {kinds:?}"));
    }
    if schema["const"] != Value::Null && schema["const"] != *value {
        wrong.push(format!("{at} is {value}, not {}", schema["const"]));
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        wrong.push(format!("{at} is {value}, not one of {allowed:?}"));
    }
    if let (Some(items), Some(item)) = (value.as_array(), schema.get("items")) {
        items
            .iter()
            .enumerate()
            .for_each(|(index, value)| mismatches(value, item, &format!("{at}[{index}]"), wrong));
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        let required = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        wrong.extend(
            required
                .filter(|key| !object.contains_key(*key))
                .map(|key| format!("{at} lacks {key}")),
        );
        for (key, value) in object {
            match properties.get(key) {
                Some(schema) => mismatches(value, schema, &format!("{at}.{key}"), wrong),
                None => wrong.push(format!("{at} has a further key {key}")),
            }
        }
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the schema uses {other}"),
    }
}

#[test]
fn the_report_of_the_own_corpus_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = std::fs::read_to_string(root.join("docs/report.schema.json")).expect("read");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let corpus = Corpus::open(&root.join("manifest.yaml")).expect("a manifest");
    let report = corpus.check(&Options::default()).expect("checked");
    let mut out = Vec::new();
    Format::Json
        .write(&report, Style::default(), &mut out)
        .expect("written");
    let value: Value = serde_json::from_slice(&out).expect("JSON");
    assert!(!report.findings.is_empty(), "a report without findings proves nothing");
    let mut wrong = Vec::new();
    mismatches(&value, &schema, "report", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
