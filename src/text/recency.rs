//! Whether a text was written close to what it tells of: `this Saturday`, `last week`, and the years that it names.

use std::sync::LazyLock;

use jiff::civil::Weekday;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::statement::Statement;
use crate::source::{Source, Span};

/// What a body says of its own time.
#[derive(Clone, Debug, Default)]
pub struct Recency {
    /// Words that only somebody uses who writes close to the event, outside quotations, with the weekday that they name; at
    /// most eight.
    pub near: Vec<(Span, Option<Weekday>)>,
    /// The latest year that the body names, and where.
    pub latest: Option<(i16, Span)>,
    /// How many different years it names.
    pub years: usize,
    /// A day that stands in one paragraph with such words, with the year of it and where.
    pub anchored: Option<(i16, Span)>,
}

/// Who writes near the event says so early: so much of a text is looked at for the words, in bytes.
const EARLY: usize = 16 << 10;
/// So many of the words are kept.
const KEPT: usize = 8;

/// Phrases in lower case, each a place in time seen from the day of writing. `today` is not one of them: it also means
/// nowadays.
const PHRASES: &[&str] = &[
    "yesterday",
    "this monday",
    "this tuesday",
    "this wednesday",
    "this thursday",
    "this friday",
    "this saturday",
    "this sunday",
    "last monday",
    "last tuesday",
    "last wednesday",
    "last thursday",
    "last friday",
    "last saturday",
    "last sunday",
    "last night",
    "last week",
    "last month",
    "next week",
    "next month",
    "this week",
    "this month",
    "of this year",
    "earlier this year",
    "later this year",
    "this weekend",
    "gestern",
    "letzte woche",
    "vergangene woche",
    "vergangenen woche",
    "letzten monat",
    "dieser woche",
    "diesen monat",
    "dieses jahres",
    "am vergangenen",
    "kommende woche",
    "hier soir",
    "hier matin",
    "la semaine dernière",
    "le mois dernier",
    "cette semaine",
    "de cette année",
    "ce lundi",
    "ce mardi",
    "ce mercredi",
    "ce jeudi",
    "ce vendredi",
    "ce samedi",
    "ce dimanche",
    "ayer",
    "la semana pasada",
    "el mes pasado",
    "este lunes",
    "este martes",
    "este miércoles",
    "este jueves",
    "este viernes",
    "este sábado",
    "este domingo",
    "de este año",
    "ieri",
    "la settimana scorsa",
    "il mese scorso",
    "questa settimana",
    "di quest'anno",
    "di quest’anno",
    "ontem",
    "semana passada",
    "mês passado",
    "deste ano",
    "gisteren",
    "vorige week",
    "afgelopen week",
    "vorige maand",
    "deze week",
    "van dit jaar",
    "wczoraj",
    "w zeszłym tygodniu",
    "w tym tygodniu",
    "tego roku",
    "вчера",
    "на прошлой неделе",
    "на этой неделе",
    "в прошлом месяце",
    "этого года",
    "昨天",
    "昨日",
    "上周",
    "先週",
    "今年",
    "어제",
    "지난주",
    "올해",
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(PHRASES)
        .ok()
});

impl Recency {
    /// Of the body of a text.
    pub fn of(source: &Source, statement: &Statement<'_>) -> Self {
        let mut recency = Self::default();
        let mut seen = std::collections::BTreeSet::new();
        for unit in statement
            .units
            .iter()
            .filter(|unit| unit.words >= super::unit::PROSE_WORDS)
        {
            let before = recency.near.len();
            let early = unit.span.start() < EARLY;
            recency.near.extend(
                near(unit.text)
                    .map(|part| (source.span_of(part), weekday(part)))
                    .take(if early { KEPT - before } else { 0 }),
            );
            let spoken = recency.near.len() > before;
            for (year, part) in years(unit.text) {
                seen.insert(year);
                if recency.latest.is_none_or(|(latest, _)| year > latest) {
                    recency.latest = Some((year, source.span_of(part)));
                }
            }
            if spoken && recency.anchored.is_none() {
                recency.anchored = anchored(statement, unit.span);
            }
        }
        recency.years = seen.len();
        recency
    }
}

/// The weekday that a phrase names.
fn weekday(phrase: &str) -> Option<Weekday> {
    super::calendar::weekday(phrase.split(' ').next_back()?)
}

/// A full date inside a paragraph.
fn anchored(statement: &Statement<'_>, unit: Span) -> Option<(i16, Span)> {
    let from = statement.dates.partition_point(|date| date.span.start() < unit.start());
    let inside = statement.dates[from..]
        .iter()
        .take_while(|date| date.span.end() <= unit.end());
    let days = inside.filter(|date| super::dates::is_day(date.mention.date) && date.role == super::role::Role::Cited);
    days.map(|date| (date.mention.date.year(), date.span)).next()
}

/// The phrases of a paragraph, outside quotations.
fn near(text: &str) -> impl Iterator<Item = &str> {
    let found = FINDER.iter().flat_map(move |finder| finder.find_iter(text));
    let mut at = 0;
    let mut depth = 0i32;
    found.filter_map(move |one| {
        for character in text[at..one.start()].chars() {
            depth += i32::from(matches!(character, '“' | '„' | '«' | '「'))
                - i32::from(matches!(character, '”' | '»' | '」'));
        }
        at = one.start();
        let whole = is_whole(text, one.start(), one.end());
        (whole && depth <= 0).then(|| &text[one.start()..one.end()])
    })
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let dense = text[start..end].chars().any(super::unit::is_dense);
    let before = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
    let after = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    dense || !(before || after)
}

/// The years that a paragraph names: four digits from 1900 on that are no part of a larger number or of an address.
fn years(text: &str) -> impl Iterator<Item = (i16, &str)> {
    let numbers = memchr::memchr2_iter(b'1', b'2', text.as_bytes()).filter_map(|at| text.get(at..at + 4));
    let year = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    numbers
        .filter(year)
        .filter(|part| stands_alone(text, part))
        .filter_map(|part| Some((part.parse().ok().filter(|year| (1900..2100).contains(year))?, part)))
}

/// Whether four digits of a text are no part of a word, a larger number or an address.
fn stands_alone(text: &str, part: &str) -> bool {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    let mut rest = text[start + 4..].chars();
    let (before, after) = (text[..start].chars().next_back(), rest.next());
    if before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric) {
        return false;
    }
    let number = |sign: Option<char>| sign.is_some_and(|sign| ",./-$€£#%=_№".contains(sign));
    let next = after != Some('-') && rest.next().is_some_and(|next| next.is_ascii_digit());
    !(number(before) || number(after) && next) && after != Some('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_outside_quotations() {
        let found: Vec<_> =
            near("He said last Week: “I came yesterday.” This Saturday, the lastweek of blast weekly.").collect();
        assert_eq!(found, ["last Week", "This Saturday"]);
    }

    #[test]
    fn years_are_no_figures() {
        let found: Vec<_> = years("in 1998, since 2004; 2,010 boats, $2015, 2016-08-11, 2011.")
            .map(|(year, _)| year)
            .collect();
        assert_eq!(found, [1998, 2004, 2016, 2011]);
    }
}
