//! Digests as web archives write them: the name of the function, a colon, and the value in base32, base16 or base64. Which of the
//! three is told by its length alone.

use crate::digest::{Algorithm, Digest};
use crate::manifest::{decode_base64, is_made_up, placeholder};

/// Why a label is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelError {
    /// It names no function.
    NoAlgorithm,
    /// It names a function that is not known.
    UnknownAlgorithm(String),
    /// It stands in for a digest that somebody was to fill in; says how.
    Placeholder(&'static str),
    /// It is a digest, but of the length of these functions.
    Mislabelled(Algorithm, Vec<Algorithm>),
    /// It is no digest in any way of writing.
    Malformed(Algorithm),
}

impl LabelError {
    /// What is wrong, as the end of a sentence about the label.
    pub fn reason(&self) -> String {
        match self {
            Self::NoAlgorithm => "names no algorithm: it is written `sha1:…`".to_owned(),
            Self::UnknownAlgorithm(name) => format!("is of `{name}`, which is no algorithm that can be verified"),
            Self::Placeholder(why) => format!("is no digest: it {why}"),
            Self::Mislabelled(said, of) => {
                let of: Vec<_> = of.iter().map(|one| one.title()).collect();
                format!("is called {}, and has the length of {}", said.title(), of.join(" or "))
            }
            Self::Malformed(said) => {
                format!("is no {} in base32, base16 or base64", said.title())
            }
        }
    }
}

/// Reads a label.
///
/// # Errors
/// Why it is none.
pub fn parse(label: &str) -> Result<Digest, LabelError> {
    if let Some(why) = placeholder(label) {
        return Err(LabelError::Placeholder(why));
    }
    let (name, value) = label.split_once(':').ok_or(LabelError::NoAlgorithm)?;
    let algorithm =
        Algorithm::from_name(name.trim()).ok_or_else(|| LabelError::UnknownAlgorithm(name.trim().to_owned()))?;
    value_of(algorithm, value.trim())
}

/// Reads the value of a label whose function is known, as an index of captures gives it.
///
/// # Errors
/// Why it is none.
pub fn value_of(algorithm: Algorithm, value: &str) -> Result<Digest, LabelError> {
    if let Some(why) = placeholder(value) {
        return Err(LabelError::Placeholder(why));
    }
    match decode(algorithm, value) {
        Some(digest) if is_made_up(digest.as_bytes()) => Err(LabelError::Placeholder(
            "repeats or counts through one character, a placeholder",
        )),
        Some(digest) => Ok(digest),
        None => Err(mislabelled(algorithm, value)),
    }
}

fn mislabelled(said: Algorithm, value: &str) -> LabelError {
    let fits = |one: &Algorithm| decode(*one, value).is_some();
    let of: Vec<_> = Algorithm::ALL.into_iter().filter(fits).collect();
    if of.is_empty() {
        LabelError::Malformed(said)
    } else {
        LabelError::Mislabelled(said, of)
    }
}

fn decode(algorithm: Algorithm, value: &str) -> Option<Digest> {
    let base32 = || Digest::from_bytes(algorithm, &decode_base32(value)?);
    let base64 = || Digest::from_bytes(algorithm, &decode_base64(value)?);
    Digest::from_hex(algorithm, value).or_else(base32).or_else(base64)
}

/// The bytes of base32 text (RFC 4648, 6), padded or not, in either case.
fn decode_base32(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim_end_matches('=').as_bytes();
    let mut bytes = Vec::with_capacity(plain.len() * 5 / 8);
    let (mut held, mut bits) = (0u32, 0);
    for byte in plain {
        let value = match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        held = (held << 5 | u32::from(value)) & 0xFFFF;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xFF).ok()?);
        }
    }
    // What is left over is less than a character, and nothing.
    (bits < 5 && held & ((1 << bits) - 1) == 0).then_some(bytes)
}

/// A digest in base32, as most web archives write it.
pub fn base32(digest: &Digest) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for group in digest.as_bytes().chunks(5) {
        let mut five = [0u8; 8];
        five[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(five);
        for letter in 0..(group.len() * 8).div_ceil(5) {
            let at = usize::try_from(bits >> (35 - letter * 5) & 31).unwrap_or(0);
            text.push(char::from(LETTERS[at]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_writing_is_read() {
        let digest = Algorithm::Sha1.digest(b"");
        for value in [
            "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
            "3i42h3s6nnfq2msvx7xzkyayscx5qbyj",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        ] {
            assert_eq!(parse(&format!("sha1:{value}")), Ok(digest), "{value}");
            assert_eq!(parse(&format!("SHA-1: {value}")), Ok(digest), "{value}");
        }
        for algorithm in Algorithm::ALL {
            let digest = algorithm.digest(b"abc");
            let value = base32(&digest);
            assert_eq!(value_of(algorithm, &value), Ok(digest), "{algorithm}");
            assert_eq!(value_of(algorithm, &format!("{value}===")), Ok(digest), "{algorithm}");
        }
    }

    #[test]
    fn what_is_no_digest_is_named() {
        let said = |label: &str| parse(label).expect_err(label).reason();
        assert_eq!(
            said("3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"),
            "names no algorithm: it is written `sha1:…`"
        );
        assert_eq!(
            said("crc:12345678"),
            "is of `crc`, which is no algorithm that can be verified"
        );
        assert_eq!(
            said("sha1:900150983cd24fb0d6963f7d28e17f72"),
            "is called SHA-1, and has the length of MD5"
        );
        assert_eq!(
            said("sha256:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"),
            "is called SHA-256, and has the length of SHA-1"
        );
        assert_eq!(said("sha1:nonsense"), "is no SHA-1 in base32, base16 or base64");
        assert_eq!(said("sha1:TODO"), "is no digest: it is a placeholder");
        assert_eq!(said("sha1:"), "is no digest: it is empty");
        assert_eq!(
            said(&format!("sha1:{}", "A".repeat(32))),
            "is no digest: it repeats one character, a placeholder"
        );
        assert_eq!(said("-"), "names no algorithm: it is written `sha1:…`");
    }
}
