//! Texts that are none: cut, binary, empty, endless, in another encoding.

use crate::support::corpus;
use crate::{assert_said, check};

const MIB: usize = 1 << 20;

/// What a check of one such text says of it.
fn said(text: &[u8]) -> (Option<i32>, Vec<String>) {
    let folder = corpus(&[("a.txt", text)]);
    check(folder.path(), &[])
}

#[test]
fn a_text_that_breaks_off_in_a_character() {
    let (code, lines) = said(
        "The mill at the ford stood for ninety years, and then the café"
            .as_bytes()
            .split_last()
            .expect("bytes")
            .1,
    );
    assert_eq!(code, Some(1));
    assert_said(&lines, &["a.txt:1:62", "truncation/cut-character"]);
}

#[test]
fn a_text_that_lost_its_end_since_it_was_recorded() {
    let whole = b"The mill at the ford stood for ninety years. It was pulled down in one week.\n";
    let folder = corpus(&[("a.txt", whole)]);
    std::fs::write(folder.path().join("a.txt"), &whole[..40]).expect("written");
    let (code, lines) = check(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert_said(&lines, &["a.txt", "error[fixity/hash-mismatch]"]);
}

#[test]
fn binary() {
    let bytes: Vec<u8> = (0..=255u8).cycle().take(5_000).collect();
    let (code, lines) = said(&bytes);
    assert_eq!(code, Some(1));
    assert_said(
        &lines,
        &["a.txt:2:118: error[encoding/invalid-utf8] the file is binary, not text"],
    );
}

#[test]
fn empty() {
    for text in ["", "\n\n \n"] {
        let (code, lines) = said(text.as_bytes());
        assert_eq!(code, Some(1));
        assert_said(&lines, &["a.txt", "truncation/empty-text"]);
    }
}

#[test]
fn other_encodings() {
    let utf16: Vec<u8> = "\u{feff}The mill\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = b"The caf\xe9 at the ford, and the na\xefve miller.\n".to_vec();
    for text in [utf16, latin] {
        let (code, lines) = said(&text);
        assert_eq!(code, Some(1));
        assert_said(&lines, &["a.txt:1:", "encoding/invalid-utf8"]);
    }
}

#[test]
fn nul_bytes() {
    let (code, lines) = said(b"The mill\0 at the ford.\n");
    assert_eq!(code, Some(1));
    assert_said(&lines, &["a.txt:1:9", "encoding/control-character"]);
}

/// 200 MB of one thing, without a line end: no check may be worse than linear, or hold the text many times.
#[track_caller]
fn endless(unit: &str) -> Vec<String> {
    let (code, lines) = said(unit.repeat(200 * MIB / unit.len()).as_bytes());
    assert!(matches!(code, Some(0 | 1)), "{lines:?}");
    let longest = lines.iter().map(String::len).max().unwrap_or(0);
    assert!(
        lines.len() < 20 && longest < 2_000,
        "{} lines, the longest of {longest}",
        lines.len()
    );
    lines
}

#[test]
fn an_endless_line_of_words() {
    assert_said(
        &endless("castle mill ford "),
        &["a.txt:1:209715141", "truncation/mid-sentence"],
    );
}

#[test]
fn an_endless_line_of_nul() {
    assert_said(&endless("\0"), &["a.txt:1:1", "encoding/control-character"]);
}

/// What some check might take for the beginning of something that never ends, or for one thing a million times.
#[test]
fn long_lines_of_signs() {
    let units = [
        "<",
        "(",
        "[](",
        "**_",
        "&#x",
        "\u{a0}",
        "\u{200b}",
        "\u{202e}\u{2066}",
        "0123456789",
        "castle",
        "“",
        "\u{301}",
        "12 May 2011, ",
        "http://a.b/c ",
        "a\u{2028}",
        "\t",
        "天地玄黄",
        "A. ",
        "\u{5d0}\u{202e}",
        "...",
        "[1]",
        "---",
        "x-\u{ad}",
    ];
    for unit in units {
        let (code, lines) = said(unit.repeat(2 * MIB / unit.len()).as_bytes());
        assert!(matches!(code, Some(0 | 1)), "{unit:?}: {lines:?}");
        assert!(lines.iter().map(String::len).sum::<usize>() < 100_000, "{unit:?}");
    }
}

/// The same in as many lines and as many paragraphs as can be.
#[test]
fn many_lines_of_signs() {
    let units = [
        "\n",
        "\r\n",
        "\r",
        "a\n",
        "a\n\n",
        "<a>\n",
        "- a\n",
        "# a\n\n",
        "12 May 2011\n",
        "Share\n",
        "1. a\n2. b\n",
        "Fur-\n\nmore\n\n",
        "Related articles\n\nMore from us\n\n",
        "a \n",
        "\u{a0}\n",
        "> \n\n",
        "|\n",
    ];
    for unit in units {
        let (code, lines) = said(unit.repeat(2 * MIB / unit.len()).as_bytes());
        assert!(matches!(code, Some(0 | 1)), "{unit:?}: {lines:?}");
        let said: usize = lines.iter().map(String::len).sum();
        assert!(said < 400_000, "{unit:?}: {said}");
    }
}

#[test]
fn more_lines_than_are_looked_into() {
    let text = "\n".repeat((1 << 24) + 1);
    let (_, lines) = said(text.as_bytes());
    assert_said(&lines, &["a.txt: info[fixity/unread-text]", "16777217 lines"]);
    assert_said(&lines, &["truncation/empty-text"]);
}

/// A sparse file has a size and needs no disk: a text of more than 1 GiB, made at once.
#[test]
fn more_bytes_than_are_looked_into() {
    let folder = corpus(&[("a.txt", b"A mill.\n")]);
    let file = std::fs::File::create(folder.path().join("a.txt")).expect("made");
    file.set_len((1 << 30) + 1).expect("grown");
    let (code, lines) = check(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert_said(&lines, &["a.txt: info[fixity/unread-text]", "1073741825 bytes"]);
    assert_said(
        &lines,
        &["a.txt: error[fixity/hash-mismatch]", "there are 1073741817 bytes more"],
    );
    let (code, lines) = check(folder.path(), &["--select", "fixity"]);
    assert_eq!(
        (code, lines.iter().any(|line| line.contains("unread-text"))),
        (Some(1), false),
        "{lines:?}"
    );
}
