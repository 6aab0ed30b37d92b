//! Every file that a package lists is read and compared with what the package says of it; what could not be is said.

use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde_json::Value;

use super::{Item, Misrecorded, Package};
use crate::corpus::{BUFFER, Library, Order, Reading, Refusal};
use crate::diagnosis::{self, Case, Class, Diagnosis};
use crate::digest::{Algorithm, Digest};
use crate::engine::{Apart, Report, Summary};
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, RuleId, Severity};
use crate::inventory::{or_here, why};
use crate::manifest::{LinkPolicy, TextPath};
use crate::place::{number_fingerprints, place};
use crate::source::Source;
use crate::stop::Stop;

/// Why a file differs, and what a value may be that is no digest, is looked for in files of so many bytes; more are not held for it.
const EXPLAINED: u64 = 64 << 20;

/// What became of one file of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It has the digests of the package.
    Verified,
    /// It has others.
    Failed,
    /// It is not there.
    Missing,
    /// It was not read, or the package gives nothing to verify it against.
    Unverifiable,
}

/// What the files of a package are.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The counts and findings, as a check of a corpus gives them.
    pub report: Report,
    /// What became of each item, in the order of the package, and then of what stands inside of a file.
    pub outcomes: Vec<Outcome>,
    /// The SHA-256 and the size of each file that was read, in the same order; only where it was wanted.
    pub read: Vec<Option<(Digest, u64)>>,
}

/// What the looks at items share.
struct Desk<'a> {
    library: Library,
    noun: &'a str,
    items: &'a [Item],
    /// Which item has a digest, for those that differ; made when the first does.
    holders: OnceLock<HashMap<Digest, &'a str>>,
    /// Digests that are wanted beside those of the package.
    wanted: &'a [Algorithm],
    stop: Stop<'a>,
}

/// What one item gives.
struct Looked {
    outcome: Outcome,
    read: Option<(Digest, u64)>,
    findings: Vec<Finding>,
}

impl Looked {
    fn refused(item: &Item, outcome: Outcome, finding: Finding) -> Self {
        Self {
            outcome,
            read: None,
            findings: as_written(item).chain([finding]).collect(),
        }
    }
}

/// Values that are no digests, of a file whose bytes are not at hand.
fn as_written(item: &Item) -> impl Iterator<Item = Finding> {
    item.misrecorded.iter().map(|value| value.finding.clone())
}

/// Verifies all files of a package.
///
/// # Errors
/// [`Error::Interrupted`] where somebody wants it to stop.
pub fn verify(package: &Package, stop: Stop<'_>) -> Result<Verified> {
    verify_with(package, &[], stop)
}

/// [`verify`], with digests that are wanted besides.
///
/// # Errors
/// As [`verify`].
pub(super) fn verify_with(package: &Package, wanted: &[Algorithm], stop: Stop<'_>) -> Result<Verified> {
    let desk = Desk {
        library: Library::new(or_here(&package.root), LinkPolicy::Forbid),
        noun: package.noun,
        items: &package.items,
        holders: OnceLock::new(),
        wanted,
        stop,
    };
    let look = |buffer: &mut Vec<u8>, item: &Item| desk.look_at(item, buffer);
    let looked = package.items.par_iter().map_init(|| vec![0; BUFFER], look);
    let looked: Vec<Looked> = looked.collect();
    stop.heed()?;
    let (mut outcomes, mut read, mut findings) = (Vec::new(), Vec::new(), package.findings.clone());
    for one in looked {
        outcomes.push(one.outcome);
        read.push(one.read);
        findings.extend(one.findings);
    }
    let mut unusable = package.unusable;
    let mut apart = Apart::default();
    if let Some(inside) = &package.inside {
        let inspected = inside.verify(stop)?;
        apart.files = inspected.files;
        apart.records = inspected.outcomes.len() + inspected.unusable - inspected.files;
        outcomes.extend(inspected.outcomes);
        findings.extend(inspected.findings);
        unusable += inspected.unusable;
    }
    let findings = finish(findings, &package.sources);
    let mut report = Report {
        summary: summarize(&outcomes, unusable),
        apart,
        findings,
        ..Report::default()
    };
    report.recount();
    Ok(Verified { report, outcomes, read })
}

