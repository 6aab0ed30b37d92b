//! Why a step could not be done, each with a message and an exit code.

use std::io;

use arrow_schema::ArrowError;

/// Why a step could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line means nothing.
    #[error("{0}")]
    Usage(String),
    /// The stream is not what the contract says.
    #[error("{0}")]
    Stream(String),
    /// A step met something that it cannot work with.
    #[error("{0}")]
    Step(String),
}

/// What a step gives, or why it does not.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The exit code: 2 where the command line is wrong, 3 where the stream is, 4 where the step fails.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Stream(_) => 3,
            Self::Step(_) => 4,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Stream(format!("the stream cannot be read or written: {error}"))
    }
}

impl From<ArrowError> for Error {
    fn from(error: ArrowError) -> Self {
        Self::Stream(format!("this is no whole Arrow stream: {error}"))
    }
}

impl From<vidimus::error::Error> for Error {
    fn from(error: vidimus::error::Error) -> Self {
        Self::Step(error.to_string())
    }
}
