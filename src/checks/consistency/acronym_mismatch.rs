//! `consistency/acronym-mismatch`: an abbreviation that is not the one that was spelt out.

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::Text;
use crate::text::acronyms::{self, Acronym};
use crate::text::neighbours::Neighbours;
use crate::text::skeleton;

/// See [`RULE`].
#[derive(Debug)]
pub struct AcronymMismatch;

/// What it is.
pub static RULE: Rule = Rule {
    id: "consistency/acronym-mismatch",
    severity: Severity::Warning,
    summary: "an abbreviation that differs by one letter from the one that the text spells out",
    settings: &[],
    docs: "\
## What it does
Finds two abbreviations in one text that differ by one letter or by two letters exchanged, where the text spells out only one
of them (`Tarn Weir Board (TWB)`, and later `TVB`), and the other is rarer, never explained and not widely known. It is an
error from five letters on and a warning with four; with three it is info, and only where the same words stand beside both. It
also finds an abbreviation in brackets that differs by
one letter from the initials before it, where the text uses these initials elsewhere.

## Why it matters
Two organisations with nearly the same initials are often rivals: the wrong letter makes one of them say what the other said.

## Example
```text
The Upper Weir Ferry Union (UWFU) met on Monday. A day later the UWFO called for a strike.
```

## What to do
Find out which is meant, and correct the other, or spell it out.

## Where it errs
Two real organisations, of which only one is spelt out, are taken for one; abbreviations that come from another language than
their expansion look wrong. Abbreviations that stand side by side are passed over.
",
};

/// An abbreviation of a text.
struct Group<'a> {
    text: &'a str,
    letters: Vec<char>,
    places: Vec<usize>,
    count: usize,
    explained: bool,
    /// Where the initials before its brackets are its own.
    expanded: Option<usize>,
    /// Initials before its brackets that differ in one letter, and where.
    crossed: Option<(String, usize)>,
}

/// So many abbreviations of a text are compared.
const COMPARED: usize = 200;
/// So many places of one are kept.
const PLACES: usize = 16;

impl Check for AcronymMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let groups = groups(text);
        let clashes = groups
            .iter()
            .filter_map(|rare| Some((rare, clash(text.text, rare, &groups)?)));
        let clashes = clashes.map(|(rare, spelt)| clash_finding(document, rare, spelt));
        let crossed = groups
            .iter()
            .filter_map(|group| crossed_finding(document, group, &groups));
        limit(clashes.chain(crossed), findings);
    }
}

fn groups<'a>(text: &Text<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for acronym in acronyms::acronyms(text.text, text.vocabulary()) {
        let at = match groups.iter().position(|group| group.text == acronym.text) {
            Some(at) => at,
            None if groups.len() < COMPARED => {
                groups.push(Group::new(&acronym));
                groups.len() - 1
            }
            None => continue,
        };
        groups[at].add(text, &acronym);
    }
    groups
}

impl<'a> Group<'a> {
    fn new(acronym: &Acronym<'a>) -> Self {
        Self {
            text: acronym.text,
            letters: skeleton::plain(acronym.text),
            places: Vec::new(),
            count: 0,
            explained: false,
            expanded: None,
            crossed: None,
        }
    }

    fn add(&mut self, text: &Text<'_>, acronym: &Acronym<'_>) {
        self.count += 1;
        self.explained |= acronym.explained;
        if self.places.len() < PLACES {
            self.places.push(acronym.start);
        }
        if !acronym.explained || self.expanded.is_some() {
            return;
        }
        let first = self.text.split('-').next().unwrap_or_default();
        let part: Vec<char> = first.chars().collect();
        let initials = acronyms::initials_before(text.text, acronym.start, part.len());
        let letters: Vec<char> = initials.iter().map(|(letter, _)| *letter).collect();
        if letters == part && part.len() > 2 {
            self.expanded = initials.first().map(|(_, at)| *at);
        } else if is_crossed(text.text, &part, &initials) {
            self.crossed = initials.first().map(|(_, at)| (letters.iter().collect(), *at));
        }
    }
}

