//! The certified bytes of each text with the present ones.

use rayon::prelude::*;

use super::{Pair, Versions, present, refused};
use crate::copies::Copies;
use crate::corpus::{BUFFER, Corpus, Library, Order, Refusal};
use crate::digest::{Algorithm, Digest};
use crate::error::{Error, Result};
use crate::manifest::Entry;
use crate::stop::Stop;

/// Hands over each of these entries whose text has not its digest of record, in their order; gives how many have it.
///
/// # Errors
/// [`Error::Interrupted`](crate::error::Error::Interrupted), what `take` gives, and where a place that was asked for a copy does not answer.
pub fn certified(
    corpus: &Corpus,
    entries: &[usize],
    stop: Stop<'_>,
    take: &mut dyn FnMut(&Pair<'_>) -> Result<()>,
) -> Result<usize> {
    let library = corpus.library();
    let entry = |index: &usize| &corpus.manifest.entries[*index];
    let states: Vec<State> = entries
        .par_iter()
        .map(|index| state(&library, entry(index), stop))
        .collect();
    stop.heed()?;
    let copies = Copies::of(&corpus.root);
    let mut equal = 0;
    for (index, state) in entries.iter().zip(states) {
        stop.heed()?;
        let entry = entry(index);
        let Some(versions) = versions(state, entry, &library, &copies)? else {
            equal += 1;
            continue;
        };
        take(&Pair {
            path: entry.name(),
            from: None,
            versions,
            corpus,
            entry: Some(entry),
        })?;
    }
    Ok(equal)
}

/// How a text stands to its record.
enum State {
    Equal,
    Differs(Digest),
    Refused(Refusal),
    /// There is no digest on record.
    Unrecorded,
}

fn state(library: &Library, entry: &Entry, stop: Stop<'_>) -> State {
    let (Some(path), Some(digest)) = (&entry.path, entry.digest()) else {
        return State::Unrecorded;
    };
    let order = Order {
        algorithms: &[Algorithm::Sha256],
        keep: 0,
    };
    let read = library.read(path.value.as_str(), order, &mut vec![0; BUFFER], |piece| {
        stop.heed_piece(piece)
    });
    match read {
        Err(refusal) => State::Refused(refusal),
        Ok(reading) if reading.digests.contains(&digest) => State::Equal,
        Ok(_) => State::Differs(digest),
    }
}

fn versions(state: State, entry: &Entry, library: &Library, copies: &Copies) -> Result<Option<Versions>> {
    Ok(Some(match state {
        State::Equal => return Ok(None),
        State::Unrecorded => Versions::Unknown {
            why: "no usable path and SHA-256 are on record for it".to_owned(),
            help: "run `vidimus check`, and mend its entry".to_owned(),
        },
        State::Refused(Refusal::Missing) => missing(entry, copies)?,
        State::Refused(refusal) => refused(&refusal),
        State::Differs(digest) => match copies.certified(entry.name(), &digest) {
            Err(Error::Refused(why)) => Versions::Unknown {
                why,
                help: RESTORE.to_owned(),
            },
            Err(error) => return Err(error),
            Ok(None) => without_copy(),
            Ok(Some((old, origin))) => match present(library, entry.name()) {
                Ok(new) => Versions::Both {
                    old,
                    new,
                    origin: origin.name(),
                },
                Err(refusal) => refused(&refusal),
            },
        },
    }))
}

fn missing(entry: &Entry, copies: &Copies) -> Result<Versions> {
    let found = entry.digest().map(|digest| copies.certified(entry.name(), &digest));
    let copy = match found.transpose() {
        Err(Error::Refused(_)) => None, // A damaged copy is none.
        found => found?.flatten(),
    };
    let help = match &copy {
        Some((_, origin)) => format!("the certified bytes are at hand ({origin}); restore it from there"),
        None => "restore it from a backup, or take it off the manifest with `vidimus remove`".to_owned(),
    };
    Ok(Versions::Removed {
        old: copy.map(|(bytes, _)| bytes),
        help: Some(help),
    })
}

fn without_copy() -> Versions {
    Versions::Unknown {
        why: "it differs from its record, and no copy of the certified bytes is at hand".to_owned(),
        help: RESTORE.to_owned(),
    }
}

/// What to do where nobody has the certified bytes.
const RESTORE: &str =
    "restore the text from a backup, or see what `vidimus check` says of it and `vidimus accept` the change";
