//! `duplicate/shared-passage`: a passage that stands in several texts.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::bar::Bar;
use super::boilerplate::is_boilerplate;
use super::change;
use super::contained_text;
use super::repeated_passage::rounded;
use crate::checks::limit::limit;
use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::similarity::{Pair, Place};

/// See [`RULE`].
#[derive(Debug)]
pub struct SharedPassage;

/// How alike the copies are.
static SIMILARITY: Setting = Setting {
    key: "duplicate/shared-passage.similarity",
    default: 0.8,
    range: (0.7, 1.0),
    meaning: "the least share of words that both copies have; five in a hundred more below twenty words",
};

/// How long a paragraph is.
static WORDS: Setting = Setting {
    key: "duplicate/shared-passage.words",
    default: 12.0,
    range: (4.0, 100_000.0),
    meaning: "the least number of words of a passage that is most of a paragraph",
};

/// How long a part of paragraphs is.
static INSIDE: Setting = Setting {
    key: "duplicate/shared-passage.inside",
    default: 20.0,
    range: (12.0, 100_000.0),
    meaning: "the least number of words of a passage inside longer paragraphs",
};

/// What is much of a text.
static SHARE: Setting = Setting {
    key: "duplicate/shared-passage.share",
    default: 0.2,
    range: (0.0, 1.0),
    meaning: "the share of the words of one of the texts from which on the finding is a warning",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "duplicate/shared-passage",
    severity: Severity::Info,
    summary: "a passage that stands in several texts, nearly alike",
    settings: &[&SIMILARITY, &WORDS, &INSIDE, &SHARE],
    docs: "\
## What it does
Finds passages that stand in two texts or more with at least four words in five the same, and shows what differs between the
first two: paragraphs of twelve words or more, and parts of longer paragraphs of twenty or more. From 60 words on they may be
less alike. All copies of a passage are one finding, at the first text that has it; up to ten others are named. It is a warning
where the passage makes up a fifth of one of the texts.

Headings, quotations, references, and below 60 words forms that differ in their numbers are passed over, and so is what
`duplicate/contained-text`, `duplicate/same-text` or `duplicate/boilerplate` says of the same texts.

## Why it matters
What stands in two texts was written once. Counts that take the texts for independent count it twice; one text may be the
source of the other, or both of a third; and words that are held back for a test may stand among those that a model learns from.

## Example
Two reports on one flood have the paragraph of the agency that both were written from, one of them with a name changed.

## What to do
See which text has it from which, and record that (`source.via`, `derived_from`). Where both belong, accept the finding; it can
be accepted at any of the texts that it names.

## Where it errs
A long quotation without quotation marks, a legal formula, a prayer or a verse that two texts share by right is named. What was
said again in other words is missed. At most 50 passages are named at one text. The confidence is how alike the copies are.
",
};

/// So many of the other texts are named.
const NAMED: usize = 10;

impl Check for SharedPassage {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn compares(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let explained = contained_text::related(survey);
        let mut of_text: BTreeMap<usize, Vec<Shared>> = BTreeMap::new();
        let groups = survey.passages.groups();
        for (_, pairs) in groups.filter(|(group, _)| !is_boilerplate(survey, group)) {
            if let Some(shared) = Shared::of(survey, &explained, &pairs) {
                of_text.entry(shared.first.text).or_default().push(shared);
            }
        }
        for shared in of_text.into_values() {
            limit(shared.into_iter().map(|shared| shared.finding(survey)), findings);
        }
    }
}

/// A passage that several texts have.
struct Shared {
    /// The place in the first text.
    first: Place,
    /// One place in each of the others.
    others: Vec<Place>,
    words: usize,
    similarity: f32,
}

impl Shared {
    fn of(survey: &Survey<'_>, explained: &HashSet<(usize, usize)>, pairs: &[&Pair]) -> Option<Self> {
        let first_of = |text| survey.passages.first_of(text);
        let mut places: BTreeMap<usize, Place> = BTreeMap::new();
        let mut best = None;
        for pair in pairs {
            let texts = [pair.a, pair.b].map(|place| first_of(place.text));
            // Once a text has its place, a further pair tells nothing of it.
            if texts[0] == texts[1] || texts.iter().all(|text| places.contains_key(text)) {
                continue;
            }
            let first = texts[0].min(texts[1]);
            let bar = Bar::for_text(survey, first, [&SIMILARITY, &WORDS, &INSIDE]);
            let Some(words) = bar.words(pair) else { continue };
            best.get_or_insert((*pair, words));
            for (text, place) in texts.into_iter().zip([pair.a, pair.b]) {
                places.entry(text).or_insert(place);
            }
        }
        if are_one(places.keys().copied().collect(), explained) {
            return None;
        }
        let (pair, words) = best?;
        let mut places = places.into_values();
        Some(Self {
            first: places.next()?,
            others: places.collect(),
            words,
            similarity: pair.similarity,
        })
    }

    fn finding(&self, survey: &Survey<'_>) -> Finding {
        let second = self.others.first().copied().unwrap_or(self.first);
        let changes = change::between(survey.passages, self.first, second);
        let finding = RULE
            .finding(survey.place(self.first), self.message(survey, &changes))
            .shared()
            .severity(self.severity(survey))
            .help("see which text has it from which, and record that; or accept the finding and say why it stands in both")
            .confidence(self.similarity)
            .evidence("similarity", json!(rounded(self.similarity)))
            .evidence("words", self.words)
            .evidence("texts", self.others.len() + 1)
            .evidence("changes", Value::from(changes));
        let others = self.others.iter().take(NAMED);
        others.fold(finding, |finding, other| {
            finding.related(survey.place(*other), "it stands here, too")
        })
    }

    fn message(&self, survey: &Survey<'_>, changes: &[String]) -> String {
        let how = change::manner(changes);
        let words = self.words;
        match self.others[..] {
            [other] => format!(
                "a passage of {words} words stands in {} too, {how}",
                survey.name(other.text)
            ),
            _ => {
                let texts = self.others.len() + 1;
                format!("a passage of {words} words stands in {texts} texts, {how} in the first two")
            }
        }
    }

    /// More than info where it is much of a text.
    fn severity(&self, survey: &Survey<'_>) -> Severity {
        let share = survey.setting(self.first.text, &SHARE);
        let places = self.others.iter().chain([&self.first]);
        let least = places.map(|place| survey.passages.words_of(place.text)).min();
        if self.words as f64 >= share * least.unwrap_or_default() as f64 {
            Severity::Warning
        } else {
            RULE.severity
        }
    }
}

/// Whether what is known of pairs of texts joins all of these.
fn are_one(mut texts: Vec<usize>, joined: &HashSet<(usize, usize)>) -> bool {
    let Some(first) = texts.pop() else { return true };
    let mut reached = vec![first];
    while let Some(text) = reached.pop() {
        let is_joined = |other: &usize| joined.contains(&(text.min(*other), text.max(*other)));
        let (near, rest) = texts.into_iter().partition::<Vec<_>, _>(is_joined);
        reached.extend(near);
        texts = rest;
    }
    texts.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_hang_together_are_one() {
        let joined = HashSet::from([(0, 2), (2, 5)]);
        assert!(are_one(vec![0, 2, 5], &joined));
        assert!(!are_one(vec![0, 2, 3], &joined));
        assert!(are_one(vec![7], &joined) && are_one(Vec::new(), &joined));
    }
}
