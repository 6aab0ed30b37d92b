//! `truncation/dangling-expansion`: words of a name are lost before the acronym that stands for it.

use memchr::memmem;

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::{Text, prefix};

/// See [`RULE`].
#[derive(Debug)]
pub struct DanglingExpansion;

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/dangling-expansion",
    severity: Severity::Warning,
    summary: "a name that breaks off before the acronym that stands for it",
    settings: &[],
    docs: "\
## What it does
Finds a bracketed acronym after a hyphen or a dash that joins nothing, where the acronym has more capital letters than the
name before it has words: `Union of River Mills- (URM-EV)`.

## Why it matters
The name goes on in the original. What is missing is often the part that tells two bodies of one name apart.

## Example
```text
Published by the Union of River Mills- (URM-EV)
```

## What to do
Write the name out as the source has it.

## Where it errs
A hyphen that an author sets before every bracket, by habit, in front of an acronym that stands for words of several parts.
Confidence 0.8.
",
};

impl Check for DanglingExpansion {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let places = memmem::find_iter(text.text.as_bytes(), b"(").filter_map(|open| dangling(text, open));
        let finding = |(span, acronym): (Span, &str)| {
            RULE.finding(document.at(span), format!("the name breaks off before `{acronym}`"))
                .help("write the name out as the source has it")
                .confidence(0.8)
                .evidence("acronym", acronym)
        };
        limit(places.map(finding), findings);
    }
}

/// An acronym is at most so long, in bytes, and the words before it are looked for in so many.
const ACRONYM: usize = 16;
const BEFORE: usize = 120;

/// The last word of the name, its hyphen and the acronym, where the bracket that opens there follows a hyphen.
fn dangling<'a>(text: &Text<'a>, open: usize) -> Option<(Span, &'a str)> {
    let all = text.text;
    let from = (open.saturating_sub(BEFORE)..=open).find(|&at| all.is_char_boundary(at))?;
    let head = all[from..open].trim_end_matches(' ');
    let joined = head.strip_suffix(['-', '‐']);
    let name = joined.or_else(|| Some(head.strip_suffix(['–', '—'])?.trim_end_matches(' ')))?;
    let close = prefix(&all[open + 1..], ACRONYM).find(')')?;
    let acronym = &all[open + 1..open + 1 + close];
    let words = capital_words(name);
    if !name.ends_with(char::is_alphabetic) || words == 0 || capitals(acronym)? <= words {
        return None;
    }
    let word = name.rsplit(char::is_whitespace).next().unwrap_or(name);
    Some((
        text.source.span(from + name.len() - word.len(), open + close + 2)?,
        acronym,
    ))
}

/// How many capitals an acronym has; `None` where it is none.
fn capitals(text: &str) -> Option<usize> {
    let sound = |sign: char| sign.is_uppercase() || sign.is_numeric() || matches!(sign, '-' | '.' | '/' | '&');
    let capitals = text.chars().filter(|sign| sign.is_uppercase()).count();
    (capitals > 1 && text.chars().all(sound)).then_some(capitals)
}

/// How many capitalised words end a text, small words between them left aside.
fn capital_words(text: &str) -> usize {
    let mut count = 0;
    let mut small = 0;
    for word in text.split(|sign: char| sign.is_whitespace() || sign == '-').rev() {
        let capital = word.starts_with(char::is_uppercase);
        let ends = word.ends_with(['.', ',', ';', ':', '!', '?', ')']);
        small = if capital { 0 } else { small + 1 };
        if ends || small > 2 {
            break;
        }
        count += usize::from(capital);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn found(text: &str) -> bool {
        let source = Source::new("a", text.as_bytes().to_vec());
        let text = Text::new(&source).expect("text");
        memmem::find_iter(text.text.as_bytes(), b"(").any(|open| dangling(&text, open).is_some())
    }

    #[test]
    fn names_that_break_off() {
        assert!(found("By the Union of River Mills- (URM-EV)"));
        assert!(!found("By the Union of River Mills (URM-EV)"));
        assert!(!found("the River Mill Workers- (RMW)"));
        assert!(!found("pre- (WWII) and post-war"));
        assert!(!found("the mill- (or house-) keeper"));
    }
}
