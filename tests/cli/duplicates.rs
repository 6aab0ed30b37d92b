//! `duplicates`: what it finds in files, shards and manifests, and that nothing depends on how it was asked.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::support::{corpus, run, vidimus_in};

const PASSAGE: &str =
    "The keeper of the weir counted forty lamps along the quay before the barges came in from the upper town.";
const EDITED: &str =
    "The keeper of the weir counted fifty lamps along the quay before the barges came in from the lower town.";

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().expect("a parent")).expect("made");
        fs::write(place, bytes).expect("written");
    }
    folder
}

/// Prose of which no two numbers share a passage.
fn filler(number: usize) -> String {
    let words = [
        "lamp", "weir", "barge", "quay", "ferry", "rope", "tower", "bell", "gate", "mill", "ford", "oar",
    ];
    let mut state = number * 7919 + 13;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        words[(state >> 33) % words.len()].to_owned() + &((state >> 40) % 97).to_string()
    };
    let sentence: Vec<String> = (0..40).map(|_| next()).collect();
    sentence.join(" ") + ".\n\n"
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

fn record(id: &str, text: &str) -> String {
    let text = serde_json::to_string(text).expect("JSON");
    format!("{{\"id\": \"{id}\", \"text\": {text}}}\n")
}

/// The objects that a run prints.
fn lines(folder: &Path, args: &[&str]) -> Vec<Value> {
    let mut command = vidimus_in(folder);
    let (code, out, err) = run(command.args(["duplicates", "--format", "jsonl"]).args(args));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    out.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn pairs(folder: &Path, args: &[&str]) -> Vec<[String; 2]> {
    let lines = lines(folder, args);
    let place = |place: &Value| match place["record"].as_u64() {
        None => place["path"].as_str().expect("a path").to_owned(),
        Some(record) => format!("{}:{record}", place["path"].as_str().expect("a path")),
    };
    let pairs = lines.iter().filter(|line| line["kind"] == "pair");
    pairs.map(|pair| [place(&pair["a"]), place(&pair["b"])]).collect()
}

#[test]
fn a_passage_in_two_files() {
    let a = format!("{}{PASSAGE}\n", filler(1));
    let b = format!("{EDITED}\n\n{}", filler(2));
    let folder = folder(&[("a.txt", a.as_bytes()), ("b.md", b.as_bytes()), ("c.rst", a.as_bytes())]);
    let (code, out, _) = run(vidimus_in(folder.path()).args(["duplicates", ".", "--format", "jsonl"]));
    assert_eq!(code, Some(0));
    let first = out.lines().next().expect("a line");
    let (start, end) = (filler(1).len(), filler(1).len() + PASSAGE.len());
    let expected = format!(r#"{{"kind":"pair","a":{{"path":"a.txt","start":{start},"end":"#);
    assert!(first.starts_with(&expected), "{first}");
    let pair: Value = serde_json::from_str(first).expect("JSON");
    let close = |value: &Value, expected: usize| value.as_u64().expect("a number").abs_diff(expected as u64) <= 1;
    assert!(close(&pair["a"]["end"], end), "{first}");
    assert_eq!((&pair["b"]["path"], &pair["b"]["start"]), (&"b.md".into(), &0.into()));
    let keys = [r#""a":"#, r#""b":"#, r#""similarity":0."#, r#""group":""#].map(|key| first.find(key));
    assert!(keys.iter().all(Option::is_some) && keys.is_sorted(), "{first}");
}

#[test]
fn records_of_shards_are_texts() {
    let shard = record("w1", &format!("{}{PASSAGE}", filler(3))) + "\n" + &record("w\u{e9}2", EDITED);
    let packed = zstd::encode_all(shard.replace("\"text\"", "\"body\"").as_bytes(), 3).expect("packed");
    let folder = folder(&[
        ("x/a.jsonl", shard.as_bytes()),
        ("x/b.ndjson.gz", &gzip(shard.as_bytes())),
        ("c.jsonl.zst", &packed),
    ]);
    assert_eq!(pairs(folder.path(), &["x/a.jsonl"]), [["x/a.jsonl:1", "x/a.jsonl:3"]]);
    assert_eq!(
        pairs(folder.path(), &["x/b.ndjson.gz"]),
        [["x/b.ndjson.gz:1", "x/b.ndjson.gz:3"]]
    );
    let args = ["c.jsonl.zst", "--text-field", "body", "--id-field", "none"];
    assert_eq!(pairs(folder.path(), &args), [["c.jsonl.zst:1", "c.jsonl.zst:3"]]);
    let pair = &lines(folder.path(), &["x/a.jsonl"])[0];
    assert_eq!((&pair["a"]["id"], &pair["b"]["id"]), (&"w1".into(), &"w\u{e9}2".into()));
    assert_eq!(pair["a"]["start"], filler(3).len());
    assert_eq!(lines(folder.path(), &args)[0]["a"].get("id"), None);
}

#[test]
fn the_texts_of_a_manifest() {
    let (a, b) = (format!("{}{PASSAGE}\n", filler(4)), format!("{EDITED}\n"));
    let folder = corpus(&[("in/a.txt", a.as_bytes()), ("in/b.txt", b.as_bytes())]);
    fs::write(folder.path().join("in/unlisted.txt"), &a).expect("written");
    assert_eq!(pairs(folder.path(), &["manifest.yaml"]), [["in/a.txt", "in/b.txt"]]);
    let notes = format!("notes: {PASSAGE}\n");
    fs::write(folder.path().join("notes.yaml"), notes).expect("written");
    assert_eq!(
        pairs(folder.path(), &["notes.yaml", "in/b.txt"]),
        [["in/b.txt", "notes.yaml"]]
    );
}

/// Many texts that share passages, as files and as records.
fn shared() -> tempfile::TempDir {
    let text = |number: usize| {
        let shared = [PASSAGE, EDITED][number % 2];
        format!(
            "{}{shared}\n\n{}{}",
            filler(number),
            filler(number / 2),
            filler(1000 + number)
        )
    };
    let shard: String = (0..40)
        .map(|number| record(&format!("r{number}"), &text(number)))
        .collect();
    let texts: Vec<(String, String)> = (0..20)
        .map(|number| (format!("t/{number}.txt"), text(number)))
        .collect();
    let mut files: Vec<(&str, &[u8])> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_bytes()))
        .collect();
    files.push(("s.jsonl", shard.as_bytes()));
    folder(&files)
}

#[test]
fn the_same_bytes_however_it_is_asked() {
    let folder = shared();
    for format in ["full", "summary", "jsonl", "json"] {
        let said = |args: &[&str]| {
            let mut command = vidimus_in(folder.path());
            let (code, out, err) = run(command.args(["duplicates", "--format", format]).args(args));
            assert_eq!((code, err.as_str()), (Some(0), ""), "{args:?}");
            out
        };
        let expected = said(&["t", "s.jsonl"]);
        assert!(expected.contains("s.jsonl"), "{expected}");
        for args in [
            &["s.jsonl", "t"][..],
            &["t", "./s.jsonl", "t/3.txt", "t/../s.jsonl", "--threads", "1"],
            &["."],
            &["s.jsonl", "t", "--threads", "2", "--memory", "1M", "--temp-dir", "t"],
        ] {
            assert!(said(args) == expected, "{format} {args:?}");
        }
    }
    let left = fs::read_dir(folder.path().join("t")).expect("listed").count();
    assert_eq!(left, 20, "something is left in the temporary folder");
}

#[test]
fn texts_cannot_speak_to_the_terminal() {
    let text = PASSAGE.replace(" lamps", " \u{1b}[31mlamps\u{9b}2J\u{202e}");
    let other = text.replace("forty", "\u{1b}]0;fifty\u{7}");
    let folder = folder(&[("a\u{1b}[1m.txt", text.as_bytes()), ("b.txt", other.as_bytes())]);
    for format in ["full", "summary"] {
        let (_, out, err) = run(vidimus_in(folder.path()).args(["duplicates", ".", "--format", format]));
        let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!out.contains(obeyed) && !err.contains(obeyed), "{out}");
    }
}

#[test]
fn quiet_prints_no_counts() {
    let folder = folder(&[("a.txt", filler(5).as_bytes())]);
    let said = |args: &[&str]| run(vidimus_in(folder.path()).args(["duplicates", "a.txt"]).args(args)).1;
    assert_eq!(said(&["-q"]), "");
    assert!(said(&[]).starts_with("1 text, "), "{}", said(&[]));
}
