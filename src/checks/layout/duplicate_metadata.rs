//! `layout/duplicate-metadata`: title, author or date of a text printed twice.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::role::Role;
use crate::text::statement::{Statement, TextDate};
use crate::text::unit::{Kind, Unit};
use crate::text::word::words;

/// See [`RULE`].
#[derive(Debug)]
pub struct DuplicateMetadata;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/duplicate-metadata",
    severity: Severity::Warning,
    summary: "title, author or date of a text printed twice",
    settings: &[],
    docs: "\
## What it does
Finds a date line in the front matter that says the same as the one right above it in another format, a title that stands
there twice, and a block further down that repeats two or more of title, author and date.

## Why it matters
A template printed them, and the text did not: they are counted, searched and quoted as if they were prose.

## Example
```text
Sat Oct 01, 2022
October 01, 2022
```

## What to do
Keep one of them. A repetition inside the text is what is left of a page header or a colophon.

## Where it errs
A poem or a speech that repeats its title as its first line is reported, and so is a letter that ends with the name and the date it
began with. Confidence 0.9; two dates that are the same day are certain.

## Fix safety
Safe for two date lines that follow one another, once both were read as the same day: nothing is said that the first does
not say. For all else there is no fix.
",
};

/// Front matter has at most so many units.
const FRONT: usize = 12;
/// Title and date line of a text stand at most so many units apart.
const NEAR: usize = 4;
/// So many blocks are reported one by one.
const MOST: usize = 20;

impl Check for DuplicateMetadata {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let statement = text.statement();
        findings.extend(dates(document, text));
        findings.extend(title(document, statement));
        findings.extend(blocks(document, text));
    }
}

fn in_front(statement: &Statement<'_>, line: usize) -> bool {
    let short = statement.units.get(FRONT).is_none_or(|unit| line < unit.first);
    short && statement.zones.front.contains(&line)
}

/// Two date lines that follow one another and mean one day.
fn dates(document: &Document<'_>, text: &Text<'_>) -> Option<Finding> {
    let statement = text.statement();
    let stamps: Vec<&TextDate> = statement
        .dates_as(Role::Stamp)
        .filter(|date| in_front(statement, date.line))
        .collect();
    let same = |pair: &&[&TextDate]| pair[0].mention.day().is_some() && pair[0].mention.day() == pair[1].mention.day();
    let adjacent = |pair: &&[&TextDate]| {
        text.lines[pair[0].line + 1..pair[1].line.max(pair[0].line + 1)]
            .iter()
            .all(|line| line.is_blank())
    };
    let pair = stamps
        .windows(2)
        .find(|pair| same(pair) && adjacent(pair) && pair[0].line < pair[1].line)?;
    let (first, second) = (text.lines[pair[0].line].span, text.lines[pair[1].line].span);
    let bare = |span: Span| text.source.span_of(text.text[span.range()].trim());
    let removed = text.source.span(first.end(), second.end())?;
    let finding = RULE
        .finding(
            document.at(bare(first).to(bare(second))),
            format!("the date {} is printed twice", pair[0].mention.date),
        )
        .help("keep one of the two")
        .evidence("date", pair[0].mention.date.to_string())
        .replace(Safety::Safe, removed, "");
    Some(finding)
}

/// A title that stands a second time before the body.
fn title(document: &Document<'_>, statement: &Statement<'_>) -> Option<Finding> {
    let title = statement.title?;
    let name = plain(title.text);
    let again = statement.units.iter().take(FRONT).find(|unit| {
        let label = matches!(unit.kind, Kind::Short | Kind::Fragment | Kind::Heading);
        label
            && unit.words > 2
            && unit.span.start() > title.span.end()
            && in_front(statement, unit.first)
            && plain(unit.text) == name
    })?;
    let finding = RULE
        .finding(document.at(again.span), "the title is printed twice")
        .help("keep one of the two");
    Some(finding.related(document.at(title.span), "the title"))
}

/// Blocks after the front matter that repeat two or more of its lines, a title or a date line among them.
fn blocks(document: &Document<'_>, text: &Text<'_>) -> Vec<Finding> {
    let statement = text.statement();
    let front: Vec<(String, Span)> = front(statement);
    let first = |text: &str| words(text).next().map(|word| word.hash);
    let openings: Vec<Option<u32>> = front.iter().map(|(line, _)| first(line)).collect();
    let later = statement
        .units
        .iter()
        .filter(|unit| !in_front(statement, unit.first) && !text.is_inside_sentence(unit.first))
        .filter_map(|unit| {
            let short = unit.words < 30 && openings.contains(&first(unit.text));
            let name = short.then(|| plain(unit.text))?;
            front.iter().position(|(one, _)| *one == name).map(|at| (unit, at))
        });
    let later: Vec<(&Unit<'_>, usize)> = later.collect();
    let runs = later.chunk_by(|one, next| next.0.first <= one.0.end + 1);
    let several = |run: &&[(&Unit<'_>, usize)]| run.iter().any(|one| one.1 != run[0].1);
    runs.filter(several)
        .take(MOST)
        .map(|run| block(document, run, &front))
        .collect()
}

/// The title, the first date line and the line between or right after them that can be a name, as far as there are.
fn front(statement: &Statement<'_>) -> Vec<(String, Span)> {
    let title = statement
        .title
        .and_then(|title| statement.units.iter().position(|unit| unit.span == title.span));
    let stamp = statement
        .dates_as(Role::Stamp)
        .find(|date| in_front(statement, date.line))
        .and_then(|date| statement.unit_of(date.line));
    let (Some(title), Some(stamp)) = (title, stamp) else {
        return Vec::new();
    };
    let (first, last) = (title.min(stamp), title.max(stamp));
    let near = statement
        .units
        .iter()
        .enumerate()
        .take(last + 2)
        .skip(first)
        .filter(|(_, unit)| in_front(statement, unit.first));
    let lines = near.filter(|(at, unit)| last - first <= NEAR && (*at == title || *at == stamp || unit.words < 5));
    lines.map(|(_, unit)| (plain(unit.text), unit.span)).collect()
}

fn block(document: &Document<'_>, run: &[(&Unit<'_>, usize)], front: &[(String, Span)]) -> Finding {
    let span = run[0].0.span.to(run[run.len() - 1].0.span);
    let original = run
        .iter()
        .map(|one| front[one.1].1)
        .reduce(Span::to)
        .unwrap_or_default();
    RULE.finding(
        document.at(span),
        format!("{} lines of the front matter are printed again", run.len()),
    )
    .help("remove them: they are what is left of a page header or a colophon")
    .related(document.at(original), "the front matter")
}

/// A line in lower case, letters and digits only.
fn plain(text: &str) -> String {
    let words = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
