//! `check` and `verify`: they read, they report, they never write to the corpus.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::change::ChangeArgs;
use super::config::{self, RuleArgs, TimeArgs};
use super::output::Output;
use super::sign::{SealArgs, say_signed};
use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome, stdin};
use crate::config::{Config, FailOn};
use crate::corpus::Corpus;
use crate::date;
use crate::engine::{self, Options, Report};
use crate::error::{Error, Result};
use crate::exchange::{self, Exchange, Package};
use crate::inventory;
use crate::report::{Format, Style, printable, write_summary};
use crate::signature::Seal;
use crate::source::Source;
use crate::stop::Stop;

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Only these texts, or the texts below these folders; `-` is one text on standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only the texts that this file names, a path a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// The path of the text on standard input: where the manifest lists it, it is checked as that text
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<PathBuf>,
    #[command(flatten)]
    manifest: ManifestArg,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    seal: SealArgs,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Args)]
pub(super) struct VerifyArgs {
    /// Only these texts, or the texts below these folders; or, where there is no manifest, a bag, data package, web archive or list of another tool
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    manifest: ManifestArg,
    /// Verify what stands at the path as a package of this format of another tool; see `vidimus import --help`
    #[arg(long = "as", value_name = "FORMAT", value_parser = exchange_of, conflicts_with_all = ["manifest", "key", "manifest_sha256"])]
    format_of_package: Option<&'static dyn Exchange>,
    /// Verify a checksum list (GNU, BSD or hashdeep) instead of a manifest; its paths are relative to its folder
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "manifest", "key", "manifest_sha256"])]
    sums: Option<PathBuf>,
    /// The folder that the paths of the checksum list are relative to
    #[arg(long, value_name = "DIR", requires = "sums")]
    root: Option<PathBuf>,
    #[command(flatten)]
    seal: SealArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// What both take.
#[derive(Args)]
pub(super) struct RunArgs {
    /// Fail on findings of this severity and above (info, warning, error), of this rule or family, or never [default: warning]
    #[arg(long, value_name = "WHAT", value_parser = parse::<FailOn>)]
    fail_on: Option<FailOn>,
    /// The format on standard output: full, concise, json, jsonl, sarif, junit, github, gitlab, rdjson, markdown or html
    #[arg(long, value_name = "FORMAT", default_value = "full", value_parser = format_of)]
    format: Format,
    /// Write a report to a file too; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output_of)]
    output: Vec<(Format, PathBuf)>,
    #[command(flatten)]
    time: TimeArgs,
    /// Write into the log of the corpus what became of its texts; nothing else is written
    #[arg(long)]
    record: bool,
}

pub(super) fn parse<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, String> {
    text.parse()
}

fn format_of(text: &str) -> Result<Format, String> {
    let named = Format::ALL.into_iter().find(|(name, _)| *name == text);
    let names = || Format::ALL.map(|(name, _)| name).join(", ");
    named
        .map(|(_, format)| format)
        .ok_or_else(|| format!("there is no format `{text}`; there are {}", names()))
}

pub(super) fn exchange_of(text: &str) -> Result<&'static dyn Exchange, String> {
    exchange::find(text).map_err(|error| error.to_string())
}

fn output_of(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, path) = text.split_once('=').ok_or("write it as FORMAT=FILE")?;
    if path.is_empty() {
        return Err("the name of the file is missing after `=`".to_owned());
    }
    Ok((format_of(format)?, path.into()))
}

/// Runs `check`.
pub(super) fn check(args: &CheckArgs, verbose: u8, terminal: &Terminal) -> Result<Outcome> {
    let mut config = args.rules.config(&args.manifest.manifest)?;
    config::fail_on(&mut config, args.run.fail_on.as_ref());
    let options = config::options(&config, &args.run.time)?;
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return stdin::check(args, &config, options, terminal);
    }
    if args.stdin_path.is_some() {
        return Err(Error::Usage(
            "--stdin-path names the text on standard input; ask for that with `-`".to_owned(),
        ));
    }
    let mut paths = args.paths.clone();
    if let Some(list) = &args.files_from {
        paths.extend(stdin::listed(list)?);
    }
    let scope = Scope {
        options,
        change: &args.change,
        config,
        seal: args.seal.seal(&args.manifest.manifest)?,
        paths: &paths,
    };
    run(scope, &args.manifest, &args.run, verbose, terminal)
}

/// Runs `verify`.
pub(super) fn verify(args: &VerifyArgs, verbose: u8, terminal: &Terminal) -> Result<Outcome> {
    if let Some(list) = &args.sums {
        return verify_list(list, args, terminal);
    }
    if let Some(package) = package_of(args)? {
        let outputs = args.run.output.iter().map(Output::open).collect::<Result<Vec<_>>>()?;
        return verify_package(&package, outputs, &args.run, terminal);
    }
    // What is verified is not a matter of taste: no file has a say in it.
    let mut config = Config::default();
    config::fail_on(&mut config, args.run.fail_on.as_ref());
    let scope = Scope {
        options: Options {
            fixity_only: true,
            ..config::options(&config, &args.run.time)?
        },
        change: &ChangeArgs::default(),
        config,
        seal: args.seal.seal(&args.manifest.manifest)?,
        paths: &args.paths,
    };
    run(scope, &args.manifest, &args.run, verbose, terminal)
}