/// Refuses a package that lists nothing which could be verified, with the first thing that is wrong in it.
///
/// # Errors
/// [`Error::Refused`].
pub(super) fn refuse_nothing(package: &Package, shown: &str) -> Result<()> {
    if !package.items.is_empty() || package.inside.is_some() {
        return Ok(());
    }
    let first = package.findings.first().map(|finding| {
        let line = line_of(finding, &package.sources).map_or_else(String::new, |line| format!("line {line}: "));
        let file = Some(&finding.location.path).filter(|path| *path != shown);
        let file = file.map_or_else(String::new, |path| format!("{path}: "));
        format!("; {file}{line}{}", finding.message)
    });
    Err(Error::Refused(format!(
        "{shown} holds nothing that can be verified{}",
        first.unwrap_or_default()
    )))
}

fn line_of(finding: &Finding, sources: &[Source]) -> Option<usize> {
    let source = sources.iter().find(|source| source.name() == finding.location.path)?;
    Some(source.position(finding.location.span?.start()).line)
}

/// Findings with their places and fingerprints, in order.
fn finish(mut findings: Vec<Finding>, sources: &[Source]) -> Vec<Finding> {
    findings.iter_mut().for_each(|finding| fill(finding, sources));
    findings.sort_by(|a, b| {
        let offset = |finding: &Finding| finding.evidence.get("offset").and_then(Value::as_u64);
        let place = |finding: &Finding| (finding.location.span, offset(finding), finding.rule);
        (&a.location.path, place(a), &a.message).cmp(&(&b.location.path, place(b), &b.message))
    });
    number_fingerprints(&mut findings);
    findings
}

impl Desk<'_> {
    fn look_at(&self, item: &Item, buffer: &mut [u8]) -> Looked {
        // A line end in a name is no danger where the file is only read; a list that can hold one has said what it means.
        if let Err(why) = TextPath::new(&item.place().replace(['\n', '\r'], "_")) {
            let finding = finding("manifest/invalid-path", item.listed.clone(), format!("the path {why}"));
            let help = "it is not followed; write it relative to the root, with `/`";
            return Looked::refused(item, Outcome::Unverifiable, finding.help(help));
        }
        let digests = item.digests.iter().map(Digest::algorithm);
        let mut algorithms: Vec<_> = self.wanted.iter().copied().chain(digests).collect();
        algorithms.sort_unstable();
        algorithms.dedup();
        let keep = if item.misrecorded.is_empty() { 0 } else { EXPLAINED };
        match self.read(item, &algorithms, keep, buffer) {
            Ok(reading) => self.compare(item, &reading, buffer),
            Err(Refusal::Missing) if item.absent.is_some() => Looked {
                outcome: Outcome::Missing,
                read: None,
                findings: item
                    .absent
                    .as_deref()
                    .cloned()
                    .into_iter()
                    .chain(as_written(item))
                    .collect(),
            },
            Err(refusal) => Looked::refused(item, outcome_of(&refusal), refused(item, &refusal)),
        }
    }

    fn read(&self, item: &Item, algorithms: &[Algorithm], keep: u64, buffer: &mut [u8]) -> Result<Reading, Refusal> {
        let order = Order { algorithms, keep };
        let watch = |piece: &[u8]| self.stop.heed_piece(piece);
        self.library.read(item.place(), order, buffer, watch)
    }

    fn compare(&self, item: &Item, reading: &Reading, buffer: &mut [u8]) -> Looked {
        let differs = |expected: &&Digest| !reading.digests.contains(expected);
        let mut findings: Vec<Finding> = item
            .digests
            .iter()
            .filter(differs)
            .map(|expected| mismatch(item, self.noun, expected, reading))
            .collect();
        if let (Some(first), Some(expected)) = (findings.first_mut(), item.digests.iter().find(differs)) {
            self.explain(first, item, *expected, reading, buffer);
        }
        if let Some(size) = item.size.filter(|&size| size != reading.size) {
            let message = format!("the text has {} bytes, and {} says {size}", reading.size, self.noun);
            let finding = finding("fixity/size-mismatch", Location::file(item.place()), message);
            findings.push(finding.related(item.listed.clone(), "it is listed here"));
        }
        let outcome = match (findings.is_empty(), item.digests.is_empty()) {
            (true, false) => Outcome::Verified,
            (true, true) => Outcome::Unverifiable,
            _ => Outcome::Failed,
        };
        findings.extend(item.misrecorded.iter().map(|value| explained(value, reading)));
        if item.digests.is_empty() && !item.explained {
            findings.push(undigested(item, self.noun));
        }
        let sha256 = reading
            .digests
            .iter()
            .find(|digest| digest.algorithm() == Algorithm::Sha256);
        Looked {
            outcome,
            read: sha256.map(|digest| (*digest, reading.size)),
            findings,
        }
    }

    /// Reads a file of moderate size once more, to say why its digest is another one.
    fn explain(&self, finding: &mut Finding, item: &Item, expected: Digest, seen: &Reading, buffer: &mut [u8]) {
        if seen.size > EXPLAINED {
            return;
        }
        let again = self.read(item, &[expected.algorithm()], EXPLAINED, buffer);
        let Some((digests, bytes)) = again.ok().and_then(|again| Some((again.digests, again.bytes?))) else {
            return;
        };
        if digests.iter().any(|digest| !seen.digests.contains(digest)) {
            return; // It has changed again.
        }
        let holder = |digest: &Digest| {
            let holder = self.holders().get(digest).copied();
            holder.filter(|path| *path != item.place()).map(str::to_owned)
        };
        let diagnosis = diagnosis::diagnose(&Case {
            bytes: &bytes,
            recorded: expected,
            recorded_bytes: item.size,
            search: diagnosis::search_among(self.items.len()),
            holder: &holder,
        });
        let source = Source::new(item.place(), bytes);
        if let Some(at) = &diagnosis.at {
            let span = source.nearest_span(at.start, at.end);
            finding.location = Location::at(item.place(), span);
            finding.location.place = Some(place(&source, span));
        }
        conclude(finding, diagnosis);
    }

    fn holders(&self) -> &HashMap<Digest, &str> {
        self.holders.get_or_init(|| {
            let mut holders = HashMap::new();
            for item in self.items {
                for digest in &item.digests {
                    holders.entry(*digest).or_insert(item.place());
                }
            }
            holders
        })
    }
}

