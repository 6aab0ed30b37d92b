//! What `--format json` prints is what `docs/report.schema.json` describes, and what `duplicates --format json` prints is
//! what `docs/duplicates.schema.json` describes; of `diff` it is `docs/diff.schema.json`.

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
        "boolean" => value.is_boolean(),
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

#[test]
fn the_report_of_shards_is_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let shard = "{\"id\": \"a\", \"text\": \"Share this article\\n\\nIt was late.\"}\n{\"id\": \"a\", \"text\": \"It was dark.\"}\nno JSON\n";
    put("s.jsonl", shard);
    let digest = vidimus::digest::Algorithm::Sha256.digest(shard.as_bytes());
    let item = format!("{{path: s.jsonl, sha256: {digest}, records: {{text: text, id: id}}}}");
    put(
        "manifest.yaml",
        &format!("vidimus: 1\ncorpus: {{include: []}}\nentries_from: [{item}]\n"),
    );
    let corpus = Corpus::open(&folder.path().join("manifest.yaml")).expect("a manifest");
    let report = corpus.check(&Options::default()).expect("checked");
    let mut out = Vec::new();
    Format::Json
        .write(&report, Style::default(), &mut out)
        .expect("written");
    let value: Value = serde_json::from_slice(&out).expect("JSON");
    let findings = value["findings"].as_array().expect("findings");
    assert!(
        findings.iter().any(|finding| finding["record"]["id"] == "a"),
        "{value:#}"
    );
    assert!(
        findings
            .iter()
            .any(|finding| finding["related"][0]["record"]["number"] == 1),
        "{value:#}"
    );
    let print = |finding: &Value| {
        finding["fingerprint"]
            .as_str()
            .expect("one")
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
    };
    assert!(findings.iter().all(print), "{value:#}");
    let schema = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json"));
    let schema: Value = serde_json::from_str(&schema.expect("read")).expect("JSON");
    let mut wrong = Vec::new();
    mismatches(&value, &schema, "report", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_duplicates_prints_is_valid() {
    let passage =
        "The keeper of the weir counted forty lamps along the quay before the barges came in from the upper town.";
    let record = |id: u32| format!("{{\"id\": {id}, \"text\": \"{passage} That was the evening of {id} lamps.\"}}\n");
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    put("a.txt", &format!("{passage}\n"));
    put("b.txt", &format!("{passage}\n"));
    put("c.jsonl", &format!("{}{}no JSON\n", record(1), record(2)));
    let printed = |args: &[&str]| {
        let mut command = std::process::Command::new(insta_cmd::get_cargo_bin("vidimus"));
        let output = command.current_dir(folder.path()).args(args).output().expect("run");
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let out = printed(&["duplicates", ".", "--format", "json"]);
    let value: Value = serde_json::from_str(&out).expect("JSON");
    for list in ["pairs", "same", "left_out"] {
        assert!(
            !value[list].as_array().expect(list).is_empty(),
            "no {list} prove nothing: {out}"
        );
    }
    let schema = printed(&["schema", "duplicates"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let published = std::fs::read_to_string(root.join("docs/duplicates.schema.json")).expect("read");
    assert_eq!(schema, published);
    let mut wrong = Vec::new();
    mismatches(
        &value,
        &serde_json::from_str(&schema).expect("JSON"),
        "duplicates",
        &mut wrong,
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_diff_prints_is_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).expect("written");
    let (old, new) = ("The mill stood.\r\nThe ford.\r\n", "The mill fell.\nThe ford.\n\0");
    let digest = vidimus::digest::Algorithm::Sha256.digest(old.as_bytes());
    let entry = |path: &str, title: &str| format!("  - {{path: {path}, sha256: {digest}, title: {title}}}\n");
    let manifest = |entries: &str| format!("vidimus: 1\ncorpus: {{include: ['*.txt']}}\nentries:\n{entries}");
    put(
        "manifest.yaml",
        manifest(&(entry("a.txt", "A") + &entry("gone.txt", "B"))).as_bytes(),
    );
    put("other.yaml", manifest(&entry("a.txt", "C")).as_bytes());
    put("a.txt", new.as_bytes());
    let batch = vidimus::atomic::Batch::default();
    let store = vidimus::store::Store::at(folder.path());
    store.keep(old.as_bytes(), &batch).expect("kept");
    batch.flush().expect("flushed");
    let printed = |args: &[&str], code: i32| {
        let mut command = std::process::Command::new(insta_cmd::get_cargo_bin("vidimus"));
        let output = command.current_dir(folder.path()).args(args).output().expect("run");
        assert_eq!(output.status.code(), Some(code));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let schema = printed(&["schema", "diff"], 0);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(
        schema,
        std::fs::read_to_string(root.join("docs/diff.schema.json")).expect("read")
    );
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let texts = printed(&["diff", "--format", "json"], 1);
    let manifests = printed(&["diff", "manifest.yaml", "other.yaml", "--format", "json"], 1);
    for out in [&texts, &manifests] {
        let value: Value = serde_json::from_str(out).expect("JSON");
        let mut wrong = Vec::new();
        mismatches(&value, &schema, "diff", &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    let value: Value = serde_json::from_str(&texts).expect("JSON");
    assert_eq!(value["texts"].as_array().map(Vec::len), Some(2));
    let kinds: Vec<&str> = value["texts"][0]["kinds"]
        .as_array()
        .expect("kinds")
        .iter()
        .filter_map(|kind| kind["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["line-ends", "final-newline", "prose", "damage"]);
}
