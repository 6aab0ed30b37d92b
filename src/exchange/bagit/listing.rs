//! The manifests of a bag: what each line lists, and the files that all of them list together.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::folder::{Folder, is_of_system, is_payload};
use super::names::{How, Names, decode};
use super::{Notes, error};
use crate::checks::fixity::path_form::difference;
use crate::digest::{Algorithm, Digest};
use crate::exchange::Item;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::{TextPath, fold};
use crate::source::{Source, Span};

/// What a manifest lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Payload,
    Tags,
}

impl Part {
    /// Why a path, as it is written, may not be listed here, as the end of a sentence that begins with it.
    pub(super) fn refuse(self, path: &str) -> Option<&'static str> {
        let plain = decode(path).replace(['\n', '\r'], "_");
        match (TextPath::new(&plain), self) {
            (Err(why), _) => Some(why),
            (Ok(_), Self::Payload) if !is_payload(path) => Some("is not in `data/`, as all files of the payload are"),
            (Ok(_), Self::Tags) if is_payload(path) => Some("is in `data/`, where no tag files are"),
            _ => None,
        }
    }
}

/// One manifest.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) source: Source,
    algorithm: Algorithm,
    pub(super) lines: Vec<Line>,
}

/// A line of it whose path may be followed.
#[derive(Debug)]
pub(super) struct Line {
    /// As it is written, without what `md5sum` and `find` put before it.
    pub(super) path: String,
    /// `None` where it is no digest of the algorithm; that was said.
    digest: Option<Digest>,
    span: Span,
}

/// Lines that are not written as they should be.
#[derive(Default)]
struct Forms {
    comments: Vec<Span>,
    stars: Vec<Span>,
    dots: Vec<Span>,
}

impl Listing {
    /// Reads a manifest; every line is one, or is noted.
    pub(super) fn read(source: Source, algorithm: Algorithm, part: Part, notes: &mut Notes) -> Self {
        let (mut lines, mut forms) = (Vec::new(), Forms::default());
        for number in 1..=source.line_count() {
            let span = source.line(number);
            let Some(text) = text_of(&source, span, notes) else {
                notes.unusable += 1;
                continue;
            };
            if text.trim().is_empty() {
                continue;
            }
            if text.starts_with('#') {
                forms.comments.push(span);
                continue;
            }
            let place = Location::at(source.name(), span);
            let Some((hex, path)) = split(text) else {
                let message = "the line lists nothing: it is no digest, white space and path";
                notes.unusable(error("manifest/invalid-value", place, message));
                continue;
            };
            let path = forms.plain(path, span);
            if let Some(why) = part.refuse(path) {
                let finding = error("manifest/invalid-path", place, format!("the path {path} {why}"));
                notes.unusable(finding.help("it is not followed; write it relative to the root of the bag, with `/`"));
                continue;
            }
            lines.push(Line {
                path: path.to_owned(),
                digest: digest_of(algorithm, hex, place, notes),
                span,
            });
        }
        forms.note(&source, lines.len(), notes);
        Self {
            source,
            algorithm,
            lines,
        }
    }

    fn place(&self, span: Span) -> Location {
        Location::at(self.source.name(), span)
    }
}

/// The text of a line; noted where it is none.
pub(super) fn text_of<'s>(source: &'s Source, span: Span, notes: &mut Notes) -> Option<&'s str> {
    let text = std::str::from_utf8(source.slice(span)).ok();
    if text.is_none() {
        let message = "the line is not in the encoding that bagit.txt names";
        notes.push(error(
            "manifest/invalid-value",
            Location::at(source.name(), span),
            message,
        ));
    }
    text
}

/// A word, white space, and the rest.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once([' ', '\t'])?;
    let rest = rest.trim_start_matches([' ', '\t']);
    (!word.is_empty() && !rest.is_empty()).then_some((word, rest))
}

fn digest_of(algorithm: Algorithm, hex: &str, place: Location, notes: &mut Notes) -> Option<Digest> {
    let digest = Digest::from_hex(algorithm, hex);
    if digest.is_none() {
        let message = format!("{} is no {}", shown(hex), algorithm.title());
        let help = format!("it has {} hexadecimal digits", algorithm.length() * 2);
        notes.push(error("manifest/invalid-digest", place, message).help(help));
    }
    digest
}

/// A value in a message.
fn shown(value: &str) -> String {
    match value.char_indices().nth(40) {
        Some((end, _)) => format!("`{}…`", &value[..end]),
        None => format!("`{value}`"),
    }
}

