//! What stands in the folder of a bag, found without opening anything.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::corpus::{FileKind, io_message};
use crate::error::{Error, Result};
use crate::stop::Stop;

/// Folders in the root of a bag that are no part of it: the history of Git, and what vidimus itself keeps.
const KEPT_OUT: [&str; 2] = [".git", ".vidimus"];

/// All of it, by paths relative to the root, with `/`.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Regular files, with their sizes.
    pub(super) files: BTreeMap<String, u64>,
    /// Links, pipes, sockets and devices.
    pub(super) others: BTreeMap<String, FileKind>,
    /// Files whose names are not UTF-8, with U+FFFD.
    pub(super) nameless: Vec<String>,
    /// Folders that could not be listed, with why.
    pub(super) unreadable: Vec<(String, String)>,
    /// Whether there is a folder for the payload.
    pub(super) has_payload: bool,
}

impl Folder {
    /// Walks a folder.
    pub(super) fn walk(root: &Path, stop: Stop<'_>) -> Result<Self> {
        let mut folder = Self::default();
        let mut open = vec![String::new()];
        while let Some(below) = open.pop() {
            stop.heed()?;
            if let Err(error) = folder.list(root, &below, &mut open) {
                if below.is_empty() {
                    return Err(Error::io("list", root, error));
                }
                folder.unreadable.push((below, io_message(&error)));
            }
        }
        folder.nameless.sort();
        folder.unreadable.sort();
        Ok(folder)
    }

    fn list(&mut self, root: &Path, below: &str, open: &mut Vec<String>) -> std::io::Result<()> {
        for entry in fs::read_dir(root.join(below))? {
            let entry = entry?;
            let name = entry.file_name();
            let path = match below {
                "" => name.to_string_lossy().into_owned(),
                _ => format!("{below}/{}", name.to_string_lossy()),
            };
            let data = entry.metadata()?;
            match FileKind::of(data.file_type()) {
                _ if name.to_str().is_none() => self.nameless.push(path),
                FileKind::Folder if below.is_empty() && KEPT_OUT.contains(&path.as_str()) => {}
                FileKind::Folder => {
                    self.has_payload |= path == "data";
                    open.push(path);
                }
                FileKind::Regular => drop(self.files.insert(path, data.len())),
                kind => drop(self.others.insert(path, kind)),
            }
        }
        Ok(())
    }

    /// Whether anything stands at a path that is no folder.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.others.contains_key(path)
    }

    /// The regular files of the payload.
    pub(super) fn payload(&self) -> impl Iterator<Item = (&str, u64)> {
        let files = self.files.range("data/".to_owned()..);
        files
            .take_while(|(path, _)| is_payload(path))
            .map(|(path, size)| (path.as_str(), *size))
    }

    /// The files in the root of the bag that are named `PREFIX-ALGORITHM.txt`, with the name of the algorithm.
    pub(super) fn lists<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let names = self
            .files
            .keys()
            .map(String::as_str)
            .chain(self.others.keys().map(String::as_str));
        names.filter_map(move |name| {
            let algorithm = name.strip_prefix(prefix)?.strip_suffix(".txt")?;
            (!algorithm.is_empty() && !algorithm.contains('/')).then_some((name, algorithm))
        })
    }
}

/// Whether a path leads into the payload.
pub(super) fn is_payload(path: &str) -> bool {
    path.starts_with("data/")
}

/// Whether the system makes files of that name by itself.
pub(super) fn is_of_system(path: &str) -> bool {
    const NAMES: [&str; 7] = [
        ".ds_store",
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        ".directory",
        ".localized",
        "icon\r",
    ];
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let of_folder = path
        .split('/')
        .any(|part| part == "__MACOSX" || part == ".Spotlight-V100");
    NAMES.contains(&name.as_str()) || name.starts_with("._") || of_folder
}
