//! `schema`: the JSON Schema of a format, for editors and for the published copy.

use clap::{Args, ValueEnum};

use super::Outcome;
use super::terminal::Terminal;
use crate::error::Result;
use crate::manifest::schema;

#[derive(Args)]
pub(super) struct SchemaArgs {
    /// Of what
    #[arg(value_enum)]
    of: Subject,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// The manifest
    Manifest,
}

pub(super) fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<Outcome> {
    let schema = match args.of {
        Subject::Manifest => schema::json_schema(),
    };
    terminal.print(|out| {
        serde_json::to_writer_pretty(&mut *out, &schema)?;
        writeln!(out)
    })?;
    Ok(Outcome::Clean)
}
