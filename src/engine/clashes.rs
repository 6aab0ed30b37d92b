//! Records that share an id: told, and named by their number in all that is told of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::shards::TOLD;
use crate::checks::manifest::id_clash;
use crate::error::{Error, Result};
use crate::finding::{Finding, Location, Record};
use crate::manifest::Manifest;
use crate::records::{Holder, Ids};

/// A record, by its shard and its number.
type Named = (String, u64);

/// What is known of ids once all shards were read.
pub(super) struct Clashes<'m> {
    manifest: &'m Manifest,
    /// The entry of each time that a shard was read; none where it changed on the way, and for the first one, which stands for the manifest.
    turns: &'m [Option<usize>],
    /// The records that findings speak of.
    spoken_of: BTreeSet<Named>,
    /// Those of them whose id another text has.
    clashing: BTreeSet<Named>,
    /// By shard: how many of its records have the id of another text, and the first findings of that.
    told: BTreeMap<&'m str, (u64, Vec<Finding>)>,
}

impl<'m> Clashes<'m> {
    /// Compares all ids.
    ///
    /// # Errors
    /// Where temporary files cannot be read.
    pub(super) fn find(
        manifest: &'m Manifest,
        turns: &'m [Option<usize>],
        ids: Ids,
        findings: &[Finding],
    ) -> Result<Self> {
        let records = findings.iter().flat_map(locations).filter_map(named);
        let mut clashes = Self {
            manifest,
            turns,
            spoken_of: records.collect(),
            clashing: BTreeSet::new(),
            told: BTreeMap::new(),
        };
        let counts = |turn: u32| turn == 0 || turns.get(turn as usize).is_some_and(Option::is_some);
        let failed = |error| Error::io("read temporary files in", std::env::temp_dir(), error);
        ids.clashes(counts, |id, first, other| clashes.note(id, first, other))
            .map_err(failed)?;
        Ok(clashes)
    }

    /// The path of the shard that was read in a turn.
    fn path_of(&self, turn: u32) -> Option<&'m str> {
        let entry = self.turns.get(turn as usize).copied().flatten()?;
        let path = self.manifest.entries[entry].path.as_ref()?;
        Some(path.value.as_str())
    }

    fn note(&mut self, id: &str, first: Holder, other: Holder) {
        let Some(shard) = self.path_of(other.shard) else {
            return;
        };
        for one in [first, other] {
            let named = self.path_of(one.shard).map(|path| (path.to_owned(), one.number));
            self.clashing
                .extend(named.filter(|named| self.spoken_of.contains(named)));
        }
        let at_first = self.place_of(id, first);
        let (count, told) = self.told.entry(shard).or_default();
        *count += 1;
        if told.len() < TOLD {
            told.push(id_clash::of_record(id, &record(shard, id, other), at_first));
        }
    }

    /// Where the text is that had the id first: a record, or an entry of the manifest.
    fn place_of(&self, id: &str, holder: Holder) -> Location {
        if let Some(path) = self.path_of(holder.shard) {
            let record = record(path, id, holder);
            return Location {
                path: record.path_by_number(),
                ..Location::record(&record)
            };
        }
        let entry = usize::try_from(holder.number).ok();
        let entry = entry.and_then(|index| self.manifest.entries.get(index));
        let place = entry.map(|entry| (entry.file, entry.id.as_ref().map_or(entry.span, |id| id.span)));
        place.map_or_else(
            || Location::file(self.manifest.files[0].name()),
            |(file, span)| self.manifest.location(file, span),
        )
    }

    /// Names the records whose id another text has by their number.
    pub(super) fn rename(&self, findings: &mut [Finding]) {
        for location in findings.iter_mut().flat_map(locations_mut) {
            let clashes = named(location).is_some_and(|named| self.clashing.contains(&named));
            if let Some(record) = location.record.as_ref().filter(|_| clashes) {
                location.path = record.path_by_number();
            }
        }
    }

    /// The clashes as findings.
    pub(super) fn findings(self) -> Vec<Finding> {
        let of_shard = |(shard, (count, told)): (&str, (u64, Vec<Finding>))| {
            let more = count - told.len() as u64;
            let more = (more > 0).then(|| id_clash::more_of_records(shard, more));
            told.into_iter().chain(more)
        };
        self.told.into_iter().flat_map(of_shard).collect()
    }
}

fn record(shard: &str, id: &str, holder: Holder) -> Arc<Record> {
    Arc::new(Record {
        shard: shard.to_owned(),
        number: holder.number,
        id: Some(id.to_owned()),
        offset: (holder.offset != u64::MAX).then_some(holder.offset),
    })
}

fn named(location: &Location) -> Option<Named> {
    let record = location.record.as_ref()?;
    Some((record.shard.clone(), record.number))
}

fn locations(finding: &Finding) -> impl Iterator<Item = &Location> {
    let related = finding.related.iter().map(|related| &related.location);
    related.chain([&finding.location])
}

fn locations_mut(finding: &mut Finding) -> impl Iterator<Item = &mut Location> {
    let related = finding.related.iter_mut().map(|related| &mut related.location);
    related.chain([&mut finding.location])
}
