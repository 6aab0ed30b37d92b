//! Dates in a text, by an anchored grammar: a month by its name, or all three numbers of a day.
//!
//! A free-form parser over prose reads dates into `to`, `me` and phone numbers (dateparser issues 330, 394, 582). Here
//! nothing is a date without a year, a month that cannot be anything else, and signs between them that belong together.
//! What may be day and month or month and day is kept as both. Only numbers are looked for, and what stands around one
//! is read where there is one: prose without numbers costs next to nothing.

use jiff::civil::Weekday;

use super::calendar::{self, Month};
use crate::date::PartialDate;

/// A date as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The first byte, with the weekday before it.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What it means; the day first where that is open; the month alone where it has no such day.
    pub date: PartialDate,
    /// What it means with the month first, where both are possible.
    pub other: Option<PartialDate>,
    /// The weekday that stands beside it.
    pub weekday: Option<Weekday>,
    /// The day that it names and that its month does not have.
    pub impossible: Option<i8>,
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
    date.is_day()
}

/// The days between a date and a range of days; 0 where they overlap.
pub fn gap(date: PartialDate, (first, last): (jiff::civil::Date, jiff::civil::Date)) -> i32 {
    let days = |from: jiff::civil::Date, to: jiff::civil::Date| (to - from).get_days();
    days(last, date.first()).max(days(date.last(), first)).max(0)
}

/// The years that are dates and not numbers.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=2199;
/// How far a weekday may stand from its date, in bytes.
const WEEKDAY_REACH: usize = 24;
/// How far before a number the name of its month begins at most, in bytes.
const MONTH_REACH: usize = 40;

/// More dates than this are a table, in which no single one is that of the text: the first so many are read.
pub const MOST: usize = 100_000;

