//! Names of a text that are spelt in several ways, found by what their spellings share and by what stands beside them.

use std::cmp::Reverse;

use unicode_normalization::UnicodeNormalization as _;

use super::neighbours::{Cue, Neighbours};
use super::skeleton::{self, Skeleton};
use super::vocabulary::{Capital, Vocabulary};

/// A name, as one spelling of it.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    from: u32,
    to: u32,
    /// What it shares with other spellings.
    pub skeleton: Skeleton,
}

/// The names of a text, by their spelling.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Which capitals each name has, by their place in the vocabulary.
    order: Vec<u32>,
    /// The names, in the order of their hashes.
    pub names: Vec<Name>,
}

/// A longer run of words with capitals is a headline.
const TITLE: usize = 5;
/// A name has at least so many bytes.
const SHORTEST: u16 = 3;
/// So many names of a text are compared.
const MOST: usize = 1 << 16;

impl Names {
    /// Of a text.
    pub fn of(text: &str, vocabulary: &Vocabulary) -> Self {
        let mut keyed = keyed(text, &vocabulary.capitals);
        keyed.sort_unstable();
        let mut names = Self::default();
        for group in keyed.chunk_by(|one, other| one >> 32 == other >> 32) {
            let from = names.order.len();
            names.order.extend(group.iter().map(|key| *key as u32));
            let capitals = names.order[from..].iter().map(|&at| &vocabulary.capitals[at as usize]);
            let named = capitals.clone().any(|one| !one.opens() || one.is_shouted());
            let first = capitals.clone().next();
            let Some(first) = first.filter(|_| named && names.names.len() < MOST) else {
                names.order.truncate(from);
                continue;
            };
            names.names.push(Name {
                from: u32::try_from(from).unwrap_or(u32::MAX),
                to: u32::try_from(names.order.len()).unwrap_or(u32::MAX),
                skeleton: skeleton::skeleton(first.word(text)),
            });
        }
        names
    }

    /// Where a name stands.
    pub fn places<'a>(&'a self, name: &Name, vocabulary: &'a Vocabulary) -> impl Iterator<Item = &'a Capital> + Clone {
        let order = &self.order[name.from as usize..name.to as usize];
        order.iter().map(|&at| &vocabulary.capitals[at as usize])
    }
}

impl Name {
    /// How often it stands.
    pub fn count(&self) -> usize {
        (self.to - self.from) as usize
    }
}

/// Words that can be names, each as its hash and its place.
fn keyed(text: &str, capitals: &[Capital]) -> Vec<u64> {
    let mut keyed = Vec::with_capacity(capitals.len());
    let mut at = 0;
    while at < capitals.len() {
        let run = 1 + capitals[at + 1..].iter().take_while(|next| next.follows()).count();
        if run <= TITLE {
            keyed.extend((at..at + run).filter_map(|at| key(text, capitals, at)));
        }
        at += run;
    }
    keyed
}

fn key(text: &str, capitals: &[Capital], at: usize) -> Option<u64> {
    let capital = &capitals[at];
    if capital.len < SHORTEST || capital.has_digit() {
        return None;
    }
    let hash = capital.word(text).bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    Some(u64::from(hash) << 32 | at as u64)
}

/// How two spellings differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// In capitals: `Isis` and `ISIS`.
    Case,
    /// In an accent.
    Accent,
    /// In the article put before: `al-`, `Al `.
    Article,
    /// In letters.
    Letters,
}

impl Difference {
    /// The word for it, as evidence gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Accent => "accent",
            Self::Article => "article",
            Self::Letters => "letters",
        }
    }
}

/// What speaks for it that two spellings are of one name, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// One is rare, the other frequent.
    Rarity,
    /// The same word follows or precedes both.
    Word,
    /// Both have the title of a person.
    Title,
    /// Both are called a place of one kind.
    Place,
    /// The same capital word belongs to both.
    Head,
}

impl Ground {
    /// The word for it, as evidence gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rarity => "rarity",
            Self::Word => "word",
            Self::Title => "title",
            Self::Place => "place",
            Self::Head => "head",
        }
    }
}

/// One spelling, and where it stands first where it is like the others.
#[derive(Clone, Debug)]
pub struct Spelling {
    /// As it is written.
    pub word: String,
    /// Its first byte.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
    /// How often it stands.
    pub count: usize,
}

/// Spellings of one name.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// The spellings, the commonest first.
    pub spellings: Vec<Spelling>,
    /// How they differ.
    pub difference: Difference,
    /// What speaks for it.
    pub ground: Ground,
}

