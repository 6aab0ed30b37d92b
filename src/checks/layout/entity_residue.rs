//! `layout/entity-residue`: character references of HTML in the prose.

use super::html::{Piece, is_spoken_of};
use super::html_residue::{is_markup, shown};
use super::marked::Marked;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::entity::meaning;
use crate::text::{Line, Text};

/// See [`RULE`].
#[derive(Debug)]
pub struct EntityResidue;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/entity-residue",
    severity: Severity::Warning,
    summary: "character references of HTML in the prose",
    settings: &[],
    docs: "\
## What it does
Finds character references by name (`&nbsp;`, `&eacute;`) and by number (`&#8217;`, `&#x2019;`), with their semicolon. Those of
one line are one finding, which says how many were escaped twice (`&amp;quot;`). Code, what stands between quotation marks or
backquotes, and files that are named as markup, are left alone.

## Why it matters
The text was taken out of a page, and the signs that the page wrote in another way were not put back. They break words apart, and no search
finds `Caf&eacute;`.

## Example
`The mill &amp; the weir`

## What to do
Apply the fix. Where references were escaped twice, apply it once more.

## Where it errs
A text about HTML names references without quotation marks: accept the findings. References with a rare name, or without their
semicolon, are not seen.

## Fix safety
Safe: each reference is replaced by its character, once, and a no-break space by a space. Unsafe for `&lt;` and `&gt;`, which may make a tag
of what was meant to be read.
",
};

/// So many different pieces are named.
const SHOWN: usize = 5;
/// So many pieces of one line are looked at.
const PIECES: usize = 1_000;
/// A reference has at most so many bytes.
const REACH: usize = 12;

impl Check for EntityResidue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if is_markup(document.source.name()) {
            return;
        }
        let lines = Marked::new(text, |bytes| memchr::memchr(b'&', bytes));
        limit(lines.filter_map(|line| finding(document, text, line)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &Line<'_>) -> Option<Finding> {
    let references: Vec<Piece<'_>> = memchr::memchr_iter(b'&', line.text.as_bytes())
        .filter_map(|at| reference(line.text, at))
        .take(PIECES)
        .collect();
    let first = references.first()?;
    let base = line.span.start();
    let span = |piece: &Piece<'_>| text.source.span(base + piece.at, base + piece.at + piece.text.len());
    let message = match references.len() {
        1 => format!("{} stands for a character", shown(first.text)),
        count => format!("{count} references to characters are left in the line"),
    };
    let mut names: Vec<&str> = Vec::new();
    for piece in &references {
        if names.len() < SHOWN && !names.contains(&piece.text) {
            names.push(piece.text);
        }
    }
    let twice = references
        .iter()
        .filter(|piece| is_escaped_twice(line.text, piece))
        .count();
    let safety = references
        .iter()
        .map(|piece| piece.safety)
        .min()
        .unwrap_or(Safety::Unsafe);
    let help = match twice {
        0 => "put the characters in",
        _ => "put the characters in, and once more: the text was escaped twice",
    };
    let edits: Vec<_> = references
        .iter()
        .filter_map(|piece| Some((span(piece)?, piece.replacement.clone())))
        .collect();
    Some(
        RULE.finding(document.at(span(first)?), message)
            .help(help)
            .evidence("references", names)
            .evidence("count", references.len())
            .evidence("twice", twice)
            .replace_all(safety, edits),
    )
}

/// Whether what a `&amp;` leaves is a reference again.
fn is_escaped_twice(line: &str, piece: &Piece<'_>) -> bool {
    if piece.replacement != "&" {
        return false;
    }
    let rest = prefix_of(&line[piece.at + piece.text.len()..]);
    rest.find(';').is_some_and(|end| meaning(&rest[..end]).is_some())
}

fn prefix_of(rest: &str) -> &str {
    crate::text::prefix(rest, REACH)
}

/// The character reference that begins at a `&`.
fn reference(line: &str, at: usize) -> Option<Piece<'_>> {
    let rest = prefix_of(&line[at..]);
    let text = &rest[..=rest.find(';')?];
    let replacement = meaning(&text[1..text.len() - 1])?;
    let safety = match &*replacement {
        "<" | ">" => Safety::Unsafe,
        _ => Safety::Safe,
    };
    (!is_spoken_of(line, at, text)).then_some(Piece {
        at,
        text,
        replacement,
        safety,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(line: &str) -> String {
        let mut mended = line.to_owned();
        let references: Vec<_> = line
            .match_indices('&')
            .filter_map(|(at, _)| reference(line, at))
            .collect();
        for piece in references.iter().rev() {
            mended.replace_range(piece.at..piece.at + piece.text.len(), &piece.replacement);
        }
        mended
    }

    #[test]
    fn references_are_decoded_once() {
        assert_eq!(decoded("a&nbsp;b &#8217; &#x2019; &#146;"), "a b ’ ’ ’");
        assert_eq!(decoded("&Eacute;t&eacute; &AMP; &COPY; &szlig;"), "Été & © ß");
        assert_eq!(decoded("&amp;quot;"), "&quot;");
        for plain in [
            "AT&T; R&D",
            "a & b;",
            "&#0; &#129; &#xD800;",
            "“&amp;”",
            "&NBSPS;",
            "&é;",
        ] {
            assert_eq!(decoded(plain), plain);
        }
    }
}
