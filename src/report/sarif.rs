//! SARIF 2.1.0 (OASIS, 2020): for code scanning pages. Frozen structs of our own, as the crate for them is stale.
//!
//! What is accepted or known to the baseline is marked (`suppressions`, `baselineState`) and not left out: pages that compare two
//! reports would open it again.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::address::{rule_page, uri, uri_of};
use crate::checks;
use crate::engine::Report;
use crate::finding::{Finding, Fix, Location, Safety, Severity, Suppression};
use crate::source::Position;

/// Where the schema of the format is published.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<SarifResult<'a>>,
    properties: Value,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<&'a str>,
    rules: Vec<RuleRow>,
}

/// A rule as the log describes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleRow {
    id: &'static str,
    name: String,
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Markdown,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Value,
    properties: Value,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Markdown {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    rule_index: Option<usize>,
    level: &'static str,
    /// How sure it is, from 0 to 100.
    rank: f64,
    message: Message,
    locations: [Place<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Place<'a>>,
    partial_fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'a>>,
    suppressions: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    properties: Value,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region<'a>>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// A region of a text: lines and columns from 1, the column after the last; bytes from 0.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'a> {
    description: Message,
    artifact_changes: [Change<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Text<'a>>,
}

/// Writes one log with one run.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let run = Run {
        tool: Tool { driver: driver(report) },
        column_kind: "unicodeCodePoints",
        results: report.findings.iter().map(|finding| result(report, finding)).collect(),
        properties: json!({ "summary": report.summary }),
    };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn driver(report: &Report) -> Driver<'_> {
    Driver {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: report.docs.as_deref(),
        rules: checks::ALL.iter().map(|check| row(report, check.rule())).collect(),
    }
}

fn row(report: &Report, rule: &'static checks::Rule) -> RuleRow {
    RuleRow {
        id: rule.id,
        name: pascal(rule.id),
        short_description: Text { text: rule.summary },
        full_description: Text { text: rule.summary },
        help: Markdown {
            text: rule.docs,
            markdown: rule.docs,
        },
        help_uri: rule_page(report, rule.id),
        default_configuration: json!({ "level": level(rule.severity) }),
        properties: json!({ "tags": [rule.family()] }),
    }
}

/// `layout/page-break` as `LayoutPageBreak`: the form that readers of SARIF show.
fn pascal(id: &str) -> String {
    let words = id.split(['/', '-']);
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    words.map(capital).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result<'a>(report: &Report, finding: &'a Finding) -> SarifResult<'a> {
    let index = checks::ALL.binary_search_by_key(&finding.rule, |check| check.rule().id);
    let related = finding.related.iter().enumerate();
    SarifResult {
        rule_id: finding.rule,
        rule_index: index.ok(),
        level: level(finding.severity),
        rank: (f64::from(finding.confidence) * 100.0).round(),
        message: message(finding),
        locations: [place(report, &finding.location, None, finding.label.as_deref())],
        related_locations: related
            .map(|(id, related)| place(report, &related.location, Some(id), Some(&related.message)))
            .collect(),
        partial_fingerprints: BTreeMap::from([("vidimus/v1", finding.fingerprint.as_str())]),
        fixes: fixes(report, finding),
        suppressions: finding.suppressed.iter().map(suppression).collect(),
        baseline_state: baseline_state(report, finding),
        properties: json!({ "confidence": (f64::from(finding.confidence) * 100.0).round() / 100.0, "evidence": finding.evidence }),
    }
}

/// Whether the baseline knows it; nothing where there is no baseline.
fn baseline_state(report: &Report, finding: &Finding) -> Option<&'static str> {
    let known = finding.suppressed.as_ref().is_some_and(|why| why.kind == "baseline");
    report.baseline.then_some(if known { "unchanged" } else { "new" })
}

fn message(finding: &Finding) -> Message {
    let help = finding.help.as_ref().map(|help| format!("; {help}"));
    Message {
        text: format!("{}{}", finding.message, help.unwrap_or_default()),
    }
}

/// Accepted by a person: in the manifest, which is beside the text, or in the baseline, which is elsewhere.
fn suppression(why: &Suppression) -> Value {
    json!({ "kind": "external", "status": "accepted", "justification": why.reason, "properties": { "by": why.kind } })
}

fn place<'a>(report: &Report, location: &'a Location, id: Option<usize>, message: Option<&'a str>) -> Place<'a> {
    let region = location.place.as_ref().map(|place| {
        let excerpt = &place.excerpt;
        region(place.start, place.end, Some(&excerpt.text[excerpt.start..excerpt.end]))
    });
    Place {
        id,
        physical_location: Physical {
            artifact_location: Artifact {
                uri: uri_of(report, location),
            },
            region,
        },
        message: message.map(|text| Text { text }),
    }
}

fn region(start: Position, end: Position, snippet: Option<&str>) -> Region<'_> {
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_offset: start.byte,
        byte_length: end.byte - start.byte,
        snippet: snippet.filter(|text| !text.is_empty()).map(|text| Text { text }),
    }
}

/// What would mend a record is no edit of its shard.
fn fixes<'a>(report: &Report, finding: &'a Finding) -> Vec<SarifFix<'a>> {
    let fix = finding.fix.iter().filter(|_| finding.location.record.is_none());
    fix.filter_map(|fix| sarif_fix(report, fix)).collect()
}

/// A fix whose places are known: all its edits are in one text.
fn sarif_fix<'a>(report: &Report, fix: &'a Fix) -> Option<SarifFix<'a>> {
    let path = &fix.edits.first()?.path;
    if fix.places.len() != fix.edits.len() {
        return None;
    }
    let replacement = |(edit, (start, end)): (&'a crate::finding::Edit, &(Position, Position))| Replacement {
        deleted_region: region(*start, *end, None),
        inserted_content: Some(edit.replacement.as_str())
            .filter(|text| !text.is_empty())
            .map(|text| Text { text }),
    };
    Some(SarifFix {
        description: Message {
            text: described(fix.safety).to_owned(),
        },
        artifact_changes: [Change {
            artifact_location: Artifact { uri: uri(report, path) },
            replacements: fix.edits.iter().zip(&fix.places).map(replacement).collect(),
        }],
    })
}

fn described(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe: it cannot change what the text says",
        Safety::Unsafe => "unsafe: it may change what the text says",
        Safety::Display => "shown, never applied",
    }
}
