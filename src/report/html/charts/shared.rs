//! Which texts share passages: an arc from one to the other, as wide as what they share.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::svg::{Anchor, Svg};
use super::{Cell, Chart, WIDTH};
use crate::diff::grouped;
use crate::engine::Report;
use crate::report::cleanup::count_of;
use crate::report::cleanup::{Cleanup, short};

/// So many texts are drawn: those that share most.
const TEXTS: usize = 40;
/// So many pairs stand in the table.
const PAIRS: usize = 40;
/// The height of a text.
const STEP: f64 = 22.0;
/// Where arcs begin, and how far they reach.
const BEGIN: f64 = 330.0;
/// See [`BEGIN`].
const REACH: f64 = 410.0;

/// Words that two texts share, by their numbers in the manifest, the lower first.
type Shares = BTreeMap<(usize, usize), usize>;

/// The map; none where no two texts share a passage.
pub(in crate::report::html) fn shared(cleanup: &Cleanup<'_>) -> Option<Chart> {
    let report = cleanup.report;
    let shares = shares(report);
    if shares.is_empty() {
        return None;
    }
    let drawn = drawn(&shares);
    let title = "Passages that texts share";
    let says = says(report, &shares, drawn.len());
    let mut pairs: Vec<_> = shares.iter().map(|(pair, words)| (Reverse(*words), *pair)).collect();
    pairs.sort_unstable();
    let left = pairs.len().saturating_sub(PAIRS);
    let row = |(words, (a, b)): &(Reverse<usize>, (usize, usize))| {
        vec![cell(cleanup, *a), cell(cleanup, *b), Cell::new(grouped(words.0))]
    };
    Some(Chart {
        id: "map",
        title,
        svg: draw(report, &shares, &drawn).finish("map", title, &says),
        says,
        legend: Vec::new(),
        head: ["Text", "shares with", "words"].map(str::to_owned).into(),
        rows: pairs.iter().take(PAIRS).map(row).collect(),
        left: (left > 0).then(|| format!("And {} that share less.", count_of(left, "pair", "pairs"))),
    })
}

/// What each pair of texts shares, without what stands in many.
fn shares(report: &Report) -> Shares {
    let numbers: HashMap<&str, usize> = report
        .texts
        .iter()
        .enumerate()
        .map(|(number, record)| (record.path.as_str(), number))
        .collect();
    let mut shares = Shares::new();
    for cluster in report.clusters.iter().filter(|cluster| !cluster.boilerplate) {
        let paths = cluster.places.iter().map(|place| place.path.as_str());
        let mut texts: Vec<usize> = paths.filter_map(|path| numbers.get(path).copied()).collect();
        texts.sort_unstable();
        texts.dedup();
        for (index, a) in texts.iter().enumerate() {
            for b in &texts[index + 1..] {
                *shares.entry((*a, *b)).or_insert(0) += cluster.words;
            }
        }
    }
    shares
}

/// The texts of the pairs that share most, in the order of the manifest: each has an arc.
fn drawn(shares: &Shares) -> Vec<usize> {
    let mut pairs: Vec<_> = shares.iter().map(|(pair, words)| (Reverse(*words), *pair)).collect();
    pairs.sort_unstable();
    let mut drawn = BTreeSet::new();
    for (_, (a, b)) in pairs {
        let new = [a, b].into_iter().filter(|text| !drawn.contains(text)).count();
        if drawn.len() + new <= TEXTS {
            drawn.extend([a, b]);
        }
    }
    drawn.into_iter().collect()
}

