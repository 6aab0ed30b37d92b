//! The cleanup report as Markdown, to read in a pull request or in a repository.

mod escape;

use std::io::{self, Write};

use super::address::rule_page;
use super::change;
use super::cleanup::{
    Bounds, Cleanup, Group, Side, beside, called, count_of, custody, digest_of, excerpt, fixity, safety, short,
    state_of, unseen_edits, where_in,
};
use super::full::Style;
use crate::checks;
use crate::diff::grouped;
use crate::engine::{Acceptance, Change, Cluster, Report, TextRecord};
use crate::finding::{Edit, Finding, Fix, Location, Stretch};
use escape::{code, fence, inline, link, message};

/// What is still read in a pull request.
const BOUNDS: Bounds = Bounds {
    texts: 300,
    findings: 200,
    each: 15,
    clusters: 25,
};
/// So many characters stand on either side of what an excerpt marks: lines of a fence are not wrapped.
const SIDE: usize = 80;
/// So many other places of a finding or a passage are named.
const OTHERS: usize = 5;
/// So many changes or acceptances of a text are told.
const RECORDS: usize = 10;

/// Writes the report.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let cleanup = Cleanup::of(report, BOUNDS);
    head(&cleanup, out)?;
    summary(&cleanup, out)?;
    provenance(&cleanup, out)?;
    writeln!(out, "\n## Text by text")?;
    if !report.findings.is_empty() {
        writeln!(out, "\nWhat a finding speaks of stands between ⟦ and ⟧.")?;
    }
    for group in cleanup.texts.iter().chain(&cleanup.others) {
        text(report, group, out)?;
    }
    quiet(&cleanup, out)?;
    passages(&cleanup, out)?;
    rules(&cleanup, out)?;
    writeln!(out, "\n---\n\nWritten by {}.", inline(&crate::journal::program()))
}

fn head(cleanup: &Cleanup<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}: cleanup report\n", inline(&cleanup.title()))?;
    if let Some(day) = cleanup.day() {
        writeln!(out, "As of {day}.\n")?;
    }
    let verdict = &cleanup.verdict;
    writeln!(out, "**{}** {}", verdict.fixity, verdict.found)?;
    if let (all @ 1.., safe) = cleanup.fixes() {
        let have = if all == 1 { "has" } else { "have" };
        writeln!(
            out,
            "\n{} {have} a fix, {} safe to apply. `vidimus fix --diff` shows what would change.",
            grouped(all),
            count_of(safe, "is", "are")
        )?;
    }
    Ok(())
}

