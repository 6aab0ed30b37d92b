//! Croissant, as ML Commons describes datasets: a JSON-LD file whose `distribution` lists files with their digests.
//!
//! Versions 0.8, 1.0 and 1.1 are read, whatever prefixes they use; 1.1 is written, with PROV for where a text comes from and what was
//! done to it. What a manifest says beyond these vocabularies stands in JSON literals of a namespace of our own.

use serde_json::{Value, json};

use super::described::{Described, Description, Naming, Reader, is_address, media_type};
use super::extension::Draft;
use super::json::Node;
use super::linked::{
    CORPUS, ENTRY, Entity, File, Graph, is_reference, json_literal, license, license_address, literal,
};
use super::terms::NAMESPACE;
use super::written::Object;
use super::{Item, Package};
use crate::error::{Error, Result};
use crate::finding::{Location, Severity};
use crate::manifest::facts::{EditFacts, EntryFacts};
use crate::stop::Stop;

/// A Croissant description.
pub(super) static CROISSANT: Described = Described {
    name: "croissant",
    about: "a Croissant description of a dataset, up to version 1.1",
    noun: "a Croissant description",
    names: &["croissant.json", "metadata.json"],
    signs: &["mlcommons.org/croissant", "mlcommons.org/schema"],
    naming: Naming::Free,
    read,
    compose,
};

/// The version that is written.
const VERSION: &str = "http://mlcommons.org/croissant/1.1";

/// Reads the file of a description.
///
/// # Errors
/// Where it is none.
fn read(description: Description, stop: Stop<'_>) -> Result<Package> {
    let shown = description.shown.clone();
    Reader::read(
        description,
        "the Croissant description",
        stop,
        |reader, root, fields| {
            let context = fields.0.iter().find(|(key, _)| key == "@context");
            let mut graph = Graph::new(context.map(|(_, value)| *value));
            let nodes = nodes(reader, &mut graph, root);
            let mut datasets = nodes
                .iter()
                .map(|(_, entity)| entity)
                .filter(|entity| is_dataset(entity));
            let first = datasets.next();
            let first =
                first.ok_or_else(|| Error::Refused(format!("{shown} describes no dataset with a `distribution`")))?;
            of_dataset(reader, &mut graph, first);
            distribution(reader, &mut graph, first)?;
            for dataset in datasets {
                let why = "is not carried over, since a manifest is of one; its files are";
                reader.package.lost.note_because("a further dataset", why);
                distribution(reader, &mut graph, dataset)?;
            }
            say_stray(reader, &graph, &nodes);
            Ok(())
        },
    )
}

/// The outermost node, and those of its graph.
fn nodes<'a>(reader: &mut Reader<'_>, graph: &mut Graph<'a>, root: Node<'a>) -> Vec<(Node<'a>, Entity<'a>)> {
    let outermost = graph.entity(reader, root).unwrap_or_default();
    let within = outermost.values("@graph").to_vec();
    let mut nodes = vec![(root, outermost)];
    for node in within {
        let Some(entity) = graph.entity(reader, node) else {
            continue;
        };
        entity.id.iter().for_each(|id| graph.know(id, node));
        nodes.push((node, entity));
    }
    nodes
}

fn is_dataset(entity: &Entity<'_>) -> bool {
    !entity.values("distribution").is_empty()
}

fn distribution<'a>(reader: &mut Reader<'_>, graph: &mut Graph<'a>, dataset: &Entity<'a>) -> Result<()> {
    for (index, node) in dataset.values("distribution").iter().enumerate() {
        if index % 1024 == 0 {
            reader.heed()?;
        }
        of_distribution(reader, graph, *node);
    }
    Ok(())
}

/// Says which files are described that no distribution leads to.
fn say_stray(reader: &mut Reader<'_>, graph: &Graph<'_>, nodes: &[(Node<'_>, Entity<'_>)]) {
    let used = |entity: &Entity<'_>| entity.id.as_deref().is_some_and(|id| graph.was_used(id));
    let files = nodes.iter().filter(|(_, entity)| entity.is(&["FileObject", "FileSet"]));
    for (node, entity) in files.filter(|(_, entity)| !used(entity)) {
        let message = "no `distribution` leads to this file";
        let help = "nothing of it was verified; name it in the `distribution` of its dataset";
        reader.wrong(entity.id_node.unwrap_or(*node), message, help);
        reader.count_unusable();
    }
}

