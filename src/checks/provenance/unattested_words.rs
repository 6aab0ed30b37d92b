//! `provenance/unattested-words`: words of a text that do not stand in the record of a web archive that it is said to be from.

use crate::checks::{Archived, Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::similarity::Place;
use crate::warc::likeness::Likeness;
use crate::warc::witness::Comparison;

/// See [`RULE`].
#[derive(Debug)]
pub struct UnattestedWords;

/// The share of the words that must stand in the record.
static SHARE: Setting = Setting {
    key: "provenance/unattested-words.share",
    default: 0.98,
    range: (0.0, 1.0),
    meaning: "the share of the words of a text that must stand in its record, in order; less is told",
};

/// A smaller share is more than a heading and a few corrections.
const WARNED: f64 = 0.8;
/// Fewer words show nothing.
const FEW: usize = 8;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/unattested-words",
    severity: Severity::Warning,
    summary: "words of a text that do not stand in the record of a web archive that it is said to be from",
    settings: &[&SHARE],
    docs: "\
## What it does
Compares a text with the content of the record that `archive.warc` names. The same bytes are all that is wanted. Otherwise the words of
the text are looked for in the record: of HTML in what is read of it, without tags, scripts and styles, its references decoded. They must
stand there in their order; what stands between them in the page, its menus, captions and buttons, counts for nothing. Rows of three
words are chained, so that one changed word costs one word, and a paragraph that was moved costs its length.

It tells the share that stands there where it is less than 98 %: as info, and as a warning where it is less than 80 %.

## Why it matters
A digest proves that the text is the one on record, and the record that the page was there. Only this ties the two together: that the
text is of that page.

## Example
A text of which 61 % of the words stand in its record: the rest was taken from a later version of the page.

## Where it errs
A page that is put together by scripts has its text in these; where little is found, they are searched too, with their escapes. Lines
that an editor has put above a text, a title, a date, a byline, are not in the page, and weigh much in a short text. A translation, a
transcript of speech or a text from the second of several pages shares nothing with the record, rightly or not.

## What to do
Look at the longest stretch that is not there, which is underlined. Name the record that has it, or take the text from this one anew.
",
};

impl Check for UnattestedWords {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for archived in survey.archived() {
            match archived.witness().map(|witness| &witness.content) {
                Some(Comparison::Words(likeness)) => findings.extend(finding(survey, &archived, likeness)),
                Some(Comparison::None(why)) => findings.push(uncompared(survey, &archived, why)),
                Some(Comparison::Same) | None => {}
            }
        }
    }
}

/// A share in percent, rounded down: 100 % is all of it.
fn percent(likeness: &Likeness) -> usize {
    (likeness.found * 100).checked_div(likeness.words).unwrap_or(100)
}

fn finding(survey: &Survey<'_>, archived: &Archived<'_>, likeness: &Likeness) -> Option<Finding> {
    let share = likeness.share();
    if likeness.words < FEW || share >= survey.settings.value(&SHARE) {
        return None;
    }
    let message = format!(
        "{} % of the words of the text stand in its record, in order: {} of {}",
        percent(likeness),
        likeness.found,
        likeness.words
    );
    let place = survey.place(Place {
        text: archived.index,
        start: likeness.strange.start as u64,
        end: likeness.strange.end as u64,
    });
    let finding = RULE
        .finding(place, message)
        .label("the longest stretch that does not")
        .related(survey.at(archived.entry, archived.record.span), "this is the record")
        .help("name the record that has it, or take the text anew")
        .evidence("words", likeness.words)
        .evidence("found", likeness.found);
    Some(if share < WARNED {
        finding
    } else {
        finding.severity(Severity::Info)
    })
}

fn uncompared(survey: &Survey<'_>, archived: &Archived<'_>, why: &str) -> Finding {
    let message = format!(
        "{} was not compared with its record, whose content {why}",
        archived.entry.name()
    );
    let finding = RULE.finding(survey.at(archived.entry, archived.record.span), message);
    finding.severity(Severity::Info)
}
