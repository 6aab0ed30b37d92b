//! `accept`: the only way to change a digest on record. It takes a reason, writes down what was before, and refuses what
//! looks like damage.

use std::path::Path;

use super::change::{Act, Change};
use super::record::{Note, Renewal};
use super::{entries_named, entry_at, listed, why};
use crate::corpus::{BUFFER, Corpus, LARGEST_TEXT, Library, Order};
use crate::custody::{Event, Kind, ManifestState};
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::manifest::Entry;
use crate::manifest::edit::Draft;

/// How a change is accepted.
#[derive(Clone, Copy)]
pub struct Acceptance<'a> {
    /// Why the change is right, in the words of whoever accepts it.
    pub reason: &'a str,
    /// When, and how.
    pub act: Act<'a>,
    /// Accept what looks like damage as well.
    pub damaged: bool,
    /// Says why bytes look damaged rather than edited, where they do.
    pub verdict: &'a dyn Fn(&[u8], &Entry) -> Option<String>,
}

impl std::fmt::Debug for Acceptance<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Acceptance");
        debug.field("reason", &self.reason).field("act", &self.act);
        debug.field("damaged", &self.damaged).finish_non_exhaustive()
    }
}

/// What became of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its path.
    pub path: String,
    /// The SHA-256 that was on record; `None` where there was no sound one.
    pub from: Option<Digest>,
    /// The SHA-256 of its bytes, now on record.
    pub to: Digest,
    /// Whether anything was changed: not where the record was right.
    pub changed: bool,
}

/// Records the present bytes of texts, named by path or id, with the reason why they differ. All change, or none.
///
/// Where the SHA-256 changes, an item of `edits` says from what, to what, when and why. Where no sound SHA-256 was on
/// record, or only a further digest or the size was wrong, a comment says when and why.
///
/// # Errors
/// [`Error::Usage`] where the reason is blank or a name means no entry; [`Error::Refused`] where a text cannot be read,
/// or looks damaged. All such texts are named, and nothing is written.
pub fn accept(manifest: &Path, names: &[String], how: &Acceptance<'_>) -> Result<Vec<Accepted>> {
    if how.reason.trim().is_empty() {
        return Err(Error::Usage("say why the change is right, with `--reason`".to_owned()));
    }
    let corpus = Corpus::open(manifest)?;
    let indices = entries_named(&corpus, names)?;
    let library = corpus.library();
    let mut buffer = vec![0; BUFFER];
    let (mut present, mut wrong) = (Vec::new(), Vec::new());
    for &index in &indices {
        match Present::read(&library, &corpus.manifest.entries[index], how, &mut buffer) {
            Ok(one) => present.push((index, one)),
            Err(why) => wrong.push(why),
        }
    }
    how.act.stop.heed()?;
    if !wrong.is_empty() {
        return Err(Error::Refused(listed("nothing was accepted", &wrong)));
    }
    let mut draft = Draft::new(&corpus.manifest.files[0])?;
    for (index, one) in present.iter().filter(|(_, one)| one.differs()) {
        one.record(*index, how, &mut draft)?;
    }
    let changed = || present.iter().map(|(_, one)| one).filter(|one| one.differs());
    if changed().next().is_some() {
        let change = Change {
            manifest,
            corpus: &corpus,
            act: how.act,
            texts: changed().map(|one| (one.path, one.renewal.sha256)).collect(),
        };
        change.make(draft, |state| {
            changed().map(|one| one.event(how, state.clone())).collect()
        })?;
    }
    Ok(present.iter().map(|(_, one)| one.accepted()).collect())
}

/// A text as it is, beside its entry.
struct Present<'a> {
    path: &'a str,
    renewal: Renewal<'a>,
}

