//! `duplicate/repeated-passage`: a passage that stands twice in one text.

use serde_json::{Value, json};

use crate::checks::{Check, Document, Rule};
use crate::diff::changes;
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::repeats::Repeat;

/// See [`RULE`].
#[derive(Debug)]
pub struct RepeatedPassage;

/// What it is.
pub static RULE: Rule = Rule {
    id: "duplicate/repeated-passage",
    severity: Severity::Warning,
    summary: "a passage that stands twice in one text, nearly alike",
    settings: &[],
    docs: "\
## What it does
Finds passages of twelve words or more that stand twice in one text with at least four words in five the same, and shows
what differs. The shorter copy is underlined, or the later one where both are as long. In scripts without spaces two
characters count as a word.

Verse, headings, lists, notes, turns of phrase inside longer paragraphs, and formulas that stand more than three times are
passed over.

## Why it matters
A caption printed again under a second picture, a lead repeated as a pull quote, a paragraph pasted twice: the text says
it once. Counts of words, of sources and of mentions are wrong with it, and one of the two copies is often damaged.

## Example
```text
Ferrymen carry blue lamps while they wait for the first of the barges at the broken weir, Verrin.

Ferrymen carry blue lamps while they wait for the first of the barges at the broken weir
```

## What to do
Compare both with the source, keep the whole one, and remove the other.

## Where it errs
A refrain in prose, a form of words that a legal text repeats twice or three times, and a speech that is quoted and later quoted
again are named, though they belong to the text. A copy of fewer than twelve words, or with more than one word in five changed, is
missed. At most 20 passages of a text are named, and only in its first 32 MiB. The confidence is
the share of words that both copies have.
",
};

/// So many differences are shown.
const SHOWN: usize = 12;

impl Check for RepeatedPassage {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        findings.extend(text.repeats().iter().map(|repeat| finding(document, text, repeat)));
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, repeat: &Repeat) -> Finding {
    let words = |span: Span| text.source.text_of(span).split_whitespace().count();
    let earlier_is_shorter = words(repeat.earlier) * 11 < words(repeat.later) * 10;
    let (copy, original) = if earlier_is_shorter {
        (repeat.earlier, repeat.later)
    } else {
        (repeat.later, repeat.earlier)
    };
    let changes = changes(&text.source.text_of(original), &text.source.text_of(copy));
    let changes: Vec<String> = changes.iter().take(SHOWN).map(ToString::to_string).collect();
    let how = if changes.is_empty() {
        "word for word"
    } else {
        "with changes"
    };
    RULE.finding(
        document.at(copy),
        format!("a passage of {} words stands twice, {how}", repeat.words),
    )
    .help("compare both with the source and keep the whole one")
    .related(document.at(original), "the other copy")
    .confidence(repeat.similarity)
    .evidence(
        "similarity",
        json!((f64::from(repeat.similarity) * 1000.0).round() / 1000.0),
    )
    .evidence("words", repeat.words)
    .evidence("changes", Value::from(changes))
}