fn conclude(finding: &mut Finding, diagnosis: Diagnosis) {
    let evidence = [
        ("cause", diagnosis.cause.into()),
        ("class", diagnosis.class.name().into()),
        ("proven", diagnosis.proven.into()),
        ("cause_confidence", f64::from(diagnosis.confidence).into()),
    ];
    finding.evidence.extend(evidence);
    finding.evidence.extend(diagnosis.evidence);
    let what = match diagnosis.class {
        Class::Record => "the record is wrong",
        _ => "the bytes have changed",
    };
    finding.message = format!("{}; {what}: {}", finding.message, diagnosis.message);
    // No package has an `accept`: what the help says of it is left out, and where it says nothing else, so is all of it.
    let clauses = diagnosis
        .help
        .split("; ")
        .filter(|clause| !clause.contains("vidimus accept"));
    let help = clauses.collect::<Vec<_>>().join("; ");
    if !help.is_empty() {
        finding.help = Some(help);
    }
}

/// A value that is no digest, with what it is of the bytes that were read.
fn explained(value: &Misrecorded, reading: &Reading) -> Finding {
    let finding = value.finding.clone();
    let bytes = reading.bytes.as_deref();
    let Some(explanation) = bytes.and_then(|bytes| diagnosis::explain_value(&value.text, bytes)) else {
        return finding;
    };
    let title = value.algorithm.title();
    Finding {
        message: format!("this is no {title} digest: {explanation}"),
        ..finding
    }
    .help("the file is the one that was meant; give the value as what it is, or write its SHA-256")
    .evidence("explanation", explanation)
}

fn undigested(item: &Item, noun: &str) -> Finding {
    let message = format!(
        "{noun} gives no digest for {}, so that it cannot be verified",
        item.facts.path
    );
    finding("manifest/missing-key", item.listed.clone(), message)
        .help("record its SHA-256, once somebody has seen that it is the right file")
}

fn mismatch(item: &Item, noun: &str, expected: &Digest, reading: &Reading) -> Finding {
    let algorithm = expected.algorithm();
    let title = algorithm.title();
    let found = reading.digests.iter().find(|found| found.algorithm() == algorithm);
    let what = if item.payload { "text" } else { "file" };
    let message = format!(
        "the {what} has another {title} than {noun}: {}… instead of {}…",
        found.map(Digest::short).unwrap_or_default(),
        expected.short()
    );
    finding("fixity/hash-mismatch", Location::file(item.place()), message)
        .related(item.listed_by(algorithm).clone(), "it is listed here")
        .help(format!(
            "restore it from a copy, or write {noun} anew where the change was meant"
        ))
        .evidence("expected", expected.to_string())
        .evidence("actual", found.map(Digest::to_string).unwrap_or_default())
}

