//! Records in a stream of bytes. What stands between them is told, and passed over as far as the next one can be found.

use std::io;

use memchr::memmem;

use super::Head;
use super::input::{Bytes, Input, Packing, REREAD, Trouble};

/// The head of a record has at most so many bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// What a record begins with.
const MAGIC: &[u8] = b"WARC/";

/// Where a record or a fault is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The byte of the file: where the member begins that it is in, or of a file that is not compressed, where it does.
    pub offset: u64,
    /// How many unpacked bytes of the member stand before it.
    pub within: u64,
}

/// What is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// So many bytes between records are of none.
    Stray(u64),
    /// The block does not end where its `Content-Length` says: so many bytes are said, and where the next record could be found,
    /// so many are there.
    Length(u64, Option<u64>),
    /// The file ends in the block: so many bytes are said, so many are there.
    Cut(u64, u64),
    /// The file ends in the head of a record.
    CutHead,
    /// The head cannot be read; says why.
    Head(&'static str),
    /// The two line ends behind the block are not there, or there are others.
    Ending,
    /// The compressed data is damaged; says how, and where reading goes on.
    Damaged(String, Option<u64>),
    /// The compressed data grows out of all proportion; reading goes on there.
    Bomb(Option<u64>),
    /// So many records are in one member.
    OneMember(usize),
}

/// A fault and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub flaw: Flaw,
    /// Whether it belongs to a record that is told of, or to one of which another fault tells.
    pub known: bool,
}

/// Finds one record after the other.
#[derive(Debug)]
pub(super) struct Reader {
    input: Input,
    faults: Vec<Fault>,
    records: usize,
    /// Records that begin where their member does.
    apart: usize,
    /// How many bytes were passed over since the last record, where that is not to be told any more.
    told: bool,
    in_block: bool,
    /// How many bytes were read again since a length was wrong.
    reread: u64,
}

impl Reader {
    pub(super) fn new(from: Box<dyn Bytes>) -> io::Result<Self> {
        Ok(Self {
            input: Input::new(from)?,
            faults: Vec::new(),
            records: 0,
            apart: 0,
            told: false,
            in_block: false,
            reread: 0,
        })
    }

    /// The faults that were met since they were last taken.
    pub(super) fn faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    fn fault(&mut self, place: Place, flaw: Flaw) {
        let known = self.in_block || self.told;
        self.faults.push(Fault { place, flaw, known });
    }

    fn place(&self) -> Place {
        match (self.input.packing(), self.input.place()) {
            (Packing::Plain, (_, at)) => Place { offset: at, within: 0 },
            (_, (offset, within)) => Place { offset, within },
        }
    }

    /// What comes next; where it cannot be had, that is told, and reading goes on at the next member that begins a record.
    /// `None` where nothing comes any more, or where what was read before does not go on.
    fn fill(&mut self, wanted: usize) -> io::Result<Option<&[u8]>> {
        if let Err(trouble) = self.input.fill_to(wanted).map(<[u8]>::len) {
            self.recover(trouble)?;
            return Ok(None);
        }
        let buffer = self.input.fill_to(wanted).map_err(of_trouble)?;
        Ok(Some(buffer).filter(|buffer| !buffer.is_empty()))
    }

    fn recover(&mut self, trouble: Trouble) -> io::Result<()> {
        let place = self.place();
        if let Trouble::Unreadable(error) = trouble {
            return Err(error);
        }
        let next = self.input.recover().map_err(of_trouble)?;
        let flaw = match trouble {
            Trouble::Damaged(why) => Flaw::Damaged(why, next),
            _ => Flaw::Bomb(next),
        };
        self.fault(place, flaw);
        self.told = true;
        Ok(())
    }

    /// The head of the next record, and where it begins.
    pub(super) fn next(&mut self) -> io::Result<Option<(Head, Place)>> {
        loop {
            if !self.find()? {
                self.end();
                return Ok(None);
            }
            let place = self.place();
            if let Some(head) = self.head(place)? {
                self.records += 1;
                self.apart += usize::from(place.within == 0);
                self.told = false;
                return Ok(Some((head, place)));
            }
        }
    }

    /// At the end, what is to be said of the file as a whole.
    fn end(&mut self) {
        let packed = self.input.packing() != Packing::Plain;
        if packed && self.records > 1 && self.input.members() < self.records && self.apart < self.records {
            let place = Place::default();
            self.fault(place, Flaw::OneMember(self.records));
        }
    }

