//! Words that a hyphen cuts at the end of a line, and whether the hyphen belongs to them.
//!
//! A typesetter's hyphen goes when the halves are joined (`ter-` + `minal`), that of a compound stays (`well-` +
//! `known`). The text itself tells most of them: it has the word elsewhere, in one form or in the other.

mod decide;
mod vocabulary;

use super::seam::is_hyphen;
use super::{Text, prefix};
use decide::Halves;
use vocabulary::Vocabulary;

/// A word in two halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HyphenBreak {
    /// The line of the left half, 0-based.
    pub left: usize,
    /// The line of the right half.
    pub right: usize,
    /// Whether the hyphen goes when the halves are joined.
    pub joins: bool,
    /// Whether the text, or a list of common words, has the word in that form.
    pub attested: bool,
}

/// Only so many of a text are looked at.
pub const MOST: usize = 1 << 16;
/// So many words cut in one text show that its lines were set by a typesetter.
const TYPESET: usize = 3;

/// Half a word has at most so many bytes.
const LONGEST: usize = 100;

/// The halves of a word as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The last word of the left line, with its hyphen.
    pub left: &'a str,
    /// The first word of the right line, with the punctuation after it.
    pub right: &'a str,
}

/// Signs before a word that are no part of it.
const OPENERS: &[char] = &[
    '(', '[', '{', '<', '"', '\'', '“', '‘', '„', '«', '‚', '.', '»', '›', '‹',
];
/// Signs after a word that are no part of it.
const CLOSERS: &[char] = &[
    '.', ',', ';', ':', ')', ']', '>', '"', '\'', '”', '’', '“', '»', '«', '…', '›', '‹',
];

impl<'a> Parts<'a> {
    /// The halves at the end of one line and at the beginning of another.
    pub fn of(text: &Text<'a>, left: usize, right: usize) -> Option<Self> {
        let left = text.lines[left].text.split_whitespace().next_back()?;
        let right = text.lines[right].text.split_whitespace().next()?;
        (left.len() <= LONGEST && right.len() <= LONGEST).then_some(Self { left, right })
    }

    /// The word as it should stand, without the punctuation around it.
    pub fn word(self, joins: bool) -> String {
        let left = self.mended_left(joins).trim_start_matches(OPENERS);
        format!("{left}{}", self.right.trim_end_matches(CLOSERS))
    }

    /// The left half, without its hyphen where that goes.
    pub fn mended_left(self, joins: bool) -> &'a str {
        if joins {
            self.left.trim_end_matches(is_hyphen)
        } else {
            self.left
        }
    }
}

/// The words of a text that are cut, in order: at line ends, and at its seams.
pub fn hyphen_breaks(text: &Text<'_>) -> Vec<HyphenBreak> {
    let mut pairs: Vec<(usize, usize)> = (0..text.lines.len().saturating_sub(1))
        .filter(|&at| ends_in_hyphen(text.lines[at].text) && can_go_on(text, at))
        .map(|at| (at, at + 1))
        .take(MOST)
        .collect();
    let seams = text.seams().iter().map(|seam| (seam.left, seam.right));
    let cut = seams.filter(|(left, _)| ends_in_hyphen(text.lines[*left].text));
    pairs.extend(cut);
    pairs.sort_unstable();
    pairs.dedup();
    decided(text, &pairs)
}

fn decided(text: &Text<'_>, pairs: &[(usize, usize)]) -> Vec<HyphenBreak> {
    let halves = |pair: &(usize, usize)| Some((*pair, Halves::of(Parts::of(text, pair.0, pair.1)?)?));
    let halves: Vec<_> = pairs.iter().filter_map(halves).collect();
    if halves.is_empty() {
        return Vec::new();
    }
    let mut vocabulary = Vocabulary::wanting(halves.iter().flat_map(|(_, halves)| halves.wanted()));
    vocabulary.read(text.text);
    let typeset = halves.iter().filter(|(_, halves)| halves.is_low()).count() >= TYPESET;
    let decided = halves.iter().filter_map(|((left, right), halves)| {
        let decision = halves.decide(&vocabulary, typeset)?;
        let broken = typeset || decision.attested || text.lines[*left].text.len() >= SHORT || is_full(text, *left);
        if !broken {
            return None; // A short line that breaks inside a compound: verse.
        }
        Some(HyphenBreak {
            left: *left,
            right: *right,
            joins: decision.joins,
            attested: decision.attested,
        })
    });
    decided.collect()
}

/// Whether a line ends in a letter or a figure and one hyphen.
fn ends_in_hyphen(line: &str) -> bool {
    let Some(&last) = line.as_bytes().last() else {
        return false;
    };
    if !(last == b'-' || last <= b' ' || last >= 0x80) {
        return false;
    }
    let mut end = line.trim_end().chars().rev();
    end.next().is_some_and(is_hyphen) && end.next().is_some_and(char::is_alphanumeric)
}

