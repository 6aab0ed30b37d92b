//! What a date in a text is the date of, from the words around it.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Serialize;

use super::dates::Mention;

/// What a date is the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The text says that it was published then.
    Published,
    /// The text says that it was changed then.
    Modified,
    /// Somebody took the text, or a source of it, from somewhere then.
    Retrieved,
    /// A line that is nothing but a date.
    Stamp,
    /// In a short line of other data, or at the head of the first sentence.
    Dateline,
    /// In running prose, in brackets, in a reference, in a notice of copyright.
    Cited,
}

impl Role {
    /// Whether a date of this role may be that of publication.
    pub fn may_be_publication(self) -> bool {
        !matches!(self, Self::Retrieved | Self::Cited)
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Modified => "modified",
            Self::Retrieved => "retrieved",
            Self::Stamp => "stamp",
            Self::Dateline => "dateline",
            Self::Cited => "cited",
        }
    }
}

/// A metadata line has at most so many words beside its date.
const LABEL_WORDS: usize = 14;
/// A cue stands at most so many words before its date.
const REACH: usize = 5;

const PUBLISHED: &[&str] = &[
    "published",
    "posted",
    "publication",
    "released",
    "issued",
    "publié",
    "publiée",
    "parution",
    "publicado",
    "publicada",
    "publicación",
    "publicação",
    "pubblicato",
    "pubblicata",
    "pubblicazione",
    "veröffentlicht",
    "veröffentlichung",
    "erstveröffentlichung",
    "veröffentlichungsdatum",
    "erschienen",
    "erschien",
    "erstellt",
    "gepubliceerd",
    "geplaatst",
    "opublikowano",
    "opublikowany",
    "opublikowana",
    "dodano",
    "опубликовано",
    "опубликован",
    "опубликована",
    "publicerad",
    "publicerat",
    "publiceret",
    "publisert",
    "julkaistu",
    "created",
    "вышла",
    "mise en ligne",
    "postado",
    "inserito",
    "geschrieben",
];
const MODIFIED: &[&str] = &[
    "updated",
    "update",
    "modified",
    "revised",
    "edited",
    "reviewed",
    "aktualisiert",
    "aktualisierung",
    "änderung",
    "geändert",
    "stand",
    "überarbeitet",
    "modifié",
    "modifiée",
    "jour",
    "actualizado",
    "actualizada",
    "actualización",
    "modificado",
    "aggiornato",
    "aggiornata",
    "aggiornamento",
    "modificata",
    "modifica",
    "atualizado",
    "atualizada",
    "atualização",
    "bijgewerkt",
    "gewijzigd",
    "aktualizacja",
    "zaktualizowano",
    "обновлено",
    "изменено",
    "uppdaterad",
    "opdateret",
    "oppdatert",
    "päivitetty",
    "corrected",
    "korrigiert",
];
const RETRIEVED: &[&str] = &[
    "retrieved",
    "accessed",
    "archived",
    "downloaded",
    "scraped",
    "crawled",
    "captured",
    "visited",
    "abgerufen",
    "abruf",
    "zugriff",
    "consulté",
    "consultée",
    "consultado",
    "consultada",
    "recuperado",
    "consultato",
    "accesso",
    "acesso",
    "acessado",
    "geraadpleegd",
    "dostęp",
    "обращения",
    "hämtad",
    "besökt",
    "hentet",
    "viitattu",
];
/// What makes a date one of something else: an event, a deadline, a birth, a copyright.
const OTHER: &[&str] = &[
    "©",
    "copyright",
    "ⓒ",
    "born",
    "died",
    "geboren",
    "gestorben",
    "né",
    "nacido",
    "expires",
    "deadline",
    "until",
    "bis",
    "joined",
    "since",
    "seit",
    "registered",
    "registriert",
    "beiträge",
    "founded",
    "from",
    "between",
    "starts",
    "ends",
    "start",
    "end",
    "effective",
    "due",
    "event",
    "before",
    "after",
    "expected",
    "version",
    "vom",
    "depuis",
    "desde",
    "mitglied",
    "member",
];
/// What a text calls itself, before it says when it was published.
const SELF: &[&str] = &[
    "this article",
    "this post",
    "this page",
    "this story",
    "this piece",
    "this essay",
    "this text",
    "this report",
    "this interview",
    "dieser artikel",
    "dieser beitrag",
    "dieser text",
    "cet article",
    "ce texte",
    "este artículo",
    "este artigo",
    "este texto",
    "questo articolo",
    "dit artikel",
    "ten artykuł",
    "originally",
    "first published",
    "erstmals",
    "artykuł",
    "zuerst",
];

