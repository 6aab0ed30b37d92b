//! Two texts as people compare them: what leaves them as they read is named and set aside, the rest is shown word by word.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc, is_nfc_quick, is_nfd};

use super::alignment::Alignment;
use super::furniture::{Named, words_of};
use super::kind::{Extent, Kind, Mark};
use super::lines::{body, split};
use super::peel::Peeled;
use super::script::{Replaced, Work};
use super::words;

/// Words that differ, with the white space between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The bytes in [`Difference::old`].
    pub old: Range<usize>,
    /// The bytes in [`Difference::new`].
    pub new: Range<usize>,
    sort: Sort,
}

impl Run {
    /// Asks of words that changed whether they are of the page.
    fn ask(&mut self, named: &Named, old: &[u8], new: &[u8]) {
        let (old, new, at) = (&old[self.old.clone()], &new[self.new.clone()], self.old.start);
        if self.sort == Sort::Words && named.explain(old, new, at) {
            self.sort = Sort::Furniture(named.words(old, at));
        }
    }

    /// Whether nothing but white space differs.
    pub fn is_space(&self) -> bool {
        self.sort == Sort::Space
    }
}

/// What a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Space,
    /// With how many words of the page.
    Furniture(usize),
    Damage(Mark),
    Words,
}

/// How two texts differ.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    /// The first text, as it is compared: in UTF-8 where it could be decoded, without its byte-order mark.
    pub old: &'a [u8],
    /// The second.
    pub new: &'a [u8],
    /// Their lines, equal where they read alike: line ends and Unicode forms are not compared.
    pub lines: Alignment<'a>,
    /// What differs in the lines that are replaced, in order.
    pub runs: Vec<Run>,
    /// What kinds of change it is; none where all bytes are equal.
    pub kinds: Vec<Kind>,
    /// How many words went.
    pub removed: usize,
    /// How many words came.
    pub added: usize,
}

impl<'a> Difference<'a> {
    /// Compares two texts. `named` gives the places of the first, in its exact bytes, that are said to be of the page and not of
    /// the text; it is asked only where words went.
    pub fn of(peeled: &'a Peeled<'_>, named: &dyn Fn() -> Vec<Range<usize>>) -> Self {
        let (old, new) = (&*peeled.old, &*peeled.new);
        let mut work = Work::default();
        let mut lines = Alignment::of(split(old), split(new), plain_body, &mut work);
        let mut runs = runs(old, new, &lines, &mut work);
        if runs
            .iter()
            .any(|run| run.sort == Sort::Words && run.old.len() > run.new.len())
        {
            let named = Named::of(&named(), peeled.begin);
            runs.iter_mut().for_each(|run| run.ask(&named, old, new));
        }
        lines.coarse = work.coarse;
        let mut difference = Self {
            old,
            new,
            removed: 0,
            added: 0,
            kinds: peeled.kinds.clone(),
            lines,
            runs,
        };
        difference.count();
        difference.kinds.extend(difference.in_lines());
        difference.kinds.extend(difference.in_words(peeled.begin.unwrap_or(0)));
        difference
    }

    /// Whether more is shown as replaced than had to be.
    pub fn is_coarse(&self) -> bool {
        self.lines.coarse
    }

    fn count(&mut self) {
        let removed = self.runs.iter().map(|run| words_of(&self.old[run.old.clone()]));
        let added = self.runs.iter().map(|run| words_of(&self.new[run.new.clone()]));
        (self.removed, self.added) = (removed.sum(), added.sum());
    }

    /// What differs in lines that read alike, and at the end of the text.
    fn in_lines(&self) -> impl Iterator<Item = Kind> + use<> {
        let (mut ends, mut forms, mut compared) = (0, 0, 0);
        for (one, other) in self.lines.matched() {
            let (one, other) = (self.lines.old[one], self.lines.new[other]);
            let ended = body(one).len() < one.len() && body(other).len() < other.len();
            compared += usize::from(ended);
            if one == other {
                continue;
            }
            ends += usize::from(ended && one[body(one).len()..] != other[body(other).len()..]);
            forms += usize::from(body(one) != body(other));
        }
        [self.line_ends(ends, compared), self.form(forms), self.final_newline()]
            .into_iter()
            .flatten()
    }

    /// Where no line reads alike in both, how the lines of each end tells.
    fn line_ends(&self, lines: usize, compared: usize) -> Option<Kind> {
        if lines == 0 && compared > 0 {
            return None;
        }
        let (from, to) = (Ends::of(&self.lines.old), Ends::of(&self.lines.new));
        let all = compared == 0 && from != to && from.any() && to.any();
        let lines = if all { self.lines.new.len() } else { lines };
        (lines > 0).then(|| Kind::LineEnds {
            from: from.to_string(),
            to: to.to_string(),
            lines,
        })
    }

