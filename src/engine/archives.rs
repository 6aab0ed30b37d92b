//! The web archives that entries name are read, each once for all its entries.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Run;
use crate::address::page;
use crate::checks::Archives;
use crate::corpus::{LARGEST_TEXT, Order, Refusal, io_message};
use crate::manifest::Entry;
use crate::stop::Stop;
use crate::warc::witness::{Testimony, Wanted, examine};

/// A longer text is not compared with its record, in bytes.
const LARGEST: u64 = 16 << 20;
const _: () = assert!(LARGEST <= LARGEST_TEXT, "what is compared can be looked into");

impl Run<'_> {
    /// What the records say that entries name, where a check asks for that.
    pub(super) fn archives(&self) -> Archives {
        if self.options.fixity_only || !self.checks.iter().any(|check| check.reads_archives()) {
            return Archives::default();
        }
        let mut wanted: BTreeMap<&str, Vec<Wanted>> = BTreeMap::new();
        for (index, entry) in self.manifest().entries.iter().enumerate() {
            let file = entry
                .archive
                .as_ref()
                .and_then(|archive| archive.warc.as_ref()?.file.as_ref());
            if let Some(file) = file.filter(|_| self.in_scope(entry)) {
                wanted
                    .entry(file.value.as_str())
                    .or_default()
                    .push(wanted_by(index, entry));
            }
        }
        let testimony = |(file, wanted): (&str, Vec<Wanted>)| (file.to_owned(), self.testimony(file, &wanted));
        Archives(wanted.into_par_iter().map(testimony).collect())
    }

    fn testimony(&self, file: &str, wanted: &[Wanted]) -> Result<Testimony, Refusal> {
        let opened = self.library.open_file(file)?;
        let texts = |entry: usize| self.text_of(&self.manifest().entries[entry]);
        let read = examine(opened, wanted, &texts, Stop::new(self.options.stop));
        read.map_err(|error| Refusal::Unreadable(io_message(&error)))
    }

    fn text_of(&self, entry: &Entry) -> Option<Vec<u8>> {
        let path = entry.path.as_ref()?.value.as_str();
        let order = Order {
            algorithms: &[],
            keep: LARGEST,
        };
        let read = super::with_buffer(|buffer| self.library.read(path, order, buffer, |_| Ok(())));
        read.ok()?.bytes
    }
}

/// The record that an entry names.
fn wanted_by(index: usize, entry: &Entry) -> Wanted {
    let warc = entry.archive.as_ref().and_then(|archive| archive.warc.as_ref());
    let source = entry.source.as_deref();
    let addresses = source.into_iter().flat_map(|source| source.addresses());
    Wanted {
        entry: index,
        id: warc.and_then(|warc| warc.record_id.as_ref()).map(|id| id.value.clone()),
        addresses: addresses.filter_map(|(_, url)| page(&url.value)).collect(),
        at: source
            .and_then(|source| source.retrieved_at.as_ref())
            .map(|at| at.value),
    }
}
