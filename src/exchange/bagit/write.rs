//! A bag of a corpus: its texts as they were certified, and the files that say so, in a folder that appears when it is whole.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::held;
use super::names::encode;
use super::{declaration, fetch};
use crate::address::Address;
use crate::atomic::Batch;
use crate::corpus::{BUFFER, Library};
use crate::digest::{Algorithm, Digest, digest_reader};
use crate::error::{Error, Result};
use crate::exchange::{Lost, Outgoing};
use crate::inventory::{folder_of, why};
use crate::manifest::facts::EntryFacts;

const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// One text on its way.
struct Text<'a> {
    entry: &'a EntryFacts,
    sha256: Digest,
    size: u64,
    /// Where it stands in the bag.
    place: String,
}

impl Text<'_> {
    /// The path in the bag, as a list has it.
    fn listed(&self) -> String {
        encode(&self.place).into_owned()
    }

    /// The address that gives these very bytes, as far as the manifest tells: they were made from nothing else and not edited since.
    fn address(&self) -> Option<&str> {
        let whole = self.entry.derived_from.is_empty() && self.entry.edits.is_empty();
        let url = self.entry.source.as_ref().map(|source| source.url.as_str())?;
        (whole && Address::parse(url).is_ok()).then_some(url)
    }
}

/// Writes a bag, whole or not at all.
pub(super) fn write(outgoing: &Outgoing<'_>) -> Result<Vec<Lost>> {
    let failed = |error| Error::io("write", outgoing.output, error);
    let made = tempfile::Builder::new()
        .prefix(".vidimus-")
        .suffix(".tmp")
        .tempdir_in(folder_of(outgoing.output))
        .map_err(failed)?;
    let writer = Writer {
        outgoing,
        library: outgoing.corpus.library(),
        root: made.path().join("bag"),
        batch: Batch::default(),
    };
    fs::create_dir(&writer.root).map_err(failed)?;
    writer.bag()?;
    writer.batch.flush()?;
    outgoing.stop.heed()?;
    fs::rename(&writer.root, outgoing.output).map_err(failed)?;
    Ok(Vec::new())
}

struct Writer<'a> {
    outgoing: &'a Outgoing<'a>,
    library: Library,
    root: PathBuf,
    batch: Batch,
}

impl Writer<'_> {
    fn bag(&self) -> Result<()> {
        let facts = self.outgoing.facts;
        let prefix = held::prefix(facts.entries.iter().map(|entry| &*entry.path));
        let entries = facts.entries.iter().zip(self.outgoing.sizes);
        let texts = entries.filter_map(|(entry, &size)| {
            Some(Text {
                entry,
                sha256: entry.digest()?,
                size,
                place: format!("{prefix}{}", entry.path),
            })
        });
        let texts: Vec<Text<'_>> = texts.collect();
        fs::create_dir(self.root.join("data")).map_err(|error| Error::io("write", &self.root, error))?;
        let left: Vec<&Text<'_>> = texts
            .iter()
            .filter(|text| self.outgoing.fetch && text.address().is_some())
            .collect();
        let copied = texts
            .par_iter()
            .filter(|text| !self.outgoing.fetch || text.address().is_none());
        copied.try_for_each_init(|| vec![0; BUFFER], |buffer, text| self.copy(text, buffer))?;
        self.tags(&texts, &left)
    }

    /// Copies a text while it is hashed, so that what stands in the bag is what was certified.
    fn copy(&self, text: &Text<'_>, buffer: &mut [u8]) -> Result<()> {
        self.outgoing.stop.heed()?;
        let path = &text.entry.path;
        let refused = |why: &str| Error::Refused(format!("{path} {why}; nothing was written"));
        let (mut from, state) = self.library.open(path).map_err(|refusal| refused(&why(&refusal)))?;
        let target = self.root.join(&text.place);
        let mut to = self.create(&target)?;
        let failed = |error| Error::io("copy", self.library.root().join(path), error);
        let watch = |piece: &[u8]| {
            self.outgoing.stop.heed_piece(piece)?;
            to.write_all(piece)
        };
        let read = digest_reader(&mut from, &[Algorithm::Sha256], Some(state.size()), buffer, watch);
        self.outgoing.stop.heed()?;
        let (digests, _) = read.map_err(failed)?;
        if digests != [text.sha256] {
            return Err(refused("has changed since it was verified"));
        }
        self.batch.note(&target, &to).map_err(failed)
    }

    fn create(&self, target: &Path) -> Result<File> {
        let failed = |error| Error::io("write", target, error);
        fs::create_dir_all(folder_of(target)).map_err(failed)?;
        File::create_new(target).map_err(failed)
    }

    /// Writes the files beside the payload, and the list of them last.
    fn tags(&self, texts: &[Text<'_>], left: &[&Text<'_>]) -> Result<()> {
        let manifest: String = texts
            .iter()
            .map(|text| format!("{}  {}\n", text.sha256, text.listed()))
            .collect();
        let mut files = vec![
            ("bag-info.txt", self.info(texts).into_bytes()),
            (declaration::FILE, DECLARATION.as_bytes().to_vec()),
            ("manifest-sha256.txt", manifest.into_bytes()),
            (held::FILE, held::write(self.outgoing.facts)),
        ];
        if !left.is_empty() {
            files.push((fetch::FILE, fetch_list(left).into_bytes()));
        }
        files.sort_unstable();
        let line = |(name, bytes): &(&str, Vec<u8>)| format!("{}  {name}\n", Algorithm::Sha256.digest(bytes));
        let list: String = files.iter().map(line).collect();
        files.push(("tagmanifest-sha256.txt", list.into_bytes()));
        files.iter().try_for_each(|(name, bytes)| self.put(name, bytes))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let target = self.root.join(name);
        let failed = |error| Error::io("write", &target, error);
        let mut file = self.create(&target)?;
        file.write_all(bytes).map_err(failed)?;
        self.batch.note(&target, &file).map_err(failed)
    }

    fn info(&self, texts: &[Text<'_>]) -> String {
        let corpus = &self.outgoing.facts.corpus;
        let day = jiff::tz::TimeZone::UTC.to_datetime(self.outgoing.at).date();
        let bytes: u64 = texts.iter().map(|text| text.size).sum();
        let fields = [
            ("External-Description", corpus.title.as_deref().map(in_one_line)),
            ("External-Identifier", corpus.id.as_deref().map(in_one_line)),
            ("Bagging-Date", Some(day.to_string())),
            ("Payload-Oxum", Some(format!("{bytes}.{}", texts.len()))),
            (
                "Bag-Software-Agent",
                Some(format!("vidimus {}", env!("CARGO_PKG_VERSION"))),
            ),
        ];
        let said = fields
            .into_iter()
            .filter_map(|(label, value)| Some((label, value.filter(|value| !value.is_empty())?)));
        said.map(|(label, value)| format!("{label}: {value}\n")).collect()
    }
}

/// A value without what would end its line.
fn in_one_line(value: &str) -> String {
    let plain: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

fn fetch_list(left: &[&Text<'_>]) -> String {
    let line = |text: &&Text<'_>| {
        let url = text.address().unwrap_or_default();
        format!("{url} {} {}\n", text.size, text.listed())
    };
    left.iter().map(line).collect()
}
