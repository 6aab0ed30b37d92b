//! Shards of records: what is said of them points to shard, record and place, and hangs neither on threads nor on how they are packed.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{gzip, run, shards, vidimus_in};

const PASSAGE: &str =
    "The keeper of the weir counted forty lamps along the quay before the barges came in from the upper town.";
const FIELDS: &str = "{text: text, id: id, title: meta.title, language: lang, published_at: created, source.url: url, source.retrieved_at: added}";

fn line(record: &Value) -> String {
    format!("{record}\n")
}

/// A record with nothing to object to.
fn sound(id: &str, text: &str) -> Value {
    json!({"id": id, "text": text, "url": format!("https://example.org/{id}"), "added": "2020-05-02", "created": "2020-05-01", "lang": "en",
        "meta": {"title": "The weir"}})
}

/// Three records, of which the second has several defects.
fn lines() -> String {
    let mut second = sound(
        "w2",
        &format!(
            "Nobody knew the the keeper of the weir, and it is said that he was old.\n\nShare this article\n\n{PASSAGE}\n"
        ),
    );
    second["created"] = json!("2020-06-01");
    second["added"] = json!("2020-13-01");
    let records = [sound("w1", "It was late.\n"), second, sound("w3", "Nobody came.\n")];
    records.iter().map(line).collect()
}

fn check(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let fixed = ["check", "--today", "2026-01-01", "--color", "never"];
    let (code, out, err) = run(vidimus_in(folder).args(fixed).args(args));
    assert_eq!(err, "");
    (code, out)
}

fn report(folder: &Path, args: &[&str]) -> Value {
    let (_, out) = check(folder, &[&["--format", "json"], args].concat());
    serde_json::from_str(&out).expect("JSON")
}

/// The findings of a rule.
fn of_rule<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter(|finding| finding["rule"] == rule).collect()
}

#[track_caller]
fn only<'r>(report: &'r Value, rule: &str) -> &'r Value {
    match of_rule(report, rule)[..] {
        [one] => one,
        ref others => panic!("{rule}: {others:#?}"),
    }
}

#[test]
fn findings_point_to_shard_record_and_offset() {
    let lines = lines();
    let folder = shards(&[("s/a.jsonl", lines.as_bytes(), FIELDS)]);
    let report = report(folder.path(), &[]);
    assert_eq!(report["summary"]["listed"], 3);
    assert_eq!(report["summary"]["verified"], 3);
    assert_eq!(report["records"]["records"], 3);
    let record =
        json!({"shard": "s/a.jsonl", "number": 2, "id": "w2", "offset": lines.find('\n').expect("a line") + 1});
    let label = only(&report, "layout/stray-label");
    assert_eq!((&label["path"], &label["record"]), (&json!("s/a.jsonl#w2"), &record));
    assert_eq!(label["start"], json!({"byte": 73, "line": 3, "column": 1}));
    let date = only(&report, "manifest/invalid-date");
    assert_eq!((&date["record"], &date["start"]), (&record, &Value::Null));
    let said = date["message"].as_str().expect("a message");
    assert!(
        said.contains("no month 13") && said.ends_with("(`added`: 2020-13-01)"),
        "{said}"
    );
    assert_eq!(label["fix"]["safety"], "display");
}

#[test]
fn packing_changes_nothing_but_the_name() {
    let lines = lines();
    let packed = zstd::encode_all(lines.as_bytes(), 1).expect("packed");
    let said = |name: &str, bytes: &[u8]| {
        let folder = shards(&[(name, bytes, FIELDS)]);
        let (code, out) = check(folder.path(), &["--format", "concise"]);
        (code, out.replace(name, "SHARD"))
    };
    let plain = said("a.jsonl", lines.as_bytes());
    assert!(
        plain.1.contains("SHARD#w2:3:1: warning[layout/stray-label]"),
        "{}",
        plain.1
    );
    assert_eq!(said("a.jsonl.gz", &gzip(lines.as_bytes())), plain);
    assert_eq!(said("a.ndjson.zst", &packed), plain);
}

