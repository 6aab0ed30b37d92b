//! `consistency/undefined-acronym`: abbreviations that a text never spells out.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::text::Text;
use crate::text::acronyms::{self, Acronym};
use crate::text::neighbours::Neighbours;
use crate::text::unit::Kind;

/// See [`RULE`].
#[derive(Debug)]
pub struct UndefinedAcronym;

/// What it is.
pub static RULE: Rule = Rule {
    id: "consistency/undefined-acronym",
    severity: Severity::Info,
    summary: "abbreviations that a text uses and never spells out",
    settings: &[&USES],
    docs: "\
## What it does
Finds abbreviations of three to six capitals that stand as the name of a body does, after an article (`the TWB said`), that
never stand in brackets, before brackets or beside a dash, and that are not among the few hundred that everybody knows
(`NATO`, `HTML`). One finding names all of a text. The full name may stand in the text, too: what is missing is that the two
are one.

## Why it matters
A text that speaks of `the TWB` and never says what that is has often lost the paragraph or the link that said it; and
whoever reads it elsewhere, or in thirty years, cannot tell.

## Example
```text
The ferrymen waited for the TWB. Nobody at the TWB answered.
```

## What to do
Compare with the source whether a paragraph is missing. Otherwise leave it, or note in the record what it stands for.

## Where it errs
What everybody in one trade or country knows is no news to its readers. Texts with many words in capitals are passed over.
",
};

/// So often all of them together have to stand.
static USES: Setting = Setting {
    key: "consistency/undefined-acronym.uses",
    default: 2.0,
    range: (1.0, 1000.0),
    meaning: "how often the abbreviations that are never spelt out stand in a text, all together, for it to be reported",
};

/// More letters are a name that is written in capitals.
const LETTERS: usize = 6;
/// So many are named one by one.
const NAMED: usize = 8;

/// So many of a text are compared.
const COMPARED: usize = 64;

/// An abbreviation with its uses.
struct Used<'a> {
    first: Acronym<'a>,
    count: usize,
    explained: bool,
    article: bool,
}

impl Check for UndefinedAcronym {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let unknown: Vec<_> = used(text)
            .into_iter()
            .filter(|used| used.article && !used.explained && !is_word(text.text, used.first.text))
            .collect();
        let uses: usize = unknown.iter().map(|used| used.count).sum();
        if !unknown.is_empty() && uses as f64 >= document.settings.value(&USES) {
            findings.push(finding(document, &unknown));
        }
    }
}

fn used<'a>(text: &Text<'a>) -> Vec<Used<'a>> {
    let mut all = acronyms::acronyms(text.text, text.vocabulary());
    all.retain(|acronym| is_told(text, acronym));
    let mut used: Vec<Used<'a>> = Vec::new();
    for &acronym in &all {
        let article = is_body(text.text, &acronym);
        let room = used.len() < COMPARED;
        match used.iter_mut().find(|one| one.first.text == acronym.text) {
            Some(one) => {
                one.count += 1;
                one.explained |= acronym.explained;
                one.article |= article;
            }
            None if room => used.push(Used {
                first: acronym,
                count: 1,
                explained: acronym.explained,
                article,
            }),
            None => {}
        }
    }
    // What stands before each place is read where nothing else has settled it.
    for one in used.iter_mut().filter(|one| one.article && !one.explained) {
        let mut places = all.iter().filter(|acronym| acronym.text == one.first.text);
        one.explained = places.any(|acronym| is_spelt_out(text.text, acronym));
    }
    used
}

/// Whether it is an abbreviation that a text in prose would have to spell out.
fn is_told(text: &Text<'_>, acronym: &Acronym<'_>) -> bool {
    let letters = acronym.text.chars().count();
    let common = letters > LETTERS || acronyms::is_known(acronym.text) || acronym.text.contains('-');
    !common && matches!(text.kind_at(acronym.start), Some(Kind::Prose))
}

/// Words before the name of a body that has initials for a name.
const ARTICLES: &[&str] = &["the", "der", "die", "la", "le", "el", "il", "de", "het", "a", "o"];
/// Words after it: with other words it only says what kind of thing is meant (`the EVA sole`).
const AFTER: &[&str] = &[
    "is", "was", "has", "had", "will", "would", "and", "or", "to", "in", "of", "on", "for", "that", "which", "said",
    "says", "who", "as", "at", "by", "from", "are", "were", "have", "but", "with", "did", "does", "can", "could",
    "may", "should", "must",
];

