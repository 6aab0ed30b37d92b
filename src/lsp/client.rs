//! What an editor and the server say of themselves when they begin. Only what is needed is read of that, so that an editor that says more, or says it
//! in a newer way, is understood.

use std::path::PathBuf;
use std::time::Duration;

use lsp_types::notification::{DidChangeWatchedFiles, Notification as _};
use lsp_types::{CodeActionKind, PositionEncodingKind, TextDocumentSyncKind, Uri};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::actions::FIX_ALL;
use super::diagnostics::SOURCE;
use super::place::path_of;
use super::positions::Encoding;

/// The editor.
#[derive(Debug, Default)]
pub(super) struct Client {
    /// What its columns count.
    pub(super) encoding: Encoding,
    /// Whether it can be told which version of a text an edit is for.
    pub(super) versioned_edits: bool,
    /// Whether it asks for the edit of an action when it is wanted.
    pub(super) lazy_edits: bool,
    /// Whether it can watch files for the server.
    pub(super) watches_files: bool,
    /// The folders that it has open.
    pub(super) folders: Vec<PathBuf>,
    /// The manifest that it names, as it names it.
    pub(super) manifest: Option<PathBuf>,
    /// How long it wants a pause in typing to be.
    pub(super) pause: Option<Duration>,
}

impl Client {
    /// From the parameters of `initialize`.
    pub(super) fn new(params: &Value) -> Self {
        let encodings: Vec<PositionEncodingKind> = list(params, "/capabilities/general/positionEncodings");
        let lazy: Vec<String> = list(
            params,
            "/capabilities/textDocument/codeAction/resolveSupport/properties",
        );
        let folders = list::<Value>(params, "/workspaceFolders");
        let named = folders.iter().filter_map(|folder| folder.get("uri"));
        let named: Vec<PathBuf> = named.filter_map(path).collect();
        let root = params.get("rootUri").and_then(path);
        let option = |name: &str| params.pointer("/initializationOptions")?.get(name);
        let can = |pointer| params.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        Self {
            encoding: Encoding::negotiate(&encodings),
            versioned_edits: can("/capabilities/workspace/workspaceEdit/documentChanges"),
            lazy_edits: lazy.iter().any(|property| property == "edit"),
            watches_files: can("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration"),
            manifest: option("manifest").and_then(Value::as_str).map(PathBuf::from),
            pause: option("debounce").and_then(Value::as_u64).map(Duration::from_millis),
            folders: if named.is_empty() {
                root.into_iter().collect()
            } else {
                named
            },
        }
    }
}

/// What the server can do, for the answer to `initialize`.
pub(super) fn capabilities(encoding: Encoding) -> Value {
    json!({
        "capabilities": {
            "positionEncoding": encoding.kind(),
            "textDocumentSync": {"openClose": true, "change": TextDocumentSyncKind::INCREMENTAL, "save": true},
            "hoverProvider": true,
            "codeActionProvider": {"codeActionKinds": [CodeActionKind::QUICKFIX, FIX_ALL], "resolveProvider": true},
            "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
        },
        "serverInfo": {"name": SOURCE, "version": env!("CARGO_PKG_VERSION")},
    })
}

/// What the server wants to hear of, as parameters of `client/registerCapability`.
pub(super) fn watches() -> Value {
    let watchers = WATCHED.map(|pattern| json!({"globPattern": pattern}));
    let method = DidChangeWatchedFiles::METHOD;
    json!({"registrations": [{"id": "files", "method": method, "registerOptions": {"watchers": watchers}}]})
}

/// Files whose changes outside the editor matter: the configuration, manifests and texts.
const WATCHED: [&str; 3] = ["**/{vidimus,.vidimus}.toml", "**/*.{yaml,yml}", "**/*.{txt,text,md}"];

fn path(uri: &Value) -> Option<PathBuf> {
    path_of(&uri.as_str()?.parse::<Uri>().ok()?)
}

/// The items of a list that are what they should be.
fn list<T: DeserializeOwned>(params: &Value, pointer: &str) -> Vec<T> {
    let items = params.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| serde_json::from_value(item.clone()).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_before_the_root() {
        let both = json!({"rootUri": "file:///a", "workspaceFolders": [{"uri": "file:///b", "name": "b"}, {"uri": 1}]});
        assert_eq!(Client::new(&both).folders, [PathBuf::from("/b")]);
        let root = json!({"rootUri": "file:///a", "workspaceFolders": null});
        assert_eq!(Client::new(&root).folders, [PathBuf::from("/a")]);
        assert!(Client::new(&Value::Null).folders.is_empty());
    }

    #[test]
    fn it_may_name_a_manifest_and_a_pause() {
        let client = Client::new(&json!({"initializationOptions": {"manifest": "texts.yaml", "debounce": 50}}));
        assert_eq!(client.manifest, Some(PathBuf::from("texts.yaml")));
        assert_eq!(client.pause, Some(Duration::from_millis(50)));
        for odd in [json!(null), json!([]), json!({"manifest": 1, "debounce": -1})] {
            let client = Client::new(&json!({"initializationOptions": odd}));
            assert_eq!((client.manifest, client.pause), (None, None));
        }
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        let odd = json!({"capabilities": {"general": {"positionEncodings": [1, "utf-9", "utf-8"]}, "workspace": 7}});
        let client = Client::new(&odd);
        assert_eq!((client.encoding, client.versioned_edits), (Encoding::Utf8, false));
    }
}
