//! Several files of a corpus change together or not at all, whatever happens on the way.
//!
//! New bytes are first laid beside each other in `.vidimus/journal`, then a plan is written that names them, and only then do
//! they take their places. Before the plan stands nothing has changed, and what lies there is thrown away; once it stands, it
//! is carried out, by the next run if need be. A lock keeps two runs apart.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::atomic::{self, Batch};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::error::{Error, Result};
use crate::manifest::TextPath;
use crate::object::Address;
use crate::stop::Stop;
use crate::store::{self, FOLDER, Store};
use crate::whole;

/// The record of what was done to a corpus, one event a line; see [`crate::custody`].
pub const LOG: &str = "log.jsonl";
const PLAN: &str = "plan.json";
const LINES: &str = "log.new";

/// The right to change a corpus, and the place where the change is prepared. What was prepared and not committed is removed
/// with the value.
#[derive(Debug)]
pub struct Transaction {
    root: PathBuf,
    home: PathBuf,
    /// Held as long as the value lives.
    _lock: File,
    found: Recovery,
    staging: Staging,
    lines: Vec<u8>,
    /// Whether there was nothing here before, and so nothing must be left.
    made: bool,
    committed: bool,
}

/// What an earlier run has left, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// How many files an interrupted change has now been given.
    pub completed: usize,
    /// Whether something was prepared that nobody had committed, and was removed.
    pub rolled_back: bool,
    /// Files that somebody else has changed meanwhile: they were left as they are, and the new bytes are in the store.
    pub left: Vec<String>,
}

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Relative to the root, with `/`.
    pub path: String,
    /// The SHA-256 of its bytes before; `None` where there is no such file.
    pub before: Option<String>,
    /// The SHA-256 of its new bytes.
    pub after: String,
    /// The file in the journal that holds them.
    pub staged: String,
}

#[derive(Serialize, Deserialize)]
struct Plan {
    version: u32,
    program: String,
    steps: Vec<Step>,
    /// What is added to the log.
    log: Option<LogStep>,
    /// Which checkout it was made in, as the system tells them apart: a plan that came with a copy is not carried out.
    home: Option<(u64, u64)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LogStep {
    /// How long the log was before.
    length: u64,
    /// The SHA-256 of the new lines.
    sha256: String,
}

/// A folder for new bytes.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    next: AtomicUsize,
    batch: Batch,
}

impl Staging {
    /// Prepares in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            next: AtomicUsize::new(0),
            batch: Batch::default(),
        }
    }

    /// Lays bytes down; gives the name of their file.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses.
    pub fn put(&self, bytes: &[u8]) -> Result<String> {
        let name = format!("{}.new", self.next.fetch_add(1, Ordering::Relaxed));
        let path = self.folder.join(&name);
        let written = || {
            let mut file = File::create_new(&path)?;
            file.write_all(bytes)?;
            self.batch.note(&path, &file)
        };
        written().map_err(|error| Error::io("write", &path, error))?;
        Ok(name)
    }

    /// Where a file lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Takes a file away that is not wanted any more.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses.
    pub fn take_away(&self, name: &str) -> Result<()> {
        let path = self.path(name);
        fs::remove_file(&path).map_err(|error| Error::io("remove", path, error))
    }
}

impl Transaction {
    /// Begins to change the corpus with this root, after an interrupted change of it was completed or rolled back.
    ///
    /// # Errors
    /// [`Error::Refused`] where another run changes it now, [`Error::Io`] where the system refuses.
    pub fn begin(root: &Path) -> Result<Self> {
        Self::begin_trusting(root, false)
    }