/// A bucket with more spellings than this holds no name.
const BUCKET: usize = 8;
/// So many places of a spelling are looked at.
pub(super) const LOOKED_AT: usize = 8;
/// So much of a text is searched for the word in lower case, in bytes.
pub(super) const SEARCHED: usize = 1 << 18;
/// So many spellings of a text are weighed.
const WEIGHED: usize = 400;

/// What is known of the text while its spellings are weighed.
pub struct Weighing<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether names of its language have endings for their cases.
    pub inflected: bool,
    /// Whether its language gives all nouns a capital.
    pub nouns: bool,
    /// Whether a byte stands in prose.
    pub is_prose: &'a dyn Fn(usize) -> bool,
}

impl std::fmt::Debug for Weighing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Weighing").finish_non_exhaustive()
    }
}

/// The clusters of a text.
pub fn clusters(weighing: &Weighing<'_>, vocabulary: &Vocabulary, names: &Names) -> Vec<Cluster> {
    let mut buckets: Vec<(u32, u32)> = Vec::with_capacity(names.names.len());
    for (at, name) in names.names.iter().enumerate() {
        if name.skeleton.len >= 2 {
            buckets.push((name.skeleton.hash, u32::try_from(at).unwrap_or(u32::MAX)));
        }
    }
    buckets.sort_unstable();
    let mut clusters = Vec::new();
    let mut weighed = 0;
    for bucket in buckets.chunk_by(|one, other| one.0 == other.0) {
        if !(2..=BUCKET).contains(&bucket.len()) || weighed > WEIGHED {
            continue;
        }
        weighed += bucket.len();
        let members = bucket.iter().map(|(_, at)| &names.names[*at as usize]);
        let members = members.filter_map(|name| Member::of(weighing, vocabulary, names, name));
        weighing.cluster(members.collect(), &mut clusters);
    }
    clusters.sort_by_key(|cluster| cluster.spellings.iter().map(|spelling| spelling.start).min());
    clusters
}

/// A spelling with what stands beside it.
struct Member<'a> {
    word: &'a str,
    letters: Vec<char>,
    skeleton: u8,
    count: usize,
    shouted: bool,
    places: Vec<(usize, usize, Neighbours<'a>)>,
}

impl<'a> Member<'a> {
    /// `None` where it stands nowhere in prose.
    fn of(weighing: &Weighing<'a>, vocabulary: &Vocabulary, names: &Names, name: &Name) -> Option<Self> {
        let places = names.places(name, vocabulary).take(LOOKED_AT);
        let places = places.map(|one| (one.start as usize, one.end()));
        let places: Vec<_> = places
            .filter(|(start, _)| (weighing.is_prose)(*start))
            .map(|(start, end)| (start, end, Neighbours::of(weighing.text, start, end)))
            .filter(|place| !is_emphatic(weighing.text, place))
            .collect();
        let word = places.first().map(|&(start, end, _)| &weighing.text[start..end])?;
        Some(Self {
            word,
            letters: skeleton::plain(word),
            skeleton: name.skeleton.len,
            count: name.count(),
            shouted: !word.chars().any(char::is_lowercase),
            places,
        })
    }

    fn neighbours(&self) -> impl Iterator<Item = &Neighbours<'a>> {
        self.places.iter().map(|(_, _, neighbours)| neighbours)
    }

    fn heads(&self) -> Vec<&'a str> {
        self.neighbours()
            .filter_map(Neighbours::head)
            .filter(|word| word.len() > 1)
            .collect()
    }

    fn tails(&self) -> Vec<&'a str> {
        self.neighbours()
            .filter_map(Neighbours::tail)
            .filter(|word| word.len() > 1)
            .collect()
    }

    /// How many capitals it has, and whether it ends as text does that was decoded wrongly.
    fn capitals(&self) -> (usize, bool) {
        let broken = self.word.ends_with(['â', 'Â', 'Ã', 'ã']);
        (self.word.chars().filter(|letter| letter.is_uppercase()).count(), broken)
    }

    fn has(&self, cue: Cue) -> bool {
        self.neighbours().any(|one| one.cue() == Some(cue))
    }

    fn spelling(&self) -> Spelling {
        let (start, end, _) = self.places.first().copied().unwrap_or_default();
        Spelling {
            word: self.word.to_owned(),
            start,
            end,
            count: self.count,
        }
    }
}

