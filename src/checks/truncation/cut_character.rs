//! `truncation/cut-character`: the file ends inside a character.

use encoding_rs::WINDOWS_1252;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::{Source, Span};

/// See [`RULE`].
#[derive(Debug)]
pub struct CutCharacter;

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/cut-character",
    severity: Severity::Error,
    summary: "a file that ends inside a character",
    settings: &[],
    docs: "\
## What it does
Finds texts whose last bytes are the beginning of a UTF-8 character, while all before them is UTF-8. A single last byte
that ends a word as Latin-1 would (`caf\\xE9` in a text that is ASCII else) is left to `encoding/invalid-utf8`.

## Why it matters
It proves that the file was cut at a byte, not at a character: a limit of a field or a column, a download that broke off.
What followed is missing.

## Example
A text of exactly 4096 bytes that ends in `E2 80`, the first two bytes of a quotation mark.

## What to do
Fetch the text again. There is no fix: what is missing is in the original alone.

## Where it errs
A text of another encoding whose last bytes look like the beginning of a UTF-8 character, and which is ASCII else. That is
rare: it is right in nearly all cases.
",
};

impl Check for CutCharacter {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(rest) = cut(document.source) else { return };
        let finding = RULE.finding(document.at(rest), "the file ends inside a character");
        let wanted = wanted(document.source.slice(rest)[0]);
        let finding = finding.help("fetch the text again: what followed is missing");
        let finding = finding.label(format!("{} of {wanted} bytes", rest.len()));
        findings.push(finding.evidence("size", document.source.len()));
    }
}

/// The beginning of a character that the source ends in, where nothing else is wrong with it.
pub(in crate::checks) fn cut(source: &Source) -> Option<Span> {
    let bytes = source.bytes();
    let error = std::str::from_utf8(bytes).err()?;
    if error.error_len().is_some() {
        return None;
    }
    let (whole, rest) = bytes.split_at(error.valid_up_to());
    let latin = rest.len() == 1 && whole.is_ascii() && ends_word(whole.last().copied(), rest[0]);
    if latin {
        return None;
    }
    source.span(whole.len(), bytes.len())
}

/// Whether a byte is, in Windows-1252, the last letter of the word before it.
///
/// C2, C3 and E2 begin the letters and quotation marks of most western texts in UTF-8, and their own letters end no word.
fn ends_word(before: Option<u8>, byte: u8) -> bool {
    let bytes = [byte];
    let decoded = WINDOWS_1252.decode_without_bom_handling(&bytes).0;
    let same_case = |letter: char| match before {
        Some(before) if before.is_ascii_lowercase() => letter.is_lowercase(),
        Some(before) if before.is_ascii_uppercase() => letter.is_uppercase(),
        _ => false,
    };
    !matches!(byte, 0xC2 | 0xC3 | 0xE2) && decoded.chars().all(same_case)
}

/// How many bytes a character has that begins with this one.
fn wanted(lead: u8) -> usize {
    match lead {
        0xF0.. => 4,
        0xE0.. => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_1_is_not_cut() {
        let is_cut = |bytes: &[u8]| cut(&Source::new("a", bytes.to_vec())).is_some();
        assert!(!is_cut(b"At the caf\xE9") && !is_cut(b"CAF\xC9") && !is_cut(b"whole"));
        assert!(is_cut(b"He said \xE2\x80") && is_cut(b"didn\xE2") && is_cut(b"caf\xC3"));
        assert!(is_cut(
            "Mühle caf\u{E9}".as_bytes().strip_suffix(b"\xA9").unwrap_or_default()
        ));
        assert!(!is_cut(b"a\xFFb\xE2"));
    }
}
