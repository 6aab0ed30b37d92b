//! What a passage is that stands twice: text, or something that texts share by nature.

/// What two passages that are alike are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A passage of the text.
    #[default]
    Passage,
    /// A paragraph of few words without an end mark.
    Heading,
    /// A short passage that stands four to sixty times in one text, and in no other.
    Refrain,
    /// A passage in quotation marks, in both places.
    Quotation,
    /// An entry in a list of references, or the title of a work with its year.
    Reference,
}

impl Kind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passage => "passage",
            Self::Heading => "heading",
            Self::Refrain => "refrain",
            Self::Quotation => "quotation",
            Self::Reference => "reference",
        }
    }

    /// Of two passages as they look in their places, of which both are whole paragraphs or not.
    pub fn of(a: Look, b: Look, short: bool) -> Self {
        if a.quoted && b.quoted {
            Self::Quotation
        } else if a.reference && b.reference {
            Self::Reference
        } else if short && !a.ended && !b.ended {
            Self::Heading
        } else {
            Self::Passage
        }
    }
}

/// A quotation and a reference have at most so many words.
pub const SHORT: usize = 60;
/// So much is looked at before and behind a passage, in bytes.
pub const AROUND: u64 = 12;

/// How a passage looks in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Whether it stands in quotation marks.
    pub quoted: bool,
    /// Whether it looks like an entry in a list of references.
    pub reference: bool,
    /// Whether a mark follows it.
    pub ended: bool,
}

impl Look {
    /// Of a passage, with what stands before and behind it.
    pub fn of(before: &str, passage: &str, behind: &str) -> Self {
        let opens = before.trim_end().chars().next_back().is_some_and(is_quote);
        let ended = behind
            .chars()
            .next()
            .is_some_and(|mark| !mark.is_whitespace() && !mark.is_alphanumeric());
        let marks = || {
            behind
                .chars()
                .take_while(|mark| !mark.is_whitespace() && !mark.is_alphanumeric())
        };
        Self {
            quoted: opens && marks().any(is_quote),
            reference: is_reference(passage),
            ended,
        }
    }
}

fn is_quote(mark: char) -> bool {
    matches!(
        mark,
        '"' | '\''
            | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '‘'
            | '’'
            | '‚'
            | '「'
            | '」'
            | '『'
            | '』'
    )
}

/// Whether a passage names a year and most of its longer words have capitals, as titles and names have.
fn is_reference(passage: &str) -> bool {
    let words = || {
        passage
            .split(|mark: char| !mark.is_alphanumeric())
            .filter(|word| !word.is_empty())
    };
    let year = |word: &str| word.len() == 4 && word.parse::<u16>().is_ok_and(|year| (1400..2100).contains(&year));
    let long = words().filter(|word| word.chars().count() > 3 && word.chars().all(char::is_alphabetic));
    let (all, capital) = long.fold((0, 0), |(all, capital), word| {
        (
            all + 1,
            capital + usize::from(word.chars().next().is_some_and(char::is_uppercase)),
        )
    });
    capital * 3 >= all * 2 && all > 2 && words().any(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_quotation_marks() {
        let look = Look::of("she said: “", "we shall keep the lamps burning", ",” and left");
        assert!(look.quoted);
        assert!(!Look::of("she said that ", "we shall keep the lamps burning", ", and left").quoted);
        assert_eq!(Kind::of(look, look, false), Kind::Quotation);
        assert_eq!(Kind::of(look, Look::default(), false), Kind::Passage);
    }

    #[test]
    fn an_entry_of_a_bibliography() {
        assert!(is_reference(
            "Vanna, Hadra: The Lamps of the Lower Wards. Quay Street Press, Verrin 1911"
        ));
        assert!(!is_reference(
            "In 1911 the lamps of the lower wards were put out and nobody lit them again"
        ));
    }

    #[test]
    fn a_short_paragraph_without_a_mark() {
        let heading = Look::of("", "The night of the weir", "\n\nAt");
        assert_eq!(Kind::of(heading, heading, true), Kind::Heading);
        let sentence = Look::of("", "Thou hast the lamp", ".\n");
        assert_eq!(Kind::of(sentence, heading, true), Kind::Passage);
    }
}
