//! `truncation/longer-copy`: a text that stops, or begins, where another text has more.

use std::collections::BTreeMap;

use serde_json::json;

use crate::checks::{Check, Relation, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::similarity::{Pair, Place};
use crate::text::unit::{count_words, ends_sentence, has_inner_end, is_dense, is_end_mark};

/// See [`RULE`].
#[derive(Debug)]
pub struct LongerCopy;

/// How much the other text has more.
static WORDS: Setting = Setting {
    key: "truncation/longer-copy.words",
    default: 8.0,
    range: (1.0, 100_000.0),
    meaning: "the least number of words that the other text has more",
};

/// How much of a text is contained.
static SHARE: Setting = Setting {
    key: "truncation/longer-copy.share",
    default: 0.5,
    range: (0.1, 1.0),
    meaning: "the least share of the words of a text that stand in the other one",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "truncation/longer-copy",
    severity: Severity::Warning,
    summary: "a text that stops, or begins, where another text has more",
    settings: &[&WORDS, &SHARE],
    docs: "\
## What it does
Finds texts of which at least half stands in another text, and whose last words lie in a passage that goes on there by eight
words or more, or twenty where this one ends with a sentence; and likewise those whose first words lie in a passage that has more
before it. Either both texts begin alike
(end alike, where the beginning is missing), or the text breaks off (begins) inside a sentence of the other, which goes on with
a small letter. Otherwise it is taken for a whole text that stands inside a larger one, which is a matter of
`duplicate/contained-text`.

Where it does not break off inside a sentence, the other text has to go on with a paragraph that has an end mark: a list of
links or a line of credits is not missed.

## Why it matters
A preview, a feed or an interrupted download gives the first half of an article, and the half looks whole. The copy that goes on is
the proof that it is not.

## Example
One capture of an article ends with its third paragraph; another one, of the page for printing, has seven more.

## What to do
Take the text again from its source, whole, or take it out where the longer copy stands for it.

## Where it errs
A version to which its author added an end later, and an abridgement on purpose, look the same. So does a page that goes on with a
notice in whole sentences, or with the next article. What is missing in the middle is not found, nor is what no other text of the
corpus has. A whole text without an end mark that another one takes in, in the middle of a sentence, is taken for cut. The
confidence is 0.9 inside a sentence, and 0.8 elsewhere.
",
};

/// Where a text ends with a sentence, the other one has so many words more: a sentence more is another edition, and no cut.
const EDITION: f64 = 20.0;
/// So many words at the edge of a text may lie outside of the passage: `Read more`, a mark for what follows.
const SLACK: usize = 3;
/// Texts begin alike, or end alike, where at most so many words of each lie outside of their passages.
const EDGE: usize = 40;
/// So much beside a passage is looked at, in bytes.
const LOOK: u64 = 64 << 10;
/// So many words of each end of what is missing are shown.
const SHOWN: usize = 12;
/// So much of the edge of a text is underlined, in bytes.
const UNDERLINED: u64 = 80;

impl Check for LongerCopy {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn compares(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let share = |text| survey.setting(text, &SHARE);
        let mut of_text: BTreeMap<usize, Vec<Relation>> = BTreeMap::new();
        for relation in survey.passages.relations() {
            if relation.of_a >= share(relation.a) {
                of_text.entry(relation.a).or_default().push(relation.clone());
            }
            if relation.of_b >= share(relation.b) {
                of_text.entry(relation.b).or_default().push(relation.turned());
            }
        }
        for relations in of_text.values() {
            for edge in [Edge::End, Edge::Beginning] {
                let missing = relations.iter().filter_map(|one| Missing::of(survey, one, edge));
                let best = missing.max_by(|one, other| {
                    one.share
                        .total_cmp(&other.share)
                        .then(other.rest.text.cmp(&one.rest.text))
                });
                findings.extend(best.map(|missing| missing.finding(survey)));
            }
        }
    }
}

/// Which side of a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Beginning,
    End,
}

impl Edge {
    fn other(self) -> Self {
        match self {
            Self::Beginning => Self::End,
            Self::End => Self::Beginning,
        }
    }

    /// What lies between a passage and this edge of its text.
    fn outside(self, survey: &Survey<'_>, place: Place) -> Place {
        match self {
            Self::Beginning => Place {
                start: 0,
                end: place.start,
                ..place
            },
            Self::End => Place {
                start: place.end,
                end: survey.passages.size_of(place.text),
                ..place
            },
        }
    }

