//! What is seen of a line by itself.

use super::Group;
use super::words::{CLASSES, Folder};
use crate::text::phrases::{Part, Phrases};
use crate::text::unit::{self, Kind, Unit};
use crate::text::{Text, prefix};

/// So much of a unit is looked at, in bytes; beyond it, only its end and the number of its words.
const LOOKED: usize = 100;

const NUMBER: &[&str] = &["none", "one", "several"];

/// What is looked at; the order is that of [`Look::bins`].
pub(super) static GROUPS: [Group; 21] = [
    group(
        "words",
        &[
            "1",
            "2",
            "3",
            "4 or 5",
            "6 to 8",
            "9 to 12",
            "13 to 18",
            "19 to 29",
            "30 to 59",
            "60 or more",
            "none",
        ],
    ),
    group(
        "end",
        &[
            "letter",
            "digit",
            "full stop",
            "question mark",
            "exclamation mark",
            "ellipsis",
            "colon",
            "comma or dash",
            "bracket",
            "other sign",
        ],
    ),
    group("stop words", &["too short", "none", "few", "some", "many"]),
    group("case", &["no letter", "capitals", "title", "sentence", "small"]),
    group(
        "phrase",
        &[
            "none",
            "weak",
            "share",
            "advertisement",
            "navigation",
            "teaser",
            "comments",
            "newsletter",
            "consent",
            "another",
            "several",
            "opens half of it",
            "opens it",
            "closes it",
        ],
    ),
    group(
        "interface words",
        &["none", "under a fifth", "under a half", "half or more"],
    ),
    group("caption words", NUMBER),
    group("legal words", NUMBER),
    group("time words", NUMBER),
    group("reader addressed", &["not", "under a tenth", "under a quarter", "more"]),
    group("trade words", NUMBER),
    group("press words", NUMBER),
    group("separators", NUMBER),
    group("digits", &["none", "under a fifth", "under a half", "half or more"]),
    group(
        "beginning",
        &[
            "letter",
            "digit",
            "quotation mark",
            "bullet or dash",
            "bracket",
            "other sign",
        ],
    ),
    group("address", &["none", "web or mail", "handle or tag"]),
    group(
        "kind",
        &[
            "prose", "fragment", "short", "verse", "item", "heading", "note", "credit", "code",
        ],
    ),
    group("again in the text", &["no", "yes"]),
    group("clock", &["no", "yes"]),
    group(
        "words and end",
        &[
            "1 to 3, open",
            "4 to 8, open",
            "9 to 15, open",
            "16 or more, open",
            "1 to 3, closed",
            "4 to 8, closed",
            "9 to 15, closed",
            "16 or more, closed",
        ],
    ),
    group(
        "words and case",
        &[
            "1, capitals",
            "2 to 4, capitals",
            "5 to 9, capitals",
            "10 or more, capitals",
            "1, title",
            "2 to 4, title",
            "5 to 9, title",
            "10 or more, title",
            "1, other",
            "2 to 4, other",
            "5 to 9, other",
            "10 or more, other",
        ],
    ),
];

const fn group(name: &'static str, bins: &'static [&'static str]) -> Group {
    Group { name, bins }
}

/// What is seen of a unit by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) bins: [u8; GROUPS.len()],
    pub(super) shape: Shape,
    /// A whole phrase that is no common word.
    pub(super) label: bool,
    /// Words of an interface.
    pub(super) interface: u8,
    pub(super) words: u32,
    /// The hash of its letters, digits alike; 0 where it is no short line.
    key: u64,
}

/// What a unit looks like from afar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Label,
    Short,
    Fragment,
    Sentence,
    Prose,
}

impl Shape {
    fn of(words: usize, closed: bool) -> Self {
        match (closed, words) {
            (false, 0..4) => Self::Label,
            (false, 4..10) => Self::Short,
            (false, 10..30) => Self::Fragment,
            (true, 0..15) => Self::Sentence,
            _ => Self::Prose,
        }
    }

    pub(super) fn is_sentence(self) -> bool {
        matches!(self, Self::Sentence | Self::Prose)
    }
}

/// The number of the first bound that a value is under, or of bounds.
pub(super) fn bin(value: usize, bounds: &[usize]) -> u8 {
    bounds.iter().take_while(|&&bound| value >= bound).count() as u8
}

/// 0 for no part, else one more than the number of percentages that the part reaches.
pub(super) fn share(part: usize, whole: usize, percents: &[usize]) -> u8 {
    if part == 0 {
        return 0;
    }
    1 + percents
        .iter()
        .take_while(|&&percent| part * 100 >= percent * whole)
        .count() as u8
}

/// The hash of the letters that a unit begins with, digits alike: the same for lines of one form.
pub(super) fn key(text: &str) -> u64 {
    Scan::of(prefix(text, LOOKED)).key
}

