//! Errors: the work could not be done. What is wrong in a corpus is a finding instead.

use std::io;
use std::path::PathBuf;

use crate::source::Position;

/// Why the work could not be done. Each message says what, where, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried: "read", "write", "list".
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No manifest where one was looked for.
    #[error("there is no manifest at {}; write one with `vidimus init`, or name it with `--manifest`", .0.display())]
    NoManifest(PathBuf),
    /// The manifest is not text that can be read as YAML.
    #[error("{path}:{}:{}: {message}", .at.line, .at.column)]
    Syntax {
        /// The manifest, as the user named it.
        path: String,
        /// Where in it.
        at: Position,
        /// What is wrong.
        message: String,
        /// The line that it stands in, for the excerpt.
        line: String,
        /// What to do next.
        help: Box<str>,
    },
    /// Several things are wrong in what was read before the work: each is told.
    #[error("{}", lines(.0))]
    Several(Vec<Error>),
    /// A path, rule or value on the command line means nothing.
    #[error("{0}")]
    Usage(String),
    /// A change that was asked for is refused, to keep the record true.
    #[error("{0}")]
    Refused(String),
    /// A signal asked the program to stop.
    #[error("interrupted")]
    Interrupted(u8),
}

impl Error {
    /// An [`Error::Io`].
    pub fn io(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.into(),
            source,
        }
    }
}

fn lines(errors: &[Error]) -> String {
    let lines: Vec<String> = errors.iter().map(Error::to_string).collect();
    lines.join("\n")
}

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the system said, without the number of the error.
pub fn io_message(error: &std::io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = plain.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