fn draw(report: &Report, shares: &Shares, drawn: &[usize]) -> Svg {
    let height = drawn.len() as f64 * STEP + 8.0;
    let y = |row: usize| (row as f64 + 0.5) * STEP + 4.0;
    let mut svg = Svg::new(WIDTH, height);
    let most = shares.values().copied().max().unwrap_or(1).max(1) as f64;
    let flat = (REACH / (height / 2.0)).min(1.0);
    for ((a, b), words) in shares {
        let (Ok(from), Ok(to)) = (drawn.binary_search(a), drawn.binary_search(b)) else {
            continue;
        };
        let title = format!(
            "{} and {}: {} words",
            name(report, *a),
            name(report, *b),
            grouped(*words)
        );
        let width = 1.0 + 5.0 * (*words as f64 / most).sqrt();
        let rx = (y(to) - y(from)) / 2.0 * flat;
        svg.arc(BEGIN, (y(from), y(to)), rx, width, &title);
    }
    for (row, text) in drawn.iter().enumerate() {
        svg.text(
            (BEGIN - 14.0, y(row) + 4.5),
            Anchor::End,
            "",
            &short(&name(report, *text), 44),
        );
        svg.dot((BEGIN, y(row)), "node", &name(report, *text));
    }
    svg
}

fn name(report: &Report, text: usize) -> String {
    let record = report.texts.get(text);
    record.map_or_else(String::new, |record| {
        short(record.title.as_deref().unwrap_or(&record.path), 120)
    })
}

fn cell(cleanup: &Cleanup<'_>, text: usize) -> Cell {
    let report = cleanup.report;
    let path = report.texts.get(text).map_or("", |record| record.path.as_str());
    Cell::text(cleanup, &name(report, text), path)
}

fn says(report: &Report, shares: &Shares, drawn: usize) -> String {
    let mut texts: Vec<usize> = shares.keys().flat_map(|(a, b)| [*a, *b]).collect();
    texts.sort_unstable();
    texts.dedup();
    let most = shares.iter().max_by_key(|(pair, words)| (**words, Reverse(**pair)));
    let most = most.map_or_else(String::new, |((a, b), words)| {
        format!(
            " Most is shared by “{}” and “{}”: {} words.",
            name(report, *a),
            name(report, *b),
            grouped(*words)
        )
    });
    let cut = match texts.len() - drawn {
        0 => String::new(),
        left => format!(
            " The {drawn} that share most are drawn, {} not.",
            count_of(left, "is", "are")
        ),
    };
    format!(
        "{} of {} share passages with another one.{most}{cut}",
        grouped(texts.len()),
        count_of(report.texts.len(), "text", "texts")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::html::BOUNDS;

    fn map(report: &Report) -> Option<Chart> {
        shared(&Cleanup::of(report, BOUNDS))
    }
    use crate::engine::{Cluster, TextRecord};
    use crate::finding::Location;

    fn report(texts: usize, boilerplate: bool) -> Report {
        let text = |index: usize| TextRecord {
            path: format!("{index}.txt"),
            ..TextRecord::default()
        };
        let cluster = |index: usize| Cluster {
            id: index.to_string(),
            boilerplate,
            words: 10 + index,
            similarity: 1.0,
            places: vec![
                Location::file(format!("{index}.txt")),
                Location::file(format!("{}.txt", index + 1)),
                Location::file(format!("{index}.txt")),
            ],
            count: 3,
            changes: Vec::new(),
        };
        Report {
            texts: (0..texts).map(text).collect(),
            clusters: (0..texts - 1).map(cluster).collect(),
            ..Report::default()
        }
    }

    #[test]
    fn the_map_has_a_bound_and_says_what_it_leaves_out() {
        let chart = map(&report(60, false)).expect("a map");
        assert_eq!(
            (chart.rows.len(), chart.svg.matches("class=\"node\"").count()),
            (PAIRS, TEXTS)
        );
        assert_eq!(chart.left.as_deref(), Some("And 19 pairs that share less."));
        assert!(
            chart.says.contains("The 40 that share most are drawn, 20 are not."),
            "{}",
            chart.says
        );
    }

    #[test]
    fn what_stands_in_many_texts_is_no_tie() {
        assert!(map(&report(3, true)).is_none());
    }
}
