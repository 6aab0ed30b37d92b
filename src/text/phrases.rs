//! Lists of the labels that web pages set around a text; whole lines, by language. A user may add files of the same form.

mod pattern;
mod table;

use std::hash::Hasher;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use super::beyond_ascii::beyond_ascii;
use super::signs::Signs;
use crate::error::{Error, Result};
use pattern::Automaton;
use table::Table;

/// A longer line is no label, in bytes.
const LONGEST: usize = 140;
/// So many words at the end of a line are looked up for [`Phrases::closing`].
const LAST_WORDS: usize = 12;

const LISTS: [(&str, &str); 12] = [
    ("ar", include_str!("phrases/ar.txt")),
    ("de", include_str!("phrases/de.txt")),
    ("en", include_str!("phrases/en.txt")),
    ("es", include_str!("phrases/es.txt")),
    ("fr", include_str!("phrases/fr.txt")),
    ("it", include_str!("phrases/it.txt")),
    ("ja", include_str!("phrases/ja.txt")),
    ("nl", include_str!("phrases/nl.txt")),
    ("pl", include_str!("phrases/pl.txt")),
    ("pt", include_str!("phrases/pt.txt")),
    ("ru", include_str!("phrases/ru.txt")),
    ("zh", include_str!("phrases/zh.txt")),
];

static BUILTIN: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases::default();
    for (language, list) in LISTS {
        // A test reads the same lists and fails where one of them has a fault.
        let _ = phrases.read(language, language, list);
    }
    phrases.rows = phrases.patterns.table().unwrap_or_default();
    phrases
});

/// What a list says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label<'p> {
    /// What it is for: `share`, `advertisement`, `navigation`, `teaser`, `comments`, `newsletter`, `consent`, `paywall`,
    /// `continuation`, or what a user calls it.
    pub class: &'p str,
    /// Whether it is a word that may as well stand over a chapter.
    pub weak: bool,
    /// The language of the list; empty where it is of any.
    pub language: &'p str,
}

impl Label<'_> {
    /// Whether a text of that language may have it: English stands on pages of every language.
    fn fits(&self, language: Option<&str>) -> bool {
        language.is_none_or(|language| self.language == language || matches!(self.language, "en" | ""))
    }
}

/// How much of a line the lists know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'p> {
    /// Nothing.
    None,
    /// All of it is one label.
    Whole(Label<'p>),
    /// It is made of several labels; the first of them.
    Several(Label<'p>),
    /// It begins with a label that is no common word, of so many words of so many.
    Opens(Label<'p>, usize, usize),
    /// It ends with a label that is no common word.
    Closes(Label<'p>),
}

/// The number of a [`Label`] in its list.
#[derive(Clone, Copy, Debug)]
struct Row {
    class: u16,
    language: u16,
    weak: bool,
}

/// Lists of labels.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    names: Vec<String>,
    patterns: Automaton<Row>,
    rows: Table<Row>,
}

/// A quick hash of what the program itself has made.
#[derive(Clone, Copy, Debug, Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let mut padded = [0; 8];
            padded[..eight.len()].copy_from_slice(eight);
            self.0 = super::signs::mix(self.0 ^ u64::from_le_bytes(padded));
        }
    }
}

impl Phrases {
    /// The lists that come with the program.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The lists that come with the program, and files of the same form: what each is called, and what is in it. A name of
    /// two or three letters before the first full stop (`sv.txt`) is the language of a file; any other is of every language.
    ///
    /// # Errors
    /// [`Error::Usage`] where a file cannot be read as a list, with its line.
    pub fn with<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Self> {
        let mut phrases = Self::builtin().clone();
        for (name, list) in files {
            phrases.read(name, language_of(name), list)?;
        }
        phrases.rows = phrases
            .patterns
            .table()
            .map_err(|fault| Error::Usage(fault.to_owned()))?;
        Ok(phrases)
    }

