//! Lines that several texts of a corpus have: the template of a source. Copies of one page count once.

use super::line_score::{self, LineScores};
use super::unit::{Kind, Unit, ends_sentence};
use super::{Features, Text};
use crate::source::Span;

/// A line of a text that may be of a template.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The hash of its letters, digits alike.
    pub key: u64,
    /// Where it stands.
    pub place: Span,
    /// The same with the line end.
    pub line: Span,
    /// How much it looks like a part of the page, by itself and by its place.
    pub score: f32,
    /// Whether it stands before all prose or after it, and says nothing that another text of the form may say otherwise.
    pub fixed: bool,
    /// Whether the lists of phrases know it.
    pub labelled: bool,
}

/// A line with a lower score is part of the text, whatever recurs; it is not kept.
const LEAST: f32 = -3.0;
/// So many lines at each end of a text are kept.
const KEPT: usize = 32;
/// A longer line is no part of a template, in words.
const LONGEST: usize = 80;
/// So many hashes of paragraphs are kept: the smallest ones, so that two copies of a page keep the same (a bottom-k sketch,
/// Broder 1997).
const SKETCH: usize = 8;

/// The lines of a text that may be of a template, in order.
pub fn candidates(text: &Text<'_>) -> Vec<Candidate> {
    let scores = text.line_scores();
    let mut candidates: Vec<Candidate> = Vec::new();
    if !scores.has_body {
        return candidates;
    }
    let units = &text.statement().units;
    let names = Names::of(text);
    let open = |at: &usize| scores.scores[*at] > LEAST && may_recur(text, &names, *at, scores.scores[*at]);
    let kept: Vec<usize> = (0..units.len().min(scores.scores.len())).filter(open).collect();
    let middle = KEPT..kept.len().saturating_sub(KEPT).max(KEPT);
    let ends = kept.iter().enumerate().filter(|(at, _)| !middle.contains(at));
    candidates.extend(ends.map(|(_, &at)| candidate(text, &units[at], scores.scores[at])));
    candidates
}

fn may_recur(text: &Text<'_>, names: &Names, at: usize, score: f32) -> bool {
    let unit = &text.statement().units[at];
    let heading = score < HEADING && may_be_heading(text, at);
    unit.words > 0 && unit.words <= LONGEST && !heading && !names.hold(at, unit, score)
}

/// With a lower score, a line that may be a heading is one.
pub const HEADING: f32 = 0.5;

/// Whether a line can be a heading of its text: some words without an end mark, alone between two paragraphs of prose, and no
/// phrase of a page.
pub fn may_be_heading(text: &Text<'_>, at: usize) -> bool {
    let units = &text.statement().units;
    let is_prose = |at: usize| units.get(at).is_some_and(|unit| unit.kind == Kind::Prose);
    let unit = &units[at];
    let inside = at > 0 && is_prose(at - 1) && is_prose(at + 1);
    let worded = (2..=12).contains(&unit.words) && !ends_sentence(unit.text) && !unit.text.ends_with([':', '…']);
    inside && worded && text.phrases.label(unit.text, text.statement().language).is_none()
}

/// With a higher score, a line is not taken for the title: the first line of a page is often a label.
const SURE: f32 = 1.5;

/// Words that open a line on where a text comes from, in lower case.
const ORIGINS: &[&str] = &[
    "translat",
    "übersetz",
    "traduc",
    "traduit",
    "traduz",
    "tradotto",
    "vertaal",
    "vertaling",
    "tłum",
    "przekład",
    "перевод",
    "перевел",
    "ترجمة",
    "翻译",
    "翻譯",
    "译者",
    "訳",
    "翻訳",
    "originally ",
    "first published",
    "first appeared",
    "source:",
    "sources:",
    "quelle:",
    "quellen:",
    "fuente:",
    "fonte:",
    "bron:",
    "źródło",
    "источник",
    "来源",
    "出典",
    "erstmals ",
    "zuerst erschienen",
    "publié",
    "publicado originalmente",
    "pubblicato originariamente",
];

/// Where a text says what it is.
pub struct Names {
    title: Option<usize>,
    byline: Option<Span>,
    published: Option<Span>,
}

impl Names {
    /// Of a text.
    pub fn of(text: &Text<'_>) -> Self {
        let statement = text.statement();
        let title = statement.title.map(|title| title.span);
        Self {
            title: title.and_then(|title| statement.units.iter().position(|unit| unit.span == title)),
            byline: statement.byline.map(|byline| byline.span),
            published: statement.published.map(|published| published.span),
        }
    }

    /// Whether a unit says what the text is: its title, what stands below it, its byline, when it was published, where it is
    /// from.
    pub fn hold(&self, at: usize, unit: &Unit<'_>, score: f32) -> bool {
        let is = |span: Option<Span>| span.is_some_and(|span| unit.span.range().contains(&span.start()));
        let title = self.title == Some(at);
        let deck = self.title.is_some_and(|title| title + 1 == at) && unit.words > 4 && !ends_sentence(unit.text);
        let named = title || deck || (unit.words <= 12 && is(self.published));
        (score < SURE && named) || (unit.words <= 12 && is(self.byline)) || is_origin(unit.text)
    }
}

