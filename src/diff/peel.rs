//! What is set aside before two texts are aligned: the encoding and the byte-order mark, which nobody reads.

use std::borrow::Cow;
use std::collections::HashSet;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use unicode_normalization::UnicodeNormalization as _;

use super::kind::Kind;

/// Two texts in UTF-8 where that could be had, without byte-order marks.
#[derive(Clone, Debug)]
pub struct Peeled<'a> {
    /// The first.
    pub old: Cow<'a, [u8]>,
    /// The second.
    pub new: Cow<'a, [u8]>,
    /// What was set aside where the two differ in it.
    pub(super) kinds: Vec<Kind>,
    /// How many bytes of the first were set aside at its beginning; `None` where it was decoded, so that places in it are not
    /// those of its bytes.
    pub(super) begin: Option<usize>,
}

const UTF_8: &str = "UTF-8";
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Encodings of one language or another that a text is tried in, by the labels of the WHATWG; the frequent first.
const LEGACY: [&str; 16] = [
    "windows-1252",
    "windows-1251",
    "windows-1250",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "koi8-r",
    "ibm866",
    "macintosh",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "big5",
    "euc-kr",
];

/// So many bytes of lines beyond ASCII are tried.
const SAMPLE: usize = 1 << 16;
/// An encoding is believed where so large a part of the words beyond ASCII that it gives stand in the other text.
const BELIEVED: f64 = 0.6;

impl<'a> Peeled<'a> {
    /// Sets aside what two texts differ in without reading differently.
    pub fn of(old: &'a [u8], new: &'a [u8]) -> Self {
        let (ours, theirs) = (encoding(old, new), encoding(new, old));
        let (one, other) = (decoded(old, ours), decoded(new, theirs));
        let mut kinds = Vec::new();
        if ours != theirs {
            let name = |encoding: Option<&'static Encoding>| encoding.map_or(UTF_8, Encoding::name);
            let (from, to) = (name(ours), name(theirs));
            kinds.push(Kind::Encoding { from, to });
        }
        let (ours, theirs) = (one.starts_with(MARK), other.starts_with(MARK));
        if ours != theirs {
            kinds.push(Kind::ByteOrderMark { added: theirs });
        }
        let begin = if ours { MARK.len() } else { 0 };
        Self {
            begin: matches!(one, Cow::Borrowed(_)).then_some(begin),
            old: without_mark(one),
            new: without_mark(other),
            kinds,
        }
    }
}

fn without_mark(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => text.strip_prefix(MARK).unwrap_or(text).into(),
        Cow::Owned(text) => match text.strip_prefix(MARK) {
            Some(rest) => rest.to_vec().into(),
            None => text.into(),
        },
    }
}

fn decoded<'a>(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> Cow<'a, [u8]> {
    let Some(encoding) = encoding else { return bytes.into() };
    encoding
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
        .into_bytes()
        .into()
}

/// What bytes are in; `None` for UTF-8, and for what cannot be told.
fn encoding(bytes: &[u8], other: &[u8]) -> Option<&'static Encoding> {
    if let Some(wide) = wide(bytes) {
        return Some(wide);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let other = std::str::from_utf8(other).ok()?;
    let known: HashSet<String> = accented(other).map(|word| word.nfc().collect()).collect();
    let sample = sample(bytes);
    let fits = |label: &&'static str| {
        let encoding = Encoding::for_label(label.as_bytes())?;
        let text = encoding.decode_without_bom_handling_and_without_replacement(&sample)?;
        let share = share(&text, &known);
        (share >= BELIEVED).then_some((share, encoding))
    };
    let found = LEGACY.iter().filter_map(fits);
    let better = |best: (f64, _), next: (f64, _)| if next.0 > best.0 { next } else { best };
    found.reduce(better).map(|(_, encoding)| encoding)
}

/// UTF-16, by its mark or by the NUL in every second byte.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ if bytes.len() < 4 || !bytes.len().is_multiple_of(2) => return None,
        _ => {}
    }
    let pairs = bytes[..bytes.len().min(SAMPLE)].chunks_exact(2);
    let count = |nul: fn(&[u8]) -> bool| pairs.clone().filter(|pair| nul(pair)).count() * 10;
    let (low, high) = (
        count(|pair| pair[0] != 0 && pair[1] == 0),
        count(|pair| pair[0] == 0 && pair[1] != 0),
    );
    let most = pairs.len() * 8;
    match (low > most, high > most) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// The lines beyond ASCII, as many as are tried.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::new();
    for line in bytes
        .split_inclusive(|&byte| byte == b'\n')
        .filter(|line| !line.is_ascii())
    {
        sample.extend_from_slice(&line[..line.len().min(SAMPLE)]);
        if sample.len() >= SAMPLE {
            break;
        }
    }
    sample
}

/// Which part of the words beyond ASCII stand in the other text.
fn share(text: &str, known: &HashSet<String>) -> f64 {
    let (mut all, mut found) = (0_u32, 0_u32);
    for word in accented(text) {
        all += 1;
        found += u32::from(known.contains(word));
    }
    f64::from(found) / f64::from(all.max(1))
}

fn accented(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c.is_ascii())
        .filter(|word| !word.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(old: &[u8], new: &[u8]) -> Vec<String> {
        let peeled = Peeled::of(old, new);
        peeled.kinds.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tells_the_encoding_by_the_words_of_the_other_text() {
        let text = "The café by the Fähre, in Łódź.\n";
        assert_eq!(
            kinds("Ein Café.\n".as_bytes(), b"Ein Caf\xE9.\n"),
            ["encoding: UTF-8 → windows-1252"]
        );
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(kinds(&wide, text.as_bytes()), ["encoding: UTF-16LE → UTF-8"]);
        assert_eq!(Peeled::of(&wide, text.as_bytes()).old, text.as_bytes());
        assert!(
            kinds(text.as_bytes(), b"The caf\xE9\xFF\n").is_empty(),
            "broken, and no encoding"
        );
    }

    #[test]
    fn a_mark_is_set_aside() {
        assert_eq!(kinds(b"\xEF\xBB\xBFa", b"a"), ["byte-order mark removed"]);
        assert_eq!(Peeled::of(b"\xEF\xBB\xBFa", b"a").begin, Some(3));
        assert!(kinds(b"\xEF\xBB\xBFa", b"\xEF\xBB\xBFb").is_empty());
    }
}
