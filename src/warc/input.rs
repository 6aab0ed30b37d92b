//! Bytes of a file as they were before it was compressed, member by member, with the place of each in the file.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::GzDecoder;
use memchr::memmem;
use zstd::stream::read::Decoder as Zstd;

use super::body::{FREE, RATIO};
use crate::error::io_message;

/// What can be read, and read again from another place.
pub trait Bytes: Read + Seek + Send {}

impl<T: Read + Seek + Send> Bytes for T {}

/// What one read asks for, in bytes.
const BUFFER: usize = 256 << 10;
/// After damage, at most so many bytes of a file are read once more: a file may be made so that every byte of it begins a member that is
/// damaged at its far end.
pub(super) const REREAD: u64 = 4 << 30;
/// A dictionary has at most so many bytes.
const DICTIONARY: u64 = 16 << 20;

const GZIP: &[u8] = &[0x1F, 0x8B, 8];
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
/// A frame that is passed over (RFC 8878, 3.1.2) begins with a digit and this.
const SKIPPED: &[u8] = &[0x2A, 0x4D, 0x18];
/// The frame that holds a dictionary begins with this (<https://iipc.github.io/warc-specifications/specifications/warc-zstd/>).
const DICTIONARY_FRAME: u8 = 0x5D;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// In members of gzip.
    Gzip,
    /// In frames of Zstandard.
    Zstd,
}

/// Why bytes cannot be had.
#[derive(Debug)]
pub enum Trouble {
    /// They are not what the compression needs; says in what way.
    Damaged(String),
    /// They grow out of all proportion.
    Bomb,
    /// The system does not give them.
    Unreadable(io::Error),
}

/// A file, unpacked.
pub struct Input {
    packing: Packing,
    state: State,
    buffer: Box<[u8]>,
    /// What of the buffer has not been taken yet.
    start: usize,
    end: usize,
    /// Where the member begins that the buffer is of, how many of its bytes were taken, and how many were unpacked.
    member: u64,
    taken: u64,
    unpacked: u64,
    /// How many members have begun.
    members: usize,
    /// How many bytes were read again after damage.
    reread: u64,
    dictionary: Vec<u8>,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Input");
        debug.field("packing", &self.packing).field("member", &self.member);
        debug.finish_non_exhaustive()
    }
}

enum State {
    Plain(Counted),
    Gzip(Box<GzDecoder<Counted>>),
    Zstd(Box<Zstd<'static, Counted>>),
    /// Between two members.
    Between(Counted),
    Moved,
}

/// A reader that knows where it is.
struct Counted {
    from: BufReader<Box<dyn Bytes>>,
    at: u64,
    failed: Option<io::Error>,
}

impl Counted {
    fn seek(&mut self, to: u64) -> io::Result<()> {
        self.from.seek(SeekFrom::Start(to))?;
        self.at = to;
        Ok(())
    }

