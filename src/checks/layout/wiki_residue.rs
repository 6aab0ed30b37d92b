//! `layout/wiki-residue`: marks of a wiki in a text.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use super::html::is_spoken_of;
use super::marked::Marked;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::{Line, Text, prefix};

/// See [`RULE`].
#[derive(Debug)]
pub struct WikiResidue;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/wiki-residue",
    severity: Severity::Info,
    summary: "marks of a wiki in a text that is not named as such",
    settings: &[],
    docs: "\
## What it does
Finds links (`[[River Lea|the river]]`), templates (`{{cite book|title=…}}`), bold (`'''mill'''`), headings (`== The mill ==`) and
the labels that a wiki sets into its pages (`[edit]`, `[citation needed]`, in eight languages). Those of one line are one
finding. Code, what stands between quotation marks or backquotes, and files whose name ends in `.wiki` or `.mediawiki` are left
alone.

## Why it matters
The text was taken from a wiki, from its source or from its pages, and its marks were not taken out. They are counted as words,
and templates hold what the reader of the page never saw in this form.

## Example
`The mill on the [[River Lea|Lea]][citation needed] stood still.`

## What to do
Apply the fix and read the diff. Templates have to be written out by hand.

## Where it errs
Links of note-taking programs look the same, and so do the templates of a letter or of a program (`{{name|upper}}`). Confidence
0.9.

## Fix safety
Unsafe: the target of a link is lost, and a mark may be meant. Templates are left as they are.
",
};

/// A mark reaches at most so many bytes.
const REACH: usize = 600;
/// So many marks of one line are looked at.
const MARKS: usize = 1_000;

/// What the marks begin with, or stand whole. A heading is found by its beginning, at the head of a line.
const SIGNS: [&str; 22] = [
    "[[",
    "{{",
    "'''",
    "==",
    "[edit]",
    "[edit | edit source]",
    "[edit source]",
    "[citation needed]",
    "[clarification needed]",
    "[by whom?]",
    "[according to whom?]",
    "[Bearbeiten]",
    "[Bearbeiten | Quelltext bearbeiten]",
    "[modifier]",
    "[modifier | modifier le code]",
    "[editar]",
    "[editar código]",
    "[modifica]",
    "[bewerken]",
    "[edytuj]",
    "[править]",
    "[编辑]",
];
/// The first sign that is a label.
const LABELS: usize = 4;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::LeftmostLongest)
        .build(SIGNS)
        .ok()
});

/// One mark: what it is, and what to remove of it.
struct Mark {
    kind: &'static str,
    place: Span,
    remove: Vec<Span>,
}

