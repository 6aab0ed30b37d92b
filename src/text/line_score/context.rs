//! What is seen of a line by where it stands.

use super::Group;
use super::own::{Look, Shape, bin};

const SHAPES: &[&str] = &["edge of the text", "label", "short", "fragment", "sentence", "prose"];
const FROM_EDGE: &[&str] = &["0", "1", "2", "3 to 5", "6 to 10", "11 or more"];
const DISTANCE: &[&str] = &["none", "1", "2", "3 to 5", "6 or more"];

/// What is looked at; the order is that of [`bins`].
pub(super) static GROUPS: &[Group] = &[
    group(
        "place",
        &[
            "6 or more before the body",
            "3 to 5 before the body",
            "1 or 2 before the body",
            "in the body",
            "1 after the body",
            "2 or 3 after the body",
            "4 to 8 after the body",
            "9 or more after the body",
            "no body",
        ],
    ),
    group(
        "prose before it",
        &[
            "none",
            "under 5 %",
            "under 25 %",
            "under 75 %",
            "under 95 %",
            "under 100 %",
            "all",
        ],
    ),
    group("units before it", FROM_EDGE),
    group("units after it", FROM_EDGE),
    group("two before", SHAPES),
    group("before", SHAPES),
    group("after", SHAPES),
    group("two after", SHAPES),
    group(
        "run of lines that end no sentence",
        &["it ends one", "1", "2", "3 or 4", "5 to 9", "10 or more"],
    ),
    group(
        "lines around that end no sentence",
        &["0", "1", "2", "3", "4", "5", "6", "7", "8"],
    ),
    group("phrases around", &["none", "one", "several"]),
    group("interface words around", &["none", "1 or 2", "3 or more"]),
    group(
        "lines of the text that end no sentence",
        &[
            "under 10 %",
            "under 20 %",
            "under 35 %",
            "under 50 %",
            "under 70 %",
            "70 % or more",
        ],
    ),
    group("prose back", DISTANCE),
    group("prose ahead", DISTANCE),
    group(
        "place, words and end",
        &[
            "front, 1 to 3, open",
            "front, 4 to 9, open",
            "front, 10 to 19, open",
            "front, 20 or more, open",
            "body, 1 to 3, open",
            "body, 4 to 9, open",
            "body, 10 to 19, open",
            "body, 20 or more, open",
            "back, 1 to 3, open",
            "back, 4 to 9, open",
            "back, 10 to 19, open",
            "back, 20 or more, open",
            "front, 1 to 3, closed",
            "front, 4 to 9, closed",
            "front, 10 to 19, closed",
            "front, 20 or more, closed",
            "body, 1 to 3, closed",
            "body, 4 to 9, closed",
            "body, 10 to 19, closed",
            "body, 20 or more, closed",
            "back, 1 to 3, closed",
            "back, 4 to 9, closed",
            "back, 10 to 19, closed",
            "back, 20 or more, closed",
        ],
    ),
];

