//! The keys of a manifest, as tables: the reader, the published JSON Schema and the reference all derive from them.

use serde_json::{Map, Value, json};

/// The manifest format that this program writes and reads.
pub const VERSION: &str = "1";

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// The format version.
    Version,
    /// A whole number, not negative.
    Integer,
    /// A path relative to the root, with `/`.
    Path,
    /// A glob over such paths.
    Pattern,
    /// A SHA-256 in hexadecimal.
    Digest,
    /// A year, month, day, or RFC 3339 instant.
    Date,
    /// A language tag (BCP 47).
    Language,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// A mapping from algorithm to digest.
    Digests,
    /// A mapping with these keys.
    Record(&'static Record),
}

/// A mapping and its keys.
#[derive(Debug)]
pub struct Record {
    /// What it describes, with its article.
    pub noun: &'static str,
    /// Its keys, in the order in which `init` writes them.
    pub keys: &'static [Key],
}

/// One key.
#[derive(Debug)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What its value may be.
    pub shape: Shape,
    /// Whether it must stand there.
    pub required: bool,
    /// What it says, in one sentence.
    pub about: &'static str,
}

impl Record {
    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn must(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        name,
        shape,
        required: true,
        about,
    }
}

const fn may(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        name,
        shape,
        required: false,
        about,
    }
}

/// The manifest itself.
pub static MANIFEST: Record = Record {
    noun: "a manifest",
    keys: &[
        must("vidimus", Shape::Version, "The version of the manifest format: 1."),
        must(
            "corpus",
            Shape::Record(&CORPUS),
            "What holds for the corpus as a whole.",
        ),
        may(
            "entries",
            Shape::List(&Shape::Record(&ENTRY)),
            "The texts, one entry each.",
        ),
        may(
            "entries_from",
            Shape::List(&Shape::Record(&SHARD)),
            "Further manifests whose entries belong to this corpus, and shards of records, each with its digest.",
        ),
    ],
};

/// A further manifest that `entries_from` names: what holds for the corpus stands in the one that names it.
pub static SHARD_MANIFEST: Record = Record {
    noun: "a shard",
    keys: &[
        must("vidimus", Shape::Version, "The version of the manifest format: 1."),
        may("corpus", Shape::Record(&CORPUS), "Not read in a shard."),
        may(
            "entries",
            Shape::List(&Shape::Record(&ENTRY)),
            "The texts, one entry each.",
        ),
    ],
};

/// What holds for the corpus as a whole.
pub static CORPUS: Record = Record {
    noun: "the corpus",
    keys: &[
        may("id", Shape::Text, "A lasting identifier of the corpus."),
        may("title", Shape::Text, "What the corpus is called."),
        must(
            "include",
            Shape::List(&Shape::Pattern),
            "Globs for what belongs to the corpus: a file that one of them matches must be listed.",
        ),
        may(
            "exclude",
            Shape::List(&Shape::Pattern),
            "Globs for what does not, although `include` matches it.",
        ),
        may("language", Shape::Language, "The language of entries that name none."),
        may(
            "license",
            Shape::Text,
            "The licence of entries that name none, as an SPDX expression.",
        ),
        may(
            "symlinks",
            Shape::Word(&["forbid", "within-root"]),
            "Whether a text may be reached through a symbolic link: never (the default), or inside the root.",
        ),
    ],
};

/// A further manifest, or a shard of records, that `entries_from` names.
pub static SHARD: Record = Record {
    noun: "a shard",
    keys: &[
        must(
            "path",
            Shape::Path,
            "The manifest file, or the shard of records, relative to this one.",
        ),
        must("sha256", Shape::Digest, "The SHA-256 of its exact bytes."),
        may("bytes", Shape::Integer, "Its size in bytes."),
        may(
            "records",
            Shape::Record(&RECORDS),
            "Where it is no manifest but a shard, a record a text (JSONL, plain or with `.gz` or `.zst`, or Parquet): which field of a \
             record says what an entry says. A field in an object is `meta.title`.",
        ),
    ],
};

