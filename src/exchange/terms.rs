//! The terms of a JSON-LD description: one name for a property however its prefix, its context or its version spells it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::json::{Fields, Node};

/// The namespace of what a manifest says and no vocabulary does: a name that nobody else can have, and no address. Its terms are
/// explained in `docs/book/src/reference/packages.md`.
pub(super) const NAMESPACE: &str = "urn:uuid:c3d7779e-9c40-400a-8bd1-e154cfde78b3#";

/// Prefixes that are used without being declared.
const PREFIXES: [(&str, &str); 8] = [
    ("sc", "https://schema.org/"),
    ("schema", "https://schema.org/"),
    ("cr", "http://mlcommons.org/croissant/"),
    ("ml", "http://mlcommons.org/schema/"),
    ("dct", "http://purl.org/dc/terms/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("vidimus", NAMESPACE),
];

/// Vocabularies whose terms are read, and what is written before the name of a term.
const VOCABULARIES: [(&str, &str); 7] = [
    ("schema.org/", ""),
    ("mlcommons.org/croissant/", ""),
    ("mlcommons.org/schema/", ""),
    ("purl.org/dc/terms/", "dct:"),
    ("www.w3.org/ns/prov#", "prov:"),
    (NAMESPACE, "vidimus:"),
    ("vidimus.example.org/ns#", "vidimus:"), // As it was written at first.
];

/// What the context of a description makes of keys and types.
#[derive(Debug, Default)]
pub(super) struct Terms(HashMap<String, String>);

impl Terms {
    /// The terms of a context: an address of one that is known, definitions, or a list of both.
    pub(super) fn of(context: Node<'_>) -> Self {
        let mut terms = Self::default();
        let parts = context.items().unwrap_or_else(|| vec![context]);
        for (key, value) in parts
            .into_iter()
            .filter_map(Node::fields)
            .flat_map(|Fields(fields)| fields)
        {
            let named = |fields: Fields<'_>| {
                fields
                    .0
                    .into_iter()
                    .find(|(key, _)| key == "@id")?
                    .1
                    .text()
                    .map(Cow::into_owned)
            };
            let meaning = value.text().map(Cow::into_owned).or_else(|| named(value.fields()?));
            if let Some(meaning) = meaning.filter(|_| !key.starts_with('@')) {
                terms.0.insert(key.into_owned(), meaning);
            }
        }
        terms
    }

    /// The one name of a key or type: bare for terms of schema.org and Croissant, with a prefix for those of other vocabularies that
    /// are read, and as it is written for the rest.
    pub(super) fn name<'k>(&self, key: &'k str) -> Cow<'k, str> {
        if key.starts_with('@') {
            return key.into();
        }
        let meaning = self.0.get(key).map_or(key, String::as_str);
        if meaning.starts_with('@') {
            return meaning.to_owned().into();
        }
        match self.expanded(meaning) {
            Some(address) => shortened(&address).map_or(key.into(), Into::into),
            None => key.into(),
        }
    }

    /// The address of a term that is written with a prefix.
    fn expanded(&self, term: &str) -> Option<String> {
        let (prefix, rest) = term.split_once(':')?;
        if rest.starts_with("//") || term.starts_with(NAMESPACE) {
            return Some(term.to_owned());
        }
        let known = || {
            PREFIXES
                .iter()
                .find(|(name, _)| *name == prefix)
                .map(|(_, space)| *space)
        };
        let space = self.0.get(prefix).map(String::as_str).or_else(known)?;
        Some(format!("{space}{rest}"))
    }
}

/// The name of a term by its address.
fn shortened(address: &str) -> Option<String> {
    let plain = address.split_once("://").map_or(address, |(_, plain)| plain);
    VOCABULARIES.iter().find_map(|(space, prefix)| {
        let name = plain
            .strip_prefix(space)
            .filter(|name| !name.is_empty() && !name.contains('/'))?;
        Some(match name {
            "conformsTo" => name.to_owned(),
            name => format!("{prefix}{name}"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn one_name_for_every_spelling() {
        let context = r#"["https://w3id.org/ro/crate/1.1/context", {"@vocab": "https://schema.org/", "id": "@id", "s": "http://schema.org/",
            "md5": "cr:md5", "digest": {"@id": "s:sha256"}, "was": "https://vidimus.example.org/ns#entry",
            "ours": "urn:uuid:c3d7779e-9c40-400a-8bd1-e154cfde78b3#entry", "odd": "x:y"}]"#;
        let source = Source::new("a", context.into());
        let terms = Terms::of(Node::of(&source, "a").expect("json"));
        let names = [
            ("sha256", "sha256"),
            ("sc:sha256", "sha256"),
            ("schema:sha256", "sha256"),
            ("s:sha256", "sha256"),
            ("http://schema.org/sha256", "sha256"),
            ("https://schema.org/sha256", "sha256"),
            ("digest", "sha256"),
            ("md5", "md5"),
            ("sc:FileObject", "FileObject"),
            ("cr:FileObject", "FileObject"),
            ("ml:FileSet", "FileSet"),
            ("id", "@id"),
            ("@type", "@type"),
            ("dct:conformsTo", "conformsTo"),
            ("dct:source", "dct:source"),
            ("prov:wasDerivedFrom", "prov:wasDerivedFrom"),
            ("http://www.w3.org/ns/prov#wasDerivedFrom", "prov:wasDerivedFrom"),
            ("ours", "vidimus:entry"),
            ("was", "vidimus:entry"),
            ("vidimus:entry", "vidimus:entry"),
            ("urn:uuid:c3d7779e-9c40-400a-8bd1-e154cfde78b3#entry", "vidimus:entry"),
            ("odd", "odd"),
            ("x:sha256", "x:sha256"),
            ("cr:RAI/sha256", "cr:RAI/sha256"),
        ];
        for (key, name) in names {
            assert_eq!(terms.name(key), name, "{key}");
        }
    }
}
