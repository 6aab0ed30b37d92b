//! From passages of pieces to what is reported: joined where a text was cut, told apart by kind, gathered into groups, and
//! said of equal texts too.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::cluster::{Clusters, Group, Nodes, clusters};
use super::compare::{Match, Thresholds};
use super::exact::Classes;
use super::kind::{AROUND, Kind, Look, SHORT};
use super::normal::Normal;
use super::texts::Texts;
use super::{Duplicates, Options, Pair, Place, align};
use crate::error::{Error, Result};

/// One side of a pair, as it was found in a piece.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Where it stands.
    pub place: Place,
    /// How many words it has.
    pub words: usize,
    /// Whether it is a whole paragraph.
    pub whole: bool,
    /// Whether the text was cut just before it, and just behind it.
    pub cut: (bool, bool),
    /// A hash of its words.
    pub print: u64,
}

/// Words between a passage and the end of its piece that are passed over where two passages are joined.
const SLACK: usize = 4;

impl Side {
    /// Some words of a piece of a text, which begins at a byte, and is the last of the text or not.
    pub fn of(text: usize, start: u64, normal: &Normal, words: &Range<usize>, last: bool) -> Self {
        let bytes = normal.bytes_of(words.clone());
        let mix = |print: u64, word: &super::normal::Word| {
            (print ^ u64::from(word.hash))
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(29)
        };
        Self {
            place: Place {
                text,
                start: start + bytes.start as u64,
                end: start + bytes.end as u64,
            },
            words: words.len(),
            whole: normal.paragraph_of(words.start) == *words,
            cut: (
                start > 0 && words.start <= SLACK,
                !last && words.end + SLACK >= normal.words.len(),
            ),
            print: normal.words[words.clone()].iter().fold(0, mix),
        }
    }
}

/// A pair as it was found in two pieces.
#[derive(Clone, Copy, Debug)]
pub struct Raw {
    /// The one that stands earlier.
    pub a: Side,
    /// The other.
    pub b: Side,
    /// How alike they are, from 0 to 1.
    pub similarity: f32,
}

impl Raw {
    /// Of two sides, the earlier one first.
    pub fn of(a: Side, b: Side, one: &Match) -> Self {
        Self {
            a,
            b,
            similarity: one.similarity,
        }
    }

    /// What it is sorted by.
    pub fn place(&self) -> (usize, usize, Place, Place) {
        (self.a.place.text, self.b.place.text, self.a.place, self.b.place)
    }

    /// By place; of two in one place first what is more alike, so that no order of threads shows.
    pub fn compare(one: &Self, other: &Self) -> std::cmp::Ordering {
        let alike = || other.similarity.total_cmp(&one.similarity);
        one.place().cmp(&other.place()).then_with(alike)
    }

    /// Words of the shorter side.
    pub fn words(&self) -> usize {
        self.a.words.min(self.b.words)
    }

    /// What it is by the looks of both sides, where passages within paragraphs have so many words. Only one of few words
    /// ([`SHORT`]) has to be looked at; of a longer one, take looks that say nothing.
    pub fn kind(&self, [a, b]: [Look; 2], words: usize) -> Kind {
        let short = self.a.whole && self.b.whole && self.words() < words;
        Kind::of(a, b, short)
    }

    fn pair(&self, kind: Kind) -> Pair {
        Pair {
            a: self.a.place,
            b: self.b.place,
            similarity: self.similarity,
            words: self.words(),
            whole: self.a.whole && self.b.whole,
            kind,
            group: 0,
        }
    }
}

/// Settles what was found, in any order. Of passages that stand more than `frequent` times not every pair was compared:
/// these groups are boilerplate.
pub(super) fn settle(
    texts: &dyn Texts,
    options: &Options<'_>,
    thresholds: &Thresholds,
    classes: &Classes,
    frequent: usize,
    found: Vec<Raw>,
) -> Result<Duplicates> {
    let mut found = join(found);
    let kinds = kinds(texts, options, &found)?;
    let mut kept = kinds.iter().map(|kind| options.all || *kind == Kind::Passage);
    found.retain(|_| kept.next().unwrap_or(true));
    let kinds: Vec<Kind> = kinds
        .into_iter()
        .filter(|kind| options.all || *kind == Kind::Passage)
        .collect();
    let pairs: Vec<Pair> = found.iter().zip(kinds).map(|(raw, kind)| raw.pair(kind)).collect();
    options.stop.heed()?;
    let mut asked = None;
    let clusters = clusters(&pairs, |one, other| resemble(texts, thresholds, one, other, &mut asked));
    let settled = Settled {
        options,
        frequent,
        classes,
        found: &found,
        pairs,
        clusters,
    };
    let mut duplicates = settled.groups();
    report_copies(classes, frequent, texts, &mut duplicates);
    number(&mut duplicates);
    Ok(duplicates)
}