/// Which field of a record says what an entry of a manifest would say.
pub static RECORDS: Record = Record {
    noun: "a mapping of fields",
    keys: &[
        must("text", Shape::Text, "The field that holds the text."),
        may(
            "id",
            Shape::Text,
            "The field that holds the name of the record, unique in the corpus.",
        ),
        may("title", Shape::Text, "The field that holds its title."),
        may(
            "author",
            Shape::Text,
            "The field that holds its authors, a list or a single one.",
        ),
        may("publisher", Shape::Text, "The field that says who published it."),
        may("language", Shape::Text, "The field that holds its language."),
        may(
            "published_at",
            Shape::Text,
            "The field that says when it was published.",
        ),
        may(
            "modified_at",
            Shape::Text,
            "The field that says when its publisher last changed it.",
        ),
        may("license", Shape::Text, "The field that holds its licence."),
        may(
            "source.url",
            Shape::Text,
            "The field that holds the address it was retrieved from.",
        ),
        may(
            "source.canonical_url",
            Shape::Text,
            "The field that holds the address that the page gives for itself.",
        ),
        may(
            "source.via",
            Shape::Text,
            "The field that says where it was republished, a list or a single address.",
        ),
        may(
            "source.retrieved_at",
            Shape::Text,
            "The field that says when it was retrieved.",
        ),
        may(
            "source.http_status",
            Shape::Text,
            "The field that holds the HTTP status.",
        ),
        may(
            "origin.kind",
            Shape::Text,
            "The field that says what kind of origin it has, where there is no source.",
        ),
        may(
            "origin.reason",
            Shape::Text,
            "The field that says why there is no source.",
        ),
        may(
            "archive.url",
            Shape::Text,
            "The field that holds the address of a capture in a web archive.",
        ),
    ],
};

/// One text.
pub static ENTRY: Record = Record {
    noun: "an entry",
    keys: &[
        may(
            "id",
            Shape::Text,
            "A name for the text that outlives its path, unique in the corpus.",
        ),
        must(
            "path",
            Shape::Path,
            "Where the text is, relative to the root, with `/`.",
        ),
        must(
            "sha256",
            Shape::Digest,
            "The SHA-256 of its exact bytes, in lower-case hexadecimal.",
        ),
        may(
            "digests",
            Shape::Digests,
            "Further digests of the same bytes, by algorithm; verified in the same read.",
        ),
        may("bytes", Shape::Integer, "Its size in bytes."),
        may("title", Shape::Text, "Its title."),
        may("author", Shape::List(&Shape::Text), "Its authors."),
        may("publisher", Shape::Text, "Who published it."),
        may("language", Shape::Language, "Its language, as a BCP 47 tag."),
        may(
            "published_at",
            Shape::Date,
            "When it was published: a year, a month, a day, or an RFC 3339 instant.",
        ),
        may("modified_at", Shape::Date, "When it was last changed by its publisher."),
        may("license", Shape::Text, "Its licence, as an SPDX expression."),
        may("source", Shape::Record(&SOURCE), "Where it was retrieved from."),
        may(
            "origin",
            Shape::Record(&ORIGIN),
            "Why there is no source, where there is none.",
        ),
        may(
            "archive",
            Shape::Record(&ARCHIVE),
            "A capture of the same page in a web archive.",
        ),
        may(
            "derived_from",
            Shape::List(&Shape::Record(&DERIVATION)),
            "The files that it was made from.",
        ),
        may(
            "edits",
            Shape::List(&Shape::Record(&EDIT)),
            "What was done to it since it was retrieved, oldest first.",
        ),
        may(
            "accepted",
            Shape::List(&Shape::Record(&ACCEPTED)),
            "Findings that a person has accepted.",
        ),
        may("notes", Shape::Text, "Anything else."),
    ],
};

static SOURCE: Record = Record {
    noun: "a source",
    keys: &[
        must("url", Shape::Text, "The address that it was retrieved from."),
        may(
            "canonical_url",
            Shape::Text,
            "The address that the page gives for itself.",
        ),
        may(
            "via",
            Shape::List(&Shape::Text),
            "Where it was republished, outermost first.",
        ),
        // That it is missing is `provenance/missing-retrieval-date`.
        may(
            "retrieved_at",
            Shape::Date,
            "When it was retrieved: a day, or an RFC 3339 instant with an offset.",
        ),
        may("http_status", Shape::Integer, "The HTTP status that came with it."),
        may("etag", Shape::Text, "The `ETag` header that came with it."),
        may(
            "last_modified",
            Shape::Text,
            "The `Last-Modified` header that came with it.",
        ),
    ],
};

