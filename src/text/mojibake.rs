//! UTF-8 that was read as something else (`fÃ¼r`): found by what no language writes, mended by reading it back.
//!
//! The idea is that of ftfy (Robyn Speer, <https://ftfy.readthedocs.io/en/latest/heuristic.html>): a text is turned back
//! into the bytes of the encoding that it was read as, which must be UTF-8, and the result must be likelier than what
//! stood there. Here every run of characters beyond ASCII is judged by itself, so that sound characters beside it stay as
//! they are, and only the encoding is mended: no quotation mark is made straight.

mod codec;
mod cost;
mod utf8;

use std::ops::Range;

use super::beyond_ascii::beyond_ascii;
use super::prefix;
use crate::source::{Source, Span};
use codec::{Codecs, Roles};

/// A run that is this much likelier after mending was mojibake, whatever stands around it. In tenths.
const CERTAIN: i32 = 17;
/// A run that is this much likelier was mojibake where the text has enough of it elsewhere.
const LIKELY: i32 = 4;
/// So many certain runs of an encoding make the likely ones certain.
const MANY: usize = 3;
/// A run that is so much likelier tells that a text has mojibake of its encoding.
const EVIDENCE: i32 = 20;
/// What a run costs at most that was Windows-1252 and was read as Latin-1: chance makes those, as there is no form to them.
const SOUND: i32 = 6;
/// Text was read wrongly at most so many times.
const LAYERS: usize = 4;
/// What a further layer costs, and once more where it is another encoding. In tenths.
const LAYER: i32 = 8;
/// Two readings that are no further apart than this are both possible. In tenths.
const CLOSE: i32 = 10;
/// A run is looked at in pieces of about this many characters.
const PIECE: usize = 120;
/// Of the readings of one layer so many are looked into further.
const BEAM: usize = 2;
/// So many bytes on either side tell of what script the text around is.
const AROUND: usize = 48;
/// So many bytes are beside it.
const NEXT: usize = 8;
/// At most so many runs are kept.
const KEPT: usize = 10_000;

/// Characters that were something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where.
    pub span: Span,
    /// What they were; U+FFFD for what is lost.
    pub meant: String,
    /// What it was read as, the last time first.
    pub read_as: Vec<&'static str>,
    /// How much likelier it is than what stands there, in tenths.
    pub gain: i32,
    /// Whether nothing is left in it that is out of place, and nothing was lost or guessed.
    pub safe: bool,
}

/// All of a text.
#[derive(Debug, Default)]
pub struct Mojibake {
    /// In the order of the text; no two overlap.
    pub damages: Vec<Damage>,
    /// Whether there may be more: so many were found that the search ended.
    pub more: bool,
}

/// What a run may have been.
#[derive(Clone, Debug)]
struct Reading {
    text: String,
    layers: Vec<usize>,
    cost: i32,
    bonus: i32,
    exact: bool,
    /// Whether another encoding gives something else that is nearly as likely.
    ambiguous: bool,
}

/// A run of characters beyond ASCII, and what stands around it.
#[derive(Clone, Copy, Debug)]
struct Run<'a> {
    text: &'a str,
    before: char,
    after: char,
    latin: bool,
}

/// What tells of one encoding: how many runs are certainly mojibake of it.
type Evidence = Vec<(&'static str, usize)>;

/// The mojibake of a text.
pub fn mojibake(source: &Source, text: &str) -> Mojibake {
    let mut found = Mojibake::default();
    let mut evidence = Evidence::new();
    for damage in runs(source, text) {
        found.more = found.damages.len() == KEPT;
        if found.more {
            break;
        }
        if damage.gain >= EVIDENCE {
            count(&mut evidence, damage.first());
        }
        found.damages.push(damage);
    }
    found.damages.retain_mut(|damage| {
        let first = damage.first();
        let times = evidence
            .iter()
            .find(|(name, _)| *name == first)
            .map_or(0, |&(_, times)| times);
        damage.safe &= damage.gain >= CERTAIN || times >= MANY;
        damage.gain >= CERTAIN || times > 0
    });
    found
}

fn count(evidence: &mut Evidence, name: &'static str) {
    match evidence.iter_mut().find(|(known, _)| *known == name) {
        Some((_, times)) => *times += 1,
        None => evidence.push((name, 1)),
    }
}

impl Damage {
    /// The encoding that it was read as first.
    fn first(&self) -> &'static str {
        self.read_as.last().copied().unwrap_or_default()
    }
}

