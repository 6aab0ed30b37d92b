//! The server: one loop that reads messages, and one check at a time on a thread of its own.
//!
//! A check begins when no message waits, and after a change of a text only when nothing was typed for a while or somebody asks a question
//! about it, so that a burst of keystrokes is checked once. A change stops the check that runs; questions about a text that is being
//! checked wait for its end, all others are answered meanwhile.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeAction, CodeActionParams, DidChangeTextDocumentParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, HoverParams,
    PublishDiagnosticsParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::actions::{Asked, Wanted};
use super::buffer::Buffer;
use super::check::{Checked, Job};
use super::client::{Client, capabilities, watches};
use super::diagnostics::of_error;
use super::frame::{self, Frame};
use super::hover::hover;
use super::place::{manifest_above, path_of, plain, uri_of};
use super::sheet::Sheet;
use super::site::Site;
use crate::error::{Error, Result};
use crate::whole;

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The editor has said good-bye.
    Orderly,
    /// The editor has gone without a word.
    Abrupt,
}

/// What is asked of a server when it starts; an editor may say otherwise.
#[derive(Clone, Debug)]
pub struct Start {
    /// The manifest, in place of the nearest `manifest.yaml` of each text; relative to the folders that the editor has open.
    pub manifest: Option<PathBuf>,
    /// How long nothing must be typed before a check begins.
    pub pause: Duration,
}

/// Answers an editor until it goes. `log` is told what happens.
///
/// # Errors
/// [`Error::Io`] where no temporary folder can be made, or the answers cannot be written.
pub fn serve(input: impl Read + Send + 'static, output: impl Write, start: Start, log: &dyn Fn(&str)) -> Result<End> {
    let (sender, events) = channel();
    let scratch = TempDir::new().map_err(|error| Error::io("write to", std::env::temp_dir(), error))?;
    let mut server = Server {
        output,
        log,
        start,
        typed: None,
        events: sender.clone(),
        client: None,
        sites: BTreeMap::new(),
        buffers: BTreeMap::new(),
        running: None,
        held: Vec::new(),
        scratch,
        is_down: false,
    };
    thread::spawn(move || listen(input, &sender));
    match server.run(&events) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(End::Abrupt),
        end => end.map_err(|error| Error::io("write to", "standard output", error)),
    }
}

/// What the loop waits for.
enum Event {
    Read(Frame),
    /// Nothing more will be read.
    Closed,
    /// The check of a corpus has ended.
    Checked(PathBuf, Box<Result<Checked>>),
}

/// Reads what the editor says. Where nobody listens any more, the server has ended.
fn listen(input: impl Read, events: &Sender<Event>) {
    let mut input = BufReader::new(input);
    while let Ok(Some(frame)) = frame::read(&mut input) {
        if events.send(Event::Read(frame)).is_err() {
            return;
        }
    }
    drop(events.send(Event::Closed));
}

struct Server<'l, W> {
    output: W,
    log: &'l dyn Fn(&str),
    start: Start,
    /// When a text was changed last, where that is still to be checked.
    typed: Option<Instant>,
    events: Sender<Event>,
    client: Option<Client>,
    sites: BTreeMap<PathBuf, Site>,
    buffers: BTreeMap<PathBuf, Buffer>,
    /// The manifest that is being checked, and how to stop that.
    running: Option<(PathBuf, Arc<AtomicUsize>)>,
    /// Requests that wait for the end of a check.
    held: Vec<Request>,
    scratch: TempDir,
    is_down: bool,
}

