//! The formats for other programs, each on the corpus of the repository and on one of hostile paths and words; none of them changes
//! the exit code.

#[expect(dead_code, reason = "what other tests use of it")]
mod support;

use std::path::Path;

use serde_json::Value;
use support::{corpus, run, vidimus_in};

/// Names and words that end an attribute, a command, a property or a line where they are not escaped.
const HOSTILE: &str = "Advertisement\n\nThe <b>keeper</b> & \"his\" boat % lay\u{1b}[31m there ::error:: for a week, and the\u{202e} water was\u{0} low.\n";

fn printed(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let (code, out, err) = run(vidimus_in(folder).args(["check"]).args(args));
    assert!(err.is_empty(), "{err}");
    (code, out)
}

fn own(format: &str) -> String {
    let (code, out) = printed(Path::new(env!("CARGO_MANIFEST_DIR")), &["--format", format]);
    assert_eq!(
        code,
        Some(1),
        "the corpus has findings on purpose, and no format changes the code"
    );
    out
}

fn hostile() -> tempfile::TempDir {
    corpus(&[
        ("a b,c:d%e/über#1.txt", HOSTILE.as_bytes()),
        ("clean.txt", b"The keeper slept well.\n"),
    ])
}

#[test]
fn no_format_changes_the_code() {
    let clean = corpus(&[("clean.txt", b"The keeper slept well.\n")]);
    let dirty = hostile();
    for (format, _) in vidimus::report::Format::ALL {
        assert_eq!(printed(clean.path(), &["--format", format]).0, Some(0), "{format}");
        assert_eq!(printed(dirty.path(), &["--format", format]).0, Some(1), "{format}");
    }
}

#[test]
fn one_run_writes_many_reports() {
    let folder = hostile();
    let outputs = vidimus::report::Format::ALL.map(|(format, _)| format!("{format}=r.{format}"));
    let args: Vec<&str> = outputs
        .iter()
        .flat_map(|output| ["--output", output.as_str()])
        .collect();
    assert_eq!(printed(folder.path(), &args).0, Some(1));
    for (format, _) in vidimus::report::Format::ALL {
        let written = std::fs::read_to_string(folder.path().join(format!("r.{format}"))).expect("written");
        let columns = format == "full" || format == "concise";
        let direct = printed(folder.path(), &["--format", format]).1;
        assert!(columns || written == direct, "{format}");
        assert!(!written.is_empty(), "{format}");
    }
}

