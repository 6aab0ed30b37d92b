//! Texts are taken out of records: each goes to a file of its own, with what its record tells of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};

use super::super::{Item, Outcome, Package, Unpack};
use super::ledger::Ledger;
use super::names::Names;
use crate::corpus::{BUFFER, LARGEST_TEXT, slashed};
use crate::digest::{Algorithm, digest_reader};
use crate::finding::Location;
use crate::manifest::facts::{ArchiveFacts, SourceFacts, WarcFacts};
use crate::warc::body::{Taken, To};
use crate::warc::http::HttpHead;
use crate::warc::{self, Fault, Head, Kind, Listener, Record};

/// What is written of each type of text, and how the names of its files end.
const ENDINGS: [(&str, &str); 6] = [
    ("text/html", "html"),
    ("application/xhtml+xml", "html"),
    ("text/plain", "txt"),
    ("text/markdown", "md"),
    ("text/xml", "xml"),
    ("text/csv", "csv"),
];
/// Types that are called text, and that nobody reads.
const CODE: [&str; 4] = ["text/css", "text/javascript", "text/ecmascript", "text/vbscript"];

/// The texts of an archive on their way to their files.
#[derive(Debug)]
pub(in crate::exchange) struct Texts<'a> {
    unpack: &'a Unpack<'a>,
    ledger: Ledger,
    package: Package,
    names: Names,
    shown: String,
    pages: usize,
    /// A folder for files that have no name yet.
    waiting: PathBuf,
    number: usize,
}

impl<'a> Texts<'a> {
    pub(in crate::exchange) fn new(unpack: &'a Unpack<'a>) -> Self {
        let shown = slashed(unpack.path);
        Self {
            unpack,
            ledger: Ledger::new(&*shown),
            package: Package::new("the record", unpack.root),
            names: Names::default(),
            shown,
            pages: 0,
            waiting: unpack.root.join(".waiting"),
            number: 0,
        }
    }

    pub(in crate::exchange) fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    pub(in crate::exchange) fn enter(&mut self, member: Option<&str>) {
        self.ledger.enter(member);
    }

    pub(in crate::exchange) fn leave(&mut self) {
        self.ledger.leave();
    }

    /// Everything that was taken, as files with what is recorded of them.
    pub(in crate::exchange) fn package(mut self) -> Package {
        let inspected = self.ledger.close();
        self.package.findings.extend(inspected.findings);
        if self.pages > 0 {
            let why = "is not extracted: it stays as it is, and rules for prose look at its markup too";
            let pages = count_of(self.pages);
            let mut tally = std::mem::take(&mut self.package.lost);
            tally.note_because(format!("the text inside of {pages} of HTML"), why);
            self.package.lost = tally;
        }
        self.package
    }

    fn lose(&mut self, what: String, why: &str) {
        self.package.lost.note_because(what, why);
    }

    /// Moves a file that was written to its place, and lists it.
    fn keep(&mut self, record: &Record, outcome: Outcome, mut file: File, ending: &str) -> io::Result<()> {
        file.rewind()?;
        let mut buffer = vec![0; BUFFER];
        let (digests, size) = digest_reader(&mut file, &[Algorithm::Sha256], None, &mut buffer, |_| Ok(()))?;
        drop(file);
        let target = record.head.target().unwrap_or_default();
        let name = self.names.name(target, record.head.date().unwrap_or_default(), ending);
        let path = format!("{}/{name}", self.unpack.texts);
        let place = self.unpack.root.join(&path);
        fs::create_dir_all(place.parent().unwrap_or(Path::new("")))?;
        fs::rename(self.waiting_file(), place)?;
        let mut item = Item::new(path, digests, Location::file(&self.shown));
        item.size = Some(size);
        item.explained = outcome == Outcome::Unverifiable;
        self.describe(&mut item, record);
        self.pages += usize::from(ending == "html");
        self.package.items.push(item);
        Ok(())
    }