fn of_dataset<'a>(reader: &mut Reader<'_>, graph: &mut Graph<'a>, dataset: &Entity<'a>) {
    let mut extension = None;
    reader.package.corpus.id = dataset.id.as_deref().map(str::to_owned);
    for (name, values) in &dataset.properties {
        match &**name {
            "@context" | "@graph" | "conformsTo" | "distribution" => {} // They say what the file is, or are read on their own.
            "name" => reader.package.corpus.title = graph.one(reader, name, values),
            "license" => reader.package.corpus.license = license(graph, reader, values),
            "inLanguage" => reader.package.corpus.language = graph.one(reader, name, values),
            CORPUS => extension = values.first().copied(),
            name => reader.package.lost.note(name),
        }
    }
    if let Some(node) = extension {
        reader.extend_corpus(node, json_literal(node));
    }
}

fn of_distribution<'a>(reader: &mut Reader<'_>, graph: &mut Graph<'a>, node: Node<'a>) {
    let Some((entity, _)) = graph.described(reader, node) else {
        let message = format!(
            "a part of the distribution is {}, where an object is meant",
            node.noun()
        );
        reader.wrong(
            node,
            message,
            "nothing of it was verified; describe a file, with its path and its digest",
        );
        return reader.count_unusable();
    };
    let refusal = match () {
        () if entity.is(&["FileSet"]) => Some("these are files by a pattern, without a digest for any of them"),
        () if !entity.values("containedIn").is_empty() => {
            Some("the file is inside an archive, which was not looked into")
        }
        () => None,
    };
    match (refusal, entity.values("contentUrl")) {
        (Some(message), _) => {
            let help = "the digest of the archive vouches for it, where that is listed and verified";
            digests_alone(reader, graph, &entity);
            reader.unreached(place_of(&entity).unwrap_or(node), Severity::Warning, message, help);
            reader.count_unusable();
        }
        (None, []) => {
            reader.wrong(
                node,
                "the file has no `contentUrl`",
                "nothing of it was verified; write the path of the file",
            );
            reader.count_unusable();
        }
        (None, urls) => {
            if let Some((path, url)) = path_among(reader, graph, &entity, urls) {
                of_file(reader, graph, &entity, path, url);
            }
        }
    }
}

/// Where a part of the distribution says what it is: what to underline of it.
fn place_of<'a>(entity: &Entity<'a>) -> Option<Node<'a>> {
    let values = ["containedIn", "includes", "contentUrl"]
        .into_iter()
        .map(|name| entity.values(name));
    values.flatten().next().copied().or(entity.id_node)
}

/// The path of a file. An address beside it is another way to have it; one alone, or a second path, is not verified.
fn path_among<'a>(
    reader: &mut Reader<'_>,
    graph: &mut Graph<'a>,
    entity: &Entity<'a>,
    urls: &[Node<'a>],
) -> Option<(String, Node<'a>)> {
    let help = "nothing of the file was verified; write its path";
    let (mut found, mut addresses) = (None, Vec::new());
    for &url in urls {
        match graph.word(reader, "contentUrl", url) {
            Some(address) if is_address(&address) => addresses.push((address, url)),
            Some(path) if found.is_none() => found = Some((path, url)),
            Some(_) => {
                reader.wrong(
                    url,
                    "the file has a second path",
                    "it was verified by the first alone; describe it by itself",
                );
                reader.count_unusable();
            }
            None => {
                reader.wrong(url, "`contentUrl` is no text", help);
                reader.count_unusable();
            }
        }
    }
    match addresses.first() {
        Some(_) if found.is_some() => reader.package.lost.note("contentUrl beside the path"),
        Some((address, url)) => {
            digests_alone(reader, graph, entity);
            reader.remote(*url, address);
        }
        None => {}
    }
    found
}

fn of_file<'a>(reader: &mut Reader<'_>, graph: &mut Graph<'a>, entity: &Entity<'a>, path: String, url: Node<'a>) {
    let mut item = Item::new(path, Vec::new(), reader.at(url));
    let name = || entity.values("name").first().and_then(|name| name.text());
    item.facts.id = entity.id.clone().or_else(name).map(std::borrow::Cow::into_owned);
    let mut file = File::new(reader, graph, item);
    file.known_as.extend(file.item.facts.id.clone());
    let rest = entity.properties.iter().filter(|(name, _)| name != "contentUrl");
    file.read(rest);
}

/// What is wrong with the digests of a file that is not here.
fn digests_alone<'a>(reader: &mut Reader<'_>, graph: &mut Graph<'a>, entity: &Entity<'a>) {
    let nowhere = Item::new("", Vec::new(), Location::file(""));
    File::new(reader, graph, nowhere).judge_digests(&entity.properties);
}

