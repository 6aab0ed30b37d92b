//! The language of a text, by its script and its commonest words: enough to choose how dates and sentences are read.

use std::sync::LazyLock;

use super::{mask, word};

/// So many bytes from the start are looked at.
const SAMPLE: usize = 12_000;
/// So many common words make a language.
const ENOUGH: usize = 4;

const STOP_WORDS: &[(&str, &[&str])] = &[
    (
        "de",
        &[
            "der", "und", "die", "das", "ist", "nicht", "ein", "eine", "mit", "den", "von", "auf", "für", "dem",
            "auch", "sich",
        ],
    ),
    (
        "en",
        &[
            "the", "and", "of", "to", "is", "that", "was", "with", "for", "it", "as", "on", "by", "are", "this", "be",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "que", "en", "y", "del", "por", "una", "con", "para", "es", "se", "su", "al", "como",
        ],
    ),
    (
        "fr",
        &[
            "le", "les", "des", "et", "est", "une", "dans", "que", "qui", "du", "pour", "pas", "sur", "au", "avec",
            "ce",
        ],
    ),
    (
        "it",
        &[
            "il", "di", "che", "è", "della", "gli", "per", "non", "una", "del", "con", "sono", "alla", "nel", "anche",
            "dei",
        ],
    ),
    (
        "nl",
        &[
            "het", "een", "en", "van", "de", "niet", "dat", "op", "zijn", "voor", "met", "te", "ook", "aan", "er",
            "bij",
        ],
    ),
    (
        "pl",
        &[
            "się", "nie", "jest", "na", "w", "że", "i", "z", "do", "jak", "przez", "oraz", "po", "od", "który", "dla",
        ],
    ),
    (
        "pt",
        &[
            "o", "os", "que", "não", "uma", "em", "da", "do", "e", "com", "para", "mais", "foi", "dos", "na", "ao",
        ],
    ),
    (
        "ru",
        &[
            "и", "в", "не", "на", "что", "с", "как", "это", "по", "из", "за", "его", "для", "от", "был", "но",
        ],
    ),
];

/// The language, as a primary subtag (`en`), where script or common words tell.
pub fn language(text: &str) -> Option<&'static str> {
    let sample = super::prefix(text, SAMPLE);
    by_script(sample).or_else(|| by_stop_words(sample))
}

/// Languages that one script stands for.
fn by_script(sample: &str) -> Option<&'static str> {
    const SCRIPTS: [&str; 7] = ["ja", "ko", "zh", "ar", "th", "he", "el"];
    // A letter of these scripts has two bytes at least: with fewer of them than a third, no script has half of the letters.
    let wide = mask::count(sample.as_bytes(), |byte| byte >= 0x80);
    if wide * 3 < sample.len() {
        return None;
    }
    let mut counts = [0usize; SCRIPTS.len()];
    let mut letters = 0;
    for character in sample.chars().filter(|character| character.is_alphabetic()) {
        letters += 1;
        if let Some(script) = script_of(character) {
            counts[script] += 1;
        }
    }
    let chinese_or_japanese = counts[0] + counts[2];
    if chinese_or_japanese * 2 > letters {
        return Some(if counts[0] * 20 > chinese_or_japanese {
            "ja"
        } else {
            "zh"
        });
    }
    let most = (0..SCRIPTS.len()).max_by_key(|&script| counts[script])?;
    (counts[most] * 2 > letters).then_some(SCRIPTS[most])
}

fn script_of(character: char) -> Option<usize> {
    match character {
        '\u{3040}'..='\u{30ff}' => Some(0),
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Some(1),
        '\u{3400}'..='\u{9fff}' => Some(2),
        '\u{600}'..='\u{6ff}' => Some(3),
        '\u{e00}'..='\u{e7f}' => Some(4),
        '\u{590}'..='\u{5ff}' => Some(5),
        '\u{370}'..='\u{3ff}' => Some(6),
        _ => None,
    }
}

