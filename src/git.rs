//! The versions of a text in a Git repository around it, asked of the `git` program, because a text that differs from its
//! record often stands in the history as it was certified.
//!
//! A repository is as hostile as a corpus: its configuration may name programs for `git` to run. So only plumbing is called,
//! that shows no patch and writes nothing; hooks, the file monitor, replaced objects and every transport are switched off,
//! and nothing of the environment decides which repository it is. Names go to `git` as they are, never as patterns.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::digest::Digest;
use crate::error::{Error, Result};

/// So many versions of a text are looked at, newest first.
const VERSIONS: usize = 2_000;
/// A larger version is not read, in bytes.
const LARGEST: u64 = 1 << 30;

/// A repository, seen from one folder of it: all paths are relative to that folder, with `/`.
#[derive(Debug)]
pub struct Repository {
    folder: PathBuf,
    reader: Mutex<Option<Reader>>,
}

/// The texts of one revision: paths, and the object that each is.
pub type Paths = BTreeMap<String, String>;

impl Repository {
    /// The repository that a folder stands in; `None` where there is none, or no `git`, or it belongs to somebody else.
    pub fn around(folder: &Path) -> Option<Self> {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let repository = Self {
            folder: folder.to_owned(),
            reader: Mutex::new(None),
        };
        let said = repository.output(["rev-parse", "--is-inside-work-tree"]).ok()??;
        (said.trim_ascii() == b"true").then_some(repository)
    }

    /// The same, for whoever asked for it.
    ///
    /// # Errors
    /// [`Error::Usage`] where there is none, which says whether `git` is missing.
    pub fn required(folder: &Path) -> Result<Self> {
        Self::around(folder).ok_or_else(|| {
            let installed = Command::new("git")
                .arg("--version")
                .stdin(Stdio::null())
                .output()
                .is_ok();
            let why = match installed {
                true => "there is no Git repository around the manifest that `git` would read",
                false => "revisions are asked of the program `git`, which cannot be started; install it",
            };
            Error::Usage(why.to_owned())
        })
    }

