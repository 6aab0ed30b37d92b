//! `duplicate/repeated-passage`: a passage that stands twice in one text.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::bar::{Bar, LONG};
use super::boilerplate::is_boilerplate;
use super::change;
use crate::checks::limit::limit_to;
use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::similarity::{Pair, Place};

/// See [`RULE`].
#[derive(Debug)]
pub struct RepeatedPassage;

/// How alike both copies are.
static SIMILARITY: Setting = Setting {
    key: "duplicate/repeated-passage.similarity",
    default: 0.8,
    range: (0.7, 1.0),
    meaning: "the least share of words that both copies have; five in a hundred more below twenty words",
};

/// How long a paragraph is.
static WORDS: Setting = Setting {
    key: "duplicate/repeated-passage.words",
    default: 12.0,
    range: (4.0, 100_000.0),
    meaning: "the least number of words of a passage that is most of a paragraph",
};

/// How long a part of paragraphs is.
static INSIDE: Setting = Setting {
    key: "duplicate/repeated-passage.inside",
    default: 20.0,
    range: (12.0, 100_000.0),
    meaning: "the least number of words of a passage inside longer paragraphs",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "duplicate/repeated-passage",
    severity: Severity::Warning,
    summary: "a passage that stands twice in one text, nearly alike",
    settings: &[&SIMILARITY, &WORDS, &INSIDE],
    docs: "\
## What it does
Finds passages that stand twice in one text with at least four words in five the same, and shows what differs: paragraphs of
twelve words or more, and parts of longer paragraphs of twenty or more. From 60 words on they may be less alike. The shorter
copy is underlined, or the later one where both are as long; all copies of a passage are one finding. In scripts without spaces
two characters count as a word.

Verse, headings, lists, notes, quotations and references are passed over. Below 60 words, so are passages that differ in their
numbers, which are a form that was filled in twice, and those that stand more than three times, which are a formula.

## Why it matters
A caption printed again under a second picture, a lead repeated as a pull quote, a paragraph pasted twice: the text says
it once. Counts of words, of sources and of mentions are wrong with it, and one of the two copies is often damaged.

## Example
```text
Ferrymen carry blue lamps while they wait for the first of the barges at the broken weir, Verrin.

Ferrymen carry blue lamps while they wait for the first of the barges at the broken weir
```

## What to do
Compare both with the source, keep the whole one, and remove the other.

## Where it errs
A refrain in prose, a form of words that a legal text repeats twice or three times, and a speech that is quoted and later quoted
again are named, though they belong to the text. A copy of fewer than twelve words, or with more than one word in five changed, is
missed. At most 20 passages of a text are named. The confidence is how alike the copies are.
",
};

/// So many passages of a text are named.
const MOST: usize = 20;
/// A short passage that stands more often than this is a formula.
const FORMULA: usize = 3;
/// So many of the other copies are named.
const NAMED: usize = 10;

impl Check for RepeatedPassage {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn compares(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (text, pairs) in survey.passages.within() {
            let bar = Bar::for_text(survey, text, [&SIMILARITY, &WORDS, &INSIDE]);
            let mut groups: BTreeMap<usize, Vec<&Pair>> = BTreeMap::new();
            pairs
                .iter()
                .for_each(|pair| groups.entry(pair.group).or_default().push(pair));
            let found = groups.values().filter_map(|pairs| Repeat::of(survey, &bar, pairs));
            limit_to(MOST, found.map(|repeat| repeat.finding(survey)), findings);
        }
    }
}

/// A passage that stands twice or more.
struct Repeat {
    copy: Place,
    /// The other copies, the best first.
    others: Vec<Place>,
    words: usize,
    similarity: f32,
}

impl Repeat {
    fn of(survey: &Survey<'_>, bar: &Bar<'_>, pairs: &[&Pair]) -> Option<Self> {
        let first = pairs.first()?;
        let copies = |place: &&Place| place.text == first.a.text;
        let group = survey.passages.group_of(first)?;
        let formula = group.words < LONG && group.members.iter().filter(copies).count() > FORMULA;
        if formula || is_boilerplate(survey, group) {
            return None;
        }
        let passing = pairs.iter().filter_map(|pair| Some((*pair, bar.words(pair)?)));
        let passing: Vec<(&Pair, usize)> = passing.filter(|(pair, _)| bar.is_prose(pair)).collect();
        let (pair, words) = *passing.first()?;
        let shorter = pair.a.length() * 11 < pair.b.length() * 10;
        let (copy, original) = if shorter { (pair.a, pair.b) } else { (pair.b, pair.a) };
        let places = passing.iter().flat_map(|(pair, _)| [pair.a, pair.b]);
        let all = apart([copy, original].into_iter().chain(places));
        Some(Self {
            copy,
            others: all[1..].to_vec(),
            words,
            similarity: pair.similarity,
        })
    }

    fn finding(&self, survey: &Survey<'_>) -> Finding {
        let changes = change::between(survey.passages, self.others[0], self.copy);
        let how = change::manner(&changes);
        let times = match self.others.len() {
            1 => "twice".to_owned(),
            others => format!("{} times", others + 1),
        };
        let message = format!("a passage of {} words stands {times}, {how}", self.words);
        let mut finding = RULE
            .finding(survey.place(self.copy), message)
            .help("compare both with the source and keep the whole one")
            .confidence(self.similarity)
            .evidence("similarity", json!(rounded(self.similarity)))
            .evidence("words", self.words)
            .evidence("changes", Value::from(changes));
        if self.others.len() > 1 {
            finding = finding.evidence("copies", self.others.len() + 1);
        }
        let name = if self.others.len() > 1 {
            "another copy"
        } else {
            "the other copy"
        };
        for other in self.others.iter().take(NAMED) {
            finding = finding.related(survey.place(*other), name);
        }
        finding
    }
}

/// Places of which none lies over an earlier one.
pub(super) fn apart(places: impl Iterator<Item = Place>) -> Vec<Place> {
    let mut apart: Vec<Place> = Vec::new();
    for place in places {
        let over = |one: &Place| one.text == place.text && one.start < place.end && place.start < one.end;
        if !apart.iter().any(over) {
            apart.push(place);
        }
    }
    apart
}

/// To three digits.
pub(super) fn rounded(share: f32) -> f64 {
    (f64::from(share) * 1000.0).round() / 1000.0
}
