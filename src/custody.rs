//! The chain of custody: one event for each thing that was done to a corpus, in a file that only grows, each line with the
//! digest of the one before. A line that is changed, taken out or put in breaks the chain at its place.
//!
//! Events are worded after PREMIS 3.0 (<https://id.loc.gov/vocabulary/preservation/eventType.html>).

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::journal::{self, LOG, Transaction};
use crate::manifest::{Entry, Manifest};
use crate::store::FOLDER;

/// A line longer than this is no event, in bytes.
const LONGEST: u64 = 16 << 20;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Texts came under the care of a manifest.
    #[serde(rename = "ingestion")]
    Ingestion,
    /// Texts were verified against their digests.
    #[serde(rename = "fixity check")]
    FixityCheck,
    /// A text was mended by rules.
    #[serde(rename = "normalization")]
    Normalization,
    /// A person said that a change is right, or that a finding stands.
    #[serde(rename = "acceptance")]
    Acceptance,
    /// A text was taken out of the manifest.
    #[serde(rename = "deletion")]
    Deletion,
}

impl Kind {
    /// The word of PREMIS for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingestion => "ingestion",
            Self::FixityCheck => "fixity check",
            Self::Normalization => "normalization",
            Self::Acceptance => "acceptance",
            Self::Deletion => "deletion",
        }
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As it should.
    Success,
    /// Not so: digests differ, texts are missing.
    Failure,
}

/// A manifest as it was after an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestState {
    /// Its name in the root.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The SHA-256 of the line before, with its line feed; `None` in the first.
    pub previous: Option<String>,
    /// What was done.
    pub event: Kind,
    /// When.
    pub at: Timestamp,
    /// How it went.
    pub outcome: Outcome,
    /// To which text, by its path; `None` where it is about all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The SHA-256 before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The SHA-256 after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The rules whose fixes were applied, or whose finding was accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The fingerprint of a finding that was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many texts it is about, where it is about all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<usize>,
    /// The texts that were looked at, where it was not all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checked: Vec<String>,
    /// The texts that failed a check, with what became of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// The program and its version.
    pub program: String,
    /// The manifest, as it was afterwards.
    pub manifest: ManifestState,
}

impl Event {
    /// An event that went well, about all texts, with nothing more to say of it.
    pub fn new(event: Kind, at: Timestamp, manifest: ManifestState) -> Self {
        Self {
            previous: None,
            event,
            at,
            outcome: Outcome::Success,
            path: None,
            from: None,
            to: None,
            rules: Vec::new(),
            passage: None,
            reason: None,
            texts: None,
            checked: Vec::new(),
            failed: Vec::new(),
            program: journal::program(),
            manifest,
        }
    }

    /// Says which text it is about, and its digests before and after.
    #[must_use]
    pub fn of(mut self, path: impl Into<String>, from: Option<Digest>, to: Option<Digest>) -> Self {
        self.path = Some(path.into());
        self.from = from.map(|digest| digest.to_string());
        self.to = to.map(|digest| digest.to_string());
        self
    }

