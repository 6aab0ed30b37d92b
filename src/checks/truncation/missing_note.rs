//! `truncation/missing-note`: notes without their marks, or marks without their notes.

use memchr::memchr_iter;
use serde_json::json;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::unit::{self, Kind};

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingNote;

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/missing-note",
    severity: Severity::Info,
    summary: "a note without its mark, or a mark without its note",
    settings: &[],
    docs: "\
## What it does
Compares the note marks in a text (`the gate [3]`) with the notes at its end (`[3] Shut since June.`). Where a text has notes,
each mark without a note and each note without a mark is named, in one finding; where it has marks from 1 on and no note at
all, the notes as a whole are missing.

## Why it matters
Notes stand at the end of a page, where texts are cut first. A note without its mark belongs to a passage that is gone.

## Example
```text
The gates were shut [1] in June [2].

[1] The order is lost.
```

## What to do
Take the missing part from the source, or accept the finding where the notes were left out on purpose.

## Where it errs
Numbers in brackets that are no notes: citations by number, indices, editions. Confidence 0.5.
",
};

impl Check for MissingNote {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let numbers = Numbers::of(text);
        let Some((place, what, missing)) = numbers.missing() else {
            return;
        };
        let finding = RULE
            .finding(document.at(place), format!("{what}: {}", shown(&missing)))
            .help("take the missing part from the source")
            .confidence(0.5);
        findings.push(finding.evidence("numbers", json!(missing)));
    }
}

/// Numbers of notes have at most so many digits.
const DIGITS: usize = 3;
/// Fewer marks than these, in a text without notes, are something else.
const SERIES: usize = 3;
/// So many numbers are named.
const SHOWN: usize = 8;

fn shown(numbers: &[u16]) -> String {
    let first = numbers.iter().take(SHOWN).map(|number| format!("[{number}]"));
    let more = if numbers.len() > SHOWN { " and more" } else { "" };
    format!("{}{more}", first.collect::<Vec<_>>().join(", "))
}

/// The numbers in brackets of a text, each with its first place.
#[derive(Debug, Default)]
struct Numbers {
    marks: Vec<(u16, Span)>,
    notes: Vec<(u16, Span)>,
}

impl Numbers {
    fn of(text: &Text<'_>) -> Self {
        let mut numbers = Self::default();
        let bytes = text.text.as_bytes();
        for open in memchr_iter(b'[', bytes) {
            let Some((number, span)) = number(text, open) else {
                continue;
            };
            let list = if begins_line(&bytes[..open]) {
                &mut numbers.notes
            } else if is_code(text, open) {
                continue;
            } else {
                &mut numbers.marks
            };
            list.push((number, span));
        }
        for list in [&mut numbers.marks, &mut numbers.notes] {
            list.sort_by_key(|(number, span)| (*number, span.start()));
            list.dedup_by_key(|(number, _)| *number);
        }
        numbers
    }

    /// What is missing, the first place that shows it, and which numbers.
    fn missing(&self) -> Option<(Span, &'static str, Vec<u16>)> {
        let series = (1..)
            .zip(&self.marks)
            .take_while(|(at, (number, _))| at == number)
            .count();
        if self.notes.is_empty() {
            return (series >= SERIES).then(|| {
                (
                    self.marks[0].1,
                    "the notes to these marks are missing",
                    numbers(&self.marks),
                )
            });
        }
        if self.marks.is_empty() {
            return None;
        }
        let lone = without(&self.marks, &self.notes);
        let idle = without(&self.notes, &self.marks);
        let (what, list) = match () {
            () if !lone.is_empty() => ("there is no note to these marks", lone),
            () => ("there is no mark to these notes", idle),
        };
        Some((list.first()?.1, what, numbers(&list)))
    }
}

fn numbers(list: &[(u16, Span)]) -> Vec<u16> {
    list.iter().map(|(number, _)| *number).collect()
}

/// Those of one list that the other has not; both are sorted.
fn without(list: &[(u16, Span)], other: &[(u16, Span)]) -> Vec<(u16, Span)> {
    let has = |number: u16| other.binary_search_by_key(&number, |(number, _)| *number).is_ok();
    list.iter().filter(|(number, _)| !has(*number)).copied().collect()
}

/// The number in the bracket that opens there.
fn number(text: &Text<'_>, open: usize) -> Option<(u16, Span)> {
    let rest = &text.text.as_bytes()[open + 1..];
    let digits = rest
        .iter()
        .take(DIGITS + 1)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let closed = (1..=DIGITS).contains(&digits) && rest.get(digits) == Some(&b']');
    let number = closed.then(|| text.text[open + 1..=open + digits].parse().ok())??;
    Some((number, text.source.span(open, open + digits + 2)?))
}

/// Whether a line begins after these bytes, indented a little at most.
fn begins_line(before: &[u8]) -> bool {
    let indent = before.iter().rev().take(4).take_while(|byte| **byte == b' ').count();
    matches!(before[..before.len() - indent].last(), None | Some(b'\n'))
}

/// Whether a bracket is an index (`gates[2] = shut`), by its line.
fn is_code(text: &Text<'_>, open: usize) -> bool {
    let line = text
        .lines
        .partition_point(|line| line.span.start() <= open)
        .saturating_sub(1);
    let units = &text.statement().units;
    let at = text.statement().unit_of(line).map(|at| &units[at]);
    at.is_none_or(|unit| unit.kind == Kind::Code || unit.words < unit::PROSE_WORDS)
}