/// What hangs together by pairs, apart from all that does not: groups need no more.
#[derive(Debug)]
pub struct Component {
    /// Its pairs, joined and sorted by [`Raw::compare`], each with what it is.
    pub found: Vec<(Raw, Kind)>,
    /// The nodes of their sides.
    pub nodes: Nodes,
    /// Which of its texts have the same bytes.
    pub classes: Classes,
}

impl Component {
    /// Its groups and pairs, as `settle` would give them; the groups still without the numbers of ids that stand twice. Of the
    /// texts, only the places of nodes are read. Texts that are equal are told by [`copies`].
    pub fn settle(self, texts: &dyn Texts, options: &Options<'_>, frequent: usize) -> Duplicates {
        let pairs = self.found.iter().map(|(raw, kind)| raw.pair(*kind)).collect();
        let found: Vec<Raw> = self.found.into_iter().map(|(raw, _)| raw).collect();
        let thresholds = Thresholds::of(options);
        let mut asked = None;
        let resemble = |one, other| resemble(texts, &thresholds, one, other, &mut asked);
        let settled = Settled {
            options,
            frequent,
            classes: &self.classes,
            found: &found,
            pairs,
            clusters: self.nodes.clusters(resemble),
        };
        settled.groups()
    }
}

/// Sorts what was found, of whatever texts, and keeps of several in one place the most alike; then joins passages that go on
/// where a text was cut.
pub fn join(mut found: Vec<Raw>) -> Vec<Raw> {
    found.sort_unstable_by(Raw::compare);
    found.dedup_by(|one, other| one.place() == other.place());
    join_sorted(found)
}

/// Joins passages that go on where a text was cut, in the memory of what was found.
fn join_sorted(mut found: Vec<Raw>) -> Vec<Raw> {
    let mut joined = 0;
    // Where passages stand that may go on.
    let mut open: Vec<usize> = Vec::new();
    for next in 0..found.len() {
        let raw = found[next];
        open.retain(|&at| found[at].a.place.text == raw.a.place.text && found[at].b.place.text == raw.b.place.text);
        let goes_on = raw.a.cut.0 || raw.b.cut.0;
        let before = open.iter().position(|&at| goes_on && follows(&found[at], &raw));
        let at = match before {
            Some(place) => {
                let at = open.remove(place);
                absorb(&mut found[at], &raw);
                at
            }
            None => {
                found[joined] = raw;
                joined += 1;
                joined - 1
            }
        };
        if raw.a.cut.1 || raw.b.cut.1 {
            open.push(at);
        }
    }
    found.truncate(joined);
    found
}

/// So many bytes may lie between two passages that are joined.
const BETWEEN: u64 = 200;

fn follows(last: &Raw, next: &Raw) -> bool {
    let near = |last: &Side, next: &Side| {
        let (end, start) = (last.place.end, next.place.start);
        next.place.end > end && start + BETWEEN >= end && start <= end + BETWEEN
    };
    near(&last.a, &next.a) && near(&last.b, &next.b)
}