    fn form(&self, lines: usize) -> Option<Kind> {
        (lines > 0).then(|| Kind::Form {
            from: form_of(self.old),
            to: form_of(self.new),
            lines,
        })
    }

    fn final_newline(&self) -> Option<Kind> {
        let ended = |lines: &[&[u8]]| lines.last().map(|last| body(last).len() < last.len());
        let (old, new) = (ended(&self.lines.old)?, ended(&self.lines.new)?);
        (old != new).then_some(Kind::FinalNewline { added: new })
    }

    fn in_words(&self, begin: usize) -> Vec<Kind> {
        let of = |sort: Sort| self.runs.iter().filter(move |run| run.sort == sort);
        let places = of(Sort::Space).filter(|run| !self.is_final(run)).count();
        let mut kinds = Vec::from_iter((places > 0).then_some(Kind::Space { places }));
        let went = |run: &Run| words_of(&self.old[run.old.clone()]);
        let came = |run: &Run| words_of(&self.new[run.new.clone()]);
        kinds.extend(self.furniture());
        let cut = self.cut(begin);
        if cut.is_none() && of(Sort::Words).next().is_some() {
            let (removed, added) = (of(Sort::Words).map(went).sum(), of(Sort::Words).map(came).sum());
            kinds.push(Kind::Prose { removed, added });
        }
        kinds.extend(cut);
        kinds.extend(
            [Mark::Nul, Mark::Replacement, Mark::Invalid]
                .into_iter()
                .filter_map(|mark| self.damage(mark)),
        );
        kinds
    }

    fn furniture(&self) -> Option<Kind> {
        let words = self.runs.iter().filter_map(|run| match run.sort {
            Sort::Furniture(words) => Some(words),
            _ => None,
        });
        words
            .reduce(|sum, words| sum + words)
            .map(|words| Kind::Furniture { words })
    }

    /// Whether a run is the line end at the end of both texts.
    fn is_final(&self, run: &Run) -> bool {
        let (old, new) = (&self.old[run.old.clone()], &self.new[run.new.clone()]);
        let last = run.old.end == self.old.len() && run.new.end == self.new.len();
        last && body(old).is_empty() && body(new).is_empty()
    }

    /// What is gone, where the new text is the old one without one part.
    fn cut(&self, begin: usize) -> Option<Kind> {
        let mut words = self.runs.iter().filter(|run| run.sort == Sort::Words);
        let (run, None) = (words.next()?, words.next()) else {
            return None;
        };
        let (old, new) = (&self.old[run.old.clone()], &self.new[run.new.clone()]);
        let bytes = old.len().checked_sub(new.len())?;
        let blank = |text: &[u8]| text.trim_ascii().is_empty();
        let (first, last) = (blank(&self.old[..run.old.start]), blank(&self.old[run.old.end..]));
        let extent = match (old.starts_with(new), old.ends_with(new)) {
            (true, _) if blank(self.new) => Extent::All,
            (true, _) if last => Extent::End,
            (_, true) if first => Extent::Beginning,
            _ if new.is_empty() && words_of(old) >= PASSAGE => Extent::Inside,
            _ => return None,
        };
        let kept = if extent == Extent::End { new.len() } else { 0 };
        (bytes > 0 && words_of(old) > 0).then_some(Kind::Cut {
            extent,
            at: begin + run.old.start + kept,
            bytes,
        })
    }

    fn damage(&self, mark: Mark) -> Option<Kind> {
        let of_mark = self.runs.iter().filter(|run| run.sort == Sort::Damage(mark));
        let marks = of_mark.flat_map(|run| {
            let found = marks(&self.new[run.new.clone()]).into_iter();
            found
                .filter(|(other, _)| *other == mark)
                .map(|(_, at)| run.new.start + at)
        });
        let places: Vec<usize> = marks.collect();
        Some(Kind::Damage {
            mark,
            count: places.len(),
            at: *places.first()?,
        })
    }
}

/// The line above a text: what kind of change it is.
impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let furniture = self.kinds.iter().any(|kind| matches!(kind, Kind::Furniture { .. }));
        if furniture && !self.kinds.iter().any(Kind::concerns_words) {
            f.write_str("layout only: ")?;
        }
        let said: Vec<String> = self.kinds.iter().map(ToString::to_string).collect();
        f.write_str(&said.join("; "))
    }
}

/// With fewer words, what is gone from the middle of a text was more likely taken out by an editor.
const PASSAGE: usize = 20;