/// Every date of a text, in order; of a table, the first [`MOST`]. They do not overlap.
pub fn mentions(text: &str) -> Vec<Mention> {
    let bytes = text.as_bytes();
    let mut found: Vec<Mention> = Vec::new();
    let (mut at, mut floor) = (0, 0);
    while let Some(start) = next_digit(bytes, at) {
        let Some(mut mention) = read(text, start, floor) else {
            at = start + run(&bytes[start..]);
            continue;
        };
        mention.attach_weekday(text, floor);
        (at, floor) = (mention.end, mention.end);
        found.push(mention);
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// The first digit from a place on. Whole chunks without one are passed over at once.
fn next_digit(bytes: &[u8], mut at: usize) -> Option<usize> {
    const CHUNK: usize = 32;
    while let Some(chunk) = bytes.get(at..at + CHUNK) {
        if chunk.iter().fold(false, |any, byte| any | byte.is_ascii_digit()) {
            break;
        }
        at += CHUNK;
    }
    let rest = bytes.get(at..)?;
    Some(at + rest.iter().position(u8::is_ascii_digit)?)
}

/// How many digits there are.
fn run(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The date that a number belongs to as its first. `floor` is where the date before it ends; it may stand right there.
fn read(text: &str, at: usize, floor: usize) -> Option<Mention> {
    let bytes = text.as_bytes();
    let glued = at == floor;
    let before = at.checked_sub(1).filter(|_| !glued).map(|at| bytes[at]);
    if before.is_some_and(|sign| matches!(sign, b'/' | b'#' | b'$' | b'%' | b'=' | b'&' | b'_'))
        || (!glued && (text[..at].ends_with(['€', '£'])))
    {
        return None;
    }
    let inside =
        !glued && at > 1 && matches!(bytes[at - 1], b'.' | b',' | b'-' | b':') && bytes[at - 2].is_ascii_digit();
    let (number, length) = digits(bytes, at);
    match length {
        _ if inside => None,
        4 => year_first(text, at, number)
            .or_else(|| year_and_name(text, at, number))
            .or_else(|| month_and_year(text, at, floor)),
        1 | 2 => numeric(text, at, number, length)
            .or_else(|| day_first(text, at, number, at + length))
            .or_else(|| month_first(text, at, number, floor)),
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
    if let Some(last @ ('日' | '일' | '号')) = text[end..].chars().next() {
        end += last.len_utf8();
    }
    // `2016.2.31` is a version.
    whole(start, end, (year, month, day)).filter(|date| date.impossible.is_none() || !matches!(sign, '.' | '/'))
}

/// `2016. augusztus 11.`, `2016 Aug 11`.
fn year_and_name(text: &str, start: usize, year: i32) -> Option<Mention> {
    let name_at = blanks(text, start + 4);
    let (month, name_end) = named(text, name_at).filter(|_| name_at > start + 4)?;
    let day_at = blanks(text, name_end);
    let (day, length) = digits(text.as_bytes(), day_at);
    let end = day_at + length;
    let next = ordinal(text, end);
    let fits = day_at > name_end && (1..=2).contains(&length) && !continues(text.as_bytes(), end);
    // `in 2015 March 3, 2016` has its year behind it.
    let owned = digits(text.as_bytes(), linking(text, next)).1 == 4;
    (fits && !owned && !text[end..].starts_with(':')).then_some(())?;
    whole(start, end, (year, i32::from(month.number), day))
}

/// `11.08.2016`, `11/8/2016`, `08/11/2016`, `11-08-2016`, `11. 8. 2016`, `11 / 08 / 2016`, `11.08.16`, `11/8/16`.
fn numeric(text: &str, start: usize, first: i32, length: usize) -> Option<Mention> {
    let bytes = text.as_bytes();
    let (second_at, sign) = separator(text, start + length)?;
    let (second, second_length) = digits(bytes, second_at);
    let (year_at, again) = separator(text, second_at + second_length)?;
    let fits = (1..=2).contains(&second_length) && sign == again && matches!(sign, '.' | '/' | '-');
    if !fits {
        return None;
    }
    let (year, end) = match year(text, year_at) {
        Some((year, end)) => (year, end),
        None => short_year(text, (start, year_at), sign, (length, second_length))?,
    };
    let (day_first, month_first) = (date(year, second, first), date(year, first, second));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other && sign != '.' => mention(start, end, one, Some(other)),
        (Some(one), _) => mention(start, end, one, None),
        (None, Some(other)) => mention(start, end, other, None),
        (None, None) => whole(start, end, (year, second, first)).filter(|_| sign == '.'),
    }
}

/// A year of two digits, where the rest cannot be a version or a number of a section: two digits each, slashes, or a time
/// of day behind it, or the end of a line that it does not begin.
fn short_year(text: &str, (start, at): (usize, usize), sign: char, lengths: (usize, usize)) -> Option<(i32, usize)> {
    let bytes = text.as_bytes();
    let (year, length) = digits(bytes, at);
    let end = at + length;
    if length != 2 || continues(bytes, end) || bytes.get(end).is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let tight = text[start..end].len() == lengths.0 + lengths.1 + 4;
    let closes = || text[end..].starts_with(['\n', '\r']) || end == text.len();
    let after_comma = || text[..start].ends_with(", ");
    let sure = match sign {
        '/' => tight,
        '.' => tight && (lengths == (2, 2) || clock_follows(text, end) || (after_comma() && closes())),
        _ => false,
    };
    sure.then(|| (century(year), end))
}

/// A year of two digits is of this century up to 39, and of the last one from 40 on.
fn century(year: i32) -> i32 {
    if year < 40 { 2000 + year } else { 1900 + year }
}

/// Whether a time of day stands after a place: `20:19`, ` à 9h21`, `, 9.21 Uhr`.
fn clock_follows(text: &str, at: usize) -> bool {
    const LINKS: [&str; 8] = ["à ", "at ", "um ", "a las ", "alle ", "às ", "- ", "| "];
    let rest = text
        .get(at..)
        .unwrap_or_default()
        .trim_start_matches([' ', ',', '\u{a0}']);
    let rest = LINKS.iter().find_map(|link| rest.strip_prefix(link)).unwrap_or(rest);
    let bytes = rest.as_bytes();
    let hours = run(&bytes[..bytes.len().min(3)]);
    (1..=2).contains(&hours)
        && matches!(bytes.get(hours), Some(b':' | b'h' | b'.'))
        && bytes.get(hours + 1..hours + 3).is_some_and(|minutes| run(minutes) == 2)
}

/// `11 August 2016`, `11th of August, 2016`, `11. August 2016`, `11 de agosto de 2016`, `11 августа 2016`, `11-Aug-16`.
fn day_first(text: &str, start: usize, day: i32, after_day: usize) -> Option<Mention> {
    let mut word_at = linking(text, ordinal(text, after_day));
    let name = word(text, word_at)?;
    let mut weekday = None;
    if let Some(between) = calendar::weekday(name) {
        // `31 Donnerstag Okt 2019`, as calendars of blogs print it.
        weekday = Some(between);
        word_at = linking(text, word_at + name.len());
    }
    let (month, name_end) = named(text, word_at)?;
    let year_at = linking(text, name_end);
    let (year, end) = match year(text, year_at) {
        Some(year) if year_at > name_end => year,
        _ => named_short_year(text, after_day, name_end)?,
    };
    let mut mention = whole(start, end, (year, i32::from(month.number), day))?;
    mention.weekday = weekday;
    Some(mention)
}

/// A year of two digits after the name of a month: `’16`, `11-Aug-16`, `03.Mär.19`, `27 Mar 20 à 9:21`.
fn named_short_year(text: &str, after_day: usize, name_end: usize) -> Option<(i32, usize)> {
    let bytes = text.as_bytes();
    let rest = text.get(name_end..)?;
    let marked = [", ’", ", '", " ’", " '", ". '", ". ’"]
        .iter()
        .find(|mark| rest.starts_with(**mark));
    let at = match marked {
        Some(mark) => name_end + mark.len(),
        None => name_end + rest.chars().next()?.len_utf8(),
    };
    let (year, length) = digits(bytes, at);
    let end = at + length;
    let same = matches!(bytes.get(name_end), Some(b'-' | b'.' | b'/')) && bytes.get(after_day) == bytes.get(name_end);
    let sure = marked.is_some() || same || (bytes.get(name_end) == Some(&b' ') && clock_follows(text, end));
    (sure && length == 2 && !continues(bytes, end)).then(|| (century(year), end))
}

/// `August 2016`, where the year is the number.
fn month_and_year(text: &str, at: usize, floor: usize) -> Option<Mention> {
    let (start, month) = month_before(text, at, floor)?;
    let (year, end) = year(text, at)?;
    let sound = month.full && YEARS.contains(&year) && !continues(text.as_bytes(), end);
    let numbered = follows_number(text, start);
    let date = PartialDate::new(i16::try_from(year).ok()?, Some(month.number), None);
    (sound && !numbered).then(|| mention(start, end, date?, None)).flatten()
}

/// `August 11, 2016`, `Aug 11th 2016`, `Aug 11 10:00:00 UTC 2016`, where the day is the number.
fn month_first(text: &str, at: usize, day: i32, floor: usize) -> Option<Mention> {
    let bytes = text.as_bytes();
    let (start, month) = month_before(text, at, floor)?;
    let day_end = at + run(&bytes[at..bytes.len().min(at + 3)]);
    let after = ordinal(text, day_end);
    let year_at = linking(text, after);
    let found = year(text, year_at).filter(|_| year_at > day_end);
    let (year, end) = found
        .or_else(|| marked_year(text, after))
        .or_else(|| year(text, after_clock(text, after)?))?;
    if continues(bytes, end) && !is_glued(text, end) {
        return None;
    }
    whole(start, end, (year, i32::from(month.number), day))
}

/// `, ’16`.
fn marked_year(text: &str, after: usize) -> Option<(i32, usize)> {
    let at = blanks(text, after);
    let mark = text
        .get(at..)?
        .chars()
        .next()
        .filter(|mark| matches!(mark, '\'' | '’'))?;
    let (year, length) = digits(text.as_bytes(), at + mark.len_utf8());
    let end = at + mark.len_utf8() + length;
    (length == 2 && at > after).then(|| (century(year), end))
}

/// After a time of day and a zone, as `date` prints them between day and year.
fn after_clock(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix(' ')?;
    let time = rest.find(' ').filter(|&end| (5..=8).contains(&end))?;
    let sound = rest[..time].bytes().all(|byte| byte.is_ascii_digit() || byte == b':') && rest[..time].contains(':');
    let zone = &rest[time + 1..];
    let letters = zone
        .bytes()
        .take(6)
        .take_while(|byte| byte.is_ascii_uppercase() || *byte == b'+' || *byte == b'0');
    let letters = letters.count();
    let spaced = letters > 0 && zone[letters..].starts_with(' ');
    sound.then_some(at + 1 + time + 1 + if spaced { letters + 1 } else { 0 })
}

/// The name of a month right before a number, and where it begins.
fn month_before(text: &str, at: usize, floor: usize) -> Option<(usize, Month)> {
    let bytes = text.as_bytes();
    let lead = bytes[at.saturating_sub(5)..at].iter();
    if !lead.clone().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80) {
        return None;
    }
    let from = floor.max(at.saturating_sub(MONTH_REACH));
    let from = (from..=at).find(|&at| text.is_char_boundary(at))?;
    let window = &text[from..at];
    let blank = |sign: char| is_blank(sign);
    let mut before = window.trim_end_matches(blank);
    if before.len() == window.len() {
        return None;
    }
    for link in [" de", " del", " the", " of", " lo"] {
        before = before.strip_suffix(link).unwrap_or(before).trim_end_matches(blank);
    }
    let letters = before.rfind(|sign: char| !sign.is_alphabetic());
    let word_at = letters.map_or(0, |last| last + before[last..].chars().next().map_or(1, char::len_utf8));
    let word = &before[word_at..];
    let part = glued_name(word).filter(|_| calendar::month(word).is_none());
    let word_at = word_at + part.unwrap_or(0);
    let month = calendar::month(&before[word_at..])?;
    Some((from + word_at, month))
}

/// Where a name begins that stands right after another word: `RoeMar`.
fn glued_name(word: &str) -> Option<usize> {
    let capital = word.rfind(char::is_uppercase)?;
    word[..capital].ends_with(char::is_lowercase).then_some(capital)
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
        impossible: None,
    })
}

