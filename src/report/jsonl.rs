//! One JSON object a finding, as in the findings of report version 1.

use std::io::{self, Write};

use super::json::FindingV1;
use crate::engine::Report;

/// Writes a line a finding.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        serde_json::to_writer(&mut *out, &FindingV1::from(finding))?;
        writeln!(out)?;
    }
    Ok(())
}