impl<W: Write> Server<'_, W> {
    fn run(&mut self, events: &Receiver<Event>) -> io::Result<End> {
        loop {
            let event = match events.try_recv() {
                Err(TryRecvError::Empty) => self.wait(events),
                other => other.unwrap_or(Event::Closed),
            };
            match event {
                Event::Closed => return Ok(End::Abrupt),
                Event::Checked(manifest, checked) => self.end_check(&manifest, *checked)?,
                Event::Read(Frame::Message(Message::Notification(one))) if one.method == "exit" => {
                    return Ok(if self.is_down { End::Orderly } else { End::Abrupt });
                }
                Event::Read(frame) => self.read(frame)?,
            }
        }
    }

    /// Waits for the next event. A check begins first, unless somebody may still be typing.
    fn wait(&mut self, events: &Receiver<Event>) -> Event {
        let typed = self.typed.filter(|_| self.held.is_empty() && self.running.is_none());
        if let Some(typed) = typed {
            let left = self.start.pause.saturating_sub(typed.elapsed());
            match events.recv_timeout(left) {
                Err(RecvTimeoutError::Timeout) => {}
                event => return event.unwrap_or(Event::Closed),
            }
        }
        self.begin_check();
        events.recv().unwrap_or(Event::Closed)
    }

    fn read(&mut self, frame: Frame) -> io::Result<()> {
        match frame {
            Frame::Malformed(why) => {
                (self.log)(&format!("malformed: {why}"));
                frame::write_refusal(&why, &mut self.output)
            }
            Frame::Message(Message::Request(request)) => {
                (self.log)(&format!("request {}: {}", request.id, request.method));
                self.request(request)
            }
            Frame::Message(Message::Notification(notification)) => {
                (self.log)(&format!("notification: {}", notification.method));
                self.notification(notification)
            }
            Frame::Message(Message::Response(_)) => Ok(()),
        }
    }

    fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        frame::write(&message.into(), &mut self.output)
    }

    fn notify(&mut self, method: &str, params: Value) -> io::Result<()> {
        let method = method.to_owned();
        self.send(Notification { method, params })
    }

    fn answer(&mut self, id: RequestId, result: Value) -> io::Result<()> {
        self.send(Response {
            id,
            result: Some(result),
            error: None,
        })
    }

    fn refuse(&mut self, id: RequestId, code: ErrorCode, why: &str) -> io::Result<()> {
        self.send(Response::new_err(id, code as i32, why.to_owned()))
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        let Request { id, method, params } = request.clone();
        match (method.as_str(), &self.client) {
            ("initialize", None) => self.initialize(id, &params),
            (_, None) => self.refuse(id, ErrorCode::ServerNotInitialized, "begin with `initialize`"),
            ("initialize", _) => self.refuse(id, ErrorCode::InvalidRequest, "it has begun already"),
            _ if self.is_down => self.refuse(id, ErrorCode::InvalidRequest, "it was shut down"),
            ("shutdown", _) => {
                self.is_down = true;
                self.stop();
                self.answer(id, Value::Null)
            }
            ("textDocument/codeAction", _) => {
                let reply = self.actions(params);
                self.reply(request, reply)
            }
            ("codeAction/resolve", _) => {
                let reply = self.resolve(params);
                self.reply(request, reply)
            }
            ("textDocument/hover", _) => {
                let reply = self.hover(params);
                self.reply(request, reply)
            }
            _ => self.refuse(id, ErrorCode::MethodNotFound, &format!("`{method}` is not known")),
        }
    }

    fn reply(&mut self, request: Request, reply: Option<Reply>) -> io::Result<()> {
        match reply {
            Some(Reply::Now(result)) => self.answer(request.id, result),
            Some(Reply::Failed(why)) => self.refuse(request.id, ErrorCode::RequestFailed, &why),
            Some(Reply::Later) => {
                self.held.push(request);
                Ok(())
            }
            None => {
                let why = "the parameters are not those of the method";
                self.refuse(request.id, ErrorCode::InvalidParams, why)
            }
        }
    }

    fn initialize(&mut self, id: RequestId, params: &Value) -> io::Result<()> {
        let client = Client::new(params);
        let encoding = client.encoding;
        self.start = Start {
            manifest: client.manifest.clone().or(self.start.manifest.take()),
            pause: client.pause.unwrap_or(self.start.pause),
        };
        client.folders.iter().for_each(|folder| self.add_folder(folder));
        self.add_named(client.folders.first().map(PathBuf::as_path));
        self.client = Some(client);
        self.answer(id, capabilities(encoding))
    }

    fn notification(&mut self, notification: Notification) -> io::Result<()> {
        if self.client.is_none() || self.is_down {
            return Ok(());
        }
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => return self.watch(),
            "$/cancelRequest" => return self.cancel(&params),
            "workspace/didChangeWorkspaceFolders" => return self.change_folders(params),
            "textDocument/didOpen" => self.open(params),
            "textDocument/didChange" => self.change(params),
            "textDocument/didSave" => self.saved(params),
            "textDocument/didClose" => self.close(params),
            "workspace/didChangeWatchedFiles" | "workspace/didChangeConfiguration" => {
                self.touch(|_| true);
                Some(())
            }
            _ => Some(()),
        }
        .unwrap_or_else(|| (self.log)("its parameters are not those of the method"));
        Ok(())
    }

    fn watch(&mut self) -> io::Result<()> {
        if !self.client.as_ref().is_some_and(|client| client.watches_files) {
            return Ok(());
        }
        self.send(Request {
            id: RequestId::from("files".to_owned()),
            method: "client/registerCapability".to_owned(),
            params: watches(),
        })
    }

    fn cancel(&mut self, params: &Value) -> io::Result<()> {
        let id = params.get("id").cloned().map(serde_json::from_value::<RequestId>);
        let Some(Ok(id)) = id else { return Ok(()) };
        let waiting = self.held.iter().position(|request| request.id == id);
        match waiting {
            Some(at) => {
                self.held.remove(at);
                self.refuse(id, ErrorCode::RequestCanceled, "it was cancelled")
            }
            None => Ok(()),
        }
    }
}

