//! `encoding/declared-encoding`: a text that says it is in another encoding than it is in.

use encoding_rs::{Encoding, UTF_8};

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::{Source, Span};

/// See [`RULE`].
#[derive(Debug)]
pub struct DeclaredEncoding;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/declared-encoding",
    severity: Severity::Warning,
    summary: "a text that says it is in another encoding than its bytes are in",
    settings: &[],
    docs: "\
## What it does
Reads what the first 4096 bytes declare: `<?xml encoding=…?>`, `<meta charset=…>`, `Content-Type: …; charset=…`, `Character
set encoding: …` of Project Gutenberg, `coding: …` of editors. A text of UTF-8 with characters beyond ASCII that declares
anything else, and one that declares UTF-8 and is not, contradicts itself.

## Why it matters
A program that believes the declaration reads the text wrongly: that is how mojibake is made.

## Example
`<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>` at the head of a file that was converted to UTF-8.

## What to do
Correct the declaration, or take it out with the rest of the head.

## Where it errs
The head of a text may quote another one's declaration: a manual, a mail in a mail. A name that no browser knows is
passed over. A text of nothing but ASCII agrees with nearly every declaration. Confidence .9.
",
};

/// The head of a text. HTML asks for the first 1024 bytes; mails and Project Gutenberg have longer heads.
const HEAD: usize = 4096;
/// Between the words before it and the name there are at most so many bytes.
const NAME: usize = 40;

/// What stands before a name, in lower case.
const BEFORE: [&str; 5] = ["charset=", "encoding=", "set encoding:", "coding:", "coding="];

impl Check for DeclaredEncoding {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let source = document.source;
        let Some((name, span)) = declared(source) else { return };
        let Some(encoding) = Encoding::for_label(name.as_bytes()) else {
            return;
        };
        let is_utf8 = source.text().is_some();
        if (encoding == UTF_8) == is_utf8 || source.bytes().is_ascii() {
            return;
        }
        let is = if is_utf8 { "UTF-8" } else { "not UTF-8" };
        let finding = RULE.finding(document.at(span), format!("the text declares {name}, and is {is}"));
        let finding = finding
            .confidence(0.9)
            .label("declared here")
            .evidence("declared", name);
        findings.push(
            finding
                .help("correct the declaration, or take it out")
                .evidence("is_utf8", is_utf8),
        );
    }
}

/// The encoding that the head names, and where.
fn declared(source: &Source) -> Option<(String, Span)> {
    let head = &source.bytes()[..source.len().min(HEAD)];
    let lower = head.to_ascii_lowercase();
    for line in lines(&lower).filter(|line| declares(&lower[line.clone()])) {
        let Some((at, before)) = found(&lower[line.clone()]) else {
            continue;
        };
        let from = line.start + at + before.len();
        let name = name(&head[from..line.end.min(from + NAME)]);
        if let Some((skip, name)) = name {
            let span = source.span(from + skip, from + skip + name.len())?;
            return Some((name, span));
        }
    }
    None
}

fn lines(head: &[u8]) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = head.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        at += memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        Some(start..at)
    })
}

/// Whether a line is such as declarations stand in, and not prose about them.
fn declares(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let begins = |start: &str| line.starts_with(start.as_bytes());
    begins("<?xml")
        || begins("content-type:")
        || begins("character set encoding:")
        || begins("@charset")
        || (begins("#") && memchr::memmem::find(line, b"-*-").is_some())
        || memchr::memmem::find(line, b"<meta ").is_some()
}

fn found(line: &[u8]) -> Option<(usize, &'static str)> {
    let one = |before: &'static str| memchr::memmem::find(line, before.as_bytes()).map(|at| (at, before));
    BEFORE.iter().copied().find_map(one)
}

/// The name at the head of some bytes, and how many bytes before it are quotation marks and spaces.
fn name(bytes: &[u8]) -> Option<(usize, String)> {
    let skip = bytes
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'"' | b'\'' | b'\t'))?;
    let within = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
    let length = bytes[skip..].iter().take_while(within).count();
    let name = std::str::from_utf8(&bytes[skip..skip + length]).ok()?;
    (length > 2).then(|| (skip, name.to_owned()))
}