static ORIGIN: Record = Record {
    noun: "an origin",
    keys: &[
        must(
            "kind",
            Shape::Word(&["unknown", "attested", "local"]),
            "`unknown`: nobody knows; `attested`: somebody vouches for it; `local`: it was made here.",
        ),
        must("reason", Shape::Text, "Why there is no address, or who vouches for it."),
    ],
};

static ARCHIVE: Record = Record {
    noun: "an archived copy",
    keys: &[
        may("url", Shape::Text, "The address of the capture."),
        may("warc", Shape::Record(&WARC), "The record in a WARC file."),
    ],
};

static WARC: Record = Record {
    noun: "a WARC record",
    keys: &[
        must("file", Shape::Path, "The WARC file, relative to the root."),
        may("record_id", Shape::Text, "The `WARC-Record-ID`."),
        may("payload_digest", Shape::Text, "The `WARC-Payload-Digest`."),
    ],
};

static DERIVATION: Record = Record {
    noun: "a derivation",
    keys: &[
        may(
            "path",
            Shape::Path,
            "The file that it was made from, relative to the root; left out where it is not part of the corpus.",
        ),
        must("sha256", Shape::Digest, "The SHA-256 of that file."),
    ],
};

static EDIT: Record = Record {
    noun: "an edit",
    keys: &[
        must("from", Shape::Digest, "The SHA-256 before."),
        must("to", Shape::Digest, "The SHA-256 after."),
        must("at", Shape::Date, "When."),
        must("reason", Shape::Text, "Why."),
        may("rules", Shape::List(&Shape::Text), "The rules whose fixes it applied."),
    ],
};

static ACCEPTED: Record = Record {
    noun: "an accepted finding",
    keys: &[
        must("rule", Shape::Text, "The rule."),
        must(
            "passage",
            Shape::Text,
            "The fingerprint of the finding, or its first eight digits and more.",
        ),
        must("reason", Shape::Text, "Why it stands."),
    ],
};

/// The JSON Schema (2020-12) of a manifest, as published in `docs/manifest.schema.json`.
pub fn json_schema() -> Value {
    let mut schema = record_schema(&MANIFEST);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vidimus manifest, version 1",
    });
    merge(&mut schema, head);
    schema
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

fn record_schema(record: &Record) -> Value {
    let property = |key: &Key| {
        let mut schema = shape_schema(key.shape);
        merge(&mut schema, json!({ "description": key.about }));
        (key.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = record.keys.iter().map(property).collect();
    let required: Vec<_> = record
        .keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn shape_schema(shape: Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Version => json!({ "enum": [1, "1"] }),
        Shape::Integer => json!({ "type": "integer", "minimum": 0 }),
        Shape::Path => json!({ "type": "string", "pattern": r"^[^/\\]" }),
        Shape::Pattern => json!({ "type": "string", "minLength": 1 }),
        Shape::Digest => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
        Shape::Date => json!({ "type": ["string", "integer"], "pattern": r"^\d{4}(-\d\d(-\d\d([Tt ].+)?)?)?$" }),
        Shape::Language => json!({ "type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$" }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::List(item) => json!({ "type": "array", "items": shape_schema(*item) }),
        Shape::Digests => digests_schema(),
        Shape::Record(record) => record_schema(record),
    }
}

fn digests_schema() -> Value {
    let property = |algorithm: crate::digest::Algorithm| {
        let pattern = format!("^[0-9a-f]{{{}}}$", algorithm.length() * 2);
        (
            algorithm.name().to_owned(),
            json!({ "type": "string", "pattern": pattern }),
        )
    };
    let properties: Map<String, Value> = crate::digest::Algorithm::ALL.into_iter().map(property).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/manifest.schema.json");
        let published = std::fs::read_to_string(path).unwrap_or_default();
        let ours = serde_json::to_string_pretty(&json_schema()).expect("prints") + "\n";
        assert!(
            published == ours,
            "write `vidimus schema manifest` to docs/manifest.schema.json"
        );
    }
}
