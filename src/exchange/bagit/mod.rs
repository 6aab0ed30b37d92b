//! Bags (BagIt, RFC 8493, and its drafts 0.93 to 0.97): a folder `data/` and lists of digests beside it, as libraries and archives hand
//! files on.
//!
//! The parts are read in the order in which they need each other: the declaration says how the others are encoded, the folder says
//! which of several readings of a name is meant, the manifests say what is listed, and the rest is compared with both. A total never
//! stands in place of a file: everything is looked at, whatever else is wrong.

mod declaration;
mod fetch;
mod folder;
mod held;
mod info;
mod listing;
mod names;
mod tag;
mod write;

use std::fs;
use std::path::Path;

use super::verify::refuse_nothing;
use super::{Exchange, Item, Lost, Outgoing, Package, Tally};
use crate::corpus::Library;
use crate::digest::Algorithm;
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, RuleId, Severity};
use crate::inventory::or_here;
use crate::manifest::LinkPolicy;
use crate::source::Source;
use crate::stop::Stop;
use declaration::Declaration;
use fetch::Outstanding;
use folder::Folder;
use info::Info;
use listing::{Gatherer, Listed, Listing, Part};
use names::Names;

/// A bag.
#[derive(Debug)]
pub(super) struct Bagit;

impl Exchange for Bagit {
    fn name(&self) -> &'static str {
        "bagit"
    }

    fn about(&self) -> &'static str {
        "a bag (RFC 8493): a folder with bagit.txt, manifests and data/"
    }

    fn recognises(&self, path: &Path) -> bool {
        let is = |name: &str, kind: fn(&fs::Metadata) -> bool| {
            path.join(name).symlink_metadata().is_ok_and(|data| kind(&data))
        };
        let lists = || {
            Algorithm::ALL
                .iter()
                .any(|one| is(&format!("manifest-{one}.txt"), fs::Metadata::is_file))
        };
        is(declaration::FILE, fs::Metadata::is_file) || (is("data", fs::Metadata::is_dir) && lists())
    }

    fn read(&self, path: &Path, stop: Stop<'_>) -> Result<Package> {
        let root = root_of(path);
        let shown = root.display().to_string();
        if !root
            .metadata()
            .map_err(|error| Error::io("read", root, error))?
            .is_dir()
        {
            return Err(Error::Refused(format!(
                "{shown} is no bag: a bag is a folder with bagit.txt"
            )));
        }
        let folder = Folder::walk(root, stop)?;
        let package = Reader::new(root, &folder, stop).read()?;
        refuse_nothing(&package, &shown)?;
        Ok(package)
    }

    fn fetches(&self) -> bool {
        true
    }

    fn write(&self, outgoing: &Outgoing<'_>) -> Result<Vec<Lost>> {
        write::write(outgoing)
    }
}

/// The folder of a bag, which may be named by its declaration too.
fn root_of(path: &Path) -> &Path {
    let named = path.file_name().is_some_and(|name| name == declaration::FILE);
    match path.parent().filter(|_| named) {
        Some(parent) => or_here(parent),
        None => path,
    }
}

/// What is noted while a bag is read.
#[derive(Debug, Default)]
struct Notes {
    findings: Vec<Finding>,
    /// How many lines list something that cannot be verified.
    unusable: usize,
    lost: Tally,
}

impl Notes {
    fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Notes a line that lists nothing which could be verified.
    fn unusable(&mut self, finding: Finding) {
        self.unusable += 1;
        self.push(finding);
    }
}

fn error(rule: RuleId, place: Location, message: impl Into<String>) -> Finding {
    Finding::new(rule, Severity::Error, place, message)
}

/// A number in digits alone.
fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Reads one bag.
struct Reader<'a> {
    library: Library,
    folder: &'a Folder,
    stop: Stop<'a>,
    notes: Notes,
    package: Package,
}

