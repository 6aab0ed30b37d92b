//! The texts of two revisions in Git, each with the manifest as it was then.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{Pair, Versions, present, refused};
use crate::corpus::{Corpus, Library, Refusal};
use crate::diff::ManifestDiff;
use crate::error::{Error, Result};
use crate::git::{Paths, Repository};
use crate::manifest::{Entry, Manifest};
use crate::source::Source;
use crate::stop::Stop;

/// Hands over each text that differs between two revisions, by its path; gives how many are equal. Without `to` it is the
/// working tree. `wanted` says of a path or id whether it was asked for.
///
/// # Errors
/// [`Error::Usage`] where there is no repository, no such revision, or no manifest in it; [`Error::Interrupted`], and what `take` gives.
pub fn revisions(
    manifest: &Path,
    (from, to): (&str, Option<&str>),
    wanted: &dyn Fn(&Entry) -> bool,
    stop: Stop<'_>,
    take: &mut dyn FnMut(&Pair<'_>) -> Result<()>,
) -> Result<usize> {
    let repository = Repository::required(Corpus::root_of(manifest))?;
    let (old, new) = (
        Snapshot::of(manifest, Some(from), &repository)?,
        Snapshot::of(manifest, to, &repository)?,
    );
    let mut equal = 0;
    for (one, other) in matched(&old.corpus.manifest, &new.corpus.manifest) {
        stop.heed()?;
        if !one.iter().chain(&other).any(|entry| wanted(entry)) {
            continue;
        }
        let path = |entry: Option<&'_ Entry>| entry.map(|entry| entry.name().to_owned());
        let (was, is) = (path(one), path(other));
        let versions = old.compared(&new, was.as_deref(), is.as_deref(), from)?;
        let moved = was.as_deref().filter(|was| is.as_deref().is_some_and(|is| is != *was));
        match versions {
            None if moved.is_none() => equal += 1,
            versions => take(&Pair {
                path: is.as_deref().or(was.as_deref()).unwrap_or_default(),
                from: moved,
                versions: versions.unwrap_or(Versions::Moved),
                corpus: &old.corpus,
                entry: one,
            })?,
        }
    }
    Ok(equal)
}

/// Which entries are the same text, by the path; those that moved are found as in the comparison of two manifests.
fn matched<'a>(old: &'a Manifest, new: &'a Manifest) -> Vec<(Option<&'a Entry>, Option<&'a Entry>)> {
    let moved: HashMap<String, String> = ManifestDiff::of(old, new)
        .entries
        .into_iter()
        .filter_map(|entry| Some((entry.new?, entry.old?)))
        .collect();
    let before: HashMap<&str, &Entry> = old.entries.iter().map(|entry| (entry.name(), entry)).collect();
    let mut taken = HashSet::new();
    let mut pairs = Vec::with_capacity(new.entries.len());
    for entry in &new.entries {
        let was = moved.get(entry.name()).map_or(entry.name(), String::as_str);
        let one = before.get(was).copied().filter(|one| taken.insert(one.name()));
        pairs.push((one, Some(entry)));
    }
    let gone = old.entries.iter().filter(|entry| !taken.contains(entry.name()));
    pairs.extend(gone.map(|entry| (Some(entry), None)));
    pairs.sort_by_key(|(one, other)| other.or(*one).map(|entry| entry.name()));
    pairs
}

/// The corpus at one revision, or as it stands.
struct Snapshot<'g> {
    corpus: Corpus,
    place: Place<'g>,
}

enum Place<'g> {
    Revision(&'g Repository, Paths),
    WorkingTree(Library),
}

impl<'g> Snapshot<'g> {
    fn of(manifest: &Path, revision: Option<&str>, repository: &'g Repository) -> Result<Self> {
        let Some(revision) = revision else {
            let corpus = Corpus::open(manifest)?;
            let place = Place::WorkingTree(corpus.library());
            return Ok(Self { corpus, place });
        };
        let paths = repository.paths_at(revision)?;
        let name = manifest.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let read = |path: &str| match paths.get(path) {
            Some(object) => repository.blob(object),
            None => Ok(None),
        };
        let bytes = read(&name)?.ok_or_else(|| {
            Error::Usage(format!(
                "there is no {name} in {revision}; name a revision in which the corpus was certified"
            ))
        })?;
        let shard = |path: &str| {
            let bytes = read(path).map_err(std::io::Error::other)?;
            bytes.ok_or_else(|| std::io::ErrorKind::NotFound.into())
        };
        let shown = format!("{revision}:{name}");
        let corpus = Corpus {
            manifest: Manifest::parse(Source::new(name, bytes), &shown, shard)?,
            root: Corpus::root_of(manifest).to_owned(),
            instead: std::collections::HashMap::new(),
        };
        let place = Place::Revision(repository, paths);
        Ok(Self { corpus, place })
    }

    /// What there is to compare of a text; `None` where it is equal.
    fn compared(&self, other: &Self, was: Option<&str>, is: Option<&str>, from: &str) -> Result<Option<Versions>> {
        if let (Some(was), Some(is)) = (was, is)
            && self.object(was).is_some_and(|object| other.object(is) == Some(object))
        {
            return Ok(None);
        }
        let bytes = |snapshot: &Self, path: Option<&str>| match path {
            Some(path) => snapshot.bytes(path),
            None => Ok(Err(Refusal::Missing)),
        };
        Ok(Some(match (bytes(self, was)?, bytes(other, is)?) {
            (Ok(old), Ok(new)) if old == new => return Ok(None),
            (Ok(old), Ok(new)) => Versions::Both {
                old,
                new,
                origin: "git",
            },
            (Err(Refusal::Missing), Ok(new)) => Versions::Added(new),
            (Ok(old), Err(Refusal::Missing)) => Versions::Removed {
                old: Some(old),
                help: is.map(|_| format!("the manifest lists it still; it stands in {from}")),
            },
            (Err(refusal), Ok(_)) | (_, Err(refusal)) => refused(&refusal),
        }))
    }

    fn object(&self, path: &str) -> Option<&str> {
        match &self.place {
            Place::Revision(_, paths) => paths.get(path).map(String::as_str),
            Place::WorkingTree(_) => None,
        }
    }

    fn bytes(&self, path: &str) -> Result<Result<Vec<u8>, Refusal>> {
        match &self.place {
            Place::WorkingTree(library) => Ok(present(library, path)),
            Place::Revision(repository, paths) => {
                let Some(object) = paths.get(path) else {
                    return Ok(Err(Refusal::Missing));
                };
                let lost = || Refusal::Unreadable("its repository does not have its bytes".to_owned());
                Ok(repository.blob(object)?.ok_or_else(lost))
            }
        }
    }
}