/// Looks at every unit of a text.
pub(super) fn looks(text: &Text<'_>, units: &[Unit<'_>]) -> Vec<Look> {
    let language = text.statement().language;
    let mut looks: Vec<Look> = units.iter().map(|unit| look(unit, text.phrases, language)).collect();
    let again = repeated(looks.iter().map(|look| look.key).collect());
    for look in looks.iter_mut().filter(|look| look.key != 0) {
        look.bins[AGAIN] = u8::from(again.binary_search(&look.key).is_ok());
    }
    looks
}

const AGAIN: usize = 17;

/// The keys that stand more than once, sorted.
fn repeated(mut keys: Vec<u64>) -> Vec<u64> {
    keys.sort_unstable();
    let mut again: Vec<u64> = keys
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
        .collect();
    again.dedup();
    again
}

fn look(unit: &Unit<'_>, phrases: &Phrases, language: Option<&str>) -> Look {
    let text = unit.text;
    let scan = Scan::of(prefix(text, LOOKED));
    let closed = unit::ends_sentence(text);
    let phrase = phrase(unit, phrases, language);
    let (words, seen) = (unit.words, scan.words);
    let case = scan.case();
    let of_class = |class: usize| scan.classes[class];
    let many = |class: usize| bin(of_class(class), &[1, 2]);
    let bins = [
        words_bin(words),
        end(text, closed),
        if seen < 4 {
            0
        } else {
            1 + bin(of_class(0) * 100 / seen, &[1, 20, 38])
        },
        case,
        phrase,
        share(of_class(1), seen, &[20, 50]),
        many(2),
        many(3),
        many(4),
        share(of_class(5), seen, &[10, 25]),
        many(6),
        many(7),
        bin(scan.separators, &[1, 2]),
        share(scan.digits, scan.digits + scan.letters, &[20, 50]),
        beginning(text),
        address(&scan, text),
        kind(unit.kind),
        0,
        u8::from(scan.clock),
        bin(words, &[4, 9, 16]) + 4 * u8::from(closed),
        bin(words, &[2, 5, 10])
            + 4 * match case {
                1 => 0,
                2 => 1,
                _ => 2,
            },
    ];
    Look {
        bins,
        shape: Shape::of(words, closed),
        label: (2..=10).contains(&phrase),
        interface: u8::try_from(of_class(1)).unwrap_or(u8::MAX),
        words: u32::try_from(words).unwrap_or(u32::MAX),
        key: if words > 12 { 0 } else { scan.key },
    }
}

fn words_bin(words: usize) -> u8 {
    match words {
        0 => 10,
        words => bin(words, &[2, 3, 4, 6, 9, 13, 19, 30, 60]),
    }
}

fn end(text: &str, closed: bool) -> u8 {
    let bare = if closed { unit::bare_end(text) } else { text.trim_end() };
    match bare.chars().next_back() {
        Some('…') => 5,
        Some('.') if bare.ends_with("...") => 5,
        Some('?' | '？' | '؟') => 3,
        Some('!' | '！') => 4,
        _ if closed => 2,
        Some(':' | '：') => 6,
        Some(',' | ';' | '-' | '–' | '—' | '，' | '、' | '،') => 7,
        Some(')' | ']' | '）' | '】') => 8,
        Some(last) if last.is_numeric() => 1,
        Some(last) if last.is_alphabetic() => 0,
        _ => 9,
    }
}

/// The classes in the order of the group's values, from the third.
const PHRASES: [&str; 7] = [
    "share",
    "advertisement",
    "navigation",
    "teaser",
    "comments",
    "newsletter",
    "consent",
];

fn phrase(unit: &Unit<'_>, phrases: &Phrases, language: Option<&str>) -> u8 {
    if unit.words > 16 || unit.text.len() > 120 {
        return 0;
    }
    match phrases.part(unit.text, language) {
        Part::None => 0,
        Part::Whole(label) if label.weak => 1,
        Part::Whole(label) => {
            let class = PHRASES.iter().position(|class| *class == label.class);
            2 + class.unwrap_or(PHRASES.len()) as u8
        }
        Part::Several(_) => 10,
        Part::Opens(_, words, all) => 12 - u8::from(words * 2 >= all),
        Part::Closes(_) => 13,
    }
}

fn beginning(text: &str) -> u8 {
    match text.chars().next() {
        Some(first) if first.is_alphabetic() => 0,
        Some(first) if first.is_numeric() => 1,
        Some('"' | '“' | '„' | '«' | '‘' | '\'' | '»' | '「') => 2,
        Some('-' | '–' | '—' | '•' | '·' | '*' | '▪' | '◦' | '■' | '►') => 3,
        Some('(' | '[' | '（' | '【') => 4,
        _ => 5,
    }
}

fn address(scan: &Scan, text: &str) -> u8 {
    match scan.address {
        _ if text.starts_with(['@', '#']) => 2,
        true => 1,
        false => 0,
    }
}

