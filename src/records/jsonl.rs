//! JSONL, one record a line: read as a stream, so that a shard of any size costs the memory of its longest line.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Item, Record, Wanted, Wrong};
use crate::manifest::Value;

/// Names of shards end so.
pub(super) const ENDINGS: [&str; 2] = [".jsonl", ".ndjson"];
/// And then so, where they are compressed.
pub(super) const PACKED: [&str; 3] = ["", ".gz", ".zst"];

/// A longer line is passed over, in bytes.
pub(super) const LONGEST: usize = 1 << 30;
/// What a line needs beyond this is given back.
const KEPT: usize = 1 << 20;
/// What one read asks for, in bytes.
const BUFFER: usize = 1 << 18;

/// What unpacks to more than this, in bytes, and to more than so many times its size, was made to fill memory or disk.
const BOMB: (u64, u64) = (1 << 30, 1000);

/// The lines of a shard as they were before they were compressed, by the ending of its name.
///
/// # Errors
/// Where the decompressor cannot start.
pub(super) fn unpacked<'a>(name: &str, file: impl Read + Send + 'a) -> io::Result<Box<dyn BufRead + Send + 'a>> {
    let packed = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        from: file,
        bytes: Arc::clone(&packed),
    };
    let file = BufReader::with_capacity(BUFFER, counted);
    let unpacked: Box<dyn Read + Send + 'a> = match name.rsplit_once('.') {
        Some((_, "gz")) => Box::new(MultiGzDecoder::new(file)),
        Some((_, "zst")) => Box::new(zstd::stream::read::Decoder::with_buffer(file)?),
        _ => return Ok(Box::new(file)),
    };
    let (from, bytes) = (unpacked, 0);
    Ok(Box::new(BufReader::with_capacity(
        BUFFER,
        Fused { from, bytes, packed },
    )))
}

/// Counts what is read.
struct Counted<R> {
    from: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Ends what unpacks to far more than any text does.
struct Fused<R> {
    from: R,
    bytes: u64,
    packed: Arc<AtomicU64>,
}

impl<R: Read> Read for Fused<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.bytes += read as u64;
        let packed = self.packed.load(Ordering::Relaxed).max(1);
        if self.bytes > BOMB.0 && self.bytes / packed > BOMB.1 {
            let said = format!("it unpacks to more than {} times its size, which no text does", BOMB.1);
            return Err(io::Error::other(said));
        }
        Ok(read)
    }
}

/// Lines of bytes, each up to a bound.
pub(super) struct Lines<R> {
    from: R,
    line: Vec<u8>,
    longest: usize,
    /// Where the next line begins, in bytes.
    offset: u64,
}

/// What was read of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// All of it, without its end.
    Whole(&'a [u8]),
    /// It is too long, and was passed over.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(from: R, longest: usize) -> Self {
        Self {
            from,
            line: Vec::new(),
            longest,
            offset: 0,
        }
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// What the reader says. What was read of the line is lost.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        self.line.shrink_to(KEPT);
        let (mut some, mut long) = (false, false);
        loop {
            let piece = match self.from.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                piece => piece?,
            };
            let end = memchr::memchr(b'\n', piece);
            let part = &piece[..end.unwrap_or(piece.len())];
            some |= !piece.is_empty();
            long |= self.line.len() + part.len() > self.longest;
            if !long {
                self.line.extend_from_slice(part);
            }
            let (used, last) = (
                part.len() + usize::from(end.is_some()),
                piece.is_empty() || end.is_some(),
            );
            self.from.consume(used);
            self.offset += used as u64;
            if last {
                break;
            }
        }
        let line = if long { Line::TooLong } else { Line::Whole(&self.line) };
        Ok(some.then_some(line))
    }
}

/// A line without the byte-order mark that may stand before the first; `None` where it is blank.
pub fn plain_line(line: &[u8], is_first: bool) -> Option<&[u8]> {
    let marked = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| is_first);
    let line = marked.unwrap_or(line);
    (!line.trim_ascii().is_empty()).then_some(line)
}

/// The records of a shard, a line each. Blank lines are none; a byte-order mark may stand before the first.
pub(super) struct Records<'a> {
    lines: Lines<Box<dyn BufRead + Send + 'a>>,
    /// The line that was read last.
    number: u64,
}

