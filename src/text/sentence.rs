//! Sentences of a paragraph, as ranges of bytes, in any script: what ends one, and what only looks as if it did.
//!
//! A mark ends a sentence where a space and then no small letter follow. A full stop does not where it belongs to an
//! abbreviation, an initial, or an ordinal (`am 3. Mai`); marks of scripts without spaces end one wherever they stand, unless
//! they close a quotation inside a sentence (`「…。」と言った`). The cases are those of Kiss and Strunk, "Unsupervised multilingual
//! sentence boundary detection" (2006); the lists are short, because a rare abbreviation costs one sentence too many.

use std::iter::FusedIterator;
use std::ops::Range;

use super::unit;

/// The sentences of one paragraph, in order: ranges of bytes without the space around them.
#[derive(Clone, Debug)]
pub struct Sentences<'a> {
    text: &'a str,
    at: usize,
    language: Option<&'a str>,
}

/// The sentences of a paragraph, in the language of that primary subtag (`en`) or in any.
pub fn sentences<'a>(text: &'a str, language: Option<&'a str>) -> Sentences<'a> {
    Sentences { text, at: 0, language }
}

impl Iterator for Sentences<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        if start == self.text.len() {
            return None;
        }
        let end = end_of(self.text, start, self.language);
        self.at = end;
        Some(start..start + self.text[start..end].trim_end().len())
    }
}

impl FusedIterator for Sentences<'_> {}

/// First bytes of marks that may end a sentence.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    let first = b".!?\xd6\xd8\xdb\xe0\xe1\xe2\xe3\xef";
    while at < first.len() {
        table[first[at] as usize] = true;
        at += 1;
    }
    table
};

/// The end of the sentence that begins there.
fn end_of(text: &str, start: usize, language: Option<&str>) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(next) = bytes[at..].iter().position(|byte| MAY_END[usize::from(*byte)]) {
        let mark = at + next;
        let Some(character) = text[mark..].chars().next() else {
            break;
        };
        at = mark + character.len_utf8();
        if !unit::is_end_mark(character) {
            continue;
        }
        let after = after_marks(text, at, is_dense_mark(character));
        if ends_at(text, start, mark, after, language) {
            return after;
        }
        at = after;
    }
    text.len()
}

/// Behind further marks, closing signs and note marks (`?!”[12]`). Where no space divides sentences, `“` opens the next.
fn after_marks(text: &str, from: usize, dense: bool) -> usize {
    let opening = |sign: char| dense && matches!(sign, '“' | '‘' | '«');
    let closer = |sign: char| unit::is_closer(sign) && !sign.is_whitespace() && !opening(sign);
    let closing = |sign: char| unit::is_end_mark(sign) || closer(sign);
    let mut rest = text[from..].trim_start_matches(closing);
    while let Some(note) = note_mark(rest) {
        rest = rest[note..].trim_start_matches(closing);
    }
    text.len() - rest.len()
}

/// Marks of scripts that put no space behind them.
fn is_dense_mark(sign: char) -> bool {
    matches!(sign, '。' | '！' | '？' | '｡' | '．')
}

/// How long the note mark is that a text begins with: `[12]`.
fn note_mark(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let digits = inner.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let closed = (1..=3).contains(&digits) && inner[digits..].starts_with(']');
    closed.then_some(digits + 2)
}

/// Whether a sentence ends with the mark that stands there and what closes behind it.
fn ends_at(text: &str, start: usize, mark: usize, after: usize, language: Option<&str>) -> bool {
    let sign = text[mark..].chars().next().unwrap_or('.');
    let rest = &text[after..];
    if rest.is_empty() {
        return true;
    }
    if is_dense_mark(sign) {
        return after == mark + sign.len_utf8() || rest.starts_with(char::is_whitespace);
    }
    if !rest.starts_with(char::is_whitespace) {
        return text[..mark].ends_with(unit::is_dense) && !rest.starts_with(|next: char| next.is_ascii());
    }
    let next = rest.trim_start().trim_start_matches(opens);
    let Some(first) = next.chars().next() else { return true };
    if first.is_lowercase() || matches!(first, ',' | ';' | ':') {
        return false;
    }
    let dotted = sign == '.' && text[mark + 1..after].bytes().all(|byte| byte != b'.');
    !(dotted && is_abbreviation(&text[start..mark], next, language))
}

/// Signs before the first word of a sentence.
fn opens(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(
            sign,
            '"' | '\'' | '“' | '„' | '‘' | '«' | '»' | '(' | '[' | '¿' | '¡' | '–' | '—' | '-'
        )
}

