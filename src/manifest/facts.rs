//! What a manifest says, as plain values without places: what is handed to the formats of other tools, and taken from them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::schema::{CORPUS, ENTRY, Key, RECORDS, Record, SHARD, Shape, VERSION};
use super::write::{Item, Value, Writer};
use super::yaml::{self, Kind, Node};
use super::{Manifest, Source};
use crate::date::When;
use crate::digest::{Algorithm, Digest};

/// A manifest with all its shards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// What holds for the corpus as a whole.
    pub corpus: CorpusFacts,
    /// The texts, and behind them the shards of records.
    pub entries: Vec<EntryFacts>,
}

/// The keys of `corpus`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct CorpusFacts {
    pub id: Option<String>,
    pub title: Option<String>,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub language: Option<String>,
    pub license: Option<String>,
    pub symlinks: Option<String>,
}

/// The keys of an entry; or of a shard of records, which has a path, a digest, a size and `records`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct EntryFacts {
    pub id: Option<String>,
    pub path: String,
    pub sha256: String,
    pub digests: BTreeMap<String, String>,
    pub bytes: Option<u64>,
    pub title: Option<String>,
    pub author: Vec<String>,
    pub publisher: Option<String>,
    pub language: Option<String>,
    pub published_at: Option<String>,
    pub modified_at: Option<String>,
    pub license: Option<String>,
    pub source: Option<SourceFacts>,
    pub origin: Option<OriginFacts>,
    pub archive: Option<ArchiveFacts>,
    pub derived_from: Vec<DerivationFacts>,
    pub edits: Vec<EditFacts>,
    pub accepted: Vec<AcceptedFacts>,
    pub notes: Option<String>,
    pub records: BTreeMap<String, String>,
}

/// The keys of `source`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct SourceFacts {
    pub url: String,
    pub canonical_url: Option<String>,
    pub via: Vec<String>,
    pub retrieved_at: Option<String>,
    pub http_status: Option<u64>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// The keys of `origin`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct OriginFacts {
    pub kind: String,
    pub reason: String,
}

/// The keys of `archive`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct ArchiveFacts {
    pub url: Option<String>,
    pub warc: Option<WarcFacts>,
}

/// The keys of `archive.warc`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct WarcFacts {
    pub file: String,
    pub record_id: Option<String>,
    pub payload_digest: Option<String>,
}

/// The keys of an item of `derived_from`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct DerivationFacts {
    pub path: Option<String>,
    pub sha256: String,
}

/// The keys of an item of `edits`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct EditFacts {
    pub from: String,
    pub to: String,
    pub at: String,
    pub reason: String,
    pub rules: Vec<String>,
}

/// The keys of an item of `accepted`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the fields are the keys of the manifest, which `schema` describes"
)]
pub struct AcceptedFacts {
    pub rule: String,
    pub passage: String,
    pub reason: String,
}

impl Manifest {
    /// What all its files say, without places. What is wrong in it ([`Manifest::problems`]) is left out as far as it has no
    /// form here; a caller who must not lose it looks there first.
    pub fn facts(&self) -> Facts {
        let (mut facts, mut shards) = (Facts::default(), Vec::new());
        for (index, file) in self.files.iter().enumerate() {
            let root = root_of(file);
            let fields = root.as_ref().map(fields_of).unwrap_or_default();
            for (key, value) in fields {
                match key {
                    "corpus" if index == 0 => facts.corpus = read(value, &CORPUS),
                    "entries" => facts
                        .entries
                        .extend(items_of(value).iter().map(|item| read(item, &ENTRY))),
                    "entries_from" if index == 0 => {
                        let items = items_of(value).iter().map(|item| read(item, &SHARD));
                        shards.extend(items.filter(EntryFacts::is_shard));
                    }
                    _ => {}
                }
            }
        }
        facts.entries.append(&mut shards);
        facts
    }
}

impl Facts {
    /// The manifest, in our own style of YAML.
    pub fn to_yaml(&self) -> String {
        let mut writer = Writer::new("\n");
        writer.field(0, "vidimus", &Value::plain(VERSION));
        writer.field(0, "corpus", &of_json(&json_of(&self.corpus), Shape::Record(&CORPUS)));
        let (shards, texts): (Vec<_>, Vec<_>) = self.entries.iter().partition(|entry| entry.is_shard());
        let list = |entries: &[&EntryFacts], record: &'static Record| {
            let one = |entry: &&EntryFacts| of_json(&json_of(*entry), Shape::Record(record));
            Value::List(entries.iter().map(one).collect())
        };
        if !texts.is_empty() || shards.is_empty() {
            writer.field(0, "entries", &list(&texts, &ENTRY));
        }
        if !shards.is_empty() {
            writer.field(0, "entries_from", &list(&shards, &SHARD));
        }
        writer.finish()
    }
}