    /// What the lists say of a whole line. A text of a language that is on record is compared with that language and with
    /// English. A quotation is no label, nor is one word with a question or an exclamation mark.
    pub fn label(&self, line: &str, language: Option<&str>) -> Option<Label<'_>> {
        self.labels(line, language).next()
    }

    /// Whether the lists have a line in one class, whatever else it may be.
    pub fn is_of_class(&self, line: &str, class: &str, language: Option<&str>) -> bool {
        self.labels(line, language).any(|label| label.class == class)
    }

    /// Whether the lists know a line as a part of the page that says nothing of where the text ends.
    pub fn is_label(&self, line: &str, language: Option<&str>) -> bool {
        let of_end = |label: &Label<'_>| matches!(label.class, "paywall" | "continuation");
        self.labels(line, language).any(|label| !of_end(&label))
    }

    /// As [`Phrases::label`], but all that the lists say, strong labels first: a line may stand in several classes.
    pub fn labels(&self, line: &str, language: Option<&str>) -> impl Iterator<Item = Label<'_>> {
        let (begins, ends) = self.gates(line);
        let words = (begins && ends).then(|| Words::of(line));
        words
            .map_or(Vec::new(), |words| self.whole(&words, language))
            .into_iter()
    }

    /// Whether a line may begin and end with a label, by its first and its last word, where those are ASCII; a quotation may
    /// not.
    fn gates(&self, line: &str) -> (bool, bool) {
        let line = line.trim();
        if line.len() > LONGEST || is_quoted(line) {
            return (false, false);
        }
        let (first, last) = (first_hash(line.as_bytes()), last_hash(line.as_bytes()));
        (
            first.is_none_or(|first| self.rows.begins(first)),
            last.is_none_or(|last| self.rows.ends(last)),
        )
    }

    fn whole(&self, words: &Words, language: Option<&str>) -> Vec<Label<'_>> {
        let mut labels: Vec<Label<'_>> = Vec::new();
        let count = words.list.len();
        let (Some(last), false) = (words.list.last(), count == 1 && words.loud) else {
            return labels;
        };
        if words.quoted || !self.rows.begins(words.list[0].hash) || !self.rows.ends(last.hash) {
            return labels;
        }
        self.rows.follow(words.list.iter().map(|word| word.hash), |at, row| {
            let label = self.label_of(row);
            labels.extend((at == count && label.fits(language)).then_some(label));
        });
        labels.sort_by_key(|label| label.weak);
        labels
    }

    /// What the lists say of a line, as a whole or in part.
    pub fn part(&self, line: &str, language: Option<&str>) -> Part<'_> {
        let (begins, ends) = self.gates(line);
        let may_be = ends || (begins && self.may_open(line, language));
        if !may_be {
            return Part::None;
        }
        let words = Words::of(line);
        if let Some(label) = self.whole(&words, language).first() {
            return Part::Whole(*label);
        }
        let chain = self.chained(&words.list, language).filter(|_| !words.quoted);
        let opening = || {
            self.longest(&words.list, language)
                .filter(|(row, count)| !row.weak && *count > 1)
        };
        match chain {
            Some(label) => Part::Several(label),
            None if words.quoted => Part::None,
            None => match opening() {
                Some((row, count)) => Part::Opens(self.label_of(row), count, words.list.len()),
                None => self
                    .closing_words(&words.list, language)
                    .map_or(Part::None, |(label, _, _)| Part::Closes(label)),
            },
        }
    }

    /// Whether a line may begin with a label that is no common word. Of one that is ASCII no more words are read than a label
    /// has: most leave all labels with the second.
    fn may_open(&self, line: &str, language: Option<&str>) -> bool {
        let hashes = ascii_words(line.as_bytes()).map(|word| word.hash);
        let longest = || self.longest_of(hashes, language);
        !line.is_ascii() || longest().is_some_and(|(row, count)| !row.weak && count > 1)
    }

    /// The longest label that a line begins with, how many words it has, and where it ends.
    pub fn opening(&self, line: &str, language: Option<&str>) -> Option<(Label<'_>, usize, usize)> {
        let words = Words::of(super::prefix(line, LONGEST));
        let (row, count) = self.longest(&words.list, language).filter(|_| !words.quoted)?;
        let trimmed = line.len() - line.trim_start().len();
        Some((self.label_of(row), count, trimmed + words.list[count - 1].end))
    }

    /// The longest label that a line ends with, how many words it has, and where it begins.
    pub fn closing(&self, line: &str, language: Option<&str>) -> Option<(Label<'_>, usize, usize)> {
        let from = (line.len().saturating_sub(LONGEST)..line.len()).find(|&at| line.is_char_boundary(at))?;
        let (label, count, start) = self.closing_words(&words(&line[from..]), language)?;
        Some((label, count, from + start))
    }

    fn closing_words(&self, words: &[Word], language: Option<&str>) -> Option<(Label<'_>, usize, usize)> {
        words.last().filter(|last| self.rows.ends(last.hash))?;
        let first = words.len().saturating_sub(LAST_WORDS);
        (first..words.len()).find_map(|at| {
            let (row, count) = self.longest(&words[at..], language)?;
            let strong = !row.weak && count > 1;
            (strong && at + count == words.len()).then(|| (self.label_of(row), count, words[at].start))
        })
    }

    /// Whether a line is made of several labels and nothing else (`Print Email Share`), and the first of them.
    pub fn chain(&self, line: &str, language: Option<&str>) -> Option<Label<'_>> {
        let words = Words::of(line);
        self.chained(&words.list, language).filter(|_| !words.quoted)
    }

    fn chained(&self, words: &[Word], language: Option<&str>) -> Option<Label<'_>> {
        let most = words.len() > 1 && words.len() <= LAST_WORDS;
        words.last().filter(|last| most && self.rows.ends(last.hash))?;
        let (first, mut at) = self.longest(words, language)?;
        while at < words.len() {
            at += self.longest(&words[at..], language)?.1;
        }
        Some(self.label_of(first))
    }

    /// The longest label at the start of words, a strong one before a weak one, and how many words it has.
    fn longest(&self, words: &[Word], language: Option<&str>) -> Option<(Row, usize)> {
        words.first().filter(|first| self.rows.begins(first.hash))?;
        self.longest_of(words.iter().map(|word| word.hash), language)
    }

    fn longest_of(&self, words: impl Iterator<Item = u64>, language: Option<&str>) -> Option<(Row, usize)> {
        let mut longest: Option<(Row, usize)> = None;
        self.rows.follow(words, |at, row| {
            let better = longest.is_none_or(|(held, length)| at > length || (held.weak && !row.weak));
            if better && self.label_of(row).fits(language) {
                longest = Some((row, at));
            }
        });
        longest
    }

    /// How a line reads to the lists: two lines of the same words have the same key.
    pub fn key(line: &str) -> Option<u64> {
        let words = words(line);
        (!words.is_empty()).then(|| {
            words
                .iter()
                .fold(OFFSET, |hash, word| (hash ^ word.hash).wrapping_mul(PRIME))
        })
    }

    fn label_of(&self, row: Row) -> Label<'_> {
        Label {
            class: &self.names[usize::from(row.class)],
            weak: row.weak,
            language: &self.names[usize::from(row.language)],
        }
    }

    /// Reads a list: headers give class and language, every other line is a pattern.
    fn read(&mut self, name: &str, language: &str, list: &str) -> Result<()> {
        let mut row = None;
        let mut language = self.name(language);
        for (at, line) in list.lines().enumerate() {
            let fault = |what: &str| Error::Usage(format!("{name}:{}: {what}", at + 1));
            let line = line.trim_start_matches('\u{feff}').trim();
            if let Some(note) = line.strip_prefix('#') {
                let mut words = note.split_whitespace();
                match (words.next(), words.next()) {
                    (Some("language:"), Some(tag)) => language = self.name(&tag.to_lowercase()),
                    (Some("class:"), Some(class)) => {
                        let weak = words.next() == Some("weak");
                        row = Some((self.name(class), weak));
                    }
                    _ => {}
                }
            } else if !line.is_empty() {
                let (class, weak) =
                    row.ok_or_else(|| fault("a line `# class: NAME` must come before the first phrase"))?;
                let row = Row { class, language, weak };
                self.patterns.add(line, &hashes, row).map_err(fault)?;
            }
        }
        Ok(())
    }

    /// The number of a class or a language.
    fn name(&mut self, name: &str) -> u16 {
        let at = self.names.iter().position(|one| one == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }
}

