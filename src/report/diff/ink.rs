//! The colours of a difference.

use anstyle::{AnsiColor, Effects};

use crate::report::Style;

/// What a piece of text is, and so its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// A line above others.
    Title,
    /// Where a part stands.
    Place,
    /// What matters less, or did not change.
    Faint,
    /// What did not change.
    Plain,
    /// A line that went.
    Old,
    /// Words in it that went.
    Gone,
    /// A line that came.
    New,
    /// Words in it that came.
    Come,
}

impl Ink {
    /// Text in this colour. It is safe to print already.
    pub(super) fn paint(self, text: &str, style: Style) -> String {
        let marked = Effects::INVERT;
        let ink = match self {
            Self::Title => anstyle::Style::new().effects(Effects::BOLD),
            Self::Place => AnsiColor::Cyan.on_default(),
            Self::Faint => anstyle::Style::new().effects(Effects::DIMMED),
            Self::Plain => anstyle::Style::new(),
            Self::Old => AnsiColor::Red.on_default(),
            Self::Gone => AnsiColor::Red.on_default().effects(marked),
            Self::New => AnsiColor::Green.on_default(),
            Self::Come => AnsiColor::Green.on_default().effects(marked),
        };
        if style.colour && self != Self::Plain && !text.is_empty() {
            format!("{ink}{text}{ink:#}")
        } else {
            text.to_owned()
        }
    }
}
