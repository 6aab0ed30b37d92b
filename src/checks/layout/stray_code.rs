//! `layout/stray-code`: what scripts and style sheets of a page left in a text.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

use super::marked::Code;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::{Text, prefix};

/// See [`RULE`].
#[derive(Debug)]
pub struct StrayCode;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/stray-code",
    severity: Severity::Warning,
    summary: "script or style of the page among the prose",
    settings: &[],
    docs: "\
## What it does
Finds lines of JavaScript and CSS in a text of prose: those with signs of code (braces, assignments) and with two or more things
that scripts and style sheets of pages have, such as `function(`, `window.`, `document.`, `@media` or `!important`. One with braces
and one such thing is `info`. Lines in a row are one finding.

Texts that are code or about it are passed over: those with fenced or indented code, and those where more than one line in five is
code.

## Why it matters
It is no language, it is long, and it is the same in every text of a source.

## Example
`window.adSlots = window.adSlots || []; function() { adSlots.push('top'); }`, between two paragraphs.

## What to do
Take the lines out of the text.

## Where it errs
An article that quotes one line of a script as its example is reported, and one that explains programming without setting its
code apart. Scripts in words that are not listed are missed. Confidence 0.95 for a warning, 0.6 for info.

## Fix safety
Unsafe: the lines may be what the text is about.
",
};

/// Things that scripts and style sheets of pages have.
const THINGS: &[&str] = &[
    "function(",
    "function (",
    "window.",
    "document.",
    "var ",
    "let ",
    "const ",
    "@media",
    "@import",
    "@font-face",
    "!important",
    "addEventListener",
    "getElementById",
    "querySelector",
    "googletag",
    "adsbygoogle",
    "dataLayer",
    "gtag(",
    "fbq(",
    "jQuery",
    "$(",
    ".push(",
    "return ",
    "=>",
    "null",
    "undefined",
    "true",
    "false",
    "CDATA[",
    "px;",
    "px ",
    "color:",
    "width:",
    "height:",
    "margin:",
    "margin-",
    "padding:",
    "padding-",
    "display:",
    "font-",
    "background:",
    "background-",
    "position:",
    "float:",
    "border:",
    "max-width",
    "\":\"",
    "\":{",
    "\":[",
    "http://schema.org",
    "https://schema.org",
    "@context",
    "@type",
];

static THING: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(THINGS).ok());

/// So much of a line is looked at, in bytes.
const LOOKED: usize = 2000;
/// Where more of the lines than one in so many are code, the text is.
const HABIT: usize = 5;

impl Check for StrayCode {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let lines: Vec<(usize, usize)> = suspects(text);
        if lines.is_empty() || is_about_code(text, &lines) {
            return;
        }
        let runs = lines.chunk_by(|one, next| one.0 + 1 == next.0);
        limit(runs.map(|run| finding(document, text, run)), findings);
    }
}

/// The lines that have signs of code and things that code has, with how many.
fn suspects(text: &Text<'_>) -> Vec<(usize, usize)> {
    let mut suspects: Vec<(usize, usize)> = Vec::new();
    let mut next = 0;
    for at in memchr::memchr3_iter(b'{', b'}', b'=', text.text.as_bytes()) {
        if at < next {
            continue;
        }
        let line = text
            .lines
            .partition_point(|line| line.span.start() <= at)
            .saturating_sub(1);
        next = text.lines[line].span.end().max(at + 1);
        let things = things(text.lines[line].text);
        if things > 0 {
            suspects.push((line, things));
        }
    }
    suspects
}

/// How many different things of code a line has, where it has enough signs of it.
fn things(line: &str) -> usize {
    let sample = prefix(line, LOOKED);
    let sign = |byte: &u8| {
        matches!(
            byte,
            b'{' | b'}' | b';' | b'=' | b'(' | b')' | b'[' | b']' | b':' | b'"' | b'<' | b'>'
        )
    };
    let signs = sample.bytes().filter(|byte| sign(byte)).count();
    let braces = sample.contains(['{', '}']);
    if signs * 25 < sample.len() || (!braces && !sample.contains(';')) {
        return 0;
    }
    let Some(finder) = THING.as_ref() else { return 0 };
    // A full stop that a space follows ends a sentence.
    let named =
        |end: usize| !sample[..end].ends_with('.') || sample[end..].starts_with(|c: char| c.is_ascii_alphabetic());
    let things = finder.find_iter(sample).filter(|one| named(one.end()));
    let mut found: Vec<usize> = things.map(|one| one.pattern().as_usize()).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

/// Whether a text is a program, or explains one.
fn is_about_code<'a>(text: &'a Text<'a>, suspects: &[(usize, usize)]) -> bool {
    let filled = text.lines.iter().filter(|line| !line.is_blank()).count();
    let fenced = text.lines.iter().any(|line| line.text.trim_start().starts_with("```"));
    let indented = |line: &str| line.starts_with("    ") || line.starts_with('\t');
    let apart = suspects
        .iter()
        .filter(|(line, _)| indented(text.lines[*line].text))
        .count();
    let mut code = Code::of(text);
    let code = (0..text.lines.len()).filter(|line| code.holds(*line)).count();
    let code = code.max(suspects.len());
    fenced || apart * 2 > suspects.len() || code * HABIT > filled
}

fn finding(document: &Document<'_>, text: &Text<'_>, run: &[(usize, usize)]) -> Finding {
    let (first, last) = (&text.lines[run[0].0], &text.lines[run[run.len() - 1].0]);
    let things = run.iter().map(|(_, things)| *things).max().unwrap_or(0);
    let sure = things > 1;
    let span = text
        .source
        .span_of(first.text.trim())
        .to(text.source.span_of(last.text.trim()));
    let next = text.lines.get(run[run.len() - 1].0 + 1);
    let end = next.map_or(text.text.len(), |line| line.span.start());
    let finding = RULE
        .finding(document.at(span), "script or style of the page stands among the prose")
        .severity(if sure { Severity::Warning } else { Severity::Info })
        .help("take it out of the text")
        .confidence(if sure { 0.95 } else { 0.6 })
        .evidence("things", things);
    finding.replace(Safety::Unsafe, text.source.nearest_span(first.span.start(), end), "")
}