/// The language that the name of a file gives.
fn language_of(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or(file);
    let tag = matches!(stem.len(), 2 | 3) && stem.bytes().all(|byte| byte.is_ascii_lowercase());
    if tag { stem } else { "" }
}

/// A word of a line, as the lists see it: without case, accents and punctuation, a number as `#`.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    hash: u64,
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// The words of a line that may be a label; none where it is too long for one.
struct Words {
    list: Vec<Word>,
    /// Whether it begins as a quotation does.
    quoted: bool,
    /// Whether it asks or exclaims.
    loud: bool,
}

impl Words {
    fn of(line: &str) -> Self {
        let line = line.trim();
        Self {
            list: if line.len() <= LONGEST { words(line) } else { Vec::new() },
            quoted: is_quoted(line),
            loud: line.ends_with(['?', '!']),
        }
    }
}

/// Whether a line begins as a quotation does.
fn is_quoted(line: &str) -> bool {
    line.starts_with(['"', '“', '„', '«', '‘', '\'', '»', '‚'])
}

/// The hash of the first word of a line, 0 where it has none; nothing where there is other than ASCII before its end.
fn first_hash(line: &[u8]) -> Option<u64> {
    let plain = beyond_ascii(line, 0).unwrap_or(line.len());
    let word = ascii_word(&line[..plain], 0);
    let closed = |word: &Word| line[word.end..plain].iter().any(|&byte| ascii_sign(byte) == b' ');
    match word {
        _ if plain == line.len() => Some(word.map_or(0, |word| word.hash)),
        word => word.filter(closed).map(|word| word.hash),
    }
}

