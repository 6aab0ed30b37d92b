//! The cleanup report as one page that needs nothing else: to read on a screen, to search, to print, to hand on.
//!
//! Everything is in the page without scripts; a script filters, searches and moves between findings. Nothing is loaded from
//! elsewhere, and the policy of the page admits its own style and script alone, by their digests.

mod charts;
mod finding;
mod passage;
mod rule;
mod text;

use std::io::{self, BufWriter, Write};

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::cleanup::{Bounds, Cleanup, fixity};
use crate::diff::grouped;
use crate::engine::Report;
use crate::report::change::Fate;
use charts::Chart;
use passage::Passage;
use rule::RuleNote;
use text::{Fact, Section};

/// What a browser opens without delay.
const BOUNDS: Bounds = Bounds {
    texts: 5_000,
    findings: 5_000,
    each: 60,
    clusters: 150,
};

const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    policy: String,
    style: String,
    script: String,
    title: String,
    day: Option<String>,
    mood: &'static str,
    fixity_said: &'a str,
    found_said: &'a str,
    fixes_said: Option<String>,
    fixity: Vec<(&'static str, String)>,
    figures: Vec<(&'static str, Vec<String>)>,
    figures_total: Vec<String>,
    texts: Vec<Section<'a>>,
    more_texts: String,
    others: Vec<Section<'a>>,
    passages: Vec<Passage<'a>>,
    more_passages: usize,
    sources: Option<Chart>,
    timeline: Option<Chart>,
    map: Option<Chart>,
    rules: Vec<RuleNote>,
    program: String,
}

/// Writes the page.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let cleanup = Cleanup::of(report, BOUNDS);
    let mut out = BufWriter::with_capacity(1 << 16, out);
    page(&cleanup).write_into(&mut out)?;
    writeln!(out)?;
    out.flush()
}

fn page<'a>(cleanup: &'a Cleanup<'a>) -> Page<'a> {
    let report = cleanup.report;
    let (style, script) = (plain(STYLE), plain(SCRIPT));
    let figures = cleanup.figures();
    Page {
        policy: policy(&style, &script),
        title: cleanup.title(),
        day: cleanup.day(),
        mood: cleanup.verdict.mood.name(),
        fixity_said: &cleanup.verdict.fixity,
        found_said: &cleanup.verdict.found,
        fixes_said: fixes(cleanup),
        fixity: fixity(&report.summary)
            .map(|(name, count)| (name, grouped(count)))
            .into(),
        figures_total: total(&figures),
        figures: figures
            .iter()
            .map(|(family, counts)| (*family, cells(counts)))
            .collect(),
        texts: cleanup.texts.iter().map(|group| Section::of(cleanup, group)).collect(),
        more_texts: grouped(cleanup.more_texts),
        others: cleanup.others.iter().map(|group| Section::of(cleanup, group)).collect(),
        passages: cleanup.clusters.iter().map(|one| Passage::of(cleanup, one)).collect(),
        more_passages: cleanup.more_clusters,
        sources: charts::sources(report),
        timeline: charts::timeline(cleanup),
        map: charts::shared(cleanup),
        rules: rule::notes(cleanup),
        program: crate::journal::program(),
        style,
        script,
    }
}

/// Line ends as a browser has them once it has read the page: digests are of those.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Nothing but the style and the script of the page itself.
fn policy(style: &str, script: &str) -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(style),
        digest(script)
    )
}

fn fixes(cleanup: &Cleanup<'_>) -> Option<String> {
    let (all, safe) = cleanup.fixes();
    let have = match all {
        0 => return None,
        1 => "One of them has a fix".to_owned(),
        all => format!("{} of them have a fix", grouped(all)),
    };
    Some(match safe {
        0 => format!("{have}, and none is safe to apply without a look."),
        safe if safe == all => format!("{have} that is safe to apply."),
        1 => format!("{have}, one of which is safe to apply."),
        safe => format!("{have}, {} of which are safe to apply.", grouped(safe)),
    })
}

/// A count for each column of the table of figures; nothing where there is none.
fn cells(counts: &[usize; 5]) -> Vec<String> {
    let cell = |count: &usize| if *count == 0 { "–".to_owned() } else { grouped(*count) };
    counts.iter().map(cell).collect()
}

fn total(figures: &[(&'static str, [usize; 5])]) -> Vec<String> {
    let mut total = [0; 5];
    for (_, counts) in figures {
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    cells(&total)
}

#[cfg(test)]
mod tests;
