//! `sign`: a detached signature beside a manifest.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{below_root, folder_of, listed, or_here};
use crate::atomic;
use crate::corpus::{Corpus, slashed};
use crate::engine;
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::manifest::Manifest;
use crate::signature::{EXTENSION, SecretKey, Signature, Unsound};
use crate::stop::Stop;
use crate::whole;

/// The signature of a manifest where nothing else is said: beside it, with a further ending.
pub fn signature_of(manifest: &Path) -> PathBuf {
    let mut name = manifest.as_os_str().to_owned();
    name.push(".");
    name.push(EXTENSION);
    name.into()
}

/// A manifest that may be signed, and where its signature goes.
#[derive(Debug)]
pub struct Unsigned {
    corpus: Corpus,
    output: PathBuf,
}

impl Unsigned {
    /// Opens a manifest, and sees that it can be signed. The texts are not looked at: `verify` does that.
    ///
    /// # Errors
    /// [`Error::Refused`] where the manifest has errors of its own, a shard that is not the one on record among them, and
    /// where something else than a signature stands, or belongs, where the signature is to go. As [`Corpus::open`].
    pub fn open(manifest: &Path, output: Option<&Path>) -> Result<Self> {
        let corpus = Corpus::open(manifest)?;
        refuse_errors(manifest, &engine::check_manifest(&corpus))?;
        let output = output.map_or_else(|| signature_of(manifest), Path::to_owned);
        refuse_own(&corpus, &output)?;
        refuse_other(&output)?;
        Ok(Self { corpus, output })
    }

    /// Signs the bytes that were read, and writes the signature as a whole, in place of an older one. Gives where.
    ///
    /// # Errors
    /// [`Error::Refused`] where the key does not sign, [`Error::Io`], [`Error::Interrupted`].
    pub fn sign(self, key: &SecretKey, at: Timestamp, remark: Option<&str>, stop: Stop<'_>) -> Result<PathBuf> {
        let refused = |why: Unsound| Error::Refused(format!("the key {} {why}", key.number()));
        let signature = key.sign(&self.corpus.manifest, at, remark).map_err(refused)?;
        stop.heed()?;
        atomic::replace(&self.output, signature.as_bytes())?;
        Ok(self.output)
    }
}

/// What is wrong in a manifest would be vouched for as well.
fn refuse_errors(manifest: &Path, findings: &[Finding]) -> Result<()> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let line = |finding: &Finding| {
        let place = finding.location.place.as_ref().map(|place| place.start);
        let at = place.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        format!("{}{at}: {} [{}]", finding.location.path, finding.message, finding.rule)
    };
    let lines: Vec<String> = errors.map(line).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let heading = format!(
        "{} has errors, so it is not signed; mend them first",
        manifest.display()
    );
    Err(Error::Refused(listed(&heading, &lines)))
}

/// Refuses the place of the manifest, of a shard, of a text, or of a file that a text was made from.
fn refuse_own(corpus: &Corpus, output: &Path) -> Result<()> {
    let real = |path: &Path| path.canonicalize().ok();
    let output_path = real(&folder_of(output)).zip(output.file_name());
    let below = real(or_here(&corpus.root))
        .zip(output_path)
        .and_then(|(root, (folder, name))| {
            let path = folder.join(name);
            path.strip_prefix(&root).ok().map(slashed)
        });
    let names = [below, below_root(&corpus.root, output)];
    match names.into_iter().flatten().find(|name| belongs(&corpus.manifest, name)) {
        Some(name) => Err(Error::Refused(format!(
            "{name} belongs to the corpus, so no signature is written there; name another file with `--output`"
        ))),
        None => Ok(()),
    }
}

fn belongs(manifest: &Manifest, name: &str) -> bool {
    let name = crate::manifest::fold(name);
    let texts = manifest.entries.iter().filter_map(|entry| entry.path.as_ref());
    let derived = manifest.entries.iter().flat_map(|entry| &entry.derived_from);
    let originals = derived.filter_map(|from| from.path.as_ref());
    let mut paths = texts.chain(originals);
    manifest
        .files
        .iter()
        .any(|file| crate::manifest::fold(file.name()) == name)
        || paths.any(|path| path.value.folded() == name)
}

/// Refuses to replace what is no signature.
fn refuse_other(output: &Path) -> Result<()> {
    if !output.is_file() {
        return Ok(()); // Nothing is there, or something that is not replaced.
    }
    let bytes = whole::read(output).map_err(|error| Error::io("read", output, error))?;
    let text = String::from_utf8(bytes).ok();
    match text.is_some_and(|text| Signature::parse(&text).is_ok()) {
        true => Ok(()),
        false => Err(Error::Refused(format!(
            "{} is there and is no signature, so it is not replaced; name another file with `--output`",
            output.display()
        ))),
    }
}
