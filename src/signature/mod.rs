//! Signatures of a manifest, and digests that pin it: a manifest vouches for its texts, and this tells who vouches for it.
//!
//! The form is that of [minisign](https://jedisct1.github.io/minisign/), so that its program verifies what is signed here,
//! and what it signs is verified here. Only exact bytes are signed. A manifest names its shards by their digests, so its
//! signature covers them too.

mod comment;
mod key;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use comment::Statement;
pub use key::{Chest, SecretKey, Unsound};

use crate::digest::Digest;
use crate::manifest::Manifest;

/// What a signature adds to the name of what it signs.
pub const EXTENSION: &str = "minisig";

/// Why something is not what it was taken for, as the end of a sentence that begins with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A secret key where a public one was wanted.
    #[error("is a secret key; give the public one, which may be shown")]
    Secret,
    /// A public key where the secret one was wanted.
    #[error("is a public key; give the secret one, which can sign")]
    Public,
    /// Something else than a public key.
    #[error("is no public key of minisign; `minisign -G` makes one, and its secret key")]
    NoPublicKey,
    /// Something else than a secret key.
    #[error("is no secret key of minisign; `minisign -G` makes one, and its public key")]
    NoSecretKey,
    /// Something else than a signature.
    #[error("is no signature of minisign; fetch it again, or sign with `vidimus sign`")]
    NoSignature,
}

/// Bytes of a public key: algorithm, number, key.
const PUBLIC_LENGTH: usize = 2 + 8 + 32;
/// Bytes of a secret key: three algorithms, salt, two limits, number, key, checksum.
const SECRET_LENGTH: usize = 3 * 2 + 32 + 2 * 8 + 8 + 64 + 32;

/// The number by which minisign names a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyNumber(u64);

impl KeyNumber {
    /// From the algorithm and the number at the front of a key or a signature.
    fn of(bytes: &[u8]) -> Option<Self> {
        let number = bytes.get(2..10)?.try_into().ok()?;
        Some(Self(u64::from_le_bytes(number)))
    }
}

impl fmt::Display for KeyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", self.0)
    }
}

/// A key that verifies.
#[derive(Clone, Debug)]
pub struct PublicKey {
    key: minisign_verify::PublicKey,
    number: KeyNumber,
}

impl PublicKey {
    /// Reads a public key: the file that minisign writes, or its second line alone.
    ///
    /// # Errors
    /// Where it is none.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let (line, bytes) = encoded(text).ok_or(Unreadable::NoPublicKey)?;
        if bytes.len() == SECRET_LENGTH {
            return Err(Unreadable::Secret);
        }
        let number = KeyNumber::of(&bytes).filter(|_| bytes.len() == PUBLIC_LENGTH);
        let key = minisign_verify::PublicKey::from_base64(line).ok();
        key.zip(number)
            .map(|(key, number)| Self { key, number })
            .ok_or(Unreadable::NoPublicKey)
    }

    /// The number that minisign gives it.
    pub fn number(&self) -> KeyNumber {
        self.number
    }
}

/// The line of a key that is encoded, and what it means: the one behind the comment, or the only one.
fn encoded(text: &str) -> Option<(&str, Vec<u8>)> {
    let mut lines = text.lines().map(str::trim);
    let first = lines.next()?;
    let line = match first.starts_with("untrusted comment:") {
        true => lines.next()?,
        false => first,
    };
    Some((line, STANDARD.decode(line).ok()?))
}

/// A signature, of whatever bytes.
#[derive(Clone)]
pub struct Signature {
    signature: minisign_verify::Signature,
    number: KeyNumber,
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("number", &self.number)
            .field("comment", &self.signature.trusted_comment())
            .finish_non_exhaustive()
    }
}

impl Signature {
    /// Reads the four lines of a signature.
    ///
    /// # Errors
    /// Where they are none.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let (_, bytes) = encoded(text).ok_or(Unreadable::NoSignature)?;
        let number = KeyNumber::of(&bytes);
        let signature = minisign_verify::Signature::decode(text).ok();
        signature
            .zip(number)
            .map(|(signature, number)| Self { signature, number })
            .ok_or(Unreadable::NoSignature)
    }

    /// Whether a key has signed these bytes and the trusted comment. A signature over the bytes and not over their hash, as
    /// older versions of minisign made them, is as good: the bytes are at hand.
    fn is_of(&self, bytes: &[u8], key: &PublicKey) -> bool {
        const LEGACY: bool = true;
        key.key.verify(bytes, &self.signature, LEGACY).is_ok()
    }
}

/// What a manifest must be before anything that it says is believed.
#[derive(Clone, Debug, Default)]
pub struct Seal {
    /// The SHA-256 that it must have.
    pub pinned: Option<Digest>,
    /// The key that must have signed it, and the signature.
    pub signature: Option<(PublicKey, Signature)>,
}

/// What became of that; nothing where nothing was demanded.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The SHA-256 that it must have and has not.
    pub unpinned: Option<Digest>,
    /// What the signature is.
    pub signed: Option<Signed>,
}

/// What a signature is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// One of this manifest by that key, and its trusted comment names the manifest.
    Right {
        /// The key.
        key: KeyNumber,
        /// The trusted comment.
        comment: String,
    },
    /// One of this manifest by that key; its trusted comment says nothing of a manifest.
    Bare {
        /// The key.
        key: KeyNumber,
        /// The trusted comment.
        comment: String,
    },
    /// One of this manifest by that key; its trusted comment names another one.
    Misnamed {
        /// The trusted comment.
        comment: String,
        /// What it says, and what it would say of this manifest.
        said: String,
    },
    /// One by another key.
    OtherKey {
        /// The key that must have signed.
        wanted: KeyNumber,
        /// The key that the signature names.
        named: KeyNumber,
    },
    /// None of these bytes with that trusted comment.
    Wrong {
        /// The key that must have signed.
        wanted: KeyNumber,
    },
}

impl Seal {
    /// Whether anything is demanded.
    pub fn is_demanded(&self) -> bool {
        self.pinned.is_some() || self.signature.is_some()
    }

    /// Judges a manifest by the bytes that it was read from.
    pub fn judge(&self, manifest: &Manifest) -> Verdict {
        let present = manifest.digests.first();
        Verdict {
            unpinned: self.pinned.filter(|pinned| present != Some(pinned)),
            signed: self
                .signature
                .as_ref()
                .map(|(key, signature)| judge(key, signature, manifest)),
        }
    }
}

fn judge(key: &PublicKey, signature: &Signature, manifest: &Manifest) -> Signed {
    let wanted = key.number;
    if signature.number != wanted {
        let named = signature.number;
        return Signed::OtherKey { wanted, named };
    }
    let bytes = manifest.files.first().map_or(&[][..], |file| file.bytes());
    if !signature.is_of(bytes, key) {
        return Signed::Wrong { wanted };
    }
    let comment = signature.signature.trusted_comment().to_owned();
    let statement = Statement::parse(&comment);
    match statement.contradiction(manifest) {
        Some(said) => Signed::Misnamed { comment, said },
        None if statement.names_digest() => Signed::Right { key: wanted, comment },
        None => Signed::Bare { key: wanted, comment },
    }
}

impl Verdict {
    /// Whether the manifest is not the one that was demanded, so that nothing that it says may be believed.
    pub fn refuses(&self) -> bool {
        let signed = self.signed.as_ref();
        let wrong = signed.is_some_and(|signed| !matches!(signed, Signed::Right { .. } | Signed::Bare { .. }));
        wrong || self.unpinned.is_some()
    }
}

#[cfg(test)]
mod tests;
