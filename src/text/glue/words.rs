//! The words that tell a lost seam from a name: beginnings of sentences, and names with a capital inside.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether each word also stands inside the names of programs.
static STARTERS: LazyLock<HashMap<&'static str, bool>> = LazyLock::new(|| {
    let lines = include_str!("starters.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let lists = lines.filter_map(|line| line.split_once(':')?.1.split_once('|'));
    let mut words = HashMap::new();
    for (firm, weak) in lists {
        words.extend(weak.split_whitespace().map(|word| (word, false)));
        words.extend(firm.split_whitespace().map(|word| (word, true)));
    }
    words
});

static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("names.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Particles that names begin with: `McDonald`, `DeWitt`.
const PARTICLES: [&str; 30] = [
    "Al", "Ben", "Da", "De", "Del", "Des", "Di", "Dos", "Du", "El", "Fitz", "La", "Le", "Li", "Lo", "Mac", "Mc", "Ni",
    "O", "O'", "O’", "San", "St", "Te", "Van", "Vande", "Vander", "Ver", "Von", "d’",
];

/// The longest of these words has fewer bytes.
const LONGEST: usize = 32;

/// Whether a capitalised word is one that sentences begin with.
pub fn begins_sentence(word: &str) -> bool {
    starter(word).is_some()
}

/// Whether it is one that stands in no name: an article, a pronoun, a question word.
pub fn begins_firmly(word: &str) -> bool {
    starter(word).unwrap_or(false)
}

fn starter(word: &str) -> Option<bool> {
    if word.len() > LONGEST || word.chars().skip(1).any(char::is_uppercase) {
        return None;
    }
    STARTERS.get(&*word.to_lowercase()).copied()
}

/// Whether it is a name with a capital inside that many texts mention.
pub(super) fn is_name(word: &str) -> bool {
    word.len() <= LONGEST && NAMES.contains(word)
}

/// Whether names begin so.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_kinds() {
        assert!(begins_firmly("The") && begins_firmly("Wie") && begins_firmly("Это"));
        assert!(begins_sentence("Get") && !begins_firmly("Get"));
        assert!(!begins_sentence("THE") && !begins_sentence("Mill"));
        assert!(is_name("LinkedIn") && !is_name("HomeAbout"));
    }
}
