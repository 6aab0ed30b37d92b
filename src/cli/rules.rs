//! `rules`: the one list, as a table or as JSON.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Outcome;
use super::terminal::Terminal;
use crate::checks::{self, Rule};
use crate::error::Result;

#[derive(Args)]
pub(super) struct RulesArgs {
    /// How to print them
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: ListFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum ListFormat {
    /// A line a rule
    Text,
    /// A JSON array with the whole documentation
    Json,
}

#[derive(Serialize)]
struct RuleRow {
    id: &'static str,
    family: &'static str,
    severity: crate::finding::Severity,
    summary: &'static str,
    docs: &'static str,
}

impl From<&'static Rule> for RuleRow {
    fn from(rule: &'static Rule) -> Self {
        Self {
            id: rule.id,
            family: rule.family(),
            severity: rule.severity,
            summary: rule.summary,
            docs: rule.docs,
        }
    }
}

pub(super) fn run(args: &RulesArgs, terminal: &Terminal) -> Result<Outcome> {
    let rules = || checks::ALL.iter().map(|check| check.rule());
    terminal.print(|out| match args.format {
        ListFormat::Json => {
            let rows: Vec<RuleRow> = rules().map(RuleRow::from).collect();
            serde_json::to_writer_pretty(&mut *out, &rows)?;
            writeln!(out)
        }
        ListFormat::Text => {
            let width = rules().map(|rule| rule.id.len()).max().unwrap_or(0);
            rules()
                .try_for_each(|rule| writeln!(out, "{:width$}  {:7}  {}", rule.id, rule.severity.name(), rule.summary))
        }
    })?;
    Ok(Outcome::Clean)
}
