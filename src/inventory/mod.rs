//! The life of a manifest: it is begun, texts are added and removed, a changed text is accepted with a
//! reason. These functions write, and only these; `check` never does.

mod accept;
mod begin;
pub(crate) mod change;
mod init;
mod keep;
mod listing;
pub(crate) mod record;
mod shards;
mod sign;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

pub(crate) use begin::{Beginning, begin, refuse_taken};

pub use accept::{Acceptance, Accepted, accept};
pub use change::{Act, record_check};
pub use init::{Begun, Init, LeftOut, Skipped, init};
pub use keep::{Examined, Swept, examine, sweep};
pub use listing::{Added, add, remove};
pub use shards::{Fields, fields_of};
pub use sign::{Unsigned, signature_of};

use crate::corpus::{Corpus, Library, Order, Refusal};
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::manifest::Entry;
use crate::manifest::edit::Step;
use crate::manifest::write::{Item, Value, scalar};
use crate::source::Source;
use crate::stop::Stop;

/// Tells what a text says of itself: names and values, offered as comments and never as facts.
pub type Describe<'a> = &'a (dyn Fn(&Source) -> Vec<(String, String)> + Sync);

/// A text larger than this, in bytes, is listed without being described.
const DESCRIBE_LIMIT: u64 = 16 << 20;

/// An error names at most this many places in full.
const SHOWN: usize = 50;

/// One text, as it will be listed.
#[derive(Debug)]
struct Listed {
    id: String,
    path: String,
    sha256: Digest,
    further: Vec<Digest>,
    size: u64,
    said: Vec<(String, String)>,
}

impl Listed {
    /// Reads a text that will be listed, with its SHA-256 and whatever further digests are wanted.
    fn read(
        library: &Library,
        path: &str,
        wanted: &[Algorithm],
        describe: Describe<'_>,
        buffer: &mut [u8],
        stop: Stop<'_>,
    ) -> Result<Self, Refusal> {
        let further: Vec<_> = wanted.iter().copied().filter(|&one| one != Algorithm::Sha256).collect();
        let algorithms = [&[Algorithm::Sha256], further.as_slice()].concat();
        let order = Order {
            algorithms: &algorithms,
            keep: DESCRIBE_LIMIT,
        };
        let reading = library.read(path, order, buffer, |piece| stop.heed_piece(piece))?;
        let mut digests = reading.digests.into_iter();
        let source = reading.bytes.map(|bytes| Source::new(path, bytes));
        Ok(Self {
            id: String::new(),
            path: path.to_owned(),
            sha256: digests.next().ok_or(Refusal::Missing)?,
            further: digests.collect(),
            size: reading.size,
            said: source.map(|source| describe(&source)).unwrap_or_default(),
        })
    }

    fn value(&self) -> Value {
        let mut items = vec![
            Item::Field("id", Value::text(&self.id)),
            Item::Field("path", Value::text(&self.path)),
            Item::Field("sha256", Value::quoted(self.sha256)),
        ];
        if !self.further.is_empty() {
            let digest = |digest: &Digest| Item::Field(digest.algorithm().name(), Value::quoted(digest));
            items.push(Item::Field(
                "digests",
                Value::Record(self.further.iter().map(digest).collect()),
            ));
        }
        items.push(Item::Field("bytes", Value::plain(self.size)));
        let said = self
            .said
            .iter()
            .map(|(name, value)| Item::Remark(format!("{name}?: {}", scalar(value))));
        items.extend(said);
        let origin = vec![
            Item::Field("kind", Value::text("unknown")),
            Item::Field(
                "reason",
                Value::quoted("listed without a record; say where it came from"),
            ),
        ];
        items.push(Item::Field("origin", Value::Record(origin)));
        Value::Record(items)
    }
}

/// Gives out ids made from paths, each once.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    taken: HashSet<String>,
    turns: HashMap<String, usize>,
}

impl Ids {
    fn of(entries: &[Entry]) -> Self {
        let ids = entries.iter().filter_map(|entry| entry.id.as_ref());
        Self {
            taken: ids.map(|id| id.value.clone()).collect(),
            ..Self::default()
        }
    }

    /// Notes an id that is given already.
    pub(crate) fn take(&mut self, id: &str) {
        self.taken.insert(id.to_owned());
    }