#[test]
fn the_summary_of_a_job_goes_with_the_annotations() {
    let folder = hostile();
    let summary = folder.path().join("summary");
    std::fs::write(&summary, "# Before\n").expect("written");
    let mut command = vidimus_in(folder.path());
    command
        .args(["check", "--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary);
    assert_eq!(run(&mut command).0, Some(1));
    let written = std::fs::read_to_string(&summary).expect("read");
    let report = printed(folder.path(), &["--format", "markdown"]).1;
    assert_eq!(written, format!("# Before\n{report}"));
}

/// The published schema, where `./test` has fetched it.
fn sarif_schema() -> Option<Value> {
    let Some(path) = std::env::var_os("VIDIMUS_SARIF_SCHEMA") else {
        support::left_out("the schema of SARIF is not here; ./test fetches it");
        return None;
    };
    let text = std::fs::read_to_string(path).expect("read");
    let mut schema: Value = serde_json::from_str(&text).expect("JSON");
    without_broken_patterns(&mut schema);
    Some(schema)
}

/// The published schema has patterns for languages with a bracket too many, which a strict validator refuses.
fn without_broken_patterns(schema: &mut Value) {
    let broken = |pattern: &Value| {
        pattern
            .as_str()
            .is_some_and(|pattern| pattern.ends_with("]?$") && pattern.starts_with("^[a-zA-Z]{2}"))
    };
    match schema {
        Value::Object(object) => {
            if object.get("pattern").is_some_and(broken) {
                object.remove("pattern");
            }
            object.values_mut().for_each(without_broken_patterns);
        }
        Value::Array(items) => items.iter_mut().for_each(without_broken_patterns),
        _ => {}
    }
}

#[test]
fn sarif_is_what_its_schema_says() {
    let Some(schema) = sarif_schema() else { return };
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let folder = hostile();
    let texts = [own("sarif"), printed(folder.path(), &["--format", "sarif"]).1];
    for text in texts {
        let log: Value = serde_json::from_str(&text).expect("JSON");
        let wrong: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn sarif_says_what_the_report_says() {
    let sarif: Value = serde_json::from_str(&own("sarif")).expect("JSON");
    let report: Value = serde_json::from_str(&own("json")).expect("JSON");
    let (results, findings) = (&sarif["runs"][0]["results"], &report["findings"]);
    let (results, findings) = (
        results.as_array().expect("results"),
        findings.as_array().expect("findings"),
    );
    assert_eq!(results.len(), findings.len());
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(sarif["runs"][0]["columnKind"], "unicodeCodePoints");
    for (result, finding) in results.iter().zip(findings) {
        assert_eq!(result["ruleId"], finding["rule"]);
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], finding["rule"]);
        assert_eq!(result["partialFingerprints"]["vidimus/v1"], finding["fingerprint"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], finding["start"]["line"]);
        assert_eq!(region["startColumn"], finding["start"]["column"]);
        assert_eq!(region["endColumn"], finding["end"]["column"]);
        assert_eq!(region["byteOffset"], finding["start"]["byte"]);
        let related = result["relatedLocations"].as_array().map_or(0, Vec::len);
        assert_eq!(related, finding["related"].as_array().expect("related").len());
        let edits = finding["fix"]["edits"].as_array().map_or(0, Vec::len);
        let fixed = &result["fixes"][0]["artifactChanges"][0]["replacements"];
        assert_eq!(fixed.as_array().map_or(0, Vec::len), edits, "{finding}");
    }
}

#[test]
fn sarif_marks_what_is_accepted_and_what_is_known() {
    let folder = corpus(&[
        ("a.txt", b"Advertisement\n\nThe keeper slept well.\n"),
        ("b.txt", b"Advertisement\n\nThe boat was gone.\n"),
    ]);
    let states = |args: &[&str]| {
        let out = printed(
            folder.path(),
            &[&["--format", "sarif", "--select", "layout/stray-label"], args].concat(),
        )
        .1;
        let log: Value = serde_json::from_str(&out).expect("JSON");
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let one = |result: &Value| {
            (
                result["baselineState"].clone(),
                result["suppressions"][0]["justification"].clone(),
            )
        };
        results.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(states(&[]), vec![(Value::Null, Value::Null); 2]);
    assert_eq!(run(vidimus_in(folder.path()).args(["baseline", "write"])).0, Some(0));
    std::fs::write(folder.path().join("c.txt"), "x").expect("written");
    let known = states(&["--baseline", "vidimus-baseline.json"]);
    assert_eq!(known, vec![("unchanged".into(), "known before".into()); 2]);
}

#[test]
fn addresses_are_relative_references() {
    let folder = hostile();
    let out = printed(folder.path(), &["--format", "sarif"]).1;
    assert!(out.contains("\"uri\": \"a%20b,c%3Ad%25e/%C3%BCber%231.txt\""), "{out}");
    // From another folder, paths lead from there.
    let name = folder
        .path()
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let parent = folder.path().parent().expect("a parent");
    let manifest = format!("{name}/manifest.yaml");
    let (_, out, _) = run(vidimus_in(parent).args(["check", "-m", &manifest, "--format", "gitlab"]));
    let issues: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(issues[0]["location"]["path"], format!("{name}/a b,c:d%e/über#1.txt"));
}

#[test]
fn github_gets_a_command_a_finding_and_nothing_else() {
    let folder = hostile();
    let out = printed(folder.path(), &["--format", "github"]).1;
    let open = printed(folder.path(), &["--format", "jsonl"]).1.lines().count();
    assert_eq!(out.lines().count(), open);
    for line in out.lines() {
        let properties = line.split("::").nth(1).expect("a command");
        assert!(
            properties.starts_with("error file=a b%2Cc%3Ad%25e/über#1.txt,")
                || properties.starts_with("warning file=")
                || properties.starts_with("notice file="),
            "{line}"
        );
        assert!(!line.contains('\u{1b}') && !line.contains('\u{202e}'), "{line:?}");
    }
    let worst = out
        .lines()
        .map(|line| line.split(' ').next().unwrap_or_default())
        .collect::<Vec<_>>();
    let mut sorted = worst.clone();
    sorted.sort_by_key(|kind| ["::error", "::warning", "::notice"].iter().position(|one| one == kind));
    assert_eq!(worst, sorted, "errors come first");
}

#[test]
fn reviewdog_counts_bytes() {
    let folder = corpus(&[(
        "a.txt",
        "Über die Brücke  \nkam niemand mehr, und das Wasser stand hoch.\n".as_bytes(),
    )]);
    let out = printed(
        folder.path(),
        &["--format", "rdjson", "--select", "layout/trailing-space"],
    )
    .1;
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let range = &report["diagnostics"][0]["location"]["range"];
    assert_eq!(range["start"]["column"], 18);
    assert_eq!(
        report["diagnostics"][0]["suggestions"][0]["range"]["start"]["column"],
        18
    );
}

#[test]
fn junit_is_xml_whatever_a_text_holds() {
    let folder = hostile();
    for text in [printed(folder.path(), &["--format", "junit"]).1, own("junit")] {
        let document = quick_junit::Report::deserialize_from_str(&text).expect("JUnit");
        assert!(document.failures > 0);
        assert!(!text.contains(['\u{1b}', '\u{0}']));
    }
}
