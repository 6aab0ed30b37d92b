//! Findings that are known: an old corpus adopts the gate, and only what is new fails it.
//!
//! A finding is known by its rule and its fingerprint, which hangs on the passage and not on a line, and counts equal passages:
//! where a text has a label three times, a fourth is new. What is known is marked and not left out, so that no page that compares
//! reports opens it again. Fixity is never known: what was not verified yesterday is not verified today.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::atomic;
use crate::checks;
use crate::config::Selection;
use crate::corpus::Corpus;
use crate::engine::{self, Options, Report};
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, Severity, Suppression};
use crate::git::Repository;
use crate::manifest::{Manifest, TextPath};
use crate::signature::Seal;
use crate::source::Source;
use crate::whole;

/// The name of the format, in the key `schema`.
pub const SCHEMA: &str = "vidimus-baseline/1";
/// Where it stands beside a manifest, unless the user says otherwise.
pub const NAME: &str = "vidimus-baseline.json";

/// One finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The text that it is in, for people: it is not looked at.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// What it is known by.
    pub fingerprint: String,
}

impl Known {
    /// What it is known by.
    fn key(&self) -> (&str, &str) {
        (&self.rule, &self.fingerprint)
    }

    /// Whether a selection takes whatever its rule may find in its text. A rule that there is no more finds nothing.
    fn would_be_told(&self, selection: &Selection) -> bool {
        let Some(check) = checks::find(&self.rule) else {
            return true;
        };
        let any = |severity| Finding::new(check.rule().id, severity, Location::file(&self.path), "");
        let mut severities = [Severity::Info, Severity::Warning, Severity::Error].into_iter();
        severities.all(|severity| selection.takes(&any(severity)))
    }
}

/// What is known of a corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeSet<Known>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    findings: Vec<Known>,
}

impl Baseline {
    /// All findings of a report that count, but those of fixity and errors of the manifest.
    pub fn of(report: &Report) -> Self {
        let known = report
            .open()
            .filter(|finding| may_be_known(finding))
            .map(|finding| Known {
                path: finding.location.path.clone(),
                rule: finding.rule.to_owned(),
                fingerprint: finding.fingerprint.clone(),
            });
        Self { known: known.collect() }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be read, [`Error::Usage`] where it is no baseline of this format.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = whole::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::Usage(format!(
                "there is no baseline at {}; write one with `vidimus baseline write`",
                path.display()
            )),
            _ => Error::io("read", path, error),
        })?;
        let bad = |why: String| {
            Error::Usage(format!(
                "{} is no baseline of vidimus: {why}; write a new one",
                path.display()
            ))
        };
        let file: File = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
        if file.schema != SCHEMA {
            return Err(bad(format!("its schema is `{}`, and not `{SCHEMA}`", file.schema)));
        }
        Ok(Self {
            known: file.findings.into_iter().collect(),
        })
    }

    /// Writes it, a finding a line, so that a change of it can be read.
    ///
    /// # Errors
    /// As [`atomic::replace`].
    pub fn write(&self, path: &Path) -> Result<()> {
        atomic::replace(path, self.text()?.as_bytes())
    }

    fn text(&self) -> Result<String> {
        let lines = self.known.iter().map(serde_json::to_string);
        let lines: Vec<String> = lines
            .collect::<Result<_, _>>()
            .map_err(|error| Error::Usage(error.to_string()))?;
        let findings = match lines.is_empty() {
            true => "[]".to_owned(),
            false => format!("[\n    {}\n  ]", lines.join(",\n    ")),
        };
        Ok(format!(
            "{{\n  \"schema\": \"{SCHEMA}\",\n  \"findings\": {findings}\n}}\n"
        ))
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Marks what is known in a report, and counts anew.
    pub fn mark(&self, report: &mut Report) {
        report.baseline = true;
        let known: HashSet<(&str, &str)> = self.known.iter().map(Known::key).collect();
        for finding in report
            .findings
            .iter_mut()
            .filter(|finding| finding.suppressed.is_none())
        {
            if may_be_known(finding) && known.contains(&(finding.rule, finding.fingerprint.as_str())) {
                finding.suppressed = Some(Suppression {
                    kind: "baseline",
                    reason: "known before".to_owned(),
                });
            }
        }
        report.recount();
    }

    /// Those that a report of the whole corpus has no more. What the run did not look for, or would not tell, is not gone.
    pub fn gone(&self, report: &Report, selection: &Selection) -> Vec<&Known> {
        let there = report
            .findings
            .iter()
            .map(|finding| (finding.rule, finding.fingerprint.as_str()));
        let there: HashSet<(&str, &str)> = there.collect();
        let missing = |known: &&Known| !there.contains(&known.key());
        self.known
            .iter()
            .filter(missing)
            .filter(|known| known.would_be_told(selection))
            .collect()
    }

    /// Without those that are gone. Nothing comes in: what is new stays new.
    #[must_use]
    pub fn without(&self, gone: &[Known]) -> Self {
        let known = self.known.iter().filter(|known| !gone.contains(known));
        Self {
            known: known.cloned().collect(),
        }
    }
}

/// Whether a baseline may hold it: not what says that bytes were not verified.
fn may_be_known(finding: &Finding) -> bool {
    match finding.family() {
        "fixity" => false,
        "manifest" => finding.severity < Severity::Error,
        _ => true,
    }
}