/// What is known of the place of a date.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its line.
    pub line: &'a str,
    /// Where the line begins in the text.
    pub start: usize,
    /// The last line before it that says something.
    pub above: &'a str,
    /// Whether the line is sentences.
    pub prose: bool,
}

/// The role of a date.
pub fn role(mention: &Mention, place: Place<'_>) -> Role {
    let (from, to) = (
        mention.start.saturating_sub(place.start),
        mention.end.saturating_sub(place.start),
    );
    let before = tail(place.line.get(..from).unwrap_or_default());
    let after = place.line.get(to..).unwrap_or_default();
    let bare = is_noise(before) && is_noise(super::prefix(after, 80));
    let words = super::unit::count_words(before) + super::unit::count_words(super::prefix(after, 400));
    let label = !place.prose && words <= LABEL_WORDS;
    let said = cue(before)
        .or_else(|| is_noise(before).then(|| cue_above(place.above)).flatten())
        .or_else(|| cue_after(before, after));
    match said {
        Some(Role::Retrieved) => Role::Retrieved,
        Some(said) if label || speaks_of_itself(before) || starts_line(from, before) => said,
        Some(_) => Role::Cited,
        None if bare => Role::Stamp,
        None if in_brackets(before, after) => Role::Cited,
        None if label || is_dateline(place.line, from, after) => Role::Dateline,
        None => Role::Cited,
    }
}

/// The last bytes before a date: enough for a cue and its words.
fn tail(before: &str) -> &str {
    let from = before.len().saturating_sub(120);
    let from = (from..before.len())
        .find(|&at| before.is_char_boundary(at))
        .unwrap_or(before.len());
    &before[from..]
}

/// The cue nearest before a date, in the same sentence.
fn cue(before: &str) -> Option<Role> {
    let sentence = before.rsplit(['!', '?', ';', '|', '•', '·', '/']).next()?;
    let sentence = sentence.rsplit(". ").next()?;
    let lower = sentence.to_lowercase();
    let words = lower
        .split(|character: char| !(character.is_alphabetic() || matches!(character, '©' | 'ⓒ')))
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let near = words.iter().rev().take(REACH + 1);
    near.copied().find_map(of_word).flatten()
}

/// `Some(None)` for a word that makes the date one of something else.
fn of_word(word: &str) -> Option<Option<Role>> {
    match word {
        _ if PUBLISHED.contains(&word) => Some(Some(Role::Published)),
        _ if MODIFIED.contains(&word) => Some(Some(Role::Modified)),
        _ if RETRIEVED.contains(&word) => Some(Some(Role::Retrieved)),
        _ if OTHER.contains(&word) => Some(Some(Role::Cited)),
        _ => None,
    }
}

/// A label of its own line above the date: `Published`.
fn cue_above(above: &str) -> Option<Role> {
    let above = above.trim();
    let label = above.len() <= 48 && super::unit::count_words(above) <= 4;
    label.then(|| cue(above)).flatten()
}

/// A verb that follows its date, where the text speaks of itself: `wurde am 25. März 2020 in Wien veröffentlicht`.
fn cue_after(before: &str, after: &str) -> Option<Role> {
    if !speaks_of_itself(before) {
        return None;
    }
    let sentence = super::prefix(after, 120).split(". ").next()?.to_lowercase();
    let mut words = sentence.split(|character: char| !character.is_alphabetic());
    words.find(|word| PUBLISHED.contains(word)).map(|_| Role::Published)
}