impl<'a> Reader<'a> {
    fn new(root: &Path, folder: &'a Folder, stop: Stop<'a>) -> Self {
        Self {
            library: Library::new(root, LinkPolicy::Forbid),
            folder,
            stop,
            notes: Notes::default(),
            package: Package::new("the bag", root),
        }
    }

    fn read(mut self) -> Result<Package> {
        let (declared, source) = declaration::read(&self.library, self.stop, &mut self.notes);
        self.package.sources.extend(source);
        self.structure();
        let payload = self.listings("manifest-", Part::Payload, declared);
        let tags = self.listings("tagmanifest-", Part::Tags, declared);
        let fetch = self.tag(fetch::FILE, declared);
        self.stop.heed()?;
        let folder = self.folder;
        let written = payload.iter().chain(&tags).flat_map(|listing| &listing.lines);
        let written = written
            .map(|line| &*line.path)
            .chain(fetch.iter().flat_map(fetch::written));
        let names = Names::new(folder, written);
        let mut listed = self.gather(&payload, &names, Part::Payload, declared);
        let described = self.gather(&tags, &names, Part::Tags, declared);
        let outstanding = fetch
            .as_ref()
            .map(|source| fetch::read(source, &mut listed, &names, folder, &mut self.notes));
        drop(names);
        listing::unlisted(folder, &listed, &mut self.notes);
        self.manifests_listed(&payload, &tags, &described, declared);
        self.untagged(&described, !tags.is_empty());
        let info = self.tag(declared.version.info_file(), declared);
        if let Some(source) = &info {
            self.info(source, outstanding.unwrap_or_default(), &listed, declared);
        }
        held::take(
            &self.library,
            &described,
            &mut listed,
            (&mut self.package.corpus, &mut self.notes),
            self.stop,
        );
        let sources = payload.into_iter().chain(tags).map(|listing| listing.source);
        self.package.sources.extend(sources.chain(fetch).chain(info));
        Ok(self.finish(listed, described))
    }

    fn finish(self, listed: Listed, described: Listed) -> Package {
        let mut package = self.package;
        package.items = listed.items;
        package.items.extend(described.items);
        package.findings = self.notes.findings;
        package.unusable = self.notes.unusable;
        package.lost = self.notes.lost;
        package
    }

    /// The parts that no bag lacks.
    fn structure(&mut self) {
        if !self.folder.has_payload {
            let message = "there is no folder `data`, which holds the payload of a bag";
            self.notes
                .push(error("fixity/missing-text", Location::file("data"), message));
        }
        for (path, why) in &self.folder.unreadable {
            let message = format!("this folder cannot be listed: {why}");
            let finding = error("fixity/unreadable-folder", Location::file(path), message);
            self.notes
                .push(finding.help("let it be read, so that nothing in it is passed over"));
        }
    }

    /// A tag file that need not be there.
    fn tag(&mut self, name: &str, declared: Declaration) -> Option<Source> {
        if !self.folder.holds(name) {
            return None;
        }
        tag::read(&self.library, name, declared.encoding, self.stop, &mut self.notes)
    }

    fn listings(&mut self, prefix: &str, part: Part, declared: Declaration) -> Vec<Listing> {
        let folder = self.folder;
        let known = folder
            .lists(prefix)
            .filter(|(_, name)| Algorithm::from_name(name).is_some())
            .count();
        let mut listings = Vec::new();
        for (file, name) in folder.lists(prefix) {
            let Some(algorithm) = Algorithm::from_name(name) else {
                self.unknown(file, name, known > 0);
                continue;
            };
            if let Some(source) = self.tag(file, declared) {
                listings.push(Listing::read(source, algorithm, part, &mut self.notes));
            }
        }
        if part == Part::Payload && listings.iter().all(|listing| listing.lines.is_empty()) {
            self.empty(listings.first());
        }
        listings
    }

