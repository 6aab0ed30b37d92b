//! An editor as a test needs one: it speaks the protocol over the streams of the program, and waits for what it expects.

use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::support::{PATIENCE, end_of, vidimus_in};

/// An editor and the server that it has started.
pub(crate) struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What came while something else was waited for.
    early: Vec<Value>,
    folder: PathBuf,
    next: i64,
}

impl Editor {
    /// Starts the server and leaves the rest to the test.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = vidimus_in(folder)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            input: child.stdin.take(),
            child,
            messages,
            early: Vec::new(),
            folder: folder.to_owned(),
            next: 0,
        }
    }

    /// Starts the server on a folder, with these position encodings.
    pub(crate) fn open(folder: &Path, encodings: &[&str]) -> Self {
        Self::open_with(folder, encodings, &[])
    }

    /// The same, for an editor that asks for these properties of an action when they are wanted.
    pub(crate) fn open_with(folder: &Path, encodings: &[&str], lazy: &[&str]) -> Self {
        let mut editor = Self::start(folder, &["lsp"]);
        let capabilities = json!({
            "general": {"positionEncodings": encodings},
            "workspace": {"workspaceEdit": {"documentChanges": true}},
            "textDocument": {"codeAction": {"resolveSupport": {"properties": lazy}}},
        });
        let folder = json!({"uri": uri(folder), "name": "corpus"});
        let params =
            json!({"processId": null, "rootUri": null, "workspaceFolders": [folder], "capabilities": capabilities});
        let answer = editor.ask("initialize", params);
        let agreed = if encodings.contains(&"utf-8") {
            "utf-8"
        } else {
            "utf-16"
        };
        assert_eq!(answer["capabilities"]["positionEncoding"], agreed);
        editor.tell("initialized", json!({}));
        editor
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("open");
        input.write_all(bytes).and_then(|()| input.flush()).expect("sent");
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// A notification.
    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// A request; gives its number.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        self.next
    }

    /// The whole answer to a request.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    /// A request and its result.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        let mut answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].take()
    }

    /// Waits for a message; keeps the others for later.
    pub(crate) fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.early.iter().position(&is_it) {
            return self.early.remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE);
            let message = message.unwrap_or_else(|error| panic!("{error}, after {:#?}", self.early));
            if is_it(&message) {
                return message;
            }
            self.early.push(message);
        }
    }

    /// Waits until something is said of a file that passes; gives its diagnostics. What was said of it before is forgotten.
    pub(crate) fn diagnostics(&mut self, path: &str, passes: impl Fn(&Value) -> bool) -> Vec<Value> {
        let uri = self.uri(path);
        let of_file =
            |message: &Value| message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri;
        let mut said = self.wait(|message| of_file(message) && passes(&message["params"]));
        self.early.retain(|message| !of_file(message));
        match said["params"]["diagnostics"].take() {
            Value::Array(diagnostics) => diagnostics,
            other => panic!("{other}"),
        }
    }

    /// The address of a file of the folder.
    pub(crate) fn uri(&self, path: &str) -> String {
        uri(&self.folder.join(path))
    }

    /// Opens a file with a text.
    pub(crate) fn did_open(&mut self, path: &str, text: &str) {
        let document = json!({"uri": self.uri(path), "languageId": "plaintext", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Changes an open file; a change without a range is the whole text.
    pub(crate) fn did_change(&mut self, path: &str, version: i32, change: Value) {
        let document = json!({"uri": self.uri(path), "version": version});
        self.tell(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": [change]}),
        );
    }

    /// Says that a file was saved.
    pub(crate) fn did_save(&mut self, path: &str) {
        let document = json!({"uri": self.uri(path)});
        self.tell("textDocument/didSave", json!({"textDocument": document}));
    }

    /// The actions for a range.
    pub(crate) fn actions(&mut self, path: &str, range: &Value, only: Option<&str>) -> Vec<Value> {
        let context = json!({"diagnostics": [], "only": only.map(|only| [only])});
        let params = json!({"textDocument": {"uri": self.uri(path)}, "range": range, "context": context});
        match self.ask("textDocument/codeAction", params) {
            Value::Array(actions) => actions,
            Value::Null => Vec::new(),
            other => panic!("{other}"),
        }
    }

    /// What is shown at a place.
    pub(crate) fn hover(&mut self, path: &str, position: &Value) -> Value {
        let params = json!({"textDocument": {"uri": self.uri(path)}, "position": position});
        self.ask("textDocument/hover", params)
    }

    /// Says good-bye; gives the code and what stood on standard error.
    pub(crate) fn close(mut self) -> (Option<i32>, String) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.leave()
    }

    /// Goes without a word; gives the same.
    pub(crate) fn leave(mut self) -> (Option<i32>, String) {
        drop(self.input.take());
        let (code, _, err) = end_of(self.child);
        (code, err)
    }
}

/// The text that edits of the editor make of one, for the file with this address. Columns are UTF-16.
pub(crate) fn edited(text: &str, action: &Value, uri: &str) -> String {
    let changes = action["edit"]["documentChanges"].as_array().expect("changes");
    let change = changes.iter().find(|change| change["textDocument"]["uri"] == uri);
    let edits = change.expect("of the file")["edits"].as_array().expect("edits");
    let mut ranges: Vec<_> = edits
        .iter()
        .map(|edit| {
            let range = byte(text, &edit["range"]["start"])..byte(text, &edit["range"]["end"]);
            (range, edit["newText"].as_str().expect("text"))
        })
        .collect();
    ranges.sort_by_key(|(range, _)| range.start);
    let mut made = text.to_owned();
    for (range, new) in ranges.into_iter().rev() {
        made.replace_range(range, new);
    }
    made
}

/// The byte at a place, counted here once more in the plainest way.
fn byte(text: &str, position: &Value) -> usize {
    let number = |name: &str| usize::try_from(position[name].as_u64().expect("a number")).expect("small");
    let start: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
    let mut left = number("character");
    for (at, letter) in text[start..].char_indices() {
        if left == 0 {
            return start + at;
        }
        left -= letter.len_utf16();
    }
    text.len()
}

fn uri(path: &Path) -> String {
    url::Url::from_file_path(path).expect("an absolute path").into()
}

fn read(output: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((_, value)) => length = value.parse().ok(),
            None => break,
        }
    }
    let mut body = vec![0; length?];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
