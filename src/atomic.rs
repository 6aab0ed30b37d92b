//! A file is replaced as a whole or not at all: whoever reads it sees the old bytes or the new ones, never a half.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

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
    let mut builder = tempfile::Builder::new();
    builder.prefix(".vidimus-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666)); // The umask takes from it what it takes from all.
    }
    let mut file = builder.tempfile_in(folder(path))?;
    write(file.as_file_mut())?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
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