    pub(crate) fn next(&mut self, path: &str) -> String {
        let base = slug(path);
        if self.taken.insert(base.clone()) {
            return base;
        }
        loop {
            let turn = self
                .turns
                .entry(base.clone())
                .and_modify(|turn| *turn += 1)
                .or_insert(2);
            let id = format!("{base}-{turn}");
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// A path as an id: without its extension, in lower case, with a hyphen for whatever is no letter or digit.
fn slug(path: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let (folder, file) = path
        .rsplit_once('/')
        .map_or(("", path), |(folder, file)| (folder, file));
    let stem = file
        .rsplit_once('.')
        .map(|(stem, _)| stem)
        .filter(|stem| !stem.is_empty())
        .unwrap_or(file);
    let plain: String = format!("{folder}/{stem}").nfc().collect::<String>().to_lowercase();
    let words: Vec<_> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        "text".to_owned()
    } else {
        words.join("-")
    }
}

/// Which entries have which path or id.
struct Names<'a> {
    corpus: &'a Corpus,
    known: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Names<'a> {
    fn new(corpus: &'a Corpus) -> Self {
        let mut known: HashMap<&str, Vec<usize>> = HashMap::with_capacity(2 * corpus.manifest.entries.len());
        for (index, entry) in corpus.manifest.entries.iter().enumerate() {
            let path = entry.path.as_ref().map(|path| path.value.as_str());
            let id = entry
                .id
                .as_ref()
                .map(|id| id.value.as_str())
                .filter(|id| Some(*id) != path);
            let names = path.into_iter().chain(id);
            names.for_each(|name| known.entry(name).or_default().push(index));
        }
        Self { corpus, known }
    }

    /// The entry that a name means: its path, its id, or a path from where the user stands.
    fn entry(&self, name: &str) -> Result<usize, String> {
        let from_here = || below_root(&self.corpus.root, Path::new(name));
        let found = self
            .known
            .get(name)
            .or_else(|| self.known.get(from_here()?.as_str()))
            .or_else(|| self.known.get(name.trim_start_matches("./")));
        let entries = &self.corpus.manifest.entries;
        match found.map_or(&[][..], Vec::as_slice) {
            [] => Err(format!("no entry has the path or id {name}")),
            &[one] if entries[one].records.is_some() => Err(format!(
                "{name} is a shard of records, and is not changed here; change its item in `entries_from` by hand"
            )),
            &[one] if entries[one].file != 0 => Err(format!(
                "{name} is listed in the shard {}; change it there, and its digest in the manifest",
                self.corpus.manifest.files[entries[one].file].name()
            )),
            &[one] => Ok(one),
            several => Err(format!(
                "{name} means {} entries; give each an id of its own, or change them by hand",
                several.len()
            )),
        }
    }
}

/// The entries that names mean, by path or id, each once, in the order of the manifest.
///
/// # Errors
/// [`Error::Usage`] where there is no name, or one means no entry or several; all such names are given.
pub fn entries_named(corpus: &Corpus, names: &[String]) -> Result<Vec<usize>> {
    if names.is_empty() {
        return Err(Error::Usage("name at least one text".to_owned()));
    }
    let known = Names::new(corpus);
    let (mut indices, mut unknown) = (Vec::with_capacity(names.len()), Vec::new());
    for name in names {
        match known.entry(name) {
            Ok(index) => indices.push(index),
            Err(why) => unknown.push(why),
        }
    }
    if !unknown.is_empty() {
        return Err(Error::Usage(listed("", &unknown)));
    }
    indices.sort_unstable();
    indices.dedup();
    Ok(indices)
}

/// A path of the user as a path from the root, without a look at the disk; `None` where it leads out of the root.
fn below_root(root: &Path, path: &Path) -> Option<String> {
    let root = std::path::absolute(or_here(root)).ok()?;
    let path = std::path::absolute(path).ok()?;
    path.strip_prefix(&root).ok().map(crate::corpus::slashed)
}

pub(crate) fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    }
}

pub(crate) fn folder_of(file: &Path) -> PathBuf {
    or_here(file.parent().unwrap_or(Path::new(""))).to_owned()
}

/// The entries of the first manifest file come first, so that their number is their place in its list.
pub(crate) fn entry_at(index: usize) -> [Step<'static>; 2] {
    [Step::Key("entries"), Step::Item(index)]
}

/// Lines of an error that has several: a heading, then one line each.
fn listed(heading: &str, lines: &[String]) -> String {
    let mut text: Vec<&str> = Some(heading)
        .filter(|heading| !heading.is_empty())
        .into_iter()
        .collect();
    // A line feed in a name must not look like the next line.
    let plain: Vec<_> = lines.iter().take(SHOWN).map(|line| line.replace('\n', "\\n")).collect();
    text.extend(plain.iter().map(String::as_str));
    let more = lines.len().saturating_sub(SHOWN);
    let rest = format!("and {more} more");
    if more > 0 {
        text.push(&rest);
    }
    text.join("\n  ")
}

/// Why a file was not read, as the end of a sentence that begins with its path.
pub(crate) fn why(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Missing => "is not there".to_owned(),
        Refusal::Special(kind) => format!("is {}", kind.noun()),
        Refusal::Link(link) => format!("is reached through the symbolic link {link}"),
        Refusal::Outside => "leads out of the root".to_owned(),
        Refusal::Unreadable(why) => format!("cannot be read: {why}"),
        Refusal::Changed => "kept changing while it was read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_readable() {
        let mut ids = Ids::default();
        let made: Vec<_> = [
            "a/B c.txt",
            "a/b-c.md",
            "a/b-c-2.txt",
            "a/b_c.txt",
            "e\u{301}.txt",
            "…",
            ".hidden",
        ]
        .map(|path| ids.next(path))
        .into();
        assert_eq!(
            made,
            ["a-b-c", "a-b-c-2", "a-b-c-2-2", "a-b-c-3", "\u{e9}", "text", "hidden"]
        );
    }
}
