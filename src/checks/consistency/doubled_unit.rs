//! `consistency/doubled-unit`: a number with its unit or its power of ten given twice.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::Text;

/// See [`RULE`].
#[derive(Debug)]
pub struct DoubledUnit;

/// What it is.
pub static RULE: Rule = Rule {
    id: "consistency/doubled-unit",
    severity: Severity::Warning,
    summary: "a number with its unit or its power of ten given twice",
    settings: &[],
    docs: "\
## What it does
Finds `500 hundred`, `3 million million`, `5% percent`, `20 km kilometres` and `$40 dollars`. The last is info: it is a slip of
style that changes no figure.

## Why it matters
A figure is a hundred or a million times too large, or somebody changed the unit and left the old one.

## Example
```text
In the last week 500 hundred barges passed the weir.
```

## What to do
Look the figure up in the source.

## Where it errs
`100 hundred-pound notes` and `1500 hundred-year-old trees` are passed over because of the hyphen; without it they are
reported.
",
};

/// Words that may repeat what stands before them: the word, what it repeats, and how much that weighs.
const WORDS: [(&str, &[&str], Severity); 16] = [
    ("hundred", &["00"], Severity::Warning),
    ("percent", &["%"], Severity::Warning),
    ("per cent", &["%"], Severity::Warning),
    ("Prozent", &["%"], Severity::Warning),
    ("pour cent", &["%"], Severity::Warning),
    ("por ciento", &["%"], Severity::Warning),
    ("per cento", &["%"], Severity::Warning),
    ("million", &[" million", " billion"], Severity::Warning),
    ("billion", &[" million", " billion"], Severity::Warning),
    (" thousand", &[" thousand"], Severity::Warning),
    ("kilomet", &["km"], Severity::Warning),
    ("kilogram", &["kg"], Severity::Warning),
    ("degrees", &["°"], Severity::Warning),
    ("dollars", &["$"], Severity::Info),
    ("euros", &["€"], Severity::Info),
    ("pounds", &["£"], Severity::Info),
];

/// All of [`WORDS`] in one look.
static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(WORDS.iter().map(|(word, _, _)| word)).ok());

impl Check for DoubledUnit {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let found = FINDER.iter().flat_map(|finder| finder.find_iter(text.text));
        let found = found.filter_map(|found| {
            let (word, repeated, severity) = WORDS[found.pattern().as_usize()];
            let space = found
                .start()
                .checked_sub(1)
                .filter(|&at| text.text.as_bytes()[at] == b' ')?;
            Some((start(text, space, word, repeated)?, found.end(), severity))
        });
        limit(
            found.map(|(start, end, severity)| finding(document, text, start, end, severity)),
            findings,
        );
    }
}

/// Where the number begins that a word repeats the unit of; the word stands after the space at this place.
fn start(text: &Text<'_>, at: usize, word: &str, repeated: &[&str]) -> Option<usize> {
    let before = &text.text[..at];
    let after = &text.text[at + 1 + word.len()..];
    let stem = matches!(word, "kilomet" | "kilogram");
    if !stem && after.starts_with(|sign: char| sign.is_alphanumeric() || sign == '-') {
        return None;
    }
    match word {
        "hundred" => hundreds(before),
        "dollars" | "euros" | "pounds" => money(before, repeated),
        _ => unit(before, word, repeated),
    }
}

/// The length of the number at the end.
fn number(text: &str) -> usize {
    let figure = text.bytes().rev();
    figure
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
        .count()
}

fn hundreds(before: &str) -> Option<usize> {
    let from = before.len() - number(before);
    let figure = &before[from..];
    let digits = figure.bytes().filter(u8::is_ascii_digit).count();
    let money = before[..from].ends_with(['$', '€', '£']);
    (digits >= 3 && !figure.ends_with(['.', ',']) && !money && !is_year(figure)).then_some(from)
}

fn money(before: &str, signs: &[&str]) -> Option<usize> {
    let from = before.len() - number(before);
    let sign = signs.iter().find(|sign| before[..from].ends_with(**sign))?;
    (from < before.len()).then_some(from - sign.len())
}

fn unit(before: &str, word: &str, units: &[&str]) -> Option<usize> {
    let unit = units.iter().find(|unit| before.ends_with(**unit))?;
    let bare = before[..before.len() - unit.len()].trim_end_matches([' ', '\u{a0}']);
    let spelt = bare.ends_with(char::is_alphabetic) && unit.strip_prefix(' ') == Some(word);
    let length = number(bare);
    (length > 0 || spelt).then_some(bare.len() - length)
}

/// `In 1915 hundred …` is no figure, but a year.
fn is_year(figure: &str) -> bool {
    figure.len() == 4 && (figure.starts_with("19") || figure.starts_with("20"))
}

fn finding(document: &Document<'_>, text: &Text<'_>, start: usize, end: usize, severity: Severity) -> Finding {
    let span = text.source.nearest_span(start, end);
    let written = text.source.text_of(span);
    RULE.finding(
        document.at(span),
        format!("a unit is given twice: `{}`", written.trim()),
    )
    .severity(severity)
    .confidence(0.85)
    .help("look the figure up in the source")
}