fn kind(kind: Kind) -> u8 {
    match kind {
        Kind::Prose => 0,
        Kind::Fragment => 1,
        Kind::Short => 2,
        Kind::Verse => 3,
        Kind::Item => 4,
        Kind::Heading => 5,
        Kind::Note => 6,
        Kind::Credit => 7,
        Kind::Code => 8,
    }
}

/// What a character is to a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A letter that is no capital.
    Low,
    High,
    Digit,
    /// A hyphen or an apostrophe: it ends no word.
    Inner,
    Separator,
    Other,
}

impl Class {
    fn of(character: char) -> Self {
        match character {
            '’' => Self::Inner,
            '•' | '·' | '»' | '›' | '→' => Self::Separator,
            _ if character.is_uppercase() => Self::High,
            _ if character.is_numeric() => Self::Digit,
            _ if character.is_alphabetic() => Self::Low,
            _ => Self::Other,
        }
    }
}

static ASCII: [Class; 128] = ascii();

const fn ascii() -> [Class; 128] {
    let mut classes = [Class::Other; 128];
    let mut at = 0;
    while at < 128 {
        classes[at] = match at as u8 {
            b'a'..=b'z' => Class::Low,
            b'A'..=b'Z' => Class::High,
            b'0'..=b'9' => Class::Digit,
            b'-' | b'\'' => Class::Inner,
            b'|' | b'>' => Class::Separator,
            _ => Class::Other,
        };
        at += 1;
    }
    classes
}

/// Whether there is a mail address or a name with `@`.
fn has_at(sample: &str) -> bool {
    let bytes = sample.as_bytes();
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    memchr::memchr_iter(b'@', bytes).any(|at| letter(at.checked_sub(1)) && letter(Some(at + 1)))
}

/// What one pass over the characters counts.
#[derive(Default)]
struct Scan {
    words: usize,
    classes: [usize; CLASSES.len()],
    letters: usize,
    digits: usize,
    capitals: usize,
    /// Words of four letters and more, and those of them that begin with a capital.
    long: usize,
    long_capital: usize,
    separators: usize,
    begins_low: bool,
    clock: bool,
    address: bool,
    /// The hash of the letters, for lines that stand more than once.
    key: u64,
}

/// A word that is being read.
#[derive(Default)]
struct Open {
    folder: Folder,
    length: usize,
    capital: bool,
}

impl Scan {
    fn of(sample: &str) -> Self {
        let mut scan = Self::default();
        let mut open: Option<Open> = None;
        let mut before = [' '; 2];
        for character in sample.chars() {
            let class = if character.is_ascii() {
                ASCII[character as usize]
            } else {
                Class::of(character)
            };
            match class {
                Class::Low | Class::High | Class::Digit => scan.part(character, class, open.get_or_insert_default()),
                Class::Inner => {}
                _ => {
                    open.take().into_iter().for_each(|word| scan.close(&word));
                    scan.separators += usize::from(class == Class::Separator);
                }
            }
            if class != Class::Low {
                scan.pair(before, character);
            }
            before = [before[1], character];
        }
        open.into_iter().for_each(|word| scan.close(&word));
        scan.address |= sample.contains("www.") || has_at(sample);
        scan
    }

    /// Signs that count by what stands before them.
    fn pair(&mut self, before: [char; 2], character: char) {
        self.clock |= before[1] == ':' && before[0].is_ascii_digit() && character.is_ascii_digit();
        self.address |= character == '/' && before == [':', '/'];
    }

    fn part(&mut self, character: char, class: Class, word: &mut Open) {
        if word.length == 0 {
            word.capital = class == Class::High;
            self.begins_low |= self.words == 0 && class == Class::Low && character.is_lowercase();
        }
        word.length += 1;
        word.folder.push(character);
        let digit = class == Class::Digit;
        self.digits += usize::from(digit);
        self.letters += usize::from(!digit);
        self.capitals += usize::from(class == Class::High);
        let sign = if digit { '0' } else { character };
        self.key = (self.key.rotate_left(5) ^ u64::from(u32::from(sign))).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn close(&mut self, word: &Open) {
        self.words += 1;
        let mut classes = word.folder.classes();
        while classes != 0 {
            self.classes[classes.trailing_zeros() as usize] += 1;
            classes &= classes - 1;
        }
        let long = word.length > 3;
        self.long += usize::from(long);
        self.long_capital += usize::from(long && word.capital);
    }

    fn case(&self) -> u8 {
        match () {
            () if self.letters == 0 => 0,
            () if self.capitals * 10 >= self.letters * 8 && self.letters > 2 => 1,
            () if self.words > 1 && self.long > 0 && self.long_capital * 10 >= self.long * 7 => 2,
            () if self.begins_low => 4,
            () => 3,
        }
    }
}