/// The package that is to be verified in place of a corpus: one that was named as such, or that says so of itself where no manifest is at hand.
fn package_of(args: &VerifyArgs) -> Result<Option<Package>> {
    let [path] = args.paths.as_slice() else {
        return match args.format_of_package {
            Some(_) => Err(Error::Usage("`--as` takes one path: that of the package".to_owned())),
            None => Ok(None),
        };
    };
    let at_hand = || args.manifest.manifest.symlink_metadata().is_ok();
    let format = match args.format_of_package {
        Some(format) => Some(format),
        None if at_hand() => None,
        None => exchange::recognise(path),
    };
    format
        .map(|format| format.read(path, Stop::new(Some(&stop_flag()))))
        .transpose()
}

fn verify_list(list: &Path, args: &VerifyArgs, terminal: &Terminal) -> Result<Outcome> {
    let root = args.root.as_deref().unwrap_or_else(|| Corpus::root_of(list));
    let outputs = args.run.output.iter().map(Output::open).collect::<Result<Vec<_>>>()?;
    verify_package(&exchange::read_sums(list, root, None)?, outputs, &args.run, terminal)
}

/// Verifies what another tool has packed.
fn verify_package(package: &Package, outputs: Vec<Output>, args: &RunArgs, terminal: &Terminal) -> Result<Outcome> {
    if args.record {
        let why = format!("{} has no log; `--record` needs a manifest", package.noun);
        return Err(Error::Usage(why));
    }
    let mut report = exchange::verify(package, Stop::new(Some(&stop_flag())))?.report;
    if package
        .sources
        .iter()
        .all(|source| package.root.join(source.name()).exists())
    {
        report.base = base_of(&package.root); // Everything is named from its root, as in a corpus.
    }
    let real = |path: &Path| path.canonicalize().ok();
    let owns = |path: &str| {
        let listed = package.items.iter().any(|item| item.place() == path);
        let describes =
            |source: &Source| real(Path::new(source.name())) == real(&package.root.join(path)) || source.name() == path;
        listed || package.sources.iter().any(describes)
    };
    outputs
        .iter()
        .try_for_each(|output| output.refuse_own(&package.root, &owns))?;
    let fail_on = args.fail_on.clone().unwrap_or_default();
    finish(&report, outputs, args, &fail_on, terminal)
}

impl CheckArgs {
    pub(super) fn manifest(&self) -> &Path {
        &self.manifest.manifest
    }

    pub(super) fn stdin_path(&self) -> Option<&Path> {
        self.stdin_path.as_deref()
    }

    pub(super) fn run(&self) -> &RunArgs {
        &self.run
    }

    /// What is asked for that one text on standard input cannot have.
    pub(super) fn beside_stdin(&self) -> Option<&'static str> {
        let asked = [
            (self.paths.len() > 1, "other paths"),
            (self.files_from.is_some(), "--files-from"),
            (self.run.record, "--record"),
            (self.seal.is_given(), "--key and --manifest-sha256"),
        ];
        let own = asked.into_iter().find(|(given, _)| *given).map(|(_, what)| what);
        own.or(self.change.given())
    }

    pub(super) fn outputs(&self) -> Result<Vec<Output>> {
        self.run.output.iter().map(Output::open).collect()
    }
}

impl RunArgs {
    /// All formats that are asked for.
    fn formats(&self) -> impl Iterator<Item = Format> {
        let others = self.output.iter().map(|(format, _)| *format);
        others.chain([self.format])
    }

    /// The options of a run whose report has what the formats give. With annotations of GitHub goes the report in Markdown.
    pub(super) fn for_formats<'a>(&self, options: Options<'a>) -> Options<'a> {
        let describes = |format: Format| format.describes() || format == Format::Github;
        Options {
            describe: self.formats().any(describes),
            locate: self.formats().any(Format::locates),
            ..options
        }
    }
}

/// The path from here to the root, for formats that name files from where the program runs; empty where the root is elsewhere.
fn base_of(root: &Path) -> String {
    let plain = root.strip_prefix(".").unwrap_or(root);
    let below = match plain.is_absolute() {
        true => std::env::current_dir()
            .ok()
            .and_then(|here| Some(plain.strip_prefix(here).ok()?.to_owned())),
        false => Some(plain.to_owned()),
    };
    let base = below.as_deref().map(crate::corpus::slashed).unwrap_or_default();
    if base.is_empty() { base } else { format!("{base}/") }
}

/// What a run looks at.
struct Scope<'a> {
    config: Config,
    change: &'a ChangeArgs,
    options: Options<'a>,
    seal: Seal,
    paths: &'a [PathBuf],
}

