//! `init`: the first manifest of a folder. It certifies what it has read itself, and nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rayon::prelude::*;

use super::begin::{Beginning, begin, refuse_taken};
use super::shards::{self, Fields};
use super::{Describe, Ids, Listed, folder_of, listed, or_here, why};
use crate::corpus::{BUFFER, FileKind, Found, Library, Listing, discover_matching};
use crate::digest::{Algorithm, Digest};
use crate::engine::Progress;
use crate::error::{Error, Result};
use crate::glob;
use crate::journal;
use crate::manifest::write::{Item, Value, Writer};
use crate::manifest::{LinkPolicy, Manifest, TextPath, schema};
use crate::records;
use crate::source::Source;
use crate::stop::Stop;
use crate::sums::{self, Sum};

/// Endings of texts that are listed where nobody says what to list.
const PLAIN: [&str; 2] = ["txt", "text"];
/// Endings of texts that are listed where there are none of [`PLAIN`]; else they are told of.
const MARKED_UP: [&str; 6] = ["md", "markdown", "rst", "adoc", "org", "tex"];
/// Endings of what texts are often made from: told of, never listed unasked.
const RAW: [&str; 5] = ["html", "htm", "xhtml", "xml", "tei"];

/// What to write, and where.
pub struct Init<'a> {
    /// The folder whose texts are listed.
    pub root: &'a Path,
    /// The manifest to write, in the root or in a folder above it: its paths are relative to its own folder.
    pub output: &'a Path,
    /// Globs relative to `root`. Where there is none, the texts are those that end like texts.
    pub include: &'a [String],
    /// Globs for what is left out.
    pub exclude: &'a [String],
    /// What the corpus is called.
    pub title: Option<&'a str>,
    /// The language of all texts, as a BCP 47 tag.
    pub language: Option<&'a str>,
    /// The licence of all texts, as an SPDX expression.
    pub license: Option<&'a str>,
    /// List shards of records, by these fields, in place of texts.
    pub records: Option<&'a Fields>,
    /// A checksum list with paths relative to `root`: its files are listed, each only if it has the digests of the list.
    pub from: Option<&'a Path>,
    /// Replace a manifest that is there.
    pub force: bool,
    /// Leave out what no manifest can list, instead of refusing.
    pub skip_unlistable: bool,
    /// What a text says of itself.
    pub describe: Describe<'a>,
    /// Where to tell how far the work is.
    pub progress: Option<&'a dyn Progress>,
    /// When, for the record.
    pub at: Timestamp,
    /// Keep copies of the texts.
    pub keep: bool,
    /// When to stop, with nothing written.
    pub stop: Stop<'a>,
}

impl std::fmt::Debug for Init<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Init");
        debug.field("root", &self.root).field("output", &self.output);
        debug
            .field("include", &self.include)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl<'a> Init<'a> {
    /// Lists the texts of a folder in a new manifest, without describing them.
    pub fn new(root: &'a Path, output: &'a Path, at: Timestamp) -> Self {
        Self {
            root,
            output,
            include: &[],
            exclude: &[],
            title: None,
            language: None,
            license: None,
            from: None,
            force: false,
            skip_unlistable: false,
            records: None,
            describe: &|_| Vec::new(),
            progress: None,
            at,
            keep: true,
            stop: Stop::default(),
        }
    }
}

/// What was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// How many texts are listed.
    pub texts: usize,
    /// How many bytes they have.
    pub bytes: u64,
    /// The globs of `include`, as written.
    pub include: Vec<String>,
    /// What no manifest can list and was left out, by path.
    pub skipped: Vec<Skipped>,
    /// Files that look like texts or like what texts are made from, and are not listed, by ending.
    pub left_out: Vec<LeftOut>,
    /// Files that the globs match and the checksum list does not have, by path: `check` will call them unlisted.
    pub unlisted: Vec<String>,
}

