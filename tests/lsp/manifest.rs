//! Findings in the manifest, and what the configuration says.

use std::fs;

use serde_json::json;

use super::editor::Editor;
use crate::support::corpus;
use crate::{TEXT, of_rule, rules};

fn is_empty(said: &serde_json::Value) -> bool {
    said["diagnostics"].as_array().is_some_and(Vec::is_empty)
}

#[test]
fn a_bad_date_is_underlined_in_the_buffer_of_the_manifest() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let recorded = fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    let mut editor = Editor::open(folder.path(), &[]);
    let bad = recorded.replace("2011-10-18", "2011-02-30");
    editor.did_open("manifest.yaml", &bad);
    let found = editor.diagnostics("manifest.yaml", |said| !is_empty(said));
    let date = of_rule(&found, "manifest/invalid-date");
    assert_eq!(date["range"]["start"], json!({"line": 8, "character": 18}));
    assert_eq!(date["range"]["end"], json!({"line": 8, "character": 28}));
    editor.did_change(
        "manifest.yaml",
        2,
        json!({"range": date["range"], "text": "2011-10-18"}),
    );
    assert!(
        editor
            .diagnostics("manifest.yaml", |said| said["version"] == 2)
            .is_empty()
    );
    editor.close();
}

#[test]
fn what_is_no_yaml_is_told_where_it_stands() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let recorded = fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("manifest.yaml", &recorded);
    editor.diagnostics("a.txt", |said| !is_empty(said));
    editor.did_change("manifest.yaml", 2, json!({"text": format!("{recorded}x: [\n")}));
    let found = editor.diagnostics("manifest.yaml", |said| said["version"] == 2);
    assert_eq!((found.len(), &found[0]["severity"]), (1, &json!(1)));
    assert!(
        found[0]["range"]["start"]["line"]
            .as_u64()
            .is_some_and(|line| line >= 9),
        "{found:?}"
    );
    editor.did_change("manifest.yaml", 3, json!({"text": recorded}));
    assert!(
        editor
            .diagnostics("manifest.yaml", |said| said["version"] == 3)
            .is_empty()
    );
    editor.close();
}

#[test]
fn a_shard_is_a_part_of_the_manifest() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let recorded = fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    let (head, entries) = recorded.split_once("entries:\n").expect("entries");
    let shard = format!("vidimus: 1\nentries:\n{}", entries.replace("2011-10-18", "2011-13-18"));
    let digest = vidimus::digest::Algorithm::Sha256.digest(shard.as_bytes());
    fs::write(folder.path().join("s.yaml"), &shard).expect("written");
    let top = format!("{head}entries_from: [{{path: s.yaml, sha256: {digest}}}]\n");
    fs::write(folder.path().join("manifest.yaml"), top).expect("written");
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("s.yaml", &shard);
    let found = editor.diagnostics("s.yaml", |said| !is_empty(said));
    assert_eq!(of_rule(&found, "manifest/invalid-date")["range"]["start"]["line"], 5);
    let good = shard.replace("2011-13-18", "2011-10-18");
    editor.did_change("s.yaml", 2, json!({"text": good}));
    assert!(editor.diagnostics("s.yaml", |said| said["version"] == 2).is_empty());
    let found = editor.diagnostics("manifest.yaml", |said| !is_empty(said));
    assert_eq!(rules(&found), ["manifest/invalid-shard"]);
    editor.close();
}

#[test]
fn an_entry_says_what_became_of_its_text() {
    let folder = corpus(&[
        ("a.txt", TEXT.as_bytes()),
        ("b.txt", b"The mill stood still for a week.\n"),
    ]);
    fs::write(folder.path().join("b.txt"), "The mill stood still for a year.\n").expect("written");
    let recorded = fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("manifest.yaml", &recorded);
    editor.diagnostics("b.txt", |said| !is_empty(said));
    let state = |editor: &mut Editor, line| {
        let shown = editor.hover("manifest.yaml", &json!({"line": line, "character": 15}));
        shown["contents"]["value"].as_str().map(str::to_owned)
    };
    assert_eq!(
        state(&mut editor, 6).as_deref(),
        Some("On disk, this text is **verified**.\n")
    );
    assert_eq!(
        state(&mut editor, 11).as_deref(),
        Some("On disk, this text is **changed**.\n")
    );
    assert_eq!(state(&mut editor, 7), None);
    editor.close();
}

#[test]
fn the_configuration_is_read_again_when_it_is_saved() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    editor.diagnostics("a.txt", |said| said["version"] == 1);
    let write = |text: &str| fs::write(folder.path().join("vidimus.toml"), text).expect("written");
    write("ignore = [\"layout/trailing-space\"]\ndocs = \"https://example.org/vidimus/\"\n");
    editor.did_save("vidimus.toml");
    let found = editor.diagnostics("a.txt", |said| !is_empty(said));
    assert_eq!(rules(&found), ["layout/stray-label"]);
    let page = "https://example.org/vidimus/rules/layout/stray-label.html";
    assert_eq!(found[0]["codeDescription"]["href"], page);
    write("\nignroe = []\n");
    editor.did_save("vidimus.toml");
    let found = editor.diagnostics("vidimus.toml", |said| !is_empty(said));
    assert_eq!(found[0]["range"]["start"], json!({"line": 1, "character": 0}));
    write("");
    let changed = json!({"changes": [{"uri": editor.uri("vidimus.toml"), "type": 2}]});
    editor.tell("workspace/didChangeWatchedFiles", changed);
    assert!(editor.diagnostics("vidimus.toml", is_empty).is_empty());
    editor.close();
}
