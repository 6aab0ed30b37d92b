//! Lists of the labels that web pages set around a text; whole lines, by language. A user may add files of the same form.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use crate::error::{Error, Result};

/// A longer line is no label, in bytes.
const LONGEST: usize = 160;
/// A pattern stands for at most so many lines.
const MOST_FORMS: usize = 1 << 14;
/// So many words at the end of a line are looked up for [`Phrases::closing`].
const LAST_WORDS: usize = 12;

const LISTS: [(&str, &str); 9] = [
    ("de", include_str!("phrases/de.txt")),
    ("en", include_str!("phrases/en.txt")),
    ("es", include_str!("phrases/es.txt")),
    ("fr", include_str!("phrases/fr.txt")),
    ("it", include_str!("phrases/it.txt")),
    ("nl", include_str!("phrases/nl.txt")),
    ("pl", include_str!("phrases/pl.txt")),
    ("pt", include_str!("phrases/pt.txt")),
    ("ru", include_str!("phrases/ru.txt")),
];

static BUILTIN: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases::default();
    for (language, list) in LISTS {
        // A test reads the same lists and fails where one of them has a fault.
        let _ = phrases.read(language, language, list);
    }
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
    rows: HashMap<u64, Vec<Row>, BuildHasherDefault<Ready>>,
}

/// The keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
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
        Ok(phrases)
    }

    /// What the lists say of a whole line. A text of a language that is on record is compared with that language and with
    /// English. A quotation is no label, nor is one word with a question or an exclamation mark.
    pub fn label<'p>(&'p self, line: &str, language: Option<&str>) -> Option<Label<'p>> {
        self.labels(line, language).next()
    }

    /// As [`Phrases::label`], but all that the lists say: a line may stand in several classes.
    pub fn labels<'p>(&'p self, line: &str, language: Option<&str>) -> impl Iterator<Item = Label<'p>> {
        let words = read_line(line).unwrap_or_default();
        let loud = line.trim_end().ends_with(['?', '!']);
        let last = words.last().filter(|_| words.len() > 1 || !loud);
        self.fitting(last.map(|word| word.from_start), language)
    }

    /// The longest label that a line begins with, how many words it has, and where it ends.
    pub fn opening(&self, line: &str, language: Option<&str>) -> Option<(Label<'_>, usize, usize)> {
        let words = read_line(super::prefix(line, LONGEST))?;
        let ends = words.iter().enumerate().rev();
        ends.filter_map(|(at, word)| {
            let label = self.fitting(Some(word.from_start), language).next()?;
            Some((label, at + 1, word.end))
        })
        .next()
    }

    /// The longest label that a line ends with, how many words it has, and where it begins.
    pub fn closing(&self, line: &str, language: Option<&str>) -> Option<(Label<'_>, usize, usize)> {
        let from = (line.len().saturating_sub(LONGEST)..line.len()).find(|&at| line.is_char_boundary(at))?;
        let words = words(&line[from..]);
        let first = words.len().saturating_sub(LAST_WORDS);
        words[first..].iter().enumerate().find_map(|(at, word)| {
            let rest = words_hash(&line[from + word.start..]);
            let label = self.fitting(rest, language).next()?;
            Some((label, words.len() - first - at, from + word.start))
        })
    }

    /// How a line reads to the lists: two lines of the same words have the same key.
    pub fn key(line: &str) -> Option<u64> {
        words_hash(line)
    }

    fn fitting<'p, 'l>(
        &'p self,
        hash: Option<u64>,
        language: Option<&'l str>,
    ) -> impl Iterator<Item = Label<'p>> + use<'p, 'l> {
        let rows = hash
            .and_then(|hash| self.rows.get(&hash))
            .map_or(&[][..], Vec::as_slice);
        let label = |row: &Row| Label {
            class: &self.names[usize::from(row.class)],
            weak: row.weak,
            language: &self.names[usize::from(row.language)],
        };
        rows.iter().map(label).filter(move |label| label.fits(language))
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
                self.add(line, row).map_err(fault)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, pattern: &str, row: Row) -> std::result::Result<(), &'static str> {
        if !is_balanced(pattern) {
            return Err("a bracket is not closed");
        }
        let mut forms = Vec::new();
        expand(pattern, &mut forms)?;
        for form in forms {
            let hash = words_hash(&form).ok_or("the phrase may have no word")?;
            let rows = self.rows.entry(hash).or_default();
            rows.push(row);
            rows.sort_by_key(|row| row.weak);
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
    /// The hash of all words up to this one.
    from_start: u64,
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// The words of a line that may be a label.
fn read_line(line: &str) -> Option<Vec<Word>> {
    let line = line.trim_end();
    let quoted = line.trim_start().starts_with(['"', '“', '„', '«', '‘', '\'', '»', '‚']);
    (!line.is_empty() && line.len() <= LONGEST && !quoted).then(|| words(line))
}

fn words_hash(line: &str) -> Option<u64> {
    words(line).last().map(|word| word.from_start)
}

fn words(line: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut hash, mut last) = (OFFSET, ' ');
    for (at, character) in line.char_indices() {
        for part in Folded::of(character) {
            let Some(sign) = sign_of(part) else { continue };
            let begins = last == ' ' && sign != ' ';
            if sign == ' ' || (sign == '#' && last == '#') {
                last = sign;
                extend(&mut words, at, character, sign);
                continue;
            }
            if begins && !words.is_empty() {
                hash = step(hash, ' ');
            }
            hash = step(hash, sign);
            if begins {
                words.push(Word {
                    start: at,
                    end: at,
                    from_start: hash,
                });
            }
            last = sign;
            if let Some(word) = words.last_mut() {
                (word.end, word.from_start) = (at + character.len_utf8(), hash);
            }
        }
    }
    words
}

