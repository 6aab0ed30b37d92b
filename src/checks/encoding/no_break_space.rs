//! `encoding/no-break-space`: no-break spaces where nothing asks for one.

use std::collections::HashMap;
use std::ops::Range;

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::{Line, Text, beyond_ascii};

/// See [`RULE`].
#[derive(Debug)]
pub struct NoBreakSpace;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/no-break-space",
    severity: Severity::Info,
    summary: "no-break spaces where nothing asks for one",
    settings: &[],
    docs: "\
## What it does
Finds U+00A0 and U+202F beside another space, at the edge of a line, and between two ordinary words. They are left alone
where typography asks for them: before `: ; ? ! »` and after `«`, beside numbers and signs, after abbreviations, initials
and words of one letter, before dashes, and after any word that the text follows with one as a rule. Those of one line are
one finding; a text in which they are most of all spaces is one.

## Why it matters
A web page had `&nbsp;` there to hold its layout. Programs that split words at spaces take the two words for one, and a
search for them finds nothing.

## Example
`the mill\\u00A0stood still`

## What to do
Apply the fix.

## Where it errs
Typographers differ: a no-break space between two ordinary words may be meant, to hold a name or a short word at a line
end, and one that appears once or twice in a text is reported. A custom that a text follows three times is taken for its
rule, also where it came from a web page.

## Fix safety
Safe: a space stays where a space was. A run of two becomes one space; a longer one, which may be an indent or a column,
as many spaces as it had; at the edge of a line one alone goes.
",
};

/// A word that so many no-break spaces follow may be followed by one as a rule.
const RULED: usize = 3;
/// A fix mends at most so many places of one line.
const EDITS: usize = 1_000;

impl Check for NoBreakSpace {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        if !beyond_ascii::characters(text.text).any(|(_, character)| is_no_break(character)) {
            return;
        }
        let habits = Habits::of(text);
        if habits.most {
            return findings.push(flooded(document, text));
        }
        let lines = text
            .lines
            .iter()
            .filter_map(|line| finding(document, text, line, &habits));
        limit(lines, findings);
    }
}

fn is_no_break(character: char) -> bool {
    matches!(character, '\u{A0}' | '\u{202F}')
}

fn is_gap(character: char) -> bool {
    is_no_break(character) || matches!(character, ' ' | '\t')
}

/// The runs of spaces in a line that hold a no-break space.
fn gaps(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = at + line[at..].find(is_no_break)?;
        let start = found - (line[at..found].len() - line[at..found].trim_end_matches(is_gap).len());
        let rest = &line[found..];
        let end = found + (rest.len() - rest.trim_start_matches(is_gap).len());
        at = end;
        Some(start..end)
    })
}

/// What follows the words of a text.
#[derive(Default)]
struct Habits {
    /// By the word in lower case: how many no-break spaces follow it, and how often it occurs.
    after: HashMap<String, (usize, usize)>,
    /// Most of all spaces are no-break spaces.
    most: bool,
}

impl Habits {
    fn of(text: &Text<'_>) -> Self {
        let mut habits = Self::default();
        let firm: usize = text.lines.iter().flat_map(|line| gaps(line.text)).count();
        let loose = memchr::memchr_iter(b' ', text.text.as_bytes()).count();
        habits.most = firm > loose && firm > 10;
        for line in &text.lines {
            for gap in gaps(line.text).filter(|gap| gap.len() <= 3) {
                habits
                    .after
                    .entry(last_word(&line.text[..gap.start]).to_lowercase())
                    .or_default()
                    .0 += 1;
            }
        }
        habits.count_words(text);
        habits
    }

    fn count_words(&mut self, text: &Text<'_>) {
        for word in text.text.split(is_gap_or_end).filter(|word| !word.is_empty()) {
            if let Some((_, all)) = self.after.get_mut(&word.to_lowercase()) {
                *all += 1;
            }
        }
    }

    /// Whether the text puts a no-break space after that word as a rule: three times, and every other time.
    fn follow(&self, word: &str) -> bool {
        let (firm, all) = self.after.get(&word.to_lowercase()).copied().unwrap_or_default();
        firm >= RULED && firm * 2 >= all
    }
}

fn is_gap_or_end(character: char) -> bool {
    is_gap(character) || matches!(character, '\n' | '\r')
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &Line<'_>, habits: &Habits) -> Option<Finding> {
    let mojibake = |gap: &Range<usize>| text.mojibake().covers(line.span.start() + gap.start);
    let stray: Vec<Range<usize>> = gaps(line.text)
        .filter(|gap| !belongs(line.text, gap, habits) && !mojibake(gap))
        .take(EDITS)
        .collect();
    let first = stray.first()?.clone();
    let span = |gap: Range<usize>| {
        text.source
            .span(line.span.start() + gap.start, line.span.start() + gap.end)
    };
    let message = match stray.len() {
        1 => "a no-break space stands where nothing asks for one".to_owned(),
        count => format!("no-break spaces stand in {count} places where nothing asks for one"),
    };
    let finding = RULE
        .finding(document.at(span(first.clone())?), message)
        .label(why(line.text, &first));
    let edits: Vec<(Span, String)> = stray
        .iter()
        .filter_map(|gap| Some((span(gap.clone())?, replacement(line.text, gap))))
        .collect();
    let finding = finding
        .help("put an ordinary space there")
        .evidence("places", stray.len());
    Some(finding.replace_all(Safety::Safe, edits))
}

