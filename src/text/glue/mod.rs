//! Places where two words stand together that a page kept apart: `millThe miller`, `HomeAboutContact`, `away.The mill`.
//!
//! What parted them (a picture with its alternative text, the border of a cell, a line break) is gone. A capital after a
//! small letter is found in one scan of the bytes; only lines that have one are looked at closely. What tells a lost seam
//! from a name (`LinkedIn`) or an identifier (`firstName`) is in [`signal`].

pub mod signal;
mod words;

use std::collections::HashMap;
use std::ops::Range;

use super::{Line, Text, mask, prefix};
use signal::{Outline, Signals};
pub use words::{begins_firmly, begins_sentence};

/// A token longer than this is an address, a key or a picture in letters.
const TOKEN: usize = 1_024;
/// So many seams of a line are kept.
const JOINTS: usize = 64;
/// So many seams of a line are looked at.
const CUTS: usize = 1_000;
/// So many different pairs of halves are counted.
const PAIRS: usize = 1 << 16;
/// So many lines of a text are kept: more of them are no more news, and would need many times their bytes.
const LINES: usize = 1 << 12;
/// A line whose best seam scores less is not kept.
const LEAST: f32 = 0.5;

/// Two halves of a token that may be two words. Offsets are bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// Where the left half begins.
    pub start: usize,
    /// Where the right half begins.
    pub at: usize,
    /// Where the right half ends.
    pub end: usize,
    /// What speaks for and against it.
    pub signals: Signals,
    /// The sum of the weights of its signals: the logarithm of the odds that the halves are two words.
    pub score: f32,
}

/// A line with such places.
#[derive(Clone, Debug)]
pub struct GluedLine {
    /// 0-based in [`Text::lines`].
    pub line: usize,
    /// The seam of the highest score.
    pub best: Joint,
    /// The seams that are rather lost ones than not, in order.
    pub joints: Vec<Joint>,
    /// On how many lines of the text the best pair stands; few where the text has very many pairs.
    pub seen: u32,
}

/// The end of a sentence with the next one right behind it.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// 0-based in [`Text::lines`].
    pub line: usize,
    /// Where the last word begins.
    pub start: usize,
    /// Where the first word of the next sentence begins.
    pub at: usize,
    /// Where that word ends.
    pub end: usize,
    /// The mark between them.
    pub mark: char,
}

/// All that may be glued in a text.
#[derive(Debug, Default)]
pub struct Glue {
    /// Lines with lost seams.
    pub lines: Vec<GluedLine>,
    /// Seams at the first word of a line, whatever they score.
    pub openings: Vec<(usize, Joint)>,
    /// Sentences without a space between them.
    pub stops: Vec<Stop>,
}

/// What stands before a seam.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Letter,
    Capitals,
    Digit,
    Mark(char),
}

/// A place in a line where a token may fall apart.
#[derive(Clone, Copy, Debug)]
struct Cut {
    at: usize,
    kind: Kind,
}

impl Glue {
    /// Of one text.
    pub fn of(text: &Text<'_>) -> Self {
        let mut glue = Self::default();
        let mut pairs: HashMap<u64, (u32, usize)> = HashMap::new();
        let mut candidates = candidates(text.text).peekable();
        let mut cuts = Vec::new();
        let mut line = 0;
        while let Some(&first) = candidates.peek() {
            // Line by line: a search by halves jumps through all of a large text for every line that it finds.
            line += text.lines[line..]
                .iter()
                .take_while(|line| line.span.end() <= first)
                .count();
            let Some(here) = text.lines.get(line) else { break };
            cuts.clear();
            while let Some(at) = candidates.next_if(|&at| at < here.span.end()) {
                let at = at - here.span.start();
                if cuts.len() < CUTS {
                    cuts.extend(cut(here.text, at));
                }
            }
            if !cuts.is_empty() {
                glue.look(here, line, &cuts, &mut pairs);
            }
        }
        for glued in &mut glue.lines {
            let pair = pair(&text.text[glued.best.start..glued.best.end]);
            glued.seen = pairs.get(&pair).map_or(1, |(lines, _)| *lines);
        }
        glue
    }

