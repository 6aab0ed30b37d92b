//! `layout/glued-alt-text`: what a picture was called, glued to the first word of the paragraph behind it.

use memchr::memmem;

use super::marked::Code;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::glue::{GluedLine, Joint, begins_firmly, begins_sentence};
use crate::text::{Text, prefix};

/// See [`RULE`].
#[derive(Debug)]
pub struct GluedAltText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/glued-alt-text",
    severity: Severity::Warning,
    summary: "the alternative text of a picture, glued to the first word of a paragraph",
    settings: &[],
    docs: "\
## What it does
Finds a word in small letters at the head of a paragraph of prose that goes straight over into a capitalised word:
`millThe miller`. One of two things has to speak for it: the right half is an article, a pronoun or a question word (in eight
languages), or the left half stands in the text or in its title as a word and the right half is one that sentences begin
with or stands in the text as a word. A token that stands in the text a second time is a name.

## Why it matters
A picture stood there, and a converter put its alternative text where it was, without a space. The first word of the paragraph is
no word any more, and the paragraph begins with one that its author did not write.

## Example
`millThe miller had been up since four.` in a text about a mill

## What to do
Apply the fix: the name of the picture goes.

## Where it errs
The left half may be a word that belongs to the paragraph, where a line break was lost before a capital. Names that begin small
(`macOS`) and identifiers are told by their form; one that goes over into an article would be misjudged. Confidence 0.95 where the left half is known from the
text and the right half is an article or the like, 0.8 else.

## Fix safety
Safe where both hold: the left half stands elsewhere in the text or in its title, and the right half is an article, a pronoun or a
question word, so that the paragraph begins with a sentence. Else unsafe.
",
};

/// So many places of a text are looked at.
const LOOKED: usize = 200;
/// So much of a text is searched for a word.
const SEARCHED: usize = 1 << 20;

impl Check for GluedAltText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let openings = &text.glue().openings;
        if openings.is_empty() {
            return;
        }
        let mut code = Code::of(text);
        let prose = openings.iter().filter(|(line, _)| !code.holds(*line)).take(LOOKED);
        let alts = prose.filter_map(|(line, joint)| Some((joint, Alt::of(document, text, *line, joint)?)));
        limit(alts.map(|(joint, alt)| finding(document, text, joint, &alt)), findings);
    }
}

/// Whether the surest seam of a line is the matter of this rule.
pub(super) fn stands_at(document: &Document<'_>, text: &Text<'_>, line: &GluedLine) -> bool {
    Alt::of(document, text, line.line, &line.best).is_some()
}

/// What speaks for a name of a picture.
struct Alt {
    /// The left half stands elsewhere.
    named: bool,
    /// The right half is a word that stands in no name.
    firm: bool,
}

impl Alt {
    fn of(document: &Document<'_>, text: &Text<'_>, line: usize, joint: &Joint) -> Option<Self> {
        let block = text.blocks.partition_point(|block| block.end <= line);
        let heads = text
            .blocks
            .get(block)
            .is_some_and(|block| block.span.start() == joint.start);
        let shape = heads && joint.signals.is_small() && joint.signals.is_prose();
        let right = &text.text[joint.at..joint.end];
        let free = text.text[joint.end..].starts_with([' ', ',', '\u{a0}']);
        if !shape || !free || right.chars().skip(1).any(char::is_uppercase) {
            return None;
        }
        let left = &text.text[joint.start..joint.at];
        let within = prefix(text.text, SEARCHED);
        let again = memmem::find_iter(within.as_bytes(), &text.text[joint.start..joint.end]).nth(1);
        let title = document.entry.title.as_ref().map_or("", |title| title.value.as_str());
        let named = || is_word_of(title, left) || is_word_of(within, left);
        let known = || begins_sentence(right) || is_word_of(within, &right.to_lowercase());
        let firm = begins_firmly(right);
        let alt = Self { named: named(), firm };
        (again.is_none() && (firm || (alt.named && known()))).then_some(alt)
    }
}

/// Whether a word stands in a text, in small letters or with a capital.
fn is_word_of(text: &str, word: &str) -> bool {
    let mut letters = word.chars();
    let capital: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    [word, &capital].iter().any(|form| {
        memmem::find_iter(text.as_bytes(), form).any(|at| {
            let before = text[..at].chars().next_back();
            let after = text[at + form.len()..].chars().next();
            let free = |beside: Option<char>| beside.is_none_or(|beside| !beside.is_alphanumeric());
            free(before) && free(after)
        })
    })
}

fn finding(document: &Document<'_>, text: &Text<'_>, joint: &Joint, alt: &Alt) -> Finding {
    let left = &text.text[joint.start..joint.at];
    let name = text.source.nearest_span(joint.start, joint.at);
    let sure = alt.named && alt.firm;
    let (safety, confidence) = if sure {
        (Safety::Safe, 0.95)
    } else {
        (Safety::Unsafe, 0.8)
    };
    RULE.finding(
        document.at(name),
        format!("`{left}` is glued to the first word of the paragraph, as the name of a picture is"),
    )
    .help("take it out, and see whether a picture is missing")
    .confidence(confidence)
    .evidence("named_elsewhere", alt.named)
    .evidence("begins_sentence", alt.firm)
    .replace(safety, name, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert!(is_word_of("The Mill.", "mill") && is_word_of("a mill", "mill"));
        assert!(!is_word_of("Millers windmill", "mill"));
        assert!(is_word_of("Über", "über") && !is_word_of("", "a"));
    }
}
