//! Whether the hyphen of a cut word goes or stays.

use super::Parts;
use super::vocabulary::{Key, Vocabulary};
use crate::text::seam::is_hyphen;

/// The two halves around a hyphen at a line end, and what they are parts of.
#[derive(Debug)]
pub(super) struct Halves<'a> {
    parts: Parts<'a>,
    /// The last word of the left half.
    left: &'a str,
    /// The first word of the right half.
    right: &'a str,
    /// Both halves with all their hyphens, kept and joined, where there are more words than two.
    runs: Option<(Key, Key)>,
}

/// What becomes of a hyphen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    /// Whether it goes.
    pub(super) joins: bool,
    /// Whether the word is known in that form.
    pub(super) attested: bool,
}

/// Words between a suspended first half and the whole word: `pre- and post-war`, `Nord- und Südseite`.
const CONJUNCTIONS: [&str; 22] = [
    "and", "or", "to", "und", "oder", "bzw", "bis", "sowie", "et", "ou", "y", "o", "e", "en", "of", "och", "og",
    "eller", "i", "lub", "nor", "als",
];

/// Whether a word joins two suspended halves.
fn is_conjunction(word: &str) -> bool {
    CONJUNCTIONS.contains(&word.trim_end_matches(['.', ',']))
}

/// Words that stand before a hyphen in compounds, and seldom at the beginning of a longer word that is cut after them.
const FIRST: [&str; 24] = [
    "après", "avant", "demi", "peut", "non", "self", "well", "half", "low", "high", "double", "single", "quasi",
    "cross", "full", "ill", "long", "short", "two", "three", "four", "five", "vice", "wohl",
];
/// What follows such a word where it is one word with it.
const CLOSED: [&str; 22] = [
    "sense", "light", "lights", "lighted", "lighting", "land", "lands", "landers", "ways", "comings", "ness", "hand",
    "wave", "stop", "bread", "fold", "some", "comed", "coming", "word", "words", "section",
];
/// Words that stand after a hyphen in compounds.
const LAST: [&str; 18] = [
    "based",
    "level",
    "related",
    "separated",
    "oriented",
    "specific",
    "dependent",
    "independent",
    "aware",
    "century",
    "year",
    "old",
    "known",
    "called",
    "like",
    "controlled",
    "driven",
    "encoded",
];

/// Words that are written as one, although their halves are words too.
const WHOLE: [&str; 96] = [
    "indeed",
    "into",
    "onto",
    "another",
    "without",
    "within",
    "something",
    "someone",
    "somewhere",
    "sometimes",
    "somewhat",
    "anything",
    "anyone",
    "anybody",
    "anywhere",
    "everything",
    "everyone",
    "everybody",
    "everywhere",
    "nothing",
    "nobody",
    "therefore",
    "however",
    "moreover",
    "whereas",
    "herself",
    "himself",
    "itself",
    "themselves",
    "myself",
    "yourself",
    "ourselves",
    "become",
    "became",
    "becomes",
    "because",
    "before",
    "between",
    "beyond",
    "behind",
    "below",
    "beneath",
    "beside",
    "besides",
    "unless",
    "until",
    "upon",
    "outside",
    "inside",
    "overall",
    "already",
    "although",
    "altogether",
    "always",
    "almost",
    "maybe",
    "perhaps",
    "today",
    "tomorrow",
    "tonight",
    "yesterday",
    "together",
    "whether",
    "through",
    "throughout",
    "toward",
    "towards",
    "against",
    "among",
    "about",
    "above",
    "after",
    "again",
    "other",
    "never",
    "einander",
    "jedoch",
    "dagegen",
    "damals",
    "darauf",
    "daher",
    "etwas",
    "jemand",
    "vielleicht",
    "zwischen",
    "während",
    "toujours",
    "plusieurs",
    "ensuite",
    "encore",
    "surtout",
    "lorsque",
    "puisque",
    "quelque",
    "aussi",
    "depuis",
];

impl<'a> Halves<'a> {
    /// Of a left half with its hyphen and a right half; `None` where a half has no word at the hyphen.
    pub(super) fn of(parts: Parts<'a>) -> Option<Self> {
        let bare = parts.left.trim_end_matches(is_hyphen);
        let from = bare.rfind(|character: char| !character.is_alphanumeric());
        let left = &bare[from.map_or(0, |at| at + bare[at..].chars().next().map_or(1, char::len_utf8))..];
        let to = parts.right.find(|character: char| !character.is_alphanumeric());
        let right = &parts.right[..to.unwrap_or(parts.right.len())];
        (!left.is_empty() && !right.is_empty()).then(|| Self {
            parts,
            left,
            right,
            runs: runs(bare, parts.right),
        })
    }

