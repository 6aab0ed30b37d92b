//! Dates in a text, by an anchored grammar: a month by its name, or all three numbers of a day.
//!
//! A free-form parser over prose reads dates into `to`, `me` and phone numbers (dateparser issues 330, 394, 582). Here
//! nothing is a date without a year of four digits and a month that cannot be anything else. What may be day and month or
//! month and day is kept as both.

use jiff::civil::Weekday;

use super::calendar;
use crate::date::PartialDate;

/// A date as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The first byte, with the weekday before it.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What it means; the day first where that is open.
    pub date: PartialDate,
    /// What it means with the month first, where both are possible.
    pub other: Option<PartialDate>,
    /// The weekday that stands beside it.
    pub weekday: Option<Weekday>,
}

impl Mention {
    /// The one or two dates that it may mean.
    pub fn possible(&self) -> impl Iterator<Item = PartialDate> {
        std::iter::once(self.date).chain(self.other)
    }

    /// The date, where there is only one and it is a day.
    pub fn day(&self) -> Option<PartialDate> {
        (self.other.is_none() && is_day(self.date)).then_some(self.date)
    }

    /// Whether a day that it may mean lies at most so many days from one that `other` may mean.
    pub fn is_within(&self, days: i32, other: (jiff::civil::Date, jiff::civil::Date)) -> bool {
        self.possible().any(|date| gap(date, other) <= days)
    }
}

/// Whether a date is exact to the day.
pub fn is_day(date: PartialDate) -> bool {
    date.to_string().len() == 10
}

/// The days between a date and a range of days; 0 where they overlap.
pub fn gap(date: PartialDate, (first, last): (jiff::civil::Date, jiff::civil::Date)) -> i32 {
    let days = |from: jiff::civil::Date, to: jiff::civil::Date| (to - from).get_days();
    days(last, date.first()).max(days(date.last(), first)).max(0)
}

/// The years that are dates and not numbers.
const YEARS: std::ops::RangeInclusive<i16> = 1000..=2199;
/// How far a weekday may stand from its date, in bytes.
const WEEKDAY_REACH: usize = 24;

/// More dates than this are a table, in which no single one is that of the text: the first so many are read.
pub const MOST: usize = 100_000;

/// Every date of a text, in order; of a table, the first [`MOST`]. They do not overlap.
pub fn mentions(text: &str) -> Vec<Mention> {
    let bytes = text.as_bytes();
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(here) = text[at..].chars().next() {
        let length = here.len_utf8();
        if let Some(mut mention) = begins(before, here).then(|| read(text, at)).flatten() {
            let floor = found.last().map_or(0, |last| last.end);
            mention.attach_weekday(text, floor);
            at = mention.end;
            before = text[..at].chars().next_back().unwrap_or(' ');
            found.push(mention);
            if found.len() == MOST {
                break;
            }
            continue;
        }
        let run = if here.is_ascii_digit() {
            digits(bytes, at).1
        } else {
            length
        };
        before = here;
        at += run;
    }
    found
}

/// Whether a word or a number begins here.
fn begins(before: char, here: char) -> bool {
    if here.is_ascii_digit() {
        return !before.is_ascii_digit() && !matches!(before, '/' | '#' | '$' | '€' | '£' | '%' | '=' | '&' | '_');
    }
    here.is_alphabetic() && !before.is_alphabetic()
}

fn read(text: &str, at: usize) -> Option<Mention> {
    let bytes = text.as_bytes();
    if !bytes[at].is_ascii_digit() {
        return month_first(text, at);
    }
    let inside = at > 1 && matches!(bytes[at - 1], b'.' | b',' | b'-' | b':') && bytes[at - 2].is_ascii_digit();
    let (number, length) = digits(bytes, at);
    match length {
        _ if inside => None,
        4 => year_first(text, at, number),
        1 | 2 => numeric(text, at, number, length).or_else(|| day_first(text, at, number, at + length)),
        _ => None,
    }
}

/// `2016-08-11`, `2016/8/11`, `2016.08.11`, `2016年8月11日`, `2016년 8월 11일`.
fn year_first(text: &str, start: usize, year: i32) -> Option<Mention> {
    let bytes = text.as_bytes();
    let (month_at, sign) = separator(text, start + 4)?;
    let (month, length) = digits(bytes, month_at);
    let (day_at, second) = separator(text, month_at + length)?;
    let (day, day_length) = digits(bytes, day_at);
    let fits = (1..=2).contains(&length) && (1..=2).contains(&day_length);
    let pairs =
        matches!((sign, second), ('年', '月') | ('년', '월')) || (sign == second && matches!(sign, '-' | '/' | '.'));
    let mut end = day_at + day_length;
    if !fits || !pairs || continues(bytes, end) {
        return None;
    }
    if let Some(last @ ('日' | '일')) = text[end..].chars().next() {
        end += last.len_utf8();
    }
    mention(start, end, date(year, month, day)?, None)
}

