//! `encoding/control-character`: control characters that are no part of plain text.

use super::guess;
use super::tally::{Tally, code};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::Text;
use crate::text::control;

/// See [`RULE`].
#[derive(Debug)]
pub struct ControlCharacter;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/control-character",
    severity: Severity::Warning,
    summary: "control characters other than tab and line end",
    settings: &[],
    docs: "\
## What it does
Counts the control characters of a text: U+0000 to U+001F but for tab, line feed and carriage return, U+007F, and U+0080
to U+009F where they are no mojibake that can be mended. Form feeds, which part pages, are told apart and weigh `info`.

## Why it matters
Nothing shows them, and they break what reads the text: NUL ends strings, escape sequences steer terminals, and neither
may stand in XML. U+0080 to U+009F are almost always Windows-1252 quotation marks and dashes that were read as Latin-1;
a run of NUL is what a file system leaves of a write that was cut.

## Example
`it\\u0092s`, which was to be `it\u{2019}s`.

## What to do
Fetch the text again where characters were lost. Else apply the fix and read the diff.

## Where it errs
A form feed, and U+001A at the end of a file of DOS, are right in old files. A text of IBM or ANSI art uses the controls as
signs. U+0080 to U+009F that Windows-1252 explains are `encoding/mojibake`. Confidence 1: the characters are there.

## Fix safety
Unsafe: U+0080 to U+009F become what Windows-1252 has there, unless they look like a part of a UTF-8 character; the
others go. What they stood for only the original knows.
",
};

impl Check for ControlCharacter {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if guess::utf16(text.source.bytes()).is_some() {
            return;
        }
        let (controls, feeds) = count(text);
        if let Some((character, first)) = controls.first() {
            let message = format!("{} in the text", controls.noun("control character"));
            let mut finding = RULE.finding(document.at(first), message).help(help(&controls));
            finding = finding.label(code(character)).evidence("counts", controls.evidence());
            if controls.of('\0') > 1 {
                finding = finding.evidence("longest_nul_run", longest_nul_run(text.text));
            }
            if !controls.edits.is_empty() {
                finding = finding.replace_all(Safety::Unsafe, controls.edits);
            }
            findings.push(finding);
        }
        if let Some((_, first)) = feeds.first() {
            let finding = RULE.finding(document.at(first), format!("{} in the text", feeds.noun("form feed")));
            let finding = finding.severity(Severity::Info).evidence("counts", feeds.evidence());
            findings.push(finding.help("they part pages; look for page headers beside them"));
        }
    }
}

/// Control characters, and form feeds.
fn count(text: &Text<'_>) -> (Tally, Tally) {
    let (mut controls, mut feeds) = (Tally::default(), Tally::default());
    for (at, character) in control::controls(text.text).filter(|&(at, _)| !text.mojibake().covers(at)) {
        match character {
            '\u{C}' => feeds.add(text.source, at, character, None),
            _ if is_torn(text.text, at, character) => controls.add(text.source, at, character, None),
            _ => controls.add(text.source, at, character, Some(&windows_1252(character))),
        }
    }
    (controls, feeds)
}

/// Whether a C1 control is the second or third byte of a UTF-8 character, each of which was read as a character.
fn is_torn(text: &str, at: usize, character: char) -> bool {
    let before = text[..at].chars().next_back();
    character >= '\u{80}' && before.is_some_and(|before| matches!(before, '\u{80}'..='\u{9F}' | '\u{C2}'..='\u{F4}'))
}

/// What Windows-1252 has for a C1 control; nothing for others, and where it has nothing.
fn windows_1252(character: char) -> String {
    let Ok(byte @ 0x80..) = u8::try_from(u32::from(character)) else {
        return String::new();
    };
    let bytes = [byte];
    let decoded = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0;
    decoded.chars().filter(|character| !character.is_control()).collect()
}

fn help(controls: &Tally) -> &'static str {
    let high = controls.characters().any(|character| character >= '\u{80}');
    if high && controls.lost > 0 {
        return "the text was UTF-8 and was read as Latin-1; decode it again from the original";
    }
    if high {
        return "the text was Windows-1252 and was read as Latin-1; fetch it again, or apply the fix and read the diff";
    }
    if controls.of('\0') > 0 {
        return "NUL characters are what is left of a cut write or of binary data; compare with the original";
    }
    "remove them, or fetch the text again"
}

fn longest_nul_run(text: &str) -> usize {
    let runs = text.as_bytes().split(|&byte| byte != 0);
    runs.map(<[u8]>::len).max().unwrap_or_default()
}
