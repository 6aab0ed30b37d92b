//! What a manifest says and a vocabulary does not, so that what was written is read back whole.
//!
//! Nobody decides by hand what that is. The description is written, read back as if it were another's, and compared: whatever
//! differs goes into an extension, by its key in a manifest, and `null` for a key that the vocabulary makes one say.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Lost, Outgoing, Package, Tally};
use crate::corpus::slashed;
use crate::error::{Error, Result};
use crate::inventory::folder_of;
use crate::manifest::facts::{EntryFacts, Facts, WarcFacts};

/// Keys of a manifest and their values.
pub(super) type Keys = Map<String, Value>;

/// What every format says of a text in its own words, and an extension has no say in.
const OWN: [&str; 2] = ["path", "sha256"];
/// The size, of which an extension may say that the manifest does not record it, and nothing else.
const SIZE: &str = "bytes";

/// The extensions of a description.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    /// Of the corpus.
    pub(super) corpus: Keys,
    /// Of each text, in the order of the entries.
    pub(super) entries: Vec<Keys>,
}

/// A description in the making.
pub(super) struct Draft<'a> {
    /// What is to be said, with paths relative to the folder of the description.
    pub(super) facts: &'a Facts,
    /// The size of each text.
    pub(super) sizes: &'a [u64],
    /// What the vocabulary does not say.
    pub(super) extensions: &'a Extensions,
    /// The day, for formats that tell one.
    pub(super) day: &'a str,
}

impl Draft<'_> {
    /// Each text with its size and, where it has one, its extension.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&EntryFacts, u64, Option<&Keys>)> {
        let extension = |index: usize| self.extensions.entries.get(index).filter(|keys| !keys.is_empty());
        let entries = self.facts.entries.iter().zip(self.sizes).enumerate();
        entries.map(move |(index, (entry, &size))| (entry, size, extension(index)))
    }

    /// A name for each text: its id where that is made of such characters, and one of our own where it is not.
    pub(super) fn names(&self, sound: impl Fn(char) -> bool) -> Vec<String> {
        let usable = |id: &&str| !id.is_empty() && id.chars().all(&sound);
        let ids = self
            .facts
            .entries
            .iter()
            .map(|entry| entry.id.as_deref().filter(usable));
        let mut taken: HashSet<String> = ids.clone().flatten().map(str::to_owned).collect();
        let mut numbers = 1..;
        let mut own = || {
            numbers
                .by_ref()
                .map(|number| format!("text-{number}"))
                .find(|name| taken.insert(name.clone()))
        };
        ids.map(|id| id.map(str::to_owned).or_else(&mut own).unwrap_or_default())
            .collect()
    }
}

/// Writes a description of a corpus that says all of its manifest: `compose` writes one, and `read` reads it back.
///
/// # Errors
/// [`Error::Refused`] where a text cannot be reached from the output, or would not be read back.
pub(super) fn write_whole(
    outgoing: &Outgoing<'_>,
    compose: impl Fn(&Draft<'_>) -> String,
    read: impl Fn(String) -> Result<Package>,
) -> Result<Vec<Lost>> {
    let mut lost = Tally::default();
    let facts = rebased(outgoing, &mut lost)?;
    let day = outgoing.at.to_string().chars().take(10).collect::<String>();
    let text = whole(&facts, outgoing.sizes, &day, compose, read)?;
    outgoing.stop.heed()?;
    outgoing.write_file(text.as_bytes())?;
    Ok(lost.list())
}

/// The description as text, with the extensions that it needs to be read back as these facts.
///
/// # Errors
/// As [`write_whole`].
pub(super) fn whole(
    facts: &Facts,
    sizes: &[u64],
    day: &str,
    compose: impl Fn(&Draft<'_>) -> String,
    read: impl Fn(String) -> Result<Package>,
) -> Result<String> {
    let draft = |extensions: &Extensions| {
        compose(&Draft {
            facts,
            sizes,
            extensions,
            day,
        })
    };
    let extensions = missing_from(&read(draft(&Extensions::default()))?, facts)?;
    let text = draft(&extensions);
    let left = missing_from(&read(text.clone())?, facts)?;
    let keys = left.entries.iter().chain([&left.corpus]).flat_map(|keys| keys.keys());
    match keys.into_iter().next() {
        Some(key) => Err(Error::Refused(format!(
            "`{key}` cannot be written so that it is read back; nothing was written"
        ))),
        None => Ok(text),
    }
}

/// What a package that was read back says otherwise than the facts.
fn missing_from(package: &Package, facts: &Facts) -> Result<Extensions> {
    let read: HashMap<&str, EntryFacts> = package
        .items
        .iter()
        .map(|item| (item.facts.path.as_str(), said(item)))
        .collect();
    let of_entry = |entry: &EntryFacts| {
        let read = read.get(entry.path.as_str()).ok_or_else(|| unreadable(&entry.path))?;
        let mut entry = entry.clone();
        entry.digests.remove("sha256"); // It is the digest of record, and was verified as such.
        let mut keys = difference(&keys_of(&entry), &keys_of(read));
        OWN.iter().for_each(|own| drop(keys.remove(*own)));
        Ok(keys)
    };
    Ok(Extensions {
        corpus: difference(&keys_of(&facts.corpus), &keys_of(&package.corpus)),
        entries: facts.entries.iter().map(of_entry).collect::<Result<_>>()?,
    })
}

/// What an item says, with its further digests among the rest.
fn said(item: &super::Item) -> EntryFacts {
    let mut facts = item.facts.clone();
    let digests = item
        .digests
        .iter()
        .map(|digest| (digest.algorithm().name().to_owned(), digest.to_string()));
    facts.digests = digests.filter(|(name, _)| name != "sha256").collect();
    facts
}

fn unreadable(path: &str) -> Error {
    Error::Refused(format!(
        "{path} cannot be written in this format so that it is read back; rename it first"
    ))
}

fn keys_of(facts: &impl Serialize) -> Keys {
    match serde_json::to_value(facts) {
        Ok(Value::Object(keys)) => keys.into_iter().filter(|(_, value)| says(value)).collect(),
        _ => Keys::new(),
    }
}

fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

/// What makes `whole` of `part`.
fn difference(whole: &Keys, part: &Keys) -> Keys {
    let differs = |(key, value): &(&String, &Value)| part.get(*key) != Some(*value);
    let more = whole
        .iter()
        .filter(differs)
        .map(|(key, value)| (key.clone(), pruned(value)));
    let less = part
        .keys()
        .filter(|key| !whole.contains_key(*key))
        .map(|key| (key.clone(), Value::Null));
    more.chain(less).collect()
}

/// Without what says nothing.
fn pruned(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| says(value));
            Value::Object(fields.map(|(key, value)| (key.clone(), pruned(value))).collect())
        }
        Value::Array(items) => items.iter().map(pruned).collect(),
        other => other.clone(),
    }
}

