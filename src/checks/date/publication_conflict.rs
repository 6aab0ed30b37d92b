//! `date/publication-conflict`: the manifest and the text disagree about when it was published.

use jiff::civil::Date;

use crate::checks::{Check, Document, Rule};
use crate::date::When;
use crate::finding::{Finding, Severity};
use crate::manifest::Spanned;
use crate::text::dates;
use crate::text::published::Standing;
use crate::text::role::Role;
use crate::text::statement::{Published, Statement};

/// See [`RULE`].
#[derive(Debug)]
pub struct PublicationConflict;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/publication-conflict",
    severity: Severity::Warning,
    summary: "a recorded date of publication that the text contradicts",
    settings: &[],
    docs: "\
## What it does
Compares `published_at` with the date of publication that the text states: one with a word for publication, or a date line
at the head of the prose. A day of difference is allowed, for time zones; a numeric date that leaves day and month open
agrees with either reading. It is an error where the recorded date stands nowhere in the text.

Dates of retrieval, of a change, of a copyright, and dates in running prose are not taken for a publication.

## Why it matters
Day and month swapped, a year mistyped, the date of a comment or of the crawl taken for that of the article: the record
looks exact and is wrong.

## Example
`published_at: 2016-11-08` for a text whose second line is `11 August 2016`.

## What to do
Look which of the two is right. Correct `published_at`, or accept the finding where the text carries a later stamp.
",
};

/// Time zones put one instant on two days.
const TOLERANCE: i32 = 1;

impl Check for PublicationConflict {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let (Some(text), Some(recorded)) = (document.text, &document.entry.published_at) else {
            return;
        };
        let statement = text.statement();
        let range = (recorded.value.first(), recorded.value.last());
        let stated = statement
            .published
            .filter(|stated| contradicts(statement, stated, range));
        if let Some(stated) = stated {
            findings.extend(
                severity(statement, &stated, range)
                    .map(|severity| finding(document, recorded, &stated).severity(severity)),
            );
        }
    }
}

fn contradicts(statement: &Statement<'_>, stated: &Published, range: (Date, Date)) -> bool {
    let here = statement.dates.iter().find(|date| date.span == stated.span);
    let agrees = here.is_some_and(|date| date.mention.is_within(TOLERANCE, range));
    stated.role != Role::Modified && !agrees && dates::gap(stated.date, range) > TOLERANCE
}

/// How much the contradiction weighs; a recorded date that the text prints elsewhere is contradicted only by a firm one.
fn severity(statement: &Statement<'_>, stated: &Published, range: (Date, Date)) -> Option<Severity> {
    let day = |date: &&crate::text::statement::TextDate| dates::is_day(date.mention.date);
    let printed = statement
        .dates
        .iter()
        .filter(day)
        .any(|date| date.mention.is_within(TOLERANCE, range));
    match (printed, stated.standing) {
        (false, Standing::Said | Standing::Near) => Some(Severity::Error),
        (false, Standing::Far) => (stated.role != Role::Dateline).then_some(Severity::Warning),
        (true, Standing::Said | Standing::Near) if stated.alone => Some(Severity::Warning),
        (true, _) => None,
    }
}

fn finding(document: &Document<'_>, recorded: &Spanned<When>, stated: &Published) -> Finding {
    let message = format!(
        "the text gives {} as its date of publication, the manifest {}",
        stated.date, recorded.value
    );
    RULE.finding(document.at(stated.span), message)
        .help("look which of the two is right, and correct `published_at` where it is not")
        .related(document.recorded(recorded.span), "the manifest says so here")
        .confidence(if stated.standing == Standing::Far { 0.7 } else { 0.9 })
        .evidence("stated", stated.date.to_string())
        .evidence("recorded", recorded.value.to_string())
        .evidence("role", stated.role.name())
}