impl Mojibake {
    /// Whether a byte belongs to what was something else.
    pub fn covers(&self, byte: usize) -> bool {
        let after = self.damages.partition_point(|damage| damage.span.end() <= byte);
        self.damages
            .get(after)
            .is_some_and(|damage| damage.span.start() <= byte)
    }
}

/// Every run that may be mojibake, in order.
fn runs<'a>(source: &'a Source, text: &'a str) -> impl Iterator<Item = Damage> + 'a {
    let roles = Roles::get();
    let (mut at, mut habit) = (0, Habit::default());
    std::iter::from_fn(move || {
        loop {
            let range = around(text, at, candidate(text, at, roles)?, roles);
            at = range.end;
            let damage = examine(source, text, range, roles, &mut habit);
            if damage.is_some() {
                return damage;
            }
        }
    })
}

/// The next character that may go on a UTF-8 sequence which the one before it began, in one encoding or another.
fn candidate(text: &str, from: usize, roles: Roles<'_>) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut leading) = (from, 0);
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            if bytes[at] == b' ' && text[from..at].ends_with(['Ã', 'Â', 'Å']) {
                return Some(at - 'Ã'.len_utf8());
            }
            (at, leading) = (beyond_ascii(bytes, at + 1)?, 0);
        }
        // Ideographs, most scripts of Asia, and what is beyond the first plane are in none of the encodings.
        if matches!(bytes[at], 0xE0 | 0xE1 | 0xE3..=0xED | 0xF0..) {
            at += if bytes[at] < 0xF0 { 3 } else { 4 };
            leading = 0;
            continue;
        }
        let character = text[at..].chars().next()?;
        let (lead, later) = roles.of(character);
        let lost = leading != 0 && character == '\u{FFFD}';
        if leading & later != 0 || lost || is_c1(character) {
            return Some(at);
        }
        leading = lead;
        at += character.len_utf8();
    }
    None
}

fn is_c1(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9F}')
}

/// The characters beyond ASCII on both sides of a place, not before `floor`. A long run ends before what may begin a
/// sequence.
fn around(text: &str, floor: usize, at: usize, roles: Roles<'_>) -> Range<usize> {
    let left = text[floor..at]
        .chars()
        .rev()
        .take_while(|character| !character.is_ascii());
    let mut start = at - left.take(PIECE).map(char::len_utf8).sum::<usize>();
    let begins = |character: char| roles.of(character).0 != 0 && roles.of(character).1 == 0;
    let right = text[at..].chars().enumerate();
    let right = right.take_while(|&(count, character)| {
        !character.is_ascii() && (count < PIECE || !begins(character)) && count < 2 * PIECE
    });
    let mut end = at + right.map(|(_, character)| character.len_utf8()).sum::<usize>();
    if text[floor..start].ends_with("Ð ") && text[start..].starts_with(['Ñ', 'Ð']) {
        start -= "Ð ".len();
    }
    end += usize::from(takes_space(&text[floor..end], &text[end..]));
    start..end
}

/// Whether the space after a run was a no-break space, the second byte of its last character: of `à`, of the no-break
/// space itself, of `Š` at the beginning of a word.
fn takes_space(before: &str, after: &str) -> bool {
    let Some(rest) = after.strip_prefix(' ') else {
        return false;
    };
    let goes_on = rest.starts_with(|next: char| next.is_alphanumeric() || next > '\u{7F}');
    if let Some(word) = before.strip_suffix('Å') {
        let begins = word.is_empty() || word.ends_with([' ', '\n']);
        return begins && !word.trim_end().ends_with(char::is_numeric) && rest.starts_with(char::is_lowercase);
    }
    (before.ends_with('Ã') && rest.starts_with(' ')) || (before.ends_with('Â') && goes_on)
}

