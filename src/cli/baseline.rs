//! `baseline`: writes down what is known, tells what of it is gone, and takes that out.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::config::{self, RuleArgs, TimeArgs};
use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome};
use crate::baseline::{Baseline, Known, NAME};
use crate::config::{Config, Selection};
use crate::corpus::Corpus;
use crate::engine::{self, Options, Report};
use crate::error::{Error, Result};
use crate::report::{count_of, printable};

#[derive(Args)]
pub(super) struct BaselineArgs {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Write down all findings there are, so that `check` fails on new ones alone
    Write(WriteArgs),
    /// Tell what of the baseline is not found any more; 1 where there is such
    Check(CommonArgs),
    /// Take out of the baseline what is not found any more; nothing comes in
    Prune(CommonArgs),
}

#[derive(Args)]
struct WriteArgs {
    #[command(flatten)]
    common: CommonArgs,
    /// Write over a baseline that is there: what is new since then becomes known without having been looked at
    #[arg(long)]
    overwrite: bool,
}

#[derive(Args)]
struct CommonArgs {
    #[command(flatten)]
    manifest: ManifestArg,
    /// The baseline [default: that of the configuration, or vidimus-baseline.json beside the manifest]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    time: TimeArgs,
}

impl CommonArgs {
    fn path(&self, config: &Config) -> PathBuf {
        let configured = config.baseline.as_ref().map(|set| set.value.clone());
        let beside = || Corpus::root_of(&self.manifest.manifest).join(NAME);
        self.baseline.clone().or(configured).unwrap_or_else(beside)
    }
}

/// A baseline, and what a check of the whole corpus says beside it.
struct Compared {
    path: PathBuf,
    report: Report,
    selection: Selection,
}

/// Runs `baseline`.
pub(super) fn run(args: &BaselineArgs, terminal: &Terminal) -> Result<Outcome> {
    match &args.act {
        Act::Write(args) => write(args, terminal),
        Act::Check(args) => check(args, terminal),
        Act::Prune(args) => prune(args, terminal),
    }
}

fn compare(args: &CommonArgs, terminal: &Terminal) -> Result<Compared> {
    let config = args.rules.config(&args.manifest.manifest)?;
    let (bar, stop) = (terminal.progress(), stop_flag());
    let options = Options {
        progress: Some(&bar),
        stop: Some(&stop),
        ..config::options(&config, &args.time)?
    };
    let (_, report) = engine::check(&args.manifest.manifest, &options)?;
    if report.seal.refuses() {
        return Err(Error::Refused(
            "the manifest is not the one that was demanded".to_owned(),
        ));
    }
    Ok(Compared {
        path: args.path(&config),
        report,
        selection: options.selection,
    })
}

fn write(args: &WriteArgs, terminal: &Terminal) -> Result<Outcome> {
    let path = args
        .common
        .path(&args.common.rules.config(&args.common.manifest.manifest)?);
    if path.symlink_metadata().is_ok() && !args.overwrite {
        return Err(Error::Refused(format!(
            "{} is there already, and to write it anew would make known what nobody has looked at; take out what is gone with `vidimus baseline prune`, or say --overwrite",
            path.display()
        )));
    }
    let compared = compare(&args.common, terminal)?;
    let baseline = Baseline::of(&compared.report);
    baseline.write(&compared.path)?;
    let left = compared.report.open().count() - baseline.len();
    say(
        terminal,
        &format!(
            "{}: {}",
            shown(&compared.path),
            count_of(baseline.len(), "finding is known", "findings are known")
        ),
    )?;
    if left > 0 {
        terminal.warn(&format!(
            "{} of fixity or of the manifest cannot be known: what was not verified is not verified",
            count_of(left, "finding", "findings")
        ));
    }
    Ok(Outcome::Clean)
}

fn check(args: &CommonArgs, terminal: &Terminal) -> Result<Outcome> {
    let compared = compare(args, terminal)?;
    let baseline = Baseline::open(&compared.path)?;
    let gone = baseline.gone(&compared.report, &compared.selection);
    terminal.print(|out| gone.iter().try_for_each(|known| writeln!(out, "{}", line(known))))?;
    let all = count_of(baseline.len(), "finding", "findings");
    say(
        terminal,
        &format!("{}: {all}, {} not found any more", shown(&compared.path), gone.len()),
    )?;
    Ok(if gone.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

fn prune(args: &CommonArgs, terminal: &Terminal) -> Result<Outcome> {
    let compared = compare(args, terminal)?;
    let baseline = Baseline::open(&compared.path)?;
    let gone = baseline.gone(&compared.report, &compared.selection);
    if !gone.is_empty() {
        baseline.without(&gone).write(&compared.path)?;
    }
    say(
        terminal,
        &format!(
            "{}: {} taken out",
            shown(&compared.path),
            count_of(gone.len(), "finding", "findings")
        ),
    )?;
    Ok(Outcome::Clean)
}

fn line(known: &Known) -> String {
    format!(
        "{}: {} [{}]",
        printable(&known.path),
        printable(&known.rule),
        printable(&known.fingerprint)
    )
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

fn say(terminal: &Terminal, text: &str) -> Result<()> {
    if terminal.is_quiet() {
        return Ok(());
    }
    terminal.print(|out| writeln!(out, "{text}"))
}