/// The answer to a request.
enum Reply {
    Now(Value),
    Failed(String),
    /// When the check has ended.
    Later,
}

/// Parameters of a method; `None` where they are not.
fn take<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

/// The corpora and the open texts.
impl<W: Write> Server<'_, W> {
    fn add_folder(&mut self, folder: &Path) {
        let manifest = self.manifest_of(folder);
        if manifest.is_file() {
            self.add(manifest);
        }
    }

    /// Where a folder that the editor has open has its manifest.
    fn manifest_of(&self, folder: &Path) -> PathBuf {
        match &self.start.manifest {
            Some(named) => plain(&folder.join(named)),
            None => folder.join("manifest.yaml"),
        }
    }

    /// A manifest that was named is there, or it is told that it is not: nothing else is looked for.
    fn add_named(&mut self, folder: Option<&Path>) {
        let Some(named) = self.start.manifest.as_ref().filter(|_| self.sites.is_empty()) else {
            return;
        };
        let named = folder.map_or_else(|| named.clone(), |folder| folder.join(named));
        if let Ok(named) = std::path::absolute(named) {
            self.add(plain(&named));
        }
    }

    /// Adds the corpus of a text.
    fn add_above(&mut self, path: &Path) {
        let above = match &self.start.manifest {
            Some(_) => None,
            None => manifest_above(path),
        };
        if let Some(manifest) = above {
            self.add(manifest);
        }
    }

    fn add(&mut self, manifest: PathBuf) {
        let site = || Site::new(manifest.clone());
        self.sites.entry(manifest.clone()).or_insert_with(site);
    }

    fn change_folders(&mut self, params: Value) -> io::Result<()> {
        let Some(params) = take::<DidChangeWorkspaceFoldersParams>(params) else {
            return Ok(());
        };
        for folder in params.event.removed.iter().filter_map(|folder| path_of(&folder.uri)) {
            if let Some(mut site) = self.sites.remove(&self.manifest_of(&folder)) {
                for (path, (_, diagnostics)) in site.publish(BTreeMap::new(), |_| None) {
                    self.publish(&path, None, diagnostics)?;
                }
            }
        }
        let added = params.event.added.iter().filter_map(|folder| path_of(&folder.uri));
        added.for_each(|folder| self.add_folder(&folder));
        Ok(())
    }

    fn open(&mut self, params: Value) -> Option<()> {
        let document = take::<DidOpenTextDocumentParams>(params)?.text_document;
        let path = path_of(&document.uri)?;
        self.add_above(&path);
        let buffer = Buffer {
            uri: document.uri,
            path: path.clone(),
            version: document.version,
            text: document.text,
            changed: false,
        };
        let content = buffer.content();
        self.buffers.insert(path.clone(), buffer);
        // Any other text was checked, or is being checked, as the editor shows it.
        if content.unsaved || content.hidden > 0 {
            self.touch(|site| site.hangs_on(&path));
        }
        Some(())
    }

    fn change(&mut self, params: Value) -> Option<()> {
        let params = take::<DidChangeTextDocumentParams>(params)?;
        let encoding = self.client.as_ref()?.encoding;
        let path = path_of(&params.text_document.uri)?;
        let buffer = self.buffers.get_mut(&path)?;
        buffer.version = params.text_document.version;
        params
            .content_changes
            .iter()
            .for_each(|change| buffer.apply(change, encoding));
        self.typed = Some(Instant::now());
        self.touch(|site| site.hangs_on(&path));
        Some(())
    }

    fn saved(&mut self, params: Value) -> Option<()> {
        let path = path_of(&take::<DidSaveTextDocumentParams>(params)?.text_document.uri)?;
        if let Some(buffer) = self.buffers.get_mut(&path) {
            buffer.changed = false;
        }
        self.add_above(&path);
        self.typed = None;
        let configures = path.extension().is_some_and(|extension| extension == "toml");
        self.touch(|site| configures || site.hangs_on(&path));
        Some(())
    }

    fn close(&mut self, params: Value) -> Option<()> {
        let path = path_of(&take::<DidCloseTextDocumentParams>(params)?.text_document.uri)?;
        self.buffers.remove(&path)?;
        self.touch(|site| site.hangs_on(&path));
        Some(())
    }

    /// Has corpora checked again.
    fn touch(&mut self, concerns: impl Fn(&Site) -> bool) {
        for site in self.sites.values_mut().filter(|site| concerns(site)) {
            site.due = true;
            if let Some((running, stop)) = &self.running
                && *running == site.manifest
            {
                stop.store(1, Ordering::Relaxed);
            }
        }
    }
}

