//! Data packages, as Frictionless describes them: a `datapackage.json` of version 1 or 2 beside the files that it lists.
//!
//! A resource has one `hash`, of which the specification says that it is an MD5 where it names no algorithm. What a manifest says
//! beyond the specification stands in a property `vidimus`, as it allows further properties.

use super::described::{Described, Description, Naming, Reader, is_address, media_type, scheme};
use super::extension::{Draft, Keys};
use super::json::{Fields, Node};
use super::written::{Object, Written};
use super::{Item, Package};
use crate::digest::Algorithm;
use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::manifest::facts::{EntryFacts, SourceFacts};
use crate::stop::Stop;

/// A data package.
pub(super) static FRICTIONLESS: Described = Described {
    name: "frictionless",
    about: "a data package: the datapackage.json of Frictionless, version 1 or 2",
    noun: "a data package",
    names: &["datapackage.json"],
    signs: &["\"resources\""],
    naming: Naming::Telling,
    read,
    compose,
};

/// The profile that is written.
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";
/// The name of a licence that has none; what it is stands in its title.
const OTHER: &str = "other";
/// The property for what the specification does not name.
const EXTENSION: &str = "vidimus";

/// Reads the file of a data package.
///
/// # Errors
/// Where it is none.
fn read(description: Description, stop: Stop<'_>) -> Result<Package> {
    let shown = description.shown.clone();
    Reader::read(description, "the data package", stop, |reader, _, fields| {
        let mut resources = None;
        let mut inherited = Inherited::default();
        for (key, value) in fields.0 {
            match &*key {
                "resources" => resources = Some(value),
                key => of_package(reader, &mut inherited, key, value),
            }
        }
        if let Some(extension) = inherited.extension {
            reader.extend_corpus(extension, extension.value());
        }
        let list = resources.and_then(Node::items);
        let list = list.ok_or_else(|| no_resources(&shown, resources))?;
        for (index, resource) in list.into_iter().enumerate() {
            if index % 1024 == 0 {
                reader.heed()?;
            }
            of_resource(reader, &inherited, resource);
        }
        Ok(())
    })
}

fn no_resources(shown: &str, found: Option<Node<'_>>) -> Error {
    let why = match found {
        Some(node) => format!("its `resources` are {}, where a list is meant", node.noun()),
        None => "it has no `resources`".to_owned(),
    };
    Error::Refused(format!("{shown} is no data package: {why}"))
}

/// What resources take over from their package.
#[derive(Default)]
struct Inherited<'a> {
    source: Option<String>,
    extension: Option<Node<'a>>,
}

fn of_package<'a>(reader: &mut Reader<'_>, inherited: &mut Inherited<'a>, key: &str, value: Node<'a>) {
    match key {
        "$schema" | "profile" => {} // It says what the file is.
        "id" => reader.package.corpus.id = reader.text(key, value),
        "name" => {
            let name = reader.text(key, value);
            reader.package.corpus.id = reader.package.corpus.id.take().or(name);
        }
        "title" => reader.package.corpus.title = reader.text(key, value),
        "licenses" => reader.package.corpus.license = license(reader, value),
        "sources" => inherited.source = source(reader, value, None),
        EXTENSION => inherited.extension = Some(value),
        key => reader.package.lost.note(key),
    }
}

/// A resource as it is taken apart.
#[derive(Default)]
struct Resource<'a> {
    path: Option<Node<'a>>,
    hash: Option<Node<'a>>,
    bytes: Option<Node<'a>>,
    data: Option<Node<'a>>,
    sources: Option<Node<'a>>,
    extension: Option<Node<'a>>,
    facts: EntryFacts,
    /// What tells the kind of file, to be compared with its name.
    kinds: Vec<(String, Node<'a>)>,
}

fn of_resource(reader: &mut Reader<'_>, inherited: &Inherited<'_>, node: Node<'_>) {
    let Some(fields) = reader.fields(node) else {
        let message = format!("a resource is {}, where an object is meant", node.noun());
        reader.wrong(
            node,
            message,
            "nothing of it was verified; write a name, a path and a hash",
        );
        reader.count_unusable();
        return;
    };
    let resource = take_apart(reader, fields);
    match (resource.path, resource.data) {
        (Some(path), _) => at_path(reader, inherited, &resource, path),
        (None, Some(data)) => {
            let message =
                "the data of the resource stand in the data package itself, so that there is no file to verify";
            reader.unreached(
                data,
                Severity::Warning,
                message,
                "put them into a file and list its hash",
            );
            reader.count_unusable();
        }
        (None, None) => {
            reader.wrong(
                node,
                "the resource has no path",
                "nothing of it was verified; write the path of its file",
            );
            reader.count_unusable();
        }
    }
}