#[test]
fn nothing_hangs_on_the_number_of_threads() {
    let texts = [
        "Nobody knew the the keeper of the weir, and it is said that he was old.\n",
        "Share this article\n\nIt was late.\n",
        "A sentence that br",
    ];
    let record = |number: usize| {
        line(&sound(
            &format!("r{}", number % 4400),
            &format!("{number}. {}", texts[number % 3]),
        ))
    };
    let lines: String = (0..4500).map(record).collect();
    let folder = shards(&[
        ("a.jsonl", lines.as_bytes(), FIELDS),
        ("b.jsonl.gz", &gzip(&lines.as_bytes()[..lines.len() / 3]), FIELDS),
    ]);
    let args = ["--format", "json", "--ignore", "duplicate", "--threads"];
    let one = check(folder.path(), &[&args[..], &["1"]].concat());
    assert!(one.1.contains("more findings of this rule in records of this shard"));
    for threads in ["2", "5"] {
        assert!(
            check(folder.path(), &[&args[..], &[threads]].concat()) == one,
            "{threads} threads"
        );
    }
}

#[test]
fn what_a_rule_finds_too_often_is_counted() {
    let record = |number: usize| {
        line(&sound(
            &format!("r{number}"),
            "Nobody knew the the keeper of the weir, and it is said that he was old.\n",
        ))
    };
    let lines: String = (0..250).map(record).collect();
    let folder = shards(&[("a.jsonl", lines.as_bytes(), FIELDS)]);
    let report = report(folder.path(), &["--ignore", "duplicate"]);
    let found = of_rule(&report, "consistency/doubled-word");
    assert_eq!(found.len(), 101);
    let more: Vec<_> = found.iter().filter(|one| one["evidence"]["more"] == 150).collect();
    assert_eq!((more.len(), &more[0]["path"]), (1, &json!("a.jsonl")));
    assert_eq!(more[0]["severity"], found[50]["severity"]);
    let told = |number: u64| found.iter().any(|one| one["record"]["number"] == number);
    assert!(told(1) && told(100) && !told(101));
}

#[test]
fn what_stands_twice_is_found_in_records_and_texts() {
    let edited = PASSAGE.replace("forty", "fifty");
    let first: String = [sound("w1", PASSAGE), sound("w2", "It was late.\n")]
        .iter()
        .map(line)
        .collect();
    let second = line(&sound("w3", &format!("It is said: {edited}")));
    let folder = shards(&[
        ("a.jsonl", first.as_bytes(), FIELDS),
        ("b.jsonl", second.as_bytes(), FIELDS),
    ]);
    let report = report(folder.path(), &["--select", "duplicate"]);
    let [found] = report["findings"].as_array().expect("findings").as_slice() else {
        panic!("{report:#}")
    };
    let paths = [&found["path"], &found["related"][0]["path"]];
    assert!(
        paths.contains(&&json!("a.jsonl#w1")) && paths.contains(&&json!("b.jsonl#w3")),
        "{found:#}"
    );
    let of_b = if found["path"] == "b.jsonl#w3" {
        found
    } else {
        &found["related"][0]
    };
    assert_eq!(
        of_b["record"],
        json!({"shard": "b.jsonl", "number": 1, "id": "w3", "offset": 0})
    );
    assert_eq!(of_b["start"]["byte"], 12);
    let (code, out, _) = run(vidimus_in(folder.path()).args(["duplicates", "manifest.yaml", "--format", "jsonl"]));
    assert_eq!(code, Some(0));
    assert!(out.contains("\"pair\"") && out.contains("b.jsonl"), "{out}");
}

