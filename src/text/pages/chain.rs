//! Chains of page numbers, and what recurs beside them.

use std::collections::HashMap;

use super::PageBreak;
use super::line_mask::{self, Mask};
use super::number::{self, LONGEST, Numbered};
use crate::text::{Line, Text};

/// A line with a number at its edge, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    line: u32,
    on: Numbered,
}

/// Only so many lines with numbers are looked at: a text of more is a table.
const MOST: usize = 1 << 19;
/// A page has at least so many lines, from number to number.
const SHORTEST: u32 = 8;
/// The last page may be nearly empty: it has at least so many, where its foot is that of the page before.
const LAST: u32 = 3;
/// A page has at most so many lines.
const TALLEST: u32 = 220;
/// So many page numbers in a row may be lost or misread.
const LOST: u32 = 3;
/// Of the lines with one number, so many of the last are tried.
const TRIED: usize = 4;
/// Between the lines of a page's edge stand at most so many blank ones.
const BLANK: usize = 14;
/// A page's edge has at most so many further lines on each side of the number.
const FURTHER: usize = 3;

fn is_blank(text: &Text<'_>, line: usize) -> bool {
    text.lines
        .get(line)
        .is_none_or(|line| match line.text.as_bytes().first() {
            None => true,
            Some(first) => (*first <= b' ' || *first >= 0x80) && line.is_blank(),
        })
}

/// Whether a line stands at the edge of a block.
fn is_edge(text: &Text<'_>, line: usize) -> bool {
    line == 0
        || is_blank(text, line - 1)
        || is_blank(text, line + 1)
        || starts_page(text, line)
        || starts_page(text, line + 1)
}

fn starts_page(text: &Text<'_>, line: usize) -> bool {
    text.lines.get(line).is_some_and(|line| line.text.starts_with('\u{c}'))
}

/// A number that stands alone in a line is looked at inside blocks too, where the line has at most so many bytes.
const ALONE: usize = 100;

/// Whether a line can have a number at its edge: a figure among its first or last signs. Every line is asked this.
fn has_number(line: &Line<'_>) -> bool {
    let bytes = line.text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let near = |edge: &[u8]| edge.iter().any(u8::is_ascii_digit);
    if bytes.len() > 2 * LONGEST {
        return false;
    }
    if near(&bytes[bytes.len().saturating_sub(4)..]) || near(&bytes[..bytes.len().min(8)]) {
        return true;
    }
    (first <= b' ' || last <= b' ') && {
        let inner = bytes.trim_ascii();
        near(&inner[inner.len().saturating_sub(4)..]) || near(&inner[..inner.len().min(12)])
    }
}

/// The lines with a number at their edge that stand at the edge of a block, or alone in a line.
pub(super) fn numbers(text: &Text<'_>) -> Vec<Numeral> {
    let lines = text.lines.iter().enumerate();
    let numbers = lines.filter_map(|(at, line)| {
        let likely = has_number(line) && (line.text.len() <= ALONE || is_edge(text, at));
        let on = likely.then(|| number::numbered(line.text)).flatten()?;
        let line = u32::try_from(at).ok()?;
        (on.alone || is_edge(text, at)).then_some(Numeral { line, on })
    });
    without_tables(&numbers.take(MOST).collect::<Vec<_>>())
}

/// So near to one another no two pages end.
const NEAR: u32 = 4;

/// The numbers without those that count up line by line, three or more, as a table of contents does.
fn without_tables(numerals: &[Numeral]) -> Vec<Numeral> {
    let counts = |one: &Numeral, next: &Numeral| {
        let same = next.on.mask == one.on.mask && !one.on.mask.is_none();
        same && next.on.number == one.on.number + 1 && next.line - one.line <= NEAR
    };
    let runs = numerals.chunk_by(counts);
    runs.filter(|run| run.len() < 3).flatten().copied().collect()
}

/// The numeral before it in the best chain that ends with one, and how good that chain is.
#[derive(Clone, Copy, Default)]
struct Link {
    before: Option<u32>,
    score: u32,
    gap: u32,
}

