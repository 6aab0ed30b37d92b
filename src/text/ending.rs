//! How a text ends: with a sentence, with something that needs no end mark, or in the middle.
//!
//! No sign alone tells: a caption, a credit, the last item of a list have no end mark either. So the last unit of a text is
//! asked for small signs, each with a weight; the sum is compared with a threshold. The weights are fitted by logistic
//! regression (natural logarithms of odds, times ten) on complete articles and the same articles cut at a character.

use std::ops::Range;

use memchr::memmem;

use super::Text;
use super::language;
use super::letter;
use super::quotation;
use super::sentence::{self, sentences};
use super::unit::{self, Kind, Unit};
use crate::source::Span;

/// The end of a body that is no end.
#[derive(Clone, Debug)]
pub struct OpenEnd<'a> {
    /// The unit, by its place in the units of the statement.
    pub unit: usize,
    /// The last words of it.
    pub tail: &'a str,
    /// What shows best that it cannot be an end.
    pub sign: Sign,
    /// Whether only labels and notes of the page stand between it and the end of the text, and not nothing.
    pub peeled: bool,
    /// What was seen, by its place in [`SIGNALS`].
    pub signals: u64,
    /// The sum of the weights of what was seen.
    pub score: i32,
}

/// An [`OpenEnd`], kept after its text is gone.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// The last words of it.
    pub span: Span,
    /// What shows best that it cannot be an end.
    pub sign: Sign,
    /// What was seen, by its place in [`SIGNALS`].
    pub signals: u64,
    /// The sum of the weights of what was seen.
    pub score: i32,
}

impl Cut {
    /// The ends of a text, those of [`open_ends`].
    pub fn all(text: &Text<'_>) -> Vec<Self> {
        let cut = |end: OpenEnd<'_>| Self {
            span: text.source.span_of(end.tail),
            sign: end.sign,
            signals: end.signals,
            score: end.score,
        };
        open_ends(text).map(cut).collect()
    }
}

/// What shows that an end is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It ends with a comma or a hyphen, or inside a bracket or a quotation.
    Mark,
    /// It ends with a word that cannot end a sentence.
    Word,
    /// It ends inside a word.
    Inside,
    /// A sentence began in it and has no end mark.
    Sentence,
}

impl Sign {
    /// What it is, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mark => "a comma, a hyphen or an open bracket",
            Self::Word => "a word that cannot end a sentence",
            Self::Inside => "part of a word",
            Self::Sentence => "no end mark",
        }
    }
}

/// What is looked at; [`SIGNALS`] says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    NoMark,
    OpenSign,
    Unclosed,
    NeverLast,
    Long,
    LastOne,
    Low,
    Title,
    Opener,
    Beginning,
    Ending,
    Capital,
    Digit,
    Name,
    AfterMark,
    Twin,
    Item,
    Items,
    Habit,
    Alone,
    Closed,
    Letter,
    AfterLabel,
    Address,
    Comma,
    Credit,
    Heading,
    Labels,
}

/// What each signal means and weighs, in their order: a sum above nothing speaks for a cut.
pub const SIGNALS: [(&str, i32); 28] = [
    ("it has no end mark", -6),
    ("it ends with a comma, a hyphen or an opening sign", 17),
    ("a bracket or a quotation is open", 18),
    ("its last word cannot end a sentence", 19),
    ("it has 25 words or more", 10),
    ("its last sentence has one word", 7),
    ("most of its words begin with a small letter", 10),
    ("most of its longer words begin with a capital", -6),
    ("its last sentence opens as sentences do", 10),
    ("its last word is the beginning of another word of the text", 26),
    ("its last letters end no other word of the text", 5),
    ("its last word begins with a capital", -12),
    ("its last word has a digit", -8),
    ("its last words are a name", -16),
    ("the paragraph before has an end mark", 6),
    ("the line before is of the same kind and has no end mark either", -12),
    ("it is an item of a list, and no like item before it is open", 17),
    ("other items of the list have an end mark", 13),
    ("paragraphs of the text often have no end mark", -8),
    ("it is the only paragraph of prose", 12),
    ("it ends with a closing quotation mark or bracket", -10),
    ("its last word is one letter", 13),
    ("it follows a heading or a label", 3),
    ("it has an address or a bar", -11),
    ("it has a comma", 6),
    ("it looks like a credit", -21),
    ("it looks like a heading", -7),
    ("most lines of the text are labels", -17),
];