impl EntryFacts {
    /// Whether it is a shard of records, each of which says what an entry says.
    pub fn is_shard(&self) -> bool {
        !self.records.is_empty()
    }

    /// What of it a shard says: its path, digest and size, and the fields of its records that have a meaning in a manifest.
    #[must_use]
    pub fn as_shard(&self) -> Self {
        let known = self.records.iter().filter(|(key, _)| RECORDS.key(key).is_some());
        Self {
            path: self.path.clone(),
            sha256: self.sha256.clone(),
            bytes: self.bytes,
            records: known.map(|(key, field)| (key.clone(), field.clone())).collect(),
            ..Self::default()
        }
    }

    /// The entry as JSON, without keys that say nothing.
    pub fn to_json(&self) -> Json {
        json_of(self)
    }

    /// The paths of other files that it names, which are relative to the folder of the manifest as its own is.
    pub fn other_paths(&mut self) -> impl Iterator<Item = &mut String> {
        let originals = self
            .derived_from
            .iter_mut()
            .filter_map(|original| original.path.as_mut());
        let warc = self.archive.iter_mut().filter_map(|archive| archive.warc.as_mut());
        originals.chain(warc.map(|warc| &mut warc.file))
    }

    /// The digest of record, where it is one.
    pub fn digest(&self) -> Option<Digest> {
        Digest::from_hex(Algorithm::Sha256, &self.sha256)
    }
}

impl CorpusFacts {
    /// The record as JSON, without keys that say nothing.
    pub fn to_json(&self) -> Json {
        json_of(self)
    }
}

/// The keys and values of a mapping.
fn fields_of<'n>(node: &'n Node<'_>) -> Vec<(&'n str, &'n Node<'n>)> {
    let Kind::Mapping(pairs) = &node.kind else {
        return Vec::new();
    };
    let pairs = pairs.iter();
    pairs.filter_map(|(key, value)| Some((key.text()?, value))).collect()
}

fn items_of<'n>(node: &'n Node<'_>) -> &'n [Node<'n>] {
    match &node.kind {
        Kind::Sequence(items) => items,
        _ => &[],
    }
}

fn root_of(file: &Source) -> Option<Node<'_>> {
    yaml::parse(file, file.text()?).ok()?.root
}

/// Reads a mapping as the record that it is.
fn read<T: for<'de> Deserialize<'de> + Default>(node: &Node<'_>, record: &'static Record) -> T {
    let json = value_of(node, Shape::Record(record)).unwrap_or_default();
    serde_json::from_value(json).unwrap_or_default()
}

/// A value as JSON; `None` where it is not of that shape.
fn value_of(node: &Node<'_>, shape: Shape) -> Option<Json> {
    match shape {
        Shape::Record(record) => Some(object(node, |name, value| {
            let key = record.key(name)?;
            Some((key.name.to_owned(), value_of(value, key.shape)?))
        })),
        Shape::Digests => Some(object(node, |name, value| {
            let name = Algorithm::from_name(name)?.name();
            Some((name.to_owned(), Json::String(value.text()?.to_lowercase())))
        })),
        Shape::List(item) => Some(match &node.kind {
            Kind::Sequence(items) => items.iter().filter_map(|node| value_of(node, *item)).collect(),
            _ => Json::Array(value_of(node, *item).into_iter().collect()),
        }),
        Shape::Integer => node.text()?.parse::<u64>().ok().map(Json::from),
        Shape::Digest => Some(Json::String(node.text()?.to_lowercase())),
        _ => Some(Json::String(node.text()?.to_owned())),
    }
}

fn object(node: &Node<'_>, field: impl Fn(&str, &Node<'_>) -> Option<(String, Json)>) -> Json {
    let fields = fields_of(node).into_iter();
    Json::Object(fields.filter_map(|(name, value)| field(name, value)).collect())
}

fn json_of(value: &impl Serialize) -> Json {
    pruned(serde_json::to_value(value).unwrap_or_default())
}

/// Without what says nothing: `null`, and lists and mappings with nothing in them.
fn pruned(value: Json) -> Json {
    let says = |value: &Json| match value {
        Json::Null => false,
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    match value {
        Json::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| (key, pruned(value)));
            Json::Object(fields.filter(|(_, value)| says(value)).collect())
        }
        Json::Array(items) => items.into_iter().map(pruned).collect(),
        other => other,
    }
}

