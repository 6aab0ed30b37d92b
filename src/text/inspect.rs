//! What `inspect` shows of a text: its statement of itself, in the form that is printed.

use serde::Serialize;

use super::Text;
use super::published::Standing;
use super::role::Role;
use super::sentence::sentences;
use super::statement::{Piece, Statement, TextDate, Zones};
use super::unit::{Kind, Unit};

/// What a text says of itself. Lines are 1-based.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// When it was published, as far as it says (`2016-08-11`).
    pub published_at: Option<String>,
    /// How it says so.
    pub published_by: Option<Publication>,
    /// What it is called.
    pub title: Option<Found>,
    /// Who wrote it.
    pub byline: Option<Found>,
    /// Its language, as a primary subtag.
    pub language: Option<&'static str>,
    /// Its parts.
    pub zones: Parts,
    /// How many paragraphs of prose its body has.
    pub paragraphs: usize,
    /// How many sentences they have.
    pub sentences: usize,
    /// Where a sentence of it goes on after a gap: the line before and the line after.
    pub seams: Vec<(usize, usize)>,
    /// How many pages it was printed on, where the edges of pages stand in it.
    pub pages: Option<usize>,
    /// Its dates, in order.
    pub dates: Vec<FoundDate>,
    /// Its addresses, in order.
    pub addresses: Vec<Found>,
}

/// How a text states its date of publication.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    /// Where.
    pub line: usize,
    /// By what kind of date.
    pub role: Role,
    /// How firmly.
    pub standing: Standing,
    /// Whether no other date competes with it.
    pub alone: bool,
}

/// A piece of a text.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// Its text.
    pub text: String,
    /// Where.
    pub line: usize,
}

/// The parts of a text, each as its first and last line; `None` where it has none.
#[derive(Clone, Debug, Serialize)]
pub struct Parts {
    /// Title, byline, stamp, labels.
    pub front: Option<(usize, usize)>,
    /// From the first paragraph of prose to the last.
    pub body: Option<(usize, usize)>,
    /// Notes, credits, labels.
    pub back: Option<(usize, usize)>,
}

/// A date in a text.
#[derive(Clone, Debug, Serialize)]
pub struct FoundDate {
    /// As it stands there.
    pub text: String,
    /// Where.
    pub line: usize,
    /// What it may mean: two dates where day and month are open.
    pub dates: Vec<String>,
    /// What it is the date of.
    pub role: Role,
    /// Whether the weekday beside it is the one that it falls on, where there is one.
    pub weekday_agrees: Option<bool>,
}

/// What a text says of itself.
pub fn inspect(text: &Text<'_>) -> Inspection {
    let statement = text.statement();
    let found = |piece: &Piece<'_>| Found {
        text: piece.text.to_owned(),
        line: text.source.position(piece.span.start()).line,
    };
    Inspection {
        published_at: statement.published.map(|published| published.date.to_string()),
        published_by: statement.published.map(|published| Publication {
            line: published.line + 1,
            role: published.role,
            standing: published.standing,
            alone: published.alone,
        }),
        title: statement.title.as_ref().map(found),
        byline: statement.byline.as_ref().map(found),
        language: statement.language,
        zones: parts(&statement.zones),
        paragraphs: prose(statement).count(),
        sentences: count_sentences(statement),
        seams: text
            .seams()
            .iter()
            .map(|seam| (seam.left + 1, seam.right + 1))
            .collect(),
        pages: Some(text.page_breaks().len())
            .filter(|&breaks| breaks > 0)
            .map(|breaks| breaks + 1),
        dates: statement.dates.iter().map(|date| found_date(text, date)).collect(),
        addresses: statement.addresses.iter().map(found).collect(),
    }
}

fn prose<'s>(statement: &'s Statement<'_>) -> impl Iterator<Item = &'s Unit<'s>> {
    statement.body().filter(|unit| unit.kind == Kind::Prose)
}

fn count_sentences(statement: &Statement<'_>) -> usize {
    prose(statement)
        .map(|unit| sentences(unit.text, statement.language).count())
        .sum()
}

fn parts(zones: &Zones) -> Parts {
    let part = |lines: &std::ops::Range<usize>| (!lines.is_empty()).then_some((lines.start + 1, lines.end));
    Parts {
        front: part(&zones.front),
        body: part(&zones.body),
        back: part(&zones.back),
    }
}

fn found_date(text: &Text<'_>, date: &TextDate) -> FoundDate {
    let mention = &date.mention;
    let agrees = |weekday| mention.possible().any(|date| date.first().weekday() == weekday);
    FoundDate {
        text: text.source.text_of(date.span).into_owned(),
        line: date.line + 1,
        dates: mention.possible().map(|date| date.to_string()).collect(),
        role: date.role,
        weekday_agrees: mention.weekday.map(agrees),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn shows_a_statement() {
        let source = Source::new(
            "a",
            "# The mill\n\nJane Roe\n\n11 August 2016\n\nThe mill on the hill has stood still since the water fell. Nobody knows why.\n\nSee https://example.org/a.\n".into(),
        );
        let text = Text::new(&source).expect("text");
        let shown = inspect(&text);
        assert_eq!(shown.published_at.as_deref(), Some("2016-08-11"));
        assert_eq!(shown.title.map(|title| title.text).as_deref(), Some("The mill"));
        assert_eq!(
            shown.byline.map(|byline| (byline.text, byline.line)),
            Some(("Jane Roe".to_owned(), 3))
        );
        assert_eq!(shown.zones.body, Some((7, 7)));
        assert_eq!(shown.sentences, 2);
        assert_eq!(shown.addresses[0].text, "https://example.org/a");
        assert_eq!(shown.dates[0].role, Role::Stamp);
    }
}
