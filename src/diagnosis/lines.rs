//! Line ends and what stands before them, undone on bytes: ASCII keeps its place in every encoding but UTF-16.

use memchr::{memchr_iter, memmem};

pub(super) fn crlf_to_lf(bytes: &[u8]) -> Option<Vec<u8>> {
    replace(bytes, memmem::find_iter(bytes, b"\r\n"), 2, b"\n")
}

pub(super) fn crlf_to_cr(bytes: &[u8]) -> Option<Vec<u8>> {
    replace(bytes, memmem::find_iter(bytes, b"\r\n"), 2, b"\r")
}

/// Undoes what a text mode did to CRLF: it wrote CR before each LF once more.
pub(super) fn cr_crlf_to_crlf(bytes: &[u8]) -> Option<Vec<u8>> {
    replace(bytes, memmem::find_iter(bytes, b"\r\r\n"), 3, b"\r\n")
}

pub(super) fn lone_lf_to_crlf(bytes: &[u8]) -> Option<Vec<u8>> {
    replace(bytes, lone_lf(bytes), 1, b"\r\n")
}

pub(super) fn lone_lf_to_cr(bytes: &[u8]) -> Option<Vec<u8>> {
    replace(bytes, lone_lf(bytes), 1, b"\r")
}

pub(super) fn lone_cr_to_crlf(bytes: &[u8]) -> Option<Vec<u8>> {
    replace(bytes, lone_cr(bytes), 1, b"\r\n")
}

pub(super) fn lone_cr_to_lf(bytes: &[u8]) -> Option<Vec<u8>> {
    replace(bytes, lone_cr(bytes), 1, b"\n")
}

/// LF that is not part of CRLF.
fn lone_lf(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr_iter(b'\n', bytes).filter(|&at| at == 0 || bytes[at - 1] != b'\r')
}

/// CR that is not part of CRLF.
fn lone_cr(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n'))
}

/// The bytes with what is `width` long at each place replaced; `None` where there is no place.
fn replace(bytes: &[u8], places: impl Iterator<Item = usize>, width: usize, to: &[u8]) -> Option<Vec<u8>> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for at in places {
        replaced.extend_from_slice(&bytes[done..at]);
        replaced.extend_from_slice(to);
        done = at + width;
    }
    replaced.extend_from_slice(&bytes[done..]);
    (done > 0).then_some(replaced)
}

pub(super) fn without_trailing_space(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let text = without_line_end(line);
        let spaces = text
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        kept.extend_from_slice(&text[..text.len() - spaces]);
        kept.extend_from_slice(&line[text.len()..]);
    }
    (kept.len() < bytes.len()).then_some(kept)
}

/// What stands before the last CRLF, LF or CR, if the bytes end with one.
fn without_line_end(bytes: &[u8]) -> &[u8] {
    [&b"\r\n"[..], b"\n", b"\r"]
        .iter()
        .find_map(|end| bytes.strip_suffix(*end))
        .unwrap_or(bytes)
}

/// The bytes without so many of their final line ends; `None` where they have fewer.
pub(super) fn without_final(bytes: &[u8], count: usize) -> Option<Vec<u8>> {
    let shorter = |bytes, _| Some(without_line_end(bytes)).filter(|rest| rest.len() < bytes.len());
    (0..count).try_fold(bytes, shorter).map(<[u8]>::to_vec)
}

pub(super) fn without_any_final(bytes: &[u8]) -> Option<Vec<u8>> {
    let ends = bytes
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    (ends > 0).then(|| bytes[..bytes.len() - ends].to_vec())
}

pub(super) fn with_final(bytes: &[u8], count: usize) -> Option<Vec<u8>> {
    Some([bytes, &line_end(bytes).repeat(count)].concat())
}

pub(super) fn with_foreign_final(bytes: &[u8]) -> Option<Vec<u8>> {
    let foreign: &[u8] = if line_end(bytes) == b"\n" { b"\r\n" } else { b"\n" };
    Some([bytes, foreign].concat())
}

/// The line end that the text uses first; LF where it has none.
fn line_end(bytes: &[u8]) -> &'static [u8] {
    match memchr::memchr2(b'\r', b'\n', bytes) {
        Some(at) if bytes[at..].starts_with(b"\r\n") => b"\r\n",
        Some(at) if bytes[at] == b'\r' => b"\r",
        _ => b"\n",
    }
}
