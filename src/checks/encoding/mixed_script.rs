//! `encoding/mixed-script`: a letter of another script that looks like the one that belongs there.

use serde_json::Value;

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::beyond_ascii::runs;

/// See [`RULE`].
#[derive(Debug)]
pub struct MixedScript;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/mixed-script",
    severity: Severity::Warning,
    summary: "letters of another script inside a word, which look like those that belong there",
    settings: &[],
    docs: "\
## What it does
Finds words of four letters and more in which a few letters are of another script than the rest and each looks like a
letter of that script: Cyrillic `а`, `е`, `о`, `р`, `с`, `у`, `х` or Greek `ο` and the Greek capitals in a Latin word, Latin
letters in a Cyrillic or Greek word. A word whose other letters do not look alike (`λ-calculus`, `IT-отдел`, `SMSки`) is
left alone, and so are abbreviations with an ending.

## Why it matters
Nobody sees it. The word is not found, not counted, and not compared; it comes from character recognition, from keyboards
with two layouts, and from those who want to slip past a filter.

## Example
`p\u{430}ssword`, with a Cyrillic `а`.

## What to do
Apply the fix, and read the diff where the text speaks of such letters.

## Where it errs
It finds words that somebody made so on purpose (a brand, a cipher, a list of look-alikes). It misses words of up to three
letters, words in which every letter looks alike in both scripts, and letters that do not look alike. Confidence .95.

## Fix safety
Unsafe: the word looks the same after it, but the letter may be meant, in a text about writing or about deceit.
",
};

/// A word of fewer letters may be a formula or an abbreviation.
const LEAST: usize = 4;
/// A word is looked at as far as this many bytes on either side.
const REACH: usize = 128;

/// Letters that look alike: Latin, Cyrillic, Greek (`\\0` where there is none).
const ALIKE: [(char, char, char); 31] = [
    ('A', 'А', 'Α'),
    ('B', 'В', 'Β'),
    ('C', 'С', '\0'),
    ('E', 'Е', 'Ε'),
    ('H', 'Н', 'Η'),
    ('I', 'І', 'Ι'),
    ('J', 'Ј', '\0'),
    ('K', 'К', 'Κ'),
    ('M', 'М', 'Μ'),
    ('N', '\0', 'Ν'),
    ('O', 'О', 'Ο'),
    ('P', 'Р', 'Ρ'),
    ('S', 'Ѕ', '\0'),
    ('T', 'Т', 'Τ'),
    ('X', 'Х', 'Χ'),
    ('Y', '\0', 'Υ'),
    ('Y', 'У', '\0'),
    ('Z', '\0', 'Ζ'),
    ('a', 'а', '\0'),
    ('c', 'с', '\0'),
    ('e', 'е', '\0'),
    ('i', 'і', '\0'),
    ('j', 'ј', '\0'),
    ('o', 'о', 'ο'),
    ('p', 'р', '\0'),
    ('s', 'ѕ', '\0'),
    ('x', 'х', '\0'),
    ('y', 'у', '\0'),
    ('ï', 'ї', '\0'),
    ('ë', 'ё', '\0'),
    ('h', 'һ', '\0'),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
}

/// A word with letters that do not belong.
struct Mixture {
    /// The word.
    span: Span,
    /// Of what script the rest of it is.
    script: Script,
    /// The letters that do not belong, with those that do.
    edits: Vec<(Span, String)>,
}

impl Check for MixedScript {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        limit(mixtures(text).map(|mixture| finding(document, text, mixture)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, mixture: Mixture) -> Finding {
    let word = text.source.text_of(mixture.span);
    let letters: Vec<Value> = mixture.edits.iter().map(|(span, _)| code(text, *span)).collect();
    let message = format!("`{word}` is {} but for {}", name(mixture.script), noun(letters.len()));
    let finding = RULE.finding(document.at(mixture.span), message).confidence(0.95);
    finding
        .help("put the letters there that the word is written with")
        .label(format!(
            "{} is another script's",
            letters.first().and_then(Value::as_str).unwrap_or_default()
        ))
        .evidence("letters", letters)
        .replace_all(Safety::Unsafe, mixture.edits)
}

fn noun(count: usize) -> String {
    match count {
        1 => "1 letter that looks alike".to_owned(),
        count => format!("{count} letters that look alike"),
    }
}

fn code(text: &Text<'_>, span: Span) -> Value {
    let letter = text.text[span.range()].chars().next().unwrap_or_default();
    Value::from(super::tally::code(letter))
}

fn name(script: Script) -> &'static str {
    match script {
        Script::Latin => "Latin",
        Script::Cyrillic => "Cyrillic",
        Script::Greek => "Greek",
    }
}

/// The words of a text that mix scripts, each once.
fn mixtures<'a>(text: &'a Text<'_>) -> impl Iterator<Item = Mixture> + 'a {
    let mut done = 0;
    runs(text.text).filter_map(move |run| {
        if run.start < done || !borders(text.text, run.start, run.end) {
            return None;
        }
        let word = word_around(text.text, run.start, run.end);
        done = word.1;
        mixture(text, word).filter(|mixture| !text.mojibake().covers(mixture.span.start()))
    })
}

/// Whether an ASCII letter stands beside a run that begins or ends with a letter of another script there.
fn borders(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
    // Cyrillic is D0 to D3 with one byte more, Greek CE and CF.
    let other = |at: usize| matches!(bytes[at], 0xCE..=0xD3);
    (letter(start.checked_sub(1)) && other(start)) || (letter(Some(end)) && end >= 2 && other(end - 2))
}

/// The letters around a run.
fn word_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    let inside = text[start..end].rfind(|character: char| !character.is_alphabetic());
    let tail = inside.map_or(start, |at| start + at);
    let after = text[tail.max(end)..]
        .chars()
        .take_while(|character| character.is_alphabetic());
    let to = end + after.map(char::len_utf8).take(REACH).sum::<usize>();
    let before = text[..start]
        .chars()
        .rev()
        .take_while(|character| character.is_alphabetic());
    (start - before.map(char::len_utf8).take(REACH).sum::<usize>(), to)
}

