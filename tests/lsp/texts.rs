//! Findings in texts: shown while somebody writes, mended by an edit, accepted in the manifest.

use std::fs;

use serde_json::json;

use super::editor::{Editor, edited};
use crate::support::{corpus, run, vidimus_in};
use crate::{TEXT, of_rule, rules, titled};

const BOTH: [&str; 2] = ["layout/stray-label", "layout/trailing-space"];

#[test]
fn a_fix_is_an_edit_of_the_buffer_and_its_finding_goes() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    let found = editor.diagnostics("a.txt", |said| said["version"] == 1);
    assert_eq!(rules(&found), BOTH);
    let label = of_rule(&found, "layout/stray-label");
    assert_eq!((&label["severity"], &label["source"]), (&json!(2), &json!("vidimus")));
    assert_eq!(label["range"]["start"], json!({"line": 2, "character": 0}));
    assert!(
        label["message"].as_str().is_some_and(|said| said.contains("\nhelp: ")),
        "{label}"
    );
    assert_eq!(label["data"]["fingerprint"].as_str().map(str::len), Some(16));

    let actions = editor.actions("a.txt", &label["range"], Some("quickfix"));
    let fix = titled(&actions, "Remove “Share this article” (safe)");
    assert_eq!((&fix["isPreferred"], &fix["kind"]), (&json!(true), &json!("quickfix")));
    let text = edited(TEXT, fix, &editor.uri("a.txt"));
    assert!(!text.contains("Share"), "{text}");
    editor.did_change("a.txt", 2, json!({"text": text}));
    let found = editor.diagnostics("a.txt", |said| said["version"] == 2);
    // The file is as it was, so nothing is said of its digest while the buffer differs.
    assert_eq!(rules(&found), ["layout/trailing-space"]);

    let all = editor.actions(
        "a.txt",
        &json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}),
        Some("source.fixAll"),
    );
    assert_eq!(all.len(), 1);
    let text = edited(&text, &all[0], &editor.uri("a.txt"));
    editor.did_change("a.txt", 3, json!({"text": text}));
    assert!(editor.diagnostics("a.txt", |said| said["version"] == 3).is_empty());
    assert_eq!(fs::read_to_string(folder.path().join("a.txt")).expect("read"), TEXT);
    assert_eq!(editor.close(), (Some(0), String::new()));
}

#[test]
fn all_safe_fixes_are_made_by_one_action() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    // Nothing was checked yet: the question waits for its answer.
    let actions = editor.actions("a.txt", &start, Some("source.fixAll.vidimus"));
    let all = titled(&actions, "Make 2 safe fixes of this text");
    let text = edited(TEXT, all, &editor.uri("a.txt"));
    assert_eq!(text, TEXT.replace("\nShare this article\n", "").replace("   \n", "\n"));
    editor.close();
}

#[test]
fn a_finding_is_accepted_by_an_edit_of_the_manifest() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let manifest = folder.path().join("manifest.yaml");
    let recorded = fs::read_to_string(&manifest).expect("read");
    let recorded = recorded.replace("    bytes:", "    # weighed twice\n    bytes:");
    fs::write(&manifest, &recorded).expect("written");
    let mut editor = Editor::open(folder.path(), &["utf-16"]);
    editor.did_open("a.txt", TEXT);
    let found = editor.diagnostics("a.txt", |said| said["version"] == 1);
    let label = of_rule(&found, "layout/stray-label");
    let actions = editor.actions("a.txt", &label["range"], None);
    let accept = titled(&actions, "Accept this finding");
    let accepted = edited(&recorded, accept, &editor.uri("manifest.yaml"));
    let fingerprint = label["data"]["fingerprint"].as_str().expect("one");
    let item = format!(
        "    accepted:\n      - rule: layout/stray-label\n        passage: \"{fingerprint}\"\n        reason: \"TODO: say why\"\n"
    );
    assert_eq!(accepted, format!("{recorded}{item}"));
    fs::write(&manifest, accepted).expect("written");
    editor.did_save("manifest.yaml");
    let found = editor.diagnostics("a.txt", |said| {
        said["diagnostics"].as_array().is_some_and(|all| all.len() == 1)
    });
    assert_eq!(rules(&found), ["layout/trailing-space"]);
    editor.close();
}

#[test]
fn the_edit_of_an_acceptance_is_made_when_it_is_wanted() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let recorded = fs::read_to_string(folder.path().join("manifest.yaml")).expect("read");
    let mut editor = Editor::open_with(folder.path(), &[], &["edit"]);
    editor.did_open("a.txt", TEXT);
    let label = json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}});
    let actions = editor.actions("a.txt", &label, None);
    let offered = titled(&actions, "Accept this finding");
    assert!(offered.get("edit").is_none(), "{offered}");
    let accept = editor.ask("codeAction/resolve", offered.clone());
    let accepted = edited(&recorded, &accept, &editor.uri("manifest.yaml"));
    assert!(
        accepted.contains("    accepted:\n      - rule: layout/stray-label\n"),
        "{accepted}"
    );
    editor.did_change("a.txt", 2, json!({"text": TEXT.replace("Share this article", "")}));
    let late = editor.request("codeAction/resolve", offered.clone());
    assert_eq!(editor.answer(late)["error"]["message"], "the finding is gone");
    editor.close();
}

#[test]
fn what_the_baseline_knows_is_not_shown() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let (code, _, err) = run(vidimus_in(folder.path()).args(["baseline", "write"]));
    assert_eq!(code, Some(0), "{err}");
    fs::write(
        folder.path().join("vidimus.toml"),
        "baseline = \"vidimus-baseline.json\"\n",
    )
    .expect("written");
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    assert!(editor.diagnostics("a.txt", |said| said["version"] == 1).is_empty());
    editor.close();
}

