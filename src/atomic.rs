//! A file is replaced as a whole or not at all: whoever reads it sees the old bytes or the new ones, never a half.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// Replaces a file, or makes it where there is none; keeps the permissions of the old one.
///
/// # Errors
/// [`Error::Refused`] where something else than a regular file stands there, [`Error::Io`] where the system refuses;
/// either way the old bytes stay.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_with(path, |file| file.write_all(bytes))
}

/// [`replace`] with bytes that are written piece by piece.
///
/// # Errors
/// As [`replace`], and whatever `write` gives.
pub fn replace_with(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let old = regular(path)?;
    let failed = |error| Error::io("write", path, error);
    let file = prepare(path, old.as_ref(), write).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    sync_folder(path).map_err(failed)
}

/// Makes a file where there is none.
///
/// # Errors
/// [`Error::Refused`] where there is something already, [`Error::Io`] where the system refuses.
pub fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error| Error::io("write", path, error);
    let taken = || Error::Refused(format!("{} is there already", path.display()));
    if path.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let file = prepare(path, None, |file| file.write_all(bytes)).map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => taken(),
        _ => failed(error.error),
    })?;
    sync_folder(path).map_err(failed)
}

/// What stands there, where that is a regular file; a link would be replaced, not followed, so it is refused.
fn regular(path: &Path) -> Result<Option<fs::Metadata>> {
    match path.symlink_metadata() {
        Ok(data) if data.is_file() => Ok(Some(data)),
        Ok(data) if data.is_symlink() => Err(Error::Refused(format!(
            "{} is a symbolic link, which is not written through; name the file that it leads to",
            path.display()
        ))),
        Ok(_) => Err(Error::Refused(format!(
            "{} is no regular file, so it is not replaced",
            path.display()
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("write", path, error)),
    }
}

fn prepare(
    path: &Path,
    old: Option<&fs::Metadata>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let mut file = nameless(folder(path))?;
    write(file.as_file_mut())?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// A new file in a folder that has no name of its own yet, and goes with the value unless it is given one.
///
/// # Errors
/// Where the system refuses.
pub(crate) fn nameless(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".vidimus-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666)); // The umask takes from it what it takes from all.
    }
    builder.tempfile_in(folder)
}

/// Makes a folder where there is none, and its name last.
///
/// # Errors
/// [`Error::Io`] where the system refuses.
pub fn make_folder(path: &Path) -> Result<()> {
    let failed = |error| Error::io("make the folder", path, error);
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.and_then(|()| sync_folder(path)).map_err(failed),
    }
}

/// Files that are made to last together: one call for thousands of them where the system has one, else a call for each.
#[derive(Debug, Default)]
pub struct Batch {
    written: Mutex<Vec<PathBuf>>,
}

impl Batch {
    /// Notes a file that was written and has its name.
    ///
    /// # Errors
    /// Where the system refuses to make it last.
    pub fn note(&self, path: &Path, file: &File) -> io::Result<()> {
        if !cfg!(target_os = "linux") {
            file.sync_all()?;
        }
        self.written().push(path.to_owned());
        Ok(())
    }

    /// Notes a file that has taken its place, whose bytes last already.
    pub fn note_named(&self, path: &Path) {
        self.written().push(path.to_owned());
    }

    /// Makes all last that was noted, with its name. Before it returns, none of them may be relied on.
    ///
    /// # Errors
    /// [`Error::Io`] where the system refuses.
    pub fn flush(&self) -> Result<()> {
        let written = std::mem::take(&mut *self.written());
        let mut folders: Vec<&Path> = written.iter().map(|path| folder(path)).collect();
        folders.sort_unstable();
        folders.dedup();
        sync_all(&folders)
    }

    fn written(&self) -> std::sync::MutexGuard<'_, Vec<PathBuf>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes everything last that was written to the file systems of folders, each asked once.
#[cfg(target_os = "linux")]
fn sync_all(folders: &[&Path]) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let mut asked = Vec::new();
    for folder in folders {
        let failed = |error| Error::io("write", *folder, error);
        let device = fs::metadata(folder).map_err(failed)?.dev();
        if !asked.contains(&device) {
            let open = File::open(folder).map_err(failed)?;
            rustix::fs::syncfs(&open).map_err(|error| failed(error.into()))?;
            asked.push(device);
        }
    }
    Ok(())
}

/// Makes the names in folders last; the files themselves were made to before.
#[cfg(not(target_os = "linux"))]
fn sync_all(folders: &[&Path]) -> Result<()> {
    let sync = |folder: &&Path| sync_folder(&folder.join("file")).map_err(|error| Error::io("write", *folder, error));
    folders.iter().try_for_each(sync)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes the new name last. Some file systems cannot, and say so; the bytes are safe by then.
fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder(path)).and_then(|folder| folder.sync_all()) {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            Err(error)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("listed");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_full_disk_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m.yaml");
        fs::write(&path, "old").expect("written");
        let full = |file: &mut dyn Write| {
            file.write_all(b"ne")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        let said = replace_with(&path, full).expect_err("full").to_string();
        assert!(said.contains("m.yaml"), "{said}");
        assert_eq!(fs::read(&path).expect("read"), b"old");
        assert_eq!(names(folder.path()), ["m.yaml"]);
    }

    #[test]
    fn a_folder_that_is_none_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "x").expect("written");
        let said = replace(&file.join("m.yaml"), b"new")
            .expect_err("no folder")
            .to_string();
        assert!(said.starts_with("cannot write ") && said.contains("m.yaml"), "{said}");
        assert_eq!(fs::read(&file).expect("read"), b"x");
    }

    #[test]
    fn creation_never_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m.yaml");
        create(&path, b"one").expect("made");
        assert!(matches!(create(&path, b"two"), Err(Error::Refused(_))));
        assert_eq!(fs::read(&path).expect("read"), b"one");
        assert_eq!(names(folder.path()), ["m.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn keeps_permissions_and_follows_nothing() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m.yaml");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        replace(&path, b"new").expect("replaced");
        let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!((fs::read(&path).expect("read"), mode), (b"new".to_vec(), 0o640));
        let link = folder.path().join("link");
        symlink("m.yaml", &link).expect("linked");
        assert!(matches!(replace(&link, b"x"), Err(Error::Refused(_))));
        assert!(matches!(replace(folder.path(), b"x"), Err(Error::Refused(_))));
    }
}