#[test]
fn two_records_with_one_id_are_named_by_number() {
    let records = [
        sound("w1", "It was late.\n"),
        sound(
            "w1",
            "Nobody knew the the keeper of the weir, and it is said that he was old.\n",
        ),
        sound("w2", "Nobody came.\n"),
    ];
    let lines: String = records.iter().map(line).collect();
    let other = line(&sound("w2", "Nobody spoke.\n"));
    let folder = shards(&[
        ("a.jsonl", lines.as_bytes(), FIELDS),
        ("b.jsonl", other.as_bytes(), FIELDS),
    ]);
    let report = report(folder.path(), &[]);
    let clashes = of_rule(&report, "manifest/id-clash");
    let places: Vec<_> = clashes
        .iter()
        .map(|one| (&one["path"], &one["related"][0]["path"]))
        .collect();
    assert_eq!(
        places,
        [
            (&json!("a.jsonl#2"), &json!("a.jsonl#1")),
            (&json!("b.jsonl#1"), &json!("a.jsonl#3"))
        ]
    );
    assert_eq!(only(&report, "consistency/doubled-word")["path"], "a.jsonl#2");
}

#[test]
fn a_shard_that_changed_is_told_with_all_its_records() {
    let lines = lines();
    let folder = shards(&[("a.jsonl", lines.as_bytes(), FIELDS)]);
    fs::write(
        folder.path().join("a.jsonl"),
        lines.replace("It was late", "It was Late"),
    )
    .expect("written");
    let report = report(folder.path(), &[]);
    assert_eq!(
        (&report["summary"]["listed"], &report["summary"]["verified"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(only(&report, "fixity/hash-mismatch")["path"], "a.jsonl");
    fs::remove_file(folder.path().join("a.jsonl")).expect("removed");
    let (code, out, _) = run(vidimus_in(folder.path()).args(["verify", "--format", "concise"]));
    assert_eq!(code, Some(1));
    assert!(
        out.contains("error[fixity/missing-text]") && out.contains("1 shard listed: 0 verified, 1 missing"),
        "{out}"
    );
}

#[test]
fn what_no_record_can_say_is_told_once() {
    let record = |number: usize| line(&json!({"body": format!("It was late, {number}.\n")}));
    let lines: String = (0..5).map(record).collect();
    let folder = shards(&[("a.jsonl", lines.as_bytes(), "{text: body, language: lang}")]);
    let report = report(
        folder.path(),
        &["--select", "provenance,manifest", "--ignore", "provenance/undated-text"],
    );
    let said = |rule: &str| only(&report, rule)["path"].clone();
    assert_eq!(said("provenance/missing-url"), "manifest.yaml");
    let unmet = only(&report, "manifest/invalid-shard");
    assert_eq!(
        (&unmet["severity"], &unmet["path"]),
        (&json!("warning"), &json!("manifest.yaml"))
    );
    assert!(unmet["message"].as_str().expect("said").contains("`lang`"));
}

#[test]
fn other_programs_get_the_file_of_a_record() {
    let mut odd = sound(
        "a b#c",
        "Nobody knew the the keeper of the weir, and it is said that he was old.\n",
    );
    odd["id"] = json!("a b#\u{e9}");
    let folder = shards(&[("s/a b.jsonl", line(&odd).as_bytes(), FIELDS)]);
    let (_, sarif) = check(folder.path(), &["--format", "sarif"]);
    assert!(sarif.contains("\"uri\": \"s/a%20b.jsonl#a%20b%23%C3%A9\""), "{sarif}");
    let (_, github) = check(folder.path(), &["--format", "github"]);
    let doubled = github
        .lines()
        .find(|line| line.contains("doubled-word"))
        .expect("an annotation");
    assert!(doubled.starts_with("::warning file=s/a b.jsonl,title="), "{doubled}");
    assert!(doubled.contains("record a b#\u{e9}: "), "{doubled}");
    for format in ["gitlab", "rdjson"] {
        let (_, out) = check(folder.path(), &["--format", format]);
        assert!(
            out.contains("\"s/a b.jsonl\"") && !out.contains("a b.jsonl#"),
            "{format}: {out}"
        );
    }
    for format in ["junit", "markdown", "html", "jsonl", "full"] {
        let (code, out) = check(folder.path(), &["--format", format]);
        assert!(code == Some(1) && out.contains("a b#\u{e9}"), "{format}: {out}");
    }
}

#[test]
fn what_writes_refuses_shards() {
    let lines = lines();
    let folder = shards(&[("a.jsonl", lines.as_bytes(), FIELDS)]);
    let before = fs::read(folder.path().join("manifest.yaml")).expect("read");
    let refused = |args: &[&str]| {
        let (code, out, err) = run(vidimus_in(folder.path()).args(args));
        assert_eq!(code, Some(2), "{out}{err}");
        err
    };
    for args in [&["accept", "a.jsonl", "--reason", "x"][..], &["remove", "a.jsonl"]] {
        let err = refused(args);
        assert!(err.contains("a.jsonl is a shard of records"), "{err}");
    }
    let (_, out, err) = run(vidimus_in(folder.path()).args(["fix", "--today", "2026-01-01"]));
    assert!(
        format!("{out}{err}").contains("a.jsonl is a shard of records, which is not rewritten"),
        "{out}{err}"
    );
    assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), before);
    assert_eq!(fs::read_to_string(folder.path().join("a.jsonl")).expect("read"), lines);
}

#[test]
fn a_manifest_is_made_of_shards() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = lines();
    fs::create_dir(folder.path().join("s")).expect("made");
    fs::write(folder.path().join("s/a.jsonl"), &lines).expect("written");
    fs::write(
        folder.path().join("s/b.jsonl.gz"),
        gzip(lines.replace("\"w", "\"x").as_bytes()),
    )
    .expect("written");
    let fields = "text=text,id=id,source.url=url,source.retrieved_at=added,published_at=created";
    let init = |fields: &str| run(vidimus_in(folder.path()).args(["init", "--title", "Weirs", "--records", fields]));
    let (code, _, err) = init("text=body");
    assert_eq!(code, Some(2));
    assert!(
        err.contains(
            "s/a.jsonl has no record with a text in its first lines; of the first one: it has no field `body`"
        ),
        "{err}"
    );
    let (code, out, err) = init(fields);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("listed 2 shards"), "{out}");
    let (code, out, _) = run(vidimus_in(folder.path()).args(["verify", "--format", "concise"]));
    assert!(out.contains("6 records listed: 6 verified"), "{out}");
    assert_eq!(code, Some(1), "one of the records has a wrong date");
    fs::write(folder.path().join("s/c.jsonl"), lines.replace("\"w", "\"y")).expect("written");
    let (code, out, err) = run(vidimus_in(folder.path()).args(["add", "--records", fields, "s/c.jsonl"]));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let (_, out, _) = run(vidimus_in(folder.path()).args(["verify", "--format", "concise"]));
    assert!(
        out.contains("9 records listed: 9 verified") && !out.contains("unlisted"),
        "{out}"
    );
    let (code, out, err) = run(vidimus_in(folder.path()).args(["log", "verify"]));
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(
        !folder.path().join(".vidimus/objects").exists(),
        "no copy of a shard is kept"
    );
}

#[test]
fn records_are_inspected_one_by_one() {
    let mut lines = String::new();
    for number in 0..300 {
        let text = format!("The weir of {number}\n\nPublished on 3 May 2019\n\nIt was late.\n");
        writeln!(lines, "{}", json!({"id": number, "text": text})).expect("written");
    }
    lines.push_str("no record\n");
    let folder = shards(&[("a.jsonl", lines.as_bytes(), FIELDS)]);
    let (code, out, err) = run(vidimus_in(folder.path()).args(["inspect", "a.jsonl", "--format", "jsonl"]));
    assert_eq!(code, Some(0));
    assert_eq!(
        err,
        "warning: a.jsonl#301: it is no JSON object: expected ident at byte 2\n"
    );
    let said: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(said.len(), 300);
    assert_eq!(
        (&said[299]["path"], &said[299]["record"]["number"]),
        (&json!("a.jsonl#299"), &json!(300))
    );
    assert_eq!(said[7]["published_at"], "2019-05-03");
    let (_, text, _) = run(vidimus_in(folder.path()).args(["inspect", "a.jsonl"]));
    assert!(
        text.starts_with("a.jsonl#0\n  title") && text.contains("\n\na.jsonl#1\n"),
        "{text}"
    );
}
