//! `truncation/mid-sentence`: the text ends in the middle of a sentence.

use serde_json::json;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::source::Span;
use crate::text::ending::{self, OpenEnd, SIGNALS};
use crate::text::{Text, prefix};

/// See [`RULE`].
#[derive(Debug)]
pub struct MidSentence;

/// The score from which on an end is reported.
static LEAST: Setting = Setting {
    key: "truncation/mid-sentence.least",
    default: 0.0,
    range: (-200.0, 200.0),
    meaning: "the score from which on an end is reported; ten points are a factor of e in the odds that it was cut",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/mid-sentence",
    severity: Severity::Warning,
    summary: "a text that ends in the middle of a sentence",
    settings: &[&LEAST],
    docs: "\
## What it does
Looks at the last line or paragraph of a text. Where it has no end mark of any script, small signs are weighed that speak for
a cut (a comma, an open bracket, a last word such as `the`, a last word that is the beginning of another word of the text) and
against one (capitals, a name, a list whose items have no marks, a text that leaves marks out); their sum is the score. The
weights stand in `src/text/ending.rs`; the finding names those that counted. Where labels, credits and notes follow the last
paragraph, it is reported only if it ends as no sentence can.

It is an error where a longer copy of the passage in the same text shows what is missing. Verse, code, tables, a colon before
a list, addresses, and languages without end marks are passed over.

## Why it matters
A page that was cut at a number of characters, a feed that gives a preview, a file that was not written to its end: the
text looks whole, and is not.

## Example
```text
The wards have been under water since the gates were lowered, and the
```

## What to do
Compare the text with its source and take it again, whole. Where the author ends so, accept the finding.

## Where it errs
Captions, deks and last items of a list that read like a sentence without its mark; on complete articles two in a hundred are
reported, on pages taken with all that stands around the article four. A cut at the end of a sentence, in verse, in a table or
in a heading is not found. Confidence comes from the score: from 0.5 to 0.97.
",
};

/// So much of what is missing is shown, in bytes.
const SHOWN: usize = 200;

impl Check for MidSentence {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let least = document.settings.value(&LEAST);
        let Some(end) = ending::open_ends(text).find(|end| f64::from(end.score) >= least) else {
            return;
        };
        let span = text.source.span_of(end.tail);
        let finding = RULE
            .finding(document.at(span), "the text ends in the middle of a sentence")
            .help("compare it with its source and take it again, whole")
            .label(end.sign.name())
            .confidence(confidence(&end))
            .evidence("sign", end.sign.name())
            .evidence("score", end.score)
            .evidence("signals", json!(names(&end)));
        findings.push(match longer_copy(text, &end) {
            Some((copy, rest)) => finding
                .severity(Severity::Error)
                .confidence(0.99)
                .evidence("missing", json!(prefix(&text.source.text_of(rest), SHOWN)))
                .related(document.at(copy), "the same passage goes on here"),
            None => finding,
        });
    }
}

/// The chance that the scores stand for, never said to be certain.
fn confidence(end: &OpenEnd<'_>) -> f32 {
    let odds = end.score.clamp(-90, 90) as f32 / 10.0;
    let chance = 1.0 / (1.0 + (-odds).exp());
    (chance * 100.0).round().clamp(50.0, 97.0) / 100.0
}

/// What was seen, with its weight.
fn names(end: &OpenEnd<'_>) -> Vec<String> {
    let seen = SIGNALS.iter().enumerate().filter(|(at, _)| end.signals >> at & 1 == 1);
    seen.map(|(_, (name, weight))| format!("{name} ({weight:+})")).collect()
}

/// The copy of the last paragraph that goes on where it breaks off, and how it goes on.
fn longer_copy(text: &Text<'_>, end: &OpenEnd<'_>) -> Option<(Span, Span)> {
    let units = &text.statement().units;
    let cut =
        |one: &&crate::text::repeats::Repeat| one.later_unit == end.unit && one.later_rest == 0 && one.earlier_rest > 0;
    let repeat = text.repeats().iter().find(cut)?;
    let whole = units[repeat.earlier_unit].span;
    let rest = text.source.span(repeat.earlier.end(), whole.end())?;
    Some((repeat.earlier.to(rest), rest))
}
