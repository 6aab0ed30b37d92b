//! The units of a text, paragraphs, headings, labels, and what each looks like: the ground of the zones.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Anchored, Input, StartKind};

use super::{Line, Text, beyond_ascii, mask};
use crate::source::Span;

/// What a unit looks like, on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sentences.
    Prose,
    /// Eight words or more that end no sentence and look like nothing else: a headline, a caption, or prose that was cut.
    Fragment,
    /// Less than eight words.
    Short,
    /// A line of verse.
    Verse,
    /// An item of a list.
    Item,
    /// A heading, by its capitals or its mark-up.
    Heading,
    /// A note below the text.
    Note,
    /// Who made it, where it comes from, where to go next.
    Credit,
    /// Code or a table.
    Code,
}

/// A paragraph, or a line of a block whose lines are no paragraph.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// Its text, from the first letter to the last.
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
    /// The first line, 0-based.
    pub first: usize,
    /// The line after the last.
    pub end: usize,
    /// How many words it has; two characters of a script without spaces count as one.
    pub words: usize,
    /// What it looks like.
    pub kind: Kind,
}

/// Prose has at least so many words.
pub const PROSE_WORDS: usize = 8;
/// So many words are prose even where no sentence ends in them.
const LONG: usize = 25;

/// The units of a text, in order.
pub fn units<'a>(text: &Text<'a>) -> Vec<Unit<'a>> {
    let mut units = Vec::with_capacity(text.lines.len());
    for block in &text.blocks {
        let lines = text.lines_of(block);
        if lines.len() == 1 || is_wrapped(lines) {
            units.push(unit(block.text, block.span, block.first..block.end, false));
            continue;
        }
        let verse = is_verse(lines);
        for (at, line) in lines.iter().enumerate() {
            let inner = line.text.trim();
            let range = block.first + at..block.first + at + 1;
            units.push(unit(inner, text.source.span_of(inner), range, verse));
        }
    }
    units
}

fn unit<'a>(text: &'a str, span: Span, lines: std::ops::Range<usize>, verse: bool) -> Unit<'a> {
    let words = count_words(text);
    let kind = if verse { Kind::Verse } else { classify(text, words) };
    Unit {
        text,
        span,
        first: lines.start,
        end: lines.end,
        words,
        kind,
    }
}

/// Whether the lines of a block are one paragraph, broken at a width.
///
/// Then the word that begins a line would not have gone into the line before; in verse it often would. Two or three lines
/// show little of it, so that they have to be longer.
fn is_wrapped(lines: &[Line<'_>]) -> bool {
    let full = &lines[..lines.len() - 1];
    let width = |line: &Line<'_>| line.text.trim_end().chars().count();
    let longest = full.iter().map(width).max().unwrap_or(0);
    let least = match lines.len() {
        2 => 60,
        3 => 50,
        _ => 40,
    };
    let word = |line: &Line<'_>| {
        line.text
            .split_whitespace()
            .next()
            .map_or(0, |word| word.chars().count())
    };
    let broken = lines
        .windows(2)
        .filter(|pair| width(&pair[0]) + 1 + word(&pair[1]) > longest)
        .count();
    let runs_on = lines[1..].iter().filter(|line| starts_low(line.text)).count();
    (least..=110).contains(&longest) && broken * 10 >= full.len() * 8 && runs_on * 3 >= full.len()
}

