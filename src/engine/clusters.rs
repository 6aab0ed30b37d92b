//! The passages that stand more than once, with their words: what a report shows beside each other.

use std::cmp::Reverse;

use super::records::KeptTexts;
use crate::checks::{Survey, changes};
use crate::corpus::Library;
use crate::finding::{Finding, Location, Severity};
use crate::place::Sources;
use crate::similarity::{Group, Pair, Place};

/// So many groups are told, longest first.
const GROUPS: usize = 500;
/// So many places of a group are told.
const PLACES: usize = 20;

/// A passage that stands more than once, nearly alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Its name: stable while its passages are.
    pub id: String,
    /// Whether it is of the kind that stands in many texts.
    pub boilerplate: bool,
    /// How many words it has.
    pub words: usize,
    /// How alike the two of it are that are most alike, from 0 to 1.
    pub similarity: f32,
    /// Where it stands, each with its words as excerpt.
    pub places: Vec<Location>,
    /// In how many places it stands: those that are not told, too.
    pub count: usize,
    /// What differs between the first two, as `old → new`.
    pub changes: Vec<String>,
}

/// The groups of a survey, longest first, and how many there are beside those that are told.
pub(super) fn of(survey: &Survey<'_>, library: &Library, records: &KeptTexts) -> (Vec<Cluster>, usize) {
    let groups = survey.passages.groups().filter(|(_, pairs)| !pairs.is_empty());
    let mut groups: Vec<_> = groups
        .map(|(group, pairs)| (group, pairs, survey.passages.members(group)))
        .filter(|(_, _, members)| members.len() > 1)
        .collect();
    groups.sort_by_key(|(group, ..)| (Reverse(group.words), &group.id));
    let more = groups.len().saturating_sub(GROUPS);
    groups.truncate(GROUPS);
    let cluster = |(group, pairs, members): &(&Group, Vec<&Pair>, Vec<Place>)| Cluster {
        id: group.id.clone(),
        boilerplate: group.boilerplate,
        words: group.words,
        similarity: pairs.iter().map(|pair| pair.similarity).fold(0.0, f32::max),
        places: members.iter().take(PLACES).map(|place| survey.place(*place)).collect(),
        count: members.len(),
        changes: changes(survey.passages, members[0], members[1]),
    };
    let mut clusters: Vec<Cluster> = groups.iter().map(cluster).collect();
    fill(survey, library, records, &mut clusters);
    (clusters, more)
}

/// Fills in lines, columns and words. Places are filled as those of findings are.
fn fill(survey: &Survey<'_>, library: &Library, records: &KeptTexts, clusters: &mut [Cluster]) {
    let carrier = |location: &Location| Finding::new("", Severity::Info, location.clone(), "");
    let mut carriers: Vec<Finding> = clusters.iter().flat_map(|one| &one.places).map(carrier).collect();
    Sources::new(survey.manifest, library)
        .with_records(&|record| records.text_of(record))
        .fill_all(&mut carriers);
    let mut filled = carriers.into_iter();
    for place in clusters.iter_mut().flat_map(|one| &mut one.places) {
        if let Some(carrier) = filled.next() {
            *place = carrier.location;
        }
    }
}
