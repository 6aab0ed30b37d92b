//! The report as one JSON object, version 1: frozen, and apart from what the program uses inside.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::engine::{Records, Report, Summary};
use crate::finding::{Finding, Fix, Location, Record, Severity, Suppression};
use crate::source::Position;

/// The name of the format, in the key `schema`.
pub const SCHEMA: &str = "vidimus-report/1";

/// The JSON Schema of the format, as it is published.
pub const JSON_SCHEMA: &str = include_str!("../../docs/report.schema.json");

#[derive(Serialize)]
struct ReportV1<'a> {
    schema: &'static str,
    tool: ToolV1,
    summary: &'a Summary,
    /// Where the manifest names shards of records.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<&'a Records>,
    findings: Vec<FindingV1<'a>>,
}

#[derive(Serialize)]
struct ToolV1 {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
pub(super) struct FindingV1<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: f64,
    message: &'a str,
    help: Option<&'a str>,
    path: &'a str,
    /// Where the place is in a record of a shard: then `start` and `end` are places in its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a Record>,
    start: Option<Position>,
    end: Option<Position>,
    related: Vec<RelatedV1<'a>>,
    evidence: &'a BTreeMap<&'static str, Value>,
    fix: Option<&'a Fix>,
    fingerprint: &'a str,
    suppressed: Option<&'a Suppression>,
}

#[derive(Serialize)]
struct RelatedV1<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a Record>,
    start: Option<Position>,
    end: Option<Position>,
    message: &'a str,
}

impl<'a> From<&'a Finding> for FindingV1<'a> {
    fn from(finding: &'a Finding) -> Self {
        let (start, end) = ends(&finding.location);
        Self {
            rule: finding.rule,
            severity: finding.severity,
            // Two decimals: the nearest `f32` would print as 0.9800000190734863.
            confidence: (f64::from(finding.confidence) * 100.0).round() / 100.0,
            message: &finding.message,
            help: finding.help.as_deref(),
            path: &finding.location.path,
            record: finding.location.record.as_deref(),
            start,
            end,
            related: finding.related.iter().map(related).collect(),
            evidence: &finding.evidence,
            fix: finding.fix.as_ref(),
            fingerprint: &finding.fingerprint,
            suppressed: finding.suppressed.as_ref(),
        }
    }
}

fn related(related: &crate::finding::Related) -> RelatedV1<'_> {
    let (start, end) = ends(&related.location);
    RelatedV1 {
        path: &related.location.path,
        record: related.location.record.as_deref(),
        start,
        end,
        message: &related.message,
    }
}

fn ends(location: &Location) -> (Option<Position>, Option<Position>) {
    let place = location.place.as_ref();
    (place.map(|place| place.start), place.map(|place| place.end))
}

/// Writes exactly one object and a line feed.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let whole = ReportV1 {
        schema: SCHEMA,
        tool: ToolV1 {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        summary: &report.summary,
        records: report.records.as_ref(),
        findings: report.findings.iter().map(FindingV1::from).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}
