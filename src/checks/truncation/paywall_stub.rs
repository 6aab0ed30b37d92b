//! `truncation/paywall-stub`: the beginning of a text, and then the request to pay for the rest.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::text::Text;
use crate::text::sentence::sentences;
use crate::text::unit::{Kind, Unit};

/// See [`RULE`].
#[derive(Debug)]
pub struct PaywallStub;

/// More words before the request are a text.
static MOST: Setting = Setting {
    key: "truncation/paywall-stub.most",
    default: 150.0,
    range: (1.0, 10_000.0),
    meaning: "the most words of prose that may stand before the request to pay",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/paywall-stub",
    severity: Severity::Warning,
    summary: "the beginning of a text, and then the request to pay for the rest",
    settings: &[&MOST],
    docs: "\
## What it does
Finds a line or a sentence such as `To continue reading, subscribe` or `This article is for subscribers only`, in twelve
languages, where little prose stands before it and less after it.

## Why it matters
The page gave the first lines of a text to whoever does not pay. Their digest certifies the first lines.

## Example
```text
The gates were shut in June, and the wards above the mill have had no water since.

Subscribe to continue reading.
```

## What to do
Take the text again with access to it, or take it from an archive that has it whole.

## Where it errs
A short text that is whole on a page that asks for subscriptions, and a list of teasers, one of them for subscribers.
Confidence 0.8. A page that asks in words that no list has is not found.
",
};

impl Check for PaywallStub {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let most = document.settings.value(&MOST);
        let Some((request, words)) = request(text, most) else {
            return;
        };
        let finding = RULE
            .finding(
                document.at(text.source.span_of(request)),
                "the text stops here and asks to pay for the rest",
            )
            .help("take it again with access to it");
        findings.push(
            finding
                .confidence(0.8)
                .evidence("words", words)
                .evidence("phrase", request),
        );
    }
}

/// So many units are looked at.
const UNITS: usize = 400;

/// The last request that stands after some prose and before less of it, and how many words stand before it.
fn request<'a>(text: &'a Text<'a>, most: f64) -> Option<(&'a str, usize)> {
    let units = &text.statement().units;
    let (mut words, mut found) = (0, None);
    for (at, unit) in units.iter().enumerate().take(UNITS) {
        if let Some(request) = asks(text, unit.text).filter(|_| words > 0) {
            found = Some((at, request, words));
        }
        words += prose(std::slice::from_ref(unit));
        if words as f64 > most {
            break;
        }
    }
    let (at, request, words) = found?;
    (prose(&units[at + 1..]) <= words).then_some((request, words))
}

/// The words of prose.
fn prose(units: &[Unit<'_>]) -> usize {
    let prose = units
        .iter()
        .filter(|unit| matches!(unit.kind, Kind::Prose | Kind::Fragment));
    prose.map(|unit| unit.words).sum()
}

/// The line, or the sentence of it, that asks to pay.
fn asks<'a>(text: &Text<'_>, line: &'a str) -> Option<&'a str> {
    let language = text.statement().language;
    let is_request = |line: &str| text.phrases.is_of_class(line, "paywall", language);
    if is_request(line) {
        return Some(line);
    }
    let mut pieces = sentences(line, language).map(|range| &line[range]);
    pieces.find(|piece| piece.len() < line.len() && is_request(piece))
}
