//! Which of the passages that stand twice are worth a finding: long enough, alike enough, and no form that was filled in twice.

use std::ops::Range;

use super::change::COMPARED;
use crate::checks::{Passages, Survey};
use crate::setting::Setting;
use crate::similarity::{Kind, Pair, Place};
use crate::source::Source;
use crate::text::Text;
use crate::text::unit::{self, Unit, count_words, units};

/// What a passage has to be.
pub(super) struct Bar<'a> {
    /// Where the words are.
    pub(super) passages: &'a Passages<'a>,
    /// So alike, from 0 to 1.
    pub(super) similarity: f64,
    /// So many words, where it is most of a paragraph.
    pub(super) words: f64,
    /// So many words, where it lies inside longer paragraphs in both places.
    pub(super) inside: f64,
}

/// From so many words on, a passage that the comparison holds to be the same is no chance, and no form of words.
pub(super) const LONG: usize = 60;
/// Passages of fewer words have to be more alike: with two words of twelve changed, it is another sentence of one pattern.
const SHORT: usize = 20;
/// More alike by so much.
const LEAD: f64 = 0.05;
/// A passage is most of a paragraph with so many tenths of its words.
const TENTHS: usize = 6;

impl<'a> Bar<'a> {
    /// By what is set for a text of how alike passages must be, and of how many words.
    pub(super) fn for_text(survey: &Survey<'a>, text: usize, settings: [&Setting; 3]) -> Self {
        let [similarity, words, inside] = settings.map(|setting| survey.setting(text, setting));
        Self {
            passages: survey.passages,
            similarity,
            words,
            inside,
        }
    }

    /// How many words the shorter copy has, where the passage is what it has to be.
    pub(super) fn words(&self, pair: &Pair) -> Option<usize> {
        // Where there are no spaces, a character is a word to the comparison, and half a word here.
        if pair.kind != Kind::Passage || (pair.words as f64) < self.words {
            return None;
        }
        let (a, b) = (
            self.passages.words(pair.a, COMPARED)?,
            self.passages.words(pair.b, COMPARED)?,
        );
        let words = count_words(&a).min(count_words(&b));
        if pair.a.length().max(pair.b.length()) > COMPARED {
            return Some(pair.words);
        }
        let passes = self.is_alike(words, pair) && self.is_whole_enough(words, pair) && !is_template(words, &a, &b);
        passes.then_some(words)
    }

    fn is_alike(&self, words: usize, pair: &Pair) -> bool {
        let lead = if words < SHORT { LEAD } else { 0.0 };
        words >= LONG || f64::from(pair.similarity) >= (self.similarity + lead).min(1.0)
    }

    fn is_whole_enough(&self, words: usize, pair: &Pair) -> bool {
        let words = words as f64;
        let most =
            |place| Paragraph::around(self.passages, place).is_some_and(|paragraph| paragraph.is_mostly_passage());
        words >= self.inside || (words >= self.words && (pair.whole || most(pair.a) || most(pair.b)))
    }

    /// Whether a passage is a form of few words that was filled in twice.
    pub(super) fn is_form(passages: &Passages<'_>, pair: &Pair) -> bool {
        let words = |place| passages.words(place, COMPARED).unwrap_or_default();
        let (a, b) = (words(pair.a), words(pair.b));
        is_template(pair.words, &a, &b)
    }

    /// Whether both copies are prose: no verse, no heading, no list, no code.
    pub(super) fn is_prose(&self, pair: &Pair) -> bool {
        let prose = |place| Paragraph::around(self.passages, place).is_none_or(|paragraph| paragraph.is_prose());
        prose(pair.a) && prose(pair.b)
    }
}

/// Whether two copies differ in their numbers: lines of one form, filled in twice.
fn is_template(words: usize, a: &str, b: &str) -> bool {
    let numbers = |text: &str| {
        let words = text.split(|sign: char| !sign.is_alphanumeric());
        let number = |word: &&str| word.contains(char::is_numeric);
        words.filter(number).map(str::to_owned).collect::<Vec<_>>()
    };
    words < LONG && numbers(a) != numbers(b)
}

/// A passage with the rest of the paragraph that it stands in.
struct Paragraph {
    source: Source,
    passage: Range<usize>,
}

