//! How much a line looks like a part of the page and not of the text: a sum of weights, one for each thing seen of it.
//!
//! Every group of signals says one thing of a line, such as its length or what stands before it, and has one weight for each
//! value. The weights are the plain table in `line_score/weights.rs`, fitted by `benches/fit_lines.py` on what
//! `examples/line_features.rs` prints of labelled texts. A sum of 0 is as likely a part of the page as of the text.

mod context;
mod own;
mod weights;
mod words;

use super::Text;
use super::unit::Unit;
use own::Look;

pub use weights::WEIGHTS;

/// A thing that is looked at, and the values that it may have.
#[derive(Debug)]
pub struct Group {
    /// What it is.
    pub name: &'static str,
    /// Its values, of which every line has one.
    pub bins: &'static [&'static str],
}

/// How many texts have a line, two copies of one page counted as one; known only of a corpus, so that a line by itself has the
/// first value.
pub static RECURRENCE: Group = Group {
    name: "pages with it",
    bins: &["1", "2", "3 or 4", "5 to 9", "10 or more"],
};

/// The value of [`RECURRENCE`] for a number of pages.
pub fn recurrence_bin(pages: usize) -> u8 {
    own::bin(pages, &[2, 3, 5, 10])
}

/// What a number of pages adds to the score of a line.
pub fn recurrence_weight(pages: usize) -> f32 {
    let first = WEIGHTS.len() - RECURRENCE.bins.len();
    WEIGHTS
        .get(first + usize::from(recurrence_bin(pages)))
        .map_or(0.0, |row| row.2)
}

/// So many groups there are that look at one text.
pub const COUNT: usize = own::GROUPS.len() + context::GROUPS.len();

/// The groups, in the order of the table of weights.
pub fn groups() -> impl Iterator<Item = &'static Group> {
    own::GROUPS.iter().chain(context::GROUPS).chain([&RECURRENCE])
}

/// The value that each group has for a line, by its number in [`Group::bins`].
pub type Bins = [u8; COUNT];

/// The scores of a text.
#[derive(Clone, Debug, Default)]
pub struct LineScores {
    /// For each unit of the text, how much it looks like a part of the page, in logits.
    pub scores: Vec<f32>,
    /// Whether it has a body of prose, beside which other lines can be strays.
    pub has_body: bool,
}

/// The row of the table that each group begins at.
const STARTS: [usize; COUNT + 1] = starts();

const fn starts() -> [usize; COUNT + 1] {
    let mut starts = [1; COUNT + 1];
    let mut at = 0;
    while at < COUNT {
        let group = if at < own::GROUPS.len() {
            &own::GROUPS[at]
        } else {
            &context::GROUPS[at - own::GROUPS.len()]
        };
        starts[at + 1] = starts[at] + group.bins.len();
        at += 1;
    }
    starts
}

/// The row of the table for a value of a group; row 0 holds for every line.
pub fn row(group: usize, bin: u8) -> usize {
    STARTS[group] + usize::from(bin)
}

/// A body has so many paragraphs of prose,
const PARAGRAPHS: usize = 2;
/// and so many words in a hundred of all.
const BODY_SHARE: usize = 15;

impl LineScores {
    /// Of a text.
    pub fn of(text: &Text<'_>) -> Self {
        let units = &text.statement().units;
        let looks = own::looks(text, units);
        let outline = context::Outline::of(&looks);
        let score = |at: usize| {
            let rows = bins(&looks, &outline, at);
            let rows = rows.iter().enumerate().map(|(group, &bin)| row(group, bin));
            rows.fold(weight(0), |sum, row| sum + weight(row))
        };
        Self {
            scores: (0..units.len()).map(score).collect(),
            has_body: has_body(&looks),
        }
    }

    /// The score of the unit that is one line and begins there, 0-based.
    pub fn of_line(&self, text: &Text<'_>, line: usize) -> Option<f32> {
        let statement = text.statement();
        let at = statement.unit_of(line)?;
        let unit = statement.units.get(at)?;
        self.scores
            .get(at)
            .copied()
            .filter(|_| unit.first == line && unit.end == line + 1)
    }
}

fn weight(row: usize) -> f32 {
    WEIGHTS.get(row).map_or(0.0, |row| row.2)
}

fn has_body(looks: &[own::Look]) -> bool {
    let solid = || looks.iter().filter(|look| context::is_solid(look));
    let words = |look: &own::Look| look.words as usize;
    let prose: usize = solid().map(words).sum();
    solid().count() >= PARAGRAPHS && prose * 100 >= BODY_SHARE * looks.iter().map(words).sum::<usize>()
}

/// The hash of the letters that a unit begins with, digits alike: the same for lines of one form.
pub fn key(text: &str) -> u64 {
    own::key(text)
}

fn bins(looks: &[own::Look], outline: &context::Outline, at: usize) -> Bins {
    let mut bins = [0; COUNT];
    bins[..own::GROUPS.len()].copy_from_slice(&looks[at].bins);
    bins[own::GROUPS.len()..].copy_from_slice(&context::bins(looks, outline, at));
    bins
}

/// Tells for each unit of a text what the groups say of it.
pub fn each(text: &Text<'_>, mut tell: impl FnMut(&Unit<'_>, Bins)) {
    let units = &text.statement().units;
    let looks: Vec<Look> = own::looks(text, units);
    let outline = context::Outline::of(&looks);
    for (at, unit) in units.iter().enumerate() {
        tell(unit, bins(&looks, &outline, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_weight() {
        let rows = groups().flat_map(|group| group.bins.iter().map(|bin| (group.name, *bin)));
        let expected: Vec<_> = std::iter::once(("every line", "")).chain(rows).collect();
        let table: Vec<_> = WEIGHTS.iter().map(|(group, bin, _)| (*group, *bin)).collect();
        assert_eq!(table, expected);
        assert_eq!(row(1, 0), 1 + own::GROUPS[0].bins.len());
    }
}