    /// Goes to where a record begins; `false` at the end.
    fn find(&mut self) -> io::Result<bool> {
        let (mut place, mut stray, mut line_start) = (self.place(), 0u64, true);
        let found = loop {
            let faults = self.faults.len();
            let Some(buffer) = self.fill(MAGIC.len())? else {
                if self.faults.len() > faults {
                    line_start = true; // It goes on where a member begins a record.
                    continue;
                }
                break false;
            };
            let at = begins(buffer, line_start);
            let used = at.unwrap_or(buffer.len() - usize::min(MAGIC.len() - 1, buffer.len() - 1));
            line_start = used > 0 && buffer[used - 1] == b'\n' || used == 0 && line_start;
            if stray == 0 && used > 0 {
                place = self.place();
            }
            self.input.consume(used);
            stray += used as u64;
            if at.is_some() {
                break true;
            }
            // A member that begins here begins a line.
            line_start |= self.input.fill().is_ok() && self.input.place().1 == 0;
        };
        if stray > 0 && !self.told {
            self.fault(place, Flaw::Stray(stray));
        }
        self.told = found && self.told;
        Ok(found)
    }

    /// Reads a head up to its blank line.
    fn head(&mut self, place: Place) -> io::Result<Option<Head>> {
        let mut held: Vec<u8> = Vec::new();
        loop {
            let faults = self.faults.len();
            let Some(buffer) = self.fill(1)? else {
                if self.faults.len() == faults {
                    self.fault(place, Flaw::CutHead);
                }
                return Ok(None);
            };
            let seen = held.len().saturating_sub(3);
            let before = held.len();
            held.extend_from_slice(&buffer[..buffer.len().min(LONGEST_HEAD)]);
            if let Some(end) = blank_line(&held, seen) {
                self.input.consume(end - before);
                held.truncate(end);
                break;
            }
            if held.len() > LONGEST_HEAD {
                self.fault(place, Flaw::Head("it does not end"));
                self.input.consume(MAGIC.len());
                self.told = true;
                return Ok(None);
            }
            let used = held.len() - before;
            self.input.consume(used);
        }
        let head = Head::parse(&held);
        let why = match &head {
            None => Some("its first line gives no version"),
            Some(head) if head.length().is_none() => Some("its Content-Length is missing, or no number"),
            Some(_) => None,
        };
        if let Some(why) = why {
            self.fault(place, Flaw::Head(why));
            self.told = true;
        }
        Ok(head.filter(|_| why.is_none()))
    }

