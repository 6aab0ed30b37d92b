//! Quotation marks and brackets over the paragraphs of a text: which are opened and never closed.
//!
//! What a mark does is read off its place, since `“` opens in English and closes in German: after a space and before a letter
//! it opens, after a letter and before a space it closes; in between its usual side counts. A quotation over several
//! paragraphs opens in each and closes in the last. Single marks are apostrophes too often, and straight marks have no side:
//! neither is read.

use super::mask;
use super::unit::{Kind, Unit};

/// A mark that is opened and not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// Its unit, by its place in the list.
    pub unit: usize,
    /// Where it stands in the text of the unit.
    pub at: usize,
    /// The mark.
    pub mark: char,
}

impl Unclosed {
    /// Whether it is a bracket, no quotation mark.
    pub fn is_bracket(&self) -> bool {
        matches!(self.mark, '(' | '[' | '（' | '【' | '《')
    }
}

/// The marks of a text that are opened and not closed, and how many are closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// In the order of the text.
    pub unclosed: Vec<Unclosed>,
    /// How many pairs there are.
    pub pairs: usize,
}

/// A quotation may run on over so many paragraphs that say nothing of it.
const CARRIED: usize = 6;
/// So many nested marks are followed.
const DEEP: usize = 16;
/// So many unclosed marks are remembered; a text with more of them has no system.
const MOST: usize = 64;

/// Whether a byte may be the first one of a mark.
#[inline]
fn may_be(byte: u8) -> bool {
    (byte == b'(') | (byte == b')') | (byte == b'[') | (byte == b']') | is_lead(byte)
}

#[inline]
fn is_lead(byte: u8) -> bool {
    (byte == 0xC2) | (byte == 0xE2) | (byte == 0xE3) | (byte == 0xEF)
}

/// What a mark does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
}

/// Pairs that any two marks of are taken for one another's: styles mix (`„…“`, `„…”`, `”…”`, `»…«`).
fn family(mark: char) -> u8 {
    match mark {
        '“' | '”' | '„' | '‟' => 0,
        '«' | '»' => 1,
        '(' | ')' => 2,
        '[' | ']' => 3,
        '「' | '」' => 4,
        '『' | '』' => 5,
        '（' | '）' => 6,
        '【' | '】' => 7,
        _ => 8,
    }
}

fn is_mark(character: char) -> bool {
    matches!(
        character,
        '“' | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '('
            | ')'
            | '['
            | ']'
            | '「'
            | '」'
            | '『'
            | '』'
            | '（'
            | '）'
            | '【'
            | '】'
            | '《'
            | '》'
    )
}

/// What the mark at a place does.
fn side(text: &str, at: usize, mark: char) -> Side {
    match mark {
        '(' | '[' | '「' | '『' | '（' | '【' | '《' | '„' => return Side::Opens,
        ')' | ']' | '」' | '』' | '）' | '】' | '》' => return Side::Closes,
        _ => {}
    }
    let before = text[..at].chars().next_back();
    let after = text[at + mark.len_utf8()..].chars().next();
    let free_before = before.is_none_or(|sign| sign.is_whitespace() || "([{—–-/„“«»‘'\"".contains(sign));
    let bound_after = after.is_some_and(|sign| sign.is_alphanumeric() || "¿¡…‘'$€£#@".contains(sign));
    match (free_before, bound_after) {
        (true, true) => Side::Opens,
        (false, false) => Side::Closes,
        _ if matches!(mark, '“' | '«' | '‟') => Side::Opens,
        _ => Side::Closes,
    }
}