    /// Whether it is about a text, or about all of them.
    pub fn concerns(&self, path: &str) -> bool {
        let all = self.checked.is_empty() || self.checked.iter().any(|checked| checked == path);
        self.path.as_deref().map_or(all, |own| own == path)
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Says by which rules.
    #[must_use]
    pub fn by(mut self, rules: &[String]) -> Self {
        self.rules = rules.to_vec();
        self
    }
}

/// The name and digest of a manifest, for an event.
pub fn state_of(name: impl Into<String>, bytes: &[u8]) -> ManifestState {
    ManifestState {
        path: name.into(),
        sha256: Algorithm::Sha256.digest(bytes).to_string(),
    }
}

/// Adds events to the end of the chain, when the change is made.
///
/// # Errors
/// [`Error::Io`] where the log cannot be read, [`Error::Refused`] where its last line is cut.
pub fn append(transaction: &mut Transaction, root: &Path, events: impl IntoIterator<Item = Event>) -> Result<()> {
    let mut previous = last_line(&path(root))?;
    for mut event in events {
        event.previous = previous;
        let mut line = serde_json::to_vec(&event).map_err(|error| Error::Refused(error.to_string()))?;
        line.push(b'\n');
        if line.len() as u64 >= LONGEST {
            return Err(Error::Refused(
                "the event is too long for the log; give a shorter reason".to_owned(),
            ));
        }
        previous = Some(Algorithm::Sha256.digest(&line).to_string());
        transaction.append(&line);
    }
    Ok(())
}

/// Where the log of a corpus is.
pub fn path(root: &Path) -> PathBuf {
    root.join(FOLDER).join(LOG)
}

/// The digest of the last line of a log.
fn last_line(path: &Path) -> Result<Option<String>> {
    let mut last = None;
    each_line(path, |_, line| {
        last = Some((Algorithm::Sha256.digest(line).to_string(), line.ends_with(b"\n")));
        Ok(())
    })?;
    match last {
        Some((_, false)) => Err(Error::Refused(format!(
            "the last line of {} is cut; `vidimus log verify` says more",
            path.display()
        ))),
        last => Ok(last.map(|(digest, _)| digest)),
    }
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// What it says; `Err` with the reason where that is no event.
    pub event: Result<Event, String>,
    /// The SHA-256 of its bytes, with the line feed.
    pub sha256: String,
    /// Whether it is ended by a line feed.
    pub ended: bool,
}

/// Reads the log of a corpus; no line where there is none.
///
/// # Errors
/// [`Error::Io`] where it cannot be read.
pub fn read(root: &Path) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    each_line(&path(root), |number, bytes| {
        let event = serde_json::from_slice(bytes).map_err(|error| error.to_string());
        lines.push(Line {
            number,
            event,
            sha256: Algorithm::Sha256.digest(bytes).to_string(),
            ended: bytes.ends_with(b"\n"),
        });
        Ok(())
    })?;
    Ok(lines)
}

fn each_line(path: &Path, mut take: impl FnMut(usize, &[u8]) -> io::Result<()>) -> Result<()> {
    let failed = |error| Error::io("read", path, error);
    match path.symlink_metadata() {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Ok(data) if !data.is_file() => return Err(failed(io::Error::other("it is no regular file"))),
        data => data.map_err(failed)?,
    };
    let mut reader = BufReader::new(File::open(path).map_err(failed)?);
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = io::Read::take(&mut reader, LONGEST).read_until(b'\n', &mut line);
        if read.map_err(failed)? == 0 {
            return Ok(());
        }
        number += 1;
        take(number, &line).map_err(failed)?;
    }
}

/// The first place where a chain is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The line that does not follow from the one before, from 1.
    pub line: usize,
    /// What is wrong there.
    pub why: String,
}

/// Follows a chain from its first line; gives the first that does not fit.
pub fn first_break(lines: &[Line]) -> Option<Break> {
    let mut previous: Option<&str> = None;
    for line in lines {
        let why = match &line.event {
            Err(why) => Some(format!("it is no event: {why}")),
            Ok(_) if !line.ended => Some("it is cut: no line feed ends it".to_owned()),
            Ok(event) if event.previous.as_deref() != previous => Some(mislinked(event, previous)),
            Ok(_) => None,
        };
        if let Some(why) = why {
            return Some(Break { line: line.number, why });
        }
        previous = Some(&line.sha256);
    }
    None
}

fn mislinked(event: &Event, previous: Option<&str>) -> String {
    match (&event.previous, previous) {
        (None, _) => "it says that it is the first, and others stand before it".to_owned(),
        (Some(_), None) => "it follows a line that is gone: the beginning was taken out".to_owned(),
        (Some(named), Some(found)) => format!(
            "it follows a line with the digest {}…, and the line before it has {}…: that one was changed, or lines were taken out or put in between",
            &named.chars().take(16).collect::<String>(),
            &found[..16]
        ),
    }
}

/// What a manifest says beside its log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Texts whose digest is not the one that their last event gives, with the one it gives, in the order of the manifest.
    pub texts: Vec<(String, String)>,
    /// Whether the manifest has the digest that the last event gives.
    pub manifest_as_logged: bool,
}