/// A file that no manifest can list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Its path, with U+FFFD for what is not UTF-8.
    pub path: String,
    /// Why, as the end of a sentence that begins with the path.
    pub why: String,
}

/// Files of one ending that were not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The ending, without its dot.
    pub ending: String,
    /// How many there are.
    pub files: usize,
}

/// Writes the manifest of a folder.
///
/// # Errors
/// [`Error::Refused`] where there is a manifest already, where a file cannot be listed, or where a checksum list and
/// the files disagree; [`Error::Usage`] where there is no text, or a glob is none or matches nothing; [`Error::Io`].
/// In each case nothing is written.
pub fn init(options: &Init<'_>) -> Result<Begun> {
    refuse_taken(options.output, options.force)?;
    journal::refuse_pending(&folder_of(options.output))?;
    let plan = Plan::new(options)?;
    let (listed, skipped) = plan.read()?;
    let text = plan.manifest(&listed);
    plan.prove(&text, &listed)?;
    options.stop.heed()?;
    plan.write(&text, &listed)?;
    Ok(Begun {
        texts: listed.len(),
        bytes: listed.iter().map(|text| text.size).sum(),
        include: plan.include,
        skipped,
        left_out: plan.left_out,
        unlisted: plan.unlisted,
    })
}

/// What will be listed, before anything is read.
struct Plan<'a> {
    options: &'a Init<'a>,
    /// The folder of the manifest.
    base: PathBuf,
    include: Vec<String>,
    exclude: Vec<String>,
    files: Vec<Found>,
    unreadable: Vec<Skipped>,
    left_out: Vec<LeftOut>,
    sums: HashMap<String, Sum>,
    unlisted: Vec<String>,
}

impl<'a> Plan<'a> {
    fn new(options: &'a Init<'a>) -> Result<Self> {
        let (base, prefix) = place(options)?;
        let below = |patterns: &[String]| -> Vec<String> {
            patterns
                .iter()
                .map(|pattern| joined(&globset::escape(&prefix), pattern))
                .collect()
        };
        let mut plan = Self {
            options,
            base,
            include: below(options.include),
            exclude: below(options.exclude),
            files: Vec::new(),
            unreadable: Vec::new(),
            left_out: Vec::new(),
            sums: HashMap::new(),
            unlisted: Vec::new(),
        };
        plan.refuse_bad_globs()?;
        if let Some(list) = options.from {
            plan.take_sums(list, &prefix)?;
        }
        match options.records {
            Some(_) if plan.include.is_empty() => plan.choose_shards(&prefix),
            _ if plan.include.is_empty() => plan.choose(&prefix),
            _ => {}
        }
        plan.discover()?;
        if options.from.is_some() {
            plan.keep_summed();
        }
        Ok(plan)
    }

    /// Writes the manifest, the copies of the texts, and the first event of their custody.
    fn write(&self, text: &str, listed: &[Listed]) -> Result<()> {
        let options = self.options;
        let texts: Vec<_> = listed.iter().map(|text| (text.path.as_str(), text.sha256)).collect();
        begin(&Beginning {
            manifest: options.output,
            text,
            texts: &texts,
            force: options.force,
            keep: options.keep && options.records.is_none(),
            at: options.at,
            stop: options.stop,
        })
    }

    fn refuse_bad_globs(&self) -> Result<()> {
        for pattern in self.include.iter().chain(&self.exclude) {
            glob::compile(pattern)
                .map_err(|error| Error::Usage(format!("{pattern:?} is no glob: {}", error.kind())))?;
        }
        Ok(())
    }

    fn walk(&self, include: &[String]) -> Listing {
        let include: Vec<&str> = include.iter().map(String::as_str).collect();
        let exclude = glob::set(self.exclude.iter().map(String::as_str));
        let own = self
            .options
            .output
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let mut listing = discover_matching(&self.base, &include, &exclude);
        listing.files.retain(|found| Some(&found.path) != own.as_ref());
        listing
    }