/// The hash of the last word of a line, 0 where it has none; nothing where there is other than ASCII after its beginning.
fn last_hash(line: &[u8]) -> Option<u64> {
    let wide = |line: &[u8]| line.iter().rposition(|byte| !byte.is_ascii());
    let plain = if line.is_ascii() { None } else { wide(line) }.map_or(0, |last| last + 1);
    let tail = &line[plain..];
    let word = last_ascii_word(tail);
    let closed = |word: &Word| tail[..word.start].iter().any(|&byte| ascii_sign(byte) == b' ');
    match word {
        _ if plain == 0 => Some(word.map_or(0, |word| word.hash)),
        word => word.filter(closed).map(|word| word.hash),
    }
}

/// The words of a piece of a pattern.
fn hashes(piece: &str) -> Vec<u64> {
    words(&piece.replace("<n>", "0")).iter().map(|word| word.hash).collect()
}

fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(line.len() / 6 + 4);
    if line.is_ascii() {
        words.extend(ascii_words(line.as_bytes()));
        return words;
    }
    let mut reading = Reading {
        words,
        last: ' ',
        signs: Signs::default(),
    };
    for (at, character) in line.char_indices() {
        let end = at + character.len_utf8();
        fold(character, |part| reading.push(at, end, part));
    }
    reading.words
}

/// The words of a line of ASCII.
fn ascii_words(line: &[u8]) -> impl Iterator<Item = Word> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let word = ascii_word(line, at)?;
        at = word.end;
        Some(word)
    })
}

