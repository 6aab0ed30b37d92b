//! What formats share whose description is one JSON file: how it is found and read, and what is said of digests, sizes and paths in it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::extension::{Draft, extended, write_whole};
use super::json::{Fields, Node, span_of_key};
use super::verify::refuse_nothing;
use super::{Exchange, Item, Lost, Misrecorded, Outgoing, Package};
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, Severity};
use crate::inventory::or_here;
use crate::manifest::facts::EntryFacts;
use crate::manifest::{TextPath, decode_base64, read_digest};
use crate::source::{Source, Span};
use crate::stop::Stop;
use crate::whole;

/// A format whose description is one JSON file.
#[derive(Debug)]
pub(super) struct Described {
    /// Its name on the command line.
    pub(super) name: &'static str,
    /// What it is, in a few words.
    pub(super) about: &'static str,
    /// How messages name it, with its article.
    pub(super) noun: &'static str,
    /// How a description is called that is looked for in a folder.
    pub(super) names: &'static [&'static str],
    /// What a description says somewhere near its beginning, one of these.
    pub(super) signs: &'static [&'static str],
    /// What its name says.
    pub(super) naming: Naming,
    /// Reads a description.
    pub(super) read: fn(Description, Stop<'_>) -> Result<Package>,
    /// The text of a description.
    pub(super) compose: fn(&Draft<'_>) -> String,
}

/// What the name of a description says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// Little: it may be called otherwise, and others are called so.
    Free,
    /// Enough: whatever object is called so is one.
    Telling,
    /// It must be called so.
    Fixed,
}

impl Exchange for Described {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn recognises(&self, path: &Path) -> bool {
        let Some(file) = locate(path, self.names) else {
            return false;
        };
        begins_with(&file, if self.is_telling(&file) { &[""] } else { self.signs })
    }

    fn read(&self, path: &Path, stop: Stop<'_>) -> Result<Package> {
        (self.read)(Description::open(path, self.names)?, stop)
    }

    fn write(&self, outgoing: &Outgoing<'_>) -> Result<Vec<Lost>> {
        if self.naming == Naming::Fixed && outgoing.output.file_name().is_none_or(|name| name != self.names[0]) {
            let (noun, name, given) = (self.noun, self.names[0], outgoing.output.display());
            return Err(Error::Usage(format!(
                "{noun} is found by the name {name}, and {given} is not it"
            )));
        }
        let read = |text| (self.read)(Description::of(text), Stop::default());
        write_whole(outgoing, self.compose, read)
    }
}

impl Described {
    /// Whether the name of a file says that it is one.
    fn is_telling(&self, file: &Path) -> bool {
        let mut names = self.names.iter();
        self.naming == Naming::Telling && names.any(|name| file.file_name().is_some_and(|own| own == *name))
    }
}

/// A description on disk.
#[derive(Debug)]
pub(super) struct Description {
    /// What it says.
    pub(super) source: Source,
    /// The folder that it stands in.
    pub(super) folder: PathBuf,
    /// How messages name it.
    pub(super) shown: String,
    /// Whether files stand beside it; none do where it was just written, to be read back.
    on_disk: bool,
}

impl Description {
    /// Reads a description: the file at the path, or the first of these names in the folder at the path.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be read; [`Error::Refused`] where a folder has none.
    pub(super) fn open(path: &Path, names: &[&str]) -> Result<Self> {
        let file = locate(path, names).ok_or_else(|| none_in(path, names))?;
        let bytes = whole::read(&file).map_err(|error| Error::io("read", &file, error))?;
        let name = file
            .file_name()
            .unwrap_or(file.as_os_str())
            .to_string_lossy()
            .into_owned();
        Ok(Self {
            source: Source::new(name, bytes),
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            shown: file.display().to_string(),
            on_disk: true,
        })
    }
}

impl Description {
    /// What was just written, to be read back.
    pub(super) fn of(text: String) -> Self {
        Self {
            source: Source::new("description", text.into_bytes()),
            folder: PathBuf::new(),
            shown: "what was written".to_owned(),
            on_disk: false,
        }
    }
}

