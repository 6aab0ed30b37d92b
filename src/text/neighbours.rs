//! What stands beside a name: the words that say what kind of thing it names, and which one.

/// The words beside a name, as far as no sign divides them from it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Neighbours<'a> {
    /// The nearest word before it, and the two before that.
    pub before: [&'a str; 3],
    /// The nearest word after it, and the one after that.
    pub after: [&'a str; 2],
}

/// The kind of thing that a word beside a name says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cue {
    /// A place: `district`, `town of`.
    Place,
    /// A person: `Mr`, `President`.
    Person,
}

/// Articles and particles inside names.
const PARTICLES: &[&str] = &[
    "al", "el", "as", "ash", "an", "ar", "at", "az", "ul", "ad", "bin", "ibn", "bint", "abu", "abd", "de", "del",
    "della", "di", "da", "dos", "du", "la", "le", "van", "der", "den", "von", "ter", "und", "y",
];

/// Words for places, in several languages; only such as are hardly ever part of another name.
const PLACES: &[&str] = &[
    "airport",
    "area",
    "bairro",
    "barrio",
    "bezirk",
    "bourg",
    "calle",
    "camp",
    "castle",
    "city",
    "ciudad",
    "comune",
    "county",
    "creek",
    "dorf",
    "district",
    "dzielnica",
    "enclave",
    "gemeinde",
    "hamlet",
    "hill",
    "island",
    "kreis",
    "lake",
    "mountain",
    "mountains",
    "municipality",
    "neighborhood",
    "neighbourhood",
    "oasis",
    "paese",
    "parish",
    "peninsula",
    "port",
    "prefecture",
    "province",
    "provincia",
    "provinz",
    "pueblo",
    "quarter",
    "quartier",
    "quartiere",
    "region",
    "river",
    "settlement",
    "stadt",
    "stadtteil",
    "suburb",
    "suburbs",
    "town",
    "township",
    "valley",
    "viertel",
    "vila",
    "village",
    "villaggio",
    "ville",
    "wijk",
    "wioska",
];

/// Titles of persons.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "president",
    "minister",
    "senator",
    "general",
    "colonel",
    "captain",
    "sheikh",
    "sheik",
    "imam",
    "king",
    "queen",
    "prince",
    "princess",
    "sir",
    "lady",
    "lord",
    "judge",
    "bishop",
    "herr",
    "frau",
    "monsieur",
    "madame",
    "señor",
    "señora",
    "signor",
    "signora",
    "pan",
    "pani",
    "chancellor",
    "premier",
    "ambassador",
    "secretary",
    "director",
    "chairman",
    "governor",
    "mayor",
    "commander",
    "sergeant",
    "lieutenant",
];

/// Words that tie a name to the word before them (`district of`).
const TIES: &[&str] = &["of", "de", "von", "di", "van", "du", "da", "do"];

/// Words that begin a sentence and are no part of the name after them.
const OPENING: &[&str] = &[
    "the", "in", "at", "on", "by", "for", "from", "to", "and", "but", "as", "with", "when", "while", "if", "after",
    "before", "our", "his", "her", "their", "its", "this", "that", "these", "those", "my", "your", "a", "an", "of",
    "is", "was", "are", "like", "or", "how", "why", "what", "who", "where", "not", "no", "new", "via", "see", "says",
    "der", "die", "das", "den", "dem", "des", "ein", "eine", "und", "mit", "von", "bei", "im", "le", "les", "la", "el",
    "los", "las", "il", "lo", "gli", "een", "het", "en", "et", "y", "e", "o",
];

impl<'a> Neighbours<'a> {
    /// Of the name that stands between two bytes.
    pub fn of(text: &'a str, start: usize, end: usize) -> Self {
        let mut neighbours = Self::default();
        let mut at = start;
        for slot in &mut neighbours.before {
            let Some(word) = before(text, at) else { break };
            (*slot, at) = (word, word.as_ptr().addr() - text.as_ptr().addr());
        }
        let mut at = end + possessive(&text[end..]);
        for slot in &mut neighbours.after {
            let Some(word) = after(text, at) else { break };
            (*slot, at) = (word, word.as_ptr().addr() - text.as_ptr().addr() + word.len());
        }
        neighbours
    }

