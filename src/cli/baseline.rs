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

/// Runs `baseline`.
pub(super) fn run(args: &BaselineArgs, terminal: &Terminal) -> Result<Outcome> {
    match &args.act {
        Act::Write(args) => write(args, terminal),
        Act::Check(args) => check(args, terminal),
        Act::Prune(args) => prune(args, terminal),
    }
}

/// What a check of the whole corpus says, and what it was asked for.
fn report(args: &CommonArgs, config: &Config, terminal: &Terminal) -> Result<(Report, Selection)> {
    let (bar, stop) = (terminal.progress(), stop_flag());
    let options = Options {
        progress: Some(&bar),
        stop: Some(&stop),
        ..config::options(config, &args.time)?
    };
    let (_, report) = engine::check(&args.manifest.manifest, &options)?;
    Ok((report, options.selection))
}

fn write(args: &WriteArgs, terminal: &Terminal) -> Result<Outcome> {
    let config = args.common.rules.config(&args.common.manifest.manifest)?;
    let path = args.common.path(&config);
    if path.symlink_metadata().is_ok() {
        refuse_to_overwrite(&path, args.overwrite)?;
    }
    let (report, _) = report(&args.common, &config, terminal)?;
    let baseline = Baseline::of(&report);
    baseline.write(&path)?;
    let left = report.open().count() - baseline.len();
    let known = count_of(baseline.len(), "finding is known", "findings are known");
    say(terminal, &path, &known)?;
    if left > 0 {
        terminal.warn(&format!(
            "{} of fixity or of the manifest cannot be known: what was not verified is not verified",
            count_of(left, "finding", "findings")
        ));
    }
    Ok(Outcome::Clean)
}

/// A baseline is written over only where somebody says so, and what is no baseline never: it may be a text.
fn refuse_to_overwrite(path: &Path, overwrite: bool) -> Result<()> {
    if overwrite {
        return Baseline::open(path).map(drop);
    }
    Err(Error::Refused(format!(
        "{} is there already, and to write it anew would make known what nobody has looked at; take out what is gone with `vidimus baseline prune`, or say --overwrite",
        path.display()
    )))
}

/// A baseline, where it is, and what of it is not found any more.
fn with_gone(args: &CommonArgs, terminal: &Terminal) -> Result<(PathBuf, Baseline, Vec<Known>)> {
    let config = args.rules.config(&args.manifest.manifest)?;
    let path = args.path(&config);
    let baseline = Baseline::open(&path)?;
    let (report, selection) = report(args, &config, terminal)?;
    let gone = baseline.gone(&report, &selection).into_iter().cloned().collect();
    Ok((path, baseline, gone))
}

fn check(args: &CommonArgs, terminal: &Terminal) -> Result<Outcome> {
    let (path, baseline, gone) = with_gone(args, terminal)?;
    terminal.print(|out| gone.iter().try_for_each(|known| writeln!(out, "{}", line(known))))?;
    let all = count_of(baseline.len(), "finding", "findings");
    say(terminal, &path, &format!("{all}, {} not found any more", gone.len()))?;
    Ok(if gone.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

fn prune(args: &CommonArgs, terminal: &Terminal) -> Result<Outcome> {
    let (path, baseline, gone) = with_gone(args, terminal)?;
    if !gone.is_empty() {
        baseline.without(&gone).write(&path)?;
    }
    let out = count_of(gone.len(), "finding", "findings");
    say(terminal, &path, &format!("{out} taken out"))?;
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

fn say(terminal: &Terminal, path: &Path, what: &str) -> Result<()> {
    if terminal.is_quiet() {
        return Ok(());
    }
    let path = path.display().to_string();
    terminal.print(|out| writeln!(out, "{}: {what}", printable(&path)))
}