/// The facts with what an extension says of them; or what is wrong with the extension.
///
/// # Errors
/// Where it is no object, or its keys and values are not those of a manifest.
pub(super) fn extended<T: Serialize + DeserializeOwned>(facts: &T, extension: Option<Value>) -> Result<T, String> {
    let Some(Value::Object(extension)) = extension else {
        return Err("is no object with keys of a manifest".to_owned());
    };
    let mut keys = keys_of(facts);
    let may = |key: &str, value: &Value| !OWN.contains(&key) && (key != SIZE || value.is_null());
    for (key, value) in extension.into_iter().filter(|(key, value)| may(key, value)) {
        keys.insert(key, value);
    }
    let keys: Keys = keys.into_iter().filter(|(_, value)| says(value)).collect();
    serde_json::from_value(Value::Object(keys)).map_err(|error| format!("is not what a manifest says: {error}"))
}

/// The facts with paths that are relative to the folder of the output.
fn rebased(outgoing: &Outgoing<'_>, lost: &mut Tally) -> Result<Facts> {
    let real = |path: &std::path::Path| path.canonicalize().map_err(|error| Error::io("find", path, error));
    let (folder, root) = (
        real(&folder_of(outgoing.output))?,
        real(outgoing.corpus.library().root())?,
    );
    let mut facts = outgoing.facts.clone();
    if folder.to_str().is_none() || root.to_str().is_none() {
        return Err(unreachable(outgoing, "what is below a name that is not UTF-8"));
    }
    if let Ok(below) = root.strip_prefix(&folder) {
        let prefix = slashed(below);
        let prefix = if prefix.is_empty() {
            prefix
        } else {
            format!("{prefix}/")
        };
        lengthen(&mut facts, &prefix);
    } else if let Ok(below) = folder.strip_prefix(&root) {
        shorten(&mut facts, &format!("{}/", slashed(below)), lost).map_err(|path| unreachable(outgoing, &path))?;
    } else {
        return Err(unreachable(outgoing, "every text"));
    }
    Ok(facts)
}

fn unreachable(outgoing: &Outgoing<'_>, path: &str) -> Error {
    let output = outgoing.output.display();
    Error::Refused(format!(
        "{path} cannot be reached from {output}, as paths lead downwards alone; write it beside the manifest or in a folder above"
    ))
}

/// Puts a folder before every path and every glob.
fn lengthen(facts: &mut Facts, prefix: &str) {
    if prefix.is_empty() {
        return;
    }
    let before = globset::escape(prefix);
    let globs = facts.corpus.include.iter_mut().chain(&mut facts.corpus.exclude);
    globs.for_each(|glob| *glob = format!("{before}{glob}"));
    for entry in &mut facts.entries {
        entry.path.insert_str(0, prefix);
        entry.other_paths().for_each(|path| path.insert_str(0, prefix));
    }
}

/// Takes a folder from the beginning of every path; or gives the text that is not in it.
fn shorten(facts: &mut Facts, prefix: &str, lost: &mut Tally) -> Result<(), String> {
    let why = "since it speaks of the folder of the manifest, which is above";
    let globs = [
        ("corpus.include", &mut facts.corpus.include),
        ("corpus.exclude", &mut facts.corpus.exclude),
    ];
    for (key, globs) in globs.into_iter().filter(|(_, globs)| !globs.is_empty()) {
        globs.clear();
        lost.note_because(key, why);
    }
    for entry in &mut facts.entries {
        let inside = entry.path.strip_prefix(prefix).map(str::to_owned);
        entry.path = inside.ok_or_else(|| entry.path.clone())?;
        shorten_further(entry, prefix, lost);
    }
    Ok(())
}

fn shorten_further(entry: &mut EntryFacts, prefix: &str, lost: &mut Tally) {
    let why = "since it leads out of the folder that is written to";
    for derivation in &mut entry.derived_from {
        let inside = derivation
            .path
            .as_deref()
            .and_then(|path| path.strip_prefix(prefix))
            .map(str::to_owned);
        if derivation.path.is_some() && inside.is_none() {
            lost.note_because("derived_from.path", why);
        }
        derivation.path = inside;
    }
    let Some(archive) = &mut entry.archive else { return };
    if let Some(warc) = archive.warc.take() {
        match warc.file.strip_prefix(prefix).map(str::to_owned) {
            Some(file) => archive.warc = Some(WarcFacts { file, ..warc }),
            None => lost.note_because("archive.warc", why),
        }
    }
}