/// `11.08.2016`, `11/8/2016`, `08/11/2016`, `11-08-2016`, `11. 8. 2016`, `11.08.16`.
fn numeric(text: &str, start: usize, first: i32, length: usize) -> Option<Mention> {
    let bytes = text.as_bytes();
    let (second_at, sign) = separator(text, start + length)?;
    let (second, second_length) = digits(bytes, second_at);
    let (year_at, again) = separator(text, second_at + second_length)?;
    let (year, year_length) = digits(bytes, year_at);
    let end = year_at + year_length;
    let fits = (1..=2).contains(&second_length) && sign == again && matches!(sign, '.' | '/' | '-');
    if !fits || continues(bytes, end) {
        return None;
    }
    let short = sign == '.' && (length, second_length, year_length) == (2, 2, 2) && year_at == second_at + 3;
    let year = match year_length {
        4 => year,
        2 if short => 2000 + year,
        _ => return None,
    };
    let (day_first, month_first) = (date(year, second, first), date(year, first, second));
    match (day_first, month_first.filter(|_| sign != '.')) {
        (Some(one), Some(other)) if one != other => mention(start, end, one, Some(other)),
        (one, other) => mention(start, end, one.or(other)?, None),
    }
}

/// `11 August 2016`, `11th of August, 2016`, `11. August 2016`, `11 de agosto de 2016`, `11 августа 2016`.
fn day_first(text: &str, start: usize, day: i32, after_day: usize) -> Option<Mention> {
    let word_at = linking(text, ordinal(text, after_day));
    let name = word(text, word_at)?;
    let month = calendar::month(name)?;
    let year_at = linking(text, word_at + name.len());
    let (year, length) = digits(text.as_bytes(), year_at);
    let end = year_at + length;
    if length != 4 || year_at == word_at + name.len() || text.as_bytes().get(end).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    mention(start, end, date(year, i32::from(month.number), day)?, None)
}

/// `August 11, 2016`, `Aug 11th 2016`, `August 2016`.
fn month_first(text: &str, start: usize) -> Option<Mention> {
    let bytes = text.as_bytes();
    let name = word(text, start)?;
    let number_at = linking(text, start + name.len());
    let (number, length) = digits(bytes, number_at);
    if length == 0 || number_at == start + name.len() {
        return None;
    }
    let month = calendar::month(name)?;
    let number_end = number_at + length;
    if length == 4 && month.full && !continues(bytes, number_end) && !follows_number(text, start) {
        let parts = (i16::try_from(number).ok()?, Some(month.number), None);
        let date = PartialDate::new(parts.0, parts.1, parts.2).filter(|date| YEARS.contains(&date.year()))?;
        return mention(start, number_end, date, None);
    }
    let year_at = linking(text, ordinal(text, number_end));
    let (year, year_length) = digits(bytes, year_at);
    let end = year_at + year_length;
    if length > 2 || year_length != 4 || year_at == number_end || continues(bytes, end) {
        return None;
    }
    mention(start, end, date(year, i32::from(month.number), number)?, None)
}

/// Whether a number stands right before a month: a day that the calendar does not have.
fn follows_number(text: &str, start: usize) -> bool {
    let from = start.saturating_sub(4);
    let from = (from..start).find(|&at| text.is_char_boundary(at)).unwrap_or(start);
    let before = text[from..start].trim_end_matches([' ', '.', '\u{a0}']);
    before.ends_with(|last: char| last.is_ascii_digit())
}

fn mention(start: usize, end: usize, date: PartialDate, other: Option<PartialDate>) -> Option<Mention> {
    Some(Mention {
        start,
        end,
        date,
        other,
        weekday: None,
    })
}

fn date(year: i32, month: i32, day: i32) -> Option<PartialDate> {
    let small = |number| i8::try_from(number).ok().filter(|&number| number > 0);
    let year = i16::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    PartialDate::new(year, Some(small(month)?), Some(small(day)?))
}

