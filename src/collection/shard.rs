//! JSONL, one record a line: read as a stream, so that a shard of any size costs the memory of its longest line.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Names of shards end so.
const ENDINGS: [&str; 2] = [".jsonl", ".ndjson"];
/// And then so, where they are compressed.
const PACKED: [&str; 3] = ["", ".gz", ".zst"];

/// A longer line is passed over, in bytes.
pub(super) const LONGEST: usize = 1 << 30;
/// What a line needs beyond this is given back.
const KEPT: usize = 1 << 20;
/// What one read asks for, in bytes.
const BUFFER: usize = 1 << 18;

/// What a folder is searched for to find shards.
pub(super) fn globs() -> impl Iterator<Item = String> {
    let both = ENDINGS.iter().flat_map(|ending| PACKED.map(|packed| (ending, packed)));
    both.map(|(ending, packed)| format!("**/*{ending}{packed}"))
}

/// Whether a name is that of a shard.
pub(super) fn is_shard(name: &str) -> bool {
    PACKED.iter().any(|packed| {
        let plain = name.strip_suffix(packed);
        plain.is_some_and(|plain| ENDINGS.iter().any(|ending| plain.ends_with(ending)))
    })
}

/// The lines of a shard as they were before they were compressed, by the ending of its name.
///
/// # Errors
/// Where the decompressor cannot start.
pub(super) fn unpacked<'a>(name: &str, file: impl Read + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let file = BufReader::with_capacity(BUFFER, file);
    Ok(match name.rsplit_once('.') {
        Some((_, "gz")) => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file))),
        Some((_, "zst")) => {
            let decoder = zstd::stream::read::Decoder::with_buffer(file)?;
            Box::new(BufReader::with_capacity(BUFFER, decoder))
        }
        _ => Box::new(file),
    })
}

/// Lines of bytes, each up to a bound.
pub(super) struct Lines<R> {
    from: R,
    line: Vec<u8>,
    longest: usize,
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
            if last {
                break;
            }
        }
        let line = if long { Line::TooLong } else { Line::Whole(&self.line) };
        Ok(some.then_some(line))
    }
}

/// What is read of a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its text.
    pub(super) text: String,
    /// Its name, where it has one: a string, or a number as it is written.
    pub(super) id: Option<String>,
}

/// The fields that are read of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    /// Of its text.
    pub(super) text: &'a str,
    /// Of its name.
    pub(super) id: &'a str,
}

impl Record {
    /// Reads a line.
    ///
    /// # Errors
    /// Why it is no record, as a sentence about "it".
    pub(super) fn read(line: &[u8], names: Names<'_>) -> Result<Self, String> {
        let mut reader = serde_json::Deserializer::from_slice(line);
        let fields = reader
            .deserialize_map(Fields(names))
            .and_then(|fields| reader.end().map(|()| fields));
        let (text, id) = fields.map_err(|error| no_json(&error))?;
        let Some(text) = text else {
            let name = names.text;
            return Err(format!(
                "it has no field `{name}`; name the one that holds the text with `--text-field`"
            ));
        };
        let text = serde_json::from_str(text.get()).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => format!("its field `{}` is no string", names.text),
            _ => no_json(&error),
        })?;
        Ok(Self {
            text,
            id: id.and_then(name_of),
        })
    }
}

/// A string, or a number as it is written.
fn name_of(value: &RawValue) -> Option<String> {
    let written = value.get();
    match written.bytes().next() {
        Some(b'"') => serde_json::from_str(written).ok(),
        Some(b'-' | b'0'..=b'9') => Some(written.to_owned()),
        _ => None,
    }
}

fn no_json(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or(&said);
    format!("it is no JSON object: {what} at byte {}", error.column())
}

/// Picks two fields out of an object, still as they are written.
struct Fields<'n>(Names<'n>);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = (Option<&'de RawValue>, Option<&'de RawValue>);

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let (mut text, mut id) = (None, None);
        while let Some(name) = fields.next_key::<String>()? {
            if name == self.0.text {
                text = Some(fields.next_value()?);
            } else if name == self.0.id {
                id = Some(fields.next_value()?);
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok((text, id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names<'_> = Names { text: "text", id: "id" };

    fn read(line: &str) -> Result<(String, Option<String>), String> {
        Record::read(line.as_bytes(), NAMES).map(|record| (record.text, record.id))
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
            ("{\"body\": \"a\"}", "it has no field `text`; name"),
            ("{\"text\": 7}", "its field `text` is no string"),
            ("{\"text\": \"\\ud800\"}", "it is no JSON object: "),
        ] {
            let why = read(line).expect_err(line);
            assert!(why.starts_with(said), "{line}: {why}");
        }
        assert!(Record::read(b"{\"text\": \"\xff\"}", NAMES).is_err());
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
    fn shards_are_known_by_their_names() {
        let known = ["a.jsonl", "b.ndjson.gz", "c.jsonl.zst"];
        assert!(known.into_iter().all(is_shard));
        assert!(!["a.json", "jsonl", "a.jsonl.txt", "a.txt.gz"].into_iter().any(is_shard));
        assert_eq!(globs().count(), 6);
    }
}