/// Whether the next line can begin with the rest of a word: with a letter or a figure, not as an item of a list
/// or an address does.
fn can_go_on(text: &Text<'_>, at: usize) -> bool {
    let Some(right) = text.lines[at + 1].text.split_whitespace().next() else {
        return false;
    };
    let item = right.len() < 4
        && right.ends_with([')', '.'])
        && right.trim_end_matches([')', '.']).chars().all(|c| c.is_ascii_digit());
    let letter = right.len() < 3 && right.ends_with(')');
    let address = right.starts_with("http") || right.starts_with("www.");
    right.starts_with(char::is_alphanumeric) && !address && !item && !letter && !is_verse(text, at)
}

/// A line of verse is shorter than this, in bytes, where few lines tell.
const SHORT: usize = 50;
/// So many lines before and after tell verse from prose.
const AROUND: usize = 5;

/// Whether a line is as long as those around it, as the lines of a narrow column are, and those of verse are not.
fn is_full(text: &Text<'_>, at: usize) -> bool {
    let around = text.lines[at.saturating_sub(AROUND)..(at + AROUND).min(text.lines.len())].iter();
    let widths: Vec<usize> = around
        .map(|line| prefix(line.text, 4 * SHORT).chars().count())
        .collect();
    let longest = widths.iter().max().copied().unwrap_or(0);
    let own = prefix(text.lines[at].text, 4 * SHORT).chars().count();
    let full = widths.iter().filter(|&&width| width * 10 >= longest * 8).count();
    widths.len() > AROUND && own * 10 >= longest * 8 && full * 4 >= widths.len() * 3
}

/// Whether all lines around begin with a capital, as those of verse do, but for the one that goes on.
fn is_verse(text: &Text<'_>, at: usize) -> bool {
    let after = text.lines[at + 1..]
        .iter()
        .take(AROUND + 1)
        .take_while(|line| !line.text.is_empty())
        .skip(1);
    let before = text.lines[..=at]
        .iter()
        .rev()
        .take(AROUND)
        .take_while(|line| !line.text.is_empty());
    let (mut lines, mut capital) = (0, 0);
    for line in before.chain(after) {
        lines += 1;
        capital += usize::from(line.text.trim_start().starts_with(char::is_uppercase));
    }
    let short = text.lines[at].text.len() < SHORT;
    capital == lines && (lines > AROUND + 1 || (short && lines > 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn words(text: &str) -> Vec<(String, bool)> {
        let source = Source::new("a", text.as_bytes().to_vec());
        let text = Text::new(&source).expect("text");
        let word = |one: &HyphenBreak| Some((Parts::of(&text, one.left, one.right)?.word(one.joins), one.attested));
        hyphen_breaks(&text).iter().filter_map(word).collect()
    }

    fn word(text: &str) -> Option<String> {
        words(text).into_iter().next().map(|(word, _)| word)
    }

    #[test]
    fn a_word_is_joined() {
        assert_eq!(
            words("The termi-\nnal, and the terminal."),
            [("terminal".to_owned(), true)]
        );
        assert_eq!(
            words("Below the town there was a mill and a weir, a termi-  \r\n    nal."),
            [("terminal".to_owned(), false)]
        );
    }

    #[test]
    fn a_compound_keeps_its_hyphen() {
        assert_eq!(
            word("A well-\nknown mill, a well-known weir.").as_deref(),
            Some("well-known")
        );
        assert_eq!(
            word("Below the town there was a mill and a weir, and a non-\nempty house.").as_deref(),
            Some("non-empty")
        );
        assert_eq!(
            word("Der Mühl-\nbach. Die E-\nMail. Ein-\nmal. Wasser-\nkraft.").as_deref(),
            Some("Mühlbach")
        );
        assert_eq!(word("From 1914-\n1918 it stood.").as_deref(), Some("1914-1918"));
    }

    #[test]
    fn soft_hyphens_go() {
        assert_eq!(word("The well\u{ad}\nknown mill.").as_deref(), Some("wellknown"));
    }

    #[test]
    fn suspended_hyphens_are_none() {
        assert_eq!(words("Die Nord-\nund Südseite. The pre-\nand post-war mill."), []);
    }

    #[test]
    fn dashes_items_and_verse_are_none() {
        assert_eq!(words("He said --\nno. She -\nyes. See a-\n2. the weir"), []);
        assert_eq!(words("The river went-\nso the mill\n\n"), []);
        assert_eq!(
            words("O mill\nBeside the river-\nbank so low\nWhere is\nThe weir\n"),
            []
        );
    }
}