fn locate(path: &Path, names: &[&str]) -> Option<PathBuf> {
    if !or_here(path).is_dir() {
        return Some(path.to_owned());
    }
    let files = names.iter().map(|name| path.join(name));
    files.into_iter().find(|file| file.symlink_metadata().is_ok())
}

fn none_in(path: &Path, names: &[&str]) -> Error {
    Error::Refused(format!(
        "{} holds no {}; name the file itself",
        or_here(path).display(),
        names.join(" and no ")
    ))
}

/// Whether a file begins as an object does, and has one of these words near its beginning.
fn begins_with(file: &Path, words: &[&str]) -> bool {
    let head = whole::head(file, HEAD).unwrap_or_default();
    let head = String::from_utf8_lossy(&head);
    let opens = head.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    opens && words.iter().any(|word| head.contains(word))
}

/// So many bytes show what a description is: a `@context` stands in them.
const HEAD: u64 = 64 << 10;

/// A description on its way into a package.
#[derive(Debug)]
pub(super) struct Reader<'s> {
    source: &'s Source,
    /// What was read so far.
    pub(super) package: Package,
    listed: HashMap<String, Span>,
    /// Keys of which was said that they stand twice: what others refer to is read more than once.
    twice: HashSet<Span>,
    on_disk: bool,
    /// Whether it says what a manifest did: then each file is an entry of it.
    of_manifest: bool,
    stop: Stop<'s>,
}

