//! `consistency/name-variant-across`: one name, spelt in several ways in texts about the same matter.

use std::collections::BTreeMap;

use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Location, Severity};
use crate::text::Features;
use crate::text::marks::Mark;
use crate::text::neighbours::Cue;
use crate::text::skeleton;
use crate::text::spellings;

/// See [`RULE`].
#[derive(Debug)]
pub struct NameVariantAcross;

/// What it is.
pub static RULE: Rule = Rule {
    id: "consistency/name-variant-across",
    severity: Severity::Info,
    summary: "one name, spelt in several ways in texts about the same matter",
    settings: &[],
    docs: "\
## What it does
Compares the names of texts that share other names, and finds those with the same consonants that one text spells otherwise
than another. It is a warning where both texts call it a place (`the town of Tarmuseh`, `Tarmussa district`).

## Why it matters
A search for one spelling misses the texts with the other, and a list of names counts one thing twice. Texts by several authors
may keep their spellings; the record should know that they mean the same.

## Example
One text has `the district of Tarmuseh`, another on the same event `Tarmussa, a suburb`.

## What to do
Note in an index which spellings belong together. Change a text only where its own source has the other spelling.

## Where it errs
Two people of nearly the same name in texts on the same matter are taken for one. Of every text only its 64 commonest names
are compared, and of the corpus at most 200 names are reported.
",
};

/// So many names are reported.
const MOST: usize = 200;
/// Texts that share so many of their names are about the same matter.
const SAME_MATTER: usize = 8;
/// A name that nothing but the matter speaks for has so many letters.
const LONG: usize = 7;
/// So many spellings of a bucket are compared, and so many texts of each.
const SPELLINGS: usize = 12;
const TEXTS: usize = 8;

impl Check for NameVariantAcross {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let mut held = held(survey);
        held.sort_unstable_by_key(|one| (one.mark.skeleton, one.text, one.mark.span));
        let buckets = held.chunk_by(|one, other| one.mark.skeleton == other.mark.skeleton);
        let telling = Telling::of(survey);
        let found = buckets.filter_map(|bucket| finding(survey, &telling, &spelt(bucket)));
        findings.extend(found.take(MOST));
    }
}

/// A name that at most so many texts mention tells what they are about; or one text in so many, in a larger corpus.
const RARE: usize = 8;
const SHARE: usize = 50;

/// Names that too many texts mention to tell what any of them is about.
struct Telling(Vec<u32>);

impl Telling {
    fn of(survey: &Survey<'_>) -> Self {
        let texts = survey.features.iter().flatten();
        let most = RARE.max(texts.clone().count() / SHARE);
        let mut names: Vec<u32> = texts.flat_map(|features| features.names.iter().copied()).collect();
        names.sort_unstable();
        let common = names.chunk_by(|one, other| one == other).filter(|run| run.len() > most);
        Self(common.map(|run| run[0]).collect())
    }

    /// How many names two texts share that tell what they are about.
    fn shared(&self, one: &Features, other: &Features) -> usize {
        let telling = |name: &&u32| other.names.binary_search(name).is_ok() && self.0.binary_search(name).is_err();
        one.names.iter().filter(telling).count()
    }
}

/// A name in a text.
#[derive(Clone, Copy)]
struct Held<'a> {
    text: usize,
    features: &'a Features,
    mark: &'a Mark,
}

fn held<'a>(survey: &Survey<'a>) -> Vec<Held<'a>> {
    let texts = survey.features.iter().enumerate();
    let texts = texts.filter_map(|(text, features)| Some((text, features.as_ref()?)));
    texts
        .flat_map(|(text, features)| {
            features
                .marks
                .marks
                .iter()
                .map(move |mark| Held { text, features, mark })
        })
        .collect()
}

/// A spelling with the texts that have it.
struct Spelt<'a> {
    letters: Vec<char>,
    held: Vec<Held<'a>>,
}

impl<'a> Held<'a> {
    fn word(&self) -> &'a str {
        self.features.marks.spelling(self.mark)
    }
}

/// The spellings of a bucket; those that differ in capitals and accents only are one.
fn spelt<'a>(bucket: &[Held<'a>]) -> Vec<Spelt<'a>> {
    let one_word = bucket.iter().all(|held| held.word() == bucket[0].word());
    if one_word || bucket.iter().all(|held| held.text == bucket[0].text) {
        return Vec::new();
    }
    let mut spelt: BTreeMap<Vec<char>, Vec<Held<'a>>> = BTreeMap::new();
    for held in bucket {
        spelt.entry(skeleton::plain(held.word())).or_default().push(*held);
    }
    spelt
        .into_iter()
        .take(SPELLINGS)
        .map(|(letters, held)| Spelt { letters, held })
        .collect()
}

