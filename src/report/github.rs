//! Annotations of GitHub Actions: one workflow command a finding, errors first, because a step shows ten of each kind.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::address::{from_here, place_in_file, said};
use super::printable;
use crate::engine::Report;
use crate::finding::{Finding, Severity};

/// Writes a command a finding; what is accepted is left out.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut findings: Vec<&Finding> = report.open().collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
        .into_iter()
        .try_for_each(|finding| command(report, finding, out))
}

fn command(report: &Report, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let path = from_here(report, finding.location.file_path());
    write!(out, "::{kind} file={}", property(&path))?;
    if let Some(place) = place_in_file(&finding.location) {
        write!(out, ",line={},endLine={}", place.start.line, place.end.line)?;
        // Columns of several lines would be refused.
        if place.start.line == place.end.line {
            write!(out, ",col={},endColumn={}", place.start.column, place.end.column)?;
        }
    }
    let help = finding
        .help
        .as_ref()
        .map(|help| format!("\n{help}"))
        .unwrap_or_default();
    let said = format!("{}{help}", said(finding));
    writeln!(out, ",title=vidimus {}::{}", property(finding.rule), data(&said))
}

/// What a command says: a line feed would end it.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| printable(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// The value of a property: what ends one is written as its code, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
