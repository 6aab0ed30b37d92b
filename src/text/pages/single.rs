//! What is left of the edges of one page, in a text that is one: its number, its running head, its signature mark, and the
//! catchword that names the first word of the next page.
//!
//! Nothing recurs in one page, so that the place has to prove it: the very first and the very last lines of lines that were
//! set solid, without a blank one between them, and with words cut at their ends.

use super::number;
use crate::text::{Line, Text};

/// What a line at the edge of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The number, with the running head beside it.
    Number,
    /// The mark by which a binder ordered the sheets.
    Signature,
    /// The first word of the next page.
    Catchword,
}

/// Lines at the edge of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The first line, 0-based.
    pub first: usize,
    /// The last one.
    pub last: usize,
    /// What they are.
    pub mark: Mark,
}

/// A page has at most so many lines.
const PAGE: usize = 220;
/// A page that is set solid has at least so many lines.
const SOLID: usize = 9;
/// A running head is no longer than this, in characters.
const HEAD: usize = 60;
/// A catchword or a signature mark is no longer than this, in characters.
const WORD: usize = 14;

/// The edges of a text that is one page; nothing for every other text.
pub fn single_page(text: &Text<'_>) -> Vec<Edge> {
    if text.lines.len() > PAGE || text.lines.len() < SOLID || !text.page_breaks().is_empty() {
        return Vec::new();
    }
    let Some((first, end)) = solid(text) else {
        return Vec::new();
    };
    let foot = foot(text, first, end);
    top(text, first, end).into_iter().chain(foot).collect()
}

/// The lines of a text that is set solid: one block, and words cut at the ends of its lines.
fn solid(text: &Text<'_>) -> Option<(usize, usize)> {
    let [block] = text.blocks.as_slice() else {
        return None;
    };
    let typeset = !text.hyphen_breaks().is_empty() && block.end - block.first >= SOLID;
    typeset.then_some((block.first, block.end))
}

/// The number in the first line or in the second, with the head above it, or below it where a sentence goes on after that.
fn top(text: &Text<'_>, first: usize, end: usize) -> Option<Edge> {
    let lines = &text.lines[first..end];
    let edge = |last| Edge {
        first,
        last,
        mark: Mark::Number,
    };
    let is_number = |line: &Line<'_>| is_page_number(line.text);
    if is_number(&lines[0]) {
        let narrow = lines[1].text.chars().count() * 4 <= widest(lines) * 3;
        let low = lines[1].text.trim_start().starts_with(char::is_lowercase);
        let headed = is_head(lines[1].text) && narrow && !low && lines[0].text.trim() != "1";
        return Some(edge(first + usize::from(headed)));
    }
    (is_number(&lines[1]) && is_head(lines[0].text)).then(|| edge(first + 1))
}

fn widest(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| line.text.chars().count()).max().unwrap_or(0)
}

/// A number alone, in figures or in Roman ones.
fn is_page_number(line: &str) -> bool {
    let roman = line.trim().trim_end_matches('.');
    let roman = (2..8).contains(&roman.len()) && roman.bytes().all(|byte| b"IVXLCivxlc".contains(&byte));
    roman || number::numbered(line.trim().trim_end_matches('.')).is_some_and(|one| one.alone)
}

fn is_head(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() <= HEAD && line.starts_with(char::is_alphanumeric) && !line.ends_with([',', '-'])
}

/// The signature mark and the catchword in the last two lines.
fn foot(text: &Text<'_>, first: usize, end: usize) -> Vec<Edge> {
    let line = |back: usize| {
        text.lines[first..end]
            .iter()
            .rev()
            .nth(back)
            .map_or("", |line| line.text.trim())
    };
    let edge = |back: usize, mark| Edge {
        first: end - 1 - back,
        last: end - 1 - back,
        mark,
    };
    let (last, before) = (line(0), line(1));
    match () {
        () if is_signature(before) && is_word(last) => vec![edge(1, Mark::Signature), edge(0, Mark::Catchword)],
        () if is_signature(last) && is_word(before) && !before.contains(' ') => {
            vec![edge(1, Mark::Catchword), edge(0, Mark::Signature)]
        }
        () if is_signature(last) && last.len() > 1 => vec![edge(0, Mark::Signature)],
        () if is_word(last) && is_long(before) => vec![edge(0, Mark::Catchword)],
        () => Vec::new(),
    }
}

/// `A`, `B 3`, `a ij`, `Aa 2`, `)( 2`, `(:) iij`.
fn is_signature(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(sheet), leaf, None) = (words.next(), words.next(), words.next()) else {
        return line.chars().count() <= WORD
            && line.starts_with([')', '('])
            && line.contains(['(', ')'])
            && ends_in_leaf(line);
    };
    let letters = sheet.len() <= 3 && sheet.bytes().all(|byte| byte.is_ascii_alphabetic());
    let sign = sheet.len() <= 4 && sheet.bytes().all(|byte| b"():*".contains(&byte));
    match leaf {
        None => sheet.len() == 1 && sheet.starts_with(|sheet: char| sheet.is_ascii_uppercase()),
        Some(leaf) => (letters || sign) && is_leaf(leaf),
    }
}

fn ends_in_leaf(line: &str) -> bool {
    line.split_whitespace().next_back().is_some_and(is_leaf)
}

/// The number of a leaf in a sheet: `2`, `iij`, `v`.
fn is_leaf(leaf: &str) -> bool {
    let figure = leaf.len() <= 2 && leaf.bytes().all(|byte| byte.is_ascii_digit());
    figure || (leaf.len() <= 4 && leaf.bytes().all(|byte| b"ijv".contains(&byte)))
}

/// A word or its beginning, and no end of a sentence.
fn is_word(line: &str) -> bool {
    let short = line.chars().count() <= WORD && line.split_whitespace().count() <= 2;
    short && line.contains(char::is_alphabetic) && !line.ends_with(['.', '!', '?', ')', '”', '"', '»', '“'])
}

fn is_long(line: &str) -> bool {
    line.chars().count() > WORD
}