    /// What of a place is nearest to the passage that it lies beside, up to so many bytes.
    fn near(self, place: Place, most: u64) -> Place {
        match self {
            Self::Beginning => Place {
                start: place.start.max(place.end.saturating_sub(most)),
                ..place
            },
            Self::End => Place {
                end: place.end.min(place.start + most),
                ..place
            },
        }
    }

    /// The passage of one text that lies nearest to this edge.
    fn last(self, pairs: &[Pair], side: fn(&Pair) -> Place) -> Option<&Pair> {
        match self {
            Self::Beginning => pairs.iter().min_by_key(|pair| side(pair)),
            Self::End => pairs.iter().max_by_key(|pair| (side(pair).end, side(pair).start)),
        }
    }
}

/// What a text lacks that another one has.
struct Missing {
    edge: Edge,
    /// The words of the text beside which something is missing.
    seam: Place,
    /// The missing part, in the other text.
    rest: Place,
    words: usize,
    /// Whether there are more words than were counted.
    more: bool,
    first: String,
    last: String,
    /// Whether it is missing inside a sentence.
    inside: bool,
    share: f64,
}

impl Missing {
    fn of(survey: &Survey<'_>, relation: &Relation, edge: Edge) -> Option<Self> {
        // What stands nearest to the edge of the one has to be so in the other: else the parts have another order there.
        let pair = edge.last(&relation.pairs, |pair| pair.a)?;
        if edge.last(&relation.pairs, |pair| pair.b)? != pair || !is_at_edge(survey, pair.a, edge, SLACK) {
            return None;
        }
        let outside = edge.outside(survey, pair.b);
        let looked_at = edge.near(outside, LOOK);
        let rest = survey.passages.read(looked_at.text, looked_at.start..looked_at.end)?;
        let words = count_words(&rest);
        let inside = is_inside(survey, pair, &rest, edge);
        let least = survey.setting(relation.a, &WORDS);
        let least = least.max(if inside { 0.0 } else { EDITION });
        let alike = inside || (begin_alike(survey, relation, edge) && has_sentence(&rest, least));
        if (words as f64) < least || !alike {
            return None;
        }
        Some(Self {
            edge,
            seam: seam(survey, pair.a, edge),
            rest: trimmed(outside, looked_at, &rest),
            words,
            more: looked_at != outside,
            first: some_words(&rest, Edge::Beginning),
            last: some_words(&rest, Edge::End),
            inside,
            share: relation.of_a,
        })
    }

    fn finding(&self, survey: &Survey<'_>) -> Finding {
        let least = if self.more { "at least " } else { "" };
        let other = survey.name(self.rest.text);
        let words = self.words;
        let (message, label, related) = match self.edge {
            Edge::End => (
                format!("the text stops where {other} goes on by {least}{words} words"),
                "it stops here",
                "it goes on here",
            ),
            Edge::Beginning => (
                format!("the text begins where {other} has {least}{words} words before it"),
                "it begins here",
                "this stands before it",
            ),
        };
        RULE.finding(survey.place(self.seam), message)
            .help("take it again from its source, whole; the other text has what is missing")
            .label(label)
            .confidence(if self.inside { 0.9 } else { 0.8 })
            .evidence("missing_words", self.words)
            .evidence("missing_first", json!(self.first))
            .evidence("missing_last", json!(self.last))
            .evidence("share", json!((self.share * 1000.0).round() / 1000.0))
            .related(survey.place(self.rest), related)
    }
}

/// Whether at most so many words lie between a passage and the edge of its text.
fn is_at_edge(survey: &Survey<'_>, place: Place, edge: Edge, words: usize) -> bool {
    let outside = edge.outside(survey, place);
    let most = 64 * (words as u64 + 1);
    let read = || survey.passages.read(outside.text, outside.start..outside.end);
    outside.length() <= most && read().is_some_and(|text| count_words(&text) <= words)
}

/// Whether both texts have nearly nothing beside their passages at the other edge.
fn begin_alike(survey: &Survey<'_>, relation: &Relation, edge: Edge) -> bool {
    let edge = edge.other();
    let Some(pair) = edge.last(&relation.pairs, |pair| pair.a) else {
        return false;
    };
    is_at_edge(survey, pair.a, edge, EDGE) && is_at_edge(survey, pair.b, edge, EDGE)
}

