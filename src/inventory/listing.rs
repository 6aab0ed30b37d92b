//! `add` and `remove`: what a manifest lists.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::change::{Act, Change};
use super::shards::{self, Fields};
use super::{Describe, Ids, Listed, entries_named, listed, or_here, why};
use crate::corpus::{BUFFER, Corpus, Listing, slashed};
use crate::custody::{Event, Kind};
use crate::error::{Error, Result};
use crate::manifest::edit::Draft;
use crate::manifest::{Entry, TextPath};

/// A text that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its path, relative to the root.
    pub path: String,
    /// The id that it was given.
    pub id: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Adds texts to a manifest, behind those that it lists: files, and all files of folders that `include` matches and no
/// entry lists. Paths are those of the user: absolute, or from where the user stands. With `records` they are shards of records.
///
/// # Errors
/// [`Error::Refused`] where a path leads out of the root, a file is listed already or cannot be listed, or a folder holds
/// nothing new; all such paths are named, and nothing is written. [`Error::Io`], [`Error::Syntax`], [`Error::Interrupted`].
pub fn add(
    manifest: &Path,
    paths: &[PathBuf],
    records: Option<&Fields>,
    describe: Describe<'_>,
    act: Act<'_>,
) -> Result<Vec<Added>> {
    if paths.is_empty() {
        return Err(Error::Usage("name at least one text".to_owned()));
    }
    let corpus = Corpus::open(manifest)?;
    let wanted = Wanted::new(&corpus)?.all(paths)?;
    let library = corpus.library();
    let read = |buffer: &mut Vec<u8>, path: &String| {
        if let Some(fields) = records {
            shards::try_out(&library, path, fields).map_err(|why| format!("{path} {why}"))?;
        }
        let read = Listed::read(&library, path, &[], describe, buffer, act.stop);
        read.map_err(|refusal| format!("{path} {}", why(&refusal)))
    };
    let read: Vec<Result<Listed, String>> = wanted.par_iter().map_init(|| vec![0; BUFFER], read).collect();
    act.stop.heed()?;
    let wrong: Vec<_> = read.iter().filter_map(|read| read.as_ref().err().cloned()).collect();
    if !wrong.is_empty() {
        return Err(Error::Refused(listed("nothing was added", &wrong)));
    }
    let mut ids = Ids::of(&corpus.manifest.entries);
    let mut texts: Vec<Listed> = read.into_iter().flatten().collect();
    texts.iter_mut().for_each(|text| text.id = ids.next(&text.path));
    let mut draft = Draft::new(&corpus.manifest.files[0])?;
    match records {
        Some(fields) => {
            let values: Vec<_> = texts.iter().map(|shard| shard.shard(fields)).collect();
            draft.extend(&[], &["corpus", "entries"], "entries_from", &values)?;
        }
        None => {
            let values: Vec<_> = texts.iter().map(Listed::value).collect();
            draft.extend(&[], &["corpus"], "entries", &values)?;
        }
    }
    // A shard is kept by whoever makes it: it may be larger than the disk has room for twice.
    let kept = texts.iter().filter(|_| records.is_none());
    let change = Change {
        manifest,
        corpus: &corpus,
        act,
        texts: kept.map(|text| (text.path.as_str(), text.sha256)).collect(),
    };
    change.make(draft, |state| {
        let event =
            |text: &Listed| Event::new(Kind::Ingestion, act.at, state.clone()).of(&text.path, None, Some(text.sha256));
        texts.iter().map(event).collect()
    })?;
    let added = |text: Listed| Added {
        path: text.path,
        id: text.id,
        size: text.size,
    };
    Ok(texts.into_iter().map(added).collect())
}

