//! When texts were published, and when they were retrieved: how long they stood before they were taken, and what cannot be.

use super::svg::{Anchor, Scale, Svg};
use super::{Cell, Chart, WIDTH};
use crate::diff::grouped;
use crate::engine::TextRecord;
use crate::report::cleanup::count_of;
use crate::report::cleanup::{Cleanup, short};

/// Up to so many texts each have a line of their own; more are counted by year.
const LINES: usize = 40;
/// The height of a line.
const STEP: f64 = 22.0;
/// Where the axis begins, and where it ends.
const BEGIN: f64 = 270.0;
/// See [`BEGIN`].
const END: f64 = 735.0;
/// How far the highest bar reaches.
const REACH: f64 = 92.0;
/// Room for the axis.
const AXIS: f64 = 26.0;

/// When a text was published and retrieved, in years.
#[derive(Clone, Copy, Debug)]
struct Dated<'a> {
    record: &'a TextRecord,
    published: Option<f64>,
    retrieved: Option<f64>,
}

impl Dated<'_> {
    /// Whether it was retrieved before it was published.
    fn cannot_be(&self) -> bool {
        let both = self.published.zip(self.retrieved);
        both.is_some_and(|(published, retrieved)| retrieved < published)
    }

    fn both(&self) -> impl Iterator<Item = f64> {
        self.published.into_iter().chain(self.retrieved)
    }
}

/// The chart; none where fewer than two dates are on record.
pub(in crate::report::html) fn timeline(cleanup: &Cleanup<'_>) -> Option<Chart> {
    let report = cleanup.report;
    let mut dated: Vec<Dated<'_>> = report.texts.iter().filter_map(dated).collect();
    let all: Vec<f64> = dated.iter().flat_map(Dated::both).collect();
    if all.len() < 2 {
        return None;
    }
    let (low, high) = ends(&all);
    let scale = Scale {
        from: (low.floor(), (high + 0.001).ceil()),
        to: (BEGIN, END),
    };
    dated.sort_by(|a, b| {
        first(a)
            .total_cmp(&first(b))
            .then_with(|| a.record.path.cmp(&b.record.path))
    });
    let says = says(&dated, report.texts.len());
    let title = "Published and retrieved";
    let counted = dated.len() > LINES;
    let (svg, head, rows) = if counted {
        let years = years(&dated, scale);
        (
            bars(&years, scale),
            ["Year", "published", "retrieved"].to_vec(),
            table(&years),
        )
    } else {
        (
            lines(&dated, scale),
            ["Text", "published", "retrieved"].to_vec(),
            dated.iter().map(|one| cells(cleanup, one)).collect(),
        )
    };
    Some(Chart {
        id: "timeline",
        title,
        svg: svg.finish("timeline", title, &says),
        says,
        legend: vec![("t-pub", "published".to_owned()), ("t-ret", "retrieved".to_owned())],
        head: head.into_iter().map(str::to_owned).collect(),
        rows,
        left: None,
    })
}

/// The lowest and the highest.
fn ends(values: &[f64]) -> (f64, f64) {
    let (low, high) = values.split_first().map_or((0.0, 0.0), |(first, _)| (*first, *first));
    values
        .iter()
        .fold((low, high), |ends, value| (ends.0.min(*value), ends.1.max(*value)))
}

fn dated(record: &TextRecord) -> Option<Dated<'_>> {
    let dated = Dated {
        record,
        published: record.published_at.as_deref().and_then(year),
        retrieved: record.retrieved_at.as_deref().and_then(year),
    };
    (dated.published.is_some() || dated.retrieved.is_some()).then_some(dated)
}

/// A day, a month or a year as a fraction of years. What is wrong with a date is told by findings; here it has no place.
fn year(when: &str) -> Option<f64> {
    let day = when.get(..10).unwrap_or(when);
    let mut parts = day.split('-');
    let year: u16 = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let mut part = |most: u16| match parts.next() {
        None => Some(1),
        Some(part) => part.parse().ok().filter(|number| (1..=most).contains(number)),
    };
    let (month, day): (u16, u16) = (part(12)?, part(31)?);
    Some(f64::from(year) + f64::from(month - 1) / 12.0 + f64::from(day - 1) / 372.0)
}

