//! `schema`: the JSON Schema of a format, for editors and for the published copy.

use clap::{Args, ValueEnum};

use super::Outcome;
use super::terminal::Terminal;
use crate::config;
use crate::error::Result;
use crate::manifest::schema;
use crate::report::{diff, duplicates, json};

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
    /// What `check --format json` prints
    Report,
    /// What `duplicates --format json` prints
    Duplicates,
    /// What `diff --format json` prints
    Diff,
}

pub(super) fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<Outcome> {
    terminal.print(|out| match args.of {
        Subject::Config => {
            serde_json::to_writer_pretty(&mut *out, &config::schema::json_schema())?;
            writeln!(out)
        }
        Subject::Manifest => {
            serde_json::to_writer_pretty(&mut *out, &schema::json_schema())?;
            writeln!(out)
        }
        Subject::Report => write!(out, "{}", json::JSON_SCHEMA),
        Subject::Duplicates => write!(out, "{}", duplicates::json::JSON_SCHEMA),
        Subject::Diff => write!(out, "{}", diff::json::JSON_SCHEMA),
    })?;
    Ok(Outcome::Clean)
}
