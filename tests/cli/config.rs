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
fn all_that_is_wrong_in_it_is_told_in_one_run() {
    let folder = corpus(&[("a.txt", TEXT)]);
    put(
        folder.path(),
        "vidimus.toml",
        "fail-no = \"error\"\nselect = [\"layuot\", \"date\"]\n[[overrides]]\npaths = [\"a\"]\nrules.\"layout/stray-line\".score = 99\n",
    );
    let (code, out, err) = check(folder.path(), &["--config", "none.toml=1"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    let near = [
        "vidimus.toml:1:1",
        "vidimus.toml:2:11",
        "from -5 to 20",
        "vidimus.toml:5:35",
        "--config none.toml=1",
    ];
    let places: Vec<_> = near.iter().map(|what| err.find(what)).collect();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{err}");
}

/// The letters of a body are nowhere spelt out, and the last sentence has no end.
const UNDEFINED: &[u8] = b"The ferrymen waited for the TWB, and nobody at the TWB answered. Then they went home, all but the eldest of the\n";

#[test]
fn a_setting_holds_for_a_path() {
    let folder = corpus(&[
        ("prose/a.txt", UNDEFINED),
        ("verse/b.txt", &[UNDEFINED, b"\n"].concat()),
    ]);
    let found = |rule: &str, text: &str| {
        let args = ["--isolated", "--config", "house.toml", "--select", rule];
        let said = check(folder.path(), &args).1;
        said.lines().filter(|line| line.contains(text)).count()
    };
    put(folder.path(), "house.toml", "");
    for rule in ["consistency/undefined-acronym", "truncation/mid-sentence"] {
        assert_eq!((found(rule, "prose/"), found(rule, "verse/")), (1, 1), "{rule}");
    }
    put(
        folder.path(),
        "house.toml",
        "rules.\"consistency/undefined-acronym\".uses = 9\n[[overrides]]\npaths = [\"prose/*\"]\nrules.\"consistency/undefined-acronym\".uses = 1\n\
        [[overrides]]\npaths = [\"verse/*\"]\nrules.\"truncation/mid-sentence\".least = 200\n",
    );
    for rule in ["consistency/undefined-acronym", "truncation/mid-sentence"] {
        assert_eq!((found(rule, "prose/"), found(rule, "verse/")), (1, 0), "{rule}");
    }
}

#[test]
fn what_several_texts_share_heeds_the_text_at_which_it_is_told() {
    let shared = "Masons from the hill villages have been promised double pay if the arch can bear a loaded wagon before the fair opens.";
    let own = |line: &str| format!("{}\n\n{shared}\n", format!("{line} ").repeat(3)).into_bytes();
    let folder = corpus(&[
        (
            "a/1.txt",
            &own("The toll-house at the upper bridge was shut for the third week, and carters slept there."),
        ),
        (
            "b/2.txt",
            &own("The guild of potters wants the fair on the meadow below the tannery, and the drapers object."),
        ),
    ]);
    let found = |paths: &str| {
        let text = format!("[[overrides]]\npaths = [\"{paths}\"]\nrules.\"duplicate/shared-passage\".words = 60\n");
        put(folder.path(), "vidimus.toml", &text);
        check(folder.path(), &["--select", "duplicate/shared-passage"])
            .1
            .lines()
            .count()
    };
    assert_eq!((found("c/**"), found("b/**"), found("a/**")), (1, 1, 0));
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
fn show_config_names_the_origin_of_what_holds_for_a_path() {
    let folder = corpus(&[("a.txt", TEXT)]);
    put(
        folder.path(),
        "vidimus.toml",
        "[[overrides]]\npaths = [\"poems/**\"]\nignore = [\"date\"]\n[overrides.rules.\"layout/stray-line\"]\nscore = 4\nseverity = \"info\"\n",
    );
    let show = |args: &[&str]| run(vidimus_in(folder.path()).arg("show-config").args(args)).1;
    let out = show(&[]);
    let from = out.find("[[overrides]]").expect("the override");
    let shown: Vec<Vec<&str>> = out[from..]
        .lines()
        .map(|line| line.split("  # ").map(str::trim).collect())
        .collect();
    let told = [
        ["[[overrides]]", "vidimus.toml:1:1"],
        ["paths = [\"poems/**\"]", "vidimus.toml:2:9"],
        ["ignore = [\"date\"]", "vidimus.toml:3:10"],
        ["rules.\"layout/stray-line\".severity = \"info\"", "vidimus.toml:6:12"],
        ["rules.\"layout/stray-line\".score = 4.0", "vidimus.toml:5:9"],
    ];
    assert_eq!(shown, told, "{out}");
    let json: serde_json::Value = serde_json::from_str(&show(&["--format", "json"])).expect("JSON");
    let values = json["values"].as_array().expect("values");
    let score = values
        .iter()
        .find(|one| one["key"] == "overrides[0].rules.\"layout/stray-line\".score");
    assert_eq!(
        score.map(|one| (&one["value"], &one["origin"])),
        Some((&4.0.into(), &"vidimus.toml:5:9".into()))
    );
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
        "overrides": [{ "paths": ["poems/**"], "ignore": ["date"], "rules": { "layout/stray-line": { "score": 2 } } }],
    });
    assert!(validator.is_valid(&good));
    for bad in [
        serde_json::json!({ "fail-no": "error" }),
        serde_json::json!({ "select": ["layuot"] }),
        serde_json::json!({ "rules": { "layout/stray-line": { "score": 99 } } }),
        serde_json::json!({ "overrides": [{ "ignore": ["date"] }] }),
        serde_json::json!({ "overrides": [{ "paths": ["a"], "rules": { "layout/stray-line": { "score": 99 } } }] }),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}
