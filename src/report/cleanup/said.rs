//! What a manifest or a text says, made safe to show and short enough.

use std::borrow::Cow;

use crate::report::printable;

/// Text with its controls written as escapes, cut after so many characters.
pub(in crate::report) fn short(text: &str, most: usize) -> String {
    let cut = text.char_indices().nth(most);
    let kept = cut.map_or(text, |(end, _)| &text[..end]);
    let mut safe = printable(kept).into_owned();
    if cut.is_some() {
        safe.push('…');
    }
    safe
}

/// Text as long as a message may be.
pub(in crate::report) fn said(text: &str) -> String {
    short(text, 1_000)
}

/// Whether an address may be a link: of the web, with nothing in it that would have to be escaped first.
pub(in crate::report) fn is_web(url: &str) -> bool {
    let scheme = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (scheme("http://") || scheme("https://"))
        && url.len() <= 2_000
        && !url.contains(char::is_whitespace)
        && matches!(printable(url), Cow::Borrowed(_))
}

/// A digest without the name of its algorithm, where that is the usual one.
pub(in crate::report) fn digest_of(digest: &str) -> String {
    short(digest.strip_prefix("sha256:").unwrap_or(digest), 200)
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Piece<'a> {
    /// Words of ours.
    Words(&'a str),
    /// What stood between backticks: words of the text, or a name.
    Code(&'a str),
}

/// A message of ours in its parts. A backtick without another one is a backtick.
pub(in crate::report) fn pieces(message: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, behind)) = after.split_once('`').filter(|(code, _)| !code.is_empty()) else {
            break;
        };
        pieces.extend(Some(Piece::Words(before)).filter(|_| !before.is_empty()));
        pieces.push(Piece::Code(code));
        rest = behind;
    }
    pieces.extend(Some(Piece::Words(rest)).filter(|_| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked() {
        assert!(is_web("HTTPS://example.org/a?b=c#d"));
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "http:/x",
            "ftp://x",
            "https://x/\u{202e}y",
            " https://x",
            "https://x y",
        ] {
            assert!(!is_web(url), "{url}");
        }
    }

    #[test]
    fn messages_have_words_and_names() {
        assert_eq!(
            pieces("two `a` in `b`"),
            [
                Piece::Words("two "),
                Piece::Code("a"),
                Piece::Words(" in "),
                Piece::Code("b")
            ]
        );
        assert_eq!(pieces("one ` alone"), [Piece::Words("one ` alone")]);
        assert_eq!(pieces("``"), [Piece::Words("``")]);
    }

    #[test]
    fn what_is_long_is_cut_and_what_is_obeyed_is_escaped() {
        assert_eq!(short("abc", 3), "abc");
        assert_eq!(short("ab\u{202e}cd", 3), "ab\\u{202e}…");
    }
}
