//! How many findings one rule makes of one text: a text that is wrong on every line is wrong once, not a million times.

use crate::finding::Finding;

/// More findings of one rule in one text than this are counted, not listed.
pub(crate) const PER_TEXT: usize = 50;

/// The same for rules whose every finding is another place to mend, and of which a sound book has thousands: the edges of
/// its pages, the words that its lines cut.
pub(crate) const PER_BOOK: usize = 5_000;

/// Passes the first [`PER_TEXT`] findings on; the last of them says how many more there are.
pub(crate) fn limit(of_text: impl Iterator<Item = Finding>, findings: &mut Vec<Finding>) {
    limit_to(PER_TEXT, of_text, findings);
}

/// Passes so many findings on; the last of them says how many more there are.
pub(crate) fn limit_to(most: usize, mut of_text: impl Iterator<Item = Finding>, findings: &mut Vec<Finding>) {
    findings.extend(of_text.by_ref().take(most));
    let further = of_text.count();
    if further == 0 {
        return;
    }
    let Some(last) = findings.pop() else { return };
    let help = last.help.clone().unwrap_or_else(|| "look at them together".to_owned());
    let help = format!("{help}; {further} further places of this text are not listed");
    findings.push(last.help(help).evidence("further", further));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Location, Severity};

    #[test]
    fn the_rest_is_counted() {
        let one = || Finding::new("a/b", Severity::Info, Location::file("a"), "m");
        let mut findings = vec![one()];
        limit((0..PER_TEXT + 7).map(|_| one()), &mut findings);
        assert_eq!(findings.len(), PER_TEXT + 1);
        assert_eq!(
            findings.last().and_then(|last| last.evidence["further"].as_u64()),
            Some(7)
        );
    }
}