/// Whether the lines of a block are verse: none long, half of them of some words, and few of them sentences.
fn is_verse(lines: &[Line<'_>]) -> bool {
    let short = lines
        .iter()
        .all(|line| super::prefix(line.text, 400).chars().count() <= 80);
    let worded = lines.iter().filter(|line| count_words(line.text) > 3).count();
    let open = lines.iter().filter(|line| !ends_sentence(line.text)).count();
    let items = lines.iter().filter(|line| is_item(line.text.trim_start())).count();
    lines.len() > 1 && short && worded * 2 >= lines.len() && open * 3 >= lines.len() && items * 2 <= lines.len()
}

fn starts_low(text: &str) -> bool {
    text.trim_start()
        .chars()
        .next()
        .is_some_and(|first| !first.is_uppercase() && !matches!(first, '-' | '*' | '•'))
}

/// How many words there are; two characters of a script without spaces count as one.
pub fn count_words(text: &str) -> usize {
    if text.is_ascii() {
        return count_ascii_words(text.as_bytes());
    }
    let mut counting = Counting::default();
    let mut at = 0;
    for run in beyond_ascii::runs(text) {
        counting.ascii(&text.as_bytes()[at..run.start]);
        at = run.end;
        text[run].chars().for_each(|character| counting.character(character));
    }
    counting.ascii(&text.as_bytes()[at..]);
    counting.words + counting.dense / 2
}

/// The words so far of a text that is not all ASCII.
#[derive(Default)]
struct Counting {
    words: usize,
    /// Characters of scripts without spaces.
    dense: usize,
    /// Whether a letter or digit that comes next goes on with a word.
    inside: bool,
}

impl Counting {
    fn character(&mut self, character: char) {
        if is_dense(character) {
            self.dense += 1;
            self.inside = false;
            return;
        }
        // Quotation marks and dashes are most of what is not ASCII in many texts, and the tables need not be asked for them.
        let part = !('\u{2000}'..='\u{206f}').contains(&character) && character.is_alphanumeric();
        self.words += usize::from(part && !self.inside);
        self.inside = part || (self.inside && character == '’');
    }

    fn byte(&mut self, byte: u8) {
        let part = mask::is_part(byte);
        self.words += usize::from(part && !self.inside);
        self.inside = part || (self.inside && is_tie(byte));
    }

    fn ascii(&mut self, bytes: &[u8]) {
        // Between the words of other alphabets stands one space.
        if bytes.len() < FEW {
            return bytes.iter().for_each(|&byte| self.byte(byte));
        }
        for block in mask::blocks(bytes) {
            let (part, tie) = (block.mask(mask::is_part), block.mask(is_tie));
            // A carry runs through the signs that tie a word to what follows, and leaves only those that do not.
            let tied = (part << 1 | u64::from(self.inside)) & tie;
            let inside = part | (tie & !tie.wrapping_add(tied));
            let begins = part & !(inside << 1 | u64::from(self.inside));
            self.words += begins.count_ones() as usize;
            self.inside = inside >> (block.length - 1) & 1 == 1;
        }
    }
}

/// So few bytes are counted one by one.
const FEW: usize = 12;

/// A word begins at a letter or digit with neither such before it nor a sign that ties it to one.
fn count_ascii_words(text: &[u8]) -> usize {
    let (mut words, mut parts, mut ties) = (0, 0, 0);
    for block in mask::blocks(text) {
        let (part, tie) = (block.mask(mask::is_part), block.mask(is_tie));
        let (either, eithers) = (part | tie, parts | ties);
        let tied = (tie << 1 | ties >> 63) & (either << 2 | eithers >> 62);
        words += (part & !(part << 1 | parts >> 63 | tied)).count_ones() as usize;
        (parts, ties) = (part, tie);
    }
    words
}

#[inline]
fn is_tie(byte: u8) -> bool {
    (byte == b'\'') | (byte == b'-')
}

/// Whether a character is of a script that puts no space between words.
pub fn is_dense(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn classify(text: &str, words: usize) -> Kind {
    let inner = text.trim_start_matches(['*', '_', '>', ' ']);
    if text.starts_with('#') {
        return Kind::Heading;
    }
    if is_code(text) {
        return Kind::Code;
    }
    if is_note(inner) {
        return Kind::Note;
    }
    let terse = words <= 14 || (words <= 40 && !ends_sentence(text));
    if terse && is_credit(inner) {
        return Kind::Credit;
    }
    if is_item(text) {
        return Kind::Item;
    }
    if words < PROSE_WORDS {
        return Kind::Short;
    }
    match () {
        () if ends_sentence(text) || has_inner_end(text) => Kind::Prose,
        () if is_title_case(text) => Kind::Heading,
        () if words >= LONG => Kind::Prose,
        () => Kind::Fragment,
    }
}

/// Where a line of code, a table row, a formula or a column of figures is more likely than a sentence.
fn is_code(text: &str) -> bool {
    let sample = super::prefix(text, 2000);
    let bytes = sample.as_bytes();
    let rows = memchr::memchr_iter(b'|', bytes).nth(1).is_some() || memchr::memchr(b'\t', bytes).is_some();
    rows || sample.ends_with([';', '{', '}']) || (!is_plain(bytes) && is_signed(sample))
}

/// Whether there are so few signs at all that those of code need not be told from the others, and fewer digits than letters.
fn is_plain(sample: &[u8]) -> bool {
    let signs = mask::count(sample, |byte| (b'!'..0x80).contains(&byte) & !mask::is_part(byte));
    let characters = mask::count(sample, |byte| byte & 0xC0 != 0x80);
    let digits = || mask::count(sample, mask::is_digit);
    signs * 8 <= characters && digits() <= mask::count(sample, mask::is_letter)
}

/// Whether signs of code or digits are more than prose has.
fn is_signed(sample: &str) -> bool {
    let count = sample
        .bytes()
        .fold(0u64, |count, byte| count + LANES[usize::from(byte)]);
    let lane = |lane: u32| (count >> (16 * lane)) as u16 as usize;
    let (signs, digits, mut letters, characters) = (lane(0), lane(1), lane(2), lane(3));
    // Most of what is not ASCII is letters; only a sample with few others is counted by its characters.
    if digits > letters {
        letters = sample.chars().filter(|character| character.is_alphabetic()).count();
    }
    signs * 8 > characters || digits > letters
}

/// What each byte adds to four counts of 16 bits: signs of code, formulas and tables, digits, ASCII letters, characters.
static LANES: [u64; 256] = {
    let signs = b"{}[]();=<>|\\$+*/_`~^";
    let mut lanes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let it = byte as u8;
        let character = if it & 0xC0 == 0x80 { 0 } else { 1 << 48 };
        lanes[byte] = character | (it.is_ascii_digit() as u64) << 16 | (it.is_ascii_alphabetic() as u64) << 32;
        byte += 1;
    }
    let mut sign = 0;
    while sign < signs.len() {
        lanes[signs[sign] as usize] |= 1;
        sign += 1;
    }
    lanes
};

/// A note: `[1] …`, `¹ …`, `† …`, `(1) …`.
fn is_note(text: &str) -> bool {
    let bracketed = |open: char, close: char| {
        let inner = text.strip_prefix(open).and_then(|rest| rest.split_once(close));
        inner.is_some_and(|(mark, _)| {
            (1..=3).contains(&mark.len()) && mark.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'*')
        })
    };
    bracketed('[', ']') || text.starts_with(['¹', '²', '³', '†', '‡', '↑', '^'])
}

