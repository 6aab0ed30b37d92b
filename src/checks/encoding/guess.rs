//! What bytes that are not UTF-8 may be.

use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254};

/// So many bytes decide; what follows is of the same kind.
const SAMPLE: usize = 1 << 20;
/// An excerpt has at most this many characters.
const EXCERPT: usize = 60;
/// An excerpt begins at most this many bytes before the place it is about.
const BEFORE: usize = 24;

/// What the bytes are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// Text in that encoding.
    Encoding(&'static Encoding),
    /// UTF-8 with a few stray bytes of that encoding.
    Mixed(&'static Encoding),
    /// No text at all.
    Binary,
}

impl Guess {
    /// What a report calls it.
    pub(super) fn name(self) -> String {
        match self {
            Self::Encoding(encoding) => encoding.name().to_lowercase(),
            Self::Mixed(encoding) => format!("utf-8 with stray bytes of {}", encoding.name().to_lowercase()),
            Self::Binary => "binary".to_owned(),
        }
    }
}

/// What bytes with a sequence that is not UTF-8 at `bad` are taken for.
pub(super) fn guess(bytes: &[u8], bad: usize) -> Guess {
    if let Some(encoding) = utf16(bytes) {
        return Guess::Encoding(encoding);
    }
    if is_binary(bytes) {
        return Guess::Binary;
    }
    let sample = around(bytes, bad, SAMPLE);
    if let Some(strays) = strays(sample) {
        return Guess::Mixed(detect(&strays));
    }
    Guess::Encoding(detect(sample))
}

/// UTF-16 by its byte-order mark, or because NUL bytes stand on one side only and the pairs decode to text. What is UTF-8
/// as well is UTF-16 only where it is full of controls: else a stray NUL would make nonsense of a sound text.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes).filter(|(encoding, _)| *encoding != encoding_rs::UTF_8) {
        return Some(encoding);
    }
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    memchr::memchr(0, sample)?;
    let nul = |side: usize| sample.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
    let utf8 = std::str::from_utf8(sample).map_or_else(|error| error.error_len().is_none(), |_| true);
    let readable = utf8 && !is_binary(sample);
    let encoding = match (nul(0), nul(1)) {
        _ if readable => return None,
        (even, odd) if odd > even * 20 => UTF_16LE,
        (even, odd) if even > odd * 20 => UTF_16BE,
        _ => return None,
    };
    let (text, broken) = encoding.decode_without_bom_handling(sample);
    let odd = text.chars().filter(|&character| is_odd(character)).count();
    (!broken && odd * 100 <= text.chars().count()).then_some(encoding)
}

/// Whether text hardly ever has this character: most controls, private use, what is not assigned to any script.
fn is_odd(character: char) -> bool {
    let space = matches!(character, '\t' | '\n' | '\r' | '\u{C}' | '\u{FEFF}');
    (character.is_control() && !space) || matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// One byte in ten is a control that text does not have.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let control = |&&byte: &&u8| (byte < 0x20 && !(0x09..=0x0D).contains(&byte) && byte != 0x1B) || byte == 0x7F;
    sample.iter().filter(control).count() * 10 > sample.len()
}

/// The bytes that are not UTF-8, with a space after each run, where most of what is not ASCII is UTF-8.
fn strays(sample: &[u8]) -> Option<Vec<u8>> {
    let mut strays = Vec::new();
    let (mut valid, mut invalid) = (0, 0);
    for chunk in sample.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        if !chunk.invalid().is_empty() {
            invalid += 1;
            strays.extend_from_slice(chunk.invalid());
            strays.push(b' ');
        }
    }
    (valid > invalid).then_some(strays)
}

fn detect(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if (guess == WINDOWS_1250 || guess == WINDOWS_1254) && is_western(sample, guess) {
        return WINDOWS_1252;
    }
    guess
}

