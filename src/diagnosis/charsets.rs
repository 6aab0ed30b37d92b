//! Conversions between encodings, undone. What is pure ASCII is the same in all of them and gives no candidate.

use encoding_rs::{EncoderResult, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::trial::Trial;
use super::{Class, Diagnosis};

pub(super) const BACK: &str =
    "convert it back to the encoding on record; `vidimus accept` if the conversion was meant and the text reads well";

/// The UTF-8 byte-order mark.
pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Encodings that texts were written in before UTF-8, beside Windows-1252 and Latin-1, by the labels of the WHATWG.
const LEGACY: [&str; 18] = [
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-15",
    "koi8-r",
    "ibm866",
    "macintosh",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "big5",
    "euc-kr",
];

/// The recorded text was in one of the [`LEGACY`] encodings, or is one now.
pub(super) fn legacy(trial: &mut Trial<'_>) -> Option<Diagnosis> {
    let mut known = LEGACY.iter().filter_map(|label| Encoding::for_label(label.as_bytes()));
    known.find_map(|encoding| {
        let encoding = Some(encoding).filter(|_| !trial.is_exhausted())?;
        legacy_to_utf8(trial, encoding).or_else(|| utf8_to_legacy(trial, encoding))
    })
}

fn legacy_to_utf8(trial: &mut Trial<'_>, encoding: &'static Encoding) -> Option<Diagnosis> {
    let candidate = encode(trial.bytes(), encoding)?;
    trial.fits(&candidate).then(|| {
        let name = encoding.name();
        let message = format!("in {name} they have the recorded digest, so only the encoding was changed, to UTF-8");
        Diagnosis::proven(Class::Transport, "legacy-to-utf-8", message, BACK).evidence("encoding", name)
    })
}

fn utf8_to_legacy(trial: &mut Trial<'_>, encoding: &'static Encoding) -> Option<Diagnosis> {
    let candidate = decode(trial.bytes(), encoding)?;
    trial.fits(&candidate).then(|| {
        let name = encoding.name();
        let message = format!("in UTF-8 they have the recorded digest, so only the encoding was changed, to {name}");
        Diagnosis::proven(Class::Transport, "utf-8-to-legacy", message, BACK).evidence("encoding", name)
    })
}

pub(super) fn to_windows_1252(bytes: &[u8]) -> Option<Vec<u8>> {
    encode(bytes, WINDOWS_1252).filter(|encoded| !is_accented(encoded))
}

pub(super) fn from_windows_1252(bytes: &[u8]) -> Option<Vec<u8>> {
    decode(bytes, WINDOWS_1252)
}

pub(super) fn to_latin_1(bytes: &[u8]) -> Option<Vec<u8>> {
    encode_latin_1(bytes).filter(|encoded| !is_accented(encoded))
}

pub(super) fn from_latin_1(bytes: &[u8]) -> Option<Vec<u8>> {
    str::from_utf8(bytes).is_err().then(|| decode_latin_1(bytes))
}

/// The UTF-8 that was read as Windows-1252 and written as UTF-8 again.
pub(super) fn out_of_mojibake_1252(bytes: &[u8]) -> Option<Vec<u8>> {
    encode(bytes, WINDOWS_1252).filter(|encoded| is_accented(encoded))
}

/// The UTF-8 that was read as Latin-1 and written as UTF-8 again.
pub(super) fn out_of_mojibake_latin_1(bytes: &[u8]) -> Option<Vec<u8>> {
    encode_latin_1(bytes).filter(|encoded| is_accented(encoded))
}

pub(super) fn into_mojibake_1252(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    is_accented(bytes).then(|| text.into_owned().into_bytes())
}

pub(super) fn into_mojibake_latin_1(bytes: &[u8]) -> Option<Vec<u8>> {
    is_accented(bytes).then(|| decode_latin_1(bytes))
}

/// UTF-8 from UTF-16 with a byte-order mark, which is left out.
pub(super) fn from_utf_16(bytes: &[u8]) -> Option<Vec<u8>> {
    let (encoding, units) = match bytes {
        [0xFF, 0xFE, units @ ..] => (UTF_16LE, units),
        [0xFE, 0xFF, units @ ..] => (UTF_16BE, units),
        _ => return None,
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(units)?;
    Some(text.into_owned().into_bytes())
}

pub(super) fn to_utf_16_le(bytes: &[u8]) -> Option<Vec<u8>> {
    to_utf_16(bytes, u16::to_le_bytes)
}

pub(super) fn to_utf_16_be(bytes: &[u8]) -> Option<Vec<u8>> {
    to_utf_16(bytes, u16::to_be_bytes)
}

fn to_utf_16(bytes: &[u8], write: fn(u16) -> [u8; 2]) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes.strip_prefix(MARK).unwrap_or(bytes)).ok()?;
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    (!text.is_empty()).then(|| units.flat_map(write).collect())
}

/// UTF-8 in an encoding that has all its characters; it ends at the first that is missing.
fn encode(bytes: &[u8], encoding: &'static Encoding) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes).ok().filter(|text| !text.is_ascii())?;
    let mut encoder = encoding.new_encoder();
    let room = encoder.max_buffer_length_from_utf8_without_replacement(text.len())?;
    let mut encoded = Vec::with_capacity(room);
    let (result, _) = encoder.encode_from_utf8_to_vec_without_replacement(text, &mut encoded, true);
    (result == EncoderResult::InputEmpty).then_some(encoded)
}

/// UTF-8 of what is in another encoding, and cannot be UTF-8.
fn decode(bytes: &[u8], encoding: &'static Encoding) -> Option<Vec<u8>> {
    if str::from_utf8(bytes).is_ok() {
        return None;
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned().into_bytes())
}

/// ISO 8859-1 proper: the Encoding Standard reads that label as Windows-1252.
fn encode_latin_1(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes).ok().filter(|text| !text.is_ascii())?;
    text.chars().map(|c| u8::try_from(c).ok()).collect()
}

fn decode_latin_1(bytes: &[u8]) -> Vec<u8> {
    encoding_rs::mem::decode_latin1(bytes).into_owned().into_bytes()
}

/// Whether it is UTF-8 with characters beyond ASCII.
fn is_accented(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && str::from_utf8(bytes).is_ok()
}
