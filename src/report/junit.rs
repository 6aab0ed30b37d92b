//! JUnit XML, for the pages of CI systems that show tests: a suite a text, a failed case a finding.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::address::from_here;
use crate::engine::Report;
use crate::finding::{Finding, Severity};

/// Writes the document. A text without findings has no suite; where nothing at all was found, one case passed. What is accepted is a case that was skipped, and an info passes,
/// with what it says as output.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut suites = Suites::new("vidimus");
    let mut findings = report.findings.as_slice();
    while let Some(first) = findings.first() {
        let path = &first.location.path;
        let other = findings.iter().position(|finding| finding.location.path != *path);
        let here = other.unwrap_or(findings.len());
        let (of_path, rest) = findings.split_at(here);
        suites.add_test_suite(suite(&from_here(report, path), of_path));
        findings = rest;
    }
    if suites.test_suites.is_empty() {
        let mut suite = TestSuite::new("vidimus");
        suite.add_test_case(TestCase::new("nothing found", TestCaseStatus::success()));
        suites.add_test_suite(suite);
    }
    suites.serialize(&mut *out).map_err(io::Error::other)?;
    writeln!(out)
}

fn suite(path: &str, findings: &[Finding]) -> TestSuite {
    let mut suite = TestSuite::new(path);
    suite.add_test_cases(findings.iter().map(|finding| case(path, finding)));
    suite
}

fn case(path: &str, finding: &Finding) -> TestCase {
    let at = match &finding.location.place {
        Some(place) => format!(":{}:{}", place.start.line, place.start.column),
        None => String::new(),
    };
    let said = format!(
        "{path}{at}: {}[{}]: {}",
        finding.severity, finding.rule, finding.message
    );
    let mut case = TestCase::new(
        format!("{} {}", finding.rule, finding.fingerprint),
        status(finding, &said),
    );
    case.set_classname(format!("{path}{at}"));
    if finding.suppressed.is_none() && finding.severity == Severity::Info {
        case.set_system_out(said);
    }
    case
}

fn status(finding: &Finding, said: &str) -> TestCaseStatus {
    if let Some(why) = &finding.suppressed {
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("{}: {}", why.kind, why.reason));
        return status;
    }
    if finding.severity == Severity::Info {
        return TestCaseStatus::success();
    }
    let help = finding
        .help
        .as_ref()
        .map(|help| format!("\n{help}"))
        .unwrap_or_default();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_message(finding.message.as_str())
        .set_type(finding.severity.name())
        .set_description(format!("{said}{help}"));
    status
}
