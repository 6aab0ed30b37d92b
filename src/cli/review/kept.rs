//! The decisions of a review that was not finished: kept after each, and taken up by the next.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::session::{Decision, Item, Session};
use crate::atomic;
use crate::error::{Error, Result};
use crate::finding::{Edit, Finding};
use crate::store;

/// Where decisions are kept.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    /// Decisions on findings that this review was not asked to show.
    others: Vec<Record>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct File {
    version: u32,
    reason: String,
    decisions: Vec<Record>,
}

/// A decision, and what it is of. It holds as long as the text has the same digest on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    path: String,
    rule: String,
    passage: String,
    sha256: String,
    #[serde(flatten)]
    decided: Decided,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "decision")]
enum Decided {
    Fix,
    Edit {
        start: usize,
        end: usize,
        replacement: String,
    },
    Accept {
        reason: String,
    },
    Skip,
}

impl Record {
    fn of(item: &Item, decision: &Decision) -> Self {
        let decided = match decision.clone() {
            Decision::Fix => Decided::Fix,
            Decision::Skip => Decided::Skip,
            Decision::Accept(reason) => Decided::Accept { reason },
            Decision::Edit(Edit {
                start,
                end,
                replacement,
                ..
            }) => Decided::Edit {
                start,
                end,
                replacement,
            },
        };
        Self {
            path: item.finding.location.path.clone(),
            rule: item.finding.rule.to_owned(),
            passage: item.finding.fingerprint.clone(),
            sha256: item.digest.clone(),
            decided,
        }
    }

    fn is_of(&self, item: &Item) -> bool {
        let finding = &item.finding;
        self.passage == finding.fingerprint && self.rule == finding.rule && self.path == finding.location.path
    }

    /// The decision, where it can still be carried out.
    fn decision(self, item: &Item) -> Option<Decision> {
        let decision = match self.decided {
            Decided::Fix => Decision::Fix,
            Decided::Skip => Decision::Skip,
            Decided::Accept { reason } => Decision::Accept(reason),
            Decided::Edit {
                start,
                end,
                replacement,
            } => Decision::Edit(Edit {
                path: self.path,
                start,
                end,
                replacement,
            }),
        };
        let possible = match &decision {
            Decision::Fix => item.no_fix.is_none(),
            Decision::Edit(edit) => item.no_fix.is_none() && is_near(edit, &item.finding),
            Decision::Accept(_) => item.no_acceptance.is_none(),
            Decision::Skip => true,
        };
        (possible && self.sha256 == item.digest).then_some(decision)
    }
}

impl Kept {
    /// Takes up what an earlier review of the corpus has left, but for what is out of date: `digest_of` gives the digest on
    /// record at a path.
    ///
    /// # Errors
    /// [`Error::Refused`] where the file says nothing that can be understood, [`Error::Io`] where it cannot be read.
    pub(super) fn take_up(
        root: &Path,
        items: Vec<Item>,
        restart: bool,
        digest_of: impl Fn(&str) -> Option<String>,
    ) -> Result<(Self, Session)> {
        let path = root.join(store::FOLDER).join("review.json");
        let file = match restart {
            true => File::default(),
            false => read(&path)?,
        };
        let all = file.decisions.len();
        let mut decisions = vec![None; items.len()];
        let mut others = Vec::new();
        for record in file.decisions {
            match items.iter().position(|item| record.is_of(item)) {
                Some(at) => decisions[at] = record.decision(&items[at]),
                None if digest_of(&record.path).as_ref() == Some(&record.sha256) => others.push(record),
                None => {}
            }
        }
        let taken = decisions.iter().flatten().count();
        let mut session = Session::new(items, decisions, file.reason);
        if all > 0 {
            session.say(resumed(taken, all - taken - others.len()));
        }
        Ok((Self { path, others }, session))
    }

    /// Writes all decisions down.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses, [`Error::Refused`] where something else stands there.
    pub(super) fn keep(&self, session: &Session) -> Result<()> {
        let record = |(item, decision): (&Item, Option<&Decision>)| Some(Record::of(item, decision?));
        let own = session.decisions().filter_map(record);
        self.write(own.chain(self.others.iter().cloned()).collect(), session.reason())
    }

    /// Forgets the decisions of a review whose changes are made, and all that are about a text which that has changed.
    ///
    /// # Errors
    /// As [`Kept::keep`].
    pub(super) fn forget(&self, session: &Session, is_changed: impl Fn(&str) -> bool) -> Result<()> {
        let left = self.others.iter().filter(|record| !is_changed(&record.path));
        self.write(left.cloned().collect(), session.reason())
    }

    fn write(&self, decisions: Vec<Record>, reason: &str) -> Result<()> {
        if decisions.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if !is_absent(&error) => Err(Error::io("remove", &self.path, error)),
                _ => Ok(()),
            };
        }
        let file = File {
            version: 1,
            reason: reason.to_owned(),
            decisions,
        };
        let mut bytes = serde_json::to_vec_pretty(&file).map_err(|error| Error::Refused(error.to_string()))?;
        bytes.push(b'\n');
        if let Some(folder) = self.path.parent() {
            store::home(folder)?;
        }
        atomic::replace(&self.path, &bytes)
    }
}

