//! Records as witnesses: what the records that entries name say of their texts. A file is read once for all its entries.

use std::collections::HashMap;
use std::fs::File;
use std::io;

use jiff::Timestamp;
use jiff::civil::Date;

use super::body::{Taken, To};
use super::http::HttpHead;
use super::likeness::{self, Likeness};
use super::{Agreement, Claim, Fault, Head, Kind, Listener, Record, container, html, media_type, read};
use crate::address::{self, Address, Tier};
use crate::date::{When, clearly_after};
use crate::digest::Digest;
use crate::stop::Stop;

/// A content that is larger is not compared with a text, in bytes.
const LARGEST: u64 = 16 << 20;
/// A page in which less of a text is found than this is searched once more with its scripts: some pages are made by them alone.
const POOR: f64 = 0.8;

/// The record that is looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The entry, by its number.
    pub entry: usize,
    /// Its id; where it is not known, it is told by address and date.
    pub id: Option<String>,
    /// The addresses of the text.
    pub addresses: Vec<Address>,
    /// When it was retrieved.
    pub at: Option<When>,
}

/// What a record says.
#[derive(Clone, Debug)]
pub struct Witness {
    /// What it is.
    pub kind: Kind,
    /// The address that it is of.
    pub target: Option<String>,
    /// When it was made, as written.
    pub date: Option<String>,
    /// The same, where it is a date.
    pub when: Option<When>,
    /// Why it was cut, where it was.
    pub truncated: Option<String>,
    /// Whether its block is what its head says.
    pub whole: bool,
    /// The digests of its payload: as it is, and without its chunks.
    pub digests: Vec<Digest>,
    /// The digest that the record gives of its payload.
    pub payload: Option<Claim>,
    /// Whether its own digests deny its bytes.
    pub denied: bool,
    /// How the text stands to its content.
    pub content: Comparison,
}

/// How a text stands to the content of its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is the same, byte for byte.
    Same,
    /// So much of it stands there.
    Words(Likeness),
    /// It was not compared; says why, as the end of a sentence about the content.
    None(String),
}

/// What one file says.
#[derive(Clone, Debug, Default)]
pub struct Testimony {
    /// The records that were looked for and found, by entry.
    pub witnesses: HashMap<usize, Witness>,
    /// What is wrong with the file.
    pub faults: Vec<Fault>,
}

/// Gives the bytes of the text of an entry.
pub type Texts<'a> = &'a (dyn Fn(usize) -> Option<Vec<u8>> + Sync);

/// Looks for records in a file: a WARC, or a WACZ.
///
/// # Errors
/// Where it cannot be read; where somebody wants it to stop.
pub fn examine(file: File, wanted: &[Wanted], texts: Texts<'_>, stop: Stop<'_>) -> io::Result<Testimony> {
    let mut search = Search::new(wanted, texts);
    for container in container::of_file(file)? {
        read(container.bytes()?, &mut search, stop)?;
    }
    Ok(search.testimony)
}

/// A file is being searched.
struct Search<'a> {
    wanted: &'a [Wanted],
    by_id: HashMap<&'a str, Vec<usize>>,
    /// Those that are told by their address, by what is certain of it.
    by_address: HashMap<String, Vec<usize>>,
    texts: Texts<'a>,
    testimony: Testimony,
}

impl<'a> Search<'a> {
    fn new(wanted: &'a [Wanted], texts: Texts<'a>) -> Self {
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_address: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, one) in wanted.iter().enumerate() {
            match &one.id {
                Some(id) => by_id.entry(bare(id)).or_default().push(at),
                None => one.addresses.iter().for_each(|address| {
                    by_address.entry(address.near_key()).or_default().push(at);
                }),
            }
        }
        Self {
            wanted,
            by_id,
            by_address,
            texts,
            testimony: Testimony::default(),
        }
    }

    /// Who looks for a record.
    fn seekers(&self, head: &Head) -> Vec<usize> {
        let named = head.id().and_then(|id| self.by_id.get(bare(id)));
        let holds = matches!(
            head.kind(),
            Kind::Response | Kind::Resource | Kind::Conversion | Kind::Revisit
        );
        let key = || Some(Address::parse(head.target()?).ok()?.near_key());
        let addressed = key().filter(|_| holds && !self.by_address.is_empty());
        let addressed = addressed.and_then(|key| self.by_address.get(&key));
        named.into_iter().chain(addressed).flatten().copied().collect()
    }

    /// Whether a record is nearer to what is looked for than the one that was found before.
    fn is_nearer(&self, at: usize, when: Option<When>) -> bool {
        let wanted = &self.wanted[at];
        let Some(before) = self.testimony.witnesses.get(&wanted.entry) else {
            return true;
        };
        wanted.id.is_none() && agree(wanted.at, when) == Some(true) && agree(wanted.at, before.when) != Some(true)
    }
}

/// An id without the brackets that some write and some do not.
fn bare(id: &str) -> &str {
    let plain = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    plain.unwrap_or(id)
}

