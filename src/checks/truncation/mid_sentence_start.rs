//! `truncation/mid-sentence-start`: the text begins in the middle of a sentence.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::Text;
use crate::text::unit::{self, Kind, Unit};

/// See [`RULE`].
#[derive(Debug)]
pub struct MidSentenceStart;

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/mid-sentence-start",
    severity: Severity::Warning,
    summary: "a text that begins in the middle of a sentence",
    settings: &[],
    docs: "\
## What it does
Looks at the first paragraph of the body. Where it begins with a small letter, or with a sign that only closes or continues
(`,`, `)`, `。`), the beginning of the sentence is missing. It is info where a line without an end mark stands before it,
which may be that beginning.

Names that begin with a small letter (`iPhone`), particles of names, lists, verse, an ellipsis, and texts in which paragraphs
often begin so are passed over.

## Why it matters
A passage was taken from the middle of a page, or the first letter was an image and is lost.

## Example
```text
and the gates were shut before noon. Nobody in the wards was told of it.
```

## What to do
Take the text again from its beginning.

## Where it errs
Blogs and letters that are written without capitals, where they are too short to show it. Confidence 0.85; 0.5 after a line
that may be the beginning.
",
};

impl Check for MidSentenceStart {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let units = &text.statement().units;
        let Some(first) = units.iter().position(|unit| unit.kind == Kind::Prose) else {
            return;
        };
        if !begins_inside(units[first].text) || is_habit(&units[first + 1..]) || !is_body(units, first) {
            return;
        }
        let after_line = first > 0 && !unit::ends_sentence(units[first - 1].text);
        findings.push(finding(document, text, &units[first], after_line));
    }
}

/// Whether only labels stand before the first paragraph: lines of verse, of a list or of code are a body of their own.
fn is_body(units: &[Unit<'_>], first: usize) -> bool {
    let label = |unit: &Unit<'_>| matches!(unit.kind, Kind::Short | Kind::Heading | Kind::Credit);
    units[..first].iter().all(label)
}

fn finding(document: &Document<'_>, text: &Text<'_>, unit: &Unit<'_>, after_line: bool) -> Finding {
    let word = unit.text.split_whitespace().next().unwrap_or(unit.text);
    let finding = RULE
        .finding(
            document.at(text.source.span_of(word)),
            "the text begins in the middle of a sentence",
        )
        .help("take it again from its beginning");
    if after_line {
        finding.severity(Severity::Info).confidence(0.5)
    } else {
        finding.confidence(0.85)
    }
}

/// Particles that names begin with.
const PARTICLES: &[&str] = &[
    "al", "da", "de", "del", "den", "der", "di", "du", "el", "la", "le", "van", "von", "ibn", "bin",
];

/// Whether a paragraph begins where no sentence does.
fn begins_inside(text: &str) -> bool {
    let continues = |sign: char| {
        matches!(
            sign,
            ',' | ';' | ')' | ']' | '。' | '，' | '、' | '）' | '」' | '』' | '،' | '؛'
        )
    };
    if text.starts_with(continues) {
        return true;
    }
    let word = text
        .split(|sign: char| !sign.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let mut letters = word.chars();
    let small = letters.next().is_some_and(char::is_lowercase);
    let plain = letters.all(|letter| letter.is_lowercase());
    let next = text[word.len()..].trim_start().chars().next();
    let name = PARTICLES.contains(&word) && next.is_some_and(char::is_uppercase);
    let item = word.chars().count() == 1 && text[word.len()..].starts_with([')', '.']);
    let address = text[word.len()..].starts_with(['.', ':', '@', '_', '/', '=']);
    small && plain && !name && !item && !address
}

/// Paragraphs of prose after the first, one in so many of which begins with a small letter.
const HABIT: usize = 5;

fn is_habit(units: &[Unit<'_>]) -> bool {
    let prose = || units.iter().filter(|unit| unit.kind == Kind::Prose);
    let low = prose().filter(|unit| begins_inside(unit.text)).count();
    low > 0 && low * HABIT >= prose().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        for text in ["and so on", ", he said", "nce upon a time", "и так далее"] {
            assert!(begins_inside(text), "{text}");
        }
        for text in [
            "iPhone sales",
            "And so",
            "von Moltke came",
            "a) first",
            "…and so",
            "“and so",
            "example.org is",
            "水",
        ] {
            assert!(!begins_inside(text), "{text}");
        }
    }
}
