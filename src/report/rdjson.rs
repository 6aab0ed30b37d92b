//! The Reviewdog Diagnostic Format: one object. Its columns count bytes of UTF-8, from 1.

use std::io::{self, Write};

use serde::Serialize;

use super::address::{from_here, place_in_file, rule_page, said};
use crate::engine::Report;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::source::Position;

#[derive(Serialize)]
struct Diagnostics<'a> {
    source: Source<'a>,
    severity: &'static str,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Place,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedPlace<'a>>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Place {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct RelatedPlace<'a> {
    message: &'a str,
    location: Place,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

/// Writes the object; what is accepted is left out.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let worst = report
        .open()
        .map(|finding| finding.severity)
        .max()
        .unwrap_or(Severity::Info);
    let whole = Diagnostics {
        source: Source {
            name: env!("CARGO_PKG_NAME"),
            url: report.docs.as_deref(),
        },
        severity: level(worst),
        diagnostics: report.open().map(|finding| diagnostic(report, finding)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    }
}

fn diagnostic<'a>(report: &Report, finding: &'a Finding) -> Diagnostic<'a> {
    let related = |related: &'a crate::finding::Related| RelatedPlace {
        message: &related.message,
        location: place(report, &related.location),
    };
    let help = finding
        .help
        .as_ref()
        .map(|help| format!("\n{help}"))
        .unwrap_or_default();
    Diagnostic {
        message: format!("{}{help}", said(finding)),
        location: place(report, &finding.location),
        severity: level(finding.severity),
        code: Code {
            value: finding.rule,
            url: rule_page(report, finding.rule),
        },
        suggestions: suggestions(finding),
        related_locations: finding.related.iter().map(related).collect(),
    }
}

fn place(report: &Report, location: &Location) -> Place {
    Place {
        path: from_here(report, location.file_path()),
        range: place_in_file(location).map(|place| range(place.start, place.end)),
    }
}

fn range(start: Position, end: Position) -> Range {
    let point = |at: Position| Point {
        line: at.line,
        column: at.byte_column,
    };
    Range {
        start: point(start),
        end: point(end),
    }
}

/// The edits of a fix that may be made. A reviewer applies one by one, so those of a fix with several are no suggestion.
fn suggestions(finding: &Finding) -> Vec<Suggestion<'_>> {
    let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safety != Safety::Display) else {
        return Vec::new();
    };
    match (&fix.edits[..], &fix.places[..]) {
        ([edit], [(start, end)]) => vec![Suggestion {
            range: range(*start, *end),
            text: &edit.replacement,
        }],
        _ => Vec::new(),
    }
}
