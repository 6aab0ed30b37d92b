//! A record of a shard as the entry that a manifest would have for it: read by the same rules, from the values of its fields.

use std::borrow::Cow;

use super::model::{CorpusRecord, Entry, Manifest, Mapping, Problem, ProblemKind, Spanned};
use super::path::TextPath;
use super::read::Reader;
use super::schema::ENTRY;
use super::yaml::{Kind, Node};
use crate::digest::Digest;
use crate::source::{Source, Span};

/// What a field of a record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string, or a number or truth value as it is written.
    Scalar(String),
    /// A list.
    List(Vec<Self>),
    /// Values by name.
    Object(Vec<(String, Self)>),
}

/// The name of the file in which a record is taken to be listed. No file of a corpus can have it.
const FIELDS: &str = "\0record";

/// A record as a manifest that lists it alone, with the place of each of its values.
#[derive(Debug)]
pub struct RecordEntry {
    /// The manifest, of one entry.
    pub manifest: Manifest,
    /// Which field each value comes from, and where its text stands in the file of the manifest.
    fields: Vec<(Span, String)>,
}

impl RecordEntry {
    /// What the mapped fields of a record say of it: `values` in the order of the mapping, with what it has. `name` is how reports name it.
    pub fn new(name: &str, mapping: &Mapping, values: Vec<Option<Value>>, corpus: &CorpusRecord) -> Self {
        let mut written = Written::default();
        let mut pairs: Vec<(Node<'static>, Node<'static>)> = Vec::new();
        let mapped = mapping.fields.iter().zip(values);
        for ((key, field), value) in mapped.filter(|((key, _), _)| *key != "text") {
            let Some(value) = value else { continue };
            let list = matches!(*key, "author" | "source.via");
            let node = written.value(value, &field.value, list);
            let (outer, inner) = key.split_once('.').unwrap_or((key, ""));
            match pairs.last_mut() {
                Some((last, group)) if !inner.is_empty() && last.text() == Some(outer) => group.put(inner, node),
                _ if inner.is_empty() => pairs.push(pair_of(outer, node)),
                _ => {
                    let span = node.span;
                    let kind = Kind::Mapping(vec![pair_of(inner, node)]);
                    pairs.push(pair_of(outer, Node { span, kind }));
                }
            }
        }
        written.into_entry(name, pairs, mapping, corpus)
    }

    /// The name of the file in which it is taken to be listed.
    pub fn file(&self) -> &str {
        self.manifest.files[0].name()
    }

    /// The field and its value at a place in that file.
    pub fn field_at(&self, span: Span) -> Option<(&str, Cow<'_, str>)> {
        let holds = |(whole, _): &&(Span, String)| whole.start() <= span.start() && span.end() <= whole.end();
        let (whole, field) = self.fields.iter().find(holds)?;
        Some((field, self.manifest.files[0].text_of(*whole)))
    }
}

/// A key and its value, which is the place of both.
fn pair_of(name: &'static str, value: Node<'static>) -> (Node<'static>, Node<'static>) {
    let key = Node {
        span: value.span,
        kind: scalar(name.into()),
    };
    (key, value)
}

fn scalar(text: Cow<'static, str>) -> Kind<'static> {
    Kind::Scalar {
        text,
        plain: false,
        block: false,
    }
}

impl Node<'static> {
    /// Adds a key to a mapping.
    fn put(&mut self, key: &'static str, node: Self) {
        if let Kind::Mapping(pairs) = &mut self.kind {
            pairs.push(pair_of(key, node));
        }
    }
}

/// The values that were laid down, a line each, so that each has a place.
#[derive(Default)]
struct Written {
    text: String,
    fields: Vec<(Span, String)>,
}

