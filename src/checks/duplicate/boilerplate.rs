//! `duplicate/boilerplate`: a passage that stands in the corpus more often than anybody wants to see it listed.

use std::collections::BTreeSet;

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::similarity::Group;
use crate::text::unit::count_words;

use super::change::COMPARED;

/// See [`RULE`].
#[derive(Debug)]
pub struct Boilerplate;

/// How long a passage is.
static WORDS: Setting = Setting {
    key: "duplicate/boilerplate.words",
    default: 12.0,
    range: (4.0, 100_000.0),
    meaning: "the least number of words of a passage",
};

/// How often it stands.
static TIMES: Setting = Setting {
    key: "duplicate/boilerplate.times",
    default: 32.0,
    range: (3.0, 1_000_000.0),
    meaning: "a passage that stands more often than this is boilerplate to all rules on passages",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "duplicate/boilerplate",
    severity: Severity::Info,
    summary: "a passage that stands in the corpus very often",
    settings: &[&TIMES, &WORDS],
    docs: "\
## What it does
Finds passages of twelve words or more that stand more than 32 times in the corpus, nearly alike, and says once of each how
often and in how many texts. The first place is underlined, and up to ten others are named.

## Why it matters
A notice of rights, a biography of the author, a caption of an archive picture: what stands under every text says little about
any, and counts in each. Nor is it a copy that somebody should look for.

## Example
Four hundred articles of one site, each with the two sentences about who may reprint it.

## What to do
Decide whether it belongs to the texts. Where it does not, take it out of all of them in one way, and record that. Where it does,
accept the finding; it can be accepted at any of the texts that it names.

## Where it errs
Formulas of law and liturgy belong to their texts. A passage that was changed a little more each time may be two findings. What
stands 32 times or fewer is named by `duplicate/repeated-passage` and `duplicate/shared-passage`. Of texts with the same bytes only the first is counted.
",
};

/// So many of the other places are named.
const NAMED: usize = 10;

impl Check for Boilerplate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn compares(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let groups = survey.passages.groups().map(|(group, _)| group);
        findings.extend(
            groups
                .filter(|group| is_boilerplate(survey, group))
                .filter_map(|group| finding(survey, group)),
        );
    }
}

/// Whether a passage stands so often that its copies are not listed, and that not because one text was copied so often.
pub(super) fn is_boilerplate(survey: &Survey<'_>, group: &Group) -> bool {
    let Some(first) = group.members.first() else {
        return false;
    };
    let times = survey.setting(survey.passages.first_of(first.text), &TIMES);
    group.members.len() as f64 > times && survey.passages.members(group).len() as f64 > times
}

fn finding(survey: &Survey<'_>, group: &Group) -> Option<Finding> {
    let members = survey.passages.members(group);
    let (first, others) = members.split_first()?;
    let words = count_words(&survey.passages.words(*first, COMPARED)?);
    if (words as f64) < survey.setting(first.text, &WORDS) {
        return None;
    }
    let texts: BTreeSet<usize> = members.iter().map(|place| place.text).collect();
    let times = members.len();
    let message = match texts.len() {
        1 => format!("a passage of {words} words stands {times} times in this text"),
        texts => format!("a passage of {words} words stands {times} times, in {texts} texts"),
    };
    let finding = RULE
        .finding(survey.place(*first), message)
        .shared()
        .help("decide whether it belongs to the texts; take it out of all of them in one way, or accept it")
        .label("the first place")
        .evidence("words", words)
        .evidence("times", times)
        .evidence("texts", texts.len());
    let others = others.iter().take(NAMED);
    Some(others.fold(finding, |finding, other| {
        finding.related(survey.place(*other), "it stands here, too")
    }))
}
