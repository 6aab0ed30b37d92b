//! `diff`: how texts differ from what was certified, how those of two revisions differ, or how two manifests do.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::terminal::{Terminal, stop_flag};
use super::{ManifestArg, Outcome};
use crate::compare::{Pair, Versions, certified, revisions};
use crate::corpus::Corpus;
use crate::diff::{Difference, ManifestDiff, Peeled};
use crate::error::Result;
use crate::inventory;
use crate::manifest::{Entry, Manifest};
use crate::report::diff::{DiffFormat, Item, Printer, State, json, manifests};
use crate::stop::Stop;
use crate::text::unit::count_words;

#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct DiffArgs {
    /// Only these texts, by path or id; or two manifests (*.yaml, *.yml) to be compared with each other
    #[arg(value_name = "TEXT")]
    texts: Vec<String>,
    #[command(flatten)]
    manifest: ManifestArg,
    /// Compare the texts of this revision in Git, with the manifest as it was then
    #[arg(long, value_name = "REV")]
    from: Option<String>,
    /// With those of this revision [default: the working tree]
    #[arg(long, value_name = "REV", requires = "from")]
    to: Option<String>,
    /// How to print it; two manifests are printed as text or as json
    #[arg(long, value_enum, default_value = "unified", value_name = "FORMAT")]
    format: FormatName,
    /// The same as --format stat
    #[arg(long, conflicts_with = "format")]
    stat: bool,
    /// How many equal lines to show around what differs
    #[arg(long, short = 'U', value_name = "N", default_value_t = 3)]
    context: usize,
}

const AFTER_HELP: &str = "\
The certified bytes are looked for in the store of the corpus, then in the history of a Git repository around it.
Line ends, byte-order marks, encodings and Unicode forms that differ are named above a text, and not shown line by line.

Exit codes:
  0  nothing differs
  1  something does
  2  a text could not be compared, or the work could not be done";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Lines that went and came, as Git prints them
    Unified,
    /// Words that went and came, within their lines
    Words,
    /// The two texts beside each other
    SideBySide,
    /// A line a text: words that came and went, and what kinds of change it is
    Stat,
    /// One object
    Json,
}

impl From<FormatName> for DiffFormat {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Unified => Self::Unified,
            FormatName::Words => Self::Words,
            FormatName::SideBySide => Self::SideBySide,
            FormatName::Stat => Self::Stat,
            FormatName::Json => Self::Json,
        }
    }
}

/// Runs `diff`.
pub(super) fn run(args: &DiffArgs, terminal: &Terminal) -> Result<Outcome> {
    match args.texts.as_slice() {
        [old, new] if args.from.is_none() && is_manifest(old) && is_manifest(new) => {
            of_manifests(old.as_ref(), new.as_ref(), args, terminal)
        }
        _ => of_texts(args, terminal),
    }
}

fn is_manifest(name: &str) -> bool {
    [".yaml", ".yml"].iter().any(|ending| name.ends_with(ending))
}

fn of_manifests(old: &Path, new: &Path, args: &DiffArgs, terminal: &Terminal) -> Result<Outcome> {
    let diff = ManifestDiff::of(&Manifest::open(old)?, &Manifest::open(new)?);
    terminal.print(|out| match args.format {
        FormatName::Json => json::write_manifest(&diff, out),
        _ => manifests::write(&diff, terminal.style(), out),
    })?;
    Ok(if diff.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

fn of_texts(args: &DiffArgs, terminal: &Terminal) -> Result<Outcome> {
    let flag = stop_flag();
    let stop = Stop::new(Some(&flag));
    let format = if args.stat {
        DiffFormat::Stat
    } else {
        args.format.into()
    };
    let mut printer = Printer::new(format, terminal.style(), args.context);
    let mut take = |pair: &Pair<'_>| terminal.print(|out| print(pair, &mut printer, out));
    let equal = match &args.from {
        Some(from) => {
            let wanted = |entry: &Entry| is_wanted(entry, &args.texts);
            let between = (from.as_str(), args.to.as_deref());
            revisions(&args.manifest.manifest, between, &wanted, stop, &mut take)?
        }
        None => {
            let corpus = Corpus::open(&args.manifest.manifest)?;
            let entries = match args.texts.is_empty() {
                true => (0..corpus.manifest.entries.len()).collect(),
                false => inventory::entries_named(&corpus, &args.texts)?,
            };
            certified(&corpus, &entries, stop, &mut take)?
        }
    };
    printer.equal(equal);
    let totals = printer.totals;
    terminal.print(|out| printer.finish(out))?;
    Ok(match (totals.unknown, totals.differing, totals.equal) {
        (0, 0, 0) => Outcome::Nothing,
        (0, 0, _) => Outcome::Clean,
        (0, ..) => Outcome::Findings,
        _ => Outcome::Nothing,
    })
}

fn is_wanted(entry: &Entry, names: &[String]) -> bool {
    let id = entry.id.as_ref().map(|id| id.value.as_str());
    let named = |name: &String| {
        let name = name.strip_prefix("./").unwrap_or(name);
        name == entry.name() || Some(name) == id
    };
    names.is_empty() || names.iter().any(named)
}

fn print(pair: &Pair<'_>, printer: &mut Printer, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let words = |bytes: &[u8]| count_words(&String::from_utf8_lossy(bytes));
    let mut add = |state| {
        let item = Item {
            path: pair.path,
            from: pair.from,
            state,
        };
        printer.add(&item, out)
    };
    match &pair.versions {
        Versions::Both { old, new, origin } => {
            let peeled = Peeled::of(old, new);
            let difference = Difference::of(&peeled, &|| pair.furniture());
            add(State::Differs {
                difference: &difference,
                origin,
            })
        }
        Versions::Moved => add(State::Moved),
        Versions::Added(new) => add(State::Added(words(new))),
        Versions::Removed { old, help } => add(State::Removed {
            words: old.as_deref().map(words),
            help: help.clone(),
        }),
        Versions::Unknown { why, help } => add(State::Unknown {
            why: why.clone(),
            help: help.clone(),
        }),
    }
}
