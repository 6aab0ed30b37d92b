//! `schema`: the JSON Schema of a format, for editors and for the published copy.

use clap::{Args, ValueEnum};

use super::Outcome;
use super::terminal::Terminal;
use crate::config;
use crate::error::Result;
use crate::manifest::schema;
use crate::report::{diff, duplicates, fixes, history, json};

#[derive(Args)]
pub(super) struct SchemaArgs {
    /// Of what
    #[arg(value_enum)]
    of: Subject,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// The configuration, `vidimus.toml`
    Config,
    /// The manifest
    Manifest,
    /// The file of `baseline write`
    Baseline,
    /// What `check --format json` prints
    Report,
    /// What `duplicates --format json` prints
    Duplicates,
    /// What `diff --format json` prints
    Diff,
    /// What `fix --format json` prints
    Fix,
    /// What `custody --format json` prints
    Custody,
    /// A line of the log, as `log --format jsonl` prints it
    Log,
    /// A line of `inspect --format jsonl`
    Inspect,
    /// What `rules --format json` prints
    Rules,
    /// What `show-config --format json` prints
    ShowConfig,
}

pub(super) fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<Outcome> {
    let published = match args.of {
        Subject::Config => return print(&config::schema::json_schema(), terminal),
        Subject::Manifest => return print(&schema::json_schema(), terminal),
        Subject::Baseline => include_str!("../../docs/baseline.schema.json"),
        Subject::Report => json::JSON_SCHEMA,
        Subject::Duplicates => duplicates::json::JSON_SCHEMA,
        Subject::Diff => diff::json::JSON_SCHEMA,
        Subject::Fix => fixes::JSON_SCHEMA,
        Subject::Custody => history::JSON_SCHEMA,
        Subject::Log => include_str!("../../docs/log.schema.json"),
        Subject::Inspect => include_str!("../../docs/inspect.schema.json"),
        Subject::Rules => include_str!("../../docs/rules.schema.json"),
        Subject::ShowConfig => include_str!("../../docs/show-config.schema.json"),
    };
    terminal.print(|out| write!(out, "{published}"))?;
    Ok(Outcome::Clean)
}

fn print(schema: &serde_json::Value, terminal: &Terminal) -> Result<Outcome> {
    terminal.print(|out| {
        serde_json::to_writer_pretty(&mut *out, schema)?;
        writeln!(out)
    })?;
    Ok(Outcome::Clean)
}
