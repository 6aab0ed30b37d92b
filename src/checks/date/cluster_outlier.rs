//! `date/cluster-outlier`: a text dated years away from all others about the same matter.

use crate::checks::date::matter::Matter;
use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::date::PartialDate;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::Entry;
use crate::setting::Setting;
use crate::text::{Features, dates};

/// See [`RULE`].
#[derive(Debug)]
pub struct ClusterOutlier;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/cluster-outlier",
    severity: Severity::Info,
    summary: "a text dated far from all others that tell of the same",
    settings: &[&APART],
    docs: "\
## What it does
Compares the date of a text, as recorded or as it states it, with those of the texts that share many names with it which few
others mention. Where at least three of them lie within a year of each other and this one lies further away from all of them
than `date/cluster-outlier.apart`, it is shown with the nearest. Corpora of more than 200,000 texts are passed over.

## Why it matters
A report that is dated six years after all other reports of the same event was dated by the page that showed it, or the year is
mistyped.

## Example
Four texts of August 2016 on the flood at one weir, and a fifth with the same names that is recorded as of October 2022.

## What to do
Look the date up in the source. No fix is offered.

## Where it errs
A look back after ten years shares all names with the reports of the day, and is dated rightly. That is why it is info.
Confidence 0.5.
",
};

/// How far a text has to lie from the others.
pub static APART: Setting = Setting {
    key: "date/cluster-outlier.apart",
    default: 365.0,
    range: (30.0, 36500.0),
    meaning: "how many days a text has to lie from all others about the same matter",
};

/// So many others make a cluster.
const OTHERS: usize = 3;
/// They lie within so many days of each other.
const WITHIN: i32 = 366;
/// More texts than this are not compared.
const MOST: usize = 200_000;

impl Check for ClusterOutlier {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let pairs = survey.manifest.entries.iter().zip(survey.features);
        let texts: Vec<Dated<'_>> = pairs.filter_map(Dated::new).collect();
        if texts.len() <= OTHERS || texts.len() > MOST {
            return;
        }
        let matter = Matter::of(texts.iter().map(|text| text.features));
        findings.extend((0..texts.len()).filter_map(|at| outlier(survey, &texts, &matter, at)));
    }
}

/// A text with its date.
struct Dated<'a> {
    entry: &'a Entry,
    features: &'a Features,
    date: PartialDate,
}

impl<'a> Dated<'a> {
    fn new((entry, features): (&'a Entry, &'a Option<Features>)) -> Option<Self> {
        let features = features.as_ref().filter(|features| !features.names.is_empty())?;
        let recorded = entry.published_first().map(PartialDate::from_day);
        let date = recorded.or(features.published.map(|(date, _)| date))?;
        Some(Self { entry, features, date })
    }

    fn place(&self, survey: &Survey<'_>) -> Location {
        match (&self.entry.published_at, self.features.published, &self.entry.path) {
            (Some(recorded), ..) => survey.at(self.entry, recorded.span),
            (None, Some((_, span)), Some(path)) => Location::at(path.value.as_str(), span),
            _ => survey.entry(self.entry),
        }
    }
}

fn outlier(survey: &Survey<'_>, texts: &[Dated<'_>], matter: &Matter, at: usize) -> Option<Finding> {
    let one = &texts[at];
    let apart = survey.settings.value_at(one.entry.name(), &APART);
    let near = matter.neighbours(at, one.features);
    let mut others: Vec<&Dated<'_>> = near.into_iter().map(|other| &texts[other]).collect();
    others.sort_by_key(|other| other.date);
    let (first, last) = (others.first()?.date, others.last()?.date);
    let together = dates::gap(last, (first.first(), first.last())) <= WITHIN;
    let gap = dates::gap(one.date, (first.first(), last.last()));
    if others.len() < OTHERS || !together || f64::from(gap) <= apart {
        return None;
    }
    let nearest = if one.date < first {
        others.first()?
    } else {
        others.last()?
    };
    let message = format!(
        "the text is dated {}, {} others about the same between {first} and {last}",
        one.date,
        others.len()
    );
    let finding = RULE.finding(one.place(survey), message).confidence(0.5);
    let finding = finding.related(nearest.place(survey), "the nearest of them");
    Some(
        finding
            .help("look the date up in the source")
            .evidence("days_apart", gap)
            .evidence("texts", others.len()),
    )
}
