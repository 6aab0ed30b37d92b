//! Tags and comments of HTML in a line, told from everything else that has a `<`.

use std::borrow::Cow;

use memchr::memmem;

use crate::finding::Safety;
use crate::text::prefix;

/// A tag reaches at most so many bytes.
const REACH: usize = 400;
/// A comment reaches at most so many bytes.
const COMMENT: usize = 4_000;
/// So many pieces of one line are looked at.
const PIECES: usize = 1_000;

/// Elements that only change the look of words.
const INLINE: [&str; 16] = [
    "b", "big", "em", "font", "i", "mark", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "ins",
];
/// Elements whose names no one writes between angle brackets but in HTML.
const PLAIN: [&str; 32] = [
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "iframe",
    "img",
    "li",
    "nbsp",
    "noscript",
    "ol",
    "span",
    "strong",
    "sub",
    "sup",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Elements whose names are words or single letters: they need an attribute or a counterpart.
const WORDS: [&str; 30] = [
    "a", "abbr", "article", "aside", "b", "big", "body", "center", "cite", "code", "figure", "footer", "form",
    "header", "i", "input", "ins", "main", "mark", "nav", "p", "pre", "q", "s", "script", "section", "small", "style",
    "table", "u",
];
/// A tag, a comment or a character reference.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// Its first byte in the line.
    pub(super) at: usize,
    /// What stands there.
    pub(super) text: &'a str,
    /// What should stand there.
    pub(super) replacement: String,
    /// Whether that says the same.
    pub(super) safety: Safety,
}

/// A tag that may be one.
struct Tag<'a> {
    at: usize,
    text: &'a str,
    name: Cow<'a, str>,
    closing: bool,
    attributes: bool,
}

/// Every tag and comment of a line, in order.
pub(super) fn pieces(line: &str) -> Vec<Piece<'_>> {
    let tags: Vec<Tag<'_>> = memchr::memchr_iter(b'<', line.as_bytes())
        .filter_map(|at| tag(line, at))
        .take(PIECES)
        .collect();
    let names = |closing: bool| -> Vec<&str> {
        let mut names: Vec<&str> = tags
            .iter()
            .filter(|tag| tag.closing == closing)
            .map(|tag| &*tag.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let (opened, closed) = (names(false), names(true));
    let sure = |tag: &&Tag<'_>| {
        let counterparts = if tag.closing { &opened } else { &closed };
        PLAIN.contains(&&*tag.name) || tag.attributes || counterparts.contains(&&*tag.name)
    };
    let mut pieces: Vec<Piece<'_>> = tags.iter().filter(sure).map(|tag| tag.piece(line)).collect();
    let comments = memmem::find_iter(line.as_bytes(), b"<!").filter_map(|at| comment(line, at));
    pieces.extend(comments.take(PIECES));
    pieces.sort_by_key(|piece| piece.at);
    pieces.dedup_by(|later, earlier| later.at < earlier.at + earlier.text.len());
    pieces
}

/// The tag that begins at a `<`, if it is one of an element that is known. Between backquotes it is spoken of.
fn tag(line: &str, at: usize) -> Option<Tag<'_>> {
    let rest = &line.as_bytes()[at..line.len().min(at + REACH)];
    let end = memchr::memchr2(b'>', b'<', &rest[1..])
        .map(|end| end + 1)
        .filter(|&end| rest[end] == b'>')?;
    let text = line.get(at..=at + end)?;
    let within = &text[1..text.len() - 1];
    let bare = within.strip_prefix('/').unwrap_or(within);
    let length = bare
        .find(|character: char| !character.is_ascii_alphanumeric())
        .unwrap_or(bare.len());
    let (name, attributes) = bare.split_at(length);
    let name = name.to_ascii_lowercase();
    let known = PLAIN.contains(&&*name) || WORDS.contains(&&*name);
    let quoted = is_spoken_of(line, at, text);
    let trimmed = attributes.trim().trim_end_matches('/').trim();
    let sound = trimmed.is_empty() || (attributes.starts_with(' ') && trimmed.contains('='));
    (known && !quoted && sound).then(|| Tag {
        at,
        text,
        name: name.into(),
        closing: bare.len() < within.len(),
        attributes: !trimmed.is_empty(),
    })
}

