//! What a text says of itself: title, byline, language, zones, dates, addresses, and when it was published.

use std::ops::Range;

use super::Text;
use super::dates::{self, Mention};
use super::page_stamp::{self, PageStamp};
use super::published::{self, Standing};
use super::role::{self, Role};
use super::unit::{self, Kind, Unit};
use crate::date::PartialDate;
use crate::source::Span;

/// A date in a text and what it is the date of.
#[derive(Clone, Copy, Debug)]
pub struct TextDate {
    /// The date.
    pub mention: Mention,
    /// Where it stands.
    pub span: Span,
    /// Its line, 0-based.
    pub line: usize,
    /// What it is the date of.
    pub role: Role,
}

/// A piece of a text and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Its text.
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// The parts of a text, as ranges of lines, 0-based; the three follow one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones {
    /// Title, byline, stamp, labels.
    pub front: Range<usize>,
    /// From the first paragraph of prose to the last.
    pub body: Range<usize>,
    /// Notes, credits, labels.
    pub back: Range<usize>,
}

/// The date of publication that a text states.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// When.
    pub date: PartialDate,
    /// Where it says so.
    pub span: Span,
    /// Its line, 0-based.
    pub line: usize,
    /// How it says so.
    pub role: Role,
    /// How firmly.
    pub standing: Standing,
    /// Whether no other date competes with it.
    pub alone: bool,
    /// How likely it is that it is meant, from 0 to 1.
    pub likelihood: f64,
    /// How likely it is that any of the dates that the text prints is that of its publication, from 0 to 1.
    pub printed: f64,
}

/// What a text says of itself.
#[derive(Clone, Debug, Default)]
pub struct Statement<'a> {
    /// Its paragraphs and labels.
    pub units: Vec<Unit<'a>>,
    /// Its parts.
    pub zones: Zones,
    /// What it is called.
    pub title: Option<Piece<'a>>,
    /// Who wrote it.
    pub byline: Option<Piece<'a>>,
    /// Its language, as a primary subtag.
    pub language: Option<&'static str>,
    /// Its dates, in order.
    pub dates: Vec<TextDate>,
    /// Its addresses, in order.
    pub addresses: Vec<Piece<'a>>,
    /// A date line at its very top or bottom.
    pub page_stamp: Option<PageStamp>,
    /// When it was published, where that is likely enough to be said.
    pub published: Option<Published>,
    /// The day that is most likely that of its publication, however unlikely.
    pub best: Option<Published>,
}

impl<'a> Statement<'a> {
    /// Of a text.
    pub fn of(text: &Text<'a>) -> Self {
        let units = unit::units(text);
        let zones = zones(&units, text.lines.len());
        let mut statement = Self {
            title: title(&units, &zones),
            byline: byline(&units),
            language: super::language::language(text.text),
            dates: dates_of(text, &units),
            addresses: addresses(text),
            page_stamp: None,
            published: None,
            best: None,
            units,
            zones,
        };
        statement.byline = statement.byline.or_else(|| name_line(&statement));
        statement.page_stamp = page_stamp::page_stamp(text, &statement);
        statement.best = published::best(&statement);
        statement.published = statement.best.filter(Published::is_likely);
        statement
    }

    /// The units of the body.
    pub fn body(&self) -> impl DoubleEndedIterator<Item = &Unit<'a>> {
        let body = self.zones.body.clone();
        self.units.iter().filter(move |unit| body.contains(&unit.first))
    }

    /// The unit of a line, by its place in [`Statement::units`].
    pub fn unit_of(&self, line: usize) -> Option<usize> {
        self.units.partition_point(|unit| unit.first <= line).checked_sub(1)
    }

    /// The dates of one role.
    pub fn dates_as(&self, role: Role) -> impl Iterator<Item = &TextDate> {
        self.dates.iter().filter(move |date| date.role == role)
    }
}

/// Body is from the first prose to the last; a text without prose is all body.
fn zones(units: &[Unit<'_>], lines: usize) -> Zones {
    let is_body = |unit: &&Unit<'_>| matches!(unit.kind, Kind::Prose | Kind::Verse | Kind::Code);
    let prose = |unit: &&Unit<'_>| unit.kind == Kind::Prose;
    let first = units.iter().find(prose).or_else(|| units.iter().find(is_body));
    let last = units.iter().rfind(prose).or_else(|| units.iter().rfind(is_body));
    let (start, end) = match (first, last) {
        (Some(first), Some(last)) => (first.first, last.end),
        _ => (0, lines),
    };
    Zones {
        front: 0..start,
        body: start..end,
        back: end..lines,
    }
}

/// The first unit of the front matter that can be a title: marked as one, or words that are no date, label or byline.
fn title<'a>(units: &[Unit<'a>], zones: &Zones) -> Option<Piece<'a>> {
    let front = || units.iter().filter(|unit| unit.first < zones.front.end.max(1));
    let marked = front().find(|unit| unit.text.starts_with("# "));
    let plain = |unit: &&Unit<'a>| (2..=30).contains(&unit.words) && !is_label(unit) && unit.kind != Kind::Prose;
    let unit = marked.or_else(|| front().find(plain))?;
    let text = unit.text.trim_start_matches('#').trim();
    Some(Piece { text, span: unit.span })
}

