//! The steps: one file each, and one line in [`ALL`]. A step converts rows and calls the library.

mod check;
mod compare;
mod components;
mod copies;
mod gather;
mod group;
mod join;
mod kind;
mod lines;
mod look;
mod meet;
mod nodes;
mod pair;
mod read;
mod seeds;

use serde_json::{Map, Value as Json, json};
use vidimus::similarity::index::FREQUENT;
use vidimus::similarity::kind::{AROUND, SHORT};
use vidimus::similarity::settle::HEAD;

use crate::CONTRACT;
use crate::error::Result;
use crate::settings::Settings;
use crate::table::{Column, Rows, Sink};

/// A step.
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// The columns that it takes, in any order.
    pub takes: &'static [Column],
    /// The columns that it gives.
    pub gives: &'static [Column],
    /// Begins it.
    pub start: fn(&Settings) -> Result<Box<dyn Work>>,
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Step").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A step at work.
pub trait Work {
    /// Takes some rows.
    ///
    /// # Errors
    /// Where they cannot be worked with, and where what comes of them cannot be written.
    fn take(&mut self, rows: &Rows, out: &mut dyn Sink) -> Result<()>;

    /// Gives what is left, when all rows were taken.
    ///
    /// # Errors
    /// As [`Work::take`].
    fn finish(&mut self, out: &mut dyn Sink) -> Result<()> {
        let _ = out;
        Ok(())
    }
}

/// Every step, in the order of a run.
pub static ALL: &[&Step] = &[
    &check::LINES,
    &check::ROWS,
    &read::LINES,
    &read::ROWS,
    &seeds::STEP,
    &gather::STEP,
    &meet::STEP,
    &pair::STEP,
    &compare::STEP,
    &join::STEP,
    &look::STEP,
    &kind::STEP,
    &nodes::STEP,
    &components::STEP,
    &group::STEP,
    &copies::STEP,
    &lines::PAIRS,
    &lines::GROUPS,
];

/// How the program is called.
pub fn usage() -> String {
    let names: Vec<&str> = ALL.iter().map(|step| step.name).collect();
    format!(
        "call it as `vidimus-worker STEP SETTINGS`, with an Arrow stream on standard input, or as `vidimus-worker contract`; the steps are {}",
        names.join(", ")
    )
}

/// The contract as a JSON object: its version, and for each step its columns in the words of SQL.
pub fn contract() -> Json {
    let columns = |columns: &[Column]| -> String {
        let one = |(name, kind): &Column| format!("{name} {}", kind.sql());
        columns.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let step = |step: &&Step| {
        let said = json!({ "about": step.about, "takes": columns(step.takes), "gives": columns(step.gives) });
        (step.name.to_owned(), said)
    };
    let steps: Map<String, Json> = ALL.iter().map(step).collect();
    // What an engine has to cut out of texts for the steps, in bytes and words.
    let constants = json!({ "short": SHORT, "around": AROUND, "head": HEAD, "crowd": FREQUENT + 1 });
    let (version, hold) = (env!("CARGO_PKG_VERSION"), cfg!(feature = "hold"));
    json!({ "contract": CONTRACT, "version": version, "hold": hold, "steps": steps, "constants": constants })
}
