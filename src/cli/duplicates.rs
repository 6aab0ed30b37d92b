//! `duplicates`: passages that stand more than once, in one text or in several. A report, and no gate: that is `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Outcome;
use super::terminal::{Terminal, stop_flag};
use crate::collection::{Collection, Gather, LeftOut};
use crate::error::{Error, Result};
use crate::report::duplicates::{Comparison, full, json, summary};
use crate::similarity::{self, Options, Profile, Texts as _};
use crate::stop::Stop;

#[derive(Args)]
pub(super) struct DuplicatesArgs {
    /// Folders (`*.txt`, `*.text`, `*.md`, and shards), texts, shards (`*.jsonl`, `*.ndjson`, also with `.gz` or `.zst`), and
    /// manifests (`*.yaml`, `*.yml`), for the texts that they list
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// How to print them
    #[arg(long, value_enum, default_value = "full", value_name = "FORMAT")]
    format: DuplicatesFormat,
    #[command(flatten)]
    what: WhatArgs,
    #[command(flatten)]
    records: RecordArgs,
    #[command(flatten)]
    means: MeansArgs,
}

/// What to look for.
#[derive(Args)]
#[command(next_help_heading = "What to look for")]
struct WhatArgs {
    /// Passages within paragraphs have at least so many words; whole paragraphs that are alike, a third of it
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..))]
    min_words: u32,
    /// How alike passages have to be, from 0 to 1; long ones may be less alike, for so much in common is no chance
    #[arg(long, value_name = "X", default_value_t = 0.7, value_parser = similarity_of)]
    similarity: f32,
    /// How closely to look
    #[arg(long, value_enum, value_name = "PROFILE", default_value = "default")]
    profile: ProfileName,
    /// Headings, refrains, quotations and references too
    #[arg(long)]
    all: bool,
}

/// Where the texts of records are.
#[derive(Args)]
#[command(next_help_heading = "Records of shards")]
struct RecordArgs {
    /// The field that holds the text
    #[arg(long, value_name = "FIELD", default_value = "text")]
    text_field: String,
    /// The field that holds what the record is called
    #[arg(long, value_name = "FIELD", default_value = "id")]
    id_field: String,
}

/// With what means.
#[derive(Args)]
#[command(next_help_heading = "Means")]
struct MeansArgs {
    /// How much memory to use, about, as in 512M or 2G; beyond it, temporary files
    #[arg(long, value_name = "SIZE", default_value = "2G", value_parser = size_of)]
    memory: u64,
    /// How many threads to use [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Where temporary files are made; they have no name, and are gone when the run ends [default: where the system makes them]
    #[arg(long, value_name = "DIR")]
    temp_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DuplicatesFormat {
    /// Group by group, with what differs, for people
    Full,
    /// How much stands more than once, and what the most of it is
    Summary,
    /// One object a pair, then one object a group
    Jsonl,
    /// One object
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum ProfileName {
    /// What was copied word for word, or nearly so
    Fast,
    /// What was edited, too
    Default,
    /// Weaker traces
    Thorough,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Fast => Self::Fast,
            ProfileName::Default => Self::Default,
            ProfileName::Thorough => Self::Thorough,
        }
    }
}

fn similarity_of(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "give a number from 0 to 1, as in 0.8".to_owned())
}

/// Less is not enough for anything, in bytes.
const LEAST: u64 = 1 << 20;

fn size_of(text: &str) -> Result<u64, String> {
    let units = [("K", 10), ("M", 20), ("G", 30), ("T", 40)];
    let upper = text.to_ascii_uppercase();
    let unit = units
        .iter()
        .find_map(|(unit, shift)| Some((upper.strip_suffix(unit)?, *shift)));
    let (number, shift) = unit.unwrap_or((&upper, 0));
    let bytes = number
        .parse()
        .ok()
        .and_then(|number: u64| number.checked_mul(1 << shift));
    match bytes {
        None => Err("write it as 512M or 2G (K, M, G or T for 1024 bytes and its powers), or in bytes".to_owned()),
        Some(bytes) if bytes < LEAST => Err("that is too little; give 1M or more".to_owned()),
        Some(bytes) => Ok(bytes),
    }
}