fn is_origin(text: &str) -> bool {
    let start = super::prefix(text.trim_start_matches(['(', '[', '*', '_']), 40).to_lowercase();
    ORIGINS.iter().any(|origin| start.starts_with(origin))
}

fn candidate(text: &Text<'_>, unit: &Unit<'_>, score: f32) -> Candidate {
    let zones = &text.statement().zones;
    let outside = zones.front.contains(&unit.first) || zones.back.contains(&unit.first);
    let next = text
        .lines
        .get(unit.end)
        .map_or(text.text.len(), |line| line.span.start());
    Candidate {
        key: line_score::key(unit.text),
        place: unit.span,
        line: text.source.nearest_span(text.lines[unit.first].span.start(), next),
        score,
        labelled: text.phrases.label(unit.text, text.statement().language).is_some(),
        fixed: outside && unit.words <= 12 && !unit.text.contains(char::is_numeric),
    }
}

/// Hashes of paragraphs of prose, sorted: two copies of a page share most of them.
pub fn sketch(text: &Text<'_>) -> Vec<u64> {
    let prose = text
        .statement()
        .units
        .iter()
        .filter(|unit| unit.kind == Kind::Prose && unit.words >= 20);
    let mut hashes: Vec<u64> = Vec::with_capacity(SKETCH + 1);
    for hash in prose.map(|unit| line_score::key(super::prefix(unit.text, 60))) {
        if let Err(at) = hashes.binary_search(&hash) {
            hashes.insert(at, hash);
            hashes.truncate(SKETCH);
        }
    }
    hashes
}

/// For each text, and each of its candidates, in how many pages its form stands.
pub fn recurrence(features: &[Option<Features>]) -> Vec<Vec<usize>> {
    let pages = pages(features);
    let mut held: Vec<(u64, usize)> = Vec::new();
    for (features, &page) in features.iter().zip(&pages) {
        let lines = features.iter().flat_map(|features| &features.candidates);
        held.extend(lines.map(|line| (line.key, page)));
    }
    held.sort_unstable();
    held.dedup();
    let count = |line: &Candidate| {
        let first = held.partition_point(|held| held.0 < line.key);
        held[first..]
            .iter()
            .take_while(|held| held.0 == line.key)
            .take(MOST_PAGES)
            .count()
    };
    let of_text = |features: &Option<Features>| {
        let lines = features.iter().flat_map(|features| &features.candidates);
        lines.map(count).collect()
    };
    features.iter().map(of_text).collect()
}

/// Pages are counted up to so many: more say no more.
const MOST_PAGES: usize = 1000;

/// For each text, the first text that is a copy of the same page, or itself.
fn pages(features: &[Option<Features>]) -> Vec<usize> {
    let sketch = |text: usize| features[text].as_ref().map_or(&[][..], |features| &features.sketch);
    let mut held: Vec<(u64, usize)> = Vec::new();
    for text in 0..features.len() {
        held.extend(sketch(text).iter().map(|&hash| (hash, text)));
    }
    held.sort_unstable();
    let mut pages: Vec<usize> = (0..features.len()).collect();
    // Copies follow one another in the list of a paragraph that only they have.
    for pair in held.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        if are_copies(sketch(pair[0].1), sketch(pair[1].1)) {
            let (one, other) = (root(&mut pages, pair[0].1), root(&mut pages, pair[1].1));
            pages[one.max(other)] = one.min(other);
        }
    }
    (0..pages.len()).map(|text| root(&mut pages, text)).collect()
}

/// Whether half of the paragraphs that two texts keep are the same.
fn are_copies(one: &[u64], other: &[u64]) -> bool {
    let shared = one.iter().filter(|hash| other.binary_search(hash).is_ok()).count();
    shared * 2 >= one.len().min(other.len()).max(1)
}

/// The root of a tree; paths are halved on the way (Tarjan and van Leeuwen 1984).
fn root(pages: &mut [usize], mut at: usize) -> usize {
    while pages[at] != at {
        pages[at] = pages[pages[at]];
        at = pages[at];
    }
    at
}

impl LineScores {
    /// The score of a line that stands in so many pages.
    pub fn with_recurrence(score: f32, pages: usize) -> f32 {
        score + line_score::recurrence_weight(pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(keys: &[u64], sketch: &[u64]) -> Option<Features> {
        let line = |&key: &u64| Candidate {
            key,
            place: Span::default(),
            line: Span::default(),
            score: 0.0,
            fixed: false,
            labelled: false,
        };
        Some(Features {
            candidates: keys.iter().map(line).collect(),
            sketch: sketch.to_vec(),
            ..Features::default()
        })
    }

    #[test]
    fn copies_of_a_page_count_once() {
        let texts = [
            features(&[7, 8], &[1, 2, 3]),
            features(&[7], &[1, 2, 3, 4]),
            None,
            features(&[7, 9], &[3, 10, 11, 12]),
            features(&[9, 7], &[20]),
        ];
        let found = recurrence(&texts);
        assert_eq!(found, [vec![3, 1], vec![3], vec![], vec![3, 2], vec![2, 3]]);
    }
}