    fn look(&mut self, line: &Line<'_>, index: usize, cuts: &[Cut], pairs: &mut HashMap<u64, (u32, usize)>) {
        if cuts.iter().all(|cut| is_end(cut.kind)) {
            return self.end(line, index, cuts);
        }
        let outline = Outline::of(line.text);
        let base = line.span.start();
        let (stops, seams): (Vec<Cut>, Vec<Cut>) = cuts.iter().partition(|cut| is_stop(cut.kind, &outline));
        self.end(line, index, &stops);
        let halves: Vec<Halves<'_>> = halves(line.text, &seams);
        let context = signal::Context::of(&outline, &halves);
        let mut joints: Vec<Joint> = Vec::new();
        for (at, half) in halves.iter().enumerate() {
            let (signals, score) = signal::score(&context, &halves, at);
            let joint = Joint {
                start: base + half.start,
                at: base + half.at,
                end: base + half.at + half.right.len(),
                signals,
                score,
            };
            if half.before.is_none() && signals.is_small() && self.openings.len() < LINES {
                self.openings.push((index, joint));
            }
            count(pairs, half, index);
            joints.push(joint);
        }
        self.keep(index, joints);
    }

    /// Keeps the ends of sentences.
    fn end(&mut self, line: &Line<'_>, index: usize, cuts: &[Cut]) {
        let room = LINES.saturating_sub(self.stops.len());
        let ends = cuts.iter().filter_map(|cut| stop(line, index, *cut));
        self.stops.extend(ends.take(room));
    }

    fn keep(&mut self, line: usize, mut joints: Vec<Joint>) {
        let best = joints
            .iter()
            .copied()
            .reduce(|best, joint| if joint.score > best.score { joint } else { best });
        let full = self.lines.len() >= LINES;
        let Some(best) = best.filter(|best| best.score >= LEAST && !full) else {
            return;
        };
        joints.retain(|joint| joint.score >= 0.0);
        joints.truncate(JOINTS);
        self.lines.push(GluedLine {
            line,
            best,
            joints,
            seen: 1,
        });
    }
}

fn count(pairs: &mut HashMap<u64, (u32, usize)>, half: &Halves<'_>, line: usize) {
    let key = pair(half.both);
    if pairs.len() >= PAIRS && !pairs.contains_key(&key) {
        return;
    }
    let (lines, last) = pairs.entry(key).or_insert((0, usize::MAX));
    *lines += u32::from(*last != line);
    *last = line;
}

/// A hash of the two halves: FNV-1a of 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>).
fn pair(both: &str) -> u64 {
    both.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether a byte may stand before a seam: a letter, a digit, or a mark.
#[inline]
fn may_end(byte: u8) -> bool {
    let mark = (byte == b'?') | (byte == b'!') | (byte == b'.') | (byte == b':') | (byte == b')') | (byte == b'"');
    mask::is_part(byte) | (byte >= 0x80) | mark
}

/// Whether a byte may be the first one of a capital, of ASCII or Latin, Greek, Cyrillic, and Latin with marks below.
#[inline]
fn may_begin(byte: u8) -> bool {
    let wide = (byte.wrapping_sub(0xC3) < 4) | (byte == 0xCE) | (byte == 0xD0) | (byte == 0xE1);
    (byte.wrapping_sub(b'A') < 26) | wide
}

/// The bytes where a right half may begin, in order.
fn candidates(text: &str) -> impl Iterator<Item = usize> + '_ {
    let bytes = text.as_bytes();
    let mut ended = 0;
    let masks = mask::blocks(bytes).enumerate().map(move |(number, block)| {
        let ends = block.mask(may_end);
        let seams = block.mask(may_begin) & (ends << 1 | ended);
        ended = ends >> (mask::WIDTH - 1);
        (number * mask::WIDTH, seams)
    });
    let places = masks.flat_map(|(from, seams)| mask::Bits(seams).map(move |bit| from + bit));
    places.filter(|&at| may_part(bytes, at))
}

/// Cheap tests that most candidates fail: a capital within capitals, a small letter of two bytes.
fn may_part(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    match bytes[at] {
        b'A'..=b'Z' if bytes[at - 1].is_ascii_uppercase() => next.is_ascii_lowercase(),
        0xC3 => next < 0x9F,
        0xCE => next < 0xAC,
        0xD0 => next < 0xB0,
        _ => true,
    }
}

/// The seam at a byte of a line, if one may be there.
fn cut(line: &str, at: usize) -> Option<Cut> {
    let (before, after) = (line.get(..at)?, line.get(at..)?);
    let left = before.chars().next_back()?;
    let mut right = after.chars();
    let capital = right.next().filter(|first| first.is_uppercase())?;
    let small = |next: Option<char>| next.is_some_and(char::is_lowercase);
    let word = small(right.next());
    let long = word && small(right.next());
    let run = || before.chars().rev().nth(1).is_some_and(char::is_uppercase) && capital.is_ascii();
    let kind = match left {
        _ if left.is_lowercase() => Kind::Letter,
        _ if left.is_uppercase() && long && run() => Kind::Capitals,
        '0'..='9' if long => Kind::Digit,
        '?' | '!' | ')' | '…' | '.' | '”' | '"' if word => Kind::Mark(left),
        ':' if word && before.chars().rev().nth(1).is_some_and(char::is_lowercase) => Kind::Mark(left),
        _ => return None,
    };
    Some(Cut { at, kind })
}

