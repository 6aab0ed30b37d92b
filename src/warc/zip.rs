//! The members of a ZIP file (APPNOTE 6.3.10), as WACZ uses it: stored or deflated, of any size. Nothing is written to a disk by the
//! names that it gives.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::body::{FREE, RATIO};
use super::input::Bytes;

/// The list of members has at most so many bytes.
const LONGEST_LIST: u64 = 256 << 20;
/// The end of the list stands in the last bytes: its own and those of the longest comment.
const TAIL: u64 = 22 + 0xFFFF;

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, with U+FFFD for what is not UTF-8.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    packed: u64,
    method: u16,
    crc: u32,
    header: u64,
    encrypted: bool,
}

impl Member {
    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Whether it stands in the file as it is.
    pub fn is_stored(&self) -> bool {
        self.method == 0
    }
}

fn bad(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

/// Numbers at places of a piece of bytes; 0 behind its end.
fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    let piece = bytes.get(at..at + width).unwrap_or_default();
    piece
        .iter()
        .rev()
        .fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The members of a file, in the order of its list.
///
/// # Errors
/// Where it is no ZIP file, or is damaged, or cannot be read.
pub fn members(file: &File) -> io::Result<Vec<Member>> {
    let mut file = file;
    let length = file.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(TAIL);
    let tail = read_at(file, start, length - start)?;
    let ends =
        |&at: &usize| tail[at..].starts_with(b"PK\x05\x06") && at + 22 + size(number(&tail, at + 20, 2)) == tail.len();
    let end = (0..tail.len().saturating_sub(21)).rev().find(ends);
    let end = end.ok_or_else(|| bad("it has no list of members at its end: it was cut, or is no ZIP file"))?;
    let (at, bytes) = match large(file, start + end as u64)? {
        Some(place) => place,
        None => (number(&tail, end + 16, 4), number(&tail, end + 12, 4)),
    };
    if bytes > LONGEST_LIST || at.checked_add(bytes).is_none_or(|end| end > length) {
        return Err(bad("its list of members is not where it says"));
    }
    listed(&read_at(file, at, bytes)?)
}

fn read_at(mut file: &File, at: u64, bytes: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut held = Vec::new();
    file.take(bytes).read_to_end(&mut held)?;
    Ok(held)
}

/// Place and size of the list of a file that has more than four gigabytes, or many members.
fn large(file: &File, end: u64) -> io::Result<Option<(u64, u64)>> {
    let Some(at) = end.checked_sub(20) else {
        return Ok(None);
    };
    let locator = read_at(file, at, 20)?;
    if !locator.starts_with(b"PK\x06\x07") {
        return Ok(None);
    }
    let head = read_at(file, number(&locator, 8, 8), 56)?;
    if !head.starts_with(b"PK\x06\x06") {
        return Err(bad("its list of members is not where it says"));
    }
    Ok(Some((number(&head, 48, 8), number(&head, 40, 8))))
}

fn listed(mut list: &[u8]) -> io::Result<Vec<Member>> {
    let mut members = Vec::new();
    while list.starts_with(b"PK\x01\x02") && list.len() >= 46 {
        let [name, extra, comment] = [28, 30, 32].map(|at| size(number(list, at, 2)));
        let behind = 46 + name + extra + comment;
        if list.len() < behind {
            break;
        }
        let mut member = Member {
            name: String::from_utf8_lossy(&list[46..46 + name]).into_owned(),
            size: number(list, 24, 4),
            packed: number(list, 20, 4),
            method: u16::try_from(number(list, 10, 2)).unwrap_or_default(),
            crc: u32::try_from(number(list, 16, 4)).unwrap_or_default(),
            header: number(list, 42, 4),
            encrypted: number(list, 8, 2) & 1 == 1,
        };
        widen(&mut member, &list[46 + name..46 + name + extra]);
        members.push(member);
        list = &list[behind..];
    }
    if list.is_empty() {
        Ok(members)
    } else {
        Err(bad(format!(
            "its list of members is damaged behind {} of them",
            members.len()
        )))
    }
}

/// Sizes and places that do not fit into four bytes stand in a field of their own, in this order.
fn widen(member: &mut Member, mut extra: &[u8]) {
    const FULL: u64 = 0xFFFF_FFFF;
    while extra.len() >= 4 {
        let (tag, length) = (number(extra, 0, 2), size(number(extra, 2, 2)));
        let field = extra.get(4..4 + length).unwrap_or_default();
        if tag == 1 {
            let mut at = 0;
            for value in [&mut member.size, &mut member.packed, &mut member.header] {
                if *value == FULL {
                    *value = number(field, at, 8);
                    at += 8;
                }
            }
        }
        extra = extra.get(4 + length..).unwrap_or_default();
    }
}

/// A part of a file.
#[derive(Debug)]
struct Part {
    file: File,
    start: u64,
    length: u64,
    at: u64,
}

impl Read for Part {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(self.at);
        let wanted = into.len().min(size(left));
        self.file.seek(SeekFrom::Start(self.start + self.at))?;
        let read = self.file.read(&mut into[..wanted])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.length, by),
            SeekFrom::Current(by) => (self.at, by),
        };
        let at = base.checked_add_signed(by);
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

fn part(file: &File, member: &Member) -> io::Result<Part> {
    let head = read_at(file, member.header, 30)?;
    if !head.starts_with(b"PK\x03\x04") {
        return Err(bad("it is not where the list of members says"));
    }
    if member.encrypted {
        return Err(bad("it is encrypted"));
    }
    let start = member.header + 30 + number(&head, 26, 2) + number(&head, 28, 2);
    Ok(Part {
        file: file.try_clone()?,
        start,
        length: member.packed,
        at: 0,
    })
}

/// Hands on the bytes of a member piece by piece, and checks them against its list.
///
/// # Errors
/// Where they are not what the list says, or grow out of all proportion; what the system or `take` says.
pub fn read(file: &File, member: &Member, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let part = part(file, member)?;
    let mut from: Box<dyn Read> = match member.method {
        0 => Box::new(part),
        8 => Box::new(DeflateDecoder::new(part)),
        other => return Err(bad(format!("it is packed by method {other}, which is not read"))),
    };
    let (mut crc, mut total) = (Crc::new(), 0u64);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let piece = &buffer[..read];
        total += read as u64;
        if total > FREE && total / RATIO > member.packed {
            return Err(bad(format!("it unpacks to more than {RATIO} times its size")));
        }
        crc.update(piece);
        take(piece)?;
    }
    if total != member.size || crc.sum() != member.crc {
        return Err(bad("its bytes are not those that the list of members tells of"));
    }
    Ok(())
}

/// The bytes of a member, to be read from any place: where it is packed, a copy of them in a file without a name.
///
/// # Errors
/// As [`read`].
pub fn open(file: &File, member: &Member) -> io::Result<Box<dyn Bytes>> {
    if member.is_stored() {
        return Ok(Box::new(part(file, member)?));
    }
    let mut copy = tempfile::tempfile()?;
    read(file, member, |piece| copy.write_all(piece))?;
    copy.rewind()?;
    Ok(Box::new(copy))
}

/// The bytes of a member that has at most so many.
///
/// # Errors
/// As [`read`], and where it has more.
pub fn whole(file: &File, member: &Member, most: u64) -> io::Result<Vec<u8>> {
    let mut held = Vec::new();
    read(file, member, |piece| {
        if held.len() as u64 + piece.len() as u64 > most {
            return Err(bad(format!("it has more than {most} bytes")));
        }
        held.extend_from_slice(piece);
        Ok(())
    })?;
    Ok(held)
}
