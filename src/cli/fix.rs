//! `fix`: mends what can be mended, and writes down what was done.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::check::{below_root, parse};
use super::config::{self, RuleArgs, TimeArgs};
use super::edit::warn_of_signature;
use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome};
use crate::baseline::Baseline;
use crate::compare::{page_parts, present};
use crate::config::FailOn;
use crate::corpus::Corpus;
use crate::date;
use crate::diff::{Difference, Peeled};
use crate::engine::Options;
use crate::error::{Error, Result};
use crate::fix::{Fixed, Mended, Request, rehearse};
use crate::inventory::change::begin_again;
use crate::journal::{Recovery, Staging};
use crate::report::diff::{DiffFormat, Item, Printer, State};
use crate::report::{Style, fixes};
use crate::stop::Stop;

#[derive(Args)]
pub(super) struct FixArgs {
    /// Only these texts, or the texts below these folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    manifest: ManifestArg,
    /// Apply unsafe fixes too: they may change what a text says, so read the diff
    #[arg(long = "unsafe")]
    unsafe_too: bool,
    #[command(flatten)]
    rules: RuleArgs,
    /// Show what would change, and write nothing
    #[arg(long, conflicts_with = "output")]
    diff: bool,
    /// Write all texts, mended, into this new folder with a manifest of their own; the originals stay as they are
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Keep no copies in the new folder of what its texts were made from
    #[arg(long, requires = "output")]
    no_store: bool,
    /// Why; it is recorded in the manifest
    #[arg(short, long, value_name = "TEXT")]
    reason: Option<String>,
    /// Fail on findings that are left, whatever was selected, of this severity and above (info, warning, error), of this rule or family, or never [default: warning]
    #[arg(long, value_name = "WHAT", value_parser = parse::<FailOn>)]
    fail_on: Option<FailOn>,
    /// How to tell what was done
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Form,
    #[command(flatten)]
    time: TimeArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// One object
    Json,
}

/// Runs `fix`.
pub(super) fn run(args: &FixArgs, terminal: &Terminal) -> Result<Outcome> {
    let (bar, stop) = (terminal.progress(), stop_flag());
    let root = Corpus::root_of(&args.manifest.manifest);
    let only = args.paths.iter().map(|path| below_root(root, path));
    // What is found is a matter of the configuration; of that, what is mended is a matter of the options.
    let mut config = args.rules.base(&args.manifest.manifest)?;
    config::fail_on(&mut config, args.fail_on.as_ref());
    let known = config.baseline.as_ref().map(|set| Baseline::open(&set.value));
    let baseline = known.transpose()?;
    let found = config.selection();
    args.rules.lay_over(&mut config);
    let request = Request {
        selection: config.selection(),
        unsafe_too: args.unsafe_too,
        check: Options {
            selection: found,
            only: only.collect::<Result<_>>()?,
            progress: Some(&bar),
            stop: Some(&stop),
            ..config::options(&config, &args.time)?
        },
        at: date::now(),
        reason: args.reason.as_deref().unwrap_or(usual_reason(args.unsafe_too)),
        as_of: std::collections::HashMap::new(),
        chosen: None,
        accepted: &[],
    };
    let stop = Stop::new(Some(&stop));
    let mut fixed = match (&args.output, args.diff) {
        (Some(folder), _) => beside(args, &request, folder, stop)?,
        (None, true) => show(args, &request, terminal)?,
        (None, false) => in_place(args, &request, stop, terminal)?,
    };
    if let Some(baseline) = baseline {
        baseline.mark(&mut fixed.report);
    }
    terminal.print(|out| match args.format {
        Form::Text => fixes::write(&fixed, !args.diff, terminal.style(), out),
        Form::Json => fixes::write_json(&fixed, !args.diff, out),
    })?;
    Ok(outcome(&fixed, &config.fail_on.value))
}

fn usual_reason(unsafe_too: bool) -> &'static str {
    if unsafe_too {
        "mended by the fixes of these rules, unsafe ones included"
    } else {
        "mended by the safe fixes of these rules"
    }
}

fn in_place(args: &FixArgs, request: &Request<'_>, stop: Stop<'_>, terminal: &Terminal) -> Result<Fixed> {
    let transaction = begin_again(&args.manifest.manifest)?;
    tell(transaction.recovery(), terminal);
    let fixed = rehearse(&args.manifest.manifest, request, transaction.staging())?;
    fixed.commit(transaction, &args.manifest.manifest, stop)?;
    if !fixed.texts.is_empty() {
        warn_of_signature(&args.manifest.manifest, terminal);
    }
    Ok(fixed)
}

/// Says what an interrupted run had left, where it had.
pub(super) fn tell(recovery: &Recovery, terminal: &Terminal) {
    if recovery.completed > 0 {
        terminal.warn(&format!(
            "completed a change of {} files that was interrupted",
            recovery.completed
        ));
    }
    if recovery.rolled_back {
        terminal.warn("removed what an earlier run had left behind; no file is half changed");
    }
    for path in &recovery.left {
        terminal.warn(&format!(
            "{path} was changed by somebody else since: left as it is; what it was to become is in the store"
        ));
    }
}

fn scratch() -> Result<tempfile::TempDir> {
    tempfile::Builder::new()
        .prefix("vidimus-")
        .tempdir()
        .map_err(|error| Error::io("write", std::env::temp_dir(), error))
}

fn beside(args: &FixArgs, request: &Request<'_>, folder: &Path, stop: Stop<'_>) -> Result<Fixed> {
    let scratch = scratch()?;
    let staging = Staging::new(scratch.path());
    let fixed = rehearse(&args.manifest.manifest, request, &staging)?;
    fixed.write_to(folder, &args.manifest.manifest, &staging, !args.no_store, stop)?;
    Ok(fixed)
}

fn show(args: &FixArgs, request: &Request<'_>, terminal: &Terminal) -> Result<Fixed> {
    let scratch = scratch()?;
    let staging = Staging::new(scratch.path());
    let fixed = rehearse(&args.manifest.manifest, request, &staging)?;
    if args.format == Form::Text {
        let style = Style {
            summary: false,
            ..terminal.style()
        };
        let mut printer = Printer::new(DiffFormat::Unified, style, 3);
        fixed
            .texts
            .iter()
            .try_for_each(|text| show_text(&fixed, text, &staging, &mut printer, terminal))?;
    }
    Ok(fixed)
}

fn show_text(
    fixed: &Fixed,
    text: &Mended,
    staging: &Staging,
    printer: &mut Printer,
    terminal: &Terminal,
) -> Result<()> {
    let path = staging.path(&text.staged.name);
    let new = std::fs::read(&path).map_err(|error| Error::io("read", path, error))?;
    let old = present(&fixed.corpus.library(), &text.path);
    let old = old.map_err(|refusal| Error::Refused(format!("{}: {}", text.path, refusal.reason())))?;
    let entry = &fixed.corpus.manifest.entries[text.entry];
    let peeled = Peeled::of(&old, &new);
    let difference = Difference::of(&peeled, &|| page_parts(&fixed.corpus, entry, &old));
    let item = Item {
        path: &text.path,
        from: None,
        state: State::Differs {
            difference: &difference,
            origin: "certified",
        },
    };
    terminal.print(|out| printer.add(&item, out))
}

fn outcome(fixed: &Fixed, fail_on: &FailOn) -> Outcome {
    let summary = &fixed.report.summary;
    if fixed.report.findings.iter().any(|finding| fail_on.takes(finding)) {
        Outcome::Findings
    } else if summary.verified == 0 {
        Outcome::Nothing
    } else {
        Outcome::Clean
    }
}