/// Where more of the paragraphs than one in so many end without a mark, a missing mark says nothing.
const HABIT: usize = 6;
/// So many units after the last paragraph may be labels and notes of the page.
const PEELED: usize = 60;
/// Fewer words may be a line of their own (`Curtain`, `Serves four`), unless something shows that more has to follow.
const LINE: usize = 4;
/// So much of a text before its end is looked at for its words, in bytes.
const VOCABULARY: usize = 1 << 16;
/// So many units before the last show how the items of a list end.
const NEAR: usize = 6;

/// The ends of a text and of its body that have no end mark and are no lines that need none; their scores say how likely
/// it is that something is missing there.
pub fn open_ends<'a>(text: &Text<'a>) -> impl Iterator<Item = OpenEnd<'a>> {
    let units = &text.statement().units;
    let last = units.len().checked_sub(1);
    let whole = last.and_then(|last| judge(text, units, last));
    let body = (0..units.len()).rev().take(PEELED).find(|&at| !is_peeled(&units[at]));
    whole.into_iter().chain(body.and_then(|body| peeled(units, body)))
}

/// Labels, notes and credits after the body.
fn is_peeled(unit: &Unit<'_>) -> bool {
    matches!(unit.kind, Kind::Short | Kind::Heading | Kind::Note | Kind::Credit)
}

/// The last unit, with all that speaks for and against a cut.
fn judge<'a>(text: &Text<'a>, units: &[Unit<'a>], at: usize) -> Option<OpenEnd<'a>> {
    let unit = &units[at];
    if unit::ends_sentence(unit.text) || ends_whole(unit) || text.phrases.is_label(unit.text, None) {
        return None;
    }
    let mut seen = Seen::default();
    seen.shape(unit);
    seen.last_sentence(unit.text);
    seen.last_word(text, unit);
    seen.around(units, at);
    let is_line = unit.words < LINE && !seen.is_begun();
    let is_signature = letter::is_signature(units, at) && !seen.is_open();
    if is_line || is_signature {
        return None;
    }
    Some(OpenEnd {
        unit: at,
        tail: tail(unit.text),
        sign: seen.sign(),
        peeled: false,
        signals: seen.0,
        score: seen.score(),
    })
}

/// A paragraph that labels and notes follow: only what cannot end a sentence counts.
fn peeled<'a>(units: &[Unit<'a>], at: usize) -> Option<OpenEnd<'a>> {
    let unit = &units[at];
    let prose =
        unit.kind == Kind::Prose || (unit.kind == Kind::Fragment && is_low(unit.text) && !follows_list(units, at));
    if !prose || unit::ends_sentence(unit.text) || ends_whole(unit) {
        return None;
    }
    let mut seen = Seen::default();
    seen.marks(unit.text);
    let sign = seen.sign();
    (sign != Sign::Sentence).then(|| OpenEnd {
        unit: at,
        tail: tail(unit.text),
        sign,
        peeled: true,
        signals: seen.0,
        score: PROOF,
    })
}

/// What the score of a paragraph is that ends as none can, though labels follow it.
const PROOF: i32 = 40;

