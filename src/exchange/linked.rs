//! What Croissant and RO-Crate share: files described in JSON-LD by the terms of schema.org and PROV.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use super::Item;
use super::described::{Reader, is_address, media_type};
use super::extension::Keys;
use super::json::Node;
use super::terms::Terms;
use super::written::{Object, Written};
use crate::date::When;
use crate::digest::Algorithm;
use crate::manifest::TextPath;
use crate::manifest::facts::{ArchiveFacts, DerivationFacts, EditFacts, SourceFacts};

/// The property for what the vocabularies do not say of a file.
pub(super) const ENTRY: &str = "vidimus:entry";
/// The property for what the vocabularies do not say of the whole.
pub(super) const CORPUS: &str = "vidimus:corpus";

/// A name that many refer to has at most so many bytes: it is taken over for each of them.
const LONGEST: usize = 256;

/// A property and its values.
pub(super) type Property<'a> = (Cow<'a, str>, Vec<Node<'a>>);

/// A node: its properties under their one names.
#[derive(Debug, Default)]
pub(super) struct Entity<'a> {
    /// Its `@id`, where it has one.
    pub(super) id: Option<Cow<'a, str>>,
    /// Where that stands.
    pub(super) id_node: Option<Node<'a>>,
    /// Its types.
    pub(super) types: Vec<String>,
    /// Everything else, each name with all its values.
    pub(super) properties: Vec<Property<'a>>,
}

impl<'a> Entity<'a> {
    /// Whether it is one of these types.
    pub(super) fn is(&self, types: &[&str]) -> bool {
        self.types.iter().any(|own| types.contains(&own.as_str()))
    }

    /// The values of a property.
    pub(super) fn values(&self, name: &str) -> &[Node<'a>] {
        let found = self.properties.iter().find(|(own, _)| own == name);
        found.map_or(&[], |(_, values)| values)
    }
}

/// The nodes of a description, by name.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    terms: Terms,
    nodes: HashMap<String, Node<'a>>,
    /// Nodes that others refer to, as they were read there; `None` for those that are known by their name alone.
    used: HashMap<String, Option<Rc<Entity<'a>>>>,
}

impl<'a> Graph<'a> {
    /// A graph with the terms of a context.
    pub(super) fn new(context: Option<Node<'a>>) -> Self {
        Self {
            terms: context.map(Terms::of).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Makes a node known to those that refer to it.
    pub(super) fn know(&mut self, id: &str, node: Node<'a>) {
        self.nodes.entry(plain(id).to_owned()).or_insert(node);
    }

    /// Whether a node of that name is known.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.nodes.contains_key(plain(id))
    }

    /// Whether a node was read where another one refers to it.
    pub(super) fn was_used(&self, id: &str) -> bool {
        self.used.contains_key(plain(id))
    }

    /// The one name of a key.
    pub(super) fn name<'k>(&self, key: &'k str) -> Cow<'k, str> {
        self.terms.name(key)
    }

    /// A node taken apart; `None` where it is no object. What stands there under several spellings of one name is one property.
    pub(super) fn entity(&self, reader: &mut Reader<'_>, node: Node<'a>) -> Option<Entity<'a>> {
        let mut entity = Entity::default();
        let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
        for (key, value) in reader.fields(node)?.0 {
            let name = self.own_name(key);
            match &*name {
                "@id" => (entity.id, entity.id_node) = (value.text(), Some(value)),
                "@type" => entity.types.extend(self.types(value)),
                _ => match places.entry(name) {
                    Entry::Occupied(known) => entity.properties[*known.get()].1.extend(values(value)),
                    Entry::Vacant(new) => {
                        entity.properties.push((new.key().clone(), values(value)));
                        new.insert(entity.properties.len() - 1);
                    }
                },
            }
        }
        Some(entity)
    }

    fn own_name(&self, key: Cow<'a, str>) -> Cow<'a, str> {
        match key {
            Cow::Borrowed(key) => self.terms.name(key),
            Cow::Owned(key) => Cow::Owned(self.terms.name(&key).into_owned()),
        }
    }

    fn types(&self, node: Node<'_>) -> Vec<String> {
        let texts = values(node).into_iter().filter_map(Node::text);
        texts.map(|text| self.terms.name(&text).into_owned()).collect()
    }

    /// The node that a value is or refers to, and whether it is referred to.
    pub(super) fn described(&mut self, reader: &mut Reader<'_>, value: Node<'a>) -> Option<(Rc<Entity<'a>>, bool)> {
        let own = self.entity(reader, value)?;
        let id = own.id.as_deref().filter(|_| own.properties.is_empty());
        let Some((id, node)) = id.and_then(|id| Some((plain(id).to_owned(), *self.nodes.get(plain(id))?))) else {
            return Some((Rc::new(own), false));
        };
        if let Some(Some(known)) = self.used.get(&id) {
            return Some((Rc::clone(known), true));
        }
        let entity = Rc::new(self.entity(reader, node)?);
        self.used.insert(id, Some(Rc::clone(&entity)));
        Some((entity, true))
    }

    /// The text of a value: a literal in any of its forms, the name of a node, or the name that it is known by.
    pub(super) fn word(&mut self, reader: &mut Reader<'_>, key: &str, value: Node<'a>) -> Option<String> {
        if let Some(text) = value.text() {
            return Some(text.into_owned());
        }
        let (entity, referred) = self.described(reader, value)?;
        let literal = literal_of(&entity);
        if literal.is_none() {
            note_beside_name(reader, key, &entity);
        }
        let name = || entity.values("name").first().and_then(|name| name.text());
        let word = literal.or_else(|| name().or_else(|| entity.id.clone()).map(Cow::into_owned));
        word.filter(|word| !referred || word.len() <= LONGEST)
    }

    /// The text of the one value that a manifest has room for.
    pub(super) fn one(&mut self, reader: &mut Reader<'_>, name: &str, values: &[Node<'a>]) -> Option<String> {
        if values.len() > 1 {
            reader
                .package
                .lost
                .note_because(format!("{name} beyond the first"), "since a manifest has one");
        }
        let first = values.first().filter(|value| !value.is_null())?;
        let word = self.word(reader, name, *first);
        if word.is_none() {
            reader.package.lost.note_because(name, "since it gives no text");
        }
        word
    }
}

