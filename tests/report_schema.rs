//! What `--format json` prints is what `docs/report.schema.json` describes, and what `duplicates --format json` prints is
//! what `docs/duplicates.schema.json` describes; so it is with every other form for programs.

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

/// A folder with a text that was certified, mended and accepted, and the forms for programs that tell of it.
struct Lived(tempfile::TempDir);

impl Lived {
    fn new() -> Self {
        let lived = Self(tempfile::tempdir().expect("a folder"));
        lived.put(
            "a.txt",
            "The Lamps\n\nAdvertisement\n\nThe lamps on the quay were lit at four on Monday, 4 March 2019, and nobody knows who did it.  \n\n\
            The keeper of the weir slept well, and the boats lay still until the evening came. He knew that nobody would come by before \
            the frost, and he put the ledger back into its box.\n",
        );
        lived.printed(&["init"], 0);
        lived
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("written");
    }

    fn printed(&self, args: &[&str], code: i32) -> String {
        let mut command = std::process::Command::new(insta_cmd::get_cargo_bin("vidimus"));
        let command = command.current_dir(self.0.path()).args(args);
        let output = command.env("SOURCE_DATE_EPOCH", "1767607200").output().expect("run");
        assert_eq!(
            output.status.code(),
            Some(code),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Whether each value is what the schema of that name says; the schema is the published one.
    fn holds(&self, name: &str, values: &[Value]) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let published = std::fs::read_to_string(root.join(format!("docs/{name}.schema.json"))).expect("read");
        assert_eq!(self.printed(&["schema", name], 0), published, "{name}");
        let schema: Value = serde_json::from_str(&published).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        assert!(!values.is_empty(), "{name}");
        for value in values {
            let wrong: Vec<String> = validator
                .iter_errors(value)
                .map(|error| format!("{} is not what {} says", error.instance_path(), error.schema_path()))
                .collect();
            assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
            let mut more = value.clone();
            let first = if more.is_array() { &mut more[0] } else { &mut more };
            first["further"] = Value::Null;
            assert!(!validator.is_valid(&more), "{name} takes what nobody writes");
        }
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(parsed).collect()
}

#[test]
fn what_fix_and_custody_print_is_valid() {
    let lived = Lived::new();
    let shown = parsed(&lived.printed(&["fix", "--diff", "--format", "json", "--fail-on", "never"], 0));
    let fixed = parsed(&lived.printed(&["fix", "--format", "json", "--fail-on", "never"], 0));
    assert_eq!((&shown["written"], &fixed["written"]), (&false.into(), &true.into()));
    assert!(fixed["texts"][0]["fixes"][0].is_object(), "{fixed:#}");
    let custody = || parsed(&lived.printed(&["custody", "a", "--format", "json"], 0));
    let mended = custody();
    assert!(mended["steps"][0]["difference"].is_object(), "{mended:#}");
    lived.put("a.txt", "The Lamps\n\nAnother text.  \n");
    let changed = parsed(&lived.printed(&["custody", "a", "--format", "json"], 1));
    assert_eq!(changed["present"]["state"], "changed");
    let left = parsed(&lived.printed(&["fix", "--format", "json"], 1));
    assert!(
        left["left_alone"].as_array().is_some_and(|left| !left.is_empty()),
        "{left:#}"
    );
    lived.holds("fix", &[shown, fixed, left]);
    std::fs::remove_file(lived.0.path().join("a.txt")).expect("removed");
    std::fs::remove_dir_all(lived.0.path().join(".vidimus/objects")).expect("removed");
    let gone = parsed(&lived.printed(&["custody", "a", "--format", "json"], 1));
    assert_eq!(gone["present"]["state"], "unreadable");
    lived.holds("custody", &[mended, changed, gone]);
}

#[test]
fn a_difference_in_custody_is_one_of_diff() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = |name: &str| parsed(&std::fs::read_to_string(root.join(name)).expect("read"));
    let (custody, diff) = (schema("docs/custody.schema.json"), schema("docs/diff.schema.json"));
    let text = &diff["properties"]["texts"]["items"];
    for part in ["required", "properties"] {
        assert_eq!(custody["$defs"]["difference"][part], text[part]);
    }
}

#[test]
fn what_the_log_the_baseline_and_lists_say_is_valid() {
    let lived = Lived::new();
    lived.printed(&["fix", "--fail-on", "never"], 0);
    lived.printed(&["verify", "--record"], 0);
    lived.put(
        "a.txt",
        "The Lamps\n\nAdvertisement\n\nAnother text, of 4 March 2019, at https://example.org/a.\n",
    );
    lived.printed(&["accept", "a.txt", "--reason", "as it is"], 0);
    let log = lines(&lived.printed(&["log", "--format", "jsonl"], 0));
    assert_eq!(log.len(), 4, "{log:#?}");
    lived.holds("log", &log);
    let inspected = lines(&lived.printed(&["inspect", "a.txt", "--format", "jsonl"], 0));
    assert!(inspected[0]["dates"][0].is_object() && inspected[0]["addresses"][0].is_object());
    lived.holds("inspect", &inspected);
    lived.printed(&["baseline", "write"], 0);
    let baseline = std::fs::read_to_string(lived.0.path().join("vidimus-baseline.json")).expect("read");
    assert!(baseline.contains("layout/stray-label"), "{baseline}");
    lived.holds("baseline", &[parsed(&baseline)]);
    let rules = parsed(&lived.printed(&["rules", "--format", "json"], 0));
    lived.holds("rules", &[rules]);
    lived.put(
        "vidimus.toml",
        "fail-on = \"error\"\n[[overrides]]\npaths = [\"a\"]\nrules.\"layout/stray-line\".score = 2\n",
    );
    lived.holds(
        "show-config",
        &[parsed(&lived.printed(&["show-config", "--format", "json"], 0))],
    );
}