impl Forms {
    /// The path without `*` and `./` before it.
    fn plain<'t>(&mut self, path: &'t str, span: Span) -> &'t str {
        let starless = path.strip_prefix('*').filter(|rest| !rest.is_empty());
        self.stars.extend(starless.map(|_| span));
        let mut plain = starless.unwrap_or(path);
        let dotted = plain;
        while let Some(rest) = plain.strip_prefix("./").filter(|rest| !rest.is_empty()) {
            plain = rest;
        }
        if plain.len() < dotted.len() {
            self.dots.push(span);
        }
        plain
    }

    fn note(&self, source: &Source, lines: usize, notes: &mut Notes) {
        let all = self.dots.len() >= lines;
        let dots = if all { Severity::Warning } else { Severity::Info };
        let said = [
            (
                &self.comments,
                Severity::Warning,
                "a comment, which no manifest of a bag has",
            ),
            (
                &self.stars,
                Severity::Warning,
                "a `*` before the path, as md5sum writes it; a bag has none",
            ),
            (
                &self.dots,
                dots,
                "`./` before the path, as find writes it; a bag has none",
            ),
        ];
        for (spans, severity, what) in said {
            let Some(&first) = spans.first() else { continue };
            let message = match spans.len() {
                1 => format!("the line has {what}"),
                count => format!("{count} lines, of which this is the first, have {what}"),
            };
            let place = Location::at(source.name(), first);
            notes.push(Finding::new("manifest/line-form", severity, place, message));
        }
    }
}

/// The files that manifests list together.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) items: Vec<Item>,
    /// The item of each path.
    pub(super) by_name: HashMap<String, usize>,
}

/// Makes one item of each file.
pub(super) struct Gatherer<'a, 'n> {
    pub(super) listings: &'a [Listing],
    pub(super) names: &'a Names<'n>,
    pub(super) folder: &'a Folder,
    pub(super) part: Part,
    pub(super) strict: bool,
    pub(super) notes: &'a mut Notes,
}

impl Gatherer<'_, '_> {
    pub(super) fn gather(mut self) -> Listed {
        let mut listed = Listed {
            items: Vec::new(),
            by_name: HashMap::new(),
        };
        for listing in self.listings {
            self.take(listing, &mut listed);
        }
        listed.items.iter_mut().for_each(|item| self.look_at(item));
        self.refuse_to_list_twice(&mut listed.items);
        self.clashes(&listed.items);
        if self.strict && self.part == Part::Payload {
            self.uneven(&listed);
        }
        listed
    }

    fn take(&mut self, listing: &Listing, listed: &mut Listed) {
        let mut seen: HashMap<usize, &Line> = HashMap::new();
        let mut raw = Vec::new();
        for line in &listing.lines {
            let meant = self.names.meant(&line.path);
            if meant.how == How::Raw {
                raw.push(line.span);
            }
            let index = *listed.by_name.entry(meant.name.clone()).or_insert_with(|| {
                let mut item = Item::new(meant.name, Vec::new(), listing.place(line.span));
                (item.stands_at, item.payload) = (meant.stands_at, self.part == Part::Payload);
                listed.items.push(item);
                listed.items.len() - 1
            });
            if let Some(first) = seen.get(&index) {
                self.twice(listing, first, line);
                continue;
            }
            seen.insert(index, line);
            let item = &mut listed.items[index];
            item.explained |= line.digest.is_none();
            item.digests.extend(line.digest);
            item.places.push((listing.algorithm, listing.place(line.span)));
        }
        self.unencoded(listing, &raw);
    }

    /// A file that one manifest lists twice: the drafts allow that with one digest, the RFC does not.
    fn twice(&mut self, listing: &Listing, first: &Line, again: &Line) {
        let same = first.digest.is_some() && first.digest == again.digest;
        let severity = if same && !self.strict {
            Severity::Warning
        } else {
            Severity::Error
        };
        let how = if same { "twice" } else { "twice, with two digests" };
        let message = format!("{} lists {} {how}", listing.source.name(), again.path);
        let finding = Finding::new("manifest/path-clash", severity, listing.place(again.span), message);
        let finding = finding.related(listing.place(first.span), "listed here already");
        self.notes
            .push(finding.help("remove the line that is wrong, and renew the digest of the list"));
    }

    fn unencoded(&mut self, listing: &Listing, raw: &[Span]) {
        let Some(&first) = raw.first() else { return };
        let severity = if self.strict { Severity::Warning } else { Severity::Info };
        let message = match raw.len() {
            1 => "the path holds a `%` that was not encoded, so that it could be read as another one".to_owned(),
            count => format!(
                "{count} paths, of which this is the first, hold a `%` that was not encoded, so that they could be read as others"
            ),
        };
        let finding = Finding::new("manifest/line-form", severity, listing.place(first), message);
        self.notes
            .push(finding.help("write `%25` for each `%`, as RFC 8493 has it"));
    }