/// The number that stands at a place, and how many digits it has; a long one counts five.
fn digits(bytes: &[u8], at: usize) -> (i32, usize) {
    let run = bytes.get(at..).unwrap_or_default();
    let length = run.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
    let value = run[..length]
        .iter()
        .fold(0, |value, byte| value * 10 + i32::from(byte - b'0'));
    (value, length)
}

/// Whether a number goes on after what was read: a version, an address, a decimal.
fn continues(bytes: &[u8], end: usize) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    digit(end) || (matches!(bytes.get(end), Some(b'.' | b'/' | b'-')) && digit(end + 1))
}

/// The sign between two numbers and where the next one begins.
fn separator(text: &str, at: usize) -> Option<(usize, char)> {
    let sign = text.get(at..)?.chars().next()?;
    let after = at + sign.len_utf8();
    let spaced = matches!(sign, '.' | '年' | '月' | '년' | '월') && text.as_bytes().get(after) == Some(&b' ');
    Some((after + usize::from(spaced), sign))
}

/// The word that begins at a place, of at most 24 bytes.
fn word(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    let mut end = 0;
    for character in rest.chars() {
        if !character.is_alphabetic() || end > 24 {
            break;
        }
        end += character.len_utf8();
    }
    (end > 0).then(|| &rest[..end])
}

/// After the ending of an ordinal number: `th`, `<sup>th</sup>`, `er`, `º`, `.`.
fn ordinal(text: &str, at: usize) -> usize {
    const ENDINGS: [&str; 16] = [
        "<sup>th</sup>",
        "<sup>st</sup>",
        "<sup>nd</sup>",
        "<sup>rd</sup>",
        "st",
        "nd",
        "rd",
        "th",
        "TH",
        "er",
        "º",
        "ª",
        "°",
        ".º",
        "-го",
        ".",
    ];
    let rest = text.get(at..).unwrap_or_default();
    let ending = ENDINGS.iter().find(|ending| rest.starts_with(**ending));
    at + ending.map_or(0, |ending| ending.len())
}

/// After spaces, one comma, stop or hyphen, and one linking word (`of`, `de`, `del`), on one line.
fn linking(text: &str, at: usize) -> usize {
    const LINKS: [&str; 9] = ["of ", "de ", "del ", "do ", "di ", "d'", "d’", "de\u{a0}", "the "];
    let after = blanks(text, at);
    let rest = text.get(after..).unwrap_or_default();
    let link = LINKS.iter().find(|link| rest.starts_with(**link));
    after + link.map_or(0, |link| link.len())
}

fn blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let blank = |character: &char| {
        matches!(
            character,
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | ',' | '.' | '-' | '\t'
        )
    };
    let skipped: usize = rest.chars().take(4).take_while(blank).map(char::len_utf8).sum();
    at + skipped
}

impl Mention {
    /// Looks for a weekday right before the date (`Samstag, den 1. Oktober`) or in brackets after it.
    fn attach_weekday(&mut self, text: &str, floor: usize) {
        let from = floor.max(self.start.saturating_sub(WEEKDAY_REACH));
        let from = (from..=self.start)
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(self.start);
        let from = text[from..self.start].rfind('\n').map_or(from, |end| from + end + 1);
        if let Some((start, weekday)) = weekday_before(&text[from..self.start]) {
            self.weekday = Some(weekday);
            self.start = from + start;
            return;
        }
        let rest = text[self.end..].trim_start_matches(' ');
        let Some(inner) = rest.strip_prefix('(') else { return };
        self.weekday = word(inner, 0)
            .filter(|name| inner[name.len()..].trim_start_matches('.').starts_with(')'))
            .and_then(calendar::weekday);
    }
}

/// The weekday that ends a piece of text, but for commas and an article, and where it begins.
fn weekday_before(before: &str) -> Option<(usize, Weekday)> {
    let sign = |character: char| matches!(character, ' ' | ',' | '.' | '\u{a0}');
    let mut end = before.trim_end_matches(sign);
    for article in [
        " the", " den", " dem", " der", " le", " il", " el", " dia", " día", "-feira",
    ] {
        end = end.strip_suffix(article).unwrap_or(end).trim_end_matches(sign);
    }
    let last = end.rsplit(|character: char| !character.is_alphabetic()).next()?;
    let weekday = calendar::weekday(last)?;
    let sentence_ends = last.chars().count() > 5 && before[end.len()..].starts_with('.');
    (before.len() > end.len() && !sentence_ends).then_some((end.len() - last.len(), weekday))
}

