//! The key that signs. It is never printed, and no message quotes it.

use jiff::Timestamp;
use minisign::SecretKey as Bare;

use super::comment::{REMARK, plain, write};
use super::{KeyNumber, PUBLIC_LENGTH, PublicKey, SECRET_LENGTH, Signature, Unreadable, encoded};
use crate::manifest::Manifest;

/// The comment that nobody need trust.
const UNTRUSTED: &str = "signature by vidimus of a manifest";

/// A secret key as it is kept, mostly locked with a password.
pub struct Chest {
    text: String,
    bytes: Vec<u8>,
    locked: bool,
}

/// Why a key does not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// The password does not open it.
    #[error("cannot be opened with this password")]
    Password,
    /// What it signs does not verify with its own public half.
    #[error("is damaged: what it signs cannot be verified; restore it from a copy")]
    Damaged,
    /// The remark is longer than a signature should carry.
    #[error("cannot sign a comment of more than {REMARK} bytes; shorten it")]
    Remark,
}

impl Chest {
    /// Reads the file that minisign writes.
    ///
    /// # Errors
    /// Where it is no secret key.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let (line, bytes) = encoded(text).ok_or(Unreadable::NoSecretKey)?;
        match bytes.len() {
            SECRET_LENGTH if bytes.starts_with(b"Ed") => {}
            PUBLIC_LENGTH => return Err(Unreadable::Public),
            _ => return Err(Unreadable::NoSecretKey),
        }
        let key = Bare::from_bytes(&bytes).map_err(|_| Unreadable::NoSecretKey)?;
        Ok(Self {
            text: format!("untrusted comment: \n{line}\n"),
            locked: key.is_encrypted(),
            bytes,
        })
    }

    /// Whether a password is needed.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// Opens it; the password of one that is not locked is not looked at. A locked one takes seconds and up to 1 GiB, on
    /// purpose: so does every guess.
    ///
    /// # Errors
    /// Where the password is wrong.
    pub fn open(self, password: &str) -> Result<SecretKey, Unsound> {
        // minisign keeps no checksum in a key without a password, so that the other way to read one refuses it.
        let key = match self.locked {
            false => Bare::from_bytes(&self.bytes).map_err(|_| Unsound::Damaged)?,
            true => {
                let chest = minisign::SecretKeyBox::from(self.text);
                chest
                    .into_secret_key(Some(password.to_owned()))
                    .map_err(|_| Unsound::Password)?
            }
        };
        let public = minisign::PublicKey::from_secret_key(&key).map_err(|_| Unsound::Damaged)?;
        let encoded = public.to_base64();
        let public = PublicKey::parse(&encoded).map_err(|_| Unsound::Damaged)?;
        Ok(SecretKey { key, public, encoded })
    }
}

/// A secret key that is open.
pub struct SecretKey {
    key: Bare,
    public: PublicKey,
    encoded: String,
}

impl SecretKey {
    /// Its number.
    pub fn number(&self) -> KeyNumber {
        self.public.number
    }

    /// Its public half, in one line that `--key` takes.
    pub fn public(&self) -> &str {
        &self.encoded
    }

    /// Signs the bytes that a manifest was read from, and gives the four lines of the signature.
    ///
    /// # Errors
    /// Where the key is damaged, or the remark too long.
    pub fn sign(&self, manifest: &Manifest, at: Timestamp, remark: Option<&str>) -> Result<String, Unsound> {
        if remark.is_some_and(|remark| plain(remark, true).len() > REMARK) {
            return Err(Unsound::Remark);
        }
        let bytes = manifest.files.first().map_or(&[][..], |file| file.bytes());
        let comment = write(manifest, at, remark);
        let signed = minisign::sign(None, &self.key, bytes, Some(&comment), Some(UNTRUSTED));
        let text = signed.map_err(|_| Unsound::Damaged)?.into_string();
        let sound = Signature::parse(&text).is_ok_and(|signature| signature.is_of(bytes, &self.public));
        sound.then_some(text).ok_or(Unsound::Damaged)
    }
}