impl Account {
    /// Compares a manifest with the events of its log.
    pub fn of(manifest: &Manifest, lines: &[Line]) -> Self {
        let events = || lines.iter().filter_map(|line| line.event.as_ref().ok());
        let name = manifest.files[0].name();
        let mut last: HashMap<&str, Option<&str>> = HashMap::new();
        for event in events().filter(|event| event.manifest.path == name) {
            if event.event == Kind::Ingestion && event.path.is_none() {
                last.clear(); // All texts were listed anew.
            }
            if let Some(path) = &event.path
                && event.event != Kind::FixityCheck
                && (event.to.is_some() || event.event == Kind::Deletion)
            {
                last.insert(path, event.to.as_deref());
            }
        }
        let unaccounted = |entry: &Entry| {
            let given = last.get(entry.name()).copied().flatten()?;
            let recorded = entry.digest().map(|digest| digest.to_string());
            (recorded.as_deref() != Some(given)).then(|| (entry.name().to_owned(), given.to_owned()))
        };
        let logged = events().rfind(|event| event.manifest.path == name);
        let present = manifest.digests.first().map(ToString::to_string);
        Self {
            texts: manifest.entries.iter().filter_map(unaccounted).collect(),
            manifest_as_logged: logged.is_none_or(|event| Some(&event.manifest.sha256) == present.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::stop::Stop;

    fn event(kind: Kind) -> Event {
        let at = "2026-01-05T10:00:00Z".parse().expect("a time");
        Event::new(kind, at, state_of("manifest.yaml", b"x"))
    }

    fn log(folder: &Path, events: &[Event]) {
        let mut transaction = Transaction::begin(folder).expect("begun");
        append(&mut transaction, folder, events.iter().cloned()).expect("appended");
        transaction.commit(Vec::new(), Stop::default()).expect("committed");
    }

    fn three() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        log(folder.path(), &[event(Kind::Ingestion)]);
        let digest = Algorithm::Sha256.digest(b"y");
        let mended = event(Kind::Normalization)
            .of("a.txt", None, Some(digest))
            .because("tidy\n\"now\"");
        log(folder.path(), &[mended, event(Kind::FixityCheck)]);
        folder
    }

    #[test]
    fn each_line_follows_from_the_one_before() {
        let folder = three();
        let lines = read(folder.path()).expect("read");
        assert_eq!(lines.len(), 3);
        assert_eq!(first_break(&lines), None);
        let event = lines[1].event.as_ref().expect("an event");
        assert_eq!(
            (event.event.name(), event.reason.as_deref()),
            ("normalization", Some("tidy\n\"now\""))
        );
    }

    fn broken(change: impl Fn(Vec<String>) -> Vec<String>) -> usize {
        let folder = three();
        let path = path(folder.path());
        let text = fs::read_to_string(&path).expect("read");
        let lines = change(text.lines().map(|line| format!("{line}\n")).collect());
        fs::write(&path, lines.concat()).expect("written");
        first_break(&read(folder.path()).expect("read")).map_or(0, |found| found.line)
    }

    #[test]
    fn any_change_is_found_at_its_place() {
        assert_eq!(broken(|lines| lines), 0);
        assert_eq!(broken(|lines| vec![lines[1].clone(), lines[2].clone()]), 1);
        assert_eq!(broken(|lines| vec![lines[0].clone(), lines[2].clone()]), 2);
        assert_eq!(
            broken(|lines| vec![lines[0].clone(), lines[1].replace("tidy", "tidi"), lines[2].clone()]),
            3
        );
        assert_eq!(
            broken(|lines| vec![lines[0].clone(), "{}\n".into(), lines[1].clone()]),
            2
        );
        assert_eq!(broken(|lines| vec![lines[0].clone(), lines[1].trim_end().into()]), 2);
        assert_eq!(broken(|lines| vec![lines[0].clone(), lines[0].clone()]), 2);
    }

    #[test]
    fn a_cut_log_is_not_added_to() {
        let folder = three();
        let text = fs::read(path(folder.path())).expect("read");
        fs::write(path(folder.path()), &text[..text.len() - 5]).expect("cut");
        let mut transaction = Transaction::begin(folder.path()).expect("begun");
        assert!(append(&mut transaction, folder.path(), [event(Kind::Deletion)]).is_err());
    }
}
