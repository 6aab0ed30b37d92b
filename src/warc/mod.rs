//! Web archives: WARC files (ISO 28500) and WACZ packages of them, read as streams, so that the memory which a record takes
//! does not grow with it.
//!
//! ```no_run
//! use vidimus::stop::Stop;
//! use vidimus::warc;
//!
//! let mut census = warc::Census::default();
//! for file in warc::open("crawl.warc.gz".as_ref())? {
//!     warc::read(file.bytes()?, &mut census, Stop::default())?;
//! }
//! println!("{} records", census.records.len());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Bytes are unpacked ([`input`]), records are found in them (`reader`), the block of each goes once through its digests and,
//! where it is HTTP, through the codings of the body ([`body`]), and whoever reads is told of each record and of each fault.

pub mod body;
pub mod cdx;
mod container;
mod fields;
pub mod head;
pub mod html;
pub mod http;
pub mod input;
pub mod label;
pub mod likeness;
mod pass;
mod reader;
#[cfg(test)]
mod tests;
pub mod witness;
pub mod zip;

pub use container::{Container, is_warc, of_file, open};
pub use fields::Fields;
pub use head::{Head, Kind};
pub use pass::{Agreement, Census, Claim, Listener, Record, media_type, read};
pub use reader::{Fault, Flaw, Place};