/// So much of a paragraph is looked at on each side of a passage, in bytes.
const AROUND: u64 = 2000;

impl Paragraph {
    fn around(passages: &Passages<'_>, place: Place) -> Option<Self> {
        let size = passages.size_of(place.text);
        let before = passages.read(place.text, place.start.saturating_sub(AROUND)..place.start)?;
        let passage = passages.words(place, COMPARED)?;
        let behind = passages.read(place.text, place.end..(place.end + AROUND).min(size))?;
        let before = &before[blank_before(&before)..];
        let behind = &behind[..blank_behind(&behind)];
        let range = before.len()..before.len() + passage.len();
        Some(Self {
            source: Source::new("", [before, &passage, behind].concat().into_bytes()),
            passage: range,
        })
    }

    /// Asks something of the units that the passage lies in.
    fn ask(&self, question: impl Fn(&[&Unit<'_>]) -> bool) -> bool {
        let Some(text) = Text::new(&self.source) else {
            return true;
        };
        let units = units(&text);
        let over = |unit: &&Unit<'_>| unit.span.start() < self.passage.end && self.passage.start < unit.span.end();
        question(&units.iter().filter(over).collect::<Vec<_>>())
    }

    fn is_mostly_passage(&self) -> bool {
        let passage = self.source.nearest_span(self.passage.start, self.passage.end);
        let own = count_words(&self.source.text_of(passage));
        self.ask(|units| own * 10 >= units.iter().map(|unit| unit.words).sum::<usize>() * TENTHS)
    }

    fn is_prose(&self) -> bool {
        let prose = |unit: &&&Unit<'_>| matches!(unit.kind, unit::Kind::Prose | unit::Kind::Fragment);
        let words = |units: &mut dyn Iterator<Item = usize>| units.sum::<usize>();
        self.ask(|units| {
            let all = words(&mut units.iter().map(|unit| unit.words));
            words(&mut units.iter().filter(prose).map(|unit| unit.words)) * 2 > all
        })
    }
}

/// Where the paragraph begins that goes on behind a text: after its last blank line.
fn blank_before(text: &str) -> usize {
    let blank = ["\n\n", "\n\r\n"];
    let ends = blank.iter().filter_map(|mark| Some(text.rfind(mark)? + mark.len()));
    ends.max().unwrap_or(0)
}

/// Where the paragraph ends that a text goes on with: before its first blank line.
fn blank_behind(text: &str) -> usize {
    let blank = ["\n\n", "\n\r\n"];
    blank
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, passage: &str) -> Place {
        let start = text.find(passage).expect("there") as u64;
        Place {
            text: 0,
            start,
            end: start + passage.len() as u64,
        }
    }

    #[test]
    fn numbers_make_a_form_of_what_is_short() {
        let (a, b) = ("the trip costs 625 crowns", "the trip costs 792 crowns");
        assert!(is_template(5, a, b) && !is_template(LONG, a, b) && !is_template(5, a, a));
    }

    #[test]
    fn a_paragraph_ends_at_a_blank_line() {
        let text = "One.\r\n\r\nThe lamps on the quay were lit at six. Nobody saw them.\n\nTwo.";
        let texts = vec![("a", text)];
        let passages = Passages::new(Default::default(), &texts);
        let found = Paragraph::around(&passages, place(text, "were lit at six")).expect("read");
        assert_eq!(
            found.source.text(),
            Some("The lamps on the quay were lit at six. Nobody saw them.")
        );
        assert!(!found.is_mostly_passage());
    }

    #[test]
    fn verse_is_no_prose() {
        let text = "The wheel stood still the day the water fell\nand no one in the valley could tell why\nRow, row the boat along the mill and weir\nand sing, my brothers, for the morning is here\n\nA sentence of prose that ends with a mark, as it should.\n";
        let texts = vec![("a", text)];
        let passages = Passages::new(Default::default(), &texts);
        let is_prose = |passage| {
            Paragraph::around(&passages, place(text, passage))
                .expect("read")
                .is_prose()
        };
        assert!(!is_prose("Row, row the boat along the mill and weir"));
        assert!(is_prose("of prose that ends with a mark"));
    }
}
