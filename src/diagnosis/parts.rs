//! The recorded text whole, with something beside it or in it: found by hashing the present bytes without a part.

use std::ops::Range;

use super::search::{Search, affords};
use super::trial::Trial;
use super::{Class, Diagnosis, LARGE, bytes_of};
use crate::digest::Hasher;

/// How many prefixes are compared where no size is on record: each costs a copy of the running digest.
const PREFIXES: usize = 100_000;

/// How many first lines may stand before the recorded text where no size is on record.
const FIRST_LINES: usize = 16;

const TAKE_OUT: &str = "take it out again; if it was meant, say why with `vidimus accept --reason`";

/// The recorded text twice, as a copy that appended instead of replacing leaves it.
pub(super) fn doubled(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let bytes = trial.bytes();
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let twice = !first.is_empty() && first == second;
    (twice && trial.fits(first)).then(|| {
        let message = "they are the text with the recorded digest, written twice";
        let help = "keep one of the two";
        Diagnosis::proven(Class::Transport, "doubled", message, help).at(first.len()..bytes.len())
    })
}

/// The recorded text, and something after it.
pub(super) fn appended(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let bytes = trial.bytes();
    let end = match trial.smaller_size() {
        Some(size) => recorded_prefix(trial, std::iter::once(size)),
        None if trial.case().recorded_bytes.is_none() && bytes.len() <= LARGE => {
            let text_end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |at| at + 1);
            let ends = line_ends(bytes).filter(|&end| end < text_end).take(PREFIXES);
            recorded_prefix(trial, ends.chain([text_end]))
        }
        None => None,
    }?;
    let padding = bytes[end..].iter().all(|&byte| byte == 0);
    Some(if padding {
        padded(end..bytes.len())
    } else {
        extended(bytes, end..bytes.len())
    })
}

/// Places where a text may have ended: before and after each LF or CRLF.
fn line_ends(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let paired = |at: usize| usize::from(at > 0 && bytes[at - 1] == b'\r');
    memchr::memchr_iter(b'\n', bytes).flat_map(move |at| [at - paired(at), at + 1])
}

/// The first of these ends, in rising order, before which the bytes have the recorded digest.
fn recorded_prefix(trial: &Trial<'_>, mut ends: impl Iterator<Item = usize>) -> Option<usize> {
    let mut prefix = Hasher::new(trial.algorithm());
    let mut done = 0;
    ends.find(|&end| {
        prefix.update(&trial.bytes()[done..end]);
        done = end;
        trial.is_recorded(&prefix.clone().finish())
    })
}

fn padded(at: Range<usize>) -> Diagnosis {
    let message = format!(
        "the first {} have the recorded digest, and only NUL follows them, {}",
        bytes_of(at.start),
        bytes_of(at.len())
    );
    let help = "cut the NUL off or restore the file from a copy, and check the disk; do not accept it";
    Diagnosis::proven(Class::Damage, "nul-padding", message, help)
        .evidence("appended_bytes", at.len())
        .at(at)
}

fn extended(bytes: &[u8], at: Range<usize>) -> Diagnosis {
    let message = format!(
        "the first {} have the recorded digest, so {} appended",
        bytes_of(at.start),
        were(at.len())
    );
    Diagnosis::proven(Class::Edit, "appended", message, TAKE_OUT)
        .evidence("appended_bytes", at.len())
        .evidence("appended_lines", lines_in(&bytes[at.clone()]))
        .at(at)
}

/// The recorded text, and something before it.
pub(super) fn prepended(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let bytes = trial.bytes();
    let affordable = trial.case().search / bytes.len().max(1) as u64;
    let starts: Vec<usize> = match trial.case().recorded_bytes {
        Some(_) => trial
            .smaller_size()
            .map(|size| bytes.len() - size)
            .into_iter()
            .collect(),
        None => line_starts(bytes).take(FIRST_LINES.min(affordable as usize)).collect(),
    };
    let start = starts.into_iter().find(|&start| trial.fits(&bytes[start..]))?;
    let message = format!(
        "the last {} have the recorded digest, so {} put before the text",
        bytes_of(bytes.len() - start),
        were(start)
    );
    let diagnosis = Diagnosis::proven(Class::Edit, "prepended", message, TAKE_OUT);
    let diagnosis = diagnosis.evidence("prepended_lines", lines_in(&bytes[..start]));
    Some(diagnosis.evidence("prepended_bytes", start).at(0..start))
}

/// Starts of lines after the first.
fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'\n', bytes)
        .map(|at| at + 1)
        .filter(|&at| at < bytes.len())
}

/// The recorded text, with one block in it that was not there: at any byte of a small text, else at a line start.
pub(super) fn inserted(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let (bytes, size) = (trial.bytes(), trial.smaller_size()?);
    let extra = bytes.len() - size;
    let mut search = Search::new(trial.case());
    let mut fits = |start: &usize| search.fits(*start..start + extra, b"");
    let start = if affords(trial.case(), size, 1) {
        (1..size).find(&mut fits)
    } else {
        line_starts(bytes).take_while(|&start| start < size).find(&mut fits)
    }?;
    let message = format!(
        "without {} at byte {start} they have the recorded digest, so only {} inserted",
        bytes_of(extra),
        were(extra)
    );
    let at = start..start + extra;
    Some(
        Diagnosis::proven(Class::Edit, "inserted", message, TAKE_OUT)
            .evidence("inserted_bytes", extra)
            .evidence("inserted_lines", lines_in(&bytes[at.clone()]))
            .at(at),
    )
}

fn were(count: usize) -> String {
    format!("{} {}", bytes_of(count), if count == 1 { "was" } else { "were" })
}

/// How many lines a piece has, where the last need not end.
fn lines_in(piece: &[u8]) -> usize {
    let open = usize::from(!piece.is_empty() && !piece.ends_with(b"\n"));
    memchr::memchr_iter(b'\n', piece).count() + open
}