fn take_apart<'a>(reader: &mut Reader<'_>, fields: Fields<'a>) -> Resource<'a> {
    let mut resource = Resource::default();
    for (key, value) in fields.0 {
        let facts = &mut resource.facts;
        match &*key {
            "path" => resource.path = Some(value),
            "hash" => resource.hash = Some(value),
            "bytes" => resource.bytes = Some(value),
            "data" => resource.data = Some(value),
            "sources" => resource.sources = Some(value),
            EXTENSION => resource.extension = Some(value),
            "name" => facts.id = reader.text("name", value),
            "title" => facts.title = reader.text("title", value),
            "description" => facts.notes = reader.text("description", value),
            "licenses" => facts.license = license(reader, value),
            "contributors" => contributors(reader, facts, value),
            "mediatype" | "format" => resource.kinds.push((key.into_owned(), value)),
            "profile" | "$schema" | "type" => {} // They say how a file is meant, not what it is.
            key => reader.package.lost.note(key),
        }
    }
    resource
}

/// The files of a resource.
fn at_path(reader: &mut Reader<'_>, inherited: &Inherited<'_>, resource: &Resource<'_>, path: Node<'_>) {
    if let Some(paths) = path.items().filter(|paths| paths.len() != 1) {
        return parts(reader, resource, path, &paths);
    }
    let path = path.items().map_or(path, |paths| paths[0]);
    let Some(text) = path.text() else {
        let message = format!("the path is {}, where text is meant", path.noun());
        reader.wrong(path, message, "nothing of it was verified; write the path of a file");
        reader.count_unusable();
        return;
    };
    if is_address(&text) {
        return reader.remote(path, &text);
    }
    let mut item = Item::new(text, Vec::new(), reader.at(path));
    item.facts = EntryFacts {
        path: item.facts.path,
        ..resource.facts.clone()
    };
    for (key, kind) in &resource.kinds {
        if !tells_the_same(key, &kind.text().unwrap_or_default(), &item.facts.path) {
            reader.package.lost.note(key);
        }
    }
    let own = resource
        .sources
        .and_then(|node| source(reader, node, item.facts.title.as_deref()));
    item.facts.source = own.or_else(|| inherited.source.clone()).map(|url| SourceFacts {
        url,
        ..SourceFacts::default()
    });
    if let Some(hash) = resource.hash {
        of_hash(reader, &mut item, hash);
    }
    if let Some(bytes) = resource.bytes {
        size(reader, &mut item, bytes);
    }
    item.facts.bytes = item.size;
    if let Some(extension) = resource.extension {
        reader.extend(&mut item, extension, extension.value());
    }
    reader.list(item);
}

/// Whether a media type or format tells no more than the name of the file.
fn tells_the_same(key: &str, kind: &str, path: &str) -> bool {
    match key {
        "mediatype" => kind == media_type(path),
        _ => path.rsplit_once('.').is_some_and(|(_, ending)| ending == kind),
    }
}

/// Files that are one resource together: their hash, if they have one, is of them all, and nothing says how they are joined.
fn parts(reader: &mut Reader<'_>, resource: &Resource<'_>, path: Node<'_>, paths: &[Node<'_>]) {
    let message = format!(
        "the resource is {} files together, so that none of them can be verified alone",
        paths.len()
    );
    let help = "make a resource of each file, with its own hash";
    reader.unreached(path, Severity::Error, message, help);
    for node in paths {
        match node.text() {
            Some(path) if is_address(&path) => reader.remote(*node, &path),
            Some(path) => {
                let item = Item::new(path, Vec::new(), reader.at(*node));
                let facts = EntryFacts {
                    id: None,
                    path: item.facts.path.clone(),
                    ..resource.facts.clone()
                };
                reader.list(Item {
                    facts,
                    explained: true,
                    ..item
                });
            }
            None => reader.count_unusable(),
        }
    }
    if paths.is_empty() {
        reader.count_unusable();
    }
}

/// `sha256:…`, or an MD5 alone.
fn of_hash(reader: &mut Reader<'_>, item: &mut Item, node: Node<'_>) {
    let Some(text) = node.text() else {
        item.explained = true;
        let message = format!("the hash is {}, where text is meant", node.noun());
        return reader.wrong(
            node,
            message,
            "nothing is verified against it; write `sha256:` and the digest",
        );
    };
    let (name, value) = text.split_once(':').unwrap_or(("", &text));
    match Algorithm::from_name(name) {
        Some(algorithm) => reader.digest(item, node, value, algorithm, false),
        None if name.is_empty() || is_address(&text) => reader.digest(item, node, &text, Algorithm::Md5, false),
        None => reader.unknown_algorithm(item, node, name),
    }
}

