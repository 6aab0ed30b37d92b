//! Where things are for an editor: an address for each file, and the manifest that a file belongs to.

use std::path::{Component, Path, PathBuf};

use lsp_types::Uri;
use url::Url;

/// The file that an address names.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    Url::parse(uri.as_str()).ok()?.to_file_path().ok()
}

/// The address of a file, whose path must be absolute.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    Url::from_file_path(path).ok()?.as_str().parse().ok()
}

/// A path without `.` and `..`, as editors name files: by its words alone, no link is followed.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The nearest manifest, from the folder of a file upward.
pub(super) fn manifest_above(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).find_map(manifest_in)
}

/// The manifest of a folder, where it has one.
pub(super) fn manifest_in(folder: &Path) -> Option<PathBuf> {
    Some(folder.join("manifest.yaml")).filter(|manifest| manifest.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a b/ü#1?.txt");
        assert_eq!(path_of(&uri_of(&path).expect("an address")), Some(path));
        let other: Uri = "untitled:Untitled-1".parse().expect("an address");
        assert_eq!(path_of(&other), None);
    }

    #[test]
    fn a_path_is_made_plain() {
        assert_eq!(plain(Path::new("/c/./a/../b.yaml")), Path::new("/c/b.yaml"));
        assert_eq!(plain(Path::new("/../b.yaml")), Path::new("/b.yaml"));
    }

    #[test]
    fn the_nearest_manifest_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("a/b");
        std::fs::create_dir_all(&deep).expect("made");
        let manifest = folder.path().join("a/manifest.yaml");
        std::fs::write(&manifest, "").expect("written");
        assert_eq!(manifest_above(&deep.join("x.txt")), Some(manifest.clone()));
        assert_eq!(manifest_above(&manifest), Some(manifest));
    }
}
