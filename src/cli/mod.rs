//! The command line: one file a subcommand, and one place where an outcome becomes an exit code.

mod baseline;
mod change;
mod check;
mod config;
mod custody;
mod diff;
mod duplicates;
mod edit;
mod exchange;
mod explain;
mod fix;
mod init;
mod inspect;
mod lsp;
mod output;
mod review;
mod rules;
mod schema;
mod shell;
mod sign;
mod stdin;
mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::{Error, Result};
use crate::object::Address;
use crate::report::full::draw_error;
use crate::source::Source;
use crate::text::Text;
use terminal::{ColorWhen, Terminal};

/// What every subcommand may end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing to complain about.
    Clean,
    /// Findings at or above the gate.
    Findings,
    /// Nothing was verified, so nothing is certified.
    Nothing,
}

#[derive(Parser)]
#[command(name = "vidimus", version, about, long_about = LONG_ABOUT, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
Certifies a corpus of texts: verifies each text against a manifest of digests, retrieval dates and original addresses, \
and finds what is inconsistent, cut off, doubled, or left of the page it was taken from.";

const AFTER_HELP: &str = "\
Exit codes:
  0      nothing at or above --fail-on
  1      findings at or above it
  2      the work could not be done: usage, unreadable manifest, a path that does not exist, nothing to check
  128+N  stopped by signal N";

/// What every subcommand takes.
#[derive(Args)]
struct Global {
    /// When to use colours
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        global = true,
        value_name = "WHEN",
        help_heading = "Terminal"
    )]
    color: ColorWhen,
    /// Print no counts and no progress
    #[arg(short, long, global = true, help_heading = "Terminal")]
    quiet: bool,
    /// Say more: the texts that were not verified, and findings that are folded; twice: every text
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Terminal")]
    verbose: u8,
    /// Show no progress bar
    #[arg(long, global = true, help_heading = "Terminal")]
    no_progress: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything: fixity, manifest, provenance and the texts themselves
    Check(check::CheckArgs),
    /// Check fixity and the manifest alone
    Verify(check::VerifyArgs),
    /// Show what differs from what was certified, between revisions, or between manifests
    Diff(diff::DiffArgs),
    /// Write a manifest of the texts of a folder
    Init(init::InitArgs),
    /// Write a manifest of a bag, a data package, a web archive or a checksum list, of what in it can be verified
    Import(exchange::ImportArgs),
    /// Write the corpus in the format of another tool
    Export(exchange::ExportArgs),
    /// Add texts to the manifest
    Add(edit::AddArgs),
    /// Remove texts from the manifest
    Remove(edit::RemoveArgs),
    /// Record that a change of texts is right, with the reason: the only way to change a digest
    Accept(edit::AcceptArgs),
    /// Mend what can be mended, with a record of each change
    Fix(fix::FixArgs),
    /// Decide on one finding after the other: mend it, accept it, or leave it for later
    Review(review::ReviewArgs),
    /// Sign the manifest, so that others can tell that it is yours
    Sign(sign::SignArgs),
    /// Show what texts say of themselves
    Inspect(inspect::InspectArgs),
    /// Show the passages that stand more than once, in one text or in several
    Duplicates(duplicates::DuplicatesArgs),
    /// Show the custody of a text, from its first certified bytes to those that stand there now
    Custody(custody::CustodyArgs),
    /// Show what was done to the corpus, event by event
    Log(custody::LogArgs),
    /// Verify the certified copies
    Fsck(custody::FsckArgs),
    /// Remove the certified copies that nothing names any more
    Gc(custody::GcArgs),
    /// Complete or roll back a change that was interrupted
    Recover(custody::RecoverArgs),
    /// List the rules
    Rules(rules::RulesArgs),
    /// Explain a rule
    Explain(explain::ExplainArgs),
    /// Write down what is known, so that `check` fails on new findings alone
    Baseline(baseline::BaselineArgs),
    /// Show what the configuration comes to, and where each value comes from
    ShowConfig(config::ShowConfigArgs),
    /// Speak the Language Server Protocol on standard input and output, for editors
    Lsp(lsp::LspArgs),
    /// Print what a shell needs to complete commands and options
    Completions(shell::CompletionsArgs),
    /// Print the pages of the manual
    Man(shell::ManArgs),
    /// Print the JSON Schema of a format
    Schema(schema::SchemaArgs),
}