fn is_item(text: &str) -> bool {
    let number = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered = number.len() < text.len()
        && text.len() - number.len() < 4
        && number.starts_with(['.', ')'])
        && number[1..].starts_with([' ', '\u{a0}']);
    numbered
        || text.starts_with(['•', '·', '▪', '◦', '‣', '■', '►', '➤', '✓', '✔'])
        || text.starts_with("- ")
        || text.starts_with("* ")
        || text.starts_with("– ")
}

/// Beginnings of credits and pointers, in lower case.
const CREDITS: &[&str] = &[
    "about the author",
    "adapted from",
    "also read",
    "also see",
    "artikel von",
    "autor:",
    "autora:",
    "auteur :",
    "author:",
    "authors:",
    "by ",
    "bild:",
    "bilder:",
    "caption:",
    "check out",
    "coming on",
    "contact:",
    "contributed",
    "copyright",
    "crédit",
    "credit",
    "credits:",
    "correction:",
    "disclaimer",
    "doi:",
    "edited by",
    "editing by",
    "editor:",
    "editor’s note",
    "editor's note",
    "erstmals erschienen",
    "filed under",
    "follow ",
    "foto:",
    "fotos:",
    "foto ",
    "from:",
    "fuente:",
    "fonte:",
    "further reading",
    "further listening",
    "illustration",
    "image",
    "isbn",
    "kontakt:",
    "leggi anche",
    "lees ook",
    "lire aussi",
    "last updated",
    "learn more",
    "lee también",
    "leia também",
    "lesen sie auch",
    "listen to",
    "more:",
    "more on",
    "more from",
    "mit material",
    "note:",
    "note to",
    "obserwuj",
    "original:",
    "originally published",
    "originally posted",
    "originally appeared",
    "photo",
    "picture",
    "pictured",
    "posted in",
    "published by",
    "published on",
    "publié",
    "przeczytaj",
    "quelle:",
    "quellen:",
    "read more",
    "read next",
    "read also",
    "read the",
    "recommended",
    "redaktion",
    "related",
    "reporting by",
    "republished",
    "retrieved",
    "retweets",
    "see also",
    "see more",
    "share ",
    "sign up",
    "source:",
    "sources:",
    "source :",
    "subscribe",
    "tags:",
    "tagged",
    "this article was",
    "this story was",
    "this post was",
    "this piece",
    "text:",
    "traducción",
    "traduction",
    "traduit",
    "translated",
    "translation",
    "traduzione",
    "twitter:",
    "übersetz",
    "van onze",
    "via ",
    "veröffentlicht",
    "video:",
    "view ",
    "visit ",
    "von ",
    "watch",
    "weiterlesen",
    "with files",
    "with reporting",
    "words:",
    "writing by",
    "written by",
    "zdroj:",
    "zdjęcie",
    "źródło",
    "источник",
    "фото",
    "автор",
    "读者",
    "来源",
    "原标题",
    "责任编辑",
    "责编",
    "编辑",
    "저작권",
    "무단전재",
    "出典",
    "©",
    "(c) ",
    "ⓒ",
    "http://",
    "https://",
    "www.",
    "—",
    "– ",
    "@",
    "#",
    "(soundbite",
];

