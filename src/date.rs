//! Dates as records give them: a year, a month, a day, or an instant with its offset.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Timestamp, tz};

/// A date of reduced precision (ISO 8601-1:2019, 5.2.2.2): `2016`, `2016-08` or `2016-08-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// A whole day.
    pub fn from_day(day: Date) -> Self {
        Self {
            year: day.year(),
            month: Some(day.month()),
            day: Some(day.day()),
        }
    }

    /// A date of these parts, or `None` where the calendar has none.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<Self> {
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        let ordered = month.is_some() || day.is_none();
        ordered.then_some(Self { year, month, day })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, where it says one.
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// Whether it is exact to the day.
    pub fn is_day(self) -> bool {
        self.day.is_some()
    }

    /// The first day that it may mean.
    pub fn first(self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).unwrap_or(Date::ZERO)
    }

    /// The last day that it may mean.
    pub fn last(self) -> Date {
        match (self.month, self.day) {
            (None, _) => self.first().last_of_year(),
            (Some(_), None) => self.first().last_of_month(),
            (Some(_), Some(_)) => self.first(),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        [self.month, self.day]
            .into_iter()
            .flatten()
            .try_for_each(|part| write!(f, "-{part:02}"))
    }
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateError {
    /// It has not the shape of a date; holds what would.
    Shape,
    /// It has the shape, but the calendar has no such day; holds what is wrong.
    Impossible(String),
    /// It gives a time of day, but not where.
    NoOffset,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("not a date of the form 2016-08-11"),
            Self::Impossible(why) => f.write_str(why),
            Self::NoOffset => f.write_str("a time without its offset from UTC"),
        }
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let digits = |part: &str, width: usize| {
            let plain = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<i16>().ok()).flatten()
        };
        let mut parts = text.split('-');
        let year = parts.next().and_then(|part| digits(part, 4)).ok_or(DateError::Shape)?;
        let mut next = || {
            let small = |part| digits(part, 2).and_then(|value| i8::try_from(value).ok());
            parts.next().map(|part| small(part).ok_or(DateError::Shape)).transpose()
        };
        let (month, day) = (next()?, next()?);
        if parts.next().is_some() {
            return Err(DateError::Shape);
        }
        Self::new(year, month, day).ok_or_else(|| DateError::Impossible(impossible(year, month, day)))
    }
}

/// The day that a person names, as `2016-08-11`; or what is wrong with it.
///
/// # Errors
/// Where it is no date, or no whole day.
pub fn whole_day(text: &str) -> Result<Date, String> {
    let date: PartialDate = text.parse().map_err(|error: DateError| error.to_string())?;
    let day = date.is_day().then(|| date.first());
    day.ok_or_else(|| "give the whole day, as in 2026-01-31".to_owned())
}

fn impossible(year: i16, month: Option<i8>, day: Option<i8>) -> String {
    let first = month.and_then(|month| Date::new(year, month, 1).ok());
    match (first, month, day) {
        (Some(first), _, Some(day)) => format!(
            "there is no day {day} in {}, which has {} days",
            first.strftime("%B %Y"),
            first.days_in_month()
        ),
        (_, Some(month), _) => format!("there is no month {month}"),
        _ => format!("there is no year {year}"),
    }
}

/// A day as a record gives it, or an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A year, month or day, in no particular time zone.
    Date(PartialDate),
    /// An instant (RFC 3339), with the day that its own offset gives it.
    Instant {
        /// The instant.
        at: Timestamp,
        /// The day as written.
        day: Date,
    },
}

impl When {
    /// The first day that it may mean, in its own offset.
    pub fn first(self) -> Date {
        match self {
            Self::Date(date) => date.first(),
            Self::Instant { day, .. } => day,
        }
    }

    /// The last day that it may mean, in its own offset.
    pub fn last(self) -> Date {
        match self {
            Self::Date(date) => date.last(),
            Self::Instant { day, .. } => day,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Instant { at, .. } => at.fmt(f),
        }
    }
}