fn run(scope: Scope<'_>, manifest: &ManifestArg, args: &RunArgs, verbose: u8, terminal: &Terminal) -> Result<Outcome> {
    let outputs = args.output.iter().map(Output::open).collect::<Result<Vec<_>>>()?;
    let root = Corpus::root_of(&manifest.manifest);
    let (bar, stop) = (terminal.progress(), stop_flag());
    let options = Options {
        seal: scope.seal,
        only: scope
            .paths
            .iter()
            .map(|path| below_root(root, path))
            .collect::<Result<_>>()?,
        progress: Some(&bar),
        stop: Some(&stop),
        ..args.for_formats(scope.options)
    };
    let (corpus, mut report) = engine::check(&manifest.manifest, &options)?;
    report.base = base_of(root);
    report.docs = scope.config.docs.as_ref().map(|docs| docs.value.clone());
    refuse_own(&outputs, &corpus)?;
    say_signed(&report.seal, terminal);
    say_more(&corpus, &report, verbose, terminal);
    if !report.seal.refuses() {
        let asked = (manifest.manifest.as_path(), &options);
        scope
            .change
            .set_aside(&corpus, &mut report, &scope.config, asked, terminal)?;
    }
    if args.record {
        inventory::record_check(
            &manifest.manifest,
            &corpus,
            &report,
            date::now(),
            Stop::new(Some(&stop)),
        )?;
    }
    // The process ends with the report: taking a million small values apart first would only delay it.
    std::mem::forget(corpus);
    finish(&report, outputs, args, &scope.config.fail_on.value, terminal)
}

/// Refuses to write a report over what belongs to the corpus.
pub(super) fn refuse_own(outputs: &[Output], corpus: &Corpus) -> Result<()> {
    let signature = inventory::signature_of(Path::new(corpus.manifest.files[0].name()));
    let owns = |path: &str| {
        let is_manifest = corpus.manifest.files.iter().any(|file| file.name() == path);
        is_manifest || signature == Path::new(path) || lists(corpus, path)
    };
    outputs
        .iter()
        .try_for_each(|output| output.refuse_own(&corpus.root, &owns))
}

pub(super) fn lists(corpus: &Corpus, path: &str) -> bool {
    let paths = corpus.manifest.entries.iter().filter_map(|entry| entry.path.as_ref());
    paths.into_iter().any(|listed| listed.value.as_str() == path)
}

/// Writes the reports that were asked for, and says how the run ended.
fn finish(
    report: &Report,
    outputs: Vec<Output>,
    args: &RunArgs,
    fail_on: &FailOn,
    terminal: &Terminal,
) -> Result<Outcome> {
    write_all(report, outputs, args, terminal)?;
    Ok(outcome(report, fail_on))
}

/// Writes the reports that were asked for. The job summary of GitHub Actions goes with its annotations.
pub(super) fn write_all(report: &Report, outputs: Vec<Output>, args: &RunArgs, terminal: &Terminal) -> Result<()> {
    outputs.into_iter().try_for_each(|output| output.write(report))?;
    if args.formats().any(|format| format == Format::Github) {
        write_job_summary(report)?;
    }
    terminal.print(|out| args.format.write(report, terminal.style(), out))
}

/// So many bytes are taken of the summary of one step.
const JOB_SUMMARY: usize = 1 << 20;

/// Adds the report in Markdown to the file that GitHub Actions names for the summary of a job. A longer one than it takes would be refused
/// whole, so that then the counts stand alone.
fn write_job_summary(report: &Report) -> Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let failed = |error| Error::io("write", Path::new(&path), error);
    let mut text = Vec::new();
    Format::Markdown
        .write(report, Style::default(), &mut text)
        .map_err(failed)?;
    if text.len() >= JOB_SUMMARY {
        text.clear();
        write_summary(report, &mut text).map_err(failed)?;
    }
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .map_err(failed)?;
    file.write_all(&text).map_err(failed)
}

/// A path as the user gives it, relative to the root of the corpus.
pub(super) fn below_root(root: &Path, path: &Path) -> Result<String> {
    let real = |path: &Path| {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        std::path::absolute(path).map_err(|error| Error::io("find", path, error))
    };
    if path.symlink_metadata().is_err() {
        return Err(Error::Usage(format!("there is no {}", path.display())));
    }
    let (root, path) = (real(root)?, real(path)?);
    let outside = || {
        Error::Usage(format!(
            "{} is not below {}, the root of the corpus",
            path.display(),
            root.display()
        ))
    };
    path.strip_prefix(&root)
        .map(crate::corpus::slashed)
        .map_err(|_| outside())
}

/// A line a text on standard error: what became of it. First those that were not verified, then all.
fn say_more(corpus: &Corpus, report: &Report, verbose: u8, terminal: &Terminal) {
    let texts = corpus.manifest.entries.iter().zip(&report.states);
    for (entry, state) in texts.filter(|(_, state)| verbose > 1 || (verbose > 0 && **state != "verified")) {
        terminal.complain(&format!("{}: {state}", printable(entry.name())));
    }
}

fn outcome(report: &Report, fail_on: &FailOn) -> Outcome {
    if report.findings.iter().any(|finding| fail_on.takes(finding)) && report.summary.listed > 0 {
        Outcome::Findings
    } else if report.summary.verified == 0 {
        Outcome::Nothing
    } else {
        Outcome::Clean
    }
}
