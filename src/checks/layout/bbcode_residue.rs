//! `layout/bbcode-residue`: the tags of forums in a text.

use super::html::is_spoken_of;
use super::marked::Marked;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::{Line, Text, prefix};

/// See [`RULE`].
#[derive(Debug)]
pub struct BbcodeResidue;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/bbcode-residue",
    severity: Severity::Info,
    summary: "tags of a forum (BBCode) in the text",
    settings: &[],
    docs: "\
## What it does
Finds tags such as `[b]`, `[url=https://…]` and `[/quote]` in lines that have a closing one. Those of one line are one finding.
Code, and what stands between quotation marks or backquotes, is left alone.

## Why it matters
The text was taken from a forum, and its tags were not taken out: they are counted as words, and addresses stand in the prose.

## Example
`He said [b]never[/b] and left.`

## What to do
Apply the fix and read the diff.

## Where it errs
A tag that is opened in one line and closed in another is seen only where it is closed. Confidence 0.95.

## Fix safety
Unsafe: the address of a link is lost.
",
};

/// The tags that forums have in common (<https://www.bbcode.org/reference.php>).
const NAMES: [&str; 22] = [
    "b", "center", "code", "color", "email", "font", "i", "img", "left", "list", "quote", "right", "s", "size",
    "spoiler", "strike", "table", "td", "tr", "u", "url", "youtube",
];
/// A tag has at most so many bytes.
const REACH: usize = 400;
/// So many tags of one line are looked at.
const TAGS: usize = 1_000;

impl Check for BbcodeResidue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let closing = memchr::memmem::Finder::new("[/");
        let lines = Marked::new(text, |bytes| closing.find(bytes));
        limit(lines.filter_map(|line| finding(document, text, line)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &Line<'_>) -> Option<Finding> {
    let tags: Vec<(usize, &str)> = memchr::memchr_iter(b'[', line.text.as_bytes())
        .filter_map(|at| Some((at, tag(line.text, at)?)))
        .take(TAGS)
        .collect();
    if !tags.iter().any(|(_, tag)| tag.starts_with("[/")) {
        return None;
    }
    let base = line.span.start();
    let spans: Vec<Span> = tags
        .iter()
        .filter_map(|(at, tag)| text.source.span(base + at, base + at + tag.len()))
        .collect();
    let first = *spans.first()?;
    let message = match spans.len() {
        1 => "a tag of a forum is left in the line".to_owned(),
        count => format!("{count} tags of a forum are left in the line"),
    };
    let finding = RULE.finding(document.at(first), message).help("take the tags out");
    Some(
        finding
            .confidence(0.95)
            .evidence("count", spans.len())
            .replace_all(Safety::Unsafe, spans.into_iter().map(|span| (span, String::new()))),
    )
}

/// The tag that begins at a bracket.
fn tag(line: &str, at: usize) -> Option<&str> {
    let rest = prefix(&line[at..], REACH);
    let text = &rest[..=rest.find(']')?];
    let inner = text[1..text.len() - 1].trim_start_matches('/');
    let name = inner.split('=').next().unwrap_or_default();
    let known = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    (known && !is_spoken_of(line, at, text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_other_brackets() {
        assert_eq!(tag("[b]x", 0), Some("[b]"));
        assert_eq!(tag("[/URL]", 0), Some("[/URL]"));
        assert_eq!(tag("[url=https://example.org]", 0), Some("[url=https://example.org]"));
        for plain in ["[1]", "[sic]", "[/path]", "[b", "`[b]`", "[book]"] {
            assert_eq!(tag(plain, plain.find('[').expect("a bracket")), None, "{plain}");
        }
    }
}
