//! `import` and `export`: to and from the formats of other tools.

use std::path::PathBuf;

use clap::Args;

use super::check::exchange_of;
use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome, in_folder};
use crate::corpus::slashed;
use crate::date;
use crate::error::Result;
use crate::exchange::{self, Exchange, Export, Import, Imported, Lost};
use crate::finding::Severity;
use crate::manifest::facts::Facts;
use crate::report::{Format, count_of, counts_of, printable};
use crate::stop::Stop;

/// The formats, for the end of the help.
pub(super) fn formats() -> String {
    let width = exchange::ALL
        .iter()
        .map(|format| format.name().len())
        .max()
        .unwrap_or_default();
    let line = |format: &&dyn Exchange| format!("  {:width$}  {}\n", format.name(), format.about());
    let lines: String = exchange::ALL.iter().map(line).collect();
    format!("Formats:\n{lines}")
}

#[derive(Args)]
#[command(after_help = formats())]
pub(super) struct ImportArgs {
    /// The format
    #[arg(value_name = "FORMAT", value_parser = exchange_of)]
    format: &'static dyn Exchange,
    /// The folder or file to read
    #[arg(value_name = "PATH", value_parser = in_folder())]
    path: PathBuf,
    /// The manifest to write [default: manifest.yaml beside what is read]
    #[arg(short, long, value_name = "FILE", value_parser = in_folder())]
    output: Option<PathBuf>,
    /// A glob for the files that are texts, relative to the package; may be given several times [default: files that end like texts]
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// The folder to write texts to that stand inside of a file, as in a web archive [default: named as the file, beside the manifest]
    #[arg(long, value_name = "DIR")]
    texts: Option<PathBuf>,
    /// Keep no copy of the texts
    #[arg(long)]
    no_store: bool,
    /// Replace a manifest that is there
    #[arg(long)]
    force: bool,
    /// Show what would be listed, and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
#[command(after_help = formats())]
pub(super) struct ExportArgs {
    /// The format
    #[arg(value_name = "FORMAT", value_parser = exchange_of)]
    format: &'static dyn Exchange,
    #[command(flatten)]
    manifest: ManifestArg,
    /// The file or folder to write
    #[arg(short, long, value_name = "PATH", value_parser = in_folder())]
    output: PathBuf,
    /// Leave texts out that their source gives as they are, and name its address in their place: `fetch.txt` of a bag
    #[arg(long)]
    fetch: bool,
}

/// Runs `import`.
pub(super) fn import(args: &ImportArgs, verbose: u8, terminal: &Terminal) -> Result<Outcome> {
    let stop = stop_flag();
    let imported = exchange::import(&Import {
        format: args.format,
        path: &args.path,
        output: args.output.as_deref(),
        include: &args.include,
        texts: args.texts.as_deref(),
        force: args.force,
        keep: !args.no_store,
        dry: args.dry_run,
        at: date::now(),
        stop: Stop::new(Some(&stop)),
    })?;
    if !imported.report.findings.is_empty() {
        terminal.print(|out| Format::Full.write(&imported.report, terminal.style(), out))?;
    }
    if args.dry_run {
        terminal.print(|out| out.write_all(imported.facts.to_yaml().as_bytes()))?;
    }
    say(&imported, args.dry_run, verbose, terminal)?;
    let wrong = imported
        .report
        .findings
        .iter()
        .any(|finding| finding.severity >= Severity::Warning);
    Ok(if wrong { Outcome::Findings } else { Outcome::Clean })
}

fn say(imported: &Imported, dry: bool, verbose: u8, terminal: &Terminal) -> Result<()> {
    if !terminal.is_quiet() && !dry {
        let manifest = slashed(&imported.manifest);
        let said = match imported.filled {
            Some(filled) => format!("filled in {} of {manifest}", count_of(filled, "entry", "entries")),
            None => {
                format!("listed {} in {manifest}", contents(&imported.facts))
            }
        };
        terminal.print(|out| writeln!(out, "{}", printable(&said)))?;
    }
    if !terminal.is_quiet() {
        let (one, several) = ("file that does not end like a text", "files that do not end like texts");
        say_unlisted(
            (one, several),
            "; name the texts with `--include`",
            &imported.others,
            verbose,
            terminal,
        );
        let (one, several) = (
            "file that is not there or not what it should be",
            "files that are not there or not what they should be",
        );
        say_unlisted((one, several), "", &imported.refused, verbose, terminal);
    }
    say_lost(&imported.lost, "a manifest", terminal);
    Ok(())
}

fn say_unlisted((one, several): (&str, &str), next: &str, paths: &[String], verbose: u8, terminal: &Terminal) {
    let Some(first) = paths.first() else { return };
    let files = count_of(paths.len(), one, several);
    let more = if paths.len() > 1 { ", …" } else { "" };
    terminal.warn(&format!("not listed: {files}: {first}{more}{next}"));
    if verbose > 0 {
        paths
            .iter()
            .for_each(|path| terminal.complain(&format!("  {}", printable(path))));
    }
}

fn say_lost(lost: &[Lost], place: &str, terminal: &Terminal) {
    for one in lost {
        let times = if one.times > 1 {
            format!(" ({} times)", one.times)
        } else {
            String::new()
        };
        let why = one.why.clone().unwrap_or_else(|| format!("has no place in {place}"));
        terminal.warn(&format!("not carried over: {}{times} {why}", one.what));
    }
}

/// As in `3 texts and 1 shard of records`.
fn contents(facts: &Facts) -> String {
    let shards = facts.entries.iter().filter(|entry| entry.is_shard()).count();
    let texts = facts.entries.len() - shards;
    counts_of(&[
        (texts, "text", "texts"),
        (shards, "shard of records", "shards of records"),
    ])
}

/// Runs `export`.
pub(super) fn export(args: &ExportArgs, terminal: &Terminal) -> Result<Outcome> {
    let stop = stop_flag();
    let exported = exchange::export(&Export {
        format: args.format,
        manifest: &args.manifest.manifest,
        output: &args.output,
        fetch: args.fetch,
        at: date::now(),
        stop: Stop::new(Some(&stop)),
    })?;
    if !terminal.is_quiet() {
        let said = format!("wrote {} to {}", contents(&exported.facts), slashed(&exported.output));
        terminal.print(|out| writeln!(out, "{}", printable(&said)))?;
    }
    say_lost(&exported.lost, args.format.name(), terminal);
    Ok(Outcome::Clean)
}