#[test]
fn columns_count_what_was_agreed_on() {
    for (encodings, extra) in [(&["utf-16"][..], 2), (&["utf-16", "utf-8"], 4)] {
        let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
        let mut editor = Editor::open(folder.path(), encodings);
        editor.did_open("a.txt", TEXT);
        let found = editor.diagnostics("a.txt", |said| said["version"] == 1);
        let line = TEXT.lines().nth(4).expect("a line").trim_end();
        let column = line.chars().count() - 1 + extra;
        let range = &of_rule(&found, "layout/trailing-space")["range"];
        assert_eq!(range["start"], json!({"line": 4, "character": column}), "{encodings:?}");
        assert_eq!(
            range["end"],
            json!({"line": 4, "character": column + 3}),
            "{encodings:?}"
        );
        // The same place leads back to the same byte: what is there is replaced, and no finding is left but the label.
        let change = json!({"range": range, "text": ""});
        editor.did_change("a.txt", 2, change);
        let found = editor.diagnostics("a.txt", |said| said["version"] == 2);
        assert_eq!(rules(&found), ["layout/stray-label"], "{encodings:?}");
        editor.close();
    }
}

#[test]
fn a_mismatch_is_that_of_the_file_and_stays_while_somebody_writes() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let other = TEXT.replace("ninth", "tenth");
    fs::write(folder.path().join("a.txt"), &other).expect("written");
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", &other);
    let found = editor.diagnostics("a.txt", |said| said["version"] == 1);
    let mismatch = of_rule(&found, "fixity/hash-mismatch");
    assert_eq!(mismatch["severity"], 1);
    let recorded = &mismatch["relatedInformation"][0]["location"];
    assert_eq!(recorded["uri"], editor.uri("manifest.yaml"));
    assert_eq!(recorded["range"]["start"], json!({"line": 6, "character": 12}));
    let said = mismatch["message"].clone();
    editor.did_change("a.txt", 2, json!({"text": format!("{other}A last line.\n")}));
    let found = editor.diagnostics("a.txt", |said| said["version"] == 2);
    assert_eq!(of_rule(&found, "fixity/hash-mismatch")["message"], said);
    // Back in the certified state, the buffer is right and the file is not, until it is saved.
    editor.did_change("a.txt", 3, json!({"text": TEXT}));
    let found = editor.diagnostics("a.txt", |said| said["version"] == 3);
    of_rule(&found, "fixity/hash-mismatch");
    fs::write(folder.path().join("a.txt"), TEXT).expect("written");
    editor.did_save("a.txt");
    let found = editor.diagnostics("a.txt", |said| {
        said["diagnostics"].as_array().is_some_and(|all| all.len() == 2)
    });
    assert_eq!(rules(&found), BOTH);
    editor.close();
}

#[test]
fn a_burst_of_changes_ends_in_one_state() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    let end = TEXT.lines().count();
    for version in 2..=60 {
        let place = json!({"line": end, "character": version - 2});
        editor.did_change(
            "a.txt",
            version,
            json!({"range": {"start": place, "end": place}, "text": "x"}),
        );
    }
    let found = editor.diagnostics("a.txt", |said| said["version"] == 60);
    assert!(rules(&found).contains(&"layout/stray-label"), "{found:?}");
    editor.did_change("a.txt", 61, json!({"text": TEXT}));
    let found = editor.diagnostics("a.txt", |said| said["version"] == 61);
    assert_eq!(rules(&found), BOTH);
    editor.close();
}

#[test]
fn a_text_that_is_closed_without_saving_is_that_of_its_file() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", "Only this.\n");
    editor.diagnostics("a.txt", |said| said["version"] == 1);
    let document = json!({"uri": editor.uri("a.txt")});
    editor.tell("textDocument/didClose", json!({"textDocument": document}));
    let found = editor.diagnostics("a.txt", |said| said["version"].is_null());
    assert_eq!(rules(&found), BOTH);
    editor.close();
}

#[test]
fn a_byte_order_mark_that_the_editor_hides_has_no_column() {
    let text = TEXT.replacen("The ferry", "The  ferry\t\nThe ferry", 1);
    let marked = format!("\u{feff}{text}");
    let folder = corpus(&[("a.txt", marked.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", &text);
    let found = editor.diagnostics("a.txt", |said| said["version"] == 1);
    assert!(rules(&found).contains(&"encoding/byte-order-mark"), "{found:?}");
    let range = &of_rule(&found, "layout/trailing-space")["range"];
    assert_eq!(range["start"], json!({"line": 0, "character": 10}));
    editor.did_change("a.txt", 2, json!({"range": range, "text": ""}));
    let found = editor.diagnostics("a.txt", |said| said["version"] == 2);
    assert_eq!(of_rule(&found, "layout/trailing-space")["range"]["start"]["line"], 5);
    editor.close();
}

#[test]
fn a_hover_is_the_page_of_the_rule() {
    let folder = corpus(&[("a.txt", TEXT.as_bytes())]);
    let mut editor = Editor::open(folder.path(), &[]);
    editor.did_open("a.txt", TEXT);
    editor.diagnostics("a.txt", |said| said["version"] == 1);
    let shown = editor.hover("a.txt", &json!({"line": 2, "character": 5}));
    assert_eq!(shown["contents"]["kind"], "markdown");
    let page = shown["contents"]["value"].as_str().expect("text");
    assert!(page.starts_with("# layout/stray-label\n"), "{page}");
    assert!(editor.hover("a.txt", &json!({"line": 0, "character": 5})).is_null());
    editor.close();
}
