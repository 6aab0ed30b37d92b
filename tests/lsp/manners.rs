//! How the server begins and ends, and what it makes of what it does not understand.

use std::fs;

use serde_json::{Value, json};

use super::editor::Editor;
use crate::support::corpus;
use crate::{TEXT, rules};

const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const PARSE_ERROR: i32 = -32700;
const NOT_INITIALIZED: i32 = -32002;
const CANCELLED: i32 = -32800;

fn code(editor: &mut Editor, method: &str, params: Value) -> Value {
    let id = editor.request(method, params);
    editor.answer(id)["error"]["code"].clone()
}

#[test]
fn what_is_not_understood_is_refused() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::start(folder.path(), &["lsp"]);
    assert_eq!(code(&mut editor, "textDocument/hover", json!({})), NOT_INITIALIZED);
    editor.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(code(&mut editor, "initialize", json!({})), INVALID_REQUEST);
    assert_eq!(code(&mut editor, "textDocument/rename", json!({})), METHOD_NOT_FOUND);
    assert_eq!(
        code(&mut editor, "textDocument/codeAction", json!({"range": 1})),
        INVALID_PARAMS
    );
    editor.tell("textDocument/didChange", json!({"textDocument": []}));
    editor.tell("textDocument/didOpen", Value::Null);
    editor.tell("$/setTrace", json!({"value": "off"}));
    for bad in [
        "Content-Length: 1\r\n\r\n{",
        "Content-Length: no\r\n\r\n",
        "rubbish\r\n\r\n",
        "Content-Length: 2\r\n\r\n[]",
    ] {
        editor.send_raw(bad.as_bytes());
        let said = editor.wait(|message| message["id"].is_null() && message.get("error").is_some());
        assert_eq!(said["error"]["code"], PARSE_ERROR, "{bad}");
    }
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(code(&mut editor, "textDocument/hover", json!({})), INVALID_REQUEST);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.leave(), (Some(0), String::new()));
}

#[test]
fn an_editor_that_goes_without_a_word_leaves_the_code_1() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    assert_eq!(Editor::open(folder.path(), &[]).leave(), (Some(1), String::new()));
    let mut editor = Editor::open(folder.path(), &[]);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.leave().0, Some(1));
    let mut editor = Editor::start(folder.path(), &["lsp"]);
    editor.send_raw(b"Content-Length: 99999999999\r\n\r\n{}");
    assert_eq!(editor.leave(), (Some(1), String::new()));
}

#[test]
fn what_happens_is_told_to_whoever_asks() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::start(folder.path(), &["lsp", "--stdio", "--verbose"]);
    editor.ask("initialize", json!({"capabilities": {}}));
    let (code, err) = editor.close();
    assert_eq!(code, Some(0));
    assert!(err.starts_with("request 1: initialize\n"), "{err}");
}

#[test]
fn the_manifest_is_found_from_an_open_text_upward() {
    let folder = corpus(&[("deep/er/a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::open(&folder.path().join("deep"), &[]);
    editor.did_open("er/a.txt", TEXT);
    let found = editor.diagnostics("er/a.txt", |said| said["version"] == 1);
    assert_eq!(rules(&found), ["layout/stray-label", "layout/trailing-space"]);
    editor.close();
}

#[test]
fn a_text_of_no_corpus_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), TEXT).expect("written");
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    let everything = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    assert!(editor.actions("a.txt", &everything, None).is_empty());
    assert!(editor.hover("a.txt", &json!({"line": 2, "character": 5})).is_null());
    editor.close();
}

