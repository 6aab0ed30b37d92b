//! Differences, text by text: each format is a function of one text and a writer, so that a corpus of any size is printed as
//! it is compared.

mod columns;
mod ink;
pub mod json;
pub mod manifests;
mod painted;
mod rows;
mod stat;
mod unified;
mod words;

use std::io::{self, Write};

use super::{Style, count_of, printable};
use crate::diff::{Difference, grouped};
use ink::Ink;

pub(crate) use json::TextV1;
pub(crate) use rows::{Row, rows};

/// How differences are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiffFormat {
    /// Lines that went and lines that came, as Git prints them.
    #[default]
    Unified,
    /// Words that went and came, within their lines.
    Words,
    /// The two texts beside each other.
    SideBySide,
    /// A line a text.
    Stat,
    /// One object (version 1).
    Json,
}

/// A text, and how it differs.
#[derive(Debug)]
pub struct Item<'a> {
    /// Its path.
    pub path: &'a str,
    /// Its path before, where that was another one.
    pub from: Option<&'a str>,
    /// What became of it.
    pub state: State<'a>,
}

/// What became of a text.
#[derive(Debug)]
pub enum State<'a> {
    /// It differs.
    Differs {
        /// How.
        difference: &'a Difference<'a>,
        /// Where the old bytes come from: `store`, `git`.
        origin: &'static str,
    },
    /// It has other bytes than before by its path alone.
    Moved,
    /// It is new, with so many words.
    Added(usize),
    /// It is listed no longer, or not there; it had so many words where that is known.
    Removed {
        /// How many.
        words: Option<usize>,
        /// What to do next.
        help: Option<String>,
    },
    /// It could not be compared.
    Unknown {
        /// Why.
        why: String,
        /// What to do next.
        help: String,
    },
}

impl State<'_> {
    /// The id, as JSON has it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Differs { .. } => "differs",
            Self::Moved => "moved",
            Self::Added(_) => "added",
            Self::Removed { .. } => "removed",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// How many words went and came, where that is known.
    fn words(&self) -> Option<(usize, usize)> {
        match self {
            Self::Differs { difference, .. } => Some((difference.removed, difference.added)),
            Self::Moved => Some((0, 0)),
            Self::Added(words) => Some((0, *words)),
            Self::Removed { words, .. } => words.map(|words| (words, 0)),
            Self::Unknown { .. } => None,
        }
    }

    /// What kind of change it is, in one line.
    fn said(&self) -> String {
        match self {
            Self::Differs { difference, .. } => difference.to_string(),
            Self::Moved => "moved, and nothing else".to_owned(),
            Self::Added(words) => format!("new text, {}", words_of(*words)),
            Self::Removed { words: Some(words), .. } => format!("gone, {}", words_of(*words)),
            Self::Removed { words: None, .. } => "gone".to_owned(),
            Self::Unknown { why, .. } => format!("not compared: {why}"),
        }
    }

    fn help(&self) -> Option<&str> {
        match self {
            Self::Removed { help, .. } => help.as_deref(),
            Self::Unknown { help, .. } => Some(help),
            _ => None,
        }
    }
}

fn words_of(count: usize) -> String {
    format!("{} {}", grouped(count), if count == 1 { "word" } else { "words" })
}

/// How many texts there were, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Totals {
    /// Texts that are equal.
    pub equal: usize,
    /// Texts that differ, came, went or moved.
    pub differing: usize,
    /// Texts that could not be compared.
    pub unknown: usize,
    /// Words that went.
    pub removed_words: usize,
    /// Words that came.
    pub added_words: usize,
}

/// Prints texts one after the other.
#[derive(Debug)]
pub struct Printer {
    format: DiffFormat,
    style: Style,
    context: usize,
    /// What became of the texts so far; those that are equal are told to [`Printer::equal`].
    pub totals: Totals,
    rows: Vec<stat::Row>,
    json: Vec<json::TextV1>,
}

impl Printer {
    /// A printer. So many equal lines are shown on both sides of what differs.
    pub fn new(format: DiffFormat, style: Style, context: usize) -> Self {
        Self {
            format,
            style,
            context,
            totals: Totals::default(),
            rows: Vec::new(),
            json: Vec::new(),
        }
    }

    /// So many texts are equal.
    pub fn equal(&mut self, texts: usize) {
        self.totals.equal += texts;
    }

    /// Prints a text.
    ///
    /// # Errors
    /// What the writer gives.
    pub fn add(&mut self, item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
        match item.state {
            State::Unknown { .. } => self.totals.unknown += 1,
            _ => self.totals.differing += 1,
        }
        let (removed, added) = item.state.words().unwrap_or((0, 0));
        self.totals.removed_words += removed;
        self.totals.added_words += added;
        match self.format {
            DiffFormat::Stat => self.rows.push(stat::Row::of(item)),
            DiffFormat::Json => self.json.push(json::TextV1::of(item, self.context)),
            _ => self.show(item, out)?,
        }
        Ok(())
    }

    fn show(&self, item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
        heading(item, self.style, out)?;
        if let State::Differs { difference, origin } = &item.state {
            if difference.is_coarse() {
                let note = "  coarse: more is shown as changed than had to be; finding less would take too long";
                writeln!(out, "{}", Ink::Faint.paint(note, self.style))?;
            }
            match self.format {
                DiffFormat::Words => words::write(difference, self.context, self.style, out)?,
                DiffFormat::SideBySide => columns::write(difference, self.context, self.style, out)?,
                _ => unified::write(item, difference, origin, self.context, self.style, out)?,
            }
        }
        writeln!(out)
    }

    /// Prints what comes after all texts.
    ///
    /// # Errors
    /// What the writer gives.
    pub fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            DiffFormat::Json => return json::write(self.json, &self.totals, out),
            DiffFormat::Stat => stat::write(&self.rows, self.style, out)?,
            _ => {}
        }
        if self.style.summary {
            writeln!(out, "{}", total(&self.totals))?;
        }
        Ok(())
    }
}

/// The line above a text, and what to do next.
fn heading(item: &Item<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let path = match item.from {
        Some(from) => format!("{} (was {})", printable(item.path), printable(from)),
        None => printable(item.path).into_owned(),
    };
    writeln!(
        out,
        "{}: {}",
        Ink::Title.paint(&path, style),
        printable(&item.state.said())
    )?;
    match item.state.help() {
        Some(help) => writeln!(out, "  help: {}", printable(help)),
        None => Ok(()),
    }
}

/// As in `2 texts differ, 3 are equal: 14 words removed, 5 added`.
fn total(totals: &Totals) -> String {
    let texts = match totals.differing {
        0 => "no text differs".to_owned(),
        count => count_of(count, "text differs", "texts differ"),
    };
    let equal = match totals.equal {
        0 => String::new(),
        count => format!(", {}", count_of(count, "is equal", "are equal")),
    };
    let unknown = match totals.unknown {
        0 => String::new(),
        count => format!(", {} not compared", grouped(count)),
    };
    let words = match (totals.removed_words, totals.added_words) {
        (0, 0) => String::new(),
        (removed, added) => format!(": {} removed, {} added", words_of(removed), grouped(added)),
    };
    format!("{texts}{equal}{unknown}{words}")
}