/// The file of a description.
fn compose(draft: &Draft<'_>) -> String {
    let corpus = &draft.facts.corpus;
    let named = draft
        .texts()
        .zip(draft.names(|c| c.is_ascii_alphanumeric() || "-._/".contains(c)));
    let files =
        named.map(|((entry, size, extension), name)| file(entry, name, size).with_some(ENTRY, literal(extension)));
    let id = corpus.id.as_ref().filter(|id| is_reference(id));
    Object::default()
        .with("@context", context())
        .with("@type", "sc:Dataset")
        .with_some("@id", id)
        .with("conformsTo", VERSION)
        .with("name", corpus.title.as_deref().unwrap_or("A corpus of texts"))
        .with_some("license", corpus.license.as_ref().map(|license| licensed(license)))
        .with_some("inLanguage", corpus.language.as_ref())
        .with("datePublished", draft.day)
        .with_some(CORPUS, literal(Some(&draft.extensions.corpus)))
        .with("distribution", files.collect::<Vec<_>>())
        .into_text()
}

fn file(entry: &EntryFacts, name: String, size: u64) -> Object {
    let title = entry
        .title
        .as_deref()
        .unwrap_or_else(|| entry.path.rsplit('/').next().unwrap_or_default());
    let source = entry.source.as_ref();
    let agents = |kind: &'static str| {
        entry
            .author
            .iter()
            .map(move |name| agent(kind, name))
            .collect::<Vec<_>>()
    };
    Object::default()
        .with("@type", "cr:FileObject")
        .with("@id", name)
        .with("name", title)
        .with_some("description", entry.notes.as_ref())
        .with("contentUrl", &entry.path)
        .with("contentSize", format!("{size} B"))
        .with("encodingFormat", media_type(&entry.path))
        .with("sha256", &entry.sha256)
        .with_some("md5", entry.digests.get("md5"))
        .with_some("inLanguage", entry.language.as_ref())
        .with_list("author", agents("sc:Person"))
        .with_some(
            "publisher",
            entry.publisher.as_ref().map(|name| agent("sc:Organization", name)),
        )
        .with_some("datePublished", entry.published_at.as_ref())
        .with_some("dateModified", entry.modified_at.as_ref())
        .with_some("license", entry.license.as_ref().map(|license| licensed(license)))
        .with_some("url", source.map(|source| &source.url))
        .with_some(
            "mainEntityOfPage",
            source.and_then(|source| source.canonical_url.as_ref()),
        )
        .with_some(
            "sdDatePublished",
            source.and_then(|source| source.retrieved_at.as_ref()),
        )
        .with_some(
            "archivedAt",
            entry.archive.as_ref().and_then(|archive| archive.url.as_ref()),
        )
        .with_list("prov:wasAttributedTo", agents("prov:Agent"))
        .with_list("prov:wasDerivedFrom", origins(entry))
        .with_list("prov:wasGeneratedBy", entry.edits.iter().map(activity).collect())
}

fn licensed(license: &str) -> String {
    license_address(license).unwrap_or_else(|| license.to_owned())
}

fn agent(kind: &str, name: &str) -> Object {
    Object::default().with("@type", kind).with("name", name)
}

/// The address that a text comes from, and the files that it was made from.
fn origins(entry: &EntryFacts) -> Vec<Object> {
    let url = entry
        .source
        .iter()
        .map(|source| &source.url)
        .filter(|url| is_reference(url));
    let url = url.map(|url| Object::default().with("@id", url));
    let file = entry.derived_from.iter().map(|file| {
        let entity = Object::default().with("@type", "prov:Entity");
        entity
            .with_some("name", file.path.as_ref())
            .with("sha256", &file.sha256)
    });
    url.chain(file).collect()
}

/// An edit as an activity.
fn activity(edit: &EditFacts) -> Object {
    Object::default()
        .with("@type", "prov:Activity")
        .with("prov:endedAtTime", &edit.at)
        .with("description", &edit.reason)
        .with("vidimus:from", &edit.from)
        .with("vidimus:to", &edit.to)
        .with_values("vidimus:rule", &edit.rules)
}

/// The terms of the specification, each with what it stands for in its own namespace.
const TERMS: &[&str] = &[
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
];