    fn begin_trusting(root: &Path, trust: bool) -> Result<Self> {
        refuse_address(root)?;
        let root = if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        };
        let home = root.join(FOLDER);
        let made = store::home(&home)?;
        let lock = lock(&home.join("lock"))?;
        let found = recover(root, &home, trust)?;
        let folder = home.join("journal");
        atomic::make_folder(&folder)?;
        Ok(Self {
            root: root.to_owned(),
            home,
            _lock: lock,
            found,
            staging: Staging::new(folder),
            lines: Vec::new(),
            made,
            committed: false,
        })
    }

    /// What an earlier run had left.
    pub fn recovery(&self) -> &Recovery {
        &self.found
    }

    /// Where new bytes are laid down.
    pub fn staging(&self) -> &Staging {
        &self.staging
    }

    /// The store of the corpus.
    pub fn store(&self) -> Store {
        Store::at(&self.root)
    }

    /// Prepares new bytes for a file.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses.
    pub fn stage(&self, path: impl Into<String>, before: Option<Digest>, bytes: &[u8]) -> Result<Step> {
        Ok(Step {
            path: path.into(),
            before: before.map(|digest| digest.to_string()),
            after: Algorithm::Sha256.digest(bytes).to_string(),
            staged: self.staging.put(bytes)?,
        })
    }

    /// Adds lines to the end of the log, when the change is made.
    pub fn append(&mut self, lines: &[u8]) {
        self.lines.extend_from_slice(lines);
    }

    /// Makes the change: all of it, or none where an error is given before the plan stands.
    ///
    /// # Errors
    /// [`Error::Refused`] where a file is not as it was when it was read; [`Error::Interrupted`] where somebody wants the work
    /// to stop, heeded for the last time before the plan is written; [`Error::Io`] where the system refuses.
    pub fn commit(mut self, steps: Vec<Step>, stop: Stop<'_>) -> Result<()> {
        let journal = Journal::new(&self.root, &self.home);
        each(&steps, |step| {
            stop.heed()?;
            journal.prepare(step)
        })?;
        let log = self.lay_lines()?;
        self.staging.batch.flush()?;
        stop.heed()?;
        let plan = Plan {
            version: 1,
            program: program(),
            steps,
            log,
            home: identity(&self.home),
        };
        journal.write(&plan)?;
        self.committed = true;
        match journal.carry_out(&plan)?.as_slice() {
            [] => Ok(()),
            left => Err(Error::Refused(format!(
                "somebody else changed {} at the same moment: their bytes were left, and the new ones are in the store; everything else was changed",
                left.join(", ")
            ))),
        }
    }

    /// Lays the new lines of the log down; gives its length before.
    fn lay_lines(&self) -> Result<Option<LogStep>> {
        if self.lines.is_empty() {
            return Ok(None);
        }
        let path = self.staging.path(LINES);
        let written = || {
            let mut file = File::create_new(&path)?;
            file.write_all(&self.lines)?;
            self.staging.batch.note(&path, &file)
        };
        written().map_err(|error| Error::io("write", &path, error))?;
        let log = self.home.join(LOG);
        let length = match log.symlink_metadata() {
            Ok(data) if data.is_file() => {
                // Before the plan stands, not when half of it is done.
                let opened = OpenOptions::new().write(true).open(&log);
                opened.map_err(|error| Error::io("write", &log, error))?;
                data.len()
            }
            Ok(_) => return Err(Error::Refused(format!("{} is no regular file", log.display()))),
            Err(_) => 0,
        };
        let sha256 = Algorithm::Sha256.digest(&self.lines).to_string();
        Ok(Some(LogStep { length, sha256 }))
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // After a commit there is no plan any more; before it nothing counts that lies there. Where the plan still stands,
        // something went wrong on the way, and the next run goes on.
        if self.staging.path(PLAN).exists() {
            return;
        }
        drop(fs::remove_dir_all(&self.staging.folder));
        if self.made && !self.committed {
            // Only what this run has made; whatever else was put there meanwhile stays, and the folder with it.
            drop(fs::remove_dir(self.home.join("objects")));
            let others = fs::read_dir(&self.home).into_iter().flatten().flatten();
            let own = |name: std::ffi::OsString| name == ".gitignore" || name == "lock";
            if others.into_iter().all(|entry| own(entry.file_name())) {
                drop(fs::remove_file(self.home.join(".gitignore")));
                drop(fs::remove_file(self.home.join("lock")));
                drop(fs::remove_dir(&self.home));
            }
        }
    }
}

/// How many files an interrupted change is about, where there is one: then the corpus is neither old nor new.
///
/// # Errors
/// [`Error::Io`] where the plan cannot be read.
pub fn pending(root: &Path) -> Result<Option<usize>> {
    if Address::of(root).is_some() {
        return Ok(None);
    }
    let home = root.join(FOLDER);
    let plan = Journal::new(root, &home).read()?;
    Ok(plan.map(|plan| plan.steps.len()))
}

