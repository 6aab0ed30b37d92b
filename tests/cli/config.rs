//! `vidimus.toml`: found upward from the manifest, laid over by options, and refused where it is wrong.

use std::path::Path;

use crate::support::{corpus, run, vidimus_in};

const TEXT: &[u8] = b"Advertisement\n\nThe keeper of the weir slept well, and the boats lay still until the evening.\n\nShare this article\n";

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
    std::fs::write(path, text).expect("written");
}

fn check(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run(vidimus_in(folder)
        .args(["--color", "never", "check", "--format", "concise", "--quiet"])
        .args(args))
}

#[test]
fn a_file_decides_what_is_found_and_what_fails() {
    let folder = corpus(&[("poems/a.txt", TEXT), ("prose/b.txt", TEXT)]);
    assert_eq!(check(folder.path(), &[]).0, Some(1));
    let label = |severity: &str, more: &str| {
        format!("select = [\"layout\"]\n{more}\n[rules.\"layout/stray-label\"]\nseverity = \"{severity}\"\n")
    };
    put(folder.path(), "vidimus.toml", &label("info", ""));
    let (code, out, err) = check(folder.path(), &[]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(
        out.contains("info[layout/stray-label]") && !out.contains("warning["),
        "{out}"
    );
    put(
        folder.path(),
        "vidimus.toml",
        &label(
            "error",
            "fail-on = \"error\"\n[[overrides]]\npaths = [\"poems/**\"]\nignore = [\"layout/stray-label\"]\n",
        ),
    );
    let (code, out, _) = check(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(
        out.contains("prose/b.txt:1:1: error[") && !out.contains("poems/"),
        "{out}"
    );
    assert_eq!(check(folder.path(), &["poems"]).0, Some(0));
    assert_eq!(check(folder.path(), &["--isolated", "poems"]).0, Some(1));
    assert_eq!(check(folder.path(), &["--fail-on", "never"]).0, Some(0));
    assert_eq!(check(folder.path(), &["--config", "fail-on=never"]).0, Some(0));
}

#[test]
fn it_is_found_upward_from_the_manifest_and_not_from_here() {
    let folder = corpus(&[("a.txt", TEXT)]);
    let inner = folder.path().join("deep/corpus");
    std::fs::create_dir_all(&inner).expect("made");
    for name in ["a.txt", "manifest.yaml"] {
        std::fs::copy(folder.path().join(name), inner.join(name)).expect("copied");
    }
    put(folder.path(), "deep/.vidimus.toml", "ignore = [\"layout\"]\n");
    assert_eq!(check(folder.path(), &["-m", "deep/corpus/manifest.yaml"]).0, Some(0));
    assert_eq!(check(folder.path(), &[]).0, Some(1));
}

#[test]
fn fix_and_review_heed_it_and_verify_does_not() {
    let folder = corpus(&[("a.txt", TEXT)]);
    put(folder.path(), "vidimus.toml", "ignore = [\"layout\", \"fixity\"]\n");
    let (code, out, _) = run(vidimus_in(folder.path()).args(["fix", "--diff"]));
    assert_eq!(code, Some(0), "{out}");
    assert!(!out.contains("Advertisement"), "{out}");
    put(folder.path(), "a.txt", "another text\n");
    let (code, out, _) = run(vidimus_in(folder.path()).arg("verify"));
    assert_eq!(code, Some(1), "{out}");
}

#[test]
fn what_is_wrong_in_it_is_underlined() {
    let folder = corpus(&[("a.txt", TEXT)]);
    put(folder.path(), "vidimus.toml", "# of the house\nfail-no = \"error\"\n");
    let (code, _, err) = check(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert!(
        err.contains("vidimus.toml:2:1") && err.contains("did you mean `fail-on`?"),
        "{err}"
    );
    let (code, _, err) = check(folder.path(), &["--isolated", "--config", "none.toml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("none.toml"), "{err}");
}

#[test]
fn show_config_names_the_origin_of_each_value() {
    let folder = corpus(&[("a.txt", TEXT)]);
    put(
        folder.path(),
        "house/base.toml",
        "select = [\"layout\", \"fixity\"]\nphrases = [\"own.txt\"]\n",
    );
    put(
        folder.path(),
        "vidimus.toml",
        "extend = \"house/base.toml\"\n[rules.\"layout/stray-line\"]\nscore = 3\n",
    );
    let show = |args: &[&str]| run(vidimus_in(folder.path()).arg("show-config").args(args)).1;
    let out = show(&["--ignore", "layout/stray-label", "--config", "fail-on=error"]);
    let line = |key: &str| {
        out.lines()
            .find(|line| line.starts_with(key))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(line("select").ends_with("# house/base.toml:1:10"), "{out}");
    assert!(line("ignore").ends_with("# --ignore"), "{out}");
    assert!(
        line("fail-on").contains("\"error\"") && line("fail-on").ends_with("# --config"),
        "{out}"
    );
    assert!(line("phrases").contains("house/own.txt"), "{out}");
    assert!(
        line("rules.\"layout/stray-line\".score = 3").ends_with("# vidimus.toml:3:9"),
        "{out}"
    );
    let json: serde_json::Value = serde_json::from_str(&show(&["--format", "json"])).expect("JSON");
    assert_eq!(json["files"], serde_json::json!(["house/base.toml", "vidimus.toml"]));
}

#[test]
fn the_published_schema_is_what_the_program_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let published = std::fs::read_to_string(root.join("docs/config.schema.json")).expect("read");
    assert_eq!(run(vidimus_in(root).args(["schema", "config"])).1, published);
    let schema: serde_json::Value = serde_json::from_str(&published).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let good = serde_json::json!({
        "extend": "base.toml", "select": ["layout", "error"], "fail-on": "never",
        "rules": { "layout/stray-line": { "score": 2.0, "severity": "off" } },
        "overrides": [{ "paths": ["poems/**"], "ignore": ["date"] }],
    });
    assert!(validator.is_valid(&good));
    for bad in [
        serde_json::json!({ "fail-no": "error" }),
        serde_json::json!({ "select": ["layuot"] }),
        serde_json::json!({ "rules": { "layout/stray-line": { "score": 99 } } }),
        serde_json::json!({ "overrides": [{ "ignore": ["date"] }] }),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}