/// A mention of one day; of a month with a day up to 31 that it does not have.
fn whole(start: usize, end: usize, (year, month, day): (i32, i32, i32)) -> Option<Mention> {
    if let Some(date) = date(year, month, day) {
        return mention(start, end, date, None);
    }
    let short = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    let impossible = i8::try_from(day).ok().filter(|day| (29..=31).contains(day))?;
    let year = i16::try_from(year)
        .ok()
        .filter(|&year| YEARS.contains(&i32::from(year)))?;
    let mut mention = mention(start, end, PartialDate::new(year, Some(short), None)?, None)?;
    mention.impossible = Some(impossible);
    Some(mention)
}

fn date(year: i32, month: i32, day: i32) -> Option<PartialDate> {
    let small = |number| i8::try_from(number).ok().filter(|&number| number > 0);
    let year = i16::try_from(year).ok().filter(|_| YEARS.contains(&year))?;
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

/// The year of four digits at a place and where it ends, with the next date or a time of day right behind it at most.
fn year(text: &str, at: usize) -> Option<(i32, usize)> {
    let bytes = text.as_bytes();
    let (value, length) = digits(bytes.get(..text.len().min(at + 4))?, at);
    let end = at + 4;
    let sound = length == 4 && YEARS.contains(&value);
    let open = if bytes.get(end).is_some_and(u8::is_ascii_digit) {
        !is_glued(text, end)
    } else {
        continues(bytes, end)
    };
    (sound && !open).then_some((value, end))
}

/// Whether the digits at a place begin a time of day or a date, though they stand right after another number.
fn is_glued(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let length = digits(bytes, at).1;
    let end = at + length;
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let clock = bytes.get(end) == Some(&b':') && digit(end + 1) && digit(end + 2);
    let numbers = || {
        let sign = bytes.get(end).filter(|sign| matches!(sign, b'/' | b'.'));
        let second = end + 1 + digits(bytes, end + 1).1;
        sign.is_some() && bytes.get(second) == sign && digit(second + 1)
    };
    let name = || named(text, linking(text, ordinal(text, end))).is_some();
    (1..=2).contains(&length) && (clock || numbers() || name())
}

/// Whether a number goes on after what was read: a version, an address, a decimal.
fn continues(bytes: &[u8], end: usize) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    digit(end) || (matches!(bytes.get(end), Some(b'.' | b'/' | b'-')) && digit(end + 1) && !is_clock(bytes, end + 1))
}