    /// The version of a text that has a digest, among those that any branch, tag or stash has, and the one in the index.
    ///
    /// # Errors
    /// Where `git` does not answer as it should.
    pub fn version_with_digest(&self, path: &str, digest: &Digest) -> Result<Option<Vec<u8>>> {
        for object in self.versions(path)? {
            let Some(bytes) = self.blob(&object)? else { continue };
            if digest.algorithm().digest(&bytes) == *digest {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// The bytes of a text at a revision; `None` where that has no such file.
    ///
    /// # Errors
    /// [`Error::Usage`] where there is no such revision.
    pub fn file_at(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>> {
        let tree = self.tree(revision)?;
        let listed = self.output(["ls-tree", "-z", &tree, "--", path])?.unwrap_or_default();
        match files(&listed).remove(path) {
            Some(object) => self.blob(&object),
            None => Ok(None),
        }
    }

    /// All files at a revision that stand below the folder.
    ///
    /// # Errors
    /// [`Error::Usage`] where there is no such revision.
    pub fn paths_at(&self, revision: &str) -> Result<Paths> {
        let tree = self.tree(revision)?;
        let listed = self.output(["ls-tree", "-r", "-z", &tree])?.unwrap_or_default();
        Ok(files(&listed))
    }

    /// The bytes of an object; `None` where it is no blob, is not there, or is too large.
    ///
    /// # Errors
    /// Where `git` does not answer as it should.
    pub fn blob(&self, object: &str) -> Result<Option<Vec<u8>>> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match reader.take() {
            Some(open) => Ok(open),
            None => Reader::start(&self.folder),
        };
        // A reader that failed in the middle of an answer is not asked again.
        let failed = |error| Error::io("read with `git`", &self.folder, error);
        let mut open = open.map_err(failed)?;
        let read = open.read(object).map_err(failed)?;
        *reader = Some(open);
        Ok(read)
    }

    /// The objects that a path has been, newest first, each once; the index is the newest.
    fn versions(&self, path: &str) -> Result<Vec<String>> {
        let staged = self
            .output(["ls-files", "--stage", "-z", "--", path])?
            .unwrap_or_default();
        let mut objects: Vec<String> = records(&staged).filter_map(staged_object).collect();
        let mut child = self
            .command(["rev-list", "--objects", "--all", "--full-history", "--", path])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Error::io("start `git` in", &self.folder, error))?;
        if let Some(out) = child.stdout.take() {
            let lines = BufReader::new(out).split(b'\n').map_while(Result::ok);
            objects.extend(lines.filter_map(|line| named_object(&line, path)).take(VERSIONS));
        }
        end(&mut child);
        let mut seen = HashSet::new();
        objects.retain(|object| seen.insert(object.clone()));
        Ok(objects)
    }

    /// The tree of a revision, by its id.
    fn tree(&self, revision: &str) -> Result<String> {
        let unknown = || {
            Error::Usage(format!(
                "Git knows no revision {revision}; name a commit, a branch or a tag"
            ))
        };
        if revision.starts_with('-') || revision.contains(['\0', '\n']) {
            return Err(unknown());
        }
        let asked = format!("{revision}^{{tree}}");
        let said = self.output(["rev-parse", "--verify", "--quiet", "--end-of-options", &asked])?;
        let id = String::from_utf8_lossy(&said.ok_or_else(unknown)?).trim().to_owned();
        if is_object(&id) { Ok(id) } else { Err(unknown()) }
    }

    /// What a call prints; `None` where it fails.
    fn output<const N: usize>(&self, args: [&str; N]) -> Result<Option<Vec<u8>>> {
        let output = self
            .command(args)
            .output()
            .map_err(|error| Error::io("start `git` in", &self.folder, error))?;
        Ok(output.status.success().then_some(output.stdout))
    }

    fn command<const N: usize>(&self, args: [&str; N]) -> Command {
        let mut command = command(&self.folder);
        command.args(args).stdin(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// What nothing in a repository may change.
const SETTINGS: [&str; 6] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "core.quotePath=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
];

/// `git` in a folder, by the repository that the folder stands in and by nothing else.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_git(name)) {
        command.env_remove(name);
    }
    let environment = [
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_NO_REPLACE_OBJECTS", "1"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ALLOW_PROTOCOL", "none"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_PAGER", "cat"),
        ("LC_ALL", "C"),
    ];
    command.envs(environment).arg("-C").arg(folder).arg("--no-pager");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command
}

fn is_of_git(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with("GIT_")
}

/// A running `git cat-file --batch`: one process for all the objects that are read.
#[derive(Debug)]
struct Reader {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Reader {
    fn start(folder: &Path) -> std::io::Result<Self> {
        let mut child = command(folder)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(asks), Some(answers)) => Ok(Self {
                child,
                asks,
                answers: BufReader::new(answers),
            }),
            _ => Err(std::io::Error::other("it has no pipes")),
        }
    }

    /// As in `<id> blob 12`, the bytes, and a line feed; or `<id> missing`.
    fn read(&mut self, object: &str) -> std::io::Result<Option<Vec<u8>>> {
        if !is_object(object) {
            return Ok(None);
        }
        writeln!(self.asks, "{object}")?;
        self.asks.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let words: Vec<&str> = head.split_whitespace().collect();
        let (kind, size) = match words[..] {
            [_, kind, size] => (kind, size),
            [_, "missing"] => return Ok(None),
            _ => return Err(std::io::Error::other("it does not answer")),
        };
        let size: u64 = size.parse().map_err(std::io::Error::other)?;
        let mut part = self.answers.by_ref().take(size + 1);
        if kind != "blob" || size > LARGEST {
            std::io::copy(&mut part, &mut std::io::sink())?;
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        part.read_to_end(&mut bytes)?;
        let whole = bytes.len() as u64 == size + 1 && bytes.pop() == Some(b'\n');
        whole
            .then_some(Some(bytes))
            .ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends a process that has no more to say, so that none is left behind.
fn end(child: &mut Child) {
    drop(child.kill());
    drop(child.wait());
}

fn is_object(id: &str) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn records(listed: &[u8]) -> impl Iterator<Item = &str> {
    listed
        .split(|&byte| byte == 0)
        .filter_map(|record| std::str::from_utf8(record).ok())
        .filter(|record| !record.is_empty())
}

/// As in `100644 <id> 0<TAB>path`.
fn staged_object(record: &str) -> Option<String> {
    record.split(' ').nth(1).filter(|id| is_object(id)).map(str::to_owned)
}

/// As in `<id> folder/path`: commits have no path, and folders another one.
fn named_object(line: &[u8], path: &str) -> Option<String> {
    let at = line.iter().position(|&byte| byte == b' ')?;
    let id = std::str::from_utf8(&line[..at]).ok().filter(|id| is_object(id))?;
    line[at + 1..].ends_with(path.as_bytes()).then(|| id.to_owned())
}

/// As in `100644 blob <id><TAB>path`; links and submodules are no texts.
fn files(listed: &[u8]) -> Paths {
    let file = |record: &str| {
        let (head, path) = record.split_once('\t')?;
        let [mode, "blob", id] = head.split(' ').collect::<Vec<_>>()[..] else {
            return None;
        };
        (mode.starts_with("100") && is_object(id)).then(|| (path.to_owned(), id.to_owned()))
    };
    records(listed).filter_map(file).collect()
}
