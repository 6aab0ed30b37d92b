//! From a package to a manifest: what was verified is listed, and what was not is said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::verify::verify_with;
use super::{Exchange, Item, Lost, Outcome, Package, Tally, Verified};
use super::{cdx, unpack};
use crate::corpus::{TEXT_GLOBS, slashed};
use crate::digest::{Algorithm, Digest};
use crate::engine::Report;
use crate::error::{Error, Result};
use crate::glob;
use crate::inventory::{Beginning, Ids, begin, folder_of, or_here, refuse_taken};
use crate::journal;
use crate::manifest::TextPath;
use crate::manifest::facts::{CorpusFacts, EntryFacts, Facts, OriginFacts};
use crate::stop::Stop;

/// What to bring into a manifest, and how.
#[derive(Debug)]
pub struct Import<'a> {
    /// The format of the package.
    pub format: &'static dyn Exchange,
    /// Where it is.
    pub path: &'a Path,
    /// The manifest to write, in the root of the package or in a folder above it; in the root where it is `None`.
    pub output: Option<&'a Path>,
    /// Globs, relative to the root of the package, for the files that are texts; by their endings and media types where there is none.
    pub include: &'a [String],
    /// The folder that texts are written to which stand inside of a file, in the folder of the manifest or below it; one that is named
    /// as the file is where it is `None`.
    pub texts: Option<&'a Path>,
    /// Replace a manifest that is there.
    pub force: bool,
    /// Keep copies of the texts.
    pub keep: bool,
    /// Look, and write nothing.
    pub dry: bool,
    /// When, for the record.
    pub at: Timestamp,
    /// When to stop, with nothing written.
    pub stop: Stop<'a>,
}

/// What was brought over.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The manifest that was written, or would be.
    pub manifest: PathBuf,
    /// What it says.
    pub facts: Facts,
    /// What was found on the way.
    pub report: Report,
    /// What a manifest has no place for.
    pub lost: Vec<Lost>,
    /// Files of the package that are no texts by their names, and are not listed.
    pub others: Vec<String>,
    /// How many entries of a manifest that is there were filled in, where that was all.
    pub filled: Option<usize>,
    /// Texts of the package that are not listed since they are not what it says, or are not there.
    pub refused: Vec<String>,
}

/// Reads a package, verifies it, and writes a manifest of its texts.
///
/// # Errors
/// Where the package cannot be read, where a manifest is there already, and where no text can be listed. Then nothing is written.
pub fn import(import: &Import<'_>) -> Result<Imported> {
    if import.format.fills() {
        return cdx::fill(import);
    }
    if import.format.unpacks() {
        return unpack::import(import);
    }
    let package = import.format.read(import.path, import.stop)?;
    let manifest = import
        .output
        .map_or_else(|| package.root.join("manifest.yaml"), Path::to_owned);
    let prefix = prefix_of(&package, &manifest)?;
    if !import.dry {
        refuse_taken(&manifest, import.force)?;
        journal::refuse_pending(&folder_of(&manifest))?;
    }
    let imported = look(import, &package, manifest, &prefix)?;
    if !import.dry {
        write(import, &imported)?;
    }
    Ok(imported)
}

/// Verifies a package, and gathers what of it can be listed.
pub(super) fn look(import: &Import<'_>, package: &Package, manifest: PathBuf, prefix: &str) -> Result<Imported> {
    let verified = verify_with(package, &[Algorithm::Sha256], import.stop)?;
    let imported = gather(import, package, verified, (manifest, prefix))?;
    if imported.facts.entries.is_empty() {
        return Err(nothing(import, &imported));
    }
    Ok(imported)
}

fn nothing(import: &Import<'_>, imported: &Imported) -> Error {
    let why = match (imported.refused.first(), imported.others.first()) {
        (Some(first), _) => {
            format!("{first} and whatever else it lists is not there, or is not what it says; see `vidimus verify`")
        }
        (None, Some(first)) => {
            format!("{first} and whatever else it lists does not look like a text; name the texts with `--include`")
        }
        (None, None) if imported.report.summary.listed > 0 => {
            "nothing that it lists is a file beside it; see `vidimus verify`".to_owned()
        }
        (None, None) => "it lists nothing".to_owned(),
    };
    Error::Refused(format!(
        "{} holds no text that can be listed: {why}",
        import.path.display()
    ))
}

/// The path from the folder of the manifest to the root of the package, which ends with `/` or is empty.
fn prefix_of(package: &Package, manifest: &Path) -> Result<String> {
    let real = |path: &Path| path.canonicalize().map_err(|error| Error::io("find", path, error));
    let (root, folder) = (real(or_here(&package.root))?, real(&folder_of(manifest))?);
    let below = root.strip_prefix(&folder).map_err(|_| {
        Error::Usage(format!(
            "{} is not in {} or above it, so its paths could not lead there; name another with `--output`",
            manifest.display(),
            package.root.display()
        ))
    })?;
    let below = slashed(below);
    Ok(if below.is_empty() { below } else { format!("{below}/") })
}