/// Refuses to change what stands in an object store.
///
/// # Errors
/// [`Error::Refused`] where the root is an address.
pub fn refuse_address(root: &Path) -> Result<()> {
    match Address::of(root) {
        None => Ok(()),
        Some(_) => Err(Error::Refused(format!(
            "{} is in an object store, and nothing is written there; change a copy in a folder, and put it in the place of the old one",
            root.display()
        ))),
    }
}

/// Refuses to read a corpus that an interrupted change has left between two states.
///
/// # Errors
/// [`Error::Refused`] where there is such a change.
pub fn refuse_pending(root: &Path) -> Result<()> {
    match pending(root)? {
        None => Ok(()),
        Some(files) => Err(Error::Refused(format!(
            "a change of {files} files was interrupted, and some have their new bytes already; `vidimus recover` completes it"
        ))),
    }
}

/// Completes or rolls back what an interrupted run has left, and nothing else.
///
/// # Errors
/// As [`Transaction::begin`].
pub fn recover_now(root: &Path, trust: bool) -> Result<Recovery> {
    if !root.join(FOLDER).is_dir() {
        return Ok(Recovery::default());
    }
    Transaction::begin_trusting(root, trust).map(|transaction| transaction.found.clone())
}

/// What tells one folder from another; `None` where the system does not say.
#[cfg(unix)]
fn identity(folder: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let data = fs::metadata(folder).ok()?;
    Some((data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}

fn recover(root: &Path, home: &Path, trust: bool) -> Result<Recovery> {
    let journal = Journal::new(root, home);
    if journal.folder.is_symlink() {
        return Err(Error::Refused(format!(
            "{} is a symbolic link, which is not followed; remove it",
            journal.folder.display()
        )));
    }
    let mut recovery = Recovery::default();
    match journal.read()? {
        Some(plan) => {
            if plan.home != identity(home) && !trust {
                return Err(Error::Refused(format!(
                    "{} was made in another folder, and came here with a copy: remove it, or where you know whose it is, say `vidimus recover --trust`",
                    journal.folder.join(PLAN).display()
                )));
            }
            journal.examine(&plan)?;
            recovery.left = journal.carry_out(&plan)?;
            recovery.completed = plan.steps.len() - recovery.left.len();
        }
        None => recovery.rolled_back = journal.folder.is_dir(),
    }
    if journal.folder.is_dir() {
        let failed = |error| Error::io("remove", &journal.folder, error);
        fs::remove_dir_all(&journal.folder).map_err(failed)?;
    }
    Ok(recovery)
}

fn lock(path: &Path) -> Result<File> {
    let failed = |error| Error::io("lock", path, error);
    if path.symlink_metadata().is_ok_and(|data| !data.is_file()) {
        return Err(failed(io::Error::other("it is no regular file; remove it")));
    }
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) if is_still(&file, path) => Ok(file),
        Ok(()) => lock(path), // Whoever made it has removed it in between.
        Err(TryLockError::WouldBlock) => Err(Error::Refused(format!(
            "another run of vidimus changes this corpus now: it holds {}; wait for its end",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Whether a file is still the one at a path.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |data: fs::Metadata| (data.dev(), data.ino());
    let (own, there) = (file.metadata().map(identity), fs::symlink_metadata(path).map(identity));
    own.is_ok() && own.ok() == there.ok()
}

#[cfg(not(unix))]
fn is_still(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Does something for each step, on all threads where there are several.
fn each(steps: &[Step], work: impl Fn(&Step) -> Result<()> + Sync + Send) -> Result<()> {
    match rayon::current_num_threads() {
        1 => steps.iter().try_for_each(work),
        _ => steps.par_iter().try_for_each(work),
    }
}

/// The name and version of this program.
pub fn program() -> String {
    concat!("vidimus ", env!("CARGO_PKG_VERSION")).to_owned()
}

/// The plan of a change, on the disk.
struct Journal<'a> {
    root: &'a Path,
    home: &'a Path,
    folder: PathBuf,
}

impl<'a> Journal<'a> {
    fn new(root: &'a Path, home: &'a Path) -> Self {
        Self {
            root,
            home,
            folder: home.join("journal"),
        }
    }

    fn read(&self) -> Result<Option<Plan>> {
        let path = self.folder.join(PLAN);
        let bytes = match whole::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| Error::io("read", &path, error))?,
        };
        let broken = |why: String| Error::Refused(format!("{} is no plan of a change: {why}", path.display()));
        let plan: Plan = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
        if plan.version != 1 {
            return Err(broken(format!("it was written by {}, in another form", plan.program)));
        }
        Ok(Some(plan))
    }

    /// Looks at everything that a plan of an earlier run wants to move, before anything is: a folder that came from elsewhere
    /// may hold anything.
    fn examine(&self, plan: &Plan) -> Result<()> {
        for step in &plan.steps {
            self.target(step)?;
            let found = digest_of(&self.folder.join(&step.staged))?;
            if found.is_some_and(|found| found != step.after) {
                return Err(Error::Refused(format!(
                    "{} does not hold the bytes that were planned for {}",
                    self.folder.join(&step.staged).display(),
                    step.path
                )));
            }
        }
        let found = digest_of(&self.folder.join(LINES))?;
        if let (Some(log), Some(found)) = (&plan.log, found)
            && log.sha256 != found
        {
            let path = self.folder.join(LINES);
            return Err(Error::Refused(format!(
                "{} does not hold the lines that were planned",
                path.display()
            )));
        }
        Ok(())
    }

    fn write(&self, plan: &Plan) -> Result<()> {
        let bytes = serde_json::to_vec(plan).map_err(|error| Error::Refused(error.to_string()))?;
        atomic::replace(&self.folder.join(PLAN), &bytes)
    }

    /// Sees to it that a step can be carried out, before any is.
    fn prepare(&self, step: &Step) -> Result<()> {
        let target = self.target(step)?;
        let present = digest_of(&target)?;
        self.refuse_elsewhere(step, &target)?;
        if present.as_deref() != step.before.as_deref() {
            return Err(Error::Refused(format!(
                "{} changed while this ran, so nothing was changed; run it again",
                step.path
            )));
        }
        let keep = || -> io::Result<()> {
            let data = match fs::metadata(&target) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                data => data?,
            };
            let staged = self.folder.join(&step.staged);
            if fs::metadata(&staged)?.permissions() == data.permissions() {
                return Ok(());
            }
            fs::set_permissions(staged, data.permissions())
        };
        keep().map_err(|error| Error::io("write", &target, error))
    }

    /// Refuses a file that its new bytes could not be moved to: on another file system, or where nothing may be written.
    #[cfg(unix)]
    fn refuse_elsewhere(&self, step: &Step, target: &Path) -> Result<()> {
        use std::os::unix::fs::MetadataExt as _;
        let folder = target.parent().unwrap_or(self.root);
        let failed = |error| Error::io("write", target, error);
        let device = |path: &Path| fs::metadata(path).map(|data| data.dev());
        let mut same = device(folder).map_err(failed)? == device(&self.folder).map_err(failed)?;
        same &= device(target).map_or(true, |own| device(folder).is_ok_and(|folder| folder == own));
        if !same {
            return Err(Error::Refused(format!(
                "{} stands on another file system than {}, so it cannot be changed together with the manifest; nothing was changed",
                step.path,
                self.home.display()
            )));
        }
        rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).map_err(|error| failed(error.into()))
    }

    #[cfg(not(unix))]
    fn refuse_elsewhere(&self, _: &Step, _: &Path) -> Result<()> {
        Ok(())
    }

    /// Carries a plan out as far as it has not been, and takes it away; tells which files somebody else has changed.
    fn carry_out(&self, plan: &Plan) -> Result<Vec<String>> {
        let batch = Batch::default();
        let left = Mutex::new(Vec::new());
        // The manifest comes last: until then it speaks of the texts as they were.
        let (texts, manifest) = plan.steps.split_at(plan.steps.len().saturating_sub(1));
        for steps in [texts, manifest] {
            each(steps, |step| {
                if !self.settle(step, &batch)? {
                    left.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(step.path.clone());
                }
                Ok(())
            })?;
        }
        let mut left = left.into_inner().unwrap_or_else(PoisonError::into_inner);
        left.sort_unstable();
        if let Some(log) = &plan.log
            && !self.extend_log(log.length)?
        {
            left.push(format!("{FOLDER}/{LOG}"));
        }
        batch.flush()?;
        let path = self.folder.join(PLAN);
        fs::remove_file(&path).map_err(|error| Error::io("remove", &path, error))?;
        Ok(left)
    }

    /// Gives a file its new bytes; not where somebody else has changed it.
    fn settle(&self, step: &Step, batch: &Batch) -> Result<bool> {
        let (staged, target) = (self.folder.join(&step.staged), self.target(step)?);
        if !staged.exists() {
            // It took its place before, unless somebody has put another file there since.
            return Ok(digest_of(&target)?.as_deref() == Some(&step.after));
        }
        let present = digest_of(&target)?;
        if present.as_deref() != step.before.as_deref() && present.as_deref() != Some(&step.after) {
            self.set_aside(step, &staged)?;
            return Ok(false);
        }
        let failed = |error| Error::io("write", &target, error);
        fs::rename(&staged, &target).map_err(failed)?;
        batch.note_named(&target);
        Ok(true)
    }

    /// Keeps new bytes whose place somebody else has taken.
    fn set_aside(&self, step: &Step, staged: &Path) -> Result<()> {
        let bytes = whole::read(staged).map_err(|error| Error::io("read", staged, error))?;
        let batch = Batch::default();
        Store::at(self.root).keep(&bytes, &batch)?;
        batch.flush()?;
        fs::remove_file(staged).map_err(|error| Error::io("remove", staged, error))?;
        debug_assert_eq!(Algorithm::Sha256.digest(&bytes).to_string(), step.after);
        Ok(())
    }

    /// Adds the new lines to the log, once. Lines that others have added since stay, before the new ones: then the chain has a
    /// break there, which is told.
    fn extend_log(&self, length: u64) -> Result<bool> {
        let (lines, path) = (self.folder.join(LINES), self.home.join(LOG));
        let failed = |error| Error::io("write", &path, error);
        let new = match fs::read(&lines) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            read => read.map_err(failed)?,
        };
        if path.is_symlink() {
            return Err(failed(io::Error::other("it is a symbolic link")));
        }
        let mut log = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        if log.metadata().map_err(failed)?.len() < length {
            return Err(Error::Refused(format!(
                "{} has become shorter while a change was made; restore it, then run this again",
                path.display()
            )));
        }
        let mut foreign = false;
        let mut write = |log: &mut File| {
            let mut behind = Vec::new();
            log.seek(SeekFrom::Start(length))?;
            log.take(new.len() as u64 + 1).read_to_end(&mut behind)?;
            foreign = !new.starts_with(&behind);
            if foreign {
                log.seek(SeekFrom::End(0))?;
            } else {
                log.set_len(length)?;
                log.seek(SeekFrom::Start(length))?;
            }
            log.write_all(&new)?;
            log.sync_all()
        };
        write(&mut log).map_err(failed)?;
        fs::remove_file(&lines).map_err(failed)?;
        Ok(!foreign)
    }

    /// Where a file stands: below the root, and reached through no link.
    fn target(&self, step: &Step) -> Result<PathBuf> {
        let refuse = |why: &str| Error::Refused(format!("{}: {why}, so it is not written", step.path));
        TextPath::new(&step.path).map_err(|_| refuse("it is no path below the root"))?;
        let first = step.path.split('/').next().unwrap_or_default().to_lowercase();
        if step.path.to_lowercase().split('/').any(|part| part == ".git") || first == FOLDER {
            return Err(refuse("it is no text of a corpus"));
        }
        if step.staged.contains(['/', '\\']) || step.staged.starts_with('.') {
            return Err(refuse("its new bytes are not in the journal"));
        }
        if !stands_plainly(self.root, &step.path) {
            return Err(refuse("it is reached through a symbolic link"));
        }
        Ok(self.root.join(&step.path))
    }
}

