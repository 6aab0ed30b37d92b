//! The formats of other tools: what they say of texts is verified, brought into a manifest, and written from one.
//!
//! A format is a file and a line in [`ALL`]. It reads what stands at a path into a [`Package`]: files with their digests
//! and what is recorded of them, in the terms of a manifest, and what has no place there. What is done with a package is the same for
//! all of them: [`verify()`], [`import()`], and [`export()`] the other way round.

mod bagit;
mod cdx;
mod croissant;
mod described;
mod export;
mod extension;
mod frictionless;
mod import;
mod json;
mod linked;
mod package;
mod ro_crate;
mod sums;
mod terms;
mod unpack;
mod verify;
mod wacz;
mod warc;
mod written;

use std::fmt;
use std::path::Path;

pub use export::{Export, Exported, Outgoing, export};
pub use import::{Import, Imported, import};
pub use package::{Inside, Inspected, Item, Lost, Misrecorded, Package, Tally};
pub use sums::read_at as read_sums;
pub use unpack::Unpack;
pub use verify::{Outcome, Verified, verify};

use crate::error::{Error, Result};
use crate::stop::Stop;

/// A format of other tools.
pub trait Exchange: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// What it is, in a few words.
    fn about(&self) -> &'static str;

    /// Whether what stands at a path says of itself that it is of this format. Reads little, and follows no link.
    fn recognises(&self, path: &Path) -> bool;

    /// Reads what stands at a path. Files that it names are not read yet.
    ///
    /// # Errors
    /// Where there is nothing at the path, or nothing of this format that could be read on. What is wrong in it otherwise is in
    /// [`Package::findings`].
    fn read(&self, path: &Path, stop: Stop<'_>) -> Result<Package>;

    /// Whether it can name the address of a text in place of a copy.
    fn fetches(&self) -> bool {
        false
    }

    /// Whether its texts stand inside of a file, and are taken out of it before they are listed.
    fn unpacks(&self) -> bool {
        false
    }

    /// Takes the texts that stand inside of a file out of it.
    ///
    /// # Errors
    /// Where the file cannot be read, or the texts cannot be written.
    fn unpack(&self, unpack: &Unpack<'_>) -> Result<Package> {
        self.read(unpack.path, unpack.stop)
    }

    /// Whether it holds no texts, and fills in what a manifest does not say of its own.
    fn fills(&self) -> bool {
        false
    }

    /// Writes a corpus, and says what of it has no place in this format.
    ///
    /// # Errors
    /// Where it cannot be written. Then nothing is left of it.
    fn write(&self, outgoing: &Outgoing<'_>) -> Result<Vec<Lost>> {
        let _ = outgoing;
        Err(Error::Usage(format!(
            "nothing is exported as {}; it is read alone",
            self.name()
        )))
    }
}

impl fmt::Debug for dyn Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Every format, in the order in which a path is offered to them.
pub static ALL: &[&dyn Exchange] = &[
    &bagit::Bagit,
    &sums::Sums,
    &sums::Tagged,
    &sums::Hashdeep,
    &frictionless::FRICTIONLESS,
    &croissant::CROISSANT,
    &ro_crate::RO_CRATE,
    &warc::Warc,
    &wacz::Wacz,
    &cdx::Cdx,
];

/// The format of that name.
///
/// # Errors
/// [`Error::Usage`], with the names that there are.
pub fn find(name: &str) -> Result<&'static dyn Exchange> {
    let found = ALL.iter().copied().find(|format| format.name() == name);
    let names = || ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| Error::Usage(format!("there is no format `{name}`; there are {}", names())))
}

/// The format that what stands at a path says it is of.
pub fn recognise(path: &Path) -> Option<&'static dyn Exchange> {
    ALL.iter().copied().find(|format| format.recognises(path))
}

#[cfg(test)]
mod roundtrip;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_found_by_its_name() {
        for format in ALL {
            assert_eq!(find(format.name()).expect("found").name(), format.name());
            assert!(!format.about().is_empty());
        }
        assert!(find("paper").is_err());
    }
}
