//! The Language Server Protocol: findings while a person writes, with fixes and acceptances as edits of the open texts.
//!
//! The server never writes a file of the corpus. What a buffer holds and no file does is checked from a copy in a temporary
//! folder; a fix or an acceptance is an edit that the editor makes.

mod actions;
mod buffer;
mod check;
mod client;
mod diagnostics;
mod frame;
mod hover;
mod place;
mod positions;
mod server;
mod sheet;
mod site;

pub use server::{End, Start, serve};
