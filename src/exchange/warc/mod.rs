//! Web archives: each record is verified by its own digests, and texts are taken out of the records with what these tell of them.

mod ledger;
mod names;
mod texts;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

pub(super) use ledger::{Ledger, unread};
pub(super) use texts::Texts;

use super::{Exchange, Inside, Inspected, Package, Unpack};
use crate::corpus::slashed;
use crate::error::{Error, Result};
use crate::source::Source;
use crate::stop::Stop;
use crate::warc::input::Input;
use crate::warc::{self, Fault, Listener, Record};

/// A WARC file.
#[derive(Debug)]
pub(super) struct Warc;

impl Exchange for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }

    fn about(&self) -> &'static str {
        "a web archive (WARC), also compressed with gzip or Zstandard; its records are verified"
    }

    fn recognises(&self, path: &Path) -> bool {
        path.symlink_metadata().is_ok_and(|data| data.is_file()) && begins(path).unwrap_or(false)
    }

    fn read(&self, path: &Path, _: Stop<'_>) -> Result<Package> {
        refuse_foreign(path)?;
        let mut package = Package::new("the record", path.parent().unwrap_or(Path::new("")));
        package.sources.push(unread_source(path));
        package.inside = Some(Box::new(Records { path: path.to_owned() }));
        Ok(package)
    }

    fn unpacks(&self) -> bool {
        true
    }

    fn unpack(&self, unpack: &Unpack<'_>) -> Result<Package> {
        refuse_foreign(unpack.path)?;
        let mut texts = Texts::new(unpack);
        for container in warc::open(unpack.path).map_err(|error| Error::io("read", unpack.path, error))? {
            texts.enter(container.member());
            let read = container
                .bytes()
                .and_then(|bytes| warc::read(bytes, &mut texts, unpack.stop));
            ended(read, unpack.path, unpack.stop)?;
            texts.leave();
        }
        Ok(texts.package())
    }
}

/// A source that stands for a file which is not held in memory, so that no report is written over it.
pub(super) fn unread_source(path: &Path) -> Source {
    Source::new(slashed(path), Vec::new())
}

/// Whether a file begins as a WARC file does.
fn begins(path: &Path) -> io::Result<bool> {
    let mut input = Input::new(Box::new(File::open(path)?))?;
    Ok(input.fill_to(5).is_ok_and(|head| head.starts_with(b"WARC/")))
}

/// Refuses what is no WARC file, unless it is compressed: then damage may stand at its beginning.
fn refuse_foreign(path: &Path) -> Result<()> {
    let failed = |error| Error::io("read", path, error);
    let data = path.metadata().map_err(failed)?;
    if !data.is_file() {
        return Err(Error::Refused(format!(
            "{} is no regular file, and is not opened",
            path.display()
        )));
    }
    let mut head = Vec::new();
    File::open(path)
        .map_err(failed)?
        .take(4)
        .read_to_end(&mut head)
        .map_err(failed)?;
    let packed =
        head.starts_with(&[0x1F, 0x8B]) || head.starts_with(&[0x28, 0xB5]) || head.ends_with(&[0x2A, 0x4D, 0x18]);
    if packed || begins(path).map_err(failed)? {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "{} does not begin as a WARC file does, with `WARC/`",
        path.display()
    )))
}

/// What an error of reading means: that it was to stop, or that the file cannot be read.
pub(super) fn ended(read: io::Result<()>, path: &Path, stop: Stop<'_>) -> Result<()> {
    stop.heed()?;
    read.map_err(|error| Error::io("read", path, error))
}

/// The records of a file.
#[derive(Debug)]
struct Records {
    path: PathBuf,
}

impl Inside for Records {
    fn verify(&self, stop: Stop<'_>) -> Result<Inspected> {
        let mut ledger = Ledger::new(slashed(&self.path));
        for container in warc::open(&self.path).map_err(|error| Error::io("read", &self.path, error))? {
            let read = container.bytes().and_then(|bytes| warc::read(bytes, &mut ledger, stop));
            ended(read, &self.path, stop)?;
            ledger.leave();
        }
        if ledger.is_empty() {
            return Err(Error::Refused(format!("{} holds no record", self.path.display())));
        }
        Ok(ledger.close())
    }
}

impl Listener for Ledger {
    fn record(&mut self, record: Record, _: Option<warc::body::Taken>) -> io::Result<()> {
        Self::record(self, &record);
        Ok(())
    }

    fn fault(&mut self, fault: Fault) {
        Self::fault(self, &fault);
    }
}