fn first(dated: &Dated<'_>) -> f64 {
    dated.published.or(dated.retrieved).unwrap_or_default()
}

fn axis(svg: &mut Svg, scale: Scale, height: f64) {
    for tick in scale.ticks(9) {
        let x = scale.at(tick);
        svg.line((x, AXIS - 6.0), (x, height), "grid");
        svg.text((x, AXIS - 12.0), Anchor::Middle, "num", &format!("{tick:.0}"));
    }
}

fn lines(dated: &[Dated<'_>], scale: Scale) -> Svg {
    let height = AXIS + dated.len() as f64 * STEP + 6.0;
    let mut svg = Svg::new(WIDTH, height);
    axis(&mut svg, scale, height);
    for (index, one) in dated.iter().enumerate() {
        let y = AXIS + (index as f64 + 0.5) * STEP;
        let name = name(one.record);
        svg.text((BEGIN - 14.0, y + 4.5), Anchor::End, "", &short(name, 36));
        if let (Some(published), Some(retrieved)) = (one.published, one.retrieved) {
            let class = if one.cannot_be() { "span bad" } else { "span" };
            svg.line((scale.at(published), y), (scale.at(retrieved), y), class);
        }
        for (when, written, class, what) in [
            (one.published, &one.record.published_at, "t-pub", "published"),
            (one.retrieved, &one.record.retrieved_at, "t-ret", "retrieved"),
        ] {
            let Some(when) = when else { continue };
            let title = format!(
                "{}: {what} {}",
                short(name, 120),
                short(written.as_deref().unwrap_or_default(), 60)
            );
            svg.dot((scale.at(when), y), class, &title);
        }
    }
    svg
}

fn name(record: &TextRecord) -> &str {
    record.title.as_deref().unwrap_or(&record.path)
}

/// Texts by year: the year, how many were published in it, how many retrieved. A step is several years where there are many.
fn years(dated: &[Dated<'_>], scale: Scale) -> Vec<(f64, usize, usize)> {
    let (low, high) = scale.from;
    let step = ((high - low) / 60.0).ceil().max(1.0);
    let bins = ((high - low) / step).ceil() as usize;
    let mut years: Vec<_> = (0..bins).map(|bin| (low + bin as f64 * step, 0, 0)).collect();
    let bin = |when: f64| (((when - low) / step) as usize).min(bins.saturating_sub(1));
    for one in dated {
        if let Some(year) = one.published.and_then(|when| years.get_mut(bin(when))) {
            year.1 += 1;
        }
        if let Some(year) = one.retrieved.and_then(|when| years.get_mut(bin(when))) {
            year.2 += 1;
        }
    }
    years
}

/// What was published above the line, what was retrieved below it. Each side has its own measure, since retrieval is often the
/// matter of a day, and each bar its number.
fn bars(years: &[(f64, usize, usize)], scale: Scale) -> Svg {
    let (middle, begin) = (AXIS + 110.0, 40.0);
    let scale = Scale {
        from: scale.from,
        to: (begin, END),
    };
    let mut svg = Svg::new(WIDTH, AXIS + 226.0);
    axis(&mut svg, scale, AXIS + 220.0);
    let width = (END - begin) / years.len().max(1) as f64;
    let published = years.iter().map(|year| (year.0, year.1)).collect::<Vec<_>>();
    let retrieved = years.iter().map(|year| (year.0, year.2)).collect::<Vec<_>>();
    side(
        &mut svg,
        &published,
        scale,
        (middle, -REACH),
        width,
        ("t-pub", "published"),
    );
    side(
        &mut svg,
        &retrieved,
        scale,
        (middle, REACH),
        width,
        ("t-ret", "retrieved"),
    );
    svg.line((begin, middle), (END, middle), "base");
    svg
}

/// The bars of one side, which reach up or down.
fn side(
    svg: &mut Svg,
    years: &[(f64, usize)],
    scale: Scale,
    (middle, reach): (f64, f64),
    width: f64,
    (class, what): (&str, &str),
) {
    let most = years.iter().map(|year| year.1).max().unwrap_or(1).max(1) as f64;
    for (year, count) in years.iter().filter(|year| year.1 > 0) {
        let (x, length) = (scale.at(*year) + width * 0.1, *count as f64 / most * reach);
        let title = format!("{year:.0}: {} {what}", grouped(*count));
        svg.bar(
            (x, middle + length.min(0.0)),
            (width * 0.8, length.abs()),
            class,
            &title,
        );
        let y = middle + length + if reach < 0.0 { -4.0 } else { 12.0 };
        svg.text((x + width * 0.4, y), Anchor::Middle, "num small", &grouped(*count));
    }
}

fn table(years: &[(f64, usize, usize)]) -> Vec<Vec<Cell>> {
    let some = years.iter().filter(|year| year.1 + year.2 > 0);
    some.map(|(year, published, retrieved)| {
        vec![
            Cell::new(format!("{year:.0}")),
            Cell::new(published),
            Cell::new(retrieved),
        ]
    })
    .collect()
}

fn cells(cleanup: &Cleanup<'_>, one: &Dated<'_>) -> Vec<Cell> {
    let day = |day: &Option<String>| Cell::new(day.as_deref().map_or_else(|| "–".to_owned(), |day| short(day, 60)));
    let record = one.record;
    vec![
        Cell::text(cleanup, name(record), &record.path),
        day(&record.published_at),
        day(&record.retrieved_at),
    ]
}

fn says(dated: &[Dated<'_>], texts: usize) -> String {
    let span = |dates: Vec<f64>, what: &str| {
        let (low, high) = ends(&dates);
        let count = count_of(dates.len(), "has", "have");
        match (low.floor(), high.floor()) {
            _ if dates.is_empty() => format!("none has a date of {what}"),
            (low, high) if low >= high => format!("{count} a date of {what}, in {low:.0}"),
            (low, high) => format!("{count} a date of {what}, from {low:.0} to {high:.0}"),
        }
    };
    let published = span(dated.iter().filter_map(|one| one.published).collect(), "publication");
    let retrieved = span(dated.iter().filter_map(|one| one.retrieved).collect(), "retrieval");
    let wrong = match dated.iter().filter(|one| one.cannot_be()).count() {
        0 => String::new(),
        wrong => format!(
            " {} retrieved before it was published.",
            count_of(wrong, "text was", "texts were")
        ),
    };
    format!(
        "Of {}, {published}; {retrieved}.{wrong}",
        count_of(texts, "text", "texts")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Report;
    use crate::report::html::BOUNDS;

    fn drawn(report: &Report) -> Option<Chart> {
        timeline(&Cleanup::of(report, BOUNDS))
    }

    fn report(texts: usize, retrieved: &str) -> Report {
        let text = |index: usize| TextRecord {
            path: format!("{index}.txt"),
            published_at: Some(format!("{}-06", 1990 + index % 20)),
            retrieved_at: Some(retrieved.to_owned()),
            ..TextRecord::default()
        };
        Report {
            texts: (0..texts).map(text).collect(),
            ..Report::default()
        }
    }

    #[test]
    fn dates_are_years() {
        assert_eq!(year("2016"), Some(2016.0));
        assert_eq!(year("2016-07-01T10:00:00Z"), Some(2016.5));
        for wrong in ["", "16", "2016-13", "2016-1x", "soon"] {
            assert_eq!(year(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn few_texts_have_lines_and_many_have_bars() {
        let few = drawn(&report(3, "2020-01-01")).expect("a chart");
        assert_eq!((few.head[0].as_str(), few.rows.len()), ("Text", 3));
        let many = drawn(&report(100, "2020-01-01")).expect("a chart");
        assert_eq!((many.head[0].as_str(), many.rows.len()), ("Year", 21));
        assert!(drawn(&Report::default()).is_none());
    }

    #[test]
    fn what_cannot_be_is_said() {
        let chart = drawn(&report(2, "1990-12-31")).expect("a chart");
        assert!(
            chart.says.ends_with(" 1 text was retrieved before it was published."),
            "{}",
            chart.says
        );
        assert!(chart.svg.contains("span bad"));
    }
}