impl Listener for Search<'_> {
    fn wants(&mut self, head: &Head, _: Option<&HttpHead>) -> Option<(To, u64)> {
        let when = head.when().and_then(Result::ok);
        let any = self.seekers(head).into_iter().any(|at| self.is_nearer(at, when));
        any.then(|| (To::Memory(Vec::new()), LARGEST))
    }

    fn record(&mut self, record: Record, taken: Option<Taken>) -> io::Result<()> {
        let when = record.head.when().and_then(Result::ok);
        let seekers = self.seekers(&record.head).into_iter();
        let seekers: Vec<usize> = seekers.filter(|&at| self.is_nearer(at, when)).collect();
        let Some(taken) = taken.filter(|_| !seekers.is_empty()) else {
            return Ok(());
        };
        let content = Content::of(&record, taken);
        for at in seekers {
            let entry = self.wanted[at].entry;
            let comparison = content.compare(|| (self.texts)(entry));
            self.testimony.witnesses.insert(entry, Witness::of(&record, comparison));
        }
        Ok(())
    }

    fn fault(&mut self, fault: Fault) {
        self.testimony.faults.push(fault);
    }
}

impl Witness {
    fn of(record: &Record, content: Comparison) -> Self {
        let head = &record.head;
        let claims = [&record.block, &record.payload].into_iter().flatten();
        Self {
            kind: head.kind(),
            target: head.target().map(str::to_owned),
            date: head.date().map(str::to_owned),
            when: head.when().and_then(Result::ok),
            truncated: head.truncated().map(str::to_owned),
            whole: record.whole,
            denied: claims.into_iter().any(|claim| claim.agreement == Agreement::No),
            digests: if record.has_payload() {
                record.digests.clone()
            } else {
                Vec::new()
            },
            payload: record.payload.clone(),
            content,
        }
    }

    /// How far its address is from the nearest of some.
    pub fn tier<'t>(&self, addresses: impl Iterator<Item = &'t str>) -> Option<Tier> {
        let target = Address::parse(self.target.as_deref()?).ok()?;
        addresses
            .filter_map(|url| Some(target.compare(&address::page(url)?)))
            .min()
    }

    /// Whether its date is the one on record: to the second where both are exact, else as exactly as both are. `None` where either
    /// has none.
    pub fn agrees_with(&self, at: Option<When>) -> Option<bool> {
        agree(at, self.when)
    }
}

fn agree(one: Option<When>, other: Option<When>) -> Option<bool> {
    let second = |at: Timestamp| at.as_second();
    Some(match (one?, other?) {
        (When::Instant { at: one, .. }, When::Instant { at: other, .. }) => second(one) == second(other),
        (one, other) => {
            let apart = |a: Date, b: Date| clearly_after(a, b);
            !apart(one.first(), other.last()) && !apart(other.first(), one.last())
        }
    })
}

/// The content of a record, made ready to be compared.
enum Content {
    Bytes {
        bytes: Vec<u8>,
        page: Option<String>,
        raw: String,
    },
    None(String),
}

impl Content {
    fn of(record: &Record, taken: Taken) -> Self {
        let bytes = match (taken.size, taken.to) {
            _ if !record.has_payload() => {
                return Self::None("stands in another record, which this one refers to".to_owned());
            }
            (Err(error), _) => return Self::None(error.reason()),
            (Ok(_), To::File(_)) => return Self::None("is not at hand".to_owned()),
            (Ok(_), To::Memory(bytes)) => bytes,
        };
        let media = media_type(&record.head, record.http.as_ref()).unwrap_or_default();
        let markup = media == "text/html" || media == "application/xhtml+xml";
        if !markup && !media.starts_with("text/") && !media.is_empty() {
            return Self::None(format!("is of type {media}, and is no text"));
        }
        let told = record.http.as_ref().and_then(HttpHead::charset);
        let raw = html::characters(&bytes, told.as_deref()).into_owned();
        let page = markup.then(|| html::text(&raw));
        Self::Bytes { bytes, page, raw }
    }

    fn compare(&self, text: impl FnOnce() -> Option<Vec<u8>>) -> Comparison {
        let (bytes, page, raw) = match self {
            Self::None(why) => return Comparison::None(why.clone()),
            Self::Bytes { bytes, page, raw } => (bytes, page, raw),
        };
        let Some(text) = text() else {
            return Comparison::None("cannot be compared, since the text cannot be read".to_owned());
        };
        if text == *bytes {
            return Comparison::Same;
        }
        let text = String::from_utf8_lossy(&text);
        let likeness = likeness::compare(&text, page.as_ref().unwrap_or(raw));
        if page.is_none() || likeness.share() >= POOR {
            return Comparison::Words(likeness);
        }
        let scripted = likeness::compare(&text, raw);
        Comparison::Words(if scripted.found > likeness.found {
            scripted
        } else {
            likeness
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_as_exactly_as_both_are() {
        let agree = |one: &str, other: &str| agree(one.parse().ok(), other.parse().ok());
        assert_eq!(agree("2024-05-01T12:00:00Z", "2024-05-01T14:00:00.4+02:00"), Some(true));
        assert_eq!(agree("2024-05-01T12:00:00Z", "2024-05-01T12:00:01Z"), Some(false));
        assert_eq!(agree("2024-05-01", "2024-05-02T03:00:00Z"), Some(true));
        assert_eq!(agree("2024-05-01", "2024-05-03T03:00:00Z"), Some(false));
        assert_eq!(agree("2024-05", "2024-05-31T03:00:00Z"), Some(true));
        assert_eq!(agree("2024", "2023-01-01T00:00:00Z"), Some(false));
        assert_eq!(agree("never", "2023-01-01T00:00:00Z"), None);
    }
}