/// A further digit of a number.
fn extend(words: &mut [Word], at: usize, character: char, sign: char) {
    if let Some(word) = words.last_mut().filter(|_| sign == '#') {
        word.end = at + character.len_utf8();
    }
}

fn step(hash: u64, sign: char) -> u64 {
    (hash ^ u64::from(u32::from(sign))).wrapping_mul(PRIME)
}

/// What a character counts as: itself, `#` for a digit, a space; nothing for what is not there to a reader.
fn sign_of(character: char) -> Option<char> {
    match character {
        'a'..='z' => Some(character),
        '0'..='9' => Some('#'),
        '\'' | '’' | '\u{640}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{fe0f}' | '\u{feff}' => None,
        _ if character.is_ascii() => Some(' '),
        _ if canonical_combining_class(character) != 0 => None,
        _ if character.is_numeric() => Some('#'),
        _ if character.is_alphanumeric() => Some(character),
        _ => Some(' '),
    }
}

/// A character in lower case and taken apart (NFKD).
enum Folded {
    Ascii(Option<char>),
    Other(std::vec::IntoIter<char>),
}

impl Folded {
    fn of(character: char) -> Self {
        if character.is_ascii() {
            return Self::Ascii(Some(character.to_ascii_lowercase()));
        }
        let parts = std::iter::once(character).nfkd().flat_map(char::to_lowercase);
        Self::Other(parts.collect::<Vec<_>>().into_iter())
    }
}

impl Iterator for Folded {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Ascii(one) => one.take(),
            Self::Other(parts) => parts.next(),
        }
    }
}

fn is_balanced(pattern: &str) -> bool {
    let mut depth = 0i32;
    for character in pattern.chars() {
        depth += match character {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Every line that a pattern stands for. A group inside a group is not cut at its bars but read in its turn.
fn expand(pattern: &str, forms: &mut Vec<String>) -> std::result::Result<(), &'static str> {
    if forms.len() >= MOST_FORMS {
        return Err("the pattern stands for too many lines; write it as several");
    }
    let Some((before, group, after)) = group(pattern) else {
        forms.push(pattern.replace("<n>", "0"));
        return Ok(());
    };
    let (optional, after) = match after.strip_prefix('?') {
        Some(after) => (true, after),
        None => (false, after),
    };
    let mut choices = alternatives(group);
    if optional {
        choices.push("");
    }
    choices
        .into_iter()
        .try_for_each(|choice| expand(&format!("{before}{choice}{after}"), forms))
}

/// The first group of a pattern: what stands before it, in it, and after it.
fn group(pattern: &str) -> Option<(&str, &str, &str)> {
    let open = pattern.find('(')?;
    let mut depth = 0usize;
    for (at, character) in pattern.char_indices().skip_while(|&(at, _)| at < open) {
        match character {
            '(' => depth += 1,
            ')' if depth == 1 => return Some((&pattern[..open], &pattern[open + 1..at], &pattern[at + 1..])),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The alternatives of a group, at its own bars.
fn alternatives(group: &str) -> Vec<&str> {
    let mut depth = 0usize;
    let outer = |character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == '|' && depth == 0
    };
    group.split(outer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(pattern: &str) -> Vec<String> {
        let mut forms = Vec::new();
        expand(pattern, &mut forms).expect("few");
        forms
    }

    #[test]
    fn patterns_stand_for_lines() {
        assert_eq!(
            forms("see (our|all (our)?) <n> mills"),
            ["see our 0 mills", "see all our 0 mills", "see all  0 mills"]
        );
        assert_eq!(words_hash("  Today’s — TOP\u{A0}10! "), words_hash("todays top 7"));
        assert_eq!(words_hash("PUBLICITE"), words_hash("publicité"));
        assert_eq!(words_hash("Ｔｏｐ １２ ②"), words_hash("top 1 2"));
        assert_ne!(words_hash("top ten"), words_hash("topten"));
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
        let many = format!("# class: a\n{}", "(a|b|c|d|e|f|g|h|)?x ".repeat(12));
        assert!(fault(&many).contains("too many lines"));
    }

    #[test]
    fn labels_begin_and_end_lines() {
        let phrases = Phrases::builtin();
        let line = "Read more: the weir of the upper town is sold";
        let (label, words, end) = phrases.opening(line, Some("en")).expect("an opening");
        assert_eq!((label.class, words, &line[..end]), ("teaser", 2, "Read more"));
        let line = "The weir of the upper town is sold … Read more »";
        let (label, words, start) = phrases.closing(line, None).expect("a closing");
        assert_eq!((label.class, words, &line[start..]), ("teaser", 2, "Read more »"));
    }
}
