//! `duplicate/contained-text`: a text of which another one has nearly all words.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::bar::Bar;
use super::change;
use super::repeated_passage::rounded;
use crate::checks::{Check, Relation, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::similarity::{Pair, Place};

/// See [`RULE`].
#[derive(Debug)]
pub struct ContainedText;

/// What is nearly all of a text.
static SHARE: Setting = Setting {
    key: "duplicate/contained-text.share",
    default: 0.9,
    range: (0.5, 1.0),
    meaning: "the least share of the words of a text that stand in another one",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "duplicate/contained-text",
    severity: Severity::Warning,
    summary: "a text of which another one has nearly all words",
    settings: &[&SHARE],
    docs: "\
## What it does
Adds up the passages that two texts share, and finds texts of which nine words in ten stand in another one. Where that holds
both ways, the two are the same text in two forms: it is said of the one that is listed later, and by how much they differ. A
text that several others contain is named once, with the one that has most of it. Texts with the same bytes are a matter of
`duplicate/same-text`.

## Why it matters
A text that another one contains counts twice, and so do two captures of one article that differ in a date or a line of the page.
No digest shows that: one byte makes it another one.

## Example
An article, and the collection that it was reprinted in; or one page, captured before and after a correction.

## What to do
Keep the one that is whole, and take the other out of the manifest, or record what was made from what (`derived_from`). Where
both belong, accept the finding and say why.

## Where it errs
A chapter beside its book, a law beside the code that it was taken into, two editions that are listed on purpose: they are named,
since only the record can say so; so is a form of more than 60 words that was filled in twice. A short text that is all formula,
such as a notice, is contained in any text that has the formula. Passages of fewer than twelve words are not seen, so a text of short lines may be contained and missed. The confidence is
how alike the shared passages are.
",
};

/// So many passages are compared, and so many differences shown.
const SHOWN: usize = 12;
/// Texts that share more passages than this are no form.
const FEW: usize = 4;

impl Check for ContainedText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn compares(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let mut of_text: BTreeMap<usize, Vec<Contained>> = BTreeMap::new();
        let relations = survey.passages.relations().iter();
        for contained in relations.filter_map(|one| Contained::of(survey, one)) {
            of_text.entry(contained.relation.a).or_default().push(contained);
        }
        // A class of equal texts speaks once, of its first.
        of_text.retain(|text, _| survey.passages.first_of(*text) == *text);
        findings.extend(of_text.values().filter_map(|found| finding(survey, found)));
    }
}

/// The pairs of texts, the first with the same bytes for each, of which one contains the other.
pub(super) fn related(survey: &Survey<'_>) -> HashSet<(usize, usize)> {
    let relations = survey.passages.relations().iter();
    let relations = relations.filter(|one| is_contained(survey, one));
    let first_of = |text| survey.passages.first_of(text);
    relations
        .map(|one| (first_of(one.a), first_of(one.b)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect()
}

/// Whether one of two texts contains the other. A form of few words that was filled in twice does not.
fn is_contained(survey: &Survey<'_>, relation: &Relation) -> bool {
    let (a, b) = contains(survey, relation);
    let form = |pair: &Pair| Bar::is_form(survey.passages, pair);
    (a || b) && (relation.pairs.len() > FEW || !relation.pairs.iter().any(form))
}

/// Whether enough of the first of two texts stands in the other, and of the other in the first: each by what is set for it.
fn contains(survey: &Survey<'_>, relation: &Relation) -> (bool, bool) {
    let share = |text| survey.setting(text, &SHARE);
    (relation.of_a >= share(relation.a), relation.of_b >= share(relation.b))
}

/// A text, and one that contains it.
struct Contained {
    /// Seen from the text that is contained.
    relation: Relation,
    /// Whether each contains the other.
    mutual: bool,
}

impl Contained {
    fn of(survey: &Survey<'_>, relation: &Relation) -> Option<Self> {
        if !is_contained(survey, relation) {
            return None;
        }
        let (a, b) = contains(survey, relation);
        // Of two that contain each other, the one that is listed later speaks.
        Some(Self {
            relation: if b { relation.turned() } else { relation.clone() },
            mutual: a && b,
        })
    }

    /// How much of the text the other one has, word for word.
    fn common(&self) -> f64 {
        let other = if self.mutual { self.relation.of_b } else { 1.0 };
        self.relation.of_a.min(other) * self.relation.similarity
    }

    fn message(&self, survey: &Survey<'_>) -> String {
        let other = survey.name(self.relation.b);
        let (common, own) = (percent(self.common()), percent(self.relation.of_a));
        let differ = 100 - common;
        match (self.mutual, common, own) {
            (true, 100, _) => format!("this text has the same words as {other}"),
            (true, ..) => format!("this is the same text as {other} but for {differ} % of its words"),
            (false, _, 100) => format!("all words of this text stand in {other}"),
            (false, ..) => format!("{own} % of the words of this text stand in {other}"),
        }
    }

    /// Where it stands in the other text, from its first passage to its last.
    fn place(&self) -> Option<Place> {
        let places = || self.relation.pairs.iter().map(|pair| pair.b);
        let start = places().map(|place| place.start).min()?;
        let end = places().map(|place| place.end).max()?;
        Some(Place {
            text: self.relation.b,
            start,
            end,
        })
    }

    fn changes(&self, survey: &Survey<'_>) -> Vec<String> {
        let pairs = self.relation.pairs.iter().take(SHOWN);
        let changes = pairs.flat_map(|pair| change::between(survey.passages, pair.b, pair.a));
        changes.take(SHOWN).collect()
    }
}

/// In whole percent; 100 only where it is all.
fn percent(share: f64) -> u32 {
    let percent = (share * 100.0).round() as u32;
    if share < 0.9995 { percent.min(99) } else { percent }
}

/// The text that has most of it, and how many others do.
fn finding(survey: &Survey<'_>, found: &[Contained]) -> Option<Finding> {
    let most = |one: &&Contained, other: &&Contained| {
        let share = one.common().total_cmp(&other.common());
        share.then(other.relation.b.cmp(&one.relation.b))
    };
    let best = found.iter().max_by(most)?;
    let relation = &best.relation;
    let further = match found.len() {
        1 => String::new(),
        2 => ", and nearly as many in another text".to_owned(),
        texts => format!(", and nearly as many in {} other texts", texts - 1),
    };
    let message = best.message(survey) + &further;
    let finding = RULE
        .finding(survey.text(relation.a), message)
        .help("keep the one that is whole, or accept the finding and say why both stand")
        .confidence(relation.similarity as f32)
        .evidence("share", json!(rounded(relation.of_a as f32)))
        .evidence("share_of_other", json!(rounded(relation.of_b as f32)))
        .evidence("similarity", json!(rounded(relation.similarity as f32)))
        .evidence("changes", Value::from(best.changes(survey)));
    Some(finding.related(survey.place(best.place()?), "it stands here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_all_is_not_called_all() {
        assert_eq!([percent(0.9994), percent(1.0), percent(0.905)], [99, 100, 91]);
    }
}
