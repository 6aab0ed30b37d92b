//! Checksum lists, as `sha256sum`, BSD `sha256` and `hashdeep` write them: the format that everybody has.

use std::path::Path;

use super::verify::refuse_nothing;
use super::{Exchange, Item, Lost, Outgoing, Package, Tally};
use crate::corpus::Corpus;
use crate::digest::Algorithm;
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, Severity};
use crate::manifest::facts::EntryFacts;
use crate::source::Source;
use crate::stop::Stop;
use crate::sums::{self, Sum, SumProblem};
use crate::whole;

/// A list as GNU `sha256sum` writes it.
#[derive(Debug)]
pub(super) struct Sums;

/// A list with tags, as BSD `sha256` and `sha256sum --tag` write it.
#[derive(Debug)]
pub(super) struct Tagged;

/// A list with sizes, as `hashdeep` writes it.
#[derive(Debug)]
pub(super) struct Hashdeep;

impl Exchange for Sums {
    fn name(&self) -> &'static str {
        "checksums"
    }

    fn about(&self) -> &'static str {
        "a checksum list as sha256sum writes it; any list is read"
    }

    fn recognises(&self, path: &Path) -> bool {
        first_lines(path).is_some_and(|text| is_list(&text))
    }

    fn read(&self, path: &Path, _: Stop<'_>) -> Result<Package> {
        read_at(path, Corpus::root_of(path), None)
    }

    fn write(&self, outgoing: &Outgoing<'_>) -> Result<Vec<Lost>> {
        outgoing.write_file(sums::write(outgoing.sums()).as_bytes())?;
        Ok(lost(outgoing, false))
    }
}

impl Exchange for Tagged {
    fn name(&self) -> &'static str {
        "checksums-bsd"
    }

    fn about(&self) -> &'static str {
        "a checksum list with tags, as BSD sha256 writes it"
    }

    fn recognises(&self, _: &Path) -> bool {
        false // `checksums` reads any list.
    }

    fn read(&self, path: &Path, stop: Stop<'_>) -> Result<Package> {
        Sums.read(path, stop)
    }

    fn write(&self, outgoing: &Outgoing<'_>) -> Result<Vec<Lost>> {
        outgoing.write_file(sums::write_tagged(outgoing.sums()).as_bytes())?;
        Ok(lost(outgoing, false))
    }
}

impl Exchange for Hashdeep {
    fn name(&self) -> &'static str {
        "hashdeep"
    }

    fn about(&self) -> &'static str {
        "a checksum list with sizes, as hashdeep writes it"
    }

    fn recognises(&self, _: &Path) -> bool {
        false // `checksums` reads any list.
    }

    fn read(&self, path: &Path, stop: Stop<'_>) -> Result<Package> {
        Sums.read(path, stop)
    }

    fn write(&self, outgoing: &Outgoing<'_>) -> Result<Vec<Lost>> {
        let sized = outgoing.texts().map(|(path, digest, size)| (size, digest, path));
        outgoing.write_file(sums::write_hashdeep(sized).as_bytes())?;
        Ok(lost(outgoing, true))
    }
}

/// Reads a list whose paths are relative to `root`. The digests are of `algorithm`, or of the one that the list tells.
///
/// # Errors
/// [`Error::Io`] where the list cannot be read; [`Error::Refused`] where it has nothing that could be verified.
pub fn read_at(list: &Path, root: &Path, algorithm: Option<Algorithm>) -> Result<Package> {
    let bytes = whole::read(list).map_err(|error| Error::io("read", list, error))?;
    let shown = list.display().to_string();
    let source = Source::new(&*shown, bytes);
    let read = sums::parse(&source, algorithm)?;
    let mut package = Package::new("the list", root);
    package.unusable = read.problems.len();
    package.findings = read
        .problems
        .iter()
        .map(|problem| malformed(problem, &source))
        .collect();
    package.items = read.sums.into_iter().map(|sum| item(sum, &source)).collect();
    package.sources.push(source);
    refuse_nothing(&package, &shown)?;
    Ok(package)
}

fn item(sum: Sum, source: &Source) -> Item {
    Item {
        size: sum.size,
        ..Item::new(sum.path, sum.digests, Location::at(source.name(), sum.line))
    }
}

fn malformed(problem: &SumProblem, source: &Source) -> Finding {
    let place = Location::at(source.name(), problem.line);
    let finding = Finding::new(
        "manifest/invalid-value",
        Severity::Error,
        place,
        problem.message.clone(),
    );
    finding.help("correct the line; nothing was verified against it")
}

/// So many bytes show whether a file is a list.
const HEAD: usize = 4096;

fn first_lines(path: &Path) -> Option<String> {
    let mut head = whole::head(path, HEAD as u64)?;
    let whole = head.len() < HEAD;
    let end = if whole {
        head.len()
    } else {
        memchr::memrchr(b'\n', &head)?
    };
    head.truncate(end);
    String::from_utf8(head).ok()
}

/// Whether every one of the first lines is a checksum or a comment.
fn is_list(text: &str) -> bool {
    let source = Source::new("list", text.as_bytes().to_vec());
    sums::parse(&source, None).is_ok_and(|list| list.problems.is_empty() && !list.sums.is_empty())
}

/// What a list cannot say: everything but paths and digests.
fn lost(outgoing: &Outgoing<'_>, sizes: bool) -> Vec<Lost> {
    let mut tally = Tally::default();
    let known = |key: &str| key == "path" || key == "sha256" || (sizes && key == "bytes");
    for entry in &outgoing.facts.entries {
        keys(entry).filter(|key| !known(key)).for_each(|key| tally.note(key));
    }
    let corpus = outgoing.facts.corpus.to_json();
    let corpus = corpus.as_object().into_iter().flat_map(|fields| fields.keys());
    corpus.for_each(|key| tally.note(format!("corpus.{key}")));
    tally.list()
}

fn keys(entry: &EntryFacts) -> impl Iterator<Item = String> {
    let fields = match entry.to_json() {
        serde_json::Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    };
    fields.into_iter().map(|(key, _)| key)
}
