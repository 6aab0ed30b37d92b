//! What kind of change it is, in the order in which a reader wants to know: first what leaves the text as it reads.

use std::fmt;

/// A kind of change, with its extent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The same letters in another encoding.
    Encoding {
        /// What it was in.
        from: &'static str,
        /// What it is in.
        to: &'static str,
    },
    /// A byte-order mark came or went.
    ByteOrderMark {
        /// Whether it came.
        added: bool,
    },
    /// Lines end in another way.
    LineEnds {
        /// How they did.
        from: String,
        /// How they do.
        to: String,
        /// How many.
        lines: usize,
    },
    /// Letters are composed, or taken apart.
    Form {
        /// The form of the old text.
        from: &'static str,
        /// The form of the new one.
        to: &'static str,
        /// How many lines differ so and in nothing else.
        lines: usize,
    },
    /// White space came, went or changed between words that did not.
    Space {
        /// In how many places.
        places: usize,
    },
    /// The line end at the end of the text came or went.
    FinalNewline {
        /// Whether it came.
        added: bool,
    },
    /// Words went that belong to the page and not to the text, and nothing came.
    Furniture {
        /// How many words.
        words: usize,
    },
    /// Words of the text changed.
    Prose {
        /// How many went.
        removed: usize,
        /// How many came.
        added: usize,
    },
    /// The new text is the old one without a part.
    Cut {
        /// Which part.
        extent: Extent,
        /// Where in the old text the part begins, in bytes.
        at: usize,
        /// How many bytes it has.
        bytes: usize,
    },
    /// What no text has stands where words stood.
    Damage {
        /// What it is.
        mark: Mark,
        /// How many of it.
        count: usize,
        /// Where the first stands in the new text, in bytes.
        at: usize,
    },
}

/// Which part of a text is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    All,
    /// Its beginning.
    Beginning,
    /// A part in the middle.
    Inside,
    /// Its end.
    End,
}

/// What damage leaves in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// NUL bytes.
    Nul,
    /// U+FFFD, which a program writes for what it cannot read.
    Replacement,
    /// Bytes that are no UTF-8.
    Invalid,
}

impl Mark {
    /// The id, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nul => "nul",
            Self::Replacement => "replacement-character",
            Self::Invalid => "invalid-utf-8",
        }
    }

    fn noun(self, count: usize) -> String {
        let (one, many) = match self {
            Self::Nul => ("NUL byte", "NUL bytes"),
            Self::Replacement => ("replacement character", "replacement characters"),
            Self::Invalid => ("broken character", "broken characters"),
        };
        counted(count, one, many)
    }
}

impl Extent {
    /// The id, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Beginning => "beginning",
            Self::Inside => "inside",
            Self::End => "end",
        }
    }
}

impl Kind {
    /// The id, as JSON and `stat` have it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "encoding",
            Self::ByteOrderMark { .. } => "byte-order-mark",
            Self::LineEnds { .. } => "line-ends",
            Self::Form { .. } => "unicode-form",
            Self::Space { .. } => "white-space",
            Self::FinalNewline { .. } => "final-newline",
            Self::Furniture { .. } => "furniture",
            Self::Prose { .. } => "prose",
            Self::Cut { .. } => "cut",
            Self::Damage { .. } => "damage",
        }
    }

    /// All ids, in the order in which kinds are listed.
    pub const NAMES: [&'static str; 10] = [
        "encoding",
        "byte-order-mark",
        "line-ends",
        "unicode-form",
        "white-space",
        "final-newline",
        "furniture",
        "prose",
        "cut",
        "damage",
    ];

    /// How much of it there is: places, lines, words, bytes or marks, or 1 of what can be only once.
    pub fn count(&self) -> usize {
        match *self {
            Self::Encoding { .. } | Self::ByteOrderMark { .. } | Self::FinalNewline { .. } => 1,
            Self::LineEnds { lines, .. } | Self::Form { lines, .. } => lines,
            Self::Space { places } => places,
            Self::Furniture { words } => words,
            Self::Prose { removed, added } => removed + added,
            Self::Cut { bytes, .. } => bytes,
            Self::Damage { count, .. } => count,
        }
    }

    /// Whether the words of the text are another matter than before.
    pub fn concerns_words(&self) -> bool {
        matches!(self, Self::Prose { .. } | Self::Cut { .. } | Self::Damage { .. })
    }
}

