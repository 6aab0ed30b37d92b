//! How a text ends: with a sentence, with something that needs no end mark, or in the middle.

use super::language;
use super::statement::Statement;
use super::unit::{self, Kind, Unit};

/// The end of a body that is no end.
#[derive(Clone, Copy, Debug)]
pub struct OpenEnd<'a> {
    /// The unit, by its place in [`Statement::units`].
    pub unit: usize,
    /// The last words of it.
    pub tail: &'a str,
    /// Why it cannot be an end.
    pub sign: Sign,
}

/// What shows that an end is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It ends with a comma or a hyphen, or inside a bracket or a quotation.
    Mark,
    /// It ends with a word that cannot end a sentence.
    Word,
    /// A sentence began in it and has no end mark.
    Sentence,
}

impl Sign {
    /// What it is, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mark => "a comma, a hyphen or an open bracket",
            Self::Word => "a word that cannot end a sentence",
            Self::Sentence => "no end mark",
        }
    }
}

/// Where more of the paragraphs than one in so many end without a mark, a missing mark says nothing.
const HABIT: usize = 6;
/// So many units after the last paragraph may be labels and notes of the page.
const PEELED: usize = 60;

/// The open end of a body, where it has one.
pub fn open_end<'a>(statement: &Statement<'a>) -> Option<OpenEnd<'a>> {
    let units = &statement.units;
    let last = units.len().checked_sub(1)?;
    if let Some(end) = open(units, last, Sign::Sentence) {
        return Some(end);
    }
    let at = (0..=last).rev().take(PEELED).find(|&at| !is_peeled(&units[at]))?;
    open(units, at, Sign::Word)
}

/// Labels, notes and credits after the body.
fn is_peeled(unit: &Unit<'_>) -> bool {
    matches!(unit.kind, Kind::Short | Kind::Heading | Kind::Note | Kind::Credit)
}

fn open<'a>(units: &[Unit<'a>], at: usize, weakest: Sign) -> Option<OpenEnd<'a>> {
    let unit = &units[at];
    let text = unit.text.trim_end();
    if unit::ends_sentence(text) || ends_whole(text) || !goes_on(units, at) {
        return None;
    }
    let sign = sign(text)?;
    let allowed = sign != Sign::Sentence || (weakest == Sign::Sentence && !is_habit(units, at) && !is_signed(text));
    allowed.then(|| OpenEnd {
        unit: at,
        tail: tail(text),
        sign,
    })
}

/// Whether a unit can be a paragraph that was cut: prose, a line that reads like prose, or a few words of one after prose.
fn goes_on(units: &[Unit<'_>], at: usize) -> bool {
    let unit = &units[at];
    let after_prose = || at > 0 && units[at - 1].kind == Kind::Prose && unit::ends_sentence(units[at - 1].text);
    match unit.kind {
        Kind::Prose => true,
        Kind::Fragment => is_low(unit) && !follows_list(units, at),
        Kind::Short => unit.words > 2 && is_low(unit) && after_prose(),
        _ => false,
    }
}

/// Whether the unit before is of a list, or of a run of lines without end marks.
fn follows_list(units: &[Unit<'_>], at: usize) -> bool {
    at > 0 && matches!(units[at - 1].kind, Kind::Fragment | Kind::Item)
}

/// Whether half of the words at least begin with a small letter.
fn is_low(unit: &Unit<'_>) -> bool {
    let words = || unit.text.split_whitespace();
    let low = words()
        .filter(|word| word.trim_start_matches(unit::is_closer).starts_with(char::is_lowercase))
        .count();
    low * 2 >= words().count()
}

/// Ends that need no mark: a colon, a closing bracket, a pictograph, an address, a script without end marks.
fn ends_whole(text: &str) -> bool {
    let Some(last) = text.chars().next_back() else {
        return true;
    };
    let open = matches!(
        last,
        ',' | '-' | '(' | '[' | '“' | '‘' | '«' | '、' | '，' | '،' | '‐' | '/' | '&'
    );
    let unmarked = matches!(last, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}');
    let address = text
        .split_whitespace()
        .next_back()
        .is_some_and(|word| word.contains("://") || word.contains("www.") || word.contains('@'));
    unmarked || address || !(open || last.is_alphanumeric())
}

fn sign(text: &str) -> Option<Sign> {
    if text.ends_with([',', '-', '(', '[', '“', '‘', '«', '、', '，', '،', '‐', '/', '&']) {
        return Some(Sign::Mark);
    }
    if is_unclosed(text) {
        return Some(Sign::Mark);
    }
    let word = text
        .rsplit(|character: char| !character.is_alphanumeric() && character != '\'' && character != '’')
        .next()?;
    let low = word.starts_with(char::is_lowercase) && language::cannot_end(word);
    Some(if low { Sign::Word } else { Sign::Sentence })
}

/// Whether a bracket or a curly quotation mark that was opened last is not closed.
fn is_unclosed(text: &str) -> bool {
    [('(', ')'), ('[', ']'), ('“', '”'), ('（', '）'), ('「', '」')]
        .into_iter()
        .any(|(open, close)| text.rfind(open) > text.rfind(close))
}

/// Whether paragraphs of this text often end without a mark.
fn is_habit(units: &[Unit<'_>], at: usize) -> bool {
    let others = || {
        units
            .iter()
            .enumerate()
            .filter(|(other, unit)| *other != at && matches!(unit.kind, Kind::Prose))
    };
    let open = others()
        .filter(|(_, unit)| !unit::ends_sentence(unit.text) && !unit.text.ends_with(':'))
        .count();
    open * HABIT > others().count()
}

/// Whether what follows the last sentence is a name: `It was a good year. Jane Roe`, `… -Jane`.
fn is_signed(text: &str) -> bool {
    let rest = after_last_sentence(text);
    let words = || rest.split_whitespace();
    let dash = rest.trim_start().starts_with(['-', '–', '—', '~', '/']);
    let capital = |word: &str| {
        word.chars()
            .find(|character| character.is_alphanumeric())
            .is_none_or(|first| !first.is_lowercase())
    };
    let few = words().count() <= 6;
    dash || (rest.len() < text.len()
        && few
        && words().filter(|word| capital(word)).count() * 3 >= words().count() * 2
        && words().count() > 1)
        || unit::is_title_case(text)
}

fn after_last_sentence(text: &str) -> &str {
    let ends = text
        .char_indices()
        .filter(|(_, character)| unit::is_end_mark(*character));
    let mut after = ends
        .map(|(at, mark)| at + mark.len_utf8())
        .filter(|&at| text[at..].starts_with(|next: char| next.is_whitespace() || unit::is_closer(next)));
    let start = after.next_back().unwrap_or(0);
    text[start..].trim_start_matches(unit::is_closer)
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
