//! What the records of a file come to: an outcome for each, and findings.

use std::collections::{BTreeMap, HashMap};
use std::io;

use super::super::{Inspected, Outcome};
use crate::address::Address;
use crate::date::DateError;
use crate::digest::Digest;
use crate::finding::{Finding, Location, RuleId, Severity};
use crate::warc::label::LabelError;
use crate::warc::{Agreement, Claim, Fault, Flaw, Kind, Place, Record};

/// A file gets at most so many findings of one rule; the others are counted.
const MOST: usize = 200;
/// The versions of the format that are known.
const VERSIONS: [&str; 4] = ["0.17", "0.18", "1.0", "1.1"];

/// The record of what was read.
#[derive(Debug, Default)]
pub(in crate::exchange) struct Ledger {
    /// How findings name the file.
    path: String,
    /// The file inside of it, where it is a package.
    member: Option<String>,
    inspected: Inspected,
    told: BTreeMap<(RuleId, Severity), usize>,
    /// The places and payload digests of records, by id and by what they captured when.
    ids: HashMap<String, usize>,
    captures: HashMap<(String, String), usize>,
    known: Vec<Known>,
    revisits: Vec<Revisit>,
    /// Records without a digest that could be verified, by what they are: how many, and where the first is.
    bare: BTreeMap<Kind, (usize, Place)>,
    kinds: BTreeMap<Kind, usize>,
    sent: usize,
    joined: usize,
    first_sent: Option<Place>,
    version_told: bool,
}

/// What is kept of a record for those that refer to it.
#[derive(Debug)]
struct Known {
    place: Place,
    digests: Vec<Digest>,
    whole: bool,
}

/// A revisit, to be looked at once all records are known.
#[derive(Debug)]
struct Revisit {
    outcome: usize,
    place: Place,
    digest: Option<Digest>,
    refers_to: Option<String>,
    capture: Option<(String, String)>,
}

