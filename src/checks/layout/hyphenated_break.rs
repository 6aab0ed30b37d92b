//! `layout/hyphenated-break`: a word that a hyphen cuts at the end of a line.

use super::mend::Mend;
use crate::checks::limit::{PER_BOOK, limit_to};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::Text;
use crate::text::hyphen::{HyphenBreak, Parts};

/// See [`RULE`].
#[derive(Debug)]
pub struct HyphenatedBreak;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/hyphenated-break",
    severity: Severity::Warning,
    summary: "a word that a hyphen cuts at the end of a line",
    settings: &[],
    docs: "\
## What it does
Finds a hyphen at the end of a line after which the next line goes on with the rest of the word, and says how the word
should stand: joined where the text has it in one piece elsewhere, with its hyphen where the text has that, where a capital or a
figure follows, and where the halves are those of a compound (`well-known`). Suspended halves (`pre- and post-war`), dashes and
verse are left alone. In a text whose lines are cut throughout, as a book is typeset, the findings are of severity info.

## Why it matters
Nobody who searches for the word finds it, and two halves are counted as two words.

## Example
```text
at the end of the termi-
nal there was a mill
```

## What to do
Apply the fix: the rest of the word goes up to its first half, and the line is broken after it.

## Fix safety
Safe where the word stands elsewhere in the text in that form, or in a short list of common words. Unsafe otherwise.

## Where it errs
A compound that the text has only once, at a line end, loses its hyphen: about one in twenty of those. Names and addresses in
which the typesetter put a hyphen of his own cannot be told from those that have one. Confidence 0.99 where the text has the word, 0.9 otherwise.
",
};

/// So many cut words in a text, and one line in so many, are those of a typesetter.
const TYPESET: (usize, usize) = (5, 200);

impl Check for HyphenatedBreak {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let plain = |one: &&HyphenBreak| one.right == one.left + 1;
        let breaks = || text.hyphen_breaks().iter().filter(plain);
        let count = breaks().count();
        let typeset = count >= TYPESET.0 && count * TYPESET.1 >= text.lines.len();
        let severity = if typeset { Severity::Info } else { Severity::Warning };
        let found = breaks().filter_map(|one| finding(document, text, one, severity));
        limit_to(PER_BOOK, found, findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, one: &HyphenBreak, severity: Severity) -> Option<Finding> {
    let parts = Parts::of(text, one.left, one.right)?;
    let span = text.source.span_of(parts.left).to(text.source.span_of(parts.right));
    let mend = Mend::of_break(text, one, true)?;
    let message = format!("the word “{}” is cut at a line end", parts.word(one.joins));
    let finding = RULE
        .finding(document.at(span), message)
        .severity(severity)
        .help("put the halves together")
        .confidence(if one.attested { 0.99 } else { 0.9 });
    let safe = one.attested && mend.is_small(text);
    Some(mend.on(finding, if safe { Safety::Safe } else { Safety::Unsafe }))
}