/// Chains of numbers that count up, the best first.
pub(super) fn chains(numerals: &[Numeral]) -> Vec<Vec<Numeral>> {
    let links = links(numerals);
    let mut order: Vec<usize> = (0..numerals.len()).filter(|&at| links[at].before.is_some()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(links[at].score), at));
    let mut used = vec![false; numerals.len()];
    let mut chains = Vec::new();
    for end in order {
        let chain = unwind(numerals, &links, &mut used, end);
        if chain.len() > 1 {
            chains.push(chain);
        }
    }
    chains
}

fn unwind(numerals: &[Numeral], links: &[Link], used: &mut [bool], end: usize) -> Vec<Numeral> {
    let mut chain = Vec::new();
    let mut at = Some(end);
    while let Some(one) = at.filter(|&one| !used[one]) {
        used[one] = true;
        chain.push(numerals[one]);
        at = links[one].before.and_then(|before| usize::try_from(before).ok());
    }
    chain.reverse();
    chain
}

fn links(numerals: &[Numeral]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::with_capacity(numerals.len());
    let mut latest: HashMap<u32, [Option<u32>; TRIED]> = HashMap::new();
    for (at, numeral) in (0u32..).zip(numerals) {
        let before = (1..=LOST).flat_map(|step| {
            let number = numeral.on.number.checked_sub(step);
            let known = number.and_then(|number| latest.get(&number));
            known.into_iter().flatten().flatten().map(move |&before| (before, step))
        });
        let link = before
            .filter_map(|(before, step)| link(numerals, &links, before, *numeral, step))
            .max_by_key(|link| (link.score, link.before));
        links.push(link.unwrap_or_default());
        let latest = latest.entry(numeral.on.number).or_default();
        latest.rotate_right(1);
        latest[0] = Some(at);
    }
    links
}

/// What a chain is worth that goes on from one numeral to another, where it can.
fn link(numerals: &[Numeral], links: &[Link], before: u32, to: Numeral, step: u32) -> Option<Link> {
    let from = numerals.get(before as usize)?;
    let lines = to.line - from.line;
    let last = from.on.mask == to.on.mask && to.on.set && step == 1;
    if lines < (if last { LAST } else { SHORTEST }) * step || lines > TALLEST * step {
        return None;
    }
    let known = links.get(before as usize)?;
    let gap = lines / step;
    let steady = known.gap > 0 && gap.abs_diff(known.gap) <= 3;
    let worth =
        4 + 3 * u32::from(from.on.mask == to.on.mask) + 3 * u32::from(steady) + 2 * u32::from(from.on.set && to.on.set);
    Some(Link {
        before: Some(before),
        score: (known.score + worth).saturating_sub(3 * (step - 1)),
        gap,
    })
}

/// The lines beside a number, on one side of it: those that can be of the edge, from the number on.
type Side = [Option<(usize, Mask)>; FURTHER];

/// A chain of numbers that are those of pages.
pub(super) struct Chain<'c> {
    members: &'c [Numeral],
    /// What stands above each number and what below it.
    sides: Vec<[Side; 2]>,
    /// How often each line stands at one place beside a number.
    often: HashMap<(usize, usize, Mask), usize>,
    signs: usize,
}

impl<'c> Chain<'c> {
    /// The chain of these numbers, where enough speaks for it.
    pub(super) fn of(text: &Text<'_>, members: &'c [Numeral]) -> Option<Self> {
        if !is_regular(members) {
            return None;
        }
        let sides: Vec<[Side; 2]> = members.iter().map(|one| sides(text, one)).collect();
        let often = often(&sides);
        let signs = 0;
        let chain = Self {
            members,
            sides,
            often,
            signs,
        };
        let signs = chain.signs(text);
        let enough = match members.len() {
            0..=2 => 3,
            3 | 4 => 2,
            _ => 1,
        };
        (signs >= enough).then_some(Self { signs, ..chain })
    }