/// Whether Windows-1252 explains a text that was taken for one of its neighbours: letters that differ are few and
/// common in the west, the rest are quotation marks, dashes, bullets, or the same in both.
///
/// chardetng takes 3 % of the Windows-1252 files that were tried for Windows-1250, mostly English ones with a name.
fn is_western(sample: &[u8], guess: &'static Encoding) -> bool {
    let few = sample.iter().filter(|byte| !byte.is_ascii()).count() * 100 <= sample.len();
    sample.iter().filter(|byte| !byte.is_ascii()).all(|&byte| {
        let one = [byte];
        let western = WINDOWS_1252.decode_without_bom_handling(&one).0;
        let same = western == guess.decode_without_bom_handling(&one).0;
        same || western
            .chars()
            .all(|character| is_mark(character) || (few && is_common(character)))
    })
}

fn is_mark(character: char) -> bool {
    "‘’‚“”„‹›«»–—…•·©®™°§£¢¥€ \u{A0}\u{AD}".contains(character)
}

fn is_common(character: char) -> bool {
    "àáâãäåæçèéêëíîïñóôõöøùúûüßœÀÁÂÄÅÆÇÈÉÊÑÓÔÖØÚÜŒ½¼¾²³¹ºª¿¡".contains(character)
}

/// So many bytes from the line that `bad` stands in.
fn around(bytes: &[u8], bad: usize, length: usize) -> &[u8] {
    let floor = bad.saturating_sub(SAMPLE);
    let start = memchr::memrchr(b'\n', &bytes[floor..bad]).map_or(floor, |at| floor + at + 1);
    &bytes[start..bytes.len().min(start + length)]
}

/// What the place reads as, in that encoding: one line, at most [`EXCERPT`] characters.
pub(super) fn excerpt(bytes: &[u8], bad: usize, encoding: &'static Encoding) -> String {
    let window = if encoding == UTF_16LE || encoding == UTF_16BE {
        0..EXCERPT * 4
    } else {
        window(bytes, bad)
    };
    let part = &bytes[window.start..bytes.len().min(window.end)];
    let text = encoding.decode_without_bom_handling(part).0;
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    text.chars()
        .take_while(|&character| !matches!(character, '\n' | '\r'))
        .take(EXCERPT)
        .collect()
}

fn window(bytes: &[u8], bad: usize) -> Range<usize> {
    let floor = bad.saturating_sub(BEFORE);
    let start = memchr::memrchr(b'\n', &bytes[floor..bad]).map_or(floor, |at| floor + at + 1);
    start..start + EXCERPT * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> String {
        let bad = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
        guess(bytes, bad).name()
    }

    #[test]
    fn names_encodings() {
        let utf16: Vec<u8> = "The mill stood.\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(of(&utf16), "utf-16le");
        let utf16: Vec<u8> = "Мельница стоит. ".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(of(&utf16), "utf-16be");
        assert_eq!(of(&[b"\xFF\xFE".as_slice(), b"a\0b\0"].concat()), "utf-16le");
        assert_eq!(
            of(b"The miller\x92s door was shut \x96 and the wheel stood still.\n"),
            "windows-1252"
        );
        let russian = encoding_rs::WINDOWS_1251
            .encode("Мельница стояла у реки, и колесо её не вертелось.")
            .0;
        assert_eq!(of(&russian), "windows-1251");
        let czech = WINDOWS_1250
            .encode("Příliš žluťoučký kůň úpěl ďábelské ódy, řekl mlynář.")
            .0;
        assert_eq!(of(&czech), "windows-1250");
        assert_eq!(
            of(b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\x03\0\xB7\0\x01\0\0\0"),
            "binary"
        );
        let mixed = ["Die Mühle stand für Müller Böhm am Fluß, ".as_bytes(), b"it\x92s gone"].concat();
        assert_eq!(of(&mixed), "utf-8 with stray bytes of windows-1252");
    }

    #[test]
    fn excerpts_are_short() {
        let bytes = [b"x".repeat(500), b"\x92".to_vec(), b"y".repeat(500)].concat();
        assert_eq!(excerpt(&bytes, 500, WINDOWS_1252).chars().count(), EXCERPT);
    }
}
