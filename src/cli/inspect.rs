//! `inspect`: what a text says of itself.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;

use super::Outcome;
use super::terminal::Terminal;
use crate::corpus::{BUFFER, LARGEST_TEXT, Library, Order, TEXT_GLOBS, discover_matching, slashed};
use crate::error::{Error, Result};
use crate::manifest::LinkPolicy;
use crate::report::jsonl::write_line;
use crate::report::printable;
use crate::source::Source;
use crate::text::Text;
use crate::text::inspect::{Found, Inspection, inspect};

#[derive(Args)]
pub(super) struct InspectArgs {
    /// Texts, or folders of texts (`*.txt`, `*.text`, `*.md`)
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
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
    #[serde(flatten)]
    said: Inspection,
}

/// Runs `inspect`.
pub(super) fn run(args: &InspectArgs, terminal: &Terminal) -> Result<Outcome> {
    let mut texts = Vec::new();
    for path in &args.paths {
        find(path, &mut texts)?;
    }
    if texts.is_empty() {
        return Err(Error::Usage("there is no text in what was named".to_owned()));
    }
    let looked: Vec<(String, Result<Inspected, String>)> = texts.par_iter().map(|path| look(path)).collect();
    for (path, why) in looked
        .iter()
        .filter_map(|(path, look)| Some((path, look.as_ref().err()?)))
    {
        terminal.warn(&format!("{path}: {why}"));
    }
    let said = || looked.iter().filter_map(|(_, look)| look.as_ref().ok());
    terminal.print(|out| match args.format {
        InspectFormat::Text => {
            let pages: Vec<String> = said().map(page).collect();
            write!(out, "{}", pages.join("\n"))
        }
        InspectFormat::Jsonl => said().try_for_each(|one| write_line(one, out)),
    })?;
    Ok(if said().count() == 0 {
        Outcome::Nothing
    } else {
        Outcome::Clean
    })
}

fn find(path: &Path, texts: &mut Vec<PathBuf>) -> Result<()> {
    let data = path.metadata().map_err(|error| Error::io("read", path, error))?;
    if !data.is_dir() {
        texts.push(path.to_owned());
        return Ok(());
    }
    let listing = discover_matching(path, &TEXT_GLOBS, &crate::glob::set([]));
    texts.extend(
        listing
            .files
            .iter()
            .filter(|found| found.utf8)
            .map(|found| path.join(&found.path)),
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