/// Both as one: as alike as both are, by their words.
fn absorb(last: &mut Raw, next: &Raw) {
    let (one, other) = (last.words() as f32, next.words() as f32);
    last.similarity = (last.similarity * one + next.similarity * other) / (one + other).max(1.0);
    for (last, next) in [(&mut last.a, &next.a), (&mut last.b, &next.b)] {
        last.place.end = last.place.end.max(next.place.end);
        last.words += next.words;
        last.whole = false;
        last.cut.1 = next.cut.1;
        last.print = (last.print ^ next.print).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// What each pair is; only short ones can be other than passages.
fn kinds(texts: &dyn Texts, options: &Options<'_>, found: &[Raw]) -> Result<Vec<Kind>> {
    let short = || found.iter().enumerate().filter(|(_, raw)| raw.words() <= SHORT);
    let mut places: Vec<(Place, usize, usize)> = Vec::with_capacity(short().count() * 2);
    for (number, raw) in short() {
        places.extend([(raw.a.place, number, 0), (raw.b.place, number, 1)]);
    }
    places.sort_unstable();
    let of_text: Vec<&[(Place, usize, usize)]> = places.chunk_by(|one, other| one.0.text == other.0.text).collect();
    let looks: Vec<Vec<Look>> = of_text
        .par_iter()
        .map(|places| looks(texts, options, places))
        .collect::<Result<_>>()?;
    let mut sides = vec![[Look::default(); 2]; found.len()];
    for ((_, number, side), look) in places.iter().zip(looks.into_iter().flatten()) {
        sides[*number][*side] = look;
    }
    let kinds = found.iter().zip(sides);
    Ok(kinds.map(|(raw, looks)| raw.kind(looks, options.words)).collect())
}

/// A text of more bytes is not read whole for the looks of its passages.
const READ_WHOLE: u64 = 256 << 10;

/// How the passages of one text look, in order.
fn looks(texts: &dyn Texts, options: &Options<'_>, places: &[(Place, usize, usize)]) -> Result<Vec<Look>> {
    options.stop.heed()?;
    let text = places.first().map_or(0, |(place, _, _)| place.text);
    let size = texts.size(text);
    let whole = size <= READ_WHOLE;
    let mut bytes = Vec::new();
    let read = |part: Range<u64>, bytes: &mut Vec<u8>| {
        let read = texts.read(text, part, bytes);
        read.map_err(|error| Error::io("read", texts.name(text), error))
    };
    if whole {
        read(0..size, &mut bytes)?;
    }
    let look = |(place, _, _): &(Place, usize, usize)| {
        let part = place.start.saturating_sub(AROUND)..(place.end + AROUND).min(size);
        let from = if whole { 0 } else { part.start };
        if !whole {
            read(part.clone(), &mut bytes)?;
        }
        let text = |from: u64, to: u64| {
            let range = usize::try_from(from).unwrap_or(usize::MAX)..usize::try_from(to).unwrap_or(usize::MAX);
            String::from_utf8_lossy(bytes.get(range).unwrap_or_default())
        };
        let before = text(part.start - from, place.start - from);
        let behind = text(place.end - from, part.end - from);
        Ok(Look::of(&before, &text(place.start - from, place.end - from), &behind))
    };
    places.iter().map(look).collect()
}

/// Whether two places that no pair joins are alike all the same. Where one cannot be read any more, they are not. The first one, which
/// is mostly asked about again, is kept in `asked`.
fn resemble(
    texts: &dyn Texts,
    thresholds: &Thresholds,
    one: Place,
    other: Place,
    asked: &mut Option<(Place, Option<Normal>)>,
) -> bool {
    let normal = |place: Place| {
        let mut bytes = Vec::new();
        texts.read(place.text, place.start..place.end, &mut bytes).ok()?;
        Some(Normal::of(std::str::from_utf8(&bytes).ok()?))
    };
    if asked.as_ref().is_none_or(|(place, _)| *place != one) {
        *asked = Some((one, normal(one)));
    }
    let (Some((_, Some(one))), Some(other)) = (asked, normal(other)) else {
        return false;
    };
    let ratio = align::ratio(one, 0..one.words.len(), &other, 0..other.words.len());
    thresholds.are_alike(one.words.len().min(other.words.len()), ratio)
}

/// A short passage that stands so often in one text alone is a refrain; what stands more often is no song.
const REFRAIN: std::ops::RangeInclusive<usize> = 4..=60;
/// A refrain has at most so many words.
const REFRAIN_WORDS: usize = 24;
/// Equal texts are listed pair by pair where there are no more pairs than this for one.
const COPIES: usize = 64;

/// What is known of all pairs, before it is said of equal texts too.
struct Settled<'a> {
    options: &'a Options<'a>,
    frequent: usize,
    classes: &'a Classes,
    found: &'a [Raw],
    pairs: Vec<Pair>,
    clusters: Clusters,
}

impl Settled<'_> {
    fn groups(mut self) -> Duplicates {
        let mut duplicates = Duplicates {
            same: self.classes.classes.clone(),
            ..Duplicates::default()
        };
        for cluster in 0..self.clusters.groups.len() {
            self.report(cluster, &mut duplicates);
        }
        duplicates
    }

    /// Reports one group, unless it is a refrain that nobody asked for.
    fn report(&mut self, cluster: usize, duplicates: &mut Duplicates) {
        let edges = std::mem::take(&mut self.clusters.groups[cluster]);
        let members = &self.clusters.members[cluster];
        let words = edges
            .iter()
            .map(|&edge| self.found[edge].a.words.max(self.found[edge].b.words))
            .max();
        let words = words.unwrap_or_default();
        let refrain = self.is_refrain(members, words);
        if refrain && !self.options.all {
            return;
        }
        let group = duplicates.groups.len();
        let members: Vec<Place> = self.with_copies(members);
        let boilerplate = members.len() > self.frequent;
        let medoid = self.clusters.medoids[cluster];
        for &edge in &edges {
            let mut pair = self.pairs[edge];
            pair.group = group;
            if refrain {
                pair.kind = Kind::Refrain;
            }
            if !boilerplate || [pair.a, pair.b].iter().any(|place| overlap(*place, medoid)) {
                self.push_with_copies(pair, duplicates);
            }
        }
        duplicates.groups.push(Group {
            id: self.id(&edges, medoid),
            boilerplate,
            members,
            words,
        });
    }

    fn is_refrain(&self, members: &[Place], words: usize) -> bool {
        let text = members.first().map(|place| place.text);
        let alone = members.iter().all(|place| Some(place.text) == text);
        let copied = text.is_some_and(|text| self.classes.of_text(text).is_some());
        alone && !copied && REFRAIN.contains(&members.len()) && words <= REFRAIN_WORDS
    }

    /// The print of the passage that the others resemble; of several versions of it, the first.
    fn id(&self, edges: &[usize], medoid: Place) -> String {
        let sides = edges.iter().flat_map(|&edge| [self.found[edge].a, self.found[edge].b]);
        let print = sides
            .filter(|side| overlap(side.place, medoid))
            .map(|side| side.print)
            .min();
        format!("{:016x}", print.unwrap_or_default())
    }

    fn with_copies(&self, members: &[Place]) -> Vec<Place> {
        let copies = |place: &Place| {
            let texts = self
                .classes
                .of_text(place.text)
                .unwrap_or(std::slice::from_ref(&place.text))
                .to_vec();
            let place = *place;
            texts.into_iter().map(move |text| Place { text, ..place })
        };
        let mut members: Vec<Place> = members.iter().flat_map(copies).collect();
        members.sort_unstable();
        members
    }

    /// A pair, and the same of texts that are equal, unless these are too many.
    fn push_with_copies(&self, pair: Pair, duplicates: &mut Duplicates) {
        let own = [pair.a.text, pair.b.text];
        let [ones, others] = own
            .each_ref()
            .map(|text| self.classes.of_text(*text).unwrap_or(std::slice::from_ref(text)));
        if ones.len() * others.len() > COPIES {
            duplicates.pairs.push(pair);
            return;
        }
        for &one in ones {
            for &other in others.iter().filter(|other| own[0] != own[1] || **other == one) {
                let (a, b) = (Place { text: one, ..pair.a }, Place { text: other, ..pair.b });
                duplicates.pairs.push(Pair {
                    a: a.min(b),
                    b: a.max(b),
                    ..pair
                });
            }
        }
    }
}