impl FromStr for When {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let Some((day, time)) = text.split_once(['T', 't', ' ']) else {
            return text.parse().map(Self::Date);
        };
        let day: PartialDate = day.parse()?;
        let day = day.day.map(|_| day.first()).ok_or(DateError::Shape)?;
        let clock = time.get(..8).ok_or(DateError::Shape)?;
        if !is_clock(clock) {
            return Err(DateError::Shape);
        }
        let offset = time[8..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        if offset.is_empty() {
            return Err(DateError::NoOffset);
        }
        let whole = format!("{day}T{time}");
        whole
            .parse()
            .map(|at| Self::Instant { at, day })
            .map_err(|error| DateError::Impossible(error.to_string()))
    }
}

fn is_clock(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| {
        if at % 3 == 2 {
            byte == b':'
        } else {
            byte.is_ascii_digit()
        }
    };
    text.bytes().enumerate().all(shape)
}

/// The day of a fourteen-digit capture timestamp (`20240501120000`), as web archives write it.
///
/// Fewer digits are read as the archives read them: a timestamp is filled up from the left.
pub fn capture_day(digits: &str) -> Option<Date> {
    let sound = (4..=14).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<i8>().ok());
    if !sound || !clock_fits(digits) {
        return None;
    }
    let year = digits.get(..4)?.parse().ok()?;
    Date::new(year, part(4..6).unwrap_or(1), part(6..8).unwrap_or(1)).ok()
}

fn clock_fits(digits: &str) -> bool {
    let below = |range: std::ops::Range<usize>, limit: u8| {
        let part = digits.get(range).and_then(|part| part.parse::<u8>().ok());
        part.is_none_or(|value| value < limit)
    };
    below(8..10, 24) && below(10..12, 60) && below(12..14, 61)
}

/// Whether one day is after another by more than time zones can explain, which is one day.
pub fn clearly_after(day: Date, other: Date) -> bool {
    other.tomorrow().is_ok_and(|next| day > next)
}

/// The day that it is now, in UTC. Only a command line asks for it, and lets the user say another.
pub fn today() -> Date {
    now().to_zoned(tz::TimeZone::UTC).date()
}

/// The instant that it is now, to the second; or the one that `SOURCE_DATE_EPOCH` gives in seconds, so that what is written
/// can be made again byte for byte (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub fn now() -> Timestamp {
    let given = std::env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|seconds| seconds.parse().ok());
    let seconds = given.unwrap_or_else(|| Timestamp::now().as_second());
    Timestamp::from_second(seconds).unwrap_or_else(|_| Timestamp::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> PartialDate {
        text.parse().expect("a date")
    }

    #[test]
    fn reads_three_precisions() {
        assert_eq!(date("2016-02").last().to_string(), "2016-02-29");
        assert_eq!(date("2016").last().to_string(), "2016-12-31");
        assert_eq!(date("2016-08-11").first().to_string(), "2016-08-11");
        assert_eq!(date("2016-08").to_string(), "2016-08");
    }

    #[test]
    fn refuses_what_other_parsers_let_pass() {
        for text in [
            "2024-1-2",
            "20240229",
            "+002024-02-29",
            "2024-02-29 ",
            "24-02-01",
            "",
            "2024-02-01-01",
        ] {
            assert_eq!(text.parse::<PartialDate>(), Err(DateError::Shape), "{text:?}");
        }
    }

    #[test]
    fn names_the_impossible() {
        let said = |text: &str| text.parse::<When>().expect_err("impossible").to_string();
        assert_eq!(
            said("2023-02-29"),
            "there is no day 29 in February 2023, which has 28 days"
        );
        assert_eq!(said("2023-13-01"), "there is no month 13");
        assert_eq!(said("2023-01-01T10:00:00"), "a time without its offset from UTC");
        assert!(said("2023-01-01T25:00:00Z").contains("hour"));
    }

    #[test]
    fn keeps_the_day_of_its_own_offset() {
        let when: When = "2023-01-01T00:30:00+02:00".parse().expect("an instant");
        assert_eq!(when.first().to_string(), "2023-01-01");
        assert_eq!(when.to_string(), "2022-12-31T22:30:00Z");
    }

    #[test]
    fn capture_timestamps() {
        assert_eq!(
            capture_day("20160812093000").map(|day| day.to_string()).as_deref(),
            Some("2016-08-12")
        );
        assert_eq!(
            capture_day("2016").map(|day| day.to_string()).as_deref(),
            Some("2016-01-01")
        );
        for bad in ["20161312093000", "20160812253000", "201608120930001", "2016x", ""] {
            assert_eq!(capture_day(bad), None, "{bad}");
        }
    }
}
