//! `inspect`: what a text says of itself.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;

use super::Outcome;
use super::terminal::Terminal;
use crate::corpus::{BUFFER, FileKind, LARGEST_TEXT, Library, Order, TEXT_GLOBS, discover_matching, kind_at, slashed};
use crate::error::{Error, Result};
use crate::finding::Record;
use crate::manifest::LinkPolicy;
use crate::object;
use crate::records::{self, Item, Shard, Wanted, Wrong};
use crate::report::jsonl::write_line;
use crate::report::printable;
use crate::source::Source;
use crate::text::Text;
use crate::text::inspect::{Found, Inspection, inspect};

#[derive(Args)]
pub(super) struct InspectArgs {
    /// Texts, folders of texts (`*.txt`, `*.text`, `*.md`), and shards, a record a text (`*.jsonl`, `*.ndjson`, also with `.gz` or `.zst`,
    /// `*.parquet`)
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The field of a record that holds the text
    #[arg(long, value_name = "FIELD", default_value = "text")]
    text_field: String,
    /// The field of a record that holds what it is called
    #[arg(long, value_name = "FIELD", default_value = "id")]
    id_field: String,
    /// How to print it
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: InspectFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InspectFormat {
    /// For people
    Text,
    /// One object a text
    Jsonl,
}

/// A text and what it says of itself.
#[derive(Serialize)]
struct Inspected {
    path: String,
    /// Where it is a record of a shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Record>,
    #[serde(flatten)]
    said: Inspection,
}

/// Runs `inspect`.
pub(super) fn run(args: &InspectArgs, terminal: &Terminal) -> Result<Outcome> {
    let mut texts = Vec::new();
    for path in &args.paths {
        find(path, &mut texts, terminal)?;
    }
    let (shards, texts): (Vec<PathBuf>, Vec<PathBuf>) = texts.into_iter().partition(|path| is_shard(path));
    if texts.is_empty() && shards.is_empty() {
        return Err(Error::Usage("there is no text in what was named".to_owned()));
    }
    let looked: Vec<(String, Result<Inspected, String>)> = texts.par_iter().map(|path| look(path)).collect();
    for (path, why) in looked
        .iter()
        .filter_map(|(path, look)| Some((path, look.as_ref().err()?)))
    {
        terminal.warn(&format!("{path}: {why}"));
    }
    let said: Vec<&Inspected> = looked.iter().filter_map(|(_, look)| look.as_ref().ok()).collect();
    let mut shown = 0;
    print(args, &said, &mut shown, terminal)?;
    for shard in &shards {
        run_shard(args, shard, &mut shown, terminal)?;
    }
    Ok(if shown == 0 { Outcome::Nothing } else { Outcome::Clean })
}

/// Prints what texts say, behind what was shown already.
fn print(args: &InspectArgs, said: &[&Inspected], shown: &mut usize, terminal: &Terminal) -> Result<()> {
    terminal.print(|out| match args.format {
        InspectFormat::Text => said.iter().enumerate().try_for_each(|(index, one)| {
            let gap = if *shown + index > 0 { "\n" } else { "" };
            write!(out, "{gap}{}", page(one))
        }),
        InspectFormat::Jsonl => said.iter().try_for_each(|one| write_line(one, out)),
    })?;
    *shown += said.len();
    Ok(())
}

fn is_shard(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(records::is_shard)
}

/// So many records are looked at together: what they say is printed before the next ones are read.
const BATCH: usize = 256;

/// Prints what each record of a shard says.
fn run_shard(args: &InspectArgs, path: &Path, shown: &mut usize, terminal: &Terminal) -> Result<()> {
    let name = slashed(path);
    let folder = path.parent().unwrap_or(Path::new(""));
    let below = path.file_name().unwrap_or_default().to_string_lossy();
    let (file, _) = match Library::new(folder, LinkPolicy::WithinRoot).open(&below) {
        Ok(opened) => opened,
        Err(refusal) => {
            terminal.warn(&format!("{name}: {}", refusal.reason()));
            return Ok(());
        }
    };
    let wanted = Wanted::of(&args.text_field, &args.id_field);
    let mut shard = Shard::open(&name, file, &wanted, &|_| Ok(()));
    loop {
        let mut items = Vec::with_capacity(BATCH);
        let end = loop {
            match shard.next_item() {
                Ok(Some(item)) => items.push(item),
                Ok(None) => break Some(None),
                Err(why) => break Some(Some(why)),
            }
            if items.len() == BATCH {
                break None;
            }
        };
        let looked: Vec<(u64, Result<Inspected, String>)> = items
            .into_par_iter()
            .map(|item| (item.number, look_at_record(&name, item, &wanted)))
            .collect();
        for (number, why) in looked
            .iter()
            .filter_map(|(number, look)| Some((number, look.as_ref().err()?)))
        {
            terminal.warn(&format!("{name}#{number}: {why}"));
        }
        let said: Vec<&Inspected> = looked.iter().filter_map(|(_, look)| look.as_ref().ok()).collect();
        print(args, &said, shown, terminal)?;
        if let Some(end) = end {
            end.inspect(|why| terminal.warn(&format!("{name}: {why}")));
            return Ok(());
        }
    }
}

fn look_at_record(shard: &str, item: Item, wanted: &Wanted) -> Result<Inspected, String> {
    let mut place = Record {
        shard: shard.to_owned(),
        number: item.number,
        id: None,
        offset: item.offset,
    };
    let record = item.read(wanted).map_err(|wrong| {
        let help = match wrong {
            Wrong::NoField(_) => "; name the one that holds the text with `--text-field`",
            _ => "",
        };
        format!("{wrong}{help}")
    })?;
    place.id = record.id;
    let source = Source::new(place.path(), record.text.into_bytes());
    let text = Text::new(&source).ok_or("it has too many lines to be looked into")?;
    Ok(Inspected {
        path: place.path(),
        record: Some(place),
        said: inspect(&text),
    })
}

fn find(path: &Path, texts: &mut Vec<PathBuf>, terminal: &Terminal) -> Result<()> {
    let failed = |error| Error::io("read", path, error);
    let is_folder = match kind_at(path).map_err(failed)? {
        FileKind::Link => path.metadata().map_err(failed)?.is_dir(),
        kind => kind == FileKind::Folder,
    };
    if !is_folder {
        texts.push(path.to_owned());
        return Ok(());
    }
    let listing = discover_matching(path, &TEXT_GLOBS, &crate::glob::set([]));
    for (folder, why) in &listing.unreadable {
        let folder = slashed(&object::below(path, folder));
        terminal.warn(&format!("{folder}: the folder cannot be listed: {why}"));
    }
    texts.extend(
        listing
            .files
            .iter()
            .filter(|found| found.utf8)
            .map(|found| object::below(path, &found.path)),
    );
    Ok(())
}

fn look(path: &Path) -> (String, Result<Inspected, String>) {
    let shown = slashed(path);
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let order = Order {
        algorithms: &[],
        keep: LARGEST_TEXT,
    };
    let read = Library::new(folder, LinkPolicy::WithinRoot).read(&name, order, &mut vec![0; BUFFER], |_| Ok(()));
    let inspected = read.map_err(|refusal| refusal.reason()).and_then(|reading| {
        let bytes = reading.bytes.ok_or("it is too large to be looked into")?;
        let source = Source::new(shown.as_str(), bytes);
        let text = Text::new(&source).ok_or_else(|| match source.text() {
            Some(_) => "it has too many lines to be looked into",
            None => "it is not UTF-8",
        })?;
        let path = shown.clone();
        Ok(Inspected {
            path,
            record: None,
            said: inspect(&text),
        })
    });
    (shown, inspected)
}

/// What a text says, for people: a line a fact, and a dash where it does not say.
fn page(inspected: &Inspected) -> String {
    let said = &inspected.said;
    let text = |found: &Option<Found>| found.as_ref().map(|found| found.text.clone());
    let published = said.published_by.as_ref().zip(said.published_at.as_ref());
    let facts = [
        ("title", text(&said.title)),
        ("byline", text(&said.byline)),
        ("language", said.language.map(str::to_owned)),
        (
            "published",
            published.map(|(how, at)| format!("{at} (line {})", how.line)),
        ),
        ("front", lines(said.zones.front)),
        ("body", lines(said.zones.body)),
        ("back", lines(said.zones.back)),
        (
            "prose",
            (said.paragraphs > 0).then(|| format!("paragraphs {}, sentences {}", said.paragraphs, said.sentences)),
        ),
        ("pages", said.pages.map(|pages| pages.to_string())),
    ];
    let seams = said.seams.iter().map(|(left, right)| {
        let gap = format!("a sentence goes on from line {left} to line {right}");
        ("seam", Some(gap))
    });
    let dates = said.dates.iter().map(|date| {
        let (meant, role) = (date.dates.join(" or "), date.role.name());
        (
            "date",
            Some(format!("{meant} ({role}, line {}: {})", date.line, date.text)),
        )
    });
    let addresses = said
        .addresses
        .iter()
        .map(|address| ("address", Some(address.text.clone())));
    let row =
        |(name, said): (&str, Option<String>)| format!("  {name:10} {}\n", printable(said.as_deref().unwrap_or("-")));
    let rows: String = facts
        .into_iter()
        .chain(seams)
        .chain(dates)
        .chain(addresses)
        .map(row)
        .collect();
    format!("{}\n{rows}", printable(&inspected.path))
}

fn lines(zone: Option<(usize, usize)>) -> Option<String> {
    zone.map(|(first, last)| format!("lines {first} to {last}"))
}