    /// Chooses the globs where nobody gave any: one for each ending of a text that is there.
    fn choose(&mut self, prefix: &str) {
        let all = joined(&globset::escape(prefix), "**/*");
        let mut endings: BTreeMap<String, usize> = BTreeMap::new();
        let listing = self.walk(&[all]);
        let summed = |found: &&Found| self.sums.is_empty() || self.sums.contains_key(&found.path);
        let (named, bare): (Vec<_>, Vec<_>) = listing
            .files
            .iter()
            .filter(summed)
            .partition(|found| !ending(&found.path).is_empty());
        for found in named {
            *endings.entry(ending(&found.path).to_owned()).or_default() += 1;
        }
        let of = |class: &[&str]| -> Vec<String> {
            let is = |ending: &&String| class.contains(&ending.to_ascii_lowercase().as_str());
            endings.keys().filter(is).cloned().collect()
        };
        let (plain, marked_up) = (of(&PLAIN), of(&MARKED_UP));
        let chosen = match (self.options.from, plain.is_empty()) {
            (Some(_), _) => endings.keys().cloned().collect(),
            (None, true) => marked_up.clone(),
            (None, false) => plain,
        };
        let told = [marked_up, of(&RAW)]
            .concat()
            .into_iter()
            .filter(|ending| !chosen.contains(ending));
        self.left_out = told
            .map(|ending| LeftOut {
                files: endings[&ending],
                ending,
            })
            .collect();
        let pattern = |ending: &String| joined(&globset::escape(prefix), &format!("**/*.{}", globset::escape(ending)));
        self.include = chosen.iter().map(pattern).collect();
        if self.options.from.is_some() {
            self.include
                .extend(bare.iter().map(|found| globset::escape(&found.path)));
        }
    }

    /// Chooses the endings of shards that are there.
    fn choose_shards(&mut self, prefix: &str) {
        let globs: Vec<String> = records::globs()
            .map(|glob| joined(&globset::escape(prefix), &glob))
            .collect();
        let matched = self.walk(&globs).matched;
        let chosen = globs.into_iter().zip(matched).filter(|(_, matched)| *matched);
        self.include = chosen.map(|(glob, _)| glob).collect();
    }

    fn discover(&mut self) -> Result<()> {
        if self.include.is_empty() && self.options.from.is_some() {
            return Ok(()); // Not one file of the list is there, as reading them will say.
        }
        if self.include.is_empty() && self.options.records.is_some() {
            return Err(Error::Usage(format!(
                "there is no shard below {}; let their names end in .jsonl, .jsonl.gz, .jsonl.zst or .parquet, or say with `--include` which they are",
                or_here(self.options.root).display()
            )));
        }
        if self.include.is_empty() {
            return Err(Error::Usage(format!(
                "there is no text below {}; say with `--include` which files are texts",
                or_here(self.options.root).display()
            )));
        }
        let listing = self.walk(&self.include);
        let idle = self
            .include
            .iter()
            .zip(&listing.matched)
            .filter(|(_, matched)| !**matched);
        let idle: Vec<_> = idle.map(|(pattern, _)| pattern.clone()).collect();
        if !idle.is_empty() {
            return Err(Error::Usage(listed("nothing is matched by", &idle)));
        }
        let folder = |(path, why): (String, String)| Skipped {
            path: format!("{path}/"),
            why: format!("cannot be listed: {why}"),
        };
        self.unreadable = listing.unreadable.into_iter().map(folder).collect();
        self.files = listing.files;
        Ok(())
    }