fn size(reader: &mut Reader<'_>, item: &mut Item, node: Node<'_>) {
    item.size = node.integer();
    if item.size.is_none() && !node.is_null() {
        reader.wrong(
            node,
            "`bytes` is no number of bytes",
            "write the size as a whole number, or leave it out",
        );
    }
}

/// The one licence that a manifest has room for.
fn license(reader: &mut Reader<'_>, node: Node<'_>) -> Option<String> {
    let one = one_of(reader, "licenses", node, "since a manifest has one licence for a text")?;
    let mut found: [Option<String>; 3] = Default::default();
    for (key, value) in reader.fields(one)?.0 {
        match &*key {
            "name" => found[0] = reader.text("licenses.name", value),
            "path" => found[1] = reader.text("licenses.path", value),
            "title" => found[2] = reader.text("licenses.title", value),
            key => reader.package.lost.note(format!("licenses.{key}")),
        }
    }
    let [name, path, title] = found;
    let name = name.filter(|name| name != OTHER || title.is_none());
    let title = title.filter(|title| Some(title) != name.as_ref());
    let said = [
        (&name, "licenses.name"),
        (&title, "licenses.title"),
        (&path, "licenses.path"),
    ];
    let further = said.into_iter().filter(|(value, _)| value.is_some()).skip(1);
    further.for_each(|(_, key)| reader.package.lost.note(key));
    name.or(title).or(path)
}

/// The address of the first source.
fn source(reader: &mut Reader<'_>, node: Node<'_>, title: Option<&str>) -> Option<String> {
    let one = one_of(reader, "sources", node, "since a manifest has one address for a text")?;
    let (mut url, mut titled) = (None, None);
    for (key, value) in reader.fields(one)?.0 {
        match &*key {
            "path" => url = reader.text("sources.path", value).filter(|path| is_address(path)),
            "title" => titled = reader.text("sources.title", value),
            key => reader.package.lost.note(format!("sources.{key}")),
        }
    }
    let known = titled.is_none() || titled.as_deref() == title || titled == url;
    match &url {
        None => reader.package.lost.note_because("sources", "since it gives no address"),
        Some(_) if !known => reader.package.lost.note("sources.title"),
        Some(_) => {}
    }
    url
}

/// The first of a list, and the word that there are more.
fn one_of<'a>(reader: &mut Reader<'_>, key: &str, node: Node<'a>, why: &str) -> Option<Node<'a>> {
    let Some(items) = node.items() else {
        reader.package.lost.note_because(key, "since it is no list");
        return None;
    };
    if items.len() > 1 {
        reader.package.lost.note_because(format!("{key} beyond the first"), why);
    }
    let first = items.first().copied();
    first.filter(|first| first.noun() == "an object")
}

/// Authors, and the publisher.
fn contributors(reader: &mut Reader<'_>, facts: &mut EntryFacts, node: Node<'_>) {
    let Some(items) = node.items() else {
        return reader.package.lost.note_because("contributors", "since it is no list");
    };
    for item in items {
        let Some((name, role)) = contributor(reader, item) else {
            continue;
        };
        match role.as_deref() {
            None | Some("author" | "creator") => facts.author.push(name),
            Some("publisher") if facts.publisher.is_none() => facts.publisher = Some(name),
            Some(role) => reader.package.lost.note(format!("contributors, as {role}")),
        }
    }
}

fn contributor(reader: &mut Reader<'_>, node: Node<'_>) -> Option<(String, Option<String>)> {
    let (mut name, mut role) = (None, None);
    for (key, value) in reader.fields(node)?.0 {
        match &*key {
            "title" => name = reader.text("contributors.title", value),
            "role" => role = reader.text("contributors.role", value),
            "roles" => {
                role = value
                    .items()
                    .and_then(|roles| Some(roles.first()?.text()?.into_owned()))
            }
            key => reader.package.lost.note(format!("contributors.{key}")),
        }
    }
    Some((name?, role))
}

