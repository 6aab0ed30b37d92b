//! `layout/hyphen-dash`: two hyphens that stand for a pair of dashes, glued to the words around them.

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::{Line, Text, prefix};

/// See [`RULE`].
#[derive(Debug)]
pub struct HyphenDash;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/hyphen-dash",
    severity: Severity::Info,
    summary: "hyphens that stand for a pair of dashes",
    settings: &[],
    docs: "\
## What it does
Finds two hyphens in one English sentence that set off what stands between them as dashes do: `the bridge-until then the only
one-fell`. Behind the first has to stand a word that no compound goes on with (`until`, `which`, `although`), or before it one
that no compound begins with (`which`, `whose`, `although`); both tokens have one hyphen and nothing but small letters.

## Why it matters
A dash with its spaces was turned into a hyphen, and two words that have nothing to do with each other became one. No search finds them.

## Example
`The bridge-until then the only one-fell in March.`

## What to do
Put the dashes back.

## Where it errs
It looks at English only, and it misses most such pairs: those around words that compounds are made of too. Confidence 0.8.
",
};

/// Words that begin what is set off, and that no compound has behind a hyphen.
const BEHIND: [&str; 20] = [
    "although",
    "because",
    "despite",
    "especially",
    "except",
    "including",
    "perhaps",
    "since",
    "though",
    "unless",
    "unlike",
    "until",
    "whereas",
    "which",
    "whichever",
    "while",
    "whilst",
    "whom",
    "whose",
    "without",
];
/// Words that no compound begins with.
const BEFORE: [&str; 8] = [
    "although", "because", "unless", "whereas", "whether", "which", "whom", "whose",
];
/// The other hyphen is at most so many bytes away.
const REACH: usize = 200;

impl Check for HyphenDash {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let bytes = text.text.as_bytes();
        let pairs = memchr::memchr_iter(b'-', bytes).filter_map(|at| {
            // Most hyphens fail here: the words behind begin with one of few letters.
            let first = bytes.get(at + 1).is_some_and(|first| b"abdeipstuw".contains(first));
            let small = at > 0 && bytes[at - 1].is_ascii_lowercase();
            let before = || BEFORE.iter().any(|word| bytes[..at].ends_with(word.as_bytes()));
            (small && (first || before())).then(|| pair(text, at))?
        });
        limit(pairs.map(|span| finding(document, span)), findings);
    }
}

/// From the word before the first hyphen to the word behind the second.
fn pair(text: &Text<'_>, at: usize) -> Option<Span> {
    let behind = word(&text.text[at + 1..]);
    if behind.is_empty() || !text.text[at + 1 + behind.len()..].starts_with(' ') {
        return None;
    }
    let index = text.lines.partition_point(|line| line.span.end() <= at);
    let line: &Line<'_> = text.lines.get(index)?;
    let (before, after) = line.text.split_at_checked(at.checked_sub(line.span.start())?)?;
    let start = before.trim_end_matches(is_small).len();
    let told = BEHIND.contains(&behind) || BEFORE.contains(&&before[start..]);
    let word_before = start < before.len() && told;
    let free = before[..start].is_empty() || before[..start].ends_with([' ', '(', '“', '"']);
    let rest = sentence(prefix(&after[1..], REACH));
    let second = rest.match_indices('-').find(|(at, _)| is_alone(rest, *at))?.0;
    let end = at + 1 + second + 1 + word(&rest[second + 1..]).len();
    (free && word_before).then(|| text.source.span(line.span.start() + start, end))?
}

fn is_small(character: char) -> bool {
    character.is_ascii_lowercase()
}

/// The small letters that a text begins with.
fn word(text: &str) -> &str {
    &text[..text.find(|character| !is_small(character)).unwrap_or(text.len())]
}

/// The rest of a sentence.
fn sentence(text: &str) -> &str {
    &text[..text.find(['.', '!', '?', ';', '–', '—']).unwrap_or(text.len())]
}

/// Whether a hyphen is the only one of its token, with small letters on both sides.
fn is_alone(text: &str, at: usize) -> bool {
    let start = text[..at].rfind(' ').map_or(0, |space| space + 1);
    let end = at + text[at..].find([' ', ',', ')']).unwrap_or(text.len() - at);
    let letters = |part: &str| !part.is_empty() && part.chars().all(is_small);
    start > 0 && letters(&text[start..at]) && letters(&text[at + 1..end])
}

fn finding(document: &Document<'_>, span: Span) -> Finding {
    RULE.finding(document.at(span), "two hyphens stand for a pair of dashes")
        .help("put the dashes back")
        .confidence(0.8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn found(line: &str) -> Option<String> {
        let source = Source::new("a", line.as_bytes().to_vec());
        let text = Text::new(&source).expect("text");
        let span = memchr::memchr_iter(b'-', line.as_bytes()).find_map(|at| pair(&text, at))?;
        Some(text.text[span.range()].to_owned())
    }

    #[test]
    fn pairs_are_told_from_compounds() {
        let span = found("The bridge-until then the only one-fell in March.");
        assert_eq!(span.as_deref(), Some("bridge-until then the only one-fell"));
        let span = found("The mill, which-as they say-stands still, is old.");
        assert_eq!(span.as_deref(), Some("which-as they say-stands"));
        for plain in [
            "a state-of-the-art mill and a mother-in-law",
            "the bridge-until then the only one, fell",
            "the bridge-until then. The twenty-one mills",
            "a which-way sign; a high-born mill",
            "a wait-while-you-can sign and a well-worn one",
            "Éa-until é-b",
            "-until a-b",
        ] {
            assert_eq!(found(plain), None, "{plain}");
        }
    }
}