impl<'a> Records<'a> {
    pub(super) fn new(lines: Box<dyn BufRead + Send + 'a>) -> Self {
        Self {
            lines: Lines::new(lines, LONGEST),
            number: 0,
        }
    }

    /// The number of the line that was read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line that is not blank.
    ///
    /// # Errors
    /// What the reader says: what follows is lost.
    pub(super) fn next(&mut self) -> io::Result<Option<Item>> {
        loop {
            let offset = self.lines.offset;
            self.number += 1;
            let number = self.number;
            let content = match self.lines.next()? {
                None => return Ok(None),
                Some(Line::TooLong) => Err(Wrong::TooLong),
                Some(Line::Whole(line)) => match plain_line(line, number == 1) {
                    Some(line) => Ok(super::Content::Line(line.to_vec())),
                    None => continue,
                },
            };
            let offset = Some(offset);
            return Ok(Some(Item {
                number,
                offset,
                content,
            }));
        }
    }
}

impl Record {
    /// Reads a line.
    ///
    /// # Errors
    /// Why it is no record.
    pub fn of_line(line: &[u8], wanted: &Wanted) -> Result<Self, Wrong> {
        let mut found = vec![None; wanted.fields.len()];
        let wants: Vec<(usize, &str)> = wanted.fields.iter().map(String::as_str).enumerate().collect();
        let mut reader = serde_json::Deserializer::from_slice(line);
        reader
            .deserialize_map(Fields(&wants, &mut found))
            .and_then(|()| reader.end())
            .map_err(|error| no_json(&error))?;
        let text = found[wanted.text].take();
        let text = text.ok_or_else(|| Wrong::NoField(wanted.fields[wanted.text].clone()))?;
        let text = serde_json::from_str(text.get()).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => Wrong::NoString(wanted.fields[wanted.text].clone()),
            _ => no_json(&error),
        })?;
        let values = found.into_iter().map(|raw| value_of(raw?)).collect();
        Ok(Self::new(text, values, wanted))
    }
}

/// What a field holds; `None` for `null` and for nothing. A number stays as it is written.
fn value_of(raw: &RawValue) -> Option<Value> {
    let written = raw.get();
    match written.bytes().next() {
        Some(b'"') => serde_json::from_str(written).ok().map(Value::Scalar),
        Some(b'[' | b'{') => plain(serde_json::from_str(written).ok()?),
        Some(b'n') | None => None,
        Some(_) => Some(Value::Scalar(written.to_owned())),
    }
}

fn plain(value: serde_json::Value) -> Option<Value> {
    Some(match value {
        serde_json::Value::Null => return None,
        serde_json::Value::String(text) => Value::Scalar(text),
        serde_json::Value::Array(items) => Value::List(items.into_iter().filter_map(plain).collect()),
        serde_json::Value::Object(fields) => {
            let fields = fields.into_iter();
            Value::Object(fields.filter_map(|(name, value)| Some((name, plain(value)?))).collect())
        }
        other => Value::Scalar(other.to_string()),
    })
}

fn no_json(error: &serde_json::Error) -> Wrong {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or(&said);
    Wrong::NoJson(format!("{what} at byte {}", error.column()))
}

