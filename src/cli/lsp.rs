//! `lsp`: the server for editors, on the streams of the process.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::Outcome;
use super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::lsp::{self, End, Start};
use crate::report::printable;

#[derive(Args)]
pub(super) struct LspArgs {
    /// The manifest, in place of the nearest manifest.yaml of each text
    #[arg(short, long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// How many milliseconds nothing must be typed before the corpus is checked again
    #[arg(long, value_name = "MS", default_value = "200")]
    debounce: u64,
    /// Taken and ignored: some editors give it to every server, and there is no other way to speak
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs `lsp`. Standard output is for the protocol alone; what happens is told on standard error where somebody asks for it.
pub(super) fn run(args: &LspArgs, verbose: u8, terminal: &Terminal) -> Result<Outcome> {
    let LspArgs {
        stdio: _,
        manifest,
        debounce,
    } = args;
    let absolute = |path: &PathBuf| std::path::absolute(path).map_err(|error| Error::io("find", path, error));
    let start = Start {
        manifest: manifest.as_ref().map(absolute).transpose()?,
        pause: Duration::from_millis(*debounce),
    };
    let log = |line: &str| {
        if verbose > 0 {
            terminal.complain(&printable(line));
        }
    };
    // The protocol wants the code 1 of a server whose editor goes without a word.
    Ok(match lsp::serve(io::stdin(), io::stdout().lock(), start, &log)? {
        End::Orderly => Outcome::Clean,
        End::Abrupt => Outcome::Findings,
    })
}