/// Whether initials differ from an abbreviation in one letter that does not stand anywhere in its word.
fn is_crossed(text: &str, letters: &[char], initials: &[(char, usize)]) -> bool {
    if letters.len() != initials.len() || letters.len() < 3 {
        return false;
    }
    let mut wrong = letters
        .iter()
        .zip(initials)
        .filter(|(letter, (initial, _))| **letter != *initial);
    let (Some((letter, (_, at))), None) = (wrong.next(), wrong.next()) else {
        return false;
    };
    let word = text[*at..]
        .split(|sign: char| !sign.is_alphanumeric())
        .next()
        .unwrap_or_default();
    !skeleton::plain(word).contains(&skeleton::plain(&letter.to_string()).first().copied().unwrap_or(*letter))
}

/// Abbreviations closer than this stand side by side.
const BESIDE: usize = 24;

/// The abbreviation that is spelt out, and from which a rarer one differs by a letter.
fn clash<'g, 'a>(text: &str, rare: &Group<'a>, groups: &'g [Group<'a>]) -> Option<&'g Group<'a>> {
    if rare.explained || rare.count > 2 || acronyms::is_known(rare.text) {
        return None;
    }
    groups.iter().find(|spelt| {
        let same_shape = spelt.letters.len() == rare.letters.len() && hyphens(spelt.text) == hyphens(rare.text);
        let least = if rare.letters.len() > 3 { 2 } else { 3 };
        let beside = spelt
            .places
            .iter()
            .any(|a| rare.places.iter().any(|b| a.abs_diff(*b) < BESIDE));
        spelt.expanded.is_some()
            && same_shape
            && !beside
            && spelt.count >= least
            && spelt.letters[0] == rare.letters[0]
            && (rare.letters.len() > 3 || share_words(text, rare, spelt))
            && skeleton::distance(&spelt.letters, &rare.letters) == 1
    })
}

/// Whether the same two words stand before, or before and after, both.
fn share_words(text: &str, one: &Group<'_>, other: &Group<'_>) -> bool {
    let beside = |group: &Group<'_>, at: usize| Neighbours::of(text, at, at + group.text.len());
    one.places.iter().any(|&a| {
        let a = beside(one, a);
        other.places.iter().any(|&b| {
            let b = beside(other, b);
            let near = !a.before[0].is_empty() && a.before[0] == b.before[0];
            let far = !a.before[1].is_empty() && a.before[1] == b.before[1];
            let after = !a.after[0].is_empty() && a.after[0] == b.after[0];
            near && (far || after)
        })
    })
}

fn hyphens(text: &str) -> usize {
    text.matches('-').count()
}

fn clash_finding(document: &Document<'_>, rare: &Group<'_>, spelt: &Group<'_>) -> Finding {
    let at =
        |group: &Group<'_>, start: usize| document.at(document.source.nearest_span(start, start + group.text.len()));
    let (severity, confidence) = match rare.letters.len() {
        5.. => (Severity::Error, 0.85),
        4 => (Severity::Warning, 0.7),
        _ => (Severity::Info, 0.4),
    };
    let finding = RULE
        .finding(
            at(rare, rare.places[0]),
            format!(
                "`{}` differs by one letter from `{}`, which the text spells out",
                rare.text, spelt.text
            ),
        )
        .severity(severity)
        .confidence(confidence)
        .help("find out which is meant, and correct it or spell it out")
        .evidence("acronyms", vec![rare.text, spelt.text]);
    let place = spelt.expanded.unwrap_or(spelt.places[0]);
    let end = spelt
        .places
        .iter()
        .find(|start| **start > place)
        .copied()
        .unwrap_or(place);
    let span = document.source.nearest_span(place, end + spelt.text.len());
    finding.related(document.at(span), format!("`{}` is spelt out here", spelt.text))
}

/// Initials before brackets that the text uses as an abbreviation elsewhere, and other letters in the brackets.
fn crossed_finding(document: &Document<'_>, group: &Group<'_>, groups: &[Group<'_>]) -> Option<Finding> {
    let (initials, at) = group.crossed.as_ref().filter(|_| group.expanded.is_none())?;
    let other = groups.iter().find(|other| other.text == initials && !other.explained)?;
    let end = group.places.iter().find(|start| **start > *at)? + group.text.len();
    let place = |start, end| document.at(document.source.nearest_span(start, end));
    let finding = RULE
        .finding(
            place(*at, end),
            format!("the words before `{}` have the initials {initials}", group.text),
        )
        .confidence(0.8)
        .help("find out which letter is wrong")
        .evidence("acronyms", vec![group.text, initials]);
    let used = place(other.places[0], other.places[0] + other.text.len());
    Some(finding.related(used, "the text uses these initials"))
}