/// Whether the seam lies inside a sentence of the other text, and the text looks so, too.
fn is_inside(survey: &Survey<'_>, pair: &Pair, rest: &str, edge: Edge) -> bool {
    let own = edge.outside(survey, pair.a);
    let own = survey.passages.read(own.text, own.start..own.end).unwrap_or_default();
    if own.contains(char::is_alphanumeric) {
        return false;
    }
    match edge {
        Edge::End => !own.contains(is_end_mark) && goes_on(rest),
        Edge::Beginning => {
            let first = survey.passages.words(pair.a, 16).unwrap_or_default();
            let before = rest.trim_end();
            first.starts_with(char::is_lowercase) && !rest.ends_with("\n\n") && !ends_sentence(before)
        }
    }
}

/// Whether a sentence goes on with this: with a letter that is no capital, on the same line or on the next.
fn goes_on(rest: &str) -> bool {
    let Some(at) = rest.find(|sign: char| sign.is_alphanumeric() || is_end_mark(sign)) else {
        return false;
    };
    let small = |next: char| next.is_alphabetic() && !next.is_uppercase();
    rest[..at].matches('\n').count() < 2 && rest[at..].starts_with(small)
}

/// Whether some line has so many words, and an end mark.
fn has_sentence(text: &str, words: f64) -> bool {
    let paragraphs = text.split("\n\n");
    let sentence = |part: &str| ends_sentence(part.trim_end()) || has_inner_end(part);
    paragraphs
        .into_iter()
        .any(|part| count_words(part) as f64 >= words && sentence(part))
}

/// The words of a passage that stand at an edge.
fn seam(survey: &Survey<'_>, passage: Place, edge: Edge) -> Place {
    let near = edge.other().near(passage, UNDERLINED);
    let text = survey
        .passages
        .read(near.text, near.start..near.end)
        .unwrap_or_default();
    match edge {
        _ if near == passage => near,
        Edge::Beginning => Place {
            end: text.rfind(' ').map_or(near.end, |space| near.start + space as u64),
            ..near
        },
        Edge::End => Place {
            // Counted from the end: a character that is cut at the start has another length here.
            start: text
                .find(' ')
                .map_or(near.start, |space| near.end - (text.len() - space - 1) as u64),
            ..near
        },
    }
}

/// The missing part from its first letter to its last mark, where it was read whole.
fn trimmed(outside: Place, looked_at: Place, rest: &str) -> Place {
    let first = rest.find(char::is_alphanumeric).filter(|_| looked_at == outside);
    first.map_or(outside, |first| Place {
        start: outside.start + first as u64,
        end: outside.start + rest.trim_end().len() as u64,
        ..outside
    })
}

/// The first words or the last.
fn some_words(text: &str, edge: Edge) -> String {
    let text = text.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let words: Vec<&str> = text.split_whitespace().collect();
    let some = match edge {
        Edge::Beginning => &words[..words.len().min(SHOWN)],
        Edge::End => &words[words.len().saturating_sub(SHOWN)..],
    };
    let some = some.join(" ");
    if !some.contains(is_dense) {
        return some;
    }
    let signs = some.chars();
    match edge {
        Edge::Beginning => signs.take(2 * SHOWN).collect(),
        Edge::End => {
            let count = some.chars().count();
            signs.skip(count.saturating_sub(2 * SHOWN)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_on_with_a_letter() {
        assert!(goes_on(" behind the bales. Then") && goes_on("\nbehind the bales."));
        assert!(
            !goes_on("\nBehind the bales")
                && !goes_on(". Then")
                && !goes_on("\n\nThen")
                && !goes_on(".”\n\nThen")
                && !goes_on("")
        );
    }

    #[test]
    fn a_list_of_links_is_no_sentence() {
        assert!(!has_sentence(
            "More on this\n\nThe lamps of the quay\n\nWho mends the rope",
            8.0
        ));
        assert!(has_sentence(
            "More on this\n\nThe lamps of the quay were lit again on Monday.",
            8.0
        ));
    }

    #[test]
    fn some_words_of_any_script() {
        assert_eq!(
            some_words(".\n\nThe lamps of the quay", Edge::Beginning),
            "The lamps of the quay"
        );
        assert_eq!(some_words(&"水".repeat(90), Edge::End).chars().count(), 2 * SHOWN);
    }
}