/// Equal texts, whole, as groups.
fn report_copies(classes: &Classes, frequent: usize, texts: &dyn Texts, duplicates: &mut Duplicates) {
    let mut head = Vec::new();
    for class in &classes.classes {
        let size = texts.size(class[0]);
        let read = texts.read(class[0], 0..size.min(HEAD), &mut head);
        let Some((group, pairs)) = read.ok().and_then(|()| copies(&head, size, class, frequent)) else {
            continue;
        };
        let number = duplicates.groups.len();
        let pairs = pairs.into_iter().map(|pair| Pair { group: number, ..pair });
        duplicates.pairs.extend(pairs);
        duplicates.groups.push(group);
    }
}

/// So many bytes of equal texts are looked at to name their group.
pub const HEAD: u64 = super::piece::LENGTH * 2;

/// The group of texts that are equal, and its pairs: each with the first. None where they have no words. `head` is the beginning of
/// one, of up to [`HEAD`] bytes, and `size` how many bytes it has.
pub fn copies(head: &[u8], size: u64, class: &[usize], frequent: usize) -> Option<(Group, Vec<Pair>)> {
    let normal = Normal::of(&String::from_utf8_lossy(head));
    let words = normal.words.len();
    let place = |&text: &usize| Place {
        text,
        start: 0,
        end: size,
    };
    let members: Vec<Place> = class.iter().map(place).collect();
    let first = *members.first().filter(|_| words > 0)?;
    let pair = |&b: &Place| Pair {
        a: first,
        b,
        similarity: 1.0,
        words,
        whole: true,
        kind: Kind::Passage,
        group: 0,
    };
    let pairs = members.iter().skip(1).map(pair).collect();
    let print = blake3::hash(normal.codes());
    let group = Group {
        id: print.to_hex().chars().take(16).collect(),
        boilerplate: members.len() > frequent,
        members,
        words,
    };
    Some((group, pairs))
}

fn overlap(one: Place, other: Place) -> bool {
    one.text == other.text && one.start < other.end && other.start < one.end
}

/// Sorts groups by their first member and pairs by their places; an id that stands twice gets a number.
fn number(duplicates: &mut Duplicates) {
    let groups = std::mem::take(&mut duplicates.groups);
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|&one, &other| groups[one].members.cmp(&groups[other].members).then(one.cmp(&other)));
    let mut places = vec![0; groups.len()];
    order
        .iter()
        .enumerate()
        .for_each(|(place, &group)| places[group] = place);
    duplicates
        .pairs
        .iter_mut()
        .for_each(|pair| pair.group = places[pair.group]);
    duplicates.pairs.sort_by_key(|pair| (pair.a, pair.b, pair.group));
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    duplicates.groups = order.into_iter().filter_map(|group| groups[group].take()).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for group in &mut duplicates.groups {
        let count = seen.entry(group.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            group.id = format!("{}-{count}", group.id);
        }
    }
}