/// Notes what is said of somebody beside the name.
fn note_beside_name(reader: &mut Reader<'_>, key: &str, entity: &Entity<'_>) {
    let beside = entity
        .properties
        .iter()
        .map(|(name, _)| &**name)
        .filter(|name| *name != "name");
    beside.for_each(|name| reader.package.lost.note(format!("{key}.{name}")));
    let named = !entity.values("name").is_empty();
    if named && entity.id.as_deref().is_some_and(is_address) {
        reader.package.lost.note(format!("{key}.@id"));
    }
}

/// A relative address without the folder that it begins in; that folder itself is `./`.
pub(super) fn plain(id: &str) -> &str {
    id.strip_prefix("./").filter(|rest| !rest.is_empty()).unwrap_or(id)
}

/// The values of a property: one, or a list.
fn values(node: Node<'_>) -> Vec<Node<'_>> {
    node.items().unwrap_or_else(|| vec![node])
}

/// `{"@value": "…"}`, or text in one language alone: `{"en": "…"}`.
fn literal_of(entity: &Entity<'_>) -> Option<String> {
    let tag = |name: &str| name != "url" && (2..=3).contains(&name.split('-').next().unwrap_or_default().len());
    match entity.properties.as_slice() {
        _ if entity.id.is_some() => None,
        [(name, values)] if tag(name) || name == "@value" => Some(values.first()?.text()?.into_owned()),
        properties => {
            let value = properties.iter().find(|(name, _)| name == "@value")?;
            Some(value.1.first()?.text()?.into_owned())
        }
    }
}

/// A file as its description is read.
pub(super) struct File<'r, 'a, 's> {
    /// The reader.
    pub(super) reader: &'r mut Reader<'s>,
    /// The nodes.
    pub(super) graph: &'r mut Graph<'a>,
    /// What is known of it.
    pub(super) item: Item,
    /// How the description names it, which is no title.
    pub(super) known_as: Vec<String>,
    url: Option<String>,
    attributed: Vec<String>,
    extension: Option<Node<'a>>,
}

impl<'r, 'a, 's> File<'r, 'a, 's> {
    /// A file of which nothing is known but its path.
    pub(super) fn new(reader: &'r mut Reader<'s>, graph: &'r mut Graph<'a>, item: Item) -> Self {
        let path = item.facts.path.clone();
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        Self {
            reader,
            graph,
            item,
            known_as: vec![path, name],
            url: None,
            attributed: Vec::new(),
            extension: None,
        }
    }

