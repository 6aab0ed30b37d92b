//! `layout/page-break`: the foot of one page and the head of the next, between paragraphs.

use super::mend::line_end;
use super::page_furniture::lines;
use crate::checks::limit::{PER_BOOK, limit_to};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::pages::PageBreak as Edge;

/// See [`RULE`].
#[derive(Debug)]
pub struct PageBreak;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/page-break",
    severity: Severity::Warning,
    summary: "the foot of one page and the head of the next",
    settings: &[],
    docs: "\
## What it does
Finds the edges of pages by their regularity: lines with a number at their edge that count up, page by page, at gaps of
nearly one height, and the lines beside them that recur with them. Something else than the count has to speak for pages as
well: a second line that recurs, a number at the far side of its line or in dashes, a form feed, or sentences that go on
across a quarter of the gaps. Edges inside a sentence are `layout/page-furniture`.

## Why it matters
Running heads and page numbers are counted, searched and quoted as if they were text, once a page.

## Example
```text
A. Miller                                                      [Page 7]

The River                                                      May 1999
```

## What to do
Apply the fix, which leaves one blank line; or take the text from a source that has no pages.

## Fix safety
Safe from five pages on, where two things besides the count speak for pages: only lines that were found by their regularity
go, and no more than a tenth of the text. Unsafe otherwise.

## Where it errs
Stanzas, articles and sonnets have numbers too, but nothing that recurs beside them. A book of numbered pieces of one length, each
ending without a mark, would be taken for pages. Pages without numbers are not found. Confidence 0.97 from five pages on, 0.85 for fewer.
",
};

/// From so many pages on a fix is safe.
const PAGES: usize = 5;

impl Check for PageBreak {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let inside = |edge: &&Edge| !in_sentence(text, edge);
        let edges = text.page_breaks().iter().filter(inside);
        limit_to(
            PER_BOOK,
            edges.filter_map(|edge| finding(document, text, edge)),
            findings,
        );
    }
}

fn in_sentence(text: &Text<'_>, edge: &Edge) -> bool {
    let seams = text.seams();
    let at = seams.partition_point(|seam| seam.right <= edge.first);
    seams
        .get(at)
        .is_some_and(|seam| seam.left < edge.first && edge.last < seam.right)
}

fn finding(document: &Document<'_>, text: &Text<'_>, edge: &Edge) -> Option<Finding> {
    let span = lines(text, edge.first, edge.last + 1)?;
    let many = edge.pages >= PAGES;
    let message = match edge.number {
        Some(number) => format!("the edge of page {number} stands in the text"),
        None => "the head of a page stands in the text".to_owned(),
    };
    let finding = RULE
        .finding(document.at(span), message)
        .help("remove it: it recurs from page to page")
        .confidence(if many { 0.97 } else { 0.85 })
        .evidence("pages", edge.pages);
    let Some((removed, replacement)) = removal(text, edge) else {
        return Some(finding);
    };
    let small = removed.len() * 10 <= text.text.len();
    let safe = many && edge.signs > 1 && small;
    let safety = if safe { Safety::Safe } else { Safety::Unsafe };
    Some(finding.replace(safety, removed, replacement))
}

/// The lines of an edge with the blank ones around them, and the one blank line that stays.
fn removal(text: &Text<'_>, edge: &Edge) -> Option<(Span, String)> {
    let blank = |line: &usize| text.lines[*line].is_blank();
    let before = (0..edge.first).rev().find(|line| !blank(line));
    let after = (edge.last + 1..text.lines.len()).find(|line| !blank(line));
    let line_end = line_end(text, edge.first);
    let (start, end, left) = match (before, after) {
        (Some(before), Some(after)) => (next(text, before), text.lines[after].span.start(), line_end),
        (Some(before), None) => (next(text, before), text.text.len(), ""),
        (None, Some(after)) => (0, text.lines[after].span.start(), ""),
        (None, None) => return None,
    };
    Some((text.source.span(start, end)?, left.to_owned()))
}

/// Where the line after a line begins.
fn next(text: &Text<'_>, line: usize) -> usize {
    text.lines
        .get(line + 1)
        .map_or(text.text.len(), |line| line.span.start())
}
