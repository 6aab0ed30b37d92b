//! `consistency/doubled-word`: a word that stands twice in a row where no sentence wants it twice.

use std::sync::LazyLock;

use aho_corasick::Match;

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::needles::Needles;
use crate::text::unit::Kind;
use crate::text::vocabulary::Doubled;

/// See [`RULE`].
#[derive(Debug)]
pub struct DoubledWord;

/// What it is.
pub static RULE: Rule = Rule {
    id: "consistency/doubled-word",
    severity: Severity::Warning,
    summary: "a word that stands twice in a row, or a preposition too many",
    settings: &[],
    docs: "\
## What it does
Finds articles, conjunctions and prepositions that stand twice in a row in prose (`the the`), also across a line end, for
English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and Russian. It is info for words that a sentence may
want twice now and then (`what it is is`), and in English for two prepositions in a row after a noun (`the view on in the town`)
and for `against` twice within four words, which turns a vote round.

## Why it matters
It is what is left of an edit, of a line that was set twice, or of a translation; and sometimes a word is missing between.

## Example
```text
The barge was tied to the the weir.
```

## What to do
Remove one of the two, or put in what is missing between them.

## Where it errs
Only words are looked for that hardly ever stand twice; others that were doubled by mistake are not found. Speech that is
written down with its stammer is reported.
",
};

/// Words that are wrong twice, by language.
const WRONG: &[(&str, &[&str])] = &[
    // No `im im` and no `den den`: a participle takes its own words before it (`im im Mai gebauten Haus`).
    (
        "de",
        &[
            "und", "ein", "eine", "einen", "einem", "einer", "eines", "wird", "dass", "oder", "sind", "ist",
        ],
    ),
    (
        "en",
        &[
            "the", "a", "an", "of", "and", "to", "with", "from", "at", "by", "or", "as", "for", "their", "his", "its",
            "our", "your", "my", "this", "these", "they", "we", "which", "if", "into", "than", "then", "has", "have",
            "will", "would", "can", "could", "about", "between", "because", "when",
        ],
    ),
    (
        "es",
        &[
            "de", "el", "los", "las", "y", "en", "un", "una", "que", "por", "con", "del", "para", "su", "se", "al",
            "como",
        ],
    ),
    (
        "fr",
        &[
            "de", "le", "les", "des", "et", "du", "un", "une", "dans", "que", "qui", "pour", "sur", "avec", "au",
            "aux", "est", "par", "ce", "sont",
        ],
    ),
    (
        "it",
        &[
            "il", "di", "che", "della", "gli", "per", "una", "un", "del", "con", "alla", "nel", "dei", "delle", "da",
            "le", "lo", "e",
        ],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "en", "van", "voor", "met", "te", "aan", "bij", "dat", "naar", "om",
        ],
    ),
    (
        "pl",
        &[
            "się", "jest", "na", "w", "że", "i", "z", "do", "przez", "oraz", "od", "dla", "który",
        ],
    ),
    (
        "pt",
        &[
            "os", "que", "uma", "em", "da", "do", "e", "com", "para", "dos", "na", "ao", "de", "um", "por",
        ],
    ),
    (
        "ru",
        &[
            "и", "в", "на", "с", "по", "из", "за", "для", "от", "к", "о", "что", "как",
        ],
    ),
];

/// English words that stand twice in a row now and then.
const DOUBTFUL: &[&str] = &[
    "is", "was", "are", "were", "be", "in", "on", "not", "it", "but", "so", "up", "do", "he", "she",
];

impl Check for DoubledWord {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let recorded = document.language();
        let language = recorded.as_deref().or(text.statement().language).unwrap_or_default();
        let Some((_, wrong)) = WRONG.iter().find(|(of, _)| *of == language) else {
            return;
        };
        let english = language == "en";
        let doubled = &text.vocabulary().doubled;
        let doubled = doubled
            .iter()
            .filter_map(|doubled| twice(document, text, doubled, wrong, english));
        let strays = english.then(|| strays(document, text)).into_iter().flatten();
        limit(doubled.chain(strays), findings);
    }
}

