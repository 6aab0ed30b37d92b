//! From a manifest to a package: what is not verified is not handed on.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Exchange, Lost};
use crate::atomic;
use crate::corpus::Corpus;
use crate::digest::Digest;
use crate::engine::{Options, Report};
use crate::error::{Error, Result};
use crate::manifest::facts::Facts;
use crate::stop::Stop;

/// What to write, and where.
#[derive(Debug)]
pub struct Export<'a> {
    /// The format to write.
    pub format: &'static dyn Exchange,
    /// The manifest of the corpus.
    pub manifest: &'a Path,
    /// The file or folder to write; it must not be there.
    pub output: &'a Path,
    /// Name the address of a text in place of a copy, where one is known that gives it.
    pub fetch: bool,
    /// When, for formats that tell.
    pub at: Timestamp,
    /// When to stop, with nothing written.
    pub stop: Stop<'a>,
}

/// A verified corpus on its way out.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// What its manifest says.
    pub facts: &'a Facts,
    /// The corpus, to read its texts.
    pub corpus: &'a Corpus,
    /// The size of each text, in the order of the entries.
    pub sizes: &'a [u64],
    /// Where to write.
    pub output: &'a Path,
    /// Name addresses in place of copies, where there are some.
    pub fetch: bool,
    /// When.
    pub at: Timestamp,
    /// When to stop.
    pub stop: Stop<'a>,
}

impl Outgoing<'_> {
    /// Path, digest and size of each text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, Digest, u64)> {
        let entries = self.facts.entries.iter().zip(self.sizes);
        entries.filter_map(|(entry, &size)| Some((entry.path.as_str(), entry.digest()?, size)))
    }

    /// Path and digest of each text.
    pub fn sums(&self) -> impl Iterator<Item = (&str, Digest)> {
        self.texts().map(|(path, digest, _)| (path, digest))
    }

    /// Writes one file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Refused`] where something is there.
    pub fn write_file(&self, bytes: &[u8]) -> Result<()> {
        atomic::create(self.output, bytes)
    }
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Exported {
    /// What was found when the corpus was verified.
    pub report: Report,
    /// What the format has no place for.
    pub lost: Vec<Lost>,
    /// Where it is.
    pub output: PathBuf,
    /// What its manifest says.
    pub facts: Facts,
}

/// Verifies a corpus, and writes it in another format.
///
/// # Errors
/// [`Error::Refused`] where a text is not verified, where the manifest has errors, or where something stands at the output already.
pub fn export(export: &Export<'_>) -> Result<Exported> {
    if export.output.symlink_metadata().is_ok() {
        return Err(Error::Refused(format!(
            "{} is there already; remove it, or write elsewhere",
            export.output.display()
        )));
    }
    if export.fetch && !export.format.fetches() {
        let name = export.format.name();
        return Err(Error::Usage(format!(
            "{name} names no addresses in place of texts, so `--fetch` means nothing"
        )));
    }
    let corpus = Corpus::open(export.manifest)?;
    let options = Options {
        fixity_only: true,
        describe: true,
        ..Options::default()
    };
    let report = corpus.check(&options)?;
    export.stop.heed()?;
    refuse(&report)?;
    let facts = corpus.manifest.facts();
    let sizes: Vec<u64> = report.texts.iter().map(|text| text.size).collect();
    let outgoing = Outgoing {
        facts: &facts,
        corpus: &corpus,
        sizes: &sizes,
        output: export.output,
        fetch: export.fetch,
        at: export.at,
        stop: export.stop,
    };
    let lost = export.format.write(&outgoing)?;
    Ok(Exported {
        lost,
        facts,
        output: export.output.to_owned(),
        report,
    })
}

/// Refuses to hand on what is not certain.
fn refuse(report: &Report) -> Result<()> {
    let summary = &report.summary;
    if summary.errors == 0 && summary.verified == summary.listed {
        return Ok(());
    }
    let first = report
        .findings
        .iter()
        .find(|finding| finding.severity == crate::finding::Severity::Error);
    let first = first.map_or_else(String::new, |first| {
        format!(": {}: {}", first.location.path, first.message)
    });
    Err(Error::Refused(format!(
        "{} of {} texts are verified, and the manifest must be free of errors{first}; see `vidimus verify`",
        summary.verified, summary.listed
    )))
}