/// Whether the unit before is of a list, or of a run of lines without end marks.
fn follows_list(units: &[Unit<'_>], at: usize) -> bool {
    at > 0 && matches!(units[at - 1].kind, Kind::Fragment | Kind::Item)
}

/// Whether half of the words at least begin with a small letter, or one of a script without capitals.
fn is_low(text: &str) -> bool {
    let (mut low, mut all) = (0, 0);
    for word in text.split_whitespace() {
        all += 1;
        let first = word.chars().find(|sign| sign.is_alphanumeric());
        low += usize::from(first.is_some_and(|first| first.is_alphabetic() && !first.is_uppercase()));
    }
    low * 2 >= all
}

/// Ends that need no mark: verse, code, notes, a colon, a pictograph, an address, a script without end marks.
fn ends_whole(unit: &Unit<'_>) -> bool {
    let text = unit.text;
    let no_prose = matches!(unit.kind, Kind::Verse | Kind::Code | Kind::Note) || text.starts_with('#');
    let Some(last) = unit::bare_end(text).chars().next_back() else {
        return true;
    };
    let unmarked = matches!(last, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}');
    let address = text.split_whitespace().next_back().is_some_and(is_address);
    let worded = text.contains(char::is_alphanumeric);
    no_prose || unmarked || address || !worded || !(is_open(last) || last.is_alphanumeric())
}

/// `https://example.org`, `a@example.org`, `example.org/a`, `example.org`.
fn is_address(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or(word);
    let labels = || host.split('.');
    let sound =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let top = |label: &str| label.len() > 1 && label.bytes().all(|byte| byte.is_ascii_alphabetic());
    let domain = labels().count() > 1 && labels().all(sound) && labels().next_back().is_some_and(top);
    domain || word.contains("://") || word.contains("www.") || word.contains('@')
}

/// Signs that something has to follow.
fn is_open(sign: char) -> bool {
    matches!(
        sign,
        ',' | ';'
            | '-'
            | '–'
            | '—'
            | '('
            | '['
            | '“'
            | '‘'
            | '«'
            | '„'
            | '、'
            | '，'
            | '؛'
            | '،'
            | '‐'
            | '/'
            | '&'
            | '$'
            | '€'
            | '£'
    )
}

/// What was seen, a bit for each of [`SIGNALS`].
#[derive(Clone, Copy, Debug, Default)]
struct Seen(u64);

impl Seen {
    fn note(&mut self, signal: Signal, seen: bool) {
        self.0 |= u64::from(seen) << signal as u32;
    }

    fn has(self, signal: Signal) -> bool {
        self.0 >> signal as u32 & 1 == 1
    }

    fn score(self) -> i32 {
        let weights = SIGNALS
            .iter()
            .enumerate()
            .filter(|(signal, _)| self.0 >> signal & 1 == 1);
        weights.map(|(_, (_, weight))| weight).sum()
    }

    fn sign(self) -> Sign {
        match () {
            () if self.has(Signal::OpenSign) || self.has(Signal::Unclosed) => Sign::Mark,
            () if self.has(Signal::NeverLast) => Sign::Word,
            () if self.has(Signal::Beginning) || (self.has(Signal::Ending) && !self.has(Signal::Capital)) => {
                Sign::Inside
            }
            () => Sign::Sentence,
        }
    }

    /// Whether a few words are the beginning of something.
    fn is_begun(self) -> bool {
        use Signal::{Beginning, Letter, NeverLast, OpenSign, Opener, Unclosed};
        let signs = [Beginning, Letter, NeverLast, OpenSign, Opener, Unclosed];
        signs.into_iter().any(|signal| self.has(signal))
    }

    /// Whether it ends as nothing can.
    fn is_open(self) -> bool {
        use Signal::{NeverLast, OpenSign, Unclosed};
        [OpenSign, Unclosed, NeverLast]
            .into_iter()
            .any(|signal| self.has(signal))
    }

    /// What cannot end a sentence.
    fn marks(&mut self, text: &str) {
        let bare = text.trim_end();
        self.note(Signal::OpenSign, bare.ends_with(is_open));
        self.note(Signal::Unclosed, quotation::is_open(text));
        let word = last_word(text);
        self.note(
            Signal::NeverLast,
            !self.has(Signal::OpenSign) && word.starts_with(char::is_lowercase) && language::cannot_end(word),
        );
    }

    fn shape(&mut self, unit: &Unit<'_>) {
        let text = unit.text;
        self.note(Signal::NoMark, true);
        self.marks(text);
        self.note(Signal::Long, unit.words >= 25);
        self.note(Signal::Low, is_low(text));
        self.note(Signal::Title, unit::is_title_case(text));
        self.note(
            Signal::Closed,
            text.ends_with(|last: char| unit::is_closer(last) && !last.is_whitespace()) && !self.has(Signal::OpenSign),
        );

        self.note(Signal::Address, has_address(text));
        self.note(Signal::Comma, text.contains([',', '，', '、', '،']));
        self.note(Signal::Credit, unit.kind == Kind::Credit);
        self.note(Signal::Heading, unit.kind == Kind::Heading);
    }

    fn last_sentence(&mut self, text: &str) {
        let range = sentences(text, None).last().unwrap_or(0..text.len());
        let sentence = &text[range.clone()];
        let words = unit::count_words(sentence);
        self.note(Signal::Opener, sentence::is_opener(sentence));
        self.note(Signal::Name, is_signed(text, range));
        self.note(Signal::LastOne, words < 2 && !self.has(Signal::Name));
    }

    fn last_word(&mut self, text: &Text<'_>, unit: &Unit<'_>) {
        let word = last_word(unit.text);
        let noun = text
            .statement()
            .language
            .map_or_else(|| is_german(unit.text), |language| language == "de");
        let first = unit.text.len() == word.len();
        self.note(Signal::Capital, word.starts_with(char::is_uppercase) && !first && !noun);
        self.note(Signal::Digit, word.contains(|sign: char| sign.is_numeric()));
        self.note(
            Signal::Letter,
            word.chars().count() == 1 && !self.has(Signal::Digit) && !first,
        );
        if word.is_empty()
            || !word
                .chars()
                .all(|letter| letter.is_alphabetic() && !unit::is_dense(letter))
        {
            return;
        }
        let start = text.source.span_of(word).start();
        let from = start.saturating_sub(VOCABULARY);
        let from = (from..=start)
            .find(|&at| text.text.is_char_boundary(at))
            .unwrap_or(start);
        let others = Others::of(word, &text.text[from..start]);
        self.note(Signal::Beginning, others.longer && !others.same);
        self.note(Signal::Ending, !others.ending && !others.same);
    }

    fn around(&mut self, units: &[Unit<'_>], at: usize) {
        let unit = &units[at];
        let before = at.checked_sub(1).map(|before| &units[before]);
        let ends = |unit: &Unit<'_>| unit::ends_sentence(unit.text) || unit.text.ends_with(':');
        let open_twin = |one: &Unit<'_>| one.kind == unit.kind && !ends(one) && one.words * 3 < unit.words.max(8) * 4;
        let mut items = units[at.saturating_sub(NEAR)..at]
            .iter()
            .filter(|unit| unit.kind == Kind::Item);
        let label = |one: &Unit<'_>| matches!(one.kind, Kind::Short | Kind::Heading) && !unit::ends_sentence(one.text);
        let prose = Prose::of(units, at);
        self.note(
            Signal::AfterMark,
            before.is_some_and(|one| unit::ends_sentence(one.text)),
        );
        self.note(Signal::Twin, before.is_some_and(open_twin));
        self.note(Signal::Item, unit.kind == Kind::Item && !self.has(Signal::Twin));
        self.note(Signal::Items, unit.kind == Kind::Item && items.any(ends));
        self.note(Signal::Habit, prose.open * HABIT > prose.all);
        self.note(Signal::Alone, prose.all == 0 && unit.kind == Kind::Prose);
        self.note(Signal::Labels, is_page(units));
        self.note(Signal::AfterLabel, before.is_some_and(label));
    }
}

/// Whether three of four units are short lines, as on a page that was taken with all its links.
fn is_page(units: &[Unit<'_>]) -> bool {
    let labels = units
        .iter()
        .filter(|unit| matches!(unit.kind, Kind::Short | Kind::Heading));
    units.len() > 40 && labels.count() * 4 > units.len() * 3
}

/// How the paragraphs of prose beside one unit end.
#[derive(Clone, Copy, Debug, Default)]
struct Prose {
    all: usize,
    open: usize,
}

impl Prose {
    fn of(units: &[Unit<'_>], at: usize) -> Self {
        let mut prose = Self::default();
        for unit in units[..at].iter().filter(|unit| unit.kind == Kind::Prose) {
            prose.all += 1;
            prose.open += usize::from(!unit::ends_sentence(unit.text) && !unit.text.ends_with(':'));
        }
        prose
    }
}

/// What else a text has of the letters of a word.
#[derive(Clone, Copy, Debug, Default)]
struct Others {
    /// The same word.
    same: bool,
    /// A longer word that begins so.
    longer: bool,
    /// A word that ends with the same last letters.
    ending: bool,
}

/// So many places of a few letters are looked at.
const PLACES: usize = 4096;

impl Others {
    fn of(word: &str, text: &str) -> Self {
        let free = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric());
        let mut others = Self::default();
        for at in memmem::find_iter(text.as_bytes(), word).take(PLACES) {
            let begins = free(text[..at].chars().next_back());
            let ends = free(text[at + word.len()..].chars().next());
            others.same |= begins && ends;
            others.longer |= begins && !ends;
            others.ending |= ends;
        }
        let last = &word[word.char_indices().rev().nth(1).map_or(0, |(at, _)| at)..];
        let ends = |at: usize| free(text[at + last.len()..].chars().next());
        others.ending |= memmem::find_iter(text.as_bytes(), last).take(PLACES).any(ends);
        others
    }
}

/// The letters and digits that a text ends with, apostrophes among them.
fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(|sign: char| !sign.is_alphanumeric());
    let part = |sign: char| sign.is_alphanumeric() || matches!(sign, '\'' | '’');
    &text[text.trim_end_matches(part).len()..]
}

/// Whether a paragraph that is too short to tell its language has two words at least that only German has.
fn is_german(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "der", "die", "das", "und", "ist", "ein", "eine", "für", "den", "dem", "des", "im", "mit", "von", "zu",
    ];
    let german = |word: &&str| WORDS.contains(word);
    text.split(|sign: char| !sign.is_alphabetic())
        .filter(german)
        .take(2)
        .count()
        == 2
}

fn has_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2(b'|', b'@', bytes).is_some()
        || memmem::find(bytes, b"www.").is_some()
        || memmem::find(bytes, b"://").is_some()
}

/// Whether the last sentence is a name: `It was a good year. Jane Roe`, `… -Jane`.
fn is_signed(text: &str, last: Range<usize>) -> bool {
    let rest = text[last.clone()].trim();
    let dash = rest.starts_with(['-', '–', '—', '~', '/']);
    let (mut capital, mut all) = (0, 0);
    for word in rest.split_whitespace() {
        all += 1;
        let first = word.chars().find(|character| character.is_alphanumeric());
        capital += usize::from(first.is_none_or(|first| !first.is_lowercase()));
    }
    let after = last.start > 0 && capital == all && !sentence::is_opener(rest);
    let agency = rest.len() < 6 && all == 1 && rest.len() > 1 && rest.bytes().all(|byte| byte.is_ascii_uppercase());
    dash || (after && ((2..=6).contains(&all) || agency))
}

/// The last words of a text.
fn tail(text: &str) -> &str {
    let from = text.len().saturating_sub(60);
    let from = (from..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let cut = &text[from..];
    let word = if from == 0 {
        0
    } else {
        cut.find(' ').map_or(0, |space| space + 1)
    };
    &cut[word..]
}
