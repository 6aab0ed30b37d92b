//! The formats: each a function of a report and a writer, that reads no file and decides nothing.

mod address;
pub mod change;
mod cleanup;
pub mod concise;
pub mod config;
pub mod diff;
pub mod duplicates;
pub mod events;
pub mod fixes;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod history;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod markdown;
mod printable;
pub mod rdjson;
pub mod rule_page;
pub mod sarif;

use std::io::{self, Write};

use crate::engine::{Apart, Records, Report};
use crate::finding::Finding;

pub use address::rule_address;
pub use full::Style;
pub use printable::printable;

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Each finding with its excerpt, for people.
    #[default]
    Full,
    /// A line a finding, for people and editors.
    Concise,
    /// One object (report, version 1).
    Json,
    /// One object a finding.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// Code Quality of GitLab.
    Gitlab,
    /// The diagnostic format of reviewdog.
    Rdjson,
    /// The cleanup report as Markdown, for a pull request or a repository.
    Markdown,
    /// The cleanup report as one page, for an editor before publication.
    Html,
}

impl Format {
    /// All of them, by name.
    pub const ALL: [(&'static str, Self); 11] = [
        ("full", Self::Full),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("sarif", Self::Sarif),
        ("junit", Self::Junit),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("rdjson", Self::Rdjson),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
    ];

    /// Whether it tells of the texts and of what stands twice, and not of findings alone ([`crate::engine::Options::describe`]).
    pub fn describes(self) -> bool {
        matches!(self, Self::Markdown | Self::Html)
    }

    /// Whether it gives the lines and columns of the edits of fixes ([`crate::engine::Options::locate`]).
    pub fn locates(self) -> bool {
        matches!(self, Self::Sarif | Self::Rdjson)
    }

    /// Writes a report. `style` matters to the formats for people alone.
    ///
    /// # Errors
    /// What the writer gives.
    pub fn write(self, report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Full => full::write(report, style, out),
            Self::Concise => concise::write(report, style, out),
            Self::Json => json::write(report, out),
            Self::Jsonl => jsonl::write(report, out),
            Self::Sarif => sarif::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Github => github::write(report, out),
            Self::Gitlab => gitlab::write(report, out),
            Self::Rdjson => rdjson::write(report, out),
            Self::Markdown => markdown::write(report, out),
            Self::Html => html::write(report, out),
        }
    }
}

/// The last lines of the formats for people: what was verified, and what was found.
pub fn write_summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let summary = &report.summary;
    let texts = [
        (summary.verified, "verified"),
        (summary.changed(), "changed"),
        (summary.missing, "missing"),
        (summary.unverifiable, "unverifiable"),
        (summary.skipped, "skipped"),
    ];
    let parts: Vec<String> = texts
        .into_iter()
        .filter(|(count, what)| *count > 0 || *what == "verified")
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let unlisted = match summary.unlisted {
        0 => String::new(),
        count => format!("; {count} unlisted"),
    };
    writeln!(out, "{} listed: {}{unlisted}", listed(report), parts.join(", "))?;
    if let Some(records) = &report.records {
        writeln!(out, "{}", records_line(records))?;
    }
    writeln!(out, "{}", findings_line(report))
}

/// What is counted, as in `3 texts and 200 records`.
fn listed(report: &Report) -> String {
    let Apart { records, shards, files } = report.apart;
    let texts = report.summary.listed.saturating_sub(records + shards + files);
    counts_of(&[
        (texts, "text", "texts"),
        (files, "file", "files"),
        (records, "record", "records"),
        (shards, "shard", "shards"),
    ])
}

/// Those of some counts that are not 0, with their nouns; of none 0 of the first.
pub fn counts_of(counts: &[(usize, &str, &str)]) -> String {
    let said = counts.iter().filter(|(count, ..)| *count > 0);
    let said: Vec<String> = said.map(|(count, one, many)| count_of(*count, one, many)).collect();
    match said.split_last() {
        None => counts
            .first()
            .map_or_else(String::new, |(_, one, many)| count_of(0, one, many)),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// What was not asked of records, so that nobody takes silence for an answer.
fn records_line(records: &Records) -> String {
    let count = usize::try_from(records.records).unwrap_or(usize::MAX);
    let of = count_of(count, "record", "records");
    let shards = count_of(records.shards, "shard", "shards");
    let not_asked = match records.not_asked.as_slice() {
        [] => String::new(),
        rules => format!("; not asked of records, as they compare texts: {}", rules.join(", ")),
    };
    format!("{of} of {shards}, each looked at alone{not_asked}")
}

fn findings_line(report: &Report) -> String {
    let summary = &report.summary;
    let of_baseline = |finding: &&Finding| finding.suppressed.as_ref().is_some_and(|why| why.kind == "baseline");
    let known = report.findings.iter().filter(of_baseline).count();
    let counts = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.infos, "info", "infos"),
        (summary.suppressed - known, "accepted", "accepted"),
        (known, "known to the baseline", "known to the baseline"),
        (report.outside, "outside the change", "outside the change"),
    ];
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| count_of(count, one, many))
        .collect();
    if said.is_empty() {
        "nothing found".to_owned()
    } else {
        format!("found {}", said.join(", "))
    }
}

/// A count with its noun.
pub fn count_of(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
