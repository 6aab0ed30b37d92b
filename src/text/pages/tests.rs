use std::fmt::Write as _;

use super::*;
use crate::source::Source;

/// Pages of forty lines with a foot and a head, made by `edge`.
fn book(pages: usize, low: bool, edge: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for page in 1..=pages {
        for line in 0..40 {
            let word = if low || line > 0 { "the" } else { "The" };
            writeln!(
                text,
                "{word} river went on below the mill and past it, {}",
                "on ".repeat(line % 3)
            )
            .expect("written");
        }
        text.push_str(&edge(page));
    }
    text
}

fn breaks(text: &str) -> Vec<(usize, usize)> {
    let source = Source::new("a", text.as_bytes().to_vec());
    let text = Text::new(&source).expect("text");
    page_breaks(&text).iter().map(|one| (one.first, one.last)).collect()
}

#[test]
fn heads_and_feet() {
    let text = book(4, false, |page| {
        format!(
            "\n\nA. Miller                           [Page {page}]\n\nThe River                          May 1999\n\n"
        )
    });
    assert_eq!(breaks(&text), [(42, 44), (88, 90), (134, 136), (180, 182)]);
}

#[test]
fn numbers_in_sentences() {
    let text = book(6, true, |page| format!("\n{page}\n\n"));
    assert_eq!(breaks(&text).len(), 6);
}

#[test]
fn sonnets_are_no_pages() {
    let text = book(20, false, |page| format!("\n{page}\n\n").replace('\n', "\n"))
        .replace("on \n", "on.\n")
        .replace(", \n", ".\n");
    assert_eq!(breaks(&text), []);
}

#[test]
fn left_and_right_heads() {
    let text = book(8, true, |page| {
        if page % 2 == 0 {
            format!("\n\n{page}   THE RIVER\n\n")
        } else {
            format!("\n\nTHE MILL   {page}\n\n")
        }
    });
    assert_eq!(breaks(&text).len(), 8);
}

#[test]
fn articles_are_no_pages() {
    let text = book(12, false, |page| format!("\nArticle {page}\n\n"))
        .replace("on \n", "on.\n")
        .replace(", \n", ".\n");
    assert_eq!(breaks(&text), []);
}