impl Weighing<'_> {
    /// The spellings of a bucket that hang together.
    fn cluster(&self, mut members: Vec<Member<'_>>, clusters: &mut Vec<Cluster>) {
        members.sort_by_key(|member| (Reverse(member.count), member.places.first().map(|place| place.0)));
        let from = clusters.len();
        for (at, one) in members.iter().enumerate() {
            for other in &members[at + 1..] {
                let Some((difference, ground)) = self.weigh(one, other) else {
                    continue;
                };
                let known = clusters[from..]
                    .iter()
                    .position(|cluster| cluster.has(one) || cluster.has(other));
                let at = known.map_or(clusters.len(), |known| from + known);
                if known.is_none() {
                    clusters.push(Cluster {
                        spellings: Vec::new(),
                        difference,
                        ground,
                    });
                }
                clusters[at].join(one, other, difference, ground);
            }
        }
    }

    /// What speaks for it that two spellings are of one name; `None` where it is not enough.
    fn weigh(&self, one: &Member<'_>, other: &Member<'_>) -> Option<(Difference, Ground)> {
        if one.letters == other.letters {
            return self.weigh_style(one, other);
        }
        let alike = is_near(&one.letters, &other.letters) && skeleton::sounds_alike(&one.letters, &other.letters);
        if !alike || one.capitals() != other.capitals() || are_listed(one, other) {
            return None;
        }
        let inside = differs_inside(&one.letters, &other.letters, self.inflected);
        if (!inside && self.inflected) || self.is_word(one) || self.is_word(other) {
            return None;
        }
        if are_office_and_holder(&one.letters, &other.letters) {
            return None;
        }
        let ground = ground(one, other)?;
        let slip = skeleton::distance(&one.letters, &other.letters) == 1 && one.letters.len() > 6;
        let short = one.letters.len().min(other.letters.len()) < 6 || one.skeleton < 3;
        let enough = match ground {
            Ground::Head => !self.nouns || inside,
            Ground::Place => !self.nouns,
            Ground::Title => !short && inside,
            Ground::Word | Ground::Rarity => slip && !short && inside && !self.nouns,
        };
        enough.then_some((Difference::Letters, ground))
    }

    fn weigh_style(&self, one: &Member<'_>, other: &Member<'_>) -> Option<(Difference, Ground)> {
        let lower = |member: &Member<'_>| member.word.to_lowercase();
        let same = |member: &Member<'_>| lower(member).nfc().collect::<String>();
        let difference = match () {
            () if lower(one) == lower(other) => Difference::Case,
            () if same(one) == same(other) => return None,
            () => Difference::Accent,
        };
        let shouted = one.shouted || other.shouted;
        if super::is_calendar(one.word)
            || one.capitals().1
            || other.capitals().1
            || (self.nouns && has_both_genders(one, other))
        {
            return None;
        }
        let unclear = match difference {
            Difference::Case => shouted && (self.nouns || one.letters.len() > 5),
            _ => {
                self.nouns || self.inflected || shouted || ground(one, other).is_none_or(|ground| ground < Ground::Head)
            }
        };
        let word = || self.is_word(one) || self.is_word(other);
        (!unclear && one.letters.len() > 3 && !word()).then_some((difference, Ground::Rarity))
    }

    /// Whether the word stands in lower case, too.
    fn is_word(&self, member: &Member<'_>) -> bool {
        let text = super::prefix(self.text, SEARCHED);
        let lower = member.word.to_lowercase();
        memchr::memmem::find_iter(text.as_bytes(), lower.as_bytes())
            .take(LOOKED_AT)
            .any(|at| is_whole(text, at, lower.len()))
    }
}

impl Cluster {
    fn has(&self, member: &Member<'_>) -> bool {
        self.spellings.iter().any(|spelling| spelling.word == member.word)
    }

    fn join(&mut self, one: &Member<'_>, other: &Member<'_>, difference: Difference, ground: Ground) {
        self.difference = self.difference.max(difference);
        self.ground = self.ground.max(ground);
        for member in [one, other] {
            if !self.has(member) {
                self.spellings.push(member.spelling());
            }
        }
    }
}

pub(super) fn is_whole(text: &str, at: usize, length: usize) -> bool {
    let letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let (before, after) = (text.get(..at), text.get(at + length..));
    !letter(before.and_then(|text| text.chars().next_back())) && !letter(after.and_then(|text| text.chars().next()))
}