/// A date, an address, a credit or a note.
fn is_label(unit: &Unit<'_>) -> bool {
    let dated = dates::mentions(super::prefix(unit.text, 200))
        .first()
        .is_some_and(|date| (date.end - date.start) * 2 > unit.text.len());
    dated || matches!(unit.kind, Kind::Credit | Kind::Note | Kind::Code | Kind::Item)
}

/// Words that open a byline, in lower case.
const BY: &[&str] = &[
    "by ",
    "by: ",
    "von ",
    "par ",
    "por ",
    "di ",
    "door ",
    "autor: ",
    "autorin: ",
    "author: ",
    "auteur : ",
    "auteur: ",
    "autore: ",
    "text: ",
    "written by ",
    "posted by ",
    "автор: ",
    "tekst: ",
];

/// The first short line that names a person after `by`, wherever the page put it.
fn byline<'a>(units: &[Unit<'a>]) -> Option<Piece<'a>> {
    let near = units.iter().take(40).filter(|unit| unit.words <= 10);
    near.filter_map(|unit| Some((unit, person(unit.text)?)))
        .map(|(unit, text)| Piece { text, span: unit.span })
        .next()
}

/// A line of two to four capitalised words between the title and a date line right after it.
fn name_line<'a>(statement: &Statement<'a>) -> Option<Piece<'a>> {
    let title = statement.title?;
    let at = statement.units.iter().position(|unit| unit.span == title.span)? + 1;
    let unit = statement.units.get(at).filter(|unit| (2..=4).contains(&unit.words))?;
    let dated = statement
        .units
        .get(at + 1)
        .is_some_and(|next| statement.dates_as(Role::Stamp).any(|date| date.line == next.first));
    let name = unit
        .text
        .split_whitespace()
        .all(|word| word.starts_with(char::is_uppercase));
    (dated && name).then_some(Piece {
        text: unit.text,
        span: unit.span,
    })
}

fn person(line: &str) -> Option<&str> {
    let lower = super::prefix(line, 64).to_lowercase();
    let cue = BY.iter().find(|cue| lower.starts_with(**cue))?;
    let name = line.get(cue.len()..)?.trim().trim_end_matches('.');
    let stop = name.find(['|', '•', '·', ',', '(', ';', '–']).unwrap_or(name.len());
    let name = name[..stop].trim();
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let particle = |word: &str| {
        [
            "von", "van", "de", "der", "den", "del", "la", "di", "da", "dos", "al", "el", "bin", "and", "und", "et",
            "y",
        ]
        .contains(&word)
    };
    let names = name.split_whitespace().all(|word| capital(word) || particle(word));
    (names && !name.is_empty() && !name.contains(|character: char| character.is_ascii_digit())).then_some(name)
}

/// A label above a date is looked for where the date begins its line, within so many bytes.
const HEAD: usize = 120;

fn dates_of(text: &Text<'_>, units: &[Unit<'_>]) -> Vec<TextDate> {
    let mut mentions = dates::mentions(text.text);
    dates::narrow(&mut mentions, text.text);
    let mut dates = Vec::with_capacity(mentions.len());
    for mention in mentions {
        let line = text
            .lines
            .partition_point(|line| line.span.start() <= mention.start)
            .saturating_sub(1);
        let unit = units
            .partition_point(|unit| unit.first <= line)
            .checked_sub(1)
            .and_then(|at| units.get(at));
        let begins = mention.start - text.lines[line].span.start().min(mention.start) <= HEAD;
        let near = text.lines[..line].iter().rev().take(3).filter(|_| begins);
        let above = near.into_iter().find(|line| !line.is_blank());
        let place = role::Place {
            line: text.lines[line].text,
            start: text.lines[line].span.start(),
            above: above.map_or("", |line| line.text),
            prose: unit.is_some_and(|unit| unit.kind == Kind::Prose),
        };
        dates.extend(text.source.span(mention.start, mention.end).map(|span| TextDate {
            mention,
            span,
            line,
            role: role::role(&mention, place),
        }));
    }
    dates
}

/// At most so many addresses are kept.
const ADDRESSES: usize = 1000;
/// An address is cut at so many bytes.
const ADDRESS: usize = 2048;

fn addresses<'a>(text: &Text<'a>) -> Vec<Piece<'a>> {
    let starts = memchr::memmem::find_iter(text.text.as_bytes(), "://");
    starts.filter_map(|at| address(text, at)).take(ADDRESSES).collect()
}

fn address<'a>(text: &Text<'a>, at: usize) -> Option<Piece<'a>> {
    let start = ["https", "http"]
        .into_iter()
        .find(|scheme| text.text[..at].ends_with(scheme))
        .map(|scheme| at - scheme.len())?;
    let rest = super::prefix(&text.text[start..], ADDRESS);
    let end = rest
        .find(|character: char| character.is_whitespace() || "<>\"”’»)]}|".contains(character))
        .unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    (address.len() > at - start + 3).then(|| Piece {
        text: address,
        span: text.source.span_of(address),
    })
}