/// Which part of the memory the texts of records may take: most of it is for the comparison.
const SPOOL_PART: u64 = 8;

/// Runs `duplicates`.
pub(super) fn run(args: &DuplicatesArgs, terminal: &Terminal) -> Result<Outcome> {
    let flag = stop_flag();
    let stop = Stop::new(Some(&flag));
    let collection = gather(args, terminal, stop)?;
    let found = find(&collection, args, terminal, stop)?;
    let comparison = Comparison::new(&collection, found);
    warn(&comparison.left_out, terminal);
    let style = terminal.style();
    terminal.print(|out| match args.format {
        DuplicatesFormat::Full => full::write(&comparison, style, out),
        DuplicatesFormat::Summary => summary::write(&comparison, false, style, out),
        DuplicatesFormat::Jsonl => json::write_lines(&comparison, out),
        DuplicatesFormat::Json => json::write(&comparison, out),
    })?;
    Ok(match comparison.totals.texts {
        0 => Outcome::Nothing,
        _ => Outcome::Clean,
    })
}

fn gather(args: &DuplicatesArgs, terminal: &Terminal, stop: Stop<'_>) -> Result<Collection> {
    let (bar, temporary) = (terminal.progress_of("reading"), temporary(args)?);
    let collection = Collection::gather(&Gather {
        paths: &args.paths,
        text_field: &args.records.text_field,
        id_field: &args.records.id_field,
        memory: args.means.memory / SPOOL_PART,
        temporary: &temporary,
        progress: Some(&bar),
        stop,
    })?;
    if collection.count() == 0 && collection.left_out().is_empty() {
        let said =
            "there is no text in what was named; name files, or folders with *.txt, *.text, *.md or *.jsonl below";
        return Err(Error::Usage(said.to_owned()));
    }
    Ok(collection)
}

/// Where temporary files are made. A folder that somebody names has to be there, whether it will be needed or not.
fn temporary(args: &DuplicatesArgs) -> Result<PathBuf> {
    match &args.means.temp_dir {
        None => Ok(std::env::temp_dir()),
        Some(folder) if folder.is_dir() => Ok(folder.clone()),
        Some(folder) => Err(Error::Usage(format!(
            "there is no folder {} for temporary files; make it, or name another with `--temp-dir`",
            folder.display()
        ))),
    }
}

fn find(
    collection: &Collection,
    args: &DuplicatesArgs,
    terminal: &Terminal,
    stop: Stop<'_>,
) -> Result<similarity::Duplicates> {
    let bar = terminal.progress_of("comparing");
    let options = Options {
        similarity: args.what.similarity,
        words: args.what.min_words as usize,
        profile: args.what.profile.into(),
        all: args.what.all,
        memory: args.means.memory.saturating_sub(collection.held()),
        threads: args.means.threads.map(usize::from),
        temporary: Some(temporary(args)?),
        progress: Some(&bar),
        stop,
    };
    similarity::find(collection, &options)
}

/// So many lines of one shard are warned of.
const WARNED: usize = 20;

/// What was left out: nothing is in silence.
fn warn(left_out: &[LeftOut], terminal: &Terminal) {
    for of_file in left_out.chunk_by(|a, b| a.path == b.path) {
        for one in of_file.iter().take(WARNED) {
            let line = one.record.map_or(String::new(), |line| format!(":{line}"));
            terminal.warn(&format!("left out {}{line}: {}", one.path, one.why));
        }
        let more: u64 = of_file.iter().skip(WARNED).map(|one| one.count).sum();
        if more > 0 {
            terminal.warn(&format!("left out {more} more lines of {}", of_file[0].path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_memory() {
        assert_eq!(size_of("1G"), Ok(1 << 30));
        assert_eq!(size_of("512m"), Ok(512 << 20));
        assert_eq!(size_of("2097152"), Ok(2 << 20));
        for wrong in ["", "G", "1.5G", "-1G", "1GB", "99999999T", "10", "\u{e9}", "1\u{fb05}"] {
            assert!(size_of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn similarities_are_parts_of_one() {
        assert_eq!(similarity_of("0.5"), Ok(0.5));
        for wrong in ["", "1.1", "-0.1", "NaN", "80%"] {
            assert!(similarity_of(wrong).is_err(), "{wrong}");
        }
    }
}