    /// Reads all that is said of it, and lists it.
    pub(super) fn read<'p>(mut self, properties: impl Iterator<Item = &'p Property<'a>>)
    where
        'a: 'p,
    {
        for (name, values) in properties {
            if !(self.of_bytes(name, values) || self.of_text(name, values) || self.of_origin(name, values)) {
                self.reader.package.lost.note(&**name);
            }
        }
        self.settle();
        self.item.facts.bytes = self.item.size;
        if let Some(node) = self.extension {
            let extension = json_literal(node);
            self.reader.extend(&mut self.item, node, extension);
        }
        self.reader.list(self.item);
    }

    /// Says what is wrong with the digests of a file that is not here, and lists nothing.
    pub(super) fn judge_digests(mut self, properties: &[Property<'a>]) {
        for (name, values) in properties {
            if let Some(algorithm) = Algorithm::from_name(name) {
                values.iter().for_each(|value| self.digest(*value, algorithm));
            }
        }
        let misrecorded = self.item.misrecorded.into_iter();
        misrecorded.for_each(|value| self.reader.say(value.finding));
    }

    fn one(&mut self, name: &str, values: &[Node<'a>]) -> Option<String> {
        self.graph.one(self.reader, name, values)
    }

    /// Digests, size and kind.
    fn of_bytes(&mut self, name: &str, values: &[Node<'a>]) -> bool {
        match name {
            "contentSize" => self.size(values),
            "encodingFormat" => {
                let told = media_type(&self.item.facts.path);
                let more = values.iter().any(|value| value.text().is_none_or(|text| text != told));
                if more {
                    self.reader.package.lost.note(name);
                }
            }
            name => match Algorithm::from_name(name) {
                Some(algorithm) => values.iter().for_each(|value| self.digest(*value, algorithm)),
                None => return false,
            },
        }
        true
    }

    fn digest(&mut self, value: Node<'a>, algorithm: Algorithm) {
        if value.is_null() {
            return;
        }
        match self.graph.word(self.reader, algorithm.name(), value) {
            Some(text) => self.reader.digest(&mut self.item, value, &text, algorithm, true),
            None => {
                self.item.explained = true;
                let message = format!("the digest is {}, where text is meant", value.noun());
                self.reader.wrong(
                    value,
                    message,
                    "nothing is verified against it; write its hexadecimal digits",
                );
            }
        }
    }

    fn size(&mut self, values: &[Node<'a>]) {
        let Some(&value) = values.first().filter(|value| !value.is_null()) else {
            return;
        };
        let text = self
            .graph
            .word(self.reader, "contentSize", value)
            .unwrap_or_else(|| value.raw().to_owned());
        match size_of(&text) {
            Some(Size::Exact(bytes)) => self.item.size = Some(bytes),
            Some(Size::Rounded) => {
                let why = "is given in a larger unit, so that it is not compared";
                self.reader.package.lost.note_because("contentSize", why);
            }
            None => self.reader.wrong(
                value,
                "`contentSize` is no size",
                "write the number of bytes, or leave it out",
            ),
        }
    }

    /// What is printed on the title page.
    fn of_text(&mut self, name: &str, values: &[Node<'a>]) -> bool {
        match name {
            "name" => {
                let title = self.one(name, values);
                self.item.facts.title = title.filter(|title| !self.known_as.contains(title));
            }
            "description" => self.item.facts.notes = self.one(name, values),
            "author" | "creator" => {
                let names = self.words(name, values);
                self.item.facts.author.extend(names);
            }
            "prov:wasAttributedTo" => self.attributed = self.words(name, values),
            "identifier" if self.item.facts.id.is_none() => self.item.facts.id = self.one(name, values),
            "publisher" => self.item.facts.publisher = self.one(name, values),
            "inLanguage" => self.item.facts.language = self.one(name, values),
            "datePublished" => self.item.facts.published_at = self.date(name, values),
            "dateModified" => self.item.facts.modified_at = self.date(name, values),
            "license" => self.item.facts.license = license(self.graph, self.reader, values),
            _ => return false,
        }
        true
    }

    fn words(&mut self, name: &str, values: &[Node<'a>]) -> Vec<String> {
        let mut words = Vec::new();
        for value in values {
            match self.graph.word(self.reader, name, *value) {
                Some(word) => words.push(word),
                None => self.reader.package.lost.note_because(name, "since it gives no name"),
            }
        }
        words
    }

    fn date(&mut self, name: &str, values: &[Node<'a>]) -> Option<String> {
        let text = self.one(name, values)?;
        if text.parse::<When>().is_err() {
            self.reader.package.lost.note_because(name, "since it is no date");
            return None;
        }
        Some(text)
    }

    /// Where it comes from, and what was done to it.
    fn of_origin(&mut self, name: &str, values: &[Node<'a>]) -> bool {
        match name {
            "url" | "isBasedOn" => {
                let url = self.one(name, values);
                self.came_from(name, url);
            }
            "mainEntityOfPage" => {
                let url = self.one(name, values);
                self.source().canonical_url = url;
            }
            "sdDatePublished" => {
                let at = self.date(name, values);
                self.source().retrieved_at = at;
            }
            "archivedAt" => {
                let url = self.one(name, values);
                self.item.facts.archive = url.map(|url| ArchiveFacts {
                    url: Some(url),
                    warc: None,
                });
            }
            "prov:wasDerivedFrom" => values.iter().for_each(|value| self.derived(*value)),
            "prov:wasGeneratedBy" => values.iter().for_each(|value| self.edited(name, *value)),
            ENTRY => self.extension = values.first().copied(),
            _ => return false,
        }
        true
    }

    fn source(&mut self) -> &mut SourceFacts {
        self.item.facts.source.get_or_insert_default()
    }

    /// An address that it comes from; a manifest has room for one.
    fn came_from(&mut self, name: &str, url: Option<String>) {
        let Some(url) = url else { return };
        match &self.url {
            None if is_address(&url) => self.url = Some(url),
            None => self.reader.package.lost.note_because(name, "since it gives no address"),
            Some(first) if *first != url => self
                .reader
                .package
                .lost
                .note_because(name, "since another address is read"),
            Some(_) => {}
        }
    }

    fn derived(&mut self, value: Node<'a>) {
        const NAME: &str = "prov:wasDerivedFrom";
        let Some((entity, _)) = self.graph.described(self.reader, value) else {
            let url = value.text().map(Cow::into_owned);
            return self.came_from(NAME, url);
        };
        let text = |name: &str| {
            entity
                .values(name)
                .first()
                .and_then(|value| value.text())
                .map(Cow::into_owned)
        };
        match text("sha256") {
            Some(sha256) => {
                let path = text("name").or_else(|| entity.id.as_deref().map(str::to_owned));
                let path = path.filter(|path| TextPath::new(path).is_ok() && !path.starts_with('#'));
                self.item.facts.derived_from.push(DerivationFacts { path, sha256 });
            }
            None => {
                let url = literal_of(&entity).or_else(|| entity.id.as_deref().map(str::to_owned));
                self.came_from(NAME, url);
            }
        }
    }

    fn edited(&mut self, name: &str, value: Node<'a>) {
        let entity = self.graph.described(self.reader, value);
        match entity.and_then(|(entity, _)| edit(&entity)) {
            Some(edit) => self.item.facts.edits.push(edit),
            None => self.reader.package.lost.note(name),
        }
    }

    /// Brings together what several properties say of one thing.
    fn settle(&mut self) {
        if self.item.facts.author.is_empty() {
            self.item.facts.author = std::mem::take(&mut self.attributed);
        } else if self
            .attributed
            .iter()
            .any(|name| !self.item.facts.author.contains(name))
        {
            self.reader.package.lost.note("prov:wasAttributedTo");
        }
        match (self.url.take(), &mut self.item.facts.source) {
            (Some(url), source) => source.get_or_insert_default().url = url,
            (None, source) => {
                if let Some(source) = source.take() {
                    let names = [
                        (source.canonical_url, "mainEntityOfPage"),
                        (source.retrieved_at, "sdDatePublished"),
                    ];
                    let said = names.into_iter().filter(|(value, _)| value.is_some());
                    let why = "since there is no address that it was retrieved from";
                    said.for_each(|(_, name)| self.reader.package.lost.note_because(name, why));
                }
            }
        }
    }
}

/// An activity that says from which digest to which.
pub(super) fn edit(entity: &Entity<'_>) -> Option<EditFacts> {
    let text = |name: &str| Some(entity.values(name).first()?.text()?.into_owned());
    let rules = entity.values("vidimus:rule").iter().filter_map(|rule| rule.text());
    Some(EditFacts {
        from: text("vidimus:from")?,
        to: text("vidimus:to")?,
        at: text("prov:endedAtTime").or_else(|| text("endTime"))?,
        reason: text("description").or_else(|| text("name"))?,
        rules: rules.map(Cow::into_owned).collect(),
    })
}

/// What an extension holds: JSON as a literal, or as it is.
pub(super) fn json_literal(node: Node<'_>) -> Option<serde_json::Value> {
    let value = node
        .fields()
        .and_then(|fields| fields.0.into_iter().find(|(key, _)| key == "@value"));
    let node = value.map_or(node, |(_, value)| value);
    match node.text() {
        Some(text) => serde_json::from_str(&text).ok(),
        None => node.value(),
    }
}

/// The licence, as SPDX names it where an address of SPDX is given.
pub(super) fn license<'a>(graph: &mut Graph<'a>, reader: &mut Reader<'_>, values: &[Node<'a>]) -> Option<String> {
    if values.len() > 1 {
        reader
            .package
            .lost
            .note_because("license beyond the first", "since a manifest has one");
    }
    let value = *values.first().filter(|value| !value.is_null())?;
    let of_node = |fields: super::json::Fields<'a>| {
        let own = fields.0.iter().find(|(key, _)| graph.name(key) == "@id");
        own.and_then(|(_, id)| id.text())
            .map(Cow::into_owned)
            .filter(|id| is_address(id))
    };
    let address = value.fields().and_then(of_node);
    if let Some(id) = &address {
        graph.used.entry(id.clone()).or_default();
    }
    let text = address.or_else(|| graph.word(reader, "license", value));
    if text.is_none() {
        reader.package.lost.note_because("license", "since it gives no text");
    }
    text.map(|text| spdx_of(&text).map(str::to_owned).unwrap_or(text))
}

/// The address of a licence: that of the SPDX list, or its own.
pub(super) fn license_address(license: &str) -> Option<String> {
    let listed = spdx::license_id(license).map(|id| format!("https://spdx.org/licenses/{}", id.name));
    listed.or_else(|| is_reference(license).then(|| license.to_owned()))
}

/// Whether a name may stand where JSON-LD takes it for an address.
pub(super) fn is_reference(text: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`%".contains(c);
    is_address(text) && !text.contains(bad)
}

/// Keys of a manifest as a JSON literal.
pub(super) fn literal(keys: Option<&Keys>) -> Option<Written> {
    let value = |keys: &Keys| Written::Value(serde_json::Value::Object(keys.clone()));
    keys.map(|keys| {
        Object::default()
            .with("@type", "@json")
            .with("@value", value(keys))
            .into()
    })
}

/// The identifier in an address of the SPDX list.
fn spdx_of(address: &str) -> Option<&str> {
    let plain = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))?;
    let id = plain.strip_prefix("spdx.org/licenses/")?;
    let id = id
        .strip_suffix(".html")
        .or_else(|| id.strip_suffix(".json"))
        .unwrap_or(id);
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

/// A size as it is recorded.
#[derive(Debug, PartialEq)]
enum Size {
    /// To the byte.
    Exact(u64),
    /// In a larger unit, and so rounded, or not to be told from rounded.
    Rounded,
}

/// `10 B`, `10`, `10 bytes`; or `1.5 MB` and the like.
fn size_of(text: &str) -> Option<Size> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim().to_ascii_lowercase());
    let exact = || number.parse().ok().map(Size::Exact);
    match unit.as_str() {
        "" | "b" | "byte" | "bytes" => exact(),
        "kb" | "mb" | "gb" | "tb" | "pb" | "kib" | "mib" | "gib" | "tib" | "pib" | "k" | "m" | "g" | "t" => {
            let sound = number.starts_with(|c: char| c.is_ascii_digit());
            sound.then_some(Size::Rounded)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_to_the_byte_or_not_at_all() {
        for text in ["10", "10 B", "10B", " 10 bytes "] {
            assert_eq!(size_of(text), Some(Size::Exact(10)), "{text}");
        }
        for text in ["1.5 MB", "3 KiB", "117743 KB"] {
            assert_eq!(size_of(text), Some(Size::Rounded), "{text}");
        }
        for text in ["", "B", "many", "-3", "1.5", "10 apples", "MB"] {
            assert_eq!(size_of(text), None, "{text}");
        }
    }

    #[test]
    fn licences_of_the_list_have_their_identifier() {
        assert_eq!(spdx_of("https://spdx.org/licenses/CC-BY-4.0"), Some("CC-BY-4.0"));
        assert_eq!(spdx_of("http://spdx.org/licenses/MIT.html"), Some("MIT"));
        for text in ["https://spdx.org/licenses/", "https://example.org/licenses/MIT", "MIT"] {
            assert_eq!(spdx_of(text), None, "{text}");
        }
    }
}
