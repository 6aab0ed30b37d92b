//! `layout/trailing-space`: white space before a line end.

use std::ops::Range;

use super::blank_run;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::{Line, Text};

/// See [`RULE`].
#[derive(Debug)]
pub struct TrailingSpace;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/trailing-space",
    severity: Severity::Info,
    summary: "white space before a line end",
    settings: &[],
    docs: "\
## What it does
Finds spaces and tabs before a line end. Lines that follow one another are one finding. Two spaces before another line
of the same paragraph are a line break in Markdown; the finding says how many such there are, and in a file that is named
`.md` they are left alone. White space in blank lines that `layout/leading-blank` or `layout/blank-run` would remove is theirs.

## Why it matters
Nothing shows them, and they make two copies of a text differ. Where a text is no Markdown, its line breaks made of spaces
are lost with the first program that cleans it.

## Example
`The mill` and two spaces.

## What to do
Apply the fix.

## Where it errs
Spaces at a line end may be a line break of Markdown in a file that is not named so; the line end keeps it.

## Fix safety
Safe: nothing but white space before a line end is removed, and every line stays a line.
",
};

/// A fix mends at most this many lines at once.
const EDITS: usize = 10_000;

impl Check for TrailingSpace {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let markdown = super::shape::is_markdown(document.source.name());
        let mut others = None;
        let mut wrong = |index: usize| {
            let span = trailing(text, index).filter(|_| !(markdown && is_hard_break(text, index)))?;
            let blank = text.lines[index].is_blank();
            let theirs = blank && others.get_or_insert_with(|| Removed::of(text)).holds(index);
            (!theirs).then_some(span)
        };
        let mut index = 0;
        let runs = std::iter::from_fn(|| {
            while index < text.lines.len() && wrong(index).is_none() {
                index += 1;
            }
            let first = index;
            let run: Vec<Span> = std::iter::from_fn(|| wrong(index).inspect(|_| index += 1)).collect();
            (!run.is_empty()).then(|| finding(document, text, first, run))
        });
        limit(runs, findings);
    }
}

/// The lines that other rules remove, so that no two fixes touch one place.
struct Removed {
    leading: usize,
    runs: Vec<Range<usize>>,
}

impl Removed {
    fn of(text: &Text<'_>) -> Self {
        Self {
            leading: text.blocks.first().map_or(0, |block| block.first),
            runs: blank_run::removed(text),
        }
    }

    fn holds(&self, line: usize) -> bool {
        let at = self.runs.partition_point(|run| run.end <= line);
        line < self.leading || self.runs.get(at).is_some_and(|run| run.contains(&line))
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, first: usize, run: Vec<Span>) -> Finding {
    let message = match run.len() {
        1 => "1 line ends in white space".to_owned(),
        lines => format!("{lines} lines end in white space"),
    };
    let breaks = (first..first + run.len())
        .filter(|&index| is_hard_break(text, index))
        .count();
    let help = match breaks {
        0 => "remove it",
        _ => "remove it; two spaces are a line break in Markdown, which the line end alone keeps",
    };
    let place = run[0].to(run[run.len() - 1]);
    let finding = RULE.finding(document.at(place), message).help(help);
    let finding = finding.evidence("lines", run.len()).evidence("hard_breaks", breaks);
    finding.replace_all(
        Safety::Safe,
        run.into_iter().take(EDITS).map(|span| (span, String::new())),
    )
}

/// The spaces and tabs at the end of a line. A no-break space before them makes them the business of
/// `encoding/no-break-space`.
fn trailing(text: &Text<'_>, index: usize) -> Option<Span> {
    let line = text.lines.get(index)?;
    let kept = bare(line);
    let alone = kept.len() < line.text.len() && !kept.ends_with(['\u{A0}', '\u{202F}']);
    let end = line.span.end();
    alone.then(|| text.source.span(line.span.start() + kept.len(), end))?
}

fn bare<'a>(line: &Line<'a>) -> &'a str {
    line.text.trim_end_matches([' ', '\t'])
}

/// Whether a line ends in a line break of Markdown: two spaces or more, and the paragraph goes on.
fn is_hard_break(text: &Text<'_>, index: usize) -> bool {
    let line = &text.lines[index];
    let goes_on = text.lines.get(index + 1).is_some_and(|next| !next.is_blank());
    !line.is_blank() && line.text.ends_with("  ") && goes_on
}