fn finding(survey: &Survey<'_>, telling: &Telling, spelt: &[Spelt<'_>]) -> Option<Finding> {
    let mut ties: Vec<(usize, usize, Tie)> = Vec::new();
    for (at, one) in spelt.iter().enumerate() {
        for (other, two) in spelt.iter().enumerate().skip(at + 1) {
            ties.extend(tie(telling, one, two).map(|tie| (at, other, tie)));
        }
    }
    let place = ties.iter().any(|(_, _, tie)| *tie == Tie::Place);
    let mut members: Vec<usize> = ties.iter().flat_map(|(one, other, _)| [*one, *other]).collect();
    members.sort_unstable();
    members.dedup();
    members.sort_by_key(|&at| spelt[at].held.len());
    let words: Vec<&str> = members.iter().map(|&at| spelt[at].held[0].word()).collect();
    let (rarest, others) = members.split_first()?;
    let at = |held: &Held<'_>| {
        let path = survey.manifest.entries[held.text].path.as_ref();
        Location::at(path.map_or("", |path| path.value.as_str()), held.mark.span)
    };
    let first = &spelt[*rarest].held[0];
    let message = format!(
        "one name seems to be spelt in {} ways in this corpus: {}",
        words.len(),
        words.join(", ")
    );
    let mut finding = RULE
        .finding(at(first), message)
        .severity(if place { Severity::Warning } else { Severity::Info })
        .confidence(if place { 0.8 } else { 0.6 })
        .help("note which spellings belong together")
        .evidence("spellings", words);
    for held in others
        .iter()
        .flat_map(|&at| nearest(first, &spelt[at].held))
        .take(TEXTS)
    {
        finding = finding.related(at(held), format!("`{}` here", held.word()));
    }
    Some(finding)
}

/// Two texts to show of a spelling: those in which the same word belongs to it, where there are such.
fn nearest<'h, 'a>(first: &Held<'a>, held: &'h [Held<'a>]) -> impl Iterator<Item = &'h Held<'a>> {
    let (head, tail) = (first.mark.head, first.mark.tail);
    let tied = move |held: &&Held<'a>| (head != 0 && held.mark.head == head) || (tail != 0 && held.mark.tail == tail);
    let any = held.iter().any(|one| tied(&one));
    held.iter().filter(move |one| !any || tied(one)).take(2)
}

/// What ties two spellings together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tie {
    /// Both are called a place.
    Place,
    /// The same word belongs to both.
    Head,
    /// Nothing but the matter of their texts.
    Matter,
}

fn tie(telling: &Telling, one: &Spelt<'_>, other: &Spelt<'_>) -> Option<Tie> {
    let alike =
        spellings::is_near(&one.letters, &other.letters) && skeleton::sounds_alike(&one.letters, &other.letters);
    if !alike || share_a_text(one, other) {
        return None;
    }
    let inflected = [one, other].iter().any(|spelt| spelt.held[0].features.marks.inflected);
    let inside = spellings::differs_inside(&one.letters, &other.letters, inflected);
    if inflected && !inside {
        return None;
    }
    let long = one.letters.len().min(other.letters.len()) >= LONG;
    let heads = compare(one, other, |mark| mark.head);
    let tails = compare(one, other, |mark| mark.tail);
    let both = |cue| {
        [one, other]
            .iter()
            .all(|spelt| spelt.held.iter().any(|held| held.mark.cue == Some(cue)))
    };
    let tie = match (heads, tails) {
        (Some(true), _) | (_, Some(true)) => Tie::Head,
        (Some(false), _) | (_, Some(false)) => return None,
        _ if both(Cue::Place) => Tie::Place,
        _ if inside && long => Tie::Matter,
        _ => return None,
    };
    is_same_matter(telling, one, other).then_some(tie)
}

fn share_a_text(one: &Spelt<'_>, other: &Spelt<'_>) -> bool {
    let mut texts = one.held.iter().take(TEXTS * TEXTS);
    texts.any(|held| other.held.binary_search_by_key(&held.text, |other| other.text).is_ok())
}

/// Whether the words that belong to two spellings are the same: `None` where one has none.
fn compare(one: &Spelt<'_>, other: &Spelt<'_>, of: fn(&Mark) -> u32) -> Option<bool> {
    let words = |spelt: &Spelt<'_>| -> Vec<u32> {
        let words = spelt.held.iter().take(TEXTS * TEXTS).map(|held| of(held.mark));
        words.filter(|word| *word != 0).collect()
    };
    let (one, other) = (words(one), words(other));
    (!one.is_empty() && !other.is_empty()).then(|| one.iter().any(|word| other.contains(word)))
}

/// Whether some text with the one spelling and some text with the other share many names.
fn is_same_matter(telling: &Telling, one: &Spelt<'_>, other: &Spelt<'_>) -> bool {
    let pairs = one.held.iter().take(TEXTS);
    let mut pairs = pairs.flat_map(|a| other.held.iter().take(TEXTS).map(move |b| (a, b)));
    pairs.any(|(a, b)| telling.shared(a.features, b.features) >= SAME_MATTER)
}
