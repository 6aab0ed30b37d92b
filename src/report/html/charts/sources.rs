//! What is open, by where the texts come from and by family: which source needs another way of taking texts from it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use url::Url;

use super::svg::{Anchor, Svg};
use super::{Cell, Chart, WIDTH, colour};
use crate::diff::grouped;
use crate::engine::Report;
use crate::report::cleanup::count_of;
use crate::report::cleanup::{findings, short};

/// So many sources have a bar of their own.
const BARS: usize = 14;
/// The height of a bar with the space below it.
const STEP: f64 = 28.0;
/// Where bars begin, and where the longest ends.
const BEGIN: f64 = 210.0;
/// See [`BEGIN`].
const END: f64 = 700.0;

/// The source of texts without an address.
const NO_ADDRESS: &str = "no address on record";
/// The source of what is found in no text.
const NO_TEXT: &str = "manifest and other files";

/// A source: its name, and its findings by family.
type Row = (String, BTreeMap<&'static str, usize>);

/// The chart; none where nothing is open.
pub(in crate::report::html) fn sources(report: &Report) -> Option<Chart> {
    let rows = rows(report);
    let most = rows.iter().map(|row| total(&row.1)).max()?;
    let families = families(&rows);
    let says = says(&rows);
    let title = "What is open, by source";
    let mut svg = Svg::new(WIDTH, rows.len() as f64 * STEP + 8.0);
    for (index, row) in rows.iter().enumerate() {
        draw(&mut svg, row, &families, index as f64 * STEP + 4.0, most);
    }
    let head = ["Source".to_owned()];
    Some(Chart {
        id: "sources",
        title,
        svg: svg.finish("sources", title, &says),
        says,
        legend: families
            .iter()
            .map(|family| (colour(family), (*family).to_owned()))
            .collect(),
        head: head
            .into_iter()
            .chain(families.iter().map(|family| (*family).to_owned()))
            .chain(["all".to_owned()])
            .collect(),
        rows: rows.iter().map(|row| cells(row, &families)).collect(),
        left: None,
    })
}

/// The sources with most findings, and the others as one.
fn rows(report: &Report) -> Vec<Row> {
    let hosts: HashMap<&str, String> = report
        .texts
        .iter()
        .map(|record| (record.path.as_str(), host(record.url.as_deref())))
        .collect();
    let mut by_host: BTreeMap<&str, BTreeMap<&'static str, usize>> = BTreeMap::new();
    for finding in report.open() {
        let host = hosts.get(finding.location.path.as_str());
        let host = host.map_or(NO_TEXT, String::as_str);
        *by_host.entry(host).or_default().entry(finding.family()).or_insert(0) += 1;
    }
    let mut rows: Vec<Row> = by_host.into_iter().map(|(host, row)| (host.to_owned(), row)).collect();
    rows.sort_by_key(|(_, row)| Reverse(total(row)));
    if rows.len() > BARS + 1 {
        let rest = rows.split_off(BARS);
        let mut sum = BTreeMap::new();
        for (family, count) in rest.iter().flat_map(|(_, row)| row) {
            *sum.entry(*family).or_insert(0) += count;
        }
        rows.push((count_of(rest.len(), "other source", "other sources"), sum));
    }
    rows
}

/// The name of the host of an address.
fn host(url: Option<&str>) -> String {
    let host = url.and_then(|url| Url::parse(url).ok()?.host_str().map(str::to_owned));
    match host {
        Some(host) => short(host.strip_prefix("www.").unwrap_or(&host), 60),
        None => NO_ADDRESS.to_owned(),
    }
}

fn total(row: &BTreeMap<&'static str, usize>) -> usize {
    row.values().sum()
}

/// The families, most findings first.
fn families(rows: &[Row]) -> Vec<&'static str> {
    let mut sums: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (family, count) in rows.iter().flat_map(|(_, row)| row) {
        *sums.entry(*family).or_insert(0) += count;
    }
    let mut families: Vec<_> = sums.into_iter().collect();
    families.sort_by_key(|(family, count)| (Reverse(*count), *family));
    families.into_iter().map(|(family, _)| family).collect()
}

fn draw(svg: &mut Svg, (name, row): &Row, families: &[&'static str], y: f64, most: usize) {
    svg.text((BEGIN - 10.0, y + 15.0), Anchor::End, "", &short(name, 30));
    let unit = (END - BEGIN) / most.max(1) as f64;
    let mut x = BEGIN;
    for family in families {
        let Some(count) = row.get(family) else { continue };
        let width = *count as f64 * unit;
        let title = format!("{name}, {family}: {}", findings(*count));
        svg.bar((x, y), (width, STEP - 8.0), colour(family), &title);
        x += width;
    }
    svg.text((x + 8.0, y + 15.0), Anchor::Start, "num", &grouped(total(row)));
}

fn cells((name, row): &Row, families: &[&'static str]) -> Vec<Cell> {
    let counts = families.iter().map(|family| row.get(family).copied().unwrap_or(0));
    let counts = counts.chain([total(row)]).map(|count| match count {
        0 => Cell::new("–"),
        count => Cell::new(grouped(count)),
    });
    [Cell::new(name)].into_iter().chain(counts).collect()
}

fn says(rows: &[Row]) -> String {
    let all: usize = rows.iter().map(|(_, row)| total(row)).sum();
    let Some((name, row)) = rows.first() else {
        return String::new();
    };
    let most = row.iter().max_by_key(|(family, count)| (**count, Reverse(**family)));
    let of_most = most.map_or_else(String::new, |(family, count)| {
        format!(", {} of them of family {family}", grouped(*count))
    });
    let place = match name.as_str() {
        NO_ADDRESS => "in texts without an address on record".to_owned(),
        NO_TEXT => "in the manifest and other files".to_owned(),
        name => format!("in texts of {name}"),
    };
    format!(
        "Of {}, {} {place}{of_most}.",
        findings(all),
        count_of(total(row), "is", "are")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::TextRecord;
    use crate::finding::{Finding, Location, Severity};

    fn report(hosts: usize) -> Report {
        let text = |index: usize| TextRecord {
            path: format!("{index}.txt"),
            url: Some(format!("https://www.h{index:02}.example/a")),
            ..TextRecord::default()
        };
        let finding = |index: usize| {
            let location = Location::file(format!("{index}.txt"));
            Finding::new("layout/stray-line", Severity::Info, location, "")
        };
        Report {
            texts: (0..hosts).map(text).collect(),
            findings: (0..hosts).map(finding).chain([finding(1)]).collect(),
            ..Report::default()
        }
    }

    #[test]
    fn sources_have_bars_and_the_rest_has_one() {
        let chart = sources(&report(20)).expect("a chart");
        assert_eq!(chart.rows.len(), BARS + 1);
        assert_eq!(chart.rows[0][0].text, "h01.example");
        assert_eq!(chart.rows[BARS][0].text, "6 other sources");
        assert_eq!(
            chart.says,
            "Of 21 findings, 2 are in texts of h01.example, 2 of them of family layout."
        );
        assert!(sources(&Report::default()).is_none());
    }
}