impl<'a> Tag<'a> {
    fn piece(&self, line: &'a str) -> Piece<'a> {
        let before = line[..self.at].chars().next_back();
        let after = line[self.at + self.text.len()..].chars().next();
        let inline = INLINE.contains(&&*self.name);
        let digit = |beside: Option<char>| beside.is_some_and(|beside| !beside.is_alphabetic());
        let raised = matches!(&*self.name, "sup" | "sub") && digit(if self.closing { before } else { after });
        let word = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
        let gap = !inline && word(before) && word(after);
        Piece {
            at: self.at,
            text: self.text,
            replacement: if gap { " ".to_owned() } else { String::new() },
            safety: if inline && !raised {
                Safety::Safe
            } else {
                Safety::Unsafe
            },
        }
    }
}

/// The comment or the declaration that begins at a `<`: `<!-- … -->`, `<!DOCTYPE html>`, `<![endif]-->`.
fn comment(line: &str, at: usize) -> Option<Piece<'_>> {
    let rest = prefix(&line[at..], COMMENT);
    let length = match rest {
        _ if rest.starts_with("<!--") => memmem::find(&rest.as_bytes()[4..], b"-->")? + 7,
        _ if rest.starts_with("<![") => memchr::memchr(b'>', rest.as_bytes())? + 1,
        _ if declares(rest) => memchr::memchr(b'>', rest.as_bytes())? + 1,
        _ => return None,
    };
    let text = line.get(at..at + length)?;
    (!is_spoken_of(line, at, text)).then(|| Piece {
        at,
        text,
        replacement: String::new(),
        safety: Safety::Unsafe,
    })
}

fn declares(text: &str) -> bool {
    text.get(..9)
        .is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
}

/// Whether a piece stands between backquotes or quotation marks.
pub(super) fn is_spoken_of(line: &str, at: usize, piece: &str) -> bool {
    let before = line[..at].chars().next_back();
    let after = line[at + piece.len()..].chars().next();
    let pair = |open: char, close: char| before == Some(open) && after == Some(close);
    before == Some('`')
        || after == Some('`')
        || [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('„', '“'), ('«', '»')]
            .iter()
            .any(|(open, close)| pair(*open, *close))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<&str> {
        pieces(line).iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn tags_are_told_from_other_angles() {
        assert_eq!(
            found("the 4<sup>th</sup> of <b>May</b><br/>"),
            ["<sup>", "</sup>", "<b>", "</b>", "<br/>"]
        );
        assert_eq!(found("<a href=\"x\">mill &amp; weir&#8217;s"), ["<a href=\"x\">"]);
        for plain in [
            "a<b>c",
            "if x < y and y > z",
            "Ann <ann@example.org>",
            "cp <a> <p>",
            "AT&T; R&D",
            "<span of time>",
            "`<br>`",
            "<3",
            "5 <b and c> 4",
            "the tag “<br>” and the sign '<hr>'",
            "a <!-- that nobody closes",
        ] {
            assert!(found(plain).is_empty(), "{plain}");
        }
    }

    #[test]
    fn comments_are_found_where_they_end() {
        assert_eq!(
            found("a <!-- b --> c <![endif]> <!doctype html>"),
            ["<!-- b -->", "<![endif]>", "<!doctype html>"]
        );
    }

    #[test]
    fn digits_above_the_line_are_not_unwrapped_by_themselves() {
        let safety = |line| pieces(line).iter().map(|piece| piece.safety).min();
        assert_eq!(safety("10<sup>6</sup>"), Some(Safety::Unsafe));
        assert_eq!(safety("4<sup>th</sup>"), Some(Safety::Safe));
    }
}
