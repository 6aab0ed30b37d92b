//! `date/publication-conflict`: the manifest and the text disagree about when it was published.

use jiff::civil::Date;

use crate::checks::{Check, Document, Rule};
use crate::date::When;
use crate::finding::{Finding, Severity};
use crate::manifest::Spanned;
use crate::setting::Setting;
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
    settings: &[&LEAST],
    docs: "\
## What it does
Compares `published_at` with the days that the text prints. Each of them is weighed by its role, by how far it is from the
head of the prose and the title, and by the dates beside it. It is a warning where none of them is the recorded day, and it is
likely that one of them is that of publication; an error where a single one is likely, by a word for publication or as a
date line at the head of the prose. Where the recorded day stands in the text, only a far likelier one contradicts it.

A day of difference is allowed, for time zones; a numeric date that leaves day and month open agrees with either reading.
Dates of retrieval, of a copyright, and dates in running prose are not taken for a publication. A text may have been changed
after it was published, so that a date of a change contradicts only a later publication.

## Why it matters
Day and month swapped, a year mistyped, the date of a comment or of the crawl taken for that of the article: the record
looks exact and is wrong.

## Example
`published_at: 2016-11-08` for a text whose second line is `11 August 2016`.

## What to do
Look which of the two is right. Correct `published_at`, or accept the finding where the text carries a later stamp.

## Where it errs
Pages that print the day of a revision or of a move to another system as if it were the first publication, without a word for
it: about 4 of 100 right records on pages from the web are warned about, and 2 are called errors. Of wrong records on such
pages nearly nine of ten are found; the rest print no date. The text of a press agency that is published a few days later
elsewhere is a conflict only where it carries the date of the first publication. Confidence is the likelihood that a printed
day is that of publication.
",
};

/// Time zones put one instant on two days.
const TOLERANCE: i32 = 1;
/// How likely it has to be that the text prints its day of publication.
pub static LEAST: Setting = Setting {
    key: "date/publication-conflict.least",
    default: 0.1,
    range: (0.01, 0.99),
    meaning: "how likely it has to be that the text prints the day of its publication, from 0 to 1",
};

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
        let stated = statement.best.filter(|stated| contradicts(statement, stated, range));
        let Some(stated) = stated.filter(|stated| stated.printed >= document.settings.value(&LEAST)) else {
            return;
        };
        if let Some(severity) = severity(statement, &stated, range) {
            findings.push(finding(document, recorded, &stated).severity(severity));
        }
    }
}

fn contradicts(statement: &Statement<'_>, stated: &Published, range: (Date, Date)) -> bool {
    let here = statement.dates.iter().find(|date| date.span == stated.span);
    let agrees = here.is_some_and(|date| date.mention.is_within(TOLERANCE, range));
    let changed_later = stated.role == Role::Modified && stated.date.first() > range.1;
    !agrees && !changed_later && dates::gap(stated.date, range) > TOLERANCE
}

/// How much the contradiction weighs; a recorded date that the text prints elsewhere is contradicted only by a far likelier
/// one.
fn severity(statement: &Statement<'_>, stated: &Published, range: (Date, Date)) -> Option<Severity> {
    let mut days = statement.dates.iter().filter(|date| dates::is_day(date.mention.date));
    let printed = days.any(|date| date.mention.is_within(TOLERANCE, range));
    let firm = stated.alone && stated.standing != Standing::Far;
    match (printed, firm) {
        (false, true) => Some(Severity::Error),
        (true, false) => None,
        _ => Some(Severity::Warning),
    }
}

fn finding(document: &Document<'_>, recorded: &Spanned<When>, stated: &Published) -> Finding {
    let message = match stated.is_likely() {
        true => format!(
            "the text gives {} as its date of publication, the manifest {}",
            stated.date, recorded.value
        ),
        false => format!("the text prints dates of its own, none of them {}", recorded.value),
    };
    RULE.finding(document.at(stated.span), message)
        .help("look which of the two is right, and correct `published_at` where it is not")
        .related(document.recorded(recorded.span), "the manifest says so here")
        .confidence(((stated.printed * 100.0).round() / 100.0) as f32)
        .evidence("stated", stated.date.to_string())
        .evidence("recorded", recorded.value.to_string())
        .evidence("role", stated.role.name())
        .evidence("likelihood", (stated.likelihood * 100.0).round() / 100.0)
}
