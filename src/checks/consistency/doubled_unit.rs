//! `consistency/doubled-unit`: a number with its unit or its power of ten given twice.

use std::sync::LazyLock;

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::Text;
use crate::text::needles::Needles;

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

/// Words that may repeat what stands before them: what is searched, how much of that belongs to the word, and how much it
/// weighs.
const WORDS: [(&str, usize, Severity); 14] = [
    ("0 hundred", 8, Severity::Warning),
    ("% percent", 8, Severity::Warning),
    ("% per cent", 9, Severity::Warning),
    ("% Prozent", 8, Severity::Warning),
    ("% pour cent", 10, Severity::Warning),
    ("% por ciento", 11, Severity::Warning),
    ("million million", 8, Severity::Warning),
    ("billion billion", 8, Severity::Warning),
    ("km kilomet", 8, Severity::Warning),
    ("kg kilogram", 9, Severity::Warning),
    ("° degrees", 8, Severity::Warning),
    (" dollars", 8, Severity::Info),
    (" euros", 6, Severity::Info),
    (" pounds", 7, Severity::Info),
];

/// All of [`WORDS`] in one pass.
static NEEDLES: LazyLock<Needles> = LazyLock::new(|| Needles::new(&WORDS.map(|(pattern, _, _)| pattern)));

impl Check for DoubledUnit {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let found = NEEDLES.sorted(text.text, |place| {
            let (pattern, word, severity) = WORDS[place.pattern().as_usize()];
            let end = place.end();
            Some((start(text, pattern, end - word, end)?, end, severity))
        });
        limit(
            found
                .into_iter()
                .map(|(start, end, severity)| finding(document, text, start, end, severity)),
            findings,
        );
    }
}

/// Where the number begins that a word repeats the unit of; the word stands between the two places.
fn start(text: &Text<'_>, pattern: &str, at: usize, end: usize) -> Option<usize> {
    let (before, after) = (&text.text[..at], &text.text[end..]);
    let stem = pattern.starts_with('k');
    if !stem && after.starts_with(|sign: char| sign.is_alphanumeric() || sign == '-') {
        return None;
    }
    match pattern {
        "0 hundred" => hundreds(before),
        " dollars" => money(before, "$"),
        " euros" => money(before, "€"),
        " pounds" => money(before, "£"),
        _ => unit(before, &pattern[..pattern.len() - (end - at)]),
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

fn money(before: &str, sign: &str) -> Option<usize> {
    let from = before.len() - number(before);
    let signed = before[..from].ends_with(sign) && from < before.len();
    signed.then(|| from - sign.len())
}

fn unit(before: &str, unit: &str) -> Option<usize> {
    let bare = before[..before.len() - unit.len()].trim_end_matches([' ', '\u{a0}']);
    let spelt = bare.ends_with(char::is_alphabetic) && unit.ends_with("illion");
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
