//! `encoding/invalid-utf8`: bytes that are not UTF-8.

use super::guess::{self, Guess};
use crate::checks::truncation::cut_character;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Source;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidUtf8;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/invalid-utf8",
    severity: Severity::Error,
    summary: "bytes that are not UTF-8",
    settings: &[],
    docs: "\
## What it does
Finds texts whose bytes are not UTF-8, counts the places, and guesses what they are: UTF-16 by its byte-order mark or by
where its NUL bytes stand, binary data by its control bytes, anything else by the detector of Firefox (chardetng), with
Windows-1252 preferred over its neighbours where all that differs are quotation marks and common western letters. The
guess and an excerpt decoded by it are the evidence. A character that is cut off at the very end is
`truncation/cut-character`.

## Why it matters
No other rule can look into such a text, and a program that reads it loses every character that it cannot decode.

## Example
`caf\\xE9`, Latin-1, in a corpus of UTF-8.

## What to do
Look at the excerpt. Where the guess is right, convert the file (`iconv -f windows-1252 -t utf-8`) and record the new
digest with that reason. There is no fix, as a guess is not knowledge.

## Where it errs
That the bytes are not UTF-8 is certain. The guess is not: on 440 files of Windows-1252 three in a hundred were taken for a
neighbour before western signs were preferred, and a short text of a rare encoding is often guessed wrong.
",
};

impl Check for InvalidUtf8 {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let source = document.source;
        if cut_character::cut(source).is_some() {
            return;
        }
        if let Some(finding) = undecodable(document, source).or_else(|| wide(document, source)) {
            findings.push(finding);
        }
    }
}

fn undecodable(document: &Document<'_>, source: &Source) -> Option<Finding> {
    let bytes = source.bytes();
    let error = std::str::from_utf8(bytes).err()?;
    let bad = error.valid_up_to();
    let length = error.error_len().unwrap_or(bytes.len() - bad);
    let places = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let guess = guess::guess(bytes, bad);
    let finding = RULE.finding(document.at(source.span(bad, bad + length)?), message(guess, places));
    let finding = finding
        .label("the first of them")
        .help(help(guess))
        .evidence("places", places);
    let finding = finding.evidence("guess", guess.name());
    let finding = finding.evidence("first_bytes", hexadecimal(&bytes[bad..bad + length]));
    Some(match guess {
        Guess::Encoding(encoding) | Guess::Mixed(encoding) => {
            finding.evidence("excerpt", guess::excerpt(bytes, bad, encoding))
        }
        Guess::Binary => finding,
    })
}

/// UTF-16 of ASCII letters is UTF-8 with a NUL beside each letter.
fn wide(document: &Document<'_>, source: &Source) -> Option<Finding> {
    let encoding = guess::utf16(source.bytes())?;
    let guess = Guess::Encoding(encoding);
    let first = source.span(0, source.nearest_span(0, 2).end())?;
    let finding = RULE.finding(document.at(first), format!("the text is {}, not UTF-8", guess.name()));
    let finding = finding.help(help(guess)).evidence("guess", guess.name());
    Some(finding.evidence("excerpt", guess::excerpt(source.bytes(), 0, encoding)))
}

fn message(guess: Guess, places: usize) -> String {
    match (guess, places) {
        (Guess::Binary, _) => "the file is binary, not text".to_owned(),
        (_, 1) => "1 place is not UTF-8".to_owned(),
        (_, places) => format!("{places} places are not UTF-8"),
    }
}

fn help(guess: Guess) -> String {
    match guess {
        Guess::Binary => "take it out of the corpus, or put the text in its place".to_owned(),
        Guess::Encoding(_) => format!("it looks like {}; if so, convert it to UTF-8", guess.name()),
        Guess::Mixed(_) => format!("it looks like {}; mend the places by hand", guess.name()),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(" ")
}