/// Whether nothing but the end of a sentence can be here.
fn is_end(kind: Kind) -> bool {
    matches!(kind, Kind::Mark('.' | '”' | '"'))
}

/// Whether a mark ends a sentence here; in a line of labels a question mark ends a label.
fn is_stop(kind: Kind, outline: &Outline) -> bool {
    match kind {
        Kind::Mark('?' | '!') => outline.prose,
        _ => is_end(kind),
    }
}

/// A sentence that ends and the word behind it: a small word, the mark, a closing sign, a capitalised word.
fn stop(line: &Line<'_>, index: usize, cut: Cut) -> Option<Stop> {
    let before = &line.text[..cut.at];
    let closed = before.trim_end_matches(['”', '"', '’', ')']);
    let mark = closed
        .chars()
        .next_back()
        .filter(|mark| matches!(mark, '.' | '!' | '?'))?;
    let bare = &closed[..closed.len() - 1];
    let word = trailing_word(bare);
    let lone = bare[..bare.len() - word.len()]
        .chars()
        .next_back()
        .is_none_or(|other| other.is_whitespace() || "“‘(\"'—–,".contains(other));
    let right = leading_word(&line.text[cut.at..]);
    let after = line.text[cut.at + right.len()..].chars().next();
    let free = after.is_none_or(|after| after.is_whitespace() || ",;:!?…”’".contains(after));
    let small = word.chars().count() > 1 && word.chars().all(char::is_lowercase);
    let next = right.chars().skip(1).all(char::is_lowercase) && right.chars().nth(1).is_some();
    let base = line.span.start();
    (lone && free && small && next).then(|| Stop {
        line: index,
        start: base + bare.len() - word.len(),
        at: base + cut.at,
        end: base + cut.at + right.len(),
        mark,
    })
}

/// The two halves at a seam, and what stands around them. Offsets are bytes of the line.
#[derive(Clone, Copy, Debug)]
struct Halves<'a> {
    start: usize,
    at: usize,
    left: &'a str,
    right: &'a str,
    /// From the beginning of the left half to the end of the right one.
    both: &'a str,
    /// Whether the left half begins at another seam, or the token begins with it.
    place: Place,
    /// Whether the token ends with the right half or at another seam.
    ends: bool,
    /// How many seams the token has.
    cuts: usize,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Start,
    Seam,
    Within,
}

fn halves<'a>(line: &'a str, cuts: &[Cut]) -> Vec<Halves<'a>> {
    let mut halves = Vec::with_capacity(cuts.len());
    let mut first = 0;
    while first < cuts.len() {
        let token = token(line, cuts[first].at);
        let count = cuts[first..].iter().take_while(|cut| cut.at < token.end).count().max(1);
        let of_token = &cuts[first..first + count];
        let plain = token.len() <= TOKEN && !is_identifier(&line[token.clone()]);
        halves.extend(
            (0..count)
                .filter(|_| plain)
                .filter_map(|at| half(line, &token, of_token, at)),
        );
        first += count;
    }
    halves
}

/// The token around a byte; cut where it is longer than any word.
fn token(line: &str, at: usize) -> Range<usize> {
    let floor = (0..=at.saturating_sub(TOKEN))
        .rev()
        .find(|&floor| line.is_char_boundary(floor))
        .unwrap_or(0);
    let start = line[floor..at].rfind(char::is_whitespace).map_or(floor, |space| {
        let space = floor + space;
        space + line[space..].chars().next().map_or(1, char::len_utf8)
    });
    let reach = prefix(&line[at..], TOKEN);
    let end = at + reach.find(char::is_whitespace).unwrap_or(reach.len());
    start..end
}

/// Addresses, tags of networks, and what programs are made of.
fn is_identifier(token: &str) -> bool {
    token.starts_with(['@', '#'])
        || token.starts_with("www.")
        || token.contains(['_', '=', '{', '}', '<', '>', '\\', '`', '$', '@'])
        || ["://", "\":", "::", "->"].iter().any(|sign| token.contains(sign))
}

