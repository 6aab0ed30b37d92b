//! Which files belong to a corpus: everything that its globs match, found without following a link or opening anything.

use std::fs::FileType;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use globset::GlobSet;
use ignore::WalkBuilder;

use super::storage;
use crate::error::io_message;
use crate::glob;
use crate::manifest::{CorpusRecord, LinkPolicy};

/// Folders that never hold texts of a corpus: the history of Git, and what vidimus itself keeps.
const KEPT_OUT: [&str; 2] = [".git", ".vidimus"];

/// What a directory entry is, without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Bytes that can be read.
    Regular,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A named pipe: reading it may never end.
    Pipe,
    /// A socket.
    Socket,
    /// A device.
    Device,
}

impl FileKind {
    /// The kind of a file that was looked at without following links.
    pub fn of(kind: FileType) -> Self {
        if kind.is_file() {
            return Self::Regular;
        }
        if kind.is_dir() {
            return Self::Folder;
        }
        if kind.is_symlink() {
            return Self::Link;
        }
        special(kind)
    }

    /// What it is, with its article.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Regular => "a file",
            Self::Folder => "a folder",
            Self::Link => "a symbolic link",
            Self::Pipe => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
        }
    }
}

#[cfg(unix)]
fn special(kind: FileType) -> FileKind {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        FileKind::Pipe
    } else if kind.is_socket() {
        FileKind::Socket
    } else {
        FileKind::Device
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> FileKind {
    FileKind::Device
}

/// A file that the globs match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Relative to the root, with `/`; U+FFFD where the name is not UTF-8.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// Whether the name is UTF-8, so that a manifest can list it.
    pub utf8: bool,
}

/// What a walk over the root gave.
#[derive(Debug, Default)]
pub struct Listing {
    /// What the globs match, by path.
    pub files: Vec<Found>,
    /// Folders that could not be listed, with why.
    pub unreadable: Vec<(String, String)>,
    /// For each pattern of `include`, whether it matched anything.
    pub matched: Vec<bool>,
}

/// Lists what `include` matches and `exclude` does not, below the root.
pub fn discover(root: &Path, corpus: &CorpusRecord) -> Listing {
    let include: Vec<&str> = corpus.include.iter().map(|pattern| pattern.value.as_str()).collect();
    let exclude = glob::set(corpus.exclude.iter().map(|pattern| pattern.value.as_str()));
    discover_matching(root, &include, &exclude)
}

/// Whether a file at a path, relative to the root, would be found.
pub fn would_find(corpus: &CorpusRecord, path: &str) -> bool {
    let include = glob::set(corpus.include.iter().map(|pattern| pattern.value.as_str()));
    let exclude = glob::set(corpus.exclude.iter().map(|pattern| pattern.value.as_str()));
    include.is_match(path) && !is_kept_out(path, &exclude)
}

/// Whether a path is excluded, or stands in a folder that is, or in one that never holds texts.
pub(super) fn is_kept_out(path: &str, exclude: &GlobSet) -> bool {
    let kept_out = |part: &Path| {
        let name = part.file_name().and_then(|name| name.to_str());
        exclude.is_match(part) || name.is_some_and(|name| KEPT_OUT.contains(&name))
    };
    Path::new(path).ancestors().any(kept_out)
}

/// [`discover`] for patterns that no manifest holds.
pub fn discover_matching(root: &Path, include: &[&str], exclude: &GlobSet) -> Listing {
    // The empty path is the current folder to `join`, and nothing to the system.
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    storage::at(root, LinkPolicy::Forbid).list(include, exclude)
}

/// Lists what stands below a folder.
pub(super) fn walk_all(root: &Path, include: &[&str], exclude: &GlobSet) -> Listing {
    let globs = glob::set(include.iter().copied());
    let mut listing = Listing {
        matched: vec![false; include.len()],
        ..Listing::default()
    };
    for (start, depth) in starts(include) {
        walk(root, &start, depth, exclude, &globs, &mut listing);
    }
    listing.in_order()
}

impl Listing {
    /// Takes what some of the patterns match.
    pub(super) fn take(&mut self, found: Found, matches: &[usize]) {
        matches.iter().for_each(|&index| self.matched[index] = true);
        if !matches.is_empty() {
            self.files.push(found);
        }
    }

    /// All by path, each once.
    pub(super) fn in_order(mut self) -> Self {
        self.files.sort();
        self.files.dedup();
        self.unreadable.sort();
        self.unreadable.dedup();
        self
    }
}

/// The folders to walk and how deep: no folder is entered that no pattern can match in.
pub(super) fn starts(include: &[&str]) -> Vec<(PathBuf, Option<usize>)> {
    let mut starts: Vec<(PathBuf, Option<usize>)> = include.iter().map(|pattern| start_of(pattern)).collect();
    starts.sort();
    starts.dedup();
    let all = starts.clone();
    starts.retain(|(start, _)| {
        !all.iter()
            .any(|(other, depth)| depth.is_none() && other != start && start.starts_with(other))
    });
    starts
}