    fn take_sums(&mut self, list: &Path, prefix: &str) -> Result<()> {
        let read = read_list(list)?;
        let mut wrong: Vec<_> = read
            .problems
            .iter()
            .map(|problem| format!("line {}: {}", problem.number, problem.message))
            .collect();
        for sum in read.sums {
            if let Err(why) = TextPath::new(&sum.path) {
                wrong.push(format!("{:?} {why}", sum.path));
            }
            self.sums.insert(joined(prefix, &sum.path), sum);
        }
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(listed(
            &format!("{} cannot be taken over", list.display()),
            &wrong,
        )))
    }

    /// Lists what the checksum list has, and nothing else; what it has and is not there is noted when it is read.
    fn keep_summed(&mut self) {
        let (kept, others): (Vec<_>, Vec<_>) = self
            .files
            .drain(..)
            .partition(|found| self.sums.contains_key(&found.path));
        let list = self.options.from.and_then(|list| list.canonicalize().ok());
        let is_list = |path: &str| self.base.join(path).canonicalize().ok() == list;
        self.unlisted = others
            .into_iter()
            .map(|found| found.path)
            .filter(|path| !is_list(path))
            .collect();
        let found: HashSet<&str> = kept.iter().map(|found| found.path.as_str()).collect();
        let mut lost: Vec<String> = self
            .sums
            .keys()
            .filter(|path| !found.contains(path.as_str()))
            .cloned()
            .collect();
        lost.sort();
        self.files = kept;
        self.files.extend(lost.into_iter().map(|path| Found {
            path,
            kind: FileKind::Regular,
            utf8: true,
        }));
        self.files.sort();
    }

    /// Reads every file: what can be listed, and what cannot.
    fn read(&self) -> Result<(Vec<Listed>, Vec<Skipped>)> {
        if let Some(progress) = self.options.progress {
            progress.begin(self.files.len(), 0);
        }
        let library = Library::new(&self.base, LinkPolicy::Forbid);
        let read = self.files.par_iter().map_init(
            || vec![0; BUFFER],
            |buffer, found| self.read_one(&library, found, buffer),
        );
        let read: Vec<Result<Listed, Trouble>> = read.collect();
        if let Some(progress) = self.options.progress {
            progress.end();
        }
        self.options.stop.heed()?;
        let (mut texts, mut skipped, mut differing) = (Vec::new(), self.unreadable.clone(), Vec::new());
        for one in read {
            match one {
                Ok(text) => texts.push(text),
                Err(Trouble::Unlistable(one)) => skipped.push(one),
                Err(Trouble::Differs(why)) => differing.push(why),
            }
        }
        skipped.sort();
        self.refuse(&skipped, &differing, texts.len())?;
        let mut ids = Ids::default();
        texts.iter_mut().for_each(|text| text.id = ids.next(&text.path));
        Ok((texts, skipped))
    }

    fn refuse(&self, skipped: &[Skipped], differing: &[String], texts: usize) -> Result<()> {
        let names: Vec<_> = skipped
            .iter()
            .map(|one| format!("{} {}", one.path.escape_debug(), one.why))
            .collect();
        if self.options.from.is_some() && !(names.is_empty() && differing.is_empty()) {
            let wrong = [differing, names.as_slice()].concat();
            return Err(Error::Refused(listed(
                "the checksum list and the files disagree, so nothing is certified",
                &wrong,
            )));
        }
        if !names.is_empty() && !self.options.skip_unlistable {
            let heading =
                "no manifest can list these; rename them, leave them out with `--exclude`, or say `--skip-unlistable`";
            return Err(Error::Refused(listed(heading, &names)));
        }
        if texts == 0 {
            return Err(Error::Usage("there is no text that can be listed".to_owned()));
        }
        Ok(())
    }

    fn read_one(&self, library: &Library, found: &Found, buffer: &mut [u8]) -> Result<Listed, Trouble> {
        let unlistable = |why: String| {
            Trouble::Unlistable(Skipped {
                path: found.path.clone(),
                why,
            })
        };
        if !found.utf8 {
            return Err(unlistable("has a name that is not UTF-8".to_owned()));
        }
        TextPath::new(&found.path).map_err(|why| unlistable(why.to_owned()))?;
        let nothing: Describe<'_> = &|_| Vec::new();
        let mut describe = self.options.describe;
        if let Some(fields) = self.options.records {
            shards::try_out(library, &found.path, fields).map_err(unlistable)?;
            describe = nothing;
        }
        let sum = self.sums.get(&found.path);
        let wanted: Vec<Algorithm> = sum
            .map(|sum| sum.digests.iter().map(Digest::algorithm).collect())
            .unwrap_or_default();
        let read = Listed::read(library, &found.path, &wanted, describe, buffer, self.options.stop);
        let text = read.map_err(|refusal| unlistable(why(&refusal)))?;
        if let Some(progress) = self.options.progress {
            progress.read(usize::try_from(text.size).unwrap_or(usize::MAX));
            progress.done();
        }
        match sum.and_then(|sum| difference(&text, sum)) {
            Some(why) => Err(Trouble::Differs(why)),
            None => Ok(text),
        }
    }

    fn manifest(&self, listed: &[Listed]) -> String {
        let mut writer = Writer::new("\n");
        if listed.iter().any(|text| !text.said.is_empty()) {
            writer.remark(0, "A line like `# title?: …` is what a text says of itself: check it before you take the `# ` and the `?` away.");
        }
        let mut corpus = Vec::new();
        let texts = |patterns: &[String]| Value::List(patterns.iter().map(Value::quoted).collect());
        corpus.extend(self.options.title.map(|title| Item::Field("title", Value::text(title))));
        corpus.push(Item::Field("include", texts(&self.include)));
        if !self.exclude.is_empty() {
            corpus.push(Item::Field("exclude", texts(&self.exclude)));
        }
        corpus.extend(
            self.options
                .language
                .map(|language| Item::Field("language", Value::text(language))),
        );
        corpus.extend(
            self.options
                .license
                .map(|license| Item::Field("license", Value::text(license))),
        );
        writer.field(0, "vidimus", &Value::plain(schema::VERSION));
        writer.field(0, "corpus", &Value::Record(corpus));
        let (key, values) = match self.options.records {
            Some(fields) => ("entries_from", listed.iter().map(|shard| shard.shard(fields)).collect()),
            None => ("entries", listed.iter().map(Listed::value).collect()),
        };
        writer.field(0, key, &Value::List(values));
        writer.finish()
    }

    /// Reads the manifest as `check` will, before it is written.
    fn prove(&self, text: &str, listed: &[Listed]) -> Result<()> {
        let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        let shown = self.options.output.display().to_string();
        let manifest = Manifest::parse(Source::new("manifest", text.as_bytes().to_vec()), &shown, none)?;
        if let Some(problem) = manifest.problems.iter().find(|problem| problem.entry.is_none()) {
            return Err(Error::Usage(problem.message.clone()));
        }
        let read = manifest
            .entries
            .iter()
            .map(|entry| (entry.path.as_ref().map(|path| path.value.as_str()), entry.digest()));
        let meant = listed.iter().map(|text| (Some(text.path.as_str()), Some(text.sha256)));
        if read.eq(meant) {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "{shown} would not say what was read; nothing was written"
        )))
    }
}