#[test]
fn other_questions_are_answered_while_a_check_runs() {
    let long = TEXT.repeat(4_000);
    let folder = corpus(&[("a.txt", TEXT.as_bytes()), ("long.txt", long.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    let range = json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 1}});
    let document = json!({"uri": editor.uri("a.txt")});
    let params = json!({"textDocument": document, "range": range, "context": {"diagnostics": []}});
    let waiting = editor.request("textDocument/codeAction", params);
    let hover = json!({"textDocument": document, "position": {"line": 0, "character": 0}});
    let other = editor.request("textDocument/hover", hover);
    editor.tell("$/cancelRequest", json!({"id": waiting}));
    let first = editor.wait(|message| message.get("id").is_some());
    assert_eq!((&first["id"], &first["result"]), (&json!(other), &Value::Null));
    assert_eq!(editor.answer(waiting)["error"]["code"], CANCELLED);
    assert_eq!(editor.close(), (Some(0), String::new()));
}

/// An editor that says hello for a folder, with these options of its own.
fn greeted(folder: &std::path::Path, arguments: &[&str], options: Value) -> Editor {
    let mut editor = Editor::start(folder, arguments);
    let uri = url::Url::from_file_path(folder).expect("an absolute path");
    let folders = json!([{"uri": uri.as_str(), "name": "corpus"}]);
    let params = json!({"capabilities": {}, "workspaceFolders": folders, "initializationOptions": options});
    editor.ask("initialize", params);
    editor.tell("initialized", json!({}));
    editor
}

#[test]
fn a_burst_of_keystrokes_is_checked_once() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    // Nothing but a question ends a pause of an hour, so that no machine is too slow for this.
    let hour = 3_600_000;
    for (arguments, options) in [
        (vec!["lsp", "--verbose", "--debounce", "3600000"], Value::Null),
        (vec!["lsp", "--verbose"], json!({"debounce": hour})),
    ] {
        let mut editor = greeted(folder.path(), &arguments, options);
        editor.did_open("a.txt", TEXT);
        editor.diagnostics("a.txt", |said| said["version"] == 1);
        for version in 2..8 {
            let text = format!("{TEXT}\nLine {version}.\n");
            editor.did_change("a.txt", version, json!({"text": text}));
        }
        let everything = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        editor.actions("a.txt", &everything, None);
        let (code, err) = editor.close();
        assert_eq!(code, Some(0));
        let checks = err.lines().filter(|line| line.starts_with("check ")).count();
        assert_eq!(checks, 2, "{err}");
    }
}

#[test]
fn a_pause_in_typing_ends_with_a_check() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = greeted(folder.path(), &["lsp", "--debounce", "1"], Value::Null);
    editor.did_open("a.txt", TEXT);
    editor.diagnostics("a.txt", |said| said["version"] == 1);
    editor.did_change("a.txt", 2, json!({"text": "The ford.\n"}));
    let found = editor.diagnostics("a.txt", |said| said["version"] == 2);
    assert!(!rules(&found).contains(&"layout/stray-label"), "{found:?}");
    editor.close();
}

#[test]
fn a_manifest_is_found_by_the_name_that_it_is_given() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    fs::rename(folder.path().join("manifest.yaml"), folder.path().join("texts.yaml")).expect("renamed");
    for (arguments, options) in [
        (vec!["lsp", "-m", "texts.yaml"], Value::Null),
        (vec!["lsp"], json!({"manifest": "texts.yaml"})),
        (vec!["lsp", "-m", "none.yaml"], json!({"manifest": "./x/../texts.yaml"})),
    ] {
        let mut editor = greeted(folder.path(), &arguments, options);
        editor.did_open("a.txt", TEXT);
        let found = editor.diagnostics("a.txt", |said| said["version"] == 1);
        assert_eq!(rules(&found), ["layout/stray-label", "layout/trailing-space"]);
        editor.close();
    }
}

#[test]
fn a_named_manifest_that_is_not_there_is_told() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = greeted(folder.path(), &["lsp", "-m", "texts.yaml"], Value::Null);
    let said = editor.wait(|message| message["method"] == "window/showMessage");
    let message = said["params"]["message"].as_str().expect("a message");
    assert!(
        message.contains("there is no manifest at") && message.contains("texts.yaml"),
        "{message}"
    );
    editor.close();
}
