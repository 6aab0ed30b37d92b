//! RO-Crate: a `ro-crate-metadata.json` whose flat graph describes the files beside it. Versions 1.0 to 1.3 are read, 1.3 is written.
//!
//! The name of a file in the graph is a relative address, so that spaces and the like are percent-encoded. What was done to a text is
//! an action whose result the file is. What a manifest says beyond the vocabularies stands in JSON literals, as the graph must be flat.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::json;

use super::described::{Described, Description, Naming, Reader, media_type, scheme};
use super::extension::Draft;
use super::json::Node;
use super::linked::{
    CORPUS, ENTRY, Entity, File, Graph, edit, is_reference, json_literal, license, license_address, literal, plain,
};
use super::terms::NAMESPACE;
use super::written::{Object, Written};
use super::{Item, Package};
use crate::error::{Error, Result};
use crate::finding::{Finding, Severity};
use crate::manifest::facts::{DerivationFacts, EditFacts, EntryFacts};
use crate::stop::Stop;

/// An RO-Crate.
pub(super) static RO_CRATE: Described = Described {
    name: "ro-crate",
    about: "an RO-Crate: a ro-crate-metadata.json, up to version 1.3",
    noun: "an RO-Crate",
    names: NAMES,
    signs: &["w3id.org/ro/crate", "ro-crate-metadata.json"],
    naming: Naming::Fixed,
    read,
    compose,
};

/// How the description is called; the second in version 1.0.
const NAMES: &[&str] = &["ro-crate-metadata.json", "ro-crate-metadata.jsonld"];
/// The version that is written.
const VERSION: &str = "https://w3id.org/ro/crate/1.3";

/// Reads a metadata file.
///
/// # Errors
/// Where it is none.
fn read(description: Description, stop: Stop<'_>) -> Result<Package> {
    let shown = description.shown.clone();
    Reader::read(description, "the RO-Crate", stop, |reader, _, fields| {
        let field = |name: &str| fields.0.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
        let mut graph = Graph::new(field("@context"));
        let nodes = field("@graph").and_then(Node::items);
        let nodes = nodes.ok_or_else(|| Error::Refused(format!("{shown} is no RO-Crate: it has no list `@graph`")))?;
        let mut entities = Vec::with_capacity(nodes.len());
        for node in nodes {
            reader.heed()?;
            match graph.entity(reader, node) {
                Some(entity) => entities.push((node, entity)),
                None => reader.wrong(
                    node,
                    format!("an entity is {}, where an object is meant", node.noun()),
                    "it was not read",
                ),
            }
        }
        for (node, entity) in &entities {
            entity.id.iter().for_each(|id| graph.know(id, *node));
        }
        Crate::new(&entities).read(reader, &mut graph)
    })
}

/// The entities of a crate, and how they hang together.
struct Crate<'c, 'a> {
    all: &'c [(Node<'a>, Entity<'a>)],
    /// The entity of the metadata file itself.
    descriptor: Option<&'c Entity<'a>>,
    root: String,
    /// What each file is the result of.
    actions: HashMap<String, Vec<&'c Entity<'a>>>,
    /// What some `hasPart` leads to.
    parts: HashSet<String>,
}

impl<'c, 'a> Crate<'c, 'a> {
    fn new(all: &'c [(Node<'a>, Entity<'a>)]) -> Self {
        let descriptor = descriptor_of(all);
        let about = descriptor.and_then(|entity| id_of(*entity.values("about").first()?));
        let mut actions: HashMap<String, Vec<&Entity<'_>>> = HashMap::new();
        let mut parts = HashSet::new();
        for (_, entity) in all {
            parts.extend(entity.values("hasPart").iter().filter_map(|part| id_of(*part)));
            let results = entity.values("result").iter().filter_map(|result| id_of(*result));
            results.for_each(|result| actions.entry(result).or_default().push(entity));
        }
        let root = about.unwrap_or_else(|| "./".to_owned());
        Self {
            all,
            descriptor,
            root,
            actions,
            parts,
        }
    }

