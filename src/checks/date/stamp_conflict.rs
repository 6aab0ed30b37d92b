//! `date/stamp-conflict`: the date line of a page, taken for the date of the text.

use jiff::civil::Weekday;

use crate::checks::date::matter::Matter;
use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::corpus::Observed;
use crate::date::PartialDate;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::Entry;
use crate::text::dates;
use crate::text::page_stamp::{Doubt, GAP};
use crate::text::{Features, Stamp};

/// See [`RULE`].
#[derive(Debug)]
pub struct StampConflict;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/stamp-conflict",
    severity: Severity::Warning,
    summary: "a date line at the edge of a text that cannot be the date of the text",
    settings: &[],
    docs: "\
## What it does
Looks at a line that is nothing but a date among the first three or the last two lines of a text, and asks whether it can be
the date of the text:

* the body speaks as somebody does who writes near the event (`this Saturday`, `last week`, `of this year`), outside
  quotations, and every year that it names lies three years or more before the stamp;
* a paragraph that speaks so gives a full date, years before the stamp: an error;
* other texts of the corpus with the same names are of that earlier time: an error;
* the manifest gives an earlier `published_at`, or the stamp is the day of the retrieval: an error together with the first.

A text about the past is no conflict: without words of somebody who was there, or with a gap of more than 15 years, the rule
is silent. That a weekday agrees with the stamp counts for nothing, since one in seven does.

## Why it matters
Many pages print the day on which they were shown, or moved to a new system. It stands where readers expect the date of the
text, and puts an article years away from what it reports.

## Example
A text that is headed `Sat Mar 03, 2018`, tells what boat crews `made known this Saturday`, and gives 2011 as its latest year.

## What to do
Find the true date in the source or in a web archive, record it as `published_at`, and take the stamp for what it is.

## Where it errs
A look back that is written in the present tense, or an old text that was put on a site with the day of that as its only date:
there the stamp is right about the site and the finding right about the text. A novel of which a chapter begins with a date
speaks of years of its own; it is passed over where the last year is more than 15 before the stamp. Confidence 0.7, and 0.95
where a second witness contradicts the stamp.
",
};

impl Check for StampConflict {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let texts: Vec<Dated<'_>> = survey.entries().zip(survey.features).filter_map(Dated::new).collect();
        let suspects = || {
            texts
                .iter()
                .filter(|text| text.stamp().is_some_and(|stamp| stamp.doubt > Doubt::None))
        };
        if suspects().next().is_none() {
            return;
        }
        let matter = Matter::of(texts.iter().map(|text| text.features));
        findings.extend(suspects().filter_map(|text| text.finding(survey, &texts, &matter)));
    }
}

/// An entry whose text was read.
struct Dated<'a> {
    entry: &'a Entry,
    features: &'a Features,
}

impl<'a> Dated<'a> {
    fn new(((entry, _), features): ((&'a Entry, &'a Observed), &'a Option<Features>)) -> Option<Self> {
        let features = features.as_ref()?;
        Some(Self { entry, features })
    }

    fn stamp(&self) -> Option<&'a Stamp> {
        self.features.stamp.as_ref()
    }

    fn path(&self) -> &'a str {
        self.entry.path.as_ref().map_or("", |path| path.value.as_str())
    }

    fn finding(&self, survey: &Survey<'_>, texts: &[Self], matter: &Matter) -> Option<Finding> {
        let stamp = self.stamp()?;
        let at = |span| Location::at(self.path(), span);
        let mut finding = RULE
            .finding(
                at(stamp.span),
                format!(
                    "the text is stamped {}, but tells of an earlier time as its own",
                    stamp.date
                ),
            )
            .help("find the true date in the source or in a web archive, and record it as `published_at`")
            .label("a stamp of the page, not the date of the text")
            .confidence(0.7)
            .evidence("stamp", stamp.date.to_string());
        for (span, day) in stamp.near.iter().copied() {
            finding = finding.related(at(span), heard(day, stamp.date));
        }
        if let Some((year, span)) = stamp.latest {
            finding = finding
                .related(at(span), "and of this time")
                .evidence("latest_year", year);
        }
        let proven = stamp.doubt == Doubt::Proven;
        let recorded = self.recorded(survey, &mut finding);
        let shared = self.of_its_time(survey, texts, matter, &mut finding);
        if proven || recorded || shared {
            finding = finding.severity(Severity::Error).confidence(0.95);
        }
        Some(finding)
    }

    /// Whether the manifest contradicts the stamp: published earlier, or retrieved on the day of the stamp.
    fn recorded(&self, survey: &Survey<'_>, finding: &mut Finding) -> bool {
        let Some(stamp) = self.stamp() else { return false };
        let published = self
            .entry
            .published_at
            .as_ref()
            .filter(|published| published.value.last() < stamp.date.first());
        let retrieved = self
            .entry
            .source
            .as_ref()
            .and_then(|source| source.retrieved_at.as_ref());
        let on_the_day = retrieved.filter(|when| dates::gap(stamp.date, (when.value.first(), when.value.last())) <= 1);
        let place = published.map(|when| (when.span, "the manifest gives an earlier publication"));
        let Some((span, message)) =
            place.or(on_the_day.map(|when| (when.span, "it was retrieved on the day of the stamp")))
        else {
            return false;
        };
        *finding = finding.clone().related(survey.at(self.entry, span), message);
        true
    }

    /// Whether texts that tell of the same are of the time that the body speaks of, and none of them of the stamp's.
    fn of_its_time(&self, survey: &Survey<'_>, texts: &[Self], matter: &Matter, finding: &mut Finding) -> bool {
        let Some(stamp) = self.stamp() else { return false };
        let at = texts
            .iter()
            .position(|text| std::ptr::eq(text.features, self.features))
            .unwrap_or(usize::MAX);
        let near = matter.neighbours(at, self.features);
        let years: Vec<_> = near
            .iter()
            .filter_map(|&at| Some((at, texts[at].date()?.year())))
            .collect();
        let same_time = years.iter().any(|(_, year)| stamp.date.year() - year < GAP);
        let Some(&(first, _)) = years.first().filter(|_| !same_time) else {
            return false;
        };
        let other = &texts[first];
        let place = other.place(survey);
        *finding = finding
            .clone()
            .related(place, "a text that tells of the same is of this time")
            .evidence("texts_of_that_time", years.len());
        true
    }

    /// When it was published, by the manifest or by its own words, but not by a stamp that is in doubt.
    fn date(&self) -> Option<PartialDate> {
        let recorded = self.entry.published_first().map(PartialDate::from_day);
        let own = self.features.published.filter(|(date, _)| {
            self.stamp()
                .is_none_or(|stamp| stamp.doubt == Doubt::None || stamp.date != *date)
        });
        recorded.or(own.map(|(date, _)| date))
    }

    fn place(&self, survey: &Survey<'_>) -> Location {
        match (&self.entry.published_at, self.features.published) {
            (Some(recorded), _) => survey.at(self.entry, recorded.span),
            (None, Some((_, span))) => Location::at(self.path(), span),
            (None, None) => survey.entry(self.entry),
        }
    }
}

/// What a phrase of somebody who writes near the event says. That its weekday is that of the stamp confirms nothing.
fn heard(weekday: Option<Weekday>, stamp: PartialDate) -> &'static str {
    match weekday {
        Some(weekday) if weekday == stamp.first().weekday() => {
            "it speaks as somebody does who writes near the event; that the weekday is that of the stamp confirms nothing"
        }
        _ => "it speaks as somebody does who writes near the event",
    }
}
