//! `layout/markdown-residue`: marks of Markdown in a text that is not named as such.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use super::marked::Marked;
use super::shape;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::{Line, Text};

/// See [`RULE`].
#[derive(Debug)]
pub struct MarkdownResidue;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/markdown-residue",
    severity: Severity::Info,
    summary: "marks of Markdown in a text that is not named as such",
    settings: &[],
    docs: "\
## What it does
Finds heading marks (`# Title`), links (`[text](https://…)`), images (`![text](…)`) and bold (`**text**`) in texts whose name does
not end in `.md` or `.markdown`. Code is left alone. The marks of one line are one finding.

## Why it matters
A program that turns pages into Markdown wrote the text. Its marks are counted as words, addresses stand in the prose, and
what else that program left is worth a look.

## Example
`# The mill` at the head of a file `mill.txt`.

## What to do
Name the file `.md` if it is meant to be Markdown. Else apply the fix and read the diff.

## Where it errs
A text that speaks of Markdown, or whose author set words between two asterisks. Underlines, lists and quotations of Markdown are
not looked for: letters and minutes have the same marks. Confidence 0.9.

## Fix safety
Unsafe: the address of a link and the name of an image are lost, and a mark may be meant.
",
};

/// A mark reaches at most so many bytes.
const REACH: usize = 600;
/// So many marks of one line are looked at.
const MARKS: usize = 1_000;

/// What stands in the middle of a link: prepared once, since a text may have millions of lines.
static MIDDLE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("]("));
/// What every line with a mark has.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(["](", "**", "# "]).ok());
static BOLD: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("**"));

/// One mark: what it is, and what to remove.
struct Mark {
    kind: &'static str,
    remove: Span,
}

impl Check for MarkdownResidue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if shape::is_markdown(document.source.name()) {
            return;
        }
        let Some(finder) = FINDER.as_ref() else { return };
        let lines = Marked::new(text, |bytes| finder.find(bytes).map(|found| found.start()));
        limit(lines.filter_map(|line| finding(document, text, line)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &Line<'_>) -> Option<Finding> {
    let mut marks: Vec<Mark> = heading(text, line).into_iter().collect();
    marks.extend(links(text, line).into_iter().chain(bold(text, line)));
    marks.sort_by_key(|mark| mark.remove);
    let first = marks.first()?.remove;
    let mut kinds: Vec<&str> = marks.iter().map(|mark| mark.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let finding = RULE.finding(
        document.at(first),
        format!("Markdown is left in the text: {}", kinds.join(", ")),
    );
    let finding = finding
        .help("take the marks out, or name the file .md")
        .evidence("marks", kinds)
        .confidence(0.9);
    Some(finding.replace_all(
        Safety::Unsafe,
        marks.into_iter().map(|mark| (mark.remove, String::new())),
    ))
}

fn mark(text: &Text<'_>, line: &Line<'_>, kind: &'static str, start: usize, end: usize) -> Option<Mark> {
    let base = line.span.start();
    let remove = text.source.span(base + start, base + end)?;
    Some(Mark { kind, remove })
}

/// A line of its own block that begins with one to six `#` and a space. Two such lines in a row are comments.
fn heading(text: &Text<'_>, line: &Line<'_>) -> Option<Mark> {
    let title = line.text.trim_start_matches('#');
    let level = line.text.len() - title.len();
    let said = title.strip_prefix(' ')?.trim_start();
    let worded = said.starts_with(|first: char| first.is_alphanumeric() || "“‘\"'«¿¡(*[".contains(first));
    let comment = |other: Option<&Line<'_>>| other.is_some_and(|other| other.text.starts_with("# "));
    let at = line.number - 1;
    let among = comment(text.lines.get(at + 1)) || (at > 0 && comment(text.lines.get(at - 1)));
    if !(1..=6).contains(&level) || !worded || (level == 1 && among) {
        return None;
    }
    mark(text, line, "heading", 0, line.text.len() - said.len())
}

/// Links: two marks each, the bracket before the text and the address after it. An image is one mark.
fn links(text: &Text<'_>, line: &Line<'_>) -> Vec<Mark> {
    let bytes = line.text.as_bytes();
    let mut marks = Vec::new();
    for middle in MIDDLE.find_iter(bytes).take(MARKS) {
        let Some((open, close)) = link(bytes, middle) else {
            continue;
        };
        if open > 0 && bytes[open - 1] == b'!' {
            marks.extend(mark(text, line, "image", open - 1, close + 1));
            continue;
        }
        marks.extend(mark(text, line, "link", open, open + 1));
        marks.extend(mark(text, line, "link", middle, close + 1));
    }
    marks
}

/// The brackets of a link, given the middle of it.
fn link(bytes: &[u8], middle: usize) -> Option<(usize, usize)> {
    const BEGIN: [&[u8]; 6] = [b"http://", b"https://", b"www.", b"mailto:", b"/", b"#"];
    let floor = middle.saturating_sub(REACH);
    let open = floor + memchr::memrchr2(b'[', b']', &bytes[floor..middle])?;
    let ceiling = bytes.len().min(middle + REACH);
    let close = middle + memchr::memchr(b')', &bytes[middle..ceiling])?;
    let address = &bytes[middle + 2..close];
    let sound = bytes[open] == b'[' && open + 1 < middle && BEGIN.iter().any(|begin| address.starts_with(begin));
    (sound && !address.contains(&b' ')).then_some((open, close))
}

/// Bold: two marks each.
fn bold(text: &Text<'_>, line: &Line<'_>) -> Vec<Mark> {
    let places: Vec<usize> = BOLD.find_iter(line.text.as_bytes()).take(MARKS).collect();
    let mut marks = Vec::new();
    let mut rest = places.as_slice();
    while let [open, close, after @ ..] = rest {
        if is_bold(line.text, *open, *close) {
            marks.extend(mark(text, line, "bold", *open, open + 2));
            marks.extend(mark(text, line, "bold", *close, close + 2));
            rest = after;
        } else {
            rest = &rest[1..];
        }
    }
    marks
}

fn is_bold(line: &str, open: usize, close: usize) -> bool {
    let within = &line[open + 2..close];
    let before = line[..open].chars().next_back();
    let after = line[close + 2..].chars().next();
    let free = |beside: Option<char>| beside.is_none_or(|beside| !beside.is_alphanumeric() && beside != '*');
    let tight = !within.starts_with(char::is_whitespace) && !within.ends_with(char::is_whitespace);
    tight
        && within.len() < REACH
        && !within.contains('*')
        && within.contains(char::is_alphabetic)
        && free(before)
        && free(after)
}