    /// The capital words before the name that belong to it, the farthest first: its first name, or the head of a name of
    /// several words. Nothing where there are none.
    pub fn head(&self) -> Option<&'a str> {
        let particle = is(PARTICLES, self.before[0]);
        let head = if particle { self.before[1] } else { self.before[0] };
        (is_capital(head) && !is(OPENING, head) && !is(PARTICLES, head) && !is(TITLES, head)).then_some(head)
    }

    /// The capital word after the name that belongs to it.
    pub fn tail(&self) -> Option<&'a str> {
        let particle = is(PARTICLES, self.after[0]);
        let tail = if particle { self.after[1] } else { self.after[0] };
        (is_capital(tail) && !is(OPENING, tail) && !is(PARTICLES, tail)).then_some(tail)
    }

    /// What kind of thing the words beside the name say it is.
    pub fn cue(&self) -> Option<Cue> {
        let tied = if is(TIES, self.before[0]) {
            self.before[1]
        } else {
            self.before[0]
        };
        let place = is(PLACES, tied) || is(PLACES, self.after[0]);
        let person = is(TITLES, self.before[0]);
        match (place, person) {
            (true, _) => Some(Cue::Place),
            (_, true) => Some(Cue::Person),
            _ => None,
        }
    }

    /// The article that is put before a name, with what ties it (`al-`, `Al `).
    pub fn article(&self, text: &'a str, start: usize) -> Option<&'a str> {
        let article = self.before[0];
        let is_article = article.eq_ignore_ascii_case("al") || article.eq_ignore_ascii_case("el");
        let from = article.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        is_article.then(|| &text[from..start])
    }
}

/// Whether a word begins with a capital.
fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

fn is(words: &[&str], word: &str) -> bool {
    !word.is_empty() && words.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// The length of `'s` or `’s`.
fn possessive(text: &str) -> usize {
    ["'s", "’s"]
        .iter()
        .find(|mark| text.starts_with(**mark))
        .map_or(0, |mark| mark.len())
}

/// So many bytes of a word are looked at.
const LONGEST: usize = 48;

fn before(text: &str, at: usize) -> Option<&str> {
    let head = &text[..at];
    let bare = head.strip_suffix([' ', '-', '\u{a0}', '\n'])?;
    let bare = bare
        .strip_suffix('.')
        .filter(|bare| bare.ends_with(['r', 's']))
        .unwrap_or(bare);
    let length: usize = bare
        .chars()
        .rev()
        .take(LONGEST)
        .take_while(|letter| letter.is_alphanumeric())
        .map(char::len_utf8)
        .sum();
    (length > 0).then(|| &bare[bare.len() - length..])
}

fn after(text: &str, at: usize) -> Option<&str> {
    let rest = text[at..].strip_prefix([' ', '-', '\u{a0}', '\n'])?;
    let length: usize = rest
        .chars()
        .take(LONGEST)
        .take_while(|letter| letter.is_alphanumeric())
        .map(char::len_utf8)
        .sum();
    (length > 0).then(|| &rest[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(text: &'a str, name: &str) -> Neighbours<'a> {
        let start = text.find(name).expect("there");
        Neighbours::of(text, start, start + name.len())
    }

    #[test]
    fn heads_tails_and_cues() {
        let text = "Dr. Tarn of the suburb of Mossel met Ada Verrin and Wadi al-Qamh Bridge’s keeper";
        assert_eq!(of(text, "Tarn").cue(), Some(Cue::Person));
        assert_eq!(of(text, "Mossel").cue(), Some(Cue::Place));
        assert_eq!(of(text, "Verrin").head(), Some("Ada"));
        assert_eq!(of(text, "Qamh").head(), Some("Wadi"));
        assert_eq!(of(text, "Qamh").tail(), Some("Bridge"));
        assert_eq!(of(text, "Bridge").after[0], "keeper");
        let start = text.find("Qamh").expect("there");
        assert_eq!(of(text, "Qamh").article(text, start), Some("al-"));
    }
}
