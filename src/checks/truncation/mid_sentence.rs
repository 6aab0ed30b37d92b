//! `truncation/mid-sentence`: the text ends in the middle of a sentence.

use serde_json::json;

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Severity};
use crate::setting::Setting;
use crate::similarity::{Pair, Place};
use crate::text::ending::{Cut, SIGNALS};
use crate::text::prefix;

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
a list, addresses, languages without end marks, and the signature of a letter are passed over. A letter is told by its form: a line
that calls somebody or takes leave, and a short last line that ends with a name.

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
in a heading is not found, nor is a letter that was cut after a name in the first words of a paragraph. Confidence comes from the score: from 0.5 to 0.97.
",
};

/// So much of what is missing is shown, in bytes.
const SHOWN: usize = 200;
/// So much of a paragraph is looked at for it.
const PARAGRAPH: u64 = 4000;
/// So many bytes of marks may stand between the end of a passage and that of a text.
const MARKS: u64 = 8;

impl Check for MidSentence {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn compares(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let within = survey.passages.within();
        for (text, features) in survey.features.iter().enumerate() {
            let least = survey.setting(text, &LEAST);
            let cuts = features.iter().flat_map(|features| &features.cuts);
            let cut = cuts.into_iter().find(|cut| f64::from(cut.score) >= least);
            let pairs = within.get(&text).map_or(&[][..], Vec::as_slice);
            findings.extend(cut.map(|cut| finding(survey, text, cut, pairs)));
        }
    }
}

fn finding(survey: &Survey<'_>, text: usize, cut: &Cut, pairs: &[&Pair]) -> Finding {
    let finding = RULE
        .finding(
            Location::at(survey.name(text), cut.span),
            "the text ends in the middle of a sentence",
        )
        .help("compare it with its source and take it again, whole")
        .label(cut.sign.name())
        .confidence(confidence(cut))
        .evidence("sign", cut.sign.name())
        .evidence("score", cut.score)
        .evidence("signals", json!(names(cut)));
    match longer_copy(survey, cut, pairs) {
        Some((copy, rest)) => finding
            .severity(Severity::Error)
            .confidence(0.99)
            .evidence("missing", json!(rest))
            .related(survey.place(copy), "the same passage goes on here"),
        None => finding,
    }
}

/// The chance that the scores stand for, never said to be certain.
fn confidence(cut: &Cut) -> f32 {
    let odds = cut.score.clamp(-90, 90) as f32 / 10.0;
    let chance = 1.0 / (1.0 + (-odds).exp());
    (chance * 100.0).round().clamp(50.0, 97.0) / 100.0
}

/// What was seen, with its weight.
fn names(cut: &Cut) -> Vec<String> {
    let seen = SIGNALS.iter().enumerate().filter(|(at, _)| cut.signals >> at & 1 == 1);
    seen.map(|(_, (name, weight))| format!("{name} ({weight:+})")).collect()
}

/// A passage of fewer words, or one that is less alike, proves nothing.
const WORDS: usize = 12;
const ALIKE: f32 = 0.8;

/// The copy of the last passage that goes on where it breaks off, with its rest, and what the rest is.
fn longer_copy(survey: &Survey<'_>, cut: &Cut, pairs: &[&Pair]) -> Option<(Place, String)> {
    let end = cut.span.end() as u64;
    let alike = pairs
        .iter()
        .filter(|pair| pair.words >= WORDS && pair.similarity >= ALIKE);
    let mut last = alike.filter(|pair| pair.b.start < end && end <= pair.b.end + MARKS);
    let copy = last.find(|pair| pair.b.end <= end + MARKS)?.a;
    let size = survey.passages.size_of(copy.text);
    let behind = survey
        .passages
        .read(copy.text, copy.end..(copy.end + PARAGRAPH).min(size))?;
    let rest = behind.split("\n\n").next().unwrap_or_default();
    let rest = rest.trim_end();
    let place = Place {
        end: copy.end + rest.len() as u64,
        ..copy
    };
    rest.contains(char::is_alphanumeric)
        .then(|| (place, prefix(rest, SHOWN).to_owned()))
}
