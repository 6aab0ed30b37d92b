//! What of a page of HTML is read: its text without its tags, to compare words. It is no parser, and needs none: words are what stands
//! outside of tags, and a tag that begins a block parts words.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use crate::text::entity;

/// Elements whose text nobody reads.
const UNREAD: [&str; 4] = ["script", "style", "template", "noscript"];
/// Elements that stand inside of words and sentences, and part nothing.
const INLINE: [&str; 28] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];
/// A page says its encoding within so many bytes.
const HEAD: usize = 4 << 10;

/// The characters of a page. `told` is the encoding that came with it.
pub fn characters<'a>(bytes: &'a [u8], told: Option<&str>) -> Cow<'a, str> {
    let told = told.and_then(|name| Encoding::for_label(name.as_bytes()));
    let encoding = told
        .or_else(|| declared(&bytes[..bytes.len().min(HEAD)]))
        .unwrap_or(UTF_8);
    encoding.decode(bytes).0
}

/// The encoding that a page declares in its head.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset")?;
    let value = rest
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c));
    Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])
}

/// The text of a page without its tags, comments, scripts and styles.
pub fn text(page: &str) -> String {
    let mut text = String::with_capacity(page.len() / 2);
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        references(&rest[..at], &mut text);
        rest = tag(&rest[at..], &mut text);
    }
    references(rest, &mut text);
    text
}

/// Passes over what begins with `<`.
fn tag<'a>(rest: &'a str, text: &mut String) -> &'a str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    let inside = rest[1..].trim_start_matches('/');
    let end = inside
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inside.len());
    let name = inside[..end].to_ascii_lowercase();
    let begins = inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?'));
    if !begins {
        text.push('<');
        return &rest[1..];
    }
    if !INLINE.contains(&name.as_str()) {
        text.push('\n');
    }
    let behind = behind_tag(rest);
    let opens = !rest.starts_with("</") && UNREAD.contains(&name.as_str());
    if opens { behind_element(behind, &name) } else { behind }
}

/// Behind the `>` of a tag; one in quotes ends none.
fn behind_tag(rest: &str) -> &str {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &rest[at + 1..],
            (None, b'"' | b'\'') if at > 0 && rest.as_bytes()[..at].trim_ascii_end().ends_with(b"=") => {
                quote = Some(byte)
            }
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    ""
}

/// At the tag that closes an element.
fn behind_element<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = rest[at..].find("</") {
        at += found;
        let tail = &rest.as_bytes()[at + 2..];
        if tail.len() >= name.len() && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return &rest[at..];
        }
        at += 2;
    }
    ""
}

/// A longer name stands for no character.
const LONGEST_NAME: usize = 12;

/// Text with its character references undone.
fn references(piece: &str, into: &mut String) {
    let mut rest = piece;
    while let Some(at) = rest.find('&') {
        into.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().take(LONGEST_NAME).position(|byte| byte == b';');
        let meant = end.and_then(|end| Some((end, entity::meaning(rest.get(..end)?)?)));
        match meant {
            Some((end, meant)) => {
                into.push_str(&meant);
                rest = &rest[end + 1..];
            }
            None => into.push('&'),
        }
    }
    into.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(page: &str) -> String {
        text(page).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_what_is_read() {
        let page = "<!DOCTYPE html><html><head><title>The mill</title><style>p {color: red}</style></head>\
            <body onload=\"if (a > b) { }\"><!-- a > b --><script>var a = '<p>no</p>';</script>\
            <p>The <b>w</b>heel stood<br>still &amp; the caf&eacute; &lt; 3 &#8211; closed.</p><li>one</li><li>two</li>";
        assert_eq!(
            words(page),
            "The mill The wheel stood still & the café < 3 – closed. one two"
        );
    }

    #[test]
    fn what_is_broken_ends() {
        for (page, want) in [
            ("a <p", "a"),
            ("a <!-- b", "a"),
            ("a <script> b", "a"),
            ("1 < 2 & 3 &nosuch; &", "1 < 2 & 3 &nosuch; &"),
            ("<a title=\"x", ""),
            ("</", "<"),
            ("", ""),
        ] {
            assert_eq!(words(page).trim_end_matches('/').trim_end(), want, "{page}");
        }
    }

    #[test]
    fn characters_of_any_encoding() {
        assert_eq!(characters(b"caf\xE9", Some("iso-8859-1")), "café");
        assert_eq!(
            characters(b"<meta charset='windows-1252'>caf\xE9", None),
            "<meta charset='windows-1252'>café"
        );
        assert_eq!(characters("café".as_bytes(), None), "café");
    }
}