impl<'s> Reader<'s> {
    /// Reads a description whose outermost value is an object; `read` takes it from there.
    ///
    /// # Errors
    /// [`Error::Syntax`] and [`Error::Refused`] where it is none; what `read` gives; [`Error::Refused`] where it lists nothing.
    pub(super) fn read(
        description: Description,
        noun: &'static str,
        stop: Stop<'_>,
        read: impl for<'r> FnOnce(&mut Reader<'r>, Node<'r>, Fields<'r>) -> Result<()>,
    ) -> Result<Package> {
        let Description {
            source,
            folder,
            shown,
            on_disk,
        } = description;
        let mut reader = Reader {
            source: &source,
            package: Package::new(noun, folder),
            listed: HashMap::new(),
            twice: HashSet::new(),
            on_disk,
            of_manifest: false,
            stop,
        };
        let node = Node::of(&source, &shown)?;
        reader.refuse_mark();
        let fields = reader.fields(node);
        let fields =
            fields.ok_or_else(|| Error::Refused(format!("{shown} is {}, where an object is meant", node.noun())))?;
        read(&mut reader, node, fields)?;
        let (mut package, of_manifest) = (reader.package, reader.of_manifest);
        package.items.iter_mut().for_each(|item| item.is_entry = of_manifest);
        package.sources.push(source);
        if package.unusable == 0
            || package
                .findings
                .iter()
                .all(|finding| finding.severity < Severity::Error)
        {
            refuse_nothing(&package, &shown)?; // Nothing was verified, and nothing would say so.
        }
        Ok(package)
    }

    fn refuse_mark(&mut self) {
        if self.source.text().is_some_and(|text| text.starts_with('\u{feff}')) {
            let place = Location::at(self.source.name(), self.source.nearest_span(0, 3));
            let message = "the file begins with a byte-order mark, which JSON must not";
            let help = "it was read; other tools refuse it, so remove the mark";
            self.package
                .findings
                .push(Finding::new("manifest/invalid-value", Severity::Warning, place, message).help(help));
        }
    }

    /// Where a value stands.
    pub(super) fn at(&self, node: Node<'_>) -> Location {
        Location::at(self.source.name(), self.source.span_of(node.raw()))
    }

    /// Whether something stands at a path that is safe to look at.
    pub(super) fn stands(&self, path: &str) -> bool {
        let there = |path: &str| self.package.root.join(path).symlink_metadata().is_ok();
        self.on_disk && TextPath::new(path).is_ok() && there(path)
    }

    /// Goes on, or not.
    ///
    /// # Errors
    /// [`Error::Interrupted`].
    pub(super) fn heed(&self) -> Result<()> {
        self.stop.heed()
    }

    /// Says something that is wrong of itself.
    pub(super) fn say(&mut self, finding: Finding) {
        self.package.findings.push(finding);
    }

    /// Says that a value is not what is meant there.
    pub(super) fn wrong(&mut self, node: Node<'_>, message: impl Into<String>, help: &str) {
        let finding = Finding::new("manifest/invalid-value", Severity::Error, self.at(node), message);
        self.say(finding.help(help));
    }

    /// Says that something is listed which is no file that could be read.
    pub(super) fn unreached(&mut self, node: Node<'_>, severity: Severity, message: impl Into<String>, help: &str) {
        let finding = Finding::new("fixity/unreached-text", severity, self.at(node), message);
        self.say(finding.help(help));
    }

    /// Counts something that is listed and not verified, of which was said why.
    pub(super) fn count_unusable(&mut self) {
        self.package.unusable += 1;
    }

    /// A file that is at an address, or data that stand in the address itself.
    pub(super) fn remote(&mut self, node: Node<'_>, address: &str) {
        let message = match scheme(address) {
            Some("data") => "the data stand in the address itself, so that there is no file to verify".to_owned(),
            _ => "the file is at an address; it was not fetched, and nothing of it was verified".to_owned(),
        };
        let help = "fetch it, put it beside the description, and list it by its path";
        self.unreached(node, Severity::Error, message, help);
        self.count_unusable();
    }

    /// Text; where it is none, the word that the key is not carried over.
    pub(super) fn text(&mut self, key: &str, node: Node<'_>) -> Option<String> {
        let text = node.text().map(std::borrow::Cow::into_owned);
        if text.is_none() && !node.is_null() {
            self.package
                .lost
                .note_because(key, format!("since it is {}, where text is meant", node.noun()));
        }
        text
    }

    /// What an extension says of a file.
    pub(super) fn extend(&mut self, item: &mut Item, node: Node<'_>, extension: Option<Value>) {
        let facts: EntryFacts = match extended(&item.facts, extension) {
            Ok(facts) => facts,
            Err(why) => return self.wrong_extension(node, &why),
        };
        item.facts = facts;
        for (name, text) in std::mem::take(&mut item.facts.digests) {
            match Algorithm::from_name(&name) {
                Some(algorithm) => self.digest(item, node, &text, algorithm, false),
                None => self.unknown_algorithm(item, node, &name),
            }
        }
    }

    /// What an extension says of the whole.
    pub(super) fn extend_corpus(&mut self, node: Node<'_>, extension: Option<Value>) {
        match extended(&self.package.corpus, extension) {
            Ok(corpus) => {
                self.package.corpus = corpus;
                self.of_manifest = true;
            }
            Err(why) => self.wrong_extension(node, &why),
        }
    }

    fn wrong_extension(&mut self, node: Node<'_>, why: &str) {
        self.wrong(
            node,
            format!("the extension {why}"),
            "it was not read; export the manifest anew",
        );
    }

    /// The fields of an object, each key once: the first counts.
    pub(super) fn fields<'a>(&mut self, node: Node<'a>) -> Option<Fields<'a>> {
        let Fields(all) = node.fields()?;
        let mut seen: HashMap<&str, Span> = HashMap::with_capacity(all.len());
        let mut once = Vec::with_capacity(all.len());
        for (key, value) in &all {
            let span = span_of_key(self.source, key, *value);
            match seen.get(&**key) {
                Some(first) if self.twice.insert(span) => {
                    let finding = self.stands_twice(key, span, *first);
                    self.say(finding);
                }
                Some(_) => {}
                None => {
                    seen.insert(key, span);
                    once.push((key.clone(), *value));
                }
            }
        }
        Some(Fields(once))
    }

    fn stands_twice(&self, key: &str, span: Span, first: Span) -> Finding {
        let name = self.source.name();
        let finding = Finding::new(
            "manifest/duplicate-key",
            Severity::Error,
            Location::at(name, span),
            format!("`{key}` stands twice"),
        );
        finding
            .related(Location::at(name, first), "it stands here first, and this one is read")
            .help("remove one of the two; other tools read the last one")
    }

    /// A digest in hexadecimal digits, or in base64 where the format takes that.
    pub(super) fn digest(&mut self, item: &mut Item, node: Node<'_>, text: &str, algorithm: Algorithm, base64: bool) {
        let decoded = || Digest::from_bytes(algorithm, &decode_base64(text).filter(|_| base64)?);
        match read_digest(text, algorithm) {
            Ok(digest) => self.add_digest(item, node, text, digest),
            Err(why) => match decoded() {
                Some(digest) => self.add_digest(item, node, "", digest),
                None => self.misrecorded(item, node, text, algorithm, &why),
            },
        }
    }

    fn add_digest(&mut self, item: &mut Item, node: Node<'_>, text: &str, digest: Digest) {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let message = "the digest is written in upper case";
            let help = "it is verified as it is; lower case is the usual form, and other tools compare texts";
            self.say(Finding::new("manifest/digest-form", Severity::Info, self.at(node), message).help(help));
        }
        if !item.digests.contains(&digest) {
            item.digests.push(digest);
        }
    }

    fn misrecorded(&self, item: &mut Item, node: Node<'_>, text: &str, algorithm: Algorithm, why: &str) {
        let title = algorithm.title();
        let message = format!("this is no {title} digest: it {why}");
        let help = format!(
            "nothing is verified against it; write the {} hexadecimal digits of the {title}",
            algorithm.length() * 2
        );
        item.explained = true;
        item.misrecorded.push(Misrecorded {
            text: text.to_owned(),
            algorithm,
            finding: Finding::new("manifest/invalid-digest", Severity::Error, self.at(node), message).help(help),
        });
    }

    /// A digest of an algorithm that cannot be verified.
    pub(super) fn unknown_algorithm(&mut self, item: &mut Item, node: Node<'_>, name: &str) {
        let message = format!("`{name}` is no digest algorithm that can be verified");
        let known = Algorithm::ALL.map(Algorithm::name).join(", ");
        item.explained = true;
        let finding = Finding::new("manifest/unknown-algorithm", Severity::Error, self.at(node), message);
        self.say(finding.help(format!("nothing is verified against it; known are {known}")));
    }

    /// Lists a file, once for each path.
    pub(super) fn list(&mut self, mut item: Item) {
        while let Some(rest) = item.facts.path.strip_prefix("./") {
            item.facts.path = rest.to_owned();
        }
        let here = item.listed.span.unwrap_or_default();
        let Some(&first) = self.listed.get(&item.facts.path) else {
            self.listed.insert(item.facts.path.clone(), here);
            return self.package.items.push(item);
        };
        let name = self.source.name();
        let message = format!("`{}` is listed twice", item.facts.path);
        let finding = Finding::new("manifest/path-clash", Severity::Error, item.listed, message);
        self.say(
            finding
                .related(
                    Location::at(name, first),
                    "it is listed here first, and verified against this",
                )
                .help("remove one of the two; only one of them can be right"),
        );
        self.package.unusable += 1;
    }
}

