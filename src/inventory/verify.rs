//! A checksum list without a manifest: every line is verified, and what could not be is said.

use std::path::Path;

use rayon::prelude::*;

use super::{or_here, why};
use crate::corpus::{BUFFER, Library, Order, Reading, Refusal};
use crate::digest::{Algorithm, Digest};
use crate::engine::{Report, Summary};
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, RuleId, Severity};
use crate::manifest::{LinkPolicy, TextPath};
use crate::place::{number_fingerprints, place};
use crate::source::{Source, Span};
use crate::stop::Stop;
use crate::sums::{self, Sum, SumProblem};

/// What became of one file of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It has the digests of the list.
    Verified,
    /// It has others.
    Failed,
    /// It is not there.
    Missing,
    /// It was not read, or the list gives nothing to verify it against.
    Unverifiable,
}

/// What a checksum list gave.
#[derive(Clone, Debug)]
pub struct SumsReport {
    /// The counts and findings, as a check of a corpus gives them.
    pub report: Report,
    /// Each file of the list with what became of it, in the order of the list.
    pub files: Vec<(String, Outcome)>,
}

/// Verifies the files of a checksum list against it; their paths are relative to `root`. The digests are of `algorithm`,
/// or of the one that the list tells.
///
/// # Errors
/// [`Error::Io`] where the list cannot be read; [`Error::Refused`] where it has nothing that could be verified.
pub fn verify_sums(list: &Path, root: &Path, algorithm: Option<Algorithm>, stop: Stop<'_>) -> Result<SumsReport> {
    let bytes = crate::whole::read(list).map_err(|error| Error::io("read", list, error))?;
    let source = Source::new(list.display().to_string(), bytes);
    let read = sums::parse(&source, algorithm)?;
    if let (true, Some(first)) = (read.sums.is_empty(), read.problems.first()) {
        return Err(Error::Refused(format!(
            "{} holds nothing that can be verified; line {}: {}",
            list.display(),
            first.number,
            first.message
        )));
    }
    let library = Library::new(or_here(root), LinkPolicy::Forbid);
    let look = |buffer: &mut Vec<u8>, sum: &Sum| look_at(&library, sum, &source, buffer, stop);
    let looked = read.sums.par_iter().map_init(|| vec![0; BUFFER], look);
    let (outcomes, found): (Vec<Outcome>, Vec<Vec<Finding>>) = looked.unzip();
    stop.heed()?;
    let malformed = read.problems.iter().map(|problem| malformed(problem, &source));
    let findings = finish(found.into_iter().flatten().chain(malformed).collect(), &source);
    let summary = summarize(&outcomes, read.problems.len(), findings.len());
    let paths = read.sums.into_iter().map(|sum| sum.path);
    Ok(SumsReport {
        report: Report {
            summary,
            findings,
            ..Report::default()
        },
        files: paths.zip(outcomes).collect(),
    })
}

fn malformed(problem: &SumProblem, source: &Source) -> Finding {
    let place = Location::at(source.name(), problem.line);
    let finding = finding("manifest/invalid-value", place, problem.message.clone());
    finding.help("correct the line; nothing was verified against it")
}

/// Findings with their places and fingerprints, in order.
fn finish(mut findings: Vec<Finding>, source: &Source) -> Vec<Finding> {
    findings.iter_mut().for_each(|finding| fill(finding, source));
    findings.sort_by(|a, b| {
        let place = |finding: &Finding| (finding.location.span, finding.rule);
        (&a.location.path, place(a), &a.message).cmp(&(&b.location.path, place(b), &b.message))
    });
    number_fingerprints(&mut findings);
    findings
}

fn look_at(
    library: &Library,
    sum: &Sum,
    source: &Source,
    buffer: &mut [u8],
    stop: Stop<'_>,
) -> (Outcome, Vec<Finding>) {
    let line = Location::at(source.name(), sum.line);
    if let Err(why) = TextPath::new(&sum.path) {
        let finding = finding("manifest/invalid-path", line, format!("the path {why}"));
        let help = "it is not followed; write it relative to the root, with `/`";
        return (Outcome::Unverifiable, vec![finding.help(help)]);
    }
    let algorithms: Vec<_> = sum.digests.iter().map(Digest::algorithm).collect();
    let order = Order {
        algorithms: &algorithms,
        keep: 0,
    };
    match library.read(&sum.path, order, buffer, |piece| stop.heed_piece(piece)) {
        Ok(reading) => compare(sum, &reading, line),
        Err(refusal) => (outcome_of(&refusal), vec![refused(sum, &refusal, line)]),
    }
}

