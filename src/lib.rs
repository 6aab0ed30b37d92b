//! `vidimus` certifies a corpus of texts: that every text is the one its manifest records, that its recorded origin is
//! plausible, that it is whole, and that nothing of the page it was taken from is stuck in it.
//!
//! ```no_run
//! use vidimus::corpus::Corpus;
//! use vidimus::engine::Options;
//!
//! let corpus = Corpus::open("manifest.yaml".as_ref())?;
//! let report = corpus.check(&Options::default())?;
//! for finding in &report.findings {
//!     println!("{}: {} {}", finding.location.path, finding.rule, finding.message);
//! }
//! # Ok::<(), vidimus::error::Error>(())
//! ```
//!
//! The modules stand in layers: each uses only those above it, and a test sees to that.

pub mod source;

pub mod digest;

pub mod date;

pub mod glob;

pub mod address;

pub mod error;

pub mod setting;

pub mod stop;

pub mod object;

pub mod whole;

pub mod atomic;

pub mod store;

pub mod git;

pub mod copies;

pub mod sums;

pub mod finding;

pub mod manifest;

pub mod journal;

pub mod custody;

pub mod signature;

pub mod diagnosis;

pub mod corpus;

pub mod text;

pub mod warc;

pub mod similarity;

pub mod records;

pub mod collection;

pub mod diff;

pub mod checks;

pub mod config;

pub mod ceiling;

pub mod place;

pub mod suppress;

pub mod engine;

pub mod baseline;

pub mod since;

pub mod inventory;

pub mod exchange;

pub mod fix;

pub mod compare;

pub mod history;

pub mod report;

pub mod lsp;

pub mod cli;
