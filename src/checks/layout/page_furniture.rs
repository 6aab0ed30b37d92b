//! `layout/page-furniture`: what stands inside a sentence and is no part of it.

use super::mend::{Mend, halves};
use crate::checks::limit::{PER_BOOK, limit_to};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::pages::single::{Mark, single_page};
use crate::text::seam::{Between, Seam};

/// See [`RULE`].
#[derive(Debug)]
pub struct PageFurniture;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/page-furniture",
    severity: Severity::Warning,
    summary: "a colophon, a running head or a page number inside a sentence",
    settings: &[],
    docs: "\
## What it does
Finds a paragraph that breaks off, lines that are no part of the text, and then a paragraph that goes on with a small
letter. The lines are the foot of one page and the head of the next, found by their regularity, or lines each of which is
known for something else than text: title, author or date of the front matter printed again, a note of when and where it was
retrieved, an address, a number, a label of a web page.

## Why it matters
The sentence is cut for every reader and every search, and the lines are read as if the author had written them.

## Example
```text
nobody had told them in-

Jane Roe
The mill on the river
Retrieved on 3 May 2020 from example.org

deed, nobody knew
```

## What to do
Apply the fix: it takes out the lines, joins the halves of the sentence and mends the word that the hyphen cut.

## Fix safety
Safe where both halves are prose beyond doubt, every line between them is known, the word at a hyphen stands elsewhere in
the text or in a list of common ones, and no more than a tenth of the text goes. Unsafe otherwise.

## Where it errs
A quotation, a formula or verse inside a sentence is none of this, and is left alone: a line that can be text ends the search. What
has both a small letter after it and a label's name inside a sentence, as a play on labels would, is taken for one.
Confidence 0.98 at the edge of a page or where every line is known, 0.8 otherwise.
",
};

impl Check for PageFurniture {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let seams = text.seams().iter();
        limit_to(
            PER_BOOK,
            seams.filter_map(|seam| finding(document, text, seam)),
            findings,
        );
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, seam: &Seam) -> Option<Finding> {
    let known = match seam.between {
        Between::Nothing => return None,
        Between::Page => true,
        Between::Furniture { known } => known,
    };
    let span = lines(text, seam.left + 1, seam.right)?;
    let count = text.lines[seam.left + 1..seam.right]
        .iter()
        .filter(|line| !line.is_blank())
        .count();
    let what = match (seam.between, count) {
        (Between::Page, _) => "the edge of a page stands inside a sentence".to_owned(),
        (_, 1) => "a line that is no part of it stands inside a sentence".to_owned(),
        _ => format!("{count} lines that are no part of it stand inside a sentence"),
    };
    let finding = RULE
        .finding(document.at(span), what)
        .label("not a part of the sentence")
        .help("remove it and join the halves of the sentence")
        .confidence(if known { 0.98 } else { 0.8 });
    let finding = halves(document, text, seam, finding);
    let Some(mend) = Mend::of(text, seam) else {
        return Some(finding);
    };
    let attested = mend.word.as_ref().is_none_or(|(_, attested)| *attested);
    let safe = known && seam.firm && attested && mend.is_small(text);
    Some(mend.on(finding, if safe { Safety::Safe } else { Safety::Unsafe }))
}

/// What stands at the edges of a text that is one page, of one kind.
pub(super) fn at_edges(text: &Text<'_>, mark: Mark) -> impl Iterator<Item = Span> {
    let edges = single_page(text).into_iter().filter(move |edge| edge.mark == mark);
    edges.filter_map(|edge| lines(text, edge.first, edge.last + 1))
}

/// From the first letter of some lines to the last one.
pub(super) fn lines(text: &Text<'_>, first: usize, end: usize) -> Option<Span> {
    let inner = || text.lines[first..end].iter().filter(|line| !line.is_blank());
    let (from, to) = (inner().next()?, inner().next_back()?);
    Some(
        text.source
            .span_of(from.text.trim_start())
            .to(text.source.span_of(to.text.trim_end())),
    )
}
