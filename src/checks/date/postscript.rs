//! `date/postscript`: a text that was written at two times.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::statement::Statement;
use crate::text::unit::Unit;

/// See [`RULE`].
#[derive(Debug)]
pub struct Postscript;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/postscript",
    severity: Severity::Info,
    summary: "a passage that was added after the text was written",
    settings: &[],
    docs: "\
## What it does
Looks at the last paragraphs of a text for one that says it was written later than the rest: it begins with a word for a
postscript, or speaks of the time since the text was written.

## Why it matters
One date of publication cannot stand for both parts. `Yesterday` in the text and `yesterday` in the postscript are different
days, and what the postscript tells of is later than the text.

## Example
`In the weeks since this report was written, the lower gate has been repaired.`

## What to do
Record the day of the postscript as `modified_at`, where it is known.

## Where it errs
A letter in a novel may have a postscript, written in the same minute. Words of other languages than English, German, French,
Spanish, Italian, Portuguese, Dutch, Polish and Russian are not known. Confidence 0.7.
",
};

/// So many units from the end are looked at.
const LAST: usize = 12;
/// So much of a unit is looked at, in bytes.
const SAMPLE: usize = 400;
/// A first word is looked for in so many bytes.
const HEAD: usize = 32;

/// First words of a postscript, in lower case, with the usual slips of the pen.
const HEADS: &[&str] = &[
    "postscript",
    "postcript",
    "postsript",
    "post-script",
    "p.s.",
    "addendum",
    "nachtrag",
    "nachschrift",
    "post-scriptum",
    "post scriptum",
    "posdata",
    "postdata",
    "poscritto",
    "post scriptum",
    "pós-escrito",
    "naschrift",
    "dopisek",
    "постскриптум",
];

/// What is said of the time since a text was written, in lower case.
const SINCE: &[&str] = &[
    "the writing of this",
    "since this was written",
    "after this was written",
    "since writing this",
    "after writing this",
    "since i wrote this",
    "since we wrote this",
    "article was written,",
    "report was written,",
    "piece was written,",
    "text was written,",
    "essay was written,",
    "article went to press",
    "after we went to press",
    "nach redaktionsschluss",
    "seit dieser text geschrieben wurde",
    "nachdem dieser text geschrieben",
    "nachdem dieser artikel geschrieben",
    "depuis la rédaction de ce",
    "depuis l’écriture de ce",
    "après la rédaction de ce",
    "desde que se escribió est",
    "después de escribir est",
    "dopo la stesura di quest",
    "desde que este texto foi escrito",
    "desde que este artigo foi escrito",
    "sinds dit artikel werd geschreven",
    "od czasu napisania tego",
    "после написания эт",
    "с момента написания эт",
];

impl Check for Postscript {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let statement = text.statement();
        let Some(unit) = postscript(statement) else { return };
        let mut finding = RULE
            .finding(document.at(unit.span), "this was added after the text was written")
            .help("record the day of the addition as `modified_at`, where it is known")
            .confidence(0.7);
        if let Some(published) = statement.published {
            finding = finding.related(document.at(published.span), "the date of the text");
        }
        if let Some(recorded) = &document.entry.published_at {
            finding = finding.related(document.recorded(recorded.span), "the recorded date of publication");
        }
        findings.push(finding);
    }
}

fn postscript<'a>(statement: &'a Statement<'_>) -> Option<&'a Unit<'a>> {
    let units = &statement.units;
    let last = units.len().saturating_sub(LAST).max(1).min(units.len());
    units[last..].iter().find(|unit| is_later(unit.text))
}

/// All of [`SINCE`] in one look.
static SPEAKS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(SINCE).ok());

fn is_later(text: &str) -> bool {
    let start = text.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let lower = crate::text::prefix(start, HEAD).to_lowercase();
    let head = |head: &str| {
        let rest = lower.strip_prefix(head);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let sample = crate::text::prefix(text, SAMPLE);
    HEADS.iter().any(|word| head(word)) || SPEAKS.as_ref().is_some_and(|speaks| speaks.is_match(sample))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_passages() {
        for text in [
            "Postscript. The gate was mended in June.",
            "Postcript: the gate was mended in June.",
            "**P.S.** Bring the lamps.",
            "Since the writing of this report two more wheels have stopped.",
            "Nach Redaktionsschluss wurde bekannt, dass das Wehr hält.",
        ] {
            assert!(is_later(text), "{text}");
        }
        for text in [
            "Postscripts are dull.",
            "PSALM 12",
            "The article was written in haste.",
            "",
        ] {
            assert!(!is_later(text), "{text}");
        }
    }
}