/// Whether a time of day stands at a place: `15:49`.
fn is_clock(bytes: &[u8], at: usize) -> bool {
    let hours = digits(bytes, at).1;
    (1..=2).contains(&hours) && bytes.get(at + hours) == Some(&b':') && digits(bytes, at + hours + 1).1 == 2
}

/// The sign between two numbers and where the next one begins.
fn separator(text: &str, at: usize) -> Option<(usize, char)> {
    let rest = text.get(at..)?;
    if let Some(sign) = rest.strip_prefix(" / ") {
        return Some((text.len() - sign.len(), '/'));
    }
    let sign = rest.chars().next()?;
    let after = at + sign.len_utf8();
    let next = text[after..].chars().next().filter(|&next| is_space(next));
    let spaced = next.filter(|_| matches!(sign, '.' | '年' | '月' | '년' | '월'));
    Some((after + spaced.map_or(0, char::len_utf8), sign))
}

fn is_space(sign: char) -> bool {
    matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn is_blank(sign: char) -> bool {
    is_space(sign) || matches!(sign, ',' | '.' | '-' | '\t' | '،')
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

/// The month that is named at a place, and where its name ends; Levantine Arabic has names of two words.
fn named(text: &str, at: usize) -> Option<(Month, usize)> {
    let name = word(text, at)?;
    let end = at + name.len();
    if let Some(month) = calendar::month(name) {
        return Some((month, end));
    }
    let second = word(text, end + 1).filter(|_| matches!(name, "كانون" | "تشرين"))?;
    let number = match (name, second) {
        ("كانون", "الثاني") => 1,
        ("كانون", _) => 12,
        (_, "الثاني") => 11,
        _ => 10,
    };
    Some((Month { number, full: true }, end + 1 + second.len()))
}

/// After the ending of an ordinal number: `th`, `<sup>th</sup>`, `er`, `º`, `.`.
fn ordinal(text: &str, at: usize) -> usize {
    const ENDINGS: [&str; 26] = [
        "<sup>th</sup>",
        "<sup>st</sup>",
        "<sup>nd</sup>",
        "<sup>rd</sup>",
        "<sup>er</sup>",
        "^th^",
        "^st^",
        "^nd^",
        "^rd^",
        "^er^",
        "^th",
        "^st",
        "^nd",
        "^rd",
        "ᵗʰ",
        "ˢᵗ",
        "st",
        "nd",
        "rd",
        "th",
        "er",
        "º",
        "ª",
        "°",
        ".º",
        "-го",
    ];
    let rest = text.get(at..).unwrap_or_default();
    let first = rest.as_bytes().first();
    if first == Some(&b' ') {
        return at;
    }
    if first == Some(&b'.') && !rest.starts_with(".º") {
        return at + 1;
    }
    let same = |ending: &&&str| {
        rest.get(..ending.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(ending))
    };
    let ending = ENDINGS.iter().find(same);
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
    let skipped: usize = rest
        .chars()
        .take(4)
        .take_while(|&sign| is_blank(sign))
        .map(char::len_utf8)
        .sum();
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
        let Some(inner) = rest.strip_prefix(['(', '（']) else {
            return;
        };
        self.weekday = word(inner, 0)
            .filter(|name| inner[name.len()..].trim_start_matches('.').starts_with([')', '）']))
            .and_then(calendar::weekday)
            .or(self.weekday);
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
                    ISBN 3-12-201600-1; 12:30; 1/2; page 12-2016; 11 August 20164; 1.10.23; \
                    https://example.org/2019/10/21/a; 99/99/2016; marching 12, 2016; section 4.12.1998.2";
        assert_eq!(read(none), Vec::<String>::new());
    }

    #[test]
    fn glued_short_and_spaced_dates() {
        let same = [
            "Published11.08.2016",
            "11. August 201611. August 2016",
            "August 11, 20165:01 AM",
            "13 / 08 / 2016 21:29",
            "11.8.16 20:19 by a bell-ringer",
            "Jane Roe, 11.8.16",
            "13/8/16",
            "11 Aug 16 at 9:21",
            "11.Aug.16",
            "Aug. 11th, '16",
            "11 Donnerstag Aug 2016",
            "Thu Aug 11 10:00:00 UTC 2016",
            "2016. augusztus 11.",
            "2016 Aug 11",
            "ByJane RoeAug 11, 2016",
            "11 أغسطس 2016",
            "11 آب 2016",
            "11. 8.\u{2009}2016",
            "08.13.2016",
            "11 gusht 2016",
            "11^er^ août 2016",
        ];
        let day = |text: &str| read(text)[0].replace("13", "11");
        for text in same {
            assert_eq!(day(text), "2016-08-11", "{text}");
        }
        assert_eq!(read("8 كانون الثاني 2016"), ["2016-01-08"]);
        assert_eq!(read("11. August 201612. August 2016"), ["2016-08-11", "2016-08-12"]);
    }

    #[test]
    fn impossible_days() {
        let of = |text: &str| {
            mentions(text)
                .first()
                .map(|date| (date.date.to_string(), date.impossible))
        };
        assert_eq!(of("31 February 2016"), Some(("2016-02".to_owned(), Some(31))));
        assert_eq!(of("2015-02-29"), Some(("2015-02".to_owned(), Some(29))));
        assert_eq!(of("31.06.2015"), Some(("2015-06".to_owned(), Some(31))));
        assert_eq!(of("45 June 2015").map(|(_, day)| day), None);
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
