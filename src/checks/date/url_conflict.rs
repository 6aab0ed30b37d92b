//! `date/url-conflict`: an address that carries another date than the record.

use crate::checks::{Check, Rule, Survey};
use crate::date::PartialDate;
use crate::finding::{Finding, Severity};
use crate::manifest::Spanned;
use crate::text::dates;

/// See [`RULE`].
#[derive(Debug)]
pub struct UrlConflict;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/url-conflict",
    severity: Severity::Warning,
    summary: "an address with a date that the recorded date of publication contradicts",
    settings: &[],
    docs: "\
## What it does
Reads the date that many sites put into the path of a page (`/2016/08/11/`, `/2016/08/`, `/20160811/`, `2016-08-11-title`) from
`source.url` and `source.canonical_url`, and compares it with `published_at`. Two days of difference are allowed, for time
zones and for a text that was prepared the day before. The time of a capture in the address of a web archive is no date of the
page, and is passed over; so is a date in the query.

## Why it matters
The address was made when the page was, and nobody edits it afterwards. Where the two differ, day and month are swapped, the
year is mistyped, or the record is that of another page.

## Example
```yaml
published_at: 2016-11-08
source: {url: https://example.org/2016/08/11/mill, retrieved_at: 2025-03-13}
```

## What to do
Look which of the two is right, and correct `published_at` where it is not.

## Where it errs
Some sites put the date of the event or of the issue into the address, and some keep the address when a page is written anew
every year. Confidence 0.85 for a day, 0.7 for a month.
",
};

/// A page may be made so many days before or after it is published.
const TOLERANCE: i32 = 2;

impl Check for UrlConflict {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for entry in &survey.manifest.entries {
            let (Some(published), Some(source)) = (&entry.published_at, &entry.source) else {
                continue;
            };
            let range = (published.value.first(), published.value.last());
            let own = [&source.url, &source.canonical_url].into_iter().flatten();
            let dated = own.filter_map(|url| Some((url, date_of(&url.value)?)));
            let Some((url, date)) = dated.into_iter().find(|(_, date)| dates::gap(*date, range) > TOLERANCE) else {
                continue;
            };
            let place = survey.at(entry, url.span);
            let finding = RULE.finding(survey.at(entry, published.span), message(published, date));
            findings.push(
                finding
                    .help("look which of the two is right, and correct `published_at` where it is not")
                    .related(place, "the address says so here")
                    .confidence(if date.is_day() { 0.85 } else { 0.7 })
                    .evidence("address", date.to_string())
                    .evidence("recorded", published.value.to_string()),
            );
        }
    }
}

fn message(published: &Spanned<crate::date::When>, date: PartialDate) -> String {
    format!(
        "the address is dated {date}, the text is recorded as published on {}",
        published.value
    )
}

/// The years that sites on the web have put into addresses.
const YEARS: std::ops::RangeInclusive<i16> = 1993..=2199;

/// The date in the path of an address.
pub(crate) fn date_of(url: &str) -> Option<PartialDate> {
    let url = url.rfind("://").map_or(url, |at| &url[at + 3..]);
    let path = url.find('/').map(|at| &url[at + 1..])?;
    let path = path.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').collect();
    let folders = (0..parts.len()).find_map(|at| in_folders(&parts[at..]));
    folders.or_else(|| parts.iter().find_map(|part| in_name(part)))
}

/// `2016/08/11` or `2016/08`.
fn in_folders(parts: &[&str]) -> Option<PartialDate> {
    let year = number(parts.first()?, 4)?;
    let month = parts
        .get(1)
        .and_then(|part| number(part, 2).or_else(|| number(part, 1)))?;
    let day = parts
        .get(2)
        .and_then(|part| number(part, 2).or_else(|| number(part, 1)));
    let day = day.and_then(|day| date(year, month, Some(day)));
    day.or_else(|| date(year, month, None).filter(|_| parts.len() > 2))
}

/// `20160811`, or `2016-08-11` with whatever follows or precedes it.
fn in_name(part: &str) -> Option<PartialDate> {
    let whole = |part: &str| {
        date(
            number(part.get(..4)?, 4)?,
            number(part.get(4..6)?, 2)?,
            Some(number(part.get(6..)?, 2)?),
        )
    };
    let tight = || {
        part.split(['-', '_', '.'])
            .filter(|piece| piece.len() == 8)
            .find_map(whole)
    };
    let mut pieces = part.split(['-', '_']);
    let first = pieces.next()?;
    let spaced = (|| {
        date(
            number(first, 4)?,
            number(pieces.next()?, 2)?,
            Some(number(pieces.next()?, 2)?),
        )
    })();
    spaced.or_else(tight)
}

fn number(part: &str, width: usize) -> Option<i16> {
    let plain = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| part.parse().ok()).flatten()
}

fn date(year: i16, month: i16, day: Option<i16>) -> Option<PartialDate> {
    let small = |number: i16| i8::try_from(number).ok().filter(|&number| number > 0);
    let day = match day {
        Some(day) => Some(small(day)?),
        None => None,
    };
    PartialDate::new(year, Some(small(month)?), day).filter(|_| YEARS.contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_addresses() {
        let of = |url: &str| date_of(url).map(|date| date.to_string());
        let day = Some("2016-08-11".to_owned());
        assert_eq!(of("https://example.org/2016/08/11/mill"), day);
        assert_eq!(of("https://example.org/news/2016/8/11/"), day);
        assert_eq!(of("https://example.org/news/20160811/mill"), day);
        assert_eq!(of("https://example.org/2016-08-11-mill.html"), day);
        assert_eq!(of("https://example.org/2016/08/mill"), Some("2016-08".to_owned()));
        let archived = "https://web.archive.org/web/20200101000000/https://example.org/2016/08/11/mill";
        assert_eq!(of(archived), day);
        for none in [
            "https://example.org/mill",
            "https://web.archive.org/web/20160811000000id_/https://example.org/a",
            "https://example.org/issues/2016/99",
            "https://example.org/a?date=2016-08-11",
            "https://example.org/article-12345678",
            "https://example.org/2016",
            "2016/08/11",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