/// Letters as they read, in form C.
fn plain(piece: &[u8]) -> Cow<'_, [u8]> {
    if piece.is_ascii() {
        return piece.into();
    }
    match std::str::from_utf8(piece) {
        Ok(text) if is_nfc_quick(text.chars()) != IsNormalized::Yes => {
            text.nfc().collect::<String>().into_bytes().into()
        }
        _ => piece.into(),
    }
}

fn plain_body(line: &[u8]) -> Cow<'_, [u8]> {
    plain(body(line))
}

/// A word as it reads, or white space with LF for every line end.
fn plain_word(piece: &[u8]) -> Cow<'_, [u8]> {
    match piece.contains(&b'\r') {
        true => String::from_utf8_lossy(piece)
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .into_bytes()
            .into(),
        false => plain(piece),
    }
}

fn form_of(text: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(text);
    match (is_nfc(&text), is_nfd(&text)) {
        (true, _) => "NFC",
        (_, true) => "NFD",
        _ => "mixed",
    }
}

/// How the lines of a text end.
#[derive(PartialEq, Eq)]
struct Ends {
    kinds: Vec<&'static str>,
}

impl Ends {
    fn of(lines: &[&[u8]]) -> Self {
        let names: [(&[u8], &str); 3] = [(b"\n", "LF"), (b"\r\n", "CRLF"), (b"\r", "CR")];
        let used = |end: &[u8]| lines.iter().any(|line| &line[body(line).len()..] == end);
        let kinds = names.iter().filter(|(end, _)| used(end)).map(|(_, name)| *name);
        Self { kinds: kinds.collect() }
    }

    fn any(&self) -> bool {
        !self.kinds.is_empty()
    }
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kinds.join(" and "))
    }
}

/// What differs in each replaced part, word by word.
fn runs(old: &[u8], new: &[u8], lines: &Alignment<'_>, work: &mut Work) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut ours, mut theirs) = (Walk::new(&lines.old), Walk::new(&lines.new));
    for part in &lines.replaced {
        let (one, other) = (ours.bytes(&part.old), theirs.bytes(&part.new));
        for run in words::runs(&old[one.clone()], &new[other.clone()], &plain_word, work) {
            let Replaced { old: one, new: other } = run.shifted(one.start, other.start);
            let sort = sort(&old[one.clone()], &new[other.clone()]);
            runs.push(Run {
                old: one,
                new: other,
                sort,
            });
        }
    }
    runs
}

/// Goes through the lines of a text once and knows where they begin.
struct Walk<'l, 'a> {
    lines: &'l [&'a [u8]],
    line: usize,
    byte: usize,
}

impl<'l, 'a> Walk<'l, 'a> {
    fn new(lines: &'l [&'a [u8]]) -> Self {
        Self {
            lines,
            line: 0,
            byte: 0,
        }
    }

    /// The bytes of lines that are not before those asked for last.
    fn bytes(&mut self, lines: &Range<usize>) -> Range<usize> {
        self.go(lines.start)..self.go(lines.end)
    }

    fn go(&mut self, line: usize) -> usize {
        self.byte += self.lines[self.line..line].iter().map(|line| line.len()).sum::<usize>();
        self.line = line;
        self.byte
    }
}

fn sort(old: &[u8], new: &[u8]) -> Sort {
    let blank = |text: &[u8]| String::from_utf8_lossy(text).trim().is_empty();
    if blank(old) && blank(new) {
        return Sort::Space;
    }
    let (before, after) = (marks(old), marks(new));
    let count = |marks: &[(Mark, usize)], mark| marks.iter().filter(|(other, _)| *other == mark).count();
    let worse = after
        .iter()
        .find(|(mark, _)| count(&after, *mark) > count(&before, *mark));
    match worse {
        Some((mark, _)) => Sort::Damage(*mark),
        None => Sort::Words,
    }
}