fn compare(sum: &Sum, reading: &Reading, line: Location) -> (Outcome, Vec<Finding>) {
    let pairs = sum.digests.iter().zip(&reading.digests);
    let mut findings: Vec<Finding> = pairs
        .filter(|(expected, found)| expected != found)
        .map(|(expected, found)| mismatch(sum, expected, found, &line))
        .collect();
    if let Some(size) = sum.size.filter(|&size| size != reading.size) {
        let message = format!("the text has {} bytes, and the list says {size}", reading.size);
        let finding = finding("fixity/size-mismatch", Location::file(&sum.path), message);
        findings.push(finding.related(line, "it is listed here"));
    }
    let outcome = if findings.is_empty() {
        Outcome::Verified
    } else {
        Outcome::Failed
    };
    (outcome, findings)
}

fn mismatch(sum: &Sum, expected: &Digest, found: &Digest, line: &Location) -> Finding {
    let title = expected.algorithm().title();
    let message = format!(
        "the text has another {title} than the list: {}… instead of {}…",
        found.short(),
        expected.short()
    );
    finding("fixity/hash-mismatch", Location::file(&sum.path), message)
        .related(line.clone(), "it is listed here")
        .help("restore it from a copy, or write a new list where the change was meant")
        .evidence("expected", expected.to_string())
        .evidence("actual", found.to_string())
}

fn refused(sum: &Sum, refusal: &Refusal, line: Location) -> Finding {
    let rule = match refusal {
        Refusal::Missing => "fixity/missing-text",
        Refusal::Special(_) => "fixity/special-file",
        Refusal::Link(_) | Refusal::Outside => "fixity/symbolic-link",
        Refusal::Unreadable(_) => "fixity/unreadable-text",
        Refusal::Changed => "fixity/changed-text",
    };
    finding(rule, line, format!("{} {}", sum.path, why(refusal)))
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

/// Fills in places, and what the fingerprint hangs on: the rule, the file, and the line of the list.
fn fill(finding: &mut Finding, source: &Source) {
    let at = |span: Option<Span>| span.map(|span| place(source, span));
    finding.location.place = at(finding.location.span);
    finding
        .related
        .iter_mut()
        .for_each(|related| related.location.place = at(related.location.span));
    let spans = finding
        .related
        .iter()
        .filter_map(|related| related.location.span)
        .chain(finding.location.span);
    let lines: Vec<_> = spans.map(|span| source.text_of(span).into_owned()).collect();
    let anchor = [finding.rule, &finding.location.path, &lines.join("\n")].join("\0");
    finding.fingerprint = Algorithm::Sha256.digest(anchor.as_bytes()).to_string();
}

fn summarize(outcomes: &[Outcome], problems: usize, errors: usize) -> Summary {
    let count = |wanted: Outcome| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    Summary {
        listed: outcomes.len() + problems,
        verified: count(Outcome::Verified),
        unverifiable: count(Outcome::Unverifiable) + problems,
        missing: count(Outcome::Missing),
        errors,
        ..Summary::default()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn verify(list: &str) -> Result<SumsReport> {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["a.txt", "b.txt"] {
            fs::write(folder.path().join(path), "abc").expect("written");
        }
        let path = folder.path().join("SUMS");
        fs::write(&path, list).expect("written");
        verify_sums(&path, folder.path(), None, Stop::default())
    }

    #[test]
    fn every_line_is_accounted_for() {
        let (good, bad) = (Algorithm::Sha256.digest(b"abc"), Algorithm::Sha256.digest(b"x"));
        let list =
            format!("{good}  a.txt\n{bad}  b.txt\n{good}  gone.txt\n{good}  ../up.txt\n{good}  /etc/hostname\nhello\n");
        let verified = verify(&list).expect("verified");
        let outcomes: Vec<_> = verified.files.iter().map(|(_, outcome)| *outcome).collect();
        assert_eq!(
            outcomes,
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
        assert!(verify("").is_err());
        let said = verify("hello\n").expect_err("refused").to_string();
        assert!(said.ends_with("SUMS holds nothing that can be verified; line 1: the line is no checksum: a digest, two spaces and a path"), "{said}");
    }

    #[test]
    fn a_size_is_verified_too() {
        let sha = Algorithm::Sha256.digest(b"abc");
        let head = "%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n";
        let verified = verify(&format!("{head}3,{sha},a.txt\n4,{sha},b.txt\n")).expect("verified");
        assert_eq!(verified.files[1].1, Outcome::Failed);
        assert_eq!(verified.report.findings[0].rule, "fixity/size-mismatch");
    }
}
