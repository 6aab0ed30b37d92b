//! One check of a corpus as the editor shows it: its buffers in place of files, and fixity as it is on disk.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::buffer::{Buffer, Content};
use super::diagnostics::{Drawing, Shown};
use super::positions::Encoding;
use crate::baseline::Baseline;
use crate::config;
use crate::corpus::{Corpus, slashed};
use crate::engine::{Options, Report};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::journal::{self, Staging};
use crate::manifest::{Entry, Manifest, read_beside, read_file};
use crate::source::Source;

/// What to check.
#[derive(Debug)]
pub(super) struct Job {
    /// The manifest, by an absolute path.
    pub(super) manifest: PathBuf,
    /// The texts that are open below its folder.
    pub(super) buffers: Vec<Buffer>,
    /// What columns count.
    pub(super) encoding: Encoding,
    /// Where copies of buffers may be laid down.
    pub(super) scratch: PathBuf,
    /// Set where the result is no longer wanted.
    pub(super) stop: Arc<AtomicUsize>,
}

/// What a check gives.
#[derive(Debug)]
pub(super) struct Checked {
    /// The manifest, as the editor shows it.
    pub(super) manifest: Manifest,
    /// What became of each entry on disk, in one word.
    pub(super) states: Vec<&'static str>,
    /// The findings by the path of their file, relative to the root.
    pub(super) shown: BTreeMap<String, Vec<Shown>>,
}

impl Checked {
    /// Whether what stands in a file may change what is found: a text that is listed, or a file of the manifest.
    pub(super) fn hangs_on(&self, path: &str) -> bool {
        let listed = |entry: &Entry| entry.path.as_ref().is_some_and(|listed| listed.value.as_str() == path);
        self.manifest.file(path).is_some() || self.manifest.entries.iter().any(listed)
    }
}

/// The buffers of a corpus, by path relative to its root.
pub(super) type Contents = BTreeMap<String, Content>;

impl Job {
    /// Checks.
    ///
    /// # Errors
    /// As [`Corpus::open`], [`Corpus::check`] and [`config::load`].
    pub(super) fn run(&self) -> Result<Checked> {
        let root = Corpus::root_of(&self.manifest);
        journal::refuse_pending(root)?;
        let config = config::load(root, false, &[])?;
        let options = Options {
            stop: Some(&self.stop),
            without_shards: true,
            ..Options::configured(&config)?
        };
        let docs = config.docs.map(|docs| docs.value);
        let contents = self.contents(root);
        let run = Run {
            job: self,
            options,
            docs: docs.as_deref(),
            known: config.baseline.map(|path| Baseline::open(&path.value)).transpose()?,
            contents: &contents,
        };
        match contents.values().any(|content| content.unsaved) {
            true => run.of_buffers(),
            false => run.of_files(),
        }
    }

    fn contents(&self, root: &Path) -> Contents {
        let below = |buffer: &Buffer| Some((slashed(buffer.path.strip_prefix(root).ok()?), buffer.content()));
        self.buffers.iter().filter_map(below).collect()
    }

    /// The corpus with the manifest that the editor shows.
    fn corpus(&self, contents: &Contents) -> Result<Corpus> {
        let root = Corpus::root_of(&self.manifest);
        let name = self.manifest.file_name().unwrap_or_default().to_string_lossy();
        let open = |name: &str| contents.get(name).map(|content| content.bytes.clone());
        let bytes = open(&name).map_or_else(|| read_file(&self.manifest), Ok)?;
        let shard = |name: &str| open(name).map_or_else(|| read_beside(&root.join(name)), Ok);
        let shown = self.manifest.display().to_string();
        Ok(Corpus {
            manifest: Manifest::parse(Source::new(name, bytes), &shown, shard)?,
            root: root.to_owned(),
            instead: HashMap::new(),
        })
    }
}

/// What the steps of one check share.
struct Run<'a> {
    job: &'a Job,
    options: Options<'a>,
    docs: Option<&'a str>,
    /// The findings that are old, and not shown.
    known: Option<Baseline>,
    contents: &'a Contents,
}

