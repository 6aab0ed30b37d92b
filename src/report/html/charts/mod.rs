//! Charts that say something, drawn as SVG: each with a sentence and a table that say the same.

mod shared;
mod sources;
mod svg;
mod timeline;

use crate::report::cleanup::{Cleanup, short};

pub(super) use shared::shared;
pub(super) use sources::sources;
pub(super) use timeline::timeline;

/// How wide a chart is drawn.
const WIDTH: f64 = 760.0;

/// A chart.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What it shows, in words.
    pub(super) says: String,
    /// The drawing: markup of ours in which what is foreign is escaped.
    pub(super) svg: String,
    /// The class of a colour, and what it stands for.
    pub(super) legend: Vec<(&'static str, String)>,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// What the table leaves out.
    pub(super) left: Option<String>,
}

/// A cell of the table.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    /// The part of the page that is about it.
    pub(super) anchor: Option<String>,
}

impl Cell {
    fn new(text: impl ToString) -> Self {
        Self {
            text: text.to_string(),
            anchor: None,
        }
    }

    fn text(cleanup: &Cleanup<'_>, title: &str, path: &str) -> Self {
        Self {
            text: short(title, 120),
            anchor: cleanup.tells_of(path).then(|| super::text::anchor(path)),
        }
    }
}

/// Plain names of the colours of families: each family has its own wherever it is shown.
fn colour(family: &str) -> &'static str {
    match family {
        "fixity" => "f0",
        "manifest" => "f1",
        "provenance" => "f2",
        "encoding" => "f3",
        "layout" => "f4",
        "truncation" => "f5",
        "date" => "f6",
        "duplicate" => "f7",
        _ => "f8",
    }
}
