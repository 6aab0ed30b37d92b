//! A passage that stands more than once, as the page shows it.

use super::text::anchor;
use crate::engine::Cluster;
use crate::finding::Location;
use crate::report::cleanup::{Cleanup, Side, beside, said, short, where_in};

/// So many differences are told in words.
const CHANGES: usize = 12;

/// A passage.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub(super) id: &'a str,
    pub(super) words: usize,
    pub(super) count: usize,
    pub(super) alike: Option<String>,
    pub(super) boilerplate: bool,
    pub(super) sides: Vec<(Spot, Side)>,
    pub(super) others: Vec<Spot>,
    pub(super) untold: usize,
    pub(super) changes: Vec<String>,
    pub(super) more_changes: usize,
}

/// Where a passage stands.
#[derive(Debug)]
pub(super) struct Spot {
    /// The part of the page that is about the text, if there is one.
    pub(super) anchor: Option<String>,
    pub(super) title: String,
    pub(super) path: String,
    pub(super) place: Option<String>,
}

impl<'a> Passage<'a> {
    pub(super) fn of(cleanup: &Cleanup<'_>, cluster: &'a Cluster) -> Self {
        let spots = cluster.places.iter().map(|place| Spot::of(cleanup, place));
        let mut spots: Vec<Spot> = spots.collect();
        let others = spots.split_off(spots.len().min(2));
        Self {
            id: &cluster.id,
            words: cluster.words,
            count: cluster.count,
            alike: (cluster.similarity < 0.9995).then(|| format!("{:.1} % alike", cluster.similarity * 100.0)),
            boilerplate: cluster.boilerplate,
            sides: spots.into_iter().zip(beside(cluster)).collect(),
            others,
            untold: cluster.count.saturating_sub(cluster.places.len()),
            changes: cluster.changes.iter().take(CHANGES).map(|one| said(one)).collect(),
            more_changes: cluster.changes.len().saturating_sub(CHANGES),
        }
    }
}

impl Spot {
    fn of(cleanup: &Cleanup<'_>, location: &Location) -> Self {
        Self {
            anchor: cleanup.tells_of(&location.path).then(|| anchor(&location.path)),
            title: short(cleanup.title_of(&location.path), 120),
            path: short(&location.path, 200),
            place: where_in(location),
        }
    }
}