impl Run<'_> {
    /// Where every buffer is as its file.
    fn of_files(self) -> Result<Checked> {
        let corpus = self.job.corpus(self.contents)?;
        let report = self.check(&corpus)?;
        Ok(Checked {
            shown: self.draw(&corpus, report.findings),
            states: report.states,
            manifest: corpus.manifest,
        })
    }

    /// Where some buffers are in no file.
    fn of_buffers(self) -> Result<Checked> {
        let folder = &self.job.scratch;
        let scratch = tempfile::tempdir_in(folder).map_err(|error| Error::io("write to", folder, error))?;
        let on_disk = self.job.corpus(self.contents)?;
        let mut edited = self.job.corpus(self.contents)?;
        certify(&mut edited, self.contents, &Staging::new(scratch.path()))?;
        let mut report = self.check(&edited)?;
        let fixity = fixity_on_disk(&on_disk, &edited, &self.options)?;
        take_states(&mut report, &fixity);
        let fixity = news(fixity.findings, &report.findings, &edited);
        let mut shown = self.draw(&edited, report.findings);
        for (path, mut more) in self.draw(&on_disk, fixity) {
            shown.entry(path).or_default().append(&mut more);
        }
        Ok(Checked {
            manifest: on_disk.manifest,
            states: report.states,
            shown,
        })
    }

    fn check(&self, corpus: &Corpus) -> Result<Report> {
        let mut report = corpus.check(&self.options)?;
        if let Some(known) = &self.known {
            known.mark(&mut report);
        }
        Ok(report)
    }

    fn draw(&self, corpus: &Corpus, findings: Vec<Finding>) -> BTreeMap<String, Vec<Shown>> {
        Drawing::new(self.job, corpus, self.contents, self.docs).draw(findings)
    }
}

/// Lays buffers that no file holds in place of their texts, and takes them for certified: while somebody writes, the digest differs, and
/// nobody need be told.
fn certify(corpus: &mut Corpus, contents: &Contents, staging: &Staging) -> Result<()> {
    for entry in &mut corpus.manifest.entries {
        let Some(path) = entry.path.as_ref().map(|path| path.value.as_str().to_owned()) else {
            continue;
        };
        if let Some(content) = contents.get(&path).filter(|content| content.unsaved) {
            let name = staging.put(&content.bytes)?;
            corpus.instead.insert(path, staging.path(&name));
            renew(entry, &content.bytes);
        }
    }
    Ok(())
}

/// Makes an entry say what its new bytes are, in all places where it said what the old ones are.
fn renew(entry: &mut Entry, bytes: &[u8]) {
    let old = entry.digest();
    let last = entry.edits.last_mut().and_then(|edit| edit.to.as_mut());
    let last = last.filter(|to| to.digest == old);
    for recorded in entry.sha256.iter_mut().chain(&mut entry.digests).chain(last) {
        let algorithm = recorded.algorithm;
        recorded.digest = recorded.digest.map(|_| algorithm.digest(bytes));
    }
    if let Some(size) = &mut entry.bytes {
        size.value = bytes.len() as u64;
    }
}

/// What fixity says of the files behind the buffers.
fn fixity_on_disk(on_disk: &Corpus, edited: &Corpus, options: &Options<'_>) -> Result<Report> {
    let mut only: Vec<String> = edited.instead.keys().cloned().collect();
    only.sort();
    if only.is_empty() {
        return Ok(Report::default());
    }
    on_disk.check(&Options {
        fixity_only: true,
        only,
        ..options.clone()
    })
}

/// What became of the texts that were looked at on disk.
fn take_states(report: &mut Report, on_disk: &Report) {
    let pairs = report.states.iter_mut().zip(&on_disk.states);
    pairs
        .filter(|(_, state)| **state != "skipped")
        .for_each(|(known, state)| *known = state);
}

/// The findings about the files behind the buffers that the check of the buffers has not.
fn news(findings: Vec<Finding>, known: &[Finding], edited: &Corpus) -> Vec<Finding> {
    let known: HashSet<(&str, &str)> = known
        .iter()
        .map(|finding| (finding.rule, finding.fingerprint.as_str()))
        .collect();
    let concerns = |finding: &Finding| {
        let related = finding.related.iter().map(|related| &related.location);
        let mut places = related.chain([&finding.location]);
        let names = places.any(|place| edited.instead.contains_key(&place.path));
        names || (edited.manifest.file(&finding.location.path).is_some() && finding.rule == "fixity/size-mismatch")
    };
    let mut findings = findings;
    findings.retain(|finding| {
        let new = !known.contains(&(finding.rule, finding.fingerprint.as_str()));
        finding.family() == "fixity" && new && concerns(finding)
    });
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Algorithm;

    #[test]
    fn a_renewed_entry_breaks_no_chain() {
        let old = Algorithm::Sha256.digest(b"old");
        let text = format!(
            "vidimus: 1\nentries:\n- path: a\n  sha256: {old}\n  bytes: 3\n  digests: {{md5: {}}}\n  edits: [{{to: {old}}}]\n",
            Algorithm::Md5.digest(b"old")
        );
        let source = Source::new("manifest.yaml", text.into_bytes());
        let mut manifest = Manifest::parse(source, "m", |_| Err(std::io::Error::other("none"))).expect("YAML");
        let entry = &mut manifest.entries[0];
        renew(entry, b"newer");
        let new = Some(Algorithm::Sha256.digest(b"newer"));
        assert_eq!(entry.digest(), new);
        assert_eq!(entry.edits[0].to.as_ref().and_then(|to| to.digest), new);
        assert_eq!(entry.digests[0].digest, Some(Algorithm::Md5.digest(b"newer")));
        assert_eq!(entry.bytes.as_ref().map(|bytes| bytes.value), Some(5));
    }
}
