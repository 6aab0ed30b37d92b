//! Cases in which the text is right and the record is wrong, or speaks of another text.

use super::trial::Trial;
use super::{Class, Diagnosis};
use crate::digest::{Algorithm, Digest, Hasher};

const RECORD_AGAIN: &str = "look at the text, then record its digest with `vidimus accept`";

/// The digest of no bytes at all: the file was empty, or not there, when it was recorded.
pub(super) fn recorded_empty(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let empty = trial.algorithm().digest(b"");
    trial.is_recorded(&empty).then(|| {
        let message = "the digest on record is that of an empty file, so it was taken before the text was written";
        Diagnosis::proven(Class::Record, "recorded-empty", message, RECORD_AGAIN)
    })
}

/// A digest of the present bytes under the name of another algorithm; only SHA-256 and BLAKE3 have the same length.
pub(super) fn other_algorithm(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let recorded = trial.case().recorded;
    let same = |algorithm: &Algorithm| {
        let digest = Digest::from_bytes(*algorithm, recorded.as_bytes());
        *algorithm != recorded.algorithm() && digest.is_some_and(|digest| digest == algorithm.digest(trial.bytes()))
    };
    let other = Algorithm::ALL.into_iter().find(same)?;
    let (right, wrong) = (other.title(), recorded.algorithm().title());
    let message = format!("the digest on record is their {right} and not their {wrong}");
    let help = format!("record it as `{other}`, or record the {wrong} with `vidimus accept`");
    let diagnosis = Diagnosis::proven(Class::Record, "other-algorithm", message, &help);
    Some(diagnosis.evidence("algorithm", other.name()))
}

/// The id that Git gives to a file: the digest of a header and the bytes (gitformat-loose, "Header").
pub(super) fn git_blob(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let id = blob_id(trial.algorithm(), trial.bytes());
    trial.is_recorded(&id).then(|| {
        let message = "the digest on record is their Git blob id, which covers a header besides the bytes";
        let help = "take the digest of the file, not its id in Git; `vidimus accept` records it";
        Diagnosis::proven(Class::Record, "git-blob", message, help)
    })
}

/// The Git blob id of these bytes in a repository of this algorithm.
pub(super) fn blob_id(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(format!("blob {}\0", bytes.len()).as_bytes());
    hasher.update(bytes);
    hasher.finish()
}

/// The bytes of another entry. An empty file is no other text: it is cut.
pub(super) fn misfiled(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let bytes = Some(trial.bytes()).filter(|bytes| !bytes.is_empty())?;
    let name = [trial.algorithm(), Algorithm::Sha256]
        .iter()
        .find_map(|algorithm| (trial.case().holder)(&algorithm.digest(bytes)))?;
    let message = format!("they are the bytes of {name}, so one text stands in the place of another");
    let help = "put the right text back; if the entry was meant to change, look at both before `vidimus accept`";
    Some(Diagnosis::proven(Class::Misfiled, "misfiled", message, help).evidence("entry", name))
}
