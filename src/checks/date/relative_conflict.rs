//! `date/relative-conflict`: `yesterday`, with a date that was not the day before the text.

use jiff::civil::Date;

use crate::checks::{Check, Document, Rule, limit};
use crate::finding::{Finding, Location, Severity};
use crate::text::dates;
use crate::text::published::Standing;
use crate::text::role::Role;
use crate::text::statement::{Statement, TextDate};

/// See [`RULE`].
#[derive(Debug)]
pub struct RelativeConflict;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/relative-conflict",
    severity: Severity::Info,
    summary: "`yesterday` or `today` beside a date that does not fit the publication",
    settings: &[],
    docs: "\
## What it does
Looks at full dates in prose with a word for yesterday, today or tomorrow right before them (`yesterday, 10 August 2016`) and
compares them with `published_at`, or with the date of publication that the text states. It reports those that are more than
three days off, since a text may be printed some days after it was written.

It reports contradictions only. That a relative date fits confirms nothing: one weekday in seven does.

## Why it matters
Whoever wrote `yesterday` knew what day it was. The date of publication is the one that is wrong, or the passage is taken from
an older text.

## Example
`Yesterday, 4 May 2011, the council met` in a text that is stamped `12 October 2018`.

## What to do
Look both up. No fix is offered, since either may be the wrong one.

## Where it errs
Quotations of older texts, diaries and letters within a text speak of their own day, which is why it is info. Words in
English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and Russian are known. Confidence 0.6.
",
};

/// A text is printed so many days after it was written, at most.
const DELAY: i32 = 3;
/// So much before a date is looked at, in bytes.
const REACH: usize = 32;

/// Words for yesterday, today and tomorrow, in lower case.
const WORDS: &[(&str, i32)] = &[
    ("yesterday", -1),
    ("today", 0),
    ("tomorrow", 1),
    ("gestern", -1),
    ("heute", 0),
    ("morgen", 1),
    ("hier", -1),
    ("aujourd’hui", 0),
    ("aujourd'hui", 0),
    ("demain", 1),
    ("ayer", -1),
    ("hoy", 0),
    ("ieri", -1),
    ("oggi", 0),
    ("domani", 1),
    ("ontem", -1),
    ("hoje", 0),
    ("amanhã", 1),
    ("gisteren", -1),
    ("vandaag", 0),
    ("wczoraj", -1),
    ("dzisiaj", 0),
    ("jutro", 1),
    ("вчера", -1),
    ("сегодня", 0),
    ("завтра", 1),
];

impl Check for RelativeConflict {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let statement = text.statement();
        let Some((published, place)) = publication(document, statement) else {
            return;
        };
        let cited = statement
            .dates_as(Role::Cited)
            .filter(|date| date.mention.day().is_some());
        let wrong = cited.filter_map(|date| {
            let (word, days) = word_before(text.text, date.mention.start)?;
            let written = i64::from(dates::gap(date.mention.date, published)) - i64::from(days.abs());
            (written > i64::from(DELAY)).then(|| finding(document, date, word, place.clone()))
        });
        limit::limit(wrong, findings);
    }
}

/// When the text was published, by the record or firmly by its own words, and where that stands.
fn publication(document: &Document<'_>, statement: &Statement<'_>) -> Option<((Date, Date), Location)> {
    if let Some(recorded) = &document.entry.published_at {
        let range = (recorded.value.first(), recorded.value.last());
        return Some((range, document.recorded(recorded.span)));
    }
    let stated = statement.published.filter(|stated| stated.standing != Standing::Far)?;
    Some(((stated.date.first(), stated.date.last()), document.at(stated.span)))
}

/// The word for a day that stands right before a date.
fn word_before(text: &str, date: usize) -> Option<(&'static str, i32)> {
    let from = date.saturating_sub(REACH);
    let from = (from..=date).find(|&at| text.is_char_boundary(at))?;
    let signs = |sign: char| matches!(sign, ' ' | ',' | '(' | '\u{a0}' | '–' | '-');
    let mut before = text[from..date].trim_end_matches(signs);
    for article in [" on", " am", " den", " dem", " le", " el", " il", " dia", " the"] {
        before = before.strip_suffix(article).unwrap_or(before).trim_end_matches(signs);
    }
    let start = before.rsplit([' ', '\n', '(', '“', '"', ',']).next()?;
    let word = start
        .trim_start_matches(|sign: char| !sign.is_alphanumeric())
        .to_lowercase();
    WORDS.iter().find(|(known, _)| *known == word).copied()
}

fn finding(document: &Document<'_>, date: &TextDate, word: &str, place: Location) -> Finding {
    let day = date.mention.date;
    RULE.finding(
        document.at(date.span),
        format!("`{word}` is {day} here, which does not fit the date of publication"),
    )
    .help("look both up; the passage may be older than the text")
    .related(place, "the date of publication")
    .confidence(0.6)
    .evidence("day", day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_dates() {
        let of = |text: &str| word_before(text, text.len()).map(|(word, _)| word);
        assert_eq!(of("Yesterday, "), Some("yesterday"));
        assert_eq!(of("and gestern, am "), Some("gestern"));
        assert_eq!(of("(hier, le "), Some("hier"));
        assert_eq!(of("hat“ "), None);
        assert_eq!(of("on "), None);
        assert_eq!(of(""), None);
    }
}
