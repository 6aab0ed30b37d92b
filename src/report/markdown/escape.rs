//! Foreign text in Markdown: it can neither leave its cell or its fence, nor name a person, nor become a link.

use std::fmt::Write as _;

use crate::report::cleanup::{Piece, is_web, pieces, said};

/// What means something inside a line.
const SPECIAL: &str = "\\`*_[]<>|~&$#";

/// Text within a line, or within a cell of a table. What a host would turn into a link or a mention becomes a code span.
pub(super) fn inline(text: &str) -> String {
    let text = text.trim();
    if ["@", "://", "www."].iter().any(|sign| text.contains(sign)) {
        return code(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for (index, c) in text.char_indices() {
        let begins = index == 0 && matches!(c, '-' | '+' | '=' | '!' | ':');
        if SPECIAL.contains(c) || begins {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// A code span that holds in a cell of a table too: where a bar or a backslash would end the cell, it is written as markup.
pub(super) fn code(text: &str) -> String {
    if text.contains(['|', '\\']) {
        return format!("<code>{}</code>", entities(text));
    }
    let ticks = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Every sign of ASCII as an entity.
fn entities(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            // Writing to a string cannot fail.
            _ = write!(safe, "&#{};", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// How many backticks stand in a row at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A message of ours, with what it quotes in code spans.
pub(super) fn message(text: &str) -> String {
    let text = said(text);
    let mut safe = String::new();
    for piece in pieces(&text) {
        match piece {
            Piece::Words(words) => {
                let lead = &words[..words.len() - words.trim_start().len()];
                let tail = &words[words.trim_end().len()..];
                safe.extend([lead, &inline(words), if words.trim().is_empty() { "" } else { tail }]);
            }
            Piece::Code(words) => safe.push_str(&code(words)),
        }
    }
    safe
}

/// Lines in a fence that none of them can close.
pub(super) fn fence(kind: &str, lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let ticks = "`".repeat((longest + 1).max(3));
    format!("{ticks}{kind}\n{}\n{ticks}\n", lines.join("\n"))
}

/// A link where the address may be one, else its words alone.
pub(super) fn link(words: &str, url: &str) -> String {
    if !is_web(url) {
        return inline(words);
    }
    let mut target = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'+,;=%".contains(&byte) {
            target.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            _ = write!(target, "%{byte:02X}");
        }
    }
    format!("[{}]({target})", inline(words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;
    use crate::report::printable;

    #[test]
    fn what_means_something_is_escaped() {
        assert_eq!(inline("a *b* <i>|"), "a \\*b\\* \\<i\\>\\|");
        assert_eq!(inline("ask @somebody"), "`ask @somebody`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("a|b"), "<code>a&#124;b</code>");
        assert_eq!(message("two `on *in*` stand"), "two `on *in*` stand");
        assert_eq!(link("a", "javascript:x"), "a");
        assert_eq!(
            link("a]b", "https://x.example/(b)|c"),
            "[a\\]b](https://x.example/%28b%29%7Cc)"
        );
        assert_eq!(fence("text", &["````".to_owned()]), "`````text\n````\n`````\n");
    }

    /// What a reader sees of Markdown, and how many cells and blocks of code it has; no markup but that of code is let pass.
    fn seen(markdown: &str) -> (String, usize, usize) {
        let (mut text, mut cells, mut blocks) = (String::new(), 0, 0);
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
                Event::Start(Tag::TableCell) => cells += 1,
                Event::End(TagEnd::TableCell) => text.push('\n'),
                Event::Start(Tag::CodeBlock(_)) => blocks += 1,
                Event::InlineHtml(tag) if matches!(&*tag, "<code>" | "</code>") => {}
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::Paragraph) | Event::End(_) => {}
                other => panic!("{markdown:?} holds {other:?}"),
            }
        }
        (text, cells, blocks)
    }

    proptest! {
        #[test]
        fn nothing_leaves_its_cell(text in "[-|\\\\`*_<>&#@$~! \\[\\]()a:/.w]{0,24}") {
            let text = printable(&text).trim().to_owned();
            for shown in [inline(&text), code(&text)] {
                let (seen, cells, _) = seen(&format!("| a | b |\n|---|---|\n| x{shown} | y |\n"));
                prop_assert_eq!(cells, 4);
                let own: String = seen.lines().nth(2).unwrap_or_default().split_whitespace().collect();
                let wanted: String = format!("x{text}").split_whitespace().collect();
                prop_assert_eq!(own, wanted);
            }
        }

        #[test]
        fn nothing_leaves_its_fence(text in "[`~<>a\n ]{0,40}") {
            let lines: Vec<String> = text.split('\n').map(|line| printable(line).into_owned()).collect();
            let (seen, _, blocks) = seen(&fence("text", &lines));
            prop_assert_eq!(blocks, 1);
            prop_assert_eq!(seen.trim_end_matches('\n'), text.trim_end_matches('\n'));
        }
    }
}