impl Ledger {
    /// Of a file, by the name that findings give it.
    pub(in crate::exchange) fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            ..Self::default()
        }
    }

    /// Goes on with a file inside of a package.
    pub(in crate::exchange) fn enter(&mut self, member: Option<&str>) {
        self.member = member.map(str::to_owned);
    }

    /// How many records were read.
    pub(in crate::exchange) fn is_empty(&self) -> bool {
        self.inspected.outcomes.is_empty() && self.inspected.unusable == 0
    }

    fn place(&self, place: Place) -> String {
        let member = self
            .member
            .as_ref()
            .map_or_else(String::new, |member| format!(" of {member}"));
        match place.within {
            0 => format!("at byte {}{member}", place.offset),
            within => format!("at byte {}{member}, {within} unpacked bytes in,", place.offset),
        }
    }

    /// A finding about a place in the file.
    fn finding(&self, rule: RuleId, severity: Severity, place: Place, message: String) -> Finding {
        let finding = Finding::new(rule, severity, Location::file(&self.path), message);
        let anchor = format!(
            "{}\0{}\0{}",
            self.member.as_deref().unwrap_or_default(),
            place.offset,
            place.within
        );
        let finding = finding.anchor(anchor).evidence("offset", place.offset);
        match &self.member {
            Some(member) => finding.evidence("member", member.as_str()),
            None => finding,
        }
    }

    /// Tells of a finding, unless there are many of its kind.
    pub(in crate::exchange) fn tell(&mut self, finding: Finding) {
        let told = self.told.entry((finding.rule, finding.severity)).or_default();
        *told += 1;
        if *told <= MOST {
            self.inspected.findings.push(finding);
        }
    }

    /// Notes what became of a file, which is no record.
    pub(in crate::exchange) fn note(&mut self, outcome: Outcome) {
        self.inspected.files += 1;
        self.inspected.outcomes.push(outcome);
    }

    /// A record was read. What became of it, as far as that is known by now.
    pub(in crate::exchange) fn record(&mut self, record: &Record) -> Outcome {
        *self.kinds.entry(record.head.kind()).or_default() += 1;
        self.head(record);
        self.label("block", record, record.block.as_ref());
        self.label("payload", record, record.payload.as_ref());
        self.compare("block", record, record.block.as_ref());
        self.compare("payload", record, record.payload.as_ref());
        self.transfer(record);
        let outcome = outcome_of(record);
        self.inspected.outcomes.push(outcome);
        match record.head.kind() {
            Kind::Revisit if outcome != Outcome::Failed => self.revisit(record),
            kind if outcome == Outcome::Unverifiable && record.whole => {
                let unexplained = [&record.block, &record.payload].into_iter().flatten().next().is_none();
                if unexplained {
                    self.bare.entry(kind).or_insert((0, record.place)).0 += 1;
                }
            }
            _ => {}
        }
        self.remember(record);
        outcome
    }

    fn head(&mut self, record: &Record) {
        let (head, at) = (&record.head, record.place);
        for name in head.missing() {
            let message = format!("the record {} has no {name}", self.place(at));
            self.tell(self.finding("manifest/missing-key", Severity::Error, at, message));
        }
        self.lines(record);
        if !VERSIONS.contains(&head.version.as_str()) && !self.version_told {
            self.version_told = true;
            let message = format!(
                "the record {} is of version {} of WARC, which is not known",
                self.place(at),
                head.version
            );
            let finding = self.finding("manifest/unsupported-version", Severity::Warning, at, message);
            self.tell(finding.help("it is read as version 1.1; known are 1.1, 1.0, 0.18 and 0.17"));
        }
        if let Some(Err(error)) = head.when() {
            let date = head.date().unwrap_or_default();
            let why = match error {
                DateError::Impossible(why) => why,
                DateError::NoOffset => "it gives a time without its offset".to_owned(),
                DateError::Shape => "it is no date".to_owned(),
            };
            let message = format!(
                "the WARC-Date `{date}` of the record {} cannot be read: {why}",
                self.place(at)
            );
            self.tell(self.finding("manifest/invalid-date", Severity::Error, at, message));
        }
        self.target(record);
        if let Some(reason) = head.truncated() {
            let what = head
                .target()
                .map_or_else(|| "its block".to_owned(), |target| format!("the copy of {target}"));
            let message = format!(
                "the {} record {} was truncated by the crawler ({reason}): {what} is not whole",
                head.kind().name(),
                self.place(at)
            );
            let finding = self.finding("provenance/truncated-record", Severity::Warning, at, message);
            self.tell(
                finding
                    .help("take the text from another capture, or record that it is not whole")
                    .evidence("reason", reason),
            );
        }
    }

    /// Lines of a head that are not read: what is lost with them may be a digest.
    fn lines(&mut self, record: &Record) {
        let at = record.place;
        let help = "restore the file from a copy, or write the archive anew with the program that made it";
        for name in record.head.repeated() {
            let message = format!(
                "the head of the record {} gives {name} more than once; the first is read",
                self.place(at)
            );
            self.tell(
                self.finding("manifest/duplicate-key", Severity::Error, at, message)
                    .help(help),
            );
        }
        let message = match record.head.fields.odd {
            0 => return,
            1 => format!("the head of the record {} has a line that is no field", self.place(at)),
            odd => format!(
                "the head of the record {} has {odd} lines that are no fields",
                self.place(at)
            ),
        };
        self.tell(
            self.finding("manifest/invalid-value", Severity::Error, at, message)
                .help(help),
        );
    }

    fn target(&mut self, record: &Record) {
        let (head, at) = (&record.head, record.place);
        let needs = matches!(
            head.kind(),
            Kind::Response | Kind::Resource | Kind::Request | Kind::Revisit | Kind::Conversion
        );
        let Some(target) = head.target() else {
            if needs {
                let message = format!(
                    "the {} record {} has no WARC-Target-URI",
                    head.kind().name(),
                    self.place(at)
                );
                self.tell(self.finding("manifest/missing-key", Severity::Error, at, message));
            }
            return;
        };
        let web = target
            .get(..4)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        if let (true, Err(error)) = (web, Address::parse(target)) {
            let message = format!("the address `{target}` of the record {} {error}", self.place(at));
            self.tell(self.finding("provenance/invalid-url", Severity::Warning, at, message));
        }
    }

    fn label(&mut self, what: &str, record: &Record, claim: Option<&Claim>) {
        let Some((said, Err(error))) = claim.map(|claim| (&claim.said, &claim.label)) else {
            return;
        };
        let rule = match error {
            LabelError::UnknownAlgorithm(_) => "manifest/unknown-algorithm",
            _ => "manifest/invalid-digest",
        };
        let message = format!(
            "the {what} digest `{said}` of the record {} {}",
            self.place(record.place),
            error.reason()
        );
        let finding = self.finding(rule, Severity::Error, record.place, message);
        self.tell(finding.help("nothing is verified against it; write the archive anew with the digest of the bytes, once they are known to be right"));
    }

    fn compare(&mut self, what: &str, record: &Record, claim: Option<&Claim>) {
        let Some(claim) = claim.filter(|claim| claim.agreement == Agreement::No) else {
            return;
        };
        let (Ok(expected), Some(actual)) = (&claim.label, claim.actual.first()) else {
            return;
        };
        let way = match claim.actual.len() {
            2 => ", with its transfer coding and without it",
            _ => "",
        };
        let message = format!(
            "the {what} of the {} record {} has another {} than the record says{way}: {}… instead of {}…",
            record.head.kind().name(),
            self.place(record.place),
            expected.algorithm().title(),
            actual.short(),
            expected.short()
        );
        let mut finding = self
            .finding("fixity/hash-mismatch", Severity::Error, record.place, message)
            .help("restore the file from a copy: what this record holds is not what was captured")
            .evidence("expected", expected.to_string())
            .evidence("actual", actual.to_string());
        if let Some(joined) = claim.actual.get(1) {
            finding = finding.evidence("actual_without_transfer_coding", joined.to_string());
        }
        if let Some(id) = record.head.id() {
            finding = finding.evidence("record_id", id);
        }
        if let Some(target) = record.head.target() {
            finding = finding.evidence("target", target);
        }
        self.tell(finding);
    }

    fn transfer(&mut self, record: &Record) {
        match record.payload.as_ref().map(|claim| claim.agreement) {
            Some(Agreement::AsSent) => self.sent += 1,
            Some(Agreement::Joined) => self.joined += 1,
            _ => return,
        }
        self.first_sent.get_or_insert(record.place);
    }

    fn revisit(&mut self, record: &Record) {
        let owned = |(target, date): (&str, &str)| (target.to_owned(), date.to_owned());
        self.revisits.push(Revisit {
            outcome: self.inspected.outcomes.len() - 1,
            place: record.place,
            digest: record.payload.as_ref().and_then(|claim| claim.label.clone().ok()),
            refers_to: record.head.refers_to().map(str::to_owned),
            capture: record.head.refers_to_capture().map(owned),
        });
    }

    fn remember(&mut self, record: &Record) {
        let index = self.known.len();
        if let Some(id) = record.head.id() {
            if let Some(first) = self.ids.get(id).map(|&first| self.known[first].place) {
                let (here, there) = (self.place(record.place), self.place(first));
                let message = format!("the record {here} has the id of the one {there}: {id}");
                let finding = self.finding("manifest/id-clash", Severity::Error, record.place, message);
                self.tell(finding.help("what refers to that id may mean either; give one of them another"));
            } else {
                self.ids.insert(id.to_owned(), index);
            }
        }
        if !record.has_payload() {
            self.known.push(Known::of(record, Vec::new()));
            return;
        }
        if let (Kind::Response | Kind::Resource, Some(target), Some(date)) =
            (record.head.kind(), record.head.target(), record.head.date())
        {
            self.captures
                .entry((target.to_owned(), date.to_owned()))
                .or_insert(index);
        }
        self.known.push(Known::of(record, record.digests.clone()));
    }

    /// Something is wrong between or in the records.
    pub(in crate::exchange) fn fault(&mut self, fault: &Fault) {
        let (at, place) = (self.place(fault.place), fault.place);
        let next = |next: &Option<u64>| match next {
            Some(next) => format!("; reading goes on at byte {next}"),
            None => "; nothing behind it is read".to_owned(),
        };
        let (lost, message) = match &fault.flaw {
            Flaw::Stray(1) => (false, format!("one byte {at} belongs to no record")),
            Flaw::Stray(bytes) => (false, format!("{bytes} bytes {at} belong to no record")),
            Flaw::Length(said, Some(real)) => (
                false,
                format!("the record {at} says that it has {said} bytes, and has {real}"),
            ),
            Flaw::Length(said, None) => (
                false,
                format!("the record {at} says that it has {said} bytes, and does not end there"),
            ),
            Flaw::Cut(said, read) => (
                false,
                format!("the file ends in the record {at}: {read} of {said} bytes are there"),
            ),
            Flaw::CutHead => (true, format!("the file ends in the head of the record {at}")),
            Flaw::Head(why) => (true, format!("the head of the record {at} cannot be read: {why}")),
            Flaw::Ending => {
                let message = format!("the record {at} does not end with two line ends");
                self.tell(self.finding("fixity/broken-record", Severity::Warning, place, message));
                return;
            }
            Flaw::Damaged(why, to) => (true, format!("the compressed data {at} is damaged: {why}{}", next(to))),
            Flaw::Bomb(to) => (
                true,
                format!(
                    "the compressed data {at} unpacks to more than 200 times its size{}",
                    next(to)
                ),
            ),
            Flaw::OneMember(records) => return self.one_member(place, *records),
        };
        self.inspected.unusable += usize::from(lost && !fault.known);
        let finding = self.finding("fixity/broken-record", Severity::Error, place, message);
        self.tell(finding.help("restore the file from a copy; what could be read of it was verified"));
    }

    fn one_member(&mut self, place: Place, records: usize) {
        let message =
            format!("{records} records share compressed members, so that none can be read by its place in the file");
        let finding = self.finding("fixity/shared-member", Severity::Warning, place, message);
        self.tell(finding.help("compress it anew, a member a record, as `warcio recompress` does"));
    }

    /// The file is over: what can be said only now.
    pub(in crate::exchange) fn leave(&mut self) {
        let mut open: [Vec<Place>; 2] = Default::default();
        for revisit in std::mem::take(&mut self.revisits) {
            if let Some(certified) = self.resolve(&revisit) {
                open[usize::from(certified)].push(revisit.place);
            }
        }
        self.unresolved(&open[0], Severity::Warning);
        self.unresolved(&open[1], Severity::Info);
        self.tell_bare();
        self.tell_transfer();
        let ledger = std::mem::take(self);
        *self = Self {
            path: ledger.path,
            inspected: ledger.inspected,
            told: ledger.told,
            ..Self::default()
        };
    }

    /// Looks for the record that a revisit refers to. Where it is not there or cannot be compared: whether the revisit was certified
    /// by the digest of its own block.
    fn resolve(&mut self, revisit: &Revisit) -> Option<bool> {
        let by_id = revisit.refers_to.as_ref().and_then(|id| self.ids.get(id));
        let found = by_id.or_else(|| self.captures.get(revisit.capture.as_ref()?)).copied();
        let certified = self.inspected.outcomes[revisit.outcome] == Outcome::Verified;
        let (Some(digest), Some(known)) = (revisit.digest, found.and_then(|index| self.known.get(index))) else {
            return Some(certified);
        };
        let comparable = known.digests.iter().any(|one| one.algorithm() == digest.algorithm());
        if !known.whole || !comparable {
            return Some(certified);
        }
        if known.digests.contains(&digest) {
            self.inspected.outcomes[revisit.outcome] = Outcome::Verified;
            return None;
        }
        self.inspected.outcomes[revisit.outcome] = Outcome::Failed;
        let (here, there) = (self.place(revisit.place), self.place(known.place));
        let actual = known.digests.first().map(Digest::to_string).unwrap_or_default();
        let message = format!(
            "the revisit record {here} says that the same was found again, and the record {there} that it refers to has another payload"
        );
        let finding = self
            .finding("fixity/hash-mismatch", Severity::Error, revisit.place, message)
            .help("the payload of this visit is lost, or the reference is wrong")
            .evidence("expected", digest.to_string())
            .evidence("actual", actual);
        self.tell(finding);
        None
    }

    fn unresolved(&mut self, places: &[Place], severity: Severity) {
        let Some(&first) = places.first() else { return };
        let (count, at) = (places.len(), self.place(first));
        let message = match count {
            1 => format!("the record that the revisit {at} refers to is not in this file, is not whole, or has no digest to compare"),
            _ => format!("{count} revisits refer to records that are not in this file, are not whole, or have no digest to compare; the first stands {at}").trim_end_matches(',').to_owned(),
        };
        let finding = self.finding("provenance/unresolved-revisit", severity, first, message);
        self.tell(
            finding
                .help("keep the file with the first visit beside it, and verify that too")
                .evidence("records", count),
        );
    }

    fn tell_bare(&mut self) {
        for (kind, (count, first)) in std::mem::take(&mut self.bare) {
            let all = self.kinds.get(&kind).copied().unwrap_or(count);
            let severity = if kind.is_content() {
                Severity::Error
            } else {
                Severity::Warning
            };
            let at = self.place(first);
            let message = match (count, all) {
                (1, _) => format!(
                    "the {} record {at} has no digest, so that it cannot be verified",
                    kind.name()
                ),
                _ => format!(
                    "{count} of {all} {} records have no digest, so that they cannot be verified; the first stands {}",
                    kind.name(),
                    at.trim_end_matches(',')
                ),
            };
            let finding = self.finding("manifest/missing-key", severity, first, message);
            let help = "write the archive with digests for all its records; those of the file as a whole can stand in a checksum list";
            self.tell(finding.help(help).evidence("records", count));
        }
    }

    fn tell_transfer(&mut self) {
        let Some(first) = self.first_sent else { return };
        let message = match (self.sent, self.joined) {
            (sent, 0) => format!(
                "the payload digests of {sent} chunked responses agree with the body as it was sent, with its chunks; the standard means it without them"
            ),
            (0, joined) => format!(
                "the payload digests of {joined} chunked responses agree with the body without its chunks, as the standard means it; some tools compare it with them"
            ),
            (sent, joined) => format!(
                "the payload digests of {sent} chunked responses agree with the body as it was sent, with its chunks, and those of {joined} without them"
            ),
        };
        let message = message.replace(" 1 chunked responses", " 1 chunked response");
        let finding = self.finding("provenance/transfer-coded-digest", Severity::Info, first, message);
        self.tell(finding.evidence("as_sent", self.sent).evidence("joined", self.joined));
    }

    /// All that was found.
    pub(in crate::exchange) fn close(mut self) -> Inspected {
        for ((rule, severity), told) in std::mem::take(&mut self.told) {
            if told > MOST {
                let more = told - MOST;
                let message = format!("and {more} more of {rule} in this file");
                let finding = Finding::new(rule, severity, Location::file(&self.path), message);
                self.inspected.findings.push(finding.evidence("more", more));
            }
        }
        self.inspected
    }
}

impl Known {
    fn of(record: &Record, digests: Vec<Digest>) -> Self {
        Self {
            place: record.place,
            digests,
            whole: record.whole,
        }
    }
}

/// What became of a record by its own digests.
fn outcome_of(record: &Record) -> Outcome {
    let claims = [&record.block, &record.payload];
    let agreements: Vec<_> = claims.into_iter().flatten().map(|claim| claim.agreement).collect();
    let agrees = |one: &Agreement| matches!(one, Agreement::Yes | Agreement::AsSent | Agreement::Joined);
    if agreements.contains(&Agreement::No) {
        Outcome::Failed
    } else if agreements.iter().any(agrees) {
        Outcome::Verified
    } else {
        Outcome::Unverifiable
    }
}

/// What a file that cannot be read is told as.
pub(in crate::exchange) fn unread(error: &io::Error) -> String {
    crate::error::io_message(error)
}