impl<'a> Present<'a> {
    fn read(library: &Library, entry: &'a Entry, how: &Acceptance<'_>, buffer: &mut [u8]) -> Result<Self, String> {
        let Some(path) = &entry.path else {
            return Err(format!("{} has no path that can be followed", entry.name()));
        };
        let path = path.value.as_str();
        let further = entry.digests.iter().map(|recorded| recorded.algorithm);
        let algorithms: Vec<_> = std::iter::once(Algorithm::Sha256).chain(further).collect();
        let order = Order {
            algorithms: &algorithms,
            keep: LARGEST_TEXT,
        };
        let reading = library.read(path, order, buffer, |piece| how.act.stop.heed_piece(piece));
        let reading = reading.map_err(|refusal| format!("{path} {}", why(&refusal)))?;
        let (mut digests, bytes) = (reading.digests, reading.bytes);
        let present = Self {
            path,
            renewal: Renewal {
                entry,
                sha256: digests.remove(0),
                further: digests,
                size: reading.size,
            },
        };
        if how.damaged || !present.differs() {
            return Ok(present);
        }
        let Some(bytes) = bytes else {
            return Err(format!(
                "{path} is too large to tell an edit from damage; compare it with a copy, then say `--damaged` as well"
            ));
        };
        match (how.verdict)(&bytes, entry) {
            Some(damage) => Err(format!(
                "{path} looks damaged; {damage}; restore it from a copy, or say `--damaged` as well"
            )),
            None => Ok(present),
        }
    }

    fn differs(&self) -> bool {
        self.renewal.differs()
    }

    fn accepted(&self) -> Accepted {
        Accepted {
            path: self.path.to_owned(),
            from: self.renewal.entry.digest(),
            to: self.renewal.sha256,
            changed: self.differs(),
        }
    }

    fn event(&self, how: &Acceptance<'_>, state: ManifestState) -> Event {
        let event = Event::new(Kind::Acceptance, how.act.at, state);
        event
            .of(self.path, self.renewal.entry.digest(), Some(self.renewal.sha256))
            .because(how.reason.trim())
    }

    fn record(&self, index: usize, how: &Acceptance<'_>, draft: &mut Draft<'_>) -> Result<()> {
        let note = Note {
            at: how.act.at,
            reason: how.reason,
            rules: &[],
        };
        self.renewal.write(&entry_at(index), &note, draft)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use crate::stop::Stop;

    use super::*;

    fn corpus(entries: &str, files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            fs::write(folder.path().join(path), text).expect("written");
        }
        let manifest = folder.path().join("manifest.yaml");
        fs::write(
            &manifest,
            format!("vidimus: 1\ncorpus: {{include: ['*.txt']}}\nentries:\n{entries}"),
        )
        .expect("written");
        (folder, manifest)
    }

