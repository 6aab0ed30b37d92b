//! `fetch.txt`: files that are not in the bag, and the addresses that give them. Nothing is fetched.

use std::collections::HashMap;

use super::folder::Folder;
use super::listing::{Listed, Part, split, text_of};
use super::names::Names;
use super::{Notes, error, number};
use crate::address::Address;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::facts::SourceFacts;
use crate::source::{Source, Span};

/// Its name.
pub(super) const FILE: &str = "fetch.txt";

/// What its files add to the payload, where they are not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outstanding {
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Whether the size of one is not known.
    pub(super) unsized_files: bool,
}

/// One line.
struct Line<'s> {
    url: &'s str,
    length: Option<u64>,
    path: &'s str,
    span: Span,
}

/// Paths as they are written.
pub(super) fn written(source: &Source) -> impl Iterator<Item = &str> {
    let lines = (1..=source.line_count()).filter_map(|number| source.text()?.get(source.line(number).range()));
    lines.filter_map(|line| Some(split(split(line)?.1)?.1))
}

/// Reads it, and notes at the files that it names from where they are to be had.
pub(super) fn read(
    source: &Source,
    listed: &mut Listed,
    names: &Names<'_>,
    folder: &Folder,
    notes: &mut Notes,
) -> Outstanding {
    let mut reader = Reader {
        source,
        names,
        folder,
        seen: HashMap::new(),
        outstanding: Outstanding::default(),
        notes,
    };
    for number in 1..=source.line_count() {
        let line = reader.line(source.line(number));
        line.into_iter().for_each(|line| reader.take(&line, listed));
    }
    reader.outstanding
}

struct Reader<'a, 'n> {
    source: &'a Source,
    names: &'a Names<'n>,
    folder: &'a Folder,
    seen: HashMap<usize, Span>,
    outstanding: Outstanding,
    notes: &'a mut Notes,
}

impl<'a> Reader<'a, '_> {
    fn place(&self, span: Span) -> Location {
        Location::at(self.source.name(), span)
    }

    fn line(&mut self, span: Span) -> Option<Line<'a>> {
        let text = text_of(self.source, span, self.notes)?;
        if text.trim().is_empty() {
            return None;
        }
        let place = self.place(span);
        let parts = split(text).and_then(|(url, rest)| Some((url, split(rest)?)));
        let Some((url, (length, path))) = parts else {
            let message = "the line is no address, length and path";
            self.notes.push(error("manifest/invalid-value", place, message));
            return None;
        };
        if let Some(why) = Part::Payload.refuse(path) {
            let finding = error("manifest/invalid-path", place, format!("the path {path} {why}"));
            self.notes
                .push(finding.help("nothing is fetched to it; write it relative to the root of the bag, with `/`"));
            return None;
        }
        let length = match length {
            "-" => None,
            digits => number(digits).or_else(|| {
                let message = format!("`{digits}` is no length: a number of bytes, or `-` where it is not known");
                self.notes.push(error("manifest/invalid-value", place, message));
                None
            }),
        };
        Some(Line {
            url,
            length,
            path,
            span,
        })
    }

    fn take(&mut self, line: &Line<'_>, listed: &mut Listed) {
        self.judge(line);
        let name = self.names.meant(line.path).name;
        let Some(&index) = listed.by_name.get(&name) else {
            let message = format!("no manifest lists {name}, which is to be fetched");
            let finding = error("manifest/uneven-listing", self.place(line.span), message);
            self.notes
                .push(finding.help("list it with its digest, or remove the line"));
            return;
        };
        if let Some(&first) = self.seen.get(&index) {
            let message = format!("{} names {name} twice", self.source.name());
            let finding = Finding::new("manifest/path-clash", Severity::Warning, self.place(line.span), message);
            self.notes
                .push(finding.related(self.place(first), "named here already"));
            return;
        }
        self.seen.insert(index, line.span);
        let item = &mut listed.items[index];
        item.facts.source = Some(SourceFacts {
            url: line.url.to_owned(),
            ..SourceFacts::default()
        });
        match self.folder.files.get(item.place()) {
            Some(&size) => self.compare(line, size, &name),
            None => item.absent = Some(Box::new(self.outstanding(line, &name))),
        }
    }

    fn judge(&mut self, line: &Line<'_>) {
        let place = self.place(line.span);
        match Address::parse(line.url).map(|address| address.doubt(line.url)) {
            Err(why) => self.notes.push(
                error("provenance/invalid-url", place, format!("the address {why}"))
                    .help("write an absolute address: https://example.org/page"),
            ),
            Ok(Some(_)) => {
                let message =
                    "the address has a password or an end that was cut, or leads to a host that others cannot reach";
                self.notes
                    .push(Finding::new("provenance/invalid-url", Severity::Info, place, message));
            }
            Ok(None) => {}
        }
    }

    /// A file that is there has the length that was promised.
    fn compare(&mut self, line: &Line<'_>, size: u64, name: &str) {
        let Some(length) = line.length.filter(|&length| length != size) else {
            return;
        };
        let message = format!("{name} has {size} bytes, and {} says {length}", self.source.name());
        let finding = error("fixity/size-mismatch", self.place(line.span), message);
        self.notes
            .push(finding.help("fetch it again, or correct the length where its digest is right"));
    }

    fn outstanding(&mut self, line: &Line<'_>, name: &str) -> Finding {
        self.outstanding.files += 1;
        self.outstanding.bytes = self.outstanding.bytes.saturating_add(line.length.unwrap_or(0));
        self.outstanding.unsized_files |= line.length.is_none();
        let message = format!("{name} is still to be fetched, from {}", line.url);
        error("fixity/unfetched-file", self.place(line.span), message).help("fetch it, put it there, and verify again")
    }
}