/// Removes entries from a manifest, by path or id, with the comments that belong to them. Gives their paths or ids.
///
/// The texts themselves stay where they are.
///
/// # Errors
/// [`Error::Usage`] where a name means no entry, several, or one of a shard; all such names are given, and nothing is
/// written. [`Error::Refused`] where the manifest is written in a way that cannot be changed safely.
pub fn remove(manifest: &Path, names: &[String], act: Act<'_>) -> Result<Vec<String>> {
    let corpus = Corpus::open(manifest)?;
    let indices = entries_named(&corpus, names)?;
    let mut draft = Draft::new(&corpus.manifest.files[0])?;
    draft.remove(&[], "entries", &indices)?;
    let change = Change {
        manifest,
        corpus: &corpus,
        act,
        texts: Vec::new(),
    };
    let entries = || indices.iter().map(|&index| &corpus.manifest.entries[index]);
    change.make(draft, |state| {
        let event =
            |entry: &Entry| Event::new(Kind::Deletion, act.at, state.clone()).of(entry.name(), entry.digest(), None);
        entries().map(event).collect()
    })?;
    Ok(entries().map(|entry| entry.name().to_owned()).collect())
}

/// From the paths of a user to those of a manifest.
struct Wanted<'a> {
    corpus: &'a Corpus,
    root: PathBuf,
    taken: HashSet<&'a str>,
    listing: Listing,
}

impl<'a> Wanted<'a> {
    fn new(corpus: &'a Corpus) -> Result<Self> {
        let root = or_here(&corpus.root);
        let root = root.canonicalize().map_err(|error| Error::io("list", root, error))?;
        let paths = corpus.manifest.entries.iter().filter_map(|entry| entry.path.as_ref());
        Ok(Self {
            corpus,
            root,
            taken: paths.map(|path| path.value.as_str()).collect(),
            listing: corpus.discover(),
        })
    }

    /// The files that paths mean, each once, by path.
    fn all(&self, paths: &[PathBuf]) -> Result<Vec<String>> {
        let (mut wanted, mut wrong) = (Vec::new(), Vec::new());
        for path in paths {
            match self.below_root(path).and_then(|below| self.files(path, below)) {
                Ok(files) => wanted.extend(files),
                Err(why) => wrong.push(format!("{} {why}", path.display())),
            }
        }
        if !wrong.is_empty() {
            return Err(Error::Refused(listed("nothing was added", &wrong)));
        }
        wanted.sort();
        wanted.dedup();
        Ok(wanted)
    }

    /// The way to a path from the root. The folders on the way may be links, the file itself is not followed.
    fn below_root(&self, path: &Path) -> Result<String, String> {
        let gone = |_| "is not there".to_owned();
        let real = match (path.file_name(), path.is_symlink()) {
            (Some(name), true) => super::folder_of(path).canonicalize().map_err(gone)?.join(name),
            _ => path.canonicalize().map_err(gone)?,
        };
        let below = real
            .strip_prefix(&self.root)
            .map_err(|_| "is outside the folder of the manifest".to_owned())?;
        let sound = below.to_str().is_some();
        sound
            .then(|| slashed(below))
            .ok_or_else(|| "has a name that is not UTF-8".to_owned())
    }

    fn files(&self, path: &Path, below: String) -> Result<Vec<String>, String> {
        if path.is_dir() && !path.is_symlink() {
            return self.folder(&below);
        }
        let own = self.corpus.manifest.files.iter().any(|file| file.name() == below);
        if own {
            return Err("is the manifest itself".to_owned());
        }
        if self.taken.contains(below.as_str()) {
            return Err("is listed already; `vidimus accept` records a change".to_owned());
        }
        TextPath::new(&below)?;
        Ok(vec![below])
    }

    fn folder(&self, below: &str) -> Result<Vec<String>, String> {
        let inside =
            |path: &str| below.is_empty() || path.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'));
        let matched: Vec<_> = self.listing.files.iter().filter(|found| inside(&found.path)).collect();
        if matched.is_empty() {
            return Err(
                "holds no file that `include` of the manifest matches; name the files, or change `include`".to_owned(),
            );
        }
        let new: Vec<_> = matched
            .into_iter()
            .filter(|found| !self.taken.contains(found.path.as_str()))
            .collect();
        if new.is_empty() {
            return Err("holds no file that is not listed already".to_owned());
        }
        let unlistable = |path: &str, why: &str| format!("holds {}, which {why}", path.escape_debug());
        for found in &new {
            if !found.utf8 {
                return Err(unlistable(&found.path, "has a name that is not UTF-8"));
            }
            TextPath::new(&found.path).map_err(|why| unlistable(&found.path, why))?;
        }
        Ok(new.into_iter().map(|found| found.path.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::stop::Stop;

    fn act() -> Act<'static> {
        Act {
            at: "2026-01-05T10:00:00Z".parse().expect("a time"),
            keep: true,
            stop: Stop::default(),
        }
    }

    use std::fs;

    use super::*;
    use crate::digest::Algorithm;

    const HEAD: &str = "vidimus: 1 # one\r\ncorpus: {include: ['**/*.txt']}\r\nentries:\r\n";

    fn corpus(entries: &str, files: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        for path in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, "abc").expect("written");
        }
        let manifest = folder.path().join("manifest.yaml");
        fs::write(&manifest, format!("{HEAD}{entries}")).expect("written");
        (folder, manifest)
    }