fn examine(source: &Source, text: &str, range: Range<usize>, roles: Roles<'_>, habit: &mut Habit) -> Option<Damage> {
    let run = Run::of(text, &range);
    let stands = run.cost(run.text);
    // What costs nothing cannot be likelier as something else: most candidates of sound texts end here.
    if stands == 0 {
        return None;
    }
    let original = Reading::original(run.text, stands);
    let best = habit
        .reading(&run, &original)
        .unwrap_or_else(|| search(&run, &original, roles, LAYERS));
    let gain = stands - best.value();
    if best.layers.is_empty() || best.cost >= stands || gain < LIKELY || best.cost * 2 > stands + best.bonus {
        return None;
    }
    let safe = best.exact && !best.ambiguous && run.cost(&best.text) <= SOUND;
    habit.learn(&best, safe && gain >= EVIDENCE);
    Some(Damage {
        span: source.span(range.start, range.end)?,
        read_as: best.layers.iter().rev().map(|&layer| codec::name(layer)).collect(),
        safe,
        gain,
        meant: best.text,
    })
}

/// The encoding that mended the last runs beyond doubt: it is tried first, so that a text that is damaged from end to end
/// is not searched through for each word.
#[derive(Debug, Default)]
struct Habit {
    codec: usize,
    times: usize,
}

impl Habit {
    /// The reading by habit, where nothing is odd about it.
    fn reading(&self, run: &Run<'_>, original: &Reading) -> Option<Reading> {
        let reading = run.mended(original, self.codec).filter(|_| self.times >= MANY)?;
        let sound = reading.exact && reading.cost <= SOUND && original.cost - reading.value() >= CERTAIN;
        sound.then_some(reading)
    }

    fn learn(&mut self, reading: &Reading, firm: bool) {
        let [codec] = reading.layers[..] else { return };
        if firm && codec == self.codec {
            self.times += 1;
        } else if self.times < MANY {
            *self = Self {
                codec: codec.min(codec::COUNT - 1),
                times: usize::from(firm),
            };
        }
    }
}

impl Reading {
    /// What stands there.
    fn original(text: &str, cost: i32) -> Self {
        Self {
            text: text.to_owned(),
            layers: Vec::new(),
            cost,
            bonus: 0,
            exact: true,
            ambiguous: false,
        }
    }

    /// The less, the likelier.
    fn value(&self) -> i32 {
        self.cost - self.bonus
    }
}

/// The likeliest reading that is to be had from one by mending it no more than so many times.
fn search(run: &Run<'_>, reading: &Reading, roles: Roles<'_>, left: usize) -> Reading {
    let mut best = reading.clone();
    if left == 0 {
        return best;
    }
    let mut nexts = nexts(run, reading, codecs(&reading.text, roles));
    nexts.extend(run.as_windows_1252(reading));
    nexts.sort_by_key(Reading::value);
    for (place, next) in nexts.into_iter().enumerate() {
        let deepest = if place < BEAM {
            search(run, &next, roles, left - 1)
        } else {
            next
        };
        let ahead = best.value() - deepest.value();
        let close = ahead.abs() < CLOSE && deepest.text != best.text && !best.layers.is_empty();
        if ahead > 0 {
            best = deepest;
        }
        best.ambiguous |= close;
    }
    best
}

/// A reading, mended once by each encoding, each different text once.
fn nexts(run: &Run<'_>, reading: &Reading, codecs: Codecs) -> Vec<Reading> {
    let mut nexts: Vec<Reading> = Vec::new();
    for codec in (0..codec::COUNT).filter(|codec| codecs & 1 << codec != 0) {
        let next = run.mended(reading, codec);
        nexts.extend(next.filter(|next| nexts.iter().all(|known| known.text != next.text)));
    }
    nexts
}