/// Whether it stands as the name of a body does: after an article, and before a verb, a preposition or a sign.
fn is_body(text: &str, acronym: &Acronym<'_>) -> bool {
    let end = acronym.start + acronym.text.len();
    let beside = Neighbours::of(text, acronym.start, end);
    let free = beside.after[0].is_empty() || AFTER.contains(&beside.after[0]);
    let tail = &text[end..];
    ARTICLES.contains(&beside.before[0]) && (free || tail.starts_with("’s") || tail.starts_with("'s"))
}

/// So much before an abbreviation is searched for the words that it stands for, in bytes.
const BEFORE: usize = 120;
/// Words of so many bytes and less (`of`, `and`) often give no letter.
const SMALL: usize = 3;
/// Words after an abbreviation that say what it is.
const SAYS: &[&str] = &[
    "stands",
    "means",
    "short",
    "abbreviation",
    "acronym",
    "steht",
    "signifie",
    "significa",
];

/// Whether words with its initials stand before it (`a tarn weir board or TWB`), or a verb after it that says what it is.
fn is_spelt_out(text: &str, acronym: &Acronym<'_>) -> bool {
    let end = acronym.start + acronym.text.len();
    let mut from = acronym.start.saturating_sub(BEFORE);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let words = || text[from..acronym.start].split(|sign: char| !sign.is_alphanumeric());
    let lower = acronym.text.to_lowercase();
    let spelt = [0, SMALL].iter().any(|&least| {
        let long = words().filter(|word| word.len() > least);
        let initials = long.filter_map(|word| word.chars().next());
        initials
            .flat_map(char::to_lowercase)
            .collect::<String>()
            .contains(&lower)
    });
    let beside = Neighbours::of(text, acronym.start, end);
    spelt || SAYS.contains(&beside.after[0]) || SAYS.contains(&beside.after[1])
}

/// So much of a text is searched for a word in lower case, in bytes.
const SEARCHED: usize = 1 << 18;
/// Words that are written in capitals for their weight.
const WORDS: &[&str] = &[
    "ALL", "AND", "ANY", "BEST", "BIG", "BUY", "DEAL", "FIRST", "FREE", "GET", "HOT", "LIVE", "MORE", "MUST", "NEVER",
    "NEW", "NOT", "NOW", "ONE", "ONLY", "OUR", "OUT", "SALE", "STOP", "THE", "THIS", "TOP", "VERY", "WIN", "YES",
    "YOU", "YOUR",
];

/// Whether an abbreviation is a word that is shouted: it stands in lower case, too.
fn is_word(text: &str, acronym: &str) -> bool {
    let text = crate::text::prefix(text, SEARCHED);
    let lower = acronym.to_lowercase();
    let letter = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let bytes = text.as_bytes();
    let mut found = memchr::memmem::find_iter(bytes, lower.as_bytes()).take(LOOKED_AT);
    WORDS.contains(&acronym)
        || found.any(|at| !letter(bytes.get(at.wrapping_sub(1))) && !letter(bytes.get(at + lower.len())))
}

/// So many places of a word in lower case are looked at.
const LOOKED_AT: usize = 64;

fn finding(document: &Document<'_>, unknown: &[Used<'_>]) -> Finding {
    let at = |used: &Used<'_>| {
        let start = used.first.start;
        document.at(document.source.nearest_span(start, start + used.first.text.len()))
    };
    let words: Vec<&str> = unknown.iter().map(|used| used.first.text).collect();
    let shown = words[..words.len().min(NAMED)].join(", ");
    let message = match words.len() {
        1 => format!("an abbreviation is never explained: {shown}"),
        number => format!("{number} abbreviations are never explained: {shown}"),
    };
    let finding = RULE
        .finding(at(&unknown[0]), message)
        .confidence(0.6)
        .help("compare with the source whether what said it is missing")
        .evidence("acronyms", words);
    unknown[1..].iter().take(NAMED).fold(finding, |finding, used| {
        finding.related(at(used), format!("`{}`", used.first.text))
    })
}