/// The first word from a place in a line on.
fn ascii_word(line: &[u8], from: usize) -> Option<Word> {
    let start = from + line.get(from..)?.iter().position(|&byte| ascii_sign(byte) > b' ')?;
    let (mut signs, mut end, mut before) = (Signs::default(), start, 0);
    for (at, &byte) in line.iter().enumerate().skip(start) {
        match ascii_sign(byte) {
            b' ' => break,
            0 => continue,
            b'#' if before == b'#' => {}
            sign => signs.push(u32::from(sign)),
        }
        (before, end) = (ascii_sign(byte), at + 1);
    }
    Some(Word {
        start,
        end,
        hash: signs.finish(),
    })
}

/// The last word of a line.
fn last_ascii_word(line: &[u8]) -> Option<Word> {
    let end = line.iter().rposition(|&byte| ascii_sign(byte) > b' ')? + 1;
    let start = line[..end].iter().rposition(|&byte| ascii_sign(byte) == b' ');
    ascii_word(line, start.map_or(0, |at| at + 1))
}

/// What a byte counts as; 0 is nothing.
fn ascii_sign(byte: u8) -> u8 {
    ASCII[usize::from(byte & 127)]
}

static ASCII: [u8; 128] = {
    let mut signs = [b' '; 128];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        signs[at] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => byte.to_ascii_lowercase(),
            b'0'..=b'9' => b'#',
            b'\'' => 0,
            _ => b' ',
        };
        at += 1;
    }
    signs
};

/// The words of a line that is not ASCII, up to a character.
struct Reading {
    words: Vec<Word>,
    last: char,
    signs: Signs,
}

impl Reading {
    fn push(&mut self, start: usize, end: usize, part: char) {
        let Some(sign) = sign_of(part) else { return };
        // Where words have no space between them, each character is one.
        let dense = super::unit::is_dense(sign);
        let before = std::mem::replace(&mut self.last, if dense { ' ' } else { sign });
        if sign == ' ' {
            return;
        }
        if dense || before == ' ' {
            self.signs = Signs::default();
            self.words.push(Word { start, end, hash: 0 });
        }
        let Some(word) = self.words.last_mut() else { return };
        word.end = end;
        if !(sign == '#' && before == '#') {
            self.signs.push(u32::from(sign));
            word.hash = self.signs.finish();
        }
    }
}

/// What a character counts as: itself, `#` for a digit, a space; nothing for what is not there to a reader.
fn sign_of(character: char) -> Option<char> {
    match character {
        '\0'..='\x7f' => match ascii_sign(character as u8) {
            0 => None,
            sign => Some(char::from(sign)),
        },
        '’' | '\u{640}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{fe0f}' | '\u{feff}' => None,
        _ if canonical_combining_class(character) != 0 => None,
        _ if character.is_numeric() => Some('#'),
        _ if character.is_alphanumeric() => Some(character),
        _ => Some(' '),
    }
}

/// Tells the characters that one is in lower case and taken apart (NFKD).
fn fold(character: char, mut tell: impl FnMut(char)) {
    match plain(character) {
        Some(one) => tell(one),
        None => std::iter::once(character)
            .nfkd()
            .flat_map(char::to_lowercase)
            .for_each(tell),
    }
}

/// A common character in lower case and without its accent.
fn plain(character: char) -> Option<char> {
    Some(match character {
        '\0'..='\x7f' => character.to_ascii_lowercase(),
        'à'..='å' | 'À'..='Å' | 'ą' => 'a',
        'ç' | 'Ç' | 'ć' => 'c',
        'è'..='ë' | 'È'..='Ë' | 'ę' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' => 'i',
        'ñ' | 'Ñ' | 'ń' => 'n',
        'ò'..='ö' | 'Ò'..='Ö' => 'o',
        'ś' => 's',
        'ù'..='ü' | 'Ù'..='Ü' => 'u',
        'ź' | 'ż' => 'z',
        'й' | 'Й' => 'и',
        'А'..='Я' => char::from_u32(u32::from(character) + 32).unwrap_or(character),
        _ if is_plain(character) => character,
        _ => return None,
    })
}