fn of_json(value: &Json, shape: Shape) -> Value {
    match (value, shape) {
        (Json::Object(fields), Shape::Record(record)) => Value::Record(items(fields, record.keys)),
        (Json::Object(fields), Shape::Digests) => {
            let field = |algorithm: Algorithm| {
                let digest = fields.get(algorithm.name())?.as_str()?;
                Some(Item::Field(algorithm.name(), Value::quoted(digest)))
            };
            Value::Record(Algorithm::ALL.into_iter().filter_map(field).collect())
        }
        (Json::Array(items), Shape::List(item)) => Value::List(items.iter().map(|one| of_json(one, *item)).collect()),
        (Json::String(text), Shape::Digest | Shape::Pattern) => Value::quoted(text),
        (Json::String(text), Shape::Date) if text.parse::<When>().is_ok() => Value::plain(text),
        (Json::String(text), _) => Value::text(text.as_str()),
        (other, _) => Value::plain(other),
    }
}

/// Fields in the order of the schema.
fn items(fields: &Map<String, Json>, keys: &'static [Key]) -> Vec<Item> {
    let field = |key: &'static Key| Some(Item::Field(key.name, of_json(fields.get(key.name)?, key.shape)));
    keys.iter().filter_map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "\
vidimus: 1
corpus:
  id: https://example.org/corpora/1
  title: \"Nine letters: a choice\"
  include:
    - \"corpus/**/*.txt\"
  language: \"no\"
  symlinks: within-root
entries:
  - id: a
    path: corpus/a.txt
    sha256: \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"
    digests:
      md5: \"900150983cd24fb0d6963f7d28e17f72\"
    bytes: 3
    title: A
    author:
      - Ada Quill
      - \"yes\"
    publisher: The Quay Press
    published_at: 2016-08-11
    source:
      url: https://example.org/a
      via:
        - https://mirror.example/a
      retrieved_at: 2025-03-13T10:00:00+02:00
      http_status: 200
      etag: \"\\\"x\\\"\"
    archive:
      warc:
        file: crawl.warc.gz
        record_id: \"<urn:uuid:1>\"
        payload_digest: sha1:AAAA
    derived_from:
      - sha256: \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"
    accepted:
      - rule: layout/stray-label
        passage: b3f00000
        reason: part of the poem
    notes: \"two\\nlines\"
";

    fn manifest(text: &str) -> Manifest {
        let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        Manifest::parse(Source::new("m.yaml", text.into()), "m.yaml", none).expect("a manifest")
    }

    #[test]
    fn what_is_read_is_written_the_same() {
        assert_eq!(manifest(WHOLE).facts().to_yaml(), WHOLE);
    }

    #[test]
    fn shards_of_records_come_behind_the_texts() {
        let shards = "\
entries_from:
  - path: shards/a.jsonl.zst
    sha256: \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"
    bytes: 3
    records:
      text: body
      source.url: meta.url
";
        let (head, _) = WHOLE.split_once("entries:\n").expect("entries");
        for text in [format!("{WHOLE}{shards}"), format!("{head}{shards}")] {
            assert_eq!(manifest(&text).facts().to_yaml(), text);
        }
        let reversed = format!("{head}{shards}entries:\n  - path: a\n");
        let paths: Vec<String> = manifest(&reversed)
            .facts()
            .entries
            .into_iter()
            .map(|entry| entry.path)
            .collect();
        assert_eq!(paths, ["a", "shards/a.jsonl.zst"]);
    }

    #[test]
    fn every_key_of_an_entry_has_its_field() {
        let field = |record: &'static Record| record.keys.iter().map(|key| key.name).collect::<Vec<_>>();
        let json = serde_json::to_value(EntryFacts::default()).expect("json");
        let mut keys = field(&ENTRY);
        keys.push("records"); // It is of a shard.
        assert!(field(&SHARD).iter().all(|key| keys.contains(key)));
        keys.sort_unstable();
        assert!(json.as_object().expect("an object").keys().eq(keys));
        let json = serde_json::to_value(CorpusFacts::default()).expect("json");
        let mut keys = field(&CORPUS);
        keys.sort_unstable();
        assert!(json.as_object().expect("an object").keys().eq(keys));
    }

    #[test]
    fn what_is_no_fact_is_left_out() {
        let text = "vidimus: 1\ncorpus: {include: [a], colour: red}\nentries: [{path: a, bytes: many, author: One}]\n";
        let facts = manifest(text).facts();
        assert_eq!(facts.corpus.include, ["a"]);
        assert_eq!(facts.entries[0].author, ["One"]);
        assert_eq!(facts.entries[0].bytes, None);
    }
}