/// The media types of texts and shards, by the endings of their names.
const MEDIA_TYPES: [(&str, &str); 12] = [
    ("md", "text/markdown"),
    ("html", "text/html"),
    ("htm", "text/html"),
    ("xml", "application/xml"),
    ("json", "application/json"),
    ("jsonl", "application/jsonl"),
    ("gz", "application/gzip"),
    ("zst", "application/zstd"),
    ("parquet", "application/vnd.apache.parquet"),
    ("csv", "text/csv"),
    ("tsv", "text/tab-separated-values"),
    ("tex", "application/x-tex"),
];

/// The media type that the name of a text tells.
pub(super) fn media_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let known = MEDIA_TYPES.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
    known.map_or("text/plain", |(_, media_type)| media_type)
}

/// The scheme of a reference, where it has one; a single letter is a drive.
pub(super) fn scheme(reference: &str) -> Option<&str> {
    let (scheme, _) = reference.split_once(':')?;
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let sound =
        scheme.len() > 1 && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(letters);
    sound.then_some(scheme)
}

/// Whether a path is an address with a host, or the data itself.
pub(super) fn is_address(path: &str) -> bool {
    scheme(path).is_some_and(|scheme| scheme == "data" || path[scheme.len() + 1..].starts_with("//"))
}