fn by_stop_words(sample: &str) -> Option<&'static str> {
    let mut counts = [0usize; STOP_WORDS.len()];
    let slots = &*STOP_WORD_SLOTS;
    for word in word::words(sample).filter(|word| word.end - word.start <= LONGEST) {
        let (_, mut languages) = slots[place(slots, word.hash)];
        while languages != 0 {
            counts[languages.trailing_zeros() as usize] += 1;
            languages &= languages - 1;
        }
    }
    let most = (0..counts.len()).rev().max_by_key(|&at| counts[at])?;
    (counts[most] >= ENOUGH).then_some(STOP_WORDS[most].0)
}

/// No common word is longer, in bytes.
const LONGEST: usize = 12;
/// Places for common words, by their hashes; a few times as many as there are words.
const SLOTS: usize = 1024;

/// The hash of a common word, and the languages that it is one of, as bits; none where the place is free.
type Slot = (u32, u32);

/// Where a word stands, or the free place that says that it is no common one.
fn place(slots: &[Slot; SLOTS], hash: u32) -> usize {
    let mut at = hash as usize % SLOTS;
    while slots[at].1 != 0 && slots[at].0 != hash {
        at = (at + 1) % SLOTS;
    }
    at
}

static STOP_WORD_SLOTS: LazyLock<[Slot; SLOTS]> = LazyLock::new(|| {
    let mut slots = [(0, 0); SLOTS];
    for (language, (_, words)) in STOP_WORDS.iter().enumerate() {
        for word in *words {
            let hash = word::hash(word);
            let at = place(&slots, hash);
            slots[at] = (hash, slots[at].1 | 1 << language);
        }
    }
    slots
});

/// Words that no sentence ends with, in any of the languages: articles, conjunctions, and prepositions that are nothing
/// else.
const NEVER_LAST: &[&str] = &[
    "a", "an", "and", "are", "at", "au", "aux", "because", "between", "but", "como", "con", "da", "das", "de", "degli",
    "dei", "del", "della", "delle", "dem", "den", "der", "des", "di", "dos", "du", "een", "ein", "eine", "einem",
    "einen", "einer", "eines", "el", "et", "for", "from", "für", "gli", "het", "his", "if", "into", "is", "la", "las",
    "le", "les", "los", "my", "nel", "nella", "of", "or", "oraz", "our", "para", "per", "por", "pour", "que", "qui",
    "sa", "ses", "sur", "than", "that", "the", "their", "these", "they", "to", "und", "une", "van", "voor", "was",
    "we", "were", "which", "who", "with", "your", "avec", "dans", "oder", "sowie", "zur", "zum", "beim", "и", "или",
    "на", "по", "для", "что", "из",
];

/// Whether a word cannot be the last of a sentence.
pub fn cannot_end(word: &str) -> bool {
    NEVER_LAST.contains(&word)
}

/// Languages in which names have endings for their cases.
const INFLECTED: &[&str] = &[
    "be", "bg", "bs", "cs", "de", "el", "et", "fi", "ga", "gsw", "hr", "hu", "is", "la", "lb", "lt", "lv", "mk", "nds",
    "pl", "ro", "ru", "sk", "sl", "sr", "tr", "uk",
];

/// Whether names of a language have endings for their cases.
pub fn is_inflected(language: &str) -> bool {
    INFLECTED.contains(&language)
}

/// Whether a language gives every noun a capital.
pub fn has_noun_capitals(language: &str) -> bool {
    matches!(language, "de" | "gsw" | "lb" | "nds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_languages_apart() {
        let of = language;
        assert_eq!(of("The cat is on the mat and the dog was with it."), Some("en"));
        assert_eq!(
            of("Der Hund ist nicht auf dem Dach, und die Katze auch nicht."),
            Some("de")
        );
        assert_eq!(of("Кот не на крыше, и это не то, что он видел."), Some("ru"));
        assert_eq!(of("猫は屋根の上にいる。"), Some("ja"));
        assert_eq!(of("猫在屋顶上。"), Some("zh"));
        assert_eq!(of("xyzzy"), None);
    }
}
