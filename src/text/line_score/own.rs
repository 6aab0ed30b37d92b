//! What is seen of a line by itself.

use super::Group;
use super::words::{CLASSES, Classes, Folder};
use crate::text::mask;
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
    let add =
        |key: u64, sign: char| (key.rotate_left(5) ^ u64::from(u32::from(sign))).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let read = |key: u64, character: char| match Class::of(character) {
        Class::Low | Class::High => add(key, character),
        Class::Digit => add(key, '0'),
        _ => key,
    };
    prefix(text, LOOKED).chars().fold(0, read)
}

/// Looks at every unit of a text.
pub(super) fn looks(text: &Text<'_>, units: &[Unit<'_>]) -> Vec<Look> {
    let language = text.statement().language;
    let classes = Classes::get();
    let look = |unit| look(unit, classes, text.phrases, language);
    let mut looks: Vec<Look> = units.iter().map(look).collect();
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

fn look(unit: &Unit<'_>, classes: Classes, phrases: &Phrases, language: Option<&str>) -> Look {
    let text = unit.text;
    let scan = Scan::of(prefix(text, LOOKED), classes);
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
        key: if words > 12 { 0 } else { key(text) },
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
            '\0'..='\x7f' => ASCII[character as usize],
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

/// What is counted of a line.
struct Scan {
    table: Classes,
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
}

/// A hyphen or an apostrophe of ASCII.
#[inline]
fn is_inner(byte: u8) -> bool {
    matches!(byte, b'-' | b'\'')
}

/// A word that is being read.
#[derive(Default)]
struct Open {
    folder: Folder,
    length: usize,
    capital: bool,
}

impl Scan {
    fn of(sample: &str, table: Classes) -> Self {
        let mut scan = Self {
            table,
            words: 0,
            classes: [0; CLASSES.len()],
            letters: 0,
            digits: 0,
            capitals: 0,
            long: 0,
            long_capital: 0,
            separators: 0,
            begins_low: false,
            clock: false,
            address: false,
        };
        let bytes = sample.as_bytes();
        scan.digits = mask::count(bytes, mask::is_digit);
        scan.letters = mask::count(bytes, mask::is_letter);
        scan.capitals = mask::count(bytes, |byte| byte.wrapping_sub(b'A') < 26);
        scan.separators = mask::count(bytes, |byte| (byte == b'|') | (byte == b'>'));
        memchr::memchr3_iter(b':', b'/', b'@', bytes).for_each(|at| scan.sign(bytes, at));
        memchr::memchr_iter(b'.', bytes).for_each(|at| scan.sign(bytes, at));
        scan.read(sample);
        scan
    }

    /// Reads the words.
    fn read(&mut self, sample: &str) {
        let bytes = sample.as_bytes();
        let mut open = Open::default();
        let mut end = 0;
        for mask::Run { range: run, ascii } in mask::runs(bytes) {
            if bytes[end..run.start].iter().any(|byte| !is_inner(*byte)) {
                self.close(&mut open);
            }
            end = run.end;
            let joined = open.length > 0 || bytes.get(end).is_some_and(|next| is_inner(*next));
            if joined || !ascii {
                self.run(&sample[run], &mut open);
            } else {
                self.begins_low |= self.words == 0 && bytes[run.start].is_ascii_lowercase();
                let classes = self.table.of_word(bytes, &run);
                self.word(classes, run.len(), bytes[run.start].is_ascii_uppercase());
            }
        }
        self.close(&mut open);
    }

    /// Reads a part of a word, or several words with signs beyond ASCII between them.
    fn run(&mut self, run: &str, open: &mut Open) {
        for character in run.chars() {
            let class = Class::of(character);
            if !character.is_ascii() {
                self.digits += usize::from(class == Class::Digit);
                self.letters += usize::from(matches!(class, Class::Low | Class::High));
                self.capitals += usize::from(class == Class::High);
                self.separators += usize::from(class == Class::Separator);
            }
            match class {
                Class::Low | Class::High | Class::Digit => {
                    let first = open.length == 0;
                    self.begins_low |= first && self.words == 0 && class == Class::Low && character.is_lowercase();
                    open.capital |= first && class == Class::High;
                    open.length += 1;
                    open.folder.push(character);
                }
                Class::Inner => {}
                Class::Separator | Class::Other => self.close(open),
            }
        }
    }

    /// Signs that count by what stands beside them: a clock, a web or a mail address.
    #[inline]
    fn sign(&mut self, sample: &[u8], at: usize) {
        let (before, after) = (&sample[..at], sample.get(at + 1));
        match sample[at] {
            b':' => {
                let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
                self.clock |= digit(before.last()) && digit(after);
            }
            b'/' => self.address |= before.ends_with(b":/"),
            b'.' => self.address |= before.ends_with(b"www"),
            b'@' => {
                let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
                self.address |= letter(before.last()) && letter(after);
            }
            _ => {}
        }
    }

    /// Ends the word that is being read.
    fn close(&mut self, open: &mut Open) {
        if open.length > 0 {
            self.word(self.table.of(open.folder), open.length, open.capital);
            *open = Open::default();
        }
    }

    #[inline]
    fn word(&mut self, mut classes: u8, length: usize, capital: bool) {
        self.words += 1;
        while classes != 0 {
            self.classes[classes.trailing_zeros() as usize] += 1;
            classes &= classes - 1;
        }
        let long = length > 3;
        self.long += usize::from(long);
        self.long_capital += usize::from(long && capital);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_scanned_word_by_word() {
        let scan = Scan::of(
            "'t was Élan's mill-wheel’ | at 10:30 — see www.example.org",
            Classes::get(),
        );
        assert_eq!((scan.words, scan.long, scan.long_capital), (11, 3, 1));
        assert_eq!(
            (scan.letters, scan.digits, scan.capitals, scan.separators),
            (36, 4, 1, 1)
        );
        assert!(scan.begins_low && scan.clock && scan.address);
    }
}