/// The file of a data package.
fn compose(draft: &Draft<'_>) -> String {
    let corpus = &draft.facts.corpus;
    let named = draft
        .texts()
        .zip(draft.names(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._/".contains(c)));
    let resources = named.map(|((entry, size, extension), name)| {
        resource(entry, name, size).with_some(EXTENSION, extension_of(extension))
    });
    Object::default()
        .with("$schema", PROFILE)
        .with_some("id", corpus.id.as_ref())
        .with_some("title", corpus.title.as_ref())
        .with("created", format!("{}T00:00:00Z", draft.day))
        .with_list(
            "licenses",
            corpus.license.iter().map(|license| licensed(license)).collect(),
        )
        .with_some(EXTENSION, extension_of(Some(&draft.extensions.corpus)))
        .with("resources", resources.collect::<Vec<_>>())
        .into_text()
}

fn extension_of(keys: Option<&Keys>) -> Option<Written> {
    keys.map(|keys| Written::Value(keys.clone().into()))
}

fn resource(entry: &EntryFacts, name: String, size: u64) -> Object {
    let source = entry.source.iter().map(|source| sourced(entry, source));
    let author = entry.author.iter().map(|author| contributing(author, "author"));
    let publisher = entry
        .publisher
        .iter()
        .map(|publisher| contributing(publisher, "publisher"));
    Object::default()
        .with("name", name)
        .with("path", path_of(entry))
        .with("mediatype", media_type(&entry.path))
        .with("hash", format!("sha256:{}", entry.sha256))
        .with("bytes", size)
        .with_some("title", entry.title.as_ref())
        .with_some("description", entry.notes.as_ref())
        .with_list(
            "licenses",
            entry.license.iter().map(|license| licensed(license)).collect(),
        )
        .with_list("sources", source.collect())
        .with_list("contributors", author.chain(publisher).collect())
}

/// The path, so that nobody takes what stands before a colon for the scheme of an address.
fn path_of(entry: &EntryFacts) -> String {
    let before = if scheme(&entry.path).is_some() { "./" } else { "" };
    format!("{before}{}", entry.path)
}

fn licensed(license: &str) -> Object {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    match license {
        name if !name.is_empty() && name.chars().all(sound) => Object::default().with("name", name),
        address if is_address(address) => Object::default().with("path", address),
        title => Object::default().with("name", OTHER).with("title", title),
    }
}

fn sourced(entry: &EntryFacts, source: &SourceFacts) -> Object {
    let title = entry.title.as_ref().unwrap_or(&source.url);
    Object::default().with("title", title).with("path", &source.url)
}

fn contributing(name: &str, role: &str) -> Object {
    let roles = Written::List(vec![role.into()]);
    Object::default().with("title", name).with("roles", roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_version_1_is_read_in_the_terms_of_a_manifest() {
        let text = r#"{"profile": "data-package", "name": "ferry", "title": "Ferry letters", "homepage": "https://example.org",
            "sources": [{"title": "Quay", "path": "https://example.org/all"}], "licenses": [{"name": "MIT", "path": "https://example.org/mit"}],
            "resources": [
                {"name": "a", "path": "./a.txt", "hash": "900150983cd24fb0d6963f7d28e17f72", "bytes": 3, "title": "A", "description": "n",
                 "format": "txt", "mediatype": "text/plain", "encoding": "utf-8", "licenses": [{"path": "https://example.org/l"}],
                 "contributors": [{"title": "Ida", "role": "author"}, {"title": "Tom"}, {"title": "Quay Press", "role": "publisher"},
                                  {"title": "Eve", "role": "wrangler", "email": "e"}]},
                {"name": "b", "path": "b.txt", "sources": [{"path": "https://example.org/b"}, {"path": "https://example.org/c"}]}]}"#;
        let package = read(Description::of(text.to_owned()), Stop::default()).expect("a package");
        let corpus = &package.corpus;
        assert_eq!(
            (corpus.id.as_deref(), corpus.title.as_deref()),
            (Some("ferry"), Some("Ferry letters"))
        );
        assert_eq!(corpus.license.as_deref(), Some("MIT"));
        let [a, b] = package.items.as_slice() else {
            panic!("{:?}", package.items)
        };
        assert_eq!((a.facts.path.as_str(), a.size, a.digests.len()), ("a.txt", Some(3), 1));
        assert_eq!(
            (
                a.facts.id.as_deref(),
                a.facts.title.as_deref(),
                a.facts.notes.as_deref()
            ),
            (Some("a"), Some("A"), Some("n"))
        );
        assert_eq!(
            (a.facts.author.join(" "), a.facts.publisher.as_deref()),
            ("Ida Tom".to_owned(), Some("Quay Press"))
        );
        assert_eq!(a.facts.license.as_deref(), Some("https://example.org/l"));
        let url = |item: &Item| item.facts.source.as_ref().map(|source| source.url.clone());
        assert_eq!(
            url(a).as_deref(),
            Some("https://example.org/all"),
            "what its package says holds for a resource that says nothing"
        );
        assert_eq!(url(b).as_deref(), Some("https://example.org/b"));
        let lost: Vec<String> = package.lost.list().into_iter().map(|lost| lost.what).collect();
        let expected = [
            "contributors, as wrangler",
            "contributors.email",
            "encoding",
            "homepage",
            "licenses.path",
            "sources beyond the first",
            "sources.title",
        ];
        assert_eq!(lost, expected);
    }
}
