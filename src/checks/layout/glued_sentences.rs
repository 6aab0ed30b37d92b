//! `layout/glued-sentences`: a sentence that begins right behind the full stop of the one before.

use super::marked::Code;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::Text;
use crate::text::glue::{Stop, begins_firmly, begins_sentence};

/// See [`RULE`].
#[derive(Debug)]
pub struct GluedSentences;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/glued-sentences",
    severity: Severity::Warning,
    summary: "a sentence right behind the full stop of the one before",
    settings: &[],
    docs: "\
## What it does
Finds a word in small letters, a full stop, question mark or exclamation mark, and a capitalised word right behind it:
`yesterday.The mill`. Where the word behind a full stop is none that sentences begin with (in eight languages), it makes an
`info`. Ends of addresses and of file names, and blocks of code, are left alone.

## Why it matters
Mostly a line break stood there: a paragraph, a caption or a note ended, and the next one was put behind it. Programs that cut a
text into sentences do not see the end, and take both for one.

## Example
`They left yesterday.The mill stood still.`

## What to do
See whether a paragraph ends there; put in a line break or a space.

## Where it errs
It takes a part of a program that is named in prose for the beginning of a sentence, where the part is called as sentences begin
(`context.With`). It does not see sentences that end with a name or an abbreviation. Confidence 0.95 before an
article, a pronoun or a question word, 0.85 before other words that sentences begin with, 0.6 before all others.

## Fix safety
Unsafe: a space is put in, and it may have been a line break.
",
};

/// Ends of addresses and file names that are written with a capital.
const SUFFIXES: [&str; 18] = [
    "At", "Ch", "Co", "Com", "De", "Edu", "Exe", "Fr", "Gov", "Html", "Info", "Io", "Js", "Net", "Org", "Pdf", "Txt",
    "Uk",
];

impl Check for GluedSentences {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let stops = &text.glue().stops;
        if stops.is_empty() {
            return;
        }
        let mut code = Code::of(text);
        let prose = stops.iter().filter(|stop| !code.holds(stop.line));
        limit(prose.filter_map(|stop| finding(document, text, stop)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, stop: &Stop) -> Option<Finding> {
    let next = &text.text[stop.at..stop.end];
    let place = text.source.span(stop.start, stop.end)?;
    let (severity, confidence) = match () {
        () if begins_firmly(next) => (Severity::Warning, 0.95),
        () if SUFFIXES.contains(&next) => return None,
        () if stop.mark != '.' || begins_sentence(next) => (Severity::Warning, 0.85),
        () => (Severity::Info, 0.6),
    };
    let finding = RULE
        .finding(
            document.at(place),
            format!("`{next}` stands right behind the end of a sentence"),
        )
        .help("see whether a paragraph ended there, and part the sentences");
    let space = text.source.span(stop.at, stop.at)?;
    Some(
        finding
            .severity(severity)
            .confidence(confidence)
            .evidence("next", next)
            .replace(Safety::Unsafe, space, " "),
    )
}