/// What to say of decisions that were taken up.
fn resumed(taken: usize, dropped: usize) -> String {
    let kept = match taken {
        0 => String::new(),
        1 => "goes on after 1 earlier decision; --restart forgets it".to_owned(),
        taken => format!("goes on after {taken} earlier decisions; --restart forgets them"),
    };
    let gone = match dropped {
        0 => String::new(),
        1 => "1 decision was dropped: its text or finding is another one now".to_owned(),
        dropped => format!("{dropped} decisions were dropped: their texts or findings are other ones now"),
    };
    [kept, gone]
        .into_iter()
        .filter(|said| !said.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

/// A kept edit is believed where it lies within so many bytes of what the fix itself would change.
const NEAR: usize = 4_000;

fn is_near(edit: &Edit, finding: &Finding) -> bool {
    let own = finding.fix.iter().flat_map(|fix| &fix.edits);
    let (start, end) = own.fold((usize::MAX, 0), |(start, end), edit| {
        (start.min(edit.start), end.max(edit.end))
    });
    edit.start <= edit.end && edit.start.saturating_add(NEAR) >= start && edit.end <= end.saturating_add(NEAR)
}

/// The file is not larger than this, in bytes: it holds one short record a finding.
const LARGEST: u64 = 64 << 20;

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn read(path: &Path) -> Result<File> {
    let odd = |data: fs::Metadata| !data.is_file() || data.len() > LARGEST;
    if path.symlink_metadata().is_ok_and(odd) {
        let error = io::Error::other("it is no file of decisions");
        return Err(Error::io("read", path, error));
    }
    let bytes = match fs::read(path) {
        Err(error) if is_absent(&error) => return Ok(File::default()),
        bytes => bytes.map_err(|error| Error::io("read", path, error))?,
    };
    let file: Option<File> = serde_json::from_slice(&bytes).ok();
    file.filter(|file| file.version == 1).ok_or_else(|| {
        let path = path.display();
        Error::Refused(format!(
            "{path} holds no decisions that this version can read; `--restart` forgets them"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::super::examples::{item, session};
    use super::*;

    fn take_up(root: &Path, items: Vec<Item>) -> (Kept, Session) {
        Kept::take_up(root, items, false, |_| Some("ab".repeat(32))).expect("taken up")
    }

    fn decided() -> (tempfile::TempDir, Session) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut session = session();
        session.decide(Decision::Fix);
        session.decide(Decision::Accept("a \"sign\"".to_owned()));
        session.decide(Decision::Edit(Edit {
            path: "b.txt".to_owned(),
            start: 3,
            end: 5,
            replacement: "x\n".to_owned(),
        }));
        let (kept, _) = take_up(folder.path(), session.items().to_vec());
        kept.keep(&session).expect("kept");
        (folder, session)
    }

    #[test]
    fn what_was_decided_is_taken_up() {
        let (folder, session) = decided();
        let (kept, again) = take_up(folder.path(), session.items().to_vec());
        assert!(
            session
                .decisions()
                .map(|(_, one)| one)
                .eq(again.decisions().map(|(_, one)| one))
        );
        assert_eq!(again.at(), 3);
        assert_eq!(
            again.notice(),
            Some("goes on after 3 earlier decisions; --restart forgets them")
        );
        kept.forget(&again, |_| false).expect("forgotten");
        assert!(!kept.path.exists());
    }

    #[test]
    fn what_is_of_another_text_is_dropped() {
        let (folder, session) = decided();
        let mut items = session.items().to_vec();
        items[0].digest = "cd".repeat(32);
        items[1].no_acceptance = Some("is in a shard".to_owned());
        let (_, again) = take_up(folder.path(), items);
        assert_eq!(again.counts(), [1, 0, 0, 3]);
        assert!(again.notice().is_some_and(|said| {
            said.ends_with("2 decisions were dropped: their texts or findings are other ones now")
        }));
    }

    #[test]
    fn what_is_not_shown_is_not_lost() {
        let (folder, session) = decided();
        let (kept, again) = take_up(folder.path(), vec![item("a.txt", 3)]);
        kept.keep(&again).expect("kept");
        let (_, again) = take_up(folder.path(), session.items().to_vec());
        assert_eq!(again.counts(), [2, 1, 0, 1]);
        let (kept, one) = take_up(folder.path(), vec![item("b.txt", 5)]);
        kept.forget(&one, |path| path == "a.txt").expect("forgotten");
        let (_, again) = take_up(folder.path(), session.items().to_vec());
        assert_eq!(again.counts(), [1, 0, 0, 3]);
    }

    #[test]
    fn what_cannot_be_read_is_not_written_over() {
        let (folder, session) = decided();
        let path = folder.path().join(".vidimus/review.json");
        fs::write(&path, "{\"version\": 2}").expect("written");
        let taken = |restart| Kept::take_up(folder.path(), session.items().to_vec(), restart, |_| None);
        assert!(taken(false).is_err());
        assert!(taken(true).is_ok_and(|(_, session)| session.notice().is_none()));
    }
}