/// All of [`SELF`] in one look: a table may hold a million dates.
static NAMES_ITSELF: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(SELF).ok());

fn speaks_of_itself(before: &str) -> bool {
    NAMES_ITSELF
        .as_ref()
        .is_some_and(|names| names.is_match(&before.to_lowercase()))
}

/// Whether nothing but three words at most stand before the date in its line.
fn starts_line(from: usize, before: &str) -> bool {
    from <= before.len() && super::unit::count_words(before) <= 3
}

fn in_brackets(before: &str, after: &str) -> bool {
    let open = before.rfind(['(', '[', '（']);
    let closed = before.rfind([')', ']', '）']);
    open > closed && super::prefix(after, 400).contains([')', ']', '）'])
}

/// `LONDON, 11 August 2016 (Agency) - The ...`: a place of few words, the date, a dash.
fn is_dateline(line: &str, from: usize, after: &str) -> bool {
    let before = line.get(..from).unwrap_or_default();
    if before.len() > 60 {
        return false;
    }
    let place = super::unit::count_words(before) <= 4 && !before.contains(". ");
    let named = before
        .trim_start()
        .chars()
        .next()
        .is_none_or(|first| !first.is_lowercase());
    let next = after.trim_start().chars().next();
    place
        && named
        && (before.trim().is_empty() || before.contains([',', ':', '(', '-', '–', '—', '/']))
        && next.is_some_and(|next| "-–—:(|/•·".contains(next))
}

/// Whether a piece of line beside a date says nothing: signs, a time of day, a zone, a weekday.
fn is_noise(piece: &str) -> bool {
    const WORDS: [&str; 28] = [
        "uhr", "h", "am", "pm", "utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt", "ist", "bst", "at", "um",
        "kl", "à", "le", "el", "a", "m", "p", "г", "t", "z", "date", "datum",
    ];
    let words = piece
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.take(9).enumerate().all(|(at, word)| {
        let number = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        let clock = word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'h' | b'a' | b'p' | b'm' | b'A' | b'P' | b'M'));
        at < 8
            && (number
                || (clock && word.len() <= 6)
                || WORDS.contains(&word.to_lowercase().as_str())
                || super::calendar::weekday(word).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Role {
        let mention = super::super::dates::mentions(line)[0];
        let prose = super::super::unit::count_words(line) > 14;
        role(
            &mention,
            Place {
                line,
                start: 0,
                above: "",
                prose,
            },
        )
    }

    #[test]
    fn roles_by_their_words() {
        let cases = [
            ("Published on 11 August 2016", Role::Published),
            (
                "Originally published  on 11 August 2016,  The Courier No.12, newspaper of the Union",
                Role::Published,
            ),
            (
                "Dieser Beitrag wurde erstmals am 11. August 2016 in der Rubrik Haus veröffentlicht.",
                Role::Published,
            ),
            ("Last updated: Aug 11, 2016", Role::Modified),
            (
                "Retrieved on 11<sup>th</sup> August 2016 from example.org",
                Role::Retrieved,
            ),
            ("Abgerufen am 11.08.2016", Role::Retrieved),
            ("Thursday, 11 August 2016 10:00 CEST", Role::Stamp),
            ("By Jane Roe • August 11, 2016 • 5 min read", Role::Dateline),
            (
                "AMBRY, 11 August 2016 (ZVP) - The wards were given up on the same day that the gates came down.",
                Role::Dateline,
            ),
            (
                "The book, published on 5 May 1923 in a small town at the end of the world, was read by many who had never been there.",
                Role::Cited,
            ),
            ("Copyright © 11.08.2016 by a company", Role::Cited),
            (
                "On 11 August 2016 the families climbed down their ladders and stood on stone again for the first time.",
                Role::Cited,
            ),
        ];
        for (line, role) in cases {
            assert_eq!(of(line), role, "{line}");
        }
    }
}