    fn run(manifest: &Path, names: &[&str], with: impl FnOnce(&mut Acceptance<'_>)) -> Result<Vec<Accepted>> {
        let mut how = Acceptance {
            reason: " the comma: fixed ",
            act: Act {
                at: "2026-01-05T10:00:00Z".parse().expect("a time"),
                keep: true,
                stop: Stop::default(),
            },
            damaged: false,
            verdict: &|bytes, _| bytes.contains(&0).then(|| "it holds NUL".to_owned()),
        };
        with(&mut how);
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        accept(manifest, &names, &how)
    }

    fn sha(text: &str) -> String {
        Algorithm::Sha256.digest(text.as_bytes()).to_string()
    }

    #[test]
    fn a_change_is_recorded_with_its_reason() {
        let md5 = Algorithm::Md5.digest(b"old");
        let entries = format!(
            "  - path: a.txt\n    sha256: {} # mine\n    digests: {{MD5: {md5}}}\n    bytes: 3\n    title: A\n    accepted: []\n  - path: b.txt\n    sha256: {}\n    edits:\n    - {{from: {}, to: {}, at: 2025-01-01, reason: x}}\n",
            sha("old"),
            sha("old"),
            sha("older"),
            sha("old")
        );
        let (_folder, manifest) = corpus(&entries, &[("a.txt", "new!"), ("b.txt", "new!")]);
        let accepted = run(&manifest, &["a.txt", "b.txt"], |_| ()).expect("accepted");
        assert!(
            accepted
                .iter()
                .all(|one| one.changed && one.to.to_string() == sha("new!"))
        );
        let text = fs::read_to_string(&manifest).expect("read");
        let edit = |indent: &str| {
            format!(
                "{indent}- from: \"{}\"\n{indent}  to: \"{}\"\n{indent}  at: 2026-01-05T10:00:00Z\n{indent}  reason: \"the comma: fixed\"\n",
                sha("old"),
                sha("new!")
            )
        };
        let expected = format!(
            "vidimus: 1\ncorpus: {{include: ['*.txt']}}\nentries:\n  - path: a.txt\n    sha256: \"{}\" # mine\n    digests: {{MD5: \"{}\"}}\n    bytes: 4\n    title: A\n    edits:\n{}    accepted: []\n  - path: b.txt\n    sha256: \"{}\"\n    edits:\n    - {{from: {}, to: {}, at: 2025-01-01, reason: x}}\n{}",
            sha("new!"),
            Algorithm::Md5.digest(b"new!"),
            edit("      "),
            sha("new!"),
            sha("older"),
            sha("old"),
            edit("    ")
        );
        assert_eq!(text, expected);
        let again = run(&manifest, &["a.txt"], |_| ()).expect("nothing to do");
        assert!(!again[0].changed);
        assert_eq!(fs::read_to_string(&manifest).expect("read"), expected);
    }

    #[test]
    fn all_change_or_none() {
        let entries = format!(
            "- {{path: a.txt, sha256: {0}}}\n- {{path: b.txt, sha256: {0}}}\n- {{path: c.txt, sha256: {0}}}\n",
            sha("old")
        );
        let (_folder, manifest) = corpus(&entries, &[("a.txt", "new"), ("b.txt", "n\0w")]);
        let before = fs::read(&manifest).expect("read");
        let said = run(&manifest, &["a.txt", "b.txt", "c.txt"], |_| ())
            .expect_err("refused")
            .to_string();
        assert_eq!(
            said,
            "nothing was accepted\n  b.txt looks damaged; it holds NUL; restore it from a copy, or say `--damaged` as well\n  c.txt is not there"
        );
        assert!(matches!(
            run(&manifest, &["a.txt"], |how| how.reason = " \n"),
            Err(Error::Usage(_))
        ));
        assert!(matches!(run(&manifest, &["nope"], |_| ()), Err(Error::Usage(_))));
        assert_eq!(fs::read(&manifest).expect("read"), before);
        run(&manifest, &["b.txt"], |how| how.damaged = true).expect("accepted");
        let text = fs::read_to_string(&manifest).expect("read");
        assert!(
            text.contains(&format!(
                "sha256: \"{}\", edits: [{{from: \"{}\"",
                sha("n\0w"),
                sha("old")
            )),
            "{text}"
        );
    }

    #[test]
    fn a_record_without_a_digest_gets_one_and_a_comment() {
        let (_folder, manifest) = corpus(
            "- path: a.txt\n  sha256: TODO\n- path: b.txt\n",
            &[("a.txt", "x"), ("b.txt", "x")],
        );
        let accepted = run(&manifest, &["a.txt", "b.txt"], |_| ()).expect("accepted");
        assert!(accepted.iter().all(|one| one.from.is_none() && one.changed));
        let text = fs::read_to_string(&manifest).expect("read");
        let remark = "  # recorded 2026-01-05T10:00:00Z: \"the comma: fixed\"\n";
        let entries = format!(
            "- path: a.txt\n{remark}  sha256: \"{0}\"\n- path: b.txt\n  sha256: \"{0}\"\n{remark}",
            sha("x")
        );
        assert!(text.ends_with(&entries), "{text}");
    }

    #[test]
    fn a_shard_is_not_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let shard = format!("vidimus: 1\nentries: [{{path: a.txt, sha256: {}}}]\n", sha("old"));
        let top = format!(
            "vidimus: 1\ncorpus: {{include: ['*.txt']}}\nentries_from: [{{path: s.yaml, sha256: {}}}]\n",
            sha(&shard)
        );
        fs::write(folder.path().join("s.yaml"), shard).expect("written");
        fs::write(folder.path().join("manifest.yaml"), top).expect("written");
        let said = run(&folder.path().join("manifest.yaml"), &["a.txt"], |_| ())
            .expect_err("refused")
            .to_string();
        assert_eq!(
            said,
            "a.txt is listed in the shard s.yaml; change it there, and its digest in the manifest"
        );
    }
}
