//! The report that GitLab calls Code Quality: an array of issues, of which it shows what is new in a merge request.

use std::io::{self, Write};

use serde::Serialize;

use super::address::{from_here, place_in_file, said};
use crate::engine::Report;
use crate::finding::{Finding, Severity};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the array; what is accepted is left out.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Issue<'_>> = report.open().map(|finding| issue(report, finding)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue<'a>(report: &Report, finding: &'a Finding) -> Issue<'a> {
    let place = place_in_file(&finding.location);
    Issue {
        description: format!("{}: {}", finding.rule, said(finding)),
        check_name: finding.rule,
        fingerprint: &finding.fingerprint,
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Place {
            path: from_here(report, finding.location.file_path()),
            lines: Lines {
                begin: place.map_or(1, |place| place.start.line),
                end: place.map_or(1, |place| place.end.line),
            },
        },
    }
}