/// As in `prose changed: 3 words removed, 5 added`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let came = |added: &bool| if *added { "added" } else { "removed" };
        match self {
            Self::Encoding { from, to } => write!(f, "encoding: {from} → {to}"),
            Self::ByteOrderMark { added } => write!(f, "byte-order mark {}", came(added)),
            Self::LineEnds { from, to, lines } => {
                write!(
                    f,
                    "line ends{} on {}",
                    changed(from, to),
                    counted(*lines, "line", "lines")
                )
            }
            Self::Form { from, to, lines } => {
                write!(
                    f,
                    "Unicode form{} in {}",
                    changed(from, to),
                    counted(*lines, "line", "lines")
                )
            }
            Self::Space { places } => write!(f, "white space changed in {}", counted(*places, "place", "places")),
            Self::FinalNewline { added } => write!(f, "final newline {}", came(added)),
            Self::Furniture { words } => {
                write!(f, "{} of page furniture removed", counted(*words, "word", "words"))
            }
            Self::Prose { removed, added } => write!(f, "prose changed: {}", words(*removed, *added)),
            Self::Cut { extent, at, bytes } => write!(f, "{}", cut(*extent, *at, *bytes)),
            Self::Damage { mark, count, at } => {
                let first = if *count == 1 { "" } else { ", the first" };
                write!(f, "damaged: {}{first} at byte {}", mark.noun(*count), grouped(*at))
            }
        }
    }
}

fn changed(from: &str, to: &str) -> String {
    match from == to {
        true => " changed".to_owned(),
        false => format!(": {from} → {to}"),
    }
}

fn words(removed: usize, added: usize) -> String {
    match (removed, added) {
        (0, 0) => "signs between words alone".to_owned(),
        (0, added) => format!("{} added", counted(added, "word", "words")),
        (removed, 0) => format!("{} removed", counted(removed, "word", "words")),
        (removed, added) => format!(
            "{} removed, {} added",
            counted(removed, "word", "words"),
            grouped(added)
        ),
    }
}

fn cut(extent: Extent, at: usize, bytes: usize) -> String {
    let gone = counted(bytes, "byte", "bytes");
    match extent {
        Extent::All => format!("cut: all {gone} gone"),
        Extent::Beginning => format!("cut at the beginning: the first {gone} gone"),
        Extent::Inside => format!("cut at byte {}: {gone} gone from the middle", grouped(at)),
        Extent::End => format!("cut after byte {}: {gone} gone", grouped(at)),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number with a comma before each three digits.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let place = |(index, digit): (usize, char)| {
        let comma = index > 0 && (digits.len() - index).is_multiple_of(3);
        [comma.then_some(','), Some(digit)]
    };
    digits.chars().enumerate().flat_map(place).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_much_of_what() {
        let said = |kind: Kind| kind.to_string();
        let prose = |removed, added| said(Kind::Prose { removed, added });
        assert_eq!(prose(3, 5), "prose changed: 3 words removed, 5 added");
        assert_eq!(prose(1, 0), "prose changed: 1 word removed");
        let cut = Kind::Cut {
            extent: Extent::End,
            at: 1_234,
            bytes: 512,
        };
        assert_eq!(said(cut), "cut after byte 1,234: 512 bytes gone");
        assert_eq!(
            [grouped(0), grouped(999), grouped(1_234_567)],
            ["0", "999", "1,234,567"]
        );
    }
}
