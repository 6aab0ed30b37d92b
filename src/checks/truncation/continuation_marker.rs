//! `truncation/continuation-marker`: the text ends by saying that it goes on elsewhere.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::phrases::Phrases;
use crate::text::unit::{self, Unit};

/// See [`RULE`].
#[derive(Debug)]
pub struct ContinuationMarker;

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/continuation-marker",
    severity: Severity::Warning,
    summary: "a text that ends by saying that it goes on elsewhere",
    settings: &[],
    docs: "\
## What it does
Looks at the end of a text for `[…]`, `[+2219 chars]`, `Read more`, `Continue reading` and their like in several languages,
and for a single paragraph that breaks off in an ellipsis. After a paragraph that ends as it should, `Read more` is only a
link of the page, and is not reported here.

## Why it matters
Feeds and search interfaces give the beginning of a text. What was taken is a preview, and its digest certifies the preview.

## Example
```text
The families climbed down their ladders and stood on stone again, for the … [+2219 chars]
```

## What to do
Take the text again from the address that the marker stands for.

## Where it errs
A writer who ends with `[…]`, or a list of teasers that each break off, is reported too. On previews of feeds it is right in
nearly all cases.
",
};

impl Check for ContinuationMarker {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let units = &text.statement().units;
        let Some((last, before)) = units.split_last() else {
            return;
        };
        let Some(marker) = cut_mark(last.text)
            .or_else(|| {
                let known = |line: &str| is_pointer(text.phrases, line, text.statement().language);
                pointer(last, before, &known)
            })
            .or_else(|| broken_off(last, before))
        else {
            return;
        };
        let finding = RULE.finding(
            document.at(text.source.span_of(marker)),
            "the text ends by saying that it goes on elsewhere",
        );
        findings.push(
            finding
                .help("take it again, whole, from its source")
                .evidence("marker", marker),
        );
    }
}

/// A mark has at most so many bytes, and a pointer after an ellipsis is looked for in so many.
const MARK: usize = 32;
const POINTER: usize = 200;

/// The end of a text.
fn tail(text: &str) -> &str {
    let from = text.len().saturating_sub(POINTER);
    let from = (from..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[from..]
}

/// `[…]`, `[...]`, `[+2219 chars]`.
fn cut_mark(text: &str) -> Option<&str> {
    let open = text.rfind(['[', '('])?;
    let mark = &text[open..];
    if mark.len() > MARK {
        return None;
    }
    let inner = mark[1..].strip_suffix([']', ')'])?.trim();
    let dots = mark.starts_with('[') && matches!(inner, "…" | "..." | ". . .");
    let counted = inner.strip_prefix('+').is_some_and(is_count);
    (dots || counted).then_some(mark)
}

/// `2219 chars`
fn is_count(text: &str) -> bool {
    let (number, unit) = text.split_once(' ').unwrap_or_default();
    let number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number && matches!(unit, "chars" | "characters" | "more" | "words")
}

/// A pointer as the last line, or as the end of it after an ellipsis, where the text before it has no end.
fn pointer<'a>(last: &Unit<'a>, before: &[Unit<'a>], is_pointer: &dyn Fn(&str) -> bool) -> Option<&'a str> {
    let bare = bare(last.text);
    if is_pointer(bare) {
        let open = |unit: &Unit<'_>| is_elliptic(unit.text) || !unit::ends_sentence(unit.text);
        let cut = before
            .last()
            .is_some_and(|unit| unit.words >= unit::PROSE_WORDS && open(unit));
        return cut.then_some(bare);
    }
    let text = tail(last.text);
    let dots = text.rfind(['…', '.'])?;
    let (head, rest) = text.split_at(dots + text[dots..].chars().next().map_or(0, char::len_utf8));
    let rest = self::bare(rest);
    (is_elliptic(head) && is_pointer(rest)).then_some(rest)
}

fn is_pointer(phrases: &Phrases, line: &str, language: Option<&str>) -> bool {
    phrases.is_of_class(line, "continuation", language)
}

/// A pointer without the brackets and arrows around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|sign: char| !sign.is_alphanumeric())
}

/// The only paragraph of a text breaks off in an ellipsis: a preview.
fn broken_off<'a>(last: &Unit<'a>, before: &[Unit<'a>]) -> Option<&'a str> {
    let alone = before.iter().all(|unit| unit.words < unit::PROSE_WORDS);
    let elliptic = is_elliptic(last.text) && last.words >= 2 * unit::PROSE_WORDS && alone;
    elliptic.then(|| last.text.split_whitespace().next_back()).flatten()
}

fn is_elliptic(text: &str) -> bool {
    let text = text.trim_end_matches([']', ')', ' ']);
    text.ends_with('…') || text.ends_with("...") || text.ends_with(". . .")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        assert_eq!(cut_mark("so far [+2219 chars]"), Some("[+2219 chars]"));
        assert_eq!(cut_mark("so far […]"), Some("[…]"));
        assert_eq!(cut_mark("so far (see above)"), None);
        assert_eq!(cut_mark("so far [12]"), None);
    }
}
