//! `encoding/bidirectional-control`: characters that turn the direction of text.

use super::script::is_right_to_left;
use super::tally::{Tally, code};
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::beyond_ascii::characters;
use crate::text::{Line, Text};

/// See [`RULE`].
#[derive(Debug)]
pub struct BidirectionalControl;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/bidirectional-control",
    severity: Severity::Warning,
    summary: "characters that turn the direction of text",
    settings: &[],
    docs: "\
## What it does
Counts the characters that steer the direction of writing: marks (U+200E, U+200F, U+061C), embeddings and overrides
(U+202A to U+202E) and isolates (U+2066 to U+2069). In a text with Hebrew, Arabic or other letters written from right to
left, only overrides are reported, and embeddings and isolates that are not closed in their line or close nothing.

## Why it matters
They make a text look different from what it says: what is read is not what is searched, compared or run (CVE-2021-42574).
In a text without letters that run from right to left they have nothing to do.

## Example
`access_\\u202Etxt.exe`, which is shown as `access_exe.txt`.

## What to do
Remove them, or close what is open.

## Where it errs
A text about such controls shows them rightly, and an isolate that is closed in the next line counts as open. Which words
were meant to be turned it cannot know. Confidence 1: the characters are there.

## Fix safety
Safe in a text without letters from right to left, where nothing depends on them. Unsafe otherwise, and where there is an
override, since what is shown changes.
",
};

impl Check for BidirectionalControl {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if !characters(text.text).any(|(_, character)| is_control(character)) {
            return;
        }
        let right_to_left = text.text.contains(is_right_to_left);
        let tally = count(text, right_to_left);
        let Some((character, first)) = tally.first() else {
            return;
        };
        let overrides = tally.characters().any(is_override);
        let safe = !overrides && !right_to_left;
        let message = match (overrides, right_to_left) {
            (true, _) => format!(
                "{}, overrides among them",
                tally.noun("character that turns the direction of text")
            ),
            (false, true) => format!(
                "{} without its counterpart",
                tally.noun("turn of the direction of text")
            ),
            (false, false) => format!(
                "{} in a text that runs from left to right",
                tally.noun("control of direction")
            ),
        };
        let finding = RULE.finding(document.at(first), message).label(code(character));
        let finding = finding
            .help("remove them, or close what is open")
            .evidence("counts", tally.evidence());
        let safety = if safe { Safety::Safe } else { Safety::Unsafe };
        findings.push(finding.replace_all(safety, tally.edits));
    }
}

fn is_control(character: char) -> bool {
    matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_override(character: char) -> bool {
    matches!(character, '\u{202D}' | '\u{202E}')
}

fn count(text: &Text<'_>, right_to_left: bool) -> Tally {
    let mut tally = Tally::default();
    for line in &text.lines {
        let mut add = |(at, character)| tally.add(text.source, line.span.start() + at, character, Some(""));
        if right_to_left {
            let mut wrong = unpaired(line);
            wrong.sort_unstable();
            wrong.into_iter().for_each(add);
        } else {
            all(line).for_each(&mut add);
        }
    }
    tally
}

fn all<'a>(line: &Line<'a>) -> impl Iterator<Item = (usize, char)> + use<'a> {
    line.text.char_indices().filter(|&(_, character)| is_control(character))
}

/// Overrides, and what is opened and not closed in a line, or closed and not opened. A line end closes everything
/// (Unicode annex 9, X8), and the end of an isolate what was embedded in it.
fn unpaired(line: &Line<'_>) -> Vec<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut wrong = Vec::new();
    let mut isolates = 0usize;
    for (at, character) in all(line) {
        match character {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push((at, character)),
            '\u{2066}'..='\u{2068}' => {
                isolates += 1;
                open.push((at, character));
            }
            '\u{202C}' if open.last().is_some_and(|&(_, last)| !is_isolate(last)) => {
                wrong.extend(open.pop().filter(|&(_, last)| is_override(last)))
            }
            '\u{2069}' if isolates > 0 => {
                isolates -= 1;
                close_isolate(&mut open, &mut wrong);
            }
            '\u{202C}' | '\u{2069}' => wrong.push((at, character)),
            _ => {}
        }
    }
    wrong.append(&mut open);
    wrong
}

/// Closes the last isolate; what is embedded in it was left open.
fn close_isolate(open: &mut Vec<(usize, char)>, wrong: &mut Vec<(usize, char)>) {
    while let Some(last) = open.pop().filter(|&(_, last)| !is_isolate(last)) {
        wrong.push(last);
    }
}

fn is_isolate(character: char) -> bool {
    matches!(character, '\u{2066}'..='\u{2068}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn total(text: &str) -> usize {
        let source = Source::new("a", text.into());
        let text = Text::new(&source).expect("text");
        count(&text, text.text.contains(is_right_to_left)).total()
    }

    #[test]
    fn pairs_are_left_alone_beside_hebrew() {
        assert_eq!(
            total("שלום \u{202A}mill\u{202C} \u{2067}\u{202B}א\u{2069} \u{200E}!"),
            1,
            "the embedding is left open"
        );
        assert_eq!(total("שלום \u{202A}mill\u{202C} \u{2066}a\u{2069}\u{200F}"), 0);
        assert_eq!(total("שלום \u{202E}mill\u{202C}"), 1, "an override");
        assert_eq!(total("שלום \u{202C}\u{2069}\u{2066}"), 3);
        assert_eq!(total("mill \u{200E}"), 1);
    }
}
