//! Names whose Arabic article is written in several ways (`al-Qamh`, `Al Qamh`).

use std::cmp::Reverse;

use super::spellings::{Cluster, Difference, Ground, LOOKED_AT, SEARCHED, Spelling, is_whole};

/// So many names with an article are looked at.
const ARTICLES: usize = 32;

/// Names whose article is tied on by a hyphen in one place and not in another, or written with a capital.
pub fn articles(text: &str) -> Vec<Cluster> {
    let text = super::prefix(text, SEARCHED);
    let mut seen: Vec<&str> = Vec::new();
    let mut clusters = Vec::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), "l-") {
        let Some(name) = tied_name(text, at).filter(|name| !seen.contains(name)) else {
            continue;
        };
        seen.push(name);
        clusters.extend(article_forms(text, name));
        if seen.len() >= ARTICLES {
            break;
        }
    }
    clusters
}

/// The name after `al-`, where that is what stands here.
fn tied_name(text: &str, at: usize) -> Option<&str> {
    let before = text[..at].strip_suffix(['a', 'A', 'e', 'E'])?;
    if before.ends_with(char::is_alphanumeric) || before.ends_with(['-', '.']) {
        return None;
    }
    let name = &text[at + 2..];
    let length = name
        .find(|letter: char| !letter.is_alphanumeric())
        .unwrap_or(name.len());
    let name = &name[..length];
    (length > 2 && name.starts_with(char::is_uppercase)).then_some(name)
}

/// The ways in which the article stands before a name, in one cluster where there are several.
fn article_forms(text: &str, name: &str) -> Option<Cluster> {
    let mut spellings: Vec<Spelling> = Vec::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), name).take(LOOKED_AT * 4) {
        let Some(start) = article_start(text, at).filter(|_| is_whole(text, at, name.len())) else {
            continue;
        };
        let word = &text[start..at + name.len()];
        match spellings.iter_mut().find(|spelling| spelling.word == word) {
            Some(spelling) => spelling.count += 1,
            None => spellings.push(Spelling {
                word: word.to_owned(),
                start,
                end: at + name.len(),
                count: 1,
            }),
        }
    }
    spellings.sort_by_key(|spelling| (Reverse(spelling.count), spelling.start));
    (spellings.len() > 1).then_some(Cluster {
        spellings,
        difference: Difference::Article,
        ground: Ground::Head,
    })
}

/// Where the article before a name begins; not where its capital may be owed to the sentence that it begins.
fn article_start(text: &str, at: usize) -> Option<usize> {
    let bare = text[..at].strip_suffix([' ', '-'])?;
    let before = ["al", "Al", "el", "El"]
        .iter()
        .find_map(|article| bare.strip_suffix(article))?;
    let inside = before.ends_with([' ', '(', '/']);
    let last = before.trim_end().chars().next_back();
    let opens = last.is_none_or(|last| super::unit::is_end_mark(last) || "\n:“\"".contains(last));
    (inside && !opens && !before.trim_end_matches(' ').ends_with('\n')).then_some(before.len())
}