/// Why a file is not listed.
enum Trouble {
    Unlistable(Skipped),
    Differs(String),
}

/// The folder of the manifest, and the way from there to the root.
fn place(options: &Init<'_>) -> Result<(PathBuf, String)> {
    let base = folder_of(options.output);
    let real = |path: &Path| path.canonicalize().map_err(|error| Error::io("list", path, error));
    let (real_base, real_root) = (real(&base)?, real(or_here(options.root))?);
    if !real_root.is_dir() {
        return Err(Error::Usage(format!("{} is no folder", options.root.display())));
    }
    let Ok(prefix) = real_root.strip_prefix(&real_base) else {
        return Err(Error::Refused(format!(
            "{} does not stand in {} or above it: the paths of a manifest are relative to its own folder",
            options.output.display(),
            options.root.display()
        )));
    };
    let Some(prefix) = prefix.to_str() else {
        return Err(Error::Refused(format!(
            "{} has a name that is not UTF-8",
            options.root.display()
        )));
    };
    Ok((base, prefix.replace(std::path::MAIN_SEPARATOR, "/")))
}

/// Reads a checksum list.
pub(super) fn read_list(path: &Path) -> Result<sums::SumList> {
    let bytes = crate::whole::read(path).map_err(|error| Error::io("read", path, error))?;
    sums::parse(&Source::new(path.display().to_string(), bytes), None)
}

