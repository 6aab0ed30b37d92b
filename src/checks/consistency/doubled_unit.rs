//! `consistency/doubled-unit`: a number with its unit or its power of ten given twice.

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

/// A word that repeats what stands before the space: the word, what it repeats, and how much it weighs.
const WORDS: &[(&str, &[&str], Severity)] = &[
    (" hundred", &["00"], Severity::Warning),
    (" percent", &["%"], Severity::Warning),
    (" per cent", &["%"], Severity::Warning),
    (" Prozent", &["%"], Severity::Warning),
    (" pour cent", &["%"], Severity::Warning),
    (" por ciento", &["%"], Severity::Warning),
    (" per cento", &["%"], Severity::Warning),
    (" million", &[" million", " billion"], Severity::Warning),
    (" billion", &[" million", " billion"], Severity::Warning),
    (
        " thousand",
        &[" thousand", " hundred thousand thousand"],
        Severity::Warning,
    ),
    (" kilomet", &["km"], Severity::Warning),
    (" kilogram", &["kg"], Severity::Warning),
    (" degrees", &["°"], Severity::Warning),
    (" dollars", &["$"], Severity::Info),
    (" euros", &["€"], Severity::Info),
    (" pounds", &["£"], Severity::Info),
];

impl Check for DoubledUnit {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let found = WORDS.iter().flat_map(|(word, repeated, severity)| {
            let places = memchr::memmem::find_iter(text.text.as_bytes(), *word);
            places.filter_map(move |at| Some((start(text, at, word, repeated)?, at + word.len(), *severity)))
        });
        limit(
            found.map(|(start, end, severity)| finding(document, text, start, end, severity)),
            findings,
        );
    }
}

/// Where the number begins that a word repeats the unit of.
fn start(text: &Text<'_>, at: usize, word: &str, repeated: &[&str]) -> Option<usize> {
    let before = &text.text[..at];
    let after = &text.text[at + word.len()..];
    let stem = word.ends_with("kilomet") || word.ends_with("kilogram");
    if !stem && after.starts_with(|sign: char| sign.is_alphanumeric() || sign == '-') {
        return None;
    }
    let number = |text: &str| {
        text.len()
            - text
                .trim_end_matches(|sign: char| sign.is_ascii_digit() || ",.".contains(sign))
                .len()
    };
    if word == " hundred" {
        let length = number(before);
        let figure = &before[at - length..];
        let digits = figure.bytes().filter(u8::is_ascii_digit).count();
        let money = before[..at - length].ends_with(['$', '€', '£']);
        return (digits >= 3 && !figure.ends_with(['.', ',']) && !money && !is_year(figure)).then_some(at - length);
    }
    if matches!(word, " dollars" | " euros" | " pounds") {
        let length = number(before);
        let from = at - length;
        let sign = repeated.iter().find(|sign| before[..from].ends_with(**sign))?;
        return (length > 0).then_some(from - sign.len());
    }
    let unit = repeated.iter().find(|unit| before.ends_with(**unit))?;
    let bare = before[..at - unit.len()].trim_end_matches([' ', '\u{a0}']);
    let length = number(bare);
    let spelt = bare.ends_with(|letter: char| letter.is_alphabetic()) && unit.starts_with(' ') && *unit == word;
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
