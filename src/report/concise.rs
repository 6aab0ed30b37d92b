//! A line a finding: `path:line:column: severity[rule] message`.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::{Style, printable, write_summary};
use crate::engine::Report;
use crate::finding::{Finding, Severity};

/// Writes every finding on a line of its own, then the summary.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        write_finding(finding, style, out)?;
    }
    if style.summary {
        write_summary(report, out)
    } else {
        Ok(())
    }
}

fn write_finding(finding: &Finding, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let colour = if style.colour {
        colour_of(finding.severity)
    } else {
        Ansi::new()
    };
    write!(out, "{}", printable(&finding.location.path))?;
    if let Some(place) = &finding.location.place {
        write!(out, ":{}:{}", place.start.line, place.start.column)?;
    }
    let (severity, rule, message) = (finding.severity, finding.rule, printable(&finding.message));
    writeln!(out, ": {colour}{severity}{colour:#}[{rule}] {message}")
}

/// The colour of a severity, as the compilers have taught it.
pub(super) fn colour_of(severity: Severity) -> Ansi {
    let colour = match severity {
        Severity::Error => AnsiColor::BrightRed,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::BrightCyan,
    };
    colour.on_default().bold()
}