/// Common characters that are in lower case and in one piece already.
fn is_plain(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2022}' | '\u{2030}'..='\u{203a}' | 'а'..='и' | 'к'..='я' | '\u{621}'..='\u{64a}'
        | '\u{3001}'..='\u{3011}' | '\u{3400}'..='\u{9fff}')
        && !matches!(character, 'آ'..='ئ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded() {
        let key = Phrases::key;
        assert_eq!(key("  Today’s — TOP\u{A0}10! "), key("todays top 7"));
        assert_eq!(key("PUBLICITE"), key("publicité"));
        assert_eq!(key("Ｔｏｐ １２ ②"), key("top 1 2"));
        assert_ne!(key("top ten"), key("topten"));
    }

    #[test]
    fn the_words_at_the_edges_are_those_of_the_line() {
        for line in [
            "Share — it’s",
            "l'été",
            "mills'é of — 'Top' 10!",
            "“Share”",
            "é mill's",
            "",
            "—",
            "- —",
            "A mill",
        ] {
            let (all, bytes) = (words(line), line.as_bytes());
            let (first, last) = (
                all.first().map_or(0, |word| word.hash),
                all.last().map_or(0, |word| word.hash),
            );
            assert!(first_hash(bytes).is_none_or(|hash| hash == first), "{line}");
            assert!(last_hash(bytes).is_none_or(|hash| hash == last), "{line}");
        }
        assert!(first_hash("Share — it’s".as_bytes()).is_some() && last_hash("l’été or not".as_bytes()).is_some());
    }

    #[test]
    fn lists_are_sound() {
        for (language, list) in LISTS {
            let mut phrases = Phrases::default();
            phrases.read(language, language, list).expect("sound");
            let class = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(phrases.names.iter().all(class), "{language}: {:?}", phrases.names);
        }
    }

    #[test]
    fn a_language_on_record_narrows_the_lists() {
        let label = |line, language| Phrases::builtin().label(line, language);
        assert!(label("Teilen", Some("de")).is_some() && label("Teilen", None).is_some());
        assert!(label("Teilen", Some("fr")).is_none() && label("Share", Some("fr")).is_some());
        assert!(
            label("“Share”", None).is_none()
                && label("Share?", None).is_none()
                && label("Share of the mill", None).is_none()
        );
    }

    #[test]
    fn a_user_adds_lists() {
        let list = "# class: share\ndela (artikeln|sidan)\n# class: moon weak\nmåne";
        let phrases = Phrases::with([("lists/sv.txt", list), ("mine.txt", "# class: x\nunter uns")]).expect("lists");
        let label = phrases.label("Dela sidan »", Some("sv")).expect("a label");
        assert_eq!((label.class, label.weak, label.language), ("share", false, "sv"));
        assert_eq!(phrases.label("MANE", None).map(|label| label.class), Some("moon"));
        assert!(phrases.label("Unter uns", Some("de")).is_some() && phrases.label("Dela sidan", Some("de")).is_none());
    }

    #[test]
    fn a_fault_has_its_line() {
        let fault = |list| Phrases::with([("a.txt", list)]).expect_err("a fault").to_string();
        assert!(fault("# x\nshare").starts_with("a.txt:2: a line `# class: NAME`"));
        assert_eq!(fault("# class: a\n\n(b"), "a.txt:3: a bracket is not closed");
        assert_eq!(fault("# class: a\n(b)?"), "a.txt:2: the phrase may have no word");
    }

    #[test]
    fn labels_begin_and_end_lines() {
        let phrases = Phrases::builtin();
        let line = "Read more: the weir of the upper town is sold";
        let (label, words, end) = phrases.opening(line, Some("en")).expect("an opening");
        assert_eq!((label.weak, words, &line[..end]), (false, 2, "Read more"));
        let line = "The weir of the upper town is sold … Read more »";
        let (label, words, start) = phrases.closing(line, None).expect("a closing");
        assert_eq!((label.weak, words, &line[start..]), (false, 2, "Read more »"));
        assert!(
            phrases.chain("Print | Email | Share", None).is_some() && phrases.chain("Print the mill", None).is_none()
        );
    }
}