    /// How many things speak for pages, besides the numbers.
    fn signs(&self, text: &Text<'_>) -> usize {
        let share = |is: &dyn Fn(usize) -> bool| (0..self.members.len()).filter(|&at| is(at)).count();
        let half = |count: usize| count * 2 >= self.members.len() && count > 1;
        let companions = share(&|at| {
            let (first, last) = self.extent(text, at);
            last > first
        });
        let set = share(&|at| self.members[at].on.set);
        let fed = share(&|at| {
            let line = self.members[at].line as usize;
            (line..=line + 3).any(|line| starts_page(text, line))
        });
        let open = share(&|at| {
            let (first, last) = self.extent(text, at);
            goes_on(text, first, last)
        });
        let crossed = open * 4 >= self.members.len() && open > 1;
        let signs = [half(companions), half(set), half(fed), crossed];
        signs.into_iter().filter(|sign| *sign).count()
    }

    /// The first and the last line of the edge that a number stands on.
    fn extent(&self, text: &Text<'_>, at: usize) -> (usize, usize) {
        let line = self.members[at].line as usize;
        let reach = |side: usize| {
            let places = self.sides[at][side].iter().enumerate();
            let recurring =
                places.map_while(|(depth, place)| place.filter(|(_, mask)| self.recurs(at, side, depth, *mask)));
            recurring.last().map_or(line, |(line, _)| line)
        };
        let (first, last) = (reach(0), reach(1));
        (catchword(text, first, last).unwrap_or(first), last)
    }

    /// Whether a line stands at the same place of a third of all pages, or of one of the two before or after: chapters have
    /// heads of their own.
    fn recurs(&self, at: usize, side: usize, depth: usize, mask: Mask) -> bool {
        let often = self.often.get(&(side, depth, mask)).copied().unwrap_or(0);
        let same = |other: usize| self.sides[other][side][depth].is_some_and(|(_, one)| one == mask);
        let near = at.saturating_sub(2)..(at + 3).min(self.members.len());
        often > 1 && (often * 10 >= self.members.len() * 3 || near.into_iter().any(|other| other != at && same(other)))
    }

    /// The edges.
    pub(super) fn breaks(&self, text: &Text<'_>) -> Vec<PageBreak> {
        let edge = |at: usize| {
            let (first, last) = self.extent(text, at);
            self.page_break(first, last, Some(self.members[at].on.number))
        };
        let head = self.first_head(text).map(|line| self.page_break(line, line, None));
        head.into_iter().chain((0..self.members.len()).map(edge)).collect()
    }

    /// The first line of the text, where it is a head that recurs.
    fn first_head(&self, text: &Text<'_>) -> Option<usize> {
        let first = (0..text.lines.len()).find(|&line| !is_blank(text, line))?;
        let mask = line_mask::mask(text.lines[first].text);
        let heads = self.sides.iter().flat_map(|[_, below]| below.iter().flatten());
        let often = heads.filter(|(_, one)| *one == mask).count();
        (is_edge(text, first) && often > 1 && often * 10 >= self.members.len() * 3).then_some(first)
    }

    fn page_break(&self, first: usize, last: usize, number: Option<u32>) -> PageBreak {
        PageBreak {
            first,
            last,
            number,
            pages: self.members.len(),
            signs: self.signs,
        }
    }
}

/// Whether most pages are of one height, as those of a book are but for the last of a chapter.
fn is_regular(members: &[Numeral]) -> bool {
    let gap = |pair: &[Numeral]| (pair[1].line - pair[0].line) / (pair[1].on.number - pair[0].on.number).max(1);
    let mut gaps: Vec<u32> = members.windows(2).map(gap).collect();
    gaps.sort_unstable();
    let Some(&middle) = gaps.get(gaps.len() / 2) else {
        return false;
    };
    let near = gaps.iter().filter(|gap| gap.abs_diff(middle) * 4 <= middle).count();
    let mut masks: Vec<Mask> = members.iter().map(|one| one.on.mask).collect();
    masks.sort_unstable();
    let shared: usize = masks
        .chunk_by(|one, next| one == next)
        .map(<[Mask]>::len)
        .filter(|&often| often > 1)
        .sum();
    middle >= 15 && near * 10 >= gaps.len() * 6 && shared * 2 >= members.len()
}

