//! The steps of vidimus for a cluster: an engine such as Apache Spark splits, sorts, groups and joins rows; what decides a
//! result is in the library, and each step of it is reached by a stream of rows in and a stream of rows out.
//!
//! `vidimus-worker STEP SETTINGS` reads an Arrow stream on standard input and writes one on standard output. Behind each stream
//! stands a line, its trailer ([`stream::Trailer`]): the version of the contract, how many rows went in and came out, and a
//! checksum of the bytes of the stream. Both sides check it, so that what was cut off is never taken for the whole.

pub mod error;
#[cfg(any(test, feature = "hold"))]
mod hold;
pub mod pack;
pub mod raw;
pub mod records;
pub mod settings;
pub mod steps;
pub mod stream;
pub mod table;

use std::io::{Read, Write};

use error::{Error, Result};
use settings::Settings;
use steps::Step;
use stream::{Incoming, Outgoing};
use table::{Out, Rows};

/// The version of the contract: what columns the steps take and give, what the packed ones hold, and what the trailer says.
/// Another version of the worker has another one where any of that differs.
pub const CONTRACT: u32 = 3;

/// Runs a step on a stream.
///
/// # Errors
/// Where the stream is not whole or has other columns than the step takes, and where the step fails.
pub fn run(step: &Step, settings: &Settings, from: impl Read, to: impl Write) -> Result<()> {
    let mut incoming = Incoming::open(from)?;
    let order = table::order(&incoming.schema(), step.takes)?;
    #[cfg(feature = "hold")]
    hold::wait(step.name);
    let mut work = (step.start)(settings)?;
    let mut out = Out::new(step.gives, Outgoing::open(to, &table::schema(step.gives))?);
    while let Some(batch) = incoming.batch()? {
        work.take(&Rows::new(&batch, step.takes, &order)?, &mut out)?;
    }
    // What comes last is given only where nothing is missing of what it was made from.
    let rows = incoming.close()?;
    work.finish(&mut out)?;
    out.close(rows)
}

/// What the program does with its arguments.
///
/// # Errors
/// As [`run`], and where the arguments mean nothing.
pub fn main(arguments: &[String], from: impl Read, mut to: impl Write) -> Result<()> {
    let (name, settings) = match arguments {
        [name] => (name.as_str(), "{}"),
        [name, settings] => (name.as_str(), settings.as_str()),
        _ => return Err(Error::Usage(steps::usage())),
    };
    if name == "contract" {
        return Ok(writeln!(to, "{}", steps::contract())?);
    }
    let step = steps::ALL.iter().find(|step| step.name == name);
    let step = step.ok_or_else(|| Error::Usage(format!("there is no step {name}; {}", steps::usage())))?;
    run(step, &Settings::read(settings)?, from, to)
}
