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
    /// The date, or the year of it, for which somebody claims the copyright.
    Copyright,
    /// In running prose, in brackets, in a reference.
    Cited,
}

impl Role {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Modified => "modified",
            Self::Retrieved => "retrieved",
            Self::Stamp => "stamp",
            Self::Dateline => "dateline",
            Self::Copyright => "copyright",
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
    "publikováno",
    "vydáno",
    "zveřejněno",
    "publikované",
    "zverejnené",
    "objavljeno",
    "objavljen",
    "objavljena",
    "yayınlanma",
    "yayımlanma",
    "yayınlandı",
    "közzétéve",
    "megjelent",
    "publicat",
    "publicată",
    "δημοσίευση",
    "δημοσιεύτηκε",
    "опубліковано",
    "публикувана",
    "публикувано",
    "размещено",
    "размещена",
    "опубликованный",
    "publicerades",
    "lagt",
    "julkaistiin",
    "avaldatud",
    "publikuotas",
    "publicēts",
    "publikasi",
    "terbit",
    "diterbitkan",
    "veröffentlichte",
    "online-datum",
    "publish",
    "submitted",
    "premiered",
    "aired",
    "uploaded",
    "pubblicate",
    "pubblicati",
    "publié-e",
    "veröffentlichten",
    "publiceringsdatum",
    "publicatiedatum",
    "verschenen",
    "publicación:",
    "publicados",
    "publicados",
    "publié(e)",
    "utworzono",
    "napisany",
    "datahora",
    "entrada",
    "criado",
    "criada",
    "creado",
    "creada",
    "créé",
    "créée",
    "eingestellt",
    "onlinegestellt",
    "pubdate",
    "نُشر",
    "نشر",
    "النشر",
    "نشرت",
    "منشور",
    "الإضافة",
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
    "aktualizováno",
    "aktualizované",
    "ažurirano",
    "güncelleme",
    "güncellendi",
    "güncellenme",
    "frissítve",
    "actualizat",
    "actualizată",
    "ενημέρωση",
    "оновлено",
    "обновлена",
    "обновлен",
    "обновление",
    "изменена",
    "изменён",
    "изменен",
    "päivitettiin",
    "uuendatud",
    "bearbeitet",
    "editiert",
    "letzte",
    "modificato",
    "editado",
    "editada",
    "redigerad",
    "senast",
    "ändrad",
    "ändrat",
    "changed",
    "amended",
    "endret",
    "sist",
    "diperbarui",
    "تحديث",
    "التحديث",
    "آخر",
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
    "citováno",
    "cit",
    "dostupno",
    "letöltve",
    "erişim",
    "zuletzt-abgerufen",
    "opgehaald",
    "läst",
    "lest",
    "luettu",
    "raadpleegd",
    "accédé",
    "accesado",
    "diakses",
    "просмотрено",
    "извлечено",
];
/// What makes a date that of a copyright.
const COPYRIGHT: &[&str] = &["©", "ⓒ", "copyright", "copyrights"];
/// What makes a date one of something else: an event, a deadline, a birth.
const OTHER: &[&str] = &[
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
    "end",
    "effective",
    "due",
    "event",
    "before",
    "after",
    "expected",
    "version",
    "depuis",
    "desde",
    "mitglied",
    "member",
    "ab",
    "till",
    "through",
    "expiring",
    "valid",
    "gültig",
    "valable",
    "válido",
    "valido",
    "release",
    "releasedate",
    "erscheinungstermin",
    "veröffentlichungstermin",
    "termin",
    "termine",
    "wann",
    "when",
    "birthday",
    "geburtstag",
    "date-of-birth",
    "naissance",
    "nacimiento",
    "nascita",
    "urodzony",
    "ur",
    "умер",
    "род",
    "родился",
    "beigetreten",
    "inscrit",
    "registrado",
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
    "deze pagina",
    "diese seite",
    "cette page",
    "esta página",
    "questa pagina",
    "ta strona",
    "эта страница",
    "эта статья",
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
    let label = words <= LABEL_WORDS && (!place.prose || !super::unit::ends_sentence(place.line));
    let said = cue(before)
        .or_else(|| is_noise(before).then(|| cue_above(place.above)).flatten())
        .or_else(|| cue_after(before, after));
    match said {
        Some(said @ (Role::Retrieved | Role::Copyright)) => said,
        Some(said) if label || speaks_of_itself(before) || starts_line(from, before) => said,
        Some(_) => Role::Cited,
        None if bare => Role::Stamp,
        None if is_dateline(place.line, from, after) => Role::Dateline,
        None if in_brackets(before, after) => Role::Cited,
        None if label => Role::Dateline,
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
    let sentence = before.rsplit(['!', '?', ';', '|', '•', '·', '/', '⋅']).next()?;
    let sentence = sentence.rsplit(". ").next()?;
    let signed = |character: char| character.is_alphabetic() || matches!(character, '©' | 'ⓒ');
    let mut words = sentence
        .rsplit(|character: char| !signed(character))
        .filter(|word| !word.is_empty());
    let near = words.by_ref().take(REACH + 1).find_map(of_word);
    near.or_else(|| dense_cue(sentence))
}

/// A cue in a script without spaces, within a few characters before the date.
fn dense_cue(sentence: &str) -> Option<Role> {
    let tail = sentence
        .char_indices()
        .rev()
        .take(12)
        .last()
        .map_or("", |(at, _)| &sentence[at..]);
    let dense = tail.chars().any(|character| character >= '\u{3000}');
    let (_, role) = DENSE.iter().filter(|_| dense).find(|(cue, _)| tail.contains(cue))?;
    Some(*role)
}

/// Cues of Chinese, Japanese and Korean; the first that fits counts.
const DENSE: &[(&str, Role)] = &[
    ("更新", Role::Modified),
    ("修改", Role::Modified),
    ("最終", Role::Modified),
    ("수정", Role::Modified),
    ("업데이트", Role::Modified),
    ("访问", Role::Retrieved),
    ("閲覧", Role::Retrieved),
    ("引用", Role::Retrieved),
    ("发布", Role::Published),
    ("發布", Role::Published),
    ("發佈", Role::Published),
    ("发表", Role::Published),
    ("發表", Role::Published),
    ("公開", Role::Published),
    ("投稿", Role::Published),
    ("掲載", Role::Published),
    ("配信", Role::Published),
    ("入力", Role::Published),
    ("입력", Role::Published),
    ("등록", Role::Published),
    ("게시", Role::Published),
    ("작성", Role::Published),
    ("生まれ", Role::Cited),
    ("出生", Role::Cited),
];

/// All cues in one sorted list: a table may hold a million dates.
static CUES: LazyLock<Vec<(&str, Role)>> = LazyLock::new(|| {
    let lists = [
        (PUBLISHED, Role::Published),
        (MODIFIED, Role::Modified),
        (RETRIEVED, Role::Retrieved),
        (COPYRIGHT, Role::Copyright),
        (OTHER, Role::Cited),
    ];
    let mut cues: Vec<_> = lists
        .iter()
        .flat_map(|(list, role)| list.iter().map(|word| (*word, *role)))
        .collect();
    cues.sort_by_key(|(word, _)| *word);
    cues.dedup_by_key(|(word, _)| *word);
    cues
});

fn of_word(word: &str) -> Option<Role> {
    let mut buffer = [0; super::calendar::ROOM];
    let lower = super::calendar::lower(word, &mut buffer)?;
    let at = CUES.binary_search_by(|(cue, _)| (*cue).cmp(lower)).ok()?;
    Some(CUES[at].1)
}

/// A label of its own line above the date: `Published`.
fn cue_above(above: &str) -> Option<Role> {
    let above = above.trim();
    let label = above.len() <= 48 && super::unit::count_words(above) <= 4;
    let said = label.then(|| cue(above)).flatten()?;
    (!matches!(said, Role::Cited | Role::Copyright)).then_some(said)
}

/// A verb that follows its date, where the text speaks of itself: `wurde am 25. März 2020 in Wien veröffentlicht`.
fn cue_after(before: &str, after: &str) -> Option<Role> {
    if !speaks_of_itself(before) {
        return None;
    }
    let sentence = super::prefix(after, 120).split(". ").next()?.to_lowercase();
    let mut words = sentence.split(|character: char| !character.is_alphabetic());
    words
        .find_map(of_word)
        .filter(|role| matches!(role, Role::Published | Role::Modified))
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
    let begins = before.trim().is_empty();
    let signed = begins || before.contains([',', ':', '(', '-', '–', '—', '/']) || next == Some('|');
    let closes = next == Some(')') && before.ends_with('(');
    let parted = next.is_some_and(|next| "-–—:(|/•·".contains(next)) || (begins && after.starts_with(". "));
    place && named && signed && (parted || closes)
}

/// Whether a piece of line beside a date says nothing: signs, a time of day, a zone, a weekday.
fn is_noise(piece: &str) -> bool {
    const WORDS: [&str; 52] = [
        "uhr", "h", "am", "pm", "utc", "gmt", "cet", "cest", "est", "edt", "pst", "pdt", "ist", "bst", "at", "um",
        "kl", "à", "le", "el", "a", "m", "p", "г", "t", "z", "date", "datum", "et", "mst", "mdt", "cst", "cdt", "pt",
        "on", "hrs", "hs", "às", "as", "alle", "ore", "las", "den", "data", "fecha", "klo", "в", "م", "ص", "the",
        "dnia", "godz",
    ];
    let is_word = |word: &str| {
        let mut buffer = [0; super::calendar::ROOM];
        super::calendar::lower(word, &mut buffer).is_some_and(|lower| WORDS.contains(&lower))
    };
    let words = piece
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.take(9).enumerate().all(|(at, word)| {
        let number = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        let clock = word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'h' | b'a' | b'p' | b'm' | b'A' | b'P' | b'M'));
        at < 8 && (number || (clock && word.len() <= 6) || is_word(word) || super::calendar::weekday(word).is_some())
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
            ("Copyright © 11.08.2016 by a company", Role::Copyright),
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