/// The rule that speaks of a file that was not read.
pub(super) fn refused_rule(refusal: &Refusal) -> RuleId {
    match refusal {
        Refusal::Missing => "fixity/missing-text",
        Refusal::Special(_) => "fixity/special-file",
        Refusal::Link(_) | Refusal::Outside => "fixity/symbolic-link",
        Refusal::Unreadable(_) => "fixity/unreadable-text",
        Refusal::Changed => "fixity/changed-text",
    }
}

fn refused(item: &Item, refusal: &Refusal) -> Finding {
    finding(
        refused_rule(refusal),
        item.listed.clone(),
        format!("{} {}", item.place(), why(refusal)),
    )
}

fn outcome_of(refusal: &Refusal) -> Outcome {
    match refusal {
        Refusal::Missing => Outcome::Missing,
        _ => Outcome::Unverifiable,
    }
}

fn finding(rule: RuleId, location: Location, message: String) -> Finding {
    Finding::new(rule, Severity::Error, location, message)
}

/// Fills in places, and what the fingerprint hangs on: the rule, the file, and what is written where it is listed, or what the
/// finding is anchored to.
fn fill(finding: &mut Finding, sources: &[Source]) {
    let mut said = vec![std::mem::take(&mut finding.fingerprint)];
    said.retain(|anchor| !anchor.is_empty());
    let related = finding.related.iter_mut().map(|related| &mut related.location);
    for location in related.chain([&mut finding.location]) {
        let source = sources.iter().find(|source| source.name() == location.path);
        let (Some(source), Some(span)) = (source, location.span) else {
            continue;
        };
        location.place = Some(place(source, span));
        said.push(source.text_of(span).into_owned());
    }
    let anchor = [finding.rule, &finding.location.path, &said.join("\n")].join("\0");
    finding.fingerprint = Algorithm::Sha256.digest(anchor.as_bytes()).to_string();
}

fn summarize(outcomes: &[Outcome], unusable: usize) -> Summary {
    let count = |wanted: Outcome| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    Summary {
        listed: outcomes.len() + unusable,
        verified: count(Outcome::Verified),
        unverifiable: count(Outcome::Unverifiable) + unusable,
        missing: count(Outcome::Missing),
        ..Summary::default()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::read_sums;
    use super::*;

    fn verify_list(list: &str) -> Result<(Package, Verified)> {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["a.txt", "b.txt"] {
            fs::write(folder.path().join(path), "abc").expect("written");
        }
        let path = folder.path().join("SUMS");
        fs::write(&path, list).expect("written");
        let package = read_sums(&path, folder.path(), None)?;
        let verified = verify(&package, Stop::default())?;
        Ok((package, verified))
    }

    #[test]
    fn every_line_is_accounted_for() {
        let (good, bad) = (Algorithm::Sha256.digest(b"abc"), Algorithm::Sha256.digest(b"x"));
        let list =
            format!("{good}  a.txt\n{bad}  b.txt\n{good}  gone.txt\n{good}  ../up.txt\n{good}  /etc/hostname\nhello\n");
        let (_, verified) = verify_list(&list).expect("verified");
        assert_eq!(
            verified.outcomes,
            [
                Outcome::Verified,
                Outcome::Failed,
                Outcome::Missing,
                Outcome::Unverifiable,
                Outcome::Unverifiable
            ]
        );
        let summary = verified.report.summary;
        assert_eq!(
            (
                summary.listed,
                summary.verified,
                summary.missing,
                summary.unverifiable,
                summary.errors
            ),
            (6, 1, 1, 3, 5)
        );
        assert_eq!(summary.changed(), 1);
        let mut rules: Vec<_> = verified.report.findings.iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        assert_eq!(
            rules,
            [
                "fixity/hash-mismatch",
                "fixity/missing-text",
                "manifest/invalid-path",
                "manifest/invalid-value"
            ]
        );
        assert!(
            verified
                .report
                .findings
                .iter()
                .all(|finding| finding.fingerprint.len() == 16)
        );
    }

    #[test]
    fn nothing_verified_is_an_error() {
        assert!(verify_list("").is_err());
        let said = verify_list("hello\n").expect_err("refused").to_string();
        assert!(said.ends_with("SUMS holds nothing that can be verified; line 1: the line is no checksum: a digest, two spaces and a path"), "{said}");
    }

    #[test]
    fn a_size_is_verified_too() {
        let sha = Algorithm::Sha256.digest(b"abc");
        let head = "%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n";
        let (_, verified) = verify_list(&format!("{head}3,{sha},a.txt\n4,{sha},b.txt\n")).expect("verified");
        assert_eq!(verified.outcomes[1], Outcome::Failed);
        assert_eq!(verified.report.findings[0].rule, "fixity/size-mismatch");
    }
}
