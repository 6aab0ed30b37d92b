//! What was done to a body for its way: cut into chunks, and compressed. Both are undone piece by piece.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// A body that unpacks to more than this is looked at for how much it grows, in bytes.
pub const FREE: u64 = 64 << 20;
/// And may then have at most so many times its packed size. What text is packed to seldom grows thirtyfold.
pub const RATIO: u64 = 200;

/// A line with the size of a chunk has at most so many bytes.
const SIZE_LINE: usize = 4 << 10;

/// Undoes the chunks of a body (RFC 9112, 7.1).
#[derive(Debug, Default)]
pub struct Chunks {
    state: ChunkState,
    line: Vec<u8>,
    chunks: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ChunkState {
    /// In the line that gives the size of the next chunk.
    #[default]
    Size,
    /// So many bytes of a chunk are still to come.
    Data(u64),
    /// At the line end behind a chunk.
    End,
    /// Behind the last chunk.
    Trailer,
    /// What came is no chunk.
    Broken,
    /// There are no chunks at all.
    Absent,
}

impl Chunks {
    /// Takes the next piece, and hands on what of it is content.
    pub fn take(&mut self, mut piece: &[u8], mut content: impl FnMut(&[u8])) {
        while !piece.is_empty() {
            let used = match self.state {
                ChunkState::Data(left) => {
                    let used = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
                    content(&piece[..used]);
                    let left = left - used as u64;
                    self.state = if left == 0 {
                        ChunkState::End
                    } else {
                        ChunkState::Data(left)
                    };
                    used
                }
                ChunkState::Absent => {
                    content(piece);
                    piece.len()
                }
                ChunkState::Trailer | ChunkState::Broken => return,
                ChunkState::Size | ChunkState::End => self.line(piece, &mut content),
            };
            piece = &piece[used..];
        }
    }

    /// The body is over: one that ended in its first line had no chunks.
    pub fn finish(&mut self, mut content: impl FnMut(&[u8])) {
        if self.chunks == 0 && self.state == ChunkState::Size && !self.line.is_empty() {
            content(&std::mem::take(&mut self.line));
            self.state = ChunkState::Absent;
        }
    }

    fn line(&mut self, piece: &[u8], content: &mut impl FnMut(&[u8])) -> usize {
        let end = memchr::memchr(b'\n', piece);
        let used = end.map_or(piece.len(), |at| at + 1);
        self.line.extend_from_slice(&piece[..used]);
        if end.is_some() || self.line.len() > SIZE_LINE {
            let line = std::mem::take(&mut self.line);
            self.state = self.after(String::from_utf8_lossy(&line).trim());
            if self.state == ChunkState::Absent {
                content(&line);
            }
        }
        used
    }

    fn after(&mut self, line: &str) -> ChunkState {
        if self.state == ChunkState::End {
            return if line.is_empty() {
                ChunkState::Size
            } else {
                ChunkState::Broken
            };
        }
        let digits = line.split(';').next().unwrap_or_default().trim();
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u64::from_str_radix(digits, 16) {
            Ok(0) if plain => ChunkState::Trailer,
            Ok(size) if plain => {
                self.chunks += 1;
                ChunkState::Data(size)
            }
            _ if self.chunks == 0 => ChunkState::Absent,
            _ => ChunkState::Broken,
        }
    }

    /// Whether all that came was chunks, and the last one among them.
    pub fn is_whole(&self) -> bool {
        self.state == ChunkState::Trailer
    }

    /// Whether it began with no chunk at all: a crawler that undoes the chunks may leave the field that tells of them.
    pub fn is_absent(&self) -> bool {
        self.state == ChunkState::Absent
    }
}

/// What hinders the codings of a body from being undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodingError {
    /// A coding that is not undone here.
    Unknown(String),
    /// What came is not of that coding, or was cut.
    Damaged(String),
    /// It grows out of all proportion.
    Bomb,
    /// It has more bytes than were wanted.
    TooLarge,
    /// Whoever takes it could not.
    Refused(String),
}

impl CodingError {
    /// What hinders, as the end of a sentence about the body.
    pub fn reason(&self) -> String {
        match self {
            Self::Unknown(name) => format!("is encoded as `{name}`, which is not decoded"),
            Self::Damaged(name) => format!("is not what its encoding `{name}` says, or was cut"),
            Self::Bomb => format!("unpacks to more than {RATIO} times its size"),
            Self::TooLarge => "is too large".to_owned(),
            Self::Refused(why) => format!("cannot be written: {why}"),
        }
    }
}

/// Where a content goes.
#[derive(Debug)]
pub enum To {
    /// Into memory.
    Memory(Vec<u8>),
    /// Into a file.
    File(std::fs::File),
}