impl Check for WikiResidue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let (Some(text), Some(finder)) = (document.text, FINDER.as_ref()) else {
            return;
        };
        let name = document.source.name().to_lowercase();
        if name.ends_with(".wiki") || name.ends_with(".mediawiki") {
            return;
        }
        let lines = Marked::new(text, |bytes| finder.find(bytes).map(|found| found.start()));
        limit(lines.filter_map(|line| finding(document, text, line, finder)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &Line<'_>, finder: &AhoCorasick) -> Option<Finding> {
    let mut marks: Vec<Mark> = Vec::new();
    for sign in finder.find_iter(line.text).take(MARKS) {
        let base = line.span.start();
        let behind = marks.last().is_none_or(|mark| base + sign.start() >= mark.place.end());
        if behind {
            marks.extend(mark(text, line, sign.pattern().as_usize(), sign.start()));
        }
    }
    let first = marks.first()?.place;
    let mut kinds: Vec<&str> = marks.iter().map(|mark| mark.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let message = format!("marks of a wiki are left in the text: {}", kinds.join(", "));
    let remove: Vec<Span> = marks.into_iter().flat_map(|mark| mark.remove).collect();
    let finding = RULE
        .finding(document.at(first), message)
        .help("take the marks out, and write templates out by hand")
        .confidence(0.9)
        .evidence("marks", kinds);
    Some(match remove.is_empty() {
        true => finding,
        false => finding.replace_all(Safety::Unsafe, remove.into_iter().map(|span| (span, String::new()))),
    })
}

fn mark(text: &Text<'_>, line: &Line<'_>, sign: usize, at: usize) -> Option<Mark> {
    let rest = prefix(&line.text[at..], REACH);
    let (kind, length, parts) = match SIGNS[sign] {
        "[[" => link(rest)?,
        "{{" => template(rest)?,
        "'''" => bold(&line.text[..at], rest)?,
        "==" => heading(line.text, at)?,
        label => ("label", label.len(), vec![(0, label.len())]),
    };
    debug_assert!(sign >= LABELS || kind != "label", "labels stand last");
    if is_spoken_of(line.text, at, &line.text[at..at + length]) {
        return None;
    }
    let base = line.span.start() + at;
    let remove = parts
        .into_iter()
        .filter_map(|(start, end)| text.source.span(base + start, base + end));
    Some(Mark {
        kind,
        place: text.source.span(base, base + length)?,
        remove: remove.collect(),
    })
}

/// A kind of mark, its length, and the parts of it that go.
type Shape = (&'static str, usize, Vec<(usize, usize)>);

/// `[[target]]` or `[[target|text]]`: what begins with a letter and has nothing in it that programs are made of.
fn link(rest: &str) -> Option<Shape> {
    let close = rest.find("]]")?;
    let inner = &rest[2..close];
    let begins = inner.starts_with(|first: char| first.is_alphabetic() || first == ':');
    if !begins || inner.contains(['=', '(']) && !inner.contains('|') {
        return None;
    }
    let shown = inner.rfind('|').map_or(2, |bar| 2 + bar + 1);
    let sound = !inner.contains(['[', '{', '<', ';', '"']) && !inner.ends_with(' ');
    (sound && shown < close).then(|| ("link", close + 2, vec![(0, shown), (close, close + 2)]))
}

/// `{{name|…}}`, or one of the names that wikis have.
fn template(rest: &str) -> Option<Shape> {
    const NAMES: [&str; 12] = [
        "citation needed",
        "cn",
        "reflist",
        "main",
        "see also",
        "dead link",
        "clarify",
        "stub",
        "toc",
        "who",
        "when",
        "belege fehlen",
    ];
    let close = rest.find("}}")?;
    let inner = &rest[2..close];
    let name = inner.split('|').next().unwrap_or_default();
    let begins = inner.starts_with(char::is_alphabetic) && !name.ends_with(' ') && !name.contains(['{', '.', '(']);
    let known = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
    let parts = name.len() < inner.len();
    (begins && (known || parts)).then(|| ("template", close + 2, Vec::new()))
}

/// `'''text'''`, set off from the words around it.
fn bold(before: &str, rest: &str) -> Option<Shape> {
    let close = 3 + memmem::find(&rest.as_bytes()[3..], b"'''")?;
    let inner = rest[3..close].trim_start_matches('\'');
    let free = !before.ends_with(|last: char| last.is_alphanumeric());
    let end = rest[close..].len() - rest[close..].trim_start_matches('\'').len();
    let open = close - inner.len();
    let word = inner.starts_with(char::is_alphanumeric) && !inner.ends_with(char::is_whitespace);
    (free && word && end <= 5).then(|| ("bold", close + end, vec![(0, open), (close, close + end)]))
}

/// `== Title ==`, alone in its line.
fn heading(line: &str, at: usize) -> Option<Shape> {
    let bare = line.trim_end();
    let marks = bare.len() - bare.trim_start_matches('=').len();
    let ends = bare.len() - bare.trim_end_matches('=').len();
    if at != 0 || marks != ends || !(2..=6).contains(&marks) || bare.len() < 2 * marks + 1 {
        return None;
    }
    let inner = &bare[marks..bare.len() - marks];
    let title = inner.trim();
    let even = inner.starts_with(' ') == inner.ends_with(' ');
    let worded =
        title.starts_with(char::is_alphanumeric) && title.contains(char::is_alphabetic) && !title.contains('=');
    let start = bare.len() - marks - inner.trim_start().len();
    let end = marks + inner.trim_end().len();
    (even && worded).then(|| ("heading", bare.len(), vec![(0, start), (end, bare.len())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    /// The line without its marks, and the kinds of them.
    fn mended(line: &str) -> (String, Vec<&'static str>) {
        let source = Source::new("a", line.as_bytes().to_vec());
        let text = Text::new(&source).expect("text");
        let finder = FINDER.as_ref().expect("a finder");
        let marks: Vec<Mark> = finder
            .find_iter(line)
            .filter_map(|sign| mark(&text, &text.lines[0], sign.pattern().as_usize(), sign.start()))
            .collect();
        let mut plain = line.to_owned();
        for span in marks.iter().flat_map(|mark| &mark.remove).rev() {
            plain.replace_range(span.range(), "");
        }
        (plain, marks.iter().map(|mark| mark.kind).collect())
    }

    #[test]
    fn marks_are_unwrapped() {
        let (plain, kinds) = mended("The [[River Lea|Lea]] and the [[weir]][citation needed].");
        assert_eq!(
            (&*plain, kinds),
            ("The Lea and the weir.", vec!["link", "link", "label"])
        );
        assert_eq!(mended("== The mill ==").0, "The mill");
        assert_eq!(mended("===Wheel===").0, "Wheel");
        assert_eq!(mended("{{cite book|title=Mills}}").1, ["template"]);
        assert_eq!(mended("[[File:Mill.jpg|thumb|A mill]]").0, "A mill");
    }

    #[test]
    fn other_signs_are_left_alone() {
        for plain in [
            "if [[ -f mill ]]; then",
            "[[1, 2], [3, 4]]",
            "a == b == c",
            "======",
            "Dear {{ name }}",
            "{{name}}",
            "\"[edit]\" is a label",
            "the '''",
            "x = '''mill",
            "[[]] {{}} ''''''",
            "== a",
        ] {
            assert_eq!(mended(plain).1, [""; 0], "{plain}");
        }
    }
}