/// Whether two spellings are near enough for their length, and neither is the other with an ending.
pub fn is_near(one: &[char], other: &[char]) -> bool {
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let ending = long.strip_prefix(short);
    let same_end = ending.is_none_or(|ending| ending == ['h'] || (ending.len() == 1 && ending.first() == short.last()));
    short.len() > 3 && long.len() > 4 && same_end && skeleton::distance(one, other) <= (short.len() / 2).min(3)
}

/// So many letters at the end may be those of a case or a number.
const ENDING: usize = 3;

/// Whether two spellings differ before their last vowels, or in a language with cases before their endings: not as two
/// forms of one word do.
pub fn differs_inside(one: &[char], other: &[char], inflected: bool) -> bool {
    if inflected {
        let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
        return same + ENDING <= one.len().max(other.len());
    }
    let stem = |letters: &[char]| {
        let ending = letters
            .iter()
            .rev()
            .take_while(|&&letter| skeleton::is_vowel(letter) || letter == 'h');
        letters.len() - ending.count()
    };
    one[..stem(one)] != other[..stem(other)]
}

/// `Minister` and `Ministry` share all but an ending that is none of a case.
fn are_office_and_holder(one: &[char], other: &[char]) -> bool {
    let pair = |a: &[char], b: &[char]| a.ends_with(&['e', 'r']) && b.ends_with(&['r', 'y']);
    pair(one, other) || pair(other, one)
}

/// German writes `LehrerInnen` for teachers of both sexes.
fn has_both_genders(one: &Member<'_>, other: &Member<'_>) -> bool {
    [one.word, other.word]
        .iter()
        .any(|word| word.ends_with("Innen") || word.ends_with("In"))
}

fn is_shouted(word: &str) -> bool {
    word.len() > 1 && !word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase)
}

/// Whether the capitals of a word that has nothing else are those of a headline, a dateline or a shout, not its own.
fn is_emphatic(text: &str, (start, end, beside): &(usize, usize, Neighbours<'_>)) -> bool {
    if !is_shouted(&text[*start..*end]) {
        return false;
    }
    let before = text[..*start].trim_end_matches([' ', ',', '.', '/', '#']);
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let after = text[*end..].trim_start_matches(' ');
    let first = before.is_empty() || before.ends_with('\n');
    first
        || is_shouted(last)
        || is_shouted(beside.after[0])
        || after.starts_with(['!', ':', '–', '—', '-', '*', '_', '('])
}

/// Names closer than this stand in a list, or beside one another to tell them apart.
const LISTED: usize = 12;

fn are_listed(one: &Member<'_>, other: &Member<'_>) -> bool {
    let near = |a: usize, b: usize| a <= b && b - a < LISTED;
    one.places.iter().any(|(start, end, _)| {
        let others = other.places.iter();
        others
            .into_iter()
            .any(|(from, to, _)| near(*end, *from) || near(*to, *start))
    })
}

/// A rare spelling stands once, a common one so often.
const COMMON: usize = 4;

/// The strongest ground, or `None` where the names belong to different things.
fn ground(one: &Member<'_>, other: &Member<'_>) -> Option<Ground> {
    let (heads, tails) = ((one.heads(), other.heads()), (one.tails(), other.tails()));
    let share = |(a, b): &(Vec<&str>, Vec<&str>)| {
        a.iter()
            .any(|word| b.iter().any(|other| other.eq_ignore_ascii_case(word)))
    };
    let differ = |sides: &(Vec<&str>, Vec<&str>)| !sides.0.is_empty() && !sides.1.is_empty() && !share(sides);
    if share(&heads) || share(&tails) {
        return Some(Ground::Head);
    }
    if differ(&heads) || differ(&tails) {
        return None;
    }
    let both = |cue| one.has(cue) && other.has(cue);
    match () {
        () if both(Cue::Place) => Some(Ground::Place),
        () if both(Cue::Person) => Some(Ground::Title),
        () if share_word(one, other) => Some(Ground::Word),
        () => (one.count.min(other.count) == 1 && one.count.max(other.count) >= COMMON).then_some(Ground::Rarity),
    }
}

/// Whether the same word of some length follows both, or precedes both.
fn share_word(one: &Member<'_>, other: &Member<'_>) -> bool {
    let long = |word: &str| word.chars().count() > 4;
    let same = |a: &str, b: &str| long(a) && a == b;
    one.neighbours().any(|a| {
        other
            .neighbours()
            .any(|b| same(a.after[0], b.after[0]) || same(a.before[0], b.before[0]))
    })
}