    fn read(&self, reader: &mut Reader<'_>, graph: &mut Graph<'a>) -> Result<()> {
        let mut stray = Vec::new();
        for (node, entity) in self.all {
            reader.heed()?;
            dangling_parts(reader, graph, entity);
            match entity.id.as_deref() {
                Some(id) if plain(id) == self.root => of_root(reader, graph, entity),
                Some(id) if self.is_file(entity) => {
                    stray.extend((!self.parts.contains(plain(id))).then_some(*node));
                    self.of_file(reader, graph, entity, *node);
                }
                None if self.is_file(entity) => {
                    let help = "nothing of it was verified; name it by its path";
                    reader.wrong(*node, "the file has no `@id`", help);
                    reader.count_unusable();
                }
                Some(id) if entity.is(&["Dataset"]) => of_folder(reader, entity, id, *node),
                _ => {}
            }
        }
        say_stray(reader, &stray);
        self.note_unused(reader, graph);
        Ok(())
    }

    fn is_descriptor(&self, entity: &Entity<'_>) -> bool {
        self.descriptor.is_some_and(|own| std::ptr::eq(own, entity))
    }

    fn is_file(&self, entity: &Entity<'_>) -> bool {
        entity.is(&["File", "MediaObject"]) && !self.is_descriptor(entity)
    }

    fn of_file(&self, reader: &mut Reader<'_>, graph: &mut Graph<'a>, entity: &Entity<'a>, node: Node<'a>) {
        let (id, place) = (entity.id.as_deref().unwrap_or_default(), entity.id_node.unwrap_or(node));
        let nowhere = || Item::new("", Vec::new(), reader.at(place));
        if scheme(id).is_some() || id.starts_with('#') {
            let item = nowhere();
            File::new(reader, graph, item).judge_digests(&entity.properties);
            return reader.remote(place, id);
        }
        let mut item = nowhere();
        item.facts.path = path_of(reader, id);
        let edits = self
            .actions
            .get(plain(id))
            .into_iter()
            .flatten()
            .filter_map(|action| edit(action));
        item.facts.edits.extend(edits);
        let mut file = File::new(reader, graph, item);
        file.known_as.push(id.to_owned());
        file.read(entity.properties.iter());
    }

    /// What is described and nothing that was read refers to.
    fn note_unused(&self, reader: &mut Reader<'_>, graph: &Graph<'a>) {
        for (_, entity) in self.all {
            let id = entity.id.as_deref().unwrap_or_default();
            let read = plain(id) == self.root || self.is_descriptor(entity) || self.is_file(entity);
            let read = read || graph.was_used(id);
            let is_edit = || edit(entity).is_some() && !entity.values("result").is_empty();
            if !(read || entity.is(&["Dataset"]) || is_edit()) {
                let kind = entity.types.first().map_or("an entity without a type", String::as_str);
                reader.package.lost.note(kind);
            }
        }
    }
}

/// The entity of the metadata file: the one beside it in the folder, or, where the crate is read from elsewhere, the one whose name
/// ends as that of such a file. The metadata of a crate in a folder below are a file like any other.
fn descriptor_of<'c, 'a>(all: &'c [(Node<'a>, Entity<'a>)]) -> Option<&'c Entity<'a>> {
    let named = |fits: fn(&str) -> bool| {
        let mut entities = all.iter().map(|(_, entity)| entity);
        entities.find(|entity| entity.id.as_deref().is_some_and(|id| fits(plain(id))))
    };
    named(|id| NAMES.contains(&id)).or_else(|| {
        named(|id| {
            let name = scheme(id).map_or(id, |_| id.rsplit('/').next().unwrap_or_default());
            NAMES.contains(&name) || (name.ends_with("-ro-crate-metadata.json") && !name.contains('/'))
        })
    })
}

/// What a reference leads to.
fn id_of(node: Node<'_>) -> Option<String> {
    let id = match node.fields() {
        Some(fields) => fields.0.into_iter().find(|(key, _)| key == "@id")?.1,
        None => node,
    };
    Some(plain(&id.text()?).to_owned())
}

/// Says which parts are named and not described.
fn dangling_parts<'a>(reader: &mut Reader<'_>, graph: &Graph<'a>, entity: &Entity<'a>) {
    for part in entity.values("hasPart").iter().filter(|part| !part.is_null()) {
        let message = match id_of(*part) {
            Some(id) if graph.knows(&id) => continue,
            Some(id) => format!("`hasPart` names `{id}`, which the crate does not describe"),
            None => "`hasPart` names something without an `@id`".to_owned(),
        };
        let help = "nothing of it was verified; describe it, with its digest";
        reader.wrong(*part, message, help);
        reader.count_unusable();
    }
}

