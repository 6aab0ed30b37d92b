//! How much of the texts stands more than once, and what the most of it is.

use std::io::{self, Write};

use super::card::Cards;
use super::full::{Ink, cut, plain, position};
use super::{Comparison, Totals, largest};
use crate::report::{Style, count_of};

/// So many groups are listed of each kind.
const LISTED: usize = 5;
/// A list of the largest is of use where there are more groups than that.
const MANY: usize = 10;

/// Writes the counts, and the largest groups where there are so many that nobody sees them by himself, or where they were not
/// shown.
///
/// # Errors
/// What the writer gives.
pub fn write(comparison: &Comparison<'_>, shown: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let groups = &comparison.found.groups;
    if groups.len() > MANY || !shown {
        write_largest(comparison, "largest groups", &largest(groups, false), style, out)?;
        write_largest(
            comparison,
            "most frequent boilerplate",
            &largest(groups, true),
            style,
            out,
        )?;
    }
    write_totals(&comparison.totals, out)
}

fn write_largest(
    comparison: &Comparison<'_>,
    title: &str,
    order: &[usize],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if order.is_empty() {
        return Ok(());
    }
    let order = &order[..order.len().min(LISTED)];
    let cards = Cards::of(comparison, order);
    writeln!(out, "{}", Ink::Title.paint(title, style))?;
    for card in order.iter().map(|&index| cards.card(index)) {
        let size = format!("{} of {} words", places(card.group.members.len()), card.group.words);
        let first = card.members.first().map(position).unwrap_or_default();
        writeln!(out, "  {size}, first in {}", Ink::Path.paint(&first, style))?;
        let excerpt = cut(&plain(&card.excerpt), style.width.saturating_sub(4), style);
        writeln!(out, "    {excerpt}")?;
    }
    writeln!(out)
}

/// So many places.
pub(super) fn places(count: usize) -> String {
    count_of(count, "place", "places")
}

fn write_totals(totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
    let words = match totals.words {
        0 => String::new(),
        words => format!(", {words} words"),
    };
    let texts = count_of(totals.texts, "text", "texts");
    let share = totals.share() * 100.0;
    writeln!(
        out,
        "{texts}, {}{words}: {share:.1} % stands more than once",
        size(totals.bytes)
    )?;
    let boilerplate = (totals.boilerplate > 0).then(|| format!("{} of them boilerplate", totals.boilerplate));
    let same = (totals.same > 0).then(|| count_of(totals.same, "text equal to another", "texts equal to another"));
    let left_out = (totals.left_out > 0).then(|| format!("{} left out", totals.left_out));
    let represented = (totals.represented > 0).then(|| {
        let pairs = count_of(totals.represented, "pair", "pairs");
        format!("{pairs} of texts represented by another version")
    });
    let found = format!(
        "{} in {}",
        count_of(totals.pairs, "pair", "pairs"),
        count_of(totals.groups, "group", "groups")
    );
    let parts: Vec<String> = [Some(found), boilerplate, represented, same, left_out]
        .into_iter()
        .flatten()
        .collect();
    writeln!(out, "{}", parts.join(", "))
}

/// A number of bytes, for people.
fn size(bytes: u64) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let unit = units.into_iter().find(|(unit, _)| bytes as f64 >= *unit);
    match unit {
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / unit),
        None => count_of(usize::try_from(bytes).unwrap_or(usize::MAX), "byte", "bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        assert_eq!(
            [0, 1, 999, 1000, 31_449_000, 5_000_000_000].map(size),
            ["0 bytes", "1 byte", "999 bytes", "1.0 kB", "31.4 MB", "5.0 GB"]
        );
    }
}
