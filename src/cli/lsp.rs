//! `lsp`: the server for editors, on the streams of the process.

use std::io;

use clap::Args;

use super::Outcome;
use super::terminal::Terminal;
use crate::error::Result;
use crate::lsp::{self, End};
use crate::report::printable;

#[derive(Args)]
pub(super) struct LspArgs {
    /// Taken and ignored: some editors give it to every server, and there is no other way to speak
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs `lsp`. Standard output is for the protocol alone; what happens is told on standard error where somebody asks for it.
pub(super) fn run(args: &LspArgs, verbose: u8, terminal: &Terminal) -> Result<Outcome> {
    let LspArgs { stdio: _ } = args;
    let log = |line: &str| {
        if verbose > 0 {
            terminal.complain(&printable(line));
        }
    };
    // The protocol wants the code 1 of a server whose editor goes without a word.
    Ok(match lsp::serve(io::stdin(), io::stdout().lock(), &log)? {
        End::Orderly => Outcome::Clean,
        End::Abrupt => Outcome::Findings,
    })
}