/// All of [`CREDITS`] in one look: a text may have millions of lines.
static CREDIT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .start_kind(StartKind::Anchored)
        .build(CREDITS)
        .ok()
});

fn begins_as_credit(start: &str) -> bool {
    let from_start = Input::new(start).anchored(Anchored::Yes);
    CREDIT.as_ref().is_some_and(|credits| credits.is_match(from_start))
}

fn is_credit(text: &str) -> bool {
    let start = super::prefix(text.trim_start_matches(['(', '[', '“', '"']), 64).to_lowercase();
    begins_as_credit(&start) || ends_in_address(text) || text.ends_with("reserved") || text.contains(" | ")
}

fn ends_in_address(text: &str) -> bool {
    let Some(last) = text.split_whitespace().next_back() else {
        return false;
    };
    last.contains("://") || last.starts_with("www.") || (last.contains('@') && last.contains('.'))
}

/// Marks that end a sentence, in any script.
pub fn is_end_mark(character: char) -> bool {
    matches!(
        character,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '｡'
            | '．'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '።'
            | '፧'
            | '၊'
            | '။'
            | '។'
            | '៕'
            | '༎'
            | '།'
            | '჻'
            | '᠃'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
            | '‽'
            | '¶'
            | '⸮'
            | '‥'
    )
}

/// Signs that may stand after the mark that ends a sentence.
pub fn is_closer(character: char) -> bool {
    matches!(
        character,
        '"' | '\''
            | '”'
            | '’'
            | '»'
            | '›'
            | '«'
            | '“'
            | '‘'
            | ')'
            | ']'
            | '}'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '*'
            | '_'
            | '`'
            | '†'
            | '‡'
            | '¹'
            | '²'
            | '³'
            | '⁴'
            ..='⁹'
                | '\u{fe0f}'
                | '\u{200d}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{feff}'
                | '■'
                | '●'
                | '◼'
                | '◾'
                | '∎'
                | '□'
                | '♦'
                | '★'
    ) || character.is_whitespace()
}

/// The end of a text without closing signs and note marks (`said.”[12]`).
pub fn bare_end(text: &str) -> &str {
    let mut text = text.trim_end_matches(is_closer);
    while let Some(open) = note_mark(text) {
        let mark = &text[open + 1..];
        if mark.is_empty() || !mark.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        text = text[..open].trim_end_matches(is_closer);
    }
    text
}