/// Says that files are described which no `hasPart` leads to.
fn say_stray(reader: &mut Reader<'_>, stray: &[Node<'_>]) {
    let Some(first) = stray.first() else { return };
    let more = match stray.len() - 1 {
        0 => String::new(),
        more => format!(", and no more to {more} others"),
    };
    let message = format!("no `hasPart` leads to this file{more}, so that other tools may not see it");
    let finding = Finding::new("manifest/invalid-value", Severity::Warning, reader.at(*first), message);
    reader.say(finding.help("it was verified; name it in the `hasPart` of its folder"));
}

fn of_root<'a>(reader: &mut Reader<'_>, graph: &mut Graph<'a>, root: &Entity<'a>) {
    let mut extension = None;
    for (name, values) in &root.properties {
        match &**name {
            "hasPart" | "mentions" | "conformsTo" => {} // They are read on their own, or say what the crate is.
            "name" => reader.package.corpus.title = graph.one(reader, name, values),
            "identifier" => reader.package.corpus.id = graph.one(reader, name, values),
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

/// A folder whose files are not described one by one.
fn of_folder(reader: &mut Reader<'_>, entity: &Entity<'_>, id: &str, node: Node<'_>) {
    if !entity.values("hasPart").is_empty() {
        return;
    }
    let (message, help) = match scheme(id) {
        Some(_) => (
            "this dataset is at an address; it was not fetched",
            "describe the files of it that are here",
        ),
        None => (
            "the files of this folder are not described, so that there is nothing to verify them by",
            "describe each, with its digest",
        ),
    };
    reader.unreached(entity.id_node.unwrap_or(node), Severity::Warning, message, help);
    reader.count_unusable();
}

/// The path that an address in a crate leads to. Crates whose addresses were never encoded are read too, where the file shows that.
fn path_of(reader: &Reader<'_>, id: &str) -> String {
    let written = plain(id);
    let decoded = decoded(written).filter(|decoded| decoded != written);
    match decoded {
        Some(decoded) if reader.stands(&decoded) || !reader.stands(written) => decoded,
        _ => written.to_owned(),
    }
}

/// The bytes that a relative address stands for (RFC 3986, 2.1), where they are UTF-8.
fn decoded(address: &str) -> Option<String> {
    let mut pieces = address.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&piece.as_bytes()[2..]);
            }
            None => {
                bytes.push(b'%');
                bytes.extend_from_slice(piece.as_bytes());
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// The relative address of a path; letters beyond ASCII stand as they are.
fn encoded(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-._~/".contains(c);
    let bytes = |c: char| c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encode = |c: char| if plain(c) { c.to_string() } else { bytes(c) };
    path.chars().map(encode).collect()
}

/// What files refer to, each described once.
#[derive(Default)]
struct Contexts {
    described: Vec<Object>,
    known: BTreeMap<&'static str, HashMap<String, String>>,
}

impl Contexts {
    /// A reference to what is called so, which is described where it is not yet: at its own address, or under a name by its kind.
    fn refer(
        &mut self,
        kind: &'static str,
        key: &str,
        own: Option<&str>,
        describe: impl FnOnce(Object) -> Object,
    ) -> Object {
        let (kind, key) = own.map_or((kind, key), |address| ("address", address)); // One entity for an address, whatever it is.
        let known = self.known.entry(kind).or_default();
        let id = known.get(key).cloned().unwrap_or_else(|| {
            let number = known.len() + 1;
            let id = own.map_or_else(|| format!("#{kind}-{number}"), str::to_owned);
            known.insert(key.to_owned(), id.clone());
            self.described.push(describe(Object::default().with("@id", &id)));
            id
        });
        Object::default().with("@id", id)
    }

    fn person(&mut self, name: &str) -> Object {
        self.refer("person", name, None, |entity| {
            entity.with("@type", "Person").with("name", name)
        })
    }

    fn organization(&mut self, name: &str) -> Object {
        self.refer("organization", name, None, |entity| {
            entity.with("@type", "Organization").with("name", name)
        })
    }

    fn license(&mut self, license: &str) -> Object {
        let address = license_address(license);
        self.refer("license", license, address.as_deref(), |entity| {
            entity.with("@type", "CreativeWork").with("name", license)
        })
    }

    fn page(&mut self, url: &str) -> Object {
        self.refer("page", url, Some(url), |entity| {
            entity.with("@type", "WebPage").with("name", url)
        })
    }

    /// A file that a text was made from and that is no part of the crate.
    fn origin(&mut self, origin: &DerivationFacts) -> Object {
        let key = format!("{} {}", origin.sha256, origin.path.as_deref().unwrap_or_default());
        self.refer("origin", &key, None, |entity| {
            let entity = entity.with("@type", "CreativeWork");
            entity
                .with_some("name", origin.path.as_ref())
                .with("sha256", &origin.sha256)
        })
    }
}

/// The metadata file of a crate.
fn compose(draft: &Draft<'_>) -> String {
    let mut contexts = Contexts::default();
    let mut files = Vec::with_capacity(draft.facts.entries.len());
    let mut actions = Vec::new();
    for (entry, size, extension) in draft.texts() {
        files.push(file(entry, size, &mut contexts).with_some(ENTRY, literal(extension)));
        for edit in &entry.edits {
            actions.push(action(entry, edit, actions.len() + 1));
        }
    }
    let root = root(draft, actions.len(), &mut contexts);
    let descriptor = Object::default()
        .with("@id", NAMES[0])
        .with("@type", "CreativeWork")
        .with("conformsTo", Object::default().with("@id", VERSION))
        .with("about", Object::default().with("@id", "./"));
    let graph = [descriptor, root]
        .into_iter()
        .chain(files)
        .chain(contexts.described)
        .chain(actions);
    Object::default()
        .with(
            "@context",
            json!([format!("{VERSION}/context"), { "prov": "http://www.w3.org/ns/prov#", "vidimus": NAMESPACE }]),
        )
        .with("@graph", graph.collect::<Vec<_>>())
        .into_text()
}

/// The crate as a whole. Its name, a description, a date and a licence must be there.
fn root(draft: &Draft<'_>, actions: usize, contexts: &mut Contexts) -> Object {
    let corpus = &draft.facts.corpus;
    let license = corpus.license.as_deref();
    let license = license.map(|license| Written::from(contexts.license(license)));
    let license = license.unwrap_or_else(|| "None is recorded for the whole; see the files.".into());
    let actions = (1..=actions).map(|number| Object::default().with("@id", format!("#edit-{number}")));
    let parts = draft
        .facts
        .entries
        .iter()
        .map(|entry| Object::default().with("@id", encoded(&entry.path)));
    Object::default()
        .with("@id", "./")
        .with("@type", "Dataset")
        .with("name", corpus.title.as_deref().unwrap_or("A corpus of texts"))
        .with("description", "A corpus of texts, each with its size and its SHA-256")
        .with("datePublished", draft.day)
        .with("license", license)
        .with_some("identifier", corpus.id.as_ref())
        .with_some("inLanguage", corpus.language.as_ref())
        .with_some(CORPUS, literal(Some(&draft.extensions.corpus)))
        .with_values("hasPart", parts)
        .with_values("mentions", actions)
}

fn file(entry: &EntryFacts, size: u64, contexts: &mut Contexts) -> Object {
    let title = entry
        .title
        .as_deref()
        .unwrap_or_else(|| entry.path.rsplit('/').next().unwrap_or_default());
    let source = entry.source.as_ref();
    let authors: Vec<Object> = entry.author.iter().map(|name| contexts.person(name)).collect();
    Object::default()
        .with("@id", encoded(&entry.path))
        .with("@type", "File")
        .with("name", title)
        .with_some("description", entry.notes.as_ref())
        .with("encodingFormat", media_type(&entry.path))
        .with("contentSize", size.to_string())
        .with("sha256", &entry.sha256)
        .with_some("identifier", entry.id.as_ref())
        .with_some("inLanguage", entry.language.as_ref())
        .with_values("author", authors)
        .with_some(
            "publisher",
            entry.publisher.as_ref().map(|name| contexts.organization(name)),
        )
        .with_some("datePublished", entry.published_at.as_ref())
        .with_some("dateModified", entry.modified_at.as_ref())
        .with_some(
            "license",
            entry.license.as_ref().map(|license| contexts.license(license)),
        )
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
        .with_values("prov:wasDerivedFrom", origins(entry, contexts))
}

/// The address that a text comes from, and the files that it was made from.
fn origins(entry: &EntryFacts, contexts: &mut Contexts) -> Vec<Object> {
    let url = entry
        .source
        .iter()
        .map(|source| &source.url)
        .filter(|url| is_reference(url));
    let mut origins: Vec<Object> = url.map(|url| contexts.page(url)).collect();
    origins.extend(entry.derived_from.iter().map(|origin| contexts.origin(origin)));
    origins
}

/// An edit as the action that the file is a result of.
fn action(entry: &EntryFacts, edit: &EditFacts, number: usize) -> Object {
    Object::default()
        .with("@id", format!("#edit-{number}"))
        .with("@type", "CreateAction")
        .with("name", "An edit")
        .with("description", &edit.reason)
        .with("endTime", &edit.at)
        .with("result", Object::default().with("@id", encoded(&entry.path)))
        .with("vidimus:from", &edit.from)
        .with("vidimus:to", &edit.to)
        .with_values("vidimus:rule", &edit.rules)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_address_is_read_as_the_path_that_it_was_written_for(path: String) {
            prop_assert_eq!(decoded(&encoded(&path)), Some(path));
        }
    }

    #[test]
    fn an_address_that_was_never_encoded_is_left_as_it_is() {
        for (address, path) in [
            ("a%20b", "a b"),
            ("100%", "100%"),
            ("%zz", "%zz"),
            ("%C3%A9", "é"),
            ("%é", "%é"),
        ] {
            assert_eq!(decoded(address).as_deref(), Some(path), "{address}");
        }
        assert_eq!(decoded("%FF"), None);
    }

    #[test]
    fn a_crate_of_version_1_1_is_read_in_the_terms_of_a_manifest() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let text = format!(
            r##"{{"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [
            {{"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "conformsTo": {{"@id": "https://w3id.org/ro/crate/1.1"}}, "about": {{"@id": "./"}}}},
            {{"@id": "./", "@type": "Dataset", "name": "Ferry letters", "identifier": "x", "license": {{"@id": "#l"}}, "datePublished": "2025",
              "hasPart": [{{"@id": "a%20b.txt"}}]}},
            {{"@id": "#l", "@type": "CreativeWork", "name": "All rights reserved"}},
            {{"@id": "a%20b.txt", "@type": ["File", "SoftwareSourceCode"], "name": "A", "sha256": "{digest}", "contentSize": "3", "author": [{{"@id": "#i"}}, "Tom"]}},
            {{"@id": "#i", "@type": "Person", "name": "Ida"}},
            {{"@id": "#e", "@type": "CreateAction", "endTime": "2025-01-01", "result": {{"@id": "a%20b.txt"}}}},
            {{"@id": "#o", "@type": "Organization", "name": "Nobody refers to it"}}]}}"##
        );
        let package = read(Description::of(text), Stop::default()).expect("a package");
        assert_eq!(package.corpus.license.as_deref(), Some("All rights reserved"));
        assert_eq!(
            (package.corpus.id.as_deref(), package.corpus.title.as_deref()),
            (Some("x"), Some("Ferry letters"))
        );
        let [item] = package.items.as_slice() else {
            panic!("{:?}", package.items)
        };
        assert_eq!(
            (item.facts.path.as_str(), item.size, item.digests.len()),
            ("a b.txt", Some(3), 1)
        );
        assert_eq!(
            (item.facts.title.as_deref(), item.facts.author.join(" ")),
            (Some("A"), "Ida Tom".to_owned())
        );
        assert!(package.findings.is_empty() && item.facts.edits.is_empty());
        let lost: Vec<String> = package.lost.list().into_iter().map(|lost| lost.what).collect();
        assert_eq!(lost, ["CreateAction", "Organization", "datePublished"]);
    }
}