/// Picks fields out of an object, still as they are written: each the number of what it is for, and its name or its path in objects.
struct Fields<'n, 'f, 'de>(&'n [(usize, &'n str)], &'f mut [Option<&'de RawValue>]);

impl<'de> Visitor<'de> for Fields<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut inner = Vec::new();
        while let Some(name) = fields.next_key::<std::borrow::Cow<'_, str>>()? {
            let below = |path: &'_ str| path.strip_prefix(&*name).map(|rest| rest.is_empty());
            if !self.0.iter().any(|(_, path)| path.starts_with(&*name)) {
                fields.next_value::<IgnoredAny>()?;
                continue;
            }
            let raw: &RawValue = fields.next_value()?;
            inner.clear();
            for (index, path) in self.0 {
                match below(path) {
                    Some(true) => self.1[*index] = Some(raw),
                    Some(false) => inner.extend(path[name.len()..].strip_prefix('.').map(|rest| (*index, rest))),
                    None => {}
                }
            }
            if !inner.is_empty() && raw.get().starts_with('{') {
                // It is sound JSON, for it was read as such.
                let mut object = serde_json::Deserializer::from_str(raw.get());
                drop(object.deserialize_map(Fields(&inner, self.1)));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<(String, Option<String>), String> {
        let record = Record::of_line(line.as_bytes(), &Wanted::of("text", "id"));
        record
            .map(|record| (record.text, record.id))
            .map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_record_is_its_text_and_its_name() {
        let is = |text: &str, id: Option<&str>| Ok((text.to_owned(), id.map(str::to_owned)));
        assert_eq!(
            read(r#"{"id": "w\u0031", "x": [{"text": 1}], "text": "a\n\u00e9"}"#),
            is("a\né", Some("w1"))
        );
        assert_eq!(read(r#" {"text": "", "id": 17.50} "#), is("", Some("17.50")));
        assert_eq!(read(r#"{"text": "x", "id": null}"#), is("x", None));
    }

    #[test]
    fn what_is_no_record_says_why() {
        for (line, said) in [
            (
                "{\"text\": \"a",
                "it is no JSON object: EOF while parsing a string at byte 11",
            ),
            (
                "[1]",
                "it is no JSON object: invalid type: sequence, expected an object at byte 0",
            ),
            (
                "{\"text\": \"a\"} x",
                "it is no JSON object: trailing characters at byte 15",
            ),
            ("{\"body\": \"a\"}", "it has no field `text`"),
            ("{\"text\": 7}", "its field `text` is no string"),
            ("{\"text\": \"\\ud800\"}", "it is no JSON object: "),
        ] {
            let why = read(line).expect_err(line);
            assert!(why.starts_with(said), "{line}: {why}");
        }
        assert!(Record::of_line(b"{\"text\": \"\xff\"}", &Wanted::of("text", "id")).is_err());
    }

    #[test]
    fn lines_that_are_too_long_are_passed_over() {
        for capacity in [1, 3, 64] {
            let from = BufReader::with_capacity(capacity, &b"ab\n\nabcdef\nabcd\nx"[..]);
            let mut lines = Lines::new(from, 4);
            for line in [&b"ab"[..], b"", b"abcdef", b"abcd", b"x"] {
                let expected = if line.len() > 4 {
                    Line::TooLong
                } else {
                    Line::Whole(line)
                };
                assert_eq!(lines.next().expect("read"), Some(expected));
            }
            assert_eq!(lines.next().expect("read"), None);
        }
    }

    #[test]
    fn fields_are_found_in_objects_and_by_names_with_dots() {
        let fields = ["text", "meta.title", "meta.tags", "a.b", "a.n"]
            .map(str::to_owned)
            .to_vec();
        let wanted = Wanted {
            fields,
            text: 0,
            id: None,
        };
        let line =
            br#"{"meta": {"x": 1, "title": "t", "tags": ["u", null, 2]}, "a.b": true, "a": {"n": null}, "text": "w"}"#;
        let record = Record::of_line(line, &wanted).expect("a record");
        let scalar = |text: &str| Value::Scalar(text.to_owned());
        let list = Value::List(vec![scalar("u"), scalar("2")]);
        assert_eq!(
            record.values,
            [None, Some(scalar("t")), Some(list), Some(scalar("true")), None]
        );
        let inner = Wanted::of("meta.text", "meta.id");
        let record = Record::of_line(br#"{"meta": {"text": "w", "id": 7}}"#, &inner).expect("a record");
        assert_eq!((record.text.as_str(), record.id.as_deref()), ("w", Some("7")));
    }

    #[test]
    fn items_know_their_line_and_offset() {
        let mut records = Records::new(Box::new(&b"\xef\xbb\xbf{}\n\n  \n{\"a\": 1}\nx"[..]));
        let mut places = Vec::new();
        while let Some(item) = records.next().expect("read") {
            places.push((item.number, item.offset));
        }
        assert_eq!(places, [(1, Some(0)), (4, Some(10)), (5, Some(19))]);
    }

    #[test]
    fn a_bomb_is_ended() {
        let packed = Arc::new(AtomicU64::new(1 << 20));
        let mut fused = Fused {
            from: io::repeat(b'0'),
            bytes: BOMB.0,
            packed: Arc::clone(&packed),
        };
        let mut buffer = [0; 64];
        let said = fused.read(&mut buffer).expect_err("too much").to_string();
        assert!(said.contains("1000 times"), "{said}");
        packed.store(4 << 20, Ordering::Relaxed);
        assert_eq!(fused.read(&mut buffer).expect("read"), 64);
    }
}