fn joined(prefix: &str, path: &str) -> String {
    if prefix.is_empty() {
        path.to_owned()
    } else {
        format!("{prefix}/{path}")
    }
}

fn ending(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('.')
        .map_or("", |(stem, ending)| if stem.is_empty() { "" } else { ending })
}

/// How a text differs from what a checksum list says of it.
fn difference(text: &Listed, sum: &Sum) -> Option<String> {
    let digests = [&[text.sha256], text.further.as_slice()].concat();
    if let Some(expected) = sum.digests.iter().find(|expected| !digests.contains(expected)) {
        let found = digests.iter().find(|found| found.algorithm() == expected.algorithm());
        let found = found.map_or_else(String::new, ToString::to_string);
        return Some(format!(
            "{}: the list has {} {expected}, the file {found}",
            text.path,
            expected.algorithm().title()
        ));
    }
    let size = sum.size.filter(|&size| size != text.size)?;
    Some(format!(
        "{}: the list has {size} bytes, the file {}",
        text.path, text.size
    ))
}

#[cfg(test)]
mod tests {
    fn at() -> Timestamp {
        "2026-01-05T10:00:00Z".parse().expect("a time")
    }

    use std::fs;

    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, text).expect("written");
        }
        folder
    }

    fn begin<'a>(root: &'a Path, with: impl FnOnce(&mut Init<'a>)) -> Result<(Begun, String)> {
        let output: &'static Path = Box::leak(root.join("manifest.yaml").into_boxed_path());
        let mut options = Init::new(root, output, at());
        with(&mut options);
        let begun = init(&options)?;
        Ok((begun, fs::read_to_string(options.output).expect("read")))
    }

    #[test]
    fn lists_texts_with_what_they_say_as_comments() {
        let folder = folder(&[
            ("b/x.txt", "abc"),
            ("a.txt", ""),
            ("raw/a.html", "x"),
            ("README.md", "x"),
        ]);
        let describe = |source: &Source| match source.name() {
            "b/x.txt" => vec![("title".to_owned(), "A: b\nc".to_owned())],
            _ => Vec::new(),
        };
        let (begun, text) = begin(folder.path(), |options| options.describe = &describe).expect("begun");
        let sha = |bytes: &[u8]| Algorithm::Sha256.digest(bytes);
        let origin =
            "    origin:\n      kind: unknown\n      reason: \"listed without a record; say where it came from\"\n";
        let expected = format!(
            "# A line like `# title?: …` is what a text says of itself: check it before you take the `# ` and the `?` away.\nvidimus: 1\ncorpus:\n  include:\n    - \"**/*.txt\"\nentries:\n  - id: a\n    path: a.txt\n    sha256: \"{}\"\n    bytes: 0\n{origin}  - id: b-x\n    path: b/x.txt\n    sha256: \"{}\"\n    bytes: 3\n    # title?: \"A: b\\nc\"\n{origin}",
            sha(b""),
            sha(b"abc")
        );
        assert_eq!(text, expected);
        let left_out: Vec<_> = begun
            .left_out
            .iter()
            .map(|one| (one.ending.as_str(), one.files))
            .collect();
        assert_eq!(
            (begun.texts, begun.bytes, left_out),
            (2, 3, vec![("md", 1), ("html", 1)])
        );
        let corpus = crate::corpus::Corpus::open(&folder.path().join("manifest.yaml")).expect("opens");
        assert!(corpus.manifest.problems.is_empty(), "{:?}", corpus.manifest.problems);
    }

    #[test]
    fn never_replaces_unasked() {
        let folder = folder(&[("a.txt", "x"), ("manifest.yaml", "mine")]);
        assert!(matches!(begin(folder.path(), |_| ()), Err(Error::Refused(_))));
        assert_eq!(fs::read(folder.path().join("manifest.yaml")).expect("read"), b"mine");
        assert!(begin(folder.path(), |options| options.force = true).is_ok());
    }

    #[test]
    fn a_manifest_above_the_root_names_the_way() {
        let folder = folder(&[("[1]/a.txt", "x"), ("b.txt", "x")]);
        let output = folder.path().join("m.yaml");
        let root = folder.path().join("[1]");
        init(&Init::new(&root, &output, at())).expect("begun");
        let corpus = crate::corpus::Corpus::open(&output).expect("opens");
        assert_eq!(corpus.manifest.entries.len(), 1);
        assert_eq!(corpus.manifest.entries[0].name(), "[1]/a.txt");
        assert_eq!(corpus.discover().files.len(), 1);
        assert!(matches!(
            init(&Init::new(folder.path(), &root.join("m.yaml"), at())),
            Err(Error::Refused(_))
        ));
    }

    #[test]
    fn nothing_to_list_is_an_error() {
        let folder = folder(&[("a.bin", "x")]);
        assert!(matches!(begin(folder.path(), |_| ()), Err(Error::Usage(_))));
        let include = ["*.bin".to_owned(), "*.rst".to_owned()];
        let said = begin(folder.path(), |options| options.include = &include)
            .expect_err("idle")
            .to_string();
        assert_eq!(said, "nothing is matched by\n  *.rst");
        assert!(!folder.path().join("manifest.yaml").exists());
    }

    #[cfg(unix)]
    #[test]
    fn all_that_cannot_be_listed_is_named_at_once() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = folder(&[("a.txt", "x"), ("b\\c.txt", "x"), ("d\ne.txt", "x")]);
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"\xff.txt")), "x").expect("written");
        std::os::unix::fs::symlink("a.txt", folder.path().join("l.txt")).expect("linked");
        let said = begin(folder.path(), |_| ()).expect_err("refused").to_string();
        assert_eq!(said.lines().count(), 5, "{said}");
        assert!(said.contains("d\\ne.txt holds a control character"), "{said}");
        let (begun, _) = begin(folder.path(), |options| options.skip_unlistable = true).expect("begun");
        assert_eq!((begun.texts, begun.skipped.len()), (1, 4));
    }

    #[test]
    fn a_checksum_list_is_verified_not_believed() {
        let folder = folder(&[("a.txt", "abc"), ("b.txt", "abd"), ("c.txt", "x")]);
        let list = folder.path().join("SUMS");
        let (sha, md5) = (Algorithm::Sha256.digest(b"abc"), Algorithm::Md5.digest(b"abc"));
        fs::write(&list, format!("{sha}  ./a.txt\n{md5}  b.txt\n{sha}  gone.txt\n")).expect("written");
        let said = begin(folder.path(), |options| options.from = Some(&list))
            .expect_err("refused")
            .to_string();
        assert!(
            said.contains("b.txt: the list has MD5") && said.contains("gone.txt is not there"),
            "{said}"
        );
        fs::write(&list, format!("{sha}  ./a.txt\n{md5}  a.txt\n")).expect("written");
        let (begun, text) = begin(folder.path(), |options| options.from = Some(&list)).expect("begun");
        assert!(
            text.contains(&format!("    digests:\n      md5: \"{md5}\"\n")),
            "{text}"
        );
        assert_eq!(
            (begun.texts, begun.unlisted),
            (1, vec!["b.txt".to_owned(), "c.txt".to_owned()])
        );
    }

    #[test]
    fn options_that_make_no_manifest_are_refused() {
        let folder = folder(&[("a.txt", "x")]);
        let said = begin(folder.path(), |options| options.language = Some("klingon!"))
            .expect_err("refused")
            .to_string();
        assert_eq!(said, "`klingon!` is no language tag");
    }
}