/// Whether no folder on the way to a file is a symbolic link, nor the file itself.
pub(crate) fn stands_plainly(root: &Path, path: &str) -> bool {
    let mut place = root.to_owned();
    !path.split('/').any(|part| {
        place.push(part);
        place.is_symlink()
    })
}

fn digest_of(path: &Path) -> Result<Option<String>> {
    let failed = |error| Error::io("read", path, error);
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(data) if !data.is_file() => return Err(Error::Refused(format!("{} is no regular file", path.display()))),
        other => other.map_err(failed)?,
    };
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = Hasher::new(Algorithm::Sha256);
    let mut buffer = [0; 16 << 10];
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(Some(hasher.finish().to_string())),
            count => hasher.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.txt"), "old a").expect("written");
        fs::write(folder.path().join("manifest.yaml"), "old m").expect("written");
        folder
    }

    fn sha(text: &str) -> Option<Digest> {
        Some(Algorithm::Sha256.digest(text.as_bytes()))
    }

    fn read(folder: &tempfile::TempDir, name: &str) -> String {
        fs::read_to_string(folder.path().join(name)).expect("read")
    }

    fn staged(transaction: &mut Transaction) -> Vec<Step> {
        transaction.append(b"{}\n");
        vec![
            transaction.stage("a.txt", sha("old a"), b"new a").expect("staged"),
            transaction.stage("new.txt", None, b"new n").expect("staged"),
            transaction
                .stage("manifest.yaml", sha("old m"), b"new m")
                .expect("staged"),
        ]
    }

    #[test]
    fn all_change_together() {
        let folder = corpus();
        let mut transaction = Transaction::begin(folder.path()).expect("begun");
        assert!(
            matches!(Transaction::begin(folder.path()), Err(Error::Refused(_))),
            "two at once"
        );
        let steps = staged(&mut transaction);
        transaction.commit(steps, Stop::default()).expect("committed");
        let all = ["a.txt", "new.txt", "manifest.yaml", ".vidimus/log.jsonl"].map(|name| read(&folder, name));
        assert_eq!(all, ["new a", "new n", "new m", "{}\n"]);
        assert!(!folder.path().join(".vidimus/journal").exists());
        assert_eq!(pending(folder.path()).expect("asked"), None);
    }

    #[test]
    fn what_changed_meanwhile_stops_all() {
        let folder = corpus();
        let mut transaction = Transaction::begin(folder.path()).expect("begun");
        let steps = staged(&mut transaction);
        fs::write(folder.path().join("manifest.yaml"), "by hand").expect("written");
        let said = transaction
            .commit(steps, Stop::default())
            .expect_err("refused")
            .to_string();
        assert!(said.starts_with("manifest.yaml changed while this ran"), "{said}");
        assert_eq!(
            (read(&folder, "a.txt"), read(&folder, "manifest.yaml")),
            ("old a".into(), "by hand".into())
        );
        assert!(!folder.path().join(".vidimus/journal").exists());
        assert!(!folder.path().join(".vidimus/log.jsonl").exists());
    }

    /// Writes a plan as a run leaves it that ended right after.
    fn interrupted(folder: &tempfile::TempDir, path: &str) {
        let mut transaction = Transaction::begin(folder.path()).expect("begun");
        let mut steps = staged(&mut transaction);
        steps[0].path = path.to_owned();
        let log = transaction.lay_lines().expect("laid");
        let plan = Plan {
            version: 1,
            program: program(),
            steps,
            log,
            home: identity(&folder.path().join(FOLDER)),
        };
        let home = folder.path().join(FOLDER);
        Journal::new(folder.path(), &home).write(&plan).expect("written");
    }

    #[test]
    fn the_next_run_completes_what_was_planned() {
        let folder = corpus();
        interrupted(&folder, "a.txt");
        assert_eq!(pending(folder.path()).expect("asked"), Some(3));
        assert!(refuse_pending(folder.path()).is_err());
        // One file has its new bytes, and one line of the log is half written.
        fs::rename(
            folder.path().join(".vidimus/journal/1.new"),
            folder.path().join("new.txt"),
        )
        .expect("moved");
        fs::write(folder.path().join(".vidimus/log.jsonl"), "{").expect("written");
        let recovery = recover_now(folder.path(), false).expect("recovered");
        assert_eq!(
            recovery,
            Recovery {
                completed: 3,
                ..Recovery::default()
            }
        );
        let all = ["a.txt", "new.txt", "manifest.yaml", ".vidimus/log.jsonl"].map(|name| read(&folder, name));
        assert_eq!(all, ["new a", "new n", "new m", "{}\n"]);
        assert_eq!(
            recover_now(folder.path(), false).expect("nothing left"),
            Recovery::default()
        );
    }

    #[test]
    fn bytes_of_somebody_else_are_left() {
        let folder = corpus();
        interrupted(&folder, "a.txt");
        fs::write(folder.path().join("a.txt"), "by hand").expect("written");
        let recovery = recover_now(folder.path(), false).expect("recovered");
        assert_eq!((recovery.completed, recovery.left), (2, vec!["a.txt".to_owned()]));
        assert_eq!(read(&folder, "a.txt"), "by hand");
        let kept = Store::at(folder.path())
            .get(sha("new a").expect("a digest"))
            .expect("read");
        assert_eq!(kept.as_deref(), Some(&b"new a"[..]));
    }

    #[test]
    fn without_a_plan_nothing_was_changed() {
        let folder = corpus();
        store::home(&folder.path().join(FOLDER)).expect("made");
        let mut transaction = Transaction::begin(folder.path()).expect("begun");
        staged(&mut transaction);
        std::mem::forget(transaction.staging.put(b"x"));
        let journal = folder.path().join(".vidimus/journal");
        let saved = folder.path().join("saved");
        fs::rename(&journal, &saved).expect("moved");
        drop(transaction);
        fs::rename(&saved, &journal).expect("moved back");
        assert!(recover_now(folder.path(), false).expect("recovered").rolled_back);
        assert_eq!(read(&folder, "a.txt"), "old a");
    }

    #[test]
    fn a_plan_leads_nowhere_else() {
        for path in [
            "../a.txt",
            "/tmp/a.txt",
            "b/../../a.txt",
            "C:/a.txt",
            ".git/config",
            "a/.Git/x",
            ".vidimus/lock",
        ] {
            let folder = corpus();
            interrupted(&folder, path);
            assert!(recover_now(folder.path(), false).is_err(), "{path}");
        }
        let folder = corpus();
        interrupted(&folder, "a.txt");
        let plan = folder.path().join(".vidimus/journal/plan.json");
        let text = fs::read_to_string(&plan).expect("read").replace("0.new", "../lock");
        fs::write(&plan, text).expect("written");
        assert!(recover_now(folder.path(), false).is_err());
    }

    #[test]
    fn a_plan_that_came_with_a_copy_is_not_carried_out_unasked() {
        let folder = corpus();
        interrupted(&folder, "a.txt");
        let copy = tempfile::tempdir().expect("a folder");
        fs::rename(folder.path().join(FOLDER), copy.path().join("moved")).expect("moved");
        fs::create_dir(folder.path().join(FOLDER)).expect("made");
        fs::rename(
            copy.path().join("moved/journal"),
            folder.path().join(".vidimus/journal"),
        )
        .expect("moved back");
        let said = recover_now(folder.path(), false).expect_err("refused").to_string();
        assert!(said.contains("came here with a copy"), "{said}");
        assert_eq!(read(&folder, "a.txt"), "old a");
        assert_eq!(recover_now(folder.path(), true).expect("trusted").completed, 3);
    }

    #[test]
    fn bytes_that_were_not_planned_are_not_moved() {
        let folder = corpus();
        interrupted(&folder, "a.txt");
        fs::write(folder.path().join(".vidimus/journal/0.new"), "planted").expect("written");
        assert!(recover_now(folder.path(), false).is_err());
        assert_eq!(
            (read(&folder, "a.txt"), read(&folder, "manifest.yaml")),
            ("old a".into(), "old m".into())
        );
    }

    #[test]
    fn lines_of_others_stay_in_the_log() {
        let folder = corpus();
        interrupted(&folder, "a.txt");
        fs::write(folder.path().join(".vidimus/log.jsonl"), "{\"theirs\": 1}\n").expect("written");
        let recovery = recover_now(folder.path(), false).expect("recovered");
        assert_eq!(recovery.left, [".vidimus/log.jsonl"]);
        assert_eq!(read(&folder, ".vidimus/log.jsonl"), "{\"theirs\": 1}\n{}\n");
    }
}
