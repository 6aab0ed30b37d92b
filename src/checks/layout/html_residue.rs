//! `layout/html-residue`: tags and comments of HTML in the prose.

use super::html::{Piece, pieces};
use super::marked::Marked;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::{Line, Text};

/// See [`RULE`].
#[derive(Debug)]
pub struct HtmlResidue;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/html-residue",
    severity: Severity::Warning,
    summary: "tags and comments of HTML in the prose",
    settings: &[],
    docs: "\
## What it does
Finds tags of elements that HTML knows (`<br>`, `</div>`, `<sup>`), comments (`<!-- … -->`) and declarations. Those of
one line are one finding. A tag whose name is an ordinary word or one letter counts only with an attribute, or where it is
opened and closed in one line: `a<b>c` and `<title>` in a manual are no tags. Code, what stands between quotation marks or
backquotes, and files that are named as markup, are left alone. Character references are the matter of
`layout/entity-residue`.

## Why it matters
The text was taken out of a page, and not all of the page was taken out of the text. The tags are counted as words, and a
program that shows the text may obey them.

## Example
`the 4<sup>th</sup> of May`

## What to do
Apply the fix, and see what else the extraction left.

## Where it errs
A text about HTML names tags without quotation marks: accept the findings. A comment over several lines is not seen.

## Fix safety
Safe for tags that only change the look of words. Unsafe for tags that part lines and blocks, for comments, and for digits above
or below the line (`10<sup>6</sup>` would become 106).
",
};

/// So many different pieces are named.
const NAMED: usize = 5;

impl Check for HtmlResidue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if is_markup(document.source.name()) {
            return;
        }
        let lines = Marked::new(text, |bytes| memchr::memchr(b'<', bytes));
        limit(lines.filter_map(|line| finding(document, text, line)), findings);
    }
}

/// Whether a file is named as markup.
pub(super) fn is_markup(name: &str) -> bool {
    let name = name.to_lowercase();
    [".html", ".htm", ".xhtml", ".xml", ".svg"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &Line<'_>) -> Option<Finding> {
    let pieces = pieces(line.text);
    let first = pieces.first()?;
    let base = line.span.start();
    let span = |piece: &Piece<'_>| text.source.span(base + piece.at, base + piece.at + piece.text.len());
    let message = match pieces.len() {
        1 => format!("{} is left of HTML", shown(first.text)),
        count => format!("{count} pieces of HTML are left in the line"),
    };
    let mut names: Vec<&str> = Vec::new();
    for piece in &pieces {
        if names.len() < NAMED && !names.contains(&piece.text) {
            names.push(piece.text);
        }
    }
    let safety = pieces.iter().map(|piece| piece.safety).min().unwrap_or(Safety::Unsafe);
    let edits: Vec<_> = pieces
        .iter()
        .filter_map(|piece| Some((span(piece)?, piece.replacement.clone())))
        .collect();
    let finding = RULE
        .finding(document.at(span(first)?), message)
        .help("take the markup out");
    Some(
        finding
            .evidence("pieces", names)
            .evidence("count", pieces.len())
            .replace_all(safety, edits),
    )
}

/// A piece, as a message shows it.
pub(super) fn shown(piece: &str) -> String {
    match piece.char_indices().nth(30) {
        Some((cut, _)) => format!("{}…", &piece[..cut]),
        None => piece.to_owned(),
    }
}