/// Whether a full stop belongs to the word before it, given what follows.
fn is_abbreviation(before: &str, next: &str, language: Option<&str>) -> bool {
    let word = last_word(before);
    if word.is_empty() {
        return false;
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return is_ordinal(word, before, language);
    }
    let tail = word.rsplit('.').next().unwrap_or(word);
    let initial = tail.chars().count() == 1 && tail.chars().all(char::is_alphabetic);
    if initial {
        return !is_opener(next);
    }
    in_list(TITLES, word, language) || (in_list(OFTEN_LAST, word, language) && !next.starts_with(char::is_uppercase))
}

/// The letters, digits and inner full stops that a text ends with.
fn last_word(text: &str) -> &str {
    let part = |sign: char| sign.is_alphanumeric() || sign == '.' || sign == '\u{301}';
    &text[text.trim_end_matches(part).len()..]
}

/// Languages that write an ordinal as a number and a full stop.
const ORDINALS: &[&str] = &[
    "cs", "da", "de", "et", "fi", "hr", "hu", "is", "nb", "no", "pl", "sk", "sl", "sr", "tr",
];

/// `am 3. Mai`, and the number of a list that begins a sentence (`3. Open the gate.`).
fn is_ordinal(number: &str, before: &str, language: Option<&str>) -> bool {
    let first = before.len() == number.len();
    number.len() <= 2 && (first || language.is_some_and(|language| ORDINALS.contains(&language)))
}

/// Words that begin a sentence more often than they follow an initial.
const OPENERS: &[&str] = &[
    "A", "After", "An", "And", "As", "At", "But", "For", "He", "Her", "His", "How", "However", "I", "If", "In", "It",
    "Its", "On", "Our", "She", "So", "Some", "That", "The", "Their", "Then", "There", "These", "They", "This", "Those",
    "To", "We", "What", "When", "Where", "While", "Who", "Why", "With", "You", "Der", "Die", "Das", "Ein", "Eine",
    "Er", "Sie", "Es", "Wir", "Und", "Aber", "Le", "La", "Les", "Un", "Une", "Il", "Elle", "El", "Los", "Las", "En",
    "O", "Os", "Het", "De", "Een", "Он", "Она", "Они", "Это", "В", "На", "Но", "И",
];

/// Whether a text begins with a word that sentences begin with.
pub(super) fn is_opener(next: &str) -> bool {
    let word = next.split(|sign: char| !sign.is_alphabetic()).next().unwrap_or(next);
    OPENERS.contains(&word)
}

type Lists = &'static [(&'static str, &'static [&'static str])];

/// Abbreviations that stand before the word that they belong to, in lower case; `*` is of any language.
const TITLES: Lists = &[
    (
        "*",
        &[
            "dr", "prof", "st", "vs", "cf", "ca", "fig", "vol", "nr", "al", "op", "ph",
        ],
    ),
    (
        "en",
        &[
            "mr", "mrs", "ms", "messrs", "rev", "hon", "gen", "col", "maj", "capt", "lt", "sgt", "cmdr", "adm", "gov",
            "sen", "rep", "pres", "mt", "ft", "no", "nos", "pp", "ed", "eds", "e.g", "i.e", "viz", "approx", "est",
            "jan", "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec", "figs", "ch", "sec", "art", "trans",
        ],
    ),
    (
        "de",
        &[
            "z.b", "d.h", "u.a", "bzw", "bspw", "vgl", "hr", "fr", "frl", "hl", "str", "abb", "abs", "art", "bd",
            "evtl", "ggf", "inkl", "jh", "mind", "mio", "mrd", "nr", "rd", "sog", "std", "tel", "zit", "zzgl", "dipl",
            "ing", "geb", "gest", "jan", "feb", "aug", "sept", "okt", "nov", "dez",
        ],
    ),
    (
        "fr",
        &[
            "m", "mm", "mme", "mlle", "mgr", "me", "p.ex", "ex", "env", "av", "apr", "boul", "chap", "éd", "art",
            "janv", "févr", "juil", "déc",
        ],
    ),
    (
        "es",
        &[
            "sr", "sra", "srta", "d", "dña", "dra", "ud", "uds", "p.ej", "ej", "pág", "págs", "núm", "art", "cap",
            "av", "avda", "gral", "ing", "lic",
        ],
    ),
    (
        "it",
        &[
            "sig", "sigg", "sig.ra", "dott", "dott.ssa", "prof.ssa", "avv", "ing", "on", "pag", "pagg", "cap", "es",
            "p.es", "art", "ecc", "mons",
        ],
    ),
    (
        "pt",
        &[
            "sr", "sra", "srs", "dra", "exmo", "p.ex", "ex", "pág", "págs", "art", "av", "núm", "eng", "gen",
        ],
    ),
    (
        "nl",
        &[
            "dhr", "mevr", "mw", "ir", "ing", "drs", "mr", "bijv", "bv", "d.w.z", "m.a.w", "blz", "afb", "art", "jl",
            "o.a", "t.a.v", "resp",
        ],
    ),
    (
        "pl",
        &[
            "np", "m.in", "tzw", "tzn", "ul", "al", "pl", "os", "hab", "inż", "mgr", "lek", "ks", "św", "rys", "tab",
            "por", "zob", "ok", "im", "gen", "płk", "min", "wg",
        ],
    ),
    (
        "ru",
        &[
            "т.е", "т.к", "т.н", "т.д", "г", "гг", "ул", "им", "св", "акад", "проф", "доц", "см", "ср", "стр", "рис",
            "тыс", "млн", "млрд", "руб", "напр", "гл", "ст", "пр",
        ],
    ),
];

