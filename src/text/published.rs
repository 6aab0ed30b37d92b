//! When a text was published, by what it says: a wrong date costs more than none.
//!
//! Every day that a text prints is weighed by what stands around it (see `date_evidence`). Dates that say the same are
//! added up, and the most likely one is said where it is likely enough.

use serde::Serialize;

use super::date_evidence::{self, Candidate};
use super::dates;
use super::page_stamp::{Doubt, PageStamp};
use super::role::Role;
use super::statement::{Published, Statement, TextDate};
use crate::date::PartialDate;

/// How a text states its date of publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// In so many words.
    Said,
    /// By a date that by its place is hardly anything else.
    Near,
    /// By a date that may be another one, or by when it was last changed.
    Far,
}

/// A date is said from this likelihood on.
const LIKELY: f64 = 0.35;
/// From this likelihood on, nothing competes with it.
const ALONE: f64 = 0.85;
/// From this likelihood on, it is hardly anything else.
const FIRM: f64 = 0.6;

/// The day that a text prints and that is most likely that of its publication, likely enough or not.
pub(super) fn best(statement: &Statement<'_>) -> Option<Published> {
    let candidates = candidates(statement);
    let sum: f64 = candidates.iter().map(|one| one.odds).sum();
    let best = candidates
        .iter()
        .reduce(|best, one| if one.odds > best.odds { one } else { best })
        .filter(|best| best.odds > 0.0)?;
    let same: f64 = candidates
        .iter()
        .filter(|one| one.day == best.day)
        .map(|one| one.odds)
        .sum();
    Some(publish(statement, best, [same, sum].map(|odds| odds / (1.0 + sum))))
}

impl Published {
    /// Whether it is likely enough to be said.
    pub(crate) fn is_likely(&self) -> bool {
        self.likelihood >= LIKELY
    }
}

fn publish(statement: &Statement<'_>, best: &Candidate<'_>, [likelihood, printed]: [f64; 2]) -> Published {
    let weak = best.date.role == Role::Modified || doubt(statement, best.date) > Doubt::None;
    let standing = match best.date.role {
        _ if weak || likelihood < FIRM => Standing::Far,
        Role::Published => Standing::Said,
        _ => Standing::Near,
    };
    Published {
        date: best.day,
        span: best.date.span,
        line: best.date.line,
        role: best.date.role,
        standing,
        alone: likelihood >= ALONE,
        likelihood,
        printed,
    }
}

/// The days of a text that may be that of publication, with their odds.
pub(super) fn candidates<'a>(statement: &'a Statement<'_>) -> Vec<Candidate<'a>> {
    let dates = date_evidence::chosen(statement.dates.len()).map(|at| &statement.dates[at]);
    let mut candidates: Vec<Candidate<'a>> = dates.filter_map(|date| candidate(statement, date)).collect();
    if !candidates.is_empty() {
        date_evidence::weigh(statement, &mut candidates);
    }
    candidates
}

fn candidate<'a>(statement: &'a Statement<'_>, date: &'a TextDate) -> Option<Candidate<'a>> {
    let unit = statement.unit_of(date.line)?;
    let fits =
        date.role != Role::Retrieved && dates::is_day(date.mention.date) && doubt(statement, date) != Doubt::Proven;
    let day = resolve(statement, date).filter(|_| fits)?;
    Some(Candidate {
        date,
        day,
        unit,
        odds: 0.0,
    })
}

/// How much the text says against a date line at its edge.
fn doubt(statement: &Statement<'_>, date: &TextDate) -> Doubt {
    let stamp = statement
        .page_stamp
        .as_ref()
        .filter(|stamp| stamp.date.mention.date == date.mention.date);
    stamp.map_or(Doubt::None, PageStamp::doubt)
}

/// Of two readings, one is near another day of the text where it lies so many days from it, and the other twice as far.
const CLOSE: i32 = 20;
/// So many other dates of a text are asked.
const ASKED: usize = 60;

/// The one date that is meant: by its weekday, by another day of the text, or day before month where English is not
/// written.
fn resolve(statement: &Statement<'_>, date: &TextDate) -> Option<PartialDate> {
    let mention = &date.mention;
    let Some(other) = mention.other else {
        return Some(mention.date);
    };
    let falls = |day: PartialDate| mention.weekday == Some(day.first().weekday());
    if falls(mention.date) != falls(other) {
        return Some(if falls(other) { other } else { mention.date });
    }
    let nearest = |day: PartialDate| {
        let clear = statement.dates.iter().take(ASKED).filter_map(|date| date.mention.day());
        let gaps = clear.map(|clear| dates::gap(clear, (day.first(), day.last())));
        gaps.min().unwrap_or(i32::MAX)
    };
    let (day_first, month_first) = (nearest(mention.date), nearest(other));
    if day_first.min(month_first) <= CLOSE && day_first.max(month_first) > 2 * CLOSE {
        return Some(if day_first < month_first { mention.date } else { other });
    }
    statement
        .language
        .is_some_and(|language| language != "en")
        .then_some(mention.date)
}