impl To {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Memory(held) => held.write_all(bytes),
            Self::File(file) => file.write_all(bytes),
        }
    }
}

/// What became of a content.
#[derive(Debug)]
pub struct Taken {
    /// Where it went.
    pub to: To,
    /// How many bytes it has, or why it could not be had whole.
    pub size: Result<u64, CodingError>,
}

/// Undoes the codings of a content, and writes what comes of it.
pub struct Content {
    decoder: Decoder,
    coding: String,
    given: u64,
    error: Option<CodingError>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content")
            .field("coding", &self.coding)
            .finish_non_exhaustive()
    }
}

enum Decoder {
    None(Sink),
    Gzip(Box<MultiGzDecoder<Sink>>),
    Zlib(Box<ZlibDecoder<Sink>>),
    Deflate(Box<DeflateDecoder<Sink>>),
    /// `deflate` is said of two formats; the first byte tells which.
    Either(Option<Sink>),
}

/// Where content goes, and how much of it may.
struct Sink {
    to: To,
    written: u64,
    most: u64,
    given: u64,
    error: Option<CodingError>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let all = self.written + bytes.len() as u64;
        let refused = if all > self.most {
            Some(CodingError::TooLarge)
        } else if all > FREE && all / RATIO > self.given {
            Some(CodingError::Bomb)
        } else {
            self.to
                .take(bytes)
                .err()
                .map(|error| CodingError::Refused(crate::error::io_message(&error)))
        };
        if let Some(refused) = refused {
            self.error.get_or_insert(refused);
            return Err(io::Error::other("refused"));
        }
        self.written = all;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Content {
    /// Content of these codings, of which at most so many bytes are written. Several codings at once are not undone.
    pub fn new(codings: &[String], to: To, most: u64) -> Self {
        let sink = Sink {
            to,
            written: 0,
            most,
            given: 0,
            error: None,
        };
        let coding = codings.join(", ");
        let (decoder, error) = match coding.as_str() {
            "" => (Decoder::None(sink), None),
            "gzip" | "x-gzip" => (Decoder::Gzip(Box::new(MultiGzDecoder::new(sink))), None),
            "deflate" => (Decoder::Either(Some(sink)), None),
            _ => (Decoder::None(sink), Some(CodingError::Unknown(coding.clone()))),
        };
        Self {
            decoder,
            coding,
            given: 0,
            error,
        }
    }

    /// Takes the next piece.
    pub fn take(&mut self, piece: &[u8]) {
        if self.error.is_some() || piece.is_empty() {
            return;
        }
        self.given += piece.len() as u64;
        if let Decoder::Either(sink) = &mut self.decoder
            && let Some(sink) = sink.take()
        {
            // The first byte of zlib has 8 in its lower half (RFC 1950, 2.2), which no block of deflate that is of use begins with.
            self.decoder = match piece[0] & 15 {
                8 => Decoder::Zlib(Box::new(ZlibDecoder::new(sink))),
                _ => Decoder::Deflate(Box::new(DeflateDecoder::new(sink))),
            };
        }
        let given = self.given;
        if let Some(sink) = self.sink() {
            sink.given = given;
        }
        let wrote = match &mut self.decoder {
            Decoder::None(sink) => sink.write_all(piece),
            Decoder::Gzip(decoder) => decoder.write_all(piece),
            Decoder::Zlib(decoder) => decoder.write_all(piece),
            Decoder::Deflate(decoder) => decoder.write_all(piece),
            Decoder::Either(_) => Ok(()),
        };
        if wrote.is_err() {
            self.fail();
        }
    }

    fn sink(&mut self) -> Option<&mut Sink> {
        match &mut self.decoder {
            Decoder::None(sink) => Some(sink),
            Decoder::Gzip(decoder) => Some(decoder.get_mut()),
            Decoder::Zlib(decoder) => Some(decoder.get_mut()),
            Decoder::Deflate(decoder) => Some(decoder.get_mut()),
            Decoder::Either(sink) => sink.as_mut(),
        }
    }

    fn fail(&mut self) {
        let damaged = CodingError::Damaged(self.coding.clone());
        let own = self.sink().and_then(|sink| sink.error.take());
        self.error.get_or_insert(own.unwrap_or(damaged));
    }

    /// The content is over.
    pub fn finish(mut self) -> Taken {
        let ended = match &mut self.decoder {
            _ if self.error.is_some() || self.given == 0 => Ok(()),
            Decoder::Gzip(decoder) => decoder.try_finish(),
            Decoder::Zlib(decoder) => decoder.try_finish(),
            Decoder::Deflate(decoder) => decoder.try_finish(),
            Decoder::None(_) | Decoder::Either(_) => Ok(()),
        };
        if ended.is_err() {
            self.fail();
        }
        let nothing = || To::Memory(Vec::new());
        let (to, written) = match self.sink() {
            Some(sink) => (std::mem::replace(&mut sink.to, nothing()), sink.written),
            None => (nothing(), 0),
        };
        let size = self.error.take().map_or(Ok(written), Err);
        Taken { to, size }
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn unchunked(body: &[u8], width: usize) -> (Vec<u8>, bool, bool) {
        let (mut chunks, mut content) = (Chunks::default(), Vec::new());
        body.chunks(width)
            .for_each(|piece| chunks.take(piece, |part| content.extend_from_slice(part)));
        chunks.finish(|part| content.extend_from_slice(part));
        (content, chunks.is_whole(), chunks.is_absent())
    }

    #[test]
    fn chunks_are_undone_across_pieces() {
        let body = b"5;name=value\r\nhello\r\n1\r\n,\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n";
        for width in 1..=body.len() {
            assert_eq!(
                unchunked(body, width),
                (b"hello, world".to_vec(), true, false),
                "{width}"
            );
        }
        for plain in [
            "<html>\nno chunk\n</html>\n",
            "no line end",
            "",
            "ffffffffffffffffff\r\nx",
        ] {
            assert_eq!(
                unchunked(plain.as_bytes(), 4),
                (plain.into(), false, !plain.is_empty()),
                "{plain}"
            );
        }
        assert_eq!(unchunked(b"5\r\nhel", 2), (b"hel".to_vec(), false, false));
        assert_eq!(unchunked(b"5\r\nhelloX\r\n", 3), (b"hello".to_vec(), false, false));
    }

    fn decoded(codings: &[&str], bytes: &[u8], most: u64) -> Result<Vec<u8>, CodingError> {
        let codings: Vec<_> = codings.iter().map(|&coding| coding.to_owned()).collect();
        let mut content = Content::new(&codings, To::Memory(Vec::new()), most);
        bytes.chunks(7).for_each(|piece| content.take(piece));
        let taken = content.finish();
        match (taken.size, taken.to) {
            (Ok(_), To::Memory(held)) => Ok(held),
            (Err(error), _) => Err(error),
            (Ok(_), To::File(_)) => unreachable!("it went into memory"),
        }
    }

    fn packed<W: Write>(mut encoder: W, finish: impl FnOnce(W) -> io::Result<Vec<u8>>, text: &[u8]) -> Vec<u8> {
        encoder.write_all(text).expect("packed");
        finish(encoder).expect("packed")
    }

    #[test]
    fn codings_are_undone() {
        let text = b"the mill by the river stood still".repeat(30);
        let gzip = packed(
            GzEncoder::new(Vec::new(), Compression::default()),
            GzEncoder::finish,
            &text,
        );
        let zlib = packed(
            ZlibEncoder::new(Vec::new(), Compression::default()),
            ZlibEncoder::finish,
            &text,
        );
        let raw = packed(
            DeflateEncoder::new(Vec::new(), Compression::default()),
            DeflateEncoder::finish,
            &text,
        );
        for (coding, bytes) in [("gzip", &gzip), ("deflate", &zlib), ("deflate", &raw)] {
            assert_eq!(decoded(&[coding], bytes, 1 << 20).as_deref(), Ok(&*text), "{coding}");
            let cut = &bytes[..bytes.len() - 5];
            assert_eq!(
                decoded(&[coding], cut, 1 << 20),
                Err(CodingError::Damaged(coding.to_owned()))
            );
        }
        assert_eq!(decoded(&[], &text, 1 << 20).as_deref(), Ok(&*text));
        assert_eq!(decoded(&["gzip"], &gzip, 10), Err(CodingError::TooLarge));
        assert_eq!(
            decoded(&["br"], &text, 1 << 20),
            Err(CodingError::Unknown("br".to_owned()))
        );
        assert_eq!(
            decoded(&["gzip"], &text, 1 << 20),
            Err(CodingError::Damaged("gzip".to_owned()))
        );
        assert_eq!(decoded(&["gzip"], b"", 1 << 20).as_deref(), Ok(&b""[..]));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![0; usize::try_from(FREE).expect("small") + (1 << 20)];
        let bomb = packed(
            GzEncoder::new(Vec::new(), Compression::best()),
            GzEncoder::finish,
            &zeros,
        );
        let mut content = Content::new(&["gzip".to_owned()], To::Memory(Vec::new()), u64::MAX);
        content.take(&bomb);
        assert_eq!(content.finish().size, Err(CodingError::Bomb));
    }
}