fn gather(
    import: &Import<'_>,
    package: &Package,
    verified: Verified,
    (manifest, prefix): (PathBuf, &str),
) -> Result<Imported> {
    let patterns: Vec<&str> = match import.include.is_empty() {
        true if package.unpacked => vec!["**"],
        true => TEXT_GLOBS.to_vec(),
        false => import.include.iter().map(String::as_str).collect(),
    };
    for pattern in &patterns {
        glob::compile(pattern).map_err(|error| Error::Usage(format!("{pattern:?} is no glob: {}", error.kind())))?;
    }
    let texts = glob::set(patterns.iter().copied());
    let (mut entries, mut others, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    let mut lost = package.lost.clone();
    let items = package.items.iter().zip(&verified.outcomes).zip(&verified.read);
    for ((item, outcome), read) in items.filter(|((item, _), _)| item.payload) {
        let usable = matches!(outcome, Outcome::Verified | Outcome::Unverifiable);
        let wanted = (item.is_entry && import.include.is_empty()) || texts.is_match(item.place());
        match (read.filter(|_| usable), TextPath::new(item.place())) {
            _ if !wanted => others.push(item.place().to_owned()),
            (None, _) => refused.push(item.place().to_owned()),
            (Some(_), Err(why)) => lost.note_because(item.place(), format!("is not listed, as its path {why}")),
            (Some(read), Ok(_)) => {
                let entry = entry(item, package, prefix, read);
                entries.push((shard_alone(entry, &mut lost), item.is_entry));
            }
        }
    }
    let mut facts = Facts {
        corpus: below(package.corpus.clone(), prefix),
        entries: named(entries),
    };
    if facts.corpus.include.is_empty() {
        facts.corpus.include = includes(&facts.entries);
    }
    Ok(Imported {
        manifest,
        facts,
        report: verified.report,
        lost: lost.list(),
        others,
        refused,
        filled: None,
    })
}

fn entry(item: &Item, package: &Package, prefix: &str, (sha256, size): (Digest, u64)) -> EntryFacts {
    let mut facts = item.facts.clone();
    let further = item
        .digests
        .iter()
        .filter(|digest| digest.algorithm() != Algorithm::Sha256);
    let named = |digest: &Digest| (digest.algorithm().name().to_owned(), digest.to_string());
    facts.digests.extend(further.map(named));
    facts.path = format!("{prefix}{}", item.place());
    facts.other_paths().for_each(|path| path.insert_str(0, prefix));
    facts.sha256 = sha256.to_string();
    if item.is_entry {
        return facts;
    }
    facts.bytes = Some(size);
    if facts.source.is_none() && facts.origin.is_none() {
        facts.origin = Some(OriginFacts {
            kind: "unknown".to_owned(),
            reason: format!("{} that it came with does not say", package.noun),
        });
    }
    facts
}

/// Of a shard of records, no more than a manifest says of one: the rest is said by its records.
fn shard_alone(facts: EntryFacts, lost: &mut Tally) -> EntryFacts {
    if !facts.is_shard() {
        return facts;
    }
    let alone = facts.as_shard();
    let (said, kept) = (facts.to_json(), alone.to_json());
    for (key, _) in said
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, value)| kept.get(key) != Some(value))
    {
        lost.note_because(format!("{key} of {}", facts.path), "has no place in a shard of records");
    }
    alone
}

/// What holds for the corpus, with its patterns from the folder of the new manifest.
fn below(mut corpus: CorpusFacts, prefix: &str) -> CorpusFacts {
    let folder = globset::escape(prefix);
    let patterns = corpus.include.iter_mut().chain(&mut corpus.exclude);
    patterns.for_each(|pattern| pattern.insert_str(0, &folder));
    corpus
}

/// Gives an id to each entry that has none, but for those that are as they were in a manifest.
fn named(entries: Vec<(EntryFacts, bool)>) -> Vec<EntryFacts> {
    let mut ids = Ids::default();
    let taken = entries.iter().filter_map(|(entry, _)| entry.id.as_deref());
    taken.for_each(|id| ids.take(id));
    let name = |(mut entry, whole): (EntryFacts, bool)| {
        if entry.id.is_none() && !whole && !entry.is_shard() {
            entry.id = Some(ids.next(&entry.path));
        }
        entry
    };
    entries.into_iter().map(name).collect()
}

/// Globs that match what is listed: the endings of each folder at the top.
fn includes(entries: &[EntryFacts]) -> Vec<String> {
    let pattern = |entry: &EntryFacts| {
        let (top, rest) = entry.path.split_once('/').unwrap_or(("", &entry.path));
        let name = rest.rsplit('/').next().unwrap_or(rest);
        let escaped = globset::escape(top);
        match name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() && top.is_empty() => format!("*.{}", globset::escape(ending)),
            Some((stem, ending)) if !stem.is_empty() => format!("{escaped}/**/*.{}", globset::escape(ending)),
            _ => globset::escape(&entry.path),
        }
    };
    entries
        .iter()
        .map(pattern)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

pub(super) fn write(import: &Import<'_>, imported: &Imported) -> Result<()> {
    let entries = &imported.facts.entries;
    if let Some(why) = entries.iter().find_map(|entry| TextPath::new(&entry.path).err()) {
        return Err(Error::Refused(format!("a path {why}; nothing was written")));
    }
    // Nobody keeps a copy of a shard of records.
    let texts: Vec<_> = entries
        .iter()
        .filter(|entry| !entry.is_shard())
        .filter_map(|entry| Some((entry.path.as_str(), entry.digest()?)))
        .collect();
    begin(&Beginning {
        manifest: &imported.manifest,
        text: &imported.facts.to_yaml(),
        texts: &texts,
        force: import.force,
        keep: import.keep,
        at: import.at,
        stop: import.stop,
    })
}