/// What damage left, with its places.
fn marks(text: &[u8]) -> Vec<(Mark, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        for (place, c) in chunk.valid().char_indices() {
            match c {
                '\0' => found.push((Mark::Nul, at + place)),
                '\u{fffd}' => found.push((Mark::Replacement, at + place)),
                _ => {}
            }
        }
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            found.push((Mark::Invalid, at));
        }
        at += chunk.invalid().len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(old: &[u8], new: &[u8]) -> String {
        said_of(old, new, &[])
    }

    fn said_of(old: &[u8], new: &[u8], named: &[Range<usize>]) -> String {
        Difference::of(&Peeled::of(old, new), &|| named.to_vec()).to_string()
    }

    const TEXT: &str =
        "The mill at the ford stood.\nFor ninety years it ground the corn of the valley.\nThen it fell.\n";

    #[test]
    fn equal_texts_have_no_kind() {
        assert_eq!(said(TEXT.as_bytes(), TEXT.as_bytes()), "");
        assert_eq!(said(b"", b""), "");
    }

    #[test]
    fn what_is_not_read_is_named_and_set_aside() {
        let new = |text: String| said(TEXT.as_bytes(), text.as_bytes());
        assert_eq!(new(TEXT.replace('\n', "\r\n")), "line ends: LF → CRLF on 3 lines");
        assert_eq!(new(TEXT.replace('\n', "\r")), "line ends: LF → CR on 3 lines");
        assert_eq!(new(TEXT.trim_end().to_owned()), "final newline removed");
        assert_eq!(new(format!("\u{feff}{TEXT}")), "byte-order mark added");
        assert_eq!(
            new(TEXT.replace("stood.", "stood.  ")),
            "white space changed in 1 place"
        );
        assert_eq!(
            new(TEXT.replace("years it", "years\nit")),
            "white space changed in 1 place"
        );
        let both = format!("\u{feff}{}", TEXT.replace('\n', "\r\n").replace("corn", "grain"));
        let listed = "byte-order mark added; line ends: LF → CRLF on 2 lines; prose changed: 1 word removed, 1 added";
        assert_eq!(new(both), listed);
    }

    #[test]
    fn letters_may_be_composed_or_not() {
        let text = "Das Café an der Fähre.\nDie Mühle.\n";
        let apart: String = text.nfd().collect();
        assert_eq!(
            said(text.as_bytes(), apart.as_bytes()),
            "Unicode form: NFC → NFD in 2 lines"
        );
        let edited = apart.replace("Die M", "Eine M");
        let listed = "Unicode form: NFC → NFD in 1 line; prose changed: 1 word removed, 1 added";
        assert_eq!(said(text.as_bytes(), edited.as_bytes()), listed);
    }

    #[test]
    fn a_cut_is_the_old_text_without_a_part() {
        let cut = |new: &str| said(TEXT.as_bytes(), new.as_bytes());
        assert_eq!(
            cut(&TEXT[..50]),
            "final newline removed; cut after byte 50: 43 bytes gone"
        );
        assert_eq!(cut(&TEXT[..79]), "cut after byte 79: 14 bytes gone");
        assert_eq!(cut(&TEXT[28..]), "cut at the beginning: the first 28 bytes gone");
        assert_eq!(cut(""), "cut: all 93 bytes gone");
        assert_eq!(
            cut(&TEXT.replace("of the valley", "")),
            "prose changed: 3 words removed"
        );
        let long = format!("{TEXT}{}{TEXT}", "one two three four five six seven\n".repeat(3));
        let without = [TEXT, TEXT].concat();
        let inside = "cut at byte 93: 102 bytes gone from the middle";
        assert_eq!(said(long.as_bytes(), without.as_bytes()), inside);
    }

    #[test]
    fn damage_is_what_no_text_has() {
        let nul = TEXT.replace("ninety", "\0\0\0\0\0\0");
        assert_eq!(
            said(TEXT.as_bytes(), nul.as_bytes()),
            "damaged: 6 NUL bytes, the first at byte 32"
        );
        let lost = TEXT.replace("ninety", "nin\u{fffd}ty");
        assert_eq!(
            said(TEXT.as_bytes(), lost.as_bytes()),
            "damaged: 1 replacement character at byte 35"
        );
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes[35] = 0xFF;
        assert_eq!(said(TEXT.as_bytes(), &bytes), "damaged: 1 broken character at byte 35");
    }

    #[test]
    fn furniture_is_what_the_rules_name() {
        let old = "They waited on the quay for the barges to\nRead also: The price of corn\ncome in from the town.\n";
        let new = "They waited on the quay for the barges to come in from the town.\n";
        let at = old.find("Read").expect("a label");
        let named = at..at + 29;
        let said_of = |new: &str, named: &[Range<usize>]| said_of(old.as_bytes(), new.as_bytes(), named);
        assert_eq!(
            said_of(new, std::slice::from_ref(&named)),
            "layout only: 6 words of page furniture removed"
        );
        assert_eq!(said_of(new, &[]), "prose changed: 6 words removed");
        let edited = new.replace("town", "city");
        let both = "6 words of page furniture removed; prose changed: 1 word removed, 1 added";
        assert_eq!(said_of(&edited, &[named]), both);
    }

    #[test]
    fn a_word_that_a_page_break_cut_is_mended() {
        let old = "They pulled the ro-\nPage 12\nbring of the mast.\n";
        let new = "They pulled the robring of the mast.\n";
        let named = 20..27;
        assert_eq!(
            said_of(old.as_bytes(), new.as_bytes(), &[named]),
            "layout only: 2 words of page furniture removed"
        );
    }
}
