//! What stands for object stores in a program that is built without them: nothing, and an error that says so.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::Seen;

/// A bucket. There is none.
#[derive(Debug)]
pub enum Bucket {}

/// An object. There is none.
#[derive(Debug)]
pub enum Object {}

impl Bucket {
    /// The bucket of a name.
    ///
    /// # Errors
    /// Always.
    pub fn named(_: &str) -> io::Result<Arc<Self>> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "this vidimus is built without object stores; build it with `cargo install vidimus --features cloud`",
        ))
    }

    /// What an object is like.
    ///
    /// # Errors
    /// Never: there is no bucket to ask.
    pub fn look(self: &Arc<Self>, _: &str) -> io::Result<Seen> {
        match **self {}
    }

    /// Opens an object.
    ///
    /// # Errors
    /// Never: there is no bucket to ask.
    pub fn open(self: &Arc<Self>, _: &str, _: Range<u64>) -> io::Result<Object> {
        match **self {}
    }

    /// Gives the keys below a folder.
    ///
    /// # Errors
    /// Never: there is no bucket to ask.
    pub fn list(&self, _: &str, _: impl FnMut(&str)) -> io::Result<()> {
        match *self {}
    }
}

impl Object {
    /// What it is like.
    pub fn seen(&self) -> Seen {
        match *self {}
    }

    /// Reads some bytes.
    ///
    /// # Errors
    /// Never: there is no object to read.
    pub fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        match *self {}
    }
}
