//! Letters: how one begins, and the line at its end that says who wrote it.
//!
//! No list of formulas tells it, because every language has its own, and every writer more. The form does: a line of its own that calls
//! somebody, paragraphs, perhaps a short line that takes leave, and a short line that ends with a name.

use super::unit::{self, Kind, Unit};

/// Whoever is called stands among so many first units: a place, a date and an address may come before.
const HEAD: usize = 6;
/// A line that calls somebody or takes leave has at most so many words.
const FORMULA: usize = 6;
/// A signature has at most so many words: a name, with what its bearer is.
const SIGNATURE: usize = 8;

/// Whether a unit is the signature of a letter: `Your obedient servant, Ada Marrow`.
///
/// A sentence that was cut after a name in its first eight words looks the same; in a letter, that is rarer by far.
pub(super) fn is_signature(units: &[Unit<'_>], at: usize) -> bool {
    let unit = &units[at];
    let Some(before) = at.checked_sub(1).map(|before| &units[before]) else {
        return false;
    };
    if unit.words > SIGNATURE || matches!(unit.kind, Kind::Item | Kind::Code | Kind::Verse) {
        return false;
    }
    let takes_leave = is_formula(before, &[',', '，']);
    let called = is_called(&units[..at]);
    match (called, takes_leave) {
        (true, true) => true,
        (true, false) => ends_with_name(unit.text) && is_end(before),
        (false, true) => ends_with_name(unit.text) && at > 1 && unit::ends_sentence(units[at - 2].text),
        (false, false) => false,
    }
}

/// Whether somebody is called in a line of its own, with a paragraph behind it.
fn is_called(units: &[Unit<'_>]) -> bool {
    let pairs = units.windows(2).take(HEAD);
    pairs.into_iter().any(|pair| {
        let calls = is_formula(&pair[0], &[',', '!', '，', '！']);
        calls && matches!(pair[1].kind, Kind::Prose | Kind::Fragment)
    })
}

fn is_formula(unit: &Unit<'_>, ends: &[char]) -> bool {
    let plain = matches!(unit.kind, Kind::Short | Kind::Heading);
    plain && unit.words <= FORMULA && unit.text.ends_with(ends) && !unit.text.starts_with(char::is_lowercase)
}

/// Whether nothing goes on behind it: a sentence, or a short line that takes leave without a mark (`Mit freundlichen Grüßen`).
fn is_end(unit: &Unit<'_>) -> bool {
    unit::ends_sentence(unit.text) || unit.words <= FORMULA
}

fn ends_with_name(text: &str) -> bool {
    let last = text.split_whitespace().next_back().unwrap_or_default();
    last.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::text::Text;

    fn signed(text: &str) -> bool {
        let source = Source::new("a", text.as_bytes().to_vec());
        let text = Text::new(&source).expect("UTF-8");
        let units = &text.statement().units;
        is_signature(units, units.len() - 1)
    }

    const BODY: &str = "The water has fallen again, and we have had no grain for a week.";

    #[test]
    fn a_letter_is_told_by_its_form() {
        for letter in [
            format!("Dear cousin,\n\n{BODY}\n\nYour obedient servant, Ada Marrow\n"),
            format!("Weir, in March\n\nDear cousin,\n\n{BODY}\n\nYours ever,\n\nthe old miller at the weir\n"),
            format!("{BODY}\n\nYours ever,\n\nAda Marrow, Keeper of the Eastern Weir\n"),
            format!("Liebe Grete!\n\n{BODY}\n\nMit herzlichen Grüßen\n\nDein alter Freund Karl\n"),
        ] {
            assert!(signed(&letter), "{letter}");
        }
    }

    #[test]
    fn nothing_else_is_signed() {
        for other in [
            format!("{BODY}\n\nYour obedient servant, Ada Marrow\n"),
            format!("Dear cousin,\n\n{BODY}\n\nWe shall see each other at the\n"),
            format!("Dear cousin,\n\n{BODY}\n\nOn the day of the fair we shall all of us go down to Verrin\n"),
            format!("The fair!\n\nThe mill,\n\n{BODY}\n\nand then nobody came to the weir\n"),
            "Yours ever,\n\nAda Marrow of the Weir\n".to_owned(),
        ] {
            assert!(!signed(&other), "{other}");
        }
    }
}