    fn unknown(&mut self, file: &str, name: &str, others: bool) {
        let severity = if others { Severity::Warning } else { Severity::Error };
        let message = format!("`{name}` is no digest algorithm that can be verified, so that nothing was by this list");
        let finding = Finding::new("manifest/unknown-algorithm", severity, Location::file(file), message);
        self.notes
            .push(finding.help("add a manifest with an algorithm that is known: sha512 or sha256"));
    }

    fn empty(&mut self, listing: Option<&Listing>) {
        let (file, message) = match listing {
            Some(listing) => (
                listing.source.name(),
                "the bag lists no file of the payload, so that there is nothing to verify",
            ),
            None => (
                declaration::FILE,
                "the bag has no manifest that can be read: a file such as manifest-sha512.txt",
            ),
        };
        self.notes
            .push(error("manifest/empty-manifest", Location::file(file), message));
    }

    fn gather(&mut self, listings: &[Listing], names: &Names<'_>, part: Part, declared: Declaration) -> Listed {
        let gatherer = Gatherer {
            listings,
            names,
            folder: self.folder,
            part,
            strict: declared.version.is_strict(),
            notes: &mut self.notes,
        };
        gatherer.gather()
    }

    /// Each list of tag files names every manifest of the payload, and no list of tag files.
    fn manifests_listed(&mut self, payload: &[Listing], tags: &[Listing], described: &Listed, declared: Declaration) {
        let severity = if declared.version.is_strict() {
            Severity::Error
        } else {
            Severity::Warning
        };
        for listing in tags {
            let lists = |name: &str| listing.lines.iter().any(|line| line.path == name);
            let place = Location::file(listing.source.name());
            for manifest in payload
                .iter()
                .map(|manifest| manifest.source.name())
                .filter(|name| !lists(name))
            {
                let message = format!("{} does not list {manifest}", listing.source.name());
                self.notes.push(Finding::new(
                    "manifest/uneven-listing",
                    severity,
                    place.clone(),
                    message,
                ));
            }
        }
        for item in described.items.iter().filter(|item| is_tag_list(&item.facts.path)) {
            let message = format!(
                "{} is listed, and no list of tag files names such a list",
                item.facts.path
            );
            self.notes.push(Finding::new(
                "manifest/invalid-value",
                severity,
                item.listed.clone(),
                message,
            ));
        }
    }

    /// Files beside the payload that nothing vouches for.
    fn untagged(&mut self, described: &Listed, has_lists: bool) {
        let note = |path: &str, message: &str| {
            let finding = Finding::new("fixity/unlisted-text", Severity::Info, Location::file(path), message);
            finding.help("nothing says whether it is as it was; add it to a tagmanifest")
        };
        if !has_lists {
            let message =
                "the bag has no tagmanifest, so that this file and all others beside `data/` are not verified";
            self.notes.push(note(declaration::FILE, message));
            return;
        }
        let files = self.folder.files.keys().chain(self.folder.others.keys());
        let beside = files.filter(|path| !folder::is_payload(path) && !is_tag_list(path));
        let unnamed = beside.filter(|path| !described.by_name.contains_key(*path));
        for path in unnamed {
            self.notes
                .push(note(path, "no tagmanifest lists this file, which the format allows"));
        }
    }

    fn info(&mut self, source: &Source, mut outstanding: Outstanding, listed: &Listed, declared: Declaration) {
        let of_system =
            |item: &&Item| item.absent.is_some() && item.facts.source.is_none() && !self.folder.holds(item.place());
        let gone = listed.items.iter().filter(of_system).count() as u64;
        outstanding.files += gone;
        outstanding.unsized_files |= gone > 0;
        let info = Info::read(source, declared.version.is_strict(), &mut self.notes);
        info.carry_over(&mut self.package.corpus, &mut self.notes);
        info.compare(self.folder, outstanding, &mut self.notes);
    }
}

/// Whether a file is a list of tag files, which none of them names.
fn is_tag_list(path: &str) -> bool {
    path.starts_with("tagmanifest-") && path.ends_with(".txt") && !path.contains('/')
}