fn why(line: &str, gap: &Range<usize>) -> &'static str {
    match (
        gap.start == 0 || gap.end == line.len(),
        line[gap.clone()].chars().count(),
    ) {
        (true, _) => "at the edge of a line",
        (false, 1) => "between two words",
        (false, _) => "beside another space",
    }
}

fn replacement(line: &str, gap: &Range<usize>) -> String {
    let width = line[gap.clone()].chars().count();
    if gap.end == line.len() {
        return String::new();
    }
    match (gap.start, width) {
        (0, 1) => String::new(),
        (0, width) | (_, width @ 3..) => " ".repeat(width),
        _ => " ".to_owned(),
    }
}

/// Whether typography asks for the no-break space.
fn belongs(line: &str, gap: &Range<usize>, habits: &Habits) -> bool {
    let (before, after) = (&line[..gap.start], &line[gap.end..]);
    if line[gap.clone()].chars().nth(1).is_some() || before.is_empty() || after.is_empty() {
        return false;
    }
    let (last, next) = (last_word(before), next_word(after));
    asks_after(last) || asks_before(next) || habits.follow(last)
}

/// The word before a place, with its signs.
fn last_word(before: &str) -> &str {
    let start = before
        .rfind(is_gap)
        .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
    &before[start..]
}

/// The word after a place, with its signs.
fn next_word(after: &str) -> &str {
    &after[..after.find(is_gap).unwrap_or(after.len())]
}

/// Whether a no-break space belongs after this word: a number, a sign, an abbreviation, a title, a single letter.
fn asks_after(word: &str) -> bool {
    const TITLES: [&str; 16] = [
        "Mr", "Mrs", "Ms", "Dr", "St", "Ste", "Prof", "Mme", "Mlle", "MM", "Me", "Mgr", "Sr", "Sra", "Herr", "Frau",
    ];
    let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
    let sign = word.ends_with(|last: char| {
        !last.is_alphanumeric() && !matches!(last, ',' | '.' | ')' | ']' | '”' | '’' | '"' | '\'')
    });
    let abbreviated = word.ends_with('.') && bare.chars().count() <= 5;
    let numeric = word.contains(|character: char| character.is_numeric()) && !word.ends_with([']', ',', ')']);
    sign || abbreviated || numeric || bare.chars().count() <= 1 || TITLES.contains(&bare)
}

/// Whether a no-break space belongs before this word: a number, a sign, a single letter, a Roman numeral.
fn asks_before(word: &str) -> bool {
    let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
    let sign = word
        .starts_with(|first: char| !first.is_alphanumeric() && !matches!(first, '“' | '‘' | '"' | '\'' | '(' | '['));
    let roman = !bare.is_empty() && bare.chars().all(|character| "IVXLCDM".contains(character));
    let numeric = bare.starts_with(char::is_numeric);
    sign || roman || numeric || bare.chars().count() <= 1
}

/// A text in which most spaces are no-break spaces.
fn flooded(document: &Document<'_>, text: &Text<'_>) -> Finding {
    let count = text.text.chars().filter(|&character| is_no_break(character)).count();
    let at = text.text.find(is_no_break).unwrap_or_default();
    let first = text.source.nearest_span(at, at + 1);
    let finding = RULE.finding(document.at(first), format!("most spaces are no-break spaces: {count}"));
    finding
        .help("replace them by ordinary spaces, or convert the text again")
        .evidence("count", count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn stray(text: &str) -> usize {
        let source = Source::new("a", text.into());
        let text = Text::new(&source).expect("text");
        let habits = Habits::of(&text);
        let one = |line: &Line<'_>| gaps(line.text).filter(|gap| !belongs(line.text, gap, &habits)).count();
        text.lines.iter().map(one).sum()
    }

    #[test]
    fn typography_is_left_alone() {
        for legal in [
            "Vraiment\u{A0}? «\u{A0}Oui\u{202F}»",
            "5\u{A0}kg und 10\u{202F}000 m",
            "z.\u{A0}B. J.\u{A0}S. Bach",
            "§\u{A0}5 Abs.\u{A0}2",
            "Dr\u{A0}Miller",
            "p.\u{A0}4, No.\u{A0}3",
            "w\u{A0}domu i\u{A0}w\u{A0}lesie",
            "the mill\u{A0}– it stood",
            "Louis\u{A0}XIV",
        ] {
            assert_eq!(stray(legal), 0, "{legal}");
        }
        for wrong in [
            "mill \u{A0}stood",
            "the mill\u{A0}stood",
            "\u{A0}mill",
            "mill\u{A0}",
            "[1]\u{A0} See",
        ] {
            assert_eq!(stray(wrong), 1, "{wrong:?}");
        }
        assert_eq!(
            stray("до\u{A0}реки, до\u{A0}моста, до\u{A0}вечера"),
            0,
            "a rule of the text"
        );
    }

    #[test]
    fn a_gap_is_a_run() {
        let line = "a\u{A0} b \u{A0}c\u{A0}d";
        assert_eq!(
            gaps(line).map(|gap| &line[gap]).collect::<Vec<_>>(),
            ["\u{A0} ", " \u{A0}", "\u{A0}"]
        );
    }
}
