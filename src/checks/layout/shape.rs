//! What kind of block stands somewhere, as far as its outline tells: code, verse, prose, a heading.

use crate::text::{Block, Text, prefix};

/// A line of prose that is a whole paragraph has at least this many bytes.
const PROSE: usize = 80;
/// A line of verse, or a heading, has at most this many bytes.
const SHORT: usize = 60;

/// So many lines of a block tell what it is.
const LOOKED: usize = 40;

/// Whether half of the lines of a block are such as programs and markup have.
pub(super) fn is_code(text: &Text<'_>, block: &Block<'_>) -> bool {
    let lines = text.lines_of(block);
    let lines = &lines[..lines.len().min(LOOKED)];
    let markup = lines.len() > 2 && lines.iter().all(|line| line.text.trim_start().starts_with('<'));
    markup || lines.iter().filter(|line| is_code_line(line.text)).count() * 2 >= lines.len()
}

fn is_code_line(line: &str) -> bool {
    const BEGIN: [&str; 18] = [
        "def ", "class ", "import ", "fn ", "let ", "const ", "var ", "return ", "if (", "for (", "while (",
        "#include", "#!", "//", "/*", "<?", "<!--", "pub ",
    ];
    let bare = line.trim();
    let begins = BEGIN.iter().any(|begin| bare.starts_with(begin)) && !bare.ends_with('.');
    let ends = bare.ends_with(['{', '}', ';']) || bare.ends_with("):");
    let indented = line.starts_with("    ") || line.starts_with('\t');
    (begins && bare.contains(['(', '=', ';', '{', '<', ':', '/', '!']))
        || (ends && bare.contains(['(', ')', '=', '{', '}']))
        || (indented && bare.contains(['=', '{', '}']))
}

/// Whether a line is long enough to be a paragraph of prose.
pub(super) fn is_prose(line: &str) -> bool {
    line.trim().len() >= PROSE
}

/// Whether a line may be a heading: short, and without the mark that ends a sentence.
pub(super) fn may_be_heading(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.len() <= SHORT && !line.ends_with(['.', ',', ';', '!', ':', '"', '”', '»'])
}

/// Whether a block is several short lines.
pub(super) fn is_verse(text: &Text<'_>, block: &Block<'_>) -> bool {
    let lines = text.lines_of(block);
    lines.len() > 1 && lines.iter().take(LOOKED).all(|line| line.text.trim().len() <= SHORT)
}

/// Whether a line begins as an article, a section or an item does: `§ 5`, `3.`, `(2)`, `Article 4`.
pub(super) fn is_numbered(line: &str) -> bool {
    let line = prefix(line.trim_start(), SHORT);
    let mark = line.trim_start_matches(['(', '[', '§', ' ', '\u{A0}']);
    if !mark.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let word = mark
        .trim_start_matches(|character: char| character.is_alphabetic())
        .trim_start();
    let first = mark.split_whitespace().next().unwrap_or_default().to_lowercase();
    let named = matches!(
        first.trim_end_matches('.'),
        "article" | "art" | "artikel" | "section" | "sec" | "artículo" | "artigo" | "articolo" | "статья"
    );
    let digit = |text: &str| text.starts_with(|character: char| character.is_ascii_digit());
    digit(mark) || (named && digit(word.trim_start_matches(['.', ' ', '\u{A0}'])))
}

/// Whether a file is named as Markdown.
pub(super) fn is_markdown(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with(".md") || name.ends_with(".markdown")
}
