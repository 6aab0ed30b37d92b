//! What a passage is that stands twice: text, or something that texts share by nature.

/// What two passages that are alike are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A passage of the text.
    #[default]
    Passage,
    /// A paragraph of few words without an end mark.
    Heading,
    /// A short passage that stands three times and more in one text.
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
}
