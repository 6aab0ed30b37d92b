//! One pass over a file: each record goes once through its digests, and whoever wants its content is given it decoded.

use std::collections::HashMap;
use std::io;

use super::body::{Chunks, Content, Taken, To};
use super::http::{Gathered, Gatherer, HttpHead};
use super::input::Bytes;
use super::label::{self, LabelError};
use super::reader::{Fault, Place, Reader};
use super::{Head, Kind, fields};
use crate::digest::{Algorithm, Digest, Hasher};
use crate::stop::Stop;

/// Whether the bytes have a digest that a record gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They have it.
    Yes,
    /// The body has it as it was sent, in chunks.
    AsSent,
    /// The body has it with its chunks put together, as the standard says.
    Joined,
    /// They have another one.
    No,
    /// It was not compared: the label is none, or the bytes are not all there.
    Unknown,
}

/// A digest that a record gives, and what the bytes say to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// As written.
    pub said: String,
    /// What it means.
    pub label: Result<Digest, LabelError>,
    /// Whether the bytes agree.
    pub agreement: Agreement,
    /// The digests of the bytes, of the same function: as they are, and where they were sent in chunks, without these.
    pub actual: Vec<Digest>,
}

/// A record that was read.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its head.
    pub head: Head,
    /// Where it begins.
    pub place: Place,
    /// The head of the HTTP message in it.
    pub http: Option<HttpHead>,
    /// Whether its block is what its head says, from the first byte to the last.
    pub whole: bool,
    /// The digest of its block, where it gives one.
    pub block: Option<Claim>,
    /// The digest of its payload, where it gives one.
    pub payload: Option<Claim>,
    /// The digests of the payload: of the function that the record names, or SHA-1, as it is and without its chunks.
    pub digests: Vec<Digest>,
    /// Whether its payload was sent in chunks, and has them.
    pub chunked: bool,
}

impl Record {
    /// The media type of its content: of the HTTP message, or of the block.
    pub fn media_type(&self) -> Option<String> {
        media_type(&self.head, self.http.as_ref())
    }

    /// Whether its payload stands in it. That of a revisit stands elsewhere.
    pub fn has_payload(&self) -> bool {
        self.head.kind() != Kind::Revisit
    }
}

/// The media type of a content: what the HTTP message says of it, or of a block that is none, the record.
pub fn media_type(head: &Head, http: Option<&HttpHead>) -> Option<String> {
    match http {
        Some(http) => http.media_type(),
        None => head.content_type().map(fields::media_type),
    }
}

/// Who is told of a file as it is read.
pub trait Listener {
    /// Where the content of a record is to go, and how many bytes of it at most; `None` where it is not wanted.
    fn wants(&mut self, head: &Head, http: Option<&HttpHead>) -> Option<(To, u64)> {
        let _ = (head, http);
        None
    }

    /// A record was read, with what became of its content where that was wanted.
    ///
    /// # Errors
    /// Where it cannot be taken; reading ends.
    fn record(&mut self, record: Record, taken: Option<Taken>) -> io::Result<()>;

    /// Something is wrong.
    fn fault(&mut self, fault: Fault);
}

/// Everything that was read of a file.
#[derive(Debug, Default)]
pub struct Census {
    /// The records, in their order.
    pub records: Vec<Record>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

impl Listener for Census {
    fn record(&mut self, record: Record, _: Option<Taken>) -> io::Result<()> {
        self.records.push(record);
        Ok(())
    }

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
}

impl Census {
    /// The records by their ids, the first of each.
    pub fn by_id(&self) -> HashMap<&str, &Record> {
        let mut known = HashMap::new();
        for record in &self.records {
            if let Some(id) = record.head.id() {
                known.entry(id).or_insert(record);
            }
        }
        known
    }
}

/// Reads a file to its end.
///
/// # Errors
/// What the system says; where somebody wants it to stop; what the listener says.
pub fn read(from: Box<dyn Bytes>, listener: &mut dyn Listener, stop: Stop<'_>) -> io::Result<()> {
    let mut reader = Reader::new(from)?;
    loop {
        let next = reader.next()?;
        tell(&mut reader, listener);
        let Some((head, place)) = next else {
            return Ok(());
        };
        let (record, taken) = one(&mut reader, head, place, listener, stop)?;
        tell(&mut reader, listener);
        listener.record(record, taken)?;
    }
}

fn tell(reader: &mut Reader, listener: &mut dyn Listener) {
    reader.faults().into_iter().for_each(|fault| listener.fault(fault));
}

fn one(
    reader: &mut Reader,
    head: Head,
    place: Place,
    listener: &mut dyn Listener,
    stop: Stop<'_>,
) -> io::Result<(Record, Option<Taken>)> {
    let length = head.length().unwrap_or_default();
    let mut look = Look::new(&head, listener);
    let whole = reader.block(length, place, |piece| {
        stop.heed_piece(piece)?;
        look.take(piece, listener);
        Ok(())
    })?;
    look.end(listener);
    let (mut record, taken) = look.finish(whole);
    record.place = place;
    Ok((record, taken))
}

/// What one record goes through.
struct Look {
    head: Head,
    block: Option<Told>,
    payload: Option<Told>,
    algorithm: Algorithm,
    /// Until the head of the HTTP message is found.
    gatherer: Option<Gatherer>,
    http: Option<HttpHead>,
    sent: Hasher,
    /// The chunks of the body, and the digest of what stands in them.
    chunks: Option<(Chunks, Hasher)>,
    content: Option<Content>,
    /// The digest of the block.
    running: Option<Hasher>,
}

/// A label, and what it means.
struct Told {
    said: String,
    label: Result<Digest, LabelError>,
}

impl Told {
    fn new(said: Option<&str>) -> Option<Self> {
        said.map(|said| Self {
            said: said.to_owned(),
            label: label::parse(said),
        })
    }

