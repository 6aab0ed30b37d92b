//! `--output FORMAT=FILE`: reports beside the one on standard output. They are opened before the work starts, and emptied
//! only once there is a report to write; a file of the corpus itself is never written over.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::corpus::slashed;
use crate::engine::Report;
use crate::error::{Error, Result};
use crate::report::{Format, Style};

/// A file that a report will be written to.
#[derive(Debug)]
pub(super) struct Output {
    format: Format,
    path: PathBuf,
    file: File,
    /// Whether it was made by this run.
    made: bool,
}

impl Output {
    /// Opens a file, and leaves in it what it holds.
    pub(super) fn open((format, path): &(Format, PathBuf)) -> Result<Self> {
        let failed = |error| Error::io("write", path, error);
        let new = OpenOptions::new().write(true).create_new(true).open(path);
        let (file, made) = match new {
            Ok(file) => (file, true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let kept = OpenOptions::new().write(true).create(true).truncate(false).open(path);
                (kept.map_err(failed)?, false)
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self {
            format: *format,
            path: path.clone(),
            file,
            made,
        })
    }

    /// Refuses what belongs to the corpus: a manifest, a checksum list, a text. Takes away what this run has made there.
    pub(super) fn refuse_own(&self, root: &Path, owns: &dyn Fn(&str) -> bool) -> Result<()> {
        let root = if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        };
        let (Ok(real), Ok(root)) = (self.path.canonicalize(), root.canonicalize()) else {
            return Ok(());
        };
        let own = real.strip_prefix(root).is_ok_and(|below| owns(&slashed(below)));
        if !own {
            return Ok(());
        }
        if self.made {
            fs::remove_file(&real).map_err(|error| Error::io("remove", &self.path, error))?;
        }
        Err(Error::Refused(format!(
            "{} belongs to the corpus, so no report is written there; name another file",
            self.path.display()
        )))
    }

    /// Writes a report in place of what the file holds.
    pub(super) fn write(self, report: &Report) -> Result<()> {
        let Self { format, path, file, .. } = self;
        let empty = || match file.metadata()?.is_file() {
            true => file.set_len(0),
            false => Ok(()), // A pipe or a device.
        };
        let written = empty().and_then(|()| {
            let mut out = BufWriter::new(&file);
            format.write(report, Style::default(), &mut out)?;
            out.flush()
        });
        written.map_err(|error| Error::io("write", path, error))
    }
}