    /// The next bytes, as many as are wanted or as there are; they are not taken.
    fn peek(&mut self, wanted: usize) -> io::Result<Vec<u8>> {
        let at = self.at;
        let mut head = vec![0; wanted];
        let mut filled = 0;
        while filled < wanted {
            match self.read(&mut head[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        head.truncate(filled);
        let back = i64::try_from(self.at - at).unwrap_or(0);
        self.from.seek_relative(-back)?;
        self.at = at;
        Ok(head)
    }
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into);
        match &read {
            Ok(read) => self.at += *read as u64,
            Err(error) => self.failed = Some(io::Error::new(error.kind(), error.to_string())),
        }
        read
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.from.fill_buf() {
            Err(error) => {
                self.failed = Some(io::Error::new(error.kind(), error.to_string()));
                Err(error)
            }
            Ok(_) => Ok(self.from.buffer()),
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.from.consume(bytes);
        self.at += bytes as u64;
    }
}

impl Input {
    /// A file from its beginning. How it is compressed is told by its first bytes.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn new(from: Box<dyn Bytes>) -> io::Result<Self> {
        let mut from = Counted {
            from: BufReader::with_capacity(BUFFER, from),
            at: 0,
            failed: None,
        };
        from.seek(0)?;
        let head = from.peek(4)?;
        let packing = match head.as_slice() {
            head if head.starts_with(GZIP) => Packing::Gzip,
            head if head.starts_with(ZSTD) || is_skipped(head) => Packing::Zstd,
            _ => Packing::Plain,
        };
        let state = match packing {
            Packing::Plain => State::Plain(from),
            _ => State::Between(from),
        };
        Ok(Self {
            packing,
            state,
            buffer: vec![0; BUFFER].into(),
            start: 0,
            end: 0,
            member: 0,
            taken: 0,
            unpacked: 0,
            members: 0,
            reread: 0,
            dictionary: Vec::new(),
        })
    }

    /// How it is compressed.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// How many members have begun.
    pub fn members(&self) -> usize {
        self.members
    }

    /// Where the member begins in the file, and how many of its bytes were taken; of a file that is not compressed, 0 and
    /// how many bytes of it were.
    pub fn place(&self) -> (u64, u64) {
        (self.member, self.taken)
    }

    /// What comes next, without taking it; empty at the end.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub fn fill(&mut self) -> Result<&[u8], Trouble> {
        while self.start == self.end && self.refill()? {}
        Ok(&self.buffer[self.start..self.end])
    }

    /// At least so many bytes of what comes next, where the member has as many.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub fn fill_to(&mut self, wanted: usize) -> Result<&[u8], Trouble> {
        self.fill()?;
        while self.end - self.start < wanted && self.unpack_more()? {}
        Ok(&self.buffer[self.start..self.end])
    }

    /// Takes bytes that were seen.
    pub fn consume(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
        self.taken += bytes as u64;
    }

    /// Whether something was read on; not at the end of the file.
    fn refill(&mut self) -> Result<bool, Trouble> {
        (self.start, self.end) = (0, 0);
        if matches!(self.state, State::Between(_)) && !self.begin()? {
            return Ok(false);
        }
        let more = self.unpack_more()?;
        Ok(more || matches!(self.state, State::Between(_)))
    }

