//! Which files are meant by what a user names: folders, single files, and the entries of manifests.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::LeftOut;
use crate::corpus::{Corpus, FileKind, Library, Listing, TEXT_GLOBS, discover_matching, kind_at, slashed};
use crate::error::{Error, Result};
use crate::glob;
use crate::manifest::{LinkPolicy, Mapping};
use crate::object;
use crate::records;
use crate::whole;

/// A file, and the library that it is read from.
#[derive(Debug)]
pub(super) struct File {
    /// Its path, as reports print it.
    pub(super) shown: Box<str>,
    /// So many bytes of that are the root of the library.
    skip: u32,
    /// Its library.
    pub(super) library: u32,
    /// Which fields of its records say what, where a manifest says so.
    pub(super) mapping: Option<Box<Mapping>>,
}

impl File {
    /// Its path below the root of the library.
    pub(super) fn below(&self) -> &str {
        &self.shown[self.skip as usize..]
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Finds {
    /// The files, by path, each once.
    pub(super) files: Vec<File>,
    /// Where they are read from.
    pub(super) libraries: Vec<Library>,
    /// What was not opened, and why.
    pub(super) left_out: Vec<LeftOut>,
}

impl Finds {
    /// Finds all files that are meant.
    ///
    /// # Errors
    /// Where something is named that is not there, or a manifest cannot be read.
    pub(super) fn of(paths: &[PathBuf]) -> Result<Self> {
        let mut finds = Self::default();
        paths.iter().try_for_each(|path| finds.take(path))?;
        finds.files.sort_by(|a, b| a.shown.cmp(&b.shown));
        LeftOut::sort(&mut finds.left_out);
        finds.left_out.dedup();
        if paths.len() > 1 {
            finds.keep_each_once();
        }
        Ok(finds)
    }

    fn take(&mut self, path: &Path) -> Result<()> {
        let kind = kind_at(path).map_err(|error| Error::io("read", path, error))?;
        if kind == FileKind::Folder || path.is_dir() {
            self.take_folder(path);
            return Ok(());
        }
        match kind {
            FileKind::Regular if is_manifest(path) => return self.take_manifest(path),
            FileKind::Regular => self.take_file(path),
            kind => self.leave_out(slashed(path), not_opened(kind)),
        }
        Ok(())
    }

    fn take_folder(&mut self, folder: &Path) {
        let shards: Vec<String> = records::globs().collect();
        let include: Vec<&str> = TEXT_GLOBS
            .into_iter()
            .chain(shards.iter().map(String::as_str))
            .collect();
        let Listing { files, unreadable, .. } = discover_matching(folder, &include, &glob::set([]));
        let library = self.library(Library::new(folder, LinkPolicy::Forbid));
        for found in files {
            match found.kind {
                _ if !found.utf8 => self.leave_out(slashed(&object::below(folder, &found.path)), NO_NAME.to_owned()),
                FileKind::Regular => self.add(folder, library, &found.path),
                kind => self.leave_out(slashed(&object::below(folder, &found.path)), not_opened(kind)),
            }
        }
        for (path, why) in unreadable {
            self.leave_out(
                slashed(&object::below(folder, &path)),
                format!("the folder cannot be listed: {why}"),
            );
        }
    }

    fn take_file(&mut self, path: &Path) {
        let folder = path.parent().unwrap_or(Path::new(""));
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return self.leave_out(slashed(path), NO_NAME.to_owned());
        };
        let library = self.library(Library::new(folder, LinkPolicy::Forbid));
        self.add(folder, library, name);
    }

    fn take_manifest(&mut self, path: &Path) -> Result<()> {
        let corpus = Corpus::open(path)?;
        let library = self.library(corpus.library());
        for entry in &corpus.manifest.entries {
            match &entry.path {
                Some(path) => {
                    self.add(&corpus.root, library, path.value.as_str());
                    let added = self.files.last_mut();
                    added
                        .into_iter()
                        .for_each(|file| file.mapping.clone_from(&entry.records));
                }
                None => self.leave_out(
                    slashed(path),
                    format!("its entry {} has no path that can be followed", entry.name()),
                ),
            }
        }
        Ok(())
    }

    fn library(&mut self, library: Library) -> u32 {
        self.libraries.push(library);
        u32::try_from(self.libraries.len() - 1).unwrap_or(u32::MAX)
    }

    fn add(&mut self, root: &Path, library: u32, below: &str) {
        let shown = slashed(&object::below(root, below));
        let skip = shown.len().saturating_sub(below.len());
        self.files.push(File {
            skip: u32::try_from(skip).unwrap_or(0),
            shown: shown.into(),
            library,
            mapping: None,
        });
    }

    fn leave_out(&mut self, path: String, why: String) {
        self.left_out.push(LeftOut::file(path, why));
    }

    /// Of names for one file the first stays, so that the order in which they were given does not matter.
    fn keep_each_once(&mut self) {
        let real = |library: &Library| library.root().canonicalize().unwrap_or(library.root().to_owned());
        let roots: Vec<PathBuf> = self.libraries.iter().map(real).collect();
        let mut seen = HashSet::with_capacity(self.files.len());
        self.files
            .retain(|file| seen.insert(roots[file.library as usize].join(file.below())));
    }
}

/// Why a file with such a name is left out.
const NO_NAME: &str = "its name is not UTF-8, so no report could name it; rename it";

fn not_opened(kind: FileKind) -> String {
    format!("it is {}, and is not opened", kind.noun())
}

/// Whether a file is a manifest: YAML that says so of itself.
fn is_manifest(path: &Path) -> bool {
    let yaml = path
        .extension()
        .is_some_and(|ending| ending == "yaml" || ending == "yml");
    let says_so = |bytes: Vec<u8>| {
        bytes
            .split(|&byte| byte == b'\n')
            .any(|line| line.starts_with(b"vidimus:"))
    };
    yaml && whole::read(path).is_ok_and(says_so)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_by_several_names_is_one() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a.txt", "b.jsonl.gz", "c.rst", "d.md"] {
            std::fs::write(folder.path().join(name), "x").expect("written");
        }
        let file = folder.path().join("a.txt");
        let dotted = folder.path().join("./x/../a.txt");
        std::fs::create_dir(folder.path().join("x")).expect("made");
        let names = |paths: &[&Path]| -> Vec<String> {
            let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
            let finds = Finds::of(&paths).expect("found");
            finds.files.iter().map(|file| file.below().to_owned()).collect()
        };
        assert_eq!(names(&[folder.path()]), ["a.txt", "b.jsonl.gz", "d.md"]);
        assert_eq!(names(&[&file, folder.path(), &dotted]), ["a.txt", "b.jsonl.gz", "d.md"]);
        assert_eq!(names(&[&folder.path().join("c.rst")]), ["c.rst"]);
        assert!(Finds::of(&[folder.path().join("e.txt")]).is_err());
    }
}
