//! The head of an HTTP message, found in pieces of a block.

use super::Fields;
use super::fields::{lines, media_type, parameter};

/// A head has at most so many bytes; what goes on longer is no message.
const LONGEST: usize = 256 << 10;

/// The head of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpHead {
    /// The status of a response.
    pub status: Option<u16>,
    /// Its fields.
    pub fields: Fields,
}

impl HttpHead {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = lines(bytes);
        let first = String::from_utf8_lossy(lines.next()?).into_owned();
        let mut words = first.split(' ').filter(|word| !word.is_empty());
        let version = words.next()?;
        let answers = version.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("HTTP/"));
        if !answers && !first.contains(" HTTP/") {
            return None;
        }
        let status = words.next().filter(|_| answers).and_then(|word| word.parse().ok());
        Some(Self {
            status,
            fields: Fields::parse(lines),
        })
    }

    /// The media type, in lower case and without parameters.
    pub fn media_type(&self) -> Option<String> {
        self.fields.get("Content-Type").map(media_type)
    }

    /// The encoding of characters that it tells.
    pub fn charset(&self) -> Option<String> {
        parameter(self.fields.get("Content-Type")?, "charset")
    }

    /// Whether the body was sent in chunks.
    pub fn is_chunked(&self) -> bool {
        self.fields
            .words("Transfer-Encoding")
            .iter()
            .any(|word| word == "chunked")
    }

    /// The codings of the content, in the order in which they were applied.
    pub fn codings(&self) -> Vec<String> {
        let mut codings = self.fields.words("Content-Encoding");
        codings.retain(|coding| coding != "identity");
        codings
    }
}

/// Finds where the head of a message ends.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    held: Vec<u8>,
    /// The bytes before this one hold no end.
    seen: usize,
}

/// What has become of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Gathered {
    /// It goes on.
    Unfinished,
    /// Its head; what follows of the body in the pieces that were given.
    Head(HttpHead, Vec<u8>),
    /// It is no message. All bytes that were given.
    None(Vec<u8>),
}

impl Gatherer {
    /// Takes the next piece of the block.
    pub(super) fn take(&mut self, piece: &[u8]) -> Gathered {
        self.held.extend_from_slice(piece);
        if let Some(end) = self.end() {
            return self.split(end);
        }
        self.seen = self.held.len().saturating_sub(3);
        if self.held.len() > LONGEST {
            return Gathered::None(std::mem::take(&mut self.held));
        }
        Gathered::Unfinished
    }

    /// The block is over: a head without its blank line is still one.
    pub(super) fn finish(&mut self) -> Gathered {
        let end = self.held.len();
        self.split(end)
    }

    fn end(&self) -> Option<usize> {
        let mut feeds = memchr::memchr_iter(b'\n', &self.held[self.seen..]).map(|at| self.seen + at);
        feeds.find_map(|at| match &self.held[at + 1..] {
            [b'\n', ..] => Some(at + 2),
            [b'\r', b'\n', ..] => Some(at + 3),
            _ => None,
        })
    }

    fn split(&mut self, end: usize) -> Gathered {
        let mut held = std::mem::take(&mut self.held);
        match HttpHead::parse(&held[..end]) {
            Some(head) => Gathered::Head(head, held.split_off(end)),
            None => Gathered::None(held),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_found_across_pieces() {
        let message = b"HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; charset=utf-8\r\nTransfer-Encoding: gzip, Chunked\r\n\r\nbody";
        for width in 1..message.len() {
            let mut gatherer = Gatherer::default();
            let mut pieces = message.chunks(width);
            let (head, body) = loop {
                let piece = pieces.next().expect("a head before the end");
                if let Gathered::Head(head, body) = gatherer.take(piece) {
                    break (head, [body, pieces.flatten().copied().collect()].concat());
                }
            };
            assert_eq!((head.status, head.is_chunked()), (Some(200), true), "{width}");
            assert_eq!(head.media_type().as_deref(), Some("text/plain"));
            assert_eq!(body, b"body", "{width}");
        }
    }

    #[test]
    fn what_is_no_message_is_given_back() {
        let mut gatherer = Gatherer::default();
        assert_eq!(
            gatherer.take(b"plain\n\ntext"),
            Gathered::None(b"plain\n\ntext".to_vec())
        );
        let mut gatherer = Gatherer::default();
        assert_eq!(gatherer.take(b"GET / HTTP/1.1\r\nHost: x\r\n"), Gathered::Unfinished);
        assert!(matches!(
            gatherer.finish(),
            Gathered::Head(HttpHead { status: None, .. }, _)
        ));
        let mut long = Gatherer::default();
        assert!(matches!(long.take(&vec![b'x'; LONGEST + 1]), Gathered::None(_)));
    }
}