    /// Notes what is odd about the name of a file.
    fn look_at(&mut self, item: &mut Item) {
        let name = item.facts.path.clone();
        if let Some(found) = &item.stands_at {
            let by = difference(&name, found);
            let message = format!("the file is named {found}, which differs by {by}");
            let finding = Finding::new("fixity/path-form", Severity::Warning, item.listed.clone(), message);
            let finding = finding.help("rename the file, or write its name as it is");
            self.notes
                .push(finding.evidence("found", found.as_str()).evidence("differs_by", by));
        }
        if !is_of_system(&name) {
            return;
        }
        let there = self.folder.holds(item.place());
        let message = match there {
            true => format!("{name} is a file that the system makes by itself"),
            false => format!("{name} is a file that the system makes by itself, and is not there"),
        };
        let finding = Finding::new("fixity/system-file", Severity::Warning, item.listed.clone(), message);
        let finding = finding.help("remove it from the payload and from every list");
        match there {
            true => self.notes.push(finding),
            false => item.absent = Some(Box::new(finding)),
        }
    }

    /// A file that is found by two paths is listed once.
    fn refuse_to_list_twice(&self, items: &mut [Item]) {
        let plain: HashSet<String> = items
            .iter()
            .filter(|item| item.stands_at.is_none())
            .map(|item| item.facts.path.clone())
            .collect();
        let mut taken = HashSet::new();
        for item in items {
            let Some(place) = item.stands_at.clone() else { continue };
            item.payload &= !plain.contains(&place) && taken.insert(place);
        }
    }

    /// Paths that are one on some systems.
    fn clashes(&mut self, items: &[Item]) {
        let mut first: HashMap<String, &Item> = HashMap::new();
        for item in items {
            let folded = fold(&item.facts.path).into_owned();
            let Some(other) = first.get(&folded) else {
                first.insert(folded, item);
                continue;
            };
            let (one, two) = (&item.facts.path, &other.facts.path);
            let message = format!("{one} and {two} differ only by {}", difference(one, two));
            let finding = Finding::new("manifest/path-clash", Severity::Warning, item.listed.clone(), message);
            let finding = finding.related(other.listed.clone(), "the other one");
            self.notes
                .push(finding.help("rename one: some file systems hold only one of the two"));
        }
    }

    /// Files that one manifest lists and another does not.
    fn uneven(&mut self, listed: &Listed) {
        for item in &listed.items {
            let lacks = |listing: &&Listing| !item.places.iter().any(|(algorithm, _)| *algorithm == listing.algorithm);
            for listing in self.listings.iter().filter(lacks) {
                let message = format!("{} does not list {}", listing.source.name(), item.facts.path);
                let finding = error("manifest/uneven-listing", item.listed.clone(), message);
                self.notes
                    .push(finding.help("add it there too: version 1.0 wants each file in every manifest"));
            }
        }
    }
}

/// Files of the payload that no manifest lists.
pub(super) fn unlisted(folder: &Folder, listed: &Listed, notes: &mut Notes) {
    let paths = listed.items.iter().flat_map(|item| [&*item.facts.path, item.place()]);
    let places: BTreeSet<&str> = paths.collect();
    for (path, _) in folder.payload().filter(|(path, _)| !places.contains(path)) {
        let help = match is_of_system(path) {
            true => "the system made it; remove it",
            false => "add it to every manifest, or remove it",
        };
        notes.push(
            error(
                "fixity/unlisted-text",
                Location::file(path),
                "no manifest lists this file",
            )
            .help(help),
        );
    }
    for path in folder.nameless.iter().filter(|path| is_payload(path)) {
        let message = "no manifest lists this file, and none in UTF-8 can: its name is not UTF-8";
        notes.push(error("fixity/unlisted-text", Location::file(path), message).help("rename it, then list it"));
    }
    for (path, kind) in folder.others.iter().filter(|(path, _)| is_payload(path)) {
        let below = format!("{path}/");
        let next = places.range(below.as_str()..).next();
        if places.contains(path.as_str()) || next.is_some_and(|next| next.starts_with(&below)) {
            continue; // It is refused where it is read.
        }
        let rule = match kind {
            crate::corpus::FileKind::Link => "fixity/symbolic-link",
            _ => "fixity/special-file",
        };
        let message = format!(
            "this is {}, which no bag can hold; it is not followed or opened",
            kind.noun()
        );
        notes.push(error(rule, Location::file(path), message).help("put a file in its place, or remove it"));
    }
}
