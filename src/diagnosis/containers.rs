//! Files that stand for the recorded text without being it: a Git LFS pointer, a compressed copy.

use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::trial::Trial;
use super::{Class, Diagnosis, EXPANDED};
use crate::digest::{Algorithm, Digest, digest_reader};

pub(super) const FETCH: &str = "fetch the text with `git lfs pull`; do not accept the pointer";

/// What a Git LFS pointer says of the text that it stands for.
pub(super) struct Pointer {
    pub(super) oid: Digest,
    pub(super) size: Option<u64>,
}

impl Pointer {
    /// Reads a pointer (Git LFS specification, "The Pointer"): under 1024 bytes, and its version comes first.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let text = Some(bytes)
            .filter(|bytes| bytes.len() < 1024)
            .and_then(|bytes| str::from_utf8(bytes).ok())?;
        let known = [
            "version https://git-lfs.github.com/spec/",
            "version https://hawser.github.com/spec/",
        ];
        if !known.iter().any(|version| text.starts_with(version)) {
            return None;
        }
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
        let oid = Digest::from_hex(Algorithm::Sha256, value("oid sha256:")?.trim())?;
        let size = value("size ").and_then(|size| size.trim().parse().ok());
        Some(Self { oid, size })
    }
}

/// A pointer to the recorded text, as a checkout without Git LFS leaves it.
pub(super) fn lfs_pointer(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let pointer = Pointer::read(trial.bytes()).filter(|pointer| trial.is_recorded(&pointer.oid))?;
    let message = "they are a Git LFS pointer to the text with the recorded digest, so the text itself was not fetched";
    let diagnosis = Diagnosis::proven(Class::Transport, "lfs-pointer", message, FETCH);
    Some(
        diagnosis
            .evidence("oid", pointer.oid.to_string())
            .evidence("size", pointer.size),
    )
}

/// The recorded text, compressed with gzip or zlib.
pub(super) fn compressed(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let bytes = trial.bytes();
    let (cause, title) = match bytes {
        [0x1F, 0x8B, 8, ..] => ("gzip", "gzip"),
        // RFC 1950, 2.2: deflate in the low bits, and both bytes together a multiple of 31.
        &[cmf, flg, ..] if cmf & 15 == 8 && u16::from_be_bytes([cmf, flg]).is_multiple_of(31) => ("zlib", "zlib"),
        _ => return None,
    };
    let fits = match cause {
        "gzip" => expands_to_recorded(trial, MultiGzDecoder::new(bytes)),
        _ => expands_to_recorded(trial, ZlibDecoder::new(bytes)),
    };
    fits.then(|| {
        let message =
            format!("decompressed with {title} they have the recorded digest, so only a compressed copy is here");
        let help = "decompress the file, or list it as what it is";
        Diagnosis::proven(Class::Transport, cause, message, help)
    })
}

/// Whether a stream has the recorded digest. It is read in pieces and no further than the recorded text could reach.
fn expands_to_recorded(trial: &Trial<'_>, stream: impl Read) -> bool {
    let limit = trial.case().recorded_bytes.unwrap_or(EXPANDED).min(EXPANDED);
    let mut bounded = stream.take(limit + 1);
    let read = digest_reader(&mut bounded, &[trial.algorithm()], None, &mut [0; 1 << 15], |_| Ok(()));
    read.is_ok_and(|(digests, _)| digests.iter().any(|digest| trial.is_recorded(digest)))
}