/// Abbreviations that often end a sentence: a capital after them begins the next.
const OFTEN_LAST: Lists = &[
    ("*", &["etc", "inc", "ltd", "co", "corp", "jr", "sr"]),
    ("de", &["usw", "etc", "u.s.w", "s"]),
    ("ru", &["др", "пр", "т.п"]),
];

/// Whether a list has a word, in one language or in any.
fn in_list(lists: Lists, word: &str, language: Option<&str>) -> bool {
    let read = |tag: &str| tag == "*" || language.is_none_or(|language| language == tag);
    let same = |entry: &str| word.chars().flat_map(char::to_lowercase).eq(entry.chars());
    word.len() <= 16
        && lists
            .iter()
            .any(|(tag, words)| read(tag) && words.iter().any(|entry| same(entry)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut<'a>(text: &'a str, language: &'a str) -> Vec<&'a str> {
        sentences(text, Some(language)).map(|range| &text[range]).collect()
    }

    #[test]
    fn full_stops_that_end_nothing() {
        let text = "Mr. Bell of St. Anne’s paid $3.50 (approx. 4 ft. of rope, e.g. hemp). J. R. Moss did not. The U.S. The mill stood.";
        assert_eq!(
            cut(text, "en"),
            [
                "Mr. Bell of St. Anne’s paid $3.50 (approx. 4 ft. of rope, e.g. hemp).",
                "J. R. Moss did not.",
                "The U.S.",
                "The mill stood."
            ]
        );
        assert_eq!(
            cut("Am 3. Mai, z. B. im 19. Jahrhundert. Dann kam 1901. Es war gut.", "de").len(),
            3
        );
        assert_eq!(
            cut("Он жил, т. е. работал, на ул. Садовой. Потом уехал.", "ru").len(),
            2
        );
        assert_eq!(cut("M. Rive vient, p. ex. le lundi. Il reste.", "fr").len(), 2);
        assert_eq!(
            cut("1. Open the gate. 2. Shut it.", "en"),
            ["1. Open the gate.", "2. Shut it."]
        );
    }

    #[test]
    fn marks_with_what_closes_behind_them() {
        let text = "“Who is there?” he said. “I!”[12] (It was late.) Well… so it was... Then nothing?! Yes.³";
        assert_eq!(
            cut(text, "en"),
            [
                "“Who is there?” he said.",
                "“I!”[12]",
                "(It was late.)",
                "Well… so it was...",
                "Then nothing?!",
                "Yes.³"
            ]
        );
    }

    #[test]
    fn other_scripts() {
        assert_eq!(
            cut("水位很低。磨坊停了！“走吧。”他说。", "zh"),
            ["水位很低。", "磨坊停了！", "“走吧。”他说。"]
        );
        assert_eq!(cut("「行こう。」と彼は言った。雨だ。", "ja").len(), 2);
        assert_eq!(cut("هل توقف الماء؟ نعم. لا أحد يعرف السبب.", "ar").len(), 3);
        assert_eq!(cut("पानी कम था। चक्की रुक गई।", "hi").len(), 2);
    }

    #[test]
    fn nothing_and_no_mark() {
        assert_eq!(cut("", "en").len() + cut(" \n ", "en").len(), 0);
        assert_eq!(cut("  no mark \n here ", "en"), ["no mark \n here"]);
    }
}
