//! `layout/blank-run`: two or more blank lines between blocks.

use std::ops::Range;

use super::shape::{is_code, may_be_heading};
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::{Block, Text};

/// See [`RULE`].
#[derive(Debug)]
pub struct BlankRun;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/blank-run",
    severity: Severity::Info,
    summary: "two or more blank lines between blocks",
    settings: &[],
    docs: "\
## What it does
Finds two or more blank lines between two blocks of a text. They are left alone where the text uses them by rule: where
most of its gaps are such, where six or more are of one height, where they part sections from headings that follow, and
between blocks of code.

## Why it matters
They are where something stood that is gone: a picture, an advertisement, a form. They are worth a look, and they make two
copies of a text differ.

## Example
A paragraph, two blank lines, a paragraph, in a text whose paragraphs are parted by one.

## What to do
See whether something is missing there, then apply the fix.

## Where it errs
Two blank lines may part scenes or sections in a text that has few of them.

## Fix safety
Safe: one blank line is left, so the blocks stay apart.
",
};

/// From this many runs of one height on, the height is a rule of the text.
const REGULAR: usize = 6;

/// Blank lines between a block and the next.
#[derive(Clone, Copy)]
struct Run<'a> {
    before: &'a Block<'a>,
    after: &'a Block<'a>,
}

impl Run<'_> {
    fn height(&self) -> usize {
        self.after.first - self.before.end
    }
}

impl Check for BlankRun {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        limit(
            runs(text).iter().filter_map(|run| finding(document, text, run)),
            findings,
        );
    }
}

/// The runs that are reported.
fn runs<'a>(text: &'a Text<'_>) -> Vec<Run<'a>> {
    let gaps = text.blocks.windows(2).map(|pair| Run {
        before: &pair[0],
        after: &pair[1],
    });
    let mut runs: Vec<Run<'_>> = gaps.filter(|gap| gap.height() > 1).collect();
    if is_regular(text, &runs) {
        return Vec::new();
    }
    runs.retain(|run| !(is_code(text, run.before) || is_code(text, run.after)));
    runs
}

/// The lines, 0-based, that the fixes of this rule remove: all of a run but the first.
pub(super) fn removed(text: &Text<'_>) -> Vec<Range<usize>> {
    runs(text)
        .iter()
        .map(|run| run.before.end + 1..run.after.first)
        .collect()
}

fn is_regular(text: &Text<'_>, runs: &[Run<'_>]) -> bool {
    let gaps = text.blocks.len().saturating_sub(1);
    let most = runs.len() * 2 > gaps && gaps > 2;
    let one_height = runs.len() >= REGULAR && runs.iter().all(|run| run.height() == runs[0].height());
    let headings = runs.iter().filter(|run| begins_section(text, run.after)).count();
    most || one_height || (runs.len() > 2 && headings * 4 >= runs.len() * 3)
}

fn begins_section(text: &Text<'_>, block: &Block<'_>) -> bool {
    let lines = text.lines_of(block);
    let capital = !block.text.chars().any(char::is_lowercase);
    lines.len() <= 2
        && lines
            .iter()
            .all(|line| may_be_heading(line.text) || (capital && line.text.len() < 80))
}

fn finding(document: &Document<'_>, text: &Text<'_>, run: &Run<'_>) -> Option<Finding> {
    let (first, end) = (run.before.end, run.after.first);
    let place = text.lines[first].span.to(text.lines[end - 1].span);
    let removed = text
        .source
        .span(text.lines[first + 1].span.start(), text.lines[end].span.start())?;
    let message = format!("{} blank lines stand between two blocks", run.height());
    let finding = RULE
        .finding(document.at(place), message)
        .help("see whether something is missing, then leave one");
    Some(
        finding
            .evidence("lines", run.height())
            .replace(Safety::Safe, removed, ""),
    )
}
