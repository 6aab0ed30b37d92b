//! Where one page ends and the next begins: running heads and feet, and the numbers of pages, found by their regularity.
//!
//! A page's edge is known by numbers that count up at regular gaps, one in a line at the edge of a block. A count alone
//! proves little (stanzas, articles and sonnets have numbers too), so that something else has to speak for it: a second
//! line that recurs beside the numbers, a setting that only pages have, or sentences that go on across them.

mod chain;
mod line_mask;
mod number;
pub mod single;

use super::Text;
use chain::Chain;

pub use chain::goes_on;

/// The edge of one page, or of two that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageBreak {
    /// The first line of a foot or a head, 0-based.
    pub first: usize,
    /// The last one.
    pub last: usize,
    /// The number of the page, where it has one.
    pub number: Option<u32>,
    /// How many pages the same regularity was found on.
    pub pages: usize,
    /// How many other signs speak for it.
    pub signs: usize,
}

/// The edges of the pages of a text, in order; no two share a line.
pub fn page_breaks(text: &Text<'_>) -> Vec<PageBreak> {
    let numbers = chain::numbers(text);
    if numbers.len() < 2 {
        return Vec::new();
    }
    let mut breaks: Vec<PageBreak> = chain::chains(&numbers)
        .iter()
        .filter_map(|members| Chain::of(text, members))
        .flat_map(|chain| chain.breaks(text))
        .collect();
    breaks.sort_unstable_by_key(|one| (one.first, one.last));
    merged(breaks)
}

/// Edges that touch are one.
fn merged(breaks: Vec<PageBreak>) -> Vec<PageBreak> {
    let mut merged: Vec<PageBreak> = Vec::with_capacity(breaks.len());
    for one in breaks {
        match merged.last_mut() {
            Some(last) if one.first <= last.last => last.last = last.last.max(one.last),
            _ => merged.push(one),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