/// The encodings in which a UTF-8 sequence may stand in a run.
fn codecs(run: &str, roles: Roles<'_>) -> Codecs {
    let (mut all, mut leading): (Codecs, Codecs) = (0, 0);
    for character in run.chars() {
        let (lead, later) = roles.of(character);
        let lost = matches!(character, '\u{FFFD}' | ' ');
        all |= if lost { leading } else { leading & later };
        leading = lead;
    }
    if run.ends_with('Ã') { all | 1 } else { all }
}

impl<'a> Run<'a> {
    fn of(text: &'a str, range: &Range<usize>) -> Self {
        let near = prefix(&text[range.end..], AROUND);
        let far = suffix(&text[..range.start], AROUND);
        Self {
            text: &text[range.clone()],
            before: far.chars().next_back().unwrap_or('\n'),
            after: near.chars().next().unwrap_or('\n'),
            latin: is_latin(far, near),
        }
    }

    fn cost(&self, text: &str) -> i32 {
        cost::cost(self.before, text, self.after) + cost::foreign(text, self.latin)
    }

    /// A reading, read back once from an encoding; `None` where nothing of it can be.
    fn mended(&self, reading: &Reading, codec: usize) -> Option<Reading> {
        let decoded = utf8::decode(&reading.text, codec, self.after)?;
        if !decoded.exact && !reading.layers.is_empty() {
            return None;
        }
        // One program reads wrongly twice more often than two programs do, each in its own way.
        let changed = reading.layers.last().is_some_and(|&last| last != codec);
        // What is nothing but UTF-8 again was read wrongly again.
        let again = 2 * LAYER * i32::from(decoded.whole && !changed && !reading.layers.is_empty());
        let mut layers = reading.layers.clone();
        layers.push(codec);
        Some(Reading {
            cost: self.cost(&decoded.text) + LAYER * i32::from(!reading.layers.is_empty()) + LAYER * i32::from(changed),
            bonus: reading.bonus.max(decoded.bonus) + again,
            exact: reading.exact && decoded.exact,
            ambiguous: false,
            text: decoded.text,
            layers,
        })
    }

    /// A reading whose C1 controls are taken for what Windows-1252 has there.
    fn as_windows_1252(&self, reading: &Reading) -> Option<Reading> {
        if !reading.text.contains(is_c1) {
            return None;
        }
        let meant = |character: char| match is_c1(character) {
            true => codec::windows_1252(character),
            false => Some(character),
        };
        let text: String = reading.text.chars().map(meant).collect::<Option<_>>()?;
        let cost = self.cost(&text);
        if cost > SOUND {
            return None;
        }
        let mut layers = reading.layers.clone();
        layers.push(codec::LATIN_1);
        Some(Reading {
            cost,
            text,
            layers,
            exact: false,
            ambiguous: false,
            bonus: reading.bonus,
        })
    }
}

/// Whether most letters on both sides are ASCII. The nearest few bytes are asked first, as that is cheap.
fn is_latin(far: &str, near: &str) -> bool {
    let ascii = |text: &str| text.bytes().filter(u8::is_ascii_alphabetic).count();
    let other = |text: &str| text.bytes().filter(|byte| !byte.is_ascii()).count() / 2;
    ascii(suffix(far, NEXT)) + ascii(prefix(near, NEXT)) > 0 && ascii(near) + ascii(far) > 2 + other(near) + other(far)
}