/// Follows the marks of all units of a text.
pub fn balance(units: &[Unit<'_>]) -> Balance {
    let mut balance = Balance::default();
    let mut open: Vec<Unclosed> = Vec::with_capacity(DEEP);
    for (at, unit) in units.iter().enumerate() {
        if unit.kind == Kind::Code {
            continue;
        }
        begin(unit.text, at, &mut open, &mut balance);
        follow(unit.text, at, &mut open, &mut balance);
        if balance.unclosed.len() >= MOST {
            return balance;
        }
    }
    balance.unclosed.append(&mut open);
    balance.unclosed.sort_by_key(|mark| (mark.unit, mark.at));
    balance
}

/// Whether a paragraph, taken by itself, opens a mark that it does not close.
pub fn is_open(text: &str) -> bool {
    let (mut open, mut balance) = (Vec::new(), Balance::default());
    follow(text, 0, &mut open, &mut balance);
    !open.is_empty()
}

/// A paragraph that opens again continues what is open; what was left open too long is given up.
fn begin(text: &str, at: usize, open: &mut Vec<Unclosed>, balance: &mut Balance) {
    let first = text.chars().next().filter(|first| is_mark(*first));
    let reopens = |mark: &Unclosed| first.is_some_and(|first| !mark.is_bracket() && family(first) == family(mark.mark));
    open.retain(|mark| {
        let stale = at - mark.unit > CARRIED;
        if stale {
            balance.unclosed.push(*mark);
        }
        !(stale || (mark.unit < at && reopens(mark)))
    });
}

fn follow(text: &str, unit: usize, open: &mut Vec<Unclosed>, balance: &mut Balance) {
    for at in mask::places(text.as_bytes(), may_be) {
        let Some(mark) = text[at..].chars().next() else { return };
        if is_mark(mark) && !is_enumerator(text, at, mark) {
            step(text, Unclosed { unit, at, mark }, open, balance);
        }
    }
}

fn step(text: &str, mark: Unclosed, open: &mut Vec<Unclosed>, balance: &mut Balance) {
    if side(text, mark.at, mark.mark) == Side::Opens {
        if open.len() < DEEP {
            open.push(mark);
        }
        return;
    }
    let Some(opened) = open.iter().rposition(|one| family(one.mark) == family(mark.mark)) else {
        return;
    };
    balance.pairs += 1;
    // What was opened inside and not closed is left: brackets close before the quotation around them does.
    let left = open.split_off(opened);
    balance.unclosed.extend(left.into_iter().skip(1));
}

/// `a)`, `1)` and the mouth of `:(`.
fn is_enumerator(text: &str, at: usize, mark: char) -> bool {
    let before = &text.as_bytes()[..at];
    let face = before.ends_with(b":") || before.ends_with(b";") || before.ends_with(b":-") || before.ends_with(b";-");
    let short = at <= 3 && mark == ')' && text[..at].chars().all(char::is_alphanumeric);
    short || (matches!(mark, '(' | ')') && face)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::text::{Text, unit};

    fn unclosed(text: &str) -> Vec<(usize, char)> {
        let source = Source::new("a", text.as_bytes().to_vec());
        let text = Text::new(&source).expect("text");
        let left = balance(&unit::units(&text)).unclosed;
        left.into_iter().map(|mark| (mark.unit, mark.mark)).collect()
    }

    #[test]
    fn styles_are_balanced() {
        for text in [
            "“So,” she said, “we ‘begin’ at ten.”",
            "„So“, sagte sie, „fangen wir an.“",
            "»So«, sagte sie, »fangen wir an.«",
            "« Ainsi », dit-elle, « commençons » (demain).",
            "”Så”, sade hon, ”börjar vi.”",
            "「そう『始める』よ」と（彼女は）言った。",
            "It’s the miller’s, isn’t it? 5' 11\" \"and so on",
            "a) first b) second :( third",
        ] {
            assert_eq!(unclosed(text), [], "{text}");
        }
    }

    #[test]
    fn quotations_over_paragraphs() {
        let open_each =
            "He wrote: “The first day was dry.\n\n“The second was not.\n\n“The third was the last.” So it ended.";
        assert_eq!(unclosed(open_each), []);
        assert_eq!(
            unclosed("“The first day was dry.\n\nThe second was not.” So it ended."),
            []
        );
        assert_eq!(
            unclosed("He wrote: “The first day was dry.\n\n“The second was not."),
            [(1, '“')]
        );
        assert_eq!(unclosed("He said (and he knew it.\n\nNobody else did."), [(0, '(')]);
    }
}