    /// What the decision hangs on.
    pub(super) fn wanted(&self) -> impl Iterator<Item = Key> {
        let (left, right) = (Key::word(self.left), Key::word(self.right));
        let runs = self.runs.into_iter().flat_map(|(kept, joined)| [kept, joined]);
        let keys = [
            self.joined(),
            self.exact(),
            left.hyphenated(right),
            right,
            left.as_first(),
        ];
        keys.into_iter().chain(runs)
    }

    fn joined(&self) -> Key {
        joined(self.left, self.right)
    }

    /// The word in one piece, with its capitals.
    fn exact(&self) -> Key {
        Key::exact(&[self.left, self.right].concat())
    }

    /// Whether the right half goes on with a small letter.
    pub(super) fn is_low(&self) -> bool {
        self.right.starts_with(char::is_lowercase)
    }

    /// Whether the hyphen goes; `None` where there is no cut word: halves that a word like `and` suspends, and in a text that
    /// no typesetter set a capital after a hyphen, unless the text has the word.
    pub(super) fn decide(&self, vocabulary: &Vocabulary, typeset: bool) -> Option<Decision> {
        let certain = |joins| Some(Decision { joins, attested: true });
        let soft = self.parts.left.ends_with(['\u{ad}', '¬']);
        if soft || self.is_number() {
            return certain(soft);
        }
        let runs = self.runs.map_or((0, 0), |(kept, joined)| {
            (vocabulary.count(kept), vocabulary.count(joined))
        });
        if runs != (0, 0) && !self.is_capital() {
            return certain(runs.1 > runs.0);
        }
        let joined = vocabulary.count(self.joined());
        let kept = vocabulary.count(Key::word(self.left).hyphenated(Key::word(self.right)));
        let inside = vocabulary.count(self.exact()) > kept;
        match () {
            () if self.is_capital() && inside => certain(true),
            () if self.is_capital() && (typeset || kept + runs.0 > 0) => Some(Decision {
                joins: false,
                attested: joined == 0,
            }),
            () if self.is_capital() => None,
            () if joined + kept > 0 => certain(joined >= kept),
            () if self.is_whole() => certain(true),
            () if is_conjunction(self.parts.right) => None,
            () => Some(Decision {
                joins: !self.is_compound(vocabulary),
                attested: false,
            }),
        }
    }

    /// A figure at the hyphen: what is cut there was written with it.
    fn is_number(&self) -> bool {
        let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        let address =
            self.parts.left.contains('@') && self.right.contains(|character: char| character.is_ascii_digit());
        digits(self.left) || self.right.starts_with(|first: char| first.is_ascii_digit()) || address
    }

    /// A capital after the hyphen, where the word is not in capitals.
    fn is_capital(&self) -> bool {
        let capitals = !self.left.contains(char::is_lowercase) && self.left.len() > 1;
        self.right.starts_with(char::is_uppercase) && (!capitals || self.right.contains(char::is_lowercase))
    }

    fn is_whole(&self) -> bool {
        let whole = |word: &str| {
            let word = word.strip_prefix(&*self.left.to_lowercase());
            word == Some(self.right)
        };
        WHOLE.iter().any(|word| whole(word))
    }

    /// Whether the halves look like those of a compound that the text does not have a second time.
    fn is_compound(&self, vocabulary: &Vocabulary) -> bool {
        let left = self.left.to_lowercase();
        let (right, letters) = (self.right, self.right.chars().count());
        let first = FIRST.contains(&left.as_str()) && letters > 3 && !CLOSED.contains(&right);
        let firsts = vocabulary.count(Key::word(&left).as_first());
        let often = firsts > 4 && left.chars().count() > 3 && vocabulary.count(Key::word(right)) > 1;
        let option = self.parts.left.starts_with("--");
        let last = LAST.contains(&right) && left.chars().count() > 2;
        let acronym =
            left.chars().count() > 1 && !self.left.contains(char::is_lowercase) && right.contains(char::is_lowercase);
        let stump = letters < 3 && !self.right.contains(char::is_lowercase);
        first || often || option || last || acronym || stump
    }
}

fn joined(left: &str, right: &str) -> Key {
    // The halves in one string: a key is made from the left, and the word may be capitalised anywhere.
    Key::word(&[left, right].concat())
}

/// The keys of a word of more parts than two, with the hyphen at the line end and without it.
fn runs(left: &str, right: &str) -> Option<(Key, Key)> {
    let part = |character: char| character.is_alphanumeric() || character == '-';
    let from = left.rfind(|character: char| !part(character));
    let left = &left[from.map_or(0, |at| at + left[at..].chars().next().map_or(1, char::len_utf8))..];
    let right = &right[..right.find(|character: char| !part(character)).unwrap_or(right.len())];
    let (left, right) = (left.trim_start_matches('-'), right.trim_end_matches('-'));
    if !left.contains('-') && !right.contains('-') {
        return None;
    }
    let key = |word: &str| word.split('-').map(Key::word).reduce(Key::hyphenated);
    Some((key(&format!("{left}-{right}"))?, key(&format!("{left}{right}"))?))
}