/// What was found in a corpus as it stood at a revision, by today's rules.
///
/// # Errors
/// [`Error::Usage`] where there is no repository, no such revision, or no manifest in it; what [`engine::check`] gives.
pub fn of_revision(manifest: &Path, revision: &str, options: &Options<'_>) -> Result<Baseline> {
    let repository = Repository::required(Corpus::root_of(manifest))?;
    let folder = tempfile::tempdir().map_err(|error| Error::io("make a folder in", std::env::temp_dir(), error))?;
    let name = manifest.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let there = lay_out(&repository, revision, &name, folder.path())?;
    // What was demanded of today's manifest, and which texts are asked for today, is no matter of that day.
    let then = Options {
        seal: Seal::default(),
        only: Vec::new(),
        describe: false,
        locate: false,
        progress: None,
        ..options.clone()
    };
    let (_, report) = engine::check(&there, &then)?;
    Ok(Baseline::of(&report))
}

/// Writes the files of a revision that belong to the corpus into a folder: the manifest, its shards, what it lists and what its globs
/// match. Gives where the manifest is.
fn lay_out(repository: &Repository, revision: &str, name: &str, folder: &Path) -> Result<PathBuf> {
    let paths = repository.paths_at(revision)?;
    let blob = |path: &str| match paths.get(path) {
        Some(object) => repository.blob(object),
        None => Ok(None),
    };
    let bytes = blob(name)?.ok_or_else(|| {
        Error::Usage(format!(
            "there is no {name} in {revision}; name a revision in which the corpus had a manifest"
        ))
    })?;
    let shard = |path: &str| {
        let bytes = blob(path).map_err(std::io::Error::other)?;
        bytes.ok_or_else(|| std::io::ErrorKind::NotFound.into())
    };
    let parsed = Manifest::parse(Source::new(name, bytes), &format!("{revision}:{name}"), shard)?;
    let globs = crate::glob::set(parsed.corpus.include.iter().map(|glob| glob.value.as_str()));
    let files = parsed.files.iter().map(Source::name);
    let entries = parsed.entries.iter();
    let texts = entries
        .filter_map(|entry| entry.path.as_ref())
        .map(|path| path.value.as_str());
    let derived = parsed.entries.iter().flat_map(|entry| &entry.derived_from);
    let derived = derived
        .filter_map(|one| one.path.as_ref())
        .map(|path| path.value.as_str());
    let wanted: BTreeSet<&str> = files.chain(texts).chain(derived).collect();
    for (path, object) in &paths {
        let belongs = wanted.contains(path.as_str()) || globs.is_match(path);
        if !belongs || TextPath::new(path).is_err() {
            continue;
        }
        if let Some(bytes) = repository.blob(object)? {
            put(&folder.join(path), &bytes)?;
        }
    }
    Ok(folder.join(name))
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error| Error::io("write", path, error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, bytes).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(findings: &[(&'static str, &str)]) -> Report {
        let finding = |&(rule, fingerprint): &(&'static str, &str)| {
            let severity = checks::find(rule).expect("a rule").rule().severity;
            let mut finding = Finding::new(rule, severity, Location::file("a.txt"), "m");
            finding.fingerprint = fingerprint.to_owned();
            finding
        };
        let mut report = Report {
            findings: findings.iter().map(finding).collect(),
            ..Report::default()
        };
        report.recount();
        report
    }

    const LABEL: &str = "layout/stray-label";

    #[test]
    fn what_is_new_is_never_swallowed() {
        let before = Baseline::of(&report(&[(LABEL, "1"), (LABEL, "2")]));
        let mut now = report(&[(LABEL, "1"), (LABEL, "2"), (LABEL, "3")]);
        before.mark(&mut now);
        assert_eq!((now.summary.warnings, now.summary.suppressed), (1, 2));
        assert_eq!(now.open().next().map(|finding| finding.fingerprint.as_str()), Some("3"));
    }

    #[test]
    fn pruning_takes_out_and_lets_nothing_in() {
        let before = Baseline::of(&report(&[(LABEL, "1"), (LABEL, "2")]));
        let now = report(&[(LABEL, "2"), (LABEL, "3")]);
        let gone = before.gone(&now, &Selection::default());
        assert_eq!(gone.len(), 1);
        let gone: Vec<Known> = gone.into_iter().cloned().collect();
        let pruned = before.without(&gone);
        assert_eq!(pruned, Baseline::of(&report(&[(LABEL, "2")])));
        let ignoring = Selection {
            ignore: vec!["layout".parse().expect("a family")],
            ..Selection::default()
        };
        assert!(before.gone(&now, &ignoring).is_empty());
        let errors = Selection {
            select: vec![Severity::Error.name().parse().expect("a severity")],
            ..Selection::default()
        };
        assert!(before.gone(&now, &errors).is_empty(), "what was not told is not gone");
    }

    #[test]
    fn fixity_is_never_known() {
        let findings = [
            ("fixity/hash-mismatch", "1"),
            ("manifest/invalid-digest", "2"),
            (LABEL, "3"),
        ];
        let known = Baseline::of(&report(&findings));
        assert_eq!(known.len(), 1);
        let forged = Baseline {
            known: findings
                .iter()
                .map(|(rule, fingerprint)| Known {
                    path: "a.txt".to_owned(),
                    rule: (*rule).to_owned(),
                    fingerprint: (*fingerprint).to_owned(),
                })
                .collect(),
        };
        let mut now = report(&findings);
        forged.mark(&mut now);
        assert_eq!(now.summary.errors, 2);
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(NAME);
        for baseline in [
            Baseline::of(&report(&[(LABEL, "1"), (LABEL, "2")])),
            Baseline::default(),
        ] {
            baseline.write(&path).expect("written");
            assert_eq!(Baseline::open(&path).expect("read"), baseline);
        }
        std::fs::write(&path, "{\"schema\": \"other/1\", \"findings\": []}").expect("written");
        let said = Baseline::open(&path).expect_err("refused").to_string();
        assert!(said.contains("`other/1`"), "{said}");
    }
}