    fn nothing(_: &crate::source::Source) -> Vec<(String, String)> {
        Vec::new()
    }

    #[test]
    fn adds_behind_what_is_listed() {
        let (folder, manifest) = corpus(
            "- path: a.txt # first\r\n  sha256: x\r\n  id: d-b\r\n",
            &["a.txt", "d/b.txt", "d/c.txt", "d/e.md"],
        );
        let added = add(&manifest, &[folder.path().join("d")], None, &nothing, act()).expect("added");
        let said: Vec<_> = added.iter().map(|one| (one.path.as_str(), one.id.as_str())).collect();
        assert_eq!(said, [("d/b.txt", "d-b-2"), ("d/c.txt", "d-c")]);
        let text = fs::read_to_string(&manifest).expect("read");
        let sha = Algorithm::Sha256.digest(b"abc");
        let entry = |id: &str, path: &str| {
            format!(
                "- id: {id}\r\n  path: {path}\r\n  sha256: \"{sha}\"\r\n  bytes: 3\r\n  origin:\r\n    kind: unknown\r\n    reason: \"listed without a record; say where it came from\"\r\n"
            )
        };
        let expected = [
            HEAD,
            "- path: a.txt # first\r\n  sha256: x\r\n  id: d-b\r\n",
            &entry("d-b-2", "d/b.txt"),
            &entry("d-c", "d/c.txt"),
        ]
        .concat();
        assert_eq!(text, expected);
    }

    #[test]
    fn every_path_that_cannot_be_added_is_named() {
        let (folder, manifest) = corpus("- {path: a.txt, sha256: x}\r\n", &["a.txt", "b.txt", "e/f.md"]);
        let outside = tempfile::NamedTempFile::new().expect("a file");
        let at = |name: &str| folder.path().join(name);
        let before = fs::read(&manifest).expect("read");
        let paths = [
            at("a.txt"),
            at("b.txt"),
            at("gone"),
            outside.path().to_owned(),
            at("manifest.yaml"),
            at("e"),
        ];
        let said = add(&manifest, &paths, None, &nothing, act())
            .expect_err("refused")
            .to_string();
        for why in [
            "is listed already",
            "is not there",
            "is outside the folder",
            "is the manifest itself",
            "holds no file that `include`",
        ] {
            assert!(said.contains(why), "{said}");
        }
        assert_eq!(fs::read(&manifest).expect("read"), before);
    }

    #[test]
    fn removes_by_path_and_by_id() {
        let entries =
            "# of a\r\n- path: a.txt\r\n  sha256: x\r\n- id: bee\r\n  path: b.txt\r\n# of c\r\n- path: c.txt\r\n";
        let (folder, manifest) = corpus(entries, &["a.txt"]);
        let names = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let said = remove(&manifest, &names(&["a.txt", "nope"]), act())
            .expect_err("refused")
            .to_string();
        assert_eq!(said, "no entry has the path or id nope");
        let full = folder.path().join("a.txt").display().to_string();
        assert_eq!(
            remove(&manifest, &names(&["bee", &full]), act()).expect("removed"),
            ["a.txt", "b.txt"]
        );
        assert_eq!(
            fs::read_to_string(&manifest).expect("read"),
            format!("{HEAD}# of c\r\n- path: c.txt\r\n")
        );
        remove(&manifest, &names(&["./c.txt"]), act()).expect("removed");
        assert!(
            fs::read_to_string(&manifest)
                .expect("read")
                .ends_with("entries: []\r\n")
        );
        assert!(folder.path().join("a.txt").exists());
    }
}