    fn describe(&mut self, item: &mut Item, record: &Record) {
        let head = &record.head;
        let http = |name: &str| {
            record
                .http
                .as_ref()
                .and_then(|http| http.fields.get(name))
                .map(str::to_owned)
        };
        item.facts.source = head.target().map(|target| SourceFacts {
            url: target.to_owned(),
            retrieved_at: head.when().and_then(Result::ok).map(|_| full_date(head)),
            http_status: record.http.as_ref().and_then(|http| http.status).map(u64::from),
            etag: http("ETag"),
            last_modified: http("Last-Modified"),
            ..SourceFacts::default()
        });
        match self.unpack.below {
            Some(file) => {
                let warc = WarcFacts {
                    file: file.to_owned(),
                    record_id: head.id().map(str::to_owned),
                    payload_digest: head.payload_digest().map(str::to_owned),
                };
                item.facts.archive = Some(ArchiveFacts {
                    url: None,
                    warc: Some(warc),
                });
            }
            None => self.lose(
                "the place of the record".to_owned(),
                "cannot be recorded: the archive is not in the folder of the manifest or below it",
            ),
        }
    }

    fn waiting_file(&self) -> PathBuf {
        self.waiting.join(self.number.to_string())
    }

    /// Why a record gives no text, where it gives none.
    fn pass_over(&mut self, record: &Record) {
        let kind = record.head.kind();
        let media = record.media_type();
        let status = record.http.as_ref().and_then(|http| http.status);
        match (kind, status, media) {
            (Kind::Response, Some(status @ 300..400), _) => {
                self.lose(
                    format!("a response with status {status}"),
                    "leads to another address, and is no text",
                );
            }
            (Kind::Response | Kind::Resource | Kind::Conversion, _, Some(media)) => {
                self.lose(format!("a record of type {media}"), "is no text");
            }
            (Kind::Response | Kind::Resource | Kind::Conversion, _, None) => {
                self.lose("a record without a media type".to_owned(), "is taken for no text");
            }
            (Kind::Revisit, ..) => self.lose("a revisit record".to_owned(), "has no content of its own"),
            _ => self.lose(format!("a {} record", kind.name()), "is no text"),
        }
    }
}

fn count_of(pages: usize) -> String {
    if pages == 1 {
        "1 page".to_owned()
    } else {
        format!("{pages} pages")
    }
}

/// When a record was made, as a manifest writes it.
fn full_date(head: &Head) -> String {
    let date = head.date().unwrap_or_default();
    if date.len() == 17 {
        format!("{}:00Z", &date[..16])
    } else {
        date.to_owned()
    }
}

/// How the name of a text ends; `None` for what is no text.
fn ending(head: &Head, http: Option<&HttpHead>) -> Option<&'static str> {
    let holds = matches!(head.kind(), Kind::Response | Kind::Resource | Kind::Conversion);
    let redirects = http
        .and_then(|http| http.status)
        .is_some_and(|status| (300..400).contains(&status));
    let media = warc::media_type(head, http).filter(|_| holds && !redirects)?;
    let known = ENDINGS
        .iter()
        .find(|(name, _)| *name == media)
        .map(|(_, ending)| *ending);
    let text = media.starts_with("text/") && !CODE.contains(&media.as_str());
    known.or(text.then_some("txt"))
}

impl Listener for Texts<'_> {
    fn wants(&mut self, head: &Head, http: Option<&HttpHead>) -> Option<(To, u64)> {
        ending(head, http)?;
        self.number += 1;
        fs::create_dir_all(&self.waiting).ok()?;
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create_new(true)
            .open(self.waiting_file());
        Some((To::File(file.ok()?), LARGEST_TEXT))
    }

    fn record(&mut self, record: Record, taken: Option<Taken>) -> io::Result<()> {
        let outcome = self.ledger.record(&record);
        let Some(ending) = ending(&record.head, record.http.as_ref()) else {
            self.pass_over(&record);
            return Ok(());
        };
        let name = format!(
            "the {} record of {}",
            record.head.kind().name(),
            record.head.target().unwrap_or("no address")
        );
        let Some(Taken {
            to: To::File(file),
            size,
        }) = taken
        else {
            return Err(io::Error::other(format!(
                "{} cannot be written to",
                self.waiting.display()
            )));
        };
        let lost = match size {
            _ if outcome == Outcome::Failed => Some("is not what its digest says".to_owned()),
            _ if !record.whole => Some("is not whole".to_owned()),
            Err(error) => Some(error.reason()),
            Ok(0) => Some("has no content".to_owned()),
            Ok(_) => None,
        };
        match lost {
            None => self.keep(&record, outcome, file, ending),
            Some(why) => {
                drop(file);
                fs::remove_file(self.waiting_file())?;
                self.lose(name, &why);
                Ok(())
            }
        }
    }

    fn fault(&mut self, fault: Fault) {
        self.ledger.fault(&fault);
    }
}