fn twice(
    document: &Document<'_>,
    text: &Text<'_>,
    doubled: &Doubled,
    wrong: &[&str],
    english: bool,
) -> Option<Finding> {
    let (first, second) = (doubled.first as usize, doubled.second as usize);
    let end = second + usize::from(doubled.len);
    let word = text.text.get(second..end)?;
    let sure = wrong.contains(&word);
    if !(sure || english && DOUBTFUL.contains(&word)) || !is_prose(text, first, end) {
        return None;
    }
    let thrice = |rest: &str| {
        rest.trim_start()
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
    };
    if thrice(&text.text[end..]) {
        return None;
    }
    let begins = word.chars().count() > 1 || text.text.get(first..first + word.len()) == Some(word);
    let joined = text.text[end..].starts_with(['-', '\'', '’', '.', '/', '@']) && !ends_sentence(&text.text[end..]);
    let tied = text.text[..first].ends_with(['-', '\'', '’', '.', '/', '@', '“', '"', '‘']);
    if !begins || joined || tied {
        return None;
    }
    let severity = if sure { Severity::Warning } else { Severity::Info };
    let finding = RULE
        .finding(
            document.at(span(text, first, end)),
            format!("`{word}` stands twice in a row"),
        )
        .severity(severity)
        .confidence(if sure { 0.9 } else { 0.5 })
        .help("remove one of the two, or put in what is missing between them")
        .evidence("word", word);
    Some(finding)
}

/// A full stop that something other than a letter follows.
fn ends_sentence(rest: &str) -> bool {
    rest.starts_with('.') && !rest[1..].starts_with(char::is_alphanumeric)
}

fn span(text: &Text<'_>, start: usize, end: usize) -> Span {
    text.source.nearest_span(start, end)
}

/// Whether both stand in one paragraph of prose.
fn is_prose(text: &Text<'_>, first: usize, end: usize) -> bool {
    let prose = |at: usize| matches!(text.kind_at(at), Some(Kind::Prose));
    let broken = text.text[first..end].matches('\n').count();
    prose(first) && prose(end - 1) && broken < 2
}

/// Prepositions that do not follow one another after a noun, and one that means something else when it stands twice.
const STRAY: [&str; 7] = [
    "on in the ",
    "in on the ",
    "of in the ",
    "to in the ",
    "at in the ",
    "for of the ",
    "against ",
];

/// All of [`STRAY`] in one pass.
static STRAYS: LazyLock<Needles> = LazyLock::new(|| Needles::new(&STRAY));

/// Endings of nouns that no verb has.
const NOUN: &[&str] = &[
    "tion", "tions", "sion", "sions", "ment", "ments", "ness", "ity", "ities", "ence", "ance", "ship", "ism",
];

fn strays<'t>(document: &'t Document<'_>, text: &'t Text<'_>) -> impl Iterator<Item = Finding> + 't {
    let spaced = |place: &Match| text.text[..place.start()].ends_with(' ');
    let places = STRAYS.sorted(text.text, |place| Some(place).filter(spaced));
    places.into_iter().filter_map(move |place| {
        let (start, end) = (place.start(), place.end() - 1);
        match STRAY[place.pattern().as_usize()] {
            "against " => against(document, text, start, end),
            _ => preposition(document, text, start, end - " the".len()),
        }
    })
}

fn preposition(document: &Document<'_>, text: &Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let before = text.text[..start - 1]
        .rsplit(|letter: char| !letter.is_alphabetic())
        .next()?;
    let noun = NOUN.iter().any(|ending| before.ends_with(ending));
    (noun && is_prose(text, start, end)).then(|| {
        RULE.finding(
            document.at(span(text, start, end)),
            format!("two prepositions stand in a row: `{}`", &text.text[start..end]),
        )
        .severity(Severity::Info)
        .confidence(0.6)
        .help("remove one of the two, or put in what is missing between them")
    })
}

/// Words between two `against` that keep them apart.
const APART: &[&str] = &["and", "or", "not", "nor", "but", "but", "as", "than", "to"];

fn against(document: &Document<'_>, text: &Text<'_>, start: usize, end: usize) -> Option<Finding> {
    let rest = crate::text::prefix(&text.text[end..], 48);
    let again = rest[1..].find(" against ")? + 1;
    let between = &rest[1..again];
    let words = between.split(' ').count();
    let plain = between.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ');
    let apart = between.split(' ').any(|word| APART.contains(&word));
    let until = end + again + " against".len();
    (words <= 2 && plain && !apart && is_prose(text, start, until)).then(|| {
        RULE.finding(
            document.at(span(text, start, until)),
            "`against` stands twice within four words",
        )
        .severity(Severity::Info)
        .confidence(0.4)
        .help("see whether the second turns round what the first says")
        .evidence("word", "against")
    })
}