fn mixture(text: &Text<'_>, (start, end): (usize, usize)) -> Option<Mixture> {
    let word = &text.text[start..end];
    let count = |script: Script| word.chars().filter(|&letter| script_of(letter) == Some(script)).count();
    let counts = [Script::Latin, Script::Cyrillic, Script::Greek].map(|script| (script, count(script)));
    let (script, most) = counts.into_iter().max_by_key(|&(_, count)| count)?;
    let letters = word.chars().count();
    let known: usize = counts.iter().map(|(_, count)| count).sum();
    if letters < LEAST || known < letters || (letters - most) * 2 >= letters || has_ending(word, script) {
        return None;
    }
    let strangers = word
        .char_indices()
        .filter(|&(_, letter)| script_of(letter) != Some(script));
    let edits: Option<Vec<(Span, String)>> = strangers
        .map(|(at, letter)| {
            let span = text.source.span(start + at, start + at + letter.len_utf8())?;
            Some((span, alike(letter, script)?.to_string()))
        })
        .collect();
    Some(Mixture {
        span: text.source.span(start, end)?,
        script,
        edits: edits.filter(|edits| !edits.is_empty())?,
    })
}

/// Whether the strangers are the ending of an abbreviation, or what comes before it: `ЕГЭs`, `CDа`.
fn has_ending(word: &str, script: Script) -> bool {
    let (mut own, mut strangers) = (Vec::new(), Vec::new());
    for (at, letter) in word.chars().enumerate() {
        match script_of(letter) == Some(script) {
            true => own.push((at, letter)),
            false => strangers.push((at, letter)),
        }
    }
    let apart = strangers
        .first()
        .is_some_and(|first| own.last().is_some_and(|last| last.0 < first.0));
    apart
        && own.iter().all(|(_, letter)| letter.is_uppercase())
        && strangers.iter().all(|(_, letter)| letter.is_lowercase())
}

fn script_of(letter: char) -> Option<Script> {
    match letter {
        'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' => Some(Script::Latin),
        '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => Some(Script::Cyrillic),
        '\u{386}'..='\u{3CE}' => Some(Script::Greek),
        _ => None,
    }
}

/// The letter of a script that another one looks like.
fn alike(letter: char, script: Script) -> Option<char> {
    let of = |&(latin, cyrillic, greek): &(char, char, char)| match script {
        Script::Latin => (latin, cyrillic, greek),
        Script::Cyrillic => (cyrillic, latin, greek),
        Script::Greek => (greek, latin, cyrillic),
    };
    let mut rows = ALIKE.iter().map(of).filter(|&(own, ..)| own != '\0');
    rows.find(|&(_, one, other)| one == letter || other == letter)
        .map(|(own, ..)| own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn mended(text: &str) -> Vec<String> {
        let source = Source::new("a", text.into());
        let text = Text::new(&source).expect("text");
        let one = |mixture: Mixture| {
            let (script, mut word) = (mixture.script, String::new());
            for letter in text.text[mixture.span.range()].chars() {
                word.push(if script_of(letter) == Some(script) {
                    letter
                } else {
                    alike(letter, script).expect("alike")
                });
            }
            word
        };
        mixtures(&text).map(one).collect()
    }

    #[test]
    fn look_alikes_are_found() {
        assert_eq!(mended("the p\u{430}ssw\u{43E}rd is m\u{456}ll"), ["password", "mill"]);
        assert_eq!(mended("мeльницa у реки"), ["мельница"]);
        assert_eq!(mended("Μητρόπoλη"), ["Μητρόπολη"]);
        assert_eq!(mended("\u{410}lpha"), ["Alpha"]);
    }

    #[test]
    fn mixtures_with_a_reason_are_left_alone() {
        for plain in [
            "λ-calculus, α-helix, β2, Δt, kΩ, µm, ΔT, Σx, πr, 5Ωm, Δx, γGT, αβ",
            "IT-отдел, SMSки, iPhone’ом, web-сайт, Wi-Fi-сеть, CDа, PDFы, DVDшка",
            "Cа2+, HО, рН, CО2",
            "мельница mill, Mühle ἀρχή, ελληνικά, Ελλάδα",
            "日本語text, textですね",
        ] {
            assert!(mended(plain).is_empty(), "{plain}");
        }
    }
}