/// Checks.
impl<W: Write> Server<'_, W> {
    fn stop(&self) {
        if let Some((_, stop)) = &self.running {
            stop.store(1, Ordering::Relaxed);
        }
    }

    fn begin_check(&mut self) {
        let Some(client) = self.client.as_ref().filter(|_| !self.is_down && self.running.is_none()) else {
            return;
        };
        let Some(site) = self.sites.values_mut().find(|site| site.due) else {
            return;
        };
        site.due = false;
        self.typed = None;
        let stop = Arc::new(AtomicUsize::new(0));
        let below = |buffer: &&Buffer| site.below(&buffer.path).is_some();
        let job = Job {
            manifest: site.manifest.clone(),
            buffers: self.buffers.values().filter(below).cloned().collect(),
            encoding: client.encoding,
            scratch: self.scratch.path().to_owned(),
            stop: stop.clone(),
        };
        (self.log)(&format!("check {}", job.manifest.display()));
        self.running = Some((job.manifest.clone(), stop));
        let events = self.events.clone();
        thread::spawn(move || {
            let fault = |_| Err(Error::Refused("the check has ended by a fault of vidimus".to_owned()));
            let checked = catch_unwind(AssertUnwindSafe(|| job.run())).unwrap_or_else(fault);
            drop(events.send(Event::Checked(job.manifest, Box::new(checked))));
        });
    }

    /// Takes what a check has found, unless it is to be made again anyway.
    fn end_check(&mut self, manifest: &Path, checked: Result<Checked>) -> io::Result<()> {
        self.running = None;
        if let Some(site) = self.sites.get_mut(manifest).filter(|site| !site.due) {
            let found = match checked {
                Ok(checked) => {
                    site.complaint = None;
                    site.checked = Some(checked);
                    site.found()
                }
                Err(error) => return self.complain(manifest, &error),
            };
            self.tell(manifest, found)?;
        }
        self.settle()
    }

    /// Answers what has waited for a check.
    fn settle(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        held.into_iter().try_for_each(|request| self.request(request))
    }

    /// Tells the editor what is found now and was not told yet. An open text is told of even where nothing is found.
    fn tell(&mut self, manifest: &Path, mut found: BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>>) -> io::Result<()> {
        let Some(site) = self.sites.get_mut(manifest) else {
            return Ok(());
        };
        for path in self.buffers.keys().filter(|path| site.hangs_on(path)) {
            found.entry(path.clone()).or_default();
        }
        let buffers = &self.buffers;
        let news = site.publish(found, |path| buffers.get(path).map(|buffer| buffer.version));
        (self.log)(&format!("{} files have news", news.len()));
        news.into_iter()
            .try_for_each(|(path, (version, diagnostics))| self.publish(&path, version, diagnostics))
    }

    fn publish(
        &mut self,
        path: &Path,
        version: Option<i32>,
        diagnostics: Vec<lsp_types::Diagnostic>,
    ) -> io::Result<()> {
        let open = self.buffers.get(path).map(|buffer| buffer.uri.clone());
        let Some(uri) = open.or_else(|| uri_of(path)) else {
            return Ok(());
        };
        let params = PublishDiagnosticsParams {
            uri,
            diagnostics,
            version,
        };
        self.notify("textDocument/publishDiagnostics", json!(params))
    }

    /// Says why a check could not be made: in the file that is to blame, or else in a message, once.
    fn complain(&mut self, manifest: &Path, error: &Error) -> io::Result<()> {
        let encoding = self.client.as_ref().map(|client| client.encoding).unwrap_or_default();
        let Some(site) = self.sites.get_mut(manifest) else {
            return self.settle();
        };
        (self.log)(&format!("no check: {error}"));
        site.checked = None;
        let said = error.to_string();
        let placed = of_error(error, site.root(), encoding);
        if matches!(error, Error::Interrupted(_)) {
            return self.settle();
        }
        if !placed.is_empty() {
            let mut found = site.known();
            found.extend(placed);
            self.tell(manifest, found)?;
        } else if site.complaint.as_ref() != Some(&said) {
            site.complaint = Some(said.clone());
            let message = json!({"type": 1, "message": format!("vidimus: {said}")});
            self.notify("window/showMessage", message)?;
        }
        self.settle()
    }
}