    fn algorithm(&self) -> Option<Algorithm> {
        self.label.as_ref().ok().map(Digest::algorithm)
    }

    fn claim(self, actual: Vec<Digest>, agreement: impl FnOnce(Digest, &[Digest]) -> Agreement) -> Claim {
        let agreement = self
            .label
            .as_ref()
            .map_or(Agreement::Unknown, |said| agreement(*said, &actual));
        Claim {
            said: self.said,
            label: self.label,
            agreement,
            actual,
        }
    }
}

impl Look {
    fn new(head: &Head, listener: &mut dyn Listener) -> Self {
        let (block, payload) = (Told::new(head.block_digest()), Told::new(head.payload_digest()));
        let algorithm = payload.as_ref().and_then(Told::algorithm).unwrap_or(Algorithm::Sha1);
        let running = block.as_ref().and_then(Told::algorithm).map(Hasher::new);
        let mut look = Self {
            head: head.clone(),
            block,
            payload,
            algorithm,
            gatherer: holds_message(head).then(Gatherer::default),
            http: None,
            sent: Hasher::new(algorithm),
            chunks: None,
            content: None,
            running,
        };
        if look.gatherer.is_none() {
            look.begin(listener);
        }
        look
    }

    fn take(&mut self, piece: &[u8], listener: &mut dyn Listener) {
        if let Some(running) = &mut self.running {
            running.update(piece);
        }
        match self.gatherer.as_mut().map(|gatherer| gatherer.take(piece)) {
            None => self.body(piece),
            Some(gathered) => self.gathered(gathered, listener),
        }
    }

    fn gathered(&mut self, gathered: Gathered, listener: &mut dyn Listener) {
        let rest = match gathered {
            Gathered::Unfinished => return,
            Gathered::None(rest) => rest,
            Gathered::Head(http, rest) => {
                self.http = Some(http);
                rest
            }
        };
        self.gatherer = None;
        self.begin(listener);
        self.body(&rest);
    }

    /// The body begins.
    fn begin(&mut self, listener: &mut dyn Listener) {
        let http = self.http.as_ref();
        if http.is_some_and(HttpHead::is_chunked) {
            self.chunks = Some((Chunks::default(), Hasher::new(self.algorithm)));
        }
        let codings = http.map(HttpHead::codings).unwrap_or_default();
        self.content = listener
            .wants(&self.head, http)
            .map(|(to, most)| Content::new(&codings, to, most));
    }

    fn body(&mut self, piece: &[u8]) {
        self.sent.update(piece);
        let content = &mut self.content;
        let mut part = |part: &[u8]| {
            if let Some(content) = content {
                content.take(part);
            }
        };
        match &mut self.chunks {
            None => part(piece),
            Some((chunks, joined)) => chunks.take(piece, |bytes| {
                joined.update(bytes);
                part(bytes);
            }),
        }
    }

    /// The block is over.
    fn end(&mut self, listener: &mut dyn Listener) {
        if let Some(gathered) = self.gatherer.as_mut().map(Gatherer::finish) {
            self.gathered(gathered, listener);
        }
        let content = &mut self.content;
        if let Some((chunks, joined)) = &mut self.chunks {
            chunks.finish(|bytes| {
                joined.update(bytes);
                if let Some(content) = content {
                    content.take(bytes);
                }
            });
        }
    }

    fn finish(self, whole: bool) -> (Record, Option<Taken>) {
        let chunked = self.chunks.as_ref().is_some_and(|(chunks, _)| !chunks.is_absent());
        let joined = self.chunks.filter(|_| chunked).map(|(_, joined)| joined.finish());
        let digests: Vec<Digest> = [self.sent.finish()].into_iter().chain(joined).collect();
        let block = self.running.map(Hasher::finish).into_iter().collect();
        let here = self.head.kind() != Kind::Revisit;
        let parted = self.head.fields.get("WARC-Segment-Number").is_some();
        let record = Record {
            block: self
                .block
                .map(|told| told.claim(block, |said, actual| of_block(whole, said, actual))),
            payload: self.payload.map(|told| {
                told.claim(digests.clone(), |said, actual| match of_payload(said, actual) {
                    _ if !whole || !here => Agreement::Unknown,
                    Agreement::No if parted => Agreement::Unknown,
                    agreement => agreement,
                })
            }),
            head: self.head,
            place: Place::default(),
            http: self.http,
            whole,
            digests,
            chunked,
        };
        (record, self.content.map(Content::finish))
    }
}

fn of_block(whole: bool, said: Digest, actual: &[Digest]) -> Agreement {
    match actual.contains(&said) {
        _ if !whole => Agreement::Unknown,
        true => Agreement::Yes,
        false => Agreement::No,
    }
}

fn of_payload(said: Digest, actual: &[Digest]) -> Agreement {
    match actual {
        [sent] if *sent == said => Agreement::Yes,
        [_, joined] if *joined == said => Agreement::Joined,
        [sent, _] if *sent == said => Agreement::AsSent,
        _ => Agreement::No,
    }
}

/// Whether the block of a record is an HTTP message.
fn holds_message(head: &Head) -> bool {
    let said = head.content_type().map(fields::media_type);
    match said.as_deref() {
        Some("application/http") => true,
        None => {
            let http = head
                .target()
                .is_some_and(|target| target.to_ascii_lowercase().starts_with("http"));
            http && matches!(head.kind(), Kind::Response | Kind::Request | Kind::Revisit)
        }
        Some(_) => false,
    }
}