fn half<'a>(line: &'a str, token: &Range<usize>, cuts: &[Cut], index: usize) -> Option<Halves<'a>> {
    let at = cuts[index].at;
    let floor = if index > 0 { cuts[index - 1].at } else { token.start };
    let bare = line[floor..at].trim_end_matches(|character: char| !character.is_alphanumeric());
    let left = match trailing_digits(bare) {
        "" => trailing_word(bare),
        digits => digits,
    };
    let ceiling = cuts.get(index + 1).map_or(token.end, |next| next.at);
    let right = leading_word(&line[at..ceiling]);
    let start = floor + bare.len() - left.len();
    let end = at + right.len();
    let place = match () {
        () if index > 0 && start == floor => Place::Seam,
        () if line[token.start..start].chars().all(|c| "“‘\"'([¿¡•-–—·".contains(c)) => Place::Start,
        () => Place::Within,
    };
    let code = line[..start].ends_with(['.', '/']) || line[end..token.end].starts_with(['(', '[']);
    let before = line[..token.start].trim_end();
    (!code && !left.is_empty() && !right.is_empty()).then(|| Halves {
        start,
        at,
        left,
        right,
        both: &line[start..end],
        place,
        ends: end == ceiling,
        cuts: cuts.len(),
        before: last_token(before),
        after: line[token.end..].split_whitespace().next(),
    })
}

fn last_token(text: &str) -> Option<&str> {
    let floor = text.len().saturating_sub(TOKEN);
    let floor = (floor..=text.len()).find(|&floor| text.is_char_boundary(floor))?;
    text[floor..].split_whitespace().next_back()
}

/// Letters of scripts that have capitals, and apostrophes.
fn is_letter(character: char) -> bool {
    character.is_lowercase() || character.is_uppercase() || matches!(character, '’' | '\'')
}

fn leading_word(text: &str) -> &str {
    let end = text.find(|character| !is_letter(character)).unwrap_or(text.len());
    &text[..end]
}

fn trailing_word(text: &str) -> &str {
    &text[text.trim_end_matches(is_letter).len()..]
}

fn trailing_digits(text: &str) -> &str {
    &text[text
        .trim_end_matches(|character: char| character.is_ascii_digit())
        .len()..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn of(text: &str) -> (Vec<String>, Vec<String>) {
        let source = Source::new("a", text.as_bytes().to_vec());
        let text = Text::new(&source).expect("text");
        let glue = Glue::of(&text);
        let show = |start: usize, at: usize, end: usize| format!("{}|{}", &text.text[start..at], &text.text[at..end]);
        let joints = glue.lines.iter().flat_map(|line| &line.joints);
        (
            joints.map(|joint| show(joint.start, joint.at, joint.end)).collect(),
            glue.stops
                .iter()
                .map(|stop| show(stop.start, stop.at, stop.end))
                .collect(),
        )
    }

    #[test]
    fn seams_are_found_in_any_script_with_capitals() {
        assert_eq!(of("HomeAboutContact us").0, ["Home|About", "About|Contact"]);
        assert_eq!(of("Сначала новыеСначала старые").0, ["новые|Сначала"]);
        assert_eq!(of("Alle BeiträgeÜber uns").0, ["Beiträge|Über"]);
        assert_eq!(of("Was kostet das?Wie lange dauert es").0, ["das?|Wie"]);
    }

    #[test]
    fn names_and_identifiers_are_none() {
        for name in [
            "She left LinkedIn for a mill on the river, and YouTube for a boat.",
            "Mr McDonald and Mrs DeWitt met Dr MacArthur at the mill.",
            "firstName=ada",
            "https://example.org/OurMill/TheirBoat",
            "It calls store.getItem(theKey) and self::OurMill then.",
            "先日、改造したiPhoneを売った。",
        ] {
            assert_eq!(of(name).0, [""; 0], "{name}");
        }
    }

    #[test]
    fn a_sentence_begins_right_behind_another() {
        let (joints, stops) =
            of("They all went away yesterday.The mill stood still, and “nobody came.”Then it rained.");
        assert_eq!(joints, [""; 0]);
        assert_eq!(stops, ["yesterday.|The", "came.”|Then"]);
        for name in [
            "See example.Org and U.S.A and St.Gallen",
            "a.The b",
            "mill.TXT",
            "no.5",
            "Node.Js is not.It(1)",
        ] {
            assert!(of(name).1.iter().all(|stop| stop == "example.|Org"), "{name}");
        }
    }

    #[test]
    fn any_text_is_cut_somewhere_or_nowhere() {
        for text in [
            "",
            "A",
            "éÉ",
            "aÀ",
            "ßẞ",
            "a\u{1E00}",
            "?!A",
            "…Ab",
            "ÀB\u{a0}cD",
            "xЖ",
            "ǅa",
            "aĀb",
            "İiİ",
        ] {
            of(text);
        }
        let long = format!("{}{}", "aB".repeat(5_000), " Cd".repeat(10));
        of(&long);
    }
}
