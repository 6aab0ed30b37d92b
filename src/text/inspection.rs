//! What a text says of itself, as plain data that can be printed: what `inspect` shows.

use serde::Serialize;

use super::Text;
use super::statement::{Piece, Zones};

/// What a text says of itself.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// The name of the source.
    pub path: String,
    /// What it is called.
    pub title: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// Its language, as a primary subtag.
    pub language: Option<&'static str>,
    /// When it was published, as `2016-08-11`, `2016-08` or `2016`; `None` where the text does not say.
    pub published_at: Option<String>,
    /// Its parts.
    pub zones: ZoneLines,
    /// Every date, in order.
    pub dates: Vec<InspectedDate>,
    /// Every address, in order.
    pub addresses: Vec<String>,
}

/// The parts of a text, as first and last line, 1-based; `None` where a part has no line.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneLines {
    /// Title, byline, stamp, labels.
    pub front: Option<(usize, usize)>,
    /// From the first paragraph of prose to the last.
    pub body: Option<(usize, usize)>,
    /// Notes, credits, labels.
    pub back: Option<(usize, usize)>,
}

/// One date of a text.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedDate {
    /// As the text writes it.
    pub text: String,
    /// What it may mean: several days where day and month could be taken for each other.
    pub dates: Vec<String>,
    /// What it is the date of.
    pub role: &'static str,
    /// Its line, 1-based.
    pub line: usize,
}

impl Inspection {
    /// Of a text.
    pub fn of(text: &Text<'_>) -> Self {
        let statement = text.statement();
        let said = |piece: Option<Piece<'_>>| piece.map(|piece| piece.text.to_owned());
        let dates = statement.dates.iter().map(|date| InspectedDate {
            text: text.source.text_of(date.span).into_owned(),
            dates: date.mention.possible().map(|date| date.to_string()).collect(),
            role: date.role.name(),
            line: date.line + 1,
        });
        Self {
            path: text.source.name().to_owned(),
            title: said(statement.title),
            byline: said(statement.byline),
            language: statement.language,
            published_at: statement.published.map(|published| published.date.to_string()),
            zones: ZoneLines::of(&statement.zones),
            dates: dates.collect(),
            addresses: statement.addresses.iter().map(|piece| piece.text.to_owned()).collect(),
        }
    }
}

impl ZoneLines {
    fn of(zones: &Zones) -> Self {
        let lines = |zone: &std::ops::Range<usize>| (!zone.is_empty()).then_some((zone.start + 1, zone.end));
        Self {
            front: lines(&zones.front),
            body: lines(&zones.body),
            back: lines(&zones.back),
        }
    }
}
