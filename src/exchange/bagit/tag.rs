//! Tag files: text in the encoding that the declaration names, with any of three line ends, read by the same rules as a text.

use encoding_rs::{UTF_16BE, mem};

use super::{Notes, error};
use crate::corpus::{BUFFER, Library, Order};
use crate::exchange::verify::refused_rule;
use crate::finding::{Finding, Location, Severity};
use crate::inventory::why;
use crate::source::Source;
use crate::stop::Stop;
use crate::whole;

/// The byte-order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// How the tag files other than `bagit.txt` are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// ISO-8859-1 as it is, and not the Windows page that the web takes for it.
    Latin1,
    /// With a byte-order mark, or big-endian (RFC 2781).
    Utf16,
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding of that name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Some(Self::Utf8),
            "iso-8859-1" | "iso8859-1" | "latin1" => Some(Self::Latin1),
            "utf-16" => Some(Self::Utf16),
            other => encoding_rs::Encoding::for_label(other.as_bytes()).map(Self::Other),
        }
    }

    /// The bytes in UTF-8; what is none in this encoding becomes U+FFFD, and what was UTF-8 already stays as it is.
    fn decode(self, bytes: Vec<u8>) -> Vec<u8> {
        let decoded = match self {
            Self::Utf8 => return bytes,
            Self::Latin1 => mem::decode_latin1(&bytes).into_owned(),
            Self::Utf16 => UTF_16BE.decode(&bytes).0.into_owned(),
            Self::Other(encoding) => encoding.decode(&bytes).0.into_owned(),
        };
        decoded.into_bytes()
    }
}

/// The bytes of a file of the bag that is read whole, where it has no more than so many.
pub(super) fn bytes_of(library: &Library, name: &str, most: u64, stop: Stop<'_>, notes: &mut Notes) -> Option<Vec<u8>> {
    let order = Order {
        algorithms: &[],
        keep: most,
    };
    let read = library.open(name).and_then(|(_, state)| match state.size() > most {
        true => Ok(Err(state.size())),
        false => library
            .read(name, order, &mut vec![0; BUFFER], |piece| stop.heed_piece(piece))
            .map(|reading| reading.bytes.ok_or(reading.size)),
    });
    let (rule, message) = match read {
        Ok(Ok(bytes)) => return Some(bytes),
        Ok(Err(size)) => {
            let message = format!("{name} has {size} bytes, and {most} are the most that is read of it");
            ("fixity/unreadable-text", message)
        }
        Err(refusal) => (refused_rule(&refusal), format!("{name} {}", why(&refusal))),
    };
    notes.push(error(rule, Location::file(name), message));
    None
}

/// Reads a tag file. Places in it are those in the text after it was decoded.
pub(super) fn read(
    library: &Library,
    name: &str,
    encoding: Encoding,
    stop: Stop<'_>,
    notes: &mut Notes,
) -> Option<Source> {
    let bytes = bytes_of(library, name, whole::LARGEST, stop, notes)?;
    let marked = encoding == Encoding::Utf8 && bytes.starts_with(MARK);
    if marked {
        let message = format!("{name} begins with a byte-order mark, which no tag file in UTF-8 has");
        let finding = Finding::new("manifest/line-form", Severity::Warning, Location::file(name), message);
        notes.push(finding.help("remove the first three bytes, and renew the digest of the file"));
    }
    let mut bytes = encoding.decode(bytes);
    if marked {
        bytes.drain(..MARK.len());
    }
    end_with_feeds(&mut bytes);
    Some(Source::new(name, bytes))
}

/// Turns each CR that no LF follows into LF: it ends a line too, and a report counts LF.
pub(super) fn end_with_feeds(bytes: &mut [u8]) {
    let lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    let lone: Vec<usize> = memchr::memchr_iter(b'\r', bytes).filter(lone).collect();
    lone.into_iter().for_each(|at| bytes[at] = b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_read_as_it_is() {
        let read = |name: &str, bytes: &[u8]| {
            let encoding = Encoding::named(name).expect("an encoding");
            String::from_utf8(encoding.decode(bytes.to_vec())).expect("text")
        };
        assert_eq!(read("UTF-8", "é".as_bytes()), "é");
        assert_eq!(read("ISO-8859-1", b"\xe9\x85"), "é\u{85}");
        assert_eq!(read("windows-1252", b"\x85"), "…");
        assert_eq!(read("UTF-16", b"\xfe\xff\0a"), "a");
        assert_eq!(read("utf-16", b"\xff\xfea\0"), "a");
        assert_eq!(read("UTF-16", b"\0a"), "a");
        assert_eq!(Encoding::named("EBCDIC"), None);
    }

    #[test]
    fn every_line_end_ends_a_line() {
        let mut bytes = b"a\rb\r\nc\n\r".to_vec();
        end_with_feeds(&mut bytes);
        assert_eq!(bytes, b"a\nb\r\nc\n\n");
    }
}