/// The end of a text, of at most so many bytes.
fn suffix(text: &str, bytes: usize) -> &str {
    let floor = text.len().saturating_sub(bytes);
    let start = (floor..=text.len()).find(|&start| text.is_char_boundary(start));
    &text[start.unwrap_or(text.len())..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// UTF-8, read as Windows-1252 by a program that passes on what that does not have.
    fn misread(text: &str) -> String {
        let one = |byte: u8| match byte {
            0..0x80 => char::from(byte),
            _ => codec::windows_1252(char::from(byte)).unwrap_or(char::from(byte)),
        };
        text.bytes().map(one).collect()
    }

    fn mended(text: &str, safe: bool) -> String {
        let source = Source::new("a", text.into());
        let mut mended = text.to_owned();
        for damage in mojibake(&source, text).damages.iter().rev() {
            if damage.safe || !safe {
                mended.replace_range(damage.span.range(), &damage.meant);
            }
        }
        mended
    }

    #[test]
    fn layers_are_taken_off() {
        let text = "Die Mühle – sie steht „still“.";
        let mut damaged = text.to_owned();
        for _ in 0..LAYERS {
            damaged = misread(&damaged);
            assert_eq!(mended(&damaged, true), text);
        }
    }

    #[test]
    fn sound_characters_stay() {
        let text = format!("“Mühle” «é» {} …", misread("später – ganz"));
        assert_eq!(mended(&text, true), "“Mühle” «é» später – ganz …");
    }

    #[test]
    fn what_is_lost_is_not_mended_by_itself() {
        assert_eq!(mended("â€œMillâ€\u{FFFD} it said", true), "“Millâ€\u{FFFD} it said");
        assert_eq!(mended("â€œMillâ€\u{FFFD} it said", false), "“Mill\u{FFFD} it said");
    }

    #[test]
    fn a_weak_run_needs_a_clear_one() {
        assert_eq!(mended("Åšroda", false), "Åšroda");
        assert_eq!(mended("Åšroda nie naleÅ¼y", false), "Środa nie należy");
    }

    #[test]
    fn two_possible_results_are_not_safe() {
        let source = Source::new("a", "fĂźr".into());
        assert!(mojibake(&source, "fĂźr").damages.iter().all(|damage| !damage.safe));
    }

    /// Words of several scripts, as people write them.
    fn sound() -> impl Strategy<Value = String> {
        let latin = "[A-ZÀÁÂÃÄÅÆÇÈÉÊÍÎÑÓÔÕÖØÚÛÜŁŚŽ]?[a-zàáâãäåæçèéêëíîïñòóôöøùúûüßąćęłńśźżčřšžőűğşıāēīū]{1,9}[,.…!]?";
        let russian = "[А-Я]?[а-яё]{1,9}[,.…!]?";
        let other = "[α-ωάέήίό]{1,8}|[א-ת]{1,6}|[ا-غف-ي]{1,6}|[一-龠]{1,6}|[ぁ-ん]{1,6}|[가-힣]{1,6}|[0-9]{1,4} €|–|„[a-z]{1,6}“|«[a-z]{1,6}»|“[a-z]{1,6}”";
        let word = prop_oneof![4 => latin, 2 => russian, 2 => other];
        prop::collection::vec(word, 1..12).prop_map(|words| words.join(" "))
    }

    proptest! {
        #[test]
        fn sound_text_stays(text in sound()) {
            prop_assert_eq!(mended(&text, false), text);
        }

        #[test]
        fn what_a_safe_fix_gives_is_damaged_to_what_stood_there(text in sound()) {
            let damaged = misread(&text);
            let source = Source::new("a", damaged.clone().into());
            for damage in mojibake(&source, &damaged).damages.iter().filter(|damage| damage.safe) {
                // By Windows-1252, the only one that the text went through, as often as it is said to have.
                let other = damage.read_as.iter().any(|name| *name != "windows-1252");
                let again = damage.read_as.iter().fold(damage.meant.clone(), |text, _| misread(&text));
                prop_assert!(other || again == damaged[damage.span.range()], "{}", damage.meant);
            }
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC*|[Ã¼â€™Å\u{80}-\u{bf}\u{FFFD} Ð]{0,40}") {
            mended(&text, false);
        }
    }
}
