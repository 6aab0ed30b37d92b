//! What a manifest says and a bag has no place for, in a tag file of its own: so nothing is lost on the way out and back.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::json;

use super::Notes;
use super::listing::Listed;
use super::tag::bytes_of;
use crate::corpus::Library;
use crate::digest::{Algorithm, Digest};
use crate::exchange::Item;
use crate::finding::Location;
use crate::manifest::facts::{CorpusFacts, EntryFacts, Facts};
use crate::stop::Stop;
use crate::whole;

/// Where it stands in the bag.
pub(super) const FILE: &str = "metadata/vidimus.json";

/// The folder of the payload.
const PAYLOAD: &str = "data/";

/// What comes before the paths of a manifest in a bag: nothing where all of them lead into `data/` already, as in one that was made of a
/// bag.
pub(super) fn prefix<'a>(mut paths: impl Iterator<Item = &'a str>) -> &'static str {
    if paths.all(|path| path.starts_with(PAYLOAD)) {
        ""
    } else {
        PAYLOAD
    }
}

/// The version of its form.
const VERSION: u64 = 1;

/// A manifest in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    vidimus: u64,
    #[serde(default)]
    corpus: CorpusFacts,
    #[serde(default)]
    entries: Vec<EntryFacts>,
}

/// Writes it. Its paths are those of the manifest.
pub(super) fn write(facts: &Facts) -> Vec<u8> {
    let entries: Vec<_> = facts.entries.iter().map(EntryFacts::to_json).collect();
    let held = json!({"vidimus": VERSION, "corpus": facts.corpus.to_json(), "entries": entries});
    format!("{held:#}\n").into_bytes()
}

/// Takes what it says of files that are listed, where a list of tag files vouches for it.
pub(super) fn take(
    library: &Library,
    described: &Listed,
    listed: &mut Listed,
    (corpus, notes): (&mut CorpusFacts, &mut Notes),
    stop: Stop<'_>,
) {
    let Some(&index) = described.by_name.get(FILE) else {
        return;
    };
    let item = &described.items[index];
    let Some(bytes) = bytes_of(library, FILE, whole::LARGEST, stop, &mut Notes::default()) else {
        return; // It is listed, and told where it is verified.
    };
    let vouched =
        |item: &Item| !item.digests.is_empty() && item.digests.iter().all(|one| one.algorithm().digest(&bytes) == *one);
    if !vouched(item) {
        notes
            .lost
            .note_because(FILE, "is not the file that the tagmanifest lists");
        return;
    }
    match serde_json::from_slice::<Held>(&bytes) {
        Ok(held) if held.vidimus == VERSION => carry_over(held, listed, corpus, notes),
        Ok(held) => notes
            .lost
            .note_because(FILE, format!("is of version {}, which is not known", held.vidimus)),
        Err(error) => notes
            .lost
            .note_because(FILE, format!("cannot be read as a manifest: {error}")),
    }
}

fn carry_over(held: Held, listed: &mut Listed, corpus: &mut CorpusFacts, notes: &mut Notes) {
    let prefix = prefix(held.entries.iter().map(|entry| &*entry.path));
    let placed = held
        .entries
        .into_iter()
        .map(|entry| (format!("{prefix}{}", entry.path), entry));
    let mut entries: HashMap<String, EntryFacts> = placed.collect();
    for item in &mut listed.items {
        match entries.remove(&item.facts.path) {
            Some(entry) if entry.digest().is_some_and(|digest| item.digests.contains(&digest)) => {
                describe(item, entry, prefix, notes)
            }
            Some(entry) => notes.lost.note_because(
                format!("what {FILE} says of {}", entry.path),
                "is about another SHA-256 than the manifest of the bag lists",
            ),
            None => {}
        }
    }
    *corpus = held.corpus;
    let below = |pattern: &mut String| pattern.insert_str(0, prefix);
    corpus.include.iter_mut().chain(&mut corpus.exclude).for_each(below);
}

fn describe(item: &mut Item, mut entry: EntryFacts, prefix: &str, notes: &mut Notes) {
    entry.path.clone_from(&item.facts.path);
    entry.other_paths().for_each(|path| path.insert_str(0, prefix));
    for (name, text) in std::mem::take(&mut entry.digests) {
        let digest = Algorithm::from_name(&name).and_then(|algorithm| Digest::from_hex(algorithm, &text));
        match digest {
            Some(digest) => verify_too(item, digest),
            None => notes
                .lost
                .note_because(format!("the digest `{name}` in {FILE}"), "since it is none"),
        }
    }
    item.facts = entry;
    item.is_entry = true;
}

/// A digest of an algorithm that no manifest of the bag has is verified with theirs.
fn verify_too(item: &mut Item, digest: Digest) {
    let algorithm = digest.algorithm();
    if item.digests.iter().all(|known| known.algorithm() != algorithm) {
        item.digests.push(digest);
        item.places.push((algorithm, Location::file(FILE)));
    }
}