/// Narrows dates that leave day and month open by those of the same text that do not.
///
/// One writer writes one way; where a text has both orders, or neither, all stay open.
pub fn narrow(mentions: &mut [Mention], text: &str) {
    let open = |mention: &Mention| {
        text[..mention.end].ends_with(|last: char| last.is_ascii_digit())
            && text[mention.start..mention.end].contains('/')
    };
    let (mut day_first, mut month_first) = (false, false);
    for mention in mentions
        .iter()
        .filter(|mention| mention.other.is_none() && open(mention))
    {
        let first: i32 = digits(text.as_bytes(), mention.start).0;
        day_first |= first > 12 && first < 32;
        month_first |= first <= 12 && mention.date.first().day() > 12;
    }
    for mention in mentions
        .iter_mut()
        .filter(|mention| day_first != month_first && mention.other.is_some())
    {
        let other = mention.other.take();
        if month_first {
            mention.date = other.unwrap_or(mention.date);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        let dates = mentions(text);
        let all = dates.iter().map(|mention| {
            let possible: Vec<_> = mention.possible().map(|date| date.to_string()).collect();
            possible.join("|")
        });
        all.collect()
    }

    #[test]
    fn full_dates() {
        let same = [
            "11 August 2016",
            "August 11, 2016",
            "Aug. 11th, 2016",
            "11th of August 2016",
            "2016-08-11",
            "2016/8/11",
            "11. August 2016",
            "11.August 2016",
            "11.08.2016",
            "11. 8. 2016",
            "11.08.16",
            "11 août 2016",
            "11 de agosto de 2016",
            "11 agosto 2016",
            "11 augustus 2016",
            "11 sierpnia 2016",
            "11 августа 2016 г.",
            "2016年8月11日",
            "2016년 8월 11일",
            "11<sup>th</sup> August 2016",
            "11-Aug-2016",
            "Thursday, August 11 2016",
            "11\u{a0}August\u{a0}2016",
            "Erstellt am11.08.2016",
            "2016-08-11T10:00:00Z",
            "AUGUST 11, 2016",
        ];
        for text in same {
            assert_eq!(read(text), ["2016-08-11"], "{text}");
        }
    }

    #[test]
    fn partial_and_open_dates() {
        assert_eq!(
            read("in May 2016 and 03/04/2016, but 13/04/2016"),
            ["2016-05", "2016-04-03|2016-03-04", "2016-04-13"]
        );
    }

    #[test]
    fn what_is_no_date() {
        let none = "call 555-12-2010 now; version 1.2.2016.4; set 2019; out 2012; it may be 12 mar; 192.168.2016; \
                    ISBN 3-12-201600-1; 31 February 2016; 12:30; 1/2; page 12-2016; 11 August 20164; 1.10.23; \
                    https://example.org/2019/10/21/a; 99/99/2016; marching 12, 2016; section 4.12.1998.2";
        assert_eq!(read(none), Vec::<String>::new());
    }

    #[test]
    fn weekdays() {
        let of = |text: &str| mentions(text)[0].weekday;
        assert_eq!(of("Sat Oct 01, 2022"), Some(Weekday::Saturday));
        assert_eq!(of("Samstag, den 1. Oktober 2022"), Some(Weekday::Saturday));
        assert_eq!(of("2016-08-11 (Thu)"), Some(Weekday::Thursday));
        assert_eq!(of("quinta-feira, 11 de agosto de 2016"), Some(Weekday::Thursday));
        assert_eq!(of("on the 1st of October 2022"), None);
        assert_eq!(mentions("x\nSunday\n2016-08-11").len(), 1);
    }

    #[test]
    fn one_writer_writes_one_way() {
        let text = "03/04/2016, 04/25/2016";
        let mut dates = mentions(text);
        narrow(&mut dates, text);
        assert_eq!(dates[0].day().map(|day| day.to_string()).as_deref(), Some("2016-03-04"));
    }

    proptest! {
        #[test]
        fn never_panics_and_never_overlaps(text in "([0-9]{1,4}|[./, -]|Aug|mars|th|Sat|年|é|\n){0,60}") {
            let dates = mentions(&text);
            prop_assert!(dates.iter().all(|one| text.get(one.start..one.end).is_some()));
            prop_assert!(dates.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }

        #[test]
        fn never_panics_on_any_text(text: String) {
            mentions(&text);
        }
    }
}