/// Where the manifest is.
#[derive(Args)]
struct ManifestArg {
    /// The manifest; its paths are relative to its folder
    #[arg(short, long, default_value = "manifest.yaml", value_name = "FILE", value_parser = in_folder())]
    manifest: PathBuf,
}

/// Where the manifest is, for what does no more than read it and what it lists: it may stand in an object store.
#[derive(Args)]
struct AnyManifestArg {
    /// The manifest; its paths are relative to its folder
    #[arg(short, long, default_value = "manifest.yaml", value_name = "FILE")]
    manifest: PathBuf,
}

/// A path, and no address in an object store.
fn in_folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match Address::of(&path) {
        None => Ok(path),
        Some(_) => Err("object stores are read by check, verify, inspect and duplicates, and never written; name a file or a folder"),
    })
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => return usage_error(&error),
    };
    let Global {
        color,
        quiet,
        verbose,
        no_progress,
    } = cli.global;
    let terminal = Terminal::new(color, quiet, !no_progress, verbose == 0);
    match run(cli, &terminal) {
        Ok(outcome) => ExitCode::from(code_of(outcome)),
        Err(error) => fail(&error, &terminal),
    }
}

fn parse() -> Result<Cli, clap::Error> {
    let matches = Cli::command().try_get_matches()?;
    Cli::from_arg_matches(&matches)
}

/// Usage errors are 2, as everything that could not be done; help and version are 0.
fn usage_error(error: &clap::Error) -> ExitCode {
    drop(error.print());
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

fn run(cli: Cli, terminal: &Terminal) -> Result<Outcome> {
    match cli.command {
        Command::Check(args) => check::check(&args, cli.global.verbose, terminal),
        Command::Verify(args) => check::verify(&args, cli.global.verbose, terminal),
        Command::Diff(args) => diff::run(&args, terminal),
        Command::Init(args) => init::run(&args, terminal),
        Command::Import(args) => exchange::import(&args, cli.global.verbose, terminal),
        Command::Export(args) => exchange::export(&args, terminal),
        Command::Add(args) => edit::add(&args, terminal),
        Command::Remove(args) => edit::remove(&args, terminal),
        Command::Accept(args) => edit::accept(&args, terminal),
        Command::Fix(args) => fix::run(&args, terminal),
        Command::Review(args) => review::run(&args, terminal),
        Command::Sign(args) => sign::run(&args, terminal),
        Command::Inspect(args) => inspect::run(&args, terminal),
        Command::Duplicates(args) => duplicates::run(&args, terminal),
        Command::Custody(args) => custody::custody(&args, terminal),
        Command::Log(args) => custody::log(&args, terminal),
        Command::Fsck(args) => custody::fsck(&args, terminal),
        Command::Gc(args) => custody::gc(&args, terminal),
        Command::Recover(args) => custody::recover(&args, terminal),
        Command::Rules(args) => rules::run(&args, terminal),
        Command::Explain(args) => explain::run(&args, terminal),
        Command::Baseline(args) => baseline::run(&args, terminal),
        Command::Completions(args) => shell::completions(&args, terminal),
        Command::Man(args) => shell::man(&args, terminal),
        Command::ShowConfig(args) => config::show(&args, terminal),
        Command::Lsp(args) => lsp::run(&args, cli.global.verbose, terminal),
        Command::Schema(args) => schema::run(&args, terminal),
    }
}

/// What a text says of itself, for the comments of a new entry.
fn describe(source: &Source) -> Vec<(String, String)> {
    let Some(text) = Text::new(source) else {
        return Vec::new();
    };
    let statement = text.statement();
    let published = statement.published.map(|published| published.date.to_string());
    let said = [
        ("title", statement.title.map(|title| title.text.to_owned())),
        ("author", statement.byline.map(|byline| byline.text.to_owned())),
        ("published_at", published),
    ];
    said.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn code_of(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Clean => 0,
        Outcome::Findings => 1,
        Outcome::Nothing => 2,
    }
}

fn fail(error: &Error, terminal: &Terminal) -> ExitCode {
    match error {
        Error::Interrupted(signal) => ExitCode::from(128u8.saturating_add(*signal)),
        _ => {
            terminal.complain(&draw_error(error, terminal.error_style()));
            ExitCode::from(2)
        }
    }
}