    /// Reads the block of a record piece by piece, and what must stand behind it. Whether the block is what its head says.
    pub(super) fn block(
        &mut self,
        length: u64,
        place: Place,
        take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<bool> {
        self.in_block = true;
        let whole = self.pieces(length, place, take);
        self.in_block = false;
        whole
    }

    fn pieces(&mut self, length: u64, place: Place, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<bool> {
        let start = self.place();
        let members = self.input.members();
        let mut read = 0u64;
        let mut tail = Tail::default();
        while read < length {
            let Some(buffer) = self.fill(MAGIC.len())? else {
                return self.cut(length, read, (place, start));
            };
            // A member that begins a record ends the one before, whatever that says of its length.
            let next = buffer.starts_with(MAGIC);
            if next && self.input.members() > members && self.input.place().1 == 0 {
                self.fault(place, Flaw::Length(length, Some(read.saturating_sub(tail.line_ends()))));
                return Ok(false);
            }
            let buffer = self.input.fill().map_err(of_trouble)?;
            let used = usize::try_from(length - read).unwrap_or(usize::MAX).min(buffer.len());
            take(&buffer[..used])?;
            tail.take(&buffer[..used]);
            self.input.consume(used);
            read += used as u64;
        }
        self.ending(length, (place, start))
    }

    /// A block that does not go on: the file ends, or is damaged, or a wrong length has swallowed the records that follow.
    fn cut(&mut self, length: u64, read: u64, (place, start): (Place, Place)) -> io::Result<bool> {
        if self
            .faults
            .last()
            .is_some_and(|fault| matches!(fault.flaw, Flaw::Damaged(..) | Flaw::Bomb(_)))
        {
            return Ok(false);
        }
        if let Some(real) = self.swallowed(start, read)? {
            self.fault(place, Flaw::Length(length, Some(real)));
        } else {
            self.fault(place, Flaw::Cut(length, read));
        }
        Ok(false)
    }

    /// Where a block of a file that is not compressed holds the beginning of another record, goes there.
    fn swallowed(&mut self, start: Place, read: u64) -> io::Result<Option<u64>> {
        self.reread += read;
        if self.input.packing() != Packing::Plain || self.reread > REREAD {
            return Ok(None);
        }
        self.input.rewind(start.offset)?;
        let (mut seen, mut kept) = (0u64, Vec::new());
        while seen < read {
            let Some(buffer) = self.fill(1)? else { break };
            let used = usize::try_from(read - seen).unwrap_or(usize::MAX).min(buffer.len());
            kept.extend_from_slice(&buffer[..used]);
            if let Some(at) = memmem::find(&kept, b"\r\n\r\nWARC/") {
                let real = seen + used as u64 - (kept.len() - at) as u64;
                self.input.rewind(start.offset + real + 4)?;
                return Ok(Some(real));
            }
            self.input.consume(used);
            seen += used as u64;
            let gone = kept.len().saturating_sub(8);
            kept.drain(..gone);
        }
        self.input.rewind(start.offset + read)?;
        Ok(None)
    }

    /// What stands behind a block: two line ends, and then a record, a new member, or nothing.
    fn ending(&mut self, length: u64, (place, start): (Place, Place)) -> io::Result<bool> {
        let members = self.input.members();
        let mut ends = Vec::new();
        let (over, next) = loop {
            let faults = self.faults.len();
            let Some(buffer) = self.fill(MAGIC.len())? else {
                break (self.faults.len() == faults, false);
            };
            let lines = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let (rest, record) = (buffer.len() - lines, buffer[lines..].starts_with(MAGIC));
            if self.input.members() > members && self.input.place().1 == 0 {
                break (true, record);
            }
            let buffer = self.input.fill().map_err(of_trouble)?;
            ends.extend_from_slice(&buffer[..lines.min(buffer.len())]);
            ends.truncate(64);
            self.input.consume(lines);
            if rest > 0 {
                break (false, record);
            }
        };
        // What follows two line ends is of no record, and is told as that.
        if over || next || ends == b"\r\n\r\n" {
            if ends != b"\r\n\r\n" {
                self.fault(place, Flaw::Ending);
            }
            return Ok(true);
        }
        self.misfit(length, (place, start))
    }

    /// Something else stands behind the block than a record, so that its length is wrong.
    fn misfit(&mut self, length: u64, (place, start): (Place, Place)) -> io::Result<bool> {
        if self
            .faults
            .last()
            .is_some_and(|fault| matches!(fault.flaw, Flaw::Damaged(..) | Flaw::Bomb(_)))
        {
            return Ok(true);
        }
        let real = self.swallowed(start, length)?;
        self.told = true;
        self.fault(place, Flaw::Length(length, real));
        Ok(false)
    }
}

/// Where a record begins: at the start of a line.
fn begins(buffer: &[u8], line_start: bool) -> Option<usize> {
    let mut found = memmem::find_iter(buffer, MAGIC);
    found.find(|&at| if at == 0 { line_start } else { buffer[at - 1] == b'\n' })
}

/// The byte behind the first blank line at or after one.
fn blank_line(held: &[u8], from: usize) -> Option<usize> {
    let mut feeds = memchr::memchr_iter(b'\n', &held[from..]).map(|at| from + at);
    feeds.find_map(|at| match &held[at + 1..] {
        [b'\n', ..] => Some(at + 2),
        [b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    })
}

fn of_trouble(trouble: Trouble) -> io::Error {
    match trouble {
        Trouble::Unreadable(error) => error,
        Trouble::Damaged(why) => io::Error::new(io::ErrorKind::InvalidData, why),
        Trouble::Bomb => io::Error::new(io::ErrorKind::InvalidData, "it grows out of all proportion"),
    }
}

/// The last four bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Tail([u8; 4]);

impl Tail {
    fn take(&mut self, piece: &[u8]) {
        for &byte in &piece[piece.len().saturating_sub(4)..] {
            self.0.rotate_left(1);
            self.0[3] = byte;
        }
    }

    /// How many of them end the record and not its block.
    fn line_ends(self) -> u64 {
        if &self.0 == b"\r\n\r\n" { 4 } else { 0 }
    }
}