/// A table: its head, and its rows, whose cells are Markdown already.
fn table(out: &mut dyn Write, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    writeln!(out, "\n| {} |", head.join(" | "))?;
    writeln!(out, "|{}", "---|".repeat(head.len()))?;
    for row in rows {
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    Ok(())
}

fn summary(cleanup: &Cleanup<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## Summary")?;
    let fixity = fixity(&cleanup.report.summary);
    let counts = fixity.map(|(_, count)| grouped(count)).to_vec();
    table(out, &fixity.map(|(name, _)| name), [counts].into_iter())?;
    let figures = cleanup.figures();
    if figures.is_empty() {
        return writeln!(out, "\nNothing was found.");
    }
    let cell = |count: &usize| if *count == 0 { "–".to_owned() } else { grouped(*count) };
    let row = |(family, counts): &(&'static str, [usize; 5])| {
        [(*family).to_owned()]
            .into_iter()
            .chain(counts.iter().map(cell))
            .collect()
    };
    let head = ["family", "errors", "warnings", "remarks", "accepted", "known before"];
    table(out, &head, figures.iter().map(row))
}

fn provenance(cleanup: &Cleanup<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## Provenance")?;
    let records = cleanup.texts.iter().filter_map(|group| group.record);
    let head = [
        "Text",
        "Address",
        "Published",
        "Retrieved",
        "Licence",
        "SHA-256",
        "Custody",
        "State",
    ];
    table(out, &head, records.map(recorded))?;
    match cleanup.more_texts {
        0 => Ok(()),
        more => writeln!(
            out,
            "\nAnd {}, none of which has louder findings; `vidimus check --format html` tells more of them.",
            count_of(more, "more text", "more texts")
        ),
    }
}

/// What is on record of a text, as a row.
fn recorded(record: &TextRecord) -> Vec<String> {
    let cell = |value: &Option<String>, most| match value.as_deref() {
        Some(value) => inline(&short(value, most)),
        None => "–".to_owned(),
    };
    let digest = record.present.as_deref().or(record.recorded.as_deref());
    let digest = digest.map(|digest| code(&digest_of(digest).chars().take(12).collect::<String>()));
    vec![
        inline(&short(record.title.as_deref().unwrap_or(&record.path), 200)),
        record.url.as_deref().map_or_else(|| "–".to_owned(), address),
        cell(&record.published_at, 60),
        cell(&record.retrieved_at, 60),
        cell(&record.license, 100),
        digest.unwrap_or_else(|| "–".to_owned()),
        inline(&short(&custody(record), 300)),
        record.state.to_owned(),
    ]
}

fn address(url: &str) -> String {
    let brief = url.split_once("://").map_or(url, |(_, rest)| rest);
    link(&short(brief.trim_start_matches("www.").trim_end_matches('/'), 60), url)
}

/// A file with something to tell; the others are told together.
fn text(report: &Report, group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    if is_quiet(group) {
        return Ok(());
    }
    let title = group.record.and_then(|record| record.title.as_deref());
    writeln!(out, "\n### {}\n", inline(&short(title.unwrap_or(group.path), 200)))?;
    let state = group.record.map(|record| format!(", {}", record.state));
    writeln!(out, "{}{}", code(&short(group.path, 300)), state.unwrap_or_default())?;
    for (state, name) in [("open", "Open"), ("accepted", "Accepted"), ("baseline", "Known before")] {
        let of_state = group.findings.told.iter().filter(|finding| state_of(finding) == state);
        let mut of_state = of_state.peekable();
        if of_state.peek().is_some() {
            writeln!(out, "\n#### {name}")?;
        }
        of_state.try_for_each(|finding| tell(report, finding, out))?;
    }
    if let Some(rest) = group.findings.rest() {
        writeln!(out, "\n{}", message(&rest))?;
    }
    named(group, out)?;
    if let Some(record) = group.record {
        edits(&record.edits, out)?;
    }
    settled(&group.settled, out)
}

fn is_quiet(group: &Group<'_>) -> bool {
    let edited = group.record.is_some_and(|record| !record.edits.is_empty());
    group.findings.told.is_empty() && group.named.is_empty() && group.settled.is_empty() && !edited
}

fn quiet(cleanup: &Cleanup<'_>, out: &mut dyn Write) -> io::Result<()> {
    match cleanup.texts.iter().filter(|group| is_quiet(group)).count() {
        0 => Ok(()),
        count => writeln!(
            out,
            "\nOf {} there is nothing to tell but what the table says.",
            count_of(count, "more text", "more texts")
        ),
    }
}

fn tell(report: &Report, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let rule = rule_page(report, finding.rule);
    let rule = rule.map_or_else(|| code(finding.rule), |page| link(finding.rule, &page));
    let place = where_in(&finding.location)
        .map(|place| format!(", {place}"))
        .unwrap_or_default();
    writeln!(
        out,
        "\n**{}** {}  ",
        called(finding.severity),
        message(&finding.message)
    )?;
    writeln!(out, "{rule}{place}, {}", code(&finding.fingerprint))?;
    if let Some(place) = &finding.location.place {
        let line = |line: &super::cleanup::Line| {
            let bit = |bit: &super::cleanup::Bit| match bit.marked {
                true => format!("⟦{}⟧", bit.text),
                false => bit.text.clone(),
            };
            let text: String = line.bits.iter().map(bit).collect();
            format!("{:>4} | {}", line.number, text.replace("⟧⟦", ""))
        };
        let lines: Vec<String> = excerpt(place, SIDE).iter().map(line).collect();
        write!(out, "\n{}", fence("text", &lines))?;
    }
    related(finding, out)?;
    match (&finding.suppressed, &finding.help) {
        (Some(why), _) => writeln!(out, "\nWhy it stands: {}", inline(&short(&why.reason, 1_000)))?,
        (None, Some(help)) => writeln!(out, "\n→ {}", message(help))?,
        (None, None) => {}
    }
    finding.fix.iter().try_for_each(|fix| mend(finding, fix, out))
}

fn related(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    if finding.related.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for one in finding.related.iter().take(OTHERS) {
        writeln!(out, "- {} ({})", message(&one.message), place(&one.location))?;
    }
    match finding.related.len().saturating_sub(OTHERS) {
        0 => Ok(()),
        more => writeln!(out, "- and {}", count_of(more, "more place", "more places")),
    }
}

fn place(location: &Location) -> String {
    let at = where_in(location).map(|at| format!(", {at}")).unwrap_or_default();
    format!("{}{at}", code(&short(&location.path, 200)))
}

/// What a fix takes out and puts in.
fn mend(finding: &Finding, fix: &Fix, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nFix, {}:", safety(fix.safety))?;
    for stretch in &fix.around {
        let lines = change::lines(&stretch.bytes, &held(fix, stretch), Style::default());
        let plain = |line: &String| line.strip_prefix("  ").unwrap_or(line).to_owned();
        let lines: Vec<String> = lines.iter().map(plain).collect();
        write!(out, "\n{}", fence("diff", &lines))?;
    }
    match unseen_edits(finding) {
        Some(unseen) => writeln!(out, "\n{}", message(&unseen)),
        None => Ok(()),
    }
}

/// The edits that a stretch holds, as places of it.
fn held(fix: &Fix, stretch: &Stretch) -> Vec<Edit> {
    let held = fix.edits.iter().filter(|edit| stretch.holds(edit)).cloned();
    held.map(|mut edit| {
        edit.start -= stretch.start;
        edit.end -= stretch.start;
        edit
    })
    .collect()
}

fn named(group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    if group.named.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n#### Named by other texts\n")?;
    for finding in group.named.iter().take(OTHERS) {
        let path = code(&short(&finding.location.path, 200));
        writeln!(
            out,
            "- {} ({path}, {})",
            message(&finding.message),
            code(&finding.fingerprint)
        )?;
    }
    match group.named.len().saturating_sub(OTHERS) {
        0 => Ok(()),
        more => writeln!(out, "- and {more} more"),
    }
}

fn edits(edits: &[Change], out: &mut dyn Write) -> io::Result<()> {
    if edits.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n#### Fixed\n")?;
    for edit in edits.iter().take(RECORDS) {
        let rules: Vec<String> = edit.rules.iter().map(|rule| code(&short(rule, 100))).collect();
        let rules = if rules.is_empty() {
            String::new()
        } else {
            format!(" ({})", rules.join(", "))
        };
        let digest = |digest: &Option<String>| {
            let digest = digest.as_deref().map(digest_of).unwrap_or_default();
            code(&digest.chars().take(12).collect::<String>())
        };
        writeln!(
            out,
            "- {}: {}{rules}, from {} to {}",
            inline(&short(&edit.at, 60)),
            inline(&short(&edit.reason, 1_000)),
            digest(&edit.from),
            digest(&edit.to)
        )?;
    }
    match edits.len().saturating_sub(RECORDS) {
        0 => Ok(()),
        more => writeln!(out, "- and {more} more; `vidimus log` tells all of them"),
    }
}

fn settled(settled: &[&Acceptance], out: &mut dyn Write) -> io::Result<()> {
    if settled.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n#### Accepted, and not found here now\n")?;
    for one in settled.iter().take(RECORDS) {
        let (rule, passage) = (code(&short(&one.rule, 100)), code(&short(&one.passage, 64)));
        writeln!(out, "- {rule} {passage}: {}", inline(&short(&one.reason, 1_000)))?;
    }
    match settled.len().saturating_sub(RECORDS) {
        0 => Ok(()),
        more => writeln!(out, "- and {more} more"),
    }
}

fn passages(cleanup: &Cleanup<'_>, out: &mut dyn Write) -> io::Result<()> {
    if cleanup.clusters.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Passages that stand twice")?;
    cleanup
        .clusters
        .iter()
        .try_for_each(|cluster| passage(cleanup, cluster, out))?;
    match cleanup.more_clusters {
        0 => Ok(()),
        more => writeln!(
            out,
            "\nAnd {} of shorter passages; `vidimus duplicates` lists all of them.",
            count_of(more, "more group", "more groups")
        ),
    }
}

fn passage(cleanup: &Cleanup<'_>, cluster: &Cluster, out: &mut dyn Write) -> io::Result<()> {
    let boilerplate = if cluster.boilerplate { ", boilerplate" } else { "" };
    writeln!(
        out,
        "\n### {} words in {} places{boilerplate}",
        cluster.words, cluster.count
    )?;
    for (location, side) in cluster.places.iter().zip(beside(cluster)) {
        let title = inline(&short(cleanup.title_of(&location.path), 120));
        writeln!(
            out,
            "\n{title}, {}\n\n{}",
            place(location),
            fence("text", &[marked(&side)]).trim_end()
        )?;
    }
    let others: Vec<String> = cluster.places.iter().skip(2).take(OTHERS).map(place).collect();
    let more = cluster.count.saturating_sub(2 + others.len());
    if !others.is_empty() || more > 0 {
        let more = if more > 0 {
            format!(", and {more} more")
        } else {
            String::new()
        };
        writeln!(out, "\nAlso in {}{more}.", others.join("; "))?;
    }
    Ok(())
}

fn marked(side: &Side) -> String {
    let piece = |(changed, text): &(bool, String)| match changed {
        true => format!("⟦{text}⟧"),
        false => text.clone(),
    };
    side.iter().map(piece).collect()
}

fn rules(cleanup: &Cleanup<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules = cleanup.rules();
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Rules that found something")?;
    let row = |(id, count): (&'static str, usize)| {
        let summary = checks::find(id).map_or("", |check| check.rule().summary);
        let page = rule_page(cleanup.report, id);
        let rule = page.map_or_else(|| code(id), |page| link(id, &page));
        vec![rule, inline(summary), grouped(count)]
    };
    table(out, &["Rule", "What it finds", "Findings"], rules.into_iter().map(row))
}