fn start_of(pattern: &str) -> (PathBuf, Option<usize>) {
    let parts: Vec<&str> = pattern.split('/').collect();
    let literal = |part: &&&str| !part.contains(['*', '?', '[', '{', '\\']);
    let fixed = parts.iter().take(parts.len() - 1).take_while(literal).count();
    let deep = parts.iter().any(|part| part.contains("**")) || pattern.contains('{');
    (parts[..fixed].iter().collect(), (!deep).then_some(parts.len() - fixed))
}

fn walk(root: &Path, start: &Path, depth: Option<usize>, exclude: &GlobSet, globs: &GlobSet, listing: &mut Listing) {
    let top = root.join(start);
    if top.symlink_metadata().is_err() {
        return; // A pattern that matches nothing is named by a rule of its own.
    }
    let (base, excluded) = (root.to_owned(), exclude.clone());
    let mut builder = WalkBuilder::new(&top);
    builder.standard_filters(false).follow_links(false).max_depth(depth);
    builder.filter_entry(move |entry| {
        let kept_out = entry.file_name().to_str().is_some_and(|name| KEPT_OUT.contains(&name));
        !kept_out && (excluded.is_empty() || !excluded.is_match(relative(&base, entry.path())))
    });
    for entry in builder.build() {
        match entry {
            Ok(entry) => {
                let kind = entry.file_type().map_or(FileKind::Device, FileKind::of);
                take(root, entry.path(), kind, globs, listing);
            }
            Err(error) => note_unreadable(root, &error, listing),
        }
    }
}

fn take(root: &Path, path: &Path, kind: FileKind, globs: &GlobSet, listing: &mut Listing) {
    let below = relative(root, path);
    let matches = globs.matches(below);
    if kind == FileKind::Folder || matches.is_empty() {
        return;
    }
    let found = Found {
        path: slashed(below),
        kind,
        utf8: below.to_str().is_some(),
    };
    listing.take(found, &matches);
}

fn note_unreadable(root: &Path, error: &ignore::Error, listing: &mut Listing) {
    let path = error_path(error).map_or_else(String::new, |path| slashed(relative(root, path)));
    let why = error.io_error().map_or_else(|| error.to_string(), innermost_message);
    listing.unreadable.push((path, why));
}

/// What the system said, without what was said around it on the way.
fn innermost_message(error: &std::io::Error) -> String {
    let mut said = error;
    while let Some(inner) = said.get_ref().and_then(|error| error.source()?.downcast_ref()) {
        said = inner;
    }
    io_message(said)
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}

/// A path below the root without the root: by its text where that is UTF-8, which costs a fraction of taking both apart.
fn relative<'a>(root: &Path, path: &'a Path) -> &'a Path {
    let rest = root.to_str().and_then(|root| path.to_str()?.strip_prefix(root));
    match rest.and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) => Path::new(rest),
        None => path.strip_prefix(root).unwrap_or(path),
    }
}

/// A path with `/`, whatever the system writes.
pub fn slashed(path: &Path) -> String {
    let shown = path.to_string_lossy();
    let shown = shown.strip_prefix("./").unwrap_or(&shown);
    match MAIN_SEPARATOR {
        '/' => shown.to_owned(),
        other => shown.replace(other, "/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts_of(include: &[&str]) -> Vec<(String, Option<usize>)> {
        starts(include)
            .into_iter()
            .map(|(path, depth)| (slashed(&path), depth))
            .collect()
    }

    #[test]
    fn paths_are_printed_with_slashes() {
        let shown = |path: &str| slashed(Path::new(path));
        assert_eq!([shown("./a/b"), shown("/a/b"), shown("../a")], ["a/b", "/a/b", "../a"]);
    }

    #[test]
    fn walks_no_folder_that_cannot_match() {
        assert_eq!(starts_of(&["corpus/**/*.txt"]), [("corpus".into(), None)]);
        assert_eq!(starts_of(&["*.txt"]), [(String::new(), Some(1))]);
        assert_eq!(
            starts_of(&["a/b/*.txt", "a/*/c/x.txt"]),
            [("a".into(), Some(3)), ("a/b".into(), Some(1))]
        );
        assert_eq!(starts_of(&["a/**", "a/b/*.txt"]), [("a".into(), None)]);
        assert_eq!(starts_of(&["a/b.txt"]), [("a".into(), Some(1))]);
    }

    #[test]
    fn excluded_folders_are_not_entered() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["a.txt", "b.md", "x/c.txt", "y/d.txt", ".git/e.txt"] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(path, "x").expect("written");
        }
        let listing = discover_matching(folder.path(), &["**/*.txt", "*.rst"], &glob::set(["x/**"]));
        let paths: Vec<_> = listing.files.iter().map(|found| found.path.as_str()).collect();
        assert_eq!((paths, listing.matched), (vec!["a.txt", "y/d.txt"], vec![true, false]));
    }
}