impl Written {
    /// Lays down the value of a field. A single value stands for a list of one where a list is wanted.
    fn value(&mut self, value: Value, field: &str, list: bool) -> Node<'static> {
        let start = self.text.len();
        let node = match value {
            Value::Scalar(_) if list => self.node(Value::List(vec![value])),
            value => self.node(value),
        };
        let whole = self.since(start);
        self.fields.push((whole, field.to_owned()));
        node
    }

    fn since(&self, start: usize) -> Span {
        let end = self.text.trim_end_matches('\n').len().max(start);
        Span::remembered(start as u64, end as u64)
    }

    fn node(&mut self, value: Value) -> Node<'static> {
        let start = self.text.len();
        let kind = match value {
            Value::Scalar(text) => {
                self.text.push_str(&text);
                self.text.push('\n');
                scalar(text.into())
            }
            Value::List(items) => Kind::Sequence(items.into_iter().map(|item| self.node(item)).collect()),
            Value::Object(fields) => Kind::Mapping(fields.into_iter().map(|pair| self.pair(pair)).collect()),
        };
        Node {
            span: self.since(start),
            kind,
        }
    }

    fn pair(&mut self, (name, value): (String, Value)) -> (Node<'static>, Node<'static>) {
        (self.node(Value::Scalar(name)), self.node(value))
    }

    fn into_entry(
        self,
        name: &str,
        pairs: Vec<(Node<'static>, Node<'static>)>,
        mapping: &Mapping,
        corpus: &CorpusRecord,
    ) -> RecordEntry {
        let span = Span::remembered(0, self.text.len() as u64);
        let kind = Kind::Mapping(pairs);
        let mut reader = Reader {
            file: 0,
            problems: Vec::new(),
        };
        let mut entry = reader.entry(&Node { span, kind });
        let path = TextPath::of_record(name);
        entry.path = Some(Spanned { value: path, span });
        // What no record of the shard can say is told of the shard, once.
        entry.states_origin |= !mapping.maps("source") && !mapping.maps("origin");
        if let Some(source) = entry.source.as_mut() {
            source.has_retrieved_at |= !mapping.maps("source.retrieved_at");
        }
        let of_file = |problem: &Problem| problem.kind == ProblemKind::MissingKey && names_file(&problem.message);
        reader.problems.retain(|problem| !of_file(problem));
        reader.problems.sort_by_key(|problem| problem.span);
        RecordEntry {
            manifest: manifest(self.text, entry, reader.problems, corpus),
            fields: self.fields,
        }
    }
}

/// Whether what is missing is what only a file has.
fn names_file(message: &str) -> bool {
    let lacks = |key| message == format!("{} lacks the key `{key}`", ENTRY.noun);
    ["path", "sha256"].into_iter().any(lacks)
}

fn manifest(text: String, entry: Entry, problems: Vec<Problem>, corpus: &CorpusRecord) -> Manifest {
    Manifest {
        files: vec![Source::new(FIELDS, text.into_bytes())],
        digests: Vec::<Digest>::new(),
        corpus: CorpusRecord {
            title: None,
            include: Vec::new(),
            exclude: Vec::new(),
            ..corpus.clone()
        },
        entries: vec![entry],
        problems,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(keys: &[&'static str]) -> Mapping {
        let field = |key: &&'static str| {
            let value = format!("f.{key}");
            let span = Span::default();
            (*key, Spanned { value, span })
        };
        Mapping {
            span: Span::default(),
            fields: keys.iter().map(field).collect(),
        }
    }

    fn scalar(text: &str) -> Option<Value> {
        Some(Value::Scalar(text.to_owned()))
    }

    #[test]
    fn a_record_is_read_as_an_entry() {
        let mapping = mapping(&[
            "text",
            "title",
            "author",
            "published_at",
            "source.url",
            "source.retrieved_at",
        ]);
        let values = vec![
            None,
            scalar("The weir"),
            scalar("Ines Calder"),
            scalar("2016-13-01"),
            scalar("https://example.org/a"),
            scalar("2020-01-02"),
        ];
        let record = RecordEntry::new("s.jsonl#a", &mapping, values, &CorpusRecord::default());
        let entry = &record.manifest.entries[0];
        assert_eq!(entry.name(), "s.jsonl#a");
        assert_eq!(entry.authors[0].value, "Ines Calder");
        let source = entry.source.as_ref().expect("a source");
        assert_eq!(source.url.as_ref().expect("an address").value, "https://example.org/a");
        assert!(source.retrieved_at.is_some() && entry.published_at.is_none());
        let [problem] = &record.manifest.problems[..] else {
            panic!("{:?}", record.manifest.problems)
        };
        assert_eq!(problem.kind, ProblemKind::InvalidDate);
        let (field, value) = record.field_at(problem.span).expect("a field");
        assert_eq!((field, &*value), ("f.published_at", "2016-13-01"));
    }

    #[test]
    fn what_no_record_can_say_none_lacks() {
        let url = vec![scalar("https://example.org/a")];
        let record = RecordEntry::new("s#1", &mapping(&["source.url"]), url, &CorpusRecord::default());
        assert!(
            record.manifest.entries[0]
                .source
                .as_ref()
                .is_some_and(|source| source.has_retrieved_at)
        );
        let record = RecordEntry::new("s#1", &mapping(&["title"]), vec![None], &CorpusRecord::default());
        assert!(record.manifest.entries[0].states_origin && record.manifest.problems.is_empty());
        let record = RecordEntry::new("s#1", &mapping(&["source.url"]), vec![None], &CorpusRecord::default());
        assert!(!record.manifest.entries[0].states_origin);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_a_problem() {
        let object = Value::Object(vec![("a".to_owned(), Value::Scalar("b".to_owned()))]);
        let record = RecordEntry::new(
            "s#1",
            &mapping(&["title"]),
            vec![Some(object)],
            &CorpusRecord::default(),
        );
        let kinds: Vec<_> = record.manifest.problems.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [ProblemKind::InvalidValue]);
    }
}
