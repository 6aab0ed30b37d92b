//! Digests: how they are written, and several of them from one read of a file.

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use sha2::Digest as _;

/// A hash function that a manifest may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// MD5 (RFC 1321): read for old records; it proves nothing against intent.
    Md5,
    /// SHA-1 (FIPS 180-4): read for old records and web archives.
    Sha1,
    /// SHA-224 (FIPS 180-4).
    Sha224,
    /// SHA-256 (FIPS 180-4), the digest of record.
    Sha256,
    /// SHA-384 (FIPS 180-4).
    Sha384,
    /// SHA-512 (FIPS 180-4).
    Sha512,
    /// BLAKE3 with 32 bytes of output.
    Blake3,
}

impl Algorithm {
    /// All of them, weakest first.
    pub const ALL: [Self; 7] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Blake3,
    ];

    /// The name in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Blake3 => "blake3",
        }
    }

    /// The name in prose.
    pub fn title(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Blake3 => "BLAKE3",
        }
    }

    /// The length of a digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 | Self::Blake3 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The algorithm of that name, as manifests and checksum lists write it: any case, with or without `-` or `_`.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(|c| !matches!(c, '-' | '_'))
            .flat_map(char::to_lowercase)
            .collect();
        Self::ALL.into_iter().find(|a| a.name() == plain)
    }

    /// The algorithms whose digests have this many hexadecimal digits.
    pub fn with_hex_length(digits: usize) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |a| a.length() * 2 == digits)
    }

    /// The digest of these bytes.
    pub fn digest(self, bytes: &[u8]) -> Digest {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A digest: its algorithm and its bytes. Prints as lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    bytes: [u8; 64],
}

impl Digest {
    /// A digest of these bytes, or `None` where the length is not the algorithm's.
    pub fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        if bytes.len() != algorithm.length() {
            return None;
        }
        let mut held = [0; 64];
        held[..bytes.len()].copy_from_slice(bytes);
        Some(Self { algorithm, bytes: held })
    }

    /// Reads hexadecimal digits of either case.
    pub fn from_hex(algorithm: Algorithm, hex: &str) -> Option<Self> {
        let digits = hex.as_bytes();
        if digits.len() != algorithm.length() * 2 {
            return None;
        }
        let mut bytes = [0; 64];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_value(pair[0])? << 4 | hex_value(pair[1])?;
        }
        Some(Self { algorithm, bytes })
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bytes, as many as the algorithm gives.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.algorithm.length()]
    }

    /// The first eight hexadecimal digits, to name it in prose.
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{self}", self.algorithm)
    }
}

impl FromStr for Digest {
    type Err = ();

    /// Reads `sha256:9f86…`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, hex) = text.split_once(':').ok_or(())?;
        let algorithm = Algorithm::from_name(name).ok_or(())?;
        Self::from_hex(algorithm, hex).ok_or(())
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// A running digest.
#[derive(Clone, Debug)]
pub struct Hasher(State);

#[derive(Clone, Debug)]
enum State {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
    Blake3(Box<blake3::Hasher>),
}

impl Hasher {
    /// Starts a digest.
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Md5 => State::Md5(md5::Md5::new()),
            Algorithm::Sha1 => State::Sha1(sha1::Sha1::new()),
            Algorithm::Sha224 => State::Sha224(sha2::Sha224::new()),
            Algorithm::Sha256 => State::Sha256(sha2::Sha256::new()),
            Algorithm::Sha384 => State::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => State::Sha512(sha2::Sha512::new()),
            Algorithm::Blake3 => State::Blake3(Box::default()),
        })
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha224(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::Sha384(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
            State::Blake3(state) => {
                state.update(bytes);
            }
        }
    }

    /// The digest of all that was taken.
    pub fn finish(self) -> Digest {
        fn hold(algorithm: Algorithm, bytes: &[u8]) -> Digest {
            let mut held = [0; 64];
            held[..bytes.len()].copy_from_slice(bytes);
            Digest { algorithm, bytes: held }
        }
        match self.0 {
            State::Md5(state) => hold(Algorithm::Md5, &state.finalize()),
            State::Sha1(state) => hold(Algorithm::Sha1, &state.finalize()),
            State::Sha224(state) => hold(Algorithm::Sha224, &state.finalize()),
            State::Sha256(state) => hold(Algorithm::Sha256, &state.finalize()),
            State::Sha384(state) => hold(Algorithm::Sha384, &state.finalize()),
            State::Sha512(state) => hold(Algorithm::Sha512, &state.finalize()),
            State::Blake3(state) => hold(Algorithm::Blake3, state.finalize().as_bytes()),
        }
    }
}

/// Reads to the end and gives the digests asked for, in their order, with the number of bytes read.
///
/// `buffer` bounds the memory. `watch` sees every piece that was read and may stop the read with an error. The read ends
/// early after `expected` bytes, so that a file whose size is known takes no further call to find its end.
///
/// # Errors
/// What the reader or `watch` gives.
pub fn digest_reader(
    reader: &mut impl Read,
    algorithms: &[Algorithm],
    expected: Option<u64>,
    buffer: &mut [u8],
    mut watch: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<(Vec<Digest>, u64)> {
    let mut hashers: Vec<Hasher> = algorithms.iter().map(|&a| Hasher::new(a)).collect();
    let mut total = 0;
    while expected != Some(total) || total == 0 {
        let read = match reader.read(buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let piece = &buffer[..read];
        watch(piece)?;
        hashers.iter_mut().for_each(|hasher| hasher.update(piece));
        total += read as u64;
    }
    Ok((hashers.into_iter().map(Hasher::finish).collect(), total))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digests of "abc", from the publications that define the functions.
    const ABC: [(Algorithm, &str); 7] = [
        (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
        (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            Algorithm::Sha224,
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        ),
        (
            Algorithm::Sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            Algorithm::Sha384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            Algorithm::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (
            Algorithm::Blake3,
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        ),
    ];

    #[test]
    fn published_vectors() {
        for (algorithm, hex) in ABC {
            assert_eq!(algorithm.digest(b"abc").to_string(), hex);
            assert_eq!(
                Digest::from_hex(algorithm, &hex.to_uppercase()),
                Some(algorithm.digest(b"abc"))
            );
        }
    }

    #[test]
    fn several_digests_in_one_read() {
        let algorithms = [Algorithm::Sha256, Algorithm::Md5];
        let mut seen = 0;
        let count = |piece: &[u8]| {
            seen += piece.len();
            Ok(())
        };
        let (digests, total) = digest_reader(&mut &b"abc"[..], &algorithms, None, &mut [0; 2], count).expect("reads");
        assert_eq!((total, seen), (3, 3));
        assert_eq!(digests, algorithms.map(|a| a.digest(b"abc")));
    }

    #[test]
    fn refuses_what_is_no_digest() {
        for text in ["", "abc", "zz", &"g".repeat(64), "é"] {
            assert_eq!(Digest::from_hex(Algorithm::Sha256, text), None, "{text}");
        }
    }
}
