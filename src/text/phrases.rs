//! Lists of the labels that web pages set around a text; whole lines, by language.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

/// A longer line is no label.
const LONGEST: usize = 160;

const LISTS: [(&str, &str); 12] = [
    ("ar", include_str!("phrases/ar.txt")),
    ("de", include_str!("phrases/de.txt")),
    ("en", include_str!("phrases/en.txt")),
    ("es", include_str!("phrases/es.txt")),
    ("fr", include_str!("phrases/fr.txt")),
    ("it", include_str!("phrases/it.txt")),
    ("ja", include_str!("phrases/ja.txt")),
    ("nl", include_str!("phrases/nl.txt")),
    ("pl", include_str!("phrases/pl.txt")),
    ("pt", include_str!("phrases/pt.txt")),
    ("ru", include_str!("phrases/ru.txt")),
    ("zh", include_str!("phrases/zh.txt")),
];

static LABELS: LazyLock<HashMap<String, Vec<Label>>> = LazyLock::new(|| {
    let mut labels = HashMap::new();
    LISTS
        .iter()
        .for_each(|(language, list)| read(language, list, &mut labels));
    labels
});

/// What a list says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it is for: `share`, `advertisement`, `navigation`, `teaser`, `comments`, `newsletter`, `consent`, `paywall`, `continuation`.
    pub class: &'static str,
    /// Whether it is a word that may as well stand over a chapter.
    pub weak: bool,
    /// The language of the list.
    pub language: &'static str,
}

impl Label {
    /// Whether a text of that language may have it.
    fn fits(&self, language: Option<&str>) -> bool {
        language.is_none_or(|language| self.language == language || self.language == "en")
    }

    /// Whether it says that the text is not whole, which is a matter of its own.
    fn is_of_end(&self) -> bool {
        matches!(self.class, "paywall" | "continuation")
    }
}

/// Whether the lists have a line in one class, whatever else it may be.
pub fn is_of_class(line: &str, class: &str, language: Option<&str>) -> bool {
    if line.is_empty() || line.len() > LONGEST {
        return false;
    }
    let labels = LABELS.get(&plain(line)).map_or(&[][..], Vec::as_slice);
    labels.iter().any(|label| label.class == class && label.fits(language))
}

/// What the lists say of a line, and how it reads without case and punctuation. A text of a language that is on record is
/// compared with that language and with English, which stands on pages of every language.
pub fn label(line: &str, language: Option<&str>) -> Option<(String, Label)> {
    let line = line.trim();
    let quoted = line.starts_with(['"', '“', '„', '«', '‘', '\'', '»', '‚']);
    if line.is_empty() || line.len() > LONGEST || quoted {
        return None;
    }
    let plain = plain(line);
    let fits = |label: &&Label| !label.is_of_end() && label.fits(language);
    let label = *LABELS.get(&plain)?.iter().find(fits)?;
    let exclaimed = line.ends_with(['?', '!']) && !plain.contains(' ');
    (!exclaimed).then_some((plain, label))
}

/// Lower case, NFKC, words with one space between them, numbers as `<n>`.
fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut last = ' ';
    for character in line.nfkc().flat_map(char::to_lowercase) {
        let kind = match character {
            '\'' | '’' => continue,
            digit if digit.is_numeric() => '#',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        };
        if !(kind == last && matches!(kind, ' ' | '#')) {
            plain.push(kind);
        }
        last = kind;
    }
    plain.trim_end().to_owned()
}

/// Reads a list: headers give the class, every other line is a pattern.
fn read(language: &'static str, list: &'static str, labels: &mut HashMap<String, Vec<Label>>) {
    let mut label = Label {
        class: "",
        weak: false,
        language,
    };
    for line in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.strip_prefix('#').map(str::trim) {
            None => forms(line)
                .into_iter()
                .for_each(|form| labels.entry(form).or_default().push(label)),
            Some(note) => {
                let Some(class) = note.strip_prefix("class:") else {
                    continue;
                };
                label.class = class.split_whitespace().next().unwrap_or_default();
                label.weak = class.split_whitespace().nth(1) == Some("weak");
            }
        }
    }
}

/// Every line that a pattern stands for. A group inside a group is not cut at its bars but read in its turn.
fn forms(pattern: &str) -> Vec<String> {
    let Some((before, group, after)) = group(pattern) else {
        return vec![plain(&pattern.replace("<n>", "0"))];
    };
    let (optional, after) = match after.strip_prefix('?') {
        Some(after) => (true, after),
        None => (false, after),
    };
    let mut choices = alternatives(group);
    if optional {
        choices.push("");
    }
    choices
        .into_iter()
        .flat_map(|choice| forms(&format!("{before}{choice}{after}")))
        .collect()
}

/// The first group of a pattern: what stands before it, in it, and after it.
fn group(pattern: &str) -> Option<(&str, &str, &str)> {
    let open = pattern.find('(')?;
    let mut depth = 0usize;
    for (at, character) in pattern.char_indices().skip_while(|&(at, _)| at < open) {
        match character {
            '(' => depth += 1,
            ')' if depth == 1 => return Some((&pattern[..open], &pattern[open + 1..at], &pattern[at + 1..])),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The alternatives of a group, at its own bars.
fn alternatives(group: &str) -> Vec<&str> {
    let mut depth = 0usize;
    let outer = |character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == '|' && depth == 0
    };
    group.split(outer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_lines() {
        assert_eq!(
            forms("see (our|all (our)?) <n> mills"),
            ["see our # mills", "see all our # mills", "see all # mills"]
        );
        assert_eq!(plain("  Today’s — TOP\u{A0}10! "), "todays top #");
    }

    #[test]
    fn lists_are_sound() {
        let classes = [
            "share",
            "advertisement",
            "navigation",
            "teaser",
            "comments",
            "newsletter",
            "consent",
            "paywall",
            "continuation",
        ];
        for (language, list) in LISTS {
            let mut labels = HashMap::new();
            read(language, list, &mut labels);
            assert!(
                labels.values().flatten().all(|label| classes.contains(&label.class)),
                "{language}"
            );
            assert!(!labels.contains_key(""), "{language} has a pattern of nothing");
            let odd = labels
                .keys()
                .find(|form| form.contains(['(', ')', '|', '?']) || form.len() > LONGEST);
            assert_eq!(odd, None, "{language}");
        }
    }

    #[test]
    fn a_language_on_record_narrows_the_lists() {
        assert!(label("Teilen", Some("de")).is_some() && label("Teilen", None).is_some());
        assert!(label("Teilen", Some("fr")).is_none() && label("Share", Some("fr")).is_some());
        assert!(
            label("“Share”", None).is_none()
                && label("Share?", None).is_none()
                && label("Share of the mill", None).is_none()
        );
    }
}
