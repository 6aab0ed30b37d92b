//! A date line at the very top or bottom of a text, and what in the text contradicts it.

use super::Text;
use super::recency::Recency;
use super::role::Role;
use super::statement::{Statement, TextDate};

/// A date line at the very top or bottom of a text: of the text, or of the page that showed it on that day.
#[derive(Clone, Debug)]
pub struct PageStamp {
    /// The date line.
    pub date: TextDate,
    /// The last of the date lines that follow one another and say the same.
    pub last: TextDate,
    /// What the body says of its own time.
    pub recency: Recency,
}

/// A date line of the page stands in the first so many lines that say something.
const TOP: usize = 3;
/// Or in the last so many.
const BOTTOM: usize = 2;
/// A stamp is that of a page where the body lies at least so many years before it.
pub const GAP: i16 = 3;
/// Where the body lies further back than this, the text is one about the past.
const PAST: i16 = 15;

/// How sure it is that a stamp is not the date of the text, from the text alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Nothing speaks against it.
    None,
    /// The body speaks as somebody does who writes near the event, and all years that it names lie back.
    Suspect,
    /// A paragraph of the body gives a day, long before the stamp, and speaks of it as somebody does who writes near it.
    Proven,
}

/// The date line at the edge of a text, where it has one.
pub(super) fn page_stamp(text: &Text<'_>, statement: &Statement<'_>) -> Option<PageStamp> {
    let worded = || text.lines.iter().filter(|line| !line.is_blank());
    let top = worded().nth(TOP - 1).map_or(usize::MAX, |line| line.number - 1);
    let bottom = worded().nth_back(BOTTOM - 1).map_or(0, |line| line.number - 1);
    let at_edge = |date: &&TextDate| date.role == Role::Stamp && (date.line <= top || date.line >= bottom);
    let date = *statement
        .dates
        .iter()
        .filter(at_edge)
        .find(|date| date.mention.day().is_some())?;
    let same = |other: &&TextDate| {
        other.mention.date == date.mention.date && other.role == Role::Stamp && other.line <= date.line + TOP
    };
    let last = statement.dates.iter().rfind(same).copied().unwrap_or(date);
    Some(PageStamp {
        date,
        last,
        recency: Recency::of(text.source, statement),
    })
}

impl PageStamp {
    /// How much in the text speaks against the stamp.
    pub fn doubt(&self) -> Doubt {
        let year = self.date.mention.date.year();
        let back = |past: i16| (GAP..=PAST).contains(&(year - past));
        let all_back = self.recency.latest.is_some_and(|(latest, _)| back(latest));
        match self.recency.anchored {
            Some((day, _)) if back(day) && all_back => Doubt::Proven,
            _ if all_back && self.recency.near.len() > 2 && self.recency.years > 1 => Doubt::Suspect,
            _ => Doubt::None,
        }
    }
}