/// Questions about a text.
impl<W: Write> Server<'_, W> {
    fn actions(&self, params: Value) -> Option<Reply> {
        let params = take::<CodeActionParams>(params)?;
        let only = params.context.only.as_deref();
        let actions = |asked: &Asked<'_>| Reply::Now(json!(asked.actions(params.range, only)));
        Some(self.about(&params.text_document.uri, actions))
    }

    fn resolve(&self, params: Value) -> Option<Reply> {
        let mut action = take::<CodeAction>(params)?;
        let wanted = take::<Wanted>(action.data.take()?)?;
        let resolved = |asked: &Asked<'_>| match asked.resolve(action, &wanted) {
            Ok(action) => Reply::Now(json!(action)),
            Err(error) => Reply::Failed(error.to_string()),
        };
        Some(self.about(&wanted.uri.parse().ok()?, resolved))
    }

    /// Answers what is asked about a text that was checked as the editor shows it; nothing where it is of no corpus.
    fn about(&self, uri: &Uri, answer: impl FnOnce(&Asked<'_>) -> Reply) -> Reply {
        let Some((site, path)) = self.site_of(uri) else {
            return Reply::Now(Value::Null);
        };
        if self.is_unsettled(site) {
            return Reply::Later;
        }
        let sheets = (self.sheet(&site.root().join(&path)), self.sheet(&site.manifest));
        let (Some(checked), (Some(sheet), Some(manifest))) = (&site.checked, sheets) else {
            return Reply::Now(Value::Null);
        };
        answer(&Asked {
            checked,
            path: &path,
            sheet: &sheet,
            manifest: &manifest,
            versioned: self.client.as_ref().is_some_and(|client| client.versioned_edits),
            lazy: self.client.as_ref().is_some_and(|client| client.lazy_edits),
        })
    }

    fn hover(&self, params: Value) -> Option<Reply> {
        let at = take::<HoverParams>(params)?.text_document_position_params;
        let shown = || {
            let (site, path) = self.site_of(&at.text_document.uri)?;
            let sheet = self.sheet(&site.root().join(&path))?;
            hover(site.checked.as_ref()?, &path, &sheet, at.position)
        };
        Some(Reply::Now(json!(shown())))
    }

    /// The corpus that a text belongs to, which is the innermost, and its path there.
    fn site_of(&self, uri: &Uri) -> Option<(&Site, String)> {
        let path = path_of(uri)?;
        let sites = self
            .sites
            .values()
            .filter_map(|site| Some((site, site.below(&path)?)))
            .filter(|(site, _)| site.hangs_on(&path));
        sites.min_by_key(|(_, below)| below.len())
    }

    /// Whether a check of it runs or is to begin.
    fn is_unsettled(&self, site: &Site) -> bool {
        let running = self
            .running
            .as_ref()
            .is_some_and(|(running, _)| *running == site.manifest);
        site.due || running
    }

    fn sheet(&self, path: &Path) -> Option<Sheet> {
        let encoding = self.client.as_ref()?.encoding;
        match self.buffers.get(path) {
            Some(buffer) => Some(Sheet::open(buffer, encoding)),
            None => Some(Sheet::closed(uri_of(path)?, whole::read(path).ok()?, encoding)),
        }
    }
}