/// The context of the specification, with PROV and our own namespace.
fn context() -> Value {
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "dct": "http://purl.org/dc/terms/",
        "description": { "@container": "@language" },
        "examples": { "@id": "cr:examples", "@type": "@json" },
        "name": { "@container": "@language" },
        "prov": "http://www.w3.org/ns/prov#",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "sc": "https://schema.org/",
        "vidimus": NAMESPACE,
    });
    for term in TERMS {
        context[*term] = format!("cr:{term}").into();
    }
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(text: &str) -> Package {
        read(Description::of(text.to_owned()), Stop::default()).expect("a package")
    }

    fn lost(package: &Package) -> Vec<String> {
        package.lost.list().into_iter().map(|lost| lost.what).collect()
    }

    #[test]
    fn every_version_and_spelling_is_read_in_the_terms_of_a_manifest() {
        let old = r#"{"@context": {"@vocab": "https://schema.org/", "sc": "https://schema.org/", "ml": "http://mlcommons.org/schema/"},
            "@type": "sc:Dataset", "name": "ferry", "license": "https://spdx.org/licenses/MIT", "recordSet": [], "distribution": [
            {"@type": "sc:FileObject", "name": "a.txt", "contentUrl": "a.txt", "encodingFormat": "text/plain", "sc:md5": "900150983cd24fb0d6963f7d28e17f72"}]}"#;
        let new = r#"{"@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "digest": "cr:md5"}, "@graph": [
            {"@id": "https://example.org/q", "@type": "Organization", "name": "Quay Press"},
            {"@type": "Dataset", "name": {"en": "ferry"}, "license": {"@id": "https://spdx.org/licenses/MIT.html"}, "cr:recordSet": [], "distribution":
            {"@type": "cr:FileObject", "@id": "a.txt", "name": "a.txt", "contentUrl": "a.txt", "digest": {"@value": "900150983cd24fb0d6963f7d28e17f72"}}}]}"#;
        for text in [old, new] {
            let package = package(text);
            assert_eq!(
                (package.corpus.title.as_deref(), package.corpus.license.as_deref()),
                (Some("ferry"), Some("MIT")),
                "{text}"
            );
            let item = &package.items[0];
            assert_eq!(
                (
                    item.facts.id.as_deref(),
                    item.facts.title.as_deref(),
                    item.digests.len()
                ),
                (Some("a.txt"), None, 1),
                "{text}"
            );
            assert_eq!(lost(&package), ["recordSet"], "{text}");
        }
    }

    #[test]
    fn where_a_text_comes_from_is_read_from_prov_and_schema_org() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let text = format!(
            r#"{{"@context": {{"@vocab": "https://schema.org/", "prov": "http://www.w3.org/ns/prov#"}}, "distribution": [{{"@id": "a", "contentUrl": "a.txt",
            "sha256": "{digest}", "name": "A late ferry", "creator": {{"name": "Ida", "email": "i"}}, "publisher": ["Quay", "Pier"],
            "inLanguage": {{"@type": "Language", "name": "en"}}, "datePublished": "2016-08-11", "dateModified": "soon", "archivedAt": "https://archive.example/a",
            "prov:wasDerivedFrom": [{{"@id": "https://example.org/a"}}, {{"@id": "raw/a.html", "sha256": "{digest}"}}],
            "sdDatePublished": "2025-03-13", "prov:wasAttributedTo": {{"name": "Eve"}}, "prov:wasGeneratedBy": {{"@type": "prov:Activity"}}, "sameAs": "b"}}]}}"#
        );
        let package = package(&text);
        let facts = &package.items[0].facts;
        assert_eq!(
            (facts.title.as_deref(), facts.author.join(" ")),
            (Some("A late ferry"), "Ida".to_owned())
        );
        assert_eq!(
            (facts.publisher.as_deref(), facts.language.as_deref()),
            (Some("Quay"), Some("en"))
        );
        assert_eq!(
            (facts.published_at.as_deref(), facts.modified_at.as_deref()),
            (Some("2016-08-11"), None)
        );
        let source = facts.source.as_ref().expect("a source");
        assert_eq!(
            (source.url.as_str(), source.retrieved_at.as_deref()),
            ("https://example.org/a", Some("2025-03-13"))
        );
        assert_eq!(facts.derived_from[0].path.as_deref(), Some("raw/a.html"));
        assert_eq!(
            facts.archive.as_ref().and_then(|archive| archive.url.as_deref()),
            Some("https://archive.example/a")
        );
        let expected = [
            "creator.email",
            "dateModified",
            "prov:wasAttributedTo",
            "prov:wasGeneratedBy",
            "publisher beyond the first",
            "sameAs",
        ];
        assert_eq!(lost(&package), expected);
    }
}