    /// Reads on in the member, behind what is in the buffer; `false` where the member is over.
    fn unpack_more(&mut self) -> Result<bool, Trouble> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        let room = &mut self.buffer[self.end..];
        let read = loop {
            let read = match &mut self.state {
                State::Plain(from) => from.read(room),
                State::Gzip(from) => from.read(room),
                State::Zstd(from) => from.read(room),
                State::Between(_) | State::Moved => return Ok(false),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        match read {
            Ok(0) => {
                self.leave();
                Ok(false)
            }
            Ok(read) => {
                self.end += read;
                self.unpacked += read as u64;
                self.refuse_bomb()?;
                Ok(true)
            }
            Err(error) => Err(self.trouble(error)),
        }
    }

    fn refuse_bomb(&mut self) -> Result<(), Trouble> {
        let at = match &self.state {
            State::Gzip(from) => from.get_ref().at,
            State::Zstd(from) => from.get_ref().at,
            _ => return Ok(()),
        };
        if self.unpacked > FREE && self.unpacked / RATIO > at - self.member {
            return Err(Trouble::Bomb);
        }
        Ok(())
    }

    /// The file below, with nothing between.
    fn below(&mut self) -> Option<Counted> {
        match std::mem::replace(&mut self.state, State::Moved) {
            State::Plain(from) | State::Between(from) => Some(from),
            State::Gzip(from) => Some(from.into_inner()),
            State::Zstd(from) => Some(from.finish()),
            State::Moved => None,
        }
    }

    /// Goes out of a member that is over.
    fn leave(&mut self) {
        if let Some(from) = self.below() {
            self.state = match self.packing {
                Packing::Plain => State::Plain(from),
                _ => State::Between(from),
            };
        }
    }

    fn trouble(&mut self, error: io::Error) -> Trouble {
        self.leave();
        let below = match &mut self.state {
            State::Plain(from) | State::Between(from) => from.failed.take(),
            _ => None,
        };
        match below {
            Some(failed) => Trouble::Unreadable(failed),
            None if error.kind() == io::ErrorKind::UnexpectedEof => Trouble::Damaged("it ends too early".to_owned()),
            None => Trouble::Damaged(io_message(&error)),
        }
    }

    /// Goes into the next member; `false` at the end of the file.
    fn begin(&mut self) -> Result<bool, Trouble> {
        let Some(mut from) = self.below() else {
            return Ok(false);
        };
        let begun = self.begin_at(&mut from);
        self.state = State::Between(from);
        if !begun? {
            return Ok(false);
        }
        let Some(from) = self.below() else {
            return Ok(false);
        };
        (self.member, self.taken, self.unpacked) = (from.at, 0, 0);
        self.members += 1;
        self.state = match self.packing {
            Packing::Gzip => State::Gzip(Box::new(GzDecoder::new(from))),
            _ => {
                let decoder = Zstd::with_dictionary(from, &self.dictionary).map_err(Trouble::Unreadable)?;
                State::Zstd(Box::new(decoder.single_frame()))
            }
        };
        Ok(true)
    }

    /// Whether a member begins where the file is; what is passed over before it is.
    fn begin_at(&mut self, from: &mut Counted) -> Result<bool, Trouble> {
        loop {
            let head = from.peek(8).map_err(Trouble::Unreadable)?;
            let magic = if self.packing == Packing::Gzip { GZIP } else { ZSTD };
            if head.is_empty() || head.starts_with(magic) {
                return Ok(!head.is_empty());
            }
            if self.packing == Packing::Gzip || !is_skipped(&head) || head.len() < 8 {
                (self.member, self.taken) = (from.at, 0);
                return Err(Trouble::Damaged("what stands there is no compressed data".to_owned()));
            }
            let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
            let start = from.at + 8;
            if head[0] == DICTIONARY_FRAME && start == 8 {
                from.seek(start).map_err(Trouble::Unreadable)?;
                self.dictionary = dictionary(from, u64::from(size))?;
            }
            from.seek(start + u64::from(size)).map_err(Trouble::Unreadable)?;
        }
    }

    /// After damage, goes to the next member that begins a record, and tells where it is.
    ///
    /// # Errors
    /// [`Trouble::Unreadable`].
    pub fn recover(&mut self) -> Result<Option<u64>, Trouble> {
        let magic = match self.packing {
            Packing::Plain => return Ok(None),
            Packing::Gzip => GZIP,
            Packing::Zstd => ZSTD,
        };
        let mut at = self.member + 1;
        loop {
            (self.start, self.end) = (0, 0);
            let Some(mut from) = self.below() else {
                return Ok(None);
            };
            self.reread += from.at.saturating_sub(at);
            if self.reread > REREAD {
                from.at = from.from.seek(SeekFrom::End(0)).map_err(Trouble::Unreadable)?;
                self.state = State::Between(from);
                return Ok(None);
            }
            let found = find(&mut from, at, magic).map_err(Trouble::Unreadable);
            self.state = State::Between(from);
            let Some(found) = found? else {
                return Ok(None);
            };
            match self.fill_to(5) {
                Ok(head) if head.starts_with(b"WARC/") => return Ok(Some(found)),
                Err(Trouble::Unreadable(error)) => return Err(Trouble::Unreadable(error)),
                _ => at = found + 1,
            }
        }
    }

    /// Goes back to a byte of a file that is not compressed.
    ///
    /// # Errors
    /// Where it cannot be read again.
    pub fn rewind(&mut self, to: u64) -> io::Result<()> {
        if let State::Plain(from) = &mut self.state {
            from.seek(to)?;
            (self.start, self.end, self.taken) = (0, 0, to);
        }
        Ok(())
    }
}

fn is_skipped(head: &[u8]) -> bool {
    head.len() >= 4 && head[0] >> 4 == 5 && &head[1..4] == SKIPPED
}

/// The dictionary in a frame of so many bytes; it may be compressed itself.
fn dictionary(from: &mut Counted, size: u64) -> Result<Vec<u8>, Trouble> {
    let damaged = || {
        Trouble::Damaged(format!(
            "its dictionary is damaged, or has more than {DICTIONARY} bytes"
        ))
    };
    if size > DICTIONARY {
        return Err(damaged());
    }
    let mut held = Vec::new();
    from.take(size).read_to_end(&mut held).map_err(Trouble::Unreadable)?;
    if !held.starts_with(ZSTD) {
        return Ok(held);
    }
    let mut plain = Vec::new();
    let decoder = Zstd::with_buffer(held.as_slice()).map_err(|_| damaged())?;
    let read = decoder
        .take(DICTIONARY + 1)
        .read_to_end(&mut plain)
        .map_err(|_| damaged())?;
    if read as u64 > DICTIONARY {
        return Err(damaged());
    }
    Ok(plain)
}

/// Goes to the first place, from this one on, where these bytes stand.
fn find(from: &mut Counted, start: u64, wanted: &[u8]) -> io::Result<Option<u64>> {
    from.seek(start)?;
    let mut kept: Vec<u8> = Vec::new();
    let mut base = start;
    loop {
        let piece = from.fill_buf()?;
        if piece.is_empty() {
            return Ok(None);
        }
        let read = piece.len();
        kept.extend_from_slice(piece);
        from.consume(read);
        if let Some(at) = memmem::find(&kept, wanted) {
            let found = base + at as u64;
            from.seek(found)?;
            return Ok(Some(found));
        }
        let gone = kept.len().saturating_sub(wanted.len() - 1);
        kept.drain(..gone);
        base += gone as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("packed");
        encoder.finish().expect("packed")
    }

    fn damaged() -> Input {
        let mut first = member(&b"WARC/1.0 one".repeat(9));
        let at = first.len() - 6;
        first[at] ^= 1;
        let bytes = [first, member(b"WARC/1.0 two")].concat();
        Input::new(Box::new(Cursor::new(bytes))).expect("an input")
    }

    fn drain(input: &mut Input) -> Result<usize, Trouble> {
        let mut all = 0;
        loop {
            let some = input.fill()?.len();
            if some == 0 {
                return Ok(all);
            }
            input.consume(some);
            all += some;
        }
    }

    #[test]
    fn reading_goes_on_behind_damage() {
        let mut input = damaged();
        assert!(matches!(drain(&mut input), Err(Trouble::Damaged(_))));
        assert!(matches!(input.recover(), Ok(Some(at)) if at > 0));
        assert!(matches!(drain(&mut input), Ok(12)));
    }

    #[test]
    fn reading_again_has_a_bound() {
        let mut input = damaged();
        assert!(matches!(drain(&mut input), Err(Trouble::Damaged(_))));
        input.reread = REREAD;
        assert!(matches!(input.recover(), Ok(None)));
        assert!(matches!(drain(&mut input), Ok(0)), "it is at its end");
    }

    #[test]
    fn a_place_is_that_of_the_member() {
        let bytes = [member(b"first"), member(b"second")].concat();
        let first = member(b"first").len() as u64;
        let mut input = Input::new(Box::new(Cursor::new(bytes))).expect("an input");
        input.fill().expect("some");
        input.consume(2);
        assert_eq!((input.place(), input.members()), ((0, 2), 1));
        input.consume(3);
        assert_eq!(input.fill().expect("some"), b"second");
        assert_eq!((input.place(), input.members()), ((first, 0), 2));
    }
}