/// Where the bracket is that may open a note mark at the end of a text.
fn note_mark(text: &str) -> Option<usize> {
    let from = text.len().saturating_sub(5);
    let open = text.as_bytes()[from..].iter().rposition(|&byte| byte == b'[')?;
    Some(from + open)
}

/// Whether a text ends as a sentence does: an end mark, and nothing after it but closing signs and note marks.
pub fn ends_sentence(text: &str) -> bool {
    let bare = bare_end(text);
    let digits = bare.trim_end_matches(|character: char| character.is_ascii_digit());
    let said = digits.strip_suffix(is_end_mark);
    bare.ends_with(is_end_mark)
        || (digits.len() < bare.len()
            && bare.len() - digits.len() < 3
            && said.is_some_and(|said| !said.ends_with(|c: char| c.is_ascii_digit())))
}

/// Whether a sentence ends inside a text: a mark, a space and then something that begins one.
pub fn has_inner_end(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ascii = memchr::memchr3_iter(b'.', b'!', b'?', bytes).any(|at| {
        let spaced = bytes.get(at + 1).is_some_and(|&next| next == b' ' || next == b'\n');
        spaced && is_inner_end(text, at, at + 1)
    });
    ascii || (!text.is_ascii() && has_wide_inner_end(text))
}

/// Whether the mark between two bytes ends a sentence, and another begins.
fn is_inner_end(text: &str, mark: usize, after: usize) -> bool {
    let before = text[..mark].chars().next_back();
    let next = text[after..].chars().nth(1);
    before.is_some_and(|before| before.is_lowercase() || is_closer(before) || is_dense(before))
        && next.is_some_and(|next| !next.is_lowercase())
}

fn has_wide_inner_end(text: &str) -> bool {
    let mut before = [' '; 3];
    for character in text.chars() {
        let [older, mark, space] = before;
        let dense = matches!(space, '。' | '！' | '？');
        let spaced = space.is_whitespace() && is_end_mark(mark) && !character.is_lowercase();
        if dense || (spaced && (older.is_lowercase() || is_closer(older) || is_dense(older))) {
            return true;
        }
        before = [mark, space, character];
    }
    false
}

/// Whether most of the longer words begin with a capital.
pub fn is_title_case(text: &str) -> bool {
    let long = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|character| character.is_alphabetic()).count() > 3);
    let (mut capital, mut all) = (0, 0);
    for word in long {
        all += 1;
        capital += usize::from(
            word.chars()
                .find(|character| character.is_alphabetic())
                .is_some_and(char::is_uppercase),
        );
    }
    all > 1 && capital * 10 >= all * 7
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_note_mark_may_follow_the_mark_of_any_script() {
        assert!(ends_sentence("The water is low.12") && ends_sentence("水位很低。12") && ends_sentence("水位很低。3"));
        assert!(!ends_sentence("1.12") && !ends_sentence("水位很低12") && !ends_sentence("水位很低。123"));
    }

    proptest! {
        #[test]
        fn words_are_counted_one_by_one(text in "[a-c1' .-]{0,500}") {
            let (mut plain, mut inside) = (0, false);
            for character in text.chars() {
                let part = character.is_alphanumeric();
                plain += usize::from(part && !inside);
                inside = part || (inside && matches!(character, '\'' | '-'));
            }
            // Signs that tie nothing, one after the other, are all that may be counted otherwise.
            let loose = text.replace('\'', "-").contains("--");
            prop_assert!(loose || count_words(&text) == plain);
        }

        #[test]
        fn words_beside_other_signs_are_counted_one_by_one(text in "[a-c1' .’é水—-]{0,300}") {
            let mut plain = Counting::default();
            for character in text.chars() {
                if character.is_ascii() {
                    let part = character.is_ascii_alphanumeric();
                    plain.words += usize::from(part && !plain.inside);
                    plain.inside = part || (plain.inside && matches!(character, '\'' | '-'));
                } else {
                    plain.character(character);
                }
            }
            prop_assert!(text.is_ascii() || count_words(&text) == plain.words + plain.dense / 2);
        }

        #[test]
        fn what_is_plain_has_no_signs_of_code(text in "[a-c1{}=;.’é ]{0,200}") {
            prop_assert!(!is_plain(text.as_bytes()) || !is_signed(&text));
        }
    }
}