const fn group(name: &'static str, bins: &'static [&'static str]) -> Group {
    Group { name, bins }
}

/// So many units to each side are around one.
const AROUND: usize = 4;
/// Prose of the body has so many words at least.
const SOLID: u32 = 20;

/// What is asked of the text as a whole.
pub(super) struct Outline {
    /// The first and the last unit of solid prose.
    body: Option<(usize, usize)>,
    /// Words of solid prose before each unit, and at the end of all.
    prose: Vec<u32>,
    /// The lines of the text that end no sentence, as a bin.
    open: u8,
    /// For each unit, how many that end no sentence stand in a row there.
    runs: Vec<u32>,
}

/// Prose that is part of the body.
pub(super) fn is_solid(look: &Look) -> bool {
    look.shape == Shape::Prose && look.words >= SOLID && look.bins[4] == 0
}

impl Outline {
    pub(super) fn of(looks: &[Look]) -> Self {
        let mut prose = Vec::with_capacity(looks.len() + 1);
        let mut words = 0u32;
        for look in looks {
            prose.push(words);
            words = words.saturating_add(if is_solid(look) { look.words } else { 0 });
        }
        prose.push(words);
        let open = looks.iter().filter(|look| !look.shape.is_sentence()).count();
        Self {
            body: looks.iter().position(is_solid).zip(looks.iter().rposition(is_solid)),
            prose,
            open: bin(open * 100 / looks.len().max(1), &[10, 20, 35, 50, 70]),
            runs: runs(looks),
        }
    }

    fn place(&self, at: usize) -> u8 {
        match self.body {
            None => 8,
            Some((first, _)) if at < first => 2 - bin(first - at, &[3, 6]),
            Some((_, last)) if at > last => 4 + bin(at - last, &[2, 4, 9]),
            Some(_) => 3,
        }
    }

    fn prose_before(&self, at: usize) -> u8 {
        let (before, all) = (self.prose[at] as usize, self.prose[self.prose.len() - 1] as usize);
        match before {
            0 => 0,
            before if before >= all => 6,
            before => 1 + bin(before * 100 / all.max(1), &[5, 25, 75, 95]),
        }
    }
}

fn runs(looks: &[Look]) -> Vec<u32> {
    let mut runs = Vec::with_capacity(looks.len());
    for run in looks.chunk_by(|one, next| one.shape.is_sentence() == next.shape.is_sentence()) {
        let length = if run[0].shape.is_sentence() {
            0
        } else {
            run.len() as u32
        };
        runs.extend(std::iter::repeat_n(length, run.len()));
    }
    runs
}

/// What the groups say of a unit.
pub(super) fn bins(looks: &[Look], outline: &Outline, at: usize) -> [u8; GROUPS.len()] {
    let around = &looks[at.saturating_sub(AROUND)..(at + AROUND + 1).min(looks.len())];
    let open = around.iter().filter(|look| !look.shape.is_sentence()).count();
    let open = open - usize::from(!looks[at].shape.is_sentence());
    let near = &looks[at.saturating_sub(2)..(at + 3).min(looks.len())];
    let interface: usize = near.iter().map(|look| usize::from(look.interface)).sum();
    let interface = interface - usize::from(looks[at].interface);
    let labels = around.iter().filter(|look| look.label).count() - usize::from(looks[at].label);
    [
        outline.place(at),
        outline.prose_before(at),
        bin(at, &[1, 2, 3, 6, 11]),
        bin(looks.len() - 1 - at, &[1, 2, 3, 6, 11]),
        shape(at.checked_sub(2).and_then(|at| looks.get(at))),
        shape(at.checked_sub(1).and_then(|at| looks.get(at))),
        shape(looks.get(at + 1)),
        shape(looks.get(at + 2)),
        bin(outline.runs[at] as usize, &[1, 2, 3, 5, 10]),
        open as u8,
        bin(labels, &[1, 2]),
        bin(interface, &[1, 3]),
        outline.open,
        distance(looks[..at].iter().rev()),
        distance(looks[at + 1..].iter()),
        zone(outline, looks, at),
    ]
}

fn shape(look: Option<&Look>) -> u8 {
    look.map_or(0, |look| 1 + look.shape as u8)
}

/// How far solid prose is, up to a bound.
fn distance<'l>(looks: impl Iterator<Item = &'l Look>) -> u8 {
    let at = looks.take(12).position(is_solid);
    at.map_or(0, |at| 1 + bin(at, &[1, 2, 5]))
}

fn zone(outline: &Outline, looks: &[Look], at: usize) -> u8 {
    let zone = match outline.place(at) {
        0..=2 => 0,
        3 | 8 => 1,
        _ => 2,
    };
    let closed = u8::from(looks[at].shape.is_sentence() && looks[at].bins[1] != 0);
    4 * zone + bin(looks[at].words as usize, &[4, 10, 20]) + 12 * closed
}
