//! `custody`, `log`, `gc`, `fsck` and `recover`: what was done to a corpus, and the upkeep of what is kept of it.

use clap::{Args, Subcommand, ValueEnum};

use super::fix::tell;
use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome};
use crate::corpus::Corpus;
use crate::custody::{self, Account};
use crate::error::{Error, Result};
use crate::history::{self, History};
use crate::inventory::{self, Examined, Swept};
use crate::journal;
use crate::manifest::Manifest;
use crate::report::{count_of, events, history as report, printable};
use crate::stop::Stop;
use crate::store::Store;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct LogArgs {
    #[command(subcommand)]
    act: Option<LogCommand>,
    /// Only what was done to this text
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    #[command(flatten)]
    manifest: ManifestArg,
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Subcommand)]
enum LogCommand {
    /// Follow the chain of digests from the first event to the last, and name the first place where it is broken
    Verify {
        #[command(flatten)]
        manifest: ManifestArg,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// One event a line, as in the log
    Jsonl,
}

#[derive(Args)]
pub(super) struct GcArgs {
    #[command(flatten)]
    manifest: ManifestArg,
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub(super) struct FsckArgs {
    #[command(flatten)]
    manifest: ManifestArg,
    /// Make copies anew that are damaged or missing, where a text has their bytes
    #[arg(long)]
    repair: bool,
}

#[derive(Args)]
pub(super) struct RecoverArgs {
    #[command(flatten)]
    manifest: ManifestArg,
    /// Carry out a plan that was made in another folder and came here with a copy
    #[arg(long)]
    trust: bool,
}

#[derive(Args)]
pub(super) struct CustodyArgs {
    /// The text, by path or id
    #[arg(value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    manifest: ManifestArg,
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: CustodyForm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CustodyForm {
    /// For people
    Text,
    /// One object
    Json,
    /// A page of its own
    Html,
}

/// Runs `custody`.
pub(super) fn custody(args: &CustodyArgs, terminal: &Terminal) -> Result<Outcome> {
    let (corpus, entry) = history::open(&args.manifest.manifest, &args.text)?;
    let history = History::of(&corpus, &corpus.manifest.entries[entry])?;
    terminal.print(|out| match args.format {
        CustodyForm::Text => report::write_text(&history, terminal.style(), out),
        CustodyForm::Json => report::write_json(&history, out),
        CustodyForm::Html => report::write_html(&history, out),
    })?;
    match history.is_sound() {
        true => Ok(Outcome::Clean),
        false => Ok(Outcome::Findings),
    }
}

/// Runs `log` and `log verify`.
pub(super) fn log(args: &LogArgs, terminal: &Terminal) -> Result<Outcome> {
    if let Some(LogCommand::Verify { manifest }) = &args.act {
        return verify(manifest, terminal);
    }
    let root = Corpus::root_of(&args.manifest.manifest);
    let mut lines = custody::read(root)?;
    if let Some(text) = &args.text {
        let path = path_of(&args.manifest, text)?;
        lines.retain(|line| line.event.as_ref().is_ok_and(|event| event.concerns(&path)));
    }
    terminal.print(|out| match args.format {
        Form::Text => events::write(&lines, terminal.style(), out),
        Form::Jsonl => events::write_jsonl(&lines, out),
    })?;
    Ok(Outcome::Clean)
}

/// The path of a text that is named by path or id; a text that was removed is known by its path alone.
fn path_of(manifest: &ManifestArg, text: &str) -> Result<String> {
    let manifest = Manifest::open(&manifest.manifest)?;
    let named = manifest.entries.iter().find(|entry| {
        let id = entry.id.as_ref().map(|id| id.value.as_str());
        entry.name() == text || id == Some(text)
    });
    let path = named.and_then(|entry| entry.path.as_ref());
    Ok(path.map_or_else(|| text.to_owned(), |path| path.value.as_str().to_owned()))
}

fn verify(manifest: &ManifestArg, terminal: &Terminal) -> Result<Outcome> {
    let root = Corpus::root_of(&manifest.manifest);
    let lines = custody::read(root)?;
    if lines.is_empty() {
        return Err(Error::Refused(format!(
            "there is no event in {}; `init`, `add`, `accept` and `fix` write them",
            custody::path(root).display()
        )));
    }
    if let Some(found) = custody::first_break(&lines) {
        let path = custody::path(root);
        let said = format!("{}:{}: the chain is broken: {}", path.display(), found.line, found.why);
        terminal.print(|out| writeln!(out, "{}", printable(&said)))?;
        return Ok(Outcome::Findings);
    }
    let account = Account::of(&Manifest::open(&manifest.manifest)?, &lines);
    terminal.print(|out| events::write_account(&account, lines.len(), out))?;
    match account.texts.is_empty() {
        true => Ok(Outcome::Clean),
        false => Ok(Outcome::Findings),
    }
}

/// Runs `gc`.
pub(super) fn gc(args: &GcArgs, terminal: &Terminal) -> Result<Outcome> {
    let stop = stop_flag();
    let swept = inventory::sweep(&args.manifest.manifest, args.dry_run, Stop::new(Some(&stop)))?;
    if !terminal.is_quiet() {
        terminal.print(|out| writeln!(out, "{}", swept_line(&swept, args.dry_run)))?;
    }
    Ok(Outcome::Clean)
}

fn swept_line(swept: &Swept, rehearse: bool) -> String {
    let verb = if rehearse { "would remove" } else { "removed" };
    let scraps = match swept.scraps.len() {
        0 => String::new(),
        count => format!(" and {} of interrupted runs", count_of(count, "scrap", "scraps")),
    };
    format!(
        "{verb} {} that no manifest and no event names{scraps}, {} bytes; {} stay",
        count_of(swept.copies.len(), "copy", "copies"),
        swept.bytes,
        swept.kept
    )
}

/// Runs `fsck`.
pub(super) fn fsck(args: &FsckArgs, terminal: &Terminal) -> Result<Outcome> {
    let stop = stop_flag();
    let examined = inventory::examine(&args.manifest.manifest, args.repair, Stop::new(Some(&stop)))?;
    let store = Store::at(Corpus::root_of(&args.manifest.manifest));
    let lines = fsck_lines(&examined, &store, args.repair);
    terminal.print(|out| lines.iter().try_for_each(|line| writeln!(out, "{}", printable(line))))?;
    match examined.damaged.is_empty() {
        true => Ok(Outcome::Clean),
        false => Ok(Outcome::Findings),
    }
}

fn fsck_lines(examined: &Examined, store: &Store, repair: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for (copy, why) in &examined.damaged {
        let next = match repair {
            true => "no file and no revision has its bytes any more: restore the copy from a backup, or remove it",
            false => "`vidimus fsck --repair` makes it anew where a file or a revision has its bytes",
        };
        lines.push(format!("damaged: {}: {why}; {next}", store.path(*copy).display()));
    }
    for name in &examined.strangers {
        lines.push(format!("no copy: .vidimus/objects/{name}"));
    }
    if !examined.repaired.is_empty() {
        lines.push(format!(
            "made {} anew",
            count_of(examined.repaired.len(), "copy", "copies")
        ));
    }
    let without = match examined.without.len() {
        0 => String::new(),
        count => format!("; {} as certified without a copy", count_of(count, "text", "texts")),
    };
    lines.push(format!(
        "{} sound, {} damaged, {} bytes on the disk{without}",
        count_of(examined.sound, "copy", "copies"),
        examined.damaged.len(),
        examined.bytes
    ));
    lines
}

/// Runs `recover`.
pub(super) fn recover(args: &RecoverArgs, terminal: &Terminal) -> Result<Outcome> {
    let recovery = journal::recover_now(Corpus::root_of(&args.manifest.manifest), args.trust)?;
    if recovery == journal::Recovery::default() {
        if !terminal.is_quiet() {
            terminal.print(|out| writeln!(out, "no change was interrupted"))?;
        }
        return Ok(Outcome::Clean);
    }
    tell(&recovery, terminal);
    match recovery.left.is_empty() {
        true => Ok(Outcome::Clean),
        false => Ok(Outcome::Findings),
    }
}
