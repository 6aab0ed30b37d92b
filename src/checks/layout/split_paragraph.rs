//! `layout/split-paragraph`: a paragraph that a blank line cuts in mid-sentence.

use super::mend::{Mend, halves};
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::seam::{Between, Seam};
use crate::text::{Text, language};

/// See [`RULE`].
#[derive(Debug)]
pub struct SplitParagraph;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/split-paragraph",
    severity: Severity::Warning,
    summary: "a paragraph that is cut in mid-sentence",
    settings: &[],
    docs: "\
## What it does
Finds a paragraph of prose that ends without a mark and is followed by one that begins with a small letter, with nothing
between them but the gap. Where a text often begins paragraphs with a small letter, and where several such gaps follow one
another, as in a list without marks, it says nothing.

## Why it matters
There was the end of a page, a picture or an advertisement. For every program that reads paragraphs the sentence is two
halves.

## Example
```text
The weir was built in the spring by men from the

valley, who were paid in grain.
```

## What to do
Apply the fix, which joins the halves with one space, and mends the word where a hyphen cut it.

## Fix safety
Safe where both sides prove it, and the word at a hyphen stands elsewhere in the text. Nothing but white space and that
hyphen goes. Unsafe otherwise.

## Where it errs
Verse in long lines whose stanzas run on would be joined. An item of a list that has no mark before it, begins with a small letter and
follows an open sentence looks the same. Scripts without small letters have only one side, and are left alone.
Confidence 0.95 where the first half ends with a word that ends no sentence, 0.88 otherwise.
",
};

impl Check for SplitParagraph {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let seams = text.seams().iter().filter(|seam| seam.between == Between::Nothing);
        limit(seams.filter_map(|seam| finding(document, text, seam)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, seam: &Seam) -> Option<Finding> {
    let mend = Mend::of(text, seam)?;
    let word = text.lines[seam.left].text.split_whitespace().next_back()?;
    let certain = language::cannot_end(word) || mend.word.is_some();
    let attested = mend.word.as_ref().is_none_or(|(_, attested)| *attested);
    let finding = RULE
        .finding(document.at(mend.span), "a paragraph is cut in mid-sentence")
        .help("join the halves")
        .evidence("last_word", word)
        .confidence(if certain { 0.95 } else { 0.88 });
    let finding = halves(document, text, seam, finding);
    let safe = seam.firm && attested;
    Some(mend.on(finding, if safe { Safety::Safe } else { Safety::Unsafe }))
}