/// What stands above a number and what below it.
fn sides(text: &Text<'_>, numeral: &Numeral) -> [Side; 2] {
    let walk = |next: fn(&Text<'_>, usize) -> Option<usize>| {
        let mut side = [None; FURTHER];
        let mut line = Some(numeral.line as usize);
        for place in &mut side {
            line = line.and_then(|line| next(text, line));
            *place = line.map(|line| (line, line_mask::mask(text.lines[line].text)));
        }
        side
    };
    [walk(above), walk(below)]
}

fn often(sides: &[[Side; 2]]) -> HashMap<(usize, usize, Mask), usize> {
    let mut often = HashMap::new();
    for (side, places) in sides.iter().flat_map(|sides| sides.iter().enumerate()) {
        for (depth, (_, mask)) in places
            .iter()
            .enumerate()
            .filter_map(|(depth, place)| Some((depth, (*place)?)))
        {
            *often.entry((side, depth, mask)).or_insert(0) += 1;
        }
    }
    often
}

/// The next line that is not blank, where it can be of a page's edge.
fn below(text: &Text<'_>, line: usize) -> Option<usize> {
    let next = (line + 1..line + 2 + BLANK).find(|&next| !is_blank(text, next))?;
    let parted = next == line + 1 || (next + 1..=next + FURTHER).any(|line| is_blank(text, line));
    (next < text.lines.len() && parted && can_be_head(text.lines[next].text)).then_some(next)
}

/// The line before that is not blank, where it can be of a page's edge.
fn above(text: &Text<'_>, line: usize) -> Option<usize> {
    let before = (line.saturating_sub(1 + BLANK)..line).rfind(|&before| !is_blank(text, before))?;
    let parted = before + 1 == line || before < FURTHER || (before - FURTHER..before).any(|line| is_blank(text, line));
    (parted && can_be_head(text.lines[before].text)).then_some(before)
}

/// A catchword has at most so many bytes.
const CATCHWORD: usize = 24;

/// The line of the catchword above an edge: one word, with which the next page begins.
fn catchword(text: &Text<'_>, first: usize, last: usize) -> Option<usize> {
    let line = (first.saturating_sub(1 + BLANK)..first).rfind(|&line| !is_blank(text, line))?;
    let word = text.lines[line].text.trim();
    let next = (last + 1..(last + 2 + BLANK).min(text.lines.len())).find(|&line| !is_blank(text, line))?;
    let single = word.len() <= CATCHWORD && !word.contains(char::is_whitespace);
    let below_text = line > 0 && !is_blank(text, line - 1);
    let stem = word.trim_end_matches(|character: char| !character.is_alphanumeric());
    (single && below_text && stem.len() > 1 && text.lines[next].text.trim_start().starts_with(stem)).then_some(line)
}

fn can_be_head(line: &str) -> bool {
    line.len() <= LONGEST && line.chars().any(char::is_alphabetic)
}

/// Whether a sentence goes on from the last line before some lines to the first one after them.
pub fn goes_on(text: &Text<'_>, first: usize, last: usize) -> bool {
    let from = first.saturating_sub(1 + BLANK);
    let before = (from..first).rfind(|&line| !is_blank(text, line));
    let after = (last + 1..(last + 2 + BLANK).min(text.lines.len())).find(|&line| !is_blank(text, line));
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let (left, right) = (text.lines[before].text, text.lines[after].text);
    indent(left) == indent(right) && is_open(left) && starts_low(right) && is_full(text, before, right)
}

/// Whether the last line before an edge is as long as its neighbours, so that a paragraph was not at its end there.
fn is_full(text: &Text<'_>, before: usize, right: &str) -> bool {
    let above = before
        .checked_sub(1)
        .map_or(0, |above| text.lines[above].text.trim_end().len());
    text.lines[before].text.trim_end().len() * 10 >= above.max(right.trim_end().len()) * 7
}

fn indent(line: &str) -> usize {
    let line = line.trim_start_matches('\u{c}');
    line.len() - line.trim_start().len()
}

fn is_open(line: &str) -> bool {
    line.trim_end()
        .ends_with(|last: char| last.is_alphanumeric() || matches!(last, ',' | '-' | '‐' | '\u{ad}' | '¬'))
}

fn starts_low(line: &str) -> bool {
    line.trim_start().starts_with(char::is_lowercase)
}
